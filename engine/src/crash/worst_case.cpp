// SPDX-License-Identifier: MIT
// The search for the worst that a crash can do: every combination of the plan is built and judged.
#include "crash/fate_plan.h"
#include "crash/image_file.h"
#include "pagescape/crash.h"
#include "pagescape/stopped.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <unordered_set>
#include <utility>

namespace pagescape {

namespace {

// Collects outcomes that differ.
class Outcomes {
public:
    void add(CrashClass crashClass, CrashVerdict verdict, const std::vector<WriteFate>& fates) {
        Key key(crashClass, verdict.txid().value_or(TxId{0}), verdict.digest);
        if (const auto known = m_index.find(key); known != m_index.end()) {
            ++m_outcomes[known->second].count;
            return;
        }
        std::uint64_t& ofClass = m_ofClass[static_cast<std::size_t>(crashClass)];
        if (ofClass == WorstCase::kMostOutcomes) {
            ++m_leftOut;
            return;
        }
        ++ofClass;
        m_index.emplace(std::move(key), m_outcomes.size());
        m_outcomes.push_back(CrashOutcome{crashClass, std::move(verdict), fates, 1});
    }

    void moveInto(WorstCase& worst) {
        std::stable_sort(m_outcomes.begin(), m_outcomes.end(),
                         [](const CrashOutcome& a, const CrashOutcome& b) {
                             return std::tie(a.crashClass, a.verdict.damage) >
                                    std::tie(b.crashClass, b.verdict.damage);
                         });
        worst.outcomes = std::move(m_outcomes);
        worst.leftOut = m_leftOut;
    }

private:
    using Key = std::tuple<CrashClass, TxId, std::string>; // with the digest
    std::map<Key, std::size_t> m_index;
    std::vector<CrashOutcome> m_outcomes;
    std::array<std::uint64_t, kCrashClassCount> m_ofClass{};
    std::uint64_t m_leftOut = 0;
};

// FNV-1a over the fates: tells drawn combinations apart.
std::uint64_t hashOf(const std::vector<WriteFate>& fates) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const WriteFate& fate : fates) {
        for (const std::uint64_t part :
             {static_cast<std::uint64_t>(fate.kind), std::uint64_t{fate.sectors}}) {
            hash = (hash ^ part) * 0x100000001b3U;
        }
    }
    return hash;
}

// Tries the whole plan. Errors: Cancelled, with what was found until then in `worst`.
Result<void> tryAll(const CrashImages& images, CrashJudge& judge, crash::FatePlan& plan,
                    const ExpectedStates& expected, WorstCase& worst, Outcomes& outcomes,
                    const std::stop_token& stop,
                    const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    std::unordered_set<std::uint64_t> tried;
    std::vector<WriteFate> fates;
    std::vector<std::byte> image;
    while (plan.next(fates)) {
        if (stop.stop_requested()) {
            return fail(stoppedOnRequest());
        }
        if (!tried.insert(hashOf(fates)).second) {
            continue;
        }
        if (auto built = images.build(fates, image, stop); !built) {
            return built;
        }
        auto verdict = judge.judge(image, stop);
        if (!verdict) {
            return fail(verdict.error());
        }
        const CrashClass crashClass = classOf(*verdict, expected);
        outcomes.add(crashClass, std::move(*verdict), fates);
        ++worst.images;
        if (progress) {
            progress(worst.images, plan.size());
        }
    }
    return {};
}

} // namespace

Result<WorstCase> findWorstCase(
    const CrashRun& run, std::size_t cursor, const WorstCaseOptions& options,
    const std::stop_token& stop,
    const std::function<void(std::uint64_t done, std::uint64_t total)>& progress) {
    WorstCase worst;
    const auto stopped = [&](const Error& error) -> Result<WorstCase> {
        if (error.code != ErrorCode::Cancelled) {
            return fail(error);
        }
        worst.wasStopped = true;
        return std::move(worst);
    };
    const auto images = CrashImages::make(run, cursor, stop);
    if (!images) {
        return stopped(images.error());
    }
    auto judge = CrashJudge::make();
    if (!judge) {
        return fail(judge.error());
    }
    std::vector<std::uint32_t> sectors;
    for (const std::size_t index : images->point().open) {
        sectors.push_back(sectorCount(run.operations[index]));
    }
    crash::FatePlan plan(std::move(sectors), options.seed, options.limit);
    Outcomes outcomes;
    const auto tried =
        tryAll(*images, *judge, plan, options.expected, worst, outcomes, stop, progress);
    outcomes.moveInto(worst);
    if (!tried) {
        return stopped(tried.error());
    }
    worst.isExhaustive = plan.isExhaustive();
    return worst;
}

} // namespace pagescape
