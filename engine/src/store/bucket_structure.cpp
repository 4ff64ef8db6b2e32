// SPDX-License-Identifier: MIT
// Statistics and structure of buckets inside transactions. Source: bbolt bucket.go Stats, Inspect.
#include "pagescape/walk.h"
#include "store/write_access.h"

namespace pagescape {

namespace {

template <typename AnyBucket>
Result<BucketStructure> structureOf(const AnyBucket& bucket, std::string name) {
    BucketStructure structure;
    structure.name = std::move(name);
    auto cursor = bucket.cursor();
    for (auto entry = cursor.first(); true; entry = cursor.next()) {
        if (!entry) {
            return fail(entry.error());
        }
        if (!*entry) {
            return structure;
        }
        if (!(*entry)->isBucket) {
            ++structure.keys;
            continue;
        }
        const auto nested = bucket.bucket((*entry)->key);
        if (!nested || !*nested) {
            return fail(nested ? corruptPage((*entry)->page, "A nested bucket is not found again")
                               : nested.error());
        }
        auto below = structureOf(**nested, toString((*entry)->key));
        if (!below) {
            return below;
        }
        structure.buckets.push_back(std::move(*below));
    }
}

} // namespace

Result<BucketStructure> bucketStructure(const Bucket& bucket, std::string name) {
    return structureOf(bucket, std::move(name));
}

Result<BucketStructure> bucketStructure(const WriteBucket& bucket, std::string name) {
    return structureOf(bucket, std::move(name));
}

Result<BucketStats> bucketStats(const WriteBucket& bucket) {
    const WriteState& tx = WriteAccess::state(bucket);
    const BucketState& state = WriteAccess::bucketState(bucket);
    if (auto usable = tx.checkUsable(state); !usable) {
        return fail(usable.error());
    }
    const format::BucketHeader header{state.root, state.sequence, state.inlinePage};
    return bucketStats(TreeAccess::bucket(tx.base, header, state.level, state.holder),
                       tx.store->pageSize);
}

} // namespace pagescape
