// SPDX-License-Identifier: MIT
// The shipped databases are the ones that sample-data/README.md describes, byte for byte.
#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QHash>
#include <QRegularExpression>
#include <QTest>

class TestSampleData : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyListedFileHasItsSha256_data();
    void everyListedFileHasItsSha256();
    void everyShippedDatabaseIsListed();

private:
    const QDir m_dir{QStringLiteral(PAGESCAPE_SAMPLE_DIR)};
    QHash<QString, QByteArray> m_listed; // path in sample-data -> hex digest
};

void TestSampleData::initTestCase() {
    QFile readme(m_dir.filePath(QStringLiteral("README.md")));
    QVERIFY2(readme.open(QIODevice::ReadOnly), qPrintable(readme.errorString()));
    static const QRegularExpression row(
        QStringLiteral(R"(^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$)"),
        QRegularExpression::MultilineOption);
    auto match = row.globalMatch(QString::fromUtf8(readme.readAll()));
    while (match.hasNext()) {
        const auto found = match.next();
        m_listed.insert(found.captured(1), found.captured(2).toLatin1());
    }
    QVERIFY2(m_listed.contains(QStringLiteral("library.db")),
             "the table of README.md was not read");
}

void TestSampleData::everyListedFileHasItsSha256_data() {
    QTest::addColumn<QString>("name");
    for (auto it = m_listed.cbegin(); it != m_listed.cend(); ++it) {
        QTest::newRow(qPrintable(it.key())) << it.key();
    }
}

void TestSampleData::everyListedFileHasItsSha256() {
    QFETCH(QString, name);
    QFile file(m_dir.filePath(name));
    QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.errorString()));
    QCryptographicHash hash(QCryptographicHash::Sha256);
    QVERIFY(hash.addData(&file));
    QCOMPARE(hash.result().toHex(), m_listed.value(name));
}

void TestSampleData::everyShippedDatabaseIsListed() {
    QDirIterator files(m_dir.path(), {QStringLiteral("*.db")}, QDir::Files,
                       QDirIterator::Subdirectories);
    int count = 0;
    while (files.hasNext()) {
        const QString name = m_dir.relativeFilePath(files.next());
        QVERIFY2(m_listed.contains(name), qPrintable(name));
        ++count;
    }
    QCOMPARE(count, m_listed.size());
}

QTEST_GUILESS_MAIN(TestSampleData)
#include "tst_sample_data.moc"
