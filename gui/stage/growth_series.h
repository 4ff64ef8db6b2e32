// SPDX-License-Identifier: MIT
// GrowthSeries: how a file and its mapping grew, event by event: what the pictures of growth are
// drawn from. It reads a log once and goes on from there, so that a running generator costs what it
// adds and no more.
#pragma once

#include "stage/stage_log.h"

#include <cstdint>
#include <vector>

namespace pagescape::gui {

/// The three lengths after one event.
struct GrowthPoint {
    enum class Kind : std::uint8_t {
        Found,  ///< before the first event
        Commit, ///< a transaction ended well
        Remap,  ///< the file was mapped anew
        Grow,   ///< the file was made longer
        Reopen, ///< the store was opened anew: another mapping, and no step of the file's growth
    };
    Kind kind = Kind::Found;
    int event = -1;
    std::uint64_t txid = 0;    ///< of the commit, or under way
    std::uint64_t commits = 0; ///< commits up to here
    std::uint64_t used = 0;    ///< bytes: high-water mark of the last commit x page size
    std::uint64_t fileSize = 0;
    StageMap map;
    friend bool operator==(const GrowthPoint&, const GrowthPoint&) = default;
};

/// A reader and the events between which it was open.
struct GrowthReader {
    std::uint64_t reader = 0;
    TxId txid;
    int opened = -1; ///< -1: before the first event
    int closed = -1; ///< -1: still open
    [[nodiscard]] bool isOpenAt(int event) const {
        return opened <= event && (closed < 0 || closed > event);
    }
    friend bool operator==(const GrowthReader&, const GrowthReader&) = default;
};

/// One change of the mapping, and who was there.
struct GrowthRemap {
    int event = -1;
    std::uint64_t txid = 0;
    RemapEvent map;
    std::vector<GrowthReader> readers; ///< that were open, in order of opening; the first 32
    std::uint64_t moreReaders = 0;     ///< open and not in the list
    std::vector<GrowthReader> later; ///< opened afterwards, while one of `readers` was; 32 at most
    [[nodiscard]] bool isMoved() const { return map.oldAddress != map.newAddress; }
};

/// Commits, remaps and growths of a log, in order. Memory: bounded whatever the log has; commits
/// are thinned out by halving, remaps and growths are all kept up to kMostSteps of each log.
/// Thread: one at a time.
class GrowthSeries {
public:
    static constexpr std::size_t kMostCommits = 2048;
    static constexpr std::size_t kMostSteps = 8192; ///< remaps and growths together
    static constexpr std::size_t kMostReaders = 32; ///< of each list of a remap

    enum class Change : std::uint8_t {
        None,
        More, ///< events came
        Anew, ///< the first call, or the log was cut by an undo: all was read from its beginning
    };
    /// Reads what the log has more than at the last call, as far as event `end` - 1; an earlier end
    /// than at the last call is read anew. Cost: those events.
    Change update(const StageLog& log, int end = StageLog::kMostEvents);
    void clear() { *this = {}; }

    /// In order of events; the last is the newest, whatever was thinned out.
    [[nodiscard]] const std::vector<GrowthPoint>& points() const { return m_points; }
    [[nodiscard]] const std::vector<GrowthRemap>& remaps() const { return m_remaps; }
    [[nodiscard]] std::uint32_t pageSize() const { return m_pageSize; }
    /// Of every so many commits one is kept; a power of two.
    [[nodiscard]] std::uint64_t commitsPerPoint() const { return m_stride; }
    /// Index of the last point at or before an event; -1 only while there are no points.
    [[nodiscard]] int pointAt(int event) const;
    /// Index of the last remap at or before an event; -1: none was yet.
    [[nodiscard]] int remapAt(int event) const;

private:
    // What the last event read looked like: after an undo another one stands in its place.
    struct Mark {
        int command = -1;
        std::uint64_t number = 0;
        std::size_t kind = 0;
        PageId page;
        friend bool operator==(const Mark&, const Mark&) = default;
    };
    [[nodiscard]] static Mark markOf(const StageLog& log, int count);
    void begin(const StageLog& log);
    void take(const StageEvent& event, int index);
    void take(const WriteTraceEvent& event, int index);
    void takeReopened(const ReopenedEvent& event, int index);
    void takeReader(const ReaderEvent& event, int index);
    void takeRemap(const RemapEvent& map, int index);
    void takeDropped(const StageLog& log);
    void add(GrowthPoint::Kind kind, int index);
    void addCommit();
    void thin();

    std::vector<GrowthPoint> m_points;
    std::vector<GrowthRemap> m_remaps;
    std::vector<GrowthReader> m_open;
    GrowthPoint m_now;
    std::uint32_t m_pageSize = 0;
    std::uint64_t m_stride = 1;
    std::size_t m_commits = 0; // among m_points
    std::uint64_t m_dropped = 0;
    std::uint64_t m_lastTx = 0;     // of the last commit
    std::uint64_t m_remapCount = 0; // as the state counts them
    std::uint64_t m_uncertain = 0;  // transaction whose commit may count; 0: there is none
    std::uint64_t m_metaUsed = 0;   // by the meta that was made last
    int m_seen = -1;                // events read; -1: not begun
    Mark m_mark;
};

/// The lengths after any event, exactly. Cost: that of StageLog::stateAt, nothing at the newest.
[[nodiscard]] GrowthPoint growthAt(const StageLog& log, int event);

/// One line of "who waits" at a remap. Events; -1 as an end: not yet.
struct RemapLane {
    enum class Who : std::uint8_t { Writer, Reader, Later };
    Who who = Who::Reader;
    std::uint64_t reader = 0;
    TxId txid;
    int begin = -1;
    int end = -1;
    bool isWaiting = false; ///< at some time
    int waitBegin = -1;
    int waitEnd = -1;
};

/// Who waits at a remap, seen from event `now`: the writer first, then readers.
/// Here nobody does. In bolt (`boltsWay`) each reader holds the map lock as long as it is open and
/// the remap takes it alone: the writer waits for all of them, later readers for the writer.
/// Source: bbolt db.go mmap, beginTX.
[[nodiscard]] std::vector<RemapLane> remapLanes(const GrowthRemap& remap, int now, bool boltsWay);

} // namespace pagescape::gui
