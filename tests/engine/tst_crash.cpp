// SPDX-License-Identifier: MIT
// Crashes at every point of a history of commits: whatever subset of the unsynced writes the disk
// kept, torn or whole, the file must open with the state before or after the commit under way.
// PAGESCAPE_CRASH_COMMITS: commits of the history, 10 unless told.
#include "pagescape/crash.h"
#include "support/bolt_peer.h"
#include "support/crash_recording.h"

#include <QTemporaryDir>
#include <QtTest>

#include <optional>
#include <random>

using namespace pagescape;
using namespace pagescape::test;

namespace {

constexpr int kSampled = 500; // images of an epoch with too many writes to try all subsets

bool isSync(const FileOperation& operation) {
    return operation.kind == FileOperation::Kind::SyncData ||
           operation.kind == FileOperation::Kind::SyncAll;
}

} // namespace

class TestCrash : public QObject {
    Q_OBJECT

private:
    std::optional<CrashJudge> m_judge;
    std::mt19937_64 m_random{1};
    std::uint64_t m_images = 0;

    QString judge(const std::vector<std::byte>& image, const ExpectedStates& expected);
    std::vector<WriteFate> fatesOf(const CrashRun& run, const CrashPoint& point, std::uint64_t kept,
                                   bool isTorn);
    QString crashAt(const Recording& recording, std::size_t cursor);
    QString crashEverywhere(const Recording& recording);

private Q_SLOTS:
    void init() {
        auto judge = CrashJudge::make();
        QVERIFY(judge);
        m_judge = std::move(*judge);
    }
    void everySubsetLeavesOneOfTwoStates();
    void otherWaysOfWritingSurviveToo_data();
    void otherWaysOfWritingSurviveToo();
    void withoutSyncsDamageIsFound();
    void bboltAgreesOnCrashedFiles();
};

// What is wrong with the image: empty when it holds one of the two states.
QString TestCrash::judge(const std::vector<std::byte>& image, const ExpectedStates& expected) {
    ++m_images;
    const auto verdict = m_judge->judge(image);
    if (!verdict) {
        return QString::fromStdString(verdict.error().describe());
    }
    const CrashClass crashClass = classOf(*verdict, expected);
    if (crashClass == CrashClass::OldVersion || crashClass == CrashClass::NewVersion) {
        return {};
    }
    const std::string_view name = crashClassName(crashClass);
    QString wrong = QString::fromUtf8(name.data(), qsizetype(name.size()));
    for (const Finding& finding : verdict->findings) {
        wrong += QLatin1Char(' ') + QString::fromStdString(finding.text);
    }
    return wrong;
}

// The disk kept the operations whose bit is set; when torn, one of them only in some sectors.
std::vector<WriteFate> TestCrash::fatesOf(const CrashRun& run, const CrashPoint& point,
                                          std::uint64_t kept, bool isTorn) {
    std::vector<WriteFate> fates(point.open.size());
    for (std::size_t i = 0; i < fates.size(); ++i) {
        const bool isKept = i >= 64 ? m_random() % 2 == 0 : (kept >> i & 1U) != 0;
        fates[i].kind = isKept ? WriteFate::Kind::Survives : WriteFate::Kind::Lost;
    }
    const std::size_t torn = isTorn ? m_random() % fates.size() : 0;
    if (isTorn && sectorCount(run.operations[point.open[torn]]) > 0) {
        fates[torn] = WriteFate{WriteFate::Kind::Scattered, 0, m_random()};
    }
    return fates;
}

QString TestCrash::crashAt(const Recording& recording, std::size_t cursor) {
    const auto images = CrashImages::make(recording.run, cursor);
    if (!images) {
        return QString::fromStdString(images.error().describe());
    }
    const CrashPoint& point = images->point();
    const ExpectedStates expected = recording.expected(point.durable);
    const bool isWhole = point.open.size() <= kExhaustiveOperations;
    const std::uint64_t count = isWhole ? std::uint64_t{1} << point.open.size() : kSampled;
    std::vector<std::byte> image;
    for (std::uint64_t n = 0; n < count; ++n) {
        const std::uint64_t kept = isWhole ? n : m_random();
        for (const bool isTorn : {false, true}) {
            if (!images->build(fatesOf(recording.run, point, kept, isTorn), image)) {
                return QStringLiteral("the image could not be made");
            }
            if (const QString wrong = judge(image, expected); !wrong.isEmpty()) {
                return wrong;
            }
        }
    }
    return {};
}

