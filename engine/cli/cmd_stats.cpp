// SPDX-License-Identifier: MIT
// stats, digest: the whole database in a few numbers.
#include "commands.h"
#include "json_writer.h"
#include "names.h"
#include "pagescape/walk.h"
#include "session.h"
#include "stats_by_depth.h"
#include "steady.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace pagescape::cli {

namespace {

constexpr auto kStatsExamples = R"(Examples:
  pagescape-cli stats my.db
  pagescape-cli stats my.db PREFIX        (top-level buckets whose name starts so)

  pagescape-cli stats my.db --by-depth

The numbers are those of `bbolt stats`. JSON uses the field names of bbolt's BucketStats.

With --by-depth, for each bucket that has pages of its own, the pages of its tree by depth: how full
they are, the bytes wasted, and what a Get reads on average over the keys, through all buckets around.
Damaged parts are left out and named on stderr; the exit status is 1 then.
JSON: {trees[{bucket[names], root, buckets, inline_buckets, inline_keys, inline_used, depths[...],
get{...}}], depths[{depth, branch_pages, leaf_pages, overflow_pages, elements, allocated, used, unknown,
wasted, fill_min, fill_median, fill_max, fill_histogram}], get{keys, pages, bytes, entry_bytes,
amplification}, parts_skipped}; a fill is a fraction, the histogram counts pages by tenths.)";

constexpr auto kDigestExamples = R"(Examples:
  pagescape-cli digest my.db
  pagescape-cli digest my.db --json | jq -r .digest

SHA-256 over one line an entry, each ended by LF, in stored order: "P/KEY=VALUE" for a pair and
"P/KEY/{SEQUENCE}" for a bucket, whose entries follow with P/KEY in place of P. P is empty for the
top level, KEY and VALUE are lower-case hex. Two files with the same digest hold the same data.
JSON: {digest, pairs, buckets}. Where damage hides a part of the data the digest is "", pairs and
buckets count what is readable, what was left out is said on stderr, and the exit status is 1.)";

struct StatsArguments : CommonArguments {
    std::string prefix;
    bool byDepth = false;
};

std::string percent(std::uint64_t part, std::uint64_t whole) {
    const double share =
        whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
    return " (" + std::to_string(static_cast<std::uint64_t>(share)) + "%)";
}

// The wording of bbolt's own command.
void printStats(Output& out, const BucketStats& s) {
    out << "Aggregate statistics for " << s.buckets << " buckets\n\n"
        << "Page count statistics\n"
        << "\tNumber of logical branch pages: " << s.branchPages << '\n'
        << "\tNumber of physical branch overflow pages: " << s.branchOverflow << '\n'
        << "\tNumber of logical leaf pages: " << s.leafPages << '\n'
        << "\tNumber of physical leaf overflow pages: " << s.leafOverflow << '\n'
        << "Tree statistics\n"
        << "\tNumber of keys/value pairs: " << s.keys << '\n'
        << "\tNumber of levels in B+tree: " << s.depth << '\n'
        << "Page size utilization\n"
        << "\tBytes allocated for physical branch pages: " << s.branchAlloc << '\n'
        << "\tBytes actually used for branch data: " << s.branchInuse
        << percent(s.branchInuse, s.branchAlloc) << '\n'
        << "\tBytes allocated for physical leaf pages: " << s.leafAlloc << '\n'
        << "\tBytes actually used for leaf data: " << s.leafInuse
        << percent(s.leafInuse, s.leafAlloc) << '\n'
        << "Bucket statistics\n"
        << "\tTotal number of buckets: " << s.buckets << '\n'
        << "\tTotal number on inlined buckets: " << s.inlineBuckets
        << percent(s.inlineBuckets, s.buckets) << '\n'
        << "\tBytes used for inlined buckets: " << s.inlineInuse
        << percent(s.inlineInuse, s.leafInuse) << '\n';
}

