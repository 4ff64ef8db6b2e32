// SPDX-License-Identifier: MIT
// put, delete, create-bucket, delete-bucket: one change, one commit, on the file itself.
#include "change_file.h"
#include "commands.h"
#include "names.h"
#include "pagescape/format.h"
#include "session.h"

#include <CLI/CLI.hpp>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace pagescape::cli {

namespace {

constexpr auto kCheckFirst =
    "Run pagescape-cli check FILE first where the file may be damaged: a list of free pages that\n"
    "names pages in use lets any bolt program, this one too, write over them.";

struct ChangeArguments : ChangeTarget {
    std::vector<std::string> names;
    ValueFormat parseFormat = ValueFormat::Text;
    ValueFormat bucketFormat = ValueFormat::Text;
    ValueFormat valueFormat = ValueFormat::Text;
    std::string valueFile; // "-": standard input; empty: the value is typed
};

// Bucket path and, behind it, what the command is about.
struct Words {
    std::vector<std::string> path;
    std::string key;
    std::string value;
};

std::optional<Words> parseWords(const ChangeArguments& arguments, std::size_t behind) {
    const std::span<const std::string> names(arguments.names);
    const std::size_t buckets = names.size() - behind;
    auto path = parseNames(names.first(buckets), arguments.bucketFormat);
    auto key = parseNames(names.subspan(buckets, 1), arguments.parseFormat);
    auto value = behind == 2 ? parseNames(names.last(1), arguments.valueFormat)
                             : Result<std::vector<std::string>>(std::vector<std::string>{""});
    using Part = std::pair<const char*, const Result<std::vector<std::string>>*>;
    for (const auto& [what, part] :
         {Part{"a bucket name", &path}, Part{"the key or name", &key}, Part{"the value", &value}}) {
        if (!*part) {
            complain(std::string(what) + " cannot be read: " + part->error().describe());
            return std::nullopt;
        }
    }
    if (std::ranges::find(*path, "") != path->end()) {
        complain("a bucket name must not be empty");
        return std::nullopt;
    }
    return Words{std::move(*path), std::move(key->front()), std::move(value->front())};
}

// What no value may have; said before all of it is read.
Error valueTooLarge() {
    Error error;
    error.code = ErrorCode::ValueTooLarge;
    error.text = "The value is too large: expected at most " +
                 std::to_string(format::kMaxValueSize) + " bytes, found more";
    error.hint = "Nothing was changed. Cut the value and put its parts under several keys.";
    return error;
}

// Whether a file tells before it is read that it has more than a value may have.
bool isLargeFile(std::FILE* file) {
    struct stat info = {};
    return ::fstat(::fileno(file), &info) == 0 && S_ISREG(info.st_mode) &&
           info.st_size > off_t{format::kMaxValueSize};
}

// The bytes of a file or of standard input. Errors: ValueTooLarge, after no more than a value may
// have was read.
Result<std::string> readValue(const std::string& path) {
    const auto failed = [](const char* text) {
        Error error;
        error.code = errno == ENOENT ? ErrorCode::FileNotFound : ErrorCode::OsFailure;
        error.osError = errno;
        error.text = text;
        return fail(std::move(error));
    };
    std::FILE* file = path == "-" ? stdin : std::fopen(path.c_str(), "rbe");
    if (file == nullptr) {
        return failed("The value could not be opened");
    }
    const auto close = [](std::FILE* each) { return each == stdin ? 0 : std::fclose(each); };
    const std::unique_ptr<std::FILE, decltype(close)> closing(file, close);
    if (isLargeFile(file)) {
        return fail(valueTooLarge());
    }
    std::string value;
    std::vector<char> piece(std::size_t{1} << 20);
    for (std::size_t got = piece.size(); got == piece.size();) {
        got = std::fread(piece.data(), 1, piece.size(), file);
        if (got > format::kMaxValueSize - value.size()) {
            return fail(valueTooLarge());
        }
        value.append(piece.data(), got);
    }
    return std::ferror(file) == 0 ? Result<std::string>(std::move(value))
                                  : failed("Reading the value failed");
}

int commitChange(const ChangeArguments& arguments,
                 const std::function<Result<void>(WriteTransaction&)>& change) {
    auto store = arguments.open();
    if (!store) {
        return complainAbout(arguments.file, store.error());
    }
    if (auto done = store->update(change); !done) {
        return complainAbout(arguments.file, done.error());
    }
    return kFine;
}

// The same on a file that is not there: it gets its name when the change is in it.
int commitToNewFile(const ChangeArguments& arguments,
                    const std::function<Result<void>(WriteTransaction&)>& change) {
    auto part = PartFile::start(arguments.file);
    if (!part) {
        return kUsage;
    }
    auto store = arguments.openAt(part->path());
    Result<void> done = store ? store->update(change) : fail(store.error());
    if (done) {
        done = store->close();
    }
    if (done) {
        done = part->finish();
    }
    return done ? kFine : complainAbout(arguments.file, done.error());
}

void describe(CLI::App& command, const std::shared_ptr<ChangeArguments>& arguments,
              const std::string& usage) {
    setUsage(command, usage);
    arguments->addTo(command);
    command.add_option("NAMES", arguments->names, "What stands behind FILE: " + usage.substr(5))
        ->type_name("REQUIRED")
        ->expected(1, 1 << 20);
    addParseOption(command, arguments->parseFormat, "How the last key or name is typed");
    addParseOption(command, arguments->bucketFormat, "How BUCKET names are typed",
                   "--bucket-format");
}

Result<WriteBucket> bucketAt(WriteTransaction& tx, const std::vector<std::string>& path) {
    return tx.bucket(views(path));
}

// bolt calls it success when the key is absent; whoever types a key wants to know.
Result<void> removeKey(WriteBucket& bucket, Bytes key) {
    const auto found = bucket.get(key);
    const auto nested = bucket.bucket(key);
    if (found && !*found && nested && !*nested) {
        Error error;
        error.code = ErrorCode::BucketNotFound;
        error.text = "The key \"" + shortText(key) + "\" is not there";
        error.hint = "Nothing was changed. List the keys: pagescape-cli keys FILE BUCKET...";
        return fail(std::move(error));
    }
    return bucket.remove(key);
}

// The same error, with a hint where a word too many made a bucket of the key.
Error withHint(const ChangeArguments& arguments, Error error) {
    const bool isAboutPath =
        error.code == ErrorCode::BucketNotFound || error.code == ErrorCode::IncompatibleValue;
    const std::size_t words = arguments.names.size();
    if (isAboutPath && !arguments.valueFile.empty() && words > 2) {
        error.hint = "With --value-file VALUE is left out, and the last word is the key: "
                     "pagescape-cli put FILE BUCKET [SUB...] KEY --value-file PATH";
    } else if (isAboutPath && arguments.valueFile.empty() && words > 3) {
        error.hint = "The last two words are key and value, all before them are buckets: "
                     "pagescape-cli put FILE BUCKET [SUB...] KEY VALUE. Quote what has spaces.";
    }
    return error;
}

int runPut(const ChangeArguments& arguments) {
    const bool isTyped = arguments.valueFile.empty();
    if (arguments.names.size() < (isTyped ? 3U : 2U)) {
        complain(isTyped ? "put needs BUCKET [SUB...] KEY VALUE"
                         : "put needs BUCKET [SUB...] KEY with --value-file");
        return kUsage;
    }
    auto words = parseWords(arguments, isTyped ? 2 : 1);
    if (!words) {
        return kUsage;
    }
    if (!isTyped) {
        auto value = readValue(arguments.valueFile);
        if (!value) {
            return complainAbout(
                arguments.valueFile == "-" ? "standard input" : arguments.valueFile, value.error());
        }
        words->value = std::move(*value);
    }
    return commitChange(arguments, [&](WriteTransaction& tx) {
        auto bucket = bucketAt(tx, words->path);
        return bucket ? bucket->put(asBytes(words->key), asBytes(words->value))
                      : Result<void>(fail(withHint(arguments, bucket.error())));
    });
}

} // namespace

