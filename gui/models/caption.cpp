// SPDX-License-Identifier: MIT
// One function for each kind of event. Templates are whole sentences, so that they can be
// translated.
#include "models/caption.h"

#include "models/byte_text.h"
#include "models/headline.h"
#include "pagescape/format.h"
#include "pagescape/value_format.h"

#include <QCoreApplication>

#include <algorithm>
#include <variant>

namespace pagescape::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kKeyChars = 40;

QString hex(std::uint64_t number) {
    return u"0x%1"_s.arg(number, 0, 16);
}

class Captioner {
    Q_DECLARE_TR_FUNCTIONS(Caption)

public:
    explicit Captioner(const CaptionContext& context) : m_context(context) {}

    QString operator()(const MetaChosenEvent& e) const {
        const QString chosen =
            tr("Its checksum %1 is right, and the root bucket's tree begins at page %2.")
                .arg(hex(e.checksum), number(e.root.value));
        const std::uint64_t other = e.meta == 0 ? 1 : 0;
        if (e.choice == MetaChoice::Held) {
            return tr("The reader began when its transaction %1 was the newest, and keeps a copy "
                      "of that meta: what commits have written to meta page %2 since is nothing to "
                      "it. The root bucket's tree begins at page %3.")
                .arg(countText(e.txid.value), number(e.meta), number(e.root.value));
        }
        if (e.choice == MetaChoice::Previous) {
            return tr("The version before the newest is looked at: meta page %1 with transaction "
                      "%2, not %3 in meta page %4.")
                       .arg(number(e.meta), countText(e.txid.value), countText(e.otherTxid.value),
                            number(other)) +
                   u' ' + chosen;
        }
        if (!e.otherValid) {
            return tr("Meta page %1 with transaction %2 is chosen, because meta page %3 does not "
                      "validate.")
                       .arg(number(e.meta), countText(e.txid.value), number(other)) +
                   u' ' + chosen;
        }
        if (e.txid == e.otherTxid) {
            return tr("Both meta pages hold transaction %1, so meta page %2 is chosen.")
                       .arg(countText(e.txid.value), number(e.meta)) +
                   u' ' + chosen;
        }
        return tr("Meta page %1 is chosen, because its transaction %2 is newer than %3 in meta "
                  "page %4.")
                   .arg(number(e.meta), countText(e.txid.value), countText(e.otherTxid.value),
                        number(other)) +
               u' ' + chosen;
    }

    QString operator()(const BucketHopEvent& e) const {
        if (e.level == 0) {
            return tr("The search starts in the root bucket, which holds the top-level buckets: "
                      "the meta "
                      "page says that its tree begins at page %1.")
                .arg(e.root.value);
        }
        const QString name = quoted(e.name, tr("The bucket"));
        if (e.isInline) {
            return tr("%1 is a small bucket without a page of its own: its root is 0, so its "
                      "entries stand "
                      "inline, right behind the bucket header at byte %2 of the file.")
                .arg(name, countText(e.header.begin));
        }
        return tr("%1 is a bucket: the %2 bytes of its value at byte %3 of the file are a bucket "
                  "header, "
                  "which says that its tree begins at page %4.")
            .arg(name, number(e.header.size()), countText(e.header.begin), number(e.root.value));
    }

    QString operator()(const PageReadEvent& e) const {
        if (e.isInline) {
            return tr("The inline page in leaf page %1 is searched: %2 in %3.")
                .arg(number(e.page.value), elements(e.count), bytesText(e.bytes.size()));
        }
        QString text;
        if (e.flags == format::kBranchFlag) {
            text = tr("Branch page %1 is read at byte %2: %3, each with a child page and the first "
                      "key "
                      "below it.")
                       .arg(number(e.page.value), countText(e.bytes.begin), elements(e.count));
        } else {
            text = tr("Leaf page %1 is read at byte %2: %3, each with a key and its value.")
                       .arg(number(e.page.value), countText(e.bytes.begin), elements(e.count));
        }
        if (e.overflow > 0) {
            text +=
                u' ' + (e.overflow == 1
                            ? tr("It goes on in 1 overflow page.")
                            : tr("It goes on in %1 overflow pages.").arg(countText(e.overflow)));
        }
        return text;
    }

