// SPDX-License-Identifier: MIT
// compact: a dense copy; shrink: free pages at the file's end given back.
#include "commands.h"
#include "names.h"
#include "pagescape/compact.h"
#include "session.h"

#include <CLI/CLI.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>

namespace pagescape::cli {

namespace {

struct CompactArguments {
    std::string source;
    std::string target;
    std::uint64_t maxTransactionBytes = 65536;
    bool noSync = false;
};

struct ShrinkArguments {
    std::string file;
    double timeout = 1;
};

std::uint32_t modeOf(const std::string& path) {
    struct stat info = {};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777U : 0600U;
}

// Into a file beside the target, which gets its name when it is whole.
int runCompact(const CompactArguments& arguments, Output& out) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (fs::exists(arguments.target, ignored)) {
        complain(arguments.target + ": the file is there already; choose another name");
        return kUsage;
    }
    const auto source = Database::openReadOnly(arguments.source);
    if (!source) {
        return complainAbout(arguments.source, source.error());
    }
    const auto tx = source->beginRead();
    if (!tx) {
        return complainAbout(arguments.source, tx.error());
    }
    const std::string part = arguments.target + ".part";
    fs::remove(part, ignored);
    StoreOptions options;
    options.mode = modeOf(arguments.source);
    options.pageSize = tx->meta().pageSize;
    options.noSync = true; // it is made durable once, at the end
    CompactOptions how;
    how.maxTransactionBytes = arguments.maxTransactionBytes;
    const bool isTerminal = ::isatty(STDERR_FILENO) == 1;
    how.progress = [isTerminal](std::uint64_t entries) {
        if (isTerminal && entries % 65536 == 0) {
            std::fprintf(stderr, "\r%llu entries copied", static_cast<unsigned long long>(entries));
        }
    };
    auto target = Store::open(part, options);
    auto done = target ? compact(*tx, *target, how) : Result<void>(fail(target.error()));
    if (done && !arguments.noSync) {
        done = target->sync();
    }
    if (isTerminal) {
        std::fputs("\r\x1b[K", stderr);
    }
    if (!done) {
        fs::remove(part, ignored);
        return complainAbout(arguments.source, done.error());
    }
    const std::uint64_t before = source->file().layout().fileSize;
    const std::uint64_t after = target->fileSize();
    if (auto closed = target->close(); !closed) {
        return complainAbout(part, closed.error());
    }
    std::error_code failure;
    fs::rename(part, arguments.target, failure);
    if (failure) {
        complain(arguments.target + ": " + failure.message());
        return kCannotOpen;
    }
    char gain[32];
    std::snprintf(gain, sizeof gain, "%.2f", double(before) / double(after));
    out << before << " -> " << after << " bytes (gain=" << std::string_view(gain) << "x)\n";
    return kFine;
}

int runShrink(const ShrinkArguments& arguments, Output& out) {
    StoreOptions options;
    options.create = false;
    options.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(arguments.timeout * 1e3));
    auto store = Store::open(arguments.file, options);
    if (!store) {
        return complainAbout(arguments.file, store.error());
    }
    const std::uint64_t before = store->fileSize();
    if (const auto given = store->shrink(); !given) {
        return complainAbout(arguments.file, given.error());
    }
    out << before << " -> " << store->fileSize() << " bytes\n";
    return kFine;
}

} // namespace

Command addCompact(CLI::App& program) {
    auto* command =
        program.add_subcommand("compact", "Write a dense copy, in key order with full pages");
    auto arguments = std::make_shared<CompactArguments>();
    command->add_option("FILE", arguments->source, "The database; it is not written to")
        ->required()
        ->type_name("");
    command->add_option("-o,--output", arguments->target, "The copy; must not exist")
        ->required()
        ->type_name("FILE");
    command
        ->add_option("--tx-max-size", arguments->maxTransactionBytes,
                     "Bytes of keys and values in one commit; 0: all in one")
        ->capture_default_str();
    command->add_flag("--no-sync", arguments->noSync, "Do not wait for the disk at the end");
    return {command, [arguments](Output& out) {
                arguments->source = unguarded(arguments->source);
                arguments->target = unguarded(arguments->target);
                return runCompact(*arguments, out);
            }};
}

Command addShrink(CLI::App& program) {
    auto* command = program.add_subcommand(
        "shrink", "Give free pages at the end of the file back to the file system");
    auto arguments = std::make_shared<ShrinkArguments>();
    command->add_option("FILE", arguments->file, "The database; it is written to")
        ->required()
        ->type_name("");
    command
        ->add_option("--timeout", arguments->timeout,
                     "Seconds to wait while another program has the file open")
        ->capture_default_str();
    return {command, [arguments](Output& out) {
                arguments->file = unguarded(arguments->file);
                return runShrink(*arguments, out);
            }};
}

} // namespace pagescape::cli
