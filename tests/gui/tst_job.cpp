// SPDX-License-Identifier: MIT
// One lane of background work: the newest start is answered, everything older is dropped.
#include "session/job.h"

#include <QTest>
#include <QThread>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

using namespace pagescape::gui;

namespace {

// Work that ends only when it is told to stop.
int untilStopped(const JobControl& control) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any stopped;
    stopped.wait(lock, control.stop(), [] { return false; });
    return -1;
}

} // namespace

class TestJob : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void answersOnTheOwnersThread() {
        Job<int> job;
        int answer = 0;
        QThread* thread = nullptr;
        job.start([](const JobControl&) { return 42; },
                  [&](int value) {
                      answer = value;
                      thread = QThread::currentThread();
                  });
        QVERIFY(job.isRunning());
        QTRY_COMPARE(answer, 42);
        QCOMPARE(thread, QThread::currentThread());
        QVERIFY(!job.isRunning());
    }

    void aNewStartStopsAndReplacesTheOldOne() {
        Job<int> job;
        std::vector<int> answers;
        const auto keep = [&answers](int value) { answers.push_back(value); };
        job.start(untilStopped, keep);
        job.start([](const JobControl&) { return 1; }, keep);
        job.start([](const JobControl&) { return 2; }, keep);
        QVERIFY(job.isRunning()); // it waits for the stopped one to end
        QTRY_COMPARE(answers, std::vector<int>{2});
        QVERIFY(!job.isRunning());
    }

    void aCancelledRunIsNotAnswered() {
        Job<int> job;
        std::vector<int> answers;
        job.start(untilStopped, [&answers](int value) { answers.push_back(value); });
        job.cancel();
        QVERIFY(!job.isRunning());
        QTRY_COMPARE(jobPool().activeThreadCount(), 0);
        job.start([](const JobControl&) { return 3; },
                  [&answers](int value) { answers.push_back(value); });
        QVERIFY(job.isRunning());
        QTRY_COMPARE(answers, std::vector<int>{3});
    }

    void theLaneMayGoWhileItsWorkRuns() {
        bool isAnswered = false;
        {
            Job<int> job;
            job.start(untilStopped, [&isAnswered](int) { isAnswered = true; });
        }
        QTRY_COMPARE(jobPool().activeThreadCount(), 0);
        QVERIFY(!isAnswered);
    }

    void theAnswerMayDestroyTheLane() {
        auto job = std::make_unique<Job<int>>();
        job->start([](const JobControl&) { return 1; }, [&job](int) { job.reset(); });
        QTRY_VERIFY(job == nullptr);
    }

    void progressArrivesOnlyWhenThereWasSome() {
        Job<int> job;
        int progress = 0;
        bool isDone = false;
        job.start([](const JobControl&) { return 0; }, [&isDone](int) { isDone = true; },
                  [&progress] { ++progress; });
        QTRY_VERIFY(isDone);
        QCOMPARE(progress, 0);
        isDone = false;
        job.start(
            [](const JobControl& control) {
                for (int i = 0; i < 100000; ++i) {
                    control.progressed();
                }
                return 0;
            },
            [&isDone](int) { isDone = true; }, [&progress] { ++progress; });
        QTRY_VERIFY(isDone);
        QVERIFY(progress >= 1);
        QVERIFY(progress < 1000); // coalesced
    }
};

QTEST_GUILESS_MAIN(TestJob)
#include "tst_job.moc"
