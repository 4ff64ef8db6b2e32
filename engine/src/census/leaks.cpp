// SPDX-License-Identifier: MIT
// The pages that are left: free ones of a file without a stored freelist, and leaks.
#include "census/scan.h"
#include "format/page_view.h"
#include "pagescape/format.h"

namespace pagescape::census {
namespace {

// An unreachable run: the kind its stale header names, as bolt's `pages` shows it; its continuation
// pages have no header and are plainly Leaked. Answers how many pages it covers.
std::uint64_t readRun(Scan& scan, PageNumber page) {
    const format::PageHeader header = format::PageView(scan.page(page)).header();
    const std::optional<PageKind> kind = kindOfFlags(header.flags);
    if (!kind) {
        scan.table.setState(page, PageKind::Leaked, PageLife::Leaked);
        return 1;
    }
    std::uint64_t covered = 1;
    while (covered <= header.overflow && page + covered < scan.limit &&
           scan.table.rawState(static_cast<PageNumber>(page + covered)) == 0) {
        scan.table.setState(static_cast<PageNumber>(page + covered), PageKind::Leaked,
                            PageLife::Leaked);
        ++covered;
    }
    const format::PageView view(scan.run(page, header.overflow));
    const bool isNode = view.isLeaf() || view.isBranch();
    const auto used = isNode && view.elementTableFits() ? view.usedBytes() : std::nullopt;
    scan.table.setFill(page, scan.fillOf(used.value_or(0), header.overflow));
    scan.table.setHeader(page, header.count, header.overflow);
    scan.table.setState(page, *kind, PageLife::Leaked);
    return covered;
}

// Without a valid meta nothing is reachable. Pages that say what they are, and where, are shown so.
void readUnanchored(Scan& scan, PageNumber page) {
    const format::PageHeader header = format::PageView(scan.page(page)).header();
    if (header.id == page && kindOfFlags(header.flags)) {
        readRun(scan, page);
    }
}

} // namespace

bool readLeaks(Scan& scan, Pacer& pacer) {
    const bool isAnchored = scan.activeMeta() != nullptr;
    if (isAnchored && !scan.hasFreelist) {
        // No list says otherwise, so what is not in use is free. One store says it of all such
        // rows.
        scan.table.setUnreached(PageKind::Free, PageLife::Free);
        scan.freePagesKnown.store(true, std::memory_order_relaxed);
        return true;
    }
    std::uint64_t leaks = 0;
    std::uint64_t firstLeak = 0;
    for (std::uint64_t page = 2; scan.table.zeroStates() > 0 && page < scan.limit; ++page) {
        if (!pacer.step()) {
            return false;
        }
        const auto number = static_cast<PageNumber>(page);
        if (scan.table.rawState(number) != 0) {
            continue;
        }
        if (!isAnchored) {
            readUnanchored(scan, number);
            continue;
        }
        const std::uint64_t covered = readRun(scan, number);
        for (std::uint64_t i = 0; i < covered; ++i) {
            scan.table.addFlags(static_cast<PageNumber>(page + i), kHasProblem);
        }
        firstLeak = leaks == 0 ? page : firstLeak;
        leaks += covered;
        page += covered - 1;
    }
    if (leaks > 0) {
        scan.problems.add(PageId{firstLeak}, std::to_string(leaks) +
                                                 " pages are neither reachable nor free, the "
                                                 "first of them page " +
                                                 std::to_string(firstLeak));
    }
    return true;
}

} // namespace pagescape::census
