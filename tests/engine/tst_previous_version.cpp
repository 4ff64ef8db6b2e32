// SPDX-License-Identifier: MIT
// The version before the newest, opened through the other meta.
#include "pagescape/database.h"
#include "support/store_fixture.h"

#include <QFile>

using namespace pagescape;
using namespace pagescape::test;

class TestPreviousVersion : public StoreFixture {
    Q_OBJECT

private:
    [[nodiscard]] Result<Database> openVersion(bool isPrevious) const {
        OpenOptions options;
        options.previousVersion = isPrevious;
        return Database::openReadOnly(path(), options);
    }
    [[nodiscard]] static std::string valueIn(const Database& database) {
        const auto tx = database.beginRead();
        const Path bucket{"b"};
        return tx ? valueOf(tx->get(bytesOf(bucket), asBytes("k"))) : outcomeOf(tx);
    }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void showsWhatTheLastCommitReplaced();
    void scansAndChecksLookAtIt();
    void aNewFileHasOne();
    void theNextCommitTurnsIt();
    void refusesWhereItsMetaIsInvalid_data();
    void refusesWhereItsMetaIsInvalid();
};

void TestPreviousVersion::showsWhatTheLastCommitReplaced() {
    VERIFY_OK(putAll("b", {{"k", "one"}}));
    VERIFY_OK(putAll("b", {{"k", "two"}}));
    const auto previous = openVersion(true);
    VERIFY_OK(previous);
    QCOMPARE(valueIn(*previous), std::string("one"));
    QCOMPARE(valueIn(*openVersion(false)), std::string("two"));
    QCOMPARE(previous->beginRead()->id().value + 1, store().beginRead()->id().value);
    QCOMPARE(previous->beginRead()->metaIndex(), *previous->file().layout().metas.active);
    QVERIFY(previous->file().layout().lock == LockState::HeldByOther); // by the store
    close();
    QVERIFY(openVersion(true)->file().layout().lock == LockState::Shared);
    open(smallPages());
}

void TestPreviousVersion::scansAndChecksLookAtIt() {
    VERIFY_OK(putAll("b", {{"k", std::string(50000, 'v')}, {"l", "w"}}));
    const auto digestOfNewest = [this] {
        return contentDigest(openVersion(false)->file())->sha256;
    };
    const std::string before = digestOfNewest();
    VERIFY_OK(update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("b")); }));
    QVERIFY(digestOfNewest() != before);
    const auto previous = openVersion(true);
    VERIFY_OK(previous);
    QCOMPARE(contentDigest(previous->file())->sha256, before);
    std::string findings;
    const auto summary = check(previous->file(), {}, [&findings](const Finding& finding) {
        findings += finding.text + "; ";
    });
    VERIFY_OK(summary);
    QCOMPARE(findings, std::string());
    QVERIFY(summary->isWhole);
}

void TestPreviousVersion::aNewFileHasOne() {
    const auto previous = openVersion(true);
    VERIFY_OK(previous);
    QCOMPARE(previous->beginRead()->id().value, 0U);
    QVERIFY(entriesOf(previous->beginRead()->rootBucket().cursor()).empty());
}

// What was opened is gone after one more commit, and the check says so.
void TestPreviousVersion::theNextCommitTurnsIt() {
    VERIFY_OK(putAll("b", {{"k", "one"}}));
    VERIFY_OK(putAll("b", {{"k", "two"}}));
    const auto previous = openVersion(true);
    VERIFY_OK(previous);
    QCOMPARE(previous->file().rereadMetas()->activeFields()->txid.value, 2U);
    VERIFY_OK(putAll("b", {{"k", "three"}}));
    QCOMPARE(previous->file().rereadMetas()->activeFields()->txid.value, 3U);
    QCOMPARE(valueIn(*previous), std::string("two"));
    const auto summary = check(previous->file(), {}, {});
    VERIFY_OK(summary);
    QVERIFY(!summary->isWhole);
}

void TestPreviousVersion::refusesWhereItsMetaIsInvalid_data() {
    QTest::addColumn<bool>("isNewest");
    QTest::addColumn<int>("at"); // byte of the meta page
    QTest::addColumn<int>("code");
    QTest::newRow("older, magic") << false << 16 << int(ErrorCode::NotADatabase);
    QTest::newRow("older, version") << false << 20 << int(ErrorCode::VersionMismatch);
    QTest::newRow("older, root") << false << 32 << int(ErrorCode::ChecksumMismatch);
    // Then what is left is the newest there is, and nothing before it.
    QTest::newRow("newest, root") << true << 32 << int(ErrorCode::ChecksumMismatch);
}

void TestPreviousVersion::refusesWhereItsMetaIsInvalid() {
    QFETCH(bool, isNewest);
    QFETCH(int, at);
    QFETCH(int, code);
    VERIFY_OK(putAll("b", {{"k", "one"}}));
    VERIFY_OK(putAll("b", {{"k", "two"}}));
    const std::uint64_t newest = store().beginRead()->id().value % 2;
    const std::uint64_t damaged = isNewest ? newest : 1 - newest;
    close();
    QFile file(QString::fromStdString(path()));
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(qint64(damaged * 4096) + at));
    QCOMPARE(file.write("\x55", 1), 1);
    file.close();
    const auto previous = openVersion(true);
    VERIFY_FAILS(previous, ErrorCode(code));
    QVERIFY2(previous.error().text.find("no version before") != std::string::npos,
             previous.error().text.c_str());
    QCOMPARE(previous.error().page->value, damaged);
    QCOMPARE(valueIn(*openVersion(false)), std::string(isNewest ? "one" : "two"));
    begin(); // the damaged file is not to be checked
}

QTEST_GUILESS_MAIN(TestPreviousVersion)
#include "tst_previous_version.moc"
