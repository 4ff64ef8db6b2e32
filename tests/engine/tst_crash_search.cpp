// SPDX-License-Identifier: MIT
// The search for the worst that a crash can do: with syncs it finds two versions and no damage,
// without them damage that names a page; and real bbolt agrees on both.
#include "pagescape/crash.h"
#include "support/bolt_peer.h"
#include "support/crash_recording.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QtTest>

#include <atomic>
#include <set>
#include <thread>

using namespace pagescape;
using namespace pagescape::test;

namespace {

using Image = std::vector<std::byte>;

constexpr WriteFate kSurvives{};
constexpr WriteFate kLost{WriteFate::Kind::Lost, 0, 0};

bool isSameSearch(const WorstCase& a, const WorstCase& b) {
    return a.images == b.images && a.leftOut == b.leftOut &&
           std::equal(a.outcomes.begin(), a.outcomes.end(), b.outcomes.begin(), b.outcomes.end(),
                      [](const CrashOutcome& x, const CrashOutcome& y) {
                          return x.crashClass == y.crashClass && x.fates == y.fates &&
                                 x.count == y.count && x.verdict.digest == y.verdict.digest &&
                                 x.verdict.txid() == y.verdict.txid();
                      });
}

} // namespace

class TestCrashSearch : public QObject {
    Q_OBJECT

private:
    // Every cursor of one commit; the outcomes' classes.
    static std::set<CrashClass> searchCommit(const Recording& recording, std::size_t commit,
                                             std::uint64_t& images);

private Q_SLOTS:
    void syncedCommitsLeaveOneOfTwoVersions();
    void withoutSyncsTheWorstCaseIsDamage();
    void exampleHasTheFewestLosses();
    void sameSeedSameSearch();
    void searchKeepsItsLimit();
    void nothingOpenIsOneImage();
    void searchStopsWithWhatItHas();
    void searchStopsWithin100Milliseconds();
    void bboltAcceptsEveryImageOfASyncedCommit();
    void bboltRefusesTheWorstCaseWithoutSyncs();
};

std::set<CrashClass> TestCrashSearch::searchCommit(const Recording& recording, std::size_t commit,
                                                   std::uint64_t& images) {
    std::set<CrashClass> classes;
    WorstCaseOptions options;
    options.expected = {recording.states[commit], recording.states[commit + 1]};
    for (std::size_t cursor = recording.cursorAfter(commit);
         cursor <= recording.cursorAfter(commit + 1); ++cursor) {
        const auto worst = findWorstCase(recording.run, cursor, options);
        if (!worst || worst->leftOut != 0 ||
            (!worst->isExhaustive &&
             crashPoint(recording.run, cursor).open.size() <= kExhaustiveOperations)) {
            return {};
        }
        images += worst->images;
        std::uint64_t counted = 0;
        for (const CrashOutcome& outcome : worst->outcomes) {
            classes.insert(outcome.crashClass);
            counted += outcome.count;
        }
        if (counted != worst->images) {
            return {};
        }
    }
    return classes;
}

void TestCrashSearch::syncedCommitsLeaveOneOfTwoVersions() {
    const auto recording = record({1, 6, false, 20});
    QVERIFY(recording);
    std::uint64_t images = 0;
    QElapsedTimer timer;
    timer.start();
    for (std::size_t commit = 0; commit < recording->doneAt.size(); ++commit) {
        const auto classes = searchCommit(*recording, commit, images);
        QCOMPARE(classes, (std::set{CrashClass::NewVersion, CrashClass::OldVersion}));
    }
    qInfo("%llu images, %llu a second", static_cast<unsigned long long>(images),
          static_cast<unsigned long long>(images * 1000 / std::uint64_t(timer.elapsed() + 1)));
    QVERIFY(images > 500);
}

void TestCrashSearch::withoutSyncsTheWorstCaseIsDamage() {
    const auto recording = record({2, 3, true, 20});
    QVERIFY(recording);
    bool isPageNamed = false;
    for (std::size_t commit = 0; commit < 3; ++commit) {
        WorstCaseOptions options;
        options.expected = {recording->states[commit], recording->states[commit + 1]};
        options.limit = 2000;
        const std::size_t cursor = recording->cursorAfter(commit + 1);
        const auto worst = findWorstCase(recording->run, cursor, options);
        QVERIFY(worst);
        QVERIFY(worst->outcomes.front().crashClass >= CrashClass::Damaged);
        QVERIFY(std::is_sorted(worst->outcomes.begin(), worst->outcomes.end(),
                               [](const CrashOutcome& a, const CrashOutcome& b) {
                                   return a.crashClass > b.crashClass;
                               }));
        for (const CrashOutcome& outcome : worst->outcomes) {
            // The example leads to the outcome.
            const auto image = buildImage(recording->run, cursor, outcome.fates);
            QVERIFY(image);
            const auto verdict = judgeImage(*image);
            QVERIFY(verdict);
            QCOMPARE(classOf(*verdict, options.expected), outcome.crashClass);
            QCOMPARE(verdict->digest, outcome.verdict.digest);
            isPageNamed = isPageNamed || (outcome.crashClass == CrashClass::Damaged &&
                                          findingWithPage(outcome.verdict) != nullptr);
        }
    }
    QVERIFY(isPageNamed);
}