// Before each sync returns, and at the end, the most is open that ever is.
QString TestCrash::crashEverywhere(const Recording& recording) {
    for (std::size_t cursor = 0; cursor <= recording.run.operations.size(); ++cursor) {
        const bool isEnd = cursor == recording.run.operations.size();
        if ((!isEnd && !isSync(recording.run.operations[cursor])) ||
            crashPoint(recording.run, cursor).open.empty()) {
            continue;
        }
        if (const QString wrong = crashAt(recording, cursor); !wrong.isEmpty()) {
            return wrong;
        }
    }
    return {};
}

void TestCrash::everySubsetLeavesOneOfTwoStates() {
    const int told = qEnvironmentVariableIntValue("PAGESCAPE_CRASH_COMMITS");
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const auto recording = record({seed, told > 0 ? told : 10});
        QVERIFY(recording);
        QCOMPARE(crashEverywhere(*recording), QString());
    }
    qInfo("%llu images of crashes looked at", static_cast<unsigned long long>(m_images));
    QVERIFY(m_images > 1000);
}

void TestCrash::otherWaysOfWritingSurviveToo_data() {
    QTest::addColumn<RecordingOptions>("options");
    QTest::addColumn<std::size_t>("commits"); // at least
    RecordingOptions options{5, 4};
    options.freelistType = FreelistType::Hashmap;
    QTest::newRow("hashmap freelist") << options << std::size_t{4};
    options = {6, 4};
    options.noFreelistSync = true;
    QTest::newRow("freelist that is not stored") << options << std::size_t{4};
    options = {7, 4};
    options.maintenance = [](Store& store) -> Result<void> {
        return store.shrink().map([](std::uint64_t) {});
    };
    QTest::newRow("shrinking") << options << std::size_t{5};
    options.maintenance = [](Store& store) -> Result<void> {
        return store.compactInPlace().map([](std::uint64_t) {});
    };
    QTest::newRow("compaction in place") << options << std::size_t{5};
}

void TestCrash::otherWaysOfWritingSurviveToo() {
    QFETCH(RecordingOptions, options);
    QFETCH(std::size_t, commits);
    const auto recording = record(options);
    QVERIFY(recording);
    QVERIFY(recording->doneAt.size() >= commits);
    QCOMPARE(crashEverywhere(*recording), QString());
}

void TestCrash::withoutSyncsDamageIsFound() {
    const auto recording = record({2, 6, true});
    QVERIFY(recording);
    QVERIFY(!crashEverywhere(*recording).isEmpty());
}

void TestCrash::bboltAgreesOnCrashedFiles() {
    if (!BoltPeer::isThere()) {
        QSKIP("Go or its bbolt library is missing");
    }
    QTemporaryDir dir;
    BoltPeer peer;
    const auto recording = record({4, 8});
    QVERIFY(recording);
    for (int sample = 0; sample < 40; ++sample) {
        // Everything up to a random operation, then a random half of what was not synced there.
        const std::size_t cursor = m_random() % recording->run.operations.size();
        const CrashPoint point = crashPoint(recording->run, cursor);
        const ExpectedStates expected = recording->expected(point.durable);
        const auto image =
            buildImage(recording->run, cursor, fatesOf(recording->run, point, m_random(), false));
        QVERIFY(image);
        QCOMPARE(judge(*image, expected), QString());
        const QString path = dir.filePath(QStringLiteral("%1.db").arg(sample));
        QVERIFY(writeImage(path, *image));
        QVERIFY2(peer.run("check " + path.toUtf8()), peer.answer());
        QVERIFY2(peer.run("digest " + path.toUtf8()), peer.answer());
        const std::string theirs = peer.answer().toStdString();
        QVERIFY(theirs == expected.before.digest || theirs == expected.after.digest);
    }
}

QTEST_GUILESS_MAIN(TestCrash)
#include "tst_crash.moc"
