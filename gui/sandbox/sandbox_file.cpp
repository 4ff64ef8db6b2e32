// SPDX-License-Identifier: MIT
#include "sandbox/sandbox_file.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pagescape::gui {

FileDelta SandboxFile::takeDelta() {
    return std::exchange(m_delta, {});
}

std::shared_ptr<const FileDelta> SandboxFile::keepVersion(FileDelta since) {
    std::erase_if(m_versions, [](const auto& version) { return version.expired(); });
    auto kept = std::make_shared<FileDelta>(std::move(since));
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
    if (auto kept = keepIn(m_delta, begin, end); !kept) {
        return kept;
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

// Keeps the blocks of [begin, end) that existed when the delta began and are not kept yet.
Result<void> SandboxFile::keepIn(FileDelta& delta, std::uint64_t begin, std::uint64_t end) {
    if (!delta.isChanged) {
        const auto size = m_base->size();
        if (!size) {
            return fail(size.error());
        }
        delta.isChanged = true;
        delta.oldSize = *size;
    }
    end = std::min(end, delta.oldSize);
    for (std::uint64_t at = begin / FileDelta::kBlock * FileDelta::kBlock; at < end;
         at += FileDelta::kBlock) {
        if (delta.before.contains(at)) {
            continue;
        }
        std::vector<std::byte> block(FileDelta::kBlock);
        const auto got = m_base->readAt(at, block);
        if (!got) {
            return fail(got.error());
        }
        block.resize(*got);
        delta.before.emplace(at, std::move(block));
    }
    return {};
}

void SandboxFile::record(FileOperation operation) {
    m_operationBytes += operation.data.size();
    if (!hasOperations()) {
        m_operations.clear();
        return;
    }
    m_operations.push_back(std::move(operation));
}

void SandboxFile::clearOperations() {
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
    if (done && hasOperations()) {
        FileOperation operation{FileOperation::Kind::Write, offset, size, {}};
        operation.data.reserve(size);
        for (const Bytes& part : parts) {
            operation.data.insert(operation.data.end(), part.begin(), part.end());
        }
        record(std::move(operation));
    }
    return done;
}

Result<void> SandboxFile::resize(std::uint64_t size) {
    if (auto kept = keep(size, UINT64_MAX); !kept) { // what a shorter file loses
        return kept;
    }
    auto done = m_base->resize(size);
    if (done) {
        record({FileOperation::Kind::Resize, 0, size, {}});
    }
    return done;
}

Result<void> SandboxFile::syncData() {
    auto done = m_base->syncData();
    if (done) {
        record({FileOperation::Kind::SyncData, 0, 0, {}});
    }
    return done;
}

Result<void> SandboxFile::syncAll() {
    auto done = m_base->syncAll();
    if (done) {
        record({FileOperation::Kind::SyncAll, 0, 0, {}});
    }
    return done;
}

} // namespace pagescape::gui
