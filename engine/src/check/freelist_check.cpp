// SPDX-License-Identifier: MIT
// The freelist: its place, its type, its count, its ids.
#include "check/check_run.h"
#include "format/byte_order.h"

#include <optional>

namespace pagescape {

namespace {

constexpr std::uint64_t kIdSize = 8; // bytes

// The part of a freelist run that holds ids.
struct IdList {
    Bytes bytes;          // from the first id on
    std::uint64_t count;  // as stated
    std::uint64_t offset; // of the first id, in the file
};

// Finds the ids behind the header; nothing when the run cannot hold as many as it states.
std::optional<IdList> findIds(CheckRun& run, const format::PageView& view, PageId id) {
    const Bytes body = view.bytes().subspan(format::kPageHeaderSize);
    IdList list{body, view.count(), run.offsetOf(id) + format::kPageHeaderSize};
    if (view.header().count == format::kFreelistCountEscape) {
        if (body.size() < kIdSize) {
            return std::nullopt;
        }
        list.count = format::load<std::uint64_t>(body.data());
        list.bytes = body.subspan(kIdSize);
        list.offset += kIdSize;
    }
    if (list.count > list.bytes.size() / kIdSize) {
        run.report(FindingCode::FreelistCount, id, run.offsetOf(id) + format::kHeaderCountAt,
                   "The freelist states " + std::to_string(list.count) +
                       " ids, its page has room "
                       "for " +
                       std::to_string(list.bytes.size() / kIdSize),
                   {id});
        return std::nullopt;
    }
    return list;
}

void readIds(CheckRun& run, const IdList& list, PageId freelist) {
    std::uint64_t previous = 0;
    for (std::uint64_t i = 0; i < list.count; ++i) {
        if (i % 4096 == 0 && run.mustEnd()) {
            return;
        }
        const PageId id{format::load<std::uint64_t>(list.bytes.data() + i * kIdSize)};
        const std::uint64_t offset = list.offset + i * kIdSize;
        const std::string entry =
            "Freelist entry " + std::to_string(i) + " is " + std::to_string(id.value);
        if (id.value < 2 || id.value >= run.highWater.value) {
            run.report(FindingCode::FreelistIdRange, id, offset,
                       entry + "; expected 2 to below the high-water mark " +
                           std::to_string(run.highWater.value),
                       {freelist});
            continue;
        }
        if (run.free.contains(id)) {
            run.report(FindingCode::FreelistDuplicate, id, offset, entry + ", for the second time",
                       {freelist});
        } else if (id.value < previous) {
            run.report(FindingCode::FreelistUnsorted, id, offset,
                       entry + ", less than " + std::to_string(previous) + " before it",
                       {freelist});
        }
        run.free.insert(id);
        previous = id.value;
    }
}

} // namespace

void checkFreelist(CheckRun& run, const MetaFields& meta) {
    if (!meta.hasFreelist()) {
        return;
    }
    const PageId id = meta.freelist;
    const std::string prefix = "The meta places the freelist on page " + std::to_string(id.value);
    if (id.value < 2 || id.value >= run.highWater.value) {
        run.report(FindingCode::FreelistOutOfRange, id, std::nullopt,
                   prefix + "; expected 2 to below the high-water mark " +
                       std::to_string(run.highWater.value));
        return;
    }
    if (!run.claimed.insert(id)) { // an id at or past the bound: past the end of the file
        run.report(FindingCode::FreelistOutOfRange, id, run.offsetOf(id),
                   prefix + ", where the file has ended already");
        return;
    }
    const format::PageView view = run.runs.read(id);
    const std::vector<PageId> path{id};
    if (view.header().id != id.value) {
        run.report(FindingCode::PageIdMismatch, id, run.offsetOf(id),
                   "The header of the freelist says page " + std::to_string(view.header().id),
                   path);
    }
    if (view.bytes().size() < format::kPageHeaderSize ||
        view.header().flags != format::kFreelistFlag) {
        run.report(FindingCode::FreelistType, id, run.offsetOf(id) + format::kHeaderFlagsAt,
                   prefix + ", which has flags " + std::to_string(view.header().flags) +
                       " and not " + std::to_string(format::kFreelistFlag),
                   path);
        return;
    }
    run.claimOverflow(id, view.header().overflow, path);
    const auto list = findIds(run, view, id);
    if (!list) {
        return;
    }
    readIds(run, *list, id);
    run.freeKnown = true;
    for (std::uint64_t i = 0; i <= view.header().overflow; ++i) {
        const PageId own = pageAfter(id, i);
        if (own.value >= run.claimed.bound()) {
            break;
        }
        if (run.free.contains(own)) {
            run.report(FindingCode::ReachableFree, own, run.offsetOf(own),
                       "A page of the freelist is itself in the freelist", path);
        }
    }
}

} // namespace pagescape
