// SPDX-License-Identifier: MIT
#include "surgery_copy.h"

#include "change_file.h"
#include "interrupt.h"
#include "pagescape/check.h"
#include "pagescape/page_file.h"
#include "session.h"

#include <chrono>
#include <optional>
#include <thread>
#include <utility>

namespace pagescape::cli {

namespace {

constexpr int kTries = 10;
constexpr auto kPause = std::chrono::milliseconds(15);

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

// Whether both metas are what they were when the file was opened.
bool heldStill(const PageFile& file) {
    const auto now = file.rereadMetas();
    const auto size = file.currentFileSize();
    const auto& before = file.layout().metas.metas;
    const auto isSame = [](const MetaReport& a, const MetaReport& b) {
        return a.isValid() == b.isValid() && a.fields.txid == b.fields.txid &&
               a.fields.checksum == b.fields.checksum;
    };
    return now && size && *size >= file.layout().fileSize && !file.truncated() &&
           isSame(before[0], now->metas[0]) && isSame(before[1], now->metas[1]);
}

// Whether the version before the newest was copied whole: a commit under way may write over its
// pages before any meta says so, its freelist among them. So every finding but a note counts.
bool isOlderVersionWhole(const std::string& copy) {
    OpenOptions options;
    options.previousVersion = true;
    const auto file = PageFile::open(copy, options);
    if (!file || !file->layout().metas.active) {
        return true; // there is none to lose
    }
    bool hasFindings = false;
    CheckOptions checking;
    checking.version = *file->layout().metas.activeFields();
    const auto summary = check(*file, checking, [&](const Finding& finding) {
        hasFindings = hasFindings || severityOf(finding.code) != Severity::Note;
    });
    return summary && !hasFindings;
}

// A copy of a file that a program has open that may write to it; nothing when no try is whole.
// What a commit under way changes in free pages alone does no harm.
std::optional<PartFile> copySteadily(const SurgeryArguments& arguments, int& status) {
    const SourceAndTarget files{arguments.source, arguments.target};
    bool isMixed = false;
    for (int tries = 0; tries < kTries; ++tries) {
        const auto before = PageFile::open(arguments.source);
        if (!before) {
            status = complainAbout(arguments.source, before.error());
            return std::nullopt;
        }
        auto part = PartFile::start(arguments.target);
        if (!part) {
            status = kUsage;
            return std::nullopt;
        }
        if (!copyFile(files, part->path(), &InterruptGuard::isRequested, status)) {
            return std::nullopt;
        }
        isMixed = !heldStill(*before);
        if (!isMixed && (!arguments.goesBack || isOlderVersionWhole(part->path()))) {
            return part;
        }
        std::this_thread::sleep_for(kPause); // the commit may end meanwhile
    }
    complain(arguments.source + ": " +
             (isMixed ? "the file changed while it was copied"
                      : "another program has the file open, and the version before the newest is "
                        "not whole any more") +
             ", in each of " + std::to_string(kTries) +
             " tries; no copy was made\n  try: Stop the program that writes to it, or run the "
             "command again.");
    status = kCannotOpen;
    return std::nullopt;
}

std::optional<PartFile> startCopy(const SurgeryArguments& arguments, int& status) {
    FileRequest request;
    request.readOnly = true;
    const auto source = openStorageFile(arguments.source, request);
    if (!source) {
        status = complainAbout(arguments.source, source.error());
        return std::nullopt;
    }
    const auto locked = (*source)->tryLock(FileLock::Shared); // no bolt program can write then
    if (!locked || !*locked) {
        auto part = copySteadily(arguments, status);
        if (part && locked) {
            noteHeldLock(arguments.source);
        }
        return part;
    }
    auto part = PartFile::start(arguments.target);
    if (!part) {
        status = kUsage;
        return std::nullopt;
    }
    const bool isCopied = copyFile({arguments.source, arguments.target}, part->path(),
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
