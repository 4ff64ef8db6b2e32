// SPDX-License-Identifier: MIT
// Opening a store in bolt's order: file, lock, new file, page size and metas, mapping, freelist.
// Source: bbolt db.go Open.
#include "format/byte_order.h"
#include "format/meta_search.h"
#include "store/free_scan.h"
#include "store/store_error.h"
#include "store/store_state.h"
#include "tree/tree_access.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <thread>

namespace pagescape {

namespace {

constexpr auto kLockRetry = std::chrono::milliseconds(50);

// Tries for the lock until shortly before the timeout; the first attempt always happens.
// Source: bbolt bolt_unix.go flock.
Result<void> takeLock(StorageFile& file, FileLock lock, std::chrono::milliseconds timeout) {
    const auto begin = std::chrono::steady_clock::now();
    while (true) {
        const auto taken = file.tryLock(lock);
        if (!taken) {
            return fail(taken.error());
        }
        if (*taken) {
            return {};
        }
        if (timeout != StoreOptions::kWaitForEver &&
            std::chrono::steady_clock::now() - begin > timeout - kLockRetry) {
            return fail(storeError(ErrorCode::LockTimeout, "Another program has the database open",
                                   "Close that program, or open the file for looking only."));
        }
        std::this_thread::sleep_for(kLockRetry);
    }
}

Error wrongPageSize(std::uint32_t pageSize) {
    Error error;
    error.code = ErrorCode::PageSizeUnsupported;
    error.text = "A page size of " + std::to_string(pageSize) +
                 " bytes cannot be written; expected a power of two from " +
                 std::to_string(format::kSmallestPageSize) + " to " +
                 std::to_string(format::kLargestPageSize);
    return error;
}

} // namespace

Result<void> Store::State::openFile() {
    if (options.openFile) {
        file = options.openFile(path);
        if (!file) {
            return fail(storeError(ErrorCode::FileNotFound, "The given opener gave no file"));
        }
    } else {
        auto opened =
            openStorageFile(path, FileRequest{options.readOnly, options.create, options.mode});
        if (!opened) {
            return fail(opened.error());
        }
        file = std::move(*opened);
    }
    if (auto locked = takeLock(*file, options.readOnly ? FileLock::Shared : FileLock::Exclusive,
                               options.timeout);
        !locked) {
        return locked;
    }
    auto size = file->size();
    if (size && *size == 0) {
        if (auto made = initialise(); !made) {
            return made;
        }
        size = file->size();
    }
    if (!size) {
        return fail(size.error());
    }
    fileSize = *size;
    if (auto read = readMetas(); !read) {
        return read;
    }
    if (auto mapped = mapFile(options.initialMapSize); !mapped) {
        return mapped;
    }
    return options.readOnly && !options.preloadFreelist ? Result<void>() : loadFreelist();
}

// A new file: two metas, an empty freelist, an empty leaf. Source: bbolt db.go init.
Result<void> Store::State::initialise() {
    if (options.readOnly) {
        return fail(storeError(
            ErrorCode::EmptyFile, "The file is empty (0 bytes)",
            "A program that was stopped while creating the database leaves such a file."));
    }
    const std::uint32_t size = options.pageSize != 0
                                   ? options.pageSize
                                   : static_cast<std::uint32_t>(::sysconf(_SC_PAGESIZE));
    if (size < format::kSmallestPageSize || size > format::kLargestPageSize ||
        !std::has_single_bit(size)) {
        return fail(wrongPageSize(size));
    }
    std::vector<std::byte> bytes(std::size_t{4} * size);
    MetaFields fields;
    fields.pageSize = size;
    fields.freelist = PageId{2};
    fields.root = PageId{3};
    fields.highWater = PageId{4};
    for (std::uint64_t i = 0; i < 2; ++i) {
        fields.txid = TxId{i};
        static_cast<void>(format::storeMeta(std::span(bytes).subspan(i * size), PageId{i}, fields));
    }
    std::byte* freelistPage = bytes.data() + std::size_t{2} * size;
    format::store<std::uint64_t>(freelistPage + format::kHeaderIdAt, 2);
    format::store<std::uint16_t>(freelistPage + format::kHeaderFlagsAt, format::kFreelistFlag);
    std::byte* root = bytes.data() + std::size_t{3} * size;
    format::store<std::uint64_t>(root + format::kHeaderIdAt, 3);
    format::store<std::uint16_t>(root + format::kHeaderFlagsAt, format::kLeafFlag);
    const std::array<Bytes, 1> parts{bytes};
    auto done = file->writeAt(0, parts);
    if (done) {
        done = file->syncData();
    }
    if (done) {
        done = file->syncDirectory();
    }
    if (!done) { // an empty file is a new one again; half of one would be refused for ever
        static_cast<void>(file->resize(0));
    }
    return done;
}

Result<void> Store::State::readMetas() {
    const auto found = format::findMeta(*file, fileSize);
    if (!found) {
        return fail(found.error());
    }
    if (!found->isValid()) {
        return fail(*found->error);
    }
    pageSize = found->fields.pageSize;
    if (!format::isReadablePageSize(pageSize)) {
        return fail(wrongPageSize(pageSize));
    }
    if (fileSize / 2 < pageSize) {
        return fail(storeError(ErrorCode::FileTooSmall, "File size too small: two pages of " +
                                                            std::to_string(pageSize) +
                                                            " bytes are needed, the file has " +
                                                            std::to_string(fileSize) + " bytes"));
    }
    const auto pair = format::readMetaPair(*file, pageSize, *found);
    if (!pair) {
        return fail(pair.error());
    }
    if (pair->activeFields() == nullptr) {
        return fail(*pair->metas[0].error);
    }
    meta = *pair->activeFields();
    meta.pageSize = pageSize;
    metaIndex = *pair->active;
    const MetaReport& other = pair->metas[static_cast<std::size_t>(1 - metaIndex)];
    otherHighWater = other.isValid() ? other.fields.highWater : PageId{0};
    if (meta.highWater.value > fileSize / pageSize) {
        return fail(storeError(ErrorCode::Truncated,
                               "The file was cut: pages up to " +
                                   std::to_string(meta.highWater.value) + " are in use, it has " +
                                   std::to_string(fileSize / pageSize),
                               "Restore a backup, or open it for looking and save what is left."));
    }
    return {};
}

// A list of one page is read through the file: touching the mapping would cost a page fault, and
// with it the mapping of the pages around.
Result<std::vector<std::uint64_t>> Store::State::freelistIds(const ReadTransaction& tx) {
    if (meta.freelist.value < 2 || meta.freelist >= meta.highWater) {
        return readFreelist(tx); // which says what is wrong
    }
    std::vector<std::byte> page(pageSize);
    const auto got = file->readAt(meta.freelist.value * pageSize, page);
    if (!got) {
        return fail(got.error());
    }
    return *got == pageSize && format::PageView(page).header().overflow == 0
               ? readFreelist(meta.freelist, page, pageSize)
               : readFreelist(tx);
}

Result<void> Store::State::loadFreelist() {
    const auto tx = snapshot();
    if (!tx) {
        return fail(tx.error());
    }
    auto ids = meta.hasFreelist() ? freelistIds(*tx) : findFreePages(*tx);
    if (!ids) {
        return fail(ids.error());
    }
    if (!std::is_sorted(ids->begin(), ids->end())) { // nobody writes it so; bbolt sorts it too
        std::sort(ids->begin(), ids->end());
    }
    freelist = Freelist(options.freelistType);
    if (auto loaded = freelist.load(*ids, meta.highWater.value); !loaded) {
        return loaded;
    }
    takeStatistics({});
    return {};
}

Result<Store> Store::open(const std::filesystem::path& path, const StoreOptions& options) {
    auto state = std::make_shared<State>();
    state->path = path;
    state->options = options;
    if (auto opened = state->openFile(); !opened) {
        return fail(opened.error());
    }
    Store store(std::move(state));
    if (!options.readOnly && !options.noFreelistSync && !store.m_state->meta.hasFreelist()) {
        // One empty commit, so that the list is stored from now on.
        auto tx = store.beginWrite();
        if (!tx) {
            return fail(tx.error());
        }
        if (auto stored = tx->commit(); !stored) {
            return fail(stored.error());
        }
    }
    return store;
}

} // namespace pagescape
