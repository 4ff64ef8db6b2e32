// SPDX-License-Identifier: MIT
// Stage 0: the metas and the freelist. Reads at most those pages.
#include "census/scan.h"
#include "format/byte_order.h"
#include "format/page_view.h"
#include "pagescape/format.h"

#include <algorithm>

namespace pagescape::census {
namespace {

void readMetaPage(Scan& scan, PageNumber page) {
    const MetaReport& report = scan.file->layout().metas.metas[page];
    const format::PageHeader header = format::PageView(scan.page(page)).header();
    const bool isActive = scan.file->layout().metas.isActive(static_cast<int>(page));
    const bool looksLikeMeta = report.present && (report.fields.magic == format::kMagic ||
                                                  header.flags == format::kMetaFlag);
    scan.table.addFlags(page, kIsClaimed);
    if (looksLikeMeta) {
        scan.table.setHeader(page, header.count, header.overflow);
        scan.table.setFill(page, scan.fillOf(format::kMetaAt + format::kMetaSize, 0));
    }
    scan.table.setState(page, looksLikeMeta ? PageKind::Meta : PageKind::Problem,
                        isActive ? PageLife::ActiveMeta : PageLife::StaleMeta);
    if (report.error) {
        scan.report(page, "Meta " + pageText(page) + " is not valid: " + report.error->text);
    }
}

void reportFileShape(Scan& scan) {
    if (scan.activeMeta() == nullptr) {
        scan.report(0, "Neither meta page is valid, so no page can be reached");
        return;
    }
    if (scan.pageCount < 2) {
        scan.report(0, "The file ends before its second meta page");
    }
    if (scan.highWater > scan.pageCount) {
        scan.report(
            scan.activeMetaPage(),
            "The file is shorter than its high-water mark: " + std::to_string(scan.highWater) +
                " pages were allocated, the file has " + std::to_string(scan.pageCount));
    }
}

} // namespace

void MetaStage::start() {
    for (PageNumber page = 0; page < std::min<std::uint64_t>(m_scan.pageCount, 2); ++page) {
        readMetaPage(m_scan, page);
    }
    reportFileShape(m_scan);
    const MetaFields* meta = m_scan.activeMeta();
    if (meta == nullptr || !meta->hasFreelist()) {
        return;
    }
    const std::uint64_t id = meta->freelist.value;
    if (id >= 2 && id < m_scan.limit) {
        openFreelist(static_cast<PageNumber>(id));
        return;
    }
    const bool isPastEnd = id >= m_scan.limit && id < m_scan.highWater;
    m_scan.report(m_scan.activeMetaPage(),
                  "The meta puts the freelist at page " + std::to_string(id) +
                      (isPastEnd ? ", past the end of the file"
                                 : ", outside [2, " + std::to_string(m_scan.highWater) + ")"));
}

// A list of 0xFFFF or more ids has its real length in front of them.
// Source: bbolt internal/common/page.go FreelistPageCount.
void MetaStage::openFreelist(PageNumber page) {
    const format::PageHeader header = format::PageView(m_scan.page(page)).header();
    m_scan.claim(page, {kNoBucket, m_scan.activeMetaPage(), 0});
    m_scan.setKind(page, kindOfFlags(header.flags).value_or(PageKind::Problem));
    m_scan.table.setHeader(page, header.count, header.overflow);
    if (header.flags != format::kFreelistFlag) {
        m_scan.report(page, "The freelist page " + std::to_string(page) + " has type flags " +
                                std::to_string(header.flags) + " instead of 16");
        return;
    }
    m_scan.reportWrongId(page, header.id);
    const Bytes run = m_scan.run(page, header.overflow);
    m_firstIdAt = format::kPageHeaderSize;
    std::uint64_t stated = header.count;
    if (header.count == format::kFreelistCountEscape &&
        run.size() >= m_firstIdAt + sizeof(std::uint64_t)) {
        stated = format::load<std::uint64_t>(run.data() + m_firstIdAt);
        m_firstIdAt += sizeof(std::uint64_t);
    }
    const std::uint64_t room =
        run.size() > m_firstIdAt ? (run.size() - m_firstIdAt) / sizeof(std::uint64_t) : 0;
    if (stated > room) {
        m_scan.report(page, "The freelist states " + std::to_string(stated) + " ids; its " +
                                std::to_string(run.size()) + " bytes hold at most " +
                                std::to_string(room));
    }
    m_list = page;
    m_overflow = header.overflow;
    m_ids = std::min(stated, room);
    const std::uint64_t usedBytes = m_firstIdAt + m_ids * sizeof(std::uint64_t);
    m_scan.table.setFill(page, m_scan.fillOf(usedBytes, m_overflow));
}

void MetaStage::readFreeId(std::uint64_t id) {
    if (id < 2 || id >= m_scan.highWater) {
        m_firstOutOfRange = m_outOfRange == 0 ? id : m_firstOutOfRange;
        ++m_outOfRange;
        return;
    }
    if (id >= m_scan.pageCount) {
        return; // the file is cut; that is reported once, for all pages
    }
    const auto page = static_cast<PageNumber>(id);
    if (m_scan.table.isClaimed(page)) {
        m_scan.table.addFlags(page, kHasProblem);
        m_scan.report(m_list, "The freelist names page " + std::to_string(id) +
                                  ", a page of the freelist itself");
        return;
    }
    if (m_scan.table.rawState(page) != 0) {
        m_scan.report(page, "The freelist names page " + std::to_string(id) + " more than once");
        return;
    }
    m_scan.table.setState(page, PageKind::Free, PageLife::Free);
}

bool MetaStage::read(Pacer& pacer) {
    if (!m_started) {
        m_started = true;
        start();
    }
    if (m_list == 0) {
        return true;
    }
    const Owner owner{kNoBucket, m_scan.activeMetaPage(), 0};
    if (m_next == 0 && !claimRun(m_scan, m_list, m_overflow, owner, pacer)) {
        return false;
    }
    const Bytes run = m_scan.run(m_list, m_overflow);
    for (; m_next < m_ids; ++m_next) {
        if (!pacer.step()) {
            return false;
        }
        readFreeId(
            format::load<std::uint64_t>(run.data() + m_firstIdAt + m_next * sizeof(std::uint64_t)));
    }
    if (m_outOfRange > 0) {
        m_scan.report(m_list, "The freelist names " + std::to_string(m_outOfRange) +
                                  " pages outside [2, " + std::to_string(m_scan.highWater) +
                                  "), the first of them page " + std::to_string(m_firstOutOfRange));
    }
    m_scan.freelistIds.store(m_ids, std::memory_order_relaxed);
    m_scan.hasFreelist = true;
    m_scan.freePagesKnown.store(true, std::memory_order_relaxed);
    return true;
}

} // namespace pagescape::census
