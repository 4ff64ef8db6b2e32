// SPDX-License-Identifier: MIT
// The crash lab: which writes a crash may undo, the file it leaves, the verdict on it, and what is
// lost and kept beside a reference. The search for the worst case is in tst_crash_search.cpp.
#include "pagescape/crash.h"
#include "support/crash_recording.h"

#include <QtTest>

#include <array>
#include <functional>
#include <limits>
#include <random>

using namespace pagescape;
using namespace pagescape::test;

namespace {

using Kind = FileOperation::Kind;
using Image = std::vector<std::byte>;

FileOperation written(std::uint64_t offset, std::size_t size, char fill) {
    return {Kind::Write, offset, size, Image(size, std::byte(fill))};
}

FileOperation resized(std::uint64_t size) {
    return {Kind::Resize, 0, size, {}};
}

FileOperation synced(Kind kind) {
    return {kind, 0, 0, {}};
}

constexpr WriteFate kSurvives{};
constexpr WriteFate kLost{WriteFate::Kind::Lost, 0, 0};

WriteFate torn(std::uint32_t sectors) {
    return {WriteFate::Kind::Torn, sectors, 0};
}

// The file with all operations done.
Image whole(const Recording& recording) {
    return *buildImage(recording.run, recording.run.operations.size());
}

} // namespace

class TestCrashLab : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void syncsSplitDurableFromOpen();
    void tornWritesKeepSectorsOfTheFile();
    void scatteredWritesKeepTheirPattern();
    void lostResizesLeaveTheLength();
    void operationsWithoutAFateSurvive();
    void runsBeyondTheLimitAreRefused();
    void soundImageIsSound();
    void tornMetaIsNoDamage();
    void damagedPageIsNamed();
    void anyBytesGetAVerdict();
    void emptyFileDoesNotOpen();
    void contentIsToldApart();
    void comparisonNamesEntries();
    void comparisonIsBounded();
    void imageThatDoesNotOpenLostAll();
};

void TestCrashLab::syncsSplitDurableFromOpen() {
    const CrashRun run{{},
                       {written(0, 10, 'a'), written(10, 10, 'b'), synced(Kind::SyncData),
                        resized(4096), written(0, 5, 'c'), synced(Kind::SyncAll),
                        written(3, 1, 'd')}};
    struct Row {
        std::size_t durable;
        std::vector<std::size_t> open;
    };
    const std::vector<Row> rows{{0, {}},  {0, {0}},    {0, {0, 1}}, {3, {}},
                                {3, {3}}, {3, {3, 4}}, {6, {}},     {6, {6}}};
    for (std::size_t cursor = 0; cursor < rows.size(); ++cursor) {
        const CrashPoint point = crashPoint(run, cursor);
        QCOMPARE(point.cursor, cursor);
        QCOMPARE(point.durable, rows[cursor].durable);
        QCOMPARE(point.open, rows[cursor].open);
    }
    QCOMPARE(crashPoint(run, 1000).cursor, run.operations.size());
}

void TestCrashLab::tornWritesKeepSectorsOfTheFile() {
    // Bytes 300 to 1800: a part of sector 0, sectors 1 and 2, a part of sector 3.
    const CrashRun run{Image(2048, std::byte('.')), {written(300, 1500, 'x')}};
    QCOMPARE(sectorCount(run.operations[0]), 4U);
    const std::array<std::size_t, 6> ends{300, 512, 1024, 1536, 1800, 1800};
    for (std::uint32_t sectors = 0; sectors < ends.size(); ++sectors) {
        Image expected(2048, std::byte('.'));
        std::fill(expected.begin() + 300, expected.begin() + std::ptrdiff_t(ends[sectors]),
                  std::byte('x'));
        const auto image = buildImage(run, 1, std::array{torn(sectors)});
        QVERIFY(image);
        QVERIFY2(*image == expected, qPrintable(QString::number(sectors)));
    }
    // Past the end, the file is as long as what reached the disk.
    const CrashRun growing{Image(512), {written(512, 1536, 'x')}};
    QCOMPARE(buildImage(growing, 1, std::array{torn(2)})->size(), 1536U);
    QCOMPARE(buildImage(growing, 1, std::array{torn(0)})->size(), 512U);
}

