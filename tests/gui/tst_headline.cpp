// SPDX-License-Identifier: MIT
// The headline: the figures of a real file, in words, with links.
#include "models/headline.h"
#include "sample_files.h"

#include <QTest>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;
using namespace Qt::StringLiterals;

namespace {

QString plain(const Headline& line) {
    return QString(line.plain).replace(QChar(0x202F), u' ');
}

} // namespace

class TestHeadline : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tellsSizeUseVersionAndBuckets() {
        const auto file = openSample("library.db");
        QVERIFY(file);
        const auto census = censusOf(file);
        QVERIFY(census);
        const Headline line = headline(*census, {}, true);
        const QString text = plain(line);
        QVERIFY2(text.startsWith(u"128 pages of 1 KiB = 128 KiB."_s), qPrintable(text));
        QVERIFY2(text.contains(u"Last transaction "_s), qPrintable(text));
        QVERIFY2(text.contains(u"5 top-level buckets."_s), qPrintable(text));
        QVERIFY2(text.contains(u"44 pages at the end never used."_s), qPrintable(text));
        QVERIFY2(text.endsWith(u"No damage found."_s), qPrintable(text));
        QVERIFY(line.html.contains(u"<a href=\"pages:free\">"_s));
        QVERIFY(!line.plain.contains(u'<'));
    }

    void damageIsALink() {
        const auto file = openSample("library.db");
        QVERIFY(file);
        const Census census(file);
        Finding finding;
        QVERIFY(plain(headline(census, {}, false)).endsWith(u"No damage found so far."_s));
        QVERIFY(plain(headline(census, {finding}, false)).endsWith(u"1 problem found."_s));
        QVERIFY(headline(census, {finding, finding}, true)
                    .html.contains(u"<a href=\"problems:\">2 problems"_s));
    }

    void anUnstoredFreelistIsSaidToBeUnknown() {
        const auto file = openSample("etcd.db");
        QVERIFY(file);
        Census census(file);
        QVERIFY(census.readMetas());
        QVERIFY(plain(headline(census, {}, false)).contains(u"known when the scan ends"_s));
        QVERIFY(census.run());
        QVERIFY(plain(headline(census, {}, false)).contains(u"in use"_s));
    }

    void sizesAreReadable_data() {
        QTest::addColumn<quint64>("bytes");
        QTest::addColumn<QString>("text");
        QTest::newRow("bytes") << quint64{20} << u"20 B"_s;
        QTest::newRow("whole") << quint64{4096} << u"4 KiB"_s;
        QTest::newRow("part") << quint64{978 * 4096} << u"3.8 MiB"_s;
        QTest::newRow("hundreds") << quint64{300} * 1024 * 1024 << u"300 MiB"_s;
        QTest::newRow("largest") << std::numeric_limits<quint64>::max() << u"16 EiB"_s;
    }
    void sizesAreReadable() {
        QFETCH(quint64, bytes);
        QFETCH(QString, text);
        QCOMPARE(bytesText(bytes).replace(QChar(0x202F), u' '), text);
    }

    void countsAreGrouped() {
        QCOMPARE(countText(978), u"978"_s);
        QCOMPARE(countText(1207).replace(QChar(0x202F), u' '), u"1 207"_s);
        QCOMPARE(countText(1234567).replace(QChar(0x202F), u' '), u"1 234 567"_s);
    }
};

QTEST_GUILESS_MAIN(TestHeadline)
#include "tst_headline.moc"