Command addPut(CLI::App& program) {
    auto* command = program.add_subcommand("put", "Set the value of a key");
    auto arguments = std::make_shared<ChangeArguments>();
    describe(*command, arguments, "FILE BUCKET [SUB...] KEY VALUE");
    addParseOption(*command, arguments->valueFormat, "How VALUE is typed", "--value-format");
    addPath(*command, "--value-file", arguments->valueFile,
            "Take all bytes of this file, or of standard input for -, in place of VALUE");
    command->footer("Examples:\n  pagescape-cli put my.db BUCKET KEY VALUE\n"
                    "  pagescape-cli put my.db BUCKET KEY --value-file picture.png\n"
                    "  date | pagescape-cli put my.db BUCKET KEY --value-file -\n\n" +
                    std::string(kCheckFirst));
    return {command, [arguments](Output&) { return runPut(*arguments); }};
}

Command addDelete(CLI::App& program) {
    auto* command = program.add_subcommand("delete", "Remove a key");
    auto arguments = std::make_shared<ChangeArguments>();
    describe(*command, arguments, "FILE BUCKET [SUB...] KEY");
    command->footer(kCheckFirst);
    return {command, [arguments](Output&) {
                if (arguments->names.size() < 2) {
                    complain("delete needs BUCKET [SUB...] KEY");
                    return kUsage;
                }
                const auto words = parseWords(*arguments, 1);
                return !words ? kUsage : commitChange(*arguments, [&](WriteTransaction& tx) {
                    auto bucket = bucketAt(tx, words->path);
                    return bucket ? removeKey(*bucket, asBytes(words->key))
                                  : Result<void>(fail(bucket.error()));
                });
            }};
}

