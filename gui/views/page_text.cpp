// SPDX-License-Identifier: MIT
#include "views/page_text.h"

#include "models/page_list_model.h"
#include "paint/text.h"
#include "units/units.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace pagescape::gui {

namespace {

struct PageText {
    Q_DECLARE_TR_FUNCTIONS(PageText)
};

constexpr int kNameLimit = 40; // characters of one bucket name

QString idText(PageId page) {
    return countText(page.value);
}

bool isTreePage(const PageRow& row) {
    return row.kind == PageKind::Branch || row.kind == PageKind::Leaf;
}

bool hasFill(const PageRow& row) {
    return isTreePage(row) && !row.isExpected;
}

// What the header's count means depends on the kind; empty where it means nothing.
QString countPhrase(const PageRow& row) {
    if (row.isExpected) {
        return {};
    }
    switch (row.kind) {
    case PageKind::Branch: return PageText::tr("%n child page(s)", nullptr, row.count);
    case PageKind::Leaf: return PageText::tr("%n key(s)", nullptr, row.count);
    default: return {};
    }
}

QString overflowPhrase(const PageRow& row) {
    return row.overflow == 0 || row.kind == PageKind::Overflow
               ? QString()
               : PageText::tr("%n overflow page(s)", nullptr, static_cast<int>(row.overflow));
}

QString kindPhrase(const PageRow& row) {
    if (row.kind == PageKind::Overflow) {
        return PageText::tr("continuation of page %1").arg(idText(PageId{row.parent}));
    }
    if (row.kind == PageKind::Meta && row.life == PageLife::StaleMeta) {
        return PageText::tr("older meta page");
    }
    if (row.kind == PageKind::Meta && row.life == PageLife::ActiveMeta) {
        return PageText::tr("meta page in force");
    }
    return pageKindText(row.kind);
}

} // namespace

PageId runStart(const Census& census, PageId page) {
    if (page.value >= census.pageCount()) {
        return page;
    }
    const PageRow row = census.row(page);
    return row.kind == PageKind::Overflow && row.parent < page.value ? PageId{row.parent} : page;
}

int fillPercent(std::uint8_t fill) {
    return (fill * 100 + 127) / 255;
}

QString ownerText(const Census& census, BucketIndex bucket) {
    if (bucket == kNoBucket || bucket >= census.bucketCount()) {
        return {};
    }
    QStringList names;
    for (const std::string& name : census.bucketPath(bucket)) {
        names += bytesPreview(asBytes(name), kNameLimit);
    }
    return names.isEmpty() ? PageText::tr("root bucket") : names.join(QStringLiteral(" \u25B8 "));
}

QString pageSentence(const Census& census, PageId page) {
    if (page.value >= census.pageCount()) {
        return {};
    }
    const PageRow row = census.row(page);
    QStringList parts{PageText::tr("page %1").arg(idText(page)), kindPhrase(row)};
    if (row.life == PageLife::Previous) {
        parts += pageLifeText(row.life);
    }
    if (const QString owner = ownerText(census, row.bucket); !owner.isEmpty()) {
        parts += row.bucket == 0 ? owner : PageText::tr("bucket %1").arg(owner);
    }
    if (const QString count = countPhrase(row); !count.isEmpty()) {
        parts += count;
    }
    if (hasFill(row)) {
        parts += PageText::tr("%1 percent full").arg(fillPercent(row.fill));
    }
    if (const QString overflow = overflowPhrase(row); !overflow.isEmpty()) {
        parts += overflow;
    }
    if (row.hasProblem) {
        parts += PageText::tr("has a problem");
    }
    return parts.join(QStringLiteral(", "));
}

QString lifeSentence(PageLife life) {
    switch (life) {
    case PageLife::Live: return PageText::tr("in use by the current version");
    case PageLife::ActiveMeta: return PageText::tr("says where the current version starts");
    case PageLife::StaleMeta: return PageText::tr("says where the other version starts");
    case PageLife::Previous: return PageText::tr("free, but the other meta page still reaches it");
    case PageLife::Free: return PageText::tr("free, and reached by nobody");
    case PageLife::Leaked: return PageText::tr("reached by nobody, and missing from the freelist");
    case PageLife::Tail: return PageText::tr("never used: at or beyond the high-water mark");
    }
    return {};
}

