// SPDX-License-Identifier: MIT
// Running a census: stopping it and going on, readers beside it, its memory on a sparse file, and
// any bytes at all.
#include "pagescape/census.h"
#include "pagescape/format.h"
#include "support/file_builder.h"

#include <QTemporaryDir>
#include <QtTest>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSanitized = true; // the allocator and every access cost other memory then
#else
constexpr bool kIsSanitized = false;
#endif

using namespace pagescape;
using namespace pagescape::test;

namespace {

constexpr std::uint64_t kNone = format::kNoFreelist;

std::shared_ptr<const PageFile> openPages(const std::filesystem::path& path) {
    auto opened = PageFile::open(path);
    if (!opened) {
        qFatal("%s", opened.error().describe().c_str());
    }
    return std::make_shared<const PageFile>(*std::move(opened));
}

/// One branch over `leaves` leaves; every 50th leaf holds a nested bucket of one page.
FileBuilder wideFile(std::uint32_t leaves) {
    const std::uint32_t branchPages = (16 + leaves * 20) / 1024 + 1;
    const std::uint64_t firstLeaf = 3 + branchPages;
    const std::uint64_t firstNested = firstLeaf + leaves;
    const std::uint64_t highWater = firstNested + leaves / 50 + 1;
    FileBuilder file(1024, highWater);
    file.meta(2, 3, kNone, highWater);
    file.meta(3, 3, kNone, highWater);
    std::vector<std::pair<std::string, std::uint64_t>> children;
    std::uint64_t nested = firstNested;
    for (std::uint32_t i = 0; i < leaves; ++i) {
        std::string key(4, '\0');
        std::memcpy(key.data(), &i, 4);
        children.emplace_back(key, firstLeaf + i);
        if (i % 50 == 0) {
            file.leaf(firstLeaf + i, {{key, "value"}, bucketItem(key + "b", nested, i)});
            file.leaf(nested++, {{"inner", "value"}});
        } else {
            file.leaf(firstLeaf + i, {{key, "value"}});
        }
    }
    file.branch(3, children);
    file.poke(3, 12, branchPages - 1);
    return file;
}

/// Bytes of memory the process has touched.
std::uint64_t residentBytes() {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t total = 0;
    std::uint64_t resident = 0;
    statm >> total >> resident;
    return resident * 4096;
}

bool sameRows(const Census& a, const Census& b) {
    for (std::uint64_t id = 0; id < a.pageCount(); ++id) {
        const PageRow x = a.row(PageId{id});
        const PageRow y = b.row(PageId{id});
        if (x.kind != y.kind || x.life != y.life || x.count != y.count || x.fill != y.fill ||
            x.bucket != y.bucket || x.depth != y.depth || x.parent != y.parent ||
            x.overflow != y.overflow || x.hasProblem != y.hasProblem ||
            x.isExpected != y.isExpected) {
            return false;
        }
    }
    return a.bucketCount() == b.bucketCount() && a.kindCounts() == b.kindCounts();
}

} // namespace

class TestCensusRun : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::filesystem::path path(const char* name) const {
        return m_dir.filePath(QString::fromUtf8(name)).toStdString();
    }
    std::filesystem::path m_wide;

private Q_SLOTS:
    void initTestCase() { m_wide = wideFile(30000).write(path("wide.db")); }
    void stopsWithin100Milliseconds();
    void goesOnAfterCancelled();
    void tellsProgressSparsely();
    void takesAtMost16BytesAPage();
    void readersSeeOldOrNewRows();
    void sparseFileTouchesNoRows();
    void endsOnAnyDamage_data();
    void endsOnAnyDamage();
};

void TestCensusRun::stopsWithin100Milliseconds() {
    Census census(openPages(m_wide));
    std::stop_source source;
    QElapsedTimer sinceStop;
    int calls = 0;
    const auto done = census.run(source.get_token(), [&](const CensusProgress& progress) {
        ++calls;
        if (progress.stage == CensusStage::Leaves && !source.stop_requested()) {
            source.request_stop();
            sinceStop.start();
        }
    });
    QVERIFY(sinceStop.isValid());
    QVERIFY(sinceStop.elapsed() < 100);
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::Cancelled);
    QCOMPARE(census.stage(), CensusStage::Leaves);
    QVERIFY(calls > 0);
}

void TestCensusRun::goesOnAfterCancelled() {
    Census whole(openPages(m_wide));
    QVERIFY(whole.run());
    Census pieces(openPages(m_wide));
    int stops = 0;
    while (true) {
        std::stop_source source;
        const auto done = pieces.run(source.get_token(), [&](const CensusProgress&) {
            source.request_stop(); // every time that it tells anything
        });
        if (done) {
            break;
        }
        QCOMPARE(done.error().code, ErrorCode::Cancelled);
        QVERIFY(++stops < 1000);
    }
    QVERIFY(stops >= 5);
    QVERIFY(sameRows(whole, pieces));
    for (BucketIndex i = 0; i < whole.bucketCount(); ++i) {
        QCOMPARE(pieces.bucket(i).leafPages, whole.bucket(i).leafPages);
        QCOMPARE(pieces.bucket(i).entries, whole.bucket(i).entries);
    }
    QVERIFY(pieces.problems().empty());
}

