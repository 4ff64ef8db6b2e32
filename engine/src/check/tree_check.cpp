// SPDX-License-Identifier: MIT
// The walk through all trees: who refers to which page, depth, and the check of each page on the
// way. Depth first with a stack of its own; each page is entered once, so it always ends.
#include "check/check_run.h"
#include "check/page_check.h"

#include <algorithm>
#include <utility>

namespace pagescape {

namespace {

class TreeCheck {
public:
    explicit TreeCheck(CheckRun& run) : m_run(run) {}
    void check(PageId root);

private:
    // A page on the way down. `lower` and `upper` bound the keys of the whole subtree.
    struct Frame {
        format::PageView view;
        PageId page;
        KeyBounds bounds;
        std::uint32_t next = 0;
        std::uint32_t level = 0; // in the tree of its bucket; 0 for the root page
        bool opensBucket = false;
        std::uint64_t inlineLeft = 0; // bytes of inline buckets that are still checked
    };
    // A bucket on the way down.
    struct BucketDepth {
        std::uint32_t leafLevel = 0;
        bool hasLeaf = false;
        bool isUneven = false; // reported already
    };

    void visit(PageId id, const KeyBounds& bounds, std::uint32_t level);
    bool claim(PageId id, const std::vector<PageId>& path);
    void enter(const CheckedPage& page, const KeyBounds& bounds, std::uint32_t level);
    void checkLevel(const CheckedPage& page, std::uint32_t level);
    void visitChild(Frame& frame, std::uint32_t index);
    void visitBucket(Frame& frame, std::uint32_t index);
    void countPage();
    [[nodiscard]] std::vector<PageId> pathTo(PageId id) const;

