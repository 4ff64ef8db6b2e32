// SPDX-License-Identifier: MIT
// check: everything that is wrong with the file.
#include "commands.h"
#include "json_writer.h"
#include "pagescape/census.h"
#include "pagescape/check.h"
#include "pagescape/inspect.h"
#include "session.h"
#include "steady.h"
#include "usage.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <stop_token>

namespace pagescape::cli {

namespace {

constexpr auto kExamples = R"(Examples:
  pagescape-cli check my.db
  pagescape-cli check my.db --json | jq '.findings[] | .code'
  pagescape-cli check my.db --from-page 12

JSON: {findings[{code, page, path, text}], ok, is_whole}; page is null for a finding about the whole
file, path holds the page ids from the root down to the page. is_whole is false where another program
changed the file in each of three tries, or cut it: nothing is found then, nor is the file ok. Exit status 0 without findings, 1 with some, and 3
when bolt would not open the file (the findings are printed all the same).)";

struct CheckArguments : CommonArguments {
    std::optional<std::uint64_t> fromPage;
};

void printFinding(Output& out, const Finding& finding) {
    out.left(findingName(finding.code), 30)
        .left(finding.page ? "page " + std::to_string(finding.page->value) : std::string("file"),
              12);
    out << finding.text << '\n';
}

void writeFinding(JsonWriter& json, const Finding& finding) {
    json.beginObject().member("code", findingName(finding.code)).key("page");
    finding.page ? json.number(finding.page->value) : json.null();
    json.key("path").beginLine();
    for (const PageId page : finding.path) {
        json.number(page.value);
    }
    json.endArray().member("text", finding.text).endObject();
}

void endJson(JsonWriter& json, bool isOk, bool isWhole) {
    json.endArray().member("ok", isOk).member("is_whole", isWhole).endObject();
}

// A file that cannot even be mapped because it is empty is still worth a finding.
int checkNothing(const CheckArguments& arguments, Output& out, const Error& error) {
    const int status = complainAbout(arguments.file, error);
    if (error.code == ErrorCode::EmptyFile) {
        Finding finding;
        finding.code = FindingCode::EmptyFile;
        finding.text = error.text;
        if (arguments.json) {
            JsonWriter json(out, 2);
            json.beginObject().key("findings").beginArray();
            writeFinding(json, finding);
            endJson(json, false, true);
        } else {
            printFinding(out, finding);
        }
    }
    return status;
}

void printTotal(Output& out, const CheckSummary& summary) {
    if (summary.ok()) {
        out << "OK\n";
    } else {
        out << '\n' << summary.findings << (summary.findings == 1 ? " finding\n" : " findings\n");
    }
}

constexpr std::uint64_t kFirstTreePage = 2; // behind the meta pages

// What a page is that cannot be the root of a tree, as far as metas, freelist and its own header
// tell; empty for all others, damaged ones among them.
std::string otherPage(const Session& session, PageId page) {
    Census census(session.sharedFile());
    if (!census.readMetas() || page.value >= census.pageCount()) {
        return {};
    }
    switch (census.row(page).kind) {
    case PageKind::Freelist: return "a freelist page";
    case PageKind::Free: return "a free page";
    default: break;
    }
    const auto header = inspectPage(session.file(), page, 1);
    const bool isRead = header && header->description.headerId == page.value;
    if (!isRead && census.run() && census.row(page).kind == PageKind::Overflow) {
        return "an overflow page of page " + std::to_string(census.row(page).parent);
    }
    return {};
}

// Whether --from-page names a page that a tree may use. Only a file with a valid meta tells.
bool isTreePage(const CheckArguments& arguments, const Session& session) {
    const MetaFields* meta = session.file().layout().metas.activeFields();
    if (!arguments.fromPage || meta == nullptr) {
        return true;
    }
    const std::string page = std::to_string(*arguments.fromPage);
    if (*arguments.fromPage < kFirstTreePage || *arguments.fromPage >= meta->highWater.value) {
        complain("--from-page " + page + ": no tree has such a page; expected one in [" +
                 std::to_string(kFirstTreePage) + ", " + std::to_string(meta->highWater.value) +
                 "), up to the high-water mark");
        return false;
    }
    if (const auto other = otherPage(session, PageId{*arguments.fromPage}); !other.empty()) {
        complain("--from-page: page " + page + " is " + other +
                 ", not a tree\n  try: pagescape-cli pages FILE lists the branches and leaves");
        return false;
    }
    return true;
}

int checkSession(const CheckArguments& arguments, const Session& session, Output& out) {
    if (!isTreePage(arguments, session)) {
        return kUsage;
    }
    CheckOptions options;
    if (arguments.fromPage) {
        options.from = PageId{*arguments.fromPage};
    }
    JsonWriter json(out, 2);
    if (arguments.json) {
        json.beginObject().key("findings").beginArray();
    }
    std::stop_source stop;
    const auto summary = check(
        session.file(), options,
        [&](Finding finding) {
            arguments.json ? writeFinding(json, finding) : printFinding(out, finding);
            if (!out.isOpen()) {
                stop.request_stop();
            }
        },
        stop.get_token());
    if (arguments.json) {
        const bool isWhole = !session.change();
        endJson(json, isWhole && summary && summary->ok(), isWhole);
    }
    if (!summary) {
        return stop.stop_requested() ? kFindings : session.complain(summary.error());
    }
    if (!arguments.json) {
        printTotal(out, *summary);
    }
    if (!session.isDatabase()) {
        return session.explainRefusal();
    }
    return summary->ok() ? kFine : kFindings;
}

int runCheck(const CheckArguments& arguments, Output& out) {
    Reading reading;
    reading.read = [&](const Session& session) { return checkSession(arguments, session, out); };
    reading.printUnsteady = [&] {
        if (arguments.json && out.isHeld()) {
            JsonWriter json(out, 2);
            json.beginObject().key("findings").beginArray();
            endJson(json, false, false);
        }
    };
    reading.refused = [&](const Error& error) { return checkNothing(arguments, out, error); };
    return readSteadily(arguments, out, reading);
}

} // namespace

Command addCheck(CLI::App& program) {
    auto* command = program.add_subcommand("check", "Looks for everything that is wrong");
    auto arguments = std::make_shared<CheckArguments>();
    arguments->addTo(*command, "FILE");
    command->add_option("--from-page", arguments->fromPage, "Check only the tree below this page")
        ->type_name("ID")
        ->check(wholeNumber());
    command->footer(kExamples);
    return {command, [arguments](Output& out) { return runCheck(*arguments, out); }};
}

} // namespace pagescape::cli
