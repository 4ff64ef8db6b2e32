// SPDX-License-Identifier: MIT
// Protobuf without a schema: fields by number, in the order found. What is inside a
// length-delimited field is a guess, made in a fixed order: text, then a message, then bytes.
// Source: protobuf encoding guide (varint, tag = number << 3 | wire type).
#include "value/decoders.h"
#include "value/text.h"

#include <optional>

namespace pagescape::value {

namespace {

constexpr std::size_t kMaxSize = std::size_t{16} << 20; // each level of guesses reads it once more
constexpr std::size_t kMaxLevels = 64;
constexpr std::uint64_t kMaxFieldNumber = (1U << 29U) - 1;

enum class WireType : unsigned {
    Varint = 0,
    Fixed64 = 1,
    Length = 2,
    GroupBegin = 3,
    GroupEnd = 4,
    Fixed32 = 5
};

struct WireField {
    std::uint64_t number = 0;
    WireType type = WireType::Varint;
    std::uint64_t value = 0; // varint and fixed
    Bytes bytes;             // length-delimited
};

// Reads fields off a span; stops at the first one that does not fit.
class WireReader {
public:
    explicit WireReader(Bytes bytes) : m_bytes(bytes) {}

    [[nodiscard]] bool atEnd() const { return m_at == m_bytes.size(); }
    [[nodiscard]] std::size_t position() const { return m_at; }
    [[nodiscard]] std::optional<WireField> next();

private:
    [[nodiscard]] std::optional<std::uint64_t> varint();
    [[nodiscard]] std::optional<Bytes> take(std::uint64_t size);

    Bytes m_bytes;
    std::size_t m_at = 0;
};

std::optional<std::uint64_t> WireReader::varint() {
    constexpr unsigned kMaxBytes = 10;
    std::uint64_t value = 0;
    for (unsigned i = 0; i < kMaxBytes && m_at < m_bytes.size(); ++i) {
        const auto byte = std::to_integer<std::uint64_t>(m_bytes[m_at++]);
        if (i == kMaxBytes - 1 && byte > 1) {
            return std::nullopt; // more than 64 bits
        }
        value |= (byte & 0x7FU) << (7 * i);
        if (byte < 0x80) {
            return value;
        }
    }
    return std::nullopt;
}

std::optional<Bytes> WireReader::take(std::uint64_t size) {
    if (size > m_bytes.size() - m_at) {
        return std::nullopt;
    }
    const Bytes out = m_bytes.subspan(m_at, static_cast<std::size_t>(size));
    m_at += out.size();
    return out;
}

std::optional<WireField> WireReader::next() {
    const auto tag = varint();
    if (!tag || *tag >> 3U == 0 || *tag >> 3U > kMaxFieldNumber || (*tag & 7U) > 5) {
        return std::nullopt;
    }
    WireField field;
    field.number = *tag >> 3U;
    field.type = static_cast<WireType>(*tag & 7U);
    if (field.type == WireType::GroupBegin || field.type == WireType::GroupEnd) {
        return field;
    }
    if (field.type == WireType::Fixed64 || field.type == WireType::Fixed32) {
        const auto bytes = take(field.type == WireType::Fixed64 ? 8 : 4);
        if (!bytes) {
            return std::nullopt;
        }
        field.value = *readUint(*bytes, false);
        return field;
    }
    const auto number = varint();
    if (!number) {
        return std::nullopt;
    }
    field.value = *number;
    if (field.type == WireType::Length) {
        const auto bytes = take(*number);
        if (!bytes) {
            return std::nullopt;
        }
        field.bytes = *bytes;
    }
    return field;
}

// Where the first field that does not fit begins; nothing when all bytes are fields and all groups
// are closed. Linear: the insides of length-delimited fields are not looked at.
std::optional<std::size_t> firstMisfit(Bytes bytes) {
    WireReader reader(bytes);
    std::size_t openAt[kMaxLevels] = {};
    std::uint64_t open[kMaxLevels] = {};
    std::size_t depth = 0;
    while (!reader.atEnd()) {
        const std::size_t at = reader.position();
        const auto field = reader.next();
        if (!field) {
            return at;
        }
        if (field->type == WireType::GroupBegin) {
            if (depth == kMaxLevels) {
                return at;
            }
            openAt[depth] = at;
            open[depth++] = field->number;
        } else if (field->type == WireType::GroupEnd) {
            if (depth == 0 || open[--depth] != field->number) {
                return at;
            }
        }
    }
    return depth == 0 ? std::nullopt : std::optional<std::size_t>(openAt[depth - 1]);
}

std::string hex64(std::uint64_t value, unsigned digits) {
    std::string out = "0x";
    while (digits-- > 0) {
        out += "0123456789abcdef"[(value >> (4 * digits)) & 15U];
    }
    return out;
}

void addFields(TextSink& out, Bytes bytes, std::size_t level);

void addLengthDelimited(TextSink& out, const WireField& field, std::size_t level) {
    if (isPlainText(field.bytes)) {
        out.add(": ");
        addQuotedText(out, field.bytes);
        out.add('\n');
    } else if (level + 1 < kMaxLevels && !firstMisfit(field.bytes)) {
        out.add(" {\n");
        addFields(out, field.bytes, level + 1);
        out.indent(2 * level);
        out.add("}\n");
    } else {
        out.add(": <" + std::to_string(field.bytes.size()) + " bytes> ");
        addHex(out, field.bytes);
        out.add('\n');
    }
}

// `bytes` were found sound by firstMisfit(). Stops writing, and so descending, when the text is
// cut.
void addFields(TextSink& out, Bytes bytes, std::size_t level) {
    WireReader reader(bytes);
    while (!reader.atEnd() && !out.isCut()) {
        const auto field = reader.next();
        if (!field) {
            return;
        }
        if (field->type == WireType::GroupEnd) {
            --level;
            out.indent(2 * level);
            out.add("}\n");
            continue;
        }
        out.indent(2 * level);
        out.add(std::to_string(field->number));
        switch (field->type) {
        case WireType::Varint:
            out.add(": " + std::to_string(field->value));
            if (field->value > INT64_MAX) {
                out.add(" (" + std::to_string(static_cast<std::int64_t>(field->value)) + ")");
            }
            out.add('\n');
            break;
        case WireType::Fixed64: out.add(": " + hex64(field->value, 16) + "\n"); break;
        case WireType::Fixed32: out.add(": " + hex64(field->value, 8) + "\n"); break;
        case WireType::Length: addLengthDelimited(out, *field, level); break;
        case WireType::GroupBegin:
            out.add(" group {\n");
            ++level;
            break;
        case WireType::GroupEnd: break;
        }
    }
}

} // namespace

Result<void> addProtobuf(TextSink& out, Bytes bytes) {
    if (bytes.size() > kMaxSize) {
        return fail(misfit("expected at most 16 MiB of protobuf, found " +
                           std::to_string(bytes.size()) + " bytes"));
    }
    if (const auto at = firstMisfit(bytes)) {
        return fail(misfit("expected a protobuf field at byte " + std::to_string(*at) +
                           " of the value, found none that fits"));
    }
    addFields(out, bytes, 0);
    return {};
}

} // namespace pagescape::value
