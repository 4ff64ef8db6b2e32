// SPDX-License-Identifier: MIT
#include "change_file.h"

#include "names.h"
#include "pagescape/storage_file.h"
#include "session.h"

#include <CLI/CLI.hpp>
#include <sys/stat.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <vector>

namespace pagescape::cli {

namespace fs = std::filesystem;

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
        ->check(CLI::NonNegativeNumber);
}

Result<Store> ChangeTarget::open() const {
    StoreOptions options;
    options.create = create;
    options.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(timeout * 1e3));
    return Store::open(file, options);
}

std::uint32_t modeOf(const std::string& path) {
    struct stat info = {};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777U : 0600U;
}

std::optional<PartFile> PartFile::start(const std::string& target) {
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(target, ignored))) {
        complain(target + ": the file is there already; choose another name");
        return std::nullopt;
    }
    PartFile part(target);
    fs::remove(part.m_part, ignored);
    return part;
}

PartFile::PartFile(PartFile&& other) noexcept
    : m_target(std::move(other.m_target)), m_part(std::exchange(other.m_part, {})) {}

PartFile::~PartFile() {
    if (!m_part.empty()) {
        std::error_code ignored;
        fs::remove(m_part, ignored);
    }
}

Result<void> PartFile::finish() {
    std::error_code failure;
    fs::rename(m_part, m_target, failure);
    if (failure) {
        Error error;
        error.osError = failure.value();
        error.text = "The finished file could not be given its name";
        return fail(std::move(error));
    }
    m_part.clear();
    return {};
}

Result<void> copyFile(const std::string& from, const std::string& to,
                      const std::function<void()>& onBusy, const std::function<bool()>& stopped) {
    FileRequest reading;
    reading.readOnly = true;
    const auto source = openStorageFile(from, reading);
    if (!source) {
        return fail(source.error());
    }
    const auto locked = (*source)->tryLock(FileLock::Shared);
    if (!locked || !*locked) {
        onBusy();
    }
    FileRequest writing;
    writing.mode = modeOf(from);
    const auto target = openStorageFile(to, writing);
    if (!target) {
        return fail(target.error());
    }
    std::vector<std::byte> piece(std::size_t{1} << 20);
    for (std::uint64_t at = 0; true;) {
        const auto got = (*source)->readAt(at, piece);
        if (!got) {
            return fail(got.error());
        }
        const std::array<Bytes, 1> parts{Bytes(piece).first(*got)};
        if (auto written = (*target)->writeAt(at, parts); !written) {
            return written;
        }
        at += *got;
        if (*got < piece.size()) {
            return {};
        }
        if (stopped()) {
            Error error;
            error.code = ErrorCode::Cancelled;
            error.text = "The copy was stopped";
            return fail(std::move(error));
        }
    }
}

} // namespace pagescape::cli
