// SPDX-License-Identifier: MIT
// One opened file and everything that is said about it on stderr: why it cannot be opened and what
// to try, that another program holds its lock, that it changed under a scan.
#pragma once

#include "exit_status.h"
#include "pagescape/database.h"
#include "pagescape/page_file.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace pagescape::cli {

/// What every command takes: the file and how to print.
struct CommonArguments {
    std::string file;
    std::uint32_t pageSizeHint = 0;
    bool json = false;

    /// Adds FILE, --json and --page-size to a command. `usage` shows what stands behind its name.
    void addTo(CLI::App& command, const std::string& usage);
};

/// Puts a command's own words in place of the parser's description of its arguments.
void setUsage(CLI::App& command, const std::string& usage);

/// One line on stderr, with the program's name in front.
void complain(std::string_view text);

/// While one lives, complaints are collected: those of a try that is made again must not be seen.
/// Destroying it releases them. At most one at a time.
class HeldMessages {
public:
    HeldMessages();
    ~HeldMessages() { release(); }
    HeldMessages(const HeldMessages&) = delete;
    HeldMessages& operator=(const HeldMessages&) = delete;

    /// Prints what was collected; later complaints are printed at once.
    void release();
    /// Forgets what was collected; later complaints are printed at once.
    void drop();
};

/// Says that another program holds the lock of a file that is read all the same.
void noteHeldLock(const std::string& file);

/// Says on stderr what went wrong with a file and what can be tried; returns the exit status.
int complainAbout(const std::string& file, const Error& error);

/// An opened file. The commands that look at raw pages ask for no more; database() is for the
/// others.
class Session {
public:
    /// Opens the file; on failure everything is said on stderr and there is nothing.
    [[nodiscard]] static std::optional<Session> open(const CommonArguments& arguments);
    /// The same for what needs a database: where bolt would refuse the file, that is said as well.
    [[nodiscard]] static std::optional<Session> openDatabase(const CommonArguments& arguments);
    /// As open(), but a failure is left to the caller.
    [[nodiscard]] static Result<Session> openOr(const CommonArguments& arguments);

    [[nodiscard]] const PageFile& file() const { return *m_file; }
    [[nodiscard]] std::shared_ptr<const PageFile> sharedFile() const { return m_file; }
    [[nodiscard]] const std::string& name() const { return m_name; }
    /// Whether bolt would open the file.
    [[nodiscard]] bool isDatabase() const { return !m_file->layout().openError; }

    /// Says why bolt would refuse the file, with the evidence; returns kCannotOpen.
    int explainRefusal() const;

    /// The file as a database; on refusal everything is said on stderr and there is nothing.
    [[nodiscard]] std::optional<Database> database(TraceSink* trace = nullptr) const;

    /// Says what an operation on the file failed with; returns the exit status.
    int complain(const Error& error) const { return complainAbout(m_name, error); }
    void note(std::string_view text) const;

    /// Asked after a scan: "the file changed while it was read ...", when it did since it was
    /// opened, so that the scan may have seen two versions.
    [[nodiscard]] std::optional<std::string> change() const;

    /// Says that pages were cut by a guess where no meta states their size.
    void noteGuessedPageSize() const;

private:
    explicit Session(std::string name, std::shared_ptr<const PageFile> file)
        : m_name(std::move(name)), m_file(std::move(file)) {}

    std::string m_name;
    std::shared_ptr<const PageFile> m_file;
};

} // namespace pagescape::cli
