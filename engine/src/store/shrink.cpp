// SPDX-License-Identifier: MIT
// Giving free pages at the file's end back. Commits lower the high-water mark until both metas
// carry it; only then is the file cut, so real bbolt accepts every state in between.
#include "store/store_state.h"
#include "store/write_access.h"

#include <algorithm>
#include <array>

namespace pagescape {

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
    m_state->writer.enter();
    auto done = Result<void>();
    {
        std::unique_lock lock(m_state->mutex);
        if (!m_state->file) {
            done = fail(closedError());
        } else if (m_state->readers.empty()) { // a reader's version may reach into the tail
            const std::uint64_t size = std::max(ends[0], ends[1]).value * m_state->pageSize;
            if (size < m_state->fileSize) {
                done = m_state->file->resize(size);
                if (done) {
                    m_state->fileSize = size;
                    done = m_state->file->syncAll();
                }
            }
        }
    }
    m_state->writer.leave();
    if (!done) {
        return fail(done.error());
    }
    return before - std::min(before, fileSize()); // the commits can have made it grow
}

} // namespace pagescape
