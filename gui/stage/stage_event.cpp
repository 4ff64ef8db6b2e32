// SPDX-License-Identifier: MIT
#include "stage/stage_event.h"

namespace pagescape::gui {

namespace {

struct LevelOf {
    StageLevel operator()(const CommandEvent&) const { return StageLevel::Operation; }
    StageLevel operator()(const FailureEvent&) const { return StageLevel::Transaction; }
    StageLevel operator()(const AnswerEvent&) const { return StageLevel::Operation; }
    StageLevel operator()(const ReopenedEvent&) const { return StageLevel::Transaction; }
    StageLevel operator()(const ReaderEvent&) const { return StageLevel::Transaction; }
    StageLevel operator()(const TraceEvent& event) const {
        if (std::holds_alternative<ProbeEvent>(event)) {
            return StageLevel::Byte;
        }
        return StageLevel::Page;
    }
    StageLevel operator()(const WriteTraceEvent& event) const { return std::visit(*this, event); }

    StageLevel operator()(const WriteTxEvent&) const { return StageLevel::Transaction; }
    StageLevel operator()(const PutEvent&) const { return StageLevel::Operation; }
    StageLevel operator()(const DeleteEvent&) const { return StageLevel::Operation; }
    StageLevel operator()(const RemapEvent&) const { return StageLevel::Operation; }
    StageLevel operator()(const GrowEvent&) const { return StageLevel::Operation; }
    StageLevel operator()(const SyncEvent&) const { return StageLevel::Operation; }
    StageLevel operator()(const MetaMadeEvent&) const { return StageLevel::Operation; }
    StageLevel operator()(const WriteEvent& event) const {
        return event.isMeta ? StageLevel::Operation : StageLevel::Page;
    }
    template <typename Event>
    StageLevel operator()(const Event&) const {
        return StageLevel::Page;
    }
};

} // namespace

StageLevel levelOf(const StageEvent& event) {
    return std::visit(LevelOf(), event);
}

std::size_t kindOf(const StageEvent& event) {
    constexpr std::size_t kOwn = 5;
    if (const auto* read = std::get_if<TraceEvent>(&event)) {
        return kOwn + read->index();
    }
    if (const auto* write = std::get_if<WriteTraceEvent>(&event)) {
        return kOwn + std::variant_size_v<TraceEvent> + write->index();
    }
    return event.index();
}

std::string_view stageEventName(const StageEvent& event) {
    if (const auto* read = std::get_if<TraceEvent>(&event)) {
        return eventName(*read);
    }
    if (const auto* write = std::get_if<WriteTraceEvent>(&event)) {
        return eventName(*write);
    }
    constexpr std::string_view kNames[] = {"command", "failure", "answer", "reader", "reopened"};
    return kNames[event.index()];
}

PageId stageEventPage(const StageEvent& event) {
    if (const auto* read = std::get_if<TraceEvent>(&event)) {
        return eventPage(*read);
    }
    if (const auto* write = std::get_if<WriteTraceEvent>(&event)) {
        return eventPage(*write);
    }
    return PageId{};
}

} // namespace pagescape::gui
