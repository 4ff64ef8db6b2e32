// SPDX-License-Identifier: MIT
// The verdict in words: which transaction, both metas, what the check found, which keys are gone.
#include "models/byte_text.h"
#include "stage/crash_text.h"
#include "units/units.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace pagescape::gui {

namespace {

constexpr std::size_t kShownFindings = 8;
constexpr std::size_t kShownKeys = 6;
constexpr qsizetype kKeyChars = 24;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CrashLab)
};

QString number(TxId txid) {
    return countText(txid.value);
}

QString metaText(const MetaReport& meta, bool isActive) {
    const QString name = Text::tr("Meta %1").arg(meta.page.value);
    if (!meta.present) {
        return Text::tr("%1: the file ends before it").arg(name);
    }
    const QString txid = number(meta.fields.txid);
    if (!meta.error) {
        return isActive ? Text::tr("<b>%1: transaction %2, checksum ✓ — chosen</b>").arg(name, txid)
                        : Text::tr("%1: transaction %2, checksum ✓").arg(name, txid);
    }
    if (meta.error->code == ErrorCode::ChecksumMismatch) {
        return Text::tr("%1: transaction %2?, checksum ✗").arg(name, txid);
    }
    return Text::tr("%1: ✗ %2").arg(name, toQString(meta.error->text).toHtmlEscaped());
}

// "books / dracula"; bytes that are no text are hexadecimal.
QString nameOf(const EntryChange& change) {
    QStringList parts;
    const auto add = [&](const std::string& bytes) {
        const bool isPrintable =
            std::ranges::all_of(bytes, [](char c) { return c >= 0x20 && c != 0x7F; });
        const QByteArray raw = QByteArray::fromStdString(bytes);
        const QString text = isPrintable ? QString::fromUtf8(raw)
                                         : QStringLiteral("0x") + QString::fromLatin1(raw.toHex());
        parts += text.size() > kKeyChars ? text.left(kKeyChars) + QChar(u'…') : text;
    };
    for (const std::string& name : change.path) {
        add(name);
    }
    add(change.key);
    return parts.join(QStringLiteral(" / ")).toHtmlEscaped();
}

QString namesOf(const ContentComparison& comparison, EntryChange::Kind kind, quint64 total) {
    QStringList names;
    for (const EntryChange& change : comparison.changes) {
        if (change.kind == kind && std::size_t(names.size()) < kShownKeys) {
            names += nameOf(change);
        }
    }
    const QString text = names.join(QStringLiteral(", "));
    return quint64(names.size()) < total && !names.isEmpty() ? text + QStringLiteral(", …") : text;
}

// "12 kept, 3 missing (b / k1, b / k2, …), 1 changed (…)".
QString countsText(const ContentComparison& comparison) {
    QStringList parts{Text::tr("%1 kept").arg(countText(comparison.kept))};
    const auto add = [&](const QString& text, EntryChange::Kind kind, quint64 count) {
        if (count > 0) {
            parts += Text::tr("%1 (%2)").arg(text.arg(countText(count)),
                                             namesOf(comparison, kind, count));
        }
    };
    add(Text::tr("%1 missing"), EntryChange::Kind::Missing, comparison.missing);
    add(Text::tr("%1 different"), EntryChange::Kind::Changed, comparison.changed);
    add(Text::tr("%1 more"), EntryChange::Kind::Extra, comparison.extra);
    return parts.join(QStringLiteral(", "));
}

QString comparedText(const QString& version, const ContentComparison& comparison) {
    if (comparison.isSame()) {
        return Text::tr("Beside %1: all %2 entries are the same.")
            .arg(version, countText(comparison.kept));
    }
    return Text::tr("Beside %1: %2.").arg(version, countsText(comparison));
}

QString findingsHtml(const CrashVerdict& verdict) {
    QString html;
    std::size_t shown = 0;
    for (const Finding& finding : verdict.findings) {
        if (!isCrashDamage(finding)) {
            continue;
        }
        if (shown++ == kShownFindings) {
            html +=
                Text::tr("<li>and %1 more</li>").arg(countText(verdict.damage - kShownFindings));
            break;
        }
        const QString text = toQString(finding.text).toHtmlEscaped();
        html += finding.page ? Text::tr("<li><a href=\"page:%1\">page %2</a>: %3</li>")
                                   .arg(finding.page->value)
                                   .arg(countText(finding.page->value), text)
                             : QStringLiteral("<li>%1</li>").arg(text);
    }
    return html;
}

