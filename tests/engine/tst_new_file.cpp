// SPDX-License-Identifier: MIT
// How a database comes to be: options are refused before there is a file, a crash while it is made
// leaves one that opens, and nothing else is ever taken for a new file.
#include "pagescape/crash.h"
#include "support/file_builder.h"
#include "support/store_fixture.h"

#include <QFile>

#include <random>

using namespace pagescape;
using namespace pagescape::test;

namespace {

std::shared_ptr<StorageFile> memoryFile(const std::vector<std::byte>& image) {
    return makeMemoryFile(image).value_or(nullptr);
}

StoreOptions over(std::shared_ptr<StorageFile> file, std::uint32_t pageSize) {
    StoreOptions options;
    options.pageSize = pageSize;
    options.noSync = true;
    options.openFile = [file = std::move(file)](const std::filesystem::path&) { return file; };
    return options;
}

std::vector<std::byte> contentsOf(StorageFile& file) {
    std::vector<std::byte> bytes(file.size().value_or(0));
    static_cast<void>(file.readAt(0, bytes));
    return bytes;
}

// Opens an image, writes to it, and tells what is wrong afterwards; empty when nothing is.
std::string usesOf(const std::vector<std::byte>& image, std::uint32_t pageSize) {
    const std::shared_ptr<StorageFile> file = memoryFile(image);
    auto store = Store::open("memory", over(file, pageSize));
    if (!store) {
        return store.error().describe();
    }
    for (int i = 0; i < 2; ++i) { // both metas are written
        const auto done = store->update([](WriteTransaction& tx) -> Result<void> {
            auto bucket = tx.createBucketIfNotExists(asBytes("b"));
            return bucket ? bucket->put(asBytes("k"), asBytes("v")) : fail(bucket.error());
        });
        if (!done) {
            return done.error().describe();
        }
    }
    static_cast<void>(store->close());
    return problemsOf("/proc/self/fd/" + std::to_string(file->descriptor()));
}

} // namespace

class TestNewFile : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;

    [[nodiscard]] std::string path() {
        return m_dir.filePath(QStringLiteral("n.db")).toStdString();
    }
    // What is written to make a new file.
    [[nodiscard]] static CrashRun creation(std::uint32_t pageSize) {
        auto recorded = std::make_shared<RecordingFile>(memoryFile({}));
        static_cast<void>(Store::open("memory", over(recorded, pageSize)));
        return CrashRun{{}, recorded->operations()};
    }

private Q_SLOTS:
    void init() { QFile::remove(QString::fromStdString(path())); }

    void everyCrashOfItsMakingOpens_data();
    void everyCrashOfItsMakingOpens();
    void shortPrefixesOpen();
    void otherFilesStayAsTheyAre_data();
    void otherFilesStayAsTheyAre();
    void readersDoNotFinishIt();
    void refusedOptionsLeaveNoFile_data();
    void refusedOptionsLeaveNoFile();
    void existingFilesTellTheirPageSize();
};

void TestNewFile::everyCrashOfItsMakingOpens_data() {
    QTest::addColumn<std::uint32_t>("pageSize");
    QTest::newRow("1 KiB") << std::uint32_t{1024};
    QTest::newRow("4 KiB") << std::uint32_t{4096};
}

void TestNewFile::everyCrashOfItsMakingOpens() {
    QFETCH(std::uint32_t, pageSize);
    const CrashRun run = creation(pageSize);
    QVERIFY(!run.operations.empty());
    QVERIFY(run.operations[0].kind == FileOperation::Kind::Write);
    const std::uint32_t sectors = sectorCount(run.operations[0]);
    QCOMPARE(sectors, 4 * pageSize / kSectorSize);
    std::mt19937_64 random(3);
    std::vector<WriteFate> fates;
    for (std::uint32_t kept = 0; kept <= sectors; ++kept) {
        fates.push_back({WriteFate::Kind::Torn, kept, 0});
    }
    for (std::uint64_t pattern = 0; pattern < 128; ++pattern) {
        // All subsets of the sectors that are not zero as far as the pattern reaches, then random.
        fates.push_back({WriteFate::Kind::Scattered, 0, pattern});
        fates.push_back({WriteFate::Kind::Scattered, 0, random()});
    }
    for (const WriteFate& fate : fates) {
        const auto image = buildImage(run, 1, std::vector<WriteFate>{fate});
        QVERIFY(image);
        QCOMPARE(usesOf(*image, pageSize), std::string());
        if (fate.pattern % 16 == 1) { // another program's idea of a page
            QCOMPARE(usesOf(*image, 2048), std::string());
        }
    }
}

