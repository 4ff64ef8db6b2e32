// SPDX-License-Identifier: MIT
#include "entries.h"

#include "names.h"

#include <algorithm>

namespace pagescape::cli {

namespace {

Result<WalkItem> itemOf(const Bucket& bucket, const Entry& entry) {
    WalkItem item;
    item.key = entry.key;
    item.value = entry.value;
    item.isBucket = entry.isBucket;
    item.page = entry.page;
    item.index = entry.index;
    if (entry.isBucket) {
        const auto inner = bucket.bucketAt(entry);
        if (!inner) {
            return fail(inner.error());
        }
        item.isInline = inner->isInline();
        item.sequence = inner->sequence();
        item.root = inner->rootPage();
    }
    return item;
}

// The plain way. `seen` counts what was reported, also when an error ends it.
Result<void> readWithCursor(const ReadTransaction& tx, const std::vector<Bytes>& path,
                            const std::function<bool(const WalkItem&)>& onItem,
                            std::uint64_t& seen) {
    const auto bucket = tx.bucket(path);
    if (!bucket) {
        return fail(bucket.error());
    }
    Cursor cursor = bucket->cursor();
    for (auto entry = cursor.first(); true; entry = cursor.next()) {
        if (!entry) {
            return fail(entry.error());
        }
        if (!*entry) {
            return {};
        }
        const auto item = itemOf(*bucket, **entry);
        if (!item) {
            return fail(item.error());
        }
        ++seen;
        if (!onItem(*item)) {
            return {};
        }
    }
}

bool isInside(const std::vector<Bytes>& inner, const std::vector<Bytes>& outer) {
    return inner.size() >= outer.size() &&
           std::equal(outer.begin(), outer.end(), inner.begin(),
                      [](Bytes a, Bytes b) { return compareKeys(a, b) == 0; });
}

// The careful way: a walk over the whole file that steps over damage. It is in the same order, so
// the first `seen` entries are those that the cursor has reported.
Result<void> readPastDamage(const PageFile& file, const std::vector<Bytes>& path,
                            const std::function<bool(const WalkItem&)>& onItem,
                            std::uint64_t seen) {
    bool found = false;
    return walkEntries(file, [&](const WalkItem& item) {
        if (!isInside(*item.path, path)) {
            return !found; // behind the bucket there is nothing left to do
        }
        found = true;
        if (item.path->size() > path.size()) {
            return true;
        }
        if (seen > 0) {
            --seen;
            return true;
        }
        return onItem(item);
    });
}

} // namespace

int visitEntries(const Session& session, const std::vector<std::string>& path,
                 const std::function<bool(const WalkItem&)>& onItem) {
    const auto database = session.database();
    if (!database) {
        return kCannotOpen;
    }
    const auto tx = database->beginRead();
    if (!tx) {
        return session.complain(tx.error());
    }
    std::uint64_t seen = 0;
    const std::vector<Bytes> names = views(path);
    const auto read = readWithCursor(*tx, names, onItem, seen);
    if (read) {
        return kFine;
    }
    const int status = session.complain(read.error());
    const ErrorCode code = read.error().code;
    if (code != ErrorCode::CorruptPage && code != ErrorCode::LimitReached) {
        return status;
    }
    bool isSaid = false;
    const auto onRest = [&](const WalkItem& item) {
        if (!isSaid) {
            session.note("the entries behind the damage follow, as far as they can be read");
            isSaid = true;
        }
        return onItem(item);
    };
    if (const auto rest = readPastDamage(session.file(), names, onRest, seen); !rest) {
        return session.complain(rest.error());
    }
    return status;
}

} // namespace pagescape::cli
