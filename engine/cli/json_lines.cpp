// SPDX-License-Identifier: MIT
#include "json_lines.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace pagescape::cli {

namespace {

using nlohmann::json;

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Length of the UTF-8 sequence at the start of `text`, or 0 where there is none: RFC 3629, so no
// surrogates, no overlong forms, nothing above U+10FFFF.
std::size_t sequenceLength(std::string_view text) {
    const auto at = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto continues = [&](std::size_t i) { return (at(i) & 0xC0U) == 0x80U; };
    const unsigned lead = at(0);
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return continues(1) ? 2 : 0;
    }
    if ((lead & 0xF0U) == 0xE0U) {
        const bool isRange = !(lead == 0xE0 && at(1) < 0xA0) && !(lead == 0xED && at(1) > 0x9F);
        return isRange && continues(1) && continues(2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const bool isRange = !(lead == 0xF0 && at(1) < 0x90) && !(lead == 0xF4 && at(1) > 0x8F);
        return isRange && continues(1) && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

// UTF-8 without control characters other than tab and line ends: what a reader can read.
bool isReadable(std::string_view text) {
    while (!text.empty()) {
        const auto c = static_cast<unsigned char>(text.front());
        const bool isControl = (c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
        const std::size_t length = isControl ? 0 : sequenceLength(text);
        if (length == 0) {
            return false;
        }
        text.remove_prefix(length);
    }
    return true;
}

void appendQuoted(std::string& line, std::string_view text) {
    line += '"';
    for (const char c : text) {
        switch (c) {
        case '"': line += "\\\""; break;
        case '\\': line += "\\\\"; break;
        case '\t': line += "\\t"; break;
        case '\n': line += "\\n"; break;
        case '\r': line += "\\r"; break;
        default: line += c;
        }
    }
    line += '"';
}

Error badLine(std::string text) {
    Error error;
    error.code = ErrorCode::IncompatibleValue;
    error.text = std::move(text);
    return error;
}

Result<std::string> bytesOf(const json& value, const std::string& what) {
    if (value.is_string()) {
        return value.get<std::string>();
    }
    if (value.is_object() && value.size() == 1 && value.contains("base64") &&
        value.at("base64").is_string()) {
        auto bytes = fromBase64(value.at("base64").get_ref<const std::string&>());
        if (bytes) {
            return std::move(*bytes);
        }
        return fail(badLine("the base64 of \"" + what + "\" is damaged"));
    }
    return fail(badLine("expected a text or {\"base64\": \"...\"} as \"" + what + "\", found " +
                        std::string(value.type_name())));
}

Result<std::vector<std::string>> pathOf(const json& object) {
    const auto bucket = object.find("bucket");
    if (bucket == object.end() || !bucket->is_array()) {
        return fail(badLine("expected a list of names as \"bucket\""));
    }
    std::vector<std::string> path;
    for (const json& each : *bucket) {
        auto name = bytesOf(each, "bucket");
        if (!name) {
            return fail(name.error());
        }
        path.push_back(std::move(*name));
    }
    return path;
}

// The library's reason and place, without its own number for it.
std::string reasonOf(const json::exception& error) {
    std::string text = error.what();
    text.erase(0, std::min(text.size(), text.find("] ") + 2));
    return text;
}

// {"end":true,"lines":N}, and nothing more.
Result<JsonLine> endLineOf(const json& object) {
    const auto lines = object.find("lines");
    if (object.size() != 2 || object.at("end") != true || lines == object.end() ||
        !lines->is_number_unsigned()) {
        return fail(badLine(R"(expected {"end":true,"lines":N} as the closing line)"));
    }
    JsonLine line;
    line.linesBeforeEnd = lines->get<std::uint64_t>();
    return line;
}

/// Sees to it while a text is parsed that no object has two members of one name: a parser that
/// takes the later one would hide that the line says two things.
class MemberNames {
public:
    void see(json::parse_event_t event, const json& value) {
        switch (event) {
        case json::parse_event_t::object_start: m_open.emplace_back(); break;
        case json::parse_event_t::object_end: m_open.pop_back(); break;
        case json::parse_event_t::key:
            if (!m_open.back().insert(value.get<std::string>()).second && !m_repeated) {
                m_repeated = value.get<std::string>();
            }
            break;
        default: break;
        }
    }
    [[nodiscard]] const std::optional<std::string>& repeated() const { return m_repeated; }

private:
    std::vector<std::set<std::string>> m_open; // of each object on the way
    std::optional<std::string> m_repeated;
};

} // namespace

std::string toBase64(Bytes bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            group = group << 8U | (k < have ? std::to_integer<std::uint32_t>(bytes[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            text += k <= have ? kAlphabet[group >> (18 - 6 * k) & 0x3FU] : '=';
        }
    }
    return text;
}

std::optional<std::string> fromBase64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') {
        ++padding;
    }
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        const std::size_t letters = i + 4 == text.size() ? 4 - padding : 4;
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 4; ++k) {
            const std::size_t digit = k < letters ? kAlphabet.find(text[i + k]) : 0;
            if (digit == std::string_view::npos) {
                return std::nullopt;
            }
            group = group << 6U | static_cast<std::uint32_t>(digit);
        }
        for (std::size_t k = 0; k < 3; ++k) {
            const auto byte = static_cast<char>(group >> (16 - 8 * k) & 0xFFU);
            if (k + 1 < letters) {
                bytes += byte;
            } else if (byte != 0) { // two encodings of the same bytes are one too many
                return std::nullopt;
            }
        }
    }
    return bytes;
}

