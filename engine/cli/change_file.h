// SPDX-License-Identifier: MIT
// Files that a command writes: a database opened for change, and a new file that gets its name when
// it is whole.
#pragma once

#include "pagescape/store.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace pagescape::cli {

/// What every command takes that changes a database in place.
struct ChangeTarget {
    std::string file;
    double timeout = 1; ///< seconds to wait for the lock
    bool create = false;

    /// Adds FILE and --timeout to a command.
    void addTo(CLI::App& command);
    /// Opens the file. Errors: those of Store::open.
    [[nodiscard]] Result<Store> open() const;
};

/// Adds an option or argument that is the path of a file, whatever its letters.
CLI::Option* addPath(CLI::App& command, const std::string& name, std::string& path,
                     const std::string& help);

/// Permission bits of a file; those of a new database where it cannot be asked.
[[nodiscard]] std::uint32_t modeOf(const std::string& path);

/// A new file under construction: TARGET.PID.part, which becomes TARGET when it is whole and is
/// removed when it does not get there.
class PartFile {
public:
    /// Nothing, and a complaint on stderr, when the target is there already.
    [[nodiscard]] static std::optional<PartFile> start(const std::string& target);

    PartFile(PartFile&& other) noexcept;
    PartFile& operator=(PartFile&&) = delete;
    ~PartFile();

    /// Where to write.
    [[nodiscard]] const std::string& path() const { return m_part; }

    /// Gives the file its name, durably. Errors: OsFailure, also when another file got that name
    /// meanwhile.
    [[nodiscard]] Result<void> finish();

private:
    explicit PartFile(const std::string& target);

    std::string m_target;
    std::string m_part; // empty when there is nothing to remove
};

/// Copies a database file byte by byte, under bolt's shared lock where it can be had; `onBusy` is
/// called where it cannot. `stopped` is asked after each piece.
/// Errors: those of opening, reading and writing; Cancelled.
[[nodiscard]] Result<void> copyFile(const std::string& from, const std::string& to,
                                    const std::function<void()>& onBusy,
                                    const std::function<bool()>& stopped);

} // namespace pagescape::cli
