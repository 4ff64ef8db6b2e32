// SPDX-License-Identifier: MIT
#include "stage/growth_series.h"

#include <algorithm>
#include <iterator>

namespace pagescape::gui {

namespace {

// Lengths and version of a state; the rest of a point is not its business.
GrowthPoint lengthsOf(const StageState& state) {
    GrowthPoint point;
    point.txid = state.transaction().value;
    point.used = state.highWater.value * state.pageSize;
    point.fileSize = state.fileSize;
    point.map = state.map;
    return point;
}

bool hasOpenReaders(const GrowthRemap& remap) {
    return std::ranges::any_of(remap.readers,
                               [](const GrowthReader& reader) { return reader.closed < 0; });
}

void closeIn(std::vector<GrowthReader>& readers, std::uint64_t number, int index) {
    for (GrowthReader& reader : readers) {
        if (reader.reader == number && reader.closed < 0) {
            reader.closed = index;
        }
    }
}

} // namespace

GrowthSeries::Mark GrowthSeries::markOf(const StageLog& log, int count) {
    Mark mark;
    if (count > 0) {
        mark.command = log.commandAt(count - 1);
        if (mark.command >= 0) {
            mark.number = std::get<CommandEvent>(log.event(mark.command)).command;
        }
        mark.kind = kindOf(log.event(count - 1));
        mark.page = stageEventPage(log.event(count - 1));
    }
    return mark;
}

GrowthSeries::Change GrowthSeries::update(const StageLog& log, int end) {
    Change change = Change::None;
    const bool isWhole = end >= log.size();
    const int last = isWhole ? log.size() : end;
    if (m_seen < 0 || m_seen > last || !(markOf(log, m_seen) == m_mark) ||
        m_dropped > (isWhole ? log.droppedEvents() : 0)) {
        begin(log);
        change = Change::Anew;
    } else if (m_seen < last || (isWhole && m_dropped != log.droppedEvents())) {
        change = Change::More;
    }
    for (; m_seen < last; ++m_seen) {
        take(log.event(m_seen), m_seen);
    }
    if (isWhole && m_dropped != log.droppedEvents()) {
        takeDropped(log);
    }
    m_mark = markOf(log, m_seen);
    return change;
}

void GrowthSeries::begin(const StageLog& log) {
    clear();
    const StageState base = log.stateAt(-1);
    m_seen = 0;
    m_pageSize = base.pageSize;
    m_now = lengthsOf(base);
    m_lastTx = m_now.txid;
    m_remapCount = base.remaps;
    for (const StageReader& reader : base.readers) {
        m_open.push_back({reader.reader, reader.txid, -1, -1});
    }
    m_points.push_back(m_now);
}

void GrowthSeries::take(const StageEvent& event, int index) {
    if (const auto* write = std::get_if<WriteTraceEvent>(&event)) {
        take(*write, index);
    } else if (const auto* reader = std::get_if<ReaderEvent>(&event)) {
        takeReader(*reader, index);
    } else if (const auto* reopened = std::get_if<ReopenedEvent>(&event)) {
        takeReopened(*reopened, index);
    }
}

void GrowthSeries::take(const WriteTraceEvent& event, int index) {
    if (const auto* tx = std::get_if<WriteTxEvent>(&event)) {
        const bool isNone = tx->phase == WriteTxEvent::Phase::RolledBack ||
                            tx->phase == WriteTxEvent::Phase::Uncertain;
        m_now.txid = isNone ? m_lastTx : tx->txid.value;
        if (tx->phase == WriteTxEvent::Phase::Commit) {
            m_lastTx = tx->txid.value;
            m_now.used = tx->highWater.value * m_pageSize;
            ++m_now.commits;
            add(GrowthPoint::Kind::Commit, index);
        } else if (tx->phase == WriteTxEvent::Phase::Uncertain) {
            m_uncertain = tx->txid.value;
        }
    } else if (const auto* meta = std::get_if<MetaMadeEvent>(&event)) {
        m_metaUsed = meta->highWater.value * m_pageSize;
    } else if (const auto* written = std::get_if<WriteEvent>(&event)) {
        m_now.fileSize = std::max(m_now.fileSize, written->bytes.end); // growth without a resize
    } else if (const auto* grown = std::get_if<GrowEvent>(&event)) {
        m_now.fileSize = grown->newSize;
        add(GrowthPoint::Kind::Grow, index);
    } else if (const auto* remap = std::get_if<RemapEvent>(&event)) {
        takeRemap(*remap, index);
    }
}

// All readers are gone, the mapping is another one, and an uncertain commit is settled.
void GrowthSeries::takeReopened(const ReopenedEvent& event, int index) {
    while (!m_open.empty()) {
        takeReader({m_open.back().reader, m_open.back().txid, false}, index);
    }
    if (m_uncertain != 0 && m_uncertain == event.txid.value) {
        m_lastTx = m_uncertain;
        m_now.used = m_metaUsed;
        ++m_now.commits;
    }
    m_uncertain = 0;
    m_now.txid = m_lastTx;
    m_now.map = {event.mapAddress, event.mapLength};
    add(GrowthPoint::Kind::Reopen, index);
}

void GrowthSeries::takeReader(const ReaderEvent& event, int index) {
    if (event.isOpen) {
        m_open.push_back({event.reader, event.txid, index, -1});
        if (!m_remaps.empty() && hasOpenReaders(m_remaps.back()) &&
            m_remaps.back().later.size() < kMostReaders) {
            m_remaps.back().later.push_back(m_open.back());
        }
        return;
    }
    const auto open = std::ranges::find(m_open, event.reader, &GrowthReader::reader);
    const int opened = open == m_open.end() ? -1 : open->opened;
    if (open != m_open.end()) {
        m_open.erase(open);
    }
    // It is named by the remaps during its life, and as a later one by the remap before it.
    for (auto remap = m_remaps.rbegin(); remap != m_remaps.rend(); ++remap) {
        closeIn(remap->readers, event.reader, index);
        closeIn(remap->later, event.reader, index);
        if (remap->event < opened) {
            break;
        }
    }
}

void GrowthSeries::takeRemap(const RemapEvent& map, int index) {
    ++m_remapCount;
    m_now.map = {map.newAddress, map.newLength};
    add(GrowthPoint::Kind::Remap, index);
    GrowthRemap remap;
    remap.event = index;
    remap.txid = m_now.txid;
    remap.map = map;
    const std::size_t named = std::min(m_open.size(), kMostReaders);
    remap.readers.assign(m_open.begin(), m_open.begin() + std::ptrdiff_t(named));
    remap.moreReaders = m_open.size() - named;
    if (m_remaps.size() >= kMostSteps) {
        m_remaps.pop_back(); // the newest is always there
    }
    m_remaps.push_back(std::move(remap));
}

// Of events that a full log did not keep only what they came to is known.
void GrowthSeries::takeDropped(const StageLog& log) {
    const StageState& state = log.newest();
    m_dropped = log.droppedEvents();
    const std::uint64_t commits = m_now.commits;
    if (state.remaps > m_remapCount) { // a store that was opened anew has another map, too
        RemapEvent map;
        map.oldAddress = state.oldMap.address;
        map.oldLength = state.oldMap.length;
        map.newAddress = state.map.address;
        map.newLength = state.map.length;
        takeRemap(map, m_seen - 1);
        m_remapCount = state.remaps;
    }
    m_lastTx = state.newest().value;
    m_now = lengthsOf(state);
    m_now.commits = commits + 1;
    add(GrowthPoint::Kind::Commit, m_seen - 1);
}

void GrowthSeries::add(GrowthPoint::Kind kind, int index) {
    m_now.kind = kind;
    m_now.event = index;
    const bool isCommit = kind == GrowthPoint::Kind::Commit;
    if (isCommit || m_points.size() - m_commits >= kMostSteps) {
        m_now.kind = GrowthPoint::Kind::Commit;
        addCommit();
        m_now.kind = kind;
    } else {
        m_points.push_back(m_now);
    }
}

// The newest commit is always there; the one it replaces stays only when its turn has come.
void GrowthSeries::addCommit() {
    GrowthPoint& last = m_points.back();
    if (last.kind == GrowthPoint::Kind::Commit && last.commits % m_stride != 0) {
        last = m_now;
        return;
    }
    m_points.push_back(m_now);
    ++m_commits;
    while (m_commits > kMostCommits) {
        thin();
    }
}

void GrowthSeries::thin() {
    m_stride *= 2;
    const GrowthPoint newest = m_points.back();
    m_points.pop_back();
    std::erase_if(m_points, [this](const GrowthPoint& point) {
        return point.kind == GrowthPoint::Kind::Commit && point.commits % m_stride != 0;
    });
    m_points.push_back(newest);
    m_commits =
        std::size_t(std::ranges::count(m_points, GrowthPoint::Kind::Commit, &GrowthPoint::kind));
}

int GrowthSeries::pointAt(int event) const {
    const auto after = std::ranges::upper_bound(m_points, event, {}, &GrowthPoint::event);
    if (after == m_points.begin()) {
        return m_points.empty() ? -1 : 0;
    }
    return int(after - m_points.begin()) - 1;
}

int GrowthSeries::remapAt(int event) const {
    const auto after = std::ranges::upper_bound(m_remaps, event, {}, &GrowthRemap::event);
    return int(after - m_remaps.begin()) - 1;
}

GrowthPoint growthAt(const StageLog& log, int event) {
    const bool isNewest = event >= log.size() - 1;
    GrowthPoint point = lengthsOf(isNewest ? log.newest() : log.stateAt(event));
    point.event = std::clamp(event, -1, log.size() - 1);
    return point;
}

std::vector<RemapLane> remapLanes(const GrowthRemap& remap, int now, bool boltsWay) {
    const auto endOf = [now](const GrowthReader& reader) {
        return reader.closed >= 0 && reader.closed <= now ? reader.closed : -1;
    };
    std::vector<RemapLane> lanes;
    lanes.push_back({RemapLane::Who::Writer, 0, TxId{remap.txid}, remap.event, -1, false, -1, -1});
    int release = remap.event; // when the last of the readers is gone; -1: one is still there
    for (const GrowthReader& reader : remap.readers) {
        const int end = endOf(reader);
        release = end < 0 || release < 0 ? -1 : std::max(release, end);
        lanes.push_back({RemapLane::Who::Reader, reader.reader, reader.txid, reader.opened, end,
                         false, -1, -1});
    }
    if (boltsWay && !remap.readers.empty()) {
        lanes.front().isWaiting = true;
        lanes.front().waitBegin = remap.event;
        lanes.front().waitEnd = release;
    }
    for (const GrowthReader& reader : remap.later) {
        if (reader.opened > now) {
            continue;
        }
        RemapLane lane{RemapLane::Who::Later, reader.reader, reader.txid, reader.opened,
                       endOf(reader),         boltsWay,      -1,          -1};
        if (boltsWay) {
            lane.waitBegin = reader.opened;
            lane.waitEnd = release;
        }
        lanes.push_back(lane);
    }
    return lanes;
}

} // namespace pagescape::gui
