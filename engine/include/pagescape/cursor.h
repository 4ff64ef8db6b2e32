// SPDX-License-Identifier: MIT
// Cursor: ordered walk over one bucket. Its stack has a fixed bound, so it never allocates.
#pragma once

#include "pagescape/format.h"
#include "pagescape/result.h"
#include "pagescape/types.h"

#include <array>
#include <optional>

namespace pagescape {

class Bucket;
class ReadTransaction;

/// One entry of a bucket. Spans point into the mapping and live as long as the transaction.
struct Entry {
    Bytes key;
    Bytes value;             ///< for a bucket the raw bucket header: ask Bucket::bucketAt
    bool isBucket = false;   ///< an empty value and a bucket differ only here
    PageId page;             ///< leaf that holds it (for an inline bucket, the leaf around it)
    std::uint32_t index = 0; ///< element number in its (possibly inline) page
};

/// Walks a bucket in key order, both ways, over empty leaves too (bbolt's Prev stops at them).
/// All moves answer nothing past an end. After Next past the end the cursor stays on the last
/// entry; after Prev past the beginning it stays on the first. Errors: CorruptPage, LimitReached,
/// Truncated. Thread: one at a time; many cursors may run in parallel.
class Cursor {
public:
    explicit Cursor(const Bucket& bucket);

    [[nodiscard]] Result<std::optional<Entry>> first();
    [[nodiscard]] Result<std::optional<Entry>> last();
    [[nodiscard]] Result<std::optional<Entry>> next();
    [[nodiscard]] Result<std::optional<Entry>> prev();
    /// The entry with this key, or the next greater one.
    [[nodiscard]] Result<std::optional<Entry>> seek(Bytes key);

private:
    // A page on the way down and the element taken in it.
    struct Level {
        Bytes bytes; // the page run or the inline page
        PageId page;
        std::uint32_t count;
        std::uint32_t index;
        bool isLeaf;
    };
    enum class Direction { None, Forward, Backward };

    [[nodiscard]] Level& top() { return m_stack[m_depth - 1]; }
    [[nodiscard]] Result<void> reset();
    [[nodiscard]] Result<void> push(PageId id);
    [[nodiscard]] Result<void> descend(Direction towards);
    [[nodiscard]] Result<bool> step(Direction towards);
    void prefetchNeighbour(Direction towards) const;
    [[nodiscard]] Result<std::optional<Entry>> current() const;

    const ReadTransaction* m_tx;
    PageId m_root;
    Bytes m_inlinePage;
    PageId m_holder;
    std::uint32_t m_depth = 0;
    Direction m_direction = Direction::None;
    std::uint64_t m_pushes = 0; // pages entered since the direction changed; bounds damaged trees
    std::array<Level, format::kMaxTreeDepth> m_stack;
};

} // namespace pagescape
