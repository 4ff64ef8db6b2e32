// SPDX-License-Identifier: MIT
// CrashLab: the crash of one recorded command, what became of its writes, and the work on the
// images: judging, searching, saving. Images live in memory; the sandbox's file is never touched.
#pragma once

#include "sandbox/sandbox.h"
#include "session/job.h"
#include "stage/crash_values.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <memory>

namespace pagescape::gui {

/// Thread: GUI thread. Signals arrive there.
class CrashLab final : public QObject {
    Q_OBJECT
public:
    explicit CrashLab(QObject* parent = nullptr);
    /// Stops what runs.
    ~CrashLab() override;

    /// Images up to this length, bytes, are judged whenever something changes.
    static constexpr quint64 kLiveBytes = quint64{4} << 20U;

    /// Another command: the crash is after its last operation.
    void setMaterial(CrashMaterial material);
    /// Files that no image may be saved over.
    void setProtectedFiles(const QStringList& paths) { m_protected = paths; }

    [[nodiscard]] const CrashScriptPtr& script() const { return m_script; }
    [[nodiscard]] const CrashChoice& choice() const { return m_choice; }
    /// Of the present choice; null while it is being worked out, and above kLiveBytes until asked.
    [[nodiscard]] const CrashJudgementPtr& judgement() const { return m_judgement; }
    /// Of the present cursor; null when there was none.
    [[nodiscard]] const CrashSearchPtr& search() const { return m_search; }
    [[nodiscard]] bool isJudging() const { return m_judging.isRunning(); }
    [[nodiscard]] bool isSearching() const { return m_searching.isRunning(); }
    [[nodiscard]] bool isLive() const;

    /// Puts the crash after that many operations; every open write survives.
    void setCursor(std::size_t cursor);
    /// What became of an open operation, by its place in the script; others have no choice.
    void setFate(std::size_t operation, const WriteFate& fate);
    void surviveAll();
    void loseAll();
    void randomize(quint64 seed);
    /// Takes over the example of an outcome of search().
    void takeOutcome(std::size_t index);

    /// Builds the image and judges it; answered by verdictReady().
    void crash();
    /// Looks for the worst at the present cursor; answered by worstCaseReady().
    void findWorst(quint64 seed = 1);
    /// Ends the search; what was found until then is the answer.
    void stopSearch();
    /// Saves the image; answered by imageSaved(). A file that is protected, by whatever name, is
    /// left alone.
    void exportImage(const QString& path);

Q_SIGNALS:
    void scriptChanged();
    /// Cursor or fates.
    void changed();
    /// There is a judgement, or (null) none for what is chosen now.
    void verdictReady(const pagescape::gui::CrashJudgementPtr& judgement);
    /// A search ended, or (null) what was found is no longer of this cursor.
    void worstCaseReady(const pagescape::gui::CrashSearchPtr& search);
    void searchProgressed(quint64 done, quint64 total);
    /// `error` is empty when the file is there.
    void imageSaved(const QString& path, const QString& error);

private:
    struct Versions;
    struct Judged;
    struct Searched;

    void choose(std::vector<WriteFate> fates);
    void dropVerdict();
    void dropSearch();
    [[nodiscard]] std::shared_ptr<const Versions> knownVersions() const;

    std::shared_ptr<const CrashRun> m_run;
    CrashScriptPtr m_script;
    CrashChoice m_choice;
    CrashJudgementPtr m_judgement;
    CrashSearchPtr m_search;
    std::shared_ptr<const Versions> m_versions; // of some cursor; each costs two judgements
    QStringList m_protected;
    std::stop_source m_stopSearch;
    Job<std::shared_ptr<Judged>> m_judging;
    Job<std::shared_ptr<Searched>> m_searching;
    Job<QString> m_saving;
};

} // namespace pagescape::gui
