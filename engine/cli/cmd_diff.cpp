// SPDX-License-Identifier: MIT
// diff: what one version of the data has and another has not.
#include "commands.h"
#include "json_writer.h"
#include "names.h"
#include "pagescape/diff.h"
#include "steady.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <optional>

namespace pagescape::cli {

namespace {

constexpr auto kExamples = R"(Examples:
  pagescape-cli diff old.db new.db
  pagescape-cli diff my.db --previous       (what the last commit changed)
  pagescape-cli diff old.db new.db --json | jq '.keys'

Lines: "+ BUCKET/KEY" is in the second version only, "- BUCKET/KEY" in the first only, "~ BUCKET/KEY"
has another value; a bucket ends in "/", and has another sequence where it says "~". How the data is
stored is no difference. Pages are those of the trees: between two files "changed" are pages of one
number and other bytes; within one file both versions share pages, which are not even read.
Exit status: 0 no difference, 1 differences, or damage that hides some.

JSON: {entries[{kind, bucket[names], key, key_hex, is_bucket, before_size, after_size,
sequence_before, sequence_after}], equal, keys{added, removed, changed}, buckets{added, removed,
sequence_changed}, root_sequence_changed, pages{only_before, only_after, changed, same}, pages_read,
subtrees_shared, parts_skipped}. kind is "added", "removed" or "changed"; pages are [first, count].)";

struct DiffArguments : CommonArguments {
    std::string other;
    bool previous = false;
    ValueFormat format = ValueFormat::Auto;
};

std::string_view kindName(DiffKind kind) {
    switch (kind) {
    case DiffKind::Added: return "added";
    case DiffKind::Removed: return "removed";
    case DiffKind::Changed: break;
    }
    return "changed";
}

void printItem(Output& out, KeyPrinter& printer, const DiffItem& item) {
    out << (item.kind == DiffKind::Added ? "+ " : item.kind == DiffKind::Removed ? "- " : "~ ");
    for (const Bytes name : *item.path) {
        out << readableName(name) << '/';
    }
    out << printer.marked(item.key);
    if (item.isBucket) {
        out << '/';
        if (item.kind == DiffKind::Changed) {
            out << "  sequence " << item.sequenceBefore << ", then " << item.sequenceAfter;
        }
    }
    out << '\n';
}

// A number, or null where that side has none.
void writeNumber(JsonWriter& json, std::string_view name, bool isThere, std::uint64_t number) {
    json.key(name);
    isThere ? json.number(number) : json.null();
}

void writeItem(JsonWriter& json, KeyPrinter& printer, const DiffItem& item) {
    const bool isBefore = item.kind != DiffKind::Added;
    const bool isAfter = item.kind != DiffKind::Removed;
    json.beginObject().member("kind", kindName(item.kind)).key("bucket").beginArray();
    for (const Bytes name : *item.path) {
        json.text(readableName(name));
    }
    json.endArray()
        .member("key", printer.text(item.key))
        .member("key_hex", toHex(item.key))
        .member("is_bucket", item.isBucket);
    writeNumber(json, "before_size", isBefore && !item.isBucket, item.before.size());
    writeNumber(json, "after_size", isAfter && !item.isBucket, item.after.size());
    writeNumber(json, "sequence_before", isBefore && item.isBucket, item.sequenceBefore);
    writeNumber(json, "sequence_after", isAfter && item.isBucket, item.sequenceAfter);
    json.endObject();
}

void writePages(JsonWriter& json, std::string_view name, const std::vector<PageIdSpan>& spans) {
    json.key(name).beginArray();
    for (const PageIdSpan& span : spans) {
        json.beginArray().number(span.first.value).number(span.count).endArray();
    }
    json.endArray();
}

void writeSummary(JsonWriter& json, const DiffSummary& s) {
    json.member("equal", s.isEqual())
        .key("keys")
        .beginObject()
        .member("added", s.keysAdded)
        .member("removed", s.keysRemoved)
        .member("changed", s.keysChanged)
        .endObject()
        .key("buckets")
        .beginObject()
        .member("added", s.bucketsAdded)
        .member("removed", s.bucketsRemoved)
        .member("sequence_changed", s.sequencesChanged)
        .endObject()
        .member("root_sequence_changed", s.isRootSequenceChanged)
        .key("pages")
        .beginObject();
    writePages(json, "only_before", s.pages.onlyBefore);
    writePages(json, "only_after", s.pages.onlyAfter);
    writePages(json, "changed", s.pages.changed);
    writePages(json, "same", s.pages.same);
    json.endObject()
        .member("pages_read", s.pagesRead)
        .member("subtrees_shared", s.subtreesShared)
        .member("parts_skipped", s.partsSkipped);
}

void printSummary(Output& out, const DiffSummary& s, bool isOneFile) {
    if (s.isRootSequenceChanged) {
        out << "~ /  the root bucket has another sequence\n";
    }
    out << "keys     " << s.keysAdded << " added, " << s.keysRemoved << " removed, "
        << s.keysChanged << " changed\n"
        << "buckets  " << s.bucketsAdded << " added, " << s.bucketsRemoved << " removed, "
        << s.sequencesChanged << " with another sequence\n"
        << "pages    " << pagesIn(s.pages.onlyBefore) << " only before, "
        << pagesIn(s.pages.onlyAfter) << " only after";
    if (isOneFile) {
        out << "; " << s.pagesRead << " read, all others are shared\n";
    } else {
        out << ", " << pagesIn(s.pages.changed) << " changed, " << pagesIn(s.pages.same)
            << " the same\n";
    }
    if (s.partsSkipped > 0) {
        out << "skipped  " << s.partsSkipped << (s.partsSkipped == 1 ? " part" : " parts")
            << " with damage; what differs there is not known\n";
    }
}

// The two versions, and the sessions that keep their files open.
struct Sides {
    std::optional<Session> first;
    std::optional<Session> second; // none where both are versions of the first file
    DiffSide before;
    DiffSide after;
};

// Opens them; the exit status where that fails, with everything said.
std::optional<int> open(const DiffArguments& arguments, Sides& sides) {
    sides.first = Session::openDatabase(arguments);
    if (!sides.first) {
        return kCannotOpen;
    }
    if (arguments.previous) {
        const auto both = bothSides(sides.first->file());
        if (!both) {
            return sides.first->complain(both.error());
        }
        sides.before = both->first;
        sides.after = both->second;
        return std::nullopt;
    }
    CommonArguments other = arguments;
    other.file = unguarded(arguments.other);
    sides.second = Session::openDatabase(other);
    if (!sides.second) {
        return kCannotOpen;
    }
    const auto before = currentSide(sides.first->file());
    const auto after = currentSide(sides.second->file());
    if (!before || !after) { // openDatabase() has asked this
        return kCannotOpen;
    }
    sides.before = *before;
    sides.after = *after;
    return std::nullopt;
}

int runDiff(const DiffArguments& arguments, Output& out) {
    if (arguments.previous == !arguments.other.empty()) {
        complain("diff compares two versions: name a second file, or ask for --previous\n"
                 "  try: pagescape-cli diff --help");
        return kUsage;
    }
    Sides sides;
    if (const auto status = open(arguments, sides)) {
        return *status;
    }
    HeldMessages messages;
    out.hold();
    KeyPrinter printer(arguments.format);
    JsonWriter json(out, 2);
    if (arguments.json) {
        json.beginObject().key("entries").beginArray();
    }
    const auto sessionOf = [&](DiffOrigin origin) -> const Session& {
        return origin == DiffOrigin::After && sides.second ? *sides.second : *sides.first;
    };
    const auto summary = diffVersions(
        sides.before, sides.after,
        [&](const DiffItem& item) {
            arguments.json ? writeItem(json, printer, item) : printItem(out, printer, item);
            return out.isOpen();
        },
        [&](DiffOrigin origin, const Error& skipped) { sessionOf(origin).complain(skipped); });
    if (arguments.json) {
        json.endArray();
        if (summary) {
            writeSummary(json, *summary);
        }
        json.endObject();
    }
    if (saysChange(*sides.first, out, messages) ||
        (sides.second && saysChange(*sides.second, out, messages))) {
        return kCannotOpen;
    }
    if (!summary) {
        return sides.first->complain(summary.error());
    }
    if (!arguments.json) {
        printSummary(out, *summary, arguments.previous);
    }
    if (const std::string misfits = printer.complaint(); !misfits.empty()) {
        sides.first->note(misfits);
    }
    return summary->isEqual() && summary->partsSkipped == 0 ? kFine : kFindings;
}

} // namespace

Command addDiff(CLI::App& program) {
    auto* command = program.add_subcommand("diff", "What differs between two versions");
    auto arguments = std::make_shared<DiffArguments>();
    arguments->addTo(*command, "FILE OTHER | FILE --previous");
    auto* other =
        command->add_option("OTHER", arguments->other, "The file that came later")->type_name("");
    command
        ->add_flag("--previous", arguments->previous,
                   "Compare the version before the newest with the newest")
        ->excludes(other);
    addFormatOption(*command, arguments->format, "How keys are printed");
    command->footer(kExamples);
    return {command, [arguments](Output& out) { return runDiff(*arguments, out); }};
}

} // namespace pagescape::cli
