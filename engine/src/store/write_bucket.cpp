// SPDX-License-Identifier: MIT
#include "pagescape/write_bucket.h"

#include "store/store_error.h"
#include "store/write_state.h"

#include <algorithm>
#include <cmath>

namespace pagescape {

namespace {

// Source: bbolt bucket.go minFillPercent, maxFillPercent.
constexpr double kFewestFill = 0.1;
constexpr double kMostFill = 1.0;

// The limits of bolt, in the order in which it tests them. Source: bbolt bucket.go Put.
Result<void> checkPair(Bytes key, Bytes value) {
    if (key.empty()) {
        return fail(storeError(ErrorCode::KeyRequired, "A key must not be empty"));
    }
    if (key.size() > format::kMaxKeySize) {
        return fail(storeError(ErrorCode::KeyTooLarge,
                               "A key has at most " + std::to_string(format::kMaxKeySize) +
                                   " bytes; this one has " + std::to_string(key.size())));
    }
    if (value.size() > format::kMaxValueSize) {
        return fail(storeError(ErrorCode::ValueTooLarge,
                               "A value has at most " + std::to_string(format::kMaxValueSize) +
                                   " bytes; this one has " + std::to_string(value.size())));
    }
    return {};
}

} // namespace

Result<void> WriteBucket::checkUsable() const {
    return m_tx != nullptr ? m_tx->checkUsable(*m_bucket)
                           : fail(storeError(ErrorCode::TransactionClosed,
                                             "The transaction or the bucket was moved away"));
}

PageId WriteBucket::rootPage() const {
    return m_tx != nullptr ? m_bucket->root : PageId{};
}

std::uint32_t WriteBucket::level() const {
    return m_tx != nullptr ? m_bucket->level : 0;
}

Result<std::optional<Bytes>> WriteBucket::get(Bytes key) const {
    if (auto usable = checkUsable(); !usable) {
        return fail(usable.error());
    }
    const auto entry = m_tx->findEntry(*m_bucket, key);
    if (!entry) {
        return fail(entry.error());
    }
    if (!*entry || (*entry)->isBucket) {
        return std::optional<Bytes>();
    }
    m_tx->noteLent((*entry)->value);
    return std::optional<Bytes>((*entry)->value);
}

Result<void> WriteBucket::put(Bytes key, Bytes value) {
    if (auto usable = checkUsable(); !usable) {
        return usable;
    }
    if (auto sound = checkPair(key, value); !sound) {
        return sound;
    }
    if (m_bucket->parent == nullptr) {
        return fail(storeError(ErrorCode::IncompatibleValue,
                               "The root bucket holds buckets only: create one for the key"));
    }
    return m_tx->putItem(*m_bucket, key, value, 0);
}

Result<void> WriteBucket::remove(Bytes key) {
    if (auto usable = checkUsable(); !usable) {
        return usable;
    }
    return m_tx->removeItem(*m_bucket, key, false);
}

Result<std::optional<WriteBucket>> WriteBucket::bucket(Bytes name) const {
    if (auto usable = checkUsable(); !usable) {
        return fail(usable.error());
    }
    const auto child = m_tx->openChild(*m_bucket, name);
    if (!child) {
        return fail(child.error());
    }
    if (*child == nullptr) {
        return std::optional<WriteBucket>();
    }
    return std::optional<WriteBucket>(WriteBucket(m_tx, *child));
}

Result<WriteBucket> WriteBucket::createBucket(Bytes name) {
    if (auto usable = checkUsable(); !usable) {
        return fail(usable.error());
    }
    const auto child = m_tx->makeChild(*m_bucket, name);
    if (!child) {
        return fail(child.error());
    }
    return WriteBucket(m_tx, *child);
}

Result<WriteBucket> WriteBucket::createBucketIfNotExists(Bytes name) {
    if (!name.empty()) {
        auto present = bucket(name);
        if (!present) {
            return fail(present.error());
        }
        if (*present) {
            return **present;
        }
    }
    return createBucket(name);
}

Result<void> WriteBucket::deleteBucket(Bytes name) {
    if (auto usable = checkUsable(); !usable) {
        return usable;
    }
    return m_tx->dropChild(*m_bucket, name);
}

Result<void> WriteBucket::moveBucket(Bytes name, WriteBucket& target) {
    if (auto usable = checkUsable(); !usable) {
        return usable;
    }
    if (m_tx != target.m_tx) {
        return fail(storeError(ErrorCode::DifferentDatabase,
                               "The source and target buckets belong to different transactions"));
    }
    if (auto usable = target.checkUsable(); !usable) {
        return usable;
    }
    return m_tx->moveChild(*m_bucket, name, *target.m_bucket);
}

Result<std::uint64_t> WriteBucket::sequence() const {
    if (auto usable = checkUsable(); !usable) {
        return fail(usable.error());
    }
    return m_bucket->sequence;
}

Result<void> WriteBucket::setSequence(std::uint64_t value) {
    if (auto usable = checkUsable(); !usable) {
        return usable;
    }
    // The root comes to memory so that the bucket is written. Source: bbolt bucket.go SetSequence.
    if (auto root = m_tx->rootNode(*m_bucket); !root) {
        return fail(root.error());
    }
    m_bucket->sequence = value;
    return {};
}

Result<std::uint64_t> WriteBucket::nextSequence() {
    const auto now = sequence();
    if (!now) {
        return now;
    }
    if (auto set = setSequence(*now + 1); !set) {
        return fail(set.error());
    }
    return *now + 1;
}

void WriteBucket::setFillPercent(double fill) {
    if (m_tx != nullptr) {
        m_bucket->fillPercent =
            std::isnan(fill) ? kFillPercent : std::clamp(fill, kFewestFill, kMostFill);
    }
}

double WriteBucket::fillPercent() const {
    return m_tx != nullptr ? m_bucket->fillPercent : kFillPercent;
}

WriteCursor WriteBucket::cursor() const {
    if (m_tx != nullptr) {
        ++m_tx->statistics.cursorCount;
    }
    return WriteCursor(*this);
}

Result<void> WriteBucket::forEach(const std::function<Result<void>(const Entry&)>& visit) const {
    WriteCursor walk = cursor();
    for (auto entry = walk.first(); true; entry = walk.next()) {
        if (!entry) {
            return fail(entry.error());
        }
        if (!*entry) {
            return {};
        }
        if (auto done = visit(**entry); !done) {
            return done;
        }
    }
}

} // namespace pagescape
