// SPDX-License-Identifier: MIT
// PageView on any bytes: all it hands out lies inside them. Input: the bytes of a page run.
#include "format/page_view.h"
#include "fuzz/fuzz_input.h"

#include <sanitizer/asan_interface.h>

#include <algorithm>
#include <vector>

using namespace pagescape;

namespace {

// Asks the address sanitizer, which knows where the run ends, about every byte.
void requireInside(Bytes inner, Bytes run) {
    fuzz::require(inner.size() <= run.size(), "a slice is longer than the run");
    // Its parameter is not const, but it only looks.
    void* begin = const_cast<std::byte*>(inner.data());
    fuzz::require(__asan_region_is_poisoned(begin, inner.size()) == nullptr,
                  "a slice reaches out of the run");
}

void readElement(const format::PageView& page, std::uint32_t index, bool isDeep) {
    const Bytes run = page.bytes();
    const auto leaf = page.leaf(index);
    const auto branch = page.branch(index);
    if (leaf) {
        requireInside(leaf->key, run);
        requireInside(leaf->value, run);
    }
    if (leaf && isDeep) {
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
    if (branch) {
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
            // Elements may share an inline page: reading it for each would be quadratic.
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
