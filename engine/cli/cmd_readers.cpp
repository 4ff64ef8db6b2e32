// SPDX-License-Identifier: MIT
// readers: who holds the file's lock.
#include "change_file.h"
#include "commands.h"
#include "json_writer.h"
#include "lock_holders.h"
#include "pagescape/evidence.h"
#include "pagescape/storage_file.h"
#include "session.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <ctime>
#include <memory>
#include <optional>
#include <vector>

namespace pagescape::cli {

namespace {

constexpr auto kHelp =
    R"(What another process reads or writes is not visible in a bolt file: there is only the file lock. A
process that has the file open for writing holds it exclusively, all the time; one that has it open
read-only shares it. So this lists processes, not transactions.

JSON: {locked, exclusive, holders[{pid, process, exclusive, waiting, started}]}; process is null where
the process is not visible (another container), started is the Unix time of its start or null.
Exit status 0, also when nobody holds the lock. Linux only: it reads /proc/locks.)";

struct ReadersArguments {
    std::string file;
    bool json = false;
};

std::string clockText(std::int64_t unixTime) {
    const std::time_t time = unixTime;
    struct tm parts = {};
    char text[32] = "";
    if (::localtime_r(&time, &parts) != nullptr) {
        std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    }
    return text;
}

void printJson(Output& out, const std::vector<LockHolder>& holders, bool isLocked,
               bool isExclusive) {
    JsonWriter json(out, 2);
    json.beginObject()
        .member("locked", isLocked)
        .member("exclusive", isExclusive)
        .key("holders")
        .beginArray();
    for (const LockHolder& holder : holders) {
        json.beginObject().member("pid", holder.pid).key("process");
        holder.process ? json.text(*holder.process) : json.null();
        json.member("exclusive", holder.isExclusive)
            .member("waiting", holder.isWaiting)
            .key("started");
        holder.started ? json.number(*holder.started) : json.null();
        json.endObject();
    }
    json.endArray().endObject();
}

void printTable(Output& out, const std::vector<LockHolder>& holders, bool isLocked) {
    if (!isLocked) {
        out << "no process holds the lock\n";
    }
    for (const LockHolder& holder : holders) {
        out.left(std::to_string(holder.pid), 10)
            .left(holder.isExclusive ? "exclusive" : "shared", 11)
            .left(holder.isWaiting ? "waits" : "holds", 7)
            .left(holder.process.value_or("(not visible)"), 18);
        out << (holder.started ? "process started " + clockText(*holder.started) : "") << '\n';
    }
    out << "Transactions of other processes are not visible in the file; only its lock is.\n";
}

// Why nobody could have the file open as a database; nothing for a bolt file and for one that is
// damaged beyond recognition. It takes no lock, so it disturbs nobody.
std::optional<Error> whyNoDatabase(const std::string& path) {
    FileRequest request;
    request.readOnly = true;
    const auto file = openStorageFile(path, request);
    if (!file) {
        return file.error();
    }
    std::vector<std::byte> start(kSniffBytes);
    const auto got = (*file)->readAt(0, start);
    if (!got) {
        return got.error();
    }
    const FileEvidence evidence = sniff(Bytes(start).first(*got));
    if (*got == 0 || evidence.isBolt || evidence.looksLike.empty()) {
        return std::nullopt;
    }
    Error error;
    error.code = ErrorCode::NotADatabase;
    error.text = "This is no bolt database. " + evidence.describe();
    error.hint = evidence.hint;
    return error;
}

int runReaders(const ReadersArguments& arguments, Output& out) {
    if (const auto error = whyNoDatabase(arguments.file)) {
        return complainAbout(arguments.file, *error);
    }
    const auto found = lockHolders(arguments.file);
    if (!found) {
        return complainAbout(arguments.file, found.error());
    }
    const std::vector<LockHolder>& holders = *found;
    const bool isLocked =
        std::ranges::any_of(holders, [](const LockHolder& each) { return !each.isWaiting; });
    const bool isExclusive = std::ranges::any_of(
        holders, [](const LockHolder& each) { return !each.isWaiting && each.isExclusive; });
    if (arguments.json) {
        printJson(out, holders, isLocked, isExclusive);
    } else {
        printTable(out, holders, isLocked);
    }
    return kFine;
}

} // namespace

Command addReaders(CLI::App& program) {
    auto* command = program.add_subcommand("readers", "Which processes hold the file's lock");
    auto arguments = std::make_shared<ReadersArguments>();
    addPath(*command, "FILE", arguments->file, "The database; it is not locked")->required();
    command->add_flag("--json", arguments->json, "Print JSON instead of a table");
    command->footer(kHelp);
    return {command, [arguments](Output& out) { return runReaders(*arguments, out); }};
}

} // namespace pagescape::cli
