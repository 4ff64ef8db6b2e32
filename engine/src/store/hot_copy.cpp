// SPDX-License-Identifier: MIT
// Copies of a moment: the pages of a snapshot as they are, while the database goes on.
#include "format/meta.h"
#include "pagescape/compact.h"
#include "pagescape/storage_file.h"
#include "store/store_error.h"
#include "tree/tree_access.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <vector>

namespace pagescape {

namespace {

constexpr int kMostPartNames = 1000;

/// A file that is being written, under a name of its own; removed unless it gets the final one.
struct PartFile {
    PartFile(std::filesystem::path name, std::shared_ptr<StorageFile> opened)
        : path(std::move(name)), file(std::move(opened)) {}
    ~PartFile() {
        std::error_code ignored;
        if (!path.empty()) {
            std::filesystem::remove(path, ignored);
        }
    }
    PartFile(PartFile&& other) noexcept
        : path(std::exchange(other.path, {})), file(std::move(other.file)) {}
    PartFile& operator=(PartFile&&) = delete;

    std::filesystem::path path; // empty: it is not ours to remove
    std::shared_ptr<StorageFile> file;
};

// Never a file that is there: it may be somebody's, or another copy on its way.
Result<PartFile> makePartFile(const std::filesystem::path& target, std::uint32_t mode) {
    for (int number = 1;; ++number) {
        std::filesystem::path name = target;
        name += number == 1 ? ".part" : ".part" + std::to_string(number);
        FileRequest request;
        request.mode = mode;
        request.mustBeNew = true;
        auto file = openStorageFile(name, request);
        if (file) {
            return PartFile(std::move(name), std::move(*file));
        }
        if (file.error().osError != EEXIST || number == kMostPartNames) {
            return fail(file.error());
        }
    }
}

// A file that a program writes to must keep its name: what is committed to it later would go to a
// file that nobody finds. bolt's lock tells. Returns the locked file, or null where there is none.
Result<std::shared_ptr<StorageFile>> lockTarget(const std::filesystem::path& path) {
    FileRequest request;
    request.readOnly = true;
    auto file = openStorageFile(path, request);
    if (!file) {
        return file.error().code == ErrorCode::FileNotFound
                   ? Result<std::shared_ptr<StorageFile>>(nullptr)
                   : file;
    }
    const auto isFree = (*file)->tryLock(FileLock::Shared);
    if (!isFree) {
        return fail(isFree.error());
    }
    if (!*isFree) {
        return fail(storeError(ErrorCode::LockTimeout,
                               "The copy would replace a database that is open for writing",
                               "Choose another name; to replace that file, close it first."));
    }
    return file;
}

Result<void> giveName(PartFile& part, const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::rename(part.path, path, error);
    if (error) {
        Error failure;
        failure.osError = error.value();
        failure.text = "The finished copy could not be given its name";
        return fail(std::move(failure));
    }
    part.path.clear();
    return part.file->syncDirectory();
}

} // namespace

Result<std::uint64_t> copyTo(const ReadTransaction& source,
                             const std::function<Result<void>(Bytes)>& write) {
    constexpr std::uint64_t kPiece = 1024 * 1024;
    const std::uint64_t pageSize = source.meta().pageSize;
    MetaFields meta = source.meta();
    const Bytes file = TreeAccess::bytes(source);
    if (file.size() / pageSize < meta.highWater.value) { // a copy of that does not open
        return fail(TreeAccess::truncatedError());
    }
    // One meta is older by one. There is nothing before transaction 0: that becomes 1.
    const std::uint64_t newest = std::max<std::uint64_t>(meta.txid.value, 1);
    for (std::uint64_t i = 0; i < 2; ++i) {
        std::vector<std::byte> page(pageSize);
        meta.txid = TxId{newest - i};
        static_cast<void>(format::storeMeta(page, PageId{i}, meta));
        if (auto done = write(page); !done) {
            return fail(done.error());
        }
    }
    const std::uint64_t end = meta.highWater.value * pageSize;
    for (std::uint64_t at = 2 * pageSize; at < end; at += kPiece) {
        if (auto done = write(file.subspan(at, std::min(kPiece, end - at))); !done) {
            return fail(done.error());
        }
        if (TreeAccess::truncated(source)) {
            return fail(TreeAccess::truncatedError());
        }
    }
    return end;
}

Result<std::uint64_t> copyToFile(const ReadTransaction& source, const std::filesystem::path& path,
                                 std::uint32_t mode) {
    const auto target = lockTarget(path);
    if (!target) {
        return fail(target.error());
    }
    auto part = makePartFile(path, mode);
    if (!part) {
        return fail(part.error());
    }
    std::uint64_t at = 0;
    const auto copied = copyTo(source, [&](Bytes piece) {
        const std::array<Bytes, 1> parts{piece};
        const std::uint64_t offset = at;
        at += piece.size();
        return part->file->writeAt(offset, parts);
    });
    if (!copied) {
        return copied;
    }
    if (auto synced = part->file->syncAll(); !synced) {
        return fail(synced.error());
    }
    if (auto named = giveName(*part, path); !named) {
        return fail(named.error());
    }
    return copied;
}

} // namespace pagescape
