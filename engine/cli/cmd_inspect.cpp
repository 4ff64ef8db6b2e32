// SPDX-License-Identifier: MIT
// inspect: the tree of buckets with the number of keys in each.
#include "commands.h"
#include "json_writer.h"
#include "names.h"
#include "pagescape/walk.h"
#include "steady.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

namespace pagescape::cli {

namespace {

constexpr auto kExamples = R"(Examples:
  pagescape-cli inspect my.db
  pagescape-cli inspect my.db --json | jq '.. | .name? // empty'

JSON: {name, name_hex, keyN, root, sequence, inline, buckets[...]} nested as in the file, as `bbolt
inspect` names them; keyN counts plain keys only, buckets is left out where there are none.)";

struct Node {
    std::string name; // its bytes
    std::uint64_t keys = 0;
    PageId root;
    std::uint64_t sequence = 0;
    bool isInline = false;
    std::vector<std::size_t> children;
};

// The tree in walk order: parents come before their children, the root bucket is node 0.
struct BucketTree {
    std::vector<Node> nodes{Node{}};
    std::vector<std::size_t> open{0}; // the nodes around the present entry

    void add(const WalkItem& item) {
        open.resize(item.path->size() + 1);
        const std::size_t parent = open.back();
        if (!item.isBucket) {
            ++nodes[parent].keys;
            return;
        }
        nodes[parent].children.push_back(nodes.size());
        open.push_back(nodes.size());
        nodes.push_back(Node{toString(item.key), 0, item.root, item.sequence, item.isInline, {}});
    }
};

// The walk bounds the nesting, and so this recursion.
void writeNode(JsonWriter& json, const BucketTree& tree, std::size_t index) {
    const Node& node = tree.nodes[index];
    json.beginObject()
        .member("name", index == 0 ? "root" : readableName(asBytes(node.name)))
        .member("name_hex", toHex(asBytes(node.name)))
        .member("keyN", node.keys)
        .member("root", node.root.value)
        .member("sequence", node.sequence)
        .member("inline", node.isInline);
    if (!node.children.empty()) {
        json.key("buckets").beginArray();
        for (const std::size_t child : node.children) {
            writeNode(json, tree, child);
        }
        json.endArray();
    }
    json.endObject();
}

void printNode(Output& out, const BucketTree& tree, std::size_t index, std::size_t level) {
    const Node& node = tree.nodes[index];
    const std::string name = index == 0 ? "(root bucket)" : readableName(asBytes(node.name));
    out.left(std::string(2 * level, ' ') + name, 40)
        << "  " << node.keys << (node.keys == 1 ? " key" : " keys");
    if (node.isInline) {
        out << ", inline";
    } else {
        out << ", root page " << node.root.value;
    }
    if (node.sequence != 0) {
        out << ", sequence " << node.sequence;
    }
    out << '\n';
    for (const std::size_t child : node.children) {
        printNode(out, tree, child, level + 1);
    }
}

int printTree(const CommonArguments& arguments, const Session& session, Output& out) {
    if (!session.isDatabase()) {
        return session.explainRefusal();
    }
    BucketTree tree;
    if (const MetaFields* meta = session.file().layout().metas.activeFields()) {
        tree.nodes[0].root = meta->root;
        tree.nodes[0].sequence = meta->rootSequence;
    }
    int status = kFine;
    const auto walked = walkEntries(
        session.file(),
        [&](const WalkItem& item) {
            tree.add(item);
            return true;
        },
        [&](const Error& skipped) {
            session.complain(skipped);
            status = kFindings;
        });
    if (!walked) {
        return session.complain(walked.error());
    }
    if (arguments.json) {
        constexpr int kAllLevels = 1 << 20;
        constexpr std::size_t kIndent = 4; // as bbolt prints it
        JsonWriter json(out, kAllLevels, kIndent);
        writeNode(json, tree, 0);
    } else {
        printNode(out, tree, 0, 0);
    }
    return status;
}

int runInspect(const CommonArguments& arguments, Output& out) {
    Reading reading;
    reading.read = [&](const Session& session) { return printTree(arguments, session, out); };
    return readSteadily(arguments, out, reading);
}

} // namespace

Command addInspect(CLI::App& program) {
    auto* command = program.add_subcommand("inspect", "The tree of buckets");
    auto arguments = std::make_shared<CommonArguments>();
    arguments->addTo(*command, "FILE");
    command->footer(kExamples);
    return {command, [arguments](Output& out) { return runInspect(*arguments, out); }};
}

} // namespace pagescape::cli
