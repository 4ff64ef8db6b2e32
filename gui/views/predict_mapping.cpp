// SPDX-License-Identifier: MIT
#include "views/predict_mapping.h"

#include "layout/growth_layout.h"
#include "pagescape/format.h"
#include "units/units.h"

#include <QCoreApplication>
#include <QLineEdit>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(PredictMapping)
};

using Idea = MappingOption::Idea;
constexpr std::size_t kOptions = 5;
constexpr quint64 kAllocSize = quint64{16} << 20U;

quint64 inWholePages(quint64 bytes, quint32 pageSize) {
    return (bytes + pageSize - 1) / pageSize * pageSize;
}

} // namespace

MappingQuestion mappingQuestion(quint32 pageSize, quint64 used, quint64 fileSize,
                                quint64 mapLength) {
    MappingQuestion question;
    question.pageSize = std::max<quint32>(pageSize, 1);
    question.used = used;
    question.fileSize = fileSize;
    question.mapLength = mapLength;
    // Two pages past the mapping and not a whole number of pages, so that every idea has a number
    // of its own.
    const quint64 past = std::max(mapLength, used) + 2 * quint64{question.pageSize};
    question.more = past - used - question.pageSize / 3;
    question.needed = inWholePages(question.exact(), question.pageSize) + question.pageSize;
    question.answer = ruledMapLength(std::max(fileSize, question.needed), question.pageSize);
    return question;
}

std::vector<MappingOption> mappingOptions(const MappingQuestion& question) {
    const quint64 exact = question.exact();
    const std::vector<MappingOption> ideas{
        {Idea::Rule, question.answer},
        {Idea::Exact, exact},
        {Idea::WholePages, inWholePages(exact, question.pageSize)},
        {Idea::DoubleFile, question.fileSize * 2},
        {Idea::PlusGiB, question.mapLength + format::kMapStep},
        {Idea::DoubleLength, question.mapLength * 2},
        {Idea::FileRule, question.needed + kAllocSize},
        {Idea::Unchanged, question.mapLength},
    };
    std::vector<MappingOption> options;
    for (const MappingOption& idea : ideas) {
        const bool isKnown =
            std::ranges::find(options, idea.bytes, &MappingOption::bytes) != options.end();
        if (!isKnown && idea.bytes > 0 && options.size() < kOptions) {
            options.push_back(idea);
        }
    }
    std::ranges::sort(options, {}, &MappingOption::bytes);
    return options;
}

QString exactBytesText(quint64 bytes) {
    quint64 unit = 1024;
    while (bytes / unit >= 1024 && unit < (quint64{1} << 40U)) {
        unit *= 1024;
    }
    if (bytes < 1024 || bytes % unit == 0 || (bytes % (unit / 2) == 0 && bytes / unit < 100)) {
        return bytesText(bytes);
    }
    return Text::tr("%1 bytes (≈\u00A0%2)").arg(countText(bytes), bytesText(bytes));
}

std::optional<quint64> bytesFromText(const QString& text) {
    static const QRegularExpression kPattern(
        QStringLiteral(R"(^\s*([0-9][0-9\s]*(?:[.,][0-9]+)?)\s*([kmgt]?)(?:i?b|bytes?)?\s*$)"),
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::UseUnicodePropertiesOption);
    const QRegularExpressionMatch match = kPattern.match(text);
    if (!match.hasMatch()) {
        return std::nullopt;
    }
    QString digits = match.captured(1);
    digits.remove(
        QRegularExpression(QStringLiteral("\\s"), QRegularExpression::UseUnicodePropertiesOption));
    digits.replace(u',', u'.');
    bool isNumber = false;
    double value = digits.toDouble(&isNumber);
    const QString unit = match.captured(2).toLower();
    const qsizetype power = unit.isEmpty() ? 0 : QStringLiteral("kmgt").indexOf(unit.at(0)) + 1;
    value *= std::pow(1024.0, double(power));
    if (!isNumber || value > double(format::kLargestMapping)) {
        return std::nullopt;
    }
    return quint64(std::llround(value));
}

