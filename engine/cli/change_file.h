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
    /// Opens the file. Says on stderr who holds the lock when that takes a while.
    /// Errors: those of Store::open; LockTimeout names who holds the lock.
    [[nodiscard]] Result<Store> open() const;
    /// Opens what stands in the file's place, such as one that gets its name later.
    [[nodiscard]] Result<Store> openAt(const std::string& path) const;
};

/// Adds an option or argument that is the path of a file, whatever its letters.
CLI::Option* addPath(CLI::App& command, const std::string& name, std::string& path,
                     const std::string& help);

/// Permission bits of a file; those of a new database where it cannot be asked.
[[nodiscard]] std::uint32_t modeOf(const std::string& path);

/// Whether nothing stands where a new file is wanted. An empty file counts as none, as bolt makes
/// a database of it: mktemp leaves such a one. A symbolic link is something.
[[nodiscard]] bool isFree(const std::string& target);

/// A new file under construction: TARGET.PID.part, which becomes TARGET when it is whole and is
/// removed when it does not get there.
class PartFile {
public:
    /// Nothing, and a complaint on stderr, when the target is taken or its name is empty.
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

/// Where the bytes of a new file come from, and the file that the user asked for.
struct SourceAndTarget {
    const std::string& source;
    const std::string& target;
};

/// Says what went wrong while TARGET was made of SOURCE, with the name of the file that it is
/// about: damage, refusals and keys that are too long came with the source, all else is about
/// writing. Returns the exit status.
int complainAboutCopy(const SourceAndTarget& files, const Error& error);

/// Copies a database file byte by byte into the making of `files.target`. It locks nothing: the
/// caller sees to it that the file holds still. `stopped` is asked after each piece. False when
/// that failed, also because the file became shorter meanwhile, which was said with the name of the
/// file that it is about: `status` is the exit status then.
[[nodiscard]] bool copyFile(const SourceAndTarget& files, const std::string& part,
                            const std::function<bool()>& stopped, int& status);

} // namespace pagescape::cli
