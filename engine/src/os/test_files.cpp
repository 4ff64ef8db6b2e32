// SPDX-License-Identifier: MIT
// RecordingFile and FaultyFile: the seam's files that watch and that break.
#include "os/os_error.h"
#include "pagescape/crash.h"
#include "pagescape/storage_file.h"

#include <array>
#include <atomic>
#include <mutex>

namespace pagescape {

struct RecordingFile::State {
    std::mutex mutex;
    std::vector<FileOperation> operations;

    void add(FileOperation operation) {
        const std::lock_guard lock(mutex);
        operations.push_back(std::move(operation));
    }
};

RecordingFile::RecordingFile(std::shared_ptr<StorageFile> file)
    : ForwardingFile(std::move(file)), m_state(new State) {}

RecordingFile::~RecordingFile() = default;

const std::vector<FileOperation>& RecordingFile::operations() const {
    return m_state->operations;
}

void RecordingFile::clear() {
    const std::lock_guard lock(m_state->mutex);
    m_state->operations.clear();
}

Result<void> RecordingFile::writeAt(std::uint64_t offset, std::span<const Bytes> parts) {
    // Page runs begin at sectors, and a crash may keep any of them. Parts that share a sector are
    // pieces of one run: the disk has both or neither.
    FileOperation operation{FileOperation::Kind::Write, offset, 0, {}};
    for (const Bytes part : parts) {
        if (operation.size > 0 && (operation.offset + operation.size) % kSectorSize == 0) {
            const std::uint64_t next = operation.offset + operation.size;
            m_state->add(std::exchange(operation, {FileOperation::Kind::Write, next, 0, {}}));
        }
        operation.data.insert(operation.data.end(), part.begin(), part.end());
        operation.size += part.size();
    }
    m_state->add(std::move(operation));
    return ForwardingFile::writeAt(offset, parts);
}

Result<void> RecordingFile::resize(std::uint64_t size) {
    m_state->add({FileOperation::Kind::Resize, 0, size, {}});
    return ForwardingFile::resize(size);
}

Result<void> RecordingFile::syncData() {
    m_state->add({FileOperation::Kind::SyncData, 0, 0, {}});
    return ForwardingFile::syncData();
}

Result<void> RecordingFile::syncAll() {
    m_state->add({FileOperation::Kind::SyncAll, 0, 0, {}});
    return ForwardingFile::syncAll();
}

struct FaultyFile::State {
    std::mutex mutex;
    std::optional<Fault> fault;
    std::atomic<bool> hasStruck{false};

    // The fault, when it is this call's turn to be refused.
    std::optional<Fault> strike(FileCall call) {
        const std::lock_guard lock(mutex);
        if (!fault || fault->call != call) {
            return std::nullopt;
        }
        if (fault->after > 0) {
            --fault->after;
            return std::nullopt;
        }
        if (hasStruck && !fault->stays) {
            return std::nullopt;
        }
        hasStruck = true;
        return fault;
    }
};

namespace {

Error refusal(const FaultyFile::Fault& fault) {
    Error error = os::osError(fault.osError, "A call was refused on purpose");
    error.code = fault.call == FileCall::Map ? ErrorCode::MapFailed : ErrorCode::OsFailure;
    return error;
}

} // namespace

FaultyFile::FaultyFile(std::shared_ptr<StorageFile> file)
    : ForwardingFile(std::move(file)), m_state(new State) {}

FaultyFile::~FaultyFile() = default;

void FaultyFile::arm(std::optional<Fault> fault) {
    const std::lock_guard lock(m_state->mutex);
    m_state->fault = fault;
    m_state->hasStruck = false;
}

bool FaultyFile::hasStruck() const {
    return m_state->hasStruck;
}

Result<std::uint64_t> FaultyFile::size() {
    if (const auto fault = m_state->strike(FileCall::Size)) {
        return fail(refusal(*fault));
    }
    return ForwardingFile::size();
}

Result<std::size_t> FaultyFile::readAt(std::uint64_t offset, std::span<std::byte> buffer) {
    if (const auto fault = m_state->strike(FileCall::Read)) {
        return fail(refusal(*fault));
    }
    return ForwardingFile::readAt(offset, buffer);
}

Result<void> FaultyFile::writeAt(std::uint64_t offset, std::span<const Bytes> parts) {
    const auto fault = m_state->strike(FileCall::Write);
    if (!fault) {
        return ForwardingFile::writeAt(offset, parts);
    }
    std::uint64_t left = fault->keep.value_or(0);
    for (const Bytes part : parts) {
        const std::array<Bytes, 1> kept{part.first(std::min<std::uint64_t>(left, part.size()))};
        if (kept[0].empty()) {
            break;
        }
        if (auto written = ForwardingFile::writeAt(offset, kept); !written) {
            return written;
        }
        offset += kept[0].size();
        left -= kept[0].size();
    }
    return fail(refusal(*fault));
}

Result<void> FaultyFile::resize(std::uint64_t size) {
    if (const auto fault = m_state->strike(FileCall::Resize)) {
        return fail(refusal(*fault));
    }
    return ForwardingFile::resize(size);
}

Result<void> FaultyFile::syncData() {
    if (const auto fault = m_state->strike(FileCall::SyncData)) {
        return fail(refusal(*fault));
    }
    return ForwardingFile::syncData();
}

Result<void> FaultyFile::syncAll() {
    if (const auto fault = m_state->strike(FileCall::SyncAll)) {
        return fail(refusal(*fault));
    }
    return ForwardingFile::syncAll();
}

Result<void> FaultyFile::syncDirectory() {
    if (const auto fault = m_state->strike(FileCall::SyncDirectory)) {
        return fail(refusal(*fault));
    }
    return ForwardingFile::syncDirectory();
}

Result<std::shared_ptr<const FileMapping>> FaultyFile::map(const MapRequest& request) {
    if (const auto fault = m_state->strike(FileCall::Map)) {
        return fail(refusal(*fault));
    }
    return ForwardingFile::map(request);
}

Result<void> FaultyFile::lockMemory(const FileMapping& mapping, std::uint64_t bytes) {
    if (const auto fault = m_state->strike(FileCall::LockMemory)) {
        return fail(refusal(*fault));
    }
    return ForwardingFile::lockMemory(mapping, bytes);
}

Result<bool> FaultyFile::tryLock(FileLock lock) {
    if (const auto fault = m_state->strike(FileCall::Lock)) {
        return fail(refusal(*fault));
    }
    return ForwardingFile::tryLock(lock);
}

} // namespace pagescape
