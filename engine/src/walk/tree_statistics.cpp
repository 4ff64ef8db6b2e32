// SPDX-License-Identifier: MIT
// One pass over all trees, depth first: of a page its header, its element table and the last
// element are enough, and the headers of the buckets in it.
#include "pagescape/tree_statistics.h"

#include "pagescape/stopped.h"
#include "walk/fill_summary.h"
#include "walk/page_entrance.h"

#include <algorithm>
#include <utility>

namespace pagescape {

namespace {

constexpr std::uint64_t kProgressStep = 256; // pages

class Measurer {
public:
    Measurer(const PageFile& file, const MetaFields& meta, const std::function<void(Error)>& onSkip,
             const std::function<void(std::uint64_t, std::uint64_t)>& onProgress)
        : m_entrance(file, meta.highWater), m_onSkip(onSkip), m_onProgress(onProgress) {}

    Result<TreeStatistics> run(PageId root, const std::stop_token& stop);

private:
    // A page on the way down, with what a Get has walked through when it has read it.
    struct Frame : WalkFrame {
        std::uint64_t pathPages = 0;
        std::uint64_t pathBytes = 0;
        bool opensBucket = false;
        bool opensTree = false; // a bucket with pages of its own
    };
    // A tree whose pages are being read.
    struct OpenTree {
        std::size_t index; // in the statistics
        std::vector<FillSample> fills;
    };

    void openTree(PageId root, std::string name);
    void closeTree();
    void push(const Result<WalkFrame>& entered, const Frame& from);
    void enterBucket(Frame& holder, std::uint32_t index);
    void measurePage(Frame& frame);
    void measureInline(const Frame& frame);
    void measureFill(const Frame& frame, std::uint64_t allocated, DepthStatistics& depth);
    void step(Frame& frame);
    void skip(const Error& error);
    void skipUnknown(const Frame& frame);
    [[nodiscard]] BucketTree& tree() { return m_statistics.trees[m_open.back().index]; }
    [[nodiscard]] TreeStatistics finish();

