// SPDX-License-Identifier: MIT
#include "bench_work.h"

#include "interrupt.h"

#include <algorithm>
#include <random>
#include <string>

namespace pagescape::cli {

namespace {

constexpr std::string_view kBucketName = "bench"; // bbolt's

using Clock = std::chrono::steady_clock;

// The number, big-endian, and zeros up to the size of a key.
void setNumber(std::string& key, std::uint32_t number) {
    for (std::size_t i = 0; i < kSmallestKey; ++i) {
        key[i] = static_cast<char>(number >> (24 - 8 * i) & 0xFFU);
    }
}

Error benchError(ErrorCode code, std::string text) {
    Error error;
    error.code = code;
    error.text = std::move(text);
    return error;
}

Error stopped() {
    return benchError(ErrorCode::Cancelled, "The benchmark was stopped");
}

Result<std::uint64_t> countEntries(const Bucket& bucket) {
    std::uint64_t count = 0;
    Cursor cursor = bucket.cursor();
    for (auto entry = cursor.first(); true; entry = cursor.next()) {
        if (!entry) {
            return fail(entry.error());
        }
        if (!*entry) {
            return count;
        }
        ++count;
    }
}

} // namespace

// SplitMix64: the numbers need to be scattered, not unpredictable.
std::uint32_t Bench::nextNumber() {
    if (m_work.writeOrder == KeyOrder::Sequential) {
        return ++m_lastNumber;
    }
    m_random += 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = m_random;
    mixed = (mixed ^ mixed >> 30U) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ mixed >> 27U) * 0x94D049BB133111EBU;
    return static_cast<std::uint32_t>(mixed >> 32U);
}

Result<void> Bench::writeBatch(WriteTransaction& tx) {
    auto bucket = tx.createBucketIfNotExists(asBytes(kBucketName));
    if (!bucket) {
        return fail(bucket.error());
    }
    bucket->setFillPercent(m_work.fillPercent);
    std::string key(m_work.keySize, '\0');
    const std::string value(m_work.valueSize, '\0');
    Place place;
    if (m_work.isNested) {
        place.bucket = nextNumber();
        setNumber(key, place.bucket);
        auto inner = bucket->createBucketIfNotExists(asBytes(key));
        if (!inner) {
            return fail(inner.error());
        }
        inner->setFillPercent(m_work.fillPercent);
        *bucket = *inner;
    }
    for (std::uint64_t i = 0; i < m_work.batchSize; ++i) {
        if (InterruptGuard::isRequested()) {
            return fail(stopped());
        }
        place.key = nextNumber();
        setNumber(key, place.key);
        if (auto put = bucket->put(asBytes(key), asBytes(value)); !put) {
            return put;
        }
        m_places.push_back(place);
        m_progress(m_places.size());
    }
    return {};
}

Result<BenchResult> Bench::write() {
    m_places.reserve(m_work.count);
    const auto begin = Clock::now();
    while (m_places.size() < m_work.count) {
        auto done = m_store.update([this](WriteTransaction& tx) { return writeBatch(tx); });
        if (!done) {
            return fail(done.error());
        }
    }
    return BenchResult{m_places.size(), Clock::now() - begin};
}

Result<std::uint64_t> Bench::readInOrder(const Bucket& top) const {
    if (!m_work.isNested) {
        return countEntries(top);
    }
    std::uint64_t count = 0;
    Cursor cursor = top.cursor();
    for (auto entry = cursor.first(); true; entry = cursor.next()) {
        if (!entry) {
            return fail(entry.error());
        }
        if (!*entry) {
            return count;
        }
        const auto inner = top.bucketAt(**entry);
        const auto inside = inner ? countEntries(*inner) : fail(inner.error());
        if (!inside) {
            return inside;
        }
        count += *inside;
    }
}

Result<std::uint64_t> Bench::readAtRandom(const Bucket& top) const {
    std::string key(m_work.keySize, '\0');
    for (const Place& place : m_places) {
        Bucket bucket = top;
        if (m_work.isNested) {
            setNumber(key, place.bucket);
            const auto inner = top.bucket(asBytes(key));
            if (!inner || !*inner) {
                return fail(inner ? benchError(ErrorCode::CorruptPage, "A bucket was not found")
                                  : inner.error());
            }
            bucket = **inner;
        }
        setNumber(key, place.key);
        const auto value = bucket.get(asBytes(key));
        if (!value || !*value) {
            return fail(value ? benchError(ErrorCode::CorruptPage, "A key was not found")
                              : value.error());
        }
    }
    return m_places.size();
}

Result<BenchResult> Bench::read() {
    const auto tx = m_store.beginRead();
    if (!tx) {
        return fail(tx.error());
    }
    const auto top = tx->rootBucket().bucket(asBytes(kBucketName));
    if (!top || !*top) {
        return fail(top ? benchError(ErrorCode::BucketNotFound, "Nothing was written")
                        : top.error());
    }
    const bool isRandom = m_work.readOrder == KeyOrder::Random;
    if (isRandom) {
        std::shuffle(m_places.begin(), m_places.end(), std::minstd_rand(1));
    }
    BenchResult result;
    const auto begin = Clock::now();
    do {
        const auto count = isRandom ? readAtRandom(**top) : readInOrder(**top);
        if (!count) {
            return fail(count.error());
        }
        // Random numbers may repeat, and then a later pair has replaced an earlier one.
        if (!isRandom && m_work.writeOrder == KeyOrder::Sequential && *count != m_work.count) {
            return fail(benchError(ErrorCode::CorruptPage,
                                   "Expected to read " + std::to_string(m_work.count) +
                                       " pairs, found " + std::to_string(*count)));
        }
        result.operations += *count;
        m_progress(result.operations);
        if (InterruptGuard::isRequested()) {
            return fail(stopped());
        }
        result.time = Clock::now() - begin;
    } while (result.time < std::chrono::seconds(1));
    return result;
}

} // namespace pagescape::cli
