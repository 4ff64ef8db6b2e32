// SPDX-License-Identifier: MIT
// The shape of the trees of any file: measuring it ends, and every sum agrees with its parts.
// Input: a file, see memory_file.h.
#include "fuzz/fuzz_input.h"
#include "fuzz/memory_file.h"
#include "pagescape/tree_statistics.h"

#include <algorithm>
#include <numeric>

using namespace pagescape;

namespace {

void requireSound(const FillSummary& fill) {
    const auto counted =
        std::accumulate(fill.histogram.begin(), fill.histogram.end(), std::uint64_t{0});
    fuzz::require(counted == fill.pages, "the histogram counts other pages");
    fuzz::require(fill.minimum <= fill.median && fill.median <= fill.maximum,
                  "minimum, median and maximum are out of order");
}

void requireSound(const DepthStatistics& depth) {
    requireSound(depth.fill);
    fuzz::require(depth.used <= depth.allocated && depth.unknown <= depth.allocated - depth.used,
                  "more bytes in use than there are");
    fuzz::require(depth.fill.pages <= depth.branchPages + depth.leafPages, "more fills than pages");
}

void requireSameSum(const TreeStatistics& all, std::size_t level) {
    DepthStatistics sum;
    for (const BucketTree& tree : all.trees) {
        if (level < tree.depths.size()) {
            const DepthStatistics& depth = tree.depths[level];
            fuzz::require(depth.depth == level, "a depth in another's place");
            requireSound(depth);
            sum.branchPages += depth.branchPages;
            sum.leafPages += depth.leafPages;
            sum.overflowPages += depth.overflowPages;
            sum.elements += depth.elements;
            sum.allocated += depth.allocated;
            sum.used += depth.used;
            sum.fill.pages += depth.fill.pages;
        }
    }
    const DepthStatistics& total = all.depths[level];
    requireSound(total);
    fuzz::require(sum.branchPages == total.branchPages && sum.leafPages == total.leafPages &&
                      sum.overflowPages == total.overflowPages && sum.elements == total.elements &&
                      sum.allocated == total.allocated && sum.used == total.used &&
                      sum.fill.pages == total.fill.pages,
                  "the trees do not add up");
}

void requireSound(const TreeStatistics& all) {
    GetCost cost;
    std::size_t deepest = 0;
    for (std::size_t i = 0; i < all.trees.size(); ++i) {
        const BucketTree& tree = all.trees[i];
        fuzz::require(!tree.parent || *tree.parent < i, "a bucket before its parent");
        fuzz::require(tree.inlineBuckets <= tree.buckets, "more inline buckets than buckets");
        fuzz::require(i >= 64 || all.path(i).size() <= i, "a bucket path that is too long");
        cost.add(tree.get);
        deepest = std::max(deepest, tree.depths.size());
    }
    fuzz::require(all.depths.size() == deepest, "the deepest tree is missing from the sums");
    for (std::size_t level = 0; level < deepest; ++level) {
        requireSameSum(all, level);
    }
    fuzz::require(cost.keys == all.get.keys && cost.pages == all.get.pages &&
                      cost.bytes == all.get.bytes && cost.entryBytes == all.get.entryBytes,
                  "the costs of a Get do not add up");
    fuzz::require(all.get.pages >= all.get.keys, "a Get without a page");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = fuzz::openInput(fuzz::asInput(data, size));
    if (!file) {
        return 0;
    }
    std::uint64_t skipped = 0;
    std::uint64_t last = 0;
    const auto all = treeStatistics(
        *file,
        [&](const Error& error) {
            fuzz::require(!error.text.empty(), "damage without a text");
            ++skipped;
        },
        [&](std::uint64_t done, std::uint64_t total) {
            fuzz::require(done >= last && done <= total, "progress that goes back or too far");
            last = done;
        });
    fuzz::require(all || !all.error().text.empty(), "an error without a reason");
    if (all) {
        fuzz::require(all->partsSkipped == skipped, "the damage is not what was reported");
        requireSound(*all);
    }
    return 0;
}
