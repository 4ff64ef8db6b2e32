// SPDX-License-Identifier: MIT
// The part of bbolt's db_test.go and unix_test.go about opening: new and damaged files, page sizes,
// locks, options. Slots carry its names. Not here:
//   Open_MetaInitWriteError        skipped by bbolt itself
//   MethodPage                     tst_page_info.cpp
#include "support/store_fixture.h"

#include <QFile>
#include <QFileInfo>

#include <atomic>
#include <future>
#include <thread>

using namespace pagescape;
using namespace pagescape::test;

namespace {

// Overwrites bytes of a file.
bool poke(const std::string& path, qint64 at, const QByteArray& bytes) {
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadWrite) && file.seek(at) && file.write(bytes) == bytes.size();
}

qint64 sizeOf(const std::string& path) {
    return QFileInfo(QString::fromStdString(path)).size();
}

constexpr qint64 kMagicAt = 16;
constexpr qint64 kVersionAt = 20;
constexpr qint64 kChecksumAt = 72;

} // namespace

class TestBoltOpen : public StoreFixture {
    Q_OBJECT

private:
    // A new file that is closed again, with the same bytes changed in both metas.
    [[nodiscard]] std::string damaged(qint64 at, const QByteArray& bytes) {
        const std::string other = newPath();
        if (!Store::open(other, smallPages()) || !poke(other, at, bytes) ||
            !poke(other, 4096 + at, bytes)) {
            qFatal("cannot make %s", other.c_str());
        }
        return other;
    }
    [[nodiscard]] static StoreOptions readOnly() {
        StoreOptions options = smallPages();
        options.readOnly = true;
        return options;
    }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void dbOpen();
    void openMultipleThreads();
    void openErrPathRequired();
    void openErrInvalid();
    void openErrVersionMismatch();
    void openErrChecksum();
    void openReadPageSizeFromMeta1_data();
    void openReadPageSizeFromMeta1();
    void openSize();
    void openCheck();
    void openFileTooSmall();
    void openACutFile();
    void openInitialMmapSize();
    void openReadOnly();
    void openReadOnlyNoCreate();
    void openReadOnlyOfAnEmptyFile();
    void openBigPage();
    void openRecoverFreeList();
    void openWithPreLoadFreelist();
    void noFreelistSyncReopen();
    void lockTimeout();
    void waitsForTheLock();
    void closeUnlocksWhileOldHandlesLive();
    void closesWithItsLastCopy();
    void dbUnmap();
    void mlockDbOpen();
};

void TestBoltOpen::dbOpen() {
    QCOMPARE(store().path().string(), path());
    QVERIFY(!store().isReadOnly());
    QCOMPARE(store().pageSize(), 4096U);
    QCOMPARE(sizeOf(path()), 4 * 4096);
    QCOMPARE(store().fileSize(), 4U * 4096);
}

// Open_MultipleGoroutines.
void TestBoltOpen::openMultipleThreads() {
    const std::string other = newPath();
    StoreOptions options = smallPages();
    options.timeout = StoreOptions::kWaitForEver;
    std::atomic<int> opened = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 30; ++i) {
            threads.emplace_back([&] {
                auto mine = Store::open(other, options);
                opened += mine && mine->close() ? 1 : 0;
            });
        }
    }
    QCOMPARE(opened.load(), 30);
    QCOMPARE(problemsOf(other), std::string());
}

// Open_ErrPathRequired, Open_ErrNotExists.
void TestBoltOpen::openErrPathRequired() {
    VERIFY_FAILS(Store::open("", smallPages()), ErrorCode::FileNotFound);
    VERIFY_FAILS(Store::open(newPath() + "/x.db", smallPages()), ErrorCode::FileNotFound);
    VERIFY_FAILS(Store::open("/", smallPages()), ErrorCode::NotRegularFile);
    StoreOptions options = smallPages();
    options.create = false;
    const std::string missing = newPath();
    VERIFY_FAILS(Store::open(missing, options), ErrorCode::FileNotFound);
    QVERIFY(!QFileInfo::exists(QString::fromStdString(missing)));
}

void TestBoltOpen::openErrInvalid() {
    const std::string other = newPath();
    QFile file(QString::fromStdString(other));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray("this is not a bolt database\n").repeated(1000));
    file.close();
    VERIFY_FAILS(Store::open(other, smallPages()), ErrorCode::NotADatabase);
    VERIFY_FAILS(Store::open(other, readOnly()), ErrorCode::NotADatabase);
    VERIFY_FAILS(Store::open(damaged(kMagicAt, "\1\2\3\4"), smallPages()), ErrorCode::NotADatabase);
}

