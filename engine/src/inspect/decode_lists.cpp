// SPDX-License-Identifier: MIT
// RunDecoder: the two kinds of page without elements, meta and freelist.
#include "format/byte_order.h"
#include "format/checksum.h"
#include "inspect/run_decoder.h"
#include "inspect/text.h"
#include "pagescape/format.h"

#include <algorithm>
#include <array>

namespace pagescape::inspect {

namespace {

struct MetaScalar {
    FieldKind kind;
    std::uint32_t at;
    std::uint32_t size;
};

constexpr std::array<MetaScalar, 10> kMetaScalars = {{
    {FieldKind::Magic, format::kMetaMagicAt, 4},
    {FieldKind::Version, format::kMetaVersionAt, 4},
    {FieldKind::PageSizeField, format::kMetaPageSizeAt, 4},
    {FieldKind::MetaFlags, format::kMetaFlagsAt, 4},
    {FieldKind::Root, format::kMetaRootAt, 8},
    {FieldKind::RootSequence, format::kMetaRootSequenceAt, 8},
    {FieldKind::FreelistId, format::kMetaFreelistAt, 8},
    {FieldKind::HighWater, format::kMetaHighWaterAt, 8},
    {FieldKind::TxIdField, format::kMetaTxIdAt, 8},
    {FieldKind::Checksum, format::kMetaChecksumAt, 8},
}};

// What `surgery meta update` of bbolt sets; the library itself writes 0 and reads neither.
constexpr std::uint64_t kSurgeryMetaFlags = 4;

} // namespace

void RunDecoder::decodeMeta(Region& region) {
    const std::uint64_t end =
        std::min<std::uint64_t>(region.bounds.end, format::kMetaAt + format::kMetaSize);
    if (end <= format::kMetaAt) {
        return;
    }
    const std::int32_t meta = addGroup(FieldKind::Meta, {format::kMetaAt, end}, region.parent, -1);
    for (const MetaScalar& scalar : kMetaScalars) {
        if (scalar.at + scalar.size > end) {
            addProblem(meta, region,
                       expectedText("64 bytes of meta", std::to_string(end - format::kMetaAt)));
            break;
        }
        if (scalar.size == 4) {
            addScalar<std::uint32_t>(region, scalar.kind, scalar.at, meta);
        } else {
            addScalar<std::uint64_t>(region, scalar.kind, scalar.at, meta);
        }
    }
    shrinkToChildren(meta);
    checkMeta(region);
}

void RunDecoder::checkMeta(const Region& region) {
    const auto complain = [&](FieldKind kind, const auto& isGood, const std::string& expected,
                              bool asHex = false) {
        const std::int32_t index = m_out.find(kind);
        if (index < 0 || isGood(field(index).number)) {
            return;
        }
        const std::uint64_t found = field(index).number;
        addProblem(index, region,
                   expectedText(expected, asHex ? hexText(found) : std::to_string(found)));
    };
    const std::int32_t mark = m_out.find(FieldKind::HighWater);
    const std::uint64_t highWater = mark < 0 ? UINT64_MAX : field(mark).number;
    const auto isPage = [=](std::uint64_t id) { return id >= 2 && id < highWater; };
    const std::string aPage =
        "a page from 2 up to the high-water mark " + std::to_string(highWater);

    complain(
        FieldKind::Magic, [](auto n) { return n == format::kMagic; }, hexText(format::kMagic),
        true);
    complain(
        FieldKind::Version, [](auto n) { return n == format::kVersion; }, "2");
    complain(
        FieldKind::PageSizeField, [this](auto n) { return n == m_out.pageSize; },
        std::to_string(m_out.pageSize) + " as in the rest of the file");
    complain(
        FieldKind::MetaFlags, [](auto n) { return n == 0 || n == kSurgeryMetaFlags; }, "0", true);
    complain(FieldKind::Root, isPage, aPage);
    complain(
        FieldKind::FreelistId, [&](auto n) { return n == format::kNoFreelist || isPage(n); },
        aPage + ", or " + hexText(format::kNoFreelist) + " for none");
    complain(
        FieldKind::HighWater, [](auto n) { return n > 2; }, "more than 2, the number of metas");
    if (m_out.find(FieldKind::Checksum) >= 0) {
        const std::uint64_t computed = format::fnv1a64(slice(format::kMetaChecksummed));
        complain(
            FieldKind::Checksum, [=](auto n) { return n == computed; },
            hexText(computed) + ", computed over bytes 16 to 71", true);
    }
}

void RunDecoder::decodeFreelist(Region& region) {
    constexpr std::uint64_t kIdSize = sizeof(std::uint64_t);
    const std::uint64_t room = (region.bounds.end - format::kPageHeaderSize) / kIdSize;
    const bool isEscaped = m_out.count == format::kFreelistCountEscape;
    std::uint64_t at = format::kPageHeaderSize;
    std::uint64_t stated = m_out.count;
    std::uint64_t fits = room;
    std::int32_t counter = region.header + 3;
    if (isEscaped) {
        if (room == 0) {
            addProblem(counter, region,
                       "expected the number of ids behind the header, found no room for it");
            return;
        }
        counter = addScalar<std::uint64_t>(region, FieldKind::FreelistCount, at, region.parent);
        stated = field(counter).number;
        at += kIdSize;
        fits -= 1;
    }
    if (stated > fits && !(m_isPartial && stated <= (region.statedEnd - at) / kIdSize)) {
        addProblem(
            counter, region,
            expectedText("at most " + std::to_string(fits) + " ids, which fit the page", stated));
    }
    const std::uint64_t count = std::min(stated, fits);
    if (count == 0) {
        return;
    }
    const std::int32_t array =
        addGroup(FieldKind::ElementArray, {at, at + count * kIdSize}, region.parent, -1);
    m_out.fields.reserve(m_out.fields.size() + static_cast<std::size_t>(count) + 4);
    std::uint64_t before = 0;
    for (std::uint64_t i = 0; i < count; ++i, at += kIdSize) {
        const std::int32_t entry = addScalar<std::uint64_t>(region, FieldKind::FreelistEntry, at,
                                                            array, static_cast<std::int32_t>(i));
        checkFreelistEntry(region, entry, before);
        before = field(entry).number;
    }
}

void RunDecoder::checkFreelistEntry(const Region& region, std::int32_t entry,
                                    std::uint64_t before) {
    const std::uint64_t id = field(entry).number;
    if (id < 2) {
        addProblem(entry, region, expectedText("a page that can be free, 2 or more", id));
    } else if (id == m_id.value) {
        addProblem(entry, region, expectedText("another page than the list's own", id));
    } else if (id <= before) {
        addProblem(entry, region,
                   expectedText("more than " + std::to_string(before) + " before it", id));
    }
}

} // namespace pagescape::inspect
