// SPDX-License-Identifier: MIT
#include "fuzz/store_player.h"

#include "fuzz/fuzz_input.h"
#include "fuzz/judge.h"
#include "pagescape/format.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace pagescape::fuzz {

namespace {

constexpr int kMostSteps = 400;
constexpr std::uint64_t kMostBytes = 1024 * 1024; // put by one input

// The outcome of a call must be the one the model says; nothing stands for success.
template <typename T>
void expect(const Result<T>& outcome, std::optional<ErrorCode> predicted, const char* what) {
    if (outcome.has_value() == predicted.has_value() ||
        (predicted && outcome.error().code != *predicted)) {
        std::fprintf(stderr, "expected %s, got %s\n",
                     predicted ? std::string(errorName(*predicted)).c_str() : "success",
                     outcome ? "success" : outcome.error().describe().c_str());
        require(false, what);
    }
}

// What an existing entry of the name means for a call that wants a free one.
std::optional<ErrorCode> taken(const test::ModelBucket& bucket, const std::string& name) {
    if (bucket.buckets.count(name) != 0) {
        return ErrorCode::BucketExists;
    }
    if (bucket.values.count(name) != 0) {
        return ErrorCode::IncompatibleValue;
    }
    return std::nullopt;
}

// What a missing bucket of the name means for a call that wants one.
std::optional<ErrorCode> missing(const test::ModelBucket& bucket, const std::string& name) {
    if (bucket.buckets.count(name) != 0) {
        return std::nullopt;
    }
    return bucket.values.count(name) != 0 ? ErrorCode::IncompatibleValue
                                          : ErrorCode::BucketNotFound;
}

} // namespace

StorePlayer::Model* StorePlayer::pickBucket(Path& path) {
    Model* here = &m_working;
    for (unsigned choice = m_input.take(); choice != 0 && !here->buckets.empty(); choice /= 3) {
        auto child = here->buckets.begin();
        std::advance(child, static_cast<std::ptrdiff_t>(choice % here->buckets.size()));
        path.push_back(child->first);
        here = &child->second;
    }
    return here;
}

WriteBucket StorePlayer::bucketAt(const Path& path) {
    std::vector<Bytes> names;
    for (const std::string& name : path) {
        names.push_back(asBytes(name));
    }
    auto found = m_tx->bucket(names);
    expect(found, std::nullopt, "a bucket of the model is not there");
    return *found;
}

std::string StorePlayer::pickKey() {
    const unsigned number = m_input.take();
    std::string key = std::to_string(number);
    switch (m_input.take()) {
    case 1: return {};
    case 2: return key + '\0';
    case 3: return std::string(300, 'k') + key;
    case 4: return std::string(2000, 'k') + key; // more than a small page
    case 5: return key + '\xff';
    case 6: return std::string(32769, 'k'); // one byte too long
    default: return key;
    }
}

std::string StorePlayer::pickValue() {
    const unsigned choice = m_input.take();
    std::uint64_t size = choice;
    if (choice >= 250) {
        size = choice * 100;
    } else if (choice >= 200) {
        size = (choice - 199) * 64;
    }
    size = m_bytesPut > kMostBytes ? 3 : size;
    m_bytesPut += size;
    return std::string(size, static_cast<char>('a' + m_bytesPut % 26));
}

// The name of a nested bucket, or one that there is not.
std::string StorePlayer::pickName(const Model& bucket) {
    const unsigned choice = m_input.take();
    if (choice < 128 && !bucket.buckets.empty()) {
        auto child = bucket.buckets.begin();
        std::advance(child, static_cast<std::ptrdiff_t>(choice % bucket.buckets.size()));
        return child->first;
    }
    return choice == 255 ? std::string() : std::to_string(choice);
}

void StorePlayer::putOne() {
    Path path;
    Model* const model = pickBucket(path);
    const std::string key = pickKey();
    const std::string value = pickValue();
    std::optional<ErrorCode> predicted;
    if (key.empty()) {
        predicted = ErrorCode::KeyRequired;
    } else if (key.size() > format::kMaxKeySize) {
        predicted = ErrorCode::KeyTooLarge;
    } else if (path.empty() || model->buckets.count(key) != 0) {
        predicted = ErrorCode::IncompatibleValue;
    }
    expect(bucketAt(path).put(asBytes(key), asBytes(value)), predicted, "put");
    if (!predicted) {
        model->values[key] = value;
    }
}

