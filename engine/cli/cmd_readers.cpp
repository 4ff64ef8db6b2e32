// SPDX-License-Identifier: MIT
// readers: who holds the file's lock.
#include "change_file.h"
#include "commands.h"
#include "json_writer.h"
#include "lock_holders.h"
#include "session.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <ctime>
#include <memory>

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

int runReaders(const ReadersArguments& arguments, Output& out) {
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
    addPath(*command, "FILE", arguments->file, "The database; it is not opened")->required();
    command->add_flag("--json", arguments->json, "Print JSON instead of a table");
    command->footer(kHelp);
    return {command, [arguments](Output& out) { return runReaders(*arguments, out); }};
}

} // namespace pagescape::cli
