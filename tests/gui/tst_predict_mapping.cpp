// SPDX-License-Identifier: MIT
// The card about the next mapping: the right answer is the engine's rule, it is there once, and
// every wrong one is told what would follow from it.
#include "pagescape/page_file.h"
#include "units/units.h"
#include "views/predict_mapping.h"

#include <QLineEdit>
#include <QPushButton>
#include <QtTest>

#include <set>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

constexpr quint64 kGiB = quint64{1} << 30U;

} // namespace

class TestPredictMapping : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void optionsHaveTheAnswerOnce_data();
    void optionsHaveTheAnswerOnce();
    void answersNameTheirIdea();
    void typedSizesAreRead_data();
    void typedSizesAreRead();
};

void TestPredictMapping::optionsHaveTheAnswerOnce_data() {
    QTest::addColumn<quint64>("used");
    QTest::addColumn<quint64>("fileSize");
    QTest::addColumn<quint64>("mapLength");
    QTest::newRow("new") << quint64{16384} << quint64{16384} << quint64{32768};
    QTest::newRow("file as mapping") << quint64{200000} << quint64{262144} << quint64{262144};
    QTest::newRow("16 MiB") << (kGiB / 80) << (kGiB / 64) << (kGiB / 64);
    QTest::newRow("beyond") << (kGiB / 20) << (kGiB / 18) << (kGiB / 16);
    QTest::newRow("half a GiB") << (kGiB / 3) << (kGiB / 2) << (kGiB / 2);
    QTest::newRow("1 GiB") << (kGiB - 65536) << kGiB << kGiB;
    QTest::newRow("7 GiB") << (6 * kGiB + 12288) << (7 * kGiB - 4096) << (7 * kGiB);
    QTest::newRow("mapped far ahead") << quint64{16384} << quint64{16384} << (3 * kGiB);
}

void TestPredictMapping::optionsHaveTheAnswerOnce() {
    QFETCH(quint64, used);
    QFETCH(quint64, fileSize);
    QFETCH(quint64, mapLength);
    for (const quint32 pageSize : {1024U, 4096U, 65536U}) {
        const MappingQuestion question =
            mappingQuestion(pageSize, used / pageSize * pageSize, fileSize, mapLength);
        QVERIFY(question.needed >= mapLength); // it does remap
        QCOMPARE(question.answer, *mappingLength(std::max(question.needed, fileSize), pageSize));
        const std::vector<MappingOption> options = mappingOptions(question);
        QCOMPARE(options.size(), std::size_t(5));
        std::set<quint64> sizes;
        std::set<QString> texts;
        int right = 0;
        for (const MappingOption& option : options) {
            sizes.insert(option.bytes);
            texts.insert(exactBytesText(option.bytes));
            right += option.bytes == question.answer ? 1 : 0;
            QCOMPARE(option.bytes == question.answer, option.idea == MappingOption::Idea::Rule);
            QVERIFY(!mappingIdeaText(option.idea, question).isEmpty());
        }
        QCOMPARE(right, 1);
        QCOMPARE(sizes.size(), options.size());
        QCOMPARE(texts.size(), options.size()); // and can be told apart as they are written
        const auto has = [&](MappingOption::Idea idea) {
            return std::ranges::find(options, idea, &MappingOption::idea) != options.end();
        };
        QVERIFY(has(MappingOption::Idea::Exact) && has(MappingOption::Idea::WholePages));
    }
}

void TestPredictMapping::answersNameTheirIdea() {
    PredictMapping card;
    const MappingQuestion question = mappingQuestion(4096, 200704, 262144, 262144);
    card.ask(question);
    QVERIFY(card.feedbackText().isEmpty());
    for (std::size_t i = 0; i < card.options().size(); ++i) {
        card.ask(question);
        const MappingOption& option = card.options()[i];
        QCOMPARE(card.buttons()[i]->text(), exactBytesText(option.bytes));
        card.buttons()[i]->click();
        QVERIFY(card.feedbackText().contains(bytesText(question.answer)));
        QVERIFY(card.feedbackText().contains(mappingRuleText(question)));
        QVERIFY(card.feedbackText().contains(mappingIdeaText(option.idea, question)));
    }
    card.entry()->setText(QStringLiteral("a lot"));
    QTest::keyClick(card.entry(), Qt::Key_Return);
    QVERIFY(card.feedbackText().contains(QStringLiteral("256 KiB"))); // how to write it
    card.entry()->setText(QStringLiteral("512 k"));
    QTest::keyClick(card.entry(), Qt::Key_Return);
    QVERIFY(card.feedbackText().contains(QStringLiteral("As you said")));
    card.answer(4096);
    QVERIFY(card.feedbackText().contains(QStringLiteral("would not hold")));
}

void TestPredictMapping::typedSizesAreRead_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("bytes");
    QTest::newRow("number") << QStringLiteral("262144") << qint64{262144};
    QTest::newRow("spaces") << QStringLiteral(" 262 144 bytes ") << qint64{262144};
    QTest::newRow("KiB") << QStringLiteral("96 KiB") << qint64{98304};
    QTest::newRow("k") << QStringLiteral("96k") << qint64{98304};
    QTest::newRow("half") << QStringLiteral("1.5 MiB") << qint64{1572864};
    QTest::newRow("comma") << QStringLiteral("1,5 mb") << qint64{1572864};
    QTest::newRow("GiB") << QStringLiteral("2 gib") << qint64{2} * qint64(kGiB);
    QTest::newRow("as shown") << bytesText(32768) << qint64{32768};
    QTest::newRow("nothing") << QString() << qint64{-1};
    QTest::newRow("words") << QStringLiteral("two") << qint64{-1};
    QTest::newRow("too much") << QStringLiteral("99999999 TiB") << qint64{-1};
}

void TestPredictMapping::typedSizesAreRead() {
    QFETCH(QString, text);
    QFETCH(qint64, bytes);
    const std::optional<quint64> read = bytesFromText(text);
    QCOMPARE(read.has_value(), bytes >= 0);
    QVERIFY(!read || *read == quint64(bytes));
}

QTEST_MAIN(TestPredictMapping)
#include "tst_predict_mapping.moc"
