// SPDX-License-Identifier: MIT
// Two trees merged in key order, bucket by bucket. A page is entered only while the other side does
// not stand before the same page of the same file: what both would report next is then the same.
#include "pagescape/diff.h"

#include "diff/diff_side.h"
#include "diff/page_lists.h"
#include "pagescape/stopped.h"

#include <algorithm>
#include <utility>

namespace pagescape {

namespace {

class Differ {
public:
    Differ(const DiffSide& before, const DiffSide& after,
           const std::function<bool(const DiffItem&)>& onItem,
           const std::function<void(DiffOrigin, Error)>& onSkip, const std::stop_token& stop,
           const std::function<bool(PageId)>& isUnwritten)
        : m_onItem(onItem), m_stop(stop), m_isUnwritten(isUnwritten),
          m_isOneFile(before.file == after.file), m_before(before, DiffOrigin::Before, onSkip),
          m_after(after, DiffOrigin::After, onSkip),
          m_changed(std::min(m_before.touched().bound(), m_after.touched().bound())) {}

    Result<DiffSummary> run(const MetaFields& before, const MetaFields& after);

private:
    // The two trees of one bucket; one of them is empty where the bucket is on one side only.
    struct Pair {
        SideCursor before;
        SideCursor after;
    };

    void enterRoots(PageId before, PageId after);
    void step(Pair& pair);
    void enterPages(Pair& pair, std::strong_ordering order);
    void enter(SideCursor& cursor, SidePages& pages);
    void entered(const WalkFrame& frame, SidePages& pages);
    void comparePage(PageId id);
    SideCursor open(SideCursor& cursor, SidePages& pages);
    void reportOne(Pair& pair, DiffKind kind);
    void comparePair(Pair& pair);
    void compareBuckets(Pair& pair, const DiffHead& before, const DiffHead& after);
    void descend(SideCursor before, SideCursor after, Bytes name);
    void report(const DiffItem& item);
    [[nodiscard]] DiffSummary finish();
    // Whether the trees below two pages are known to be one and the same.
    [[nodiscard]] bool areShared(PageId before, PageId after) const {
        return before == after && (m_isOneFile || (m_isUnwritten && m_isUnwritten(before)));
    }

