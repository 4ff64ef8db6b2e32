// SPDX-License-Identifier: MIT
#include "stats_by_depth.h"

#include "json_writer.h"
#include "names.h"
#include "pagescape/tree_statistics.h"
#include "session.h"

#include <cmath>

namespace pagescape::cli {

namespace {

// With one decimal: the fractions of JSON have three.
std::string decimal(double number) {
    const auto tenths = static_cast<std::uint64_t>(std::llround(number * 10));
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string percent(std::uint32_t thousandths) {
    return std::to_string(thousandths / 10) + "." + std::to_string(thousandths % 10) + "%";
}

std::string_view kindOf(const DepthStatistics& depth) {
    return depth.branchPages == 0 ? "leaf" : depth.leafPages == 0 ? "branch" : "both";
}

void printHeading(Output& out) {
    out << "DEPTH  KIND     PAGES  OVRFLW   ELEMENTS       WASTED   FILL MIN  MEDIAN     MAX  "
           "PAGES BY TENTHS OF FILL\n"
        << "=====  ======  ======  ======  =========  ===========  =========  ======  ======  "
           "=======================\n";
}

void printDepth(Output& out, const DepthStatistics& depth) {
    out.right(std::to_string(depth.depth), 5)
        .left("", 2)
        .left(kindOf(depth), 6)
        .right(std::to_string(depth.branchPages + depth.leafPages), 8)
        .right(std::to_string(depth.overflowPages), 8)
        .right(std::to_string(depth.elements), 11)
        .right(std::to_string(depth.wasted()), 13)
        .right(percent(depth.fill.minimum), 11)
        .right(percent(depth.fill.median), 8)
        .right(percent(depth.fill.maximum), 8);
    out << ' ';
    for (const std::uint64_t pages : depth.fill.histogram) {
        out << ' ' << pages;
    }
    out << '\n';
}

void printGet(Output& out, const GetCost& get) {
    if (get.keys == 0) {
        out << "  no keys\n";
        return;
    }
    out << "  a Get reads " << decimal(get.pagesPerGet()) << " pages, "
        << decimal(get.bytesPerGet()) << " bytes, for " << decimal(get.bytesPerEntry())
        << " of key and value: " << decimal(get.amplification()) << " times as many\n";
}

void printTree(Output& out, const TreeStatistics& statistics, std::size_t index) {
    const BucketTree& tree = statistics.trees[index];
    out << (tree.parent ? readablePath(statistics.path(index)) : "(root bucket)") << '\n';
    for (const DepthStatistics& depth : tree.depths) {
        printDepth(out, depth);
    }
    printGet(out, tree.get);
    if (tree.inlineBuckets > 0) {
        out << "  inline buckets in its leaves: " << tree.inlineBuckets << ", with "
            << tree.inlineKeys << (tree.inlineKeys == 1 ? " key in " : " keys in ")
            << tree.inlineUsed << " bytes\n";
    }
}

void writeDepths(JsonWriter& json, const std::vector<DepthStatistics>& depths) {
    json.key("depths").beginArray();
    for (const DepthStatistics& depth : depths) {
        json.beginObject()
            .member("depth", depth.depth)
            .member("branch_pages", depth.branchPages)
            .member("leaf_pages", depth.leafPages)
            .member("overflow_pages", depth.overflowPages)
            .member("elements", depth.elements)
            .member("allocated", depth.allocated)
            .member("used", depth.used)
            .member("unknown", depth.unknown)
            .member("wasted", depth.wasted())
            .key("fill_min")
            .fraction(depth.fill.minimum / 1000.0)
            .key("fill_median")
            .fraction(depth.fill.median / 1000.0)
            .key("fill_max")
            .fraction(depth.fill.maximum / 1000.0)
            .key("fill_histogram")
            .beginArray();
        for (const std::uint64_t pages : depth.fill.histogram) {
            json.number(pages);
        }
        json.endArray().endObject();
    }
    json.endArray();
}

void writeGet(JsonWriter& json, const GetCost& get) {
    json.key("get")
        .beginObject()
        .member("keys", get.keys)
        .key("pages")
        .fraction(get.pagesPerGet())
        .key("bytes")
        .fraction(get.bytesPerGet())
        .key("entry_bytes")
        .fraction(get.bytesPerEntry())
        .key("amplification")
        .fraction(get.amplification())
        .endObject();
}

void writeTree(JsonWriter& json, const TreeStatistics& statistics, std::size_t index) {
    const BucketTree& tree = statistics.trees[index];
    json.beginObject().key("bucket").beginLine();
    for (const std::string& name : statistics.path(index)) {
        json.text(readableName(asBytes(name)));
    }
    json.endArray()
        .member("root", tree.root.value)
        .member("buckets", tree.buckets)
        .member("inline_buckets", tree.inlineBuckets)
        .member("inline_keys", tree.inlineKeys)
        .member("inline_used", tree.inlineUsed);
    writeDepths(json, tree.depths);
    writeGet(json, tree.get);
    json.endObject();
}

void writeAll(Output& out, const TreeStatistics& statistics) {
    JsonWriter json(out, 2);
    json.beginObject().key("trees").beginArray();
    for (std::size_t i = 0; i < statistics.trees.size() && out.isOpen(); ++i) {
        writeTree(json, statistics, i);
    }
    json.endArray();
    writeDepths(json, statistics.depths);
    writeGet(json, statistics.get);
    json.member("parts_skipped", statistics.partsSkipped).endObject();
}

void printAll(Output& out, const TreeStatistics& statistics) {
    printHeading(out);
    for (std::size_t i = 0; i < statistics.trees.size() && out.isOpen(); ++i) {
        printTree(out, statistics, i);
    }
    if (statistics.trees.size() > 1) {
        out << "all " << statistics.trees.size() << " buckets with pages of their own\n";
        for (const DepthStatistics& depth : statistics.depths) {
            printDepth(out, depth);
        }
        printGet(out, statistics.get);
    }
}

} // namespace

int printStatsByDepth(const CommonArguments& arguments, const Session& session, Output& out) {
    if (!session.isDatabase()) {
        return session.explainRefusal();
    }
    const auto statistics = treeStatistics(
        session.file(), [&session](const Error& skipped) { session.complain(skipped); });
    if (!statistics) {
        return session.complain(statistics.error());
    }
    arguments.json ? writeAll(out, *statistics) : printAll(out, *statistics);
    return statistics->partsSkipped == 0 ? kFine : kFindings;
}

} // namespace pagescape::cli
