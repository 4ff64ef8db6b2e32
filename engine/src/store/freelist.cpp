// SPDX-License-Identifier: MIT
#include "store/freelist.h"

#include "pagescape/format.h"

#include <algorithm>
#include <limits>

namespace pagescape {

namespace {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

std::unique_ptr<SpanList> makeSpans(FreelistType type) {
    if (type == FreelistType::Hashmap) {
        return std::make_unique<BestFitSpans>();
    }
    return std::make_unique<FirstFitSpans>();
}

Error freelistError(PageId page, std::string text) {
    Error error;
    error.code = ErrorCode::CorruptPage;
    error.page = page;
    error.text = std::move(text);
    error.hint = "The file's freelist is wrong: run the check, then rebuild the list.";
    return error;
}

void sortSpans(std::vector<PageSpan>& spans) {
    std::sort(spans.begin(), spans.end(),
              [](const PageSpan& a, const PageSpan& b) { return a.first < b.first; });
}

} // namespace

Freelist::Freelist(FreelistType type) : m_type(type), m_free(makeSpans(type)) {}

Result<void> Freelist::load(std::span<const std::uint64_t> ids, std::uint64_t highWater) {
    std::vector<PageSpan> spans;
    std::uint64_t before = 1;
    for (const std::uint64_t id : ids) {
        if (id < 2 || id >= highWater) {
            return fail(freelistError(
                PageId{id}, "The freelist names page " + std::to_string(id) + "; expected 2 to " +
                                std::to_string(highWater) + " (the high-water mark, exclusive)"));
        }
        if (id <= before) {
            return fail(freelistError(PageId{id}, "The freelist names page " + std::to_string(id) +
                                                      (id == before ? " twice" : " out of order")));
        }
        appendPage(spans, id);
        before = id;
    }
    m_free = makeSpans(m_type);
    m_free->add(spans);
    return {};
}

void Freelist::use(FreelistType type) {
    if (type != m_type) {
        const std::vector<PageSpan> spans = m_free->spans();
        m_type = type;
        m_free = makeSpans(type);
        m_free->add(spans);
    }
}

std::uint64_t Freelist::storedBytes() const {
    const std::uint64_t ids = count();
    return format::kPageHeaderSize + 8 * (ids + (ids >= format::kFreelistCountEscape ? 1 : 0));
}

PageId Freelist::allocate(TxId tx, std::uint64_t length) {
    const std::uint64_t first = m_free->take(length);
    if (first != 0) {
        m_taken.push_back({first, length});
        noteNew(tx, PageId{first});
    }
    return PageId{first};
}

void Freelist::noteNew(TxId tx, PageId first) {
    m_allocatedBy.set(first.value, tx.value);
    m_claimed.push_back(first.value);
}

Result<void> Freelist::free(TxId tx, PageId first, std::uint64_t length) {
    if (first.value < 2) {
        return fail(freelistError(first, "A meta page cannot be freed"));
    }
    for (std::uint64_t i = 0; i < length; ++i) {
        if (contains(pageAfter(first, i))) {
            return fail(
                freelistError(pageAfter(first, i),
                              "Page " + std::to_string(first.value + i) + " is free already"));
        }
    }
    const Run run{{first.value, length}, m_allocatedBy.take(first.value)};
    for (std::uint64_t i = 0; i < length; ++i) {
        m_pendingIds.insert(first.value + i);
    }
    const std::lock_guard lock(*m_guard);
    Pending& pending = m_pending[tx.value];
    pending.runs.push_back(run);
    pending.pages += length;
    m_pendingPages += length;
    return {};
}

// Takes a run out of the pending pages.
void Freelist::drop(const Run& run, std::vector<PageSpan>& out) {
    for (std::uint64_t i = 0; i < run.span.length; ++i) {
        m_pendingIds.erase(run.span.first + i);
    }
    m_pendingPages -= run.span.length;
    out.push_back(run.span);
}

void Freelist::releaseUpTo(std::uint64_t tx, std::vector<PageSpan>& out) {
    while (!m_pending.empty() && m_pending.begin()->first <= tx) {
        for (const Run& run : m_pending.begin()->second.runs) {
            drop(run, out);
        }
        m_pending.erase(m_pending.begin());
    }
}

// Pages that were allocated and freed between two neighbouring readers: neither sees them.
void Freelist::releaseRange(std::uint64_t begin, std::uint64_t end, std::vector<PageSpan>& out) {
    if (begin > end) {
        return;
    }
    auto entry = m_pending.lower_bound(begin);
    while (entry != m_pending.end() && entry->first <= end) {
        Pending& pending = entry->second;
        if (pending.lastBegin == begin) { // looked at before, and nothing is added later
            ++entry;
            continue;
        }
        pending.lastBegin = begin;
        std::erase_if(pending.runs, [&](const Run& run) {
            const bool isUnseen = begin <= run.allocatedBy && run.allocatedBy <= end;
            if (isUnseen) {
                pending.pages -= run.span.length;
                drop(run, out);
            }
            return isUnseen;
        });
        entry = pending.runs.empty() ? m_pending.erase(entry) : std::next(entry);
    }
}

std::uint64_t Freelist::release(std::span<const std::uint64_t> readers,
                                std::vector<PageSpan>* released) {
    std::vector<PageSpan> spans;
    const std::uint64_t before = m_pendingPages;
    std::unique_lock lock(*m_guard);
    if (readers.empty()) {
        releaseUpTo(kNoLimit - 1, spans);
    } else {
        if (readers.front() > 0) {
            releaseUpTo(readers.front() - 1, spans);
        }
        for (std::size_t i = 0; i + 1 < readers.size(); ++i) {
            if (readers[i] < readers[i + 1]) { // equal ones, of transaction 0, have no range
                releaseRange(readers[i] + 1, readers[i + 1] - 1, spans);
            }
        }
        releaseRange(readers.back() + 1, kNoLimit, spans);
    }
    lock.unlock();
    if (!spans.empty()) {
        sortSpans(spans);
        m_free->add(spans);
    }
    if (released != nullptr) {
        *released = std::move(spans);
    }
    return before - m_pendingPages;
}

void Freelist::rollback(TxId tx) {
    for (const std::uint64_t first : m_claimed) {
        m_allocatedBy.take(first);
    }
    std::unique_lock lock(*m_guard);
    if (const auto entry = m_pending.find(tx.value); entry != m_pending.end()) {
        std::vector<PageSpan> unused;
        for (const Run& run : entry->second.runs) {
            drop(run, unused);
            if (run.allocatedBy != 0) {
                m_allocatedBy.set(run.span.first, run.allocatedBy);
            }
        }
        m_pending.erase(entry);
    }
    lock.unlock();
    sortSpans(m_taken);
    m_free->add(m_taken);
    commit();
}

void Freelist::commit() {
    m_taken.clear();
    m_claimed.clear();
}

std::vector<PageSpan> Freelist::all() const {
    std::vector<PageSpan> waiting;
    for (const auto& [tx, pending] : m_pending) {
        for (const Run& run : pending.runs) {
            waiting.push_back(run.span);
        }
    }
    sortSpans(waiting);
    FirstFitSpans merged;
    merged.add(m_free->spans());
    merged.add(waiting);
    return merged.spans();
}

std::map<std::uint64_t, std::uint64_t> Freelist::pendingByTx() const {
    std::map<std::uint64_t, std::uint64_t> counts;
    for (const auto& [tx, pending] : m_pending) {
        counts[tx] = pending.pages;
    }
    return counts;
}

// A reader of transaction r sees the pages that were freed after r and existed at r. Pages that r
// itself freed wait with them: bolt's rule is conservative by one.
std::uint64_t Freelist::heldBack(TxId reader) const {
    std::uint64_t pages = 0;
    const std::lock_guard lock(*m_guard);
    for (auto entry = m_pending.lower_bound(reader.value); entry != m_pending.end(); ++entry) {
        for (const Run& run : entry->second.runs) {
            pages += run.allocatedBy <= reader.value ? run.span.length : 0;
        }
    }
    return pages;
}

std::uint64_t Freelist::cutTail(std::uint64_t end) {
    std::vector<PageSpan> spans = m_free->spans();
    if (spans.empty() || spans.back().first + spans.back().length != end) {
        return end;
    }
    end = spans.back().first;
    m_taken.push_back(spans.back()); // a commit that fails gets it back
    spans.pop_back();
    m_free = makeSpans(m_type);
    m_free->add(spans);
    return end;
}

} // namespace pagescape
