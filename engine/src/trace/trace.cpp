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

PageId eventPage(const TraceEvent& event) {
    return std::visit(PageOf(), event);
}

} // namespace pagescape
