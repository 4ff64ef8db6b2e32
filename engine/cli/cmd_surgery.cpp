// SPDX-License-Identifier: MIT
// surgery: changes of single pages, on a copy. The file itself is never written to.
#include "change_file.h"
#include "commands.h"
#include "interrupt.h"
#include "json_writer.h"
#include "names.h"
#include "pagescape/surgery.h"
#include "session.h"
#include "usage.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <memory>

namespace pagescape::cli {

namespace {

constexpr auto kExamples =
    R"(Every change is made to a copy, --output, which must not exist; FILE is only read.

Examples:
  pagescape-cli surgery revert-meta-page my.db --output mended.db      (undoes the last commit)
  pagescape-cli surgery clear-page-elements my.db --output mended.db --pageId 4 --from-index 2 --to-index -1
  pagescape-cli surgery freelist abandon my.db --output abandoned.db
  pagescape-cli surgery freelist rebuild abandoned.db --output mended.db
  pagescape-cli surgery meta update my.db --output mended.db --meta-page 0 --fields root:4,pgid:9

Afterwards look: pagescape-cli check mended.db)";

struct SurgeryArguments {
    std::string source;
    std::string target;
    std::uint32_t pageSizeHint = 0;
    std::uint64_t page = 0;
    std::uint64_t toPage = 0;
    std::uint32_t fromIndex = 0;
    std::int64_t toIndex = -1;
    std::vector<std::string> fields;
};

using Operation = std::function<Result<SurgeryOutcome>(StorageFile&, const SurgeryOptions&)>;

// Operates on a copy in the making; all of it is on the disk when this has succeeded.
Result<SurgeryOutcome> operateOn(const std::string& path, const SurgeryArguments& arguments,
                                 const Operation& operation) {
    FileRequest request;
    request.create = false;
    const auto file = openStorageFile(path, request);
    if (!file) {
        return fail(file.error());
    }
    SurgeryOptions options;
    options.pageSizeHint = arguments.pageSizeHint;
    auto outcome = operation(**file, options);
    if (outcome) {
        if (auto synced = (*file)->syncAll(); !synced) {
            return fail(synced.error());
        }
    }
    return outcome;
}

std::optional<PartFile> startCopy(const SurgeryArguments& arguments, int& status) {
    auto part = PartFile::start(arguments.target);
    if (!part) {
        status = kUsage;
        return std::nullopt;
    }
    const bool isCopied = copyFile(
        {arguments.source, arguments.target}, part->path(),
        [&] {
            complain(arguments.source + ": note: another program has it open and may write while "
                                        "it is copied; close that program for a copy that is "
                                        "certain");
        },
        &InterruptGuard::isRequested, status);
    return isCopied ? std::move(part) : std::nullopt;
}

int finish(PartFile& part, const SurgeryArguments& arguments) {
    const auto named = part.finish();
    return named ? kFine : complainAbout(arguments.target, named.error());
}

int operate(const SurgeryArguments& arguments, Output& out, const Operation& operation) {
    const InterruptGuard guard;
    int status = kFine;
    auto part = startCopy(arguments, status);
    if (!part) {
        return status;
    }
    const auto outcome = operateOn(part->path(), arguments, operation);
    if (!outcome) {
        return complainAboutCopy({arguments.source, arguments.target}, outcome.error());
    }
    status = finish(*part, arguments);
    if (status == kFine) {
        if (outcome->pagesWritten == 0) {
            out << "nothing to change in page " << outcome->page.value << '\n';
        } else {
            out << outcome->pagesWritten << (outcome->pagesWritten == 1 ? " page" : " pages")
                << " written, from page " << outcome->page.value << " on\n";
        }
        for (const std::string& warning : outcome->warnings) {
            complain(arguments.target + ": warning: " + warning);
        }
    }
    return status;
}

int runRebuild(const SurgeryArguments& arguments, Output& out) {
    const InterruptGuard guard;
    int status = kFine;
    auto part = startCopy(arguments, status);
    if (!part) {
        return status;
    }
    if (const auto rebuilt = rebuildFreelist(part->path()); !rebuilt) {
        return complainAboutCopy({arguments.source, arguments.target}, rebuilt.error());
    }
    status = finish(*part, arguments);
    if (status == kFine) {
        out << "the freelist was rebuilt\n";
    }
    return status;
}

int runValidate(const CommonArguments& arguments, Output& out) {
    const auto session = Session::open(arguments);
    if (!session) {
        return kCannotOpen;
    }
    bool isSound = true;
    JsonWriter json(out, 2);
    if (arguments.json) {
        json.beginArray();
    }
    for (const MetaReport& meta : session->file().layout().metas.metas) {
        const std::string reason = meta.error ? meta.error->describe() : "the file ends before it";
        isSound = isSound && meta.isValid();
        if (arguments.json) {
            json.beginObject()
                .member("page", meta.page.value)
                .member("valid", meta.isValid())
                .key("error");
            meta.isValid() ? json.null() : json.text(reason);
            json.endObject();
        } else if (meta.isValid()) {
            out << "meta page " << meta.page.value << " is valid\n";
        } else {
            out << "meta page " << meta.page.value << " is not valid: " << reason << '\n';
        }
    }
    if (arguments.json) {
        json.endArray();
    }
    session->noteGuessedPageSize();
    return isSound ? kFine : kFindings;
}

// One "name:number"; false when it is none.
bool parseField(const std::string& text, MetaChange& change) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string name = text.substr(0, colon);
    const std::string digits = text.substr(std::min(colon + 1, text.size()));
    std::uint64_t number = 0;
    const char* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, number);
    if (digits.empty() || parsed.ec != std::errc() || parsed.ptr != end) {
        return false;
    }
    if (name == "root") {
        change.root = PageId{number};
    } else if (name == "freelist") {
        change.freelist = PageId{number};
    } else if (name == "pgid") {
        change.highWater = PageId{number};
    } else if (name == "pageSize" && number <= std::numeric_limits<std::uint32_t>::max()) {
        change.pageSize = static_cast<std::uint32_t>(number);
    } else {
        return false;
    }
    return true;
}

