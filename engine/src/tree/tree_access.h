// SPDX-License-Identifier: MIT
// TreeAccess: how buckets and cursors reach mapped pages, search them and report what they do.
#pragma once

#include "format/page_view.h"
#include "pagescape/database.h"
#include "pagescape/trace.h"

namespace pagescape {

/// A page of a tree, ready to search.
struct TreePage {
    format::PageView view;
    PageId page; ///< the page, or the leaf around an inline page
    bool isInline = false;
};

/// The private side of ReadTransaction for the tree code.
struct TreeAccess {
    /// Null where nobody listens. A build with PAGESCAPE_NO_TRACE_SINK knows that while it
    /// compiles: tests/bench/bench_get compares the two.
    [[nodiscard]] static TraceSink* trace([[maybe_unused]] const ReadTransaction& tx) {
#ifdef PAGESCAPE_NO_TRACE_SINK
        return nullptr;
#else
        return tx.m_trace;
#endif
    }
    [[nodiscard]] static bool truncated(const ReadTransaction& tx) {
        return tx.m_tripped != nullptr && tx.m_tripped->load(std::memory_order_relaxed);
    }
    [[nodiscard]] static std::uint64_t pageLimit(const ReadTransaction& tx) {
        return tx.m_meta.highWater.value;
    }
    /// The mapped file as this transaction sees it.
    [[nodiscard]] static Bytes bytes(const ReadTransaction& tx) {
        return tx.m_bytes;
    }
    /// A transaction over mapped bytes that `owner` keeps alive.
    [[nodiscard]] static ReadTransaction transaction(std::shared_ptr<const void> owner, Bytes bytes,
                                                     const std::atomic<bool>* tripped,
                                                     const MetaFields& meta, int metaIndex,
                                                     TraceSink* trace) {
        return {std::move(owner), bytes, tripped, meta, metaIndex, trace};
    }
    [[nodiscard]] static const ReadTransaction& transaction(const Bucket& bucket) {
        return *bucket.m_tx;
    }
    /// What follows the header of an inline bucket, and the leaf around it.
    [[nodiscard]] static Bytes inlineImage(const Bucket& bucket) {
        return bucket.m_inlinePage;
    }
    [[nodiscard]] static PageId holder(const Bucket& bucket) {
        return bucket.m_holder;
    }

    /// The page run of a branch or leaf. Errors: CorruptPage when the id is out of range or the
    /// page is of another type. A run that the file cuts short is handed out as far as it exists.
    [[nodiscard]] static Result<TreePage> page(const ReadTransaction& tx, PageId id);
    /// Asks for the first lines of a page without waiting for them. Any id will do.
    static void prefetch(const ReadTransaction& tx, PageId id) {
        const std::uint64_t pageSize = tx.m_meta.pageSize;
        if (id.value < tx.m_bytes.size() / pageSize) {
            prefetchHead(tx.m_bytes.data() + id.value * pageSize, pageSize);
        }
    }
    /// The header and the element array come from memory together, not line after line.
    static void prefetchHead(const std::byte* page, std::uint64_t pageSize) {
        for (std::uint64_t line = 0; line <= 320 && line < pageSize; line += 64) {
            __builtin_prefetch(page + line);
        }
    }
    /// The page image of an inline bucket. Errors: CorruptPage when it is no leaf.
    [[nodiscard]] static Result<TreePage> inlinePage(Bytes image, PageId holder);
    /// Where a slice of the mapping lies in the file.
    [[nodiscard]] static ByteRange range(const ReadTransaction& tx, Bytes slice);

    /// Makes a bucket from its header. `image` is what follows the header in the value.
    [[nodiscard]] static Bucket bucket(const ReadTransaction& tx,
                                       const format::BucketHeader& header, std::uint32_t level,
                                       PageId holder);
    /// Turns a finished read into Truncated when the file shrank meanwhile.
    [[nodiscard]] static Error truncatedError();
};

/// CorruptPage naming page and, where `element` is not negative, element.
[[nodiscard]] Error corruptPage(PageId page, std::string text, std::int64_t element = -1);

/// Result of a binary search: lowest index whose key is >= target.
struct SearchResult {
    std::uint32_t index = 0;
    bool exact = false;
};

} // namespace pagescape
