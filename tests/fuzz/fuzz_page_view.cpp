// SPDX-License-Identifier: MIT
// PageView on any bytes: all it hands out lies inside them. Input: the bytes of a page run.
#include "format/page_view.h"
#include "fuzz/fuzz_input.h"

#include <algorithm>
#include <vector>

using namespace pagescape;

namespace {

// Touches every byte, so that one outside the run is seen by the address sanitizer.
void requireInside(Bytes inner, Bytes run) {
    unsigned sum = 0;
    for (const std::byte b : inner) {
        sum += std::to_integer<unsigned>(b);
    }
    volatile unsigned sink = sum;
    static_cast<void>(sink);
    fuzz::require(inner.size() <= run.size(), "a slice is longer than the run");
}

void readElement(const format::PageView& page, std::uint32_t index, bool touch) {
    const Bytes run = page.bytes();
    const auto leaf = page.leaf(index);
    const auto branch = page.branch(index);
    if (leaf && touch) {
        requireInside(leaf->key, run);
        requireInside(leaf->value, run);
        if (const auto bucket = format::readBucketHeader(leaf->value)) {
            const format::PageView inlinePage(bucket->inlinePage);
            for (std::uint32_t i = 0; i < std::min<std::uint32_t>(inlinePage.count(), 64); ++i) {
                if (const auto inner = inlinePage.leaf(i)) {
                    requireInside(inner->key, bucket->inlinePage);
                    requireInside(inner->value, bucket->inlinePage);
                }
            }
        }
    }
    if (branch && touch) {
        requireInside(branch->key, run);
    }
    fuzz::require(!leaf || page.leafFlags(index) == leaf->flags, "leafFlags disagrees with leaf");
    fuzz::require(!branch || page.child(index) == branch->child, "child disagrees with branch");
    const auto key = page.key(index);
    fuzz::require(key.has_value() == (page.isBranch() ? branch.has_value() : leaf.has_value()),
                  "key disagrees with the element");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes input = fuzz::asInput(data, size);
    // An odd address, as inline pages have it; a copy of its own, so that its end is guarded.
    std::vector<std::byte> shifted(input.size() + 1);
    std::copy(input.begin(), input.end(), shifted.begin() + 1);
    for (const Bytes run : {input, Bytes(shifted).subspan(1)}) {
        const format::PageView page(run);
        // Two elements beyond the table's end are enough: further ones are refused by the same
        // test.
        const auto reach = static_cast<std::uint32_t>(run.size() / format::kElementSize) + 2;
        for (std::uint32_t i = 0; i < std::min(page.count(), reach); ++i) {
            // Elements may share bytes: reading all of them for each would be quadratic.
            readElement(page, i, i < 64);
        }
        readElement(page, page.count(), true);
        readElement(page, UINT32_MAX, true);
        const auto used = page.usedBytes();
        fuzz::require(!used ||
                          *used <= std::max<std::uint64_t>(run.size(), format::kPageHeaderSize),
                      "more bytes used than there are");
        if (page.elementTableFits() && page.count() > 0) {
            fuzz::require(page.child(page.count() - 1).has_value(), "a fitting element is missing");
        }
    }
    return 0;
}
