// SPDX-License-Identifier: MIT
// RunDecoder: adding fields, claiming their bytes, and naming what nobody claimed.
#include "format/byte_order.h"
#include "inspect/run_decoder.h"
#include "inspect/text.h"

#include <algorithm>

namespace pagescape::inspect {

namespace {

// A page of garbage can have a problem in every field. Beyond this many the text is short enough to
// need no allocation, which keeps time and memory for such a page in bounds.
constexpr std::size_t kMaxProblemTexts = 10000;
constexpr const char* kFurtherProblem = "also damaged";

bool isZero(std::byte value) {
    return value == std::byte{0};
}

} // namespace

std::int32_t RunDecoder::addGroup(FieldKind kind, ByteRange range, std::int32_t parent,
                                  std::int32_t element) {
    return addLeaf(kind, range, parent, element);
}

std::int32_t RunDecoder::addLeaf(FieldKind kind, ByteRange range, std::int32_t parent,
                                 std::int32_t element) {
    Field& added = m_out.fields.emplace_back();
    added.kind = kind;
    added.range = range;
    added.parent = parent;
    added.element = element;
    if (parent >= 0) {
        added.level = static_cast<std::uint16_t>(field(parent).level + 1);
    }
    return static_cast<std::int32_t>(m_out.fields.size() - 1);
}

template <typename T>
std::int32_t RunDecoder::addScalar(Region& region, FieldKind kind, std::uint64_t at,
                                   std::int32_t parent, std::int32_t element) {
    const std::int32_t added = claim(region, kind, {at, at + sizeof(T)}, parent, element);
    field(added).number = format::load<T>(m_run.data() + at);
    return added;
}
template std::int32_t RunDecoder::addScalar<std::uint16_t>(Region&, FieldKind, std::uint64_t,
                                                           std::int32_t, std::int32_t);
template std::int32_t RunDecoder::addScalar<std::uint32_t>(Region&, FieldKind, std::uint64_t,
                                                           std::int32_t, std::int32_t);
template std::int32_t RunDecoder::addScalar<std::uint64_t>(Region&, FieldKind, std::uint64_t,
                                                           std::int32_t, std::int32_t);

// `wanted` lies inside the region. Not all of it may be free: then the field is clipped and says
// so.
std::int32_t RunDecoder::claim(Region& region, FieldKind kind, ByteRange wanted,
                               std::int32_t parent, std::int32_t element) {
    const ByteRange got = region.claims.take(wanted);
    const std::int32_t added = addLeaf(kind, got, parent, element);
    m_out.usedBytes += got.size();
    if (got != wanted) {
        addProblem(added, region,
                   "expected bytes " + rangeText(wanted) + " to be this " +
                       std::string(fieldName(kind)) +
                       " alone, found them shared with an earlier field; " +
                       (got.isEmpty() ? std::string("none are left for it")
                                      : "bytes " + rangeText(got) + " are left for it"));
    }
    return added;
}

// A group that was added before its children were known takes the range they cover.
void RunDecoder::shrinkToChildren(std::int32_t group) {
    std::uint64_t begin = UINT64_MAX;
    std::uint64_t end = 0;
    for (auto i = static_cast<std::size_t>(group) + 1; i < m_out.fields.size(); ++i) {
        const Field& child = m_out.fields[i];
        if (child.parent == group && !child.range.isEmpty()) {
            begin = std::min(begin, child.range.begin);
            end = std::max(end, child.range.end);
        }
    }
    if (begin < end) {
        field(group).range = {begin, end};
    }
}

void RunDecoder::fillGaps(Region& region) {
    const std::uint64_t usedEnd =
        std::clamp(region.claims.end(), region.bounds.begin, region.bounds.end);
    for (const ByteRange gap : region.claims.gaps({region.bounds.begin, usedEnd})) {
        addLeaf(FieldKind::Slack, gap, region.parent, -1);
    }
    addTail({usedEnd, region.bounds.end}, region);
}

// Behind the last used byte bolt writes zeros: zeros, then what should not be there, then zeros
// again.
void RunDecoder::addTail(ByteRange tail, const Region& region) {
    const Bytes bytes = slice(tail);
    const auto first = std::find_if_not(bytes.begin(), bytes.end(), isZero);
    if (first == bytes.end()) {
        if (!tail.isEmpty()) {
            addLeaf(FieldKind::Unused, tail, region.parent, -1);
        }
        return;
    }
    const auto last = std::find_if_not(bytes.rbegin(), bytes.rend(), isZero).base();
    const ByteRange filled{tail.begin + static_cast<std::uint64_t>(first - bytes.begin()),
                           tail.begin + static_cast<std::uint64_t>(last - bytes.begin())};
    if (filled.begin > tail.begin) {
        addLeaf(FieldKind::Unused, {tail.begin, filled.begin}, region.parent, -1);
    }
    const std::int32_t odd = addLeaf(FieldKind::Unexplained, filled, region.parent, -1);
    addProblem(odd, region,
               "expected zeros behind the last used byte, found " + std::to_string(filled.size()) +
                   " bytes that nothing refers to");
    if (filled.end < tail.end) {
        addLeaf(FieldKind::Unused, {filled.end, tail.end}, region.parent, -1);
    }
}

void RunDecoder::addProblem(std::int32_t index, const Region& region, const std::string& text) {
    Field& damaged = field(index);
    if (++m_problemCount > kMaxProblemTexts) {
        if (damaged.problem.empty()) {
            damaged.problem = kFurtherProblem;
        }
        return;
    }
    if (damaged.problem.empty()) {
        damaged.problem = place(damaged.range.begin, damaged.element, region.outer) + ": " + text;
    } else {
        damaged.problem += "; " + text;
    }
}

void RunDecoder::addPageProblem(std::uint64_t at, const std::string& text) {
    m_out.problems.push_back(place(at, -1, -1) + ": " + text);
}

std::string RunDecoder::place(std::uint64_t at, std::int32_t element, std::int32_t outer) const {
    std::string out = "page " + std::to_string(m_id.value);
    if (outer >= 0) {
        out += ", element " + std::to_string(outer) + ", inline page";
    }
    if (element >= 0) {
        out += ", element " + std::to_string(element);
    }
    return out + ", byte " + std::to_string(at) + " of the page";
}

} // namespace pagescape::inspect
