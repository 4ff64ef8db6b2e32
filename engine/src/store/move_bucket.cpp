// SPDX-License-Identifier: MIT
// Moving a bucket into another one. Source: bbolt bucket.go MoveBucket; where that loses changes or
// whole buckets, this does not.
#include "store/bucket_error.h"
#include "store/write_state.h"

#include <functional>

namespace pagescape {

namespace {

// Looks how deep buckets nest below a bucket. It opens nothing, so that a commit finds nothing more
// to write afterwards.
class NestingScan {
public:
    NestingScan(WriteState& tx, std::uint32_t limit) : m_tx(tx), m_limit(limit) {}

    // Whether a bucket in it, or it itself, lies deeper than the limit when it lies at `level`.
    Result<bool> exceeds(BucketState& bucket, std::uint32_t level) {
        if (level > m_limit) {
            return true;
        }
        const auto top = m_tx.rootLevel(bucket);
        return top ? visit(bucket, *top, level, 0) : fail(top.error());
    }

private:
    Result<bool> visit(BucketState& bucket, TreeLevel at, std::uint32_t level, unsigned depth) {
        const PageId page = at.node != nullptr ? at.node->page : at.page.page;
        // A sound file leads to each page once.
        if (depth > format::kMaxTreeDepth || m_visits++ > m_tx.meta.highWater.value +
                                                              m_tx.statistics.nodeCount +
                                                              m_tx.bucketPool.size()) {
            return fail(corruptPage(page, "Pages refer to each other in a circle"));
        }
        const std::uint64_t count =
            at.node != nullptr ? at.node->items.size() : at.page.view.count();
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto deeper =
                at.isLeaf() ? visitEntry(bucket, at, level) : visitChild(bucket, at, level, depth);
            if (!deeper || *deeper) {
                return deeper;
            }
            if (at.node != nullptr) {
                at.at = at.node->items.list().next(at.at);
            } else {
                ++at.index;
            }
        }
        return false;
    }

    Result<bool> visitChild(BucketState& bucket, const TreeLevel& at, std::uint32_t level,
                            unsigned depth) {
        const auto below = m_tx.childLevel(at);
        return below ? visit(bucket, *below, level, depth + 1) : fail(below.error());
    }

    Result<bool> visitEntry(BucketState& bucket, const TreeLevel& at, std::uint32_t level) {
        const auto entry = m_tx.entryAt(at);
        if (!entry || !*entry || !(*entry)->isBucket) {
            return entry ? Result<bool>(false) : fail(entry.error());
        }
        if (const auto known = bucket.children.find((*entry)->key);
            known != bucket.children.end()) {
            return exceeds(*known->second, level + 1);
        }
        const auto header = format::readBucketHeader((*entry)->value);
        if (!header) {
            return fail(corruptPage((*entry)->page, "A bucket header is cut short"));
        }
        if (header->root.value == 0) { // an inline bucket holds no buckets
            return level + 1 > m_limit;
        }
        BucketState child;
        child.root = header->root;
        child.holder = (*entry)->page;
        return exceeds(child, level + 1);
    }

    WriteState& m_tx;
    std::uint32_t m_limit;
    std::uint64_t m_visits = 0;
};

} // namespace

// A bucket of more levels needs as many pages, or was made in this transaction: in all but large
// files the answer costs nothing. Elsewhere every page of the bucket is looked at.
Result<bool> WriteState::nestsDeeper(BucketState& bucket, std::uint32_t limit,
                                     std::uint32_t level) {
    if (level + meta.highWater.value + bucketPool.size() <= limit) {
        return false;
    }
    return NestingScan(*this, limit).exceeds(bucket, level);
}

// bbolt moves the stored bytes and so loses uncommitted changes of the child; it also lets a bucket
// vanish into its own descendant. Here the opened bucket itself moves, and the latter is refused.
Result<void> WriteState::moveChild(BucketState& from, Bytes name, BucketState& to) {
    const auto child = openChild(from, name);
    if (!child) {
        return fail(child.error());
    }
    if (*child == nullptr) {
        const auto entry = findEntry(from, name);
        return fail(entry && *entry ? incompatible(false, name) : bucketMissing(name));
    }
    BucketState& moved = **child;
    if (&from == &to) {
        return fail(
            storeError(ErrorCode::SameBuckets, "The source and target are the same bucket"));
    }
    for (const BucketState* above = &to; above != nullptr; above = above->parent) {
        if (above == &moved) {
            return fail(
                storeError(ErrorCode::BucketInsideItself, "A bucket cannot be moved into itself"));
        }
    }
    const auto taken = findEntry(to, name);
    if (!taken) {
        return fail(taken.error());
    }
    if (*taken) {
        return fail((*taken)->isBucket ? bucketTaken(name) : incompatible(false, name));
    }
    if (to.level + 1 > moved.level) {
        const auto sinks = nestsDeeper(moved, format::kMaxBucketDepth, to.level + 1);
        if (!sinks) {
            return fail(sinks.error());
        }
        if (*sinks) {
            return fail(tooDeep());
        }
    }
    const auto entry = findEntry(from, name);
    if (!entry || !*entry) {
        return fail(entry ? bucketMissing(name) : entry.error());
    }
    const Bytes value = arena.copy((*entry)->value);
    auto done = removeItem(from, moved.name, true);
    if (done) {
        from.children.erase(moved.name);
        done = putItem(to, moved.name, value, format::kBucketElementFlag);
        if (!done) {
            failure = done.error(); // it is in neither bucket
        }
    }
    if (!done) {
        return done;
    }
    if (moved.inlinePage.data() != nullptr && moved.rootNode == nullptr) {
        moved.inlinePage = value.subspan(format::kBucketHeaderSize);
        hasLentOwn = true; // bytes of the file in the arena: damaged ones may overlap
    }
    moved.parent = &to;
    const std::function<void(BucketState&, std::uint32_t)> relevel = [&](BucketState& bucket,
                                                                         std::uint32_t level) {
        bucket.level = level;
        for (const auto& [childName, each] : bucket.children) {
            relevel(*each, level + 1);
        }
    };
    relevel(moved, to.level + 1);
    to.children.emplace(moved.name, &moved);
    return {};
}

} // namespace pagescape
