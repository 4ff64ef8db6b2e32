// SPDX-License-Identifier: MIT
// surgery: changes of single pages, on a copy. The file itself is never written to.
#include "change_file.h"
#include "cmd_surgery_look.h"
#include "pagescape/format.h"
#include "session.h"
#include "surgery_copy.h"
#include "usage.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <memory>
#include <optional>

namespace pagescape::cli {

namespace {

constexpr auto kExamples =
    R"(Every change is made to a copy, --output, which must not exist, or be an empty file. FILE is
only read.

Examples:
  pagescape-cli surgery revert-meta-page my.db --output mended.db      (undoes the last commit)
  pagescape-cli surgery clear-page-elements my.db --output mended.db --page-id 4 --from-index 2 --to-index -1
  pagescape-cli surgery freelist abandon my.db --output abandoned.db
  pagescape-cli surgery freelist rebuild abandoned.db --output mended.db
  pagescape-cli surgery meta update my.db --output mended.db --meta-page 0 --fields root:4,pgid:9

Afterwards look: pagescape-cli check mended.db)";

// Sets a field that has no value yet.
template <typename Value>
std::string setOnce(std::optional<Value>& field, Value value, const std::string& name) {
    if (field) {
        return name + " is given twice";
    }
    field = value;
    return {};
}

// Takes one "name:number"; what is wrong with it otherwise.
std::string parseField(const std::string& text, MetaChange& change) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string name = text.substr(0, colon);
    const std::string digits = text.substr(std::min(colon + 1, text.size()));
    if (colon == text.size() ||
        !(name == "root" || name == "freelist" || name == "pgid" || name == "pageSize")) {
        return "\"" + text + "\" is no field; expected root:N, freelist:N, pgid:N or pageSize:N";
    }
    std::uint64_t number = 0;
    const char* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, number);
    const std::uint64_t most = name == "pageSize" ? std::numeric_limits<std::uint32_t>::max()
                                                  : std::numeric_limits<std::uint64_t>::max();
    if (digits.empty() || parsed.ec != std::errc() || parsed.ptr != end || number > most) {
        return "\"" + digits + "\" of " + name + " is not a number from 0 to " +
               std::to_string(most);
    }
    return name == "root"       ? setOnce(change.root, PageId{number}, name)
           : name == "freelist" ? setOnce(change.freelist, PageId{number}, name)
           : name == "pgid"     ? setOnce(change.highWater, PageId{number}, name)
                            : setOnce(change.pageSize, static_cast<std::uint32_t>(number), name);
}

constexpr std::uint64_t kFirstTreePage = 2; // behind the meta pages

// What is wrong with the arguments, whatever the file; empty when nothing is.
using FindMistake = std::string (*)(const SurgeryArguments&);

std::string noMistake(const SurgeryArguments&) {
    return {};
}

std::string mistakeInCopy(const SurgeryArguments& arguments) {
    if (arguments.page == arguments.toPage) {
        return "--to-page: the page to copy from and the page to copy to are one";
    }
    return arguments.toPage < kFirstTreePage && arguments.page >= kFirstTreePage
               ? "--to-page: a meta page cannot become another kind of page\n"
                 "  try: surgery meta update, or surgery revert-meta-page"
               : "";
}

std::string mistakeInPage(const SurgeryArguments& arguments) {
    return arguments.page < kFirstTreePage ? "--page-id: elements cannot be taken out of a meta "
                                             "page: expected a page from 2 on"
                                           : "";
}

std::string mistakeInRange(const SurgeryArguments& arguments) {
    if (arguments.toIndex >= 0 && arguments.fromIndex >= arguments.toIndex) {
        const std::string from = std::to_string(arguments.fromIndex);
        return "--to-index: expected an index behind --from-index " + from + ", found " +
               std::to_string(arguments.toIndex);
    }
    return mistakeInPage(arguments);
}

