// SPDX-License-Identifier: MIT
// Any file opened for writing and changed in one commit: it ends, a sound file is sound afterwards
// and takes every change, a damaged one has no new kind of damage unless a page in use could be
// taken for free, and a refused change leaves the content as it was. Input: a file, see
// memory_file.h; its last bytes also choose the changes, in a sample file the first of each kind.
#include "fuzz/byte_reader.h"
#include "fuzz/fuzz_input.h"
#include "fuzz/judge.h"
#include "fuzz/memory_file.h"
#include "pagescape/store.h"

#include <algorithm>
#include <vector>

using namespace pagescape;

namespace {

constexpr std::size_t kScriptBytes = 32;
constexpr std::size_t kMostBuckets = 8;
constexpr int kMostEntries = 300; // looked at by a walk

std::vector<std::string> bucketsIn(const WriteBucket& bucket, Result<void>& outcome) {
    std::vector<std::string> names;
    WriteCursor cursor = bucket.cursor();
    auto entry = cursor.first();
    for (int i = 0; i < kMostEntries && entry && *entry; ++i, entry = cursor.next()) {
        if ((*entry)->isBucket && names.size() < kMostBuckets) {
            names.push_back(toString((*entry)->key));
        }
    }
    if (!entry) {
        outcome = fail(entry.error());
    }
    return names;
}

// Removes every second entry it comes by.
Result<void> removeHalf(WriteBucket bucket, bool isForward) {
    WriteCursor cursor = bucket.cursor();
    auto entry = isForward ? cursor.first() : cursor.last();
    for (int i = 0; i < kMostEntries && entry && *entry; ++i) {
        if (i % 2 == 0 && !(*entry)->isBucket) {
            if (auto removed = cursor.remove(); !removed) {
                return removed;
            }
        }
        entry = isForward ? cursor.next() : cursor.prev();
    }
    return entry ? Result<void>() : fail(entry.error());
}

Result<void> changeBucket(WriteBucket& parent, const std::string& name, unsigned what,
                          unsigned depth) {
    auto found = parent.bucket(asBytes(name));
    if (!found || !*found) {
        return found ? Result<void>() : fail(found.error());
    }
    WriteBucket bucket = **found;
    switch (what % 7) {
    case 0: return removeHalf(bucket, what % 2 == 0);
    case 1: return bucket.put(asBytes("0new"), asBytes(std::string(what * 40, 'n')));
    case 2: return parent.deleteBucket(asBytes(name));
    case 3: {
        auto target = parent.createBucketIfNotExists(asBytes("moved here"));
        return target ? parent.moveBucket(asBytes(name), *target) : fail(target.error());
    }
    case 4: {
        const auto next = bucket.nextSequence();
        return next ? Result<void>() : fail(next.error());
    }
    case 5: { // all keys of a new value: every leaf is written anew
        WriteCursor cursor = bucket.cursor();
        auto entry = cursor.first();
        for (int i = 0; i < kMostEntries && entry && *entry; ++i, entry = cursor.next()) {
            if (!(*entry)->isBucket) {
                if (auto put = bucket.put((*entry)->key, asBytes("other")); !put) {
                    return put;
                }
            }
        }
        return entry ? Result<void>() : fail(entry.error());
    }
    default: break;
    }
    Result<void> outcome;
    for (const std::string& child : bucketsIn(bucket, outcome)) {
        if (outcome && depth < 3) {
            outcome = changeBucket(bucket, child, what / 7 + 5, depth + 1);
        }
    }
    return outcome;
}

// Makes the changes; the first error, after which it goes on where the script says so. Names taken
// already and the like are no errors here.
Result<void> changeAll(WriteTransaction& tx, fuzz::ByteReader& script, bool goesOn) {
    Result<void> first;
    const auto note = [&first](const Result<void>& done) {
        const bool isOfTheCall = !done && (done.error().code == ErrorCode::IncompatibleValue ||
                                           done.error().code == ErrorCode::BucketExists ||
                                           done.error().code == ErrorCode::BucketInsideItself ||
                                           done.error().code == ErrorCode::KeyTooLarge ||
                                           done.error().code == ErrorCode::LimitReached);
        if (first && !isOfTheCall) {
            first = done;
        }
    };
    WriteBucket root = tx.rootBucket();
    for (const std::string& name : bucketsIn(root, first)) {
        if (first || goesOn) {
            note(changeBucket(root, name, script.take(), 0));
        }
    }
    if (first || goesOn) {
        auto bucket = root.createBucketIfNotExists(asBytes("pagescape"));
        note(bucket ? Result<void>() : fail(bucket.error()));
        if (bucket) {
            note(bucket->put(asBytes("k"), asBytes(std::string(script.take() * 100, 'v'))));
        }
    }
    return first;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::vector<std::byte> bytes = fuzz::mendInput(fuzz::asInput(data, size));
    const auto file = makeMemoryFile(bytes);
    fuzz::require(file.has_value(), "no file in memory");
    fuzz::ByteReader script(Bytes(bytes).last(std::min(bytes.size(), kScriptBytes)));
    const unsigned style = script.take();
    const std::set<FindingCode> damageBefore = fuzz::damageKindsOf(**file);
    const bool wasSound = !bytes.empty() && damageBefore.empty();
    const std::string before = fuzz::digestOfFile(**file);
    StoreOptions options;
    options.openFile = [&file](const std::filesystem::path&) { return *file; };
    options.timeout = std::chrono::milliseconds(0);
    options.freelistType = (style & 1U) != 0 ? FreelistType::Hashmap : FreelistType::Array;
    options.noFreelistSync = (style & 2U) != 0;
    options.maxSize = 64 * 1024 * 1024;
    auto store = Store::open("memory", options);
    bool isChanged = false;
    if (store) {
        auto tx = store->beginWrite();
        fuzz::require(tx.has_value(), "an opened store refuses to write");
        Result<void> done = changeAll(*tx, script, (style & 4U) != 0);
        fuzz::require(done || !wasSound, "a change of a sound file fails");
        if (done || (style & 4U) != 0) {
            done = tx->commit();
            isChanged = done.has_value();
            fuzz::require(isChanged || !wasSound, "a commit to a sound file fails");
        }
        fuzz::require(done || !done.error().text.empty(), "an error without a reason");
        if (isChanged && (style & 8U) != 0) {
            fuzz::require(store->shrink().has_value() || !wasSound, "a sound file does not shrink");
        }
    }
    store = fail(Error());
    const std::string damage = fuzz::damageOf(**file); // ends, whatever was done
    fuzz::require(damage.empty() || !wasSound, damage.c_str());
    if (isChanged && !fuzz::mayHideUsedPages(damageBefore)) {
        for (const FindingCode kind : fuzz::damageKindsOf(**file)) {
            fuzz::require(damageBefore.contains(kind), damage.c_str());
        }
    }
    if (!isChanged && !bytes.empty()) {
        fuzz::require(fuzz::digestOfFile(**file) == before, "a refused change changed the content");
    }
    return 0;
}
