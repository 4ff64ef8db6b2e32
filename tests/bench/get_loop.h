// SPDX-License-Identifier: MIT
// The loop that bench_get times. get_loop.cpp is compiled twice, against two builds of the engine:
// as it is, and with the trace sink compiled out, where nothing tests for a sink.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace bench {

/// Gets keys of the first top-level bucket of a file.
class GetLoop {
public:
    virtual ~GetLoop() = default;
    /// Up to `count` keys, neighbours in key order.
    [[nodiscard]] virtual std::vector<std::string> keys(std::uint64_t count) const = 0;
    /// Gets every key; answers the bytes of all values.
    [[nodiscard]] virtual std::uint64_t getAll(const std::vector<std::string>& keys) const = 0;
};

/// The engine as it is, with no sink. Ends the program when the file cannot be read.
[[nodiscard]] std::unique_ptr<GetLoop> makeNullSinkLoop(const std::string& path);
/// The engine built with PAGESCAPE_NO_TRACE_SINK.
[[nodiscard]] std::unique_ptr<GetLoop> makeNoSinkLoop(const std::string& path);

} // namespace bench
