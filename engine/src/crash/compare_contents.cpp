// SPDX-License-Identifier: MIT
// Which entries two files share: both are walked into ordered maps, which are then merged.
#include "crash/image_file.h"
#include "pagescape/crash.h"
#include "pagescape/stopped.h"
#include "pagescape/walk.h"

#include <map>
#include <utility>

namespace pagescape {

namespace {

struct Entry {
    bool isBucket = false;
    std::uint64_t sequence = 0;
    std::string value;

    friend bool operator==(const Entry&, const Entry&) = default;
};
using Path = std::vector<std::string>;
using BucketEntries = std::map<std::string, Entry>;

struct Contents {
    std::map<Path, BucketEntries> buckets; // by path, so that a path is stored once a bucket
    bool isWhole = true;
};

Path pathOf(const std::vector<Bytes>& names) {
    Path path;
    for (const Bytes name : names) {
        path.push_back(toString(name));
    }
    return path;
}

// All entries that can be reached. Of two with the same place in a damaged file the first counts.
Result<Contents> readContents(StorageFile& file, Bytes image, const std::stop_token& stop) {
    const auto opened = crash::openImage(file, image, stop);
    if (!opened) {
        return fail(opened.error());
    }
    if (opened->layout().openError) {
        return fail(*opened->layout().openError);
    }
    Contents contents;
    const auto walked = walkEntries(
        *opened,
        [&](const WalkItem& item) {
            Entry entry{item.isBucket, item.sequence, toString(item.value)};
            contents.buckets[pathOf(*item.path)].emplace(toString(item.key), std::move(entry));
            return true;
        },
        [&](const Error&) { contents.isWhole = false; }, stop);
    if (!walked) {
        return fail(walked.error());
    }
    return contents;
}

// Whether the file itself is the reason, and not the system or the caller.
bool isAboutTheImage(const Error& error) {
    switch (error.code) {
    case ErrorCode::Cancelled:
    case ErrorCode::OsFailure:
    case ErrorCode::FileNotFound:
    case ErrorCode::PermissionDenied:
    case ErrorCode::MapFailed: return false;
    default: return true;
    }
}

class Comparison {
public:
    Comparison(ContentComparison& result, std::uint64_t maxChanges)
        : m_result(result), m_maxChanges(maxChanges) {}

    void compareBuckets(const Path& path, const BucketEntries& image,
                        const BucketEntries& reference) {
        auto ours = image.begin();
        auto theirs = reference.begin();
        while (ours != image.end() || theirs != reference.end()) {
            const bool isMissing =
                ours == image.end() || (theirs != reference.end() && theirs->first < ours->first);
            const bool isExtra =
                !isMissing && (theirs == reference.end() || ours->first < theirs->first);
            if (isMissing) {
                ++m_result.missing;
                add(EntryChange::Kind::Missing, path, *theirs++);
            } else if (isExtra) {
                ++m_result.extra;
                add(EntryChange::Kind::Extra, path, *ours++);
            } else {
                if (ours->second == theirs->second) {
                    ++m_result.kept;
                } else {
                    ++m_result.changed;
                    add(EntryChange::Kind::Changed, path, *theirs);
                }
                ++ours;
                ++theirs;
            }
        }
    }

private:
    void add(EntryChange::Kind kind, const Path& path, const BucketEntries::value_type& entry) {
        if (m_result.changes.size() < m_maxChanges) {
            m_result.changes.push_back({kind, path, entry.first, entry.second.isBucket});
        }
    }

    ContentComparison& m_result;
    std::uint64_t m_maxChanges;
};

} // namespace

Result<ContentComparison> compareContents(Bytes image, Bytes reference, std::uint64_t maxChanges,
                                          const std::stop_token& stop) {
    auto file = makeMemoryFile();
    if (!file) {
        return fail(file.error());
    }
    const auto theirs = readContents(**file, reference, stop);
    if (!theirs) {
        return fail(theirs.error());
    }
    auto ours = readContents(**file, image, stop);
    if (!ours) {
        if (!isAboutTheImage(ours.error())) {
            return fail(ours.error());
        }
        ours = Contents{{}, false};
    }
    // Buckets that only one side has must be met in their order as well.
    for (const auto& [path, entries] : theirs->buckets) {
        ours->buckets.try_emplace(path);
    }
    ContentComparison result;
    result.isWhole = ours->isWhole && theirs->isWhole;
    Comparison comparison(result, maxChanges);
    const BucketEntries none;
    for (const auto& [path, entries] : ours->buckets) {
        if (stop.stop_requested()) {
            return fail(stoppedOnRequest());
        }
        const auto found = theirs->buckets.find(path);
        comparison.compareBuckets(path, entries,
                                  found != theirs->buckets.end() ? found->second : none);
    }
    return result;
}

} // namespace pagescape
