// SPDX-License-Identifier: MIT
// The engine's trace events as lines for people and as JSON objects for programs.
#pragma once

#include "json_writer.h"
#include "output.h"
#include "pagescape/page_file.h"
#include "pagescape/trace.h"

#include <vector>

namespace pagescape::cli {

/// One line: the event's name and what it says. Keys are read from the file.
void printEvent(Output& out, const PageFile& file, const TraceEvent& event);

/// One object: {"event": name, ...}; byte ranges are [begin, end) of the file.
void writeEvent(JsonWriter& json, const PageFile& file, const TraceEvent& event);

/// The pages of the file that were read, in order. An inline page lies in a page that was read
/// already, so it does not count; the meta page is not among them.
[[nodiscard]] std::vector<PageId> pagesRead(const std::vector<TraceEvent>& events);

} // namespace pagescape::cli
