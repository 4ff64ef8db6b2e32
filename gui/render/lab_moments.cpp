// SPDX-License-Identifier: MIT
#include "render/lab_moments.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace pagescape::gui {

namespace {

constexpr int kShort = 800;  // milliseconds
constexpr int kCommit = 450; // of growth, where many are alike
constexpr int kLong = 1900;  // of what decides something
constexpr int kBegin = 2000;
constexpr int kEnd = 4500;
constexpr int kMotion = 90;
constexpr std::array<double, 4> kMotionSteps{0, 0.25, 0.5, 0.75};

// How many events of a kind are shown, and whether they stay long.
struct Weight {
    std::size_t most = 0;
    bool isLong = false;
};

struct CommitWeight {
    Weight operator()(const WriteTxEvent&) const { return {12, true}; }
    Weight operator()(const SplitEvent& e) const {
        return e.pages > 1 ? Weight{6, true} : Weight{};
    }
    Weight operator()(const RebalanceEvent&) const { return {6, true}; }
    Weight operator()(const MetaMadeEvent&) const { return {6, true}; }
    Weight operator()(const RemapEvent&) const { return {6, true}; }
    Weight operator()(const GrowEvent&) const { return {6, true}; }
    Weight operator()(const SyncEvent&) const { return {12, true}; }
    Weight operator()(const WriteEvent& e) const { return e.isMeta ? Weight{6, true} : Weight{3}; }
    Weight operator()(const NodeLoadedEvent&) const { return {4}; }
    Weight operator()(const PutEvent&) const { return {4}; }
    Weight operator()(const DeleteEvent&) const { return {3}; }
    Weight operator()(const AllocateEvent&) const { return {2}; }
    Weight operator()(const FreeEvent&) const { return {2}; }
    Weight operator()(const PageMadeEvent&) const { return {5}; }
    Weight operator()(const ReleaseEvent&) const { return {}; }
};

struct GrowthWeight {
    Weight operator()(const WriteTxEvent& e) const {
        return e.phase == WriteTxEvent::Phase::Commit ? Weight{24} : Weight{};
    }
    Weight operator()(const RemapEvent&) const { return {12, true}; }
    template <typename Event>
    Weight operator()(const Event&) const {
        return {};
    }
};

Weight weightOf(Lab lab, const StageEvent& event) {
    if (std::holds_alternative<FailureEvent>(event) || std::holds_alternative<ReaderEvent>(event)) {
        return {6, true};
    }
    const auto* write = std::get_if<WriteTraceEvent>(&event);
    if (write == nullptr) {
        return {};
    }
    return lab == Lab::Commit ? std::visit(CommitWeight(), *write)
                              : std::visit(GrowthWeight(), *write);
}

// At most so many of a row, evenly spread, with both ends.
void spread(const std::vector<int>& row, std::size_t most, std::set<int>& chosen) {
    if (row.size() <= most) {
        chosen.insert(row.begin(), row.end());
        return;
    }
    for (std::size_t i = 0; i < most; ++i) {
        chosen.insert(row[most == 1 ? 0 : i * (row.size() - 1) / (most - 1)]);
    }
}

// Whether something moves across the picture at an event: a mapping, or the badge of the metas.
bool isMotion(Lab lab, const StageLog& log, int event) {
    const auto* write = std::get_if<WriteTraceEvent>(&log.event(event));
    if (write == nullptr) {
        return false;
    }
    if (lab == Lab::Growth) {
        const auto* remap = std::get_if<RemapEvent>(write);
        return remap != nullptr && remap->oldLength > 0;
    }
    const bool mayFlip =
        std::holds_alternative<WriteEvent>(*write) || std::holds_alternative<WriteTxEvent>(*write);
    return mayFlip && log.stateAt(event - 1).activeMeta != log.stateAt(event).activeMeta;
}

} // namespace

std::vector<LabMoment> labMoments(Lab lab, const StageLog& log, int first, int last) {
    first = std::max(first, -1);
    last = std::min(last, log.size() - 1);
    using Kind = std::pair<std::size_t, bool>; // a write of a meta is another kind than one of data
    std::map<Kind, std::vector<int>> rows;
    std::map<Kind, std::size_t> most;
    for (int event = std::max(first, 0); event <= last; ++event) {
        if (const Weight weight = weightOf(lab, log.event(event)); weight.most > 0) {
            const Kind kind(kindOf(log.event(event)), weight.isLong);
            rows[kind].push_back(event);
            most[kind] = std::max(most[kind], weight.most);
        }
    }
    std::set<int> chosen{first, std::max(first, last)};
    for (const auto& [kind, row] : rows) {
        spread(row, most[kind], chosen);
    }
    std::vector<LabMoment> moments;
    for (const int event : chosen) {
        if (event >= 0 && event != first && isMotion(lab, log, event)) {
            for (const double progress : kMotionSteps) {
                moments.push_back({event, progress, kMotion});
            }
        }
        const bool isLong = event >= 0 && weightOf(lab, log.event(event)).isLong;
        moments.push_back({event, 1, isLong ? kLong : lab == Lab::Commit ? kShort : kCommit});
    }
    if (moments.size() > kMostMoments) {
        moments.erase(moments.begin() + kMostMoments - 1, moments.end() - 1);
    }
    moments.front().milliseconds = kBegin;
    moments.back().milliseconds = kEnd;
    return moments;
}

} // namespace pagescape::gui
