// SPDX-License-Identifier: MIT
#include "window/window_text.h"

#include "models/byte_text.h"
#include "models/caption.h"
#include "models/headline.h"
#include "models/page_field_model.h"
#include "pagescape/value_format.h"
#include "views/field_place.h"
#include "views/key_entry.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace pagescape::gui {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("pagescape::gui::MainWindow", text);
}

QString kindText(const PageRow& row) {
    switch (row.kind) {
    case PageKind::NotRead: return tr("page");
    case PageKind::Meta: return tr("meta");
    case PageKind::Freelist: return tr("freelist");
    case PageKind::Branch: return tr("branch");
    case PageKind::Leaf: return tr("leaf");
    case PageKind::Overflow: return tr("overflow");
    case PageKind::Free: return tr("free page");
    case PageKind::Leaked: return tr("leaked page");
    case PageKind::Tail: return tr("never used page");
    case PageKind::Problem: return tr("damaged page");
    }
    return {};
}

QString pageText(const Census& census, PageId page) {
    return tr("%1 %2").arg(kindText(census.row(page))).arg(page.value);
}

QString shortKey(const PageSnapshot& page, int element) {
    const int key = page ? page->description.find(FieldKind::Key, element) : -1;
    if (key < 0) {
        return {};
    }
    const ByteRange range = page->description.fields[std::size_t(key)].range;
    return toQString(shortText(Bytes(page->bytes).subspan(range.begin, range.size()), 24));
}

} // namespace

QString fileTitle(const PageFile& file) {
    const FileLayout& layout = file.layout();
    QStringList parts{tr("read-only"), tr("%1 pages").arg(bytesText(layout.pageSize))};
    if (const MetaFields* meta = layout.metas.activeFields()) {
        parts += tr("txid %1").arg(countText(meta->txid.value));
        parts += file.options().heldMeta
                     ? tr("through a reader")
                     : (file.options().previousVersion ? tr("meta %1, previous version")
                                                       : tr("meta %1 active"))
                           .arg(*layout.metas.active);
    } else {
        parts += tr("no valid meta: raw pages");
    }
    return tr("%1 (%2)").arg(toQString(file.path().filename().string()), parts.join(tr(" · ")));
}

QString previousVersionText(const PageFile& file) {
    const MetaPair& metas = file.layout().metas;
    if (!file.options().previousVersion || !metas.active) {
        return {};
    }
    const auto shown = static_cast<std::size_t>(*metas.active);
    return tr("PREVIOUS VERSION: transaction %1 through meta %2; %3 replaced it. Ctrl+M leads "
              "back.")
        .arg(countText(metas.metas[shown].fields.txid.value))
        .arg(shown)
        .arg(countText(metas.metas[1 - shown].fields.txid.value));
}

QString readerVersionText(const PageFile& file, quint64 reader) {
    const MetaPair& metas = file.layout().metas;
    if (!file.options().heldMeta || metas.activeFields() == nullptr) {
        return {};
    }
    const QString seen = countText(metas.activeFields()->txid.value);
    const QString what = metas.isPast()
                             ? tr("transaction %1; the newest is %2.")
                                   .arg(seen, countText(metas.newestFields()->txid.value))
                             : tr("transaction %1, which is the newest as yet.").arg(seen);
    return tr("THROUGH READER %1: %2 Esc or Ctrl+Shift+R leads back.").arg(reader).arg(what);
}

QString lockText(const PageFile& file) {
    switch (file.layout().lock) {
    case LockState::HeldByOther:
        return tr("Another program has this file open for writing: what you see can change.");
    case LockState::Unavailable:
        return tr("This file system has no locks: another program may be writing the file.");
    case LockState::NotAsked:
        return tr(
            "The window holds no lock while it follows: another program may write this file.");
    case LockState::Shared: break;
    }
    return {};
}

