// SPDX-License-Identifier: MIT
// The go-to box: what a text means, and where Enter goes.
#include "units/units.h"
#include "views/go_to_box.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;

class TestGoToBox : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void understandsPages_data();
    void understandsPages();
    void understandsOffsets_data();
    void understandsOffsets();
    void understandsKeys_data();
    void understandsKeys();
    void refusesWithAReason_data();
    void refusesWithAReason();
    void saysNothingAboutAnEmptyText();
    void goesWhereEnterSays();
    void refusesWhatLiesBehindTheEnd();
    void showsHowTheTextIsUnderstood();
    void escapeEmptiesTheField();
};

void TestGoToBox::understandsPages_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<quint64>("page");
    QTest::newRow("plain number") << "40" << quint64{40};
    QTest::newRow("zero") << "0" << quint64{0};
    QTest::newRow("blanks around") << "  40 " << quint64{40};
    QTest::newRow("word") << "page 40" << quint64{40};
    QTest::newRow("word in capitals") << "PAGE 40" << quint64{40};
    QTest::newRow("hexadecimal") << "page 0x28" << quint64{40};
    QTest::newRow("grouped") << "page 16 777 215" << quint64{16777215};
    QTest::newRow("largest") << "18446744073709551615" << ~quint64{0};
}

void TestGoToBox::understandsPages() {
    QFETCH(QString, text);
    QFETCH(quint64, page);
    const GoTo target = parseGoTo(text);
    QCOMPARE(target.kind, GoTo::Kind::Page);
    QCOMPARE(quint64(target.page.value), page);
}

void TestGoToBox::understandsOffsets_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<quint64>("offset");
    QTest::newRow("hexadecimal") << "@0x1a000" << quint64{106496};
    QTest::newRow("decimal") << "@106496" << quint64{106496};
    QTest::newRow("blank behind the sign") << "@ 106496" << quint64{106496};
    QTest::newRow("word") << "offset 106496" << quint64{106496};
    QTest::newRow("word and hexadecimal") << "Offset 0X1A000" << quint64{106496};
    QTest::newRow("underscores") << "@106_496" << quint64{106496};
}

void TestGoToBox::understandsOffsets() {
    QFETCH(QString, text);
    QFETCH(quint64, offset);
    const GoTo target = parseGoTo(text);
    QCOMPARE(target.kind, GoTo::Kind::Offset);
    QCOMPARE(target.offset, offset);
}

void TestGoToBox::understandsKeys_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("key");
    QTest::newRow("bare text") << "karl" << QByteArray("karl");
    QTest::newRow("word") << "key karl" << QByteArray("karl");
    QTest::newRow("a key of digits") << "key 40" << QByteArray("40");
    QTest::newRow("blanks inside") << "war and peace" << QByteArray("war and peace");
    QTest::newRow("starts like a word") << "pages" << QByteArray("pages");
    QTest::newRow("the word alone") << "page" << QByteArray("page");
    QTest::newRow("number with letters") << "40b" << QByteArray("40b");
    QTest::newRow("beyond ASCII") << QString::fromUtf8("Grüße") << QByteArray("Grüße");
    QTest::newRow("bytes") << "hex 00 5f 6B61" << QByteArray("\x00\x5f\x6b\x61", 4);
}

void TestGoToBox::understandsKeys() {
    QFETCH(QString, text);
    QFETCH(QByteArray, key);
    const GoTo target = parseGoTo(text);
    QCOMPARE(target.kind, GoTo::Kind::Key);
    QCOMPARE(target.key, key);
}

void TestGoToBox::refusesWithAReason_data() {
    QTest::addColumn<QString>("text");
    QTest::newRow("page without a number") << "page karl";
    QTest::newRow("page below zero") << "page -1";
    QTest::newRow("page beyond 64 bits") << "18446744073709551616";
    QTest::newRow("offset without a number") << "@";
    QTest::newRow("offset with letters") << "@12g";
    QTest::newRow("sign behind 0x") << "@0x-5";
    QTest::newRow("half a byte") << "hex 0";
    QTest::newRow("no hexadecimal digit") << "hex zz";
    QTest::newRow("digit of another script") << QString::fromUtf8("hex ٣٣");
}

