// SPDX-License-Identifier: MIT
// What the crash lab shows, as values: the operations of a commit, where the crash is, what became
// of the writes that no sync had confirmed, and what the file is then.
#pragma once

#include "pagescape/census.h"
#include "pagescape/crash.h"

#include <QMetaType>
#include <QString>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace pagescape::gui {

/// A page in the bytes of a write, by its header.
struct CrashPage {
    PageKind kind = PageKind::NotRead;
    quint64 pageCount = 1; ///< with its overflow pages
};

/// One recorded operation.
struct CrashRow {
    enum class Kind { Write, Resize, Sync };
    Kind kind = Kind::Write;
    quint64 offset = 0;  ///< of a write, bytes
    quint64 bytes = 0;   ///< written, or the new length of the file
    quint32 sectors = 0; ///< of a write, each written whole or not at all
    PageId page;         ///< of a write: the first one
    quint64 pageCount = 0;
    std::vector<CrashPage> pages; ///< of a write, in order: neighbours are written as one
    std::optional<TxId> txid;     ///< of a written meta

    /// The kind of the page that a sector belongs to.
    [[nodiscard]] PageKind kindAt(quint32 sector, quint32 pageSize) const;
    [[nodiscard]] bool isMeta() const { return txid.has_value(); }
};

/// A place where bolt's own tests stop it. Source: the gofail points in bbolt tx.go and db.go.
struct CrashStop {
    enum class Kind {
        BeforeGrowth,
        AfterGrowth,
        BeforeDataSync,
        BeforeMetaWrite,
        BeforeMetaSync,
        AfterCommit,
    };
    Kind kind = Kind::AfterCommit;
    std::size_t cursor = 0; ///< operations that have returned there
    friend bool operator==(const CrashStop&, const CrashStop&) = default;
};

/// The operations of one command. Never changed once made.
struct CrashScript {
    QString command;  ///< what was run
    QString whyEmpty; ///< why there are no rows; empty when there are
    quint32 pageSize = 0;
    quint64 beginBytes = 0; ///< length of the file before
    bool isSynced = false;  ///< whether any sync was made
    std::vector<CrashRow> rows;
    std::vector<CrashStop> stops;        ///< by cursor
    std::vector<std::size_t> commitEnds; ///< [c]: operations when commit c had returned

    /// How many commits the crash may find: those the disk had confirmed, and the newest begun.
    [[nodiscard]] std::pair<std::size_t, std::size_t> commitsAt(const CrashPoint& point) const;
    /// Longest file that operations up to `cursor` make, bytes.
    [[nodiscard]] quint64 mostBytes(std::size_t cursor) const;
};

/// Where the crash is and what the disk kept.
struct CrashChoice {
    CrashPoint point;
    std::vector<WriteFate> fates; ///< one for each of point.open

    [[nodiscard]] std::size_t cursor() const { return point.cursor; }
    /// Place of an operation among the open ones; nothing when it is durable or was never issued.
    [[nodiscard]] std::optional<std::size_t> openIndex(std::size_t operation) const;
};

/// What a fresh engine says of the file after the crash.
struct CrashJudgement {
    CrashVerdict verdict;
    ExpectedStates expected;
    CrashClass crashClass = CrashClass::NewVersion;
    CrashContent content = CrashContent::Neither;
    ContentComparison promised; ///< beside the last version that the disk had confirmed
    ContentComparison underWay; ///< beside the version that was being written
    QString error;              ///< why there is no verdict; empty when there is
};

using CrashScriptPtr = std::shared_ptr<const CrashScript>;
using CrashJudgementPtr = std::shared_ptr<const CrashJudgement>;

/// What a search found, and among which versions.
struct CrashSearch {
    WorstCase worst;
    ExpectedStates expected;
    QString error; ///< why there is nothing; empty when there is
};
using CrashSearchPtr = std::shared_ptr<const CrashSearch>;

/// Reads the operations: page kinds and transactions from the headers that are written. Cost: one
/// header an operation.
[[nodiscard]] CrashScript makeCrashScript(const CrashRun& run, const QString& command);

/// Fates as a seed has them: half of the writes survive, a quarter is lost, a quarter is torn.
[[nodiscard]] std::vector<WriteFate> randomFates(const CrashScript& script, const CrashPoint& point,
                                                 quint64 seed);

} // namespace pagescape::gui

Q_DECLARE_METATYPE(pagescape::gui::CrashJudgementPtr)
Q_DECLARE_METATYPE(pagescape::gui::CrashSearchPtr)
