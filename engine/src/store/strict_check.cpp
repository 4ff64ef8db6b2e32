// SPDX-License-Identifier: MIT
// Strict mode: a commit checks the version it has written before a meta leads to it.
// Source: bbolt tx.go Commit, StrictMode.
#include "pagescape/check.h"
#include "store/store_error.h"
#include "store/write_state.h"

namespace pagescape {

Result<void> WriteState::checkStrictly() {
    const int descriptor = store->file->descriptor();
    if (descriptor < 0) {
        return fail(storeError(ErrorCode::OsFailure,
                               "Strict mode needs a file with a descriptor to read it back by"));
    }
    // The file that is open, whatever its path leads to by now.
    const auto file = PageFile::open("/proc/self/fd/" + std::to_string(descriptor));
    if (!file) {
        return fail(file.error());
    }
    CheckOptions options;
    options.version = meta;
    std::optional<Finding> first;
    const auto done = check(*file, options, [&first](Finding finding) {
        if (!first && severityOf(finding.code) != Severity::Note) {
            first = std::move(finding);
        }
    });
    if (!done) {
        return fail(done.error());
    }
    if (!first) {
        return {};
    }
    Error error = storeError(ErrorCode::CorruptPage,
                             "Strict mode refuses the commit, the check finds " +
                                 std::string(findingName(first->code)) + ": " + first->text,
                             "Check the file: the damage may be older than this commit.");
    error.page = first->page;
    error.offset = first->offset;
    return fail(std::move(error));
}

} // namespace pagescape
