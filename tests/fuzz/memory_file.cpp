// SPDX-License-Identifier: MIT
#include "fuzz/memory_file.h"

#include "format/byte_order.h"
#include "format/checksum.h"
#include "fuzz/fuzz_input.h"
#include "pagescape/format.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <string>

namespace pagescape::fuzz {

namespace {

constexpr std::uint64_t kMetaEnd = format::kMetaAt + format::kMetaSize;

void seal(std::vector<std::byte>& file, std::uint64_t at) {
    if (at > file.size() || file.size() - at < kMetaEnd) {
        return;
    }
    const std::uint64_t sum = format::fnv1a64(
        Bytes(file).subspan(at + format::kMetaChecksummed.begin, format::kMetaChecksummed.size()));
    std::memcpy(file.data() + at + format::kMetaChecksumAt, &sum, sizeof sum);
}

// One file for all inputs: making one costs more than most inputs do.
int memoryFile() {
    static const int kFile = memfd_create("pagescape-fuzz", MFD_CLOEXEC);
    require(kFile >= 0, "memfd_create failed");
    return kFile;
}

} // namespace

std::vector<std::byte> mendInput(Bytes input) {
    std::vector<std::byte> file(input.begin(), input.end());
    if (file.size() >= kMetaEnd) {
        const auto choice = std::to_integer<unsigned>(file.back());
        if ((choice & 1U) != 0) {
            seal(file, 0);
        }
        if ((choice & 2U) != 0) {
            seal(file, format::load<std::uint32_t>(file.data() + format::kMetaPageSizeAt));
        }
    }
    return file;
}

std::shared_ptr<const PageFile> openInput(Bytes input) {
    const std::vector<std::byte> file = mendInput(input);
    const int fd = memoryFile();
    require(ftruncate(fd, 0) == 0, "ftruncate failed");
    for (std::size_t at = 0; at < file.size();) {
        const ssize_t written =
            pwrite(fd, file.data() + at, file.size() - at, static_cast<off_t>(at));
        require(written > 0, "pwrite failed");
        at += static_cast<std::size_t>(written);
    }
    auto opened = PageFile::open("/proc/self/fd/" + std::to_string(fd));
    if (!opened) {
        return nullptr;
    }
    return std::make_shared<const PageFile>(std::move(*opened));
}

} // namespace pagescape::fuzz
