// SPDX-License-Identifier: MIT
// Commit in bolt's order: rebalance, spill, freelist, growth, pages, sync, meta, sync.
// Source: bbolt tx.go Commit. No byte of the file changes before the growth.
#include "format/byte_order.h"
#include "format/checksum.h"
#include "format/meta.h"
#include "store/free_scan.h"
#include "store/store_error.h"
#include "store/write_state.h"
#include "tree/tree_access.h"

#include <algorithm>
#include <array>
#include <exception>
#include <new>

namespace pagescape {

namespace {

using Clock = std::chrono::steady_clock;

Error maxSizeError(std::uint64_t planned, std::uint64_t limit) {
    return storeError(ErrorCode::MaxSizeReached,
                      "Database reached maximum size: the file would grow to " +
                          std::to_string(planned) + " bytes, " + std::to_string(limit) +
                          " are allowed",
                      "Delete something, or raise the limit.");
}

} // namespace

// Each is owed its call, whatever the ones before it throw.
void callAll(const std::vector<std::function<void()>>& callbacks) {
    std::exception_ptr first;
    for (const auto& callback : callbacks) {
        try {
            callback();
        } catch (...) {
            first = first ? first : std::current_exception();
        }
    }
    if (first) {
        std::rethrow_exception(first);
    }
}

Result<DirtyPage*> WriteState::allocate(std::uint64_t pages, bool inParts) {
    const std::uint64_t pageSize = store->pageSize;
    DirtyPage run{store->freelist.allocate(meta.txid, pages), pages, nullptr, {}};
    const bool isNew = run.first.value == 0;
    if (isNew) {
        const std::uint64_t needed = (meta.highWater.value + pages + 1) * pageSize;
        const std::uint64_t limit = store->options.maxSize;
        if (limit > 0) {
            const auto mapped = mappingLength(needed, store->pageSize);
            if (!mapped) {
                return fail(mapped.error());
            }
            const std::uint64_t planned =
                *mapped <= store->options.allocSize ? *mapped : needed + store->options.allocSize;
            if (planned > limit) {
                return fail(maxSizeError(planned, limit));
            }
        }
        if (needed >= store->mapping->length()) {
            const std::shared_ptr<const FileMapping> old = store->mapping;
            if (auto mapped = store->mapFile(needed); !mapped) {
                return fail(mapped.error());
            }
            tell(RemapEvent{std::uintptr_t(old->data()), old->length(),
                            std::uintptr_t(store->mapping->data()), store->mapping->length(),
                            needed});
        }
        run.first = meta.highWater;
        meta.highWater = pageAfter(meta.highWater, pages);
        store->freelist.noteNew(meta.txid, run.first);
    }
    if (!inParts) {
        run.bytes = arena.take(pages * pageSize);
    }
    dirty.push_back(std::move(run));
    statistics.pageCount += pages;
    statistics.pageAlloc += pages * pageSize;
    if (trace != nullptr) {
        const PageId first = dirty.back().first;
        tell(AllocateEvent{first, pages, isNew,
                           isNew ? 0 : pages + store->freelist.freeFrom(pageAfter(first, pages))});
    }
    return &dirty.back();
}

Result<void> WriteState::freeRun(PageId first, std::uint64_t pages) {
    if (first.value + pages > base.meta().highWater.value) {
        return fail(corruptPage(first, "A run of " + std::to_string(pages) +
                                           " pages goes past the high-water mark"));
    }
    auto freed = store->freelist.free(meta.txid, first, pages);
    if (freed) {
        tell(FreeEvent{first, pages, meta.txid});
    }
    return freed;
}

Result<void> WriteState::freeNode(Node& node) {
    const std::uint64_t pages = std::exchange(node.runPages, 0);
    return pages == 0 ? Result<void>() : freeRun(node.page, pages);
}

// How long the run of the stored list is.
Result<std::uint64_t> WriteState::freelistPages(PageId first) const {
    std::array<std::byte, format::kPageHeaderSize + 8> start;
    const auto got = store->file->readAt(first.value * store->pageSize, start);
    if (!got) {
        return fail(got.error());
    }
    if (*got < start.size()) {
        return fail(TreeAccess::truncatedError());
    }
    const auto overflow = format::load<std::uint32_t>(start.data() + format::kHeaderOverflowAt);
    std::uint64_t ids = format::load<std::uint16_t>(start.data() + format::kHeaderCountAt);
    if (ids == format::kFreelistCountEscape) {
        ids = format::load<std::uint64_t>(start.data() + format::kPageHeaderSize);
    }
    return freelistRun(first, overflow, ids, store->pageSize);
}

// Stores the list of free and pending pages, which is also what the next opening starts from.
Result<void> WriteState::writeFreelist() {
    if (base.meta().hasFreelist()) {
        const PageId old = base.meta().freelist;
        const auto pages = freelistPages(old);
        if (!pages) {
            return fail(pages.error());
        }
        if (auto freed = freeRun(old, *pages); !freed) {
            return freed;
        }
    }
    if (lowersHighWater) {
        meta.highWater = PageId{store->freelist.cutTail(meta.highWater.value)};
    }
    if (store->options.noFreelistSync) {
        meta.freelist = PageId{format::kNoFreelist};
        return {};
    }
    const auto allocated = allocate(store->freelist.storedBytes() / store->pageSize + 1);
    if (!allocated) {
        return fail(allocated.error());
    }
    DirtyPage* const run = *allocated;
    const std::uint64_t count = store->freelist.count();
    const bool isEscaped = count >= format::kFreelistCountEscape;
    std::byte* page = run->bytes;
    std::memset(page, 0, run->pages * store->pageSize);
    format::store<std::uint64_t>(page + format::kHeaderIdAt, run->first.value);
    format::store<std::uint16_t>(page + format::kHeaderFlagsAt, format::kFreelistFlag);
    format::store<std::uint16_t>(page + format::kHeaderCountAt,
                                 isEscaped ? format::kFreelistCountEscape
                                           : static_cast<std::uint16_t>(count));
    format::store<std::uint32_t>(page + format::kHeaderOverflowAt,
                                 static_cast<std::uint32_t>(run->pages - 1));
    std::byte* at = page + format::kPageHeaderSize;
    if (isEscaped) {
        format::store<std::uint64_t>(at, count);
        at += 8;
    }
    for (const PageSpan& span : store->freelist.all()) {
        for (std::uint64_t i = 0; i < span.length; ++i, at += 8) {
            format::store<std::uint64_t>(at, span.first + i);
        }
    }
    meta.freelist = run->first;
    tell(PageMadeEvent{run->first, format::kFreelistFlag, static_cast<std::uint32_t>(count),
                       static_cast<std::uint32_t>(run->pages - 1), 0,
                       store->freelist.storedBytes()});
    return {};
}

// Source: bbolt db.go grow: to the mapping's length while that is small, then in steps.
Result<void> WriteState::growFile() {
    const std::uint64_t target = (meta.highWater.value + 1) * store->pageSize;
    const std::uint64_t old = store->fileSize;
    const bool grows = meta.highWater != base.meta().highWater && target > old;
    if (store->options.noGrowSync || (!grows && !store->growthAwaitsSync)) {
        return {}; // long enough, or it grows by being written
    }
    std::uint64_t size = old;
    if (grows) {
        const std::uint64_t mapped = store->mapping->length();
        size = mapped <= store->options.allocSize ? mapped : target + store->options.allocSize;
        if (auto done = store->file->resize(size); !done) {
            return done;
        }
        const std::lock_guard lock(store->mutex);
        store->fileSize = size;
    }
    // bbolt syncs here without syncs too.
    store->growthAwaitsSync = !store->options.noSync;
    const auto synced = store->growthAwaitsSync ? store->file->syncAll() : Result<void>();
    const bool isSynced = synced && store->growthAwaitsSync;
    if (grows) {
        tell(GrowEvent{old, size, isSynced}); // it is longer, whatever the sync says
    }
    if (!synced) {
        return synced; // the next commit asks again
    }
    store->growthAwaitsSync = false;
    if (isSynced) {
        tell(SyncEvent{SyncEvent::After::Growth});
    }
    if (grows && store->options.lockMemory) {
        return store->file->lockMemory(*store->mapping, size);
    }
    return {};
}

// All pages in file order; neighbours in the file become one system call.
Result<void> WriteState::writeDirtyPages() {
    const auto isBefore = [](const DirtyPage& a, const DirtyPage& b) { return a.first < b.first; };
    if (!std::is_sorted(dirty.begin(), dirty.end(), isBefore)) { // mostly allocated in order
        std::sort(dirty.begin(), dirty.end(), isBefore);
    }
    std::vector<Bytes> parts;
    for (std::size_t i = 0; i < dirty.size();) {
        const std::size_t first = i;
        const std::uint64_t begin = dirty[i].first.value * store->pageSize;
        std::uint64_t end = begin;
        std::uint64_t runs = 0;
        parts.clear();
        for (; i < dirty.size() && dirty[i].first.value * store->pageSize == end; ++i) {
            const std::uint64_t size = dirty[i].pages * store->pageSize;
            if (dirty[i].bytes != nullptr) {
                parts.emplace_back(dirty[i].bytes, size);
            } else {
                parts.insert(parts.end(), dirty[i].parts.begin(), dirty[i].parts.end());
            }
            ++runs;
            end += size;
        }
        if (auto written = store->file->writeAt(begin, parts); !written) {
            return written;
        }
        for (std::size_t told = first; trace != nullptr && told < i; ++told) {
            const std::uint64_t at = dirty[told].first.value * store->pageSize;
            tell(WriteEvent{dirty[told].first, dirty[told].pages,
                            ByteRange{at, at + dirty[told].pages * store->pageSize}, false});
        }
        statistics.write += runs;
        statistics.bytesWritten += end - begin;
        const std::lock_guard lock(store->mutex);
        store->fileSize = std::max(store->fileSize, end);
    }
    if (!store->options.noSync) {
        if (auto synced = store->file->syncData(); !synced) {
            return synced;
        }
        tell(SyncEvent{SyncEvent::After::Data});
    }
    return {};
}

// The meta makes the commit. What fails here leaves open which of the two metas the disk holds.
Result<void> WriteState::writeMeta() {
    const PageId page{meta.txid.value % 2};
    std::vector<std::byte> bytes(store->pageSize);
    meta.checksum = format::storeMeta(bytes, page, meta);
    tell(MetaMadeEvent{page, meta.txid, meta.root, meta.freelist, meta.highWater, meta.checksum});
    const std::array<Bytes, 1> parts{bytes};
    const std::uint64_t at = page.value * store->pageSize;
    auto done = store->file->writeAt(at, parts);
    if (done) {
        ++statistics.write;
        statistics.bytesWritten += bytes.size();
        tell(WriteEvent{page, 1, ByteRange{at, at + bytes.size()}, true});
        if (!store->options.noSync) {
            done = store->file->syncData();
            if (done) {
                tell(SyncEvent{SyncEvent::After::Meta});
            }
        }
    }
    if (!done) {
        Error error = done.error();
        error.text =
            "The commit is uncertain, its meta page may or may not be on the disk: " + error.text;
        error.code = ErrorCode::CommitUncertain;
        error.hint = "Close the database and open it again: then one of the two states counts.";
        const std::lock_guard lock(store->mutex);
        store->broken = error;
        return fail(std::move(error));
    }
    return {};
}

Result<void> WriteState::makePages() {
    const auto begin = Clock::now();
    if (auto done = rebalance(*root); !done) {
        return done;
    }
    const auto rebalanced = Clock::now();
    statistics.rebalanceTime += rebalanced - begin;
    if (auto done = spill(*root); !done) {
        return done;
    }
    meta.root = root->root;
    meta.rootSequence = root->sequence;
    statistics.spillTime += Clock::now() - rebalanced;
    return writeFreelist();
}

Result<void> WriteState::commit() {
    auto done = failure ? Result<void>(fail(*failure)) : makePages();
    const auto begin = Clock::now();
    if (done) {
        done = growFile();
    }
    if (done) {
        done = writeDirtyPages();
    }
    if (done && store->options.strictMode) {
        done = checkStrictly();
    }
    if (done && TreeAccess::truncated(base)) { // zeroes were read where the file has been cut
        done = fail(TreeAccess::truncatedError());
    }
    if (done) {
        done = writeMeta();
    }
    statistics.writeTime += Clock::now() - begin;
    if (!done) {
        rollback(done.error().code == ErrorCode::CommitUncertain ? WriteTxEvent::Phase::Uncertain
                                                                 : WriteTxEvent::Phase::RolledBack);
        return done;
    }
    store->freelist.commit();
    tell(WriteTxEvent{WriteTxEvent::Phase::Commit, meta.txid, meta.root, meta.highWater});
    {
        const std::lock_guard lock(store->mutex);
        store->otherHighWater = store->meta.highWater;
        store->meta = meta;
        store->metaIndex = static_cast<int>(meta.txid.value % 2);
    }
    const std::vector<std::function<void()>> callbacks = std::move(commitCallbacks);
    end();
    callAll(callbacks);
    return {};
}

void WriteState::rollback(WriteTxEvent::Phase how) {
    try {
        store->freelist.rollback(meta.txid);
    } catch (const std::bad_alloc&) {
        store->loseFreelist();
    }
    tell(WriteTxEvent{how, meta.txid, base.meta().root, base.meta().highWater});
    end();
}

// Leaves the gate. The nodes stay until the last handle to the transaction is gone, but not the
// mapping they point into: a mapped file stays locked (flock), also when it is closed.
void WriteState::end() {
    isOpen = false;
    base =
        TreeAccess::transaction(nullptr, Bytes(), nullptr, base.meta(), base.metaIndex(), nullptr);
    store->takeStatistics(statistics);
    store->writer.leave();
}

WriteState::WriteState(std::shared_ptr<Store::State> owner, ReadTransaction snapshot)
    : store(std::move(owner)), base(std::move(snapshot)), meta(base.meta()), arena(store->blocks),
      trace(store->options.trace) {
    meta.txid = TxId{meta.txid.value + 1};
    root = &newBucket(nullptr, {});
    root->root = meta.root;
    root->sequence = meta.rootSequence;
    root->holder = PageId{static_cast<std::uint64_t>(base.metaIndex())};
}

WriteState::~WriteState() {
    if (isOpen) {
        rollback();
    }
}

} // namespace pagescape
