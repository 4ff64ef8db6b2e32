// SPDX-License-Identifier: MIT
// What the damage-tolerant walks share: the door to the pages of the trees. It lets in each page
// once at most, and what makes no sense stays outside with a reason.
#pragma once

#include "format/page_view.h"
#include "pagescape/page_file.h"
#include "pagescape/result.h"
#include "walk/page_run.h"

#include <cstdint>
#include <optional>

namespace pagescape {

/// A page of a tree, or an inline page, that a walk is in.
struct WalkFrame {
    format::PageView view;
    PageId page;                ///< for an inline page the leaf around it
    std::uint32_t next = 0;     ///< element to look at next
    std::uint32_t level = 0;    ///< in the tree of its bucket; 0 for the root page
    std::uint64_t dataLeft = 0; ///< bytes of keys and values it may still have
    bool isInline = false;
};

/// An element of a leaf, with the header where it is a bucket.
struct WalkElement {
    format::LeafElement leaf;
    std::optional<format::BucketHeader> bucket;
};

/// Lets one walk into the pages of one version of a file. All errors are CorruptPage, with page
/// and, where the file has it, byte of the file: they say what is left out and why. Depth and page
/// visits are bounded.
class PageEntrance {
public:
    PageEntrance(const PageFile& file, PageId highWater)
        : m_file(file), m_highWater(highWater), m_entered(usablePages(file.layout(), highWater)),
          m_runs(file) {}

    [[nodiscard]] const PageFile& file() const { return m_file; }
    /// Ids from here on are not let in.
    [[nodiscard]] std::uint64_t bound() const { return m_entered.bound(); }

    /// A branch or leaf that page `from` refers to.
    [[nodiscard]] Result<WalkFrame> page(PageId id, PageId from, std::uint32_t level);

    /// The first page of the bucket in element `index` of `holder`, inline or not. `nesting` is the
    /// number of buckets around it, without the root bucket.
    [[nodiscard]] Result<WalkFrame> bucket(const WalkElement& element, const WalkFrame& holder,
                                           std::uint32_t index, std::size_t nesting);

    /// Element `index` of a leaf. Where elements overlap, claiming more bytes than there can be,
    /// the rest of the leaf is left out: `next` is moved to its end.
    [[nodiscard]] Result<WalkElement> element(WalkFrame& frame, std::uint32_t index) const;

    /// Byte of the file that an address inside a frame stands for.
    [[nodiscard]] std::uint64_t fileOffset(const WalkFrame& frame, const std::byte* at) const;

private:
    [[nodiscard]] Result<WalkFrame> inlinePage(Bytes image, const WalkFrame& holder,
                                               std::uint32_t index) const;
    [[nodiscard]] Result<WalkFrame> fitting(WalkFrame frame) const;

    const PageFile& m_file;
    PageId m_highWater;
    PageSet m_entered;
    RunReader m_runs;
};

/// The reason why a part of a file is left out. Without an offset where the page is none of the
/// file.
[[nodiscard]] Error leftOut(PageId page, std::optional<std::uint64_t> offset, std::string text);

} // namespace pagescape
