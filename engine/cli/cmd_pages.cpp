// SPDX-License-Identifier: MIT
// pages: every page of the file, by what it is and who can reach it.
#include "commands.h"
#include "json_writer.h"
#include "names.h"
#include "pagescape/census.h"
#include "steady.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace pagescape::cli {

namespace {

constexpr auto kExamples = R"(Examples:
  pagescape-cli pages my.db
  pagescape-cli pages my.db --json | jq 'map(select(.kind == "leaf") | .fill) | add / length'

kind: meta freelist branch leaf overflow free leaked tail problem. life: active-meta stale-meta live
previous (free, but the other meta still reaches it) free leaked tail.
JSON: array of {id, kind, life, count, overflow, bucket, depth, fill}, one for each page of the file.
count and overflow are what the page header states, 0 where a page has none. bucket holds the names of
the owner with "/" between them ("" is the root bucket), names that are no printable UTF-8 in hex.
fill is the used part of the page and its overflow pages, 0 to 1. bucket and depth are null for pages
that no bucket owns, fill is null where it says nothing.)";

// Whether a page's own header was read, so that its count and overflow mean something.
bool hasHeader(PageKind kind) {
    return kind == PageKind::Meta || kind == PageKind::Freelist || kind == PageKind::Branch ||
           kind == PageKind::Leaf || kind == PageKind::Problem;
}

// Bucket paths as text, made once for each bucket.
class OwnerNames {
public:
    explicit OwnerNames(const Census& census) : m_census(census), m_names(census.bucketCount()) {}

    const std::string& name(BucketIndex index) {
        auto& name = m_names.at(index);
        if (!name) {
            name = readablePath(m_census.bucketPath(index));
        }
        return *name;
    }

private:
    const Census& m_census;
    std::vector<std::optional<std::string>> m_names;
};

// The census leaves pages unread that no valid meta leads to and that do not say what they are: for
// a listing they are what unreachable pages are everywhere.
PageRow rowOf(const Census& census, std::uint64_t id) {
    PageRow row = census.row(PageId{id});
    if (row.kind == PageKind::NotRead) {
        row.kind = PageKind::Leaked;
        row.life = PageLife::Leaked;
    }
    return row;
}

void writeRow(JsonWriter& json, std::uint64_t id, const PageRow& row, OwnerNames& owners) {
    const bool isOwned = row.bucket != kNoBucket;
    const bool isHeaded = hasHeader(row.kind);
    json.beginObject()
        .member("id", id)
        .member("kind", pageKindName(row.kind))
        .member("life", pageLifeName(row.life))
        .member("count", isHeaded ? row.count : 0)
        .member("overflow", isHeaded ? row.overflow : 0)
        .key("bucket");
    isOwned ? json.text(owners.name(row.bucket)) : json.null();
    json.key("depth");
    isOwned ? json.number(row.depth) : json.null();
    json.key("fill");
    isHeaded&& row.kind != PageKind::Problem ? json.fraction(row.fill / 255.0) : json.null();
    json.endObject();
}

void printHeading(Output& out) {
    out << "ID        KIND      LIFE          ITEMS  OVRFLW  FILL  BUCKET\n"
        << "========  ========  ===========  ======  ======  ====  ==============\n";
}

void printRow(Output& out, std::uint64_t id, const PageRow& row, OwnerNames& owners) {
    out.left(std::to_string(id), 10)
        .left(pageKindName(row.kind), 10)
        .left(pageLifeName(row.life), 11);
    if (!hasHeader(row.kind)) {
        out << '\n';
        return;
    }
    out.right(std::to_string(row.count), 8)
        .right(row.overflow ? std::to_string(row.overflow) : "", 8);
    if (row.kind != PageKind::Problem) {
        out.right(std::to_string((row.fill * 100 + 127) / 255) + "%", 6);
    }
    if (row.bucket != kNoBucket) {
        const std::string& owner = owners.name(row.bucket);
        out << "  " << (owner.empty() ? "(root bucket)" : owner);
    }
    out << '\n';
}

int printPages(const CommonArguments& arguments, const Session& session, Output& out) {
    Census census(session.sharedFile());
    const auto done = census.run();
    OwnerNames owners(census);
    JsonWriter json(out);
    if (arguments.json) {
        json.beginArray();
    } else {
        printHeading(out);
    }
    for (std::uint64_t id = 0; id < census.pageCount() && out.isOpen(); ++id) {
        const PageRow row = rowOf(census, id);
        arguments.json ? writeRow(json, id, row, owners) : printRow(out, id, row, owners);
    }
    if (arguments.json) {
        json.endArray();
    }
    for (const CensusProblem& problem : census.problems()) {
        session.note("page " + std::to_string(problem.page.value) + ": " + problem.text);
    }
    if (!session.isDatabase()) {
        return session.explainRefusal();
    }
    return done ? kFine : session.complain(done.error());
}

int runPages(const CommonArguments& arguments, Output& out) {
    Reading reading;
    reading.read = [&](const Session& session) { return printPages(arguments, session, out); };
    reading.showsMixed = true;
    return readSteadily(arguments, out, reading);
}

} // namespace

Command addPages(CLI::App& program) {
    auto* command =
        program.add_subcommand("pages", "Every page of the file: what it is, whose it is");
    auto arguments = std::make_shared<CommonArguments>();
    arguments->addTo(*command, "FILE");
    command->footer(kExamples);
    return {command, [arguments](Output& out) { return runPages(*arguments, out); }};
}

} // namespace pagescape::cli
