// SPDX-License-Identifier: MIT
// Short words for the tests of inspect: decode a page of a built file, look up a field.
#pragma once

#include "pagescape/format.h"
#include "pagescape/inspect.h"
#include "support/page_builder.h"
#include "support/page_partition.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

namespace pagescape::test {

inline constexpr std::uint32_t kPageSize = 1024;

/// Decodes page `id` of a built file, with `pages` pages of run. Ends the program when the fields
/// are no partition: no test can go on then.
[[nodiscard]] inline PageDescription inspectBuilt(FileBuilder& file, std::uint64_t id,
                                                  std::uint64_t pages = 1,
                                                  std::uint32_t pageSize = kPageSize) {
    const Bytes run = Bytes(file.bytes()).subspan(file.at(id), pages * pageSize);
    PageDescription page = inspectPage(run, PageId{id}, pageSize);
    const std::string fault = partitionFault(page, run.size());
    if (!fault.empty()) {
        std::fprintf(stderr, "no partition: %s\n", fault.c_str());
        std::abort();
    }
    return page;
}

/// The first field of that kind for an element of the page itself, or null.
[[nodiscard]] inline const Field* fieldOf(const PageDescription& page, FieldKind kind,
                                          std::int32_t element = -1) {
    const std::int32_t index = page.find(kind, element);
    return index < 0 ? nullptr : &page.fields[static_cast<std::size_t>(index)];
}

/// Seconds of processor time since the program began: unlike a clock on the wall, it does not run
/// while others use the processor.
[[nodiscard]] inline double processorSeconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// An inline bucket value: header with root 0, then a leaf page image.
[[nodiscard]] inline std::string inlineBucket(const std::vector<FileBuilder::Pair>& pairs,
                                              std::uint64_t sequence = 0) {
    FileBuilder image(512, 1);
    image.leaf(0, pairs);
    std::size_t used = format::kPageHeaderSize + pairs.size() * format::kElementSize;
    for (const auto& pair : pairs) {
        used += pair.key.size() + pair.value.size();
    }
    return FileBuilder::bucketValue(0, sequence) + toString(Bytes(image.bytes()).first(used));
}

} // namespace pagescape::test
