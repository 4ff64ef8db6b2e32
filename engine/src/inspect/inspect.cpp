// SPDX-License-Identifier: MIT
// The two ways into the decoder: from bytes, and from a page of a file.
#include "pagescape/inspect.h"

#include "inspect/run_decoder.h"
#include "pagescape/format.h"

#include <algorithm>

namespace pagescape {

PageDescription inspectPage(Bytes run, PageId id, std::uint32_t pageSize) {
    return inspect::RunDecoder(run, id, pageSize, false).decode();
}

Result<InspectedPage> inspectPage(const PageFile& file, PageId id, std::uint64_t maxBytes) {
    const std::uint32_t pageSize = file.layout().pageSize;
    const auto beyond = [&] {
        Error error;
        error.code = ErrorCode::CorruptPage;
        error.page = id;
        error.text = "The page lies past the end of the file, which has " +
                     std::to_string(file.layout().pageCount) + " pages of " +
                     std::to_string(pageSize) + " bytes";
        error.hint = "Choose a page below " + std::to_string(file.layout().pageCount) + ".";
        return error;
    };
    // The file may have grown since it was opened, so only what cannot be an offset is refused
    // here.
    constexpr std::uint64_t kLargestOffset = INT64_MAX;
    if (pageSize == 0 || id.value > kLargestOffset / pageSize) {
        return fail(beyond());
    }
    const std::uint64_t at = id.value * pageSize;
    const std::uint64_t most =
        std::clamp<std::uint64_t>(maxBytes, format::kPageHeaderSize, kLargestOffset);
    const std::uint64_t firstSize = std::min<std::uint64_t>(pageSize, most);
    auto bytes = file.readBytes({at, at + firstSize});
    if (!bytes) {
        return fail(bytes.error());
    }
    if (bytes->empty()) {
        return fail(beyond());
    }

    const std::uint64_t stated = inspect::statedRunSize(*bytes, id, pageSize);
    const std::uint64_t wanted = std::min(stated, most);
    if (wanted > firstSize) {
        bytes = file.readBytes({at, at + wanted});
        if (!bytes) {
            return fail(bytes.error());
        }
    }
    // A short answer means that the file ends there; a full one that there is more than we asked
    // for.
    const bool isPartial = wanted < stated && bytes->size() == wanted;
    InspectedPage out;
    out.description = inspect::RunDecoder(*bytes, id, pageSize, isPartial).decode();
    out.bytes = std::move(*bytes);
    return out;
}

} // namespace pagescape