void appendJsonBytes(std::string& line, Bytes bytes) {
    const std::string text = toString(bytes);
    if (isReadable(text)) {
        appendQuoted(line, text);
    } else {
        line += "{\"base64\":\"" + toBase64(bytes) + "\"}";
    }
}

void appendJsonPath(std::string& line, std::span<const Bytes> path) {
    line += "{\"bucket\":[";
    for (std::size_t i = 0; i < path.size(); ++i) {
        line += i == 0 ? "" : ",";
        appendJsonBytes(line, path[i]);
    }
    line += ']';
}

std::string jsonEndLine(std::uint64_t lines) {
    return R"({"end":true,"lines":)" + std::to_string(lines) + "}\n";
}

Result<JsonLine> parseJsonLine(std::string_view line) {
    json object;
    MemberNames names;
    try { // the parser's way of saying what is wrong, and where
        object = json::parse(line.begin(), line.end(),
                             [&names](int, json::parse_event_t event, const json& value) {
                                 names.see(event, value);
                                 return true;
                             });
    } catch (const json::exception& error) {
        return fail(badLine("this is no JSON: " + reasonOf(error)));
    }
    if (names.repeated()) {
        return fail(badLine("the member \"" + *names.repeated() + "\" stands twice in an object"));
    }
    if (!object.is_object()) {
        return fail(badLine("expected an object, found " + std::string(object.type_name())));
    }
    if (object.contains("end")) {
        return endLineOf(object);
    }
    static constexpr std::array<std::string_view, 4> kKnown{"bucket", "sequence", "key", "value"};
    for (const auto& member : object.items()) {
        if (std::ranges::find(kKnown, member.key()) == kKnown.end()) {
            return fail(badLine("unknown member \"" + member.key() +
                                "\"; known are bucket, sequence, key, value"));
        }
    }
    auto path = pathOf(object);
    if (!path) {
        return fail(path.error());
    }
    JsonLine parsed;
    parsed.bucket = std::move(*path);
    const auto sequence = object.find("sequence");
    const auto key = object.find("key");
    const auto value = object.find("value");
    if (key == object.end() && value == object.end()) {
        if (sequence != object.end() && !sequence->is_number_unsigned()) {
            return fail(badLine("expected a whole number from 0 to 18446744073709551615 as "
                                "\"sequence\", found " +
                                (sequence->is_number() ? "another number" : sequence->dump())));
        }
        parsed.sequence = sequence == object.end() ? 0 : sequence->get<std::uint64_t>();
        return parsed;
    }
    if (key == object.end() || value == object.end() || sequence != object.end()) {
        return fail(badLine("expected \"key\" and \"value\" for a pair, or \"sequence\" for a "
                            "bucket"));
    }
    auto keyBytes = bytesOf(*key, "key");
    auto valueBytes = bytesOf(*value, "value");
    if (!keyBytes || !valueBytes) {
        return fail(keyBytes ? valueBytes.error() : keyBytes.error());
    }
    parsed.isPair = true;
    parsed.key = std::move(*keyBytes);
    parsed.value = std::move(*valueBytes);
    return parsed;
}

} // namespace pagescape::cli
