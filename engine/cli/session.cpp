// SPDX-License-Identifier: MIT
#include "session.h"

#include "names.h"
#include "pagescape/evidence.h"

#include <CLI/CLI.hpp>

#include <iostream>

namespace pagescape::cli {

namespace {

// Shows the words that we chose in place of the parser's description of the arguments.
class UsageFormatter : public CLI::Formatter {
public:
    explicit UsageFormatter(std::string usage) : m_usage(std::move(usage)) { column_width(32); }

    std::string make_usage(const CLI::App* app, std::string /*name*/) const override {
        std::string words; // a command may stand below another one
        for (const CLI::App* each = app; each != nullptr; each = each->get_parent()) {
            words = each->get_name() + " " + words;
        }
        return "Usage: " + words + "[OPTIONS] " + m_usage + "\n";
    }

private:
    std::string m_usage;
};

std::optional<std::string> heldMessages;

std::string indented(std::string_view label, std::string_view text) {
    return "  " + std::string(label) + ": " + std::string(text) + "\n";
}

} // namespace

void setUsage(CLI::App& command, const std::string& usage) {
    command.formatter(std::make_shared<UsageFormatter>(usage));
}

void CommonArguments::addTo(CLI::App& command, const std::string& usage) {
    setUsage(command, usage);
    command
        .add_option_function<std::string>(
            "FILE", [this](const std::string& typed) { file = unguarded(typed); },
            "The database file; it is only read")
        ->required()
        ->type_name("");
    command.add_flag("--json", json, "Print JSON instead of a table");
    command
        .add_option("--page-size", pageSizeHint,
                    "Page size to assume when no meta page tells it (default 4096)")
        ->type_name("BYTES")
        ->check(CLI::Range(128U, 16U * 1024 * 1024));
}

void complain(std::string_view text) {
    const std::string line = "pagescape-cli: " + std::string(text) + "\n";
    if (heldMessages) {
        *heldMessages += line;
    } else {
        std::cerr << line;
    }
}

HeldMessages::HeldMessages() {
    heldMessages.emplace();
}

void HeldMessages::release() {
    if (heldMessages) {
        std::cerr << *heldMessages;
        heldMessages.reset();
    }
}

void HeldMessages::drop() {
    heldMessages.reset();
}

void noteHeldLock(const std::string& file) {
    complain(file + ": note: another program holds the lock on this file and may write while it is "
                    "read; work on a copy for a result that is certain");
}

int complainAbout(const std::string& file, const Error& error) {
    std::string text = (file.empty() ? "\"\"" : file) + ": " + error.describe() + "\n";
    if (!error.hint.empty()) {
        text += indented("try", error.hint);
    }
    text.pop_back();
    complain(text);
    return statusOf(error.code);
}

std::optional<Session> Session::open(const CommonArguments& arguments) {
    auto session = openOr(arguments);
    if (!session) {
        complainAbout(arguments.file, session.error());
        return std::nullopt;
    }
    return std::move(*session);
}

std::optional<Session> Session::openDatabase(const CommonArguments& arguments) {
    auto session = open(arguments);
    if (session && !session->isDatabase()) {
        session->explainRefusal();
        return std::nullopt;
    }
    return session;
}

Result<Session> Session::openOr(const CommonArguments& arguments) {
    OpenOptions options;
    options.pageSizeHint = arguments.pageSizeHint;
    auto opened = PageFile::open(arguments.file, options);
    if (!opened) {
        return fail(opened.error());
    }
    Session session(arguments.file, std::make_shared<const PageFile>(std::move(*opened)));
    if (session.file().layout().lock == LockState::HeldByOther) {
        noteHeldLock(arguments.file);
    }
    return session;
}

int Session::explainRefusal() const {
    const Error& error = *m_file->layout().openError;
    std::string text = m_name + ": " + error.describe() + "\n";
    const auto start = m_file->readBytes(ByteRange{0, kSniffBytes});
    const FileEvidence evidence = start ? sniff(*start) : FileEvidence{};
    if (!evidence.firstBytesHex.empty()) {
        text += indented("evidence", evidence.describe());
    }
    const std::string& hint = error.hint.empty() ? evidence.hint : error.hint;
    if (!hint.empty()) {
        text += indented("try", hint);
    }
    text +=
        indented("try", "Look at raw pages: pagescape-cli page FILE 0, pagescape-cli dump FILE 0"
                        " (--page-size N sets the size of a page).");
    text.pop_back();
    cli::complain(text);
    return kCannotOpen;
}

std::optional<Database> Session::database(TraceSink* trace) const {
    auto database = Database::fromFile(m_file, trace);
    if (!database) {
        explainRefusal();
        return std::nullopt;
    }
    return std::move(*database);
}

void Session::note(std::string_view text) const {
    cli::complain(m_name + ": note: " + std::string(text));
}

std::optional<std::string> Session::change() const {
    const FileLayout& layout = m_file->layout();
    const auto size = m_file->currentFileSize();
    if (m_file->truncated() || (size && *size < layout.fileSize)) {
        return "the file became shorter while it was read, from " +
               std::to_string(layout.fileSize) + " to " +
               (size ? std::to_string(*size) : std::string("unknown")) + " bytes";
    }
    const auto now = m_file->rereadMetas();
    const MetaFields* before = layout.metas.activeFields();
    const MetaFields* after = now ? now->activeFields() : nullptr;
    if (before != nullptr && after != nullptr && before->txid != after->txid) {
        return "the file changed while it was read (transaction " +
               std::to_string(before->txid.value) + " became " + std::to_string(after->txid.value) +
               ")";
    }
    return std::nullopt;
}

void Session::noteGuessedPageSize() const {
    const FileLayout& layout = m_file->layout();
    if (layout.pageSizeSource == PageSizeSource::Assumed) {
        note("no meta page states the page size; " + std::to_string(layout.pageSize) +
             " bytes are assumed (--page-size changes that)");
    }
}

} // namespace pagescape::cli
