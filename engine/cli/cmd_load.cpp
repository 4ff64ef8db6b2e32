// SPDX-License-Identifier: MIT
// load: a new database from the JSON lines of export.
#include "change_file.h"
#include "commands.h"
#include "interrupt.h"
#include "json_lines.h"
#include "line_reader.h"
#include "names.h"
#include "pagescape/store.h"
#include "progress.h"
#include "session.h"
#include "usage.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

namespace pagescape::cli {

namespace {

constexpr auto kExamples = R"(Examples:
  pagescape-cli export my.db | pagescape-cli load copy.db
  pagescape-cli load copy.db --input my.jsonl --page-size 16384

The lines are those that `export --help` describes; empty ones are passed over. Buckets that a line
names and that are not there yet are created; a later line about the same key wins. FILE must not
exist, or be an empty file, and appears when all lines are in it: after a bad line there is none.

The last line must be {"end":true,"lines":N}, as export writes it, else something was cut off on the
way and there is no file. The export of one bucket ends with such a line too, so it needs no --partial.
--partial takes lines without it: those of a damaged file, lines picked out by hand or by a program,
lines from several exports, and those written by hand.)";

struct LoadArguments {
    std::string target;
    std::string input; // empty: standard input
    std::uint64_t maxTransactionBytes = 65536;
    std::uint32_t pageSize = 0;
    bool noSync = false;
    bool isPartial = false;
};

/// Puts lines into a store, in commits of bounded size.
class Loader {
public:
    Loader(Store& store, std::uint64_t maxTransactionBytes)
        : m_store(store), m_maxBytes(maxTransactionBytes) {}

    Result<void> add(const JsonLine& line) {
        if (auto room = account(line); !room) {
            return room;
        }
        auto bucket = enter(line.bucket);
        if (!bucket) {
            return fail(bucket.error());
        }
        return line.isPair ? bucket->put(asBytes(line.key), asBytes(line.value))
                           : bucket->setSequence(line.sequence.value_or(0));
    }

    Result<void> finish() { return m_tx ? m_tx->commit() : Result<void>(); }

private:
    // Makes room for a line: a full transaction is committed first.
    Result<void> account(const JsonLine& line) {
        std::uint64_t bytes = line.key.size() + line.value.size();
        if (!line.isPair) {
            bytes = line.bucket.empty() ? 0 : line.bucket.back().size();
        }
        if (m_tx && m_maxBytes != 0 && m_bytes + bytes > m_maxBytes) {
            if (auto done = m_tx->commit(); !done) {
                return done;
            }
            m_tx.reset();
        }
        if (!m_tx) {
            auto tx = m_store.beginWrite();
            if (!tx) {
                return fail(tx.error());
            }
            m_tx.emplace(std::move(*tx));
            m_path.clear();
            m_buckets.assign(1, m_tx->rootBucket());
            m_bytes = 0;
        }
        m_bytes += bytes;
        return {};
    }

    // The bucket of a line. Most lines are about the bucket of the line before.
    Result<WriteBucket> enter(const std::vector<std::string>& path) {
        const auto differs = std::ranges::mismatch(m_path, path).in1;
        const auto shared = static_cast<std::size_t>(differs - m_path.begin());
        m_path.resize(shared);
        m_buckets.erase(m_buckets.begin() + static_cast<std::ptrdiff_t>(shared) + 1,
                        m_buckets.end());
        for (std::size_t level = shared; level < path.size(); ++level) {
            auto next = m_buckets.back().createBucketIfNotExists(asBytes(path[level]));
            if (!next) {
                return next;
            }
            next->setFillPercent(1.0); // lines come in key order
            m_buckets.push_back(*next);
            m_path.push_back(path[level]);
        }
        return m_buckets.back();
    }

    Store& m_store;
    std::uint64_t m_maxBytes;
    std::optional<WriteTransaction> m_tx;
    std::vector<std::string> m_path;
    std::vector<WriteBucket> m_buckets; // those on m_path, the root bucket first
    std::uint64_t m_bytes = 0;
};

bool isBlank(const std::string& line) {
    return line.find_first_not_of(" \t\r") == std::string::npos;
}

/// Why there is no database, and which of the two files that is about.
struct LoadFailure {
    Error error;
    bool isAboutInput = false;
};

template <typename T>
using LoadResult = tl::expected<T, LoadFailure>;

tl::unexpected<LoadFailure> targetFailure(const Error& error) {
    return tl::unexpected<LoadFailure>(LoadFailure{error, false});
}

tl::unexpected<LoadFailure> inputFailure(const Error& error) {
    return tl::unexpected<LoadFailure>(LoadFailure{error, true});
}

// Whether a line is to blame that could not be put into the database.
bool isAboutLine(ErrorCode code) {
    switch (code) {
    case ErrorCode::IncompatibleValue:
    case ErrorCode::KeyRequired:
    case ErrorCode::BucketNameRequired:
    case ErrorCode::KeyTooLarge:
    case ErrorCode::ValueTooLarge:
    case ErrorCode::LimitReached: return true;
    default: return false;
    }
}

/// Whether the lines are all that was exported, as the closing line tells it.
class Completeness {
public:
    explicit Completeness(bool isPartial) : m_isPartial(isPartial) {}

    // Takes note of a line. Errors: the closing line counts others than came, or is not the last.
    Result<void> see(const JsonLine& line) {
        if (m_isPartial) {
            return {};
        }
        if (m_isEnded) {
            return fail(error("this line stands behind the closing line of an export",
                              "Lines of several exports are taken with --partial."));
        }
        if (!line.linesBeforeEnd) {
            ++m_lines;
            return {};
        }
        m_isEnded = true;
        if (*line.linesBeforeEnd == m_lines) {
            return {};
        }
        return fail(error("the closing line counts " + std::to_string(*line.linesBeforeEnd) +
                              (*line.linesBeforeEnd == 1 ? " line, " : " lines, ") +
                              std::to_string(m_lines) + " came before it",
                          "Export the file again; --partial takes the lines as they are."));
    }