QString checkHtml(const CrashVerdict& verdict) {
    if (verdict.damage == 0) {
        return verdict.isContentWhole ? Text::tr("Check: ✓ no damage, %1 keys in %n bucket(s).",
                                                 nullptr, int(verdict.buckets))
                                            .arg(countText(verdict.pairs))
                                      : Text::tr("Check: ✗ parts of the content cannot be read.");
    }
    return Text::tr("Check: ✗ %n finding(s)", nullptr, int(verdict.damage)) +
           QStringLiteral("<ul style=\"margin: 0 0 0 -24px\">%1</ul>").arg(findingsHtml(verdict));
}

} // namespace

QString crashStatement(const CrashJudgement& judgement) {
    const CrashVerdict& verdict = judgement.verdict;
    const QString before = number(judgement.expected.before.txid);
    const QString after = number(judgement.expected.after.txid);
    const QString at = verdict.txid() ? number(*verdict.txid()) : QString();
    const bool isBad = judgement.crashClass > CrashClass::OldVersion;
    if (isBad && before == after && verdict.opens()) {
        return judgement.expected.before.damage > 0
                   ? Text::tr("The file opens at transaction %1 and is damaged, as it was before "
                              "the crash.")
                         .arg(at)
                   : Text::tr("The file opens at transaction %1, but not as it was.").arg(at);
    }
    switch (judgement.crashClass) {
    case CrashClass::OldVersion:
        return Text::tr("You are at transaction %1; %2 never happened.").arg(before, after);
    case CrashClass::NewVersion:
        return before == after
                   ? Text::tr("You are at transaction %1: it had returned, and it is there.")
                         .arg(after)
                   : Text::tr("Transaction %1 is there whole.").arg(after);
    case CrashClass::WrongVersion:
        return Text::tr("Neither %1 nor %2: the file opens at transaction %3 with other content.")
            .arg(before, after, at);
    case CrashClass::Damaged:
        return Text::tr("Neither %1 nor %2: the file opens at transaction %3 and is damaged.")
            .arg(before, after, at);
    case CrashClass::DoesNotOpen: break;
    }
    return Text::tr("Neither %1 nor %2: the file does not open.").arg(before, after);
}

QString crashVerdictHtml(const CrashJudgement& judgement) {
    if (!judgement.error.isEmpty()) {
        return judgement.error.toHtmlEscaped();
    }
    const CrashVerdict& verdict = judgement.verdict;
    const bool isGood = judgement.crashClass == CrashClass::NewVersion ||
                        judgement.crashClass == CrashClass::OldVersion;
    QStringList parts{
        QStringLiteral("<b>%1 %2</b>")
            .arg(isGood ? QStringLiteral("✓") : QStringLiteral("✗"), crashStatement(judgement))};
    QStringList metas;
    for (std::size_t i = 0; i < verdict.metas.metas.size(); ++i) {
        metas += metaText(verdict.metas.metas[i], verdict.metas.active == int(i));
    }
    parts += metas.join(QStringLiteral("<br>"));
    const quint64 damageBefore = judgement.expected.before.damage;
    if (verdict.damage > 0 && damageBefore > 0) {
        parts += Text::tr("Transaction %1 had %n finding(s) already: not all of this is the "
                          "crash's doing.",
                          nullptr, int(damageBefore))
                     .arg(number(judgement.expected.before.txid));
    }
    if (!verdict.opens()) {
        parts += Text::tr("bolt would refuse it: %1")
                     .arg(toQString(verdict.openError->describe()).toHtmlEscaped());
    } else {
        parts += checkHtml(verdict);
    }
    const QString before = Text::tr("transaction %1").arg(number(judgement.expected.before.txid));
    const QString after = Text::tr("transaction %1").arg(number(judgement.expected.after.txid));
    QString compared = comparedText(before, judgement.promised);
    if (before != after) {
        compared += QStringLiteral("<br>") + comparedText(after, judgement.underWay);
    }
    parts += compared;
    QString html;
    for (const QString& part : parts) {
        html += QStringLiteral("<p style=\"margin: 0 0 6px 0\">%1</p>").arg(part);
    }
    return html;
}

} // namespace pagescape::gui
