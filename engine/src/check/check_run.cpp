// SPDX-License-Identifier: MIT
#include "check/check_run.h"

#include <algorithm>
#include <utility>

namespace pagescape {

CheckRun::CheckRun(const PageFile& pageFile, const CheckOptions& checkOptions,
                   const std::function<void(Finding)>& sink, const std::stop_token& stopToken,
                   const std::function<void(std::uint64_t)>& progressSink)
    : file(pageFile), options(checkOptions),
      meta(options.version ? &*options.version : file.layout().metas.activeFields()),
      onFinding(sink), stop(stopToken), progress(progressSink),
      pageSize(pageFile.layout().pageSize),
      highWater(meta == nullptr ? PageId{0} : meta->highWater), runs(pageFile),
      claimed(usablePages(pageFile.layout(), highWater)), free(claimed.bound()) {}

void CheckRun::report(FindingCode code, std::optional<PageId> page,
                      std::optional<std::uint64_t> offset, std::string text,
                      std::vector<PageId> path) {
    if (quiet || full) {
        return;
    }
    Finding finding;
    if (summary.findings >= options.maxFindings) {
        full = true;
        finding.code = FindingCode::GaveUp;
        finding.text =
            "Stopped after " + std::to_string(summary.findings) + " findings; there may be more.";
    } else {
        finding.code = code;
        finding.page = page;
        finding.offset = offset;
        finding.path = std::move(path);
        finding.text = std::move(text);
        if (page || offset) {
            finding.text += " (";
            finding.text += page ? "page " + std::to_string(page->value) : "";
            finding.text += page && offset ? ", " : "";
            finding.text += offset ? "byte " + std::to_string(*offset) : "";
            finding.text += ")";
        }
        finding.text += ".";
    }
    ++summary.findings;
    if (onFinding) {
        onFinding(std::move(finding));
    }
}

void CheckRun::claimOverflow(PageId first, std::uint64_t overflow,
                             const std::vector<PageId>& path) {
    if (overflow == 0) {
        return;
    }
    const std::string run = "The page with its " + std::to_string(overflow) + " overflow pages ";
    const std::uint64_t headerOffset = offsetOf(first) + format::kHeaderOverflowAt;
    const std::uint64_t wanted = (overflow + 1) * pageSize;
    const std::uint64_t available = file.layout().fileSize - offsetOf(first);
    if (wanted > available) {
        report(FindingCode::OverflowPastEof, first, headerOffset,
               run + "needs " + std::to_string(wanted) + " bytes, the file has " +
                   std::to_string(available) + " from there on",
               path);
    }
    if (overflow >= highWater.value - first.value) {
        report(FindingCode::OverflowPastHighWater, first, headerOffset,
               run + "runs past the high-water mark " + std::to_string(highWater.value), path);
    }
    const std::uint64_t inside = std::min(overflow, claimed.bound() - 1 - first.value);
    for (std::uint64_t i = 1; i <= inside && !full; ++i) {
        const PageId id = pageAfter(first, i);
        if (!claimed.insert(id)) {
            report(FindingCode::MultipleReferences, id, offsetOf(id),
                   "Overflow page " + std::to_string(i) + " of page " +
                       std::to_string(first.value) + " is in use elsewhere too",
                   path);
        } else if (free.contains(id)) {
            report(FindingCode::ReachableFree, id, offsetOf(id),
                   "Overflow page " + std::to_string(i) + " of page " +
                       std::to_string(first.value) + " is in the freelist",
                   path);
        }
    }
}

bool CheckRun::mustEnd() const {
    return full || stop.stop_requested() || file.truncated();
}

} // namespace pagescape
