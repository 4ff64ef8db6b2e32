// SPDX-License-Identifier: MIT
// Names and severities of findings.
#include "pagescape/check.h"

namespace pagescape {

namespace {

struct FindingFacts {
    FindingCode code;
    std::string_view name;
    Severity severity;
};

// In the order of the enumeration.
constexpr FindingFacts kFacts[] = {
    {FindingCode::MetaInvalid, "meta-invalid", Severity::Note},
    {FindingCode::NoValidMeta, "no-valid-meta", Severity::Error},
    {FindingCode::MetaChecksumZero, "meta-checksum-zero", Severity::Warning},
    {FindingCode::MetaFlags, "meta-flags", Severity::Note},
    {FindingCode::MetaPageSize, "meta-page-size", Severity::Error},
    {FindingCode::PageIdMismatch, "page-id", Severity::Error},
    {FindingCode::PageType, "page-type", Severity::Error},
    {FindingCode::PageOutOfRange, "page-out-of-range", Severity::Error},
    {FindingCode::PagePastEof, "page-past-eof", Severity::Error},
    {FindingCode::Cycle, "cycle", Severity::Error},
    {FindingCode::MultipleReferences, "multiple-references", Severity::Error},
    {FindingCode::OverflowPastEof, "overflow-past-eof", Severity::Error},
    {FindingCode::OverflowPastHighWater, "overflow-past-high-water", Severity::Error},
    {FindingCode::ElementTable, "element-table", Severity::Error},
    {FindingCode::ElementBounds, "element-bounds", Severity::Error},
    {FindingCode::ElementFlags, "element-flags", Severity::Warning},
    {FindingCode::EmptyBranch, "empty-branch", Severity::Error},
    {FindingCode::EmptyKey, "empty-key", Severity::Error},
    {FindingCode::KeyOrder, "key-order", Severity::Error},
    {FindingCode::DuplicateKey, "duplicate-key", Severity::Error},
    {FindingCode::KeyRange, "key-range", Severity::Error},
    {FindingCode::UnevenDepth, "uneven-depth", Severity::Warning},
    {FindingCode::BucketHeader, "bucket-header", Severity::Error},
    {FindingCode::InlineBucket, "inline-bucket", Severity::Error},
    {FindingCode::FreelistOutOfRange, "freelist-out-of-range", Severity::Warning},
    {FindingCode::FreelistType, "freelist-type", Severity::Warning},
    {FindingCode::FreelistCount, "freelist-count", Severity::Warning},
    {FindingCode::FreelistIdRange, "freelist-id-range", Severity::Warning},
    {FindingCode::FreelistDuplicate, "freelist-duplicate", Severity::Warning},
    {FindingCode::FreelistUnsorted, "freelist-unsorted", Severity::Warning},
    {FindingCode::ReachableFree, "reachable-free", Severity::Warning},
    {FindingCode::Leak, "leak", Severity::Warning},
    {FindingCode::FileShorterThanHighWater, "file-shorter-than-high-water", Severity::Error},
    {FindingCode::EmptyFile, "empty-file", Severity::Error},
    {FindingCode::GaveUp, "gave-up", Severity::Warning},
};

constexpr bool isInOrder() {
    std::size_t at = 0;
    for (const FindingFacts& facts : kFacts) {
        if (static_cast<std::size_t>(facts.code) != at++) {
            return false;
        }
    }
    return at == static_cast<std::size_t>(FindingCode::GaveUp) + 1;
}
static_assert(isInOrder(), "one row for each code, at its index");

const FindingFacts& factsOf(FindingCode code) {
    return kFacts[static_cast<std::size_t>(code)];
}

} // namespace

std::string_view findingName(FindingCode code) {
    return factsOf(code).name;
}

Severity severityOf(FindingCode code) {
    return factsOf(code).severity;
}

std::optional<Finding> findingOf(const Error& openError) {
    if (openError.code != ErrorCode::EmptyFile) {
        return std::nullopt;
    }
    Finding finding;
    finding.code = FindingCode::EmptyFile;
    finding.text = openError.text + ".";
    return finding;
}

} // namespace pagescape
