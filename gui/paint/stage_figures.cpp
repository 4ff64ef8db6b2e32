// SPDX-License-Identifier: MIT
// From states and an event to what is drawn.
#include "paint/stage_figures.h"

#include <algorithm>
#include <utility>

namespace pagescape::gui {

namespace {

constexpr std::uint64_t kShownStep = 64; // pages by which the shown part of a file grows

PageClass classOfKind(PageKind kind) {
    switch (kind) {
    case PageKind::Meta: return PageClass::Meta;
    case PageKind::Freelist: return PageClass::Freelist;
    case PageKind::Branch: return PageClass::Branch;
    case PageKind::Leaf: return PageClass::Leaf;
    case PageKind::Overflow: return PageClass::Overflow;
    case PageKind::Free: return PageClass::Free;
    case PageKind::Leaked: return PageClass::Leaked;
    case PageKind::Tail: return PageClass::Tail;
    case PageKind::Problem: return PageClass::Problem;
    case PageKind::NotRead: break;
    }
    return PageClass::NotRead;
}

PageRun runOf(PageId page) {
    return {page, page.value == 0 ? 0U : 1U};
}

// What an event is about. Kinds without a place in the picture leave it empty.
class PresentOf {
public:
    explicit PresentOf(const StageState& now) : m_now(now) {}

