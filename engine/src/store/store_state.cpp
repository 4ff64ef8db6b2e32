// SPDX-License-Identifier: MIT
// What transactions ask of the store: mappings, snapshots, the list of readers.
#include "store/store_state.h"

#include "store/store_error.h"
#include "tree/tree_access.h"

#include <algorithm>
#include <cerrno>

namespace pagescape {

namespace {

// Keeps the mapping of a read transaction, and takes it off the list of readers at its end.
struct ReadLease {
    ReadLease(std::shared_ptr<Store::State> owner, std::shared_ptr<const FileMapping> bytes,
              std::uint64_t number)
        : state(std::move(owner)), mapping(std::move(bytes)), reader(number) {}
    ~ReadLease() {
        mapping.reset(); // close() waits for readers, and a mapping keeps the file locked
        state->endRead(reader);
    }
    ReadLease(const ReadLease&) = delete;
    ReadLease& operator=(const ReadLease&) = delete;

    std::shared_ptr<Store::State> state;
    std::shared_ptr<const FileMapping> mapping;
    std::uint64_t reader;
};

} // namespace

Error closedError() {
    return storeError(ErrorCode::DatabaseClosed, "The database is not open");
}

Bytes Store::State::mappedBytes() const {
    return {mapping->data(),
            static_cast<std::size_t>(std::min<std::uint64_t>(fileSize, mapping->length()))};
}

// Source: bbolt db.go mmap. The old mapping lives on with those who read it.
Result<void> Store::State::mapFile(std::uint64_t needed) {
    const auto length = mappingLength(std::max(fileSize, needed), pageSize);
    if (!length) {
        return fail(length.error());
    }
    MapRequest request;
    request.length = *length;
    request.advice = options.advice;
    request.populate = options.populate;
    request.guard = options.guardTruncation;
    auto mapped = file->map(request);
    if (!mapped) {
        return fail(mapped.error());
    }
    if (options.lockMemory) {
        if (auto locked = file->lockMemory(**mapped, fileSize); !locked) {
            return locked;
        }
    }
    const std::lock_guard lock(mutex);
    mapping = std::move(*mapped);
    return {};
}

Result<ReadTransaction> Store::State::beginRead(const std::shared_ptr<State>& self) {
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex);
    if (!file) {
        return fail(closedError());
    }
    const std::uint64_t reader = nextReader++;
    const auto listed =
        readers.emplace_hint(readers.end(), reader, Reader{meta.txid, meta.highWater, now});
    std::shared_ptr<const ReadLease> lease;
    try {
        lease = std::make_shared<const ReadLease>(self, mapping, reader);
    } catch (...) { // no memory: nobody would take it off the list
        readers.erase(listed);
        throw;
    }
    if (!options.noStatistics) {
        ++statistics.readsStarted;
    }
    return TreeAccess::transaction(std::move(lease), mappedBytes(), mapping->tripFlag(), meta,
                                   metaIndex, options.trace);
}

Result<ReadTransaction> Store::State::snapshot() {
    const std::lock_guard lock(mutex);
    if (!file) {
        return fail(closedError());
    }
    return TreeAccess::transaction(mapping, mappedBytes(), mapping->tripFlag(), meta, metaIndex,
                                   nullptr);
}

void Store::State::loseFreelist() {
    const std::lock_guard lock(mutex);
    broken = Error();
    broken->code = ErrorCode::OsFailure;
    broken->osError = ENOMEM;
    broken->text = "Out of memory"; // so short that it needs none
}

void Store::State::endRead(std::uint64_t reader) {
    {
        const std::lock_guard lock(mutex);
        readers.erase(reader);
    }
    readerLeft.notify_all();
}

std::vector<std::uint64_t> Store::State::readerTxIds() const {
    std::vector<std::uint64_t> ids;
    const std::lock_guard lock(mutex);
    for (const auto& [number, reader] : readers) {
        ids.push_back(reader.txid.value);
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

void Store::State::takeStatistics(const TxStatistics& tx) {
    if (options.noStatistics) {
        return;
    }
    const std::lock_guard lock(mutex);
    statistics.tx.add(tx);
    statistics.freePages = freelist.freePages();
    statistics.pendingPages = freelist.pendingPages();
    statistics.freeAlloc = freelist.count() * pageSize;
    statistics.freelistInuse = freelist.storedBytes();
}

} // namespace pagescape
