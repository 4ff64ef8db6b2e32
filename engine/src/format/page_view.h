// SPDX-License-Identifier: MIT
// PageView: the one bounds-checked reader of page bytes. Nothing it returns reaches outside the
// span it was given; an element that would is "nothing". Checks subtract and never add, so they
// cannot wrap.
#pragma once

#include "format/byte_order.h"
#include "pagescape/format.h"
#include "pagescape/types.h"

#include <cstdint>
#include <optional>

namespace pagescape::format {

/// The 16 bytes at the start of a page.
struct PageHeader {
    std::uint64_t id = 0;
    std::uint16_t flags = 0;
    std::uint16_t count = 0;
    std::uint32_t overflow = 0;
};

/// One element of a branch page; `key` lies inside the page run.
struct BranchElement {
    Bytes key;
    PageId child;
};

/// One element of a leaf page; `key` and `value` lie inside the page run.
struct LeafElement {
    Bytes key;
    Bytes value;
    std::uint32_t flags = 0;

    [[nodiscard]] bool isBucket() const { return (flags & kBucketElementFlag) != 0; }
};

/// A page run (or an inline page) as bytes. A value; lifetime that of the bytes.
class PageView {
public:
    PageView() = default;
    /// `run` starts at the page header. A run shorter than a header has header() all zero.
    explicit PageView(Bytes run);

    [[nodiscard]] Bytes bytes() const { return m_run; }
    [[nodiscard]] const PageHeader& header() const { return m_header; }
    [[nodiscard]] bool isLeaf() const { return m_header.flags == kLeafFlag; }
    [[nodiscard]] bool isBranch() const { return m_header.flags == kBranchFlag; }

    /// Elements that the header states, whether or not they fit.
    [[nodiscard]] std::uint32_t count() const { return m_header.count; }
    /// True when all `count` elements lie inside the run.
    [[nodiscard]] bool elementTableFits() const;
    /// Bytes from the start of the run to element `index`.
    [[nodiscard]] static std::uint64_t elementAt(std::uint32_t index) {
        return kPageHeaderSize + std::uint64_t{index} * kElementSize;
    }

    /// Element `index`, or nothing when it, its key or its value leaves the run.
    [[nodiscard]] std::optional<BranchElement> branch(std::uint32_t index) const {
        const std::byte* at = element(index);
        if (at == nullptr) {
            return std::nullopt;
        }
        const auto key = slice(at, load<std::uint32_t>(at + kBranchPosAt),
                               load<std::uint32_t>(at + kBranchKeySizeAt), 0);
        if (!key) {
            return std::nullopt;
        }
        return BranchElement{*key, PageId{load<std::uint64_t>(at + kBranchChildAt)}};
    }
    [[nodiscard]] std::optional<LeafElement> leaf(std::uint32_t index) const {
        return leafOf(m_run, index);
    }
    /// The same for whoever keeps the run and has read its header before.
    [[nodiscard]] static std::optional<LeafElement> leafOf(Bytes run, std::uint32_t index) {
        const std::byte* at = elementOf(run, index);
        if (at == nullptr) {
            return std::nullopt;
        }
        const auto keySize = load<std::uint32_t>(at + kLeafKeySizeAt);
        const auto both = sliceOf(run, at, load<std::uint32_t>(at + kLeafPosAt), keySize,
                                  load<std::uint32_t>(at + kLeafValueSizeAt));
        if (!both) {
            return std::nullopt;
        }
        return LeafElement{both->first(keySize), both->subspan(keySize),
                           load<std::uint32_t>(at + kLeafFlagsAt)};
    }
    /// Asks for the bytes of a leaf element's key, without waiting for them. Any index will do.
    void prefetchLeafKey(std::uint32_t index) const {
        if (const std::byte* at = element(index)) {
            const auto pos = load<std::uint32_t>(at + kLeafPosAt);
            if (pos < static_cast<std::uint64_t>(m_run.data() + m_run.size() - at)) {
                __builtin_prefetch(at + pos);
            }
        }
    }

    /// Key of element `index` of a branch or leaf page, as the header's flags say.
    [[nodiscard]] std::optional<Bytes> key(std::uint32_t index) const;
    /// Child of branch element `index` even when its key is damaged; nothing past the run.
    [[nodiscard]] std::optional<PageId> child(std::uint32_t index) const {
        return childOf(m_run, index);
    }
    [[nodiscard]] static std::optional<PageId> childOf(Bytes run, std::uint32_t index) {
        const std::byte* at = elementOf(run, index);
        return at == nullptr ? std::nullopt
                             : std::optional(PageId{load<std::uint64_t>(at + kBranchChildAt)});
    }
    /// Flags of leaf element `index` even when its key is damaged; nothing past the run.
    [[nodiscard]] std::optional<std::uint32_t> leafFlags(std::uint32_t index) const;

    /// Bytes that carry something, by bbolt's rule: up to the end of the last element's data.
    /// Nothing when the last element leaves the run. Source: bbolt bucket.go Stats.
    [[nodiscard]] std::optional<std::uint64_t> usedBytes() const;

private:
    // Address of element `index`, or null when it leaves the run.
    [[nodiscard]] static const std::byte* elementOf(Bytes run, std::uint32_t index) {
        const std::uint64_t at = elementAt(index);
        if (at > run.size() || run.size() - at < kElementSize) {
            return nullptr;
        }
        return run.data() + at;
    }
    [[nodiscard]] const std::byte* element(std::uint32_t index) const {
        return elementOf(m_run, index);
    }
    // The first + second bytes that start `pos` bytes after an element, when they lie in the run.
    [[nodiscard]] std::optional<Bytes> slice(const std::byte* at, std::uint64_t pos,
                                             std::uint64_t first, std::uint64_t second) const {
        return sliceOf(m_run, at, pos, first, second);
    }
    [[nodiscard]] static std::optional<Bytes> sliceOf(Bytes run, const std::byte* at,
                                                      std::uint64_t pos, std::uint64_t first,
                                                      std::uint64_t second) {
        const auto available = static_cast<std::uint64_t>(run.data() + run.size() - at);
        if (pos > available || first > available - pos || second > available - pos - first) {
            return std::nullopt;
        }
        return Bytes(at + pos, static_cast<std::size_t>(first + second));
    }

    Bytes m_run;
    PageHeader m_header;
};

/// A bucket header at the start of a leaf value.
struct BucketHeader {
    PageId root; ///< page 0: inline
    std::uint64_t sequence = 0;
    Bytes inlinePage; ///< what follows the header; a page image when inline
};

/// Reads a bucket header; nothing when the value is shorter than 16 bytes.
[[nodiscard]] std::optional<BucketHeader> readBucketHeader(Bytes value);

} // namespace pagescape::format
