// SPDX-License-Identifier: MIT
#include "os/mapping.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace pagescape::os {

namespace {

int adviceFlag(MapAdvice advice) {
    switch (advice) {
    case MapAdvice::Random: return MADV_RANDOM;
    case MapAdvice::Sequential: return MADV_SEQUENTIAL;
    case MapAdvice::Normal: break;
    }
    return MADV_NORMAL;
}

} // namespace

Result<Mapping> Mapping::map(const File& file, std::uint64_t fileSize, std::uint64_t length,
                             MapAdvice advice, bool guard) {
    Mapping mapping;
    void* at = ::mmap(nullptr, length, PROT_READ, MAP_SHARED, file.descriptor(), 0);
    if (at == MAP_FAILED) {
        Error error;
        error.code = ErrorCode::MapFailed;
        error.osError = errno;
        error.text = "Mapping " + std::to_string(length) + " bytes of the file failed";
        return fail(std::move(error));
    }
    mapping.m_address = at;
    mapping.m_length = length;
    mapping.m_bytes = Bytes(static_cast<const std::byte*>(at), std::min(fileSize, length));
    if (advice != MapAdvice::Normal) {
        ::madvise(at, length, adviceFlag(advice)); // advice only: a refusal changes nothing
    }
    if (guard) {
        mapping.m_guard = std::make_unique<BusGuard>(at, length, file.descriptor());
    }
    return mapping;
}

Mapping::Mapping(Mapping&& other) noexcept
    : m_address(std::exchange(other.m_address, nullptr)),
      m_length(std::exchange(other.m_length, 0)), m_bytes(std::exchange(other.m_bytes, {})),
      m_guard(std::move(other.m_guard)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
    std::swap(m_address, other.m_address);
    std::swap(m_length, other.m_length);
    std::swap(m_bytes, other.m_bytes);
    std::swap(m_guard, other.m_guard);
    return *this;
}

Mapping::~Mapping() {
    m_guard.reset();
    if (m_address != nullptr) {
        ::munmap(m_address, m_length);
    }
}

Result<std::vector<std::uint8_t>> Mapping::residency(ByteRange range) const {
    const auto osPage = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    const std::uint64_t end = std::min<std::uint64_t>(range.end, m_bytes.size());
    const std::uint64_t begin = std::min(range.begin, end) / osPage * osPage;
    std::vector<std::uint8_t> resident((end - begin + osPage - 1) / osPage);
    if (resident.empty()) {
        return resident;
    }
    if (::mincore(static_cast<char*>(m_address) + begin, end - begin, resident.data()) != 0) {
        Error error;
        error.code = ErrorCode::OsFailure;
        error.osError = errno;
        error.text = "The page cache could not be asked about the mapping";
        return fail(std::move(error));
    }
    for (std::uint8_t& page : resident) {
        page &= 1U;
    }
    return resident;
}

} // namespace pagescape::os