QString bucketTitle(const Census& census, BucketIndex bucket) {
    if (bucket == kNoBucket || bucket >= census.bucketCount()) {
        return {};
    }
    std::vector<QByteArray> names;
    for (const std::string& name : census.bucketPath(bucket)) {
        names.push_back(QByteArray::fromStdString(name));
    }
    return names.empty() ? tr("(root)") : bucketPathText(names);
}

std::vector<Crumb> crumbsOf(const Census& census, const Place& place, const PageSnapshot& page) {
    std::vector<Crumb> crumbs;
    const auto link = [](PageId id) {
        Place target;
        target.page = id;
        return target;
    };
    Crumb fileCrumb{
        toQString(census.file().path().filename().string()), tr("The meta in force"), {}};
    if (const auto entrance = census.file().layout().metas.entrance()) {
        fileCrumb.place = link(*entrance);
    }
    crumbs.push_back(fileCrumb);
    if (!place.page || place.page->value >= census.pageCount()) {
        return crumbs;
    }
    BucketIndex bucket = kNoBucket;
    for (const PageId step : census.pathTo(*place.page)) {
        const PageRow row = census.row(step);
        if (row.bucket != bucket && row.bucket != kNoBucket && row.bucket < census.bucketCount()) {
            bucket = row.bucket;
            const BucketInfo info = census.bucket(bucket);
            if (bucket != 0) {
                crumbs.push_back({toQString(shortText(asBytes(info.name), 24)),
                                  tr("Bucket, root page %1").arg(info.root.value),
                                  link(info.root)});
            }
        }
        crumbs.push_back({pageText(census, step), tr("Page %1").arg(step.value), link(step)});
    }
    if (crumbs.size() == 1 || (crumbs.back().place.page != place.page)) {
        crumbs.push_back({pageText(census, *place.page), tr("Page %1").arg(place.page->value),
                          link(*place.page)});
    }
    if (place.element >= 0) {
        const QString key = shortKey(page, place.element);
        crumbs.push_back({key.isEmpty() ? tr("element %1").arg(place.element) : tr("“%1”").arg(key),
                          tr("Element %1").arg(place.element), place});
    }
    return crumbs;
}

const LeafHitEvent* searchedKey(const GetTrace& trace) {
    for (auto event = trace.events.rbegin(); event != trace.events.rend(); ++event) {
        if (const auto* hit = std::get_if<LeafHitEvent>(&*event)) {
            const bool isLast = event - trace.events.rbegin() <= 1; // a value's slice may follow
            return isLast && (trace.found || hit->isBucket) ? hit : nullptr;
        }
    }
    return nullptr;
}

bool reachedBucket(const GetTrace& trace) {
    return !captionContextAt(trace, int(trace.events.size()) - 1).targetIsBucket;
}

QString missText(const GetTrace& trace) {
    if (!trace.error.isEmpty()) {
        return trace.error;
    }
    const QString where = trace.path.empty() ? tr("the root bucket")
                                             : tr("bucket %1").arg(bucketPathText(trace.path));
    return tr("%1 is not in %2. For another bucket write bucket/key.")
        .arg(quotedKey(trace.key), where);
}

QString hoverText(const Census& census, const Place& place, const PageSnapshot& page) {
    if (!place.page || place.page->value >= census.pageCount()) {
        return {};
    }
    QStringList parts;
    const PageRow row = census.row(*place.page);
    if (const QString bucket = bucketTitle(census, row.bucket); !bucket.isEmpty()) {
        parts += bucket;
    }
    parts += pageText(census, *place.page);
    if (page && place.bytes && page->description.id == *place.page) {
        const int field = fieldOfPlace(page->description, place);
        if (field >= 0) {
            parts += fieldTitle(page->description.fields[std::size_t(field)]);
        }
    }
    QString text = parts.join(tr(" ▸ "));
    if (place.bytes) {
        text += tr("  bytes %1–%2").arg(place.bytes->begin).arg(place.bytes->end - 1);
    }
    return text;
}

} // namespace pagescape::gui