void TestGoToBox::refusesWithAReason() {
    QFETCH(QString, text);
    const GoTo target = parseGoTo(text);
    QCOMPARE(target.kind, GoTo::Kind::Error);
    QVERIFY(!target.error.isEmpty());
}

void TestGoToBox::saysNothingAboutAnEmptyText() {
    QCOMPARE(parseGoTo(QStringLiteral("  ")), GoTo());
    GoToBox box;
    QVERIFY(box.hint().isEmpty());
    QSignalSpy refused(&box, &GoToBox::refused);
    QTest::keyClick(box.edit(), Qt::Key_Return);
    QCOMPARE(refused.size(), 0);
}

void TestGoToBox::goesWhereEnterSays() {
    GoToBox box;
    box.setLimits(128, 131072);
    QSignalSpy pages(&box, &GoToBox::pageRequested);
    QSignalSpy offsets(&box, &GoToBox::offsetRequested);
    QSignalSpy keys(&box, &GoToBox::keyRequested);
    QTest::keyClicks(box.edit(), QStringLiteral("page 127"));
    QTest::keyClick(box.edit(), Qt::Key_Return);
    QCOMPARE(pages.size(), 1);
    QCOMPARE(pages[0][0].value<PageId>(), PageId{127});
    box.edit()->clear();
    QTest::keyClicks(box.edit(), QStringLiteral("@0x1ffff"));
    QTest::keyClick(box.edit(), Qt::Key_Return);
    QCOMPARE(offsets.size(), 1);
    QCOMPARE(offsets[0][0].toULongLong(), quint64{131071});
    box.edit()->clear();
    QTest::keyClicks(box.edit(), QStringLiteral("key karl"));
    QTest::keyClick(box.edit(), Qt::Key_Return);
    QCOMPARE(keys.size(), 1);
    QCOMPARE(keys[0][0].toByteArray(), QByteArray("karl"));
}

void TestGoToBox::refusesWhatLiesBehindTheEnd() {
    GoToBox box;
    box.setLimits(128, 131072);
    QSignalSpy pages(&box, &GoToBox::pageRequested);
    QSignalSpy offsets(&box, &GoToBox::offsetRequested);
    QSignalSpy refused(&box, &GoToBox::refused);
    for (const QString& text : {QStringLiteral("128"), QStringLiteral("@131072")}) {
        box.edit()->setText(text);
        QTest::keyClick(box.edit(), Qt::Key_Return);
    }
    QCOMPARE(refused.size(), 2);
    QCOMPARE(pages.size() + offsets.size(), 0);
    box.setLimits(0, 0); // no file: nothing is known about its end
    box.edit()->setText(QStringLiteral("128"));
    QTest::keyClick(box.edit(), Qt::Key_Return);
    QCOMPARE(pages.size(), 1);
}

void TestGoToBox::showsHowTheTextIsUnderstood() {
    GoToBox box;
    box.edit()->setText(QStringLiteral("@0x400"));
    QVERIFY2(box.hint().contains(countText(1024)), qPrintable(box.hint()));
    QCOMPARE(box.edit()->accessibleDescription(), box.hint());
    box.edit()->setText(QStringLiteral("karl"));
    QVERIFY2(box.hint().contains(QStringLiteral("karl")), qPrintable(box.hint()));
}

void TestGoToBox::escapeEmptiesTheField() {
    GoToBox box;
    QTest::keyClicks(box.edit(), QStringLiteral("page 12"));
    QTest::keyClick(box.edit(), Qt::Key_Escape);
    QVERIFY(box.edit()->text().isEmpty());
}

QTEST_MAIN(TestGoToBox)
#include "tst_go_to_box.moc"
