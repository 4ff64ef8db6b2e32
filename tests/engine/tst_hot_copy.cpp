// SPDX-License-Identifier: MIT
// Copies into files: which files they may touch, and that every copy can be gone on with.
#include "pagescape/compact.h"
#include "support/bolt_peer.h"
#include "support/store_fixture.h"

#include <QDir>
#include <QFile>

using namespace pagescape;
using namespace pagescape::test;

namespace {

QByteArray bytesOfFile(const std::string& path) {
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void writeFile(const std::string& path, const QByteArray& bytes) {
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

bool exists(const std::string& path) {
    return QFile::exists(QString::fromStdString(path));
}

} // namespace

class TestHotCopy : public StoreFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void transactionZeroBecomesOne();
    void filesInUseAreNotReplaced();
    void closedFilesAreReplaced();
    void foreignPartsStay();
    void nothingIsLeftOfAFailure();
    void cutSourcesAreNotCopied();
};

// The other meta of a new file holds transaction 0: nothing can be older than a copy of that.
void TestHotCopy::transactionZeroBecomesOne() {
    OpenOptions previous;
    previous.previousVersion = true;
    const std::string copy = newPath();
    {
        const auto database = Database::openReadOnly(path(), previous);
        VERIFY_OK(database);
        const auto tx = database->beginRead();
        VERIFY_OK(tx);
        QCOMPARE(tx->id().value, 0U);
        VERIFY_OK(copyToFile(*tx, copy));
    }
    QCOMPARE(problemsOf(copy), std::string());
    if (BoltPeer::isThere()) {
        BoltPeer peer;
        const QByteArray name = QByteArray::fromStdString(copy);
        for (const QByteArray& command :
             {"check " + name, "open " + name + " array sync 0", QByteArray("begin"),
              QByteArray("mkb - 62"), QByteArray("commit"), QByteArray("close")}) {
            QVERIFY2(peer.run(command), peer.answer());
        }
        QCOMPARE(problemsOf(copy), std::string());
    }
    auto opened = Store::open(copy, smallPages());
    VERIFY_OK(opened);
    const TxId before = opened->beginRead()->id();
    QCOMPARE(before.value, BoltPeer::isThere() ? 2U : 1U);
    VERIFY_OK(opened->update([](WriteTransaction& tx) -> Result<void> {
        return tx.createBucket(asBytes("ours")).map([](const WriteBucket&) {});
    }));
    QCOMPARE(opened->beginRead()->id().value, before.value + 1);
    VERIFY_OK(opened->close());
    QCOMPARE(problemsOf(copy), std::string());
}

// Its later commits would go to a file without a name.
void TestHotCopy::filesInUseAreNotReplaced() {
    VERIFY_OK(putAll("b", {{"k", "v"}}));
    VERIFY_FAILS(copyToFile(*store().beginRead(), path()), ErrorCode::LockTimeout);
    const std::string link = newPath();
    QVERIFY(QFile::link(QString::fromStdString(path()), QString::fromStdString(link)));
    VERIFY_FAILS(copyToFile(*store().beginRead(), link), ErrorCode::LockTimeout);
    const std::string other = newPath();
    const auto second = Store::open(other, smallPages());
    VERIFY_OK(second);
    VERIFY_FAILS(copyToFile(*store().beginRead(), other), ErrorCode::LockTimeout);
    VERIFY_OK(putAll("b", {{"k", "later"}}));
    reopen();
    QCOMPARE(get({"b"}, "k"), std::string("later"));
    QVERIFY(!exists(path() + ".part"));
}

void TestHotCopy::closedFilesAreReplaced() {
    VERIFY_OK(putAll("b", {{"k", "v"}}));
    const std::string copy = newPath();
    writeFile(copy, "something else");
    VERIFY_OK(copyToFile(*store().beginRead(), copy, 0640));
    QCOMPARE(problemsOf(copy), std::string());
    QVERIFY(QFile::permissions(QString::fromStdString(copy)).testFlag(QFile::ReadGroup));
    QVERIFY(!exists(copy + ".part"));
}

void TestHotCopy::foreignPartsStay() {
    const std::string copy = newPath();
    writeFile(copy + ".part", "precious");
    writeFile(copy + ".part2", "dear");
    VERIFY_OK(copyToFile(*store().beginRead(), copy));
    QCOMPARE(problemsOf(copy), std::string());
    QCOMPARE(bytesOfFile(copy + ".part"), QByteArray("precious"));
    QCOMPARE(bytesOfFile(copy + ".part2"), QByteArray("dear"));
    QVERIFY(!exists(copy + ".part3"));
}

void TestHotCopy::nothingIsLeftOfAFailure() {
    const std::string folder = newPath();
    QVERIFY(QDir().mkpath(QString::fromStdString(folder + "/inside")));
    const auto tx = store().beginRead();
    VERIFY_FAILS(copyToFile(*tx, folder + "/missing/copy.db"), ErrorCode::FileNotFound);
    VERIFY_FAILS(copyToFile(*tx, folder), ErrorCode::NotRegularFile);
    QVERIFY(!exists(folder + ".part"));
    const std::string copy = newPath(); // the source is cut meanwhile
    const std::string cut = newPath();
    VERIFY_OK(copyToFile(*tx, cut));
    const auto database = Database::openReadOnly(cut);
    VERIFY_OK(database);
    const auto source = database->beginRead();
    VERIFY_OK(source);
    QVERIFY(QFile::resize(QString::fromStdString(cut), 0));
    QVERIFY(!copyToFile(*source, copy));
    QVERIFY(!exists(copy) && !exists(copy + ".part"));
}

void TestHotCopy::cutSourcesAreNotCopied() {
    VERIFY_OK(putAll("b", {{"k", std::string(100'000, 'v')}}));
    const std::string target = newPath();
    {
        const auto tx = store().beginRead();
        VERIFY_OK(copyToFile(*tx, target));
    }
    const QByteArray good = bytesOfFile(target);
    const std::string cut = newPath();
    writeFile(cut, good.left(good.size() / 2 / 4096 * 4096));
    const auto database = Database::openReadOnly(cut);
    VERIFY_OK(database);
    const auto tx = database->beginRead();
    VERIFY_FAILS(copyToFile(*tx, target), ErrorCode::Truncated);
    QCOMPARE(bytesOfFile(target), good); // what stood there stays
    QVERIFY(!exists(target + ".part"));
}

QTEST_GUILESS_MAIN(TestHotCopy)
#include "tst_hot_copy.moc"
