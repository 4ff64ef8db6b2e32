// SPDX-License-Identifier: MIT
// StorageFile: the one door of the writing engine to the operating system. Tests and tools put
// another file behind it: one in memory, one that records, one that fails on purpose.
#pragma once

#include "pagescape/options.h"
#include "pagescape/result.h"
#include "pagescape/types.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace pagescape {

/// A mapping of a file from offset 0: read-only, shared, usually longer than the file.
/// Lifetime: whoever holds it may read it, also after the file was mapped anew or closed.
class FileMapping {
public:
    virtual ~FileMapping() = default;
    [[nodiscard]] virtual const std::byte* data() const = 0;
    /// Bytes mapped. Those past the file's end must not be touched.
    [[nodiscard]] virtual std::uint64_t length() const = 0;
    /// Set once mapped bytes were found to have vanished: the file was cut by another program.
    /// Null where nobody watches. Lifetime: that of the mapping.
    [[nodiscard]] virtual const std::atomic<bool>* tripFlag() const = 0;
};

enum class FileLock { Shared, Exclusive };

/// How a mapping is made.
struct MapRequest {
    std::uint64_t length = 0; ///< bytes
    MapAdvice advice = MapAdvice::Normal;
    bool populate = false; ///< read the whole file into memory now (MAP_POPULATE)
    bool guard = true;     ///< turn SIGBUS into zero bytes, see OpenOptions::guardTruncation
};

/// Every system call the engine makes on a database file. Errors: OsFailure with errno unless said.
/// Thread: any call from any thread.
class StorageFile {
public:
    virtual ~StorageFile() = default;

    [[nodiscard]] virtual Result<std::uint64_t> size() = 0;
    /// Reads at `offset` until the buffer is full or the file ends; the bytes read.
    [[nodiscard]] virtual Result<std::size_t> readAt(std::uint64_t offset,
                                                     std::span<std::byte> buffer) = 0;
    /// Writes the parts one after the other from `offset` on, all of them or an error.
    [[nodiscard]] virtual Result<void> writeAt(std::uint64_t offset,
                                               std::span<const Bytes> parts) = 0;
    [[nodiscard]] virtual Result<void> resize(std::uint64_t size) = 0;
    /// Brings written bytes to the disk (fdatasync; F_FULLFSYNC on macOS).
    [[nodiscard]] virtual Result<void> syncData() = 0;
    /// The same with all metadata (fsync), needed after the length changed.
    [[nodiscard]] virtual Result<void> syncAll() = 0;
    /// Makes the file's name durable (fsync of its directory).
    [[nodiscard]] virtual Result<void> syncDirectory() = 0;
    /// Errors: MapFailed.
    [[nodiscard]] virtual Result<std::shared_ptr<const FileMapping>> map(
        const MapRequest& request) = 0;
    /// Locks the first bytes of a mapping into memory (mlock) until it is unmapped.
    [[nodiscard]] virtual Result<void> lockMemory(const FileMapping& mapping,
                                                  std::uint64_t bytes) = 0;
    /// One attempt to take bolt's lock (flock), without waiting: whether it was taken.
    [[nodiscard]] virtual Result<bool> tryLock(FileLock lock) = 0;
    /// The descriptor behind it, for reopening as /proc/self/fd/N; -1 when there is none.
    [[nodiscard]] virtual int descriptor() const = 0;
};

/// How a file is opened for the engine.
struct FileRequest {
    bool readOnly = false;
    bool create = true;        ///< when it does not exist; never with readOnly
    std::uint32_t mode = 0600; ///< permission bits of a created file, minus the umask
    bool mustBeNew = false;    ///< OsFailure with EEXIST when it exists; never with readOnly
};

/// A file on the disk. Errors: FileNotFound, PermissionDenied, NotRegularFile, OsFailure.
[[nodiscard]] Result<std::shared_ptr<StorageFile>> openStorageFile(
    const std::filesystem::path& path, const FileRequest& request = {});

/// Whether a mapping of this many bytes would find room among the addresses of the process. Nothing
/// is kept for it. Errors: MapFailed.
[[nodiscard]] Result<void> checkAddressSpace(std::uint64_t length);

/// A file without a name that lives in memory (memfd): everything works on it but survival.
[[nodiscard]] Result<std::shared_ptr<StorageFile>> makeMemoryFile(Bytes contents = {});