void TestCrashSearch::exampleHasTheFewestLosses() {
    const auto recording = record({2, 1, true, 20});
    QVERIFY(recording);
    const auto worst = findWorstCase(recording->run, recording->run.operations.size(),
                                     {{recording->states[0], recording->states[1]}});
    QVERIFY(worst);
    QVERIFY(worst->isExhaustive);
    const std::vector<WriteFate>& fates = worst->outcomes.front().fates;
    QVERIFY(worst->outcomes.front().crashClass == CrashClass::Damaged);
    QCOMPARE(std::count(fates.begin(), fates.end(), kLost), 1);
    QVERIFY(worst->outcomes.back().crashClass == CrashClass::NewVersion);
    QCOMPARE(std::count(worst->outcomes.back().fates.begin(), worst->outcomes.back().fates.end(),
                        kSurvives),
             std::ptrdiff_t(fates.size()));
}

void TestCrashSearch::sameSeedSameSearch() {
    const auto recording = record({2, 4, true, 400});
    QVERIFY(recording);
    const std::size_t cursor = recording->run.operations.size();
    QVERIFY(crashPoint(recording->run, cursor).open.size() > kExhaustiveOperations);
    WorstCaseOptions options;
    options.expected = {recording->states[3], recording->states[4]};
    options.limit = 600;
    const auto first = findWorstCase(recording->run, cursor, options);
    const auto second = findWorstCase(recording->run, cursor, options);
    options.seed = 2;
    const auto other = findWorstCase(recording->run, cursor, options);
    QVERIFY(first && second && other);
    QVERIFY(!first->isExhaustive);
    QVERIFY(isSameSearch(*first, *second));
    QVERIFY(!isSameSearch(*first, *other));
}

void TestCrashSearch::searchKeepsItsLimit() {
    const auto recording = record({2, 2, true});
    QVERIFY(recording);
    for (const std::uint64_t limit : {0U, 1U, 7U, 100U}) {
        WorstCaseOptions options;
        options.limit = limit;
        std::uint64_t heard = 0;
        std::uint64_t total = 0;
        const auto worst = findWorstCase(recording->run, recording->run.operations.size(), options,
                                         {}, [&](std::uint64_t done, std::uint64_t most) {
                                             ++heard;
                                             QCOMPARE(done, heard);
                                             total = most;
                                         });
        QVERIFY(worst);
        QVERIFY(worst->images <= limit);
        QCOMPARE(heard, worst->images);
        QVERIFY(total <= limit);
    }
}

void TestCrashSearch::nothingOpenIsOneImage() {
    const auto recording = record({1, 1});
    QVERIFY(recording);
    const auto worst = findWorstCase(recording->run, recording->run.operations.size(),
                                     {{recording->states[0], recording->states[1]}});
    QVERIFY(worst);
    QCOMPARE(worst->images, 1U);
    QVERIFY(worst->isExhaustive);
    QVERIFY(worst->outcomes.front().crashClass == CrashClass::NewVersion);
    QVERIFY(worst->outcomes.front().fates.empty());
}

void TestCrashSearch::searchStopsWithWhatItHas() {
    const auto recording = record({2, 3, true});
    QVERIFY(recording);
    std::stop_source stop;
    const auto worst = findWorstCase(recording->run, recording->run.operations.size(), {},
                                     stop.get_token(), [&](std::uint64_t done, std::uint64_t) {
                                         if (done == 10) {
                                             stop.request_stop();
                                         }
                                     });
    QVERIFY(worst);
    QVERIFY(worst->wasStopped);
    QVERIFY(!worst->isExhaustive);
    QCOMPARE(worst->images, 10U);
    QVERIFY(!worst->outcomes.empty());
    const auto verdict = judgeImage(recording->run.begin, stop.get_token());
    QVERIFY(!verdict);
    QCOMPARE(verdict.error().code, ErrorCode::Cancelled);
}

