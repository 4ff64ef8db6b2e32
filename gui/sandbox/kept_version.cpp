// SPDX-License-Identifier: MIT
#include "sandbox/kept_version.h"

#include "models/byte_text.h"
#include "sandbox/make_sandbox.h"

#include <algorithm>
#include <array>

namespace pagescape::gui {

// In place of a copy that is not whole: what a killed program leaves of it is no sandbox.
KeptFile KeptFile::make() {
    const std::shared_ptr folder = SandboxFolder::make(QStringLiteral("marked.db"), true);
    return folder ? KeptFile{folder->partPath(), folder} : KeptFile();
}

bool KeptVersions::isWritten(PageId page, std::uint32_t pageSize) const {
    const std::uint64_t begin = page.value * pageSize;
    const std::uint64_t first = begin / FileDelta::kBlock * FileDelta::kBlock;
    const auto next = written->lower_bound(first);
    return next != written->end() && *next < begin + pageSize;
}

std::optional<FileDelta> deltaSince(const SandboxHistory& history, int node) {
    FileDelta merged;
    int at = history.current();
    for (; at > node; at = history.node(at).parent) {
        const auto& delta = history.node(at).delta;
        if (!delta) {
            return std::nullopt;
        }
        if (delta->isChanged) { // the older one knows better
            merged.isChanged = true;
            merged.oldSize = delta->oldSize;
            for (const auto& [offset, block] : delta->before) {
                merged.before.insert_or_assign(offset, block);
            }
        }
    }
    return at == node ? std::optional(std::move(merged)) : std::nullopt;
}

Result<void> saveVersion(const QString& file, const FileDelta& since, const QString& target,
                         const std::stop_token& stop) {
    if (auto copied = copyForEditing(file, target, {}, stop); !copied) {
        return fail(copied.error());
    }
    if (!since.isChanged) {
        return {};
    }
    auto copy = openStorageFile(toPath(target));
    if (!copy) {
        return fail(copy.error());
    }
    for (const auto& [offset, block] : since.before) {
        if (stop.stop_requested()) {
            return fail(copyStopped());
        }
        const std::array<Bytes, 1> parts{block};
        if (auto done = (*copy)->writeAt(offset, parts); !done) {
            return done;
        }
    }
    return (*copy)->resize(since.oldSize);
}

} // namespace pagescape::gui