    PageEntrance m_entrance;
    const std::function<void(Error)>& m_onSkip;
    const std::function<void(std::uint64_t, std::uint64_t)>& m_onProgress;
    TreeStatistics m_statistics;
    std::vector<Frame> m_stack;
    std::vector<OpenTree> m_open;
    std::size_t m_nesting = 0;       // buckets around, without the root bucket
    std::vector<FillCounts> m_fills; // of all trees, by depth
    std::uint64_t m_pagesRead = 0;
};

void Measurer::skip(const Error& error) {
    ++m_statistics.partsSkipped;
    if (m_onSkip) {
        m_onSkip(error);
    }
}

void Measurer::skipUnknown(const Frame& frame) {
    const std::uint32_t last = frame.view.count() - 1; // an empty page has its bytes in use
    skip(leftOut(
        frame.page,
        m_entrance.fileOffset(frame, frame.view.bytes().data()) + format::PageView::elementAt(last),
        "The fill of the page is left out: element " + std::to_string(last) + " leaves it"));
}

void Measurer::openTree(PageId root, std::string name) {
    BucketTree tree;
    tree.name = std::move(name);
    tree.root = root;
    if (!m_open.empty()) {
        tree.parent = m_open.back().index;
    }
    m_open.push_back({m_statistics.trees.size(), {}});
    m_statistics.trees.push_back(std::move(tree));
}

void Measurer::closeTree() {
    BucketTree& closed = tree();
    for (std::size_t depth = 0; depth < closed.depths.size(); ++depth) {
        closed.depths[depth].fill = m_open.back().fills[depth].summary();
    }
    m_statistics.get.add(closed.get);
    m_open.pop_back();
}

// Counts into the tree alone; finish() adds the trees up.
void Measurer::measureFill(const Frame& frame, std::uint64_t allocated, DepthStatistics& depth) {
    const auto used = frame.view.usedBytes();
    if (!used) {
        depth.unknown += allocated;
        skipUnknown(frame);
        return;
    }
    depth.used += *used;
    m_fills[frame.level].add(m_open.back().fills[frame.level].add(*used, allocated));
    if (frame.view.isLeaf()) {
        const std::uint64_t keys = frame.view.count();
        const std::uint64_t table =
            format::PageView::elementAt(static_cast<std::uint32_t>(keys)); // where data begins
        GetCost& get = tree().get;
        get.keys += keys;
        get.pages += keys * frame.pathPages;
        get.bytes += keys * frame.pathBytes;
        get.entryBytes += *used > table ? *used - table : 0;
    }
}

void Measurer::measurePage(Frame& frame) {
    const std::uint64_t pageSize = m_entrance.file().layout().pageSize;
    const std::uint64_t pages = (frame.view.bytes().size() + pageSize - 1) / pageSize;
    frame.pathPages += 1;
    frame.pathBytes += pages * pageSize;
    std::vector<DepthStatistics>& depths = tree().depths;
    while (depths.size() <= frame.level) {
        const auto next = static_cast<std::uint32_t>(depths.size());
        depths.emplace_back().depth = next;
        m_open.back().fills.emplace_back();
    }
    if (m_fills.size() <= frame.level) {
        m_fills.resize(frame.level + 1);
    }
    DepthStatistics& depth = depths[frame.level];
    ++(frame.view.isBranch() ? depth.branchPages : depth.leafPages);
    depth.overflowPages += pages - 1;
    depth.elements += frame.view.count();
    depth.allocated += pages * pageSize;
    measureFill(frame, pages * pageSize, depth);
    if (++m_pagesRead % kProgressStep == 0 && m_onProgress) {
        m_onProgress(m_pagesRead, m_entrance.bound());
    }
}

void Measurer::measureInline(const Frame& frame) {
    tree().inlineKeys += frame.view.count();
    if (const auto used = frame.view.usedBytes()) {
        tree().inlineUsed += *used;
    } else {
        skipUnknown(frame);
    }
}

// Goes into a page, from a page above it or from the leaf with its bucket.
void Measurer::push(const Result<WalkFrame>& entered, const Frame& from) {
    if (!entered) {
        skip(entered.error());
        if (from.opensTree) {
            closeTree();
        }
        if (from.opensBucket) {
            --m_nesting;
        }
        return;
    }
    Frame frame = from;
    static_cast<WalkFrame&>(frame) = *entered;
    frame.isInline ? measureInline(frame) : measurePage(frame);
    m_stack.push_back(frame);
}

void Measurer::enterBucket(Frame& holder, std::uint32_t index) {
    const auto element = m_entrance.element(holder, index);
    if (!element) {
        skip(element.error());
        return;
    }
    const PageId root = element->bucket->root;
    ++tree().buckets;
    tree().inlineBuckets += root.value == 0 ? 1 : 0;
    Frame from = holder; // the stack that `holder` lives in grows
    from.opensBucket = true;
    from.opensTree = root.value != 0;
    const std::size_t nesting = m_nesting++;
    if (from.opensTree) {
        openTree(root, toString(element->leaf.key));
    }
    push(m_entrance.bucket(*element, from, index, nesting), from);
}

// Goes on to the next child or bucket of the innermost page, or leaves that page.
void Measurer::step(Frame& frame) {
    if (frame.view.isBranch() && frame.next < frame.view.count()) {
        Frame from = frame;
        from.opensBucket = from.opensTree = false;
        // The table fits, so the child is there even when its key is damaged.
        const PageId child = frame.view.child(frame.next++).value_or(PageId{0});
        push(m_entrance.page(child, from.page, from.level + 1), from);
        return;
    }
    while (frame.view.isLeaf() && frame.next < frame.view.count()) {
        const std::uint32_t index = frame.next++;
        if ((frame.view.leafFlags(index).value_or(0) & format::kBucketElementFlag) != 0) {
            enterBucket(frame, index);
            return;
        }
    }
    if (frame.opensTree) {
        closeTree();
    }
    if (frame.opensBucket) {
        --m_nesting;
    }
    m_stack.pop_back();
}

TreeStatistics Measurer::finish() {
    for (const FillCounts& fills : m_fills) {
        DepthStatistics depth;
        depth.depth = static_cast<std::uint32_t>(m_statistics.depths.size());
        depth.fill = fills.summary();
        m_statistics.depths.push_back(depth);
    }
    for (const BucketTree& tree : m_statistics.trees) {
        for (const DepthStatistics& each : tree.depths) {
            DepthStatistics& sum = m_statistics.depths[each.depth];
            sum.branchPages += each.branchPages;
            sum.leafPages += each.leafPages;
            sum.overflowPages += each.overflowPages;
            sum.elements += each.elements;
            sum.allocated += each.allocated;
            sum.used += each.used;
            sum.unknown += each.unknown;
        }
    }
    return std::move(m_statistics);
}

Result<TreeStatistics> Measurer::run(PageId root, const std::stop_token& stop) {
    openTree(root, {});
    Frame top;
    top.opensTree = true;
    push(m_entrance.page(root, PageId{0}, 0), top);
    while (!m_stack.empty() && !m_entrance.file().truncated()) {
        if (stop.stop_requested()) {
            return fail(stoppedOnRequest());
        }
        step(m_stack.back());
    }
    if (const auto checked = checkNotCut(m_entrance.file()); !checked) {
        return fail(checked.error());
    }
    if (m_onProgress) {
        m_onProgress(m_pagesRead, m_entrance.bound());
    }
    return finish();
}

double ratio(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

} // namespace

double GetCost::pagesPerGet() const {
    return ratio(pages, keys);
}

double GetCost::bytesPerGet() const {
    return ratio(bytes, keys);
}

double GetCost::bytesPerEntry() const {
    return ratio(entryBytes, keys);
}

double GetCost::amplification() const {
    return ratio(bytes, entryBytes);
}

void GetCost::add(const GetCost& other) {
    keys += other.keys;
    pages += other.pages;
    bytes += other.bytes;
    entryBytes += other.entryBytes;
}

std::vector<std::string> TreeStatistics::path(std::size_t index) const {
    std::vector<std::string> names;
    for (; trees[index].parent; index = *trees[index].parent) {
        names.push_back(trees[index].name);
    }
    std::ranges::reverse(names);
    return names;
}

Result<TreeStatistics> treeStatistics(
    const PageFile& file, const std::function<void(Error)>& onSkip,
    const std::function<void(std::uint64_t, std::uint64_t)>& onProgress,
    const std::stop_token& stop) {
    const FileLayout& layout = file.layout();
    if (layout.openError) {
        return fail(*layout.openError);
    }
    const MetaFields& meta = *layout.metas.activeFields();
    return Measurer(file, meta, onSkip, onProgress).run(meta.root, stop);
}

} // namespace pagescape
