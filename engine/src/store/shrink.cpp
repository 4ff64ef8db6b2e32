// SPDX-License-Identifier: MIT
// Giving free pages at the file's end back. Commits lower the high-water mark until both metas
// carry it; only then is the file cut, so real bbolt accepts every state in between.
#include "store/store_state.h"
#include "store/write_access.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pagescape {

// Cuts the file behind all pages that one of its metas or an open reader can lead to. A reader that
// begins meanwhile has the newest version. Waiting for the disk holds up writers only.
Result<void> Store::State::cutFile() {
    const GateKeeper inside(writer);
    std::shared_ptr<StorageFile> cut;
    std::uint64_t before = 0;
    std::uint64_t after = 0;
    {
        const std::lock_guard lock(mutex);
        if (!file) {
            return fail(closedError());
        }
        if (broken) { // nobody knows which meta the file has now
            return fail(*broken);
        }
        PageId end = std::max(meta.highWater, otherHighWater);
        for (const auto& [number, reader] : readers) {
            end = std::max(end, reader.highWater);
        }
        after = end.value * pageSize;
        if (after >= fileSize) {
            return {};
        }
        before = std::exchange(fileSize, after);
        cut = file;
    }
    if (auto done = cut->resize(after); !done) {
        const std::lock_guard lock(mutex);
        fileSize = before;
        return done;
    }
    return cut->syncAll();
}

Result<std::uint64_t> Store::shrink() {
    const std::uint64_t before = fileSize();
    constexpr int kMostCommits = 8; // each releases what the one before it freed
    std::array<PageId, 2> ends{PageId{0}, PageId{1}};
    for (int i = 0; i < kMostCommits && ends[0] != ends[1]; ++i) {
        auto tx = beginWrite();
        if (!tx) {
            return fail(tx.error());
        }
        WriteState& state = WriteAccess::state(*tx);
        if (state.store->freelist.count() == 0 &&
            before <= state.meta.highWater.value * m_state->pageSize) {
            return 0; // every page is in use: the commit would need one more for the freelist
        }
        state.lowersHighWater = true;
        if (auto done = tx->commit(); !done) {
            return fail(done.error());
        }
        ends = {ends[1], state.meta.highWater};
    }
    if (auto cut = m_state->cutFile(); !cut) {
        return fail(cut.error());
    }
    return before - std::min(before, fileSize()); // the commits can have made it grow
}

} // namespace pagescape
