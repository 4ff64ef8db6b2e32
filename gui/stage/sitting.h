// SPDX-License-Identifier: MIT
// Sitting: a whole session of a sandbox at a glance. Transactions are spans, readers are bars,
// commands and new mappings are marks; all of them stand at the numbers of the log's events.
//
//   event          0    5    10   15   20   25
//   commands       |Put |Commit   |Open|Put ...
//   transactions   [--- 3 ---]         [--- 4 ...
//   readers                       [= 1, sees 3 =====
#pragma once

#include "stage/stage_log.h"

#include <QString>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pagescape::gui {

/// How a write transaction of the sitting ended.
enum class SpanEnd : std::uint8_t { Open, Committed, RolledBack, Uncertain };

/// A write transaction. Events are numbers in the log, both inclusive.
struct SittingSpan {
    int begin = 0;
    int end = -1; ///< -1: it is open
    std::uint64_t txid = 0;
    SpanEnd outcome = SpanEnd::Open;
    std::uint64_t released = 0; ///< pages that its Begin freed; told by the event after `begin`
    friend bool operator==(const SittingSpan&, const SittingSpan&) = default;
};

/// A read transaction.
struct SittingReader {
    int open = 0;
    int close = -1; ///< -1: it is open
    std::uint64_t reader = 0;
    std::uint64_t txid = 0; ///< it sees
    int lane = 0;           ///< no two bars of a lane overlap
    friend bool operator==(const SittingReader&, const SittingReader&) = default;
};

/// The file was mapped anew, or a command failed.
struct SittingMark {
    int event = 0;
    std::uint64_t bytes = 0;    ///< of the new mapping; 0: a failure
    std::uint64_t oldBytes = 0; ///< of the mapping before
    [[nodiscard]] bool isGrowth() const { return bytes > oldBytes; }
    friend bool operator==(const SittingMark&, const SittingMark&) = default;
};

/// A value made from a log, and brought up to date from what is new in it. Memory: some 150 bytes
/// for each command, transaction and reader; a log has at most StageLog::kMostEvents of them.
/// Thread: one at a time.
class Sitting {
public:
    /// Bytes that are kept of a command's text.
    static constexpr std::size_t kTextBytes = 60;

    /// Takes in what the log has and this has not. What was undone since is found out by the
    /// numbers of the commands, and forgotten. Of one sandbox: clear() before that of another.
    /// Cost: the new events.
    void follow(const StageLog& log);
    void clear() { *this = Sitting(); }
    /// Forgets the events from `count` on.
    void truncate(int count);

    /// Events taken in.
    [[nodiscard]] int events() const { return m_events; }
    /// True when the log was full, and so later events are missing.
    [[nodiscard]] bool isCut() const { return m_isCut; }
    /// By their begins, ascending.
    [[nodiscard]] const std::vector<SittingSpan>& spans() const { return m_spans; }
    /// By their opening, ascending.
    [[nodiscard]] const std::vector<SittingReader>& readers() const { return m_readers; }
    /// New mappings and failures, ascending.
    [[nodiscard]] const std::vector<SittingMark>& marks() const { return m_marks; }
    /// Events at which a command begins, ascending.
    [[nodiscard]] const std::vector<int>& commands() const { return m_commands; }
    /// What was asked for: "Put books / dracula"; cut to kTextBytes.
    [[nodiscard]] QString commandText(std::size_t command) const;
    /// Lanes that the bars of the readers need.
    [[nodiscard]] int lanes() const { return m_lanes; }

    /// Index of the command that an event belongs to.
    [[nodiscard]] std::optional<std::size_t> commandAt(int event) const;
    /// Index of the write transaction that an event lies in, or of none.
    [[nodiscard]] std::optional<std::size_t> spanAt(int event) const;
    /// Index of the bar of a reader that is open after an event. Cost: all readers.
    [[nodiscard]] std::optional<std::size_t> readerAt(std::uint64_t reader, int event) const;

    /// Of what is shown; not of how it came about.
    friend bool operator==(const Sitting& a, const Sitting& b);

private:
    void add(const StageEvent& event);
    void addReader(const ReaderEvent& event);
    void addWrite(const WriteTxEvent& event);
    void addCommand(const CommandEvent& event);
    void settleLanes();

    int m_events = 0;
    bool m_isCut = false;
    std::vector<SittingSpan> m_spans;
    std::vector<SittingReader> m_readers;
    std::vector<SittingMark> m_marks;
    std::vector<int> m_commands;
    std::vector<std::uint64_t> m_numbers; // of the commands
    std::vector<std::uint32_t> m_textEnds;
    std::string m_texts; // of all commands, one after the other
    int m_lanes = 0;
    std::map<std::uint64_t, std::size_t> m_open; // reader -> its bar
    std::set<int> m_freeLanes;
};

} // namespace pagescape::gui
