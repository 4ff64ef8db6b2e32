// SPDX-License-Identifier: MIT
// What the other meta still reaches; beside a reader's version that is older than both, what the
// newest reaches. bolt never changes a page in place, so a page that both versions refer to has the
// same subtree in both: the walk ends at every page of the version that is looked at.
#include "census/scan.h"
#include "format/page_view.h"
#include "pagescape/format.h"

#include <algorithm>

namespace pagescape::census {

void PreviousVersion::start() {
    const MetaPair& metas = m_scan.file->layout().metas;
    if (!metas.active) {
        return;
    }
    // Beside a reader's version that was replaced long ago it is the newest that counts.
    const bool isHeldPast = metas.held && metas.isPast();
    const MetaReport& report = metas.metas[*metas.active == 0 ? 1 : 0];
    const MetaFields* const other = isHeldPast         ? metas.newestFields()
                                    : report.isValid() ? &report.fields
                                                       : nullptr;
    if (other == nullptr || other->pageSize != m_scan.pageSize) {
        return;
    }
    visit(other->root.value, true);
    if (other->hasFreelist()) {
        visit(other->freelist.value, true);
    }
}

// False for a page that was met before, or cannot be: a run that claims too much ends there, so
// that all runs together cost no more than the file has pages.
bool PreviousVersion::visit(std::uint64_t id, bool isHead) {
    if (id < 2 || id >= m_scan.limit) {
        return false;
    }
    const auto page = static_cast<PageNumber>(id);
    if ((m_scan.table.flags(page) & (kIsClaimed | kSeenByOther)) != 0) {
        return false;
    }
    m_scan.table.addFlags(page, kSeenByOther);
    // With a stored freelist, a page that is not in it is a leak even if the other meta reaches it.
    const bool isFree = kindOf(m_scan.table.rawState(page)) == PageKind::Free;
    if (isFree || !m_scan.hasFreelist) {
        m_scan.table.setState(page, PageKind::Free, PageLife::Previous);
    }
    if (isHead) {
        m_stack.push_back(page);
    }
    return true;
}

void PreviousVersion::readPage(PageNumber page) {
    const format::PageHeader header = format::PageView(m_scan.page(page)).header();
    const format::PageView view(m_scan.run(page, header.overflow));
    if (!kindOfFlags(header.flags)) {
        return;
    }
    const std::uint64_t room = m_scan.limit - page - 1;
    const std::uint64_t continuations = std::min<std::uint64_t>(header.overflow, room);
    for (std::uint64_t i = 1; i <= continuations && visit(page + i, false); ++i) {
    }
    if (!view.elementTableFits()) {
        return;
    }
    for (std::uint32_t i = 0; view.isBranch() && i < view.count(); ++i) {
        visit(view.child(i).value_or(PageId{0}).value, true);
    }
    for (std::uint32_t i = 0; view.isLeaf() && i < view.count(); ++i) {
        if ((view.leafFlags(i).value_or(0) & format::kBucketElementFlag) == 0) {
            continue;
        }
        const auto element = view.leaf(i);
        const auto bucket = element ? format::readBucketHeader(element->value) : std::nullopt;
        if (bucket) {
            visit(bucket->root.value, true);
        }
    }
}

bool PreviousVersion::read(Pacer& pacer) {
    if (!m_started) {
        m_started = true;
        start();
    }
    while (!m_stack.empty()) {
        if (!pacer.step()) {
            return false;
        }
        const PageNumber page = m_stack.back();
        m_stack.pop_back();
        readPage(page);
    }
    return true;
}

} // namespace pagescape::census
