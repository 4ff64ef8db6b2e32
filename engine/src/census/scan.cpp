// SPDX-License-Identifier: MIT
#include "census/scan.h"

#include "pagescape/format.h"

#include <algorithm>
#include <utility>

namespace pagescape::census {
namespace {

std::uint64_t highWaterOf(const PageFile& file) {
    const MetaFields* meta = file.layout().metas.activeFields();
    return meta != nullptr ? meta->highWater.value : file.layout().pageCount;
}

// The metas are never tail, whatever the high-water mark says.
std::uint64_t tailFrom(std::uint64_t highWater) {
    return std::max<std::uint64_t>(highWater, 2);
}

} // namespace

void ProblemList::add(PageId page, std::string text) {
    const std::lock_guard lock(m_mutex);
    if (m_problems.size() < kMaxTexts) {
        m_problems.push_back({page, std::move(text)});
        return;
    }
    ++m_omitted;
}

std::vector<CensusProblem> ProblemList::all() const {
    const std::lock_guard lock(m_mutex);
    std::vector<CensusProblem> problems = m_problems;
    if (m_omitted > 0) {
        problems.push_back({problems.back().page,
                            "Another " + std::to_string(m_omitted) + " problems are not listed"});
    }
    return problems;
}

Scan::Scan(std::shared_ptr<const PageFile> pageFile)
    : file(std::move(pageFile)), bytes(file->pages(PageId{0}, file->layout().pageCount)),
      pageSize(file->layout().pageSize), pageCount(file->layout().pageCount),
      highWater(highWaterOf(*file)), limit(std::min(highWater, pageCount)),
      table(pageCount, tailFrom(highWater)) {}

Bytes Scan::run(PageNumber page, std::uint64_t overflow) const {
    if (page >= limit) {
        return {};
    }
    const std::uint64_t begin = page * pageSize;
    if (begin >= bytes.size()) {
        return {};
    }
    const std::uint64_t pages = 1 + std::min(overflow, limit - page - 1);
    return bytes.subspan(begin, std::min(pages * pageSize, bytes.size() - begin));
}

std::uint8_t Scan::fillOf(std::uint64_t usedBytes, std::uint64_t overflow) const {
    const std::uint64_t size = (overflow + 1) * pageSize;
    // Used bytes lie in the file, which is shorter than 2^48 bytes: the product fits.
    return static_cast<std::uint8_t>(std::min(usedBytes, size) * 255 / size);
}

void Scan::report(PageNumber page, std::string text) {
    if (page < table.pageCount()) {
        table.addFlags(page, kHasProblem);
    }
    problems.add(PageId{page}, std::move(text));
}

void Scan::claim(PageNumber page, const Owner& owner) {
    table.addFlags(page, kIsClaimed);
    table.setOwner(page, owner);
    if (kindOf(table.rawState(page)) == PageKind::Free) {
        table.setState(page, PageKind::Free, PageLife::Live);
        report(page, "Page " + std::to_string(page) + " is in use and in the freelist");
    }
}

void Scan::setKind(PageNumber page, PageKind kind) {
    if (kindOf(table.rawState(page)) != PageKind::Free) {
        table.setState(page, kind, PageLife::Live);
    }
}

CensusProgress Scan::progress() const {
    CensusProgress progress;
    progress.stage = stage.load(std::memory_order_relaxed);
    progress.pagesTotal = limit;
    const std::uint64_t open = table.zeroStates() + pendingLeaves.load(std::memory_order_relaxed);
    progress.pagesDone =
        progress.stage == CensusStage::Done ? limit : limit - std::min(open, limit);
    return progress;
}

std::optional<PageKind> kindOfFlags(std::uint16_t flags) {
    switch (flags) {
    case format::kBranchFlag: return PageKind::Branch;
    case format::kLeafFlag: return PageKind::Leaf;
    case format::kMetaFlag: return PageKind::Meta;
    case format::kFreelistFlag: return PageKind::Freelist;
    default: return std::nullopt;
    }
}

std::string pageText(std::uint64_t page) {
    return "page " + std::to_string(page);
}

bool Pacer::poll() {
    if (m_stop.stop_requested() || m_scan.file->truncated()) {
        return false;
    }
    m_nextPoll = m_steps + kPollEvery;
    if (m_steps >= m_nextTell) {
        m_nextTell = m_steps + kTellEvery;
        tell();
    }
    return true;
}

Error Pacer::error(ErrorCode code) const {
    Error error;
    error.code = code;
    if (code == ErrorCode::Truncated) {
        error.text = "The file became shorter while its pages were read";
        error.hint = "Open the file again.";
        return error;
    }
    error.text = "The scan was stopped";
    return error;
}

bool claimRun(Scan& scan, PageNumber head, std::uint32_t overflow, const Owner& owner,
              Pacer& pacer) {
    const std::uint64_t room = scan.limit - head - 1;
    const auto pages = static_cast<PageNumber>(std::min<std::uint64_t>(overflow, room));
    const Owner part{owner.bucket, head, owner.depth};
    for (PageNumber page = head + 1; page <= head + pages; ++page) {
        if (!pacer.step()) {
            return false;
        }
        if (!scan.table.isClaimed(page)) {
            scan.claim(page, part);
            scan.table.setFill(page, scan.table.fill(head));
            scan.setKind(page, PageKind::Overflow);
            if (owner.bucket != kNoBucket) {
                BucketList::count(scan.buckets.at(owner.bucket).overflowPages, 1);
            }
            continue;
        }
        if (kindOf(scan.table.rawState(page)) == PageKind::Overflow &&
            scan.table.parent(page) == head) {
            continue; // claimed before the scan was stopped
        }
        scan.table.addFlags(page, kHasProblem);
        scan.report(head, "Overflow " + std::to_string(overflow) + " of page " +
                              std::to_string(head) + " overlaps page " + std::to_string(page) +
                              ", which is in use by something else");
        break;
    }
    if (overflow > room) {
        scan.report(
            head,
            "Overflow " + std::to_string(overflow) + " of page " + std::to_string(head) +
                " runs past page " + std::to_string(scan.limit) +
                (scan.limit == scan.highWater ? ", the high-water mark" : ", the end of the file"));
    }
    return true;
}

} // namespace pagescape::census
