// SPDX-License-Identifier: MIT
// info: what the metas say, of files that cannot be opened as well.
#include "commands.h"
#include "json_writer.h"
#include "pagescape/census.h"
#include "session.h"

#include <CLI/CLI.hpp>

#include <array>
#include <memory>
#include <optional>

namespace pagescape::cli {

namespace {

constexpr auto kExamples = R"(Examples:
  pagescape-cli info my.db
  pagescape-cli info my.db --json | jq .txid

JSON: file_size, page_size, active_meta (0 or 1), high_water, txid, root, freelist, freelist_ids and
metas[{page, valid, error, page_size, root, sequence, freelist, high_water, txid, checksum}].
Null: active_meta, high_water, txid, root where no meta is valid; freelist where none is stored;
freelist_ids where none is stored or it cannot be read; the fields of a meta that the file ends before. checksum is a hex text, all other numbers are integers.)";

// bolt's own words for a meta that it does not accept.
std::string boltError(const MetaReport& meta) {
    if (!meta.present) {
        return "absent";
    }
    switch (meta.error->code) {
    case ErrorCode::NotADatabase: return "invalid database";
    case ErrorCode::VersionMismatch: return "version mismatch";
    case ErrorCode::ChecksumMismatch: return "checksum error";
    default: return std::string(errorName(meta.error->code));
    }
}

std::string_view sourceText(PageSizeSource source) {
    switch (source) {
    case PageSizeSource::Meta0: return "stated by meta 0";
    case PageSizeSource::Meta1: return "stated by meta 1";
    case PageSizeSource::Hint: return "as given on the command line";
    case PageSizeSource::Assumed: break;
    }
    return "assumed";
}

std::string_view lockText(LockState lock) {
    switch (lock) {
    case LockState::Shared: return "no program is writing";
    case LockState::HeldByOther: return "held by another program";
    case LockState::Unavailable:
    case LockState::NotAsked: break;
    }
    return "unknown (this file system has no locks)";
}

void writeFreelist(JsonWriter& json, const MetaFields& fields) {
    json.key("freelist");
    fields.hasFreelist() ? json.number(fields.freelist.value) : json.null();
}

void writeMeta(JsonWriter& json, const MetaReport& meta, std::size_t page) {
    json.beginObject().member("page", page).member("valid", meta.isValid()).key("error");
    meta.isValid() ? json.null() : json.text(boltError(meta));
    const MetaFields& fields = meta.fields;
    if (meta.present) {
        json.member("page_size", fields.pageSize)
            .member("root", fields.root.value)
            .member("sequence", fields.rootSequence);
        writeFreelist(json, fields);
        json.member("high_water", fields.highWater.value)
            .member("txid", fields.txid.value)
            .member("checksum", hexNumber(fields.checksum, 16));
    } else {
        for (const char* name :
             {"page_size", "root", "sequence", "freelist", "high_water", "txid", "checksum"}) {
            json.key(name).null();
        }
    }
    json.endObject();
}

// Ids in the stored freelist; nothing where none is stored or it cannot be read.
using FreelistIds = std::optional<std::uint64_t>;

void printJson(Output& out, const FileLayout& layout, const FreelistIds& freelistIds) {
    JsonWriter json(out, 2);
    json.beginObject()
        .member("file_size", layout.fileSize)
        .member("page_size", layout.pageSize)
        .key("active_meta");
    layout.metas.active ? json.number(*layout.metas.active) : json.null();
    if (const MetaFields* active = layout.metas.activeFields()) {
        json.member("high_water", active->highWater.value)
            .member("txid", active->txid.value)
            .member("root", active->root.value);
        writeFreelist(json, *active);
    } else {
        for (const char* name : {"high_water", "txid", "root", "freelist"}) {
            json.key(name).null();
        }
    }
    json.key("freelist_ids");
    freelistIds ? json.number(*freelistIds) : json.null();
    json.key("metas").beginArray();
    for (std::size_t page = 0; page < layout.metas.metas.size(); ++page) {
        writeMeta(json, layout.metas.metas[page], page);
    }
    json.endArray().endObject();
}

using Row = std::array<std::string, 2>;

void printRow(Output& out, std::string_view label, const Row& row) {
    out.left(label, 20).left(row[0], 28) << row[1] << '\n';
}

void printMetas(Output& out, const FileLayout& layout) {
    const auto& metas = layout.metas.metas;
    const auto each = [&](auto text) {
        Row row;
        for (std::size_t i = 0; i < row.size(); ++i) {
            row[i] = metas[i].present ? text(metas[i].fields) : std::string("-");
        }
        return row;
    };
    const auto title = [&](int page) {
        return "meta " + std::to_string(page) + (layout.metas.active == page ? " (current)" : "");
    };
    const auto verdict = [&](std::size_t i) {
        return metas[i].isValid() ? std::string("yes") : "no: " + boltError(metas[i]);
    };
    const auto number = [](std::uint64_t n) { return std::to_string(n); };
    using Fields = const MetaFields&;
    printRow(out, "", {title(0), title(1)});
    printRow(out, "valid", {verdict(0), verdict(1)});
    printRow(out, "transaction", each([&](Fields f) { return number(f.txid.value); }));
    printRow(out, "page size", each([&](Fields f) { return number(f.pageSize); }));
    printRow(out, "root page", each([&](Fields f) { return number(f.root.value); }));
    printRow(out, "root sequence", each([&](Fields f) { return number(f.rootSequence); }));
    printRow(out, "freelist page", each([&](Fields f) {
                 return f.hasFreelist() ? number(f.freelist.value) : std::string("not stored");
             }));
    printRow(out, "high-water mark", each([&](Fields f) { return number(f.highWater.value); }));
    printRow(out, "magic", each([&](Fields f) { return hexNumber(f.magic, 8); }));
    printRow(out, "version", each([&](Fields f) { return number(f.version); }));
    printRow(out, "checksum", each([&](Fields f) { return hexNumber(f.checksum, 16); }));
    printRow(out, "  as it should be",
             each([&](Fields f) { return hexNumber(f.checksumComputed, 16); }));
}

std::string freelistText(const FileLayout& layout, const FreelistIds& ids) {
    const MetaFields* active = layout.metas.activeFields();
    if (active == nullptr) {
        return "unknown, for no meta is valid";
    }
    return ids                     ? std::to_string(*ids)
           : active->hasFreelist() ? "unknown, for the freelist cannot be read"
                                   : "not stored";
}

void printTable(Output& out, const Session& session, const FreelistIds& freelistIds) {
    const FileLayout& layout = session.file().layout();
    out.left("file", 20) << session.name() << '\n';
    out.left("file size", 20) << layout.fileSize << " bytes\n";
    out.left("pages", 20) << layout.pageCount
                          << (layout.tailBytes != 0 ? " (the last one is not whole)" : "") << '\n';
    out.left("page size", 20) << layout.pageSize << " bytes, " << sourceText(layout.pageSizeSource)
                              << '\n';
    out.left("ids in the freelist", 20) << freelistText(layout, freelistIds) << '\n';
    out.left("file lock", 20) << lockText(layout.lock) << '\n' << '\n';
    printMetas(out, layout);
}

int runInfo(const CommonArguments& arguments, Output& out) {
    const auto session = Session::open(arguments);
    if (!session) {
        return kCannotOpen;
    }
    FreelistIds freelistIds;
    if (session->isDatabase()) {
        Census census(session->sharedFile());
        if (const auto read = census.readMetas(); !read) {
            session->complain(read.error());
        }
        if (census.freePagesKnown()) {
            freelistIds = census.freelistIds();
        }
    }
    if (arguments.json) {
        printJson(out, session->file().layout(), freelistIds);
    } else {
        printTable(out, *session, freelistIds);
    }
    return session->isDatabase() ? kFine : session->explainRefusal();
}

} // namespace

Command addInfo(CLI::App& program) {
    auto* command = program.add_subcommand("info", "What the meta pages say about the file");
    auto arguments = std::make_shared<CommonArguments>();
    arguments->addTo(*command, "FILE");
    command->footer(kExamples);
    return {command, [arguments](Output& out) { return runInfo(*arguments, out); }};
}

} // namespace pagescape::cli