int runUpdate(const SurgeryArguments& arguments, Output& out) {
    MetaChange change;
    if (arguments.page >= kFirstTreePage) {
        complain("--meta-page " + std::to_string(arguments.page) +
                 ": there is no such meta page: expected 0 or 1");
        return kUsage;
    }
    for (const std::string& field : arguments.fields) {
        if (const std::string wrong = parseField(field, change); !wrong.empty()) {
            complain("--fields: " + wrong);
            return kUsage;
        }
    }
    if (change.pageSize && !format::isReadablePageSize(*change.pageSize)) {
        complain("--fields: no file has pages of " + std::to_string(*change.pageSize) +
                 " bytes: expected " + std::to_string(format::kSmallestReadablePageSize) + " to " +
                 std::to_string(format::kLargestPageSize));
        return kUsage;
    }
    return operateOnCopy(arguments, out, [&](StorageFile& file, const SurgeryOptions& options) {
        return updateMeta(file, PageId{arguments.page}, change, options);
    });
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
        m_all.push_back(addSurgeryFindPath(*m_surgery));
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
        addPath(*command, "-o,--output", arguments->target,
                "The changed copy; must not exist, or be empty")
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
                  operation,
              FindMistake findMistake = noMistake) {
        m_all.push_back(
            {command, [arguments, findMistake, operation = std::move(operation)](Output& out) {
                 if (const auto mistake = findMistake(*arguments); !mistake.empty()) {
                     complain(mistake);
                     return kUsage;
                 }
                 return operateOnCopy(*arguments, out,
                                      [&](StorageFile& file, const SurgeryOptions& options) {
                                          return operation(*arguments, file, options);
                                      });
             }});
    }

    void addPages() {
        const auto [revert, reverting] =
            add(*m_surgery, "revert-meta-page", "Undo the last commit: back to the older meta");
        reverting->goesBack = true;
        runs(revert, reverting, [](const SurgeryArguments&, StorageFile& file, const auto& how) {
            return revertMetaPage(file, how);
        });

        const auto [copy, copying] = add(*m_surgery, "copy-page", "Copy a page over another one");
        addNumber(*copy, "--from-page", copying->page, "The page to copy");
        addNumber(*copy, "--to-page", copying->toPage, "The page that is overwritten");
        runs(
            copy, copying,
            [](const SurgeryArguments& a, StorageFile& file, const auto& how) {
                return copyPage(file, PageId{a.page}, PageId{a.toPage}, how);
            },
            mistakeInCopy);

        const auto [clear, clearing] =
            add(*m_surgery, "clear-page", "Remove all elements of a branch or leaf page");
        addNumber(*clear, "--page-id,--pageId", clearing->page, "The page, from 2 on");
        runs(
            clear, clearing,
            [](const SurgeryArguments& a, StorageFile& file, const auto& how) {
                return clearPage(file, PageId{a.page}, how);
            },
            mistakeInPage);

        const auto [some, range] =
            add(*m_surgery, "clear-page-elements", "Remove some elements of a branch or leaf page");
        addNumber(*some, "--page-id,--pageId", range->page, "The page, from 2 on");
        some->add_option("--from-index", range->fromIndex, "First element to remove, from 0 on")
            ->required()
            ->type_name("N")
            ->check(wholeNumber());
        some->add_option("--to-index", range->toIndex,
                         "First element behind those; -1: up to the last one")
            ->required()
            ->type_name("N")
            ->check(CLI::Range(std::int64_t{-1}, std::int64_t{0xFFFF}));
        runs(
            some, range,
            [](const SurgeryArguments& a, StorageFile& file, const auto& how) {
                ElementRange elements{a.fromIndex, std::nullopt};
                if (a.toIndex >= 0) {
                    elements.to = static_cast<std::uint32_t>(a.toIndex);
                }
                return clearPageElements(file, PageId{a.page}, elements, how);
            },
            mistakeInRange);
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
                             return rebuildOnCopy(*rebuilding, out);
                         }});
    }

    void addMeta() {
        auto* meta = m_surgery->add_subcommand("meta", "The meta pages");
        meta->require_subcommand(1);
        m_all.push_back(addSurgeryValidate(*meta));
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

    CLI::App* m_surgery;
    std::vector<Command> m_all;
};

} // namespace

Command addSurgery(CLI::App& program) {
    return SurgeryCommands(program).command();
}

} // namespace pagescape::cli
