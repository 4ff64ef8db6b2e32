// SPDX-License-Identifier: MIT
// Get and nested buckets: a walk over mapped pages, no copy, no allocation.
#include "pagescape/bucket.h"

#include "tree/search.h"

namespace pagescape {

namespace {

// Where a key was found (or not) at the bottom of a bucket's tree.
struct LeafSpot {
    TreePage page;
    SearchResult found;
};

template <bool kTraced>
void tracePage(const ReadTransaction& tx, const TreePage& page, std::uint32_t depth) {
    if constexpr (kTraced) {
        PageReadEvent event;
        event.page = page.page;
        event.bytes = TreeAccess::range(tx, page.view.bytes());
        event.flags = page.view.header().flags;
        event.count = page.view.header().count;
        event.overflow = page.view.header().overflow;
        event.depth = static_cast<std::uint16_t>(depth);
        event.isInline = page.isInline;
        TreeAccess::trace(tx)->onEvent(event);
    }
}

template <bool kTraced>
Result<LeafSpot> descend(const ReadTransaction& tx, PageId root, Bytes inlineImage, PageId holder,
                         Bytes key) {
    auto page =
        root.value == 0 ? TreeAccess::inlinePage(inlineImage, holder) : TreeAccess::page(tx, root);
    for (std::uint32_t depth = 0; depth < format::kMaxTreeDepth; ++depth) {
        if (!page) {
            return fail(page.error());
        }
        tracePage<kTraced>(tx, *page, depth);
        const auto found = searchPage<kTraced>(tx, *page, key);
        if (!found) {
            return fail(found.error());
        }
        if (page->view.isLeaf()) {
            return LeafSpot{*page, *found};
        }
        const std::uint32_t index = childIndex(*found);
        const auto element = page->view.branch(index);
        if (!element) {
            return fail(corruptPage(page->page,
                                    page->view.count() == 0 ? "A branch page without elements"
                                                            : "Key leaves the page",
                                    index));
        }
        if constexpr (kTraced) {
            TreeAccess::trace(tx)->onEvent(ChildChosenEvent{page->page, index, element->child,
                                                            found->exact, index != found->index});
        }
        page = TreeAccess::page(tx, element->child);
    }
    Error error =
        corruptPage(root, "The tree is deeper than " + std::to_string(format::kMaxTreeDepth) +
                              " levels: its pages refer to each other in a circle");
    error.code = ErrorCode::LimitReached;
    return fail(std::move(error));
}

// The leaf element with exactly this key, if any.
template <bool kTraced>
Result<std::optional<format::LeafElement>> findEntry(const ReadTransaction& tx, PageId root,
                                                     Bytes inlineImage, PageId holder, Bytes key,
                                                     PageId* foundOn) {
    const auto spot = descend<kTraced>(tx, root, inlineImage, holder, key);
    if (!spot) {
        return fail(spot.error());
    }
    *foundOn = spot->page.page;
    std::optional<format::LeafElement> element;
    if (spot->found.index < spot->page.view.count()) {
        element = spot->page.view.leaf(spot->found.index);
        if (!element) {
            return fail(
                corruptPage(spot->page.page, "Key or value leaves the page", spot->found.index));
        }
        if (!std::ranges::equal(element->key, key)) {
            element.reset();
        }
    }
    if (TreeAccess::truncated(tx)) {
        return fail(TreeAccess::truncatedError());
    }
    if constexpr (kTraced) {
        if (element) {
            TreeAccess::trace(tx)->onEvent(LeafHitEvent{spot->page.page, spot->found.index,
                                                        TreeAccess::range(tx, element->key),
                                                        element->isBucket()});
        } else {
            TreeAccess::trace(tx)->onEvent(LeafMissEvent{spot->page.page, spot->found.index});
        }
    }
    return element;
}

} // namespace

Result<std::optional<Bytes>> Bucket::get(Bytes key) const {
    TraceSink* const trace = TreeAccess::trace(*m_tx);
    PageId page;
    const auto element = trace == nullptr
                             ? findEntry<false>(*m_tx, m_root, m_inlinePage, m_holder, key, &page)
                             : findEntry<true>(*m_tx, m_root, m_inlinePage, m_holder, key, &page);
    if (!element) {
        return fail(element.error());
    }
    if (!*element || (*element)->isBucket()) {
        return std::optional<Bytes>();
    }
    const Bytes value = (*element)->value;
    if (trace != nullptr) {
        trace->onEvent(
            ValueSliceEvent{page, TreeAccess::range(*m_tx, value), std::uintptr_t(value.data())});
    }
    return std::optional<Bytes>(value);
}

Result<std::optional<Bucket>> Bucket::bucket(Bytes name) const {
    TraceSink* const trace = TreeAccess::trace(*m_tx);
    PageId page;
    const auto element = trace == nullptr
                             ? findEntry<false>(*m_tx, m_root, m_inlinePage, m_holder, name, &page)
                             : findEntry<true>(*m_tx, m_root, m_inlinePage, m_holder, name, &page);
    if (!element) {
        return fail(element.error());
    }
    if (!*element || !(*element)->isBucket()) {
        return std::optional<Bucket>();
    }
    Entry entry;
    entry.key = (*element)->key;
    entry.value = (*element)->value;
    entry.isBucket = true;
    entry.page = page;
    auto found = bucketAt(entry);
    if (!found) {
        return fail(found.error());
    }
    if (trace != nullptr) {
        BucketHopEvent event;
        event.name = TreeAccess::range(*m_tx, entry.key);
        event.header = TreeAccess::range(*m_tx, entry.value.first(format::kBucketHeaderSize));
        event.root = found->rootPage();
        event.isInline = found->isInline();
        event.level = found->level();
        trace->onEvent(event);
    }
    return std::optional<Bucket>(*found);
}

Result<Bucket> Bucket::bucketAt(const Entry& entry) const {
    if (!entry.isBucket) {
        Error error;
        error.code = ErrorCode::IncompatibleValue;
        error.page = entry.page;
        error.text = "Incompatible value: the key holds a plain value, not a bucket";
        return fail(std::move(error));
    }
    const auto header = format::readBucketHeader(entry.value);
    if (!header) {
        return fail(corruptPage(entry.page,
                                "A bucket header needs 16 bytes, its value has " +
                                    std::to_string(entry.value.size()),
                                entry.index));
    }
    if (m_level + 1 > format::kMaxBucketDepth) {
        Error error = corruptPage(entry.page, "Buckets nest deeper than " +
                                                  std::to_string(format::kMaxBucketDepth));
        error.code = ErrorCode::LimitReached;
        return fail(std::move(error));
    }
    return TreeAccess::bucket(*m_tx, *header, m_level + 1, entry.page);
}

Result<void> Bucket::forEach(const std::function<Result<void>(const Entry&)>& visit) const {
    Cursor walk = cursor();
    for (auto entry = walk.first(); true; entry = walk.next()) {
        if (!entry) {
            return fail(entry.error());
        }
        if (!*entry) {
            return {};
        }
        if (auto done = visit(**entry); !done) {
            return done;
        }
    }
}

} // namespace pagescape
