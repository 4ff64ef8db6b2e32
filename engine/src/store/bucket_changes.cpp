// SPDX-License-Identifier: MIT
// What the write calls do to a bucket: put, remove, nested buckets. Source of the rules: bbolt
// bucket.go. moveChild is in move_bucket.cpp.
#include "format/byte_order.h"
#include "store/bucket_error.h"
#include "store/bucket_value.h"
#include "store/write_state.h"
#include "tree/search.h"

namespace pagescape {

Result<void> WriteState::checkUsable(const BucketState& bucket) const {
    if (!isOpen) {
        return fail(storeError(ErrorCode::TransactionClosed, "The transaction has ended"));
    }
    for (const BucketState* each = &bucket; each != nullptr; each = each->parent) {
        if (each->isGone) {
            return fail(storeError(ErrorCode::BucketNotFound,
                                   "The bucket was deleted in this transaction"));
        }
    }
    return {};
}

bool WriteState::isOfFile(Bytes bytes) const {
    const Bytes file = TreeAccess::bytes(base);
    return std::less_equal<>()(file.data(), bytes.data()) &&
           std::less<>()(bytes.data(), file.data() + file.size());
}

Bytes WriteState::keepValue(Bytes value, Bytes replaced) {
    if (hasLentOwn || value.empty() || value.size() > replaced.size() || isOfFile(replaced)) {
        return arena.copy(value);
    }
    std::byte* const at = const_cast<std::byte*>(replaced.data()); // it lies in the arena
    std::memmove(at, value.data(), value.size());
    return {at, value.size()};
}

Result<void> WriteState::putItem(BucketState& bucket, Bytes key, Bytes value, std::uint32_t flags) {
    const auto leaf = leafFor(bucket, key);
    if (!leaf) {
        return fail(leaf.error());
    }
    NodeItems& items = (*leaf)->items;
    const auto found = items.find(key);
    Item item;
    if (found.exact) {
        item = items.at(found.at);
        if ((item.flags & format::kBucketElementFlag) != (flags & format::kBucketElementFlag)) {
            return fail(incompatible(flags == 0, key));
        }
    } else {
        const Bytes copy = arena.copy(key);
        item.prefix = keyPrefix(copy);
        item.keyData = copy.data();
        item.keySize = static_cast<std::uint32_t>(copy.size());
        item.flags = flags;
    }
    const Bytes kept = keepValue(value, found.exact && flags == 0 ? item.value() : Bytes());
    item.valueData = kept.data();
    item.valueSize = static_cast<std::uint32_t>(kept.size());
    if (found.exact) {
        items.assign(found.at, item);
    } else {
        items.insert(found.at, item);
    }
    ++bucket.version;
    if (trace != nullptr && !isSpilling) {
        tell(PutEvent{(*leaf)->page, toString(key), item.valueSize,
                      (flags & format::kBucketElementFlag) != 0, found.exact, (*leaf)->number,
                      static_cast<std::uint32_t>(items.size()), (*leaf)->size()});
    }
    return {};
}

// Removes an entry of the asked kind. Pages come into memory only when the key is there: what is in
// memory is written again.
Result<void> WriteState::removeItem(BucketState& bucket, Bytes key, bool isBucket) {
    Trail trail;
    const auto present = findEntry(bucket, key, &trail);
    if (!present) {
        return fail(present.error());
    }
    if (!*present) {
        return {};
    }
    if ((*present)->isBucket != isBucket) {
        return fail(incompatible((*present)->isBucket, key));
    }
    const auto leaf = loadTrail(bucket, trail);
    if (!leaf) {
        return fail(leaf.error());
    }
    (*leaf)->items.erase(trail.at);
    (*leaf)->isUnbalanced = true;
    ++bucket.version;
    if (trace != nullptr) {
        tell(DeleteEvent{(*leaf)->page, toString(key), isBucket, (*leaf)->number,
                         static_cast<std::uint32_t>((*leaf)->items.size()), (*leaf)->size()});
    }
    return {};
}

// The nested bucket of that name; null when there is none or when the key holds a plain value.
Result<BucketState*> WriteState::openChild(BucketState& bucket, Bytes name) {
    if (const auto known = bucket.children.find(name); known != bucket.children.end()) {
        return known->second;
    }
    const auto entry = findEntry(bucket, name);
    if (!entry) {
        return fail(entry.error());
    }
    if (!*entry || !(*entry)->isBucket) {
        return nullptr;
    }
    const auto header = format::readBucketHeader((*entry)->value);
    if (!header) {
        return fail(corruptPage((*entry)->page, "A bucket header needs 16 bytes, its value has " +
                                                    std::to_string((*entry)->value.size())));
    }
    if (bucket.level + 1 > format::kMaxBucketDepth) {
        return fail(tooDeep());
    }
    BucketState& child = newBucket(&bucket, (*entry)->key);
    child.root = header->root;
    child.sequence = header->sequence;
    child.inlinePage = header->inlinePage;
    child.holder = (*entry)->page;
    bucket.children.emplace(child.name, &child);
    return &child;
}

Result<BucketState*> WriteState::makeChild(BucketState& bucket, Bytes name) {
    if (name.empty()) {
        return fail(storeError(ErrorCode::BucketNameRequired, "A bucket needs a name"));
    }
    if (name.size() > format::kMaxKeySize) {
        return fail(storeError(ErrorCode::KeyTooLarge,
                               "A bucket name has at most " + std::to_string(format::kMaxKeySize) +
                                   " bytes; this one has " + std::to_string(name.size())));
    }
    if (bucket.level + 1 > format::kMaxBucketDepth) {
        return fail(tooDeep());
    }
    const auto entry = findEntry(bucket, name);
    if (!entry) {
        return fail(entry.error());
    }
    if (*entry) {
        return fail((*entry)->isBucket ? bucketTaken(name) : incompatible(false, name));
    }
    if (auto put = putItem(bucket, name, emptyBucketValue(), format::kBucketElementFlag); !put) {
        return fail(put.error());
    }
    return openChild(bucket, name);
}

// Frees all pages of a bucket's tree and of the buckets in it.
Result<void> WriteState::freeTree(BucketState& bucket) {
    std::vector<Bytes> names;
    std::vector<PageId> path;
    const std::function<Result<void>(const TreeLevel&)> visit =
        [&](const TreeLevel& level) -> Result<void> {
        const PageId page = level.node != nullptr ? level.node->page : level.page.page;
        const bool isInline =
            level.node != nullptr ? level.node->runPages == 0 : level.page.isInline;
        if (path.size() > format::kMaxTreeDepth) {
            return fail(corruptPage(page, "The tree is too deep: its pages refer in a circle"));
        }
        if (!isInline) {
            for (const PageId above : path) {
                if (above == page) {
                    return fail(corruptPage(page, "The page is its own ancestor"));
                }
            }
            const auto pages = level.node != nullptr ? Result<std::uint64_t>(level.node->runPages)
                                                     : provenRun(level.page);
            if (!pages) {
                return fail(pages.error());
            }
            if (auto freed = freeRun(page, *pages); !freed) {
                return freed;
            }
        }
        path.push_back(page);
        TreeLevel at = level;
        const std::uint64_t count =
            level.node != nullptr ? level.node->items.size() : level.page.view.count();
        for (std::uint64_t i = 0; i < count; ++i) {
            if (level.isLeaf()) {
                const auto entry = entryAt(at);
                if (!entry) {
                    return fail(entry.error());
                }
                if (*entry && (*entry)->isBucket) {
                    names.push_back((*entry)->key);
                }
            } else {
                const auto below = childLevel(at);
                if (!below) {
                    return fail(below.error());
                }
                if (auto done = visit(*below); !done) {
                    return done;
                }
            }
            if (level.node != nullptr) {
                at.at = level.node->items.list().next(at.at);
            } else {
                ++at.index;
            }
        }
        path.pop_back();
        return {};
    };
    const auto top = rootLevel(bucket);
    if (!top) {
        return fail(top.error());
    }
    if (auto done = visit(*top); !done) {
        return done;
    }
    for (const Bytes name : names) {
        const auto child = openChild(bucket, name);
        if (!child) {
            return fail(child.error());
        }
        if (*child != nullptr) {
            if (auto done = freeTree(**child); !done) {
                return done;
            }
        }
    }
    return {};
}

Result<void> WriteState::dropChild(BucketState& bucket, Bytes name) {
    const auto child = openChild(bucket, name);
    if (!child) {
        return fail(child.error());
    }
    if (*child == nullptr) {
        const auto entry = findEntry(bucket, name);
        return fail(entry && *entry ? incompatible(false, name) : bucketMissing(name));
    }
    auto done = freeTree(**child);
    if (done) {
        const Bytes kept = (*child)->name;
        (*child)->isGone = true;
        bucket.children.erase(kept);
        done = removeItem(bucket, kept, true);
    }
    if (!done) {
        failure = done.error(); // some of its pages are free and some are not
    }
    return done;
}

} // namespace pagescape