    QString operator()(const ProbeEvent& e) const {
        const QString start =
            tr("Binary search in %1 compares %2 with %3 (element %4)")
                .arg(pageName(e.page), target(), quoted(e.key, tr("the key")), number(e.middle));
        const std::uint32_t left = e.middle - std::min(e.low, e.middle);
        if (e.order == 0) {
            const QString equal = tr("%1: all %2 are equal, so this is the element.")
                                      .arg(start, bytesCount(e.bytesCompared));
            return left == 0
                       ? equal
                       : equal + u' ' +
                             tr("The search looks for the lowest match and goes on to the left.") +
                             u' ' + remaining(left);
        }
        if (e.order < 0) {
            return tr("%1: smaller after %2, so the answer is left of it. %3")
                .arg(start, bytesCount(e.bytesCompared), remaining(left));
        }
        return tr("%1: greater after %2, so the answer is right of it. %3")
            .arg(start, bytesCount(e.bytesCompared),
                 remaining(e.high - std::min(e.high, e.middle + 1)));
    }

    QString operator()(const ChildChosenEvent& e) const {
        if (e.exact) {
            return tr("%1 stands in branch page %2 as element %3, so its child, page %4, begins "
                      "with it.")
                .arg(target(), number(e.page.value), number(e.index), number(e.child.value));
        }
        if (e.steppedLeft) {
            return tr("No key in branch page %1 equals %2, so the search steps one to the left of "
                      "where it "
                      "would stand: element %3 has the last key that is not greater, and leads to "
                      "page %4.")
                .arg(number(e.page.value), target(), number(e.index), number(e.child.value));
        }
        return tr("%1 comes before every key in branch page %2. There is nothing to the left, so "
                  "element %3 "
                  "is followed to page %4.")
            .arg(target(), number(e.page.value), number(e.index), number(e.child.value));
    }

    QString operator()(const LeafHitEvent& e) const {
        const QString found =
            tr("%1 is element %2 of %3.").arg(target(), number(e.index), leafName(e.page));
        if (m_context.targetIsBucket) {
            return found + u' ' +
                   (e.isBucket ? tr("Its flag says bucket, so its value is a bucket header.")
                               : tr("It holds a plain value and no bucket: the search ends."));
        }
        return found + u' ' +
               (e.isBucket
                    ? tr("Its flag says bucket, and a bucket has no value: Get answers nothing.")
                    : tr("Its value stands right behind the key."));
    }

    QString operator()(const LeafMissEvent& e) const {
        const QString where =
            tr("it would stand at element %1 of %2").arg(number(e.index), leafName(e.page));
        return m_context.targetIsBucket
                   ? tr("There is no bucket %1: %2. The search ends.").arg(target(), where)
                   : tr("There is no key %1: %2. Get answers nothing.").arg(target(), where);
    }

    QString operator()(const ValueSliceEvent& e) const {
        return tr("The value is %1 at byte %2 of the file. Get answers with a slice of the mapping "
                  "at "
                  "address %3: nothing is copied, and it is valid until the transaction ends.")
            .arg(bytesCount(e.value.size()), countText(e.value.begin), hex(e.address));
    }

private:
    // Texts are filled in one go: a key may itself hold "%1".
    static QString number(std::uint64_t value) { return QString::number(value); }
    static QString elements(std::uint64_t count) {
        return count == 1 ? tr("1 element") : tr("%1 elements").arg(countText(count));
    }
    static QString bytesCount(std::uint64_t count) {
        return count == 1 ? tr("1 byte") : tr("%1 bytes").arg(countText(count));
    }
    static QString remaining(std::uint32_t count) {
        switch (count) {
        case 0: return tr("No element remains.");
        case 1: return tr("1 element remains.");
        default: return tr("%1 elements remain.").arg(countText(count));
        }
    }
    [[nodiscard]] QString leafName(PageId page) const {
        return m_context.pageIsInline ? tr("the inline page in leaf page %1").arg(page.value)
                                      : tr("leaf page %1").arg(page.value);
    }

