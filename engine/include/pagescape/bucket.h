// SPDX-License-Identifier: MIT
// Bucket: a named B+tree. A small value that points into its transaction; copy it freely.
#pragma once

#include "pagescape/cursor.h"
#include "pagescape/result.h"
#include "pagescape/types.h"

#include <functional>
#include <optional>

namespace pagescape {

class ReadTransaction;

/// One bucket as a read transaction sees it. Lifetime: it must not outlive the transaction.
class Bucket {
public:
    /// Root page of its tree; page 0 for an inline bucket, which has no page of its own.
    [[nodiscard]] PageId rootPage() const { return m_root; }
    [[nodiscard]] bool isInline() const { return m_root.value == 0; }
    [[nodiscard]] std::uint64_t sequence() const { return m_sequence; }
    /// Nesting: 0 for the root bucket.
    [[nodiscard]] std::uint32_t level() const { return m_level; }

    /// The value of a key: a slice of the mapping, no copy, no allocation. Nothing for a missing
    /// key and for a bucket. Errors: CorruptPage, LimitReached, Truncated. Cost: one page per level
    /// of the tree.
    [[nodiscard]] Result<std::optional<Bytes>> get(Bytes key) const;

    /// The nested bucket of that name; nothing when absent or when the key holds a plain value.
    [[nodiscard]] Result<std::optional<Bucket>> bucket(Bytes name) const;

    /// The bucket stored in an entry of this bucket. Errors: IncompatibleValue, CorruptPage.
    [[nodiscard]] Result<Bucket> bucketAt(const Entry& entry) const;

    [[nodiscard]] Cursor cursor() const { return Cursor(*this); }
    /// Visits all entries in key order until the callback fails. Errors: those of a cursor, and
    /// that of the callback.
    [[nodiscard]] Result<void> forEach(
        const std::function<Result<void>(const Entry&)>& visit) const;

private:
    friend class Cursor;
    friend class ReadTransaction;
    friend struct TreeAccess;
    Bucket() = default;

    const ReadTransaction* m_tx = nullptr;
    PageId m_root;
    std::uint64_t m_sequence = 0;
    std::uint32_t m_level = 0;
    Bytes m_inlinePage; // the page image behind the header, for an inline bucket
    PageId m_holder;    // the leaf whose value holds an inline bucket
};

} // namespace pagescape
