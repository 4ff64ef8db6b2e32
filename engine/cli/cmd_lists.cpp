// SPDX-License-Identifier: MIT
// buckets, keys: what is in one bucket.
#include "commands.h"
#include "entries.h"
#include "json_writer.h"
#include "names.h"
#include "steady.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace pagescape::cli {

namespace {

constexpr auto kBucketsExamples = R"(Examples:
  pagescape-cli buckets my.db
  pagescape-cli buckets my.db OUTER INNER

A name that is no text is shown as 0x and hex digits, which --bucket-format auto takes back.
JSON: array of {name, name_hex, root, inline, sequence}; root is 0 for an inline bucket.)";

constexpr auto kKeysExamples = R"(Examples:
  pagescape-cli keys my.db BUCKET
  pagescape-cli keys db key --format etcd-revision
  pagescape-cli keys my.db 6f75746572 --bucket-format hex --format escaped

A key that is no text is shown as 0x and hex digits, which --parse-format auto of get and put takes
back. JSON: array of {key, key_hex, is_bucket, value_size}; value_size is null for a bucket.)";

struct ListArguments : CommonArguments {
    std::vector<std::string> path;
    ValueFormat format = ValueFormat::Auto;
    ValueFormat bucketFormat = ValueFormat::Text;
    bool isLong = false;
};

// Prints one entry; without JSON, as a line.
using PrintEntry = void (*)(Output&, JsonWriter&, const ListArguments&, KeyPrinter&,
                            const WalkItem&);

void printBucket(Output& out, JsonWriter& json, const ListArguments& arguments, KeyPrinter& printer,
                 const WalkItem& item) {
    if (!item.isBucket) {
        return;
    }
    if (!arguments.json) {
        out << printer.marked(item.key) << '\n';
        return;
    }
    json.beginObject()
        .member("name", printer.text(item.key))
        .member("name_hex", toHex(item.key))
        .member("root", item.root.value)
        .member("inline", item.isInline)
        .member("sequence", item.sequence)
        .endObject();
}

void printKey(Output& out, JsonWriter& json, const ListArguments& arguments, KeyPrinter& printer,
              const WalkItem& item) {
    if (!arguments.json) {
        if (arguments.isLong) {
            out.right(item.isBucket ? "bucket" : std::to_string(item.value.size()), 10) << "  ";
        }
        out << printer.marked(item.key) << '\n';
        return;
    }
    json.beginObject()
        .member("key", printer.text(item.key))
        .member("key_hex", toHex(item.key))
        .member("is_bucket", item.isBucket)
        .key("value_size");
    item.isBucket ? json.null() : json.number(item.value.size());
    json.endObject();
}

int runList(const ListArguments& arguments, Output& out, PrintEntry print) {
    const auto path = parseNames(arguments.path, arguments.bucketFormat);
    if (!path) {
        complain("a bucket name cannot be read: " + path.error().describe());
        return kUsage;
    }
    Reading reading;
    reading.showsMixed = true;
    reading.read = [&](const Session& session) {
        KeyPrinter printer(arguments.format);
        JsonWriter json(out);
        if (arguments.json) {
            json.beginArray();
        }
        const int status = visitEntries(session, *path, [&](const WalkItem& item) {
            print(out, json, arguments, printer, item);
            return out.isOpen();
        });
        if (arguments.json) {
            json.endArray();
        }
        if (const std::string misfits = printer.complaint(); !misfits.empty()) {
            session.note(misfits);
            return status == kFine ? kFindings : status;
        }
        return status;
    };
    return readSteadily(arguments, out, reading);
}

void addNameOptions(CLI::App& command, ListArguments& arguments) {
    addFormatOption(command, arguments.format, "How names and keys are printed");
    addParseOption(command, arguments.bucketFormat, "How BUCKET names are typed",
                   "--bucket-format");
}

} // namespace

Command addBuckets(CLI::App& program) {
    auto* command = program.add_subcommand("buckets", "The buckets of the file or of one bucket");
    auto arguments = std::make_shared<ListArguments>();
    arguments->addTo(*command, "FILE [BUCKET [SUB...]]");
    command->add_option("BUCKET", arguments->path, "List the buckets inside this one")
        ->type_name("");
    addNameOptions(*command, *arguments);
    command->footer(kBucketsExamples);
    return {command, [arguments](Output& out) { return runList(*arguments, out, printBucket); }};
}

Command addKeys(CLI::App& program) {
    auto* command = program.add_subcommand("keys", "The keys of a bucket, in order");
    auto arguments = std::make_shared<ListArguments>();
    arguments->addTo(*command, "FILE BUCKET [SUB...]");
    command->add_option("BUCKET", arguments->path, "The bucket, from the outermost name inwards")
        ->required()
        ->type_name("");
    addNameOptions(*command, *arguments);
    command->add_flag("--long,-l", arguments->isLong,
                      "Put the bytes of the value, or \"bucket\", in front of each key");
    command->footer(kKeysExamples);
    return {command, [arguments](Output& out) { return runList(*arguments, out, printKey); }};
}

} // namespace pagescape::cli