void TestCrashLab::scatteredWritesKeepTheirPattern() {
    const CrashRun run{Image(70 * kSectorSize, std::byte('.')),
                       {written(0, 70 * kSectorSize, 'x')}};
    const WriteFate fate{WriteFate::Kind::Scattered, 0, 0b101};
    const auto image = buildImage(run, 1, std::array{fate});
    QVERIFY(image);
    for (std::size_t sector = 0; sector < 70; ++sector) {
        const bool isThere = sector % 64 == 0 || sector % 64 == 2;
        QCOMPARE((*image)[sector * kSectorSize], std::byte(isThere ? 'x' : '.'));
        QCOMPARE((*image)[sector * kSectorSize + 511], std::byte(isThere ? 'x' : '.'));
    }
}

void TestCrashLab::lostResizesLeaveTheLength() {
    const CrashRun run{Image(1024, std::byte('.')), {resized(4096), written(2048, 512, 'x')}};
    const auto built = [&](WriteFate resize, WriteFate write) {
        return *buildImage(run, 2, std::array{resize, write});
    };
    QCOMPARE(built(kSurvives, kSurvives).size(), 4096U);
    QCOMPARE(built(kSurvives, kLost), [] {
        Image image(1024, std::byte('.'));
        image.resize(4096);
        return image;
    }());
    const Image gap = built(kLost, kSurvives);
    QCOMPARE(gap.size(), 2560U);
    QCOMPARE(gap[1024], std::byte(0));
    QCOMPARE(gap[2559], std::byte('x'));
    QCOMPARE(built(kLost, kLost), run.begin);
    QCOMPARE(built(torn(1), kLost), run.begin); // a length has no sectors
    const CrashRun shrinking{Image(1024, std::byte('.')), {resized(100)}};
    QCOMPARE(buildImage(shrinking, 1)->size(), 100U);
    QCOMPARE(buildImage(shrinking, 1, std::array{kLost})->size(), 1024U);
}

void TestCrashLab::operationsWithoutAFateSurvive() {
    const CrashRun run{{}, {written(0, 4, 'a'), written(4, 4, 'b')}};
    QCOMPARE(buildImage(run, 2)->size(), 8U);
    QCOMPARE(buildImage(run, 2, std::array{kLost})->at(7), std::byte('b'));
    QCOMPARE(buildImage(run, 2, std::array{kSurvives, kLost, kLost, kLost})->size(), 4U);
    QCOMPARE(buildImage(run, 0)->size(), 0U);
}

void TestCrashLab::runsBeyondTheLimitAreRefused() {
    constexpr std::uint64_t kEnd = std::numeric_limits<std::uint64_t>::max();
    for (const FileOperation& operation :
         {written(kEnd, 4, 'a'), written(kLargestCrashImage - 3, 4, 'a'), resized(kEnd),
          resized(kLargestCrashImage + 1)}) {
        const CrashRun run{{}, {operation}};
        const auto image = buildImage(run, 1);
        QVERIFY(!image);
        QCOMPARE(image.error().code, ErrorCode::LimitReached);
        QVERIFY(buildImage(run, 0)); // it has not happened yet
        QVERIFY(!findWorstCase(run, 1, {}));
        QVERIFY(!stateAt(run, 1));
    }
}

void TestCrashLab::soundImageIsSound() {
    const auto recording = record({1, 3});
    QVERIFY(recording);
    const Image image = whole(*recording);
    const auto verdict = judgeImage(image);
    QVERIFY(verdict);
    QVERIFY(verdict->opens());
    QVERIFY(verdict->isSound());
    QVERIFY(verdict->findings.empty());
    QCOMPARE(verdict->fileSize, image.size());
    QCOMPARE(verdict->pageSize, 1024U);
    QCOMPARE(verdict->digest, recording->states[3].digest);
    QCOMPARE(verdict->txid(), recording->states[3].txid);
    QVERIFY(verdict->metas.metas[0].isValid() && verdict->metas.metas[1].isValid());
    QCOMPARE(verdict->metas.active, std::optional(0)); // transaction 4
    QVERIFY(verdict->pairs > 0);
    for (std::size_t commits = 0; commits <= 3; ++commits) {
        const auto state = stateAt(recording->run, recording->cursorAfter(commits));
        QVERIFY(state);
        QVERIFY(*state == recording->states[commits]);
    }
}