    StagePresent operator()(const TraceEvent&) const {
        StagePresent present;
        if (!m_now.path.empty()) {
            present.run = {m_now.path.back(), 1};
        }
        return present;
    }
    StagePresent operator()(const WriteTraceEvent& e) const { return std::visit(*this, e); }
    StagePresent operator()(const NodeLoadedEvent& e) const { return {e.node, 0, runOf(e.page)}; }
    StagePresent operator()(const PutEvent& e) const { return {e.node, 0, runOf(e.page)}; }
    StagePresent operator()(const DeleteEvent& e) const { return {e.node, 0, runOf(e.page)}; }
    StagePresent operator()(const RebalanceEvent& e) const { return {e.node, e.siblingNode, {}}; }
    StagePresent operator()(const SplitEvent& e) const { return {e.node, 0, runOf(e.page)}; }
    StagePresent operator()(const AllocateEvent& e) const { return {0, 0, {e.first, e.pages}}; }
    StagePresent operator()(const FreeEvent& e) const { return {0, 0, {e.first, e.pages}}; }
    StagePresent operator()(const PageMadeEvent& e) const {
        return {e.node, 0, {e.page, std::uint64_t{e.overflow} + 1}};
    }
    StagePresent operator()(const MetaMadeEvent& e) const {
        return {0, 0, {e.page, 1}, int(e.page.value & 1U)};
    }
    StagePresent operator()(const WriteEvent& e) const {
        StagePresent present{0, 0, {e.first, e.pages}};
        if (e.isMeta) {
            present.meta = int(e.first.value & 1U);
        }
        return present;
    }
    StagePresent operator()(const SyncEvent& e) const {
        StagePresent present;
        present.isSync = true;
        if (e.after == SyncEvent::After::Meta) {
            present.meta = int(m_now.txid.value % 2);
        }
        return present;
    }
    template <typename Other>
    StagePresent operator()(const Other&) const {
        return {};
    }

private:
    const StageState& m_now;
};

bool touches(const PageRun& run, PageId page) {
    return page.value >= run.first.value && page.value - run.first.value < run.pages;
}

std::optional<StageLane> laneOf(StageMark mark) {
    switch (mark) {
    case StageMark::Made: return StageLane::Dirty;
    case StageMark::Cached: return StageLane::Cache;
    case StageMark::Durable: return StageLane::Disk;
    case StageMark::None:
    case StageMark::Leaving:
    case StageMark::Taken: break;
    }
    return std::nullopt;
}

// The newest first, and before them what the event is about: what comes first has room for certain.
void orderChips(StageLaneFigures& lane) {
    std::ranges::reverse(lane.chips);
    std::ranges::stable_partition(lane.chips, &StageChip::isPresent);
    lane.chips.resize(std::min(lane.chips.size(), kMostStageChips));
}

void addNodes(StageFigures& figures, const StageState& now) {
    if (!isStageOpen(now)) {
        return;
    }
    StageLaneFigures& lane = figures.lanes[std::size_t(StageLane::Nodes)];
    for (const StageNode& node : now.nodes) {
        if (node.number == 0 || node.isGone || !node.made.empty()) {
            continue;
        }
        ++lane.count;
        lane.bytes += node.bytes;
        lane.chips.push_back({{},
                              node.number,
                              node.isLeaf ? PageClass::Leaf : PageClass::Branch,
                              figures.present.node == node.number});
    }
}

void addPages(StageFigures& figures, const StageState& now) {
    for (const PageRun& run : now.taken) {
        for (std::uint64_t i = 0; i < run.pages; ++i) {
            const PageId id{run.first.value + i};
            const StagePage& page = now.pages.at(id);
            ++figures.marks[std::size_t(page.mark)];
            const auto at = laneOf(page.mark);
            if (!at) {
                continue;
            }
            StageLaneFigures& lane = figures.lanes[std::size_t(*at)];
            ++lane.count;
            lane.bytes += now.pageSize;
            if (page.made != PageKind::Overflow) {
                const bool isPresent = touches(figures.present.run, id);
                lane.chips.push_back({id, 0, classOfKind(page.made), isPresent});
            }
        }
    }
    for (const PageRun& run : now.leaving) {
        for (std::uint64_t i = 0; i < run.pages; ++i) {
            const StagePage& page = now.pages.at(PageId{run.first.value + i});
            figures.marks[std::size_t(StageMark::Leaving)] += page.mark == StageMark::Leaving;
        }
    }
    if (const auto meta = stageNewMeta(now)) {
        StageLaneFigures& lane = figures.lanes[std::size_t(StageLane::Meta)];
        lane.count = 1;
        lane.bytes = now.pageSize;
        lane.chips = {
            {PageId{std::uint64_t(*meta)}, 0, PageClass::Meta, figures.present.meta.has_value()}};
    }
}

void addArrows(StageFigures& figures, const StageState& now) {
    for (const StageNode& node : now.nodes) {
        for (const PageId page : node.made) {
            const bool isPresent =
                figures.present.node == node.number && touches(figures.present.run, page);
            figures.arrows.push_back({node.page, node.number, page, isPresent});
        }
    }
}

// Pages behind the last one that was ever used say nothing, and a file has many of them.
std::uint64_t shownPages(const StageState& now) {
    std::uint64_t used = now.highWater.value;
    for (const PageRun& run : now.taken) {
        used = std::max(used, run.first.value + run.pages);
    }
    const std::uint64_t shown = (used / kShownStep + 1) * kShownStep;
    return std::min(now.pages.size(), shown);
}

StageCrash crashOf(const StageState& now) {
    StageCrash crash;
    crash.before = now.newest();
    crash.isBeforeDurable = now.isBaseDurable();
    const auto meta = stageNewMeta(now);
    if (!meta) {
        crash.after = now.tx == StageTx::Open || now.tx == StageTx::Committing ? now.txid : TxId{};
        return crash;
    }
    crash.before = now.metas[std::size_t(1 - *meta)].txid;
    crash.after = now.txid;
    const StageMark mark = now.metas[std::size_t(*meta)].mark;
    crash.canBeAfter = mark == StageMark::Cached || mark == StageMark::Durable ||
                       now.tx == StageTx::Uncertain; // a write that failed may have got there
    crash.canBeBefore = mark != StageMark::Durable;
    crash.canBeDamaged = mark == StageMark::Cached && !now.dataSynced;
    return crash;
}

} // namespace

bool isStageOpen(const StageState& state) {
    return state.tx == StageTx::Open || state.tx == StageTx::Committing;
}

std::optional<int> stageNewMeta(const StageState& state) {
    if (state.tx != StageTx::Committing && state.tx != StageTx::Committed &&
        state.tx != StageTx::Uncertain) {
        return std::nullopt;
    }
    const int index = int(state.txid.value % 2);
    const bool isMade = state.metas[std::size_t(index)].mark != StageMark::None;
    return isMade ? std::optional(index) : std::nullopt;
}

PageClass stagePageClass(const StageState& state, PageId page) {
    const StagePage& what = state.pages.at(page);
    if (page.value < 2) {
        if (!state.metas[page.value].isKnown) {
            return PageClass::Problem;
        }
        return int(page.value) == state.activeMeta ? PageClass::Meta : PageClass::StaleMeta;
    }
    if (what.mark == StageMark::Cached || what.mark == StageMark::Durable) {
        return classOfKind(what.made);
    }
    switch (what.life) {
    case StageLife::Tail: return PageClass::Tail;
    case StageLife::Free: return PageClass::Free;
    case StageLife::Pending: return PageClass::Previous;
    case StageLife::Leaked: return PageClass::Leaked;
    case StageLife::Live: break;
    }
    return classOfKind(what.kind);
}

PageClass stageMadeClass(const StageState& state, PageId page) {
    const StagePage& what = state.pages.at(page);
    return what.mark == StageMark::Made ? classOfKind(what.made) : stagePageClass(state, page);
}

std::vector<StageNodeBox> stageNodeBoxes(const StageState& state) {
    std::vector<StageNodeBox> boxes;
    boxes.reserve(state.nodes.size());
    // A node that became pages is no longer too large for one.
    for (const StageNode& node : state.nodes) {
        if (node.number != 0) {
            const bool isWhole = node.isGone || !node.made.empty() || state.pageSize == 0;
            boxes.push_back({node.number, node.parent,
                             isWhole ? 0 : double(node.bytes) / double(state.pageSize)});
        }
    }
    return boxes;
}

const std::shared_ptr<const LensImage>& StagePageImage::of(const StageState& state) {
    constexpr std::uint64_t kBlock = PageLayer::kBlock;
    const std::uint64_t shown = shownPages(state);
    const std::uint64_t known = std::min<std::uint64_t>(m_classes.size(), shown);
    bool isSame = m_image != nullptr && m_classes.size() == shown;
    m_classes.resize(shown);
    const auto classify = [&](std::uint64_t begin, std::uint64_t end) {
        for (std::uint64_t id = begin; id < end; ++id) {
            const auto found = LensClass(1 + int(stagePageClass(state, PageId{id})));
            isSame = isSame && found == m_classes[id];
            m_classes[id] = found;
        }
    };
    for (std::uint64_t begin = 0; begin < shown; begin += kBlock) {
        const std::uint64_t end = std::min(begin + kBlock, shown);
        if (!state.pages.sharesBlock(m_pages, begin / kBlock)) {
            classify(begin, end);
        } else if (end > known) {
            classify(std::max(begin, known), end);
        }
    }
    classify(0, std::min<std::uint64_t>(2, shown)); // the metas follow the state, not their pages
    m_pages = state.pages;
    if (!isSame) {
        m_image = LensImage::fromClasses(Lens::Type, m_classes);
    }
    return m_image;
}

StageFigures stageFigures(const StageState& before, const StageState& now,
                          const StageEvent* event) {
    StagePageImage image;
    return stageFigures(before, now, event, image);
}

StageFigures stageFigures(const StageState& before, const StageState& now, const StageEvent* event,
                          StagePageImage& image) {
    StageFigures figures;
    if (event != nullptr) {
        figures.present = std::visit(PresentOf(now), *event);
    }
    figures.inForceBefore = before.activeMeta;
    figures.inForce = now.activeMeta;
    figures.present.isFlip = event != nullptr && before.activeMeta != now.activeMeta;
    figures.isDataSafe = now.dataSynced;
    figures.isSyncSkipped = now.metaWritten && !now.dataSynced;
    figures.image = image.of(now);
    addNodes(figures, now);
    addPages(figures, now);
    addArrows(figures, now);
    for (StageLaneFigures& lane : figures.lanes) {
        orderChips(lane);
    }
    figures.crash = crashOf(now);
    return figures;
}

} // namespace pagescape::gui
