// SPDX-License-Identifier: MIT
// SandboxFile: the file of a sandbox as its store sees it. It keeps what commands overwrite, so
// that they can be undone, and the order of writes and syncs, so that a crash can be staged. Its
// lock outlives the store, which is closed and opened again when commands are undone.
#pragma once

#include "pagescape/storage_file.h"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace pagescape::gui {

/// What was in the file before a command: the first version of every block it wrote over.
struct FileDelta {
    std::uint64_t oldSize = 0;                              ///< bytes
    std::map<std::uint64_t, std::vector<std::byte>> before; ///< by offset of a kBlock
    bool isChanged = false;
    bool isTooLarge = false;  ///< it was more than may be kept: nothing of it is
    std::vector<bool> isKept; ///< by block of the old file, while it grows: the keys of `before`

    static constexpr std::uint64_t kBlock = 4096;
    /// Bytes that are kept of one command, and of all of a history.
    static constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 20U;
    [[nodiscard]] std::uint64_t bytes() const { return before.size() * kBlock; }
};

/// Thread: one at a time.
class SandboxFile final : public ForwardingFile {
public:
    /// With `keepsBytes` false it passes everything on and keeps nothing. A command that writes
    /// over more than `mostBytes` cannot be undone: its delta is too large.
    SandboxFile(std::shared_ptr<StorageFile> file, bool keepsBytes,
                std::uint64_t mostBytes = FileDelta::kMostBytes)
        : ForwardingFile(file), m_base(std::move(file)), m_keepsBytes(keepsBytes),
          m_mostBytes(mostBytes) {}

    /// Starts a new delta; gives the one so far.
    [[nodiscard]] FileDelta takeDelta();
    /// Keeps the version that `since` leads back to: whatever is written from now on, restore()
    /// included, is added to the delta for as long as somebody else holds it. An unchanged `since`:
    /// the present version. Memory: the blocks that are written over, at most the file.
    [[nodiscard]] std::shared_ptr<const FileDelta> keepVersion(FileDelta since);
    /// Writes the old bytes of a delta back, and the old length. Not part of takeDelta().
    /// Errors: OsFailure.
    [[nodiscard]] Result<void> restore(const FileDelta& delta);

    /// The first operation from now on replaces those of the command before.
    void beginCommand() { m_isNewCommand = true; }
    /// Writes and syncs of the newest command that had some, with their data. Empty, and
    /// hasOperations() false, when they were too large to keep. Cost: a copy of the data.
    [[nodiscard]] std::vector<FileOperation> operations() const;
    [[nodiscard]] bool hasOperations() const { return m_operationBytes <= kMostOperationBytes; }
    void forgetOperations();
    static constexpr std::uint64_t kMostOperationBytes = std::uint64_t{64} << 20U;

    [[nodiscard]] Result<void> writeAt(std::uint64_t offset, std::span<const Bytes> parts) override;
    [[nodiscard]] Result<void> resize(std::uint64_t size) override;
    [[nodiscard]] Result<void> syncData() override;
    [[nodiscard]] Result<void> syncAll() override;
    /// The sandbox holds the lock itself.
    [[nodiscard]] Result<bool> tryLock(FileLock) override { return true; }

private:
    // Data of writes, one behind the other. The memory is used again for the next command.
    static constexpr std::uint64_t kChunk = std::uint64_t{2} << 20U;
    struct FreeChunk {
        void operator()(std::byte* bytes) const;
    };
    struct Operation {
        FileOperation::Kind kind = FileOperation::Kind::Write;
        std::uint64_t offset = 0;
        std::uint64_t size = 0;
        std::uint64_t dataAt = 0; // of its first byte in the chunks
    };

    [[nodiscard]] Result<void> keep(std::uint64_t begin, std::uint64_t end);
    [[nodiscard]] Result<void> keepIn(FileDelta& delta, std::uint64_t begin, std::uint64_t end);
    [[nodiscard]] Result<void> keepInVersions(std::uint64_t begin, std::uint64_t end);
    [[nodiscard]] bool beginOperation(std::uint64_t bytes);
    void keepData(Bytes data);

    std::shared_ptr<StorageFile> m_base;
    bool m_keepsBytes;
    std::uint64_t m_mostBytes; // of m_delta
    FileDelta m_delta;
    std::vector<std::weak_ptr<FileDelta>> m_versions;
    std::vector<std::byte> m_read; // of keepIn(), used again
    bool m_isNewCommand = true;
    std::vector<Operation> m_operations;
    std::uint64_t m_operationBytes = 0;
    std::vector<std::unique_ptr<std::byte[], FreeChunk>> m_chunks;
};

/// Takes bolt's exclusive lock; false when others hold the file. Waits up to half a second for
/// them: a scan of the window that was stopped holds its shared lock a moment longer.
[[nodiscard]] Result<bool> lockSoon(StorageFile& file);

} // namespace pagescape::gui
