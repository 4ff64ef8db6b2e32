// SPDX-License-Identifier: MIT
// Recorded runs of commits, for playing crashes through.
#pragma once

#include "pagescape/crash.h"
#include "support/history.h"

#include <QFile>
#include <QString>

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

namespace pagescape::test {

/// Commits on a new file, with what the file held after each of them.
struct Recording {
    CrashRun run;
    std::vector<std::size_t> doneAt; ///< [c]: operations when commit c had returned
    std::vector<CrashState> states;  ///< [c]: after c commits; [0] the beginning

    /// Operations when `commits` commits had returned.
    [[nodiscard]] std::size_t cursorAfter(std::size_t commits) const {
        return commits == 0 ? 0 : doneAt[commits - 1];
    }
    /// Commits that are durable when operations [0, durable) are.
    [[nodiscard]] std::size_t acknowledged(std::size_t durable) const {
        return static_cast<std::size_t>(std::upper_bound(doneAt.begin(), doneAt.end(), durable) -
                                        doneAt.begin());
    }
    /// The last of them and the one under way, if there is one.
    [[nodiscard]] ExpectedStates expected(std::size_t durable) const {
        const std::size_t before = acknowledged(durable);
        return {states[before], states[std::min(before + 1, states.size() - 1)]};
    }
};

struct RecordingOptions {
    std::uint64_t seed = 1;
    int commits = 1;
    bool noSync = false;
    std::uint64_t largest = 40; ///< see History
    bool noFreelistSync = false;
    FreelistType freelistType = FreelistType::Array;
    /// Done after the commits; it keeps what the file holds, in as many commits as it likes.
    std::function<Result<void>(Store&)> maintenance = {};
};

/// Adds commits that left the contents as they were, from operation `begin` on: each ends with the
/// sync after its meta.
inline void addCommitsOf(Recording& recording, const std::vector<FileOperation>& operations,
                         std::size_t begin, std::uint32_t pageSize) {
    bool isMetaOpen = false;
    for (std::size_t i = begin; i < operations.size(); ++i) {
        const FileOperation& each = operations[i];
        const bool isMeta =
            each.kind == FileOperation::Kind::Write && each.offset < 2 * std::uint64_t{pageSize};
        if (isMetaOpen && each.kind == FileOperation::Kind::SyncData) {
            recording.doneAt.push_back(i + 1);
            recording.states.push_back(
                {recording.states.back().digest, TxId{recording.states.back().txid.value + 1}});
        }
        isMetaOpen = isMeta;
    }
}

/// Nothing when the store refused something.
[[nodiscard]] inline std::optional<Recording> record(const RecordingOptions& wanted) {
    auto memory = makeMemoryFile();
    if (!memory) {
        return std::nullopt;
    }
    auto recorder = std::make_shared<RecordingFile>(*memory);
    StoreOptions options;
    options.pageSize = 1024;
    options.noSync = wanted.noSync;
    options.noFreelistSync = wanted.noFreelistSync;
    options.freelistType = wanted.freelistType;
    options.openFile = [&](const std::filesystem::path&) { return recorder; };
    auto store = Store::open("memory", options);
    const CrashRun opening{{}, recorder->operations()};
    auto begin = buildImage(opening, opening.operations.size());
    if (!store || !begin) {
        return std::nullopt;
    }
    recorder->clear();
    Recording recording;
    recording.run.begin = std::move(*begin);
    History history(wanted.seed, wanted.largest);
    // A new file has the transactions 0 and 1. Source: bbolt db.go init.
    recording.states.push_back({digestOf(history.model()), TxId{1}});
    for (int commit = 0; commit < wanted.commits; ++commit) {
        const std::vector<Change> changes = history.nextTransaction();
        const auto done = store->update([&](WriteTransaction& tx) -> Result<void> {
            for (const Change& change : changes) {
                if (auto made = apply(tx, change); !made) {
                    return made;
                }
            }
            return {};
        });
        if (!done) {
            return std::nullopt;
        }
        recording.doneAt.push_back(recorder->operations().size());
        recording.states.push_back(
            {digestOf(history.model()), TxId{recording.states.back().txid.value + 1}});
    }
    if (wanted.maintenance) {
        const std::size_t begun = recorder->operations().size();
        if (!wanted.maintenance(*store)) {
            return std::nullopt;
        }
        addCommitsOf(recording, recorder->operations(), begun, options.pageSize);
    }
    recording.run.operations = recorder->operations();
    return recording;
}

/// The first finding of damage that names a page; null when there is none.
[[nodiscard]] inline const Finding* findingWithPage(const CrashVerdict& verdict) {
    for (const Finding& finding : verdict.findings) {
        if (isCrashDamage(finding) && finding.page) {
            return &finding;
        }
    }
    return nullptr;
}

/// Puts an image on the disk, for programs that know no other place.
[[nodiscard]] inline bool writeImage(const QString& path, Bytes image) {
    QFile file(path);
    const auto size = static_cast<qint64>(image.size());
    return file.open(QIODevice::WriteOnly) &&
           file.write(reinterpret_cast<const char*>(image.data()), size) == size;
}

} // namespace pagescape::test