    [[nodiscard]] QString pageName(PageId page) const {
        if (!m_context.pageIsLeaf && !m_context.pageIsInline) {
            return tr("page %1").arg(page.value);
        }
        return m_context.pageIsLeaf.value_or(true) ? leafName(page)
                                                   : tr("branch page %1").arg(page.value);
    }
    [[nodiscard]] QString target() const { return quotedKey(m_context.target); }
    [[nodiscard]] QString quoted(ByteRange range, const QString& otherwise) const {
        const QByteArray bytes = m_context.fileBytes ? m_context.fileBytes(range) : QByteArray();
        return bytes.isEmpty() ? otherwise : quotedKey(bytes);
    }

    const CaptionContext& m_context;
};

// What ends a Get.
class EndTexts {
    Q_DECLARE_TR_FUNCTIONS(EndCard)

public:
    static QString title(const GetTrace& trace) {
        const QString key = quotedKey(trace.key);
        if (!trace.error.isEmpty()) {
            const QString text = tr("The search could not end: %1").arg(trace.error);
            return text.endsWith(u'.') ? text : text + u'.';
        }
        if (trace.found) {
            return tr("Found: the value of %1 has %2.").arg(key, bytesText(trace.valueSize));
        }
        const int last = static_cast<int>(trace.events.size()) - 1;
        if (const CaptionContext end = captionContextAt(trace, last); end.targetIsBucket) {
            return tr("Not found: there is no bucket %1 here.").arg(quotedKey(end.target));
        }
        if (const auto* hit = lastEvent<LeafHitEvent>(trace); hit != nullptr && hit->isBucket) {
            return tr("%1 is a bucket, so Get answers nothing.").arg(key);
        }
        return tr("Not found: there is no key %1 here.").arg(key);
    }

    static QString cost(const GetTrace& trace, int event) {
        const Cost cost = costAt(trace, event);
        QStringList parts;
        parts.append(trace.pageCount > 0
                         ? tr("pages touched %1 of %2")
                               .arg(countText(cost.pages), countText(trace.pageCount))
                         : tr("pages touched %1").arg(countText(cost.pages)));
        parts.append(tr("bytes compared %1").arg(countText(cost.bytes)));
        if (trace.coldPages >= 0) {
            parts.append(tr("not in memory when opened: %1")
                             .arg(countText(static_cast<quint64>(trace.coldPages))));
        }
        return parts.join(u" · "_s);
    }

    static QStringList lines(const GetTrace& trace) {
        const Cost cost = costAt(trace, static_cast<int>(trace.events.size()) - 1);
        QStringList lines;
        if (trace.pageCount > 0) {
            lines.append(tr("Pages touched: %1 of %2.")
                             .arg(countText(cost.pages), countText(trace.pageCount)));
        }
        lines.append(tr("Bytes compared: %1 in %2 comparisons.")
                         .arg(countText(cost.bytes), countText(cost.probes)));
        if (trace.leafPages > 0) {
            lines.append(tr("Scanning all leaves of the bucket would have touched %1 pages.")
                             .arg(countText(trace.leafPages)));
        }
        if (trace.coldPages >= 0) {
            lines.append(
                tr("Page faults to expect: %1 of the tree's pages were not in memory when the file "
                   "was opened.")
                    .arg(countText(static_cast<quint64>(trace.coldPages))));
        }
        if (const auto* value = lastEvent<ValueSliceEvent>(trace)) {
            lines.append(tr("The value is a slice of the mapping: bytes %1 to %2 of the file, at "
                            "address %3. It "
                            "was not copied and is valid until the transaction ends.")
                             .arg(countText(value->value.begin), countText(value->value.end),
                                  hex(value->address)));
        }
        return lines;
    }

