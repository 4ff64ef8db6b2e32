// SPDX-License-Identifier: MIT
// The difference of damaged files: what can be read is compared, the rest is named.
#include "support/diff_fixture.h"

#include <QDir>

#include <random>

using namespace pagescape;
using namespace pagescape::test;

class TestDiffDamage : public StoreFixture {
    Q_OBJECT

private:
    PageFile write(const FileBuilder& file) { return opened(file.write(newPath()).string()); }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void tellsThatAFileWasCut();
    void refusesWhereThereIsNoVersionBefore();
    void leavesOutDamage_data();
    void leavesOutDamage();
    void endsOnAnyDamage();
    void endsOnDamagedSamples();
};

void TestDiffDamage::tellsThatAFileWasCut() {
    const PageFile file = write(twoVersions());
    const PageFile other = write(twoVersions());
    std::filesystem::resize_file(other.path(), 4096);
    VERIFY_FAILS(compared(*currentSide(file), *currentSide(other)).summary, ErrorCode::Truncated);
}

void TestDiffDamage::refusesWhereThereIsNoVersionBefore() {
    FileBuilder builder = twoVersions();
    builder.poke(1, 32, std::uint64_t{99});
    const PageFile file = write(builder);
    VERIFY_FAILS(bothSides(file), ErrorCode::ChecksumMismatch);
    QCOMPARE(bothSides(file).error().page, PageId{1});
    VERIFY_OK(currentSide(file));
    builder.poke(0, 32, std::uint64_t{99});
    VERIFY_FAILS(currentSide(write(builder)), ErrorCode::ChecksumMismatch);
}

void TestDiffDamage::leavesOutDamage_data() {
    QTest::addColumn<quint64>("page");
    QTest::addColumn<quint64>("at");
    QTest::addColumn<quint32>("value");
    QTest::addColumn<bool>("isAfter");
    QTest::addColumn<QString>("lines"); // of tree
    const QString gone = QStringLiteral("- tree/m=3|- tree/n");
    const quint64 child = FileBuilder::element(1) + format::kBranchChildAt;
    QTest::newRow("child past the end") << quint64{11} << child << 500U << true << gone;
    QTest::newRow("child is its parent") << quint64{11} << child << 11U << true << gone;
    QTest::newRow("type") << quint64{9} << quint64{format::kHeaderFlagsAt} << 0x80U << true << gone;
    QTest::newRow("count") << quint64{9} << quint64{format::kHeaderCountAt} << 0xFFFFU << true
                           << gone;
    QTest::newRow("type, older") << quint64{6} << quint64{format::kHeaderFlagsAt} << 0x80U << false
                                 << QStringLiteral("+ tree/m=3|+ tree/o=4");
    // Keys "z=3", "o=4": the second is out of order.
    QTest::newRow("order") << quint64{9} << quint64{FileBuilder::element(2)} << 0x346F337AU << true
                           << gone + QStringLiteral("|+ tree/z=3");
    // Keys "a=3", "o=4" behind a branch element "m".
    QTest::newRow("below the branch key")
        << quint64{9} << quint64{FileBuilder::element(2)} << 0x346F3361U << true
        << gone + QStringLiteral("|+ tree/o=4");
    QTest::newRow("damage that both share")
        << quint64{5} << quint64{format::kHeaderFlagsAt} << 0x80U << true
        << QStringLiteral("- tree/n|+ tree/o=4");
}

void TestDiffDamage::leavesOutDamage() {
    QFETCH(quint64, page);
    QFETCH(quint64, at);
    QFETCH(quint32, value);
    QFETCH(bool, isAfter);
    QFETCH(QString, lines);
    FileBuilder builder = twoVersions();
    builder.poke(page, at, value);
    const PageFile file = write(builder);
    const Found found = comparedVersions(file);
    VERIFY_OK(found.summary);
    QStringList tree;
    for (const std::string& line : found.lines) {
        if (line.find("tree/") != std::string::npos) {
            tree += QString::fromStdString(line.starts_with("- tree/n") ? "- tree/n" : line);
        }
    }
    QCOMPARE(tree.join(QLatin1Char('|')), lines);
    const bool isSeen = page != 5;
    QCOMPARE(found.skipped.size(), isSeen ? 1U : 0U);
    QCOMPARE(found.summary->partsSkipped, found.skipped.size());
    if (isSeen) {
        QCOMPARE(found.skipped[0].first == DiffOrigin::After, isAfter);
        QCOMPARE(found.skipped[0].second.code, ErrorCode::CorruptPage);
    }
}

void TestDiffDamage::endsOnAnyDamage() {
    const unsigned seed = 20261125;
    qInfo("seed %u", seed);
    std::mt19937 random(seed);
    const PageFile sound = write(twoVersions());
    std::uint64_t skipped = 0;
    for (int round = 0; round < 1000; ++round) {
        FileBuilder builder = twoVersions();
        for (unsigned edit = 0; edit <= random() % 6; ++edit) {
            const std::uint64_t page = 2 + random() % 10;
            const std::uint64_t at = random() % (random() % 2 == 0 ? 64 : 1020);
            builder.poke(page, at, static_cast<std::uint32_t>(random() >> (random() % 32)));
        }
        const std::string path = newPath();
        const PageFile file = opened(builder.write(path).string());
        const Found one = comparedVersions(file);
        VERIFY_OK(one.summary);
        const Found two = compared(*currentSide(file), *currentSide(sound));
        VERIFY_OK(two.summary);
        skipped += one.summary->partsSkipped + two.summary->partsSkipped;
        std::filesystem::remove(path);
    }
    QVERIFY(skipped > 0);
    const PageFile overlapping = write(overlappingFile());
    VERIFY_OK(compared(*currentSide(overlapping), *currentSide(sound)).summary);
}

void TestDiffDamage::endsOnDamagedSamples() {
    const PageFile sound = opened(PAGESCAPE_SAMPLE_DIR "/podman.db");
    int files = 0;
    for (const char* folder : {PAGESCAPE_SAMPLE_DIR "/damaged", PAGESCAPE_SHARED_DIR "/data"}) {
        const QDir dir(QString::fromUtf8(folder));
        for (const QString& name : dir.entryList({QStringLiteral("*.db")}, QDir::Files)) {
            const auto found = PageFile::open(dir.filePath(name).toStdString());
            if (!found) { // one is empty
                continue;
            }
            const PageFile& file = *found;
            if (const auto side = currentSide(file)) {
                VERIFY_OK(compared(*side, *currentSide(sound)).summary);
                VERIFY_OK(compared(*currentSide(sound), *side).summary);
                ++files;
            }
            const Found versions = comparedVersions(file);
            QVERIFY(versions.summary || !versions.summary.error().text.empty());
        }
    }
    QVERIFY(files > 0);
    qInfo("%d files", files);
}

QTEST_GUILESS_MAIN(TestDiffDamage)
#include "tst_diff_damage.moc"
