// SPDX-License-Identifier: MIT
// Whole-database walks: the content digest, bucket statistics and the bucket structure.
// They read as much of a damaged file as can be read and say what had to be left out.
#pragma once

#include "pagescape/database.h"
#include "pagescape/result.h"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace pagescape {

class WriteBucket;

/// What walkEntries reports: a bucket is reported before its contents.
struct WalkItem {
    const std::vector<Bytes>* path = nullptr; ///< names of the buckets around it, outermost first
    Bytes key;
    Bytes value; ///< empty for a bucket
    bool isBucket = false;
    bool isInline = false;      ///< for a bucket
    std::uint64_t sequence = 0; ///< for a bucket
    PageId root;                ///< for a bucket; page 0 when inline
    PageId page;                ///< leaf that holds it
    std::uint32_t index = 0;
};

/// Visits every entry of every bucket, depth first, in stored order, skipping what is damaged.
/// `onSkip` hears of each part left out. The callback returns false to stop (no error).
/// Errors: Cancelled, Truncated. Depth and page visits are bounded.
[[nodiscard]] Result<void> walkEntries(const PageFile& file,
                                       const std::function<bool(const WalkItem&)>& onItem,
                                       const std::function<void(Error)>& onSkip = {},
                                       const std::stop_token& stop = {});

/// SHA-256 over the content, one line an entry: see `digest` in the README's command table.
struct ContentDigest {
    std::string sha256; ///< lower-case hex
    std::uint64_t pairs = 0;
    std::uint64_t buckets = 0;  ///< without the root bucket
    std::vector<Error> skipped; ///< damaged parts left out; empty: the digest is of everything
};
[[nodiscard]] Result<ContentDigest> contentDigest(const PageFile& file,
                                                  const std::stop_token& stop = {});

/// Statistics of one bucket, nested ones included: the fields and rules of bbolt's BucketStats.
/// Source: bbolt bucket.go Bucket.Stats. Sizes in bytes.
struct BucketStats {
    std::uint64_t branchPages = 0;
    std::uint64_t branchOverflow = 0;
    std::uint64_t leafPages = 0;
    std::uint64_t leafOverflow = 0;
    std::uint64_t keys = 0; ///< nested buckets count as keys, and so do their keys
    std::uint64_t depth = 0;
    std::uint64_t branchAlloc = 0;
    std::uint64_t branchInuse = 0;
    std::uint64_t leafAlloc = 0;
    std::uint64_t leafInuse = 0;
    std::uint64_t buckets = 0;
    std::uint64_t inlineBuckets = 0;
    std::uint64_t inlineInuse = 0;

    /// Sums all but depth, which is the greater one. Source: bbolt BucketStats.Add.
    void add(const BucketStats& other);
};
[[nodiscard]] Result<BucketStats> bucketStats(const Bucket& bucket, std::uint32_t pageSize);
/// The same inside a write transaction: of the bucket as it was committed, as in bbolt; one that is
/// new counts as empty. Errors: also TransactionClosed, BucketNotFound.
[[nodiscard]] Result<BucketStats> bucketStats(const WriteBucket& bucket);
/// Buckets within buckets, and their keys. Source: bbolt BucketStructure, Tx.Inspect.
struct BucketStructure {
    std::string name;       ///< of the root bucket: "root"
    std::uint64_t keys = 0; ///< plain ones, without nested buckets
    std::vector<BucketStructure> buckets;
};
/// The structure below a bucket, in a write transaction with all its uncommitted changes.
/// Errors: CorruptPage, LimitReached, TransactionClosed. Cost: every leaf page is read.
[[nodiscard]] Result<BucketStructure> bucketStructure(const Bucket& bucket,
                                                      std::string name = "root");
[[nodiscard]] Result<BucketStructure> bucketStructure(const WriteBucket& bucket,
                                                      std::string name = "root");
/// Sum over the top-level buckets whose name starts with `prefix`: what `bbolt stats` prints.
[[nodiscard]] Result<BucketStats> aggregateStats(const ReadTransaction& tx, Bytes prefix = {});

} // namespace pagescape
