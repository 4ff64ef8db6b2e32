// SPDX-License-Identifier: MIT
// What the engine did, as a closed set of plain events. The engine reports to a nullable sink; the
// window, the command line and the tests read the same events, so no picture can act out its own
// story.
#pragma once

#include "pagescape/types.h"
#include "pagescape/write_trace.h"

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

namespace pagescape {

/// Which of a file's versions a read transaction looks at.
enum class MetaChoice : std::uint8_t {
    Newest,   ///< the higher txid that validates
    Previous, ///< the other one: OpenOptions::previousVersion
    Held,     ///< that of an open reader: OpenOptions::heldMeta
};

/// A read transaction began, and with it the choice of a meta.
struct MetaChosenEvent {
    std::uint8_t meta = 0;      ///< 0 or 1, also its page id; with Held where it was read once
    bool otherValid = false;    ///< whether the other meta validates too
    std::uint32_t pageSize = 0; ///< bytes
    TxId txid;                  ///< of the chosen meta
    TxId otherTxid;             ///< of the other one, as stored
    PageId root;                ///< root page of the root bucket
    std::uint64_t checksum = 0; ///< of the chosen meta
    MetaChoice choice = MetaChoice::Newest;
};

/// A bucket was entered: its header is a leaf value (or, for the root bucket, part of the meta).
struct BucketHopEvent {
    ByteRange name;          ///< file bytes of the name; empty for the root bucket
    ByteRange header;        ///< file bytes of the 16-byte bucket header
    PageId root;             ///< its root page; page 0 when inline
    bool isInline = false;   ///< the bucket's page lies inside the value
    std::uint32_t level = 0; ///< 0 for the root bucket
};

/// A page (or an inline page) was looked at.
struct PageReadEvent {
    PageId page;                ///< the page; for an inline page the leaf that holds it
    ByteRange bytes;            ///< file bytes of the page run, or of the inline page
    std::uint16_t flags = 0;    ///< format::kBranchFlag or kLeafFlag
    std::uint16_t count = 0;    ///< elements
    std::uint32_t overflow = 0; ///< extra pages
    std::uint16_t depth = 0;    ///< 0 for the bucket's root
    bool isInline = false;
};

/// One comparison of a binary search. The search looks for the lowest element whose key is >=
/// target.
struct ProbeEvent {
    PageId page;
    std::uint32_t low = 0; ///< candidates are [low, high)
    std::uint32_t high = 0;
    std::uint32_t middle = 0;        ///< the element compared
    ByteRange key;                   ///< file bytes of that element's key
    std::uint32_t bytesCompared = 0; ///< up to and including the first difference
    std::int8_t order = 0;           ///< target against key: -1 before, 0 equal, +1 after
};

/// A branch page decided. No exact match steps one to the left: the child whose key is the greatest
/// <= target; targets before the first key go to child 0.
struct ChildChosenEvent {
    PageId page;
    std::uint32_t index = 0; ///< the element followed
    PageId child;
    bool exact = false; ///< a compared key was equal
    bool steppedLeft = false;
};

/// The leaf holds the key.
struct LeafHitEvent {
    PageId page;
    std::uint32_t index = 0;
    ByteRange key;         ///< file bytes
    bool isBucket = false; ///< the entry is a bucket: Get answers "no value"
};

/// The leaf does not hold the key.
struct LeafMissEvent {
    PageId page;
    std::uint32_t index = 0; ///< where it would be inserted
};

/// The answer: a slice of the mapping, valid until the transaction ends.
struct ValueSliceEvent {
    PageId page;
    ByteRange value;            ///< file bytes
    std::uintptr_t address = 0; ///< of the first byte in this process
};

/// One event of the engine.
using TraceEvent = std::variant<MetaChosenEvent, BucketHopEvent, PageReadEvent, ProbeEvent,
                                ChildChosenEvent, LeafHitEvent, LeafMissEvent, ValueSliceEvent>;

/// The stable name of an event's kind, such as "page-read", for JSON and filters.
[[nodiscard]] std::string_view eventName(const TraceEvent& event);

/// The page an event is about; page 0 or 1 for the meta choice.
[[nodiscard]] PageId eventPage(const TraceEvent& event);

/// Receives events. Called on the thread that uses the engine, possibly under its locks: it must
/// not block, throw or call the engine back.
class TraceSink {
public:
    virtual ~TraceSink() = default;
    virtual void onEvent(const TraceEvent& event) noexcept = 0;
    /// What write transactions do; ignored unless overridden.
    virtual void onWriteEvent(const WriteTraceEvent& event) noexcept;
};

/// Keeps every event, in order.
class TraceRecorder final : public TraceSink {
public:
    void onEvent(const TraceEvent& event) noexcept override { m_events.push_back(event); }
    [[nodiscard]] const std::vector<TraceEvent>& events() const { return m_events; }
    void clear() { m_events.clear(); }

private:
    std::vector<TraceEvent> m_events;
};

} // namespace pagescape
