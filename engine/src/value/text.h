// SPDX-License-Identifier: MIT
// Text and bytes: UTF-8, what counts as printable, escapes and hex. Private to the value formats.
#pragma once

#include "pagescape/types.h"
#include "value/text_sink.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace pagescape::value {

/// One character of UTF-8: its code point and its length in bytes.
struct CodePoint {
    char32_t value = 0;
    std::size_t length = 0;
};

/// The character at the start of `bytes`; nothing when they are empty or not UTF-8 (overlong forms,
/// surrogates and values above U+10FFFF are not). Source: Unicode 15, table 3-7.
[[nodiscard]] std::optional<CodePoint> firstCodePoint(Bytes bytes);

/// Whether Go's unicode.IsPrint takes the character: no controls, formats, private use, line
/// separators, and no blank but the ASCII one. Code points that Unicode has not assigned are taken
/// for printable here; Go knows them.
[[nodiscard]] bool isPrintable(char32_t c);

/// bbolt's rule for "auto": valid UTF-8 of printable characters only.
[[nodiscard]] bool isPrintableText(Bytes bytes);

/// Valid UTF-8 whose only controls are tab, line feed and carriage return.
[[nodiscard]] bool isPlainText(Bytes bytes);

/// Writes text as it is, and as \xNN every byte that is not UTF-8 or is part of a control
/// character. Tabs and line ends stay when `keepLines`, else they are written as \t, \n, \r.
/// Returns false when something was escaped.
bool addText(TextSink& out, Bytes bytes, bool keepLines);

/// Writes `bytes` between quotes, as ASCII with \xNN escapes.
void addQuotedAscii(TextSink& out, Bytes bytes);

/// Writes `bytes` between quotes, with quotes, backslashes, controls and bad UTF-8 escaped.
void addQuotedText(TextSink& out, Bytes bytes);

/// Writes lower-case hex.
void addHex(TextSink& out, Bytes bytes);

/// 0 to 15, or nothing.
[[nodiscard]] std::optional<unsigned> hexDigit(char c);

} // namespace pagescape::value
