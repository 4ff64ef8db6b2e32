// SPDX-License-Identifier: MIT
// SandboxEngine: the real engine on the file of a sandbox, driven by commands. It does nothing of
// its own: what happens is what Store does, and what is told are its events.
#pragma once

#include "pagescape/store.h"
#include "sandbox/sandbox_file.h"
#include "stage/sandbox_command.h"
#include "stage/stage_event.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace pagescape::gui {

/// How a sandbox's store is opened.
struct SandboxOptions {
    std::uint32_t pageSize = 0;       ///< of a new file; 0: of the operating system
    std::uint64_t initialMapSize = 0; ///< bytes
    bool noSync = false;
    bool noFreelistSync = false;   ///< commits store no list of free pages
    std::uint64_t sparseBytes = 0; ///< of a new file: see makeSparseDatabase(); 0: an empty one
    /// Wraps the file on the disk; for a file that fails on purpose. Empty: nothing around it.
    std::function<std::shared_ptr<StorageFile>(std::shared_ptr<StorageFile>)> wrapFile = {};
    bool tellsEvents = true; ///< false: the engine works without a sink
    bool keepsBytes = true;  ///< false: nothing can be undone, and no crash be staged
};

/// An open read transaction of a sandbox.
struct OpenReader {
    std::uint64_t number = 0; ///< in the sandbox, from 1
    MetaFields meta;          ///< of the version it sees; looked through by OpenOptions::heldMeta
};

/// Thread: one at a time, the same for its whole life or not.
class SandboxEngine {
public:
    using Tell = std::function<void(StageEvents)>;
    /// Events that are handed over together, at most; and after each commit and command.
    static constexpr std::size_t kBatch = 256;

    /// Opens the file, or makes a database of it when it is missing or empty, and keeps bolt's
    /// exclusive lock until the end, see lockSoon(). Errors: those of Store::open; LockTimeout when
    /// another program has the file. `tell` receives the events of later commands, on the thread of
    /// run().
    [[nodiscard]] static Result<std::unique_ptr<SandboxEngine>> open(
        const std::filesystem::path& path, const SandboxOptions& options, Tell tell);
    ~SandboxEngine();
    SandboxEngine(const SandboxEngine&) = delete;
    SandboxEngine& operator=(const SandboxEngine&) = delete;

    /// Runs one command; begins a transaction where it needs one. A generator that is stopped
    /// commits what it has put and notes how many keys that were, so that it can be run again
    /// alike. Errors are those of the engine; what a list did before one stands.
    [[nodiscard]] Result<void> run(SandboxCommand& command, const std::stop_token& stop = {});

    /// What the command that ran last wrote over.
    [[nodiscard]] FileDelta takeDelta() { return m_file->takeDelta(); }
    /// See SandboxFile::keepVersion().
    [[nodiscard]] std::shared_ptr<const FileDelta> keepVersion(FileDelta since) {
        return m_file->keepVersion(std::move(since));
    }
    /// Drops transaction and readers, untold, closes the store, and brings the file to where it was
    /// before `deltas`, newest first. After an error the file is somewhere on the way: the same
    /// deltas, or more of them, bring it out of that. Errors: OsFailure.
    [[nodiscard]] Result<void> restore(const std::vector<const FileDelta*>& deltas);
    /// Opens the store after restore(), with or without syncs, and tells that. The next reader gets
    /// that number. Errors: those of Store::open.
    [[nodiscard]] Result<void> reopen(bool isSynced, std::uint64_t nextReader);

    [[nodiscard]] bool hasTransaction() const { return m_tx.has_value(); }
    [[nodiscard]] bool hasReaders() const { return !m_readers.empty(); }
    /// In order of opening.
    [[nodiscard]] std::vector<OpenReader> openReaders() const;
    [[nodiscard]] bool isSynced() const { return !m_options.noSync; }
    [[nodiscard]] const Store& store() const { return *m_store; }
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    /// Writes and syncs of the newest command that wrote, for a staged crash; empty when they were
    /// too many to keep. Cost: a copy of what was written.
    [[nodiscard]] std::vector<FileOperation> operations() const { return m_file->operations(); }
    /// The bytes of the file as they were before `delta`, the newest change of it.
    /// Errors: OsFailure; LimitReached for a file larger than kMostCrashBytes.
    [[nodiscard]] Result<std::vector<std::byte>> crashBegin(const FileDelta& delta);
    static constexpr std::uint64_t kMostCrashBytes = std::uint64_t{64} << 20U;

private:
    struct Reader {
        std::uint64_t number = 0;
        ReadTransaction tx;
    };
    class Sink;

    SandboxEngine(std::filesystem::path path, const SandboxOptions& options, Tell tell);
    [[nodiscard]] Result<void> openStore();
    [[nodiscard]] ReopenedEvent reopened() const;
    void closeStore();
    [[nodiscard]] Result<void> perform(SandboxCommand& command, const std::stop_token& stop);
    [[nodiscard]] Result<void> begin();
    [[nodiscard]] Result<void> change(const SandboxCommand& command);
    [[nodiscard]] Result<void> commit();
    [[nodiscard]] Result<void> get(const SandboxCommand& command);
    [[nodiscard]] Result<void> openReader();
    [[nodiscard]] Result<void> closeReader(std::uint64_t number);
    [[nodiscard]] Result<void> generate(SandboxCommand& command, const std::stop_token& stop);
    [[nodiscard]] Result<void> setSync(bool isOn);
    [[nodiscard]] Result<WriteBucket> bucketAt(const std::vector<QByteArray>& path);
    void tell(StageEvent event);
    void handOver();

    std::filesystem::path m_path;
    SandboxOptions m_options;
    Tell m_tell;
    std::unique_ptr<Sink> m_sink;
    std::shared_ptr<SandboxFile> m_file;
    std::optional<Store> m_store;
    std::optional<WriteTransaction> m_tx;
    std::vector<Reader> m_readers;
    StageEvents m_told; // not handed over yet
    std::uint64_t m_nextReader = 1;
    std::uint64_t m_nextCommand = 1;
    bool m_isMuted = false;
};

} // namespace pagescape::gui