int runUpdate(const SurgeryArguments& arguments, Output& out) {
    MetaChange change;
    for (const std::string& field : arguments.fields) {
        if (!parseField(field, change)) {
            complain("--fields: \"" + field +
                     "\" is no field; expected root:N, freelist:N, pgid:N or pageSize:N");
            return kUsage;
        }
    }
    return operate(arguments, out, [&](StorageFile& file, const SurgeryOptions& options) {
        return updateMeta(file, PageId{arguments.page}, change, options);
    });
}

struct PathArguments : CommonArguments {
    std::string key;
    ValueFormat parseFormat = ValueFormat::Text;
};

int runFindPath(const PathArguments& arguments, Output& out) {
    const auto key = parseKey(unguarded(arguments.key), arguments.parseFormat);
    if (!key) {
        complain("the key cannot be read: " + key.error().describe());
        return kUsage;
    }
    const auto session = Session::openDatabase(arguments);
    if (!session) {
        return kCannotOpen;
    }
    std::uint64_t count = 0;
    JsonWriter json(out, 2);
    if (arguments.json) {
        json.beginObject().key("paths").beginArray();
    }
    const auto done =
        findPathsToKey(session->file(), asBytes(*key), [&](std::span<const PageId> path) {
            ++count;
            if (arguments.json) {
                json.beginLine();
                std::ranges::for_each(path, [&](PageId page) { json.number(page.value); });
                json.endArray();
                return out.isOpen();
            }
            std::ranges::for_each(path, [&, first = true](PageId page) mutable {
                out << (first ? "" : " ") << page.value;
                first = false;
            });
            out << '\n';
            return out.isOpen();
        });
    if (arguments.json) {
        json.endArray().endObject();
    }
    session->noteChanges();
    if (!done) {
        return session->complain(done.error());
    }
    if (count == 0) {
        session->note("no bucket has the key \"" + shortText(asBytes(*key)) + "\"");
    }
    return count == 0 ? kFindings : kFine;
}

/// Collects the commands below `surgery`.
class SurgeryCommands {
public:
    explicit SurgeryCommands(CLI::App& program)
        : m_surgery(program.add_subcommand(
              "surgery", "Change single pages of a copy: for files that nothing else can mend")) {
        m_surgery->require_subcommand(1);
        m_surgery->footer(kExamples);
        addPages();
        addFreelist();
        addMeta();
        addFindPath();
    }

    [[nodiscard]] Command command() const {
        return {m_surgery, [all = m_all](Output& out) {
                    return std::ranges::find_if(
                               all, [](const Command& each) { return each.app->parsed(); })
                        ->run(out);
                }};
    }

private:
    using Arguments = std::shared_ptr<SurgeryArguments>;

    // A command that makes a changed copy.
    std::pair<CLI::App*, Arguments> add(CLI::App& parent, const std::string& name,
                                        const std::string& help) {
        auto* command = parent.add_subcommand(name, help);
        auto arguments = std::make_shared<SurgeryArguments>();
        addPath(*command, "FILE", arguments->source, "The database; it is only read")->required();
        addPath(*command, "-o,--output", arguments->target, "The changed copy; must not exist")
            ->required();
        command
            ->add_option("--page-size", arguments->pageSizeHint,
                         "Page size to assume when no meta page tells it")
            ->type_name("BYTES")
            ->check(CLI::Range(128U, 16U * 1024 * 1024));
        return {command, arguments};
    }

    static void addNumber(CLI::App& command, const std::string& name, std::uint64_t& number,
                          const std::string& help) {
        command.add_option(name, number, help)->required()->type_name("ID")->check(wholeNumber());
    }

    void runs(CLI::App* command, const Arguments& arguments,
              std::function<Result<SurgeryOutcome>(const SurgeryArguments&, StorageFile&,
                                                   const SurgeryOptions&)>
                  operation) {
        m_all.push_back({command, [arguments, operation = std::move(operation)](Output& out) {
                             return operate(*arguments, out,
                                            [&](StorageFile& file, const SurgeryOptions& options) {
                                                return operation(*arguments, file, options);
                                            });
                         }});
    }