QString pageToolTip(const Census& census, PageId page) {
    if (page.value >= census.pageCount()) {
        return {};
    }
    const QString dot = QStringLiteral(" \u00B7 ");
    const PageRow row = census.row(page);
    QStringList lines{PageText::tr("page %1").arg(idText(page)) + dot + kindPhrase(row),
                      lifeSentence(row.life)};
    if (row.kind == PageKind::NotRead) {
        lines[1] = PageText::tr("in use as far as is known; not read yet");
    }
    if (const QString owner = ownerText(census, row.bucket); !owner.isEmpty()) {
        lines += row.bucket == 0 ? owner : PageText::tr("bucket %1").arg(owner);
    }
    QStringList figures;
    if (isTreePage(row)) {
        figures += PageText::tr("depth %1").arg(row.depth);
    }
    if (const QString count = countPhrase(row); !count.isEmpty()) {
        figures += count;
    }
    if (hasFill(row)) {
        figures += PageText::tr("%1 % full").arg(fillPercent(row.fill));
    }
    if (const QString overflow = overflowPhrase(row); !overflow.isEmpty()) {
        figures += overflow;
    }
    if (!figures.isEmpty()) {
        lines += figures.join(dot);
    }
    if (row.isExpected) {
        lines += PageText::tr("known from its parent; not read yet");
    }
    if (row.hasProblem) {
        lines += PageText::tr("has a problem: see the list of problems");
    }
    return lines.join(u'\n');
}

namespace {

QString nodeCountPhrase(const TreeShape::Node& node) {
    return node.kind == PageKind::Branch ? PageText::tr("%n child page(s)", nullptr, node.elements)
           : node.kind == PageKind::Leaf ? PageText::tr("%n key(s)", nullptr, node.elements)
                                         : QString();
}

QStringList nodeBuckets(const TreeShape::Node& node) {
    QStringList parts;
    if (node.nestedBuckets > 0) {
        parts += PageText::tr("%n nested bucket(s) with pages", nullptr,
                              static_cast<int>(node.nestedBuckets));
    }
    if (node.inlineBuckets > 0) {
        parts += PageText::tr("%n inline bucket(s)", nullptr, static_cast<int>(node.inlineBuckets));
    }
    return parts;
}

} // namespace

QString nodeSentence(const TreeShape::Node& node) {
    QStringList parts{PageText::tr("page %1").arg(idText(node.page)), pageKindText(node.kind)};
    if (node.isBucketRoot) {
        parts += node.bucketName.isEmpty() ? PageText::tr("root of the root bucket")
                                           : PageText::tr("root of bucket %1").arg(node.bucketName);
    }
    if (const QString count = nodeCountPhrase(node); !count.isEmpty()) {
        parts += count;
        parts += PageText::tr("%1 percent full").arg(qRound(node.fill * 100));
    }
    if (node.overflow > 0) {
        parts += PageText::tr("%n overflow page(s)", nullptr, static_cast<int>(node.overflow));
    }
    parts += nodeBuckets(node);
    if (node.hiddenLeaves > 0) {
        parts += PageText::tr("%n leaf page(s) below not drawn", nullptr,
                              static_cast<int>(std::min<quint64>(node.hiddenLeaves, 0x7FFFFFFF)));
    }
    if (node.hasProblem) {
        parts += PageText::tr("has a problem");
    }
    return parts.join(QStringLiteral(", "));
}

QString nodeToolTip(const TreeShape::Node& node) {
    const QString dot = QStringLiteral(" \u00B7 ");
    QStringList lines{PageText::tr("page %1").arg(idText(node.page)) + dot +
                      pageKindText(node.kind)};
    if (node.isBucketRoot) {
        lines += node.bucketName.isEmpty() ? PageText::tr("root of the root bucket")
                                           : PageText::tr("root of bucket %1").arg(node.bucketName);
    }
    if (!node.firstKey.isEmpty()) {
        lines += node.lastKey.isEmpty() ? PageText::tr("from %1").arg(node.firstKey)
                                        : PageText::tr("%1 to %2").arg(node.firstKey, node.lastKey);
    }
    QStringList figures;
    if (const QString count = nodeCountPhrase(node); !count.isEmpty()) {
        figures += count;
        figures += PageText::tr("%1 % full").arg(qRound(node.fill * 100));
    }
    if (node.overflow > 0) {
        figures += PageText::tr("%n overflow page(s)", nullptr, static_cast<int>(node.overflow));
    }
    if (!figures.isEmpty()) {
        lines += figures.join(dot);
    }
    lines += nodeBuckets(node);
    if (node.hasProblem) {
        lines += PageText::tr("has a problem: see the list of problems");
    }
    return lines.join(u'\n');
}

} // namespace pagescape::gui
