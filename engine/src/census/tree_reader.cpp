// SPDX-License-Identifier: MIT
// Reading single nodes, and stage 1.
#include "census/tree_reader.h"

#include "pagescape/format.h"

#include <algorithm>
#include <utility>

namespace pagescape::census {

void TreeReader::addRootBucket() {
    const MetaFields* meta = m_scan.activeMeta();
    if (meta == nullptr) {
        return;
    }
    BucketInfo info;
    info.root = meta->root;
    info.sequence = meta->rootSequence;
    info.headerPage = PageId{m_scan.activeMetaPage()};
    m_scan.buckets.add(info, {});
    if (mayRefer(m_scan.activeMetaPage(), meta->root.value)) {
        queue(static_cast<PageNumber>(meta->root.value), {0, m_scan.activeMetaPage(), 0});
    }
}

// Every page may be referred to once; so no damaged file can send the scan in circles.
bool TreeReader::mayRefer(PageNumber from, std::uint64_t child) {
    const auto page = static_cast<PageNumber>(child);
    const bool isInRange = child >= 2 && child < m_scan.limit;
    if (isInRange && !m_scan.table.isClaimed(page)) {
        return true;
    }
    const std::string reference = "Page " + std::to_string(from) + " refers to " +
                                  (child == from ? "itself, page " : "page ") +
                                  std::to_string(child);
    if (isInRange) {
        m_scan.table.addFlags(from, kHasProblem);
        m_scan.report(page, reference + ", which page " +
                                std::to_string(m_scan.table.parent(page)) + " refers to already");
    } else if (child >= 2 && child < m_scan.highWater) {
        m_scan.report(from, reference + ", past the end of the file");
    } else {
        m_scan.report(from, reference + ", outside [2, " + std::to_string(m_scan.highWater) + ")");
    }
    return false;
}

void TreeReader::expectLeaf(PageNumber page, const Owner& owner) {
    m_scan.claim(page, owner);
    m_scan.table.addFlags(page, kIsExpected);
    m_scan.setKind(page, PageKind::Leaf);
    BucketList::count(m_scan.pendingLeaves, 1);
    m_expected.push_back(page);
}

void TreeReader::queue(PageNumber page, const Owner& owner) {
    m_scan.claim(page, owner);
    m_next.push_back(page);
}

bool TreeReader::readBranches(Pacer& pacer) {
    while (true) {
        for (; m_at < m_current.size(); ++m_at) {
            const std::uint64_t elements = format::PageView(m_scan.page(m_current[m_at])).count();
            if (!pacer.step(1 + elements / 64) || !readNode(m_current[m_at], pacer)) {
                return false;
            }
        }
        if (m_next.empty()) {
            return true;
        }
        m_current.clear();
        m_current.swap(m_next);
        m_at = 0;
        std::sort(m_current.begin(), m_current.end());
    }
}

// Reads a claimed page, whatever it turns out to be. False when stopped within a long run: then the
// page has to be read again.
bool TreeReader::readNode(PageNumber page, Pacer& pacer) {
    const format::PageView firstPage(m_scan.page(page));
    const format::PageHeader& header = firstPage.header();
    if (header.overflow == 0) {
        return readRun(page, firstPage, pacer);
    }
    return readRun(page, format::PageView(m_scan.run(page, header.overflow)), pacer);
}

bool TreeReader::readRun(PageNumber page, const format::PageView& view, Pacer& pacer) {
    const format::PageHeader& header = view.header();
    const std::optional<PageKind> kind = kindOfFlags(header.flags);
    const bool isNode = view.isLeaf() || view.isBranch();
    const Owner owner{m_scan.table.owner(page), m_scan.table.parent(page),
                      m_scan.table.depth(page)};

    m_scan.table.setHeader(page, header.count, header.overflow);
    const bool fits = isNode && view.elementTableFits();
    const std::optional<std::uint64_t> used = fits ? view.usedBytes() : std::nullopt;
    m_scan.table.setFill(page, m_scan.fillOf(used.value_or(0), header.overflow));
    if (isNode && header.overflow != 0 && !claimRun(m_scan, page, header.overflow, owner, pacer)) {
        return false;
    }
    confirm(page);
    m_scan.setKind(page, kind.value_or(PageKind::Problem));
    m_scan.reportWrongId(page, header.id);
    if (!isNode) {
        m_scan.report(page, "Page " + std::to_string(page) + " has type flags " +
                                std::to_string(header.flags) +
                                " where a branch or a leaf is needed");
        return true;
    }
    if (!fits) {
        m_scan.report(page, "Page " + std::to_string(page) + " states " +
                                std::to_string(header.count) +
                                " elements, which do not fit into its " +
                                std::to_string(view.bytes().size()) + " bytes");
    } else if (!used) {
        m_scan.report(page,
                      "The last element of page " + std::to_string(page) + " leaves the page");
    }
    BucketRecord& bucket = m_scan.buckets.at(owner.bucket);
    countNode(bucket, view.isLeaf() ? bucket.leafPages : bucket.branchPages, used.value_or(0),
              owner.depth);
    if (!fits) {
        return true;
    }
    if (view.isBranch()) {
        readBranch(page, view);
    } else {
        BucketList::count(bucket.entries, header.count);
        readLeaf(page, view);
    }
    return true;
}

// The header was read: what the parent made us expect is settled.
void TreeReader::confirm(PageNumber page) {
    if ((m_scan.table.flags(page) & kIsExpected) != 0) {
        m_scan.table.clearFlags(page, kIsExpected);
        m_scan.pendingLeaves.store(m_scan.pendingLeaves.load(std::memory_order_relaxed) - 1,
                                   std::memory_order_relaxed);
    }
}

void TreeReader::countNode(BucketRecord& bucket, std::atomic<std::uint64_t>& pages,
                           std::uint64_t usedBytes, std::uint32_t depth) {
    BucketList::count(pages, 1);
    BucketList::count(bucket.usedBytes, usedBytes);
    if (bucket.height.load(std::memory_order_relaxed) <= depth) {
        bucket.height.store(depth + 1, std::memory_order_relaxed);
    }
}

// All flags are read before any is judged: one branch for a page, not one for every element.
bool TreeReader::hasBucketElement(const format::PageView& view) {
    const std::byte* flags = view.bytes().data() + format::kPageHeaderSize + format::kLeafFlagsAt;
    std::uint32_t all = 0;
    for (std::uint32_t i = 0; i < view.count(); ++i, flags += format::kElementSize) {
        all |= format::load<std::uint32_t>(flags);
    }
    return (all & format::kBucketElementFlag) != 0;
}

void TreeReader::readBranch(PageNumber page, const format::PageView& view) {
    const BucketIndex index = m_scan.table.owner(page);
    const Owner owner{index, page, static_cast<std::uint8_t>(m_scan.table.depth(page) + 1)};
    if (owner.depth >= format::kMaxTreeDepth) {
        m_scan.report(page, "The tree is deeper than " + std::to_string(format::kMaxTreeDepth) +
                                " pages");
        return;
    }
    BucketRecord& bucket = m_scan.buckets.at(index);
    if (bucket.leafDepth == 0 && view.count() > 0) {
        const std::uint64_t child = view.child(0).value_or(PageId{0}).value;
        if (child >= 2 && child < m_scan.limit &&
            format::PageView(m_scan.page(static_cast<PageNumber>(child))).isLeaf()) {
            bucket.leafDepth = owner.depth;
        }
    }
    const bool isLastLevel = bucket.leafDepth == owner.depth;
    for (std::uint32_t i = 0; i < view.count(); ++i) {
        const std::uint64_t child = view.child(i).value_or(PageId{0}).value;
        if (!mayRefer(page, child)) {
            continue;
        }
        if (isLastLevel) {
            expectLeaf(static_cast<PageNumber>(child), owner);
        } else {
            queue(static_cast<PageNumber>(child), owner);
        }
    }
}

void TreeReader::readLeaf(PageNumber page, const format::PageView& view) {
    if (!hasBucketElement(view)) {
        return;
    }
    for (std::uint32_t i = 0; i < view.count(); ++i) {
        if ((view.leafFlags(i).value_or(0) & format::kBucketElementFlag) != 0) {
            readBucketElement(page, view, i);
        }
    }
}

void TreeReader::readBucketElement(PageNumber page, const format::PageView& view,
                                   std::uint32_t index) {
    const auto place = [page, index] {
        return "Element " + std::to_string(index) + " of page " + std::to_string(page);
    };
    const auto element = view.leaf(index);
    if (!element) {
        m_scan.report(page, place() + " leaves the page");
        return;
    }
    const auto header = format::readBucketHeader(element->value);
    if (!header || element->key.size() > format::kMaxKeySize) {
        m_scan.report(page, place() + " is a bucket with a " +
                                (header ? "name of " + std::to_string(element->key.size())
                                        : "header of " + std::to_string(element->value.size())) +
                                " bytes");
        return;
    }
    const BucketIndex parent = m_scan.table.owner(page);
    if (header->root.value == 0) {
        BucketList::count(m_scan.buckets.at(parent).inlineBuckets, 1);
        readInlineBucket(page, index, header->inlinePage);
        return;
    }
    const std::uint32_t level = m_scan.buckets.at(parent).level + 1;
    if (level > format::kMaxBucketDepth) {
        m_scan.report(page, place() + " is a bucket nested deeper than " +
                                std::to_string(format::kMaxBucketDepth));
        return;
    }
    if (!mayRefer(page, header->root.value)) {
        return;
    }
    BucketInfo info;
    info.parent = parent;
    info.root = header->root;
    info.sequence = header->sequence;
    info.level = level;
    info.headerPage = PageId{page};
    info.headerElement = index;
    queue(static_cast<PageNumber>(header->root.value),
          {m_scan.buckets.add(info, element->key), page, 0});
}

void TreeReader::readInlineBucket(PageNumber page, std::uint32_t index, Bytes inlinePage) {
    const format::PageView view(inlinePage);
    if (inlinePage.size() < format::kPageHeaderSize || !view.isLeaf() || !view.elementTableFits()) {
        m_scan.report(page, "The inline bucket in element " + std::to_string(index) + " of page " +
                                std::to_string(page) + " has a damaged page: type flags " +
                                std::to_string(view.header().flags) + ", " +
                                std::to_string(view.count()) + " elements in " +
                                std::to_string(inlinePage.size()) + " bytes");
    }
}

} // namespace pagescape::census