void TestBoltOpen::openErrVersionMismatch() {
    VERIFY_FAILS(Store::open(damaged(kVersionAt, "\3"), smallPages()), ErrorCode::VersionMismatch);
}

void TestBoltOpen::openErrChecksum() {
    VERIFY_FAILS(Store::open(damaged(kChecksumAt, "abcdefgh"), smallPages()),
                 ErrorCode::ChecksumMismatch);
}

// Open_ReadPageSize_FromMeta1_OS, ..._Given.
void TestBoltOpen::openReadPageSizeFromMeta1_data() {
    QTest::addColumn<quint32>("pageSize");
    for (quint32 size = 1024; size <= 16 * 1024 * 1024; size *= 2) {
        QTest::addRow("%u", size) << size;
    }
}

void TestBoltOpen::openReadPageSizeFromMeta1() {
    QFETCH(quint32, pageSize);
    StoreOptions options = smallPages();
    options.pageSize = pageSize;
    begin(options);
    close();
    QVERIFY(poke(path(), kMagicAt, "\1\2\3\4"));
    open(smallPages()); // whose page size is for new files only
    QCOMPARE(store().pageSize(), pageSize);
    VERIFY_OK(putAll("b", {{"k", "v"}})); // writes a new meta 0
    reopen();
    QCOMPARE(store().pageSize(), pageSize);
    QCOMPARE(get({"b"}, "k"), std::string("v"));
}

void TestBoltOpen::openSize() {
    for (std::uint64_t i = 0; i < 50; ++i) {
        Pairs pairs;
        for (std::uint64_t j = 0; j < 1000; ++j) {
            pairs.emplace_back(digits(i * 1000 + j, 8), std::string(500, '\0'));
        }
        VERIFY_OK(putAll("data", pairs));
    }
    close();
    const qint64 before = sizeOf(path());
    QVERIFY(before > 25 * 1000 * 1000);
    open(smallPages());
    QCOMPARE(sizeOf(path()), before);
    VERIFY_OK(putAll("data", {{digits(0, 8), std::string(1, '\0')}}));
    close();
    QVERIFY(sizeOf(path()) <= before + before / 20);
    open(smallPages());
}

void TestBoltOpen::openCheck() {
    for (int i = 0; i < 2; ++i) {
        close();
        QCOMPARE(problemsOf(path()), std::string());
        open(smallPages());
    }
}

// A file that holds something: one that is new is made anew, see tst_new_file.
void TestBoltOpen::openFileTooSmall() {
    VERIFY_OK(putAll("b", {{"k", "v"}}));
    const std::string other = newPath();
    QVERIFY(QFile::copy(QString::fromStdString(path()), QString::fromStdString(other)));
    QVERIFY(QFile::resize(QString::fromStdString(other), 4096));
    VERIFY_FAILS(Store::open(other, smallPages()), ErrorCode::FileTooSmall);
}

// bbolt opens it, and crashes when a missing page is touched.
void TestBoltOpen::openACutFile() {
    VERIFY_OK(putAll("b", {{"k", "v"}}));
    const std::string other = newPath();
    QVERIFY(QFile::copy(QString::fromStdString(path()), QString::fromStdString(other)));
    QVERIFY(QFile::resize(QString::fromStdString(other), 3 * 4096));
    VERIFY_FAILS(Store::open(other, smallPages()), ErrorCode::Truncated);
}

// The mapping stays where it is, and a reader stays open.
void TestBoltOpen::openInitialMmapSize() {
    constexpr std::uint64_t kRoom = std::uint64_t{1} << 30;
    StoreOptions options = smallPages();
    options.initialMapSize = kRoom;
    begin(options);
    QCOMPARE(sizeOf(path()), 4 * 4096);
    const Store::MapInfo before = store().mapping();
    QCOMPARE(before.length, kRoom);
    const auto reader = store().beginRead();
    VERIFY_OK(putAll("test", {{"x", std::string(std::size_t{128} << 20, 'x')}}));
    QCOMPARE(store().mapping().address, before.address);
    QCOMPARE(store().mapping().length, before.length);
    QCOMPARE(reader->id().value, 1U);
}