void TestCensusRun::tellsProgressSparsely() {
    Census census(openPages(m_wide));
    std::uint64_t calls = 0;
    CensusProgress last;
    QVERIFY(census.run({}, [&](const CensusProgress& progress) {
        ++calls;
        QVERIFY(progress.pagesDone >= last.pagesDone || progress.stage != last.stage);
        QVERIFY(progress.pagesDone <= progress.pagesTotal);
        last = progress;
    }));
    QCOMPARE(last.stage, CensusStage::Done);
    QCOMPARE(last.pagesDone, last.pagesTotal);
    QVERIFY(calls >= 3);
    QVERIFY(calls <= 3 + 2 * census.pageCount() / 4096);
}

void TestCensusRun::takesAtMost16BytesAPage() {
    Census census(openPages(m_wide));
    QVERIFY(census.run());
    QVERIFY(census.tableBytes() <= 16 * census.pageCount());
    QVERIFY(census.tableBytes() > 0);
}

void TestCensusRun::readersSeeOldOrNewRows() {
    const auto file = openPages(m_wide);
    Census done(file);
    QVERIFY(done.run());
    for (int round = 0; round < 4; ++round) {
        Census census(file);
        std::atomic<bool> isRunning{true};
        std::atomic<std::uint64_t> wrong{0};
        std::atomic<std::uint64_t> seen{0};
        std::jthread reader([&] {
            std::mt19937_64 random(static_cast<std::uint64_t>(round));
            do {
                for (int i = 0; i < 200; ++i) {
                    const PageId id{random() % census.pageCount()};
                    const PageRow row = census.row(id);
                    const PageRow final = done.row(id);
                    const bool isOld = row.kind == PageKind::NotRead;
                    const bool isNew = row.kind == final.kind && row.bucket == final.bucket &&
                                       row.parent == final.parent && row.depth == final.depth;
                    wrong += isOld || isNew ? 0 : 1;
                    seen += isNew ? 1 : 0;
                    const auto path = census.pathTo(id);
                    wrong += path.size() > 64 ? 1 : 0;
                }
                for (BucketIndex i = 0; i < census.bucketCount(); ++i) {
                    wrong += census.bucket(i).name == done.bucket(i).name ? 0 : 1;
                }
                (void)census.kindCounts();
                (void)census.problems();
            } while (isRunning);
        });
        QVERIFY(census.run());
        isRunning = false;
        reader.join();
        QCOMPARE(wrong.load(), 0U);
        QVERIFY(sameRows(done, census));
        QVERIFY(round < 3 || seen.load() > 0);
    }
}

void TestCensusRun::sparseFileTouchesNoRows() {
    constexpr std::uint64_t kPages = 16'000'000;
    FileBuilder file(4096, 8);
    file.meta(2, 3, kNone, kPages);
    file.meta(3, 3, kNone, kPages);
    file.leaf(3, {bucketItem("b", 5, 0)});
    file.leaf(5, {{"k", "v"}});
    const auto where = file.write(path("sparse.db"));
    std::error_code error;
    std::filesystem::resize_file(where, kPages * 4096, error);
    if (error) {
        QSKIP("The file system has no sparse files of 64 GB");
    }
    const std::uint64_t before = residentBytes();
    Census census(openPages(where));
    QElapsedTimer timer;
    timer.start();
    QVERIFY(census.run());
    QVERIFY(timer.elapsed() < 1000);
    QCOMPARE(census.kindCounts()[static_cast<std::size_t>(PageKind::Free)], kPages - 4);
    QCOMPARE(census.row(PageId{kPages - 1}).kind, PageKind::Free);
    if (!kIsSanitized) {
        QVERIFY(residentBytes() - before < 4 * 1024 * 1024);
    }
    std::filesystem::remove(where);
}

void TestCensusRun::endsOnAnyDamage_data() {
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= 8; ++seed) {
        QTest::addRow("seed %d", seed) << seed;
    }
}

void TestCensusRun::endsOnAnyDamage() {
    QFETCH(int, seed);
    std::mt19937_64 random(static_cast<std::uint64_t>(seed));
    for (int round = 0; round < 100; ++round) {
        FileBuilder file = soundFile();
        for (std::uint64_t i = 1 + random() % 12; i > 0; --i) {
            // Headers and elements are near the start of a page; that is where damage matters.
            const std::uint64_t at = (random() % 12) * 1024 + random() % 96;
            file.bytes()[at] = static_cast<char>(random() % 4 == 0 ? random() : random() % 16);
        }
        file.seal(0);
        file.seal(1);
        Census census(openPages(file.write(path("damaged.db"))));
        QVERIFY(census.run());
        std::uint64_t kinds = 0;
        for (const std::uint64_t count : census.kindCounts()) {
            kinds += count;
        }
        QCOMPARE(kinds, census.pageCount());
        for (std::uint64_t id = 0; id < census.pageCount(); ++id) {
            QVERIFY(census.pathTo(PageId{id}).size() <= census.pageCount());
            QVERIFY(!census.row(PageId{id}).isExpected);
        }
    }
}

QTEST_GUILESS_MAIN(TestCensusRun)
#include "tst_census_run.moc"