void writeStats(Output& out, const BucketStats& s) {
    JsonWriter json(out);
    json.beginObject()
        .member("BranchPageN", s.branchPages)
        .member("BranchOverflowN", s.branchOverflow)
        .member("LeafPageN", s.leafPages)
        .member("LeafOverflowN", s.leafOverflow)
        .member("KeyN", s.keys)
        .member("Depth", s.depth)
        .member("BranchAlloc", s.branchAlloc)
        .member("BranchInuse", s.branchInuse)
        .member("LeafAlloc", s.leafAlloc)
        .member("LeafInuse", s.leafInuse)
        .member("BucketN", s.buckets)
        .member("InlineBucketN", s.inlineBuckets)
        .member("InlineBucketInuse", s.inlineInuse)
        .endObject();
}

int printStats(const StatsArguments& arguments, const Session& session, Output& out) {
    const auto database = session.database();
    if (!database) {
        return kCannotOpen;
    }
    const auto tx = database->beginRead();
    if (!tx) {
        return session.complain(tx.error());
    }
    const std::string prefix = unguarded(arguments.prefix);
    const auto stats = aggregateStats(*tx, asBytes(prefix));
    if (!stats) {
        return session.complain(stats.error());
    }
    const bool isAbsent = !prefix.empty() && stats->buckets == 0;
    if (arguments.json) {
        writeStats(out, *stats);
    } else if (!isAbsent) {
        printStats(out, *stats);
    }
    if (isAbsent) {
        Error error;
        error.code = ErrorCode::BucketNotFound;
        error.text = "No top-level bucket has a name that begins with \"" + prefix + "\"";
        error.hint = "List the names: pagescape-cli buckets FILE";
        return session.complain(error);
    }
    return kFine;
}

int runStats(const StatsArguments& arguments, Output& out) {
    Reading reading;
    reading.read = [&](const Session& session) {
        return arguments.byDepth ? printStatsByDepth(arguments, session, out)
                                 : printStats(arguments, session, out);
    };
    return readSteadily(arguments, out, reading);
}

void writeDigest(Output& out, const std::string& sha256, const ContentDigest& digest) {
    JsonWriter(out)
        .beginObject()
        .member("digest", sha256)
        .member("pairs", digest.pairs)
        .member("buckets", digest.buckets)
        .endObject();
}

int printDigest(const CommonArguments& arguments, const Session& session, Output& out) {
    if (!session.isDatabase()) {
        return session.explainRefusal();
    }
    const auto digest = contentDigest(session.file());
    if (!digest) {
        return session.complain(digest.error());
    }
    const bool isWhole = digest->skipped.empty();
    const std::string sha256 = isWhole ? digest->sha256 : std::string();
    if (arguments.json) {
        writeDigest(out, sha256, *digest);
    } else {
        out << "digest   " << (isWhole ? sha256 : "none: a part of the data is not readable")
            << '\n'
            << "pairs    " << digest->pairs << '\n'
            << "buckets  " << digest->buckets << '\n';
    }
    for (const Error& skipped : digest->skipped) {
        session.complain(skipped);
    }
    return isWhole ? kFine : kFindings;
}

int runDigest(const CommonArguments& arguments, Output& out) {
    Reading reading;
    reading.read = [&](const Session& session) { return printDigest(arguments, session, out); };
    return readSteadily(arguments, out, reading);
}

} // namespace

Command addStats(CLI::App& program) {
    auto* command =
        program.add_subcommand("stats", "Pages, fill and depth of all buckets together");
    auto arguments = std::make_shared<StatsArguments>();
    arguments->addTo(*command, "FILE [PREFIX]");
    auto* prefix =
        command
            ->add_option("PREFIX", arguments->prefix, "Only top-level buckets whose name starts so")
            ->type_name("");
    command
        ->add_flag("--by-depth", arguments->byDepth,
                   "The shape of every bucket's tree, depth by depth")
        ->excludes(prefix);
    command->footer(kStatsExamples);
    return {command, [arguments](Output& out) { return runStats(*arguments, out); }};
}

Command addDigest(CLI::App& program) {
    auto* command =
        program.add_subcommand("digest", "SHA-256 of the content, however it is stored");
    auto arguments = std::make_shared<CommonArguments>();
    arguments->addTo(*command, "FILE");
    command->footer(kDigestExamples);
    return {command, [arguments](Output& out) { return runDigest(*arguments, out); }};
}

} // namespace pagescape::cli