    static QString introduction(const GetTrace& trace) {
        QStringList names;
        for (const QByteArray& name : trace.path) {
            names.append(quotedKey(name));
        }
        const QString where = names.isEmpty() ? tr("the root bucket") : names.join(u" ▸ "_s);
        return tr("Get of %1 in %2, before the first of %3 events. Step forward to begin.")
            .arg(quotedKey(trace.key), where, countText(trace.events.size()));
    }

private:
    struct Cost {
        quint64 pages = 0;
        quint64 bytes = 0;
        quint64 probes = 0;
    };

    template <typename Event>
    static const Event* lastEvent(const GetTrace& trace) {
        return trace.events.empty() ? nullptr : std::get_if<Event>(&trace.events.back());
    }

    static Cost costAt(const GetTrace& trace, int event) {
        Cost cost;
        std::vector<PageId> touched;
        const int last = std::min(event, static_cast<int>(trace.events.size()) - 1);
        for (int i = 0; i <= last; ++i) {
            const TraceEvent& e = trace.events[static_cast<std::size_t>(i)];
            if (const auto* probe = std::get_if<ProbeEvent>(&e)) {
                cost.bytes += probe->bytesCompared;
                ++cost.probes;
            } else if (std::holds_alternative<MetaChosenEvent>(e) ||
                       std::holds_alternative<PageReadEvent>(e)) {
                const PageId page = eventPage(e);
                if (std::find(touched.begin(), touched.end(), page) == touched.end()) {
                    touched.push_back(page);
                }
            }
        }
        cost.pages = touched.size();
        return cost;
    }
};

} // namespace

QString quotedKey(const QByteArray& key) {
    const auto shown = formatValue(toBytes(key), ValueFormat::Auto, kKeyChars);
    if (shown && shown->used == ValueFormat::Hex) {
        return u"0x%1"_s.arg(toQString(shown->text));
    }
    return u"“%1”"_s.arg(toQString(shortText(toBytes(key), kKeyChars)));
}

QString caption(const TraceEvent& event, const CaptionContext& context) {
    return std::visit(Captioner(context), event);
}

CaptionContext captionContextAt(const GetTrace& trace, int event) {
    CaptionContext context;
    std::size_t level = 0; // bucket names found so far
    for (int i = 0; i <= event && static_cast<std::size_t>(i) < trace.events.size(); ++i) {
        const TraceEvent& e = trace.events[static_cast<std::size_t>(i)];
        if (const auto* hop = std::get_if<BucketHopEvent>(&e)) {
            level = hop->level;
            context.pageIsLeaf.reset();
            context.pageIsInline = false;
        } else if (const auto* read = std::get_if<PageReadEvent>(&e)) {
            context.pageIsLeaf = read->flags == format::kLeafFlag;
            context.pageIsInline = read->isInline;
        }
    }
    context.targetIsBucket = level < trace.path.size();
    context.target = context.targetIsBucket ? trace.path[level] : trace.key;
    if (event >= 0 && static_cast<std::size_t>(event) < trace.quoted.size()) {
        const QByteArray& bytes = trace.quoted[static_cast<std::size_t>(event)];
        context.fileBytes = [bytes](ByteRange) { return bytes; };
    }
    return context;
}

QString captionAt(const GetTrace& trace, int event) {
    if (event < 0 || trace.events.empty()) {
        return trace.events.empty() && !trace.error.isEmpty() ? EndTexts::title(trace)
                                                              : EndTexts::introduction(trace);
    }
    const int last = static_cast<int>(trace.events.size()) - 1;
    const int at = std::min(event, last);
    const QString text =
        caption(trace.events[static_cast<std::size_t>(at)], captionContextAt(trace, at));
    // A search that met damage ends without an event of its own.
    return at == last && !trace.error.isEmpty() ? text + u' ' + EndTexts::title(trace) : text;
}

int wordCount(const QString& text) {
    return static_cast<int>(text.split(u' ', Qt::SkipEmptyParts).size());
}

EndCard endCard(const GetTrace& trace) {
    return {EndTexts::title(trace), EndTexts::lines(trace)};
}

QString costText(const GetTrace& trace, int event) {
    return EndTexts::cost(trace, event);
}

} // namespace pagescape::gui
