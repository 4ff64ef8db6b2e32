// SPDX-License-Identifier: MIT
#include "lock_holders.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace pagescape::cli {

namespace {

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
std::optional<LockHolder> parseLock(const std::string& line, const std::string& file) {
    std::istringstream words(line);
    std::string number;
    std::string kind;
    std::string strength;
    std::string access;
    std::string where;
    LockHolder holder;
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

Error unknown(ErrorCode code, std::string text) {
    Error error;
    error.code = code;
    error.osError = errno;
    error.text = std::move(text);
    return error;
}

} // namespace

Result<std::vector<LockHolder>> lockHolders(const std::string& file) {
    struct stat info = {};
    if (::stat(file.c_str(), &info) != 0) {
        return fail(unknown(ErrorCode::FileNotFound, "The file cannot be looked up"));
    }
    std::ifstream locks("/proc/locks");
    if (!locks) {
        return fail(unknown(ErrorCode::OsFailure, "/proc/locks cannot be read: this system does "
                                                  "not tell who holds a lock"));
    }
    const std::string name = lockName(info);
    std::vector<LockHolder> holders;
    for (std::string line; std::getline(locks, line);) {
        auto holder = parseLock(line, name);
        // A list that changes while it is read can show a line twice; and processes are asked for.
        if (holder && std::ranges::none_of(holders, [&](const LockHolder& each) {
                return each.pid == holder->pid && each.isExclusive == holder->isExclusive &&
                       each.isWaiting == holder->isWaiting;
            })) {
            holders.push_back(std::move(*holder));
        }
    }
    return holders;
}

std::string namesOfHolders(const std::string& file) {
    std::string names;
    const auto holders = lockHolders(file);
    for (const LockHolder& each : holders ? *holders : std::vector<LockHolder>()) {
        if (!each.isWaiting) {
            names += (names.empty() ? "process " : ", process ") + std::to_string(each.pid) +
                     (each.process ? " (" + *each.process + ")" : "");
        }
    }
    return names.empty() ? "another program" : names;
}

} // namespace pagescape::cli
