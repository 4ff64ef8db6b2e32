// SPDX-License-Identifier: MIT
// One side of a comparison: its pages, and a cursor that can pass a subtree without reading it.
#pragma once

#include "pagescape/diff.h"
#include "walk/page_entrance.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace pagescape {

/// The pages of one side and what was read of them.
class SidePages {
public:
    SidePages(const DiffSide& side, DiffOrigin origin,
              const std::function<void(DiffOrigin, Error)>& onSkip)
        : m_entrance(*side.file, side.meta.highWater), m_origin(origin), m_onSkip(onSkip),
          m_touched(m_entrance.bound()) {}

    [[nodiscard]] PageEntrance& entrance() { return m_entrance; }
    [[nodiscard]] const PageFile& file() const { return m_entrance.file(); }
    /// Every page that was read, overflow pages too.
    [[nodiscard]] const PageSet& touched() const { return m_touched; }
    [[nodiscard]] std::uint64_t pagesRead() const { return m_pagesRead; }
    [[nodiscard]] std::uint64_t skipped() const { return m_skipped; }

    /// Counts a page with its overflow pages as read, and tells of each one.
    void touch(const WalkFrame& frame, const std::function<void(PageId)>& onPage);
    void skip(Error error);

private:
    PageEntrance m_entrance;
    DiffOrigin m_origin;
    const std::function<void(DiffOrigin, Error)>& m_onSkip;
    PageSet m_touched;
    std::uint64_t m_pagesRead = 0;
    std::uint64_t m_skipped = 0;
};

/// What a cursor stands before: a page that it may enter or pass, an entry, or the end.
struct DiffHead {
    enum class Kind { End, Page, Entry };
    Kind kind = Kind::End;
    PageId page;             ///< the page, or the leaf that holds the entry
    std::uint32_t level = 0; ///< of a page, in the tree of its bucket
    /// The key of an entry; of a page the least key that it may hold, nothing where any may be.
    std::optional<Bytes> key;
    WalkElement element;
    std::uint32_t index = 0; ///< of the element

    [[nodiscard]] bool isPage() const { return kind == Kind::Page; }
    [[nodiscard]] bool isEnd() const { return kind == Kind::End; }
};

/// Walks one bucket in key order. It trusts that the pages behind a branch element hold no key
/// below that element's, and so leaves out entries that break it: no search would find them.
class SideCursor {
public:
    /// At the end: what a bucket is that is not there.
    SideCursor() = default;
    /// In the first page of a bucket, as the entrance let it in.
    SideCursor(SidePages& pages, const WalkFrame& first);

    [[nodiscard]] const DiffHead& head();
    /// Goes behind what it stands before. Not at the end.
    void pass();
    /// Goes into the page it stands before. Nothing when the page is left out; the cursor is behind
    /// it then.
    [[nodiscard]] std::optional<WalkFrame> enter();
    /// The page that the entry under the cursor lies in.
    [[nodiscard]] const WalkFrame& leaf() const { return m_stack.back(); }

private:
    struct Frame : WalkFrame {
        std::optional<Bytes> least; // no key in it is smaller
    };

    [[nodiscard]] bool find();
    [[nodiscard]] bool findEntry(Frame& frame);
    void raiseFloor(const std::optional<Bytes>& key, bool isTaken);

    SidePages* m_pages = nullptr;
    std::vector<Frame> m_stack;
    std::optional<Bytes> m_floor; // keys from here on may come
    bool m_isFloorTaken = false;  // an entry has had this very key
    bool m_isFresh = false;       // m_head is what the cursor stands before
    DiffHead m_head;
};

} // namespace pagescape
