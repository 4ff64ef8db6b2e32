// SPDX-License-Identifier: MIT
#include "pagescape/store.h"

#include "store/batch.h"
#include "store/store_error.h"
#include "store/store_state.h"
#include "store/write_access.h"

#include <algorithm>

namespace pagescape {

const std::filesystem::path& Store::path() const {
    return m_state->path;
}

const StoreOptions& Store::options() const {
    return m_state->options;
}

bool Store::isReadOnly() const {
    return m_state->options.readOnly;
}

std::uint32_t Store::pageSize() const {
    return m_state->pageSize;
}

Result<ReadTransaction> Store::beginRead() const {
    return m_state->beginRead(m_state);
}

Result<WriteTransaction> Store::beginWrite() {
    if (m_state->options.readOnly) {
        return fail(storeError(ErrorCode::DatabaseReadOnly, "The database is in read-only mode"));
    }
    GateKeeper inside(m_state->writer);
    auto base = m_state->snapshot();
    {
        const std::lock_guard lock(m_state->mutex);
        if (base && m_state->broken) {
            base = fail(*m_state->broken);
        }
    }
    // The next number would be 0, and the meta that carries it never the newer one.
    if (base && base->meta().txid.value == UINT64_MAX) {
        base = fail(storeError(ErrorCode::LimitReached, "The last transaction number is used up",
                               "Compact the file: the copy counts its transactions anew."));
    }
    if (!base) {
        return fail(base.error());
    }
    auto tx = std::make_shared<WriteState>(m_state, std::move(*base));
    inside.release(); // the transaction leaves the gate at its end
    const std::vector<std::uint64_t> readers = m_state->readerTxIds();
    std::vector<PageSpan> spans;
    std::uint64_t released = 0;
    try {
        released = m_state->freelist.release(readers, tx->trace ? &spans : nullptr);
    } catch (...) {
        m_state->loseFreelist();
        throw;
    }
    tx->tell(
        WriteTxEvent{WriteTxEvent::Phase::Begin, tx->meta.txid, tx->meta.root, tx->meta.highWater});
    if (tx->trace != nullptr && (released > 0 || m_state->freelist.pendingPages() > 0)) {
        ReleaseEvent event{released, m_state->freelist.pendingPages(), readers, {}};
        for (const PageSpan& span : spans) {
            event.released.push_back({PageId{span.first}, span.length});
        }
        tx->tell(event);
    }
    return WriteTransaction(std::move(tx));
}

Result<void> Store::update(const std::function<Result<void>(WriteTransaction&)>& change) {
    auto tx = beginWrite();
    if (!tx) {
        return fail(tx.error());
    }
    const std::shared_ptr<WriteState> state = WriteAccess::share(*tx); // `change` may move tx away
    state->isManaged = true;
    auto done = change(*tx); // an exception rolls back: the transaction goes with it
    state->isManaged = false;
    if (!done) {
        static_cast<void>(tx->rollback());
        return done;
    }
    return tx->commit();
}

Result<void> Store::view(const std::function<Result<void>(const ReadTransaction&)>& look) const {
    const auto tx = beginRead();
    if (!tx) {
        return fail(tx.error());
    }
    return look(*tx);
}

Result<void> Store::batch(const std::function<Result<void>(WriteTransaction&)>& change) {
    std::shared_ptr<BatchQueue> queue;
    {
        const std::lock_guard lock(m_state->mutex);
        if (!m_state->batch) {
            m_state->batch = std::make_shared<BatchQueue>(m_state->options.maxBatchSize,
                                                          m_state->options.maxBatchDelay);
        }
        queue = m_state->batch;
    }
    return queue->run(*this, change);
}

Result<void> Store::sync() {
    std::shared_ptr<StorageFile> file;
    {
        const std::lock_guard lock(m_state->mutex);
        file = m_state->file;
    }
    return file ? file->syncData() : Result<void>(fail(closedError()));
}

Result<void> Store::close() {
    const GateKeeper inside(m_state->writer);
    std::unique_lock lock(m_state->mutex);
    m_state->readerLeft.wait(lock, [this] { return m_state->readers.empty(); });
    m_state->mapping.reset();
    m_state->file.reset();
    m_state->fileSize = 0;
    return {};
}

StoreStatistics Store::statistics() const {
    const std::lock_guard lock(m_state->mutex);
    StoreStatistics now = m_state->statistics;
    if (m_state->options.noStatistics) {
        return now;
    }
    now.readsOpen = m_state->readers.size();
    return now;
}

std::vector<ReaderInfo> Store::readers() const {
    std::vector<ReaderInfo> all;
    {
        const std::lock_guard lock(m_state->mutex);
        for (const auto& [number, reader] : m_state->readers) {
            ReaderInfo info;
            info.id = number;
            info.txid = reader.txid;
            info.since = reader.since;
            all.push_back(info);
        }
    }
    for (ReaderInfo& info : all) {
        info.pagesHeldBack = m_state->freelist.heldBack(info.txid);
        info.bytesHeldBack = info.pagesHeldBack * m_state->pageSize;
    }
    return all;
}

Store::MapInfo Store::mapping() const {
    const std::lock_guard lock(m_state->mutex);
    if (!m_state->mapping) {
        return {};
    }
    return {std::uintptr_t(m_state->mapping->data()), m_state->mapping->length()};
}

std::uint64_t Store::fileSize() const {
    const std::lock_guard lock(m_state->mutex);
    return m_state->fileSize;
}

void TxStatistics::add(const TxStatistics& other) {
    pageCount += other.pageCount;
    pageAlloc += other.pageAlloc;
    cursorCount += other.cursorCount;
    nodeCount += other.nodeCount;
    rebalance += other.rebalance;
    split += other.split;
    spill += other.spill;
    write += other.write;
    bytesWritten += other.bytesWritten;
    rebalanceTime += other.rebalanceTime;
    spillTime += other.spillTime;
    writeTime += other.writeTime;
}

TxStatistics TxStatistics::minus(const TxStatistics& earlier) const {
    TxStatistics rest;
    rest.pageCount = pageCount - earlier.pageCount;
    rest.pageAlloc = pageAlloc - earlier.pageAlloc;
    rest.cursorCount = cursorCount - earlier.cursorCount;
    rest.nodeCount = nodeCount - earlier.nodeCount;
    rest.rebalance = rebalance - earlier.rebalance;
    rest.split = split - earlier.split;
    rest.spill = spill - earlier.spill;
    rest.write = write - earlier.write;
    rest.bytesWritten = bytesWritten - earlier.bytesWritten;
    rest.rebalanceTime = rebalanceTime - earlier.rebalanceTime;
    rest.spillTime = spillTime - earlier.spillTime;
    rest.writeTime = writeTime - earlier.writeTime;
    return rest;
}

StoreStatistics StoreStatistics::minus(const StoreStatistics& earlier) const {
    StoreStatistics rest = *this;
    rest.readsStarted -= earlier.readsStarted;
    rest.tx = tx.minus(earlier.tx);
    return rest;
}

} // namespace pagescape
