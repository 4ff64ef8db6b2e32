// SPDX-License-Identifier: MIT
// What happens on the stage, in one order: the engine's own events, and what only the sandbox
// knows: commands of the user, what they came to, and readers that come and go.
#pragma once

#include "pagescape/trace.h"
#include "pagescape/write_trace.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pagescape::gui {

/// A command of the user began; the events up to the next one are what the engine did for it.
struct CommandEvent {
    std::uint64_t command = 0; ///< its number in the sandbox
    std::string text;          ///< what was asked for, in words: "Put books / dracula"
};

/// A command failed. The engine's own events before it stand.
struct FailureEvent {
    std::string text; ///< what was expected, found and where
};

/// What a Get or a sequence came to.
struct AnswerEvent {
    bool isFound = false;
    bool fromTransaction = false; ///< from the open write transaction, uncommitted changes included
    std::string value;            ///< its first kQuotedBytes bytes, or a number in decimal
    std::uint64_t size = 0;       ///< bytes of the whole value
    static constexpr std::size_t kQuotedBytes = 256;
};

/// A read transaction began or ended.
struct ReaderEvent {
    std::uint64_t reader = 0; ///< its number in the sandbox, from 1
    TxId txid;                ///< the version it reads
    bool isOpen = false;      ///< it began
};

/// The store was closed and opened again: for other options, or to go back in time. What waited for
/// readers is free then, since nobody reads.
struct ReopenedEvent {
    std::uintptr_t mapAddress = 0;
    std::uint64_t mapLength = 0; ///< bytes
    TxId txid;                   ///< of the version that counts
    bool isOtherValid = true;    ///< the other meta is one, too
};

/// One event of a sandbox. Numbered from 0 in a StageLog.
using StageEvent = std::variant<CommandEvent, FailureEvent, AnswerEvent, ReaderEvent, ReopenedEvent,
                                TraceEvent, WriteTraceEvent>;

/// Events in their order, as they are handed over.
using StageEvents = std::vector<StageEvent>;

/// How much a step shows. A level has the steps of those before it too.
enum class StageLevel : std::uint8_t { Transaction, Operation, Page, Byte };
inline constexpr int kStageLevelCount = 4;

/// The coarsest level at which an event is a step of its own.
[[nodiscard]] StageLevel levelOf(const StageEvent& event);

/// A number for the kind of an event: what "next of the same kind" and break points go by.
/// Commands, failures, answers and readers come first, then kinds of reads, then those of writes.
[[nodiscard]] std::size_t kindOf(const StageEvent& event);
inline constexpr std::size_t kStageKindCount =
    5 + std::variant_size_v<TraceEvent> + std::variant_size_v<WriteTraceEvent>;

/// The stable name of an event's kind: "command", "failure", "answer",
/// "reader", or the engine's.
[[nodiscard]] std::string_view stageEventName(const StageEvent& event);

/// The page an event is about; page 0 when it is about none.
[[nodiscard]] PageId stageEventPage(const StageEvent& event);

} // namespace pagescape::gui
