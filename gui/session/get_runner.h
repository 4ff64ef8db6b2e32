// SPDX-License-Identifier: MIT
// Runs one traced Get against the engine and keeps what a replay needs.
#pragma once

#include "models/session_values.h"
#include "pagescape/page_file.h"

#include <memory>

namespace pagescape::gui {

/// Bytes of a value that a trace keeps.
inline constexpr qsizetype kKeptValueBytes = 64 * 1024;

/// Runs the engine's own Get with a recorder. Never fails: errors stand in the trace, behind the
/// events that came before them. Cost: that of the Get, plus one small read for each key quoted.
[[nodiscard]] GetTrace runGet(const std::shared_ptr<const PageFile>& file,
                              const std::vector<QByteArray>& path, const QByteArray& key);

/// File bytes that an event's caption quotes; empty when it quotes none.
[[nodiscard]] ByteRange quotedRange(const TraceEvent& event);

} // namespace pagescape::gui
