// SPDX-License-Identifier: MIT
// export: the content as JSON lines, in stored order, past the damage where there is some.
#include "commands.h"
#include "json_lines.h"
#include "names.h"
#include "pagescape/walk.h"
#include "session.h"
#include "steady.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <optional>

namespace pagescape::cli {

namespace {

constexpr auto kExamples = R"(Examples:
  pagescape-cli export my.db > my.jsonl
  pagescape-cli export my.db OUTER INNER | jq -c 'select(.key) | .key'
  pagescape-cli export my.db | pagescape-cli load copy.db

One JSON object a line: {"bucket":["OUTER","INNER"],"sequence":N} for a bucket, before what is in it;
{"bucket":["OUTER"],"key":"K","value":"V"} for a pair. A name, key or value that is no readable UTF-8
text stands as {"base64":"..."}. With BUCKET, the buckets around it are named as well. The last line is
{"end":true,"lines":N}, with the number of lines before it: load refuses lines that were cut off.
Where damage hides a part of the data or keys are out of order, that is said on stderr, the exit status is 1 and
there is no last line, so that only load --partial takes the rest. The same holds, with exit status 3,
where another program changed the file in each of three tries.)";

struct ExportArguments : CommonArguments {
    std::vector<std::string> path;
    ValueFormat bucketFormat = ValueFormat::Text;
};

// Whether an entry lies on the way to the chosen bucket, is it, or lies inside it.
bool isChosen(const WalkItem& item, std::span<const Bytes> chosen) {
    const auto sameName = [](Bytes a, Bytes b) {
        return compareKeys(a, b) == std::strong_ordering::equal;
    };
    const std::size_t level = item.path->size();
    const std::size_t shared = std::min(level, chosen.size());
    if (!std::equal(item.path->begin(), item.path->begin() + static_cast<std::ptrdiff_t>(shared),
                    chosen.begin(), sameName)) {
        return false;
    }
    return level >= chosen.size() || (item.isBucket && sameName(item.key, chosen[level]));
}

/// Sees keys of damaged leaves that do not stand behind the key before them.
class OrderCheck {
public:
    // The leaf of the entry where that is so.
    std::optional<PageId> misplaced(const WalkItem& item) {
        const std::size_t level = item.path->size();
        const bool isFirst = m_last.size() <= level; // of its bucket
        m_last.resize(level + 1, item.key);
        const bool isMisplaced = !isFirst && compareKeys(m_last[level], item.key) >= 0;
        m_last[level] = item.key;
        return isMisplaced ? std::optional(item.page) : std::nullopt;
    }

private:
    std::vector<Bytes> m_last; // of each bucket on the way, the root bucket first
};

Error unsortedLeaf(PageId leaf) {
    Error error;
    error.code = ErrorCode::CorruptPage;
    error.page = leaf;
    error.text = "The keys are not in order; load puts them in order, which gives another digest";
    error.hint = "See all damage: pagescape-cli check FILE";
    return error;
}

void writeLine(Output& out, std::string& line, const WalkItem& item) {
    line.clear();
    if (item.isBucket) {
        std::vector<Bytes> path = *item.path;
        path.push_back(item.key);
        appendJsonPath(line, path);
        line += ",\"sequence\":" + std::to_string(item.sequence);
    } else {
        appendJsonPath(line, *item.path);
        line += ",\"key\":";
        appendJsonBytes(line, item.key);
        line += ",\"value\":";
        appendJsonBytes(line, item.value);
    }
    line += "}\n";
    out << line;
}

// Returns the exit status; `lines` counts what was written.
int exportSession(const Session& session, const std::vector<std::string>& path, Output& out,
                  std::uint64_t& lines) {
    if (!session.isDatabase()) {
        return session.explainRefusal();
    }
    const std::vector<Bytes> chosen = views(path);
    int status = kFine;
    bool isFound = chosen.empty();
    std::string line;
    OrderCheck order;
    std::optional<PageId> unsorted; // said once
    lines = 0;
    const auto walked = walkEntries(
        session.file(),
        [&](const WalkItem& item) {
            if (isChosen(item, chosen)) {
                isFound = isFound || item.path->size() + 1 >= chosen.size();
                writeLine(out, line, item);
                ++lines;
            }
            if (const auto leaf = order.misplaced(item); leaf && !unsorted) {
                unsorted = leaf;
                status = session.complain(unsortedLeaf(*leaf));
            }
            return out.isOpen();
        },
        [&](const Error& skipped) { status = session.complain(skipped); });
    if (!walked) {
        return session.complain(walked.error());
    }
    if (!isFound) {
        Error error;
        error.code = ErrorCode::BucketNotFound;
        error.text = "The bucket \"" + readablePath(path) + "\" is not there";
        error.hint = "List the names: pagescape-cli buckets FILE [BUCKET...]";
        return session.complain(error);
    }
    return status;
}

int runExport(const ExportArguments& arguments, Output& out) {
    const auto path = parseNames(arguments.path, arguments.bucketFormat);
    if (!path) {
        complain("a bucket name cannot be read: " + path.error().describe());
        return kUsage;
    }
    std::uint64_t lines = 0;
    Reading reading;
    reading.read = [&](const Session& session) {
        return exportSession(session, *path, out, lines);
    };
    reading.finish = [&](int status) {
        if (status == kFine) {
            out << jsonEndLine(lines);
        }
        return status;
    };
    reading.showsMixed = true; // without the last line
    return readSteadily(arguments, out, reading);
}

} // namespace

Command addExport(CLI::App& program) {
    auto* command = program.add_subcommand("export", "The content as JSON lines, for load");
    auto arguments = std::make_shared<ExportArguments>();
    arguments->addTo(*command, "FILE [BUCKET [SUB...]]");
    command->add_option("BUCKET", arguments->path, "Only this bucket and all that is in it")
        ->type_name("");
    addParseOption(*command, arguments->bucketFormat, "How BUCKET names are typed",
                   "--bucket-format");
    command->footer(kExamples);
    return {command, [arguments](Output& out) { return runExport(*arguments, out); }};
}

} // namespace pagescape::cli
