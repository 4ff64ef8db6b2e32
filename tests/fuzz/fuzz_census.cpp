// SPDX-License-Identifier: MIT
// The census of any file: it ends, every page has a kind and a life, and every answer stays in
// range. Input: a file, see memory_file.h.
#include "fuzz/fuzz_input.h"
#include "fuzz/memory_file.h"
#include "pagescape/census.h"

#include <algorithm>
#include <numeric>

using namespace pagescape;

namespace {

void requireSoundRows(const Census& census) {
    const std::uint64_t pages = census.pageCount();
    std::uint64_t kinds = 0;
    for (const std::uint64_t count : census.kindCounts()) {
        kinds += count;
    }
    std::uint64_t lives = 0;
    for (const std::uint64_t count : census.lifeCounts()) {
        lives += count;
    }
    fuzz::require(kinds == pages, "the kinds do not add up to the pages");
    fuzz::require(lives == pages, "the lives do not add up to the pages");
    for (std::uint64_t id = 0; id < pages; ++id) {
        const PageRow row = census.row(PageId{id});
        fuzz::require(row.bucket == kNoBucket || row.bucket < census.bucketCount(),
                      "the owner is no bucket");
        fuzz::require(census.owner(PageId{id}) == row.bucket, "owner() disagrees with row()");
        fuzz::require(census.fill(PageId{id}) == row.fill, "fill() disagrees with row()");
        const std::uint8_t state = census.state(PageId{id});
        fuzz::require((state & 15U) == static_cast<unsigned>(row.kind) &&
                          state >> 4U == static_cast<unsigned>(row.life),
                      "state() disagrees with row()");
        if (id < 64) {
            fuzz::require(census.pathTo(PageId{id}).size() <= pages + 1,
                          "a path longer than the file");
        }
    }
}

void requireSoundBuckets(const Census& census) {
    for (std::size_t i = 0; i < census.bucketCount(); ++i) {
        const auto index = static_cast<BucketIndex>(i);
        const BucketInfo bucket = census.bucket(index);
        fuzz::require(bucket.parent == kNoBucket || bucket.parent < index,
                      "a bucket before its parent");
        fuzz::require(i >= 64 || census.bucketPath(index).size() <= i + 1,
                      "a bucket path that is too long");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = fuzz::openInput(fuzz::asInput(data, size));
    if (!file) {
        return 0;
    }
    Census census(file);
    const auto done = census.run();
    fuzz::require(done || !done.error().text.empty(), "an error without a reason");
    if (done) {
        requireSoundRows(census);
        requireSoundBuckets(census);
        for (const CensusProblem& problem : census.problems()) {
            fuzz::require(!problem.text.empty(), "a problem without a text");
        }
        // Where bolt would refuse the file there is no version of it that could be whole.
        const auto whole = census.isWhole();
        fuzz::require(!whole || *whole || file->layout().openError.has_value(),
                      "a file that nobody writes is not whole");
    }
    return 0;
}
