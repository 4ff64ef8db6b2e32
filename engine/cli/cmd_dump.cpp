// SPDX-License-Identifier: MIT
// dump: the bytes of physical pages.
#include "commands.h"
#include "json_writer.h"
#include "pagescape/value_format.h"
#include "session.h"
#include "usage.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <vector>

namespace pagescape::cli {

namespace {

constexpr auto kExamples = R"(Examples:
  pagescape-cli dump my.db 0 1
  pagescape-cli dump broken.db 0 --page-size 1024

Each line: offset in the file (hex), 16 bytes in groups of two; "*" stands for repeated lines.
JSON: array of {id, offset, size, hex}.)";

constexpr std::size_t kLineBytes = 16;

struct DumpArguments : CommonArguments {
    std::vector<std::uint64_t> ids;
};

void printLine(Output& out, std::uint64_t offset, Bytes line) {
    char text[32];
    std::snprintf(text, sizeof text, "%07llx", static_cast<unsigned long long>(offset));
    out << text;
    const std::string hex = toHex(line);
    for (std::size_t i = 0; i < hex.size(); i += 4) {
        out << ' ' << hex.substr(i, 4);
    }
    out << '\n';
}

// bbolt's layout: a repeated line is shown as "*", the last line always in full.
void printPage(Output& out, std::uint64_t offset, Bytes page) {
    Bytes previous;
    bool isSkipping = false;
    for (std::size_t at = 0; at < page.size(); at += kLineBytes) {
        const Bytes line = page.subspan(at, std::min(kLineBytes, page.size() - at));
        const bool isLast = at + kLineBytes >= page.size();
        if (!isLast && std::ranges::equal(line, previous)) {
            if (!isSkipping) {
                char text[32];
                std::snprintf(text, sizeof text, "%07llx *\n",
                              static_cast<unsigned long long>(offset + at));
                out << text;
            }
            isSkipping = true;
        } else {
            printLine(out, offset + at, line);
            isSkipping = false;
        }
        previous = line;
    }
    out << '\n';
}

Error pastEnd(const PageFile& file, PageId id) {
    Error error;
    error.code = ErrorCode::CorruptPage;
    error.page = id;
    error.text = "The page lies past the end of the file, which has " +
                 std::to_string(file.layout().pageCount) + " pages of " +
                 std::to_string(file.layout().pageSize) + " bytes";
    error.hint = "Choose a page below " + std::to_string(file.layout().pageCount) + ".";
    return error;
}

int runDump(const DumpArguments& arguments, Output& out) {
    const auto session = Session::open(arguments);
    if (!session) {
        return kCannotOpen;
    }
    const FileLayout& layout = session->file().layout();
    int status = kFine;
    JsonWriter json(out);
    if (arguments.json) {
        json.beginArray();
    }
    for (const std::uint64_t id : arguments.ids) {
        const auto page = session->file().readPages(PageId{id}, 1);
        if (!page || page->empty()) {
            status = session->complain(page ? pastEnd(session->file(), PageId{id}) : page.error());
            continue;
        }
        const std::uint64_t offset = id * layout.pageSize;
        if (arguments.json) {
            json.beginObject()
                .member("id", id)
                .member("offset", offset)
                .member("size", page->size())
                .member("hex", toHex(*page))
                .endObject();
        } else {
            printPage(out, offset, *page);
        }
    }
    if (arguments.json) {
        json.endArray();
    }
    session->noteGuessedPageSize();
    return status;
}

} // namespace

Command addDump(CLI::App& program) {
    auto* command = program.add_subcommand("dump", "The bytes of pages in hex");
    auto arguments = std::make_shared<DumpArguments>();
    arguments->addTo(*command, "FILE ID...");
    command->add_option("ID", arguments->ids, "Page ids")
        ->required()
        ->type_name("")
        ->check(wholeNumber());
    command->footer(kExamples);
    return {command, [arguments](Output& out) { return runDump(*arguments, out); }};
}

} // namespace pagescape::cli
