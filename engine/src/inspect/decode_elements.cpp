// SPDX-License-Identifier: MIT
// RunDecoder: pages with elements. The element array first, then keys and values in element order,
// and with the values the nested buckets.
#include "format/byte_order.h"
#include "inspect/run_decoder.h"
#include "inspect/text.h"
#include "pagescape/format.h"

#include <algorithm>

namespace pagescape::inspect {

using namespace format;

void RunDecoder::decodeElements(Region& region, bool isLeaf) {
    countElements(region);
    if (region.count == 0) {
        return;
    }
    const std::uint64_t at = region.bounds.begin + kPageHeaderSize;
    const ByteRange table{at, at + std::uint64_t{region.count} * kElementSize};
    const std::int32_t array = addGroup(FieldKind::ElementArray, table, region.parent, -1);
    for (std::uint32_t i = 0; i < region.count; ++i) {
        addElement(region, readSlot(region, i, isLeaf), array, isLeaf);
    }
    Bytes keyBefore;
    for (std::uint32_t i = 0; i < region.count; ++i) {
        keyBefore = addData(region, readSlot(region, i, isLeaf), keyBefore, isLeaf);
    }
}

void RunDecoder::countElements(Region& region) {
    const std::int32_t counter = region.header + 3;
    const std::uint64_t stated = field(counter).number;
    const std::uint64_t room = region.bounds.size() - kPageHeaderSize;
    const std::uint64_t fits = room / kElementSize;
    const std::uint64_t statedRoom = region.statedEnd - region.bounds.begin - kPageHeaderSize;
    region.count = static_cast<std::uint32_t>(std::min(stated, fits));
    if (stated > statedRoom / kElementSize) {
        addProblem(counter, region,
                   expectedText("at most " + std::to_string(fits) + " elements, which fit the " +
                                    std::to_string(region.bounds.size()) + " bytes",
                                stated));
    }
    if (!region.isInline() && m_out.type == PageType::Branch && stated == 0) {
        addPageProblem(kHeaderCountAt, "expected a branch with at least one element, found none");
    }
    // Four scalars and their group, a pair with key and value.
    constexpr std::size_t kFieldsPerElement = 8;
    if (!region.isInline()) {
        m_out.fields.reserve(m_out.fields.size() + region.count * kFieldsPerElement + 4);
    }
}

RunDecoder::Slot RunDecoder::readSlot(const Region& region, std::uint32_t index,
                                      bool isLeaf) const {
    Slot slot;
    slot.at = region.bounds.begin + kPageHeaderSize + std::uint64_t{index} * kElementSize;
    slot.index = static_cast<std::int32_t>(index);
    const std::byte* bytes = m_run.data() + slot.at;
    if (isLeaf) {
        slot.flags = load<std::uint32_t>(bytes + kLeafFlagsAt);
        slot.pos = load<std::uint32_t>(bytes + kLeafPosAt);
        slot.keySize = load<std::uint32_t>(bytes + kLeafKeySizeAt);
        slot.valueSize = load<std::uint32_t>(bytes + kLeafValueSizeAt);
    } else {
        slot.pos = load<std::uint32_t>(bytes + kBranchPosAt);
        slot.keySize = load<std::uint32_t>(bytes + kBranchKeySizeAt);
    }
    return slot;
}

void RunDecoder::addElement(Region& region, const Slot& slot, std::int32_t array, bool isLeaf) {
    const std::int32_t element =
        addGroup(FieldKind::Element, {slot.at, slot.at + kElementSize}, array, slot.index);
    const auto add32 = [&](FieldKind kind, std::uint32_t at) {
        addScalar<std::uint32_t>(region, kind, slot.at + at, element, slot.index);
    };
    if (isLeaf) {
        add32(FieldKind::ElementFlags, kLeafFlagsAt);
        add32(FieldKind::ElementPos, kLeafPosAt);
        add32(FieldKind::ElementKeySize, kLeafKeySizeAt);
        add32(FieldKind::ElementValueSize, kLeafValueSizeAt);
    } else {
        add32(FieldKind::ElementPos, kBranchPosAt);
        add32(FieldKind::ElementKeySize, kBranchKeySizeAt);
        addScalar<std::uint64_t>(region, FieldKind::ElementChild, slot.at + kBranchChildAt, element,
                                 slot.index);
    }
    checkSlot(region, slot, element, isLeaf);
}

void RunDecoder::checkSlot(const Region& region, const Slot& slot, std::int32_t element,
                           bool isLeaf) {
    const std::int32_t pos = element + (isLeaf ? 2 : 1);
    const std::int32_t keySize = pos + 1;
    if (isLeaf) {
        const std::int32_t flags = element + 1;
        if ((slot.flags & ~kBucketElementFlag) != 0) {
            addProblem(flags, region,
                       expectedText("0 (a value) or 1 (a bucket)", hexText(slot.flags)));
        } else if (region.isInline() && slot.flags != 0) {
            addProblem(flags, region, "expected no bucket inside an inline bucket, found one");
        }
    } else {
        const std::int32_t child = element + 3;
        const std::uint64_t id = field(child).number;
        if (id < 2) {
            addProblem(child, region, expectedText("a page of 2 or more", id));
        } else if (id == m_id.value) {
            addProblem(child, region, expectedText("another page than this one", id));
        }
    }
    if (slot.keySize == 0) {
        addProblem(keySize, region, "expected a key of at least 1 byte, found 0");
    } else if (slot.keySize > kMaxKeySize) {
        addProblem(keySize, region,
                   expectedText("a key of at most " + std::to_string(kMaxKeySize) + " bytes",
                                slot.keySize));
    }
    checkReach(region, slot, pos, isLeaf);
}

// Names the first of pos, key size and value size that leads out of the room for data.
void RunDecoder::checkReach(const Region& region, const Slot& slot, std::int32_t pos, bool isLeaf) {
    const std::uint64_t tableEnd =
        region.bounds.begin + kPageHeaderSize + std::uint64_t{region.count} * kElementSize;
    const std::uint64_t leastPos = tableEnd - slot.at;
    const std::uint64_t room = region.statedEnd - slot.at; // the element itself lies inside
    const std::string end = std::to_string(region.statedEnd);
    if (slot.pos < leastPos && slot.keySize + std::uint64_t{slot.valueSize} > 0) {
        addProblem(pos, region,
                   expectedText("at least " + std::to_string(leastPos) +
                                    " to get behind the element array",
                                slot.pos));
    } else if (slot.pos > room) {
        addProblem(pos, region,
                   expectedText("at most " + std::to_string(room) + " to stay before byte " + end,
                                slot.pos));
    } else if (slot.keySize > room - slot.pos) {
        addProblem(pos + 1, region,
                   expectedText("at most " + std::to_string(room - slot.pos) +
                                    " bytes of key to stay before byte " + end,
                                slot.keySize));
    } else if (isLeaf && slot.valueSize > room - slot.pos - slot.keySize) {
        addProblem(pos + 2, region,
                   expectedText("at most " + std::to_string(room - slot.pos - slot.keySize) +
                                    " bytes of value to stay before byte " + end,
                                slot.valueSize));
    }
}

// Adds key and value of one element, as far as they lie inside the region. Returns the key when all
// of it is there and its own, else the key it was given: comparing only whole keys keeps the
// comparisons linear, however many elements point at the same long key.
Bytes RunDecoder::addData(Region& region, const Slot& slot, Bytes keyBefore, bool isLeaf) {
    const std::uint64_t end = region.bounds.end;
    if (slot.pos >= end - slot.at) {
        // Only the empty key and value at the very end of the page lie there, and they have no
        // bytes.
        return keyBefore;
    }
    const std::uint64_t keyAt = slot.at + slot.pos;
    const ByteRange wantedKey{keyAt, keyAt + std::min<std::uint64_t>(slot.keySize, end - keyAt)};
    const std::int32_t pair =
        isLeaf ? addGroup(FieldKind::Pair, {keyAt, keyAt}, region.parent, slot.index)
               : region.parent;
    const std::int32_t key = claim(region, FieldKind::Key, wantedKey, pair, slot.index);
    if (isLeaf) {
        const std::uint64_t valueAt = wantedKey.end;
        const std::uint64_t valueSize = wantedKey.size() == slot.keySize
                                            ? std::min<std::uint64_t>(slot.valueSize, end - valueAt)
                                            : 0;
        addValue(region, slot, {valueAt, valueAt + valueSize}, pair);
        shrinkToChildren(pair);
    }
    if (field(key).range.size() != slot.keySize || slot.keySize == 0) {
        return keyBefore;
    }
    const Bytes own = slice(wantedKey);
    if (!keyBefore.empty() && compareKeys(keyBefore, own) >= 0) {
        addProblem(key, region,
                   "expected a key greater than the one before it, found one that is not");
    }
    return own;
}

void RunDecoder::addValue(Region& region, const Slot& slot, ByteRange wanted, std::int32_t pair) {
    const bool isBucket = (slot.flags & kBucketElementFlag) != 0 && !region.isInline();
    if (!isBucket) {
        claim(region, FieldKind::Value, wanted, pair, slot.index);
        return;
    }
    // Decoding only what no earlier field has keeps the work linear in the page.
    const bool isWhole = wanted.size() == slot.valueSize && region.claims.isFree(wanted);
    if (isWhole && slot.valueSize >= kBucketHeaderSize) {
        addBucketValue(region, slot, wanted, pair);
        return;
    }
    const std::int32_t value = claim(region, FieldKind::Value, wanted, pair, slot.index);
    if (slot.valueSize < kBucketHeaderSize) {
        addProblem(
            value, region,
            expectedText("a bucket header of 16 bytes", std::to_string(slot.valueSize) + " bytes"));
    } else if (!(m_isPartial && wanted.size() != slot.valueSize)) {
        addProblem(value, region,
                   "expected a whole bucket header, found it damaged; it was not decoded");
    }
}

void RunDecoder::addBucketValue(Region& region, const Slot& slot, ByteRange value,
                                std::int32_t pair) {
    const std::int32_t bucket = addGroup(FieldKind::BucketValue, value, pair, slot.index);
    const std::int32_t root = addScalar<std::uint64_t>(
        region, FieldKind::BucketRoot, value.begin + kBucketRootAt, bucket, slot.index);
    addScalar<std::uint64_t>(region, FieldKind::BucketSequence, value.begin + kBucketSequenceAt,
                             bucket, slot.index);
    const std::uint64_t rootId = field(root).number;
    const ByteRange rest{value.begin + kBucketHeaderSize, value.end};
    if (rootId == 0 && rest.size() >= kPageHeaderSize) {
        region.claims.take(rest);
        addInlinePage(slot, rest, bucket);
        return;
    }
    if (rootId == 0) {
        addProblem(root, region,
                   expectedText("an inline page of at least 16 bytes behind root 0",
                                std::to_string(rest.size()) + " bytes"));
    } else if (rootId == 1 || rootId == m_id.value) {
        addProblem(root, region, expectedText("0 (inline) or the root page of a bucket", rootId));
    }
    if (!rest.isEmpty()) {
        region.claims.take(rest);
        const std::int32_t odd = addLeaf(FieldKind::Unexplained, rest, bucket, slot.index);
        if (rootId != 0) {
            addProblem(odd, region,
                       expectedText("nothing behind the 16 bytes of a bucket with root page " +
                                        std::to_string(rootId),
                                    std::to_string(rest.size()) + " bytes"));
        }
    }
}

// The page behind the header of an inline bucket: a leaf page without buckets, at any address.
void RunDecoder::addInlinePage(const Slot& slot, ByteRange range, std::int32_t parent) {
    Region inner;
    inner.bounds = range;
    inner.statedEnd = range.end;
    inner.parent = addGroup(FieldKind::InlinePage, range, parent, slot.index);
    inner.outer = slot.index;
    decodeHeader(inner);
    if (field(inner.header + 2).number == kLeafFlag) {
        decodeElements(inner, true);
        fillGaps(inner);
    } else {
        decodeUndecodable(inner);
    }
}

} // namespace pagescape::inspect