Command addCreateBucket(CLI::App& program) {
    auto* command =
        program.add_subcommand("create-bucket", "Create a bucket, and the file if it is missing");
    auto arguments = std::make_shared<ChangeArguments>();
    describe(*command, arguments, "FILE [BUCKET...] NAME");
    arguments->create = true;
    command->footer("An empty FILE counts as missing.\n\n" + std::string(kCheckFirst));
    return {
        command, [arguments](Output&) {
            if (arguments->names.empty()) {
                complain("create-bucket needs [BUCKET...] NAME");
                return kUsage;
            }
            const auto words = parseWords(*arguments, 1);
            if (!words) {
                return kUsage;
            }
            const auto create = [&](WriteTransaction& tx) -> Result<void> {
                auto parent = bucketAt(tx, words->path);
                if (!parent) {
                    return fail(parent.error());
                }
                const auto made = parent->createBucket(asBytes(words->key));
                return made ? Result<void>() : fail(made.error());
            };
            std::error_code ignored;
            const bool isThere =
                std::filesystem::exists(std::filesystem::symlink_status(arguments->file, ignored));
            return isThere ? commitChange(*arguments, create) : commitToNewFile(*arguments, create);
        }};
}

Command addDeleteBucket(CLI::App& program) {
    auto* command =
        program.add_subcommand("delete-bucket", "Delete a bucket and all that is in it");
    auto arguments = std::make_shared<ChangeArguments>();
    describe(*command, arguments, "FILE [BUCKET...] NAME");
    command->footer(kCheckFirst);
    return {command, [arguments](Output&) {
                if (arguments->names.empty()) {
                    complain("delete-bucket needs [BUCKET...] NAME");
                    return kUsage;
                }
                const auto words = parseWords(*arguments, 1);
                return !words ? kUsage
                              : commitChange(*arguments, [&](WriteTransaction& tx) -> Result<void> {
                                    auto parent = bucketAt(tx, words->path);
                                    return parent ? parent->deleteBucket(asBytes(words->key))
                                                  : Result<void>(fail(parent.error()));
                                });
            }};
}

} // namespace pagescape::cli
