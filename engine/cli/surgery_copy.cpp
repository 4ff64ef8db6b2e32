// SPDX-License-Identifier: MIT
#include "surgery_copy.h"

#include "change_file.h"
#include "interrupt.h"
#include "session.h"

#include <optional>
#include <utility>

namespace pagescape::cli {

namespace {

// Operates on a copy in the making; all of it is on the disk when this has succeeded.
Result<SurgeryOutcome> operateOn(const std::string& path, const SurgeryArguments& arguments,
                                 const SurgeryOperation& operation) {
    FileRequest request;
    request.create = false;
    const auto file = openStorageFile(path, request);
    if (!file) {
        return fail(file.error());
    }
    SurgeryOptions options;
    options.pageSizeHint = arguments.pageSizeHint;
    auto outcome = operation(**file, options);
    if (outcome) {
        if (auto synced = (*file)->syncAll(); !synced) {
            return fail(synced.error());
        }
    }
    return outcome;
}

std::optional<PartFile> startCopy(const SurgeryArguments& arguments, int& status) {
    auto part = PartFile::start(arguments.target);
    if (!part) {
        status = kUsage;
        return std::nullopt;
    }
    const bool isCopied = copyFile(
        {arguments.source, arguments.target}, part->path(),
        [&] {
            complain(arguments.source + ": note: another program has it open and may write while "
                                        "it is copied; close that program for a copy that is "
                                        "certain");
        },
        &InterruptGuard::isRequested, status);
    return isCopied ? std::move(part) : std::nullopt;
}

int finish(PartFile& part, const SurgeryArguments& arguments) {
    const auto named = part.finish();
    return named ? kFine : complainAbout(arguments.target, named.error());
}

} // namespace

int operateOnCopy(const SurgeryArguments& arguments, Output& out,
                  const SurgeryOperation& operation) {
    const InterruptGuard guard;
    int status = kFine;
    auto part = startCopy(arguments, status);
    if (!part) {
        return status;
    }
    const auto outcome = operateOn(part->path(), arguments, operation);
    if (!outcome) {
        return complainAboutCopy({arguments.source, arguments.target}, outcome.error());
    }
    status = finish(*part, arguments);
    if (status == kFine) {
        if (outcome->pagesWritten == 0) {
            out << "nothing to change in page " << outcome->page.value << '\n';
        } else {
            out << outcome->pagesWritten << (outcome->pagesWritten == 1 ? " page" : " pages")
                << " written, from page " << outcome->page.value << " on\n";
        }
        for (const std::string& warning : outcome->warnings) {
            complain(arguments.target + ": warning: " + warning);
        }
    }
    return status;
}

int rebuildOnCopy(const SurgeryArguments& arguments, Output& out) {
    const InterruptGuard guard;
    int status = kFine;
    auto part = startCopy(arguments, status);
    if (!part) {
        return status;
    }
    if (const auto rebuilt = rebuildFreelist(part->path()); !rebuilt) {
        return complainAboutCopy({arguments.source, arguments.target}, rebuilt.error());
    }
    status = finish(*part, arguments);
    if (status == kFine) {
        out << "the freelist was rebuilt\n";
    }
    return status;
}

} // namespace pagescape::cli
