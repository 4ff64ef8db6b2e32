// SPDX-License-Identifier: MIT
// The order of a check: metas, file length, freelist, all trees, leaks, and whether the file held
// still.
#include "pagescape/check.h"

#include "check/check_run.h"
#include "pagescape/stopped.h"

#include <bit>

namespace pagescape {

namespace {

// bbolt creates files with pages down to this size. Source: bbolt run with Options.PageSize 512.
constexpr std::uint32_t kSmallestUsualPageSize = 512;

void checkMeta(CheckRun& run, const MetaReport& meta, PageId page) {
    const std::uint64_t offset = run.offsetOf(page);
    const std::vector<PageId> path{page};
    if (!meta.present) {
        run.report(FindingCode::MetaInvalid, page, std::nullopt,
                   "The file ends before this meta page does", path);
        return;
    }
    if (meta.error) {
        const bool isZero =
            meta.error->code == ErrorCode::ChecksumMismatch && meta.fields.checksum == 0;
        run.report(isZero ? FindingCode::MetaChecksumZero : FindingCode::MetaInvalid, page,
                   meta.error->offset.value_or(offset),
                   meta.error->text +
                       (isZero ? "; bbolt up to 1.3.6 takes a checksum of 0 as valid" : ""),
                   path);
        return;
    }
    const std::uint32_t pageSize = meta.fields.pageSize;
    if (!std::has_single_bit(pageSize) || pageSize < kSmallestUsualPageSize ||
        pageSize > format::kLargestPageSize) {
        const char* wrong = !std::has_single_bit(pageSize) ? " is not a power of two; expected "
                            : pageSize < kSmallestUsualPageSize ? " is too small; expected "
                                                                : " is too large; expected ";
        run.report(FindingCode::MetaPageSize, page, offset + format::kMetaPageSizeAt,
                   "The page size " + std::to_string(pageSize) + wrong +
                       std::to_string(kSmallestUsualPageSize) + " to " +
                       std::to_string(format::kLargestPageSize),
                   path);
    } else if (pageSize != run.pageSize) {
        run.report(FindingCode::MetaPageSize, page, offset + format::kMetaPageSizeAt,
                   "The page size " + std::to_string(pageSize) + " differs from the " +
                       std::to_string(run.pageSize) + " bytes of this file's pages",
                   path);
    }
    if (meta.fields.headerFlags != format::kMetaFlag) {
        run.report(FindingCode::MetaFlags, page, offset + format::kHeaderFlagsAt,
                   "The header of the meta page has flags " +
                       std::to_string(meta.fields.headerFlags) + " and not " +
                       std::to_string(format::kMetaFlag),
                   path);
    }
    if (meta.fields.headerId != page.value) {
        run.report(FindingCode::PageIdMismatch, page, offset,
                   "The header of the meta page says page " + std::to_string(meta.fields.headerId),
                   path);
    }
}

void checkMetas(CheckRun& run) {
    const auto& metas = run.file.layout().metas.metas;
    checkMeta(run, metas[0], PageId{0});
    checkMeta(run, metas[1], PageId{1});
    if (!metas[0].isValid() && !metas[1].isValid()) {
        run.report(FindingCode::NoValidMeta, std::nullopt, std::nullopt,
                   "Neither meta page is valid, so nothing leads to the data");
    }
}

void checkLength(CheckRun& run) {
    const std::uint64_t fileSize = run.file.layout().fileSize;
    const std::uint64_t wholePages = fileSize / run.pageSize;
    if (run.highWater.value > wholePages) {
        run.report(FindingCode::FileShorterThanHighWater, std::nullopt, fileSize,
                   "The high-water mark is " + std::to_string(run.highWater.value) + " pages of " +
                       std::to_string(run.pageSize) + " bytes, the file has " +
                       std::to_string(wholePages) +
                       (wholePages == 1 ? " whole page" : " whole pages"));
    }
}

void findLeaks(CheckRun& run) {
    for (PageId id{2}; id.value < run.claimed.bound(); id = pageAfter(id, 1)) {
        if (id.value % 4096 == 0 && run.mustEnd()) {
            return;
        }
        if (!run.claimed.contains(id) && !run.free.contains(id)) {
            run.report(FindingCode::Leak, id, run.offsetOf(id),
                       "The page is neither in use nor in the freelist");
        }
    }
}

} // namespace

Result<CheckSummary> check(const PageFile& file, const CheckOptions& options,
                           const std::function<void(Finding)>& onFinding,
                           const std::stop_token& stop,
                           const std::function<void(std::uint64_t)>& progress) {
    CheckRun run(file, options, onFinding, stop, progress);
    const MetaFields* const active = file.layout().metas.activeFields();
    // Without a usable meta there is no subtree either, and the reason is what matters.
    run.quiet = options.from.has_value() && run.meta != nullptr;
    if (!options.version) {
        checkMetas(run);
    }
    if (run.meta != nullptr) {
        checkLength(run);
        checkFreelist(run, *run.meta);
        run.quiet = false;
        checkTree(run, options.from.value_or(run.meta->root));
        if (run.freeKnown && !options.from && !run.mustEnd()) {
            findLeaks(run);
        }
    }
    if (auto whole = checkNotCut(file); !whole) {
        return fail(whole.error());
    }
    if (stop.stop_requested()) {
        return fail(stoppedOnRequest());
    }
    const auto now = file.rereadMetas();
    if (!now) {
        return fail(now.error());
    }
    const MetaFields* after = now->activeFields();
    run.summary.isWhole = active == nullptr || (after != nullptr && after->txid == active->txid);
    return run.summary;
}

} // namespace pagescape
