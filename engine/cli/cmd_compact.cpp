// SPDX-License-Identifier: MIT
// compact: a dense copy; shrink: free pages at the file's end given back, also after moving others.
#include "change_file.h"
#include "commands.h"
#include "interrupt.h"
#include "json_writer.h"
#include "pagescape/check.h"
#include "pagescape/compact.h"
#include "progress.h"
#include "steady.h"
#include "usage.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <stop_token>

namespace pagescape::cli {

namespace {

struct CompactArguments {
    std::string source;
    std::string target;
    std::uint64_t maxTransactionBytes = 65536;
    bool noSync = false;
    bool json = false;
};

// What both commands tell about the file; the object stays open.
JsonWriter& beginSizes(JsonWriter& json, std::uint64_t before, std::uint64_t after) {
    return json.beginObject().member("file_size_before", before).member("file_size_after", after);
}

// Shows progress, and turns Ctrl+C into a wish to stop.
class StoppableWork {
public:
    explicit StoppableWork(std::string what) : m_progress(std::move(what)) {}

    [[nodiscard]] std::function<void(std::uint64_t)> onProgress() {
        return [this](std::uint64_t done) {
            m_progress.update(done);
            if (InterruptGuard::isRequested()) {
                m_stop.request_stop();
            }
        };
    }
    [[nodiscard]] std::stop_token token() const { return m_stop.get_token(); }

private:
    Progress m_progress;
    std::stop_source m_stop;
};

// Copies into a store that is made durable once, at the end.
Result<std::uint64_t> compactInto(const std::string& part, const CompactArguments& arguments,
                                  const ReadTransaction& tx, std::optional<PageId>& unsorted) {
    StoreOptions options;
    options.mode = modeOf(arguments.source);
    options.pageSize = tx.meta().pageSize;
    options.noSync = true;
    auto target = Store::open(part, options);
    if (!target) {
        return fail(target.error());
    }
    StoppableWork work("entries copied");
    CompactOptions how;
    how.maxTransactionBytes = arguments.maxTransactionBytes;
    how.progress = work.onProgress();
    how.onUnsorted = [&unsorted](PageId leaf) { unsorted = unsorted.value_or(leaf); };
    auto done = compact(tx, *target, how, work.token());
    if (done && !arguments.noSync) {
        done = target->sync();
    }
    const std::uint64_t size = target->fileSize();
    if (done) {
        done = target->close();
    }
    return done ? Result<std::uint64_t>(size) : fail(done.error());
}

// A copy that has no name yet, and the sizes to tell.
struct Compacted {
    PartFile part;
    std::uint64_t before = 0;
    std::uint64_t after = 0;
    std::optional<PageId> unsorted; // first leaf whose keys are not in order
};

// One try. Returns the exit status; `made` is there when that is kFine.
int compactSession(const CompactArguments& arguments, const Session& session,
                   std::optional<Compacted>& made) {
    made.reset(); // what an earlier try left has the same name
    auto part = PartFile::start(arguments.target);
    if (!part) {
        return kUsage;
    }
    const auto source = session.database();
    if (!source) {
        return kCannotOpen;
    }
    const auto tx = source->beginRead();
    if (!tx) {
        return session.complain(tx.error());
    }
    std::optional<PageId> unsorted;
    const auto after = compactInto(part->path(), arguments, *tx, unsorted);
    if (!after) {
        return complainAboutCopy({arguments.source, arguments.target}, after.error());
    }
    made.emplace(Compacted{std::move(*part), source->file().layout().fileSize, *after, unsorted});
    return kFine;
}

// A copy that differs from a damaged source is kept, but not without a word.
int statusOf(const CompactArguments& arguments, const Compacted& made) {
    if (!made.unsorted) {
        return kFine;
    }
    complain(arguments.source + ": the keys of leaf page " + std::to_string(made.unsorted->value) +
             " are not in order; the copy has them in order, so its digest is another one\n"
             "  try: See all damage: pagescape-cli check FILE");
    return kFindings;
}

int finishCompact(const CompactArguments& arguments, Compacted& made, Output& out) {
    if (const auto named = made.part.finish(); !named) {
        return complainAbout(arguments.target, named.error());
    }
    const int status = statusOf(arguments, made);
    const double factor = double(made.before) / double(made.after);
    if (arguments.json) {
        JsonWriter json(out);
        beginSizes(json, made.before, made.after).key("gain").fraction(factor).endObject();
        return status;
    }
    char gain[32];
    std::snprintf(gain, sizeof gain, "%.2f", factor);
    out << made.before << " -> " << made.after << " bytes (gain=" << std::string_view(gain)
        << "x)\n";
    return status;
}

int runCompact(const CompactArguments& arguments, Output& out) {
    const InterruptGuard guard;
    CommonArguments looking;
    looking.file = arguments.source;
    std::optional<Compacted> made;
    Reading reading;
    reading.read = [&](const Session& session) { return compactSession(arguments, session, made); };
    reading.finish = [&](int status) {
        return status == kFine ? finishCompact(arguments, *made, out) : status;
    };
    return readSteadily(looking, out, reading);
}

struct ShrinkArguments {
    ChangeTarget target;
    bool fillsHoles = false;
    bool json = false;
};

// Writing cannot make these worse: pages in no list stay so, and an invalid meta is written over.
bool isHarmless(const Finding& finding) {
    return severityOf(finding.code) == Severity::Note || finding.code == FindingCode::Leak ||
           finding.code == FindingCode::MetaInvalid;
}

// Whether the check finds nothing that moving or cutting pages could make worse; it looks at the
// file below an open store.
bool isSound(const std::string& path) {
    const auto file = PageFile::open(path);
    bool hasDamage = !file;
    const auto summary = !file ? Result<CheckSummary>(fail(file.error()))
                               : check(*file, {}, [&](const Finding& finding) {
                                     hasDamage = hasDamage || !isHarmless(finding);
                                 });
    return summary && !hasDamage;
}

int runShrink(const ShrinkArguments& arguments, Output& out) {
    const std::string& file = arguments.target.file;
    auto store = arguments.target.open();
    if (!store) {
        return complainAbout(file, store.error());
    }
    if (!isSound(file)) {
        complain(file +
                 ": the check finds damage; to move or cut pages could destroy what is "
                 "readable. See: pagescape-cli check " +
                 file);
        return kFindings;
    }
    const std::uint64_t before = store->fileSize();
    const InterruptGuard guard;
    StoppableWork work("pages left to move");
    const auto given = arguments.fillsHoles ? store->compactInPlace(work.onProgress(), work.token())
                                            : store->shrink();
    if (!given) {
        return complainAbout(file, given.error());
    }
    if (arguments.json) {
        JsonWriter json(out);
        beginSizes(json, before, store->fileSize()).endObject();
        return kFine;
    }
    out << before << " -> " << store->fileSize() << " bytes\n";
    return kFine;
}

} // namespace

Command addCompact(CLI::App& program) {
    auto* command =
        program.add_subcommand("compact", "Write a dense copy, in key order with full pages");
    auto arguments = std::make_shared<CompactArguments>();
    addPath(*command, "FILE", arguments->source, "The database; it is not written to")->required();
    addPath(*command, "-o,--output", arguments->target, "The copy; must not exist, or be empty")
        ->required();
    command
        ->add_option("--tx-max-size", arguments->maxTransactionBytes,
                     "Bytes of keys and values in one commit; 0: all in one")
        ->capture_default_str()
        ->check(wholeNumber());
    command->add_flag("--no-sync", arguments->noSync, "Do not wait for the disk at the end");
    command->add_flag("--json", arguments->json, "Print the sizes as JSON");
    command->footer(
        "JSON: {file_size_before, file_size_after, gain}; gain is before / after.\nWhere "
        "keys of FILE are not in order, the copy has them in order: that is said on "
        "stderr, and the exit status is 1.");
    return {command, [arguments](Output& out) { return runCompact(*arguments, out); }};
}

Command addShrink(CLI::App& program) {
    auto* command =
        program.add_subcommand("shrink", "Give free pages at the end of the file back to the file "
                                         "system; the file is checked first");
    auto arguments = std::make_shared<ShrinkArguments>();
    arguments->target.addTo(*command);
    command->add_flag("--compact", arguments->fillsHoles,
                      "First move pages from the end into free pages before them, commit by "
                      "commit; stopped at any time, the file is sound");
    command->add_flag("--json", arguments->json, "Print the sizes as JSON");
    command->footer("JSON: {file_size_before, file_size_after}.");
    return {command, [arguments](Output& out) { return runShrink(*arguments, out); }};
}

} // namespace pagescape::cli
