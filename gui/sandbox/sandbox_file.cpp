// SPDX-License-Identifier: MIT
#include "sandbox/sandbox_file.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>
#include <utility>

namespace pagescape::gui {

namespace {

constexpr std::chrono::milliseconds kLockPatience{500};

} // namespace

void SandboxFile::FreeChunk::operator()(std::byte* bytes) const {
    std::free(bytes);
}

FileDelta SandboxFile::takeDelta() {
    m_delta.isKept = {}; // asked while it grows only
    return std::exchange(m_delta, {});
}

std::shared_ptr<const FileDelta> SandboxFile::keepVersion(FileDelta since) {
    std::erase_if(m_versions, [](const auto& version) { return version.expired(); });
    auto kept = std::make_shared<FileDelta>(std::move(since));
    kept->isKept.assign((kept->oldSize + FileDelta::kBlock - 1) / FileDelta::kBlock, false);
    for (const auto& [offset, block] : kept->before) {
        if (offset < kept->oldSize) { // a later command may have kept more of a longer file
            kept->isKept[offset / FileDelta::kBlock] = true;
        }
    }
    m_versions.push_back(kept);
    return kept;
}

Result<void> SandboxFile::restore(const FileDelta& delta) {
    if (!delta.isChanged) {
        return {};
    }
    for (const auto& [offset, block] : delta.before) {
        if (auto kept = keepInVersions(offset, offset + block.size()); !kept) {
            return kept;
        }
    }
    if (auto kept = keepInVersions(delta.oldSize, UINT64_MAX); !kept) {
        return kept;
    }
    for (const auto& [offset, block] : delta.before) {
        const std::array<Bytes, 1> parts{block};
        if (auto done = m_base->writeAt(offset, parts); !done) {
            return done;
        }
    }
    return m_base->resize(delta.oldSize);
}

Result<void> SandboxFile::keep(std::uint64_t begin, std::uint64_t end) {
    if (m_keepsBytes && !m_delta.isTooLarge) {
        if (auto kept = keepIn(m_delta, begin, end); !kept) {
            return kept;
        }
        if (m_delta.bytes() > m_mostBytes) {
            m_delta.isTooLarge = true;
            m_delta.before.clear();
            m_delta.isKept = {};
        }
    }
    return keepInVersions(begin, end);
}

Result<void> SandboxFile::keepInVersions(std::uint64_t begin, std::uint64_t end) {
    for (const auto& version : m_versions) {
        if (const auto delta = version.lock()) {
            if (auto kept = keepIn(*delta, begin, end); !kept) {
                return kept;
            }
        }
    }
    return {};
}

// Keeps the blocks of [begin, end) that existed when the delta began and are not kept yet;
// neighbours with one read.
Result<void> SandboxFile::keepIn(FileDelta& delta, std::uint64_t begin, std::uint64_t end) {
    constexpr std::uint64_t kBlock = FileDelta::kBlock;
    constexpr std::uint64_t kMostRead = 256; // blocks of one read
    if (!delta.isChanged) {
        const auto size = m_base->size();
        if (!size) {
            return fail(size.error());
        }
        delta.isChanged = true;
        delta.oldSize = *size;
        delta.isKept.assign((*size + kBlock - 1) / kBlock, false);
    }
    end = std::min(end, delta.oldSize);
    const std::uint64_t last = (end + kBlock - 1) / kBlock;
    for (std::uint64_t block = begin / kBlock; block < last;) {
        if (delta.isKept[block]) {
            ++block;
            continue;
        }
        const std::uint64_t first = block;
        while (block < last && !delta.isKept[block] && block - first < kMostRead) {
            ++block;
        }
        const std::uint64_t at = first * kBlock;
        m_read.resize(std::min(block * kBlock, delta.oldSize) - at);
        const auto got = m_base->readAt(at, m_read);
        if (!got) {
            return fail(got.error());
        }
        for (std::uint64_t kept = first; kept < block; ++kept) {
            const std::size_t from = std::min<std::size_t>((kept - first) * kBlock, *got);
            const std::size_t to = std::min<std::size_t>(from + kBlock, *got);
            delta.before.emplace(kept * kBlock, std::vector(m_read.begin() + std::ptrdiff_t(from),
                                                            m_read.begin() + std::ptrdiff_t(to)));
            delta.isKept[kept] = true;
        }
    }
    return {};
}

// Whether an operation with so many bytes is to be kept.
bool SandboxFile::beginOperation(std::uint64_t bytes) {
    if (!m_keepsBytes) {
        return false;
    }
    if (std::exchange(m_isNewCommand, false)) {
        forgetOperations();
    }
    if (!hasOperations()) {
        return false;
    }
    if (m_operationBytes + bytes > kMostOperationBytes) {
        forgetOperations();
        m_chunks.clear(); // so much is rarely written again
        m_operationBytes = kMostOperationBytes + 1;
        return false;
    }
    return true;
}

void SandboxFile::keepData(Bytes data) {
    while (!data.empty()) {
        const std::uint64_t chunk = m_operationBytes / kChunk;
        const std::uint64_t at = m_operationBytes % kChunk;
        if (chunk == m_chunks.size()) {
            // Huge pages where the system gives them: one fault in place of hundreds.
            auto* memory = static_cast<std::byte*>(std::aligned_alloc(kChunk, kChunk));
            if (memory == nullptr) {
                throw std::bad_alloc();
            }
            ::madvise(memory, kChunk, MADV_HUGEPAGE);
            m_chunks.emplace_back(memory);
        }
        const std::size_t part = std::min<std::uint64_t>(data.size(), kChunk - at);
        std::memcpy(m_chunks[chunk].get() + at, data.data(), part);
        m_operationBytes += part;
        data = data.subspan(part);
    }
}

std::vector<FileOperation> SandboxFile::operations() const {
    std::vector<FileOperation> made;
    made.reserve(m_operations.size());
    for (const Operation& kept : m_operations) {
        FileOperation& operation = made.emplace_back();
        operation.kind = kept.kind;
        operation.offset = kept.offset;
        operation.size = kept.size;
        if (kept.kind != FileOperation::Kind::Write) {
            continue;
        }
        operation.data.reserve(kept.size);
        for (std::uint64_t at = kept.dataAt; at < kept.dataAt + kept.size;) {
            const std::uint64_t inChunk = at % kChunk;
            const std::uint64_t part = std::min(kChunk - inChunk, kept.dataAt + kept.size - at);
            const std::byte* from = m_chunks[at / kChunk].get() + inChunk;
            operation.data.insert(operation.data.end(), from, from + part);
            at += part;
        }
    }
    return made;
}

void SandboxFile::forgetOperations() {
    m_operations.clear();
    m_operationBytes = 0;
}

Result<void> SandboxFile::writeAt(std::uint64_t offset, std::span<const Bytes> parts) {
    std::uint64_t size = 0;
    for (const Bytes& part : parts) {
        size += part.size();
    }
    if (auto kept = keep(offset, offset + size); !kept) {
        return kept;
    }
    auto done = m_base->writeAt(offset, parts);
    if (done && beginOperation(size)) {
        m_operations.push_back({FileOperation::Kind::Write, offset, size, m_operationBytes});
        for (const Bytes& part : parts) {
            keepData(part);
        }
    }
    return done;
}

Result<void> SandboxFile::resize(std::uint64_t size) {
    if (auto kept = keep(size, UINT64_MAX); !kept) { // what a shorter file loses
        return kept;
    }
    auto done = m_base->resize(size);
    if (done && beginOperation(0)) {
        m_operations.push_back({FileOperation::Kind::Resize, 0, size, 0});
    }
    return done;
}

Result<void> SandboxFile::syncData() {
    auto done = m_base->syncData();
    if (done && beginOperation(0)) {
        m_operations.push_back({FileOperation::Kind::SyncData, 0, 0, 0});
    }
    return done;
}

Result<void> SandboxFile::syncAll() {
    auto done = m_base->syncAll();
    if (done && beginOperation(0)) {
        m_operations.push_back({FileOperation::Kind::SyncAll, 0, 0, 0});
    }
    return done;
}

Result<bool> lockSoon(StorageFile& file) {
    const auto last = std::chrono::steady_clock::now() + kLockPatience;
    for (;;) {
        const auto locked = file.tryLock(FileLock::Exclusive);
        if (!locked || *locked || std::chrono::steady_clock::now() > last) {
            return locked;
        }
        std::this_thread::sleep_for(kLockPatience / 50);
    }
}

} // namespace pagescape::gui
