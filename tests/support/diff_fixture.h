// SPDX-License-Identifier: MIT
// What the tests of the difference share: a comparison of all with all, and a file of two versions.
#pragma once

#include "format/page_view.h"
#include "pagescape/diff.h"
#include "support/file_builder.h"
#include "support/store_fixture.h"

#include <map>
#include <set>

namespace pagescape::test {

using Lines = std::vector<std::string>;
using PageIds = std::set<std::uint64_t>;

inline std::string joined(const std::vector<Bytes>& path, Bytes key) {
    std::string text;
    for (const Bytes name : path) {
        text += toString(name) + "/";
    }
    return text + toString(key);
}

inline std::string bucketText(std::uint64_t sequence) {
    return "{" + std::to_string(sequence) + "}";
}

// "+ path/key=value", "- path/bucket{sequence}", "~ path/key=before=after".
inline std::string lineOf(const DiffItem& item) {
    const bool isAdded = item.kind == DiffKind::Added;
    const bool isRemoved = item.kind == DiffKind::Removed;
    std::string line = isAdded ? "+ " : isRemoved ? "- " : "~ ";
    line += joined(*item.path, item.key);
    if (!isAdded) {
        line += item.isBucket ? bucketText(item.sequenceBefore) : "=" + toString(item.before);
    }
    if (!isRemoved) {
        line += item.isBucket ? bucketText(item.sequenceAfter) : "=" + toString(item.after);
    }
    return line;
}

inline std::map<std::string, std::string> contentsOf(const PageFile& file) {
    std::map<std::string, std::string> all;
    const auto walked = walkEntries(file, [&](const WalkItem& item) {
        all[joined(*item.path, item.key)] =
            item.isBucket ? bucketText(item.sequence) : "=" + toString(item.value);
        return true;
    });
    return walked ? all : std::map<std::string, std::string>{{"failed", ""}};
}

// Compares everything with everything.
inline Lines expectedLines(const PageFile& before, const PageFile& after) {
    const auto old = contentsOf(before);
    const auto now = contentsOf(after);
    Lines lines;
    for (const auto& [key, value] : old) {
        const auto found = now.find(key);
        if (found == now.end() || found->second.front() != value.front()) {
            lines.push_back("- " + key + value);
        } else if (found->second != value) {
            lines.push_back("~ " + key + value + found->second);
        }
    }
    for (const auto& [key, value] : now) {
        const auto found = old.find(key);
        if (found == old.end() || found->second.front() != value.front()) {
            lines.push_back("+ " + key + value);
        }
    }
    std::ranges::sort(lines);
    return lines;
}

struct Found {
    Result<DiffSummary> summary = DiffSummary();
    Lines lines; // as reported
    std::vector<std::pair<DiffOrigin, Error>> skipped;

    [[nodiscard]] Lines sorted() const {
        Lines copy = lines;
        std::ranges::sort(copy);
        return copy;
    }
};

inline Found compared(const DiffSide& before, const DiffSide& after) {
    Found found;
    found.summary = diffVersions(
        before, after,
        [&](const DiffItem& item) {
            found.lines.push_back(lineOf(item));
            return true;
        },
        [&](DiffOrigin origin, Error error) {
            found.skipped.emplace_back(origin, std::move(error));
        });
    return found;
}

inline Found comparedVersions(const PageFile& file) {
    const auto sides = bothSides(file);
    return sides ? compared(sides->first, sides->second) : Found{fail(sides.error()), {}, {}};
}

inline void reach(const PageFile& file, PageId id, PageIds& pages) {
    const format::PageView first(file.pages(id));
    const std::uint64_t count = std::uint64_t{first.header().overflow} + 1;
    const format::PageView view(file.pages(id, count));
    for (std::uint64_t i = 0; i < count; ++i) {
        pages.insert(id.value + i);
    }
    for (std::uint32_t i = 0; i < view.count(); ++i) {
        if (view.isBranch()) {
            reach(file, *view.child(i), pages);
        } else if (const auto leaf = view.leaf(i); leaf->isBucket()) {
            if (const auto header = format::readBucketHeader(leaf->value); header->root.value != 0)
                reach(file, header->root, pages);
        }
    }
}

inline PageIds reachable(const DiffSide& side) {
    PageIds pages;
    reach(*side.file, side.meta.root, pages);
    return pages;
}

inline PageIds minus(const PageIds& from, const PageIds& what) {
    PageIds left;
    std::ranges::set_difference(from, what, std::inserter(left, left.end()));
    return left;
}

inline PageIds idsOf(const std::vector<PageIdSpan>& spans) {
    PageIds ids;
    for (const PageIdSpan& span : spans) {
        for (std::uint64_t i = 0; i < span.count; ++i) {
            ids.insert(span.first.value + i);
        }
    }
    return ids;
}

inline PageFile opened(const std::string& path, bool isPrevious = false) {
    OpenOptions options;
    options.previousVersion = isPrevious;
    auto file = PageFile::open(path, options);
    if (!file) {
        qFatal("open failed: %s", file.error().describe().c_str());
    }
    return *std::move(file);
}

// soundFile() with one more version, whose root is page 10:
//   10 root leaf: "inl" inline {a=1 b=3}, sequence 5; "tree" page 11, sequence 8
//   11 branch b->5 m->9      9 leaf: m=3, o=4
inline FileBuilder twoVersions() {
    FileBuilder file = soundFile();
    file.meta(4, 10, 2, 12);
    file.meta(3, 3, 2, 12);
    file.freelist(2, {});
    file.leaf(10, {inlineItem("inl", {{"a", "1"}, {"b", "3"}}, 5), bucketItem("tree", 11, 8)});
    file.branch(11, {{"b", 5}, {"m", 9}});
    file.leaf(9, {{"m", "3"}, {"o", "4"}});
    return file;
}

inline const std::string kRemovedN = "- tree/n=" + std::string(1200, 'v');

} // namespace pagescape::test
