// SPDX-License-Identifier: MIT
// Keys that a person typed.
#include "pagescape/value_format.h"
#include "value/decoders.h"
#include "value/text.h"

#include <array>
#include <charconv>

namespace pagescape {

using namespace value;

namespace {

Result<std::string> parseHex(std::string_view typed) {
    if (typed.starts_with("0x") || typed.starts_with("0X")) {
        typed.remove_prefix(2);
    }
    std::string out;
    unsigned high = 0; // the first digit of a byte
    bool hasHigh = false;
    for (std::size_t i = 0; i < typed.size(); ++i) {
        if (typed[i] == ' ' && !hasHigh) {
            continue; // between bytes
        }
        const auto digit = hexDigit(typed[i]);
        if (!digit) {
            return fail(misfit("expected a hex digit at character " + std::to_string(i + 1)));
        }
        if (hasHigh) {
            out += static_cast<char>(high << 4U | *digit);
        } else {
            high = *digit;
        }
        hasHigh = !hasHigh;
    }
    if (hasHigh) {
        return fail(misfit("expected two hex digits a byte, found one at the end"));
    }
    return out;
}

// The character that a single letter behind a backslash stands for; nothing for other letters.
std::optional<char> simpleEscape(char letter) {
    switch (letter) {
    case 'a': return '\a';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    case '0': return '\0';
    case '\\':
    case '"':
    case '\'': return letter;
    default: return std::nullopt;
    }
}

Result<std::string> parseEscaped(std::string_view typed) {
    const bool isQuoted = typed.size() >= 2 && typed.front() == '"' && typed.back() == '"';
    if (isQuoted) {
        typed = typed.substr(1, typed.size() - 2);
    }
    std::string out;
    for (std::size_t i = 0; i < typed.size(); ++i) {
        if (typed[i] != '\\') {
            out += typed[i];
            continue;
        }
        const char letter = i + 1 < typed.size() ? typed[i + 1] : char{0};
        if (letter == 'x' && typed.size() - i >= 4) {
            const auto high = hexDigit(typed[i + 2]);
            const auto low = hexDigit(typed[i + 3]);
            if (high && low) {
                out += static_cast<char>(*high << 4U | *low);
                i += 3;
                continue;
            }
        } else if (const auto escaped = simpleEscape(letter)) {
            out += *escaped;
            i += 1;
            continue;
        }
        return fail(misfit("expected \\xNN, \\n, \\t, \\r, \\0, \\\" or \\\\ at character " +
                           std::to_string(i + 1 + (isQuoted ? 1 : 0))));
    }
    return out;
}

Result<std::uint64_t> parseNumber(std::string_view typed) {
    int base = 10;
    std::string_view digits = typed;
    if (typed.starts_with("0x") || typed.starts_with("0X")) {
        base = 16;
        digits.remove_prefix(2);
    }
    std::uint64_t value = 0;
    const auto [end, problem] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (digits.empty() || problem != std::errc{} || end != digits.data() + digits.size()) {
        return fail(misfit("expected a number from 0 to 18446744073709551615, found \"" +
                           shortText(asBytes(typed)) + "\""));
    }
    return value;
}

std::string eightBytes(std::uint64_t value, bool isBigEndian) {
    std::string out(8, '\0');
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[isBigEndian ? out.size() - 1 - i : i] = static_cast<char>(value >> (8 * i) & 0xFFU);
    }
    return out;
}

Result<std::string> parseUint(std::string_view typed, bool isBigEndian) {
    const auto value = parseNumber(typed);
    if (!value) {
        return fail(value.error());
    }
    return eightBytes(*value, isBigEndian);
}

// "main_sub", and for a tombstone " (tombstone)" behind it: what etcdRevisionText() writes.
Result<std::string> parseRevision(std::string_view typed) {
    constexpr std::string_view kMark = " (tombstone)";
    const bool isTombstone = typed.ends_with(kMark);
    if (isTombstone) {
        typed.remove_suffix(kMark.size());
    }
    const std::size_t separator = typed.find('_');
    if (separator == std::string_view::npos) {
        return fail(misfit("expected an etcd revision such as 5_0, found no '_'"));
    }
    const auto main = parseNumber(typed.substr(0, separator));
    const auto sub = parseNumber(typed.substr(separator + 1));
    if (!main || !sub) {
        return fail(main ? sub.error() : main.error());
    }
    return eightBytes(*main, true) + "_" + eightBytes(*sub, true) + (isTombstone ? "t" : "");
}

} // namespace

Result<std::string> parseKey(std::string_view typed, ValueFormat format) {
    switch (format) {
    case ValueFormat::Auto:
    case ValueFormat::Text:
    case ValueFormat::Raw: return std::string(typed);
    case ValueFormat::Escaped: return parseEscaped(typed);
    case ValueFormat::Hex: return parseHex(typed);
    case ValueFormat::UintBig: return parseUint(typed, true);
    case ValueFormat::UintLittle: return parseUint(typed, false);
    case ValueFormat::EtcdRevision: return parseRevision(typed);
    default:
        return fail(misfit(std::string(valueFormatName(format)) +
                           " is a format for printing; nothing can be typed in it"));
    }
}

} // namespace pagescape
