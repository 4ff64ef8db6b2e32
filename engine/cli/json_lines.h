// SPDX-License-Identifier: MIT
// The lines of `export` and `load`: one JSON object for a bucket or a pair. See the README.
//
//   {"bucket":["a","b"],"sequence":7}              a bucket, named by its path
//   {"bucket":["a"],"key":"k","value":"v"}         a pair
//   {"end":true,"lines":2}                         the last line: how many came before it
//
// A name, key or value is a JSON text when its bytes are readable UTF-8, else {"base64":"..."}.
#pragma once

#include "pagescape/format.h"
#include "pagescape/result.h"
#include "pagescape/types.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pagescape::cli {

/// RFC 4648 section 4, with padding.
[[nodiscard]] std::string toBase64(Bytes bytes);
/// Nothing when the text is none: another letter, a wrong length, bits left over.
[[nodiscard]] std::optional<std::string> fromBase64(std::string_view text);

/// Adds a JSON value for bytes: a text or {"base64":"..."}.
void appendJsonBytes(std::string& line, Bytes bytes);

/// Adds `{"bucket":[...]`; the line goes on with ",".
void appendJsonPath(std::string& line, std::span<const Bytes> path);

/// The line that closes an export, with its line end: without it a reader cannot know that nothing
/// was cut off.
[[nodiscard]] std::string jsonEndLine(std::uint64_t lines);

/// The longest line that can hold a pair: key and value, each byte written as "\u00XX" (base64
/// takes less), and as much room as the largest key needs for each of 100 names of buckets.
inline constexpr std::uint64_t kMostLineBytes =
    6 * (std::uint64_t{format::kMaxValueSize} + 101 * std::uint64_t{format::kMaxKeySize}) + 4096;

/// What a line says.
struct JsonLine {
    std::vector<std::string> bucket;       ///< names, outermost first
    std::optional<std::uint64_t> sequence; ///< of a bucket line
    std::string key;                       ///< of a pair
    std::string value;                     ///< of a pair
    bool isPair = false;
    std::optional<std::uint64_t> linesBeforeEnd; ///< of the closing line, which says nothing else
};

/// Reads a line. Errors: IncompatibleValue, also for a member that stands twice, whose text says
/// what is wrong with it.
[[nodiscard]] Result<JsonLine> parseJsonLine(std::string_view line);

} // namespace pagescape::cli
