// SPDX-License-Identifier: MIT
// The list of formats and the choice of the decoder.
#include "pagescape/value_format.h"

#include "format/sha256.h"
#include "value/decoders.h"
#include "value/text.h"

#include <algorithm>
#include <array>

namespace pagescape {

using namespace value;

namespace {

struct NamedFormat {
    ValueFormat format;
    std::string_view name;
};

constexpr std::array<NamedFormat, 15> kFormats = {{
    {ValueFormat::Auto, "auto"},
    {ValueFormat::Text, "text"},
    {ValueFormat::Escaped, "escaped"},
    {ValueFormat::Hex, "hex"},
    {ValueFormat::Raw, "raw"},
    {ValueFormat::Redacted, "redacted"},
    {ValueFormat::UintBig, "uint-big"},
    {ValueFormat::UintLittle, "uint-little"},
    {ValueFormat::Json, "json"},
    {ValueFormat::MessagePack, "msgpack"},
    {ValueFormat::Protobuf, "protobuf"},
    {ValueFormat::Uuid, "uuid"},
    {ValueFormat::UnixTime, "unix-time"},
    {ValueFormat::GoTime, "go-time"},
    {ValueFormat::EtcdRevision, "etcd-revision"},
}};

// Source: bbolt cmd/bbolt utils.go, format "redacted".
std::string redactedText(Bytes bytes) {
    Sha256 hash;
    hash.update(bytes);
    return "<redacted len:" + std::to_string(bytes.size()) + " sha256:" + hash.hexDigest() + ">";
}

// Formats that write their whole text at once.
Result<std::string> shortForm(Bytes bytes, ValueFormat format) {
    switch (format) {
    case ValueFormat::UintBig: return uintText(bytes, true);
    case ValueFormat::UintLittle: return uintText(bytes, false);
    case ValueFormat::Uuid: return uuidText(bytes);
    case ValueFormat::UnixTime: return unixTimeText(bytes);
    case ValueFormat::GoTime: return goTimeText(bytes);
    case ValueFormat::EtcdRevision: return etcdRevisionText(bytes);
    default: return redactedText(bytes);
    }
}

// Writes the value and answers whether all of it can be read off the text. `format` is not Auto.
Result<bool> addValue(TextSink& out, Bytes bytes, ValueFormat format) {
    Result<void> parsed;
    switch (format) {
    case ValueFormat::Text: return addText(out, bytes, true);
    case ValueFormat::Escaped: addQuotedAscii(out, bytes); return true;
    case ValueFormat::Hex: addHex(out, bytes); return true;
    case ValueFormat::Json: parsed = addJson(out, bytes); break;
    case ValueFormat::MessagePack: parsed = addMessagePack(out, bytes); break;
    case ValueFormat::Protobuf: parsed = addProtobuf(out, bytes); break;
    default: {
        const auto text = shortForm(bytes, format);
        if (!text) {
            return fail(text.error());
        }
        out.add(*text);
        return format != ValueFormat::Redacted;
    }
    }
    if (!parsed) {
        return fail(parsed.error());
    }
    return true;
}

// Whether MessagePack bytes begin with an array or a map. Every byte below 0x80 is a number in
// MessagePack, so scalars say nothing.
bool beginsContainer(Bytes bytes) {
    const unsigned lead = bytes.empty() ? 0 : std::to_integer<unsigned>(bytes[0]);
    return (lead >= 0x80 && lead <= 0x9F) || (lead >= 0xDC && lead <= 0xDF);
}

// Bits that every UUID made by RFC 9562 has: variant 10, version 1 to 8.
bool hasUuidBits(Bytes bytes) {
    const unsigned version = std::to_integer<unsigned>(bytes[6]) >> 4U;
    return version >= 1 && version <= 8 && std::to_integer<unsigned>(bytes[8]) >> 6U == 2;
}

// Whether a Unix time lies in the years 2000 to 2099, where people keep their clocks.
bool isRecent(const std::string& time) {
    return time.starts_with("20");
}

bool decodes(Bytes bytes, ValueFormat format) {
    TextSink out(0);
    return addValue(out, bytes, format).has_value();
}

} // namespace

std::string_view valueFormatName(ValueFormat format) {
    for (const NamedFormat& known : kFormats) {
        if (known.format == format) {
            return known.name;
        }
    }
    return "unknown";
}

std::optional<ValueFormat> valueFormatFromName(std::string_view name) {
    for (const NamedFormat& known : kFormats) {
        if (known.name == name) {
            return known.format;
        }
    }
    return std::nullopt;
}

std::span<const ValueFormat> allValueFormats() {
    static constexpr auto kAll = [] {
        std::array<ValueFormat, kFormats.size()> all{};
        std::transform(kFormats.begin(), kFormats.end(), all.begin(),
                       [](const NamedFormat& known) { return known.format; });
        return all;
    }();
    return kAll;
}

Result<FormattedValue> formatValue(Bytes bytes, ValueFormat format, std::size_t maxChars) {
    FormattedValue out;
    out.used = format;
    if (format == ValueFormat::Auto) {
        out.used = isPrintableText(bytes) ? ValueFormat::Text : ValueFormat::Hex;
    }
    if (format == ValueFormat::Raw) {
        // Bytes that are no characters cannot be counted as such.
        out.isLossless = bytes.size() <= maxChars;
        out.text = toString(bytes.first(std::min(bytes.size(), maxChars)));
        if (!out.isLossless) {
            out.text += "…";
        }
        return out;
    }
    TextSink sink(maxChars);
    const auto isWhole = addValue(sink, bytes, out.used);
    if (!isWhole) {
        return fail(isWhole.error());
    }
    out.isLossless = *isWhole && !sink.isCut();
    out.text = sink.take();
    return out;
}

std::string shortText(Bytes bytes, std::size_t maxChars) {
    // What cannot be shown is not looked at; a character cut in two goes as a whole.
    const std::size_t enough = 4 * maxChars + 64;
    if (bytes.size() > enough) {
        bytes = bytes.first(enough);
        const auto isContinuation = [](std::byte b) {
            return (b & std::byte{0xC0}) == std::byte{0x80};
        };
        for (int i = 0; i < 3 && isContinuation(bytes.back()); ++i) {
            bytes = bytes.first(bytes.size() - 1);
        }
        if ((bytes.back() & std::byte{0x80}) != std::byte{0}) {
            bytes = bytes.first(bytes.size() - 1);
        }
    }
    const auto write = [&](std::size_t room) {
        TextSink sink(room);
        if (isPlainText(bytes)) {
            addText(sink, bytes, false);
        } else {
            addHex(sink, bytes);
        }
        return sink;
    };
    TextSink sink = write(maxChars);
    if (!sink.isCut()) {
        return sink.take();
    }
    return maxChars == 0 ? std::string() : write(maxChars - 1).take();
}

std::string toHex(Bytes bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    out.reserve(2 * bytes.size());
    for (const std::byte b : bytes) {
        const auto value = std::to_integer<unsigned>(b);
        out += kDigits[value >> 4U];
        out += kDigits[value & 15U];
    }
    return out;
}

std::vector<ValueFormat> plausibleFormats(Bytes bytes) {
    std::vector<ValueFormat> out;
    const auto offer = [&](ValueFormat format, bool isLikely) {
        if (isLikely && decodes(bytes, format)) {
            out.push_back(format);
        }
    };
    const bool isSome = !bytes.empty();
    // A bare number or word is JSON too, but then text says it better.
    const bool isJsonDocument =
        isSome && (bytes[0] == std::byte{'{'} || bytes[0] == std::byte{'['});
    offer(ValueFormat::EtcdRevision, isSome);
    offer(ValueFormat::Json, isJsonDocument);
    offer(ValueFormat::Text, isPlainText(bytes));
    offer(ValueFormat::Json, isSome && !isJsonDocument);
    offer(ValueFormat::Uuid, bytes.size() == 16 && hasUuidBits(bytes));
    offer(ValueFormat::GoTime, isSome);
    offer(ValueFormat::MessagePack, beginsContainer(bytes));
    const auto time = unixTimeText(bytes);
    offer(ValueFormat::UnixTime, time && isRecent(*time));
    offer(ValueFormat::Protobuf, bytes.size() > 1);
    offer(ValueFormat::UintBig, isSome);
    offer(ValueFormat::UintLittle, bytes.size() > 1);
    offer(ValueFormat::Hex, true);
    return out;
}

} // namespace pagescape