// The file system keeps a part of a sector where the disk is full.
void TestNewFile::shortPrefixesOpen() {
    const std::vector<std::byte> whole = creation(1024).operations[0].data;
    for (std::size_t size = 1; size <= whole.size(); ++size) {
        const std::vector<std::byte> image(whole.begin(),
                                           whole.begin() + static_cast<std::ptrdiff_t>(size));
        QCOMPARE(usesOf(image, 1024), std::string());
    }
}

void TestNewFile::otherFilesStayAsTheyAre_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("a letter") << QByteArray("x");
    QTest::newRow("a text") << QByteArray("Dear Sir or Madam, ").repeated(300);
    QTest::newRow("zeros and one byte") << QByteArray(16383, '\0') + 'x';
    QTest::newRow("zeros, longer than any new file") << QByteArray((64 << 20) + 512, '\0');
    const CrashRun run = creation(4096);
    const std::vector<std::byte>& data = run.operations[0].data;
    const QByteArray fresh(reinterpret_cast<const char*>(data.data()), qsizetype(data.size()));
    QByteArray damaged = fresh;
    damaged[20] = char(damaged[20] ^ 1);
    damaged[4096 + 20] = char(damaged[4096 + 20] ^ 1);
    QTest::newRow("both metas damaged") << damaged;
    QTest::newRow("no metas, and a foreign byte")
        << QByteArray(8192, '\0') + fresh.mid(8192, 8191) + '!';
    FileBuilder used = soundFile();
    used.poke(0, 20, ~std::uint64_t{0});
    used.poke(1, 20, ~std::uint64_t{0});
    QTest::newRow("a used database without metas") << QByteArray::fromStdString(used.bytes());
}

void TestNewFile::otherFilesStayAsTheyAre() {
    QFETCH(QByteArray, bytes);
    QFile file(QString::fromStdString(path()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
    file.close();
    QVERIFY(!Store::open(path()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll() == bytes);
}

void TestNewFile::readersDoNotFinishIt() {
    const std::vector<std::byte> half(4096);
    const std::shared_ptr<StorageFile> file = memoryFile(half);
    StoreOptions options = over(file, 4096);
    options.readOnly = true;
    QVERIFY(!Store::open("memory", options));
    QVERIFY(contentsOf(*file) == half);
}

void TestNewFile::refusedOptionsLeaveNoFile_data() {
    QTest::addColumn<std::uint32_t>("pageSize");
    QTest::addColumn<std::uint64_t>("mapSize");
    QTest::addColumn<int>("code");
    const auto size = [](const char* name, std::uint32_t bytes) {
        QTest::newRow(name) << bytes << std::uint64_t{0} << int(ErrorCode::PageSizeUnsupported);
    };
    size("pages of 100 bytes", 100);
    size("pages of 5000 bytes", 5000);
    size("pages of 32 MiB", 32U << 20);
    const auto map = [](const char* name, std::uint64_t bytes) {
        QTest::newRow(name) << std::uint32_t{4096} << bytes << int(ErrorCode::MapFailed);
    };
    map("mapping as long as all addresses", std::uint64_t{1} << 47);
    map("mapping that is too long for any file", ~std::uint64_t{0});
}

void TestNewFile::refusedOptionsLeaveNoFile() {
    QFETCH(std::uint32_t, pageSize);
    QFETCH(std::uint64_t, mapSize);
    QFETCH(int, code);
    StoreOptions options;
    options.pageSize = pageSize;
    options.initialMapSize = mapSize;
    VERIFY_FAILS(Store::open(path(), options), ErrorCode(code));
    QVERIFY(!QFile::exists(QString::fromStdString(path())));
}

void TestNewFile::existingFilesTellTheirPageSize() {
    StoreOptions options;
    options.pageSize = 2048;
    VERIFY_OK(Store::open(path(), options));
    options.pageSize = 100;
    const auto store = Store::open(path(), options);
    VERIFY_OK(store);
    QCOMPARE(store->pageSize(), 2048U);
}

QTEST_GUILESS_MAIN(TestNewFile)
#include "tst_new_file.moc"
