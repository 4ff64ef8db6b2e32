// SPDX-License-Identifier: MIT
// What events do to one page: the rules that the stage and the biography of a page share.
#pragma once

#include "pagescape/format.h"
#include "stage/page_layer.h"

#include <cstdint>

namespace pagescape::gui::page_rules {

/// What a page with these flags in its header is. Source: format.h.
[[nodiscard]] inline PageKind kindOfFlags(std::uint16_t flags) {
    switch (flags) {
    case format::kBranchFlag: return PageKind::Branch;
    case format::kLeafFlag: return PageKind::Leaf;
    case format::kFreelistFlag: return PageKind::Freelist;
    case format::kMetaFlag: return PageKind::Meta;
    default: return PageKind::Problem;
    }
}

/// A page that waited is free: nobody reads it any more.
inline void release(StagePage& page) {
    page.life = StageLife::Free;
}

/// Its new bytes exist in memory. The first page of a run has the flags and the overflow count.
inline void makeFirst(StagePage& page, std::uint16_t flags, std::uint32_t overflow) {
    page.mark = StageMark::Made;
    page.made = kindOfFlags(flags);
    page.overflow = overflow;
}
inline void makeOverflow(StagePage& page) {
    page.mark = StageMark::Made;
    page.made = PageKind::Overflow;
}

/// The transaction that took it is committed.
inline void commitTaken(StagePage& page, TxId by) {
    page.life = StageLife::Live;
    page.kind = page.made;
    page.writtenBy = by.value;
    page.freedBy = 0;
}
/// The transaction that gave it up is committed.
inline void commitLeaving(StagePage& page, TxId by) {
    page.life = StageLife::Pending;
    page.freedBy = by.value;
}
/// A commit lowered the high-water mark to it or below. Whether it was free, and so cut off.
inline bool cutOff(StagePage& page) {
    if (page.life != StageLife::Free) {
        return false;
    }
    page.life = StageLife::Tail;
    return true;
}

/// The transaction that took it did not commit. What it wrote before that is in the page now, and
/// no version knows of it.
inline void abandon(StagePage& page) {
    if (page.mark == StageMark::Cached || page.mark == StageMark::Durable) {
        page.kind = page.made;
    }
}

} // namespace pagescape::gui::page_rules
