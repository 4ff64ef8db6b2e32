// SPDX-License-Identifier: MIT
// Names and order of a lens' classes, for legend, tooltips and screen readers.
#include "paint/lens.h"
#include "paint/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace pagescape::gui {
namespace {

constexpr int kNameLimit = 40; // characters of a bucket path on a chip

// The context that translators see.
struct Text {
    Q_DECLARE_TR_FUNCTIONS(Lens)
};

QString lifeName(PageLife life) {
    switch (life) {
    case PageLife::Live: return Text::tr("current version");
    case PageLife::ActiveMeta: return Text::tr("meta in force");
    case PageLife::StaleMeta: return Text::tr("older meta");
    case PageLife::Previous: return Text::tr("older version");
    case PageLife::Free: return Text::tr("nobody: free");
    case PageLife::Leaked: return Text::tr("nobody: leaked");
    case PageLife::Tail: return Text::tr("never used");
    }
    return {};
}

QString fillName(LensClass lensClass) {
    if (lensClass == kFillNoneClass) {
        return Text::tr("no fill");
    }
    // A step holds 32 of 255 parts; the ends are named as whole per cents.
    const int low = (lensClass - 1) * 100 / 8;
    const int high = lensClass * 100 / 8;
    return Text::tr("%1 to %2 %").arg(low).arg(high);
}

QString ownerName(LensClass lensClass, const Census* census) {
    if (lensClass == kNoOwnerClass) {
        return Text::tr("no bucket");
    }
    if (lensClass == kOtherOwnersClass) {
        return Text::tr("other buckets");
    }
    const auto bucket = static_cast<BucketIndex>(lensClass - kFirstOwnerClass);
    if (bucket == 0) {
        return Text::tr("root bucket");
    }
    if (census == nullptr || bucket >= census->bucketCount()) {
        return Text::tr("bucket %1").arg(bucket);
    }
    QString path;
    for (const std::string& name : census->bucketPath(bucket)) {
        if (!path.isEmpty()) {
            path += QStringLiteral(" \u25B8 ");
        }
        path += bytesPreview(asBytes(name), kNameLimit);
    }
    // The end of a path tells more than its beginning.
    return path.size() <= kNameLimit ? path : QChar(u'\u2026') + path.last(kNameLimit - 1);
}

QString residencyName(LensClass lensClass) {
    if (lensClass == kNotResidentClass) {
        return Text::tr("not in the page cache");
    }
    if (lensClass == kResidentClass) {
        return Text::tr("in the page cache");
    }
    const int share = std::clamp((lensClass - 2) * 100 / 7, 1, 99);
    return Text::tr("partly cached, from %1 %").arg(share);
}

QString changeName(LensClass lensClass) {
    switch (lensClass) {
    case kOnlyBeforeClass: return Text::tr("only before");
    case kOnlyAfterClass: return Text::tr("only after");
    case kDifferentClass: return Text::tr("both, different");
    case kSameClass: return Text::tr("the same");
    case kNotComparedClass: return Text::tr("not compared");
    default: return {};
    }
}

// Where the classes of the type lens stand in the legend.
constexpr std::array kTypeOrder{PageClass::Meta,   PageClass::StaleMeta, PageClass::Freelist,
                                PageClass::Branch, PageClass::Leaf,      PageClass::Overflow,
                                PageClass::Free,   PageClass::Previous,  PageClass::Leaked,
                                PageClass::Tail,   PageClass::NotRead,   PageClass::Problem};
static_assert(kTypeOrder.size() == kPageClassCount);

// Seen from a version that was replaced, what the other meta reaches is newer.
QString nameInThePast(Lens lens, LensClass lensClass, bool isReader) {
    const auto isOne = [lensClass](auto own) { return lensClass == static_cast<int>(own) + 1; };
    const bool isType = lens == Lens::Type;
    const bool isLife = lens == Lens::Reachability;
    if ((isType && isOne(PageClass::Previous)) || (isLife && isOne(PageLife::Previous))) {
        return Text::tr("newer version");
    }
    if ((isType && isOne(PageClass::StaleMeta)) || (isLife && isOne(PageLife::StaleMeta))) {
        return Text::tr("newer meta");
    }
    if ((isType && isOne(PageClass::Tail)) || (isLife && isOne(PageLife::Tail))) {
        return Text::tr("not used yet then");
    }
    if (!isLife || !isOne(PageLife::Live)) {
        return {};
    }
    return isReader ? Text::tr("seen by the reader") : Text::tr("previous version");
}

LensClass problemClass() {
    return static_cast<LensClass>(static_cast<int>(PageClass::Problem) + 1);
}

std::vector<LensClass> legendOrder(const LensImage& image) {
    std::vector<LensClass> order;
    if (image.lens() == Lens::Type) {
        for (const PageClass pageClass : kTypeOrder) {
            order.push_back(static_cast<LensClass>(static_cast<int>(pageClass) + 1));
        }
    } else {
        for (int i = 1; i < 256; ++i) {
            order.push_back(static_cast<LensClass>(i));
        }
    }
    if (image.lens() == Lens::Owner) {
        std::stable_sort(order.begin(), order.end(), [&image](LensClass a, LensClass b) {
            const bool aIsBucket = a >= kFirstOwnerClass;
            const bool bIsBucket = b >= kFirstOwnerClass;
            return aIsBucket != bIsBucket ? aIsBucket : image.count(a) > image.count(b);
        });
    }
    order.push_back(kUnknownClass);
    return order;
}

} // namespace

QString lensClassName(Lens lens, LensClass lensClass, const Census* census) {
    if (census != nullptr && census->file().layout().metas.isPast()) {
        const bool isReader = census->file().options().heldMeta.has_value();
        if (const QString name = nameInThePast(lens, lensClass, isReader); !name.isEmpty()) {
            return name;
        }
    }
    if (lensClass == kUnknownClass) {
        return lens == Lens::Residency ? Text::tr("not sampled")
               : lens == Lens::Changes ? Text::tr("no comparison yet")
                                       : Text::tr("not read yet");
    }
    switch (lens) {
    case Lens::Type:
        return lensClass <= kPageClassCount ? pageClassName(static_cast<PageClass>(lensClass - 1))
                                            : QString();
    case Lens::Fill: return fillName(lensClass);
    case Lens::Owner: return ownerName(lensClass, census);
    case Lens::Reachability:
        return lensClass <= kPageLifeCount ? lifeName(static_cast<PageLife>(lensClass - 1))
                                           : QString();
    case Lens::Residency: return residencyName(lensClass);
    case Lens::Changes: return changeName(lensClass);
    }
    return {};
}

std::vector<LegendEntry> lensLegend(const LensImage& image, const Theme& theme,
                                    const Census* census) {
    std::vector<LegendEntry> entries;
    for (const LensClass lensClass : legendOrder(image)) {
        const quint64 pages = image.count(lensClass);
        const bool isAlwaysShown = image.lens() == Lens::Type && lensClass == problemClass();
        if (pages > 0 || isAlwaysShown) {
            entries.push_back({lensClass, lensClassName(image.lens(), lensClass, census), pages,
                               lensClassStyle(image, lensClass, theme)});
        }
    }
    return entries;
}

} // namespace pagescape::gui