    const std::function<bool(const DiffItem&)>& m_onItem;
    const std::stop_token& m_stop;
    const std::function<bool(PageId)>& m_isUnwritten;
    bool m_isOneFile;
    SidePages m_before;
    SidePages m_after;
    PageSet m_changed; // pages of both sides whose bytes differ
    DiffSummary m_summary;
    std::vector<Pair> m_stack;
    std::vector<Bytes> m_path; // names of the buckets on the stack, without the root bucket
};

// Where a head stands in key order; a page that may hold any key comes first, the end last.
std::strong_ordering compareHeads(const DiffHead& a, const DiffHead& b) {
    if (a.isEnd() || b.isEnd()) {
        return a.isEnd() <=> b.isEnd();
    }
    if (!a.key || !b.key) {
        return a.key.has_value() <=> b.key.has_value();
    }
    return compareKeys(*a.key, *b.key);
}

void Differ::comparePage(PageId id) {
    const Bytes before = m_before.file().pages(id);
    const Bytes after = m_after.file().pages(id);
    if (!std::ranges::equal(before, after)) {
        m_changed.insert(id);
    }
}

void Differ::entered(const WalkFrame& frame, SidePages& pages) {
    const SidePages& other = &pages == &m_before ? m_after : m_before;
    pages.touch(frame, [&](PageId id) {
        if (!m_isOneFile && other.touched().contains(id)) {
            comparePage(id);
        }
    });
}

void Differ::enter(SideCursor& cursor, SidePages& pages) {
    if (const auto frame = cursor.enter()) {
        entered(*frame, pages);
    }
}

// The first page of the bucket under a cursor; an empty one where it is left out.
SideCursor Differ::open(SideCursor& cursor, SidePages& pages) {
    const DiffHead& head = cursor.head();
    const auto frame =
        pages.entrance().bucket(head.element, cursor.leaf(), head.index, m_path.size());
    if (!frame) {
        pages.skip(frame.error());
        return {};
    }
    if (!frame->isInline) {
        entered(*frame, pages);
    }
    return {pages, *frame};
}

void Differ::descend(SideCursor before, SideCursor after, Bytes name) {
    m_path.push_back(name);
    m_stack.push_back({std::move(before), std::move(after)});
}

void Differ::report(const DiffItem& item) {
    const bool isAdded = item.kind == DiffKind::Added;
    const bool isChanged = item.kind == DiffKind::Changed;
    if (item.isBucket) {
        ++(isAdded     ? m_summary.bucketsAdded
           : isChanged ? m_summary.sequencesChanged
                       : m_summary.bucketsRemoved);
    } else {
        ++(isAdded     ? m_summary.keysAdded
           : isChanged ? m_summary.keysChanged
                       : m_summary.keysRemoved);
    }
    if (m_onItem && !m_onItem(item)) {
        m_summary.isWhole = false;
    }
}

void fillBefore(DiffItem& item, const DiffHead& head) {
    item.pageBefore = head.page;
    if (head.element.bucket) {
        item.sequenceBefore = head.element.bucket->sequence;
    } else {
        item.before = head.element.leaf.value;
    }
}

void fillAfter(DiffItem& item, const DiffHead& head) {
    item.pageAfter = head.page;
    if (head.element.bucket) {
        item.sequenceAfter = head.element.bucket->sequence;
    } else {
        item.after = head.element.leaf.value;
    }
}

// An entry that only one side has.
void Differ::reportOne(Pair& pair, DiffKind kind) {
    const bool isAdded = kind == DiffKind::Added;
    SideCursor& cursor = isAdded ? pair.after : pair.before;
    const DiffHead& head = cursor.head();
    DiffItem item;
    item.kind = kind;
    item.path = &m_path;
    item.key = head.element.leaf.key;
    item.isBucket = head.element.bucket.has_value();
    isAdded ? fillAfter(item, head) : fillBefore(item, head);
    report(item);
    if (!item.isBucket || !m_summary.isWhole) {
        cursor.pass();
        return;
    }
    SideCursor contents = open(cursor, isAdded ? m_after : m_before);
    cursor.pass(); // before the stack grows and `pair` dangles
    isAdded ? descend({}, std::move(contents), item.key)
            : descend(std::move(contents), {}, item.key);
}

// A bucket that both sides have.
void Differ::compareBuckets(Pair& pair, const DiffHead& before, const DiffHead& after) {
    const format::BucketHeader& old = *before.element.bucket;
    const format::BucketHeader& now = *after.element.bucket;
    const Bytes name = before.element.leaf.key;
    if (old.sequence != now.sequence) {
        DiffItem item;
        item.path = &m_path;
        item.key = name;
        item.isBucket = true;
        fillBefore(item, before);
        fillAfter(item, after);
        report(item);
    }
    // An inline page that is the same holds the same, and whatever roots it names are the same.
    const bool isShared = old.root.value != 0
                              ? areShared(old.root, now.root)
                              : m_isOneFile && now.root.value == 0 &&
                                    std::ranges::equal(old.inlinePage, now.inlinePage);
    if (isShared) {
        m_summary.subtreesShared += old.root.value != 0 ? 1 : 0;
    }
    if (isShared || !m_summary.isWhole) {
        pair.before.pass();
        pair.after.pass();
        return;
    }
    SideCursor left = open(pair.before, m_before);
    SideCursor right = open(pair.after, m_after);
    pair.before.pass();
    pair.after.pass();
    descend(std::move(left), std::move(right), name);
}

// Entries of both sides with one key.
void Differ::comparePair(Pair& pair) {
    const DiffHead& before = pair.before.head();
    const DiffHead& after = pair.after.head();
    if (before.element.bucket.has_value() != after.element.bucket.has_value()) {
        reportOne(pair, DiffKind::Removed); // what is there now comes next, and is added
        return;
    }
    if (before.element.bucket) {
        compareBuckets(pair, before, after);
        return;
    }
    if (!std::ranges::equal(before.element.leaf.value, after.element.leaf.value)) {
        DiffItem item;
        item.path = &m_path;
        item.key = before.element.leaf.key;
        fillBefore(item, before);
        fillAfter(item, after);
        report(item);
    }
    pair.before.pass();
    pair.after.pass();
}

// Both stand before a page. The one that may hold smaller keys, or is nearer to its root, goes on:
// the other one may be a page below it.
void Differ::enterPages(Pair& pair, std::strong_ordering order) {
    const DiffHead& before = pair.before.head();
    const DiffHead& after = pair.after.head();
    if (areShared(before.page, after.page)) {
        ++m_summary.subtreesShared;
        pair.before.pass();
        pair.after.pass();
        return;
    }
    if (order == 0) {
        order = before.level <=> after.level;
    }
    if (order <= 0) {
        enter(pair.before, m_before);
    }
    if (order >= 0) {
        enter(pair.after, m_after);
    }
}

void Differ::step(Pair& pair) {
    const DiffHead& before = pair.before.head();
    const DiffHead& after = pair.after.head();
    const auto order = compareHeads(before, after);
    if (before.isEnd() && after.isEnd()) {
        m_stack.pop_back();
        if (!m_path.empty()) {
            m_path.pop_back();
        }
    } else if (before.isPage() && after.isPage()) {
        enterPages(pair, order);
    } else if (before.isPage() && order <= 0) { // it may hold the other side's key
        enter(pair.before, m_before);
    } else if (after.isPage() && order >= 0) {
        enter(pair.after, m_after);
    } else if (order < 0) {
        reportOne(pair, DiffKind::Removed);
    } else if (order > 0) {
        reportOne(pair, DiffKind::Added);
    } else {
        comparePair(pair);
    }
}

void Differ::enterRoots(PageId before, PageId after) {
    if (areShared(before, after)) {
        ++m_summary.subtreesShared;
        return;
    }
    const auto first = [this](SidePages& pages, PageId root) {
        const auto frame = pages.entrance().page(root, PageId{0}, 0);
        if (!frame) {
            pages.skip(frame.error());
            return SideCursor();
        }
        entered(*frame, pages);
        return SideCursor(pages, *frame);
    };
    m_stack.push_back({first(m_before, before), first(m_after, after)});
}

DiffSummary Differ::finish() {
    m_summary.pagesRead = m_before.pagesRead() + m_after.pagesRead();
    m_summary.partsSkipped = m_before.skipped() + m_after.skipped();
    m_summary.pages = pageLists(m_before.touched(), m_after.touched(), m_changed);
    return m_summary;
}

Result<DiffSummary> Differ::run(const MetaFields& before, const MetaFields& after) {
    m_summary.isRootSequenceChanged = before.rootSequence != after.rootSequence;
    enterRoots(before.root, after.root);
    while (!m_stack.empty() && m_summary.isWhole && !m_before.file().truncated() &&
           !m_after.file().truncated()) {
        if (m_stop.stop_requested()) {
            return fail(stoppedOnRequest());
        }
        step(m_stack.back());
    }
    for (const PageFile* file : {&m_before.file(), &m_after.file()}) {
        if (const auto checked = checkNotCut(*file); !checked) {
            return fail(checked.error());
        }
    }
    return finish();
}

} // namespace

bool DiffSummary::isEqual() const {
    return keysAdded + keysRemoved + keysChanged + bucketsAdded + bucketsRemoved +
                   sequencesChanged ==
               0 &&
           !isRootSequenceChanged;
}

Result<DiffSummary> diffVersions(const DiffSide& before, const DiffSide& after,
                                 const std::function<bool(const DiffItem&)>& onItem,
                                 const std::function<void(DiffOrigin, Error)>& onSkip,
                                 const std::stop_token& stop,
                                 const std::function<bool(PageId)>& isUnwritten) {
    return Differ(before, after, onItem, onSkip, stop, isUnwritten).run(before.meta, after.meta);
}

Result<DiffSide> currentSide(const PageFile& file) {
    const FileLayout& layout = file.layout();
    if (layout.openError) {
        return fail(*layout.openError);
    }
    return DiffSide{&file, *layout.metas.activeFields()};
}

Result<std::pair<DiffSide, DiffSide>> bothSides(const PageFile& file) {
    const auto current = currentSide(file);
    if (!current) {
        return fail(current.error());
    }
    if (const MetaPair& pair = file.layout().metas; pair.held && pair.isPast()) {
        return std::pair(*current, DiffSide{&file, *pair.newestFields()});
    }
    const auto& metas = file.layout().metas.metas;
    for (const MetaReport& meta : metas) {
        if (!meta.isValid()) {
            Error error = meta.error.value_or(Error());
            error.code = meta.error ? error.code : ErrorCode::FileTooSmall;
            error.page = meta.page;
            error.text = "There is no version before the newest: " +
                         (meta.error ? error.text : "the file ends before its meta");
            return fail(std::move(error));
        }
    }
    const DiffSide first{&file, metas[0].fields};
    const DiffSide second{&file, metas[1].fields};
    return metas[1].fields.txid > metas[0].fields.txid ? std::pair(first, second)
                                                       : std::pair(second, first);
}

} // namespace pagescape
