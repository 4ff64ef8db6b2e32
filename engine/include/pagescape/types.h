// SPDX-License-Identifier: MIT
// The small value types that the whole program shares: page and transaction ids, byte ranges.
// They are distinct types so that an id, a count and an offset cannot be mixed up.
#pragma once

// clang-format off: Qt 6.4's moc cannot parse libstdc++'s <concepts> as the first header
#include <cstddef>
// clang-format on
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace pagescape {

/// A read-only view of bytes. Who owns them, and for how long, is said where one is returned.
using Bytes = std::span<const std::byte>;

/// An integer with a meaning of its own: two tags never compare or convert.
template <typename Tag>
struct StrongId {
    std::uint64_t value = 0;

    constexpr StrongId() = default;
    constexpr explicit StrongId(std::uint64_t v) : value(v) {}

    friend constexpr auto operator<=>(StrongId, StrongId) = default;
};

/// Number of a page in the file. Page n starts at byte n × page size.
/// Source: bolt format, "the file is an array of pages".
using PageId = StrongId<struct PageIdTag>;

/// Number of a write transaction; it grows by one with every commit.
using TxId = StrongId<struct TxIdTag>;

/// The page id `count` pages after `id`.
[[nodiscard]] constexpr PageId pageAfter(PageId id, std::uint64_t count) {
    return PageId{id.value + count};
}

/// A half-open range of bytes [begin, end). Whether it counts from the file or from a page is said
/// where one is used.
struct ByteRange {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    [[nodiscard]] constexpr std::uint64_t size() const { return end - begin; }
    [[nodiscard]] constexpr bool isEmpty() const { return begin == end; }
    [[nodiscard]] constexpr bool contains(std::uint64_t offset) const {
        return begin <= offset && offset < end;
    }

    friend constexpr bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// The bytes of a text, for passing keys written in source code. Lifetime: that of `text`.
[[nodiscard]] inline Bytes asBytes(std::string_view text) {
    return std::as_bytes(std::span<const char>(text.data(), text.size()));
}

/// A copy of the bytes as a string; binary-safe, no encoding is assumed.
[[nodiscard]] std::string toString(Bytes bytes);

/// Bolt's key order: unsigned bytes on the common prefix, then the shorter one first.
/// Source: bolt compares keys with memcmp semantics (Go bytes.Compare).
[[nodiscard]] inline std::strong_ordering compareKeys(Bytes a, Bytes b) {
    constexpr std::size_t kWord = sizeof(std::uint64_t);
    if (a.size() >= kWord && b.size() >= kWord) { // the first word decides most comparisons
        std::uint64_t x = 0;
        std::uint64_t y = 0;
        std::memcpy(&x, a.data(), kWord);
        std::memcpy(&y, b.data(), kWord);
        if (x != y) {
            return __builtin_bswap64(x) <=> __builtin_bswap64(y);
        }
    }
    const std::size_t common = a.size() < b.size() ? a.size() : b.size();
    if (common > 0) {
        const int order = std::memcmp(a.data(), b.data(), common);
        if (order != 0) {
            return order <=> 0;
        }
    }
    return a.size() <=> b.size();
}

} // namespace pagescape

template <typename Tag>
struct std::hash<pagescape::StrongId<Tag>> {
    std::size_t operator()(pagescape::StrongId<Tag> id) const noexcept {
        return std::hash<std::uint64_t>{}(id.value);
    }
};
