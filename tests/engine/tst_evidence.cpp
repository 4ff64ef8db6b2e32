// SPDX-License-Identifier: MIT
// What the recogniser says about the first bytes of files that are no bolt databases.
#include "pagescape/evidence.h"

#include <QFile>
#include <QTest>

#include <random>
#include <string>

using pagescape::asBytes;
using pagescape::FileEvidence;
using pagescape::sniff;

namespace {

std::string zeros(std::size_t count) {
    return std::string(count, '\0');
}

} // namespace

class TestEvidence : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void recognises_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("looksLike");
        const auto row = [](const char* name, const std::string& bytes, const char* looksLike) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString::fromUtf8(looksLike);
        };
        row("nothing", "", "an empty file");
        row("zeros", zeros(4096), "zeros");
        row("bolt", zeros(16) + "\xED\xDA\x0C\xED" + zeros(4), "a bolt database");
        row("bolt, cut inside the magic", zeros(16) + "\xED\xDA\x0C", "");
        row("bolt of the other byte order", zeros(16) + "\xED\x0C\xDA\xED",
            "a bolt database written on a big-endian machine");
        row("sqlite", std::string("SQLite format 3") + zeros(1), "a SQLite 3 database");
        row("sqlite name only", "SQLite format 3", "plain text");
        row("lmdb", zeros(16) + "\xDE\xC0\xEF\xBE" + zeros(9), "an LMDB database");
        row("gzip", "\x1F\x8B\x08", "gzip-compressed data");
        row("zstd", "\x28\xB5\x2F\xFD rest", "zstd-compressed data");
        row("tar", "name" + zeros(253) + "ustar" + zeros(16), "a tar archive");
        row("lfs", "version https://git-lfs.github.com/spec/v1\n",
            "a Git LFS pointer, not the file itself");
        row("text", "Once upon a time\r\n\tthere was Ünïcode \xE2\x82", "plain text");
        row("json", "\n {\"a\": 1}", "JSON text");
        row("a few odd bytes", "\x01\x02\xFF\x00", "");
    }

    void recognises() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, looksLike);
        const FileEvidence found = sniff(asBytes(bytes.toStdString()));
        QCOMPARE(QString::fromStdString(found.looksLike), looksLike);
        QCOMPARE(found.isBolt, looksLike == QLatin1String("a bolt database"));
    }

    void tellsRandomBytesFromATable() {
        std::mt19937 random(42);
        std::string noise(4096, '\0');
        for (char& c : noise) {
            c = static_cast<char>(random() & 0xFFU);
        }
        QCOMPARE(sniff(asBytes(noise)).looksLike, "random, encrypted or compressed data");
        std::string table(4096, '\0');
        for (std::size_t i = 0; i < table.size(); i += 4) {
            table[i] = static_cast<char>(i / 4);
        }
        QCOMPARE(sniff(asBytes(table)).looksLike, "");
    }

    void showsTheFirstSixteenBytes() {
        const std::string bytes = std::string("A\x00\xFF~", 4) + std::string(40, 'x');
        const FileEvidence found = sniff(asBytes(bytes));
        QCOMPARE(found.firstBytesHex, "41 00 ff 7e 78 78 78 78 78 78 78 78 78 78 78 78");
        QCOMPARE(found.firstBytesText, "A..~xxxxxxxxxxxx");
        QVERIFY(found.describe().find(found.firstBytesHex) != std::string::npos);
        QCOMPARE(sniff({}).firstBytesHex, "");
        QCOMPARE(sniff({}).describe(), "It looks like an empty file.");
    }

    void recognisesTheForeignSamples() {
        QFile sqlite(QStringLiteral(PAGESCAPE_SHARED_DIR "/data/foreign-sqlite.db"));
        if (!sqlite.open(QIODevice::ReadOnly)) {
            QSKIP("the extra test databases are not here");
        }
        QCOMPARE(sniff(asBytes(sqlite.read(4096).toStdString())).looksLike, "a SQLite 3 database");
        QFile random(QStringLiteral(PAGESCAPE_SHARED_DIR "/data/bad-random-bytes.db"));
        QVERIFY(random.open(QIODevice::ReadOnly));
        QCOMPARE(sniff(asBytes(random.read(4096).toStdString())).looksLike,
                 "random, encrypted or compressed data");
    }
};

QTEST_GUILESS_MAIN(TestEvidence)
#include "tst_evidence.moc"
