// SPDX-License-Identifier: MIT
#include "fuzz/judge.h"

#include "fuzz/fuzz_input.h"
#include "pagescape/walk.h"

#include <algorithm>

namespace pagescape::fuzz {

namespace {

std::uint64_t sequenceOf(const Bucket& bucket) {
    return bucket.sequence();
}

std::uint64_t sequenceOf(const WriteBucket& bucket) {
    const auto sequence = bucket.sequence();
    require(sequence.has_value(), "a sequence cannot be read");
    return *sequence;
}

template <typename AnyBucket>
void requireSameBucket(const AnyBucket& bucket, const test::ModelBucket& model) {
    require(sequenceOf(bucket) == model.sequence, "another sequence");
    auto value = model.values.begin();
    auto child = model.buckets.begin();
    auto cursor = bucket.cursor();
    for (auto entry = cursor.first(); true; entry = cursor.next()) {
        require(entry.has_value(), "a cursor failed");
        if (!*entry) {
            break;
        }
        const std::string key = toString((*entry)->key);
        if ((*entry)->isBucket) {
            require(child != model.buckets.end() && child->first == key, "another bucket");
            const auto nested = bucket.bucket((*entry)->key);
            require(nested && *nested, "a nested bucket does not open");
            requireSameBucket(**nested, child->second);
            ++child;
        } else {
            require(value != model.values.end() && value->first == key, "another key");
            require(toString((*entry)->value) == value->second, "another value");
            const auto got = bucket.get((*entry)->key);
            require(got && *got && toString(**got) == value->second, "get disagrees");
            ++value;
        }
    }
    require(value == model.values.end() && child == model.buckets.end(), "entries are missing");
}

} // namespace

void requireSame(const Bucket& bucket, const test::ModelBucket& model) {
    requireSameBucket(bucket, model);
}

void requireSame(const WriteBucket& bucket, const test::ModelBucket& model) {
    requireSameBucket(bucket, model);
}

std::string pathOf(const StorageFile& file) {
    return "/proc/self/fd/" + std::to_string(file.descriptor());
}

std::string digestOfFile(const StorageFile& file) {
    const auto opened = PageFile::open(pathOf(file));
    if (!opened) {
        return opened.error().describe();
    }
    const auto digest = contentDigest(*opened);
    return !digest ? digest.error().describe()
                   : digest->sha256 + (digest->skipped.empty() ? "" : " in part");
}

std::string damageOf(const StorageFile& file) {
    const auto opened = PageFile::open(pathOf(file));
    if (!opened) {
        return opened.error().describe();
    }
    CheckOptions options;
    options.maxFindings = 20;
    std::string text;
    const auto done = check(*opened, options, [&text](const Finding& finding) {
        if (severityOf(finding.code) != Severity::Note) {
            text += std::string(findingName(finding.code)) + ": " + finding.text + "\n";
        }
    });
    return done ? text : done.error().describe();
}

std::set<FindingCode> damageKindsOf(const StorageFile& file) {
    std::set<FindingCode> kinds;
    const auto opened = PageFile::open(pathOf(file));
    const auto note = [&kinds](const Finding& finding) {
        if (severityOf(finding.code) != Severity::Note) {
            kinds.insert(finding.code);
        }
    };
    if (!opened || !check(*opened, CheckOptions(), note)) {
        kinds.insert(FindingCode::GaveUp);
    }
    return kinds;
}

bool mayHideUsedPages(const std::set<FindingCode>& damage) {
    using enum FindingCode;
    return std::any_of(damage.begin(), damage.end(), [](FindingCode code) {
        switch (code) {
        case GaveUp:
        case Cycle:
        case MultipleReferences:
        case PageOutOfRange:
        case PagePastEof:
        case OverflowPastEof:
        case OverflowPastHighWater:
        case FreelistOutOfRange:
        case FreelistType:
        case FreelistCount:
        case FreelistIdRange:
        case FreelistDuplicate:
        case FreelistUnsorted:
        case ReachableFree:
        case FileShorterThanHighWater: return true;
        default: return false;
        }
    });
}

void requireSound(const StorageFile& file, const std::string& digest) {
    const std::string damage = damageOf(file);
    require(damage.empty(), damage.c_str());
    const std::string found = digestOfFile(file);
    require(found == digest, "the file holds something else");
}

} // namespace pagescape::fuzz