void TestCrashLab::tornMetaIsNoDamage() {
    const auto recording = record({1, 3});
    QVERIFY(recording);
    Image image = whole(*recording);
    std::fill_n(image.begin() + 40, 8, std::byte(0xAB)); // in meta 0, which is in force
    const auto verdict = judgeImage(image);
    QVERIFY(verdict);
    QVERIFY(verdict->isSound());
    QCOMPARE(verdict->findings.size(), 1U);
    QCOMPARE(verdict->findings[0].code, FindingCode::MetaInvalid);
    QVERIFY(verdict->metas.metas[0].error);
    QCOMPARE(verdict->metas.active, std::optional(1));
    QCOMPARE(verdict->digest, recording->states[2].digest);
    QCOMPARE(verdict->txid(), recording->states[2].txid);

    std::fill_n(image.begin() + 1024 + 40, 8, std::byte(0xAB));
    const auto both = judgeImage(image);
    QVERIFY(both);
    QVERIFY(!both->opens());
    QVERIFY(both->damage > 0);
    QVERIFY(both->digest.empty());
    QVERIFY(!both->txid());
    QCOMPARE(classOf(*both, {}), CrashClass::DoesNotOpen);
}

void TestCrashLab::damagedPageIsNamed() {
    const auto recording = record({1, 3});
    QVERIFY(recording);
    Image image = whole(*recording);
    const auto sound = judgeImage(image);
    QVERIFY(sound);
    const PageId root = sound->metas.activeFields()->root;
    std::fill_n(image.begin() + std::ptrdiff_t(root.value * 1024), 1024, std::byte(0));
    const auto verdict = judgeImage(image);
    QVERIFY(verdict);
    QVERIFY(verdict->opens());
    QVERIFY(!verdict->isSound());
    const Finding* const finding = findingWithPage(*verdict);
    QVERIFY(finding != nullptr);
    QCOMPARE(*finding->page, root);
    QVERIFY(!finding->text.empty());
    QCOMPARE(classOf(*verdict, {recording->states[3], recording->states[3]}), CrashClass::Damaged);
}

void TestCrashLab::anyBytesGetAVerdict() {
    const auto recording = record({3, 4});
    QVERIFY(recording);
    const Image sound = whole(*recording);
    auto judge = CrashJudge::make();
    QVERIFY(judge);
    std::mt19937_64 random(7);
    int damaged = 0;
    for (int round = 0; round < 500; ++round) {
        Image image = sound;
        if (round % 3 == 0) {
            image.resize(random() % image.size());
        }
        for (std::uint64_t change = random() % 20; change > 0 && !image.empty(); --change) {
            image[random() % image.size()] = std::byte(random() % 256);
        }
        if (round % 10 == 0) {
            std::generate(image.begin(), image.end(), [&] { return std::byte(random() % 256); });
        }
        const auto verdict = judge->judge(image);
        QVERIFY2(verdict, verdict ? "" : verdict.error().describe().c_str());
        QVERIFY(verdict->findings.size() <= CrashVerdict::kMostFindings + 1);
        QVERIFY(compareContents(image, sound));
        damaged += verdict->isSound() ? 0 : 1;
    }
    qInfo("%d of 500 are not sound", damaged);
    QVERIFY(damaged > 50);
    const auto again = judge->judge(sound); // nothing of the others is left
    QVERIFY(again && again->isSound());
}

void TestCrashLab::emptyFileDoesNotOpen() {
    const auto verdict = judgeImage({});
    QVERIFY(verdict);
    QVERIFY(!verdict->opens());
    QCOMPARE(verdict->openError->code, ErrorCode::EmptyFile);
    QCOMPARE(verdict->findings.size(), 1U);
    QCOMPARE(verdict->fileSize, 0U);
}

void TestCrashLab::contentIsToldApart() {
    CrashVerdict verdict;
    verdict.isContentWhole = true;
    verdict.metas.active = 0;
    const auto with = [&](const std::string& digest, std::uint64_t txid) {
        verdict.digest = digest;
        verdict.metas.metas[0].fields.txid = TxId{txid};
        return verdict;
    };
    const ExpectedStates differ{{"a", TxId{5}}, {"b", TxId{6}}};
    QCOMPARE(contentOf(with("a", 5), differ), CrashContent::Before);
    QCOMPARE(contentOf(with("b", 6), differ), CrashContent::After);
    QCOMPARE(contentOf(with("c", 6), differ), CrashContent::Neither);
    const ExpectedStates same{{"a", TxId{5}}, {"a", TxId{6}}}; // a commit that changed nothing
    QCOMPARE(contentOf(with("a", 5), same), CrashContent::Before);
    QCOMPARE(contentOf(with("a", 6), same), CrashContent::After);
    QCOMPARE(classOf(with("a", 5), differ), CrashClass::OldVersion);
    QCOMPARE(classOf(with("b", 6), differ), CrashClass::NewVersion);
    QCOMPARE(classOf(with("c", 6), differ), CrashClass::WrongVersion);
    QCOMPARE(classOf(with("b", 4), differ), CrashClass::WrongVersion); // older, with that content
    verdict.damage = 1;
    QCOMPARE(classOf(with("b", 6), differ), CrashClass::Damaged);
    verdict.openError = Error();
    QCOMPARE(contentOf(with("a", 5), differ), CrashContent::Unreadable);
    QCOMPARE(classOf(with("a", 5), differ), CrashClass::DoesNotOpen);
    QCOMPARE(crashClassName(CrashClass::DoesNotOpen), std::string_view("does-not-open"));
}

