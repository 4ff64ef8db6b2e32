// SPDX-License-Identifier: MIT
#include "pagescape/trace.h"

namespace pagescape {

namespace {

struct NameOf {
    std::string_view operator()(const MetaChosenEvent&) const { return "meta-chosen"; }
    std::string_view operator()(const BucketHopEvent&) const { return "bucket-hop"; }
    std::string_view operator()(const PageReadEvent&) const { return "page-read"; }
    std::string_view operator()(const ProbeEvent&) const { return "probe"; }
    std::string_view operator()(const ChildChosenEvent&) const { return "child-chosen"; }
    std::string_view operator()(const LeafHitEvent&) const { return "leaf-hit"; }
    std::string_view operator()(const LeafMissEvent&) const { return "leaf-miss"; }
    std::string_view operator()(const ValueSliceEvent&) const { return "value-slice"; }
};

struct WriteNameOf {
    std::string_view operator()(const WriteTxEvent&) const { return "write-transaction"; }
    std::string_view operator()(const ReleaseEvent&) const { return "release"; }
    std::string_view operator()(const NodeLoadedEvent&) const { return "node-loaded"; }
    std::string_view operator()(const PutEvent&) const { return "put"; }
    std::string_view operator()(const DeleteEvent&) const { return "delete"; }
    std::string_view operator()(const RebalanceEvent&) const { return "rebalance"; }
    std::string_view operator()(const SplitEvent&) const { return "split"; }
    std::string_view operator()(const AllocateEvent&) const { return "allocate"; }
    std::string_view operator()(const FreeEvent&) const { return "free"; }
    std::string_view operator()(const PageMadeEvent&) const { return "page-made"; }
    std::string_view operator()(const MetaMadeEvent&) const { return "meta-made"; }
    std::string_view operator()(const RemapEvent&) const { return "remap"; }
    std::string_view operator()(const GrowEvent&) const { return "grow"; }
    std::string_view operator()(const WriteEvent&) const { return "write"; }
    std::string_view operator()(const SyncEvent&) const { return "sync"; }
};

struct PageOf {
    PageId operator()(const MetaChosenEvent& event) const { return PageId{event.meta}; }
    PageId operator()(const BucketHopEvent& event) const { return event.root; }
    template <typename Event>
    PageId operator()(const Event& event) const {
        return event.page;
    }
};

} // namespace

std::string_view eventName(const TraceEvent& event) {
    return std::visit(NameOf(), event);
}

std::string_view eventName(const WriteTraceEvent& event) {
    return std::visit(WriteNameOf(), event);
}

void TraceSink::onWriteEvent(const WriteTraceEvent& /*event*/) noexcept {}

PageId eventPage(const TraceEvent& event) {
    return std::visit(PageOf(), event);
}

PageId eventPage(const WriteTraceEvent& event) {
    return std::visit(
        [](const auto& one) -> PageId {
            if constexpr (requires { one.page; }) {
                return one.page;
            } else if constexpr (requires { one.first; }) {
                return one.first;
            } else {
                return PageId{};
            }
        },
        event);
}

} // namespace pagescape
