// SPDX-License-Identifier: MIT
// inspectPage on any bytes, page size and page id: every byte belongs to exactly one leaf field.
// Input: a page run, and behind it one byte that chooses page size and page id. An input that is a
// plain page ends in 0, which stands for page 3 of 4096 bytes.
#include "fuzz/fuzz_input.h"
#include "pagescape/inspect.h"
#include "support/page_partition.h"

#include <array>

using namespace pagescape;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::array<std::uint32_t, 16> kPageSizes = {
        4096, 0, 1, 16, 17, 64, 80, 128, 256, 512, 1000, 1024, 2048, 3000, 131072, UINT32_MAX};
    constexpr std::array<std::uint64_t, 4> kIds = {3, 0, 1, UINT64_MAX};
    if (size == 0) {
        return 0;
    }
    const std::uint8_t choice = data[size - 1];
    const Bytes run = fuzz::asInput(data, size - 1);
    const PageDescription page =
        inspectPage(run, PageId{kIds[(choice >> 4U) % kIds.size()]}, kPageSizes[choice & 15U]);
    const std::string fault = test::partitionFault(page, run.size());
    fuzz::require(fault.empty(), fault.c_str());
    fuzz::require(page.usedBytes <= run.size(), "more bytes used than there are");
    for (const Field& field : page.fields) {
        const bool isGap = field.kind == FieldKind::Slack || field.kind == FieldKind::Unused ||
                           field.kind == FieldKind::Unexplained;
        fuzz::require(!isGap || !field.range.isEmpty(), "an empty gap");
    }
    return 0;
}
