// SPDX-License-Identifier: MIT
// readers: who holds the file's lock, as the kernel tells it. The file is not opened: that would
// take the lock.
#include "change_file.h"
#include "commands.h"
#include "json_writer.h"
#include "session.h"

#include <CLI/CLI.hpp>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <memory>
#include <sstream>

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

/// One lock or one wish for it.
struct Holder {
    long pid = 0;
    bool isExclusive = false;
    bool isWaiting = false;
    std::optional<std::string> process;
    std::optional<std::int64_t> started; // Unix time
};

std::string firstLine(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

// Unix time when the system started; 0 when it is not told.
std::int64_t bootTime() {
    std::ifstream file("/proc/stat");
    for (std::string word; file >> word;) {
        std::int64_t seconds = 0;
        if (word == "btime" && file >> seconds) {
            return seconds;
        }
    }
    return 0;
}

// Field 22 of /proc/PID/stat, ticks since the system started. Source: proc(5). The name in field 2
// may hold spaces and brackets, so counting begins behind the last bracket.
std::optional<std::int64_t> startTime(const std::string& process) {
    const std::string stat = firstLine(process + "/stat");
    const std::size_t behindName = stat.rfind(')');
    const std::int64_t boot = bootTime();
    const long ticks = ::sysconf(_SC_CLK_TCK);
    if (behindName == std::string::npos || boot == 0 || ticks <= 0) {
        return std::nullopt;
    }
    std::istringstream fields(stat.substr(behindName + 1));
    std::string field;
    for (int number = 3; number <= 22; ++number) {
        fields >> field;
    }
    std::int64_t since = 0;
    return std::istringstream(field) >> since ? std::optional(boot + since / ticks) : std::nullopt;
}

// A line of /proc/locks, when it is a flock on this file. Source: proc(5).
//   1: FLOCK  ADVISORY  WRITE 4711 08:01:131085 0 EOF         "-> FLOCK" stands for who waits
std::optional<Holder> parseLock(const std::string& line, const std::string& file) {
    std::istringstream words(line);
    std::string number;
    std::string kind;
    std::string strength;
    std::string access;
    std::string where;
    Holder holder;
    words >> number >> kind;
    if (kind == "->") {
        holder.isWaiting = true;
        words >> kind;
    }
    if (!(words >> strength >> access >> holder.pid >> where) || kind != "FLOCK" || where != file) {
        return std::nullopt;
    }
    holder.isExclusive = access == "WRITE";
    const std::string process = "/proc/" + std::to_string(holder.pid);
    if (const std::string name = firstLine(process + "/comm"); !name.empty()) {
        holder.process = name;
        holder.started = startTime(process);
    }
    return holder;
}

// "MAJOR:MINOR:INODE" as /proc/locks writes it.
std::string lockName(const struct stat& info) {
    char text[64];
    std::snprintf(text, sizeof text, "%02x:%02x:%llu", ::major(info.st_dev), ::minor(info.st_dev),
                  static_cast<unsigned long long>(info.st_ino));
    return text;
}

std::string clockText(std::int64_t unixTime) {
    const std::time_t time = unixTime;
    struct tm parts = {};
    char text[32] = "";
    if (::localtime_r(&time, &parts) != nullptr) {
        std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    }
    return text;
}

void printJson(Output& out, const std::vector<Holder>& holders, bool isLocked, bool isExclusive) {
    JsonWriter json(out, 2);
    json.beginObject()
        .member("locked", isLocked)
        .member("exclusive", isExclusive)
        .key("holders")
        .beginArray();
    for (const Holder& holder : holders) {
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

void printTable(Output& out, const std::vector<Holder>& holders, bool isLocked) {
    if (!isLocked) {
        out << "no process holds the lock\n";
    }
    for (const Holder& holder : holders) {
        out.left(std::to_string(holder.pid), 10)
            .left(holder.isExclusive ? "exclusive" : "shared", 11)
            .left(holder.isWaiting ? "waits" : "holds", 7)
            .left(holder.process.value_or("(not visible)"), 18);
        out << (holder.started ? "process started " + clockText(*holder.started) : "") << '\n';
    }
    out << "Transactions of other processes are not visible in the file; only its lock is.\n";
}

int runReaders(const ReadersArguments& arguments, Output& out) {
    struct stat info = {};
    if (::stat(arguments.file.c_str(), &info) != 0) {
        Error error;
        error.code = ErrorCode::FileNotFound;
        error.osError = errno;
        error.text = "The file cannot be looked up";
        return complainAbout(arguments.file, error);
    }
    std::ifstream locks("/proc/locks");
    if (!locks) {
        complain("/proc/locks cannot be read: this system does not tell who holds a lock");
        return kCannotOpen;
    }
    const std::string file = lockName(info);
    std::vector<Holder> holders;
    bool isLocked = false;
    bool isExclusive = false;
    for (std::string line; std::getline(locks, line);) {
        if (const auto holder = parseLock(line, file)) {
            holders.push_back(*holder);
            isLocked = isLocked || !holder->isWaiting;
            isExclusive = isExclusive || (!holder->isWaiting && holder->isExclusive);
        }
    }
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