namespace {

// A database made by one transaction.
Image made(const std::function<Result<void>(WriteTransaction&)>& fill) {
    auto memory = makeMemoryFile();
    StoreOptions options;
    options.pageSize = 1024;
    options.openFile = [&](const std::filesystem::path&) { return *memory; };
    auto store = Store::open("memory", options);
    if (!store || !store->update(fill)) {
        return {};
    }
    Image image(*(*memory)->size());
    return (*memory)->readAt(0, image) ? image : Image();
}

Result<void> fillReference(WriteTransaction& tx) {
    auto fruit = tx.createBucket(asBytes("fruit"));
    for (const char* key : {"apple", "cherry", "fig", "pear"}) {
        if (auto put = fruit->put(asBytes(key), asBytes("1")); !put) {
            return put;
        }
    }
    auto stone = fruit->createBucket(asBytes("stone"));
    return stone->put(asBytes("plum"), asBytes("1"));
}

Result<void> fillOther(WriteTransaction& tx) {
    auto fruit = tx.createBucket(asBytes("fruit"));
    for (const char* key : {"apple", "banana", "pear"}) {
        const Bytes value = asBytes(std::string_view(key) == "pear" ? "2" : "1");
        if (auto put = fruit->put(asBytes(key), value); !put) {
            return put;
        }
    }
    return fruit->put(asBytes("stone"), asBytes("now a value"));
}

} // namespace

void TestCrashLab::comparisonNamesEntries() {
    const Image reference = made(fillReference);
    const auto same = compareContents(reference, reference);
    QVERIFY(same);
    QVERIFY(same->isSame() && same->isWhole && same->changes.empty());
    QCOMPARE(same->kept, 7U); // 2 buckets, 5 keys
    const auto compared = compareContents(made(fillOther), reference);
    QVERIFY(compared);
    QStringList lines;
    for (const EntryChange& change : compared->changes) {
        const char* const kinds[] = {"missing", "extra", "changed"};
        QString line = QLatin1String(kinds[static_cast<std::size_t>(change.kind)]);
        for (const std::string& name : change.path) {
            line += QLatin1Char(' ') + QString::fromStdString(name);
        }
        lines += line + QLatin1Char(' ') + QString::fromStdString(change.key) +
                 QLatin1String(change.isBucket ? "/" : "");
    }
    const QStringList expected{
        QStringLiteral("extra fruit banana"),   QStringLiteral("missing fruit cherry"),
        QStringLiteral("missing fruit fig"),    QStringLiteral("changed fruit pear"),
        QStringLiteral("changed fruit stone/"), QStringLiteral("missing fruit stone plum")};
    QCOMPARE(lines, expected);
    QCOMPARE(compared->missing, 3U);
    QCOMPARE(compared->extra, 1U);
    QCOMPARE(compared->changed, 2U);
    QCOMPARE(compared->kept, 2U);
    QVERIFY(compared->isWhole && !compared->isSame());
}

void TestCrashLab::comparisonIsBounded() {
    const auto compared = compareContents(made(fillOther), made(fillReference), 2);
    QVERIFY(compared);
    QCOMPARE(compared->changes.size(), 2U);
    QCOMPARE(compared->missing + compared->extra + compared->changed, 6U);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = compareContents(made(fillOther), made(fillReference), 2, stop.get_token());
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
}

void TestCrashLab::imageThatDoesNotOpenLostAll() {
    const Image reference = made(fillReference);
    for (const Image& image : {Image(), Image(5000), Image(100, std::byte(1))}) {
        const auto compared = compareContents(image, reference);
        QVERIFY(compared);
        QCOMPARE(compared->missing, 7U);
        QCOMPARE(compared->kept, 0U);
        QVERIFY(!compared->isWhole);
        const auto backwards = compareContents(reference, image);
        QVERIFY(!backwards); // nothing to compare with
    }
}
QTEST_GUILESS_MAIN(TestCrashLab)
#include "tst_crash_lab.moc"
