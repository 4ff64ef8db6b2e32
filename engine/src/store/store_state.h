// SPDX-License-Identifier: MIT
// The inside of a store: what its transactions share, and which lock guards what.
#pragma once

#include "node/arena.h"
#include "pagescape/storage_file.h"
#include "pagescape/store.h"
#include "store/freelist.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>

namespace pagescape {

class BatchQueue;

/// A door for one. Unlike a mutex it may be left in another thread than it was entered in.
class Gate {
public:
    void enter() {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return !m_isTaken; });
        m_isTaken = true;
    }
    void leave() {
        {
            const std::lock_guard lock(m_mutex);
            m_isTaken = false;
        }
        m_changed.notify_one();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_isTaken = false;
};

/// Stays inside a gate while it lives, unless somebody else is to leave it.
class GateKeeper {
public:
    explicit GateKeeper(Gate& gate) : m_gate(&gate) { m_gate->enter(); }
    ~GateKeeper() {
        if (m_gate != nullptr) {
            m_gate->leave();
        }
    }
    void release() { m_gate = nullptr; }
    GateKeeper(const GateKeeper&) = delete;
    GateKeeper& operator=(const GateKeeper&) = delete;

private:
    Gate* m_gate;
};

struct Reader {
    TxId txid;
    PageId highWater; ///< of its version
    std::chrono::steady_clock::time_point since;
};

struct Store::State {
    std::filesystem::path path;
    StoreOptions options;
    std::uint32_t pageSize = 0;

    /// Held by the write transaction for its whole life, and by close.
    Gate writer;
    /// Of the writer: whoever is inside the gate.
    Freelist freelist{FreelistType::Array};
    BlockPool blocks; ///< memory of transactions

    /// Guards all that follows; held for moments only.
    mutable std::mutex mutex;
    std::condition_variable readerLeft;
    std::shared_ptr<StorageFile> file; ///< null: closed
    std::shared_ptr<const FileMapping> mapping;
    std::uint64_t fileSize = 0; ///< bytes
    MetaFields meta;            ///< of the last commit
    int metaIndex = 0;
    PageId otherHighWater; ///< of the other meta in the file; page 0 when that one is not valid
    std::map<std::uint64_t, Reader> readers;
    std::uint64_t nextReader = 1;
    bool growthAwaitsSync = false; ///< of the file; the writer's
    std::optional<Error> broken;   ///< why nobody may write any more
    StoreStatistics statistics;
    std::shared_ptr<BatchQueue> batch;

    [[nodiscard]] Result<void> openFile();
    [[nodiscard]] Result<void> checkOptions() const;
    /// Page size of a file that is made now, right or wrong, in bytes.
    [[nodiscard]] std::uint32_t newPageSize() const;
    /// Makes the file a new database. Errors: EmptyFile when it may not be written,
    /// PageSizeUnsupported, OsFailure.
    [[nodiscard]] Result<void> initialise(std::uint32_t size);
    /// The same where a crash stopped that before; false: this is another file.
    [[nodiscard]] Result<bool> finishNewFile();
    [[nodiscard]] Result<void> readMetas();
    [[nodiscard]] Result<void> mapFile(std::uint64_t needed);
    [[nodiscard]] Result<void> loadFreelist();
    [[nodiscard]] Result<std::vector<std::uint64_t>> freelistIds(const ReadTransaction& tx);
    /// Bytes of the mapping that the file has. Call with `mutex` held.
    [[nodiscard]] Bytes mappedBytes() const;
    [[nodiscard]] Result<ReadTransaction> beginRead(const std::shared_ptr<State>& self);
    /// A view of the last commit that no reader list knows: for the writer.
    [[nodiscard]] Result<ReadTransaction> snapshot();
    void endRead(std::uint64_t reader);
    /// What is free is not known any more: nobody writes until the file is opened again. Throws
    /// nothing.
    void loseFreelist();
    [[nodiscard]] Result<void> cutFile();
    [[nodiscard]] std::vector<std::uint64_t> readerTxIds() const;
    void takeStatistics(const TxStatistics& tx);
};

/// DatabaseClosed.
[[nodiscard]] Error closedError();

} // namespace pagescape
