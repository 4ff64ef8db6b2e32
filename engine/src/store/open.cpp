// SPDX-License-Identifier: MIT
// Opening a store in bolt's order: file, lock, new file, page size and metas, mapping, freelist.
// Source: bbolt db.go Open.
#include "format/meta_search.h"
#include "store/free_scan.h"
#include "store/new_file.h"
#include "store/store_error.h"
#include "store/store_state.h"
#include "tree/tree_access.h"

#include <algorithm>
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

} // namespace

// Refuses what could only be refused after a file was made. An existing one tells its page size.
Result<void> Store::State::checkOptions() const {
    if (options.initialMapSize > 0) {
        const auto length = mappingLength(options.initialMapSize, format::kSmallestPageSize);
        if (!length) {
            return fail(length.error());
        }
        if (auto room = checkAddressSpace(*length); !room) {
            return room;
        }
    }
    std::error_code ignored;
    if (options.create && !options.readOnly && !isNewPageSize(newPageSize()) && !options.openFile &&
        !std::filesystem::exists(path, ignored)) {
        return fail(wrongPageSize(newPageSize()));
    }
    return {};
}

Result<void> Store::State::openFile() {
    if (auto possible = checkOptions(); !possible) {
        return possible;
    }
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
    const auto size = file->size();
    if (!size) {
        return fail(size.error());
    }
    fileSize = *size;
    if (fileSize == 0) {
        if (auto made = initialise(newPageSize()); !made) {
            return made;
        }
    }
    auto read = readMetas();
    // A crash while the file was made leaves no meta, or one of pages that are not there.
    if (!read || (meta.txid.value <= 1 && fileSize <= meta.highWater.value * pageSize)) {
        const auto finished = finishNewFile();
        if (!finished) {
            return fail(finished.error());
        }
        if (*finished) {
            read = readMetas();
        }
    }
    if (!read) {
        return read;
    }
    if (auto mapped = mapFile(options.initialMapSize); !mapped) {
        return mapped;
    }
    return options.readOnly && !options.preloadFreelist ? Result<void>() : loadFreelist();
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
