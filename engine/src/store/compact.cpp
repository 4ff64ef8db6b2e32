// SPDX-License-Identifier: MIT
#include "pagescape/compact.h"

#include "store/store_error.h"

#include <optional>
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

} // namespace pagescape
