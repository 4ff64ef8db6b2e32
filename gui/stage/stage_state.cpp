// SPDX-License-Identifier: MIT
// One function for each kind of event. None of them looks at the file.
#include "stage/stage_state.h"

#include "pagescape/format.h"
#include "stage/page_rules.h"

#include <algorithm>
#include <utility>

namespace pagescape::gui {

namespace {

// Appends a page to ascending runs.
void addToRuns(std::vector<PageRun>& runs, PageId page) {
    if (!runs.empty() && runs.back().first.value + runs.back().pages == page.value) {
        ++runs.back().pages;
    } else {
        runs.push_back({page, 1});
    }
}

class Applier {
public:
    explicit Applier(StageState& state) : m_state(state) {}

    void operator()(const TraceEvent& event) { std::visit(*this, event); }
    void operator()(const WriteTraceEvent& event) { std::visit(*this, event); }

    void operator()(const CommandEvent&) {
        m_state.path.clear();
        m_state.failure.reset();
    }
    void operator()(const FailureEvent& e) { m_state.failure = e.text; }
    void operator()(const AnswerEvent&) {}
    void operator()(const ReaderEvent& e) {
        if (e.isOpen) {
            m_state.readers.push_back({e.reader, e.txid});
        } else {
            std::erase_if(m_state.readers,
                          [&](const StageReader& open) { return open.reader == e.reader; });
        }
    }

    void operator()(const ReopenedEvent& e) {
        if (m_state.tx == StageTx::Uncertain) {
            settleUncertain(e);
        }
        std::vector<PageRun> waited;
        m_state.pages.eachWaiting([&](PageId id, const StagePage&) { addToRuns(waited, id); });
        for (const PageRun& run : waited) {
            eachOf(run, page_rules::release);
            m_state.freePages += run.pages;
        }
        m_state.pendingPages = 0;
        m_state.readers.clear();
        m_state.nodes.clear();
        clearMarks();
        m_state.tx = StageTx::None;
        m_state.map = {e.mapAddress, e.mapLength};
    }

    // A lookup.
    void operator()(const MetaChosenEvent& e) { m_state.path = {PageId{e.meta}}; }
    void operator()(const PageReadEvent& e) {
        if (m_state.path.empty() || m_state.path.back() != e.page) {
            m_state.path.push_back(e.page);
        }
    }
    void operator()(const BucketHopEvent&) {}
    void operator()(const ProbeEvent&) {}
    void operator()(const ChildChosenEvent&) {}
    void operator()(const LeafHitEvent&) {}
    void operator()(const LeafMissEvent&) {}
    void operator()(const ValueSliceEvent&) {}

    void operator()(const WriteTxEvent& e) {
        if (e.phase == WriteTxEvent::Phase::Begin) {
            begin(e);
        } else if (e.phase == WriteTxEvent::Phase::Commit) {
            commit(e);
        } else if (e.phase == WriteTxEvent::Phase::RolledBack) {
            rollBack();
        } else { // its marks stay: they say how far it came
            m_state.tx = StageTx::Uncertain;
            dropNodes();
        }
    }
    void operator()(const ReleaseEvent& e) {
        for (const PageRun& run : e.released) {
            eachOf(run, page_rules::release);
        }
        m_state.freePages += e.pages;
        m_state.pendingPages = e.stillPending;
    }

    // Nodes.
    void operator()(const NodeLoadedEvent& e) {
        m_state.nodes.resize(std::max<std::size_t>(m_state.nodes.size(), e.node));
        if (e.node > 0) {
            m_state.nodes[e.node - 1] = {e.node,  e.page,   e.isLeaf, false, e.items,
                                         e.level, e.parent, e.bytes,  0,     {}};
            if (StageNode* child = nodeOf(e.child)) {
                child->parent = e.node;
            }
        }
    }
    void operator()(const PutEvent& e) {
        changeNode(e.node, e.items, e.bytes);
        m_state.costs.puts += e.isBucket ? 0U : 1U;
        m_state.costs.userBytes += e.key.size() + e.valueBytes;
    }
    void operator()(const DeleteEvent& e) {
        changeNode(e.node, e.items, e.bytes);
        ++m_state.costs.deletes;
        m_state.costs.userBytes += e.key.size();
    }
    void operator()(const RebalanceEvent& e) {
        m_state.tx = StageTx::Committing;
        using Action = RebalanceEvent::Action;
        StageNode* node = nodeOf(e.node);
        StageNode* sibling = nodeOf(e.siblingNode);
        if (node == nullptr) {
            return;
        }
        node->items = e.items;
        node->bytes = e.bytes;
        switch (e.action) {
        case Action::Removed: node->isGone = true; break;
        case Action::MergedIntoLeft: merge(sibling, node); break;
        case Action::MergedRight: merge(node, sibling); break;
        case Action::RootCollapsed:
            if (sibling != nullptr) { // the root takes over what its only child has
                node->isLeaf = sibling->isLeaf;
                node->items = sibling->items;
                node->bytes = sibling->bytes;
                node->page = sibling->page;
                sibling->isGone = true;
                adopt(sibling->number, node->number);
            }
            break;
        }
    }
    void operator()(const SplitEvent& e) {
        m_state.tx = StageTx::Committing;
        if (StageNode* node = nodeOf(e.node)) {
            node->items = e.items;
            node->bytes = e.bytes;
            node->isLeaf = e.isLeaf;
        }
    }

