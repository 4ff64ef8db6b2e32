// SPDX-License-Identifier: MIT
// Points in time: Unix time by magnitude, and Go's binary time.Time.
#include "value/decoders.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace pagescape::value {

namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::int64_t kSecondsPerDay = 86400;
// The years that RFC 3339 can write, 0000 to 9999, in seconds since 1970.
constexpr std::int64_t kFirstSecond = -62167219200;
constexpr std::int64_t kLastSecond = 253402300799;

// Go counts from the year 1. Source: Go time/time.go, unixToInternal.
constexpr std::int64_t kSecondsFromYearOne = 62135596800;
constexpr std::size_t kGoTimeSize = 15;  // version 1: version, seconds, nanoseconds, offset minutes
constexpr std::size_t kGoTime2Size = 16; // version 2: and offset seconds
constexpr std::int64_t kGoUtc = -1;      // value of the offset that stands for UTC
constexpr std::int64_t kLargestOffset = 24 * 3600;

std::string twoDigits(std::int64_t value) {
    return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

// ".000000006" without trailing zeros, or nothing.
std::string fractionText(std::int64_t nanos) {
    if (nanos == 0) {
        return {};
    }
    std::string digits = std::to_string(nanos + kNanosPerSecond).substr(1);
    digits.erase(digits.find_last_not_of('0') + 1);
    return "." + digits;
}

std::string offsetText(std::int64_t offset) {
    if (offset == 0) {
        return "Z";
    }
    const std::int64_t size = std::abs(offset);
    std::string out =
        (offset < 0 ? "-" : "+") + twoDigits(size / 3600) + ":" + twoDigits(size / 60 % 60);
    if (size % 60 != 0) {
        out += ":" + twoDigits(size % 60);
    }
    return out;
}

// RFC 3339 of a time that lies in the years 0 to 9999 also where the offset leads.
Result<std::string> rfc3339(std::int64_t seconds, std::int64_t nanos, std::int64_t offset) {
    if (seconds < kFirstSecond || seconds > kLastSecond || seconds + offset < kFirstSecond ||
        seconds + offset > kLastSecond) {
        return fail(misfit("expected a time in the years 0 to 9999, found " +
                           std::to_string(seconds) + " seconds from 1970"));
    }
    const std::int64_t local = seconds + offset;
    std::int64_t day = local / kSecondsPerDay;
    std::int64_t second = local % kSecondsPerDay;
    if (second < 0) {
        day -= 1;
        second += kSecondsPerDay;
    }
    using Days = std::chrono::duration<std::int64_t, std::ratio<86400>>;
    const std::chrono::year_month_day date{
        std::chrono::sys_days{std::chrono::duration_cast<std::chrono::days>(Days{day})}};
    std::string year = std::to_string(static_cast<int>(date.year()));
    year.insert(0, 4 - year.size(), '0');
    return year + "-" + twoDigits(static_cast<unsigned>(date.month())) + "-" +
           twoDigits(static_cast<unsigned>(date.day())) + "T" + twoDigits(second / 3600) + ":" +
           twoDigits(second / 60 % 60) + ":" + twoDigits(second % 60) + fractionText(nanos) +
           offsetText(offset);
}

struct TimeUnit {
    std::int64_t below; // magnitudes under this one are in the unit
    std::int64_t perSecond;
    const char* name;
};
// Today is 1.7e9 s, 1.7e12 ms, 1.7e15 us, 1.7e18 ns: the borders lie between, at the year 5138.
constexpr std::array<TimeUnit, 4> kUnits = {{
    {100'000'000'000, 1, "seconds"},
    {100'000'000'000'000, 1'000, "milliseconds"},
    {100'000'000'000'000'000, 1'000'000, "microseconds"},
    {INT64_MAX, kNanosPerSecond, "nanoseconds"},
}};

} // namespace

Result<std::string> unixTimeText(Bytes bytes) {
    if (bytes.size() != 4 && bytes.size() != 8) {
        return fail(misfit("expected a Unix time of 4 or 8 bytes, found " +
                           std::to_string(bytes.size()) + " bytes"));
    }
    const auto value = static_cast<std::int64_t>(*readUint(bytes, true));
    const auto isIn = [value](const TimeUnit& unit) {
        return value < unit.below && value > -unit.below;
    };
    const TimeUnit* unit = kUnits.data();
    while (unit->below != INT64_MAX && !isIn(*unit)) {
        ++unit;
    }
    std::int64_t seconds = value / unit->perSecond;
    std::int64_t rest = value % unit->perSecond;
    if (rest < 0) {
        seconds -= 1;
        rest += unit->perSecond;
    }
    const auto text = rfc3339(seconds, rest * (kNanosPerSecond / unit->perSecond), 0);
    if (!text) {
        return fail(text.error());
    }
    return *text + " (" + unit->name + ")";
}

// Source: Go time/time.go, Time.UnmarshalBinary.
Result<std::string> goTimeText(Bytes bytes) {
    const std::size_t version = bytes.empty() ? 0 : std::to_integer<std::size_t>(bytes[0]);
    if (version != 1 && version != 2) {
        return fail(misfit("expected version 1 or 2 of Go's time at byte 0 of the value, found " +
                           (bytes.empty() ? "no byte" : std::to_string(version))));
    }
    const std::size_t expected = version == 1 ? kGoTimeSize : kGoTime2Size;
    if (bytes.size() != expected) {
        return fail(misfit("expected " + std::to_string(expected) + " bytes of Go time, found " +
                           std::to_string(bytes.size())));
    }
    const auto seconds = static_cast<std::int64_t>(*readUint(bytes.subspan(1, 8), true));
    const auto nanos = static_cast<std::int64_t>(*readUint(bytes.subspan(9, 4), true));
    const auto minutes = static_cast<std::int16_t>(*readUint(bytes.subspan(13, 2), true));
    if (nanos >= kNanosPerSecond) {
        return fail(
            misfit("expected less than 1000000000 nanoseconds at byte 9 of the value, found " +
                   std::to_string(nanos)));
    }
    std::int64_t offset = 0;
    if (minutes != kGoUtc) {
        offset = std::int64_t{minutes} * 60;
        if (version == 2) {
            offset += static_cast<std::int8_t>(std::to_integer<unsigned>(bytes[kGoTimeSize]));
        }
    }
    if (std::abs(offset) > kLargestOffset) {
        return fail(misfit("expected an offset of at most a day at byte 13 of the value, found " +
                           std::to_string(offset) + " seconds"));
    }
    if (seconds < kFirstSecond + kSecondsFromYearOne ||
        seconds > kLastSecond + kSecondsFromYearOne) {
        return fail(misfit("expected a time in the years 0 to 9999 at byte 1 of the value, found " +
                           std::to_string(seconds) + " seconds from the year 1"));
    }
    return rfc3339(seconds - kSecondsFromYearOne, nanos, offset);
}

} // namespace pagescape::value