// Of a file large enough that an image of it takes about that long.
void TestCrashSearch::searchStopsWithin100Milliseconds() {
    auto recording = record({2, 3, true});
    QVERIFY(recording);
    recording->run.begin.resize(std::size_t{100} << 20U);
    std::stop_source stop;
    std::atomic<std::uint64_t> done = 0;
    QElapsedTimer asked;
    std::jthread stopper([&] {
        done.wait(0); // then it is somewhere in the second image
        asked.start();
        stop.request_stop();
    });
    const auto worst = findWorstCase(recording->run, recording->run.operations.size(), {},
                                     stop.get_token(), [&](std::uint64_t images, std::uint64_t) {
                                         done = images;
                                         done.notify_one();
                                     });
    stopper.join();
    qInfo("stopped after %lld ms", static_cast<long long>(asked.elapsed()));
    QVERIFY(worst);
    QVERIFY(worst->wasStopped);
    QVERIFY(asked.elapsed() < 1000); // the promise is 100 ms; this machine may be busy
}

// Each subset of one commit's operations, at each of its cursors.
void TestCrashSearch::bboltAcceptsEveryImageOfASyncedCommit() {
    if (!BoltPeer::isThere()) {
        QSKIP("Go or its bbolt library is missing");
    }
    QTemporaryDir dir;
    BoltPeer peer;
    auto judge = CrashJudge::make();
    QVERIFY(judge);
    const auto recording = record({2, 7, false, 40});
    QVERIFY(recording);
    const ExpectedStates expected{recording->states[6], recording->states[7]};
    const QByteArray path = dir.filePath(QStringLiteral("crashed.db")).toUtf8();
    std::set<std::string> digests;
    int files = 0;
    Image image;
    for (std::size_t cursor = recording->cursorAfter(6); cursor <= recording->cursorAfter(7);
         ++cursor) {
        const auto images = CrashImages::make(recording->run, cursor);
        QVERIFY(images);
        const std::size_t open = images->point().open.size();
        QVERIFY(open <= kExhaustiveOperations);
        for (std::uint32_t lost = 0; lost < 1U << open; ++lost) {
            std::vector<WriteFate> fates;
            for (std::size_t i = 0; i < open; ++i) {
                fates.push_back((lost >> i & 1U) != 0 ? kLost : kSurvives);
            }
            QVERIFY(images->build(fates, image));
            QVERIFY(writeImage(QString::fromUtf8(path), image));
            QVERIFY2(peer.run("check " + path), peer.answer());
            QVERIFY2(peer.run("digest " + path), peer.answer());
            const std::string theirs = peer.answer().toStdString();
            QVERIFY(theirs == expected.before.digest || theirs == expected.after.digest);
            const auto verdict = judge->judge(image);
            QVERIFY(verdict && verdict->isSound());
            QCOMPARE(verdict->digest, theirs);
            digests.insert(theirs);
            ++files;
        }
    }
    QCOMPARE(digests.size(), 2U);
    QVERIFY(files > 2000);
    qInfo("%d files accepted by bbolt", files);
}

// What bbolt refuses we call damage. The first refusal ends it: bbolt may panic or never answer.
void TestCrashSearch::bboltRefusesTheWorstCaseWithoutSyncs() {
    if (!BoltPeer::isThere()) {
        QSKIP("Go or its bbolt library is missing");
    }
    QTemporaryDir dir;
    const auto recording = record({2, 3, true, 20});
    QVERIFY(recording);
    WorstCaseOptions options;
    options.expected = {recording->states[2], recording->states[3]};
    options.limit = 1000;
    const std::size_t cursor = recording->run.operations.size();
    const auto worst = findWorstCase(recording->run, cursor, options);
    QVERIFY(worst);
    QVERIFY(worst->outcomes.front().crashClass >= CrashClass::Damaged);
    bool isRefused = false;
    int accepted = 0;
    for (auto outcome = worst->outcomes.rbegin(); outcome != worst->outcomes.rend() && !isRefused;
         ++outcome) {
        const auto image = buildImage(recording->run, cursor, outcome->fates);
        QVERIFY(image);
        const QByteArray path = dir.filePath(QStringLiteral("crashed.db")).toUtf8();
        QVERIFY(writeImage(QString::fromUtf8(path), *image));
        BoltPeer peer; // damage may end it
        isRefused = !peer.run("check " + path);
        accepted += isRefused ? 0 : 1;
        QVERIFY2(!isRefused || outcome->crashClass >= CrashClass::Damaged, peer.answer());
        if (isRefused) {
            qInfo("bbolt accepts %d files, then says: %s", accepted, peer.answer().constData());
        }
    }
    QVERIFY(isRefused);
}

QTEST_GUILESS_MAIN(TestCrashSearch)
#include "tst_crash_search.moc"