    // Pages.
    void operator()(const AllocateEvent& e) {
        if (!e.isNew) {
            m_state.freePages -= std::min(m_state.freePages, e.pages);
        }
        m_state.taken.push_back({e.first, e.pages});
        eachOf(m_state.taken.back(), [](StagePage& page) { page.mark = StageMark::Taken; });
    }
    void operator()(const FreeEvent& e) {
        m_state.costs.pagesFreed += e.pages;
        m_state.leaving.push_back({e.first, e.pages});
        eachOf(m_state.leaving.back(), [](StagePage& page) { page.mark = StageMark::Leaving; });
    }
    void operator()(const PageMadeEvent& e) {
        m_state.tx = StageTx::Committing;
        m_state.costs.pagesMade += std::uint64_t{e.overflow} + 1;
        if (StageNode* node = nodeOf(e.node)) {
            node->made.push_back(e.page);
        }
        m_state.pages.change(
            e.page, [&](StagePage& page) { page_rules::makeFirst(page, e.flags, e.overflow); });
        eachOf({PageId{e.page.value + 1}, e.overflow}, page_rules::makeOverflow);
    }
    void operator()(const MetaMadeEvent& e) {
        m_state.tx = StageTx::Committing;
        m_state.replaced = m_state.metas[e.page.value & 1U];
        m_state.metas[e.page.value & 1U] = {true,        e.txid,     e.root,          e.freelist,
                                            e.highWater, e.checksum, StageMark::Made, false};
        m_state.pages.change(e.page, [](StagePage& page) {
            page.mark = StageMark::Made;
            page.made = PageKind::Meta;
        });
    }
    void operator()(const RemapEvent& e) {
        m_state.oldMap = {e.oldAddress, e.oldLength};
        m_state.map = {e.newAddress, e.newLength};
        ++m_state.remaps;
    }
    void operator()(const GrowEvent& e) {
        m_state.fileSize = e.newSize;
        m_state.pages.resize(std::max(m_state.pages.size(), e.newSize / m_state.pageSize));
    }
    void operator()(const WriteEvent& e) {
        ++m_state.costs.writes;
        m_state.costs.writtenBytes += e.bytes.size();
        m_state.fileSize = std::max(m_state.fileSize, e.bytes.end);
        eachOf({e.first, e.pages}, [](StagePage& page) { page.mark = StageMark::Cached; });
        if (e.isMeta) {
            m_state.metas[e.first.value & 1U].mark = StageMark::Cached;
            m_state.metaWritten = true;
        }
    }
    void operator()(const SyncEvent& e) {
        ++m_state.costs.syncs;
        if (e.after == SyncEvent::After::Growth) {
            return;
        }
        for (const PageRun& run : m_state.taken) {
            eachOf(run, settle);
        }
        m_state.dataSynced = true;
        for (StageMeta& meta : m_state.metas) { // a sync is of the whole file
            meta.isSynced = meta.isSynced || meta.mark != StageMark::Made;
        }
        if (e.after == SyncEvent::After::Meta) {
            const PageId page{m_state.txid.value % 2};
            m_state.pages.change(page, settle);
            m_state.metas[page.value].mark = StageMark::Durable;
        }
    }

private:
    static void settle(StagePage& page) {
        if (page.mark == StageMark::Cached) {
            page.mark = StageMark::Durable;
        }
    }

    template <typename Change>
    void eachOf(const PageRun& run, const Change& change) {
        m_state.pages.change(run, change);
    }

    StageNode* nodeOf(std::uint32_t number) {
        return number == 0 || number > m_state.nodes.size() ? nullptr : &m_state.nodes[number - 1];
    }
    void changeNode(std::uint32_t number, std::uint32_t items, std::uint64_t bytes) {
        if (StageNode* node = nodeOf(number)) {
            node->items = items;
            node->bytes = bytes;
            ++node->changes;
        }
    }
    void adopt(std::uint32_t from, std::uint32_t to) {
        for (StageNode& node : m_state.nodes) {
            if (node.parent == from) {
                node.parent = to;
            }
        }
    }
    void merge(StageNode* left, StageNode* right) {
        if (left != nullptr && right != nullptr) {
            left->items += right->items;
            left->bytes +=
                right->bytes - std::min<std::uint64_t>(right->bytes, format::kPageHeaderSize);
            right->isGone = true;
            adopt(right->number, left->number);
        }
    }

    void begin(const WriteTxEvent& e) {
        clearMarks();
        m_state.tx = StageTx::Open;
        m_state.txid = e.txid;
        m_state.nodes.clear();
        m_state.costs = {};
        m_state.path.clear();
        m_state.dataSynced = false;
        m_state.metaWritten = false;
    }

