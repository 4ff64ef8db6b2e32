// SPDX-License-Identifier: MIT
// Integers, UUIDs and etcd's revision keys: values whose bytes have fixed places.
#include "value/decoders.h"
#include "value/text.h"

namespace pagescape::value {

namespace {

constexpr std::size_t kUuidSize = 16;

// Source: etcd server/storage/mvcc/revision.go: main u64 big-endian, '_', sub u64 big-endian, and a
// 't' behind the revision that deletes a key.
constexpr std::size_t kRevisionSize = 17;
constexpr std::size_t kSeparatorAt = 8;
constexpr std::byte kSeparator{'_'};
constexpr std::byte kTombstone{'t'};

std::string sizeText(Bytes bytes) {
    return std::to_string(bytes.size()) + (bytes.size() == 1 ? " byte" : " bytes");
}

} // namespace

Error misfit(std::string text) {
    Error error;
    error.code = ErrorCode::IncompatibleValue;
    error.text = std::move(text);
    return error;
}

Result<std::uint64_t> readUint(Bytes bytes, bool isBigEndian) {
    if (bytes.empty() || bytes.size() > sizeof(std::uint64_t)) {
        return fail(misfit("expected an integer of 1 to 8 bytes, found " + sizeText(bytes)));
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::size_t at = isBigEndian ? i : bytes.size() - 1 - i;
        value = (value << 8U) | std::to_integer<std::uint64_t>(bytes[at]);
    }
    return value;
}

Result<std::string> uintText(Bytes bytes, bool isBigEndian) {
    const auto value = readUint(bytes, isBigEndian);
    if (!value) {
        return fail(value.error());
    }
    return std::to_string(*value);
}

Result<std::string> uuidText(Bytes bytes) {
    if (bytes.size() != kUuidSize) {
        return fail(misfit("expected a UUID of 16 bytes, found " + sizeText(bytes)));
    }
    TextSink digits(2 * kUuidSize);
    addHex(digits, bytes);
    const std::string hex = digits.take();
    return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
           hex.substr(16, 4) + "-" + hex.substr(20);
}

Result<std::string> etcdRevisionText(Bytes bytes) {
    const bool hasMark = bytes.size() == kRevisionSize + 1;
    if (bytes.size() != kRevisionSize && !hasMark) {
        return fail(
            misfit("expected an etcd revision of 17 or 18 bytes, found " + sizeText(bytes)));
    }
    if (bytes[kSeparatorAt] != kSeparator) {
        return fail(misfit("expected '_' at byte 8 of the value, between main and sub revision"));
    }
    if (hasMark && bytes[kRevisionSize] != kTombstone) {
        return fail(misfit("expected 't' (deleted) at byte 17 of the value"));
    }
    const auto main = readUint(bytes.first(kSeparatorAt), true);
    const auto sub = readUint(bytes.subspan(kSeparatorAt + 1, sizeof(std::uint64_t)), true);
    return std::to_string(*main) + "_" + std::to_string(*sub) + (hasMark ? " (tombstone)" : "");
}

} // namespace pagescape::value
