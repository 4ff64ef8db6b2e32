// SPDX-License-Identifier: MIT
// Judging an image: it is written to a file in memory, opened through its descriptor as any file
// is, checked and digested.
#include "crash/image_file.h"
#include "pagescape/crash.h"
#include "pagescape/stopped.h"
#include "pagescape/walk.h"

#include <algorithm>
#include <array>

namespace pagescape {

namespace crash {

Result<PageFile> openImage(StorageFile& file, Bytes image, const std::stop_token& stop) {
    if (auto resized = file.resize(image.size()); !resized) {
        return fail(resized.error());
    }
    for (std::uint64_t offset = 0; offset < image.size(); offset += kPiece) {
        if (stop.stop_requested()) {
            return fail(stoppedOnRequest());
        }
        const std::array<Bytes, 1> piece{
            image.subspan(offset, std::min<std::size_t>(kPiece, image.size() - offset))};
        if (auto written = file.writeAt(offset, piece); !written) {
            return fail(written.error());
        }
    }
    OpenOptions options;
    options.guardTruncation = false; // nobody else has this file
    return PageFile::open("/proc/self/fd/" + std::to_string(file.descriptor()), options);
}

} // namespace crash

namespace {

Result<void> checkInto(CrashVerdict& verdict, const PageFile& file, const std::stop_token& stop) {
    CheckOptions options;
    options.maxFindings = CrashVerdict::kMostFindings;
    const auto checked = check(
        file, options,
        [&](Finding finding) {
            if (isCrashDamage(finding)) {
                ++verdict.damage;
            }
            verdict.findings.push_back(std::move(finding));
        },
        stop);
    if (!checked) {
        return fail(checked.error());
    }
    return {};
}

Result<void> digestInto(CrashVerdict& verdict, const PageFile& file, const std::stop_token& stop) {
    auto digest = contentDigest(file, stop);
    if (!digest) {
        return fail(digest.error());
    }
    verdict.digest = std::move(digest->sha256);
    verdict.pairs = digest->pairs;
    verdict.buckets = digest->buckets;
    verdict.isContentWhole = digest->skipped.empty();
    return {};
}

} // namespace

std::optional<TxId> CrashVerdict::txid() const {
    const MetaFields* const fields = metas.activeFields();
    return fields != nullptr ? std::optional(fields->txid) : std::nullopt;
}

bool isCrashDamage(const Finding& finding) {
    return finding.code != FindingCode::MetaInvalid;
}

Result<CrashJudge> CrashJudge::make() {
    auto file = makeMemoryFile();
    if (!file) {
        return fail(file.error());
    }
    return CrashJudge(std::move(*file));
}

Result<CrashVerdict> CrashJudge::judge(Bytes image, const std::stop_token& stop) {
    CrashVerdict verdict;
    verdict.fileSize = image.size();
    const auto file = crash::openImage(*m_file, image, stop);
    if (!file) {
        const auto finding = findingOf(file.error());
        if (!finding) { // about the system and not the image
            return fail(file.error());
        }
        verdict.openError = file.error();
        verdict.damage = 1;
        verdict.findings.push_back(*finding);
        return verdict;
    }
    verdict.pageSize = file->layout().pageSize;
    verdict.metas = file->layout().metas;
    verdict.openError = file->layout().openError;
    if (auto checked = checkInto(verdict, *file, stop); !checked) {
        return fail(checked.error());
    }
    if (verdict.opens()) {
        if (auto digested = digestInto(verdict, *file, stop); !digested) {
            return fail(digested.error());
        }
    }
    return verdict;
}

Result<CrashVerdict> judgeImage(Bytes image, const std::stop_token& stop) {
    auto judge = CrashJudge::make();
    if (!judge) {
        return fail(judge.error());
    }
    return judge->judge(image, stop);
}

Result<CrashState> stateAt(const CrashRun& run, std::size_t cursor) {
    const auto image = buildImage(run, cursor);
    if (!image) {
        return fail(image.error());
    }
    auto verdict = judgeImage(*image);
    if (!verdict) {
        return fail(verdict.error());
    }
    if (!verdict->opens()) {
        return fail(*verdict->openError);
    }
    return CrashState{std::move(verdict->digest), verdict->txid().value_or(TxId{0}),
                      verdict->damage};
}

CrashContent contentOf(const CrashVerdict& verdict, const ExpectedStates& expected) {
    if (!verdict.opens()) {
        return CrashContent::Unreadable;
    }
    const bool isBefore = verdict.digest == expected.before.digest;
    const bool isAfter = verdict.digest == expected.after.digest;
    if (isBefore && isAfter) {
        return verdict.txid() == expected.after.txid ? CrashContent::After : CrashContent::Before;
    }
    if (isBefore) {
        return CrashContent::Before;
    }
    return isAfter ? CrashContent::After : CrashContent::Neither;
}

CrashClass classOf(const CrashVerdict& verdict, const ExpectedStates& expected) {
    if (!verdict.opens()) {
        return CrashClass::DoesNotOpen;
    }
    if (!verdict.isSound()) {
        return CrashClass::Damaged;
    }
    const auto is = [&](CrashContent content, const CrashState& state) {
        return contentOf(verdict, expected) == content && verdict.txid() == state.txid;
    };
    if (is(CrashContent::Before, expected.before)) {
        return CrashClass::OldVersion;
    }
    return is(CrashContent::After, expected.after) ? CrashClass::NewVersion
                                                   : CrashClass::WrongVersion;
}

std::string_view crashClassName(CrashClass crashClass) {
    constexpr std::array<std::string_view, kCrashClassCount> kNames{
        "new-version", "old-version", "wrong-version", "damaged", "does-not-open"};
    return kNames[static_cast<std::size_t>(crashClass)];
}

} // namespace pagescape
