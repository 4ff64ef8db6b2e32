// SPDX-License-Identifier: MIT
// The truth files beside the shared test databases: what bbolt itself says about each of them.
#pragma once

#include "pagescape/types.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pagescape::test {

/// One shared database with its truth.
struct Truth {
    std::string name;               ///< such as "bad-leaf-pos-out.db"
    std::filesystem::path database; ///< never to be written to
    nlohmann::json json;            ///< integers keep all 64 bits

    /// Whether bbolt opens the file (with the page size hint where one is needed).
    [[nodiscard]] bool opens() const;
    /// Page size that bbolt had to be told; 0 where none was needed.
    [[nodiscard]] std::uint32_t pageSizeHint() const;
    /// "whole", "either", "partial" or "none" for a damaged file, "" for a healthy one.
    [[nodiscard]] std::string content() const;
    /// (code, page) of every strict issue, sorted; no page where the issue is about the file.
    [[nodiscard]] std::vector<std::pair<std::string, std::optional<std::uint64_t>>> issues() const;
};

/// The shared folder's data directory; it may be absent.
[[nodiscard]] std::filesystem::path sharedDataDir();

/// Names of all databases there that have a truth file, sorted; empty where the folder is missing.
[[nodiscard]] std::vector<std::string> truthNames();

/// Loads the truth of a database. A compressed database is unpacked into `scratch`.
/// Nothing when the truth file or the database cannot be read.
[[nodiscard]] std::optional<Truth> loadTruth(const std::string& name,
                                             const std::filesystem::path& scratch);

/// The bytes that a hex text stands for.
[[nodiscard]] std::string unhex(std::string_view hex);

/// The names of a truth path such as "/616c706861/62", outermost first.
[[nodiscard]] std::vector<std::string> pathNames(std::string_view path);

/// Names as the spans that the engine takes. Lifetime: that of `names`.
[[nodiscard]] std::vector<Bytes> asPath(const std::vector<std::string>& names);

} // namespace pagescape::test
