// SPDX-License-Identifier: MIT
// A signal that comes just before a wait for input ends that wait.
#include "../../engine/cli/interrupt.h"

#include <QTest>

#include <unistd.h>

#include <csignal>

using pagescape::cli::InterruptGuard;

class TestInterrupt : public QObject {
    Q_OBJECT

private:
    int m_pipe[2] = {-1, -1};

private Q_SLOTS:
    void init() { QCOMPARE(::pipe(m_pipe), 0); }
    void cleanup() {
        ::close(m_pipe[0]);
        ::close(m_pipe[1]);
    }

    // The signal is held back until the wait has begun: no question asked before it can see it. A
    // wait that does not let it in goes on until the alarm ends the test.
    void signalBeforeTheWaitEndsIt_data() {
        QTest::addColumn<int>("signal");
        QTest::newRow("SIGINT") << SIGINT;
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("SIGHUP") << SIGHUP;
    }
    void signalBeforeTheWaitEndsIt() {
        QFETCH(int, signal);
        const InterruptGuard guard;
        sigset_t held;
        sigset_t before;
        ::sigemptyset(&held);
        ::sigaddset(&held, signal);
        ::pthread_sigmask(SIG_BLOCK, &held, &before);
        QCOMPARE(::raise(signal), 0);
        QVERIFY(!InterruptGuard::isRequested());
        ::alarm(20);
        QVERIFY(!InterruptGuard::waitForInput(m_pipe[0]));
        ::alarm(0);
        QVERIFY(InterruptGuard::isRequested());
        sigset_t after;
        ::pthread_sigmask(SIG_SETMASK, &before, &after);
        QCOMPARE(::sigismember(&after, signal), 1); // the mask is what it was
    }

    void signalBeforeTheQuestionEndsIt() {
        const InterruptGuard guard;
        QCOMPARE(::raise(SIGINT), 0);
        QVERIFY(!InterruptGuard::waitForInput(m_pipe[0]));
    }

    void inputAndItsEndAreNoticed() {
        const InterruptGuard guard;
        QCOMPARE(::write(m_pipe[1], "x", 1), ssize_t{1});
        QVERIFY(InterruptGuard::waitForInput(m_pipe[0]));
        char byte = 0;
        QCOMPARE(::read(m_pipe[0], &byte, 1), ssize_t{1});
        ::close(m_pipe[1]);
        m_pipe[1] = -1;
        QVERIFY(InterruptGuard::waitForInput(m_pipe[0]));
        QVERIFY(InterruptGuard::waitForInput(9999)); // no descriptor: reading says so
    }
};

QTEST_GUILESS_MAIN(TestInterrupt)
#include "tst_interrupt.moc"