    void addPages() {
        const auto [revert, reverting] =
            add(*m_surgery, "revert-meta-page", "Undo the last commit: back to the older meta");
        runs(revert, reverting, [](const SurgeryArguments&, StorageFile& file, const auto& how) {
            return revertMetaPage(file, how);
        });

        const auto [copy, copying] = add(*m_surgery, "copy-page", "Copy a page over another one");
        addNumber(*copy, "--from-page", copying->page, "The page to copy");
        addNumber(*copy, "--to-page", copying->toPage, "The page that is overwritten");
        runs(copy, copying, [](const SurgeryArguments& a, StorageFile& file, const auto& how) {
            return copyPage(file, PageId{a.page}, PageId{a.toPage}, how);
        });

        const auto [clear, clearing] =
            add(*m_surgery, "clear-page", "Remove all elements of a branch or leaf page");
        addNumber(*clear, "--pageId,--page-id", clearing->page, "The page, from 2 on");
        runs(clear, clearing, [](const SurgeryArguments& a, StorageFile& file, const auto& how) {
            return clearPage(file, PageId{a.page}, how);
        });

        const auto [some, range] =
            add(*m_surgery, "clear-page-elements", "Remove some elements of a branch or leaf page");
        addNumber(*some, "--pageId,--page-id", range->page, "The page, from 2 on");
        some->add_option("--from-index", range->fromIndex, "First element to remove, from 0 on")
            ->required()
            ->type_name("N")
            ->check(wholeNumber());
        some->add_option("--to-index", range->toIndex,
                         "First element behind those; -1: up to the last one")
            ->required()
            ->type_name("N")
            ->check(CLI::Range(std::int64_t{-1}, std::int64_t{0xFFFF}));
        runs(some, range, [](const SurgeryArguments& a, StorageFile& file, const auto& how) {
            ElementRange elements{a.fromIndex, std::nullopt};
            if (a.toIndex >= 0) {
                elements.to = static_cast<std::uint32_t>(a.toIndex);
            }
            return clearPageElements(file, PageId{a.page}, elements, how);
        });
    }

    void addFreelist() {
        auto* freelist = m_surgery->add_subcommand("freelist", "Give the freelist up, or find it");
        freelist->require_subcommand(1);
        const auto [abandon, abandoning] =
            add(*freelist, "abandon", "Make both metas say that no freelist is stored");
        runs(abandon, abandoning, [](const SurgeryArguments&, StorageFile& file, const auto& how) {
            return abandonFreelist(file, how);
        });
        const auto [rebuild, rebuilding] =
            add(*freelist, "rebuild", "Find the free pages and store them; abandon comes first");
        m_all.push_back({rebuild, [rebuilding = rebuilding](Output& out) {
                             return runRebuild(*rebuilding, out);
                         }});
    }

    void addMeta() {
        auto* meta = m_surgery->add_subcommand("meta", "The meta pages");
        meta->require_subcommand(1);
        auto* validate = meta->add_subcommand("validate", "Whether the meta pages are valid");
        auto validating = std::make_shared<CommonArguments>();
        validating->addTo(*validate, "FILE");
        validate->footer("JSON: array of {page, valid, error}; error is null where valid. Exit "
                         "status 1 when one is not.");
        m_all.push_back(
            {validate, [validating](Output& out) { return runValidate(*validating, out); }});
        const auto [update, updating] =
            add(*meta, "update", "Set fields of a meta page and make it valid");
        addNumber(*update, "--meta-page", updating->page, "0 or 1");
        update
            ->add_option("--fields", updating->fields,
                         "root:N,freelist:N,pgid:N,pageSize:N; pgid is the high-water mark. None: "
                         "only magic, version, flags and checksum are set right")
            ->type_name("NAME:N,...")
            ->delimiter(',');
        m_all.push_back(
            {update, [updating = updating](Output& out) { return runUpdate(*updating, out); }});
    }

    void addFindPath() {
        auto* find = m_surgery->add_subcommand("find-path", "All page paths to a key");
        auto arguments = std::make_shared<PathArguments>();
        arguments->addTo(*find, "FILE KEY");
        find->add_option("KEY", arguments->key, "A key or the name of a bucket, in any bucket")
            ->required()
            ->type_name("");
        addParseOption(*find, arguments->parseFormat, "How KEY is typed");
        find->footer("One path a line: page ids from the root down to the leaf. JSON: "
                     "{paths[[ids]]}. Exit status 1 when no bucket has the key.");
        m_all.push_back({find, [arguments](Output& out) { return runFindPath(*arguments, out); }});
    }

    CLI::App* m_surgery;
    std::vector<Command> m_all;
};

} // namespace

Command addSurgery(CLI::App& program) {
    return SurgeryCommands(program).command();
}

} // namespace pagescape::cli
