// SPDX-License-Identifier: MIT
// How to open a file.
#pragma once

#include <cstdint>

namespace pagescape {

class TraceSink;

/// What the kernel is told about the order in which mapped pages will be read.
/// bolt always says Random; that makes whole-file scans slow, so the default here is Normal.
enum class MapAdvice { Normal, Random, Sequential };

/// Options for looking at a file. Opening never writes, never creates and never waits.
struct OpenOptions {
    MapAdvice advice = MapAdvice::Normal;
    /// The mapping is at least this long (bytes, rounded up by the growth rule). 0: the file
    /// decides.
    std::uint64_t initialMapSize = 0;
    /// Page size to assume when neither meta tells it (bytes). 0: 4096.
    std::uint32_t pageSizeHint = 0;
    /// Turn the SIGBUS of a file that shrinks under the mapping into ErrorCode::Truncated. Installs
    /// a process-wide SIGBUS handler on first use, which passes all other faults on.
    bool guardTruncation = true;
    /// Receives what the engine does; null costs nothing. Must outlive the opened object.
    TraceSink* trace = nullptr;
};

} // namespace pagescape
