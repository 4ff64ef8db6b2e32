// SPDX-License-Identifier: MIT
// Changes to damaged files: what would make the damage worse is refused, and nothing is written.
#include "support/file_builder.h"
#include "support/store_fixture.h"

#include <QFile>

using namespace pagescape;
using namespace pagescape::test;

namespace {

constexpr std::uint64_t kOverflowAt = 12;

QByteArray bytesOfFile(const std::string& path) {
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Result<void> putInto(const std::string& path, std::string_view bucket, std::string_view key) {
    auto store = Store::open(path);
    return !store ? fail(store.error()) : store->update([&](WriteTransaction& tx) -> Result<void> {
        const auto found = tx.bucket(asBytes(bucket));
        return found ? WriteBucket(**found).put(asBytes(key), asBytes("new")) : fail(found.error());
    });
}

} // namespace

class TestWriteDamage : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;

    [[nodiscard]] std::string write(const FileBuilder& file) {
        return file.write(m_dir.filePath(QStringLiteral("damaged.db")).toStdString()).string();
    }

private Q_SLOTS:
    void runsAreNotLongerThanTheirContents_data();
    void runsAreNotLongerThanTheirContents();
    void boltsExtraPagesAreGivenUp();
    void valuesOfAMovedPageMayOverlap();
};

void TestWriteDamage::runsAreNotLongerThanTheirContents_data() {
    QTest::addColumn<std::uint64_t>("page");
    QTest::addColumn<std::uint32_t>("overflow");
    QTest::addColumn<QString>("change");
    for (const char* change : {"put", "delete bucket"}) {
        const auto row = [change](const char* name, std::uint64_t page, std::uint32_t overflow) {
            QTest::addRow("%s, %s", name, change) << page << overflow << QString::fromUtf8(change);
        };
        row("leaf over its neighbour", 5, 1);
        row("leaf over all behind it", 5, 4);
        row("branch over its child", 4, 1);
        row("long leaf", 6, 2);
        row("freelist over the root", 2, 1);
    }
}

// The run of a page that is written anew becomes free: with pages of others in it they were lost.
void TestWriteDamage::runsAreNotLongerThanTheirContents() {
    QFETCH(std::uint64_t, page);
    QFETCH(std::uint32_t, overflow);
    QFETCH(QString, change);
    FileBuilder file = soundFile();
    file.poke(page, kOverflowAt, overflow);
    const std::string path = write(file);
    const QByteArray before = bytesOfFile(path);
    if (change == QLatin1String("put")) {
        VERIFY_FAILS(putInto(path, "tree", page == 6 ? "m" : "b"), ErrorCode::CorruptPage);
    } else {
        const auto store = Store::open(path);
        const auto done = !store ? fail(store.error()) : Store(*store).update([](auto& tx) {
            return tx.deleteBucket(asBytes("tree"));
        });
        VERIFY_FAILS(done, ErrorCode::CorruptPage);
    }
    QVERIFY(!before.isEmpty() && bytesOfFile(path) == before);
}

// Contents that end where a page ends: bolt takes one page more, for a list of free pages too.
void TestWriteDamage::boltsExtraPagesAreGivenUp() {
    FileBuilder file(1024, 133);
    file.meta(2, 3, 4, 133);
    file.meta(3, 3, 4, 133);
    file.leaf(3, {bucketItem("b", 6)});
    std::vector<std::uint64_t> ids{2};
    for (std::uint64_t id = 8; id < 133; ++id) {
        ids.push_back(id);
    }
    QCOMPARE(16 + 8 * ids.size(), 1024U);
    file.freelist(4, ids);
    file.poke(4, kOverflowAt, std::uint32_t{1});
    file.leaf(6, {{"k", std::string(1024 - 16 - 16 - 1, 'v')}}, 1);
    const std::string path = write(file);
    QCOMPARE(problemsOf(path), std::string());
    VERIFY_OK(putInto(path, "b", "l"));
    QCOMPARE(problemsOf(path), std::string()); // which would name pages that are in no list
}

// A value that reaches into the next key: writing over it, in the memory of the transaction, would
// rename that key.
void TestWriteDamage::valuesOfAMovedPageMayOverlap() {
    const std::string path = m_dir.filePath(QStringLiteral("overlap.db")).toStdString();
    StoreOptions options;
    options.noSync = true;
    {
        auto store = Store::open(path, options);
        VERIFY_OK(store);
        auto tx = store->beginWrite();
        VERIFY_OK(tx->createBucket(asBytes("to")));
        auto child = tx->createBucket(asBytes("from"))->createBucket(asBytes("child"));
        VERIFY_OK(child->put(asBytes("a"), asBytes("bbbb")));
        VERIFY_OK(child->put(asBytes("z"), asBytes("1")));
        VERIFY_OK(tx->commit());
    }
    QByteArray bytes = bytesOfFile(path);
    const auto element = [](quint32 valueSize) { // of "a": flags, position, sizes
        const quint32 fields[] = {0, 32, 1, valueSize};
        return QByteArray(reinterpret_cast<const char*>(fields), sizeof fields);
    };
    QCOMPARE(bytes.count(element(4)), 1);
    bytes.replace(element(4), element(5));
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    file.close();
    auto store = Store::open(path, options);
    VERIFY_OK(store);
    auto change = store->beginWrite();
    WriteBucket to = **change->bucket(asBytes("to"));
    VERIFY_OK((*change->bucket(asBytes("from")))->moveBucket(asBytes("child"), to));
    VERIFY_OK((*to.bucket(asBytes("child")))->put(asBytes("a"), asBytes("AAAA0")));
    VERIFY_OK(change->commit());
    const auto tx = store->beginRead();
    const std::array<Bytes, 2> child{asBytes("to"), asBytes("child")};
    QCOMPARE(valueOf(tx->get(child, asBytes("a"))), std::string("AAAA0"));
    QCOMPARE(valueOf(tx->get(child, asBytes("z"))), std::string("1"));
}

QTEST_GUILESS_MAIN(TestWriteDamage)
#include "tst_write_damage.moc"
