// SPDX-License-Identifier: MIT
#include "sandbox/sparse_database.h"

#include "pagescape/format.h"
#include "pagescape/stopped.h"
#include "pagescape/store.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

namespace pagescape::gui {

namespace {

constexpr std::uint64_t kBlock = 4096; // file systems keep holes of whole blocks
constexpr std::uint64_t kBlockOfStat = 512;
constexpr std::string_view kKey = "zeros";

bool isZero(Bytes bytes) {
    return bytes.empty() || (bytes.front() == std::byte{0} &&
                             std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

// Leaves out blocks of zeros behind everything that was ever written: the file reads as zeros
// there anyway, as the store has made it long enough before.
class HoleFile final : public ForwardingFile {
public:
    explicit HoleFile(std::shared_ptr<StorageFile> file) : ForwardingFile(std::move(file)) {}

    [[nodiscard]] Result<void> writeAt(std::uint64_t offset,
                                       std::span<const Bytes> parts) override {
        const std::uint64_t fresh = m_end;
        for (const Bytes part : parts) {
            auto done = offset >= fresh && part.size() >= 2 * kBlock ? writeAround(offset, part)
                                                                     : write(offset, part);
            if (!done) {
                return done;
            }
            offset += part.size();
        }
        m_end = std::max(m_end, offset);
        return {};
    }
    /// Nothing of a new sandbox is worth waiting for.
    [[nodiscard]] Result<void> syncData() override { return {}; }
    [[nodiscard]] Result<void> syncAll() override { return {}; }
    /// The sandbox holds the lock itself.
    [[nodiscard]] Result<bool> tryLock(FileLock) override { return true; }

private:
    [[nodiscard]] Result<void> write(std::uint64_t offset, Bytes bytes) {
        return ForwardingFile::writeAt(offset, std::array<Bytes, 1>{bytes});
    }
    [[nodiscard]] Result<void> writeAround(std::uint64_t offset, Bytes bytes) {
        while (!bytes.empty()) {
            const auto size = std::min<std::uint64_t>(bytes.size(), kBlock - offset % kBlock);
            if (!isZero(bytes.first(size))) {
                if (auto done = write(offset, bytes.first(size)); !done) {
                    return done;
                }
            }
            offset += size;
            bytes = bytes.subspan(size);
        }
        return {};
    }

    std::uint64_t m_end = 0; // of all that was written
};

// One commit: padding / NUMBER / zeros = VALUE.
Result<void> putZeros(Store& store, std::uint64_t number, Bytes value) {
    return store.update([&](WriteTransaction& tx) -> Result<void> {
        auto padding = tx.createBucketIfNotExists(asBytes(std::string_view(kPaddingBucket)));
        if (!padding) {
            return fail(padding.error());
        }
        const std::string name = (number < 10 ? "0" : "") + std::to_string(number);
        auto own = padding->createBucketIfNotExists(asBytes(name));
        return own ? own->put(asBytes(kKey), value) : fail(own.error());
    });
}

} // namespace

Result<void> makeSparseDatabase(const std::filesystem::path& path,
                                const std::shared_ptr<StorageFile>& file, const SparseShape& shape,
                                const std::stop_token& stop) {
    StoreOptions options;
    options.pageSize = shape.pageSize;
    options.noSync = true;
    // No longer than it has to be: the length decides the mapping.
    options.allocSize = shape.pageSize;
    options.openFile = [holes = std::make_shared<HoleFile>(file)](const std::filesystem::path&) {
        return holes;
    };
    auto store = Store::open(path, options);
    if (!store) {
        return fail(store.error());
    }
    constexpr std::uint64_t kAroundValue =
        format::kPageHeaderSize + format::kElementSize + kKey.size();
    const std::uint64_t end = shape.bytes / shape.pageSize - shape.sparePages;
    const std::vector<std::byte> zeros(shape.valueBytes);
    for (std::uint64_t number = 1;; ++number) {
        std::uint64_t used = 0;
        if (const auto looked = store->view([&used](const ReadTransaction& tx) -> Result<void> {
                used = tx.meta().highWater.value;
                return {};
            });
            !looked) {
            return looked;
        }
        if (used + 3 >= end) { // as many pages as a commit takes besides the value's
            break;
        }
        if (stop.stop_requested()) {
            return fail(stoppedOnRequest());
        }
        const std::uint64_t room = (end - used) * shape.pageSize - kAroundValue;
        if (auto done = putZeros(*store, number, Bytes(zeros).first(std::min(room, zeros.size())));
            !done) {
            return done;
        }
    }
    if (auto closed = store->close(); !closed) {
        return closed;
    }
    if (bytesOnDisk(path) >= shape.bytes / 4) {
        Error error;
        error.code = ErrorCode::LimitReached;
        error.text = "The file system of the temporary folder stores no holes, so that " +
                     path.string() + " would take as much room as it is long";
        error.hint = "Set TMPDIR to a folder on another file system.";
        return fail(std::move(error));
    }
    return {};
}

std::uint64_t bytesOnDisk(const std::filesystem::path& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? std::uint64_t(status.st_blocks) * kBlockOfStat : 0;
}

} // namespace pagescape::gui
