// SPDX-License-Identifier: MIT
// Evidence about a file that is no bolt database: what its first bytes look like, so that a refusal
// can say "this is a SQLite 3 database" instead of "invalid database", and what to try next.
#pragma once

#include "pagescape/types.h"

#include <string>

namespace pagescape {

/// Bytes that sniff() likes to have: one page of the usual size. Fewer are fine.
inline constexpr std::uint64_t kSniffBytes = 4096;

/// What the first bytes of a file tell.
struct FileEvidence {
    /// A noun phrase such as "a SQLite 3 database" or "plain text"; empty when nothing was
    /// recognised.
    std::string looksLike;
    std::string firstBytesHex;  ///< up to 16 bytes, "53 51 4c 69"; empty for an empty file
    std::string firstBytesText; ///< the same bytes as ASCII, '.' for all others
    /// What can be tried, one sentence; empty where there is no better idea than viewing raw pages.
    std::string hint;
    /// A bolt meta starts at byte 16: the file is, or was, a bolt database.
    bool isBolt = false;

    /// "It looks like a SQLite 3 database. First bytes: 53 51 4c … "SQLite format 3."."
    [[nodiscard]] std::string describe() const;
};

/// Recognises a file from its first bytes: magic numbers of databases, archives and compressed
/// files, text, zeros, and bytes without any pattern. Total: any input, also an empty one, gives an
/// answer. Cost: linear in `firstBytes`.
[[nodiscard]] FileEvidence sniff(Bytes firstBytes);

} // namespace pagescape
