// SPDX-License-Identifier: MIT
// Free pages as runs, in two policies of choosing one: bolt's "array" and "hashmap" freelists.
#pragma once

#include "pagescape/types.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace pagescape {

/// `length` pages from `first` on.
struct PageSpan {
    std::uint64_t first = 0;
    std::uint64_t length = 0;
    friend bool operator==(const PageSpan&, const PageSpan&) = default;
};

/// Adds an id to sorted spans, joining it to the last one where it follows it.
inline void appendPage(std::vector<PageSpan>& spans, std::uint64_t id) {
    if (!spans.empty() && spans.back().first + spans.back().length == id) {
        ++spans.back().length;
    } else {
        spans.push_back({id, 1});
    }
}

/// A set of free pages. Thread: one at a time.
class SpanList {
public:
    virtual ~SpanList() = default;
    [[nodiscard]] std::uint64_t pages() const { return m_pages; }
    /// Takes the first `length` pages of a span chosen by the policy; page 0 when none is long
    /// enough.
    [[nodiscard]] virtual std::uint64_t take(std::uint64_t length) = 0;
    /// Adds sorted spans that share no page with the list.
    virtual void add(const std::vector<PageSpan>& spans) = 0;
    [[nodiscard]] virtual bool contains(std::uint64_t id) const = 0;
    /// Free pages from `id` on without a gap, `id` being where a span begins; else 0.
    [[nodiscard]] virtual std::uint64_t lengthFrom(std::uint64_t id) const = 0;
    /// All spans in ascending order.
    [[nodiscard]] virtual std::vector<PageSpan> spans() const = 0;

protected:
    std::uint64_t m_pages = 0;
};

/// Lowest address, first fit: keeps the file dense at its front.
/// Source: bbolt internal/freelist/array.go Allocate.
class FirstFitSpans final : public SpanList {
public:
    [[nodiscard]] std::uint64_t take(std::uint64_t length) override;
    void add(const std::vector<PageSpan>& spans) override;
    [[nodiscard]] bool contains(std::uint64_t id) const override;
    [[nodiscard]] std::uint64_t lengthFrom(std::uint64_t id) const override;
    [[nodiscard]] std::vector<PageSpan> spans() const override;

private:
    std::vector<PageSpan> m_spans; // ascending; a span of length 0 is used up
    std::size_t m_head = 0;        // the spans before it are used up
};

/// An exact span, else the smallest sufficient one, the lowest address first. bbolt takes any of
/// them; this choice is one it could make. Source: bbolt internal/freelist/hashmap.go Allocate.
class BestFitSpans final : public SpanList {
public:
    [[nodiscard]] std::uint64_t take(std::uint64_t length) override;
    void add(const std::vector<PageSpan>& spans) override;
    [[nodiscard]] bool contains(std::uint64_t id) const override;
    [[nodiscard]] std::uint64_t lengthFrom(std::uint64_t id) const override;
    [[nodiscard]] std::vector<PageSpan> spans() const override;

private:
    void insert(PageSpan span);
    std::map<std::uint64_t, std::uint64_t> m_byFirst;
    std::set<std::pair<std::uint64_t, std::uint64_t>> m_byLength; // (length, first)
};

} // namespace pagescape