/// What a recording file saw, in order.
struct FileOperation {
    enum class Kind { Write, Resize, SyncData, SyncAll };
    Kind kind = Kind::Write;
    std::uint64_t offset = 0;    ///< of a write
    std::uint64_t size = 0;      ///< bytes written, or the new length of the file
    std::vector<std::byte> data; ///< of a write
};

/// Passes every call on to another file: what a file that watches or breaks begins with.
class ForwardingFile : public StorageFile {
public:
    explicit ForwardingFile(std::shared_ptr<StorageFile> file) : m_file(std::move(file)) {}

    [[nodiscard]] Result<std::uint64_t> size() override { return m_file->size(); }
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset,
                                             std::span<std::byte> buffer) override {
        return m_file->readAt(offset, buffer);
    }
    [[nodiscard]] Result<void> writeAt(std::uint64_t offset,
                                       std::span<const Bytes> parts) override {
        return m_file->writeAt(offset, parts);
    }
    [[nodiscard]] Result<void> resize(std::uint64_t size) override { return m_file->resize(size); }
    [[nodiscard]] Result<void> syncData() override { return m_file->syncData(); }
    [[nodiscard]] Result<void> syncAll() override { return m_file->syncAll(); }
    [[nodiscard]] Result<void> syncDirectory() override { return m_file->syncDirectory(); }
    [[nodiscard]] Result<std::shared_ptr<const FileMapping>> map(
        const MapRequest& request) override {
        return m_file->map(request);
    }
    [[nodiscard]] Result<void> lockMemory(const FileMapping& mapping,
                                          std::uint64_t bytes) override {
        return m_file->lockMemory(mapping, bytes);
    }
    [[nodiscard]] Result<bool> tryLock(FileLock lock) override { return m_file->tryLock(lock); }
    [[nodiscard]] int descriptor() const override { return m_file->descriptor(); }

private:
    std::shared_ptr<StorageFile> m_file;
};

/// Passes everything on and keeps what would matter after a crash: writes with their data, lengths,
/// syncs. A write of several page runs is an operation each, for a crash may keep any of them.
/// Thread: as StorageFile; `operations` only while nobody writes.
class RecordingFile final : public ForwardingFile {
public:
    explicit RecordingFile(std::shared_ptr<StorageFile> file);
    ~RecordingFile() override;
    [[nodiscard]] const std::vector<FileOperation>& operations() const;
    void clear();

    [[nodiscard]] Result<void> writeAt(std::uint64_t offset, std::span<const Bytes> parts) override;
    [[nodiscard]] Result<void> resize(std::uint64_t size) override;
    [[nodiscard]] Result<void> syncData() override;
    [[nodiscard]] Result<void> syncAll() override;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// The calls a faulty file can refuse.
enum class FileCall {
    Size,
    Read,
    Write,
    Resize,
    SyncData,
    SyncAll,
    SyncDirectory,
    Map,
    LockMemory,
    Lock
};

/// Passes everything on but one call, which it refuses. For tests of what happens then.
class FaultyFile final : public ForwardingFile {
public:
    struct Fault {
        FileCall call = FileCall::Write;
        std::uint64_t after = 0;           ///< calls of that kind that still succeed
        int osError = 5;                   ///< errno of the refusal (EIO)
        std::optional<std::uint64_t> keep; ///< bytes of a refused write that reach the file
        bool stays = false;                ///< all later calls of that kind are refused as well
    };
    explicit FaultyFile(std::shared_ptr<StorageFile> file);
    ~FaultyFile() override;
    /// Arms a fault; counting starts anew. Nothing: no fault.
    void arm(std::optional<Fault> fault);
    /// Whether the armed fault has struck.
    [[nodiscard]] bool hasStruck() const;

    [[nodiscard]] Result<std::uint64_t> size() override;
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset,
                                             std::span<std::byte> buffer) override;
    [[nodiscard]] Result<void> writeAt(std::uint64_t offset, std::span<const Bytes> parts) override;
    [[nodiscard]] Result<void> resize(std::uint64_t size) override;
    [[nodiscard]] Result<void> syncData() override;
    [[nodiscard]] Result<void> syncAll() override;
    [[nodiscard]] Result<std::shared_ptr<const FileMapping>> map(
        const MapRequest& request) override;
    [[nodiscard]] Result<void> syncDirectory() override;
    [[nodiscard]] Result<void> lockMemory(const FileMapping& mapping, std::uint64_t bytes) override;
    [[nodiscard]] Result<bool> tryLock(FileLock lock) override;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace pagescape
