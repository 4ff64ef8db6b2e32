// SPDX-License-Identifier: MIT
// What a file itself says of its pages, to hold a stage to.
#pragma once

#include "pagescape/census.h"
#include "stage/stage_state.h"

#include <QString>

#include <filesystem>
#include <memory>
#include <utility>

namespace pagescape::gui::test {

/// The stage as a census of the file finds it now; the mapping is told, it is the store's.
[[nodiscard]] inline StageState foundStage(const std::filesystem::path& path, StageMap map) {
    auto file = PageFile::open(path);
    if (!file) {
        qFatal("the file cannot be opened");
    }
    Census census(std::make_shared<const PageFile>(std::move(*file)));
    if (!census.run()) {
        qFatal("the census failed");
    }
    return stageOf(census, map);
}

/// What differs between the stage and the file after a commit; empty when they
/// agree.
[[nodiscard]] inline QString difference(const StageState& stage, const StageState& file) {
    if (stage.highWater != file.highWater || stage.fileSize != file.fileSize ||
        stage.activeMeta != file.activeMeta || !(stage.map == file.map)) {
        return QStringLiteral("high-water mark, file size, meta or mapping");
    }
    for (std::size_t i = 0; i < 2; ++i) {
        StageMeta meta = stage.metas[i];
        meta.mark = StageMark::None;
        meta.isSynced = true; // a file does not tell
        if (!(meta == file.metas[i])) {
            return QStringLiteral("meta %1").arg(i);
        }
    }
    // The file knows one kind of free page: those that wait are in its list too.
    if (stage.freePages + stage.pendingPages != file.freePages) {
        return QStringLiteral("free pages: %1 and %2 waiting, %3 in the file")
            .arg(stage.freePages)
            .arg(stage.pendingPages)
            .arg(file.freePages);
    }
    for (std::uint64_t id = 0; id < file.pages.size(); ++id) {
        const StagePage& mine = stage.pages.at(PageId{id});
        const StagePage& theirs = file.pages.at(PageId{id});
        const StageLife life = mine.life == StageLife::Pending ? StageLife::Free : mine.life;
        if (life != theirs.life || (life == StageLife::Live && mine.kind != theirs.kind)) {
            return QStringLiteral("page %1").arg(id);
        }
    }
    return {};
}

} // namespace pagescape::gui::test