    // What is missing behind the last line.
    [[nodiscard]] Result<void> finish() const {
        return m_isPartial || m_isEnded
                   ? Result<void>()
                   : fail(
                         error(R"(expected {"end":true,"lines":N} as the last line, found the end )"
                               "of the input after " +
                                   std::to_string(m_lines) + (m_lines == 1 ? " line" : " lines") +
                                   ": the export was cut off, or left something out",
                               "Export the file again; --partial takes the lines as they are."));
    }

private:
    static Error error(std::string text, std::string hint) {
        Error error;
        error.code = ErrorCode::Truncated;
        error.text = std::move(text);
        error.hint = std::move(hint);
        return error;
    }

    bool m_isPartial;
    bool m_isEnded = false;
    std::uint64_t m_lines = 0;
};

// All lines; how many there were. An error of a line names it.
LoadResult<std::uint64_t> loadLines(LineReader& reader, Store& store,
                                    const LoadArguments& arguments) {
    Loader loader(store, arguments.maxTransactionBytes);
    Completeness completeness(arguments.isPartial);
    Progress progress("lines loaded");
    std::uint64_t number = 0;
    std::uint64_t loaded = 0;
    const auto failed = [&](Error error) {
        error.text = "line " + std::to_string(number) + ": " + error.text;
        return inputFailure(error);
    };
    while (true) {
        const auto line = reader.next();
        if (!line && line.error().code == ErrorCode::LimitReached) {
            ++number;
            Error error = line.error();
            error.hint = "Give the lines of export: no key and value need as many bytes.";
            return failed(std::move(error));
        }
        if (!line) {
            return inputFailure(line.error());
        }
        if (*line == nullptr) {
            break;
        }
        ++number;
        if (isBlank(**line)) {
            continue;
        }
        const auto parsed = parseJsonLine(**line);
        if (!parsed) {
            return failed(parsed.error());
        }
        if (auto seen = completeness.see(*parsed); !seen) {
            return failed(seen.error());
        }
        if (parsed->linesBeforeEnd) {
            continue;
        }
        if (auto added = loader.add(*parsed); !added) {
            return isAboutLine(added.error().code) ? failed(added.error())
                                                   : targetFailure(added.error());
        }
        progress.update(++loaded);
    }
    if (auto complete = completeness.finish(); !complete) {
        return inputFailure(complete.error());
    }
    if (auto done = loader.finish(); !done) {
        return targetFailure(done.error());
    }
    return loaded;
}

LoadResult<std::uint64_t> loadInto(const std::string& part, LineReader& reader,
                                   const LoadArguments& arguments) {
    StoreOptions options;
    options.pageSize = arguments.pageSize;
    options.noSync = true; // it is made durable once, at the end
    auto store = Store::open(part, options);
    if (!store) {
        return targetFailure(store.error());
    }
    auto lines = loadLines(reader, *store, arguments);
    if (lines && !arguments.noSync) {
        if (auto synced = store->sync(); !synced) {
            return targetFailure(synced.error());
        }
    }
    if (auto closed = store->close(); lines && !closed) {
        return targetFailure(closed.error());
    }
    return lines;
}

int runLoad(const LoadArguments& arguments, Output& out) {
    const InterruptGuard guard;
    auto part = PartFile::start(arguments.target);
    if (!part) {
        return kUsage;
    }
    auto reader = LineReader::open(arguments.input, kMostLineBytes);
    if (!reader) {
        return complainAbout(arguments.input, reader.error());
    }
    const auto lines = loadInto(part->path(), *reader, arguments);
    if (!lines) {
        const auto& [error, isAboutInput] = lines.error();
        if (error.code == ErrorCode::Cancelled) {
            complain(arguments.target + ": stopped by a signal; the database was not created");
            return kInterrupted;
        }
        const std::string input = arguments.input.empty() ? "standard input" : arguments.input;
        const int status = complainAbout(isAboutInput ? input : arguments.target, error);
        // Whatever is wrong with the lines themselves is a finding.
        return isAboutInput && error.osError == 0 ? kFindings : status;
    }
    if (const auto named = part->finish(); !named) {
        return complainAbout(arguments.target, named.error());
    }
    out << *lines << (*lines == 1 ? " line" : " lines") << " loaded\n";
    return kFine;
}

} // namespace

Command addLoad(CLI::App& program) {
    auto* command = program.add_subcommand("load", "Create a database from the lines of export");
    auto arguments = std::make_shared<LoadArguments>();
    addPath(*command, "FILE", arguments->target,
            "The database to create; must not exist, or be empty")
        ->required();
    addPath(*command, "--input", arguments->input, "Read lines from this file, not from stdin");
    command
        ->add_option("--tx-max-size", arguments->maxTransactionBytes,
                     "Bytes of keys and values in one commit; 0: all in one")
        ->capture_default_str()
        ->check(wholeNumber());
    command
        ->add_option("--page-size", arguments->pageSize,
                     "Bytes of a page of FILE; that of the system where it is not given")
        ->type_name("BYTES")
        ->check(CLI::Range(1024U, 16U * 1024 * 1024));
    command->add_flag("--no-sync", arguments->noSync, "Do not wait for the disk at the end");
    command->add_flag("--partial", arguments->isPartial,
                      "Take lines without a right closing line, as those picked out by hand; the "
                      "export of one bucket does not need it");
    command->footer(kExamples);
    return {command, [arguments](Output& out) { return runLoad(*arguments, out); }};
}

} // namespace pagescape::cli