    CheckRun& m_run;
    std::vector<Frame> m_stack;
    std::vector<BucketDepth> m_buckets;
    std::uint64_t m_pagesDone = 0;
};

std::vector<PageId> TreeCheck::pathTo(PageId id) const {
    std::vector<PageId> path;
    path.reserve(m_stack.size() + 1);
    for (const Frame& frame : m_stack) {
        path.push_back(frame.page);
    }
    path.push_back(id);
    return path;
}

void TreeCheck::countPage() {
    if (++m_pagesDone % 256 == 0 && m_run.progress) {
        m_run.progress(m_pagesDone);
    }
}

// Takes a page for the current place in the tree; false when it cannot be entered from here.
bool TreeCheck::claim(PageId id, const std::vector<PageId>& path) {
    const std::string refers =
        (!m_stack.empty() ? "Page " + std::to_string(m_stack.back().page.value) + " refers to page "
         : m_run.options.from ? "The check begins at page "
                              : "The meta page refers to page ") +
        std::to_string(id.value);
    if (id.value < 2 || id.value >= m_run.highWater.value) {
        m_run.report(FindingCode::PageOutOfRange, id, std::nullopt,
                     refers + "; expected 2 to below the high-water mark " +
                         std::to_string(m_run.highWater.value),
                     path);
        return false;
    }
    const std::uint64_t fileSize = m_run.file.layout().fileSize;
    if (id.value >= m_run.claimed.bound()) {
        m_run.report(FindingCode::PagePastEof, id, std::nullopt,
                     refers + ", but the file ends before it, at byte " + std::to_string(fileSize),
                     path);
        return false;
    }
    const std::uint64_t offset = m_run.offsetOf(id);
    if (!m_run.claimed.insert(id)) {
        const bool isAncestor = std::any_of(m_stack.begin(), m_stack.end(),
                                            [&](const Frame& frame) { return frame.page == id; });
        m_run.report(isAncestor ? FindingCode::Cycle : FindingCode::MultipleReferences, id, offset,
                     refers + (isAncestor ? ", which is its own ancestor"
                                          : ", which is in use elsewhere too"),
                     path);
        return false;
    }
    if (m_run.free.contains(id)) {
        m_run.report(FindingCode::ReachableFree, id, offset, refers + ", which is in the freelist",
                     path);
    }
    if (fileSize - offset < m_run.pageSize) {
        m_run.report(FindingCode::PagePastEof, id, fileSize,
                     refers + ", of which the file has " + std::to_string(fileSize - offset) +
                         " of " + std::to_string(m_run.pageSize) + " bytes",
                     path);
    }
    return true;
}

void TreeCheck::visit(PageId id, const KeyBounds& bounds, std::uint32_t level) {
    m_run.summary.maxTreeHeight = std::max(m_run.summary.maxTreeHeight, level + 1);
    CheckedPage page;
    page.id = id;
    page.path = pathTo(id);
    if (!claim(id, page.path)) {
        return;
    }
    countPage();
    page.offset = m_run.offsetOf(id);
    if (level >= format::kMaxTreeDepth) {
        m_run.report(FindingCode::GaveUp, id, page.offset,
                     "The tree is deeper than " + std::to_string(format::kMaxTreeDepth) +
                         " levels; its pages below are not checked",
                     page.path);
        return;
    }
    page.view = m_run.runs.read(id);
    const format::PageHeader& header = page.view.header();
    if (header.id != id.value) {
        m_run.report(FindingCode::PageIdMismatch, id, page.offset,
                     "The header of the page says page " + std::to_string(header.id), page.path);
    }
    if (!page.view.isLeaf() && !page.view.isBranch()) {
        m_run.report(FindingCode::PageType, id, page.offset + format::kHeaderFlagsAt,
                     "A branch (1) or leaf (2) is needed here, the page has flags " +
                         std::to_string(header.flags),
                     page.path);
        return;
    }
    m_run.claimOverflow(id, header.overflow, page.path);
    enter(page, bounds, level);
}

void TreeCheck::enter(const CheckedPage& page, const KeyBounds& bounds, std::uint32_t level) {
    const format::PageView& view = page.view;
    if (!view.elementTableFits()) {
        m_run.report(FindingCode::ElementTable, page.id, page.offset + format::kHeaderCountAt,
                     "The page states " + std::to_string(view.count()) +
                         " elements, which do not fit into " + std::to_string(view.bytes().size()) +
                         " bytes",
                     page.path);
        return;
    }
    m_run.summary.overflowPages += view.header().overflow;
    ++(view.isBranch() ? m_run.summary.branchPages : m_run.summary.leafPages);
    if (view.isBranch() && view.count() == 0) {
        m_run.report(FindingCode::EmptyBranch, page.id, page.offset + format::kHeaderCountAt,
                     "A branch page without elements leads nowhere", page.path);
    }
    if (view.isLeaf()) {
        checkLevel(page, level);
    }
    const std::uint32_t buckets = checkElements(m_run, page, bounds);
    if (view.isBranch() || buckets != 0) {
        m_stack.push_back(Frame{view, page.id, bounds, 0, level, level == 0, dataLimit(view)});
    }
}

void TreeCheck::checkLevel(const CheckedPage& page, std::uint32_t level) {
    BucketDepth& bucket = m_buckets.back();
    if (!bucket.hasLeaf) {
        bucket.hasLeaf = true;
        bucket.leafLevel = level;
    } else if (bucket.leafLevel != level && !bucket.isUneven) {
        bucket.isUneven = true;
        m_run.report(FindingCode::UnevenDepth, page.id, page.offset,
                     "This leaf is " + std::to_string(level) +
                         " levels below its bucket's root, the first leaf is " +
                         std::to_string(bucket.leafLevel),
                     page.path);
    }
}

void TreeCheck::visitChild(Frame& frame, std::uint32_t index) {
    KeyBounds bounds = frame.bounds;
    if (const auto own = frame.view.key(index)) {
        bounds.lower = *own;
    }
    if (index + 1 < frame.view.count()) {
        if (const auto next = frame.view.key(index + 1)) {
            bounds.upper = *next;
        }
    }
    // The table fits, so the child is there even when its key is damaged.
    visit(frame.view.child(index).value_or(PageId{0}), bounds, frame.level + 1);
}

void TreeCheck::visitBucket(Frame& frame, std::uint32_t index) {
    if ((frame.view.leafFlags(index).value_or(0) & format::kBucketElementFlag) == 0) {
        return;
    }
    const auto element = frame.view.leaf(index);
    if (!element) {
        return; // reported with the page's elements
    }
    CheckedPage page;
    page.view = frame.view;
    page.id = frame.page;
    page.offset = m_run.offsetOf(frame.page);
    const auto valueAt =
        page.offset + static_cast<std::uint64_t>(element->value.data() - frame.view.bytes().data());
    page.path = pathTo(frame.page);
    page.path.pop_back(); // the frame itself is the last one already
    const auto header = format::readBucketHeader(element->value);
    const std::string bucket = "The bucket in leaf element " + std::to_string(index);
    if (!header || (header->root.value != 0 && !header->inlinePage.empty())) {
        m_run.report(FindingCode::BucketHeader, frame.page, valueAt,
                     bucket + " has a value of " + std::to_string(element->value.size()) +
                         " bytes; expected " + std::to_string(format::kBucketHeaderSize),
                     page.path);
    }
    if (!header) {
        return;
    }
    if (header->root.value == 0) {
        const std::uint64_t size = header->inlinePage.size();
        if (size <= frame.inlineLeft) {
            frame.inlineLeft -= size;
            checkInlineBucket(m_run, page, index, header->inlinePage);
        } else {
            m_run.report(FindingCode::GaveUp, frame.page, valueAt,
                         bucket + " is not checked: the inline buckets overlap, claiming many "
                                  "times the bytes of the page",
                         page.path);
        }
        return;
    }
    if (m_buckets.size() > format::kMaxBucketDepth) {
        m_run.report(FindingCode::GaveUp, frame.page, valueAt,
                     bucket + " is nested deeper than " + std::to_string(format::kMaxBucketDepth) +
                         " levels and is not checked",
                     page.path);
        return;
    }
    const std::size_t before = m_stack.size();
    m_buckets.emplace_back();
    visit(header->root, {}, 0);
    if (m_stack.size() == before) {
        m_buckets.pop_back(); // nothing below to come back from
    }
}

void TreeCheck::check(PageId root) {
    m_buckets.emplace_back();
    visit(root, {}, 0);
    while (!m_stack.empty() && !m_run.mustEnd()) {
        Frame& frame = m_stack.back();
        if (frame.next >= frame.view.count()) {
            if (frame.opensBucket) {
                m_buckets.pop_back();
            }
            m_stack.pop_back();
            continue;
        }
        const std::uint32_t index = frame.next++;
        if (frame.view.isBranch()) {
            visitChild(frame, index);
        } else {
            visitBucket(frame, index);
        }
    }
    if (m_run.progress) {
        m_run.progress(m_pagesDone);
    }
}

} // namespace

void checkTree(CheckRun& run, PageId root) {
    TreeCheck(run).check(root);
}

} // namespace pagescape
