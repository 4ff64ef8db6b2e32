// SPDX-License-Identifier: MIT
// Versions of a sandbox's file that are kept while commands go on, undo and branch: only what is
// written over is stored. Two of them can be compared without reading what neither has lost.
#pragma once

#include "pagescape/result.h"
#include "sandbox/sandbox_file.h"
#include "sandbox/sandbox_folder.h"
#include "sandbox/sandbox_history.h"

#include <QMetaType>
#include <QString>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>

namespace pagescape::gui {

/// A kept version as a file of its own. It ends with its last holder, or with the program.
struct KeptFile {
    QString path;
    std::shared_ptr<const SandboxFolder> folder; ///< holds the file

    /// A place for the file; nothing is written. No path when no folder can be made.
    [[nodiscard]] static KeptFile make();
};

/// Two kept versions as files, to be compared.
struct KeptVersions {
    KeptFile before;
    KeptFile after;
    /// Offsets of blocks of FileDelta::kBlock bytes that were written since the earlier of the two;
    /// all others are the same in both files and were so all the time in between.
    std::shared_ptr<const std::set<std::uint64_t>> written;
    QString error; ///< why there are no files; empty otherwise

    /// Whether any byte of a page was written in between.
    [[nodiscard]] bool isWritten(PageId page, std::uint32_t pageSize) const;
};

/// What was written over since a node of the present path, as one delta. Nothing when some of it is
/// kept no more, or the node is not on that path. Cost: the blocks that were written since.
[[nodiscard]] std::optional<FileDelta> deltaSince(const SandboxHistory& history, int node);

/// Writes the version that `since` leads back to: a copy of the file, with its blocks shared where
/// the file system can, and the old blocks in it. Errors: those of copyForEditing(), OsFailure,
/// Cancelled.
[[nodiscard]] Result<void> saveVersion(const QString& file, const FileDelta& since,
                                       const QString& target, const std::stop_token& stop = {});

} // namespace pagescape::gui

Q_DECLARE_METATYPE(pagescape::gui::KeptVersions)
