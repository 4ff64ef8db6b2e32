// SPDX-License-Identifier: MIT
// RunDecoder: page header, choice of the body's decoder, and the order of the leaf fields.
#include "inspect/run_decoder.h"

#include "format/byte_order.h"
#include "format/page_view.h"
#include "inspect/text.h"
#include "pagescape/format.h"

#include <algorithm>

namespace pagescape::inspect {

PageType pageTypeOf(Bytes page, PageId id) {
    const bool hasMagic =
        page.size() >= format::kMetaMagicAt + sizeof(std::uint32_t) &&
        format::load<std::uint32_t>(page.data() + format::kMetaMagicAt) == format::kMagic;
    if (id.value <= 1 && hasMagic) {
        return PageType::Meta;
    }
    switch (format::PageView(page).header().flags) {
    case format::kBranchFlag: return PageType::Branch;
    case format::kLeafFlag: return PageType::Leaf;
    case format::kMetaFlag: return PageType::Meta;
    case format::kFreelistFlag: return PageType::Freelist;
    default: return PageType::Unknown;
    }
}

std::uint64_t statedRunSize(Bytes page, PageId id, std::uint32_t pageSize) {
    if (pageSize == 0) {
        return std::max<std::uint64_t>(page.size(), format::kPageHeaderSize);
    }
    const PageType type = pageTypeOf(page, id);
    const bool hasOverflow = type != PageType::Unknown && type != PageType::Meta;
    const std::uint64_t pages =
        hasOverflow ? std::uint64_t{format::PageView(page).header().overflow} + 1 : 1;
    return std::max<std::uint64_t>(pages * pageSize, format::kPageHeaderSize);
}

RunDecoder::RunDecoder(Bytes run, PageId id, std::uint32_t pageSize, bool isPartial)
    : m_run(run), m_id(id), m_isPartial(isPartial), m_statedSize(statedRunSize(run, id, pageSize)) {
    const format::PageHeader header = format::PageView(run).header();
    m_out.id = id;
    m_out.type = pageTypeOf(run, id);
    m_out.headerId = header.id;
    m_out.flags = header.flags;
    m_out.count = header.count;
    m_out.overflow = header.overflow;
    m_out.pageSize = pageSize;
}

PageDescription RunDecoder::decode() {
    reportSize();

    const std::uint64_t given = m_run.size();
    Region page;
    page.bounds = {0, std::min(given, m_statedSize)};
    page.statedEnd = m_isPartial ? m_statedSize : page.bounds.end;
    if (given < format::kPageHeaderSize) {
        decodeUndecodable(page);
    } else {
        decodeHeader(page);
        decodeBody(page);
    }
    if (page.bounds.end < given) {
        const std::int32_t rest = addLeaf(FieldKind::Unexplained, {page.bounds.end, given}, -1, -1);
        addProblem(rest, page,
                   "expected the run to end at byte " + std::to_string(page.bounds.end) +
                       ", found " + std::to_string(given - page.bounds.end) + " more bytes");
    }
    finish();
    return std::move(m_out);
}

void RunDecoder::reportSize() {
    const std::uint64_t given = m_run.size();
    m_out.isCut = given < m_statedSize || given < format::kPageHeaderSize;
    if (!m_out.isCut) {
        return;
    }
    const std::string found = std::to_string(given) + " bytes";
    if (given < format::kPageHeaderSize) {
        addPageProblem(0, expectedText("a page header of 16 bytes", found));
        return;
    }
    const std::string expected = std::to_string(m_statedSize) + " bytes of page and overflow pages";
    if (m_isPartial) {
        addPageProblem(given, "only the first " + found + " were read of " + expected);
    } else {
        addPageProblem(given, expectedText(expected, found + " before the end of the file"));
    }
}

// `bounds` has room for it.
void RunDecoder::decodeHeader(Region& region) {
    using namespace format;
    const std::uint64_t at = region.bounds.begin;
    const std::int32_t header =
        addGroup(FieldKind::Header, {at, at + kPageHeaderSize}, region.parent, -1);
    region.header = header;
    addScalar<std::uint64_t>(region, FieldKind::PageIdField, at + kHeaderIdAt, header);
    addScalar<std::uint16_t>(region, FieldKind::FlagsField, at + kHeaderFlagsAt, header);
    addScalar<std::uint16_t>(region, FieldKind::CountField, at + kHeaderCountAt, header);
    addScalar<std::uint32_t>(region, FieldKind::OverflowField, at + kHeaderOverflowAt, header);
    checkHeader(region);
}

void RunDecoder::checkHeader(const Region& region) {
    const std::int32_t id = region.header + 1;
    const std::int32_t flags = region.header + 2;
    const std::int32_t overflow = region.header + 4;
    const std::uint64_t stated = field(flags).number;
    const std::uint64_t expectedId = region.isInline() ? 0 : m_id.value;
    if (field(id).number != expectedId) {
        addProblem(id, region,
                   expectedText(region.isInline()
                                    ? std::string("0 as in every inline page")
                                    : "the page's own id " + std::to_string(expectedId),
                                field(id).number));
    }
    if (region.isInline()) {
        if (stated != format::kLeafFlag) {
            addProblem(flags, region, expectedText("0x2 (leaf)", hexText(stated)));
        }
    } else if (m_out.type == PageType::Unknown) {
        addProblem(flags, region,
                   expectedText("0x1 (branch), 0x2 (leaf), 0x4 (meta) or 0x10 (freelist)",
                                hexText(stated)));
    } else if (m_out.type == PageType::Meta && stated != format::kMetaFlag) {
        addProblem(flags, region, expectedText("0x4 (meta)", hexText(stated)));
    } else if (m_id.value > 1 && stated == format::kMetaFlag) {
        addProblem(flags, region, "expected a meta only on pages 0 and 1, found 0x4 (meta)");
    } else if (m_id.value <= 1 && stated != format::kMetaFlag) {
        addProblem(flags, region, expectedText("0x4 (meta) on this page", hexText(stated)));
    }
    const bool hasNoOverflow = region.isInline() || m_out.type == PageType::Meta;
    if (hasNoOverflow && field(overflow).number != 0) {
        addProblem(overflow, region, expectedText("0", field(overflow).number));
    }
}

void RunDecoder::decodeBody(Region& region) {
    switch (m_out.type) {
    case PageType::Meta: decodeMeta(region); break;
    case PageType::Freelist: decodeFreelist(region); break;
    case PageType::Branch: decodeElements(region, false); break;
    case PageType::Leaf: decodeElements(region, true); break;
    case PageType::Unknown: decodeUndecodable(region); return;
    }
    fillGaps(region);
}

// What is left of a region whose type is not known: zeros are just zeros, anything else is a
// riddle.
void RunDecoder::decodeUndecodable(Region& region) {
    const ByteRange rest{std::max(region.bounds.begin, region.claims.end()), region.bounds.end};
    if (rest.isEmpty()) {
        return;
    }
    const Bytes bytes = slice(rest);
    const bool isBlank =
        std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
    const std::int32_t body =
        addLeaf(isBlank ? FieldKind::Unused : FieldKind::Unexplained, rest, region.parent, -1);
    if (!isBlank) {
        addProblem(body, region,
                   "expected the body of a branch, leaf, meta or freelist page, found " +
                       std::to_string(rest.size()) +
                       " bytes behind a header that names none of them");
    }
}

// Collects the leaf fields in byte order. They do not overlap, so the order is that of their
// begins.
void RunDecoder::finish() {
    const auto begin = [this](std::uint32_t index) { return m_out.fields[index].range.begin; };
    const auto earlier = [&begin](std::uint32_t a, std::uint32_t b) { return begin(a) < begin(b); };
    m_out.leaves.reserve(m_out.fields.size());
    for (std::uint32_t i = 0; i < m_out.fields.size(); ++i) {
        const Field& candidate = m_out.fields[i];
        if (!isGroup(candidate.kind) && !candidate.range.isEmpty()) {
            m_out.leaves.push_back(i);
        }
    }
    if (!std::is_sorted(m_out.leaves.begin(), m_out.leaves.end(), earlier)) {
        std::sort(m_out.leaves.begin(), m_out.leaves.end(), earlier);
    }
}

} // namespace pagescape::inspect
