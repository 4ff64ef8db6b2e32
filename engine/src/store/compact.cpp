// SPDX-License-Identifier: MIT
#include "pagescape/compact.h"

#include "format/meta.h"
#include "pagescape/storage_file.h"
#include "store/store_error.h"
#include "tree/tree_access.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace pagescape {

namespace {

/// Copies a tree of buckets into commits of bounded size.
class Compactor {
public:
    Compactor(Store& target, const CompactOptions& options, const std::stop_token& stop)
        : m_target(target), m_options(options), m_stop(stop) {}

    Result<void> run(const Bucket& source) {
        if (auto begun = begin(); !begun) {
            return begun;
        }
        if (auto copied = copyEntries(source); !copied) {
            return copied;
        }
        return m_tx->commit();
    }

private:
    Result<void> begin() {
        auto tx = m_target.beginWrite();
        if (!tx) {
            return fail(tx.error());
        }
        m_tx.emplace(std::move(*tx));
        m_bytes = 0;
        m_buckets.assign(1, m_tx->rootBucket());
        for (const std::string& name : m_path) {
            auto next = m_buckets.back().bucket(asBytes(name));
            if (!next) {
                return fail(next.error());
            }
            (*next)->setFillPercent(1.0);
            m_buckets.push_back(**next);
        }
        return {};
    }

    // Makes room for an item: a full transaction is committed first.
    Result<void> account(std::uint64_t bytes) {
        if (m_options.maxTransactionBytes != 0 && m_bytes + bytes > m_options.maxTransactionBytes) {
            if (auto done = m_tx->commit(); !done) {
                return done;
            }
            if (auto begun = begin(); !begun) {
                return begun;
            }
        }
        m_bytes += bytes;
        if ((++m_entries & 0x3FFU) == 0) {
            if (m_options.progress) {
                m_options.progress(m_entries);
            }
            if (m_stop.stop_requested()) {
                return fail(storeError(ErrorCode::Cancelled, "The compaction was stopped"));
            }
        }
        return {};
    }

    Result<void> copyEntries(const Bucket& source) {
        Cursor cursor = source.cursor();
        std::optional<Bytes> previous; // lies in the source, as long as its transaction
        for (auto entry = cursor.first(); true; entry = cursor.next()) {
            if (!entry) {
                return fail(entry.error());
            }
            if (!*entry) {
                return {};
            }
            if (previous && m_options.onUnsorted && compareKeys(*previous, (*entry)->key) >= 0) {
                m_options.onUnsorted((*entry)->page);
            }
            previous = (*entry)->key;
            auto done = (*entry)->isBucket ? copyBucket(source, **entry) : copyPair(**entry);
            if (!done) {
                return done;
            }
        }
    }

    Result<void> copyPair(const Entry& entry) {
        if (auto room = account(entry.key.size() + entry.value.size()); !room) {
            return room;
        }
        return m_buckets.back().put(entry.key, entry.value);
    }

    Result<void> copyBucket(const Bucket& parent, const Entry& entry) {
        const auto source = parent.bucketAt(entry);
        if (!source) {
            return fail(source.error());
        }
        if (auto room = account(entry.key.size()); !room) {
            return room;
        }
        auto made = m_buckets.back().createBucket(entry.key);
        if (!made) {
            return fail(made.error());
        }
        if (auto set = made->setSequence(source->sequence()); !set) {
            return set;
        }
        made->setFillPercent(1.0);
        m_buckets.push_back(*made);
        m_path.push_back(toString(entry.key));
        auto done = copyEntries(*source);
        m_path.pop_back();
        m_buckets.pop_back();
        return done;
    }

    Store& m_target;
    const CompactOptions& m_options;
    const std::stop_token& m_stop;
    std::optional<WriteTransaction> m_tx;
    std::vector<WriteBucket> m_buckets; // those on the way, the root bucket first
    std::vector<std::string> m_path;
    std::uint64_t m_bytes = 0;
    std::uint64_t m_entries = 0;
};

} // namespace

Result<void> compact(const ReadTransaction& source, Store& target, const CompactOptions& options,
                     const std::stop_token& stop) {
    return Compactor(target, options, stop).run(source.rootBucket());
}

Result<std::uint64_t> copyTo(const ReadTransaction& source,
                             const std::function<Result<void>(Bytes)>& write) {
    constexpr std::uint64_t kPiece = 1024 * 1024;
    const std::uint64_t pageSize = source.meta().pageSize;
    MetaFields meta = source.meta();
    for (std::uint64_t i = 0; i < 2; ++i) {
        std::vector<std::byte> page(pageSize);
        meta.txid = TxId{source.meta().txid.value - i};
        static_cast<void>(format::storeMeta(page, PageId{i}, meta));
        if (auto done = write(page); !done) {
            return fail(done.error());
        }
    }
    const Bytes file = TreeAccess::bytes(source);
    const std::uint64_t end = std::min<std::uint64_t>(meta.highWater.value * pageSize, file.size());
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
    std::filesystem::path part = path;
    part += ".part";
    std::error_code error;
    std::filesystem::remove(part, error);
    auto file = openStorageFile(part, FileRequest{false, true, mode});
    if (!file) {
        return fail(file.error());
    }
    std::uint64_t at = 0;
    auto copied = copyTo(source, [&](Bytes piece) {
        const std::array<Bytes, 1> parts{piece};
        const std::uint64_t offset = at;
        at += piece.size();
        return (*file)->writeAt(offset, parts);
    });
    if (copied) {
        if (auto synced = (*file)->syncAll(); !synced) {
            copied = fail(synced.error());
        }
    }
    if (copied) {
        std::filesystem::rename(part, path, error);
        if (error) {
            Error failure;
            failure.osError = error.value();
            failure.text = "The finished copy could not be given its name";
            copied = fail(std::move(failure));
        } else if (auto synced = (*file)->syncDirectory(); !synced) {
            copied = fail(synced.error());
        }
    }
    if (!copied) {
        std::filesystem::remove(part, error);
    }
    return copied;
}

} // namespace pagescape