// A run of keys in steps: what makes pages split.
void StorePlayer::putMany() {
    Path path;
    Model* const model = pickBucket(path);
    if (path.empty()) {
        return;
    }
    WriteBucket bucket = bucketAt(path);
    const unsigned first = m_input.take();
    const unsigned stride = m_input.take() % 16 + 1;
    const unsigned count = m_input.take();
    const std::string value = pickValue().substr(0, 300);
    bucket.setFillPercent(static_cast<double>(m_input.take() % 12) / 10);
    for (unsigned i = 0; i < count; ++i) {
        const std::string key = std::to_string(1000 + first + i * stride);
        expect(bucket.put(asBytes(key), asBytes(value)), std::nullopt, "a put of many");
        model->values[key] = value;
    }
    m_bytesPut += count * value.size();
}

void StorePlayer::removeMany() {
    Path path;
    Model* const model = pickBucket(path);
    WriteBucket bucket = bucketAt(path);
    const unsigned first = m_input.take();
    const unsigned count = m_input.take();
    for (unsigned i = 0; i <= count; ++i) {
        const std::string key = std::to_string((count < 8 ? 0 : 1000) + first + i);
        const bool isBucket = model->buckets.count(key) != 0;
        expect(bucket.remove(asBytes(key)),
               isBucket ? std::optional(ErrorCode::IncompatibleValue) : std::nullopt, "remove");
        model->values.erase(key);
    }
}

void StorePlayer::makeBucket() {
    Path path;
    Model* const model = pickBucket(path);
    const std::string name = pickKey();
    std::optional<ErrorCode> predicted = taken(*model, name);
    if (name.empty()) {
        predicted = ErrorCode::BucketNameRequired;
    } else if (name.size() > format::kMaxKeySize) {
        predicted = ErrorCode::KeyTooLarge;
    }
    expect(bucketAt(path).createBucket(asBytes(name)), predicted, "createBucket");
    if (!predicted) {
        model->buckets.emplace(name, Model());
    }
}

void StorePlayer::dropBucket() {
    Path path;
    Model* const model = pickBucket(path);
    const std::string name = pickName(*model);
    const auto predicted = missing(*model, name);
    expect(bucketAt(path).deleteBucket(asBytes(name)), predicted, "deleteBucket");
    if (!predicted) {
        model->buckets.erase(name);
    }
}

void StorePlayer::moveBucket() {
    Path from;
    Model* const source = pickBucket(from);
    const std::string name = pickName(*source);
    Path to;
    Model* const target = pickBucket(to);
    const bool isInside = to.size() > from.size() &&
                          std::equal(from.begin(), from.end(), to.begin()) &&
                          to[from.size()] == name;
    std::optional<ErrorCode> predicted = missing(*source, name);
    if (!predicted) {
        predicted = source == target ? std::optional(ErrorCode::SameBuckets)
                    : isInside       ? std::optional(ErrorCode::BucketInsideItself)
                                     : taken(*target, name);
    }
    WriteBucket place = bucketAt(to);
    expect(bucketAt(from).moveBucket(asBytes(name), place), predicted, "moveBucket");
    if (!predicted) {
        Model moved = std::move(source->buckets.at(name));
        target->buckets.emplace(name, std::move(moved));
        source->buckets.erase(name);
    }
}

void StorePlayer::setSequence() {
    Path path;
    Model* const model = pickBucket(path);
    WriteBucket bucket = bucketAt(path);
    const unsigned choice = m_input.take();
    if (choice < 128) {
        expect(bucket.setSequence(choice), std::nullopt, "setSequence");
        model->sequence = choice;
        return;
    }
    const auto next = bucket.nextSequence();
    expect(next, std::nullopt, "nextSequence");
    require(*next == ++model->sequence, "another sequence than the one after the last");
}