void TestBoltOpen::openReadOnly() {
    VERIFY_OK(putAll("widgets", {{"foo", "bar"}}));
    reopen(readOnly());
    QVERIFY(store().isReadOnly());
    QCOMPARE(get({"widgets"}, "foo"), std::string("bar"));
    VERIFY_FAILS(store().beginWrite(), ErrorCode::DatabaseReadOnly);
    VERIFY_FAILS(putAll("widgets", {}), ErrorCode::DatabaseReadOnly);
    VERIFY_FAILS(store().batch([](WriteTransaction&) { return Result<void>(); }),
                 ErrorCode::DatabaseReadOnly);
    auto second = Store::open(path(), readOnly()); // readers share the lock
    VERIFY_OK(second);
}

void TestBoltOpen::openReadOnlyNoCreate() {
    const std::string missing = newPath();
    VERIFY_FAILS(Store::open(missing, readOnly()), ErrorCode::FileNotFound);
    QVERIFY(!QFileInfo::exists(QString::fromStdString(missing)));
}

void TestBoltOpen::openReadOnlyOfAnEmptyFile() {
    const std::string other = newPath();
    QFile file(QString::fromStdString(other));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    VERIFY_FAILS(Store::open(other, readOnly()), ErrorCode::EmptyFile);
    QCOMPARE(sizeOf(other), 0);
    VERIFY_OK(Store::open(other, smallPages())); // for writing it becomes a new database
    QCOMPARE(problemsOf(other), std::string());
}

void TestBoltOpen::openBigPage() {
    StoreOptions options = smallPages();
    options.pageSize = 8192;
    begin(options);
    QCOMPARE(sizeOf(path()), 4 * 8192);
    // bbolt makes files of 512 it cannot open, and takes sizes that are no power of two.
    for (const quint32 wrong : {512U, 1025U, 12288U, 32U * 1024 * 1024}) {
        options.pageSize = wrong;
        VERIFY_FAILS(Store::open(newPath(), options), ErrorCode::PageSizeUnsupported);
    }
}

void TestBoltOpen::openRecoverFreeList() {
    StoreOptions options = smallPages();
    options.noFreelistSync = true;
    begin(options);
    std::vector<std::string> names;
    for (std::uint64_t i = 0; i < 10; ++i) {
        names.push_back(digits(i, 4));
        VERIFY_OK(putAll(names.back(), {{names.back(), std::string(5000, 'v')}}));
    }
    VERIFY_OK(update([&](WriteTransaction& tx) -> Result<void> {
        for (const std::string& name : names) {
            if (auto gone = tx.deleteBucket(asBytes(name)); !gone) {
                return gone;
            }
        }
        return {};
    }));
    reopen(options);
    const std::uint64_t free = store().statistics().freePages;
    QVERIFY(free > 10);
    QCOMPARE(store().statistics().pendingPages, 0U);
    reopen(); // stores the list, which takes one of the pages
    const StoreStatistics now = store().statistics();
    QCOMPARE(now.freePages + now.pendingPages, free - 1);
    reopen();
    QCOMPARE(store().statistics().freePages, now.freePages + now.pendingPages);
}

void TestBoltOpen::openWithPreLoadFreelist() {
    VERIFY_OK(putAll("b", {{"k", "v"}}));
    QVERIFY(store().statistics().pendingPages > 0);
    StoreOptions options = readOnly();
    reopen(options);
    QCOMPARE(store().statistics().freePages, 0U);
    options.preloadFreelist = true;
    reopen(options);
    QCOMPARE(store().statistics().freePages, 2U);
}

void TestBoltOpen::noFreelistSyncReopen() {
    StoreOptions options = smallPages();
    options.noFreelistSync = true;
    begin(options);
    for (const char* key : {"a", "b", "c"}) {
        VERIFY_OK(putAll("b", {{key, ""}}));
    }
    QVERIFY(!store().beginRead()->meta().hasFreelist());
    QCOMPARE(highWater(), 5U);
    QCOMPARE(store().beginRead()->id().value, 4U);
    reopen();
    QCOMPARE(store().beginRead()->id().value, 5U);
    QVERIFY(store().beginRead()->meta().hasFreelist());
    QCOMPARE(store().statistics().freePages, 1U);
    QCOMPARE(get({"b"}, "c"), std::string());
}

