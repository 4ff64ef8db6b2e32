// SPDX-License-Identifier: MIT
// Making a database of a file that holds none yet: an empty one, or one that a crash left while it
// was being made. bolt refuses the latter for ever (etcd issue 16596).
#include "store/new_file.h"

#include "format/byte_order.h"
#include "format/meta.h"
#include "pagescape/crash.h"
#include "store/store_error.h"
#include "store/store_state.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace pagescape {

namespace {

constexpr std::uint64_t kPages = 4;
constexpr std::size_t kSector = kSectorSize;
using Sector = std::array<std::byte, kSector>;

// How the pages of a new file begin; behind that there are only zeros.
std::array<Sector, kPages> newPageStarts(std::uint32_t pageSize) {
    std::array<Sector, kPages> starts = {};
    MetaFields fields;
    fields.pageSize = pageSize;
    fields.freelist = PageId{2};
    fields.root = PageId{3};
    fields.highWater = PageId{kPages};
    for (std::uint64_t i = 0; i < 2; ++i) {
        fields.txid = TxId{i};
        static_cast<void>(format::storeMeta(starts[i], PageId{i}, fields));
    }
    const auto storeEmpty = [&](std::size_t page, std::uint16_t flags) {
        std::byte* const at = starts[page].data();
        format::store<std::uint64_t>(at + format::kHeaderIdAt, page);
        format::store<std::uint16_t>(at + format::kHeaderFlagsAt, flags);
    };
    storeEmpty(2, format::kFreelistFlag);
    storeEmpty(3, format::kLeafFlag);
    return starts;
}

// Whether the file holds nothing but sectors of that new file and of zeros, and not all of it.
bool isPartOfNew(std::uint32_t pageSize, Bytes file) {
    constexpr Sector kZeros = {};
    const std::uint64_t whole = kPages * pageSize;
    if (file.size() > whole) {
        return false;
    }
    const auto starts = newPageStarts(pageSize);
    bool isWhole = file.size() == whole;
    for (std::size_t at = 0; at < file.size(); at += kSector) {
        const std::size_t size = std::min(kSector, file.size() - at);
        const Sector& made = at % pageSize == 0 ? starts[at / pageSize] : kZeros;
        if (std::memcmp(file.data() + at, made.data(), size) != 0) {
            if (std::memcmp(file.data() + at, kZeros.data(), size) != 0) {
                return false;
            }
            isWhole = false;
        }
    }
    return !isWhole;
}

// The page size of a file that was being made when power or program ended. Nobody's data is in it:
// not one byte differs from those of the new file that are not zero.
Result<std::optional<std::uint32_t>> unfinishedPageSize(StorageFile& file, std::uint64_t size,
                                                        std::uint32_t wanted) {
    std::optional<std::uint32_t> none;
    if (size > kPages * format::kLargestPageSize) {
        return none;
    }
    std::vector<std::byte> head(std::min<std::uint64_t>(size, kSector));
    if (const auto got = file.readAt(0, head); !got) {
        return fail(got.error());
    }
    // Most files that are no database end here: the first sector is a meta or was not written.
    const bool isZero =
        std::all_of(head.begin(), head.end(), [](std::byte each) { return each == std::byte{0}; });
    if (size >= kSector && !isZero && !format::readMeta(head, PageId{0}, 0).isValid()) {
        return none;
    }
    std::vector<std::byte> bytes(size);
    const auto read = file.readAt(0, bytes);
    if (!read) {
        return fail(read.error());
    }
    bytes.resize(*read);
    if (isNewPageSize(wanted) && isPartOfNew(wanted, bytes)) {
        return wanted;
    }
    for (std::uint32_t each = format::kSmallestPageSize; each <= format::kLargestPageSize;
         each *= 2) {
        if (isPartOfNew(each, bytes)) {
            return each;
        }
    }
    return none;
}

} // namespace

Error wrongPageSize(std::uint32_t pageSize) {
    return storeError(ErrorCode::PageSizeUnsupported,
                      "A page size of " + std::to_string(pageSize) +
                          " bytes cannot be written; expected a power of two from " +
                          std::to_string(format::kSmallestPageSize) + " to " +
                          std::to_string(format::kLargestPageSize));
}

std::vector<std::byte> newFileImage(std::uint32_t pageSize) {
    std::vector<std::byte> bytes(kPages * pageSize);
    const auto starts = newPageStarts(pageSize);
    for (std::size_t page = 0; page < kPages; ++page) {
        std::ranges::copy(starts[page],
                          bytes.begin() + static_cast<std::ptrdiff_t>(page * pageSize));
    }
    return bytes;
}

std::uint32_t Store::State::newPageSize() const {
    return options.pageSize != 0 ? options.pageSize
                                 : static_cast<std::uint32_t>(::sysconf(_SC_PAGESIZE));
}

Result<void> Store::State::initialise(std::uint32_t size) {
    if (options.readOnly) {
        return fail(storeError(
            ErrorCode::EmptyFile, "The file is empty (0 bytes)",
            "A program that was stopped while creating the database leaves such a file."));
    }
    if (!isNewPageSize(size)) {
        return fail(wrongPageSize(size));
    }
    const std::vector<std::byte> bytes = newFileImage(size);
    const std::array<Bytes, 1> parts{bytes};
    auto done = file->writeAt(0, parts);
    if (done) {
        done = file->syncData();
    }
    if (done) {
        done = file->syncDirectory();
    }
    if (!done) { // others refuse half of a file, but take an empty one
        static_cast<void>(file->resize(0));
    }
    fileSize = bytes.size();
    return done;
}

Result<bool> Store::State::finishNewFile() {
    if (options.readOnly) {
        return false;
    }
    const auto size = unfinishedPageSize(*file, fileSize, newPageSize());
    if (!size) {
        return fail(size.error());
    }
    if (!*size) {
        return false;
    }
    auto made = initialise(**size);
    return made ? Result<bool>(true) : fail(made.error());
}

} // namespace pagescape
