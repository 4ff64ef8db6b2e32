// SPDX-License-Identifier: MIT
// Readable forms of keys and values. A format is chosen, never guessed silently: `Auto` says which
// one it took. Every decoder is total and says why a value does not fit.
#pragma once

#include "pagescape/result.h"
#include "pagescape/types.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pagescape {

/// How bytes are shown.
enum class ValueFormat {
    Auto,    ///< printable UTF-8 as text, else hex (bbolt's rule)
    Text,    ///< UTF-8; bytes that are not are escaped
    Escaped, ///< quoted ASCII with \xNN escapes (bbolt: ascii-encoded)
    Hex,
    Raw,        ///< the bytes themselves (bbolt: bytes)
    Redacted,   ///< length and SHA-256
    UintBig,    ///< unsigned integer, big-endian, 1 to 8 bytes
    UintLittle, ///< unsigned integer, little-endian, 1 to 8 bytes
    Json,
    MessagePack,
    Protobuf,     ///< without a schema: field numbers, wire types, nested guesses
    Uuid,         ///< 16 bytes
    UnixTime,     ///< 4 or 8 bytes big-endian: seconds, milliseconds or nanoseconds by magnitude
    GoTime,       ///< Go's binary time.Time, 15 or 16 bytes
    EtcdRevision, ///< etcd key: 8-byte main revision, '_', 8-byte sub revision [, 't' tombstone]
};

/// Stable name for the command line and settings, such as "etcd-revision".
[[nodiscard]] std::string_view valueFormatName(ValueFormat format);
[[nodiscard]] std::optional<ValueFormat> valueFormatFromName(std::string_view name);
/// All formats, in menu order.
[[nodiscard]] std::span<const ValueFormat> allValueFormats();

/// A value made readable.
struct FormattedValue {
    std::string text;       ///< UTF-8; may have several lines
    ValueFormat used;       ///< the format that was applied (Auto resolves to Text or Hex)
    bool isLossless = true; ///< false when bytes were escaped, cut or left over
};

/// Formats bytes; at most `maxChars` characters, then "…" and isLossless false. Raw counts bytes,
/// and its text is UTF-8 only if the value is. Errors: IncompatibleValue with the reason and the
/// offset within the value.
[[nodiscard]] Result<FormattedValue> formatValue(Bytes bytes, ValueFormat format,
                                                 std::size_t maxChars = 64 * 1024);

/// One line for lists: Auto, control characters escaped, at most `maxChars`.
[[nodiscard]] std::string shortText(Bytes bytes, std::size_t maxChars = 40);

/// Parses a key that a person typed: Text, Escaped ("a\x00b"), Hex ("6b6579"), UintBig and
/// UintLittle (decimal or 0x hex; always 8 bytes), EtcdRevision ("5_0"). Errors: IncompatibleValue.
[[nodiscard]] Result<std::string> parseKey(std::string_view typed, ValueFormat format);

/// Lower-case hex of bytes.
[[nodiscard]] std::string toHex(Bytes bytes);

/// Formats under which the bytes decode without a remainder, best first; for offering, not
/// guessing.
[[nodiscard]] std::vector<ValueFormat> plausibleFormats(Bytes bytes);

} // namespace pagescape
