// SPDX-License-Identifier: MIT
// What must hold for every page description, whatever the bytes were.
#pragma once

#include "pagescape/inspect.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace pagescape::test {

/// An empty text when the description is sound: every byte of the run belongs to exactly one leaf
/// field, groups come before their children and enclose them. Else what is wrong.
[[nodiscard]] inline std::string partitionFault(const PageDescription& page,
                                                std::uint64_t runSize) {
    const auto nameOf = [&](std::size_t i) {
        return std::string(fieldName(page.fields[i].kind)) + " (field " + std::to_string(i) + ")";
    };
    std::uint64_t at = 0;
    for (const std::uint32_t index : page.leaves) {
        if (index >= page.fields.size() || isGroup(page.fields[index].kind)) {
            return "a leaf is no leaf field: " + std::to_string(index);
        }
        const ByteRange range = page.fields[index].range;
        if (range.begin != at || range.end <= range.begin) {
            return nameOf(index) + " begins at " + std::to_string(range.begin) + " instead of " +
                   std::to_string(at);
        }
        if (page.fieldIndexAt(range.begin) != index || page.fieldIndexAt(range.end - 1) != index) {
            return nameOf(index) + " is not found by its bytes";
        }
        at = range.end;
    }
    if (at != runSize) {
        return "the fields end at byte " + std::to_string(at) + " of " + std::to_string(runSize);
    }
    std::size_t nonEmpty = 0;
    for (std::size_t i = 0; i < page.fields.size(); ++i) {
        const Field& field = page.fields[i];
        nonEmpty += !isGroup(field.kind) && !field.range.isEmpty() ? 1U : 0U;
        if (field.parent >= static_cast<std::int32_t>(i)) {
            return nameOf(i) + " comes before its group";
        }
        if (field.parent < 0) {
            if (field.level != 0) {
                return nameOf(i) + " has no group, but a level";
            }
            continue;
        }
        const Field& parent = page.fields[static_cast<std::size_t>(field.parent)];
        if (!isGroup(parent.kind) || field.level != parent.level + 1) {
            return nameOf(i) + " has a wrong parent or level";
        }
        if (!field.range.isEmpty() &&
            (field.range.begin < parent.range.begin || field.range.end > parent.range.end)) {
            return nameOf(i) + " reaches out of its group";
        }
    }
    return nonEmpty == page.leaves.size() ? std::string() : "a leaf field with bytes is not listed";
}

/// All problems of a description, one a line.
[[nodiscard]] inline std::string problemsOf(const PageDescription& page) {
    std::string out;
    for (const std::string& problem : page.problems) {
        out += problem + "\n";
    }
    for (const Field& field : page.fields) {
        if (!field.problem.empty()) {
            out += field.problem + "\n";
        }
    }
    return out;
}

} // namespace pagescape::test
