// SPDX-License-Identifier: MIT
#include "value/text.h"

#include <algorithm>
#include <array>
#include <string>

namespace pagescape::value {

namespace {

struct CodeRange {
    char32_t first;
    char32_t last;
};

// Source: Unicode 15 general categories Cc, Cf, Co, Cs, Zl, Zp, and Zs without U+0020.
constexpr std::array<CodeRange, 39> kNotPrintable = {{
    {0x0000, 0x001F},   {0x007F, 0x00A0},   {0x00AD, 0x00AD},    {0x0600, 0x0605},
    {0x061C, 0x061C},   {0x06DD, 0x06DD},   {0x070F, 0x070F},    {0x0890, 0x0891},
    {0x08E2, 0x08E2},   {0x1680, 0x1680},   {0x180E, 0x180E},    {0x2000, 0x200F},
    {0x2028, 0x202F},   {0x205F, 0x2064},   {0x2066, 0x206F},    {0x3000, 0x3000},
    {0xD800, 0xF8FF},   {0xFDD0, 0xFDEF},   {0xFEFF, 0xFEFF},    {0xFFF9, 0xFFFB},
    {0xFFFE, 0xFFFF},   {0x110BD, 0x110BD}, {0x110CD, 0x110CD},  {0x13430, 0x1343F},
    {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0x1FFFE, 0x1FFFF},  {0x2FFFE, 0x2FFFF},
    {0x3FFFE, 0x3FFFF}, {0x4FFFE, 0x4FFFF}, {0x5FFFE, 0x5FFFF},  {0x6FFFE, 0x6FFFF},
    {0x7FFFE, 0x7FFFF}, {0x8FFFE, 0x8FFFF}, {0x9FFFE, 0x9FFFF},  {0xAFFFE, 0xAFFFF},
    {0xE0001, 0xE0001}, {0xE0020, 0xE007F}, {0xF0000, 0x10FFFF},
}};

unsigned byteAt(Bytes bytes, std::size_t at) {
    return std::to_integer<unsigned>(bytes[at]);
}

constexpr std::string_view kHexDigits = "0123456789abcdef";

void addHexEscape(TextSink& out, unsigned value) {
    const std::array<char, 4> escape = {'\\', 'x', kHexDigits[value >> 4U],
                                        kHexDigits[value & 15U]};
    out.add(std::string_view(escape.data(), escape.size()));
}

// The letter behind the backslash for characters that have one; 0 for others.
char escapeLetter(char32_t c) {
    switch (c) {
    case '\t': return 't';
    case '\n': return 'n';
    case '\r': return 'r';
    default: return 0;
    }
}

bool isControl(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

void addChars(TextSink& out, Bytes bytes) {
    out.add(toString(bytes));
}

} // namespace

std::optional<CodePoint> firstCodePoint(Bytes bytes) {
    if (bytes.empty()) {
        return std::nullopt;
    }
    const unsigned lead = byteAt(bytes, 0);
    if (lead < 0x80) {
        return CodePoint{lead, 1};
    }
    if (lead < 0xC2 || lead > 0xF4) {
        return std::nullopt;
    }
    const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (bytes.size() < length) {
        return std::nullopt;
    }
    char32_t value = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        const unsigned next = byteAt(bytes, i);
        if ((next & 0xC0U) != 0x80U) {
            return std::nullopt;
        }
        value = (value << 6U) | (next & 0x3FU);
    }
    constexpr std::array<char32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
    const bool isSurrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < kSmallest[length] || value > 0x10FFFF || isSurrogate) {
        return std::nullopt;
    }
    return CodePoint{value, length};
}

bool isPrintable(char32_t c) {
    const auto* after = std::upper_bound(
        kNotPrintable.begin(), kNotPrintable.end(), c,
        [](char32_t value, const CodeRange& range) { return value < range.first; });
    return after == kNotPrintable.begin() || (after - 1)->last < c;
}

bool isPrintableText(Bytes bytes) {
    while (!bytes.empty()) {
        const auto c = firstCodePoint(bytes);
        if (!c || !isPrintable(c->value)) {
            return false;
        }
        bytes = bytes.subspan(c->length);
    }
    return true;
}

bool isPlainText(Bytes bytes) {
    while (!bytes.empty()) {
        const auto c = firstCodePoint(bytes);
        if (!c || (isControl(c->value) && escapeLetter(c->value) == 0)) {
            return false;
        }
        bytes = bytes.subspan(c->length);
    }
    return true;
}

bool addText(TextSink& out, Bytes bytes, bool keepLines) {
    bool isVerbatim = true;
    while (!bytes.empty() && !out.isCut()) {
        const auto c = firstCodePoint(bytes);
        const char letter = c ? escapeLetter(c->value) : char{0};
        if (letter != 0 && !keepLines) {
            out.add(std::string{'\\', letter});
            isVerbatim = false;
            bytes = bytes.subspan(1);
        } else if (letter != 0 || (c && !isControl(c->value))) {
            addChars(out, bytes.first(c->length));
            bytes = bytes.subspan(c->length);
        } else {
            addHexEscape(out, byteAt(bytes, 0));
            isVerbatim = false;
            bytes = bytes.subspan(1);
        }
    }
    return isVerbatim;
}

void addQuotedAscii(TextSink& out, Bytes bytes) {
    out.add('"');
    for (std::size_t i = 0; i < bytes.size() && !out.isCut(); ++i) {
        const unsigned value = byteAt(bytes, i);
        const char letter = escapeLetter(value);
        if (letter != 0) {
            out.add(std::string{'\\', letter});
        } else if (value == '"' || value == '\\') {
            out.add(std::string{'\\', static_cast<char>(value)});
        } else if (value < 0x20 || value > 0x7E) {
            addHexEscape(out, value);
        } else {
            out.add(static_cast<char>(value));
        }
    }
    out.add('"');
}

void addQuotedText(TextSink& out, Bytes bytes) {
    out.add('"');
    while (!bytes.empty() && !out.isCut()) {
        const unsigned value = byteAt(bytes, 0);
        if (value == '"' || value == '\\') {
            out.add(std::string{'\\', static_cast<char>(value)});
            bytes = bytes.subspan(1);
            continue;
        }
        const auto c = firstCodePoint(bytes);
        const std::size_t length = c ? c->length : 1;
        addText(out, bytes.first(length), false);
        bytes = bytes.subspan(length);
    }
    out.add('"');
}

void addHex(TextSink& out, Bytes bytes) {
    for (std::size_t i = 0; i < bytes.size() && !out.isCut(); ++i) {
        const unsigned value = byteAt(bytes, i);
        const std::array<char, 2> digits = {kHexDigits[value >> 4U], kHexDigits[value & 15U]};
        out.add(std::string_view(digits.data(), digits.size()));
    }
}

std::optional<unsigned> hexDigit(char c) {
    if (c >= '0' && c <= '9') {
        return static_cast<unsigned>(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return static_cast<unsigned>(c - 'a') + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return static_cast<unsigned>(c - 'A') + 10;
    }
    return std::nullopt;
}

} // namespace pagescape::value
