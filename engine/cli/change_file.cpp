// SPDX-License-Identifier: MIT
#include "change_file.h"

#include "lock_holders.h"
#include "names.h"
#include "pagescape/storage_file.h"
#include "session.h"
#include "usage.h"

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <vector>

namespace pagescape::cli {

namespace fs = std::filesystem;

namespace {

constexpr auto kSilentWait = std::chrono::milliseconds(200);
constexpr double kLongestWait = 1e9; // seconds: what a clock can count

bool isEmptyFile(const std::string& path) {
    struct stat info = {};
    return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && info.st_size == 0;
}

Error becameShorter(std::uint64_t from, std::uint64_t to) {
    Error error;
    error.code = ErrorCode::Truncated;
    error.text = "the file became shorter while it was copied, from " + std::to_string(from) +
                 " to " + std::to_string(to) + " bytes; no copy was made";
    error.hint = "Stop the program that writes to it, or run the command again.";
    return error;
}

} // namespace

CLI::Option* addPath(CLI::App& command, const std::string& name, std::string& path,
                     const std::string& help) {
    return command
        .add_option_function<std::string>(
            name, [&path](const std::string& typed) { path = unguarded(typed); }, help)
        ->type_name(name.starts_with('-') ? "FILE" : "");
}

void ChangeTarget::addTo(CLI::App& command) {
    addPath(command, "FILE", file, "The database; it is written to")->required();
    command
        .add_option("--timeout", timeout, "Seconds to wait while another program has the file open")
        ->capture_default_str()
        ->check(seconds());
}

Result<Store> ChangeTarget::open() const {
    return openAt(file);
}

Result<Store> ChangeTarget::openAt(const std::string& path) const {
    StoreOptions options;
    options.create = create;
    if (!create && isEmptyFile(file)) {
        Error error; // Store::open would make a database of it
        error.code = ErrorCode::EmptyFile;
        error.text = "The file is empty: expected a database";
        error.hint = "Make one with pagescape-cli create-bucket FILE NAME.";
        return fail(std::move(error));
    }
    // A short wait is silent. Who waits longer is told for whom, and for how long.
    const auto patience = std::chrono::milliseconds(
        static_cast<std::int64_t>(std::fmin(timeout, kLongestWait) * 1e3));
    options.timeout = std::min(patience, kSilentWait);
    auto store = Store::open(path, options);
    if (!store && store.error().code == ErrorCode::LockTimeout && patience > kSilentWait) {
        char limit[32];
        std::snprintf(limit, sizeof limit, "%g", std::min(timeout, kLongestWait));
        complain(file + ": note: " + namesOfHolders(file) + " has it open; waiting up to " + limit +
                 " s for that to end");
        options.timeout = patience - kSilentWait;
        store = Store::open(path, options);
    }
    if (!store && store.error().code == ErrorCode::LockTimeout) {
        Error error = store.error();
        error.text += ": " + namesOfHolders(file);
        return fail(std::move(error));
    }
    return store;
}

std::uint32_t modeOf(const std::string& path) {
    struct stat info = {};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777U : 0600U;
}

bool isFree(const std::string& target) {
    std::error_code ignored;
    const fs::file_status status = fs::symlink_status(target, ignored);
    return !fs::exists(status) || (!fs::is_symlink(status) && isEmptyFile(target));
}

std::optional<PartFile> PartFile::start(const std::string& target) {
    if (target.empty()) {
        complain("\"\": the file to create needs a name, found an empty one");
        return std::nullopt;
    }
    if (!isFree(target)) {
        complain(target + ": the file is there already; choose another name");
        return std::nullopt;
    }
    PartFile part(target);
    // A program that was killed may have left one, and process ids come again: nothing of it may
    // get into the new file.
    ::unlink(part.path().c_str());
    return part;
}

PartFile::PartFile(const std::string& target)
    : m_target(target), m_part(target + "." + std::to_string(::getpid()) + ".part") {}

PartFile::PartFile(PartFile&& other) noexcept
    : m_target(std::move(other.m_target)), m_part(std::exchange(other.m_part, {})) {}

PartFile::~PartFile() {
    if (!m_part.empty()) {
        ::unlink(m_part.c_str()); // takes no memory, which may be what ran out
    }
}

Result<void> PartFile::finish() {
    // Never over a file that came into being meanwhile; some file systems cannot promise that.
    int done = ::renameat2(AT_FDCWD, m_part.c_str(), AT_FDCWD, m_target.c_str(), RENAME_NOREPLACE);
    if (done != 0 &&
        (errno == EINVAL || errno == ENOSYS || (errno == EEXIST && isEmptyFile(m_target)))) {
        done = ::rename(m_part.c_str(), m_target.c_str());
    }
    if (done != 0) {
        Error error;
        error.osError = errno;
        error.text = "The finished file could not be given its name";
        return fail(std::move(error));
    }
    m_part.clear();
    const std::string folder = fs::path(m_target).parent_path().string();
    const int opened = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC);
    if (opened >= 0) { // the name survives a crash as well
        static_cast<void>(::fsync(opened));
        ::close(opened);
    }
    return {};
}

int complainAboutCopy(const SourceAndTarget& files, const Error& error) {
    switch (error.code) {
    case ErrorCode::CorruptPage:
    case ErrorCode::Truncated:
    case ErrorCode::LimitReached:
    case ErrorCode::SurgeryRefused:
    case ErrorCode::IncompatibleValue:
    case ErrorCode::BucketExists:
    case ErrorCode::KeyRequired:
    case ErrorCode::BucketNameRequired:
    case ErrorCode::KeyTooLarge:
    case ErrorCode::ValueTooLarge:
    case ErrorCode::NotADatabase:
    case ErrorCode::VersionMismatch:
    case ErrorCode::ChecksumMismatch:
    case ErrorCode::PageSizeUnsupported:
    case ErrorCode::EmptyFile:
    case ErrorCode::FileTooSmall: return complainAbout(files.source, error);
    default: return complainAbout(files.target, error);
    }
}

bool copyFile(const SourceAndTarget& files, const std::string& part,
              const std::function<bool()>& stopped, int& status) {
    const auto failed = [&status](const std::string& file, const Error& error) {
        status = complainAbout(file, error);
        return false;
    };
    FileRequest reading;
    reading.readOnly = true;
    const auto source = openStorageFile(files.source, reading);
    if (!source) {
        return failed(files.source, source.error());
    }
    FileRequest writing;
    writing.mode = modeOf(files.source);
    const auto target = openStorageFile(part, writing);
    if (!target) {
        return failed(files.target, target.error());
    }
    const auto size = (*source)->size();
    if (!size) {
        return failed(files.source, size.error());
    }
    std::vector<std::byte> piece(std::size_t{1} << 20);
    for (std::uint64_t at = 0; true;) {
        const auto got = (*source)->readAt(at, piece);
        if (!got) {
            return failed(files.source, got.error());
        }
        const std::array<Bytes, 1> parts{Bytes(piece).first(*got)};
        if (const auto written = (*target)->writeAt(at, parts); !written) {
            return failed(files.target, written.error());
        }
        at += *got;
        if (*got < piece.size()) {
            return at >= *size || failed(files.source, becameShorter(*size, at));
        }
        if (stopped()) {
            Error error;
            error.code = ErrorCode::Cancelled;
            error.text = "The copy was stopped";
            return failed(files.target, error);
        }
    }
}

} // namespace pagescape::cli