    // The marks of the last transaction stay to be looked at until the next one begins.
    void clearMarks() {
        const auto clear = [](StagePage& page) { page.mark = StageMark::None; };
        for (const PageRun& run : m_state.taken) {
            eachOf(run, clear);
        }
        for (const PageRun& run : m_state.leaving) {
            eachOf(run, clear);
        }
        for (std::uint64_t meta = 0; meta < 2; ++meta) {
            if (m_state.pages.at(PageId{meta}).mark != StageMark::None) {
                m_state.pages.change(PageId{meta}, clear);
            }
            m_state.metas[meta].mark = StageMark::None;
        }
        m_state.taken.clear();
        m_state.leaving.clear();
    }

    void commit(const WriteTxEvent& e) {
        m_state.tx = StageTx::Committed;
        m_state.activeMeta = int(e.txid.value % 2);
        const PageId before = std::exchange(m_state.highWater, e.highWater);
        for (const PageRun& run : m_state.taken) {
            eachOf(run, [&](StagePage& page) { page_rules::commitTaken(page, e.txid); });
        }
        for (const PageRun& run : m_state.leaving) {
            m_state.pendingPages += run.pages;
            eachOf(run, [&](StagePage& page) { page_rules::commitLeaving(page, e.txid); });
        }
        if (e.highWater < before) { // the mark was lowered
            eachOf({e.highWater, before.value - e.highWater.value}, [&](StagePage& page) {
                if (page_rules::cutOff(page)) {
                    m_state.freePages -= std::min<std::uint64_t>(m_state.freePages, 1);
                }
            });
        }
    }

    void rollBack() {
        for (const PageRun& run : m_state.taken) {
            eachOf(run, page_rules::abandon);
            if (run.first < m_state.highWater) {
                m_state.freePages += run.pages;
            }
        }
        StageMeta& other = m_state.metas[std::size_t(1 - m_state.activeMeta)];
        if (other.mark == StageMark::Made) { // never written
            other = m_state.replaced;
        }
        clearMarks();
        m_state.tx = StageTx::RolledBack;
        dropNodes();
    }

    void dropNodes() {
        for (StageNode& node : m_state.nodes) {
            node.isGone = true;
        }
    }

    // The file was opened again after a commit that failed at its meta: now it is known.
    void settleUncertain(const ReopenedEvent& e) {
        const std::size_t meta = m_state.txid.value % 2;
        if (e.txid == m_state.txid) {
            commit({WriteTxEvent::Phase::Commit, m_state.txid, m_state.metas[meta].root,
                    m_state.metas[meta].highWater});
        } else {
            m_state.metas[meta].mark = StageMark::Made; // it did not get there, or not whole
            rollBack();
            m_state.metas[meta].isKnown = e.isOtherValid;
        }
    }

    StageState& m_state;
};

StagePage foundPage(const PageRow& row) {
    StagePage page;
    page.kind = row.kind;
    page.overflow = row.kind == PageKind::Overflow ? 0 : row.overflow;
    switch (row.life) {
    case PageLife::Tail: page.life = StageLife::Tail; break;
    case PageLife::Free:
    case PageLife::Previous: page.life = StageLife::Free; break;
    case PageLife::Leaked: page.life = StageLife::Leaked; break;
    default: page.life = StageLife::Live; break;
    }
    return page;
}

} // namespace

const StageNode* StageState::node(std::uint32_t number) const {
    return number == 0 || number > nodes.size() ? nullptr : &nodes[number - 1];
}

std::uint64_t StageState::bytesBeyond(const StageState& other) const {
    return sizeof(*this) + pages.bytesBeyond(other.pages) + nodes.size() * sizeof(StageNode) +
           (taken.size() + leaving.size()) * sizeof(PageRun) + readers.size() * sizeof(StageReader);
}

StageState stageOf(const Census& census, StageMap map) {
    StageState state;
    const FileLayout& layout = census.file().layout();
    state.pageSize = layout.pageSize;
    state.fileSize = layout.fileSize;
    state.map = map;
    state.activeMeta = layout.metas.active.value_or(0);
    for (std::size_t i = 0; i < 2; ++i) {
        const MetaReport& report = layout.metas.metas[i];
        const MetaFields& fields = report.fields;
        state.metas[i] = {report.isValid(), fields.txid,     fields.root,    fields.freelist,
                          fields.highWater, fields.checksum, StageMark::None};
    }
    state.highWater = census.highWater();
    state.pages.resize(census.pageCount());
    for (std::uint64_t id = 0; id < census.pageCount(); ++id) {
        const StagePage page = foundPage(census.row(PageId{id}));
        if (page.life != StageLife::Tail) {
            state.pages.change(PageId{id}, [&](StagePage& found) { found = page; });
        }
        state.freePages += page.life == StageLife::Free ? 1U : 0U;
    }
    return state;
}

void applyEvent(StageState& state, const StageEvent& event) {
    std::visit(Applier(state), event);
}

} // namespace pagescape::gui
