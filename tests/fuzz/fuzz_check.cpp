// SPDX-License-Identifier: MIT
// The check of any file: it ends, counts what it reports, and what it finds sound can be read
// whole. Input: a file, see memory_file.h.
#include "fuzz/fuzz_input.h"
#include "fuzz/memory_file.h"
#include "pagescape/check.h"
#include "pagescape/walk.h"

using namespace pagescape;

namespace {

constexpr std::uint64_t kMaxFindings = 200;

void requireSoundFinding(const Finding& finding) {
    fuzz::require(!finding.text.empty(), "a finding without a text");
    fuzz::require(!findingName(finding.code).empty(), "a finding without a name");
    static_cast<void>(severityOf(finding.code));
}

// Checks the subtree below a page; there is no promise but that it ends.
void checkFrom(const PageFile& file, std::uint64_t id) {
    CheckOptions options;
    options.from = PageId{id};
    options.maxFindings = kMaxFindings;
    static_cast<void>(check(file, options, requireSoundFinding));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = fuzz::openInput(fuzz::asInput(data, size));
    if (!file) {
        return 0;
    }
    CheckOptions options;
    options.maxFindings = kMaxFindings;
    std::uint64_t reported = 0;
    bool hasError = false;
    const auto summary = check(*file, options, [&](const Finding& finding) {
        requireSoundFinding(finding);
        ++reported;
        hasError = hasError || severityOf(finding.code) == Severity::Error;
    });
    fuzz::require(summary || !summary.error().text.empty(), "an error without a reason");
    if (summary) {
        fuzz::require(summary->findings == reported, "the summary counts other findings");
        fuzz::require(reported <= kMaxFindings + 1, "more findings than asked for");
    }
    // A careful walk leaves nothing out of a file that opens and in which the check saw no error,
    // unless it stopped at the limit.
    const bool isWhole = summary && reported < kMaxFindings;
    if (isWhole && !hasError && !file->layout().openError) {
        const auto digest = contentDigest(*file);
        fuzz::require(digest && digest->skipped.empty(), "a sound file cannot be read whole");
    }
    checkFrom(*file, 3);
    checkFrom(*file, UINT64_MAX);
    return 0;
}
