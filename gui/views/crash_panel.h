// SPDX-License-Identifier: MIT
// CrashPanel: the crash lab as a tab: the picture of the writes at the left, the outcomes that
// were found and the verdict on the file at the right, what can be done above both.
#pragma once

#include "paint/theme.h"
#include "stage/crash_values.h"

#include <QString>
#include <QWidget>

#include <vector>

QT_BEGIN_NAMESPACE
class QHBoxLayout;
class QLabel;
class QListWidget;
class QProgressBar;
class QPushButton;
class QScrollArea;
class QSpinBox;
class QToolButton;
class QVBoxLayout;
QT_END_NAMESPACE

namespace pagescape::gui {

class CrashFateBar;
class CrashListView;
class LinkLabel;

/// Shows what it is given and says what is asked for; images are made elsewhere.
class CrashPanel final : public QWidget {
    Q_OBJECT
public:
    explicit CrashPanel(QWidget* parent = nullptr);

    void setScript(const CrashScriptPtr& script);
    /// No commit to crash: says how to get one.
    void clear();
    void setChoice(const CrashChoice& choice);
    /// Null: none yet; `isComing` when it is being worked out.
    void setJudgement(const CrashJudgementPtr& judgement, bool isComing);
    void setSearch(const CrashSearchPtr& search);
    /// A search runs; `total` 0: it has just begun.
    void setProgress(quint64 done, quint64 total);
    /// How the sandbox commits now, and whether that can be changed at the moment.
    void setSyncs(bool isSynced, bool canChange);
    /// An image was saved, or why not.
    void showSaved(const QString& path, const QString& error);
    void setTheme(const Theme& theme);

    [[nodiscard]] CrashListView* list() const { return m_list; }
    [[nodiscard]] QListWidget* outcomes() const { return m_outcomes; }
    [[nodiscard]] QString verdictText() const;

Q_SIGNALS:
    void cursorRequested(std::size_t cursor);
    void fateRequested(std::size_t operation, const pagescape::WriteFate& fate);
    void surviveAllRequested();
    void loseAllRequested();
    void randomRequested(quint64 seed);
    void searchRequested();
    void stopRequested();
    void outcomeChosen(std::size_t index);
    void crashRequested();
    void exportRequested(const QString& path);
    void openImageRequested(const QString& path);
    void pageActivated(pagescape::PageId page);
    /// Turn syncs on or off, and make the commit again.
    void syncToggleRequested(bool isOn);
    /// It came into sight: what it shows may be old.
    void shown();

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct StopButton {
        QToolButton* button;
        std::size_t cursor;
    };

    QWidget* makeLeft();
    QWidget* makeRight();
    QWidget* makeTools();
    QPushButton* makeButton(const QString& name, const QString& text, const QString& tip);
    void connectAll();
    void showStops();
    void refresh();
    void chooseFile();
    void showFirstLoss();

    CrashScriptPtr m_script;
    CrashChoice m_choice;
    CrashSearchPtr m_search;
    QLabel* m_title;
    QPushButton* m_syncs;
    QWidget* m_stops;
    std::vector<StopButton> m_stopButtons;
    CrashListView* m_list;
    CrashFateBar* m_fate;
    QSpinBox* m_seed;
    QProgressBar* m_progress;
    QPushButton* m_stop;
    QLabel* m_found;
    QListWidget* m_outcomes;
    LinkLabel* m_verdict;
    LinkLabel* m_saved;
    std::vector<QPushButton*> m_buttons; ///< that need a commit
    QString m_savedPath;
    bool m_isSynced = true;
    bool m_canChangeSyncs = false;
    bool m_isSearching = false;
    bool m_isAsked = false; // a verdict, by the button
};

} // namespace pagescape::gui
