// SPDX-License-Identifier: MIT
// JSON and MessagePack, printed as they are parsed. No document is built: keys keep their order,
// two equal keys are both shown, numbers keep their digits, and depth and memory stay bounded.
#include "value/decoders.h"
#include "value/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

namespace pagescape::value {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxSize = std::size_t{16} << 20;
// The MessagePack reader of the library recurses once a level.
constexpr std::size_t kMaxDepth = 256;

std::string floatText(double value) {
    if (std::isnan(value)) {
        return "NaN";
    }
    if (std::isinf(value)) {
        return value < 0 ? "-Infinity" : "Infinity";
    }
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    std::string out(digits.data(), end.ptr);
    if (out.find_first_of(".e") == std::string::npos) {
        out += ".0"; // so that it is seen to be no integer
    }
    return out;
}

// Receives the parser's events. Each returns false to stop; the reason is then in `error`.
class Printer final : public nlohmann::json_sax<Json> {
public:
    explicit Printer(TextSink& out) : m_out(out) {}

    [[nodiscard]] const std::string& error() const { return m_error; }

    bool null() override { return scalar("null"); }
    bool boolean(bool value) override { return scalar(value ? "true" : "false"); }
    bool number_integer(number_integer_t value) override { return scalar(std::to_string(value)); }
    bool number_unsigned(number_unsigned_t value) override { return scalar(std::to_string(value)); }
    bool number_float(number_float_t value, const string_t& digits) override {
        return scalar(digits.empty() ? floatText(value) : digits);
    }
    bool string(string_t& value) override {
        beginValue();
        addQuotedText(m_out, asBytes(value));
        return true;
    }
    bool binary(binary_t& value) override {
        beginValue();
        m_out.add(value.has_subtype()
                      ? "<ext " + std::to_string(static_cast<std::int8_t>(value.subtype())) + ", "
                      : std::string("<"));
        m_out.add(std::to_string(value.size()) + " bytes: ");
        addHex(m_out, std::as_bytes(std::span<const std::uint8_t>(value)));
        m_out.add('>');
        return true;
    }
    bool start_object(std::size_t) override { return open(true); }
    bool start_array(std::size_t) override { return open(false); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        separate();
        addQuotedText(m_out, asBytes(name));
        m_out.add(": ");
        return true;
    }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception& reason) override {
        // "[json.exception.parse_error.101] parse error at line 1, column 3: syntax error while
        // parsing value - invalid literal; last read: '...'": the part between the last two is
        // ours.
        std::string text = reason.what();
        text.erase(0, std::min(text.size(), text.find("] ") + 2));
        text.erase(std::min(text.size(), text.find("; last read")));
        m_error = text + ", at byte " + std::to_string(position == 0 ? 0 : position - 1) +
                  " of the value";
        return false;
    }

private:
    struct Container {
        bool isObject = false;
        std::size_t count = 0;
    };

    bool scalar(const std::string& text) {
        beginValue();
        m_out.add(text);
        return true;
    }
    // Values in an object follow their key; those in an array begin a line.
    void beginValue() {
        if (!m_open.empty() && !m_open.back().isObject) {
            separate();
        }
    }
    void separate() {
        m_out.add(m_open.back().count++ == 0 ? "\n" : ",\n");
        m_out.indent(2 * m_open.size());
    }
    bool open(bool isObject) {
        if (m_open.size() == kMaxDepth) {
            m_error = "expected at most " + std::to_string(kMaxDepth) + " levels, found more";
            return false;
        }
        beginValue();
        m_open.push_back({isObject, 0});
        m_out.add(isObject ? '{' : '[');
        return true;
    }
    bool close() {
        const Container closed = m_open.back();
        m_open.pop_back();
        if (closed.count > 0) {
            m_out.add('\n');
            m_out.indent(2 * m_open.size());
        }
        m_out.add(closed.isObject ? '}' : ']');
        return true;
    }

    TextSink& m_out;
    std::vector<Container> m_open;
    std::string m_error;
};

Result<void> parse(TextSink& out, Bytes bytes, Json::input_format_t format,
                   const std::string& name) {
    if (bytes.size() > kMaxSize) {
        return fail(misfit("expected at most 16 MiB of " + name + ", found " +
                           std::to_string(bytes.size()) + " bytes"));
    }
    const std::string copy = toString(bytes); // the library does not read std::byte
    Printer printer(out);
    bool isGood = false;
    std::string reason;
    // The library reports through the printer; it throws only where it runs out of memory or finds
    // a case that its own authors did not expect.
    try {
        isGood = Json::sax_parse(copy, &printer, format);
        reason = printer.error();
    } catch (const std::exception& exception) {
        reason = exception.what();
    }
    if (!isGood) {
        return fail(misfit("not " + name + ": " + reason));
    }
    return {};
}

} // namespace

Result<void> addJson(TextSink& out, Bytes bytes) {
    return parse(out, bytes, Json::input_format_t::json, "JSON");
}

Result<void> addMessagePack(TextSink& out, Bytes bytes) {
    return parse(out, bytes, Json::input_format_t::msgpack, "MessagePack");
}

} // namespace pagescape::value
