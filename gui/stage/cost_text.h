// SPDX-License-Identifier: MIT
// What a transaction did and cost, counted in words: "1 put", "2 puts".
#pragma once

#include <QString>

#include <cstdint>

namespace pagescape::gui {

[[nodiscard]] QString putsText(std::uint64_t count);
[[nodiscard]] QString deletesText(std::uint64_t count);
/// Nodes in the memory of the writer.
[[nodiscard]] QString nodesText(std::uint64_t count);
[[nodiscard]] QString pagesMadeText(std::uint64_t count);
/// Runs of pages that were given to the file with one write each.
[[nodiscard]] QString runsText(std::uint64_t count);
[[nodiscard]] QString syncsText(std::uint64_t count);

} // namespace pagescape::gui