// Steps through a bucket, removing and overwriting on the way.
void StorePlayer::walk() {
    Path path;
    Model* const model = pickBucket(path);
    WriteBucket bucket = bucketAt(path);
    std::vector<std::string> keys;
    for (const auto& [key, value] : model->values) {
        keys.push_back(key);
    }
    for (const auto& [key, child] : model->buckets) {
        keys.push_back(key);
    }
    std::sort(keys.begin(), keys.end());
    const unsigned style = m_input.take();
    const bool isForward = (style & 1U) != 0;
    const unsigned removeEach = style >> 1U & 7U;
    const unsigned overwriteEach = style >> 4U & 7U;
    const unsigned most = m_input.take() * 4;
    const std::string from = (style & 128U) != 0 ? pickKey() : std::string();
    WriteCursor cursor = bucket.cursor();
    auto at = isForward ? keys.begin() : keys.end();
    auto entry = isForward ? cursor.first() : cursor.last();
    if (!from.empty()) {
        at = std::lower_bound(keys.begin(), keys.end(), from);
        entry = cursor.seek(asBytes(from));
    } else if (!isForward && !keys.empty()) {
        --at;
    }
    for (unsigned i = 1; i <= most; ++i) {
        expect(entry, std::nullopt, "a move of the cursor");
        require(entry->has_value() == (at != keys.end()), "the cursor ends elsewhere");
        if (!*entry) {
            return;
        }
        require(toString((*entry)->key) == *at, "the cursor stands elsewhere");
        const auto value = model->values.find(*at);
        require((*entry)->isBucket == (value == model->values.end()), "another kind of entry");
        if (value != model->values.end()) {
            require(toString((*entry)->value) == value->second, "another value under the cursor");
            if (removeEach != 0 && i % removeEach == 0) {
                expect(cursor.remove(), std::nullopt, "a cursor's remove");
                model->values.erase(value);
            } else if (overwriteEach != 0 && i % overwriteEach == 0) {
                value->second += "+";
                expect(bucket.put(asBytes(*at), asBytes(value->second)), std::nullopt, "put");
            }
        }
        if (isForward) {
            ++at;
            entry = cursor.next();
        } else {
            at = at == keys.begin() ? keys.end() : at - 1;
            entry = cursor.prev();
        }
    }
}

void StorePlayer::change(unsigned what) {
    if (!m_tx) {
        auto tx = m_store->beginWrite();
        expect(tx, std::nullopt, "beginWrite");
        m_tx = std::move(*tx);
        m_working = m_committed;
    }
    switch (what) {
    case 0: return putOne();
    case 1: return putMany();
    case 2: return removeMany();
    case 3: return makeBucket();
    case 4: return dropBucket();
    case 5: return moveBucket();
    case 6: return setSequence();
    case 7: return walk();
    default: requireSame(m_tx->rootBucket(), m_working); return;
    }
}

void StorePlayer::step() {
    switch (const unsigned what = m_input.take() % 24; what) {
    case 9: return finish(true);
    case 10: return finish(false);
    case 11: return reopen();
    case 12: return holdReader();
    case 13:
        if (!m_readers.empty()) {
            releaseReader(m_input.take() % m_readers.size());
        }
        return;
    case 14: return shrink(m_input.take());
    case 15: return copy();
    case 16: return commitWithFault();
    case 17:
    case 18: return finish(true);
    default: return change(what < 9 ? what : (what - 19) * 2 % 4); // puts and buckets are likelier
    }
}

void StorePlayer::play() {
    auto memory = makeMemoryFile();
    require(memory.has_value(), "no file in memory");
    m_memory = *memory;
    m_faulty = std::make_shared<FaultyFile>(m_memory);
    constexpr std::array<std::uint32_t, 8> kPageSizes = {1024, 1024, 1024, 2048,
                                                         4096, 4096, 1000, 16384};
    m_options.pageSize = kPageSizes[m_input.take() % kPageSizes.size()];
    m_options.pageSize = std::max(m_options.pageSize, format::kSmallestPageSize);
    open(false);
    for (int i = 0; i < kMostSteps && !m_input.isEmpty(); ++i) {
        step();
    }
    m_tx.reset();
    releaseAll();
    expect(m_store->close(), std::nullopt, "close");
    judgeFile();
}

} // namespace pagescape::fuzz
