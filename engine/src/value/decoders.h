// SPDX-License-Identifier: MIT
// The decoders behind formatValue(). Each is total: any bytes give text or the reason why they do
// not fit, with the offset within the value. Errors are IncompatibleValue throughout.
#pragma once

#include "pagescape/result.h"
#include "pagescape/types.h"
#include "value/text_sink.h"

#include <cstdint>
#include <string>

namespace pagescape::value {

/// An IncompatibleValue error with that text.
[[nodiscard]] Error misfit(std::string text);

/// 1 to 8 bytes as an unsigned integer.
[[nodiscard]] Result<std::uint64_t> readUint(Bytes bytes, bool isBigEndian);

// Values of a fixed form (fixed_values.cpp).
[[nodiscard]] Result<std::string> uintText(Bytes bytes, bool isBigEndian);
[[nodiscard]] Result<std::string> uuidText(Bytes bytes);
[[nodiscard]] Result<std::string> etcdRevisionText(Bytes bytes);

// Points in time, as RFC 3339 (time_values.cpp).
[[nodiscard]] Result<std::string> unixTimeText(Bytes bytes);
[[nodiscard]] Result<std::string> goTimeText(Bytes bytes);

/// JSON and MessagePack, indented by two blanks a level (json_values.cpp). At most 16 MiB, 512
/// levels.
[[nodiscard]] Result<void> addJson(TextSink& out, Bytes bytes);
[[nodiscard]] Result<void> addMessagePack(TextSink& out, Bytes bytes);

/// A protobuf message by its wire format alone (protobuf.cpp). At most 16 MiB, 64 levels.
[[nodiscard]] Result<void> addProtobuf(TextSink& out, Bytes bytes);

} // namespace pagescape::value
