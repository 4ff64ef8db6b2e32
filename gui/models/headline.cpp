// SPDX-License-Identifier: MIT
// The headline is built from sentences; what is not known yet is left out or said to be so.
#include "models/headline.h"

#include <QCoreApplication>
#include <QStringList>

#include <array>

namespace pagescape::gui {

using namespace Qt::StringLiterals;

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Headline)
};

// A number that lights its pages when clicked.
QString link(const QString& target, const QString& text) {
    return u"<a href=\"%1\">%2</a>"_s.arg(target, text);
}

quint64 lives(const std::array<std::uint64_t, kPageLifeCount>& counts, PageLife life) {
    return counts[static_cast<std::size_t>(life)];
}

QString pagesText(quint64 count) {
    return count == 1 ? Texts::tr("1 page") : Texts::tr("%1 pages").arg(countText(count));
}

QString size(const Census& census) {
    const FileLayout& layout = census.file().layout();
    return Texts::tr("%1 of %2 = %3.")
        .arg(link(u"pages:all"_s, pagesText(census.pageCount())), bytesText(layout.pageSize),
             bytesText(layout.fileSize));
}

QString usage(const Census& census) {
    const auto counts = census.lifeCounts();
    const quint64 pages = census.pageCount();
    if (pages == 0) {
        return {};
    }
    if (!census.freePagesKnown()) {
        return Texts::tr(
            "This file stores no list of free pages: they are known when the scan ends.");
    }
    const quint64 used = lives(counts, PageLife::Live) + lives(counts, PageLife::ActiveMeta) +
                         lives(counts, PageLife::StaleMeta);
    const quint64 free = lives(counts, PageLife::Free) + lives(counts, PageLife::Previous);
    const quint64 tail = lives(counts, PageLife::Tail);
    QString text = Texts::tr("%1 in use, %2 free.")
                       .arg(link(u"pages:used"_s, Texts::tr("%1 %").arg(used * 100 / pages)),
                            link(u"pages:free"_s, pagesText(free)));
    if (tail > 0) {
        text += u' ' + (census.file().layout().metas.isPast()
                            ? Texts::tr("%1 at the end not used yet then.")
                            : Texts::tr("%1 at the end never used."))
                           .arg(link(u"pages:tail"_s, pagesText(tail)));
    }
    if (const quint64 leaked = lives(counts, PageLife::Leaked); leaked > 0) {
        text += u' ' + Texts::tr("%1 leaked.").arg(link(u"pages:leaked"_s, pagesText(leaked)));
    }
    return text;
}

QString version(const Census& census) {
    const MetaPair& metas = census.file().layout().metas;
    const MetaFields* meta = metas.activeFields();
    if (meta == nullptr) {
        return {};
    }
    const OpenOptions& options = census.file().options();
    return (options.heldMeta          ? Texts::tr("Through a reader: transaction %1.")
            : options.previousVersion ? Texts::tr("Previous version: transaction %1.")
                                      : Texts::tr("Last transaction %1."))
        .arg(link(u"page:%1"_s.arg(metas.entrance()->value), countText(meta->txid.value)));
}

QString buckets(const Census& census) {
    const CensusStage stage = census.stage();
    if (stage != CensusStage::Done || census.bucketCount() == 0) {
        return {};
    }
    const BucketInfo root = census.bucket(0);
    quint64 count = root.inlineBuckets;
    for (std::size_t i = 1; i < census.bucketCount(); ++i) {
        count += census.bucket(static_cast<BucketIndex>(i)).level == 1 ? 1U : 0U;
    }
    const QString text = count == 1 ? Texts::tr("1 top-level bucket")
                                    : Texts::tr("%1 top-level buckets").arg(countText(count));
    return link(u"page:%1"_s.arg(root.root.value), text) + u'.';
}

QString damage(const std::vector<Finding>& findings, bool checkDone) {
    if (findings.empty()) {
        return checkDone ? Texts::tr("No damage found.") : Texts::tr("No damage found so far.");
    }
    const QString text = findings.size() == 1
                             ? Texts::tr("1 problem found")
                             : Texts::tr("%1 problems found").arg(countText(findings.size()));
    return link(u"problems:"_s, text) + u'.';
}

// The texts hold no tag but our own links.
QString withoutLinks(QString html) {
    for (qsizetype open = html.indexOf(u'<'); open >= 0; open = html.indexOf(u'<')) {
        const qsizetype close = html.indexOf(u'>', open);
        html.remove(open, close < 0 ? html.size() - open : close - open + 1);
    }
    return html;
}

} // namespace

Headline headline(const Census& census, const std::vector<Finding>& findings, bool checkDone) {
    QStringList sentences{size(census), usage(census), version(census), buckets(census),
                          damage(findings, checkDone)};
    sentences.removeAll(QString());
    Headline out;
    out.html = sentences.join(u' ');
    out.plain = withoutLinks(out.html);
    return out;
}

} // namespace pagescape::gui