// DB_Open with a timeout; who shares the lock with whom.
void TestBoltOpen::lockTimeout() {
    StoreOptions writer = smallPages();
    writer.timeout = std::chrono::milliseconds(0);
    StoreOptions reader = readOnly();
    reader.timeout = std::chrono::milliseconds(0);
    VERIFY_FAILS(Store::open(path(), writer), ErrorCode::LockTimeout);
    VERIFY_FAILS(Store::open(path(), reader), ErrorCode::LockTimeout);
    writer.timeout = reader.timeout = std::chrono::milliseconds(120); // more than one attempt
    VERIFY_FAILS(Store::open(path(), writer), ErrorCode::LockTimeout);
    reopen(reader);
    VERIFY_OK(Store::open(path(), reader));
    VERIFY_FAILS(Store::open(path(), writer), ErrorCode::LockTimeout);
    close();
    VERIFY_OK(Store::open(path(), writer));
    open(smallPages());
}

void TestBoltOpen::waitsForTheLock() {
    StoreOptions options = smallPages();
    options.timeout = StoreOptions::kWaitForEver;
    std::atomic<bool> isClosed = false;
    auto waiting = std::async(std::launch::async, [&] {
        auto second = Store::open(path(), options);
        return second && isClosed.load();
    });
    QCOMPARE(waiting.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
    isClosed = true;
    close();
    QVERIFY(waiting.get());
    open(options);
}

// A mapping keeps the lock of a closed file, so no handle may keep the mapping.
void TestBoltOpen::closeUnlocksWhileOldHandlesLive() {
    auto committed = store().beginWrite();
    const auto bucket = committed->createBucket(asBytes("b"));
    const WriteCursor cursor = bucket->cursor();
    VERIFY_OK(committed->commit());
    auto rolledBack = store().beginWrite();
    VERIFY_OK(rolledBack->rollback());
    VERIFY_OK(store().close());
    StoreOptions options = smallPages();
    options.timeout = std::chrono::milliseconds(0);
    VERIFY_OK(Store::open(path(), options));
    VERIFY_FAILS(bucket->get(asBytes("k")), ErrorCode::TransactionClosed);
    VERIFY_FAILS(committed->createBucket(asBytes("c")), ErrorCode::TransactionClosed);
    VERIFY_FAILS(rolledBack->bucket(bytesOf({"b"})), ErrorCode::TransactionClosed);
    QCOMPARE(committed->id().value, 2U);
}

void TestBoltOpen::closesWithItsLastCopy() {
    const std::string other = newPath();
    StoreOptions options = smallPages();
    options.timeout = std::chrono::milliseconds(0);
    {
        const auto first = Store::open(other, options);
        const Store copy = *first;
        VERIFY_FAILS(Store::open(other, options), ErrorCode::LockTimeout);
        QCOMPARE(copy.fileSize(), first->fileSize());
    }
    VERIFY_OK(Store::open(other, options));
}

// DBUnmap, DB_Close twice.
void TestBoltOpen::dbUnmap() {
    QVERIFY(store().mapping().address != 0);
    VERIFY_OK(store().close());
    QCOMPARE(store().mapping().address, 0U);
    QCOMPARE(store().mapping().length, 0U);
    VERIFY_OK(store().close());
}

// Mlock_DbOpen, DbCanGrow_Small, DbCanGrow_Big.
void TestBoltOpen::mlockDbOpen() {
    StoreOptions options = smallPages();
    options.lockMemory = true;
    const std::string other = newPath();
    auto locked = Store::open(other, options);
    if (!locked && locked.error().code == ErrorCode::OsFailure) {
        QSKIP("memory cannot be locked here");
    }
    VERIFY_OK(locked);
    const std::string big(std::size_t{20} << 20, 'x');
    for (const std::string& value : {std::string("v"), big}) {
        const auto done = locked->update([&](WriteTransaction& tx) -> Result<void> {
            auto bucket = tx.createBucketIfNotExists(asBytes("b"));
            return bucket ? bucket->put(asBytes(std::to_string(value.size())), asBytes(value))
                          : fail(bucket.error());
        });
        if (!done && done.error().osError == ENOMEM) {
            QSKIP("only little memory can be locked here");
        }
        VERIFY_OK(done);
    }
    VERIFY_OK(locked->close());
    QVERIFY(sizeOf(other) > qint64(big.size()));
    QCOMPARE(problemsOf(other), std::string());
}

QTEST_GUILESS_MAIN(TestBoltOpen)
#include "tst_bolt_open.moc"
