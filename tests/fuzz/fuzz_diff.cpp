// SPDX-License-Identifier: MIT
// The difference of any two versions: it ends, its counts are those of what it reports, the way
// back is the mirror of the way there, and a file is equal to itself. Input: a file, see
// memory_file.h.
#include "fuzz/fuzz_input.h"
#include "fuzz/memory_file.h"
#include "pagescape/diff.h"
#include "pagescape/walk.h"

using namespace pagescape;

namespace {

// Keys and buckets as they were reported, to be compared with the counts of the summary.
struct Reported {
    std::uint64_t keys[3] = {};
    std::uint64_t buckets[3] = {};
    std::uint64_t skipped = 0;
};

void requireRising(const std::vector<PageIdSpan>& spans) {
    std::uint64_t end = 0;
    for (const PageIdSpan& span : spans) {
        fuzz::require(span.count > 0 && span.first.value >= end, "page runs out of order");
        end = span.first.value + span.count;
        fuzz::require(end > span.first.value, "a run beyond the last page number");
    }
}

void requireCounts(const DiffSummary& summary, const Reported& reported) {
    fuzz::require(summary.keysAdded == reported.keys[0] &&
                      summary.keysRemoved == reported.keys[1] &&
                      summary.keysChanged == reported.keys[2],
                  "the keys are not those reported");
    fuzz::require(summary.bucketsAdded == reported.buckets[0] &&
                      summary.bucketsRemoved == reported.buckets[1] &&
                      summary.sequencesChanged == reported.buckets[2],
                  "the buckets are not those reported");
    fuzz::require(summary.partsSkipped == reported.skipped, "the damage is not what was reported");
    for (const auto* spans : {&summary.pages.onlyBefore, &summary.pages.onlyAfter,
                              &summary.pages.changed, &summary.pages.same}) {
        requireRising(*spans);
    }
}

Result<DiffSummary> compare(const DiffSide& before, const DiffSide& after) {
    Reported reported;
    auto summary = diffVersions(
        before, after,
        [&](const DiffItem& item) {
            auto& counts = item.isBucket ? reported.buckets : reported.keys;
            ++counts[static_cast<std::size_t>(item.kind)];
            fuzz::require(item.path != nullptr, "a difference in no bucket");
            return true;
        },
        [&](DiffOrigin, const Error& error) {
            fuzz::require(!error.text.empty(), "damage without a text");
            ++reported.skipped;
        });
    fuzz::require(summary || !summary.error().text.empty(), "an error without a reason");
    if (summary) {
        fuzz::require(summary->isWhole, "nobody ended it");
        requireCounts(*summary, reported);
    }
    return summary;
}

void requireMirror(const DiffSummary& there, const DiffSummary& back) {
    fuzz::require(there.keysAdded == back.keysRemoved && there.keysRemoved == back.keysAdded &&
                      there.keysChanged == back.keysChanged &&
                      there.bucketsAdded == back.bucketsRemoved &&
                      there.bucketsRemoved == back.bucketsAdded &&
                      there.sequencesChanged == back.sequencesChanged,
                  "the way back counts other changes");
    fuzz::require(there.pages.onlyBefore == back.pages.onlyAfter &&
                      there.pages.onlyAfter == back.pages.onlyBefore &&
                      there.pages.changed == back.pages.changed,
                  "the way back has other pages");
    fuzz::require(there.partsSkipped == back.partsSkipped, "the way back has other damage");
}

void compareToItself(const PageFile& file) {
    const auto again = PageFile::open(file.path());
    const auto side = currentSide(file);
    fuzz::require(again.has_value(), "a file opens once only");
    const auto other = currentSide(*again);
    fuzz::require(side.has_value() == other.has_value(), "a file opens in two ways");
    if (!side) {
        return;
    }
    // By page numbers, and by every byte.
    const auto shared = compare(*side, *side);
    const auto read = compare(*side, *other);
    fuzz::require(shared && shared->isEqual(), "a version differs from itself");
    fuzz::require(read && read->isEqual(), "a file differs from itself");
    fuzz::require(read->pages.onlyBefore.empty() && read->pages.changed.empty(),
                  "a file has other pages than itself");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = fuzz::openInput(fuzz::asInput(data, size));
    if (!file) {
        return 0;
    }
    compareToItself(*file);
    const auto sides = bothSides(*file);
    fuzz::require(sides || !sides.error().text.empty(), "no two versions and no reason");
    if (!sides) {
        return 0;
    }
    const auto there = compare(sides->first, sides->second);
    const auto back = compare(sides->second, sides->first);
    fuzz::require(there.has_value() == back.has_value(), "the way back fails alone");
    if (there) {
        requireMirror(*there, *back);
    }
    return 0;
}
