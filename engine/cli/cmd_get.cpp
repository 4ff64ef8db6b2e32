// SPDX-License-Identifier: MIT
// get: one value, and on demand every step of the engine on the way to it.
#include "commands.h"
#include "json_writer.h"
#include "names.h"
#include "steady.h"
#include "trace_print.h"

#include <CLI/CLI.hpp>

#include <limits>
#include <memory>

namespace pagescape::cli {

namespace {

constexpr auto kExamples = R"(Examples:
  pagescape-cli get my.db BUCKET KEY
  pagescape-cli get my.db OUTER INNER KEY --trace
  pagescape-cli get db key 00000000000000025f0000000000000000 --parse-format hex --format protobuf
  pagescape-cli get my.db BUCKET KEY --format raw > value.bin    (no line end is added)

JSON: {found, value_hex}; value_hex is null where there is no value, "" for an empty one.
With --trace also pages (ids of the tree pages read, in order; an inline bucket adds none, as its page
lies inside one that was read already) and events[{event, ...}].)";

struct GetArguments : CommonArguments {
    std::vector<std::string> names; // buckets, then the key
    ValueFormat format = ValueFormat::Auto;
    ValueFormat parseFormat = ValueFormat::Text;
    ValueFormat bucketFormat = ValueFormat::Text;
    bool trace = false;
};

struct Target {
    std::vector<std::string> path;
    std::string key;
};

// Nothing, with a complaint, where a name or the key makes no sense.
std::optional<Target> parseTarget(const GetArguments& arguments) {
    const std::span<const std::string> names(arguments.names);
    auto path = parseNames(names.first(names.size() - 1), arguments.bucketFormat);
    if (!path) {
        complain("a bucket name cannot be read: " + path.error().describe());
        return std::nullopt;
    }
    auto key = parseNames(names.last(1), arguments.parseFormat);
    if (!key) {
        complain("the key cannot be read: " + key.error().describe());
        return std::nullopt;
    }
    return Target{std::move(*path), std::move(key->front())};
}

void printJson(Output& out, const PageFile& file, std::optional<Bytes> value, bool trace,
               const std::vector<TraceEvent>& events) {
    JsonWriter json(out, 2);
    json.beginObject().member("found", value.has_value()).key("value_hex");
    value ? json.text(toHex(*value)) : json.null();
    if (trace) {
        json.key("pages").beginLine();
        for (const PageId page : pagesRead(events)) {
            json.number(page.value);
        }
        json.endArray().key("events").beginArray();
        for (const TraceEvent& event : events) {
            writeEvent(json, file, event);
        }
        json.endArray();
    }
    json.endObject();
}

// Prints the value as text. That it does not fit the chosen format is a finding.
int printValue(Output& out, const Session& session, Bytes value, ValueFormat format) {
    const auto formatted = formatValue(value, format, std::numeric_limits<std::size_t>::max());
    if (!formatted) {
        session.note("the value does not fit the format " + std::string(valueFormatName(format)) +
                     ": " + formatted.error().describe() + ". Try --format hex");
        return kFindings;
    }
    out << formatted->text;
    if (format != ValueFormat::Raw) {
        out << '\n';
    }
    return kFine;
}

int explainAbsence(const Session& session, const Target& target,
                   const std::vector<TraceEvent>& events) {
    // The last event is about the key itself; earlier hits are the buckets on the way.
    const auto* hit = events.empty() ? nullptr : std::get_if<LeafHitEvent>(&events.back());
    const bool isBucket = hit != nullptr && hit->isBucket;
    Error error;
    error.code = isBucket ? ErrorCode::IncompatibleValue : ErrorCode::BucketNotFound;
    error.text = "\"" + shortText(asBytes(target.key)) + "\" in bucket \"" +
                 readablePath(target.path) +
                 (isBucket ? "\" is a bucket and has no value" : "\" is not there");
    error.hint = isBucket ? "List what is in it: pagescape-cli keys FILE BUCKET..."
                          : "List the keys: pagescape-cli keys FILE BUCKET...; keys "
                            "shown with 0x can be typed with --parse-format auto.";
    return session.complain(error);
}

int printFound(const GetArguments& arguments, const Target& target, const Session& session,
               Output& out) {
    TraceRecorder recorder;
    const auto database = session.database(&recorder);
    if (!database) {
        return kCannotOpen;
    }
    const auto tx = database->beginRead();
    if (!tx) {
        return session.complain(tx.error());
    }
    const auto value = tx->get(views(target.path), asBytes(target.key));
    const std::optional<Bytes> found = value ? *value : std::nullopt;
    if (arguments.trace && !arguments.json) {
        for (const TraceEvent& event : recorder.events()) {
            printEvent(out, session.file(), event);
        }
        if (found) {
            out << '\n';
        }
    }
    if (arguments.json) {
        printJson(out, session.file(), found, arguments.trace, recorder.events());
    }
    if (!value) {
        Error error = value.error();
        if (error.code == ErrorCode::CorruptPage || error.code == ErrorCode::LimitReached) {
            error.hint = "The key may still be readable past the damage: pagescape-cli keys FILE "
                         "BUCKET..., or export FILE for keys and values.";
        }
        return session.complain(error);
    }
    if (!found) {
        return explainAbsence(session, target, recorder.events());
    }
    return arguments.json ? kFine : printValue(out, session, *found, arguments.format);
}

int runGet(const GetArguments& arguments, Output& out) {
    const auto target = parseTarget(arguments);
    if (!target) {
        return kUsage;
    }
    if (target->key.empty()) {
        complain("a key must not be empty");
        return kUsage;
    }
    Reading reading;
    reading.read = [&](const Session& session) {
        return printFound(arguments, *target, session, out);
    };
    return readSteadily(arguments, out, reading);
}

} // namespace

Command addGet(CLI::App& program) {
    auto* command = program.add_subcommand("get", "The value of a key");
    auto arguments = std::make_shared<GetArguments>();
    arguments->addTo(*command, "FILE BUCKET [SUB...] KEY");
    command
        ->add_option("NAMES", arguments->names,
                     "BUCKET [SUB...] KEY, from the outermost name inwards")
        ->type_name("REQUIRED")
        ->expected(1, 1 << 20);
    addFormatOption(*command, arguments->format, "How the value is printed");
    addParseOption(*command, arguments->parseFormat, "How KEY is typed");
    addParseOption(*command, arguments->bucketFormat, "How BUCKET names are typed",
                   "--bucket-format");
    command->add_flag("--trace", arguments->trace, "Print every event of the engine on the way");
    command->footer(kExamples);
    return {command, [arguments](Output& out) {
                if (arguments->names.size() < 2) {
                    complain(arguments->names.empty()
                                 ? "which value? Give BUCKET and KEY"
                                 : "which key? KEY stands behind the names of the buckets: "
                                   "pagescape-cli get FILE BUCKET [SUB...] KEY");
                    return kUsage;
                }
                return runGet(*arguments, out);
            }};
}

} // namespace pagescape::cli