QString mappingRuleText(const MappingQuestion& question) {
    const QString how =
        question.answer <= format::kMapStep
            ? Text::tr("Up to 1 GiB a mapping is a power of two, 32 KiB at least: the next one "
                       "that holds this is %1.")
            : Text::tr("Above 1 GiB a mapping is a whole number of GiB: the next one that holds "
                       "this is %1.");
    return Text::tr("The engine asks for the pages in use, the new ones and one more: %1. %2")
        .arg(exactBytesText(question.needed), how.arg(bytesText(question.answer)));
}

QString mappingIdeaText(Idea idea, const MappingQuestion& question) {
    switch (idea) {
    case Idea::Rule: break;
    case Idea::Exact:
        return Text::tr("That is what the bytes take. Then every commit that adds a page would "
                        "map anew; and a mapping ends at a page in any case.");
    case Idea::WholePages:
        return Text::tr("That is what the pages take. Then every commit that adds a page would "
                        "map anew, and in bolt each time wait for all readers. Doubling needs 15 "
                        "remaps from 32 KiB to 1 GiB.");
    case Idea::DoubleFile:
        return Text::tr("The rule looks at what is needed, not at the file. While both are short "
                        "the file follows the mapping; it does not lead it.");
    case Idea::PlusGiB:
        return Text::tr("Steps of 1 GiB begin at 1 GiB. A small file would take up 1 GiB of "
                        "addresses at once: it costs no memory, but limits how many can be open.");
    case Idea::FileRule:
        return Text::tr("16 MiB more than is needed is how the file grows once its mapping is "
                        "longer than 16 MiB. A mapping costs no disk, so its steps may be larger.");
    case Idea::DoubleLength:
        return question.mapLength >= format::kMapStep
                   ? Text::tr("Doubling ends at 1 GiB: from there on it would take up far more "
                              "addresses than the file may ever need.")
                   : Text::tr("Twice the present mapping would not hold what is needed here.");
    case Idea::Unchanged:
        return Text::tr("It is mapped anew because that no longer holds what is needed.");
    }
    return Text::tr("So there are few remaps: between two of them the used part doubles, or grows "
                    "by 1 GiB.");
}

PredictMapping::PredictMapping(QWidget* parent)
    : PredictCard(tr("What will the next mapping be?"), kOptions, parent) {
    setAccessibleName(tr("Predict the next mapping"));
    entry()->setPlaceholderText(tr("or type it: 96 KiB"));
    entry()->setAccessibleName(tr("Length of the next mapping"));
}

void PredictMapping::ask(const MappingQuestion& question) {
    m_question = question;
    m_options = mappingOptions(question);
    QStringList texts;
    for (const MappingOption& option : m_options) {
        texts += exactBytesText(option.bytes);
    }
    pose(tr("%1 are used and %2 are mapped. The next commit needs new pages for %3 "
            "more, and there is no free run for them. How long is the mapping then?")
             .arg(bytesText(question.used), bytesText(question.mapLength),
                  exactBytesText(question.more)),
         texts);
}

void PredictMapping::chosen(std::size_t option) {
    if (option < m_options.size()) {
        answer(m_options[option].bytes);
    }
}

void PredictMapping::answer(quint64 bytes) {
    const bool isRight = bytes == m_question.answer;
    QString text = mappingRuleText(m_question) + u'\n';
    text += isRight ? tr("As you said. ") : tr("You said %1. ").arg(exactBytesText(bytes));
    const auto option = std::ranges::find(m_options, bytes, &MappingOption::bytes);
    if (option != m_options.end()) {
        text += mappingIdeaText(option->idea, m_question);
    } else {
        text += bytes < m_question.needed
                    ? tr("That would not hold the pages.")
                    : tr("That would hold the pages; it is not a length the rule has.");
    }
    say(tr("The next mapping is %1.").arg(exactBytesText(m_question.answer)), text);
}

void PredictMapping::typed(const QString& text) {
    if (const auto bytes = bytesFromText(text)) {
        answer(*bytes);
    } else {
        say({}, tr("A length is a number and perhaps a unit: 262144, 256 KiB, 1 GiB."));
    }
}

} // namespace pagescape::gui
