// SPDX-License-Identifier: MIT
// What a sandbox does when its file cannot be written, and when it ends in the middle of work.
#include "sandbox/sandbox.h"
#include "sandbox/sandbox_worker.h"
#include "support/sandbox_play.h"
#include "support/stage_truth.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <array>
#include <atomic>
#include <thread>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

namespace {

using Kind = SandboxCommand::Kind;

SandboxCommand put(const QByteArray& key) {
    return command(Kind::Put, "b", key, QByteArray(100, 'v'));
}

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestSandboxFaults : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::unique_ptr<Sandbox> m_box;
    QString m_path;

    void run(const SandboxCommand& command) {
        m_box->run(command);
        QTRY_VERIFY_WITH_TIMEOUT(!m_box->isBusy(), 20000);
    }
    // What the stage says against what the file says; empty when they agree.
    [[nodiscard]] QString stageAgainstFile() const {
        const StageState& stage = m_box->log().newest();
        return difference(stage, foundStage(m_path.toStdString(), stage.map));
    }

private Q_SLOTS:
    void cleanup() { m_box.reset(); }
    void undoThatFailsLosesNothing();
    void endDoesNotWaitForVersions();
};

// A write that fails half-way back: the history stays where it was, and going on from there brings
// every byte back.
void TestSandboxFaults::undoThatFailsLosesNothing() {
    m_path = m_dir.filePath(QStringLiteral("faulty.db"));
    std::shared_ptr<FaultyFile> file;
    SandboxOptions options;
    options.pageSize = 4096;
    options.noSync = true;
    options.wrapFile = [&](std::shared_ptr<StorageFile> disk) {
        return file = std::make_shared<FaultyFile>(std::move(disk));
    };
    m_box = std::make_unique<Sandbox>(m_path, SandboxKind::NewDatabase, options);
    QTRY_VERIFY_WITH_TIMEOUT(m_box->isOpen(), 30000);
    std::vector<QByteArray> files{bytesOf(m_path)};
    for (const char* key : {"a", "b", "c", "d"}) {
        run(put(key));
        run(command(Kind::Commit));
        files.push_back(bytesOf(m_path));
    }
    const int end = m_box->history().current();
    QSignalSpy finished(m_box.get(), &Sandbox::finished);
    const auto goTo = [&](int node) {
        QVERIFY(m_box->goTo(node));
        QTRY_VERIFY_WITH_TIMEOUT(!m_box->isBusy(), 30000);
    };
    int failures = 0;
    for (std::uint64_t after = 0; after < 40; ++after) {
        file->arm(FaultyFile::Fault{FileCall::Write, after, 28, 100, false});
        goTo(4);
        const bool hasStruck = file->hasStruck();
        file->arm(std::nullopt);
        QCOMPARE(finished.back().at(1).toString().isEmpty(), !hasStruck);
        if (!hasStruck) {
            break;
        }
        ++failures;
        QCOMPARE(m_box->history().current(), end);
        run(put("refused")); // no store is open: a node of its own that wrote nothing
        QVERIFY(!m_box->keepVersion(m_box->history().current()));
        // Any node is a way out: further back, between, where it stood.
        const int target = std::array{0, 2, 4, 6, end}[after % 5];
        goTo(target);
        QVERIFY2(finished.back().at(1).toString().isEmpty(),
                 qPrintable(finished.back().at(1).toString()));
        QCOMPARE(bytesOf(m_path), files[std::size_t(target / 2)]);
        QCOMPARE(stageAgainstFile(), QString());
        goTo(end);
        QCOMPARE(bytesOf(m_path), files.back());
    }
    QVERIFY2(failures > 5, qPrintable(QString::number(failures)));
    // The store cannot be opened: the bytes are right, and the next step opens it.
    goTo(end);
    file->arm(FaultyFile::Fault{FileCall::Map, 0, 12, {}, false});
    goTo(0);
    QVERIFY(file->hasStruck());
    file->arm(std::nullopt);
    QVERIFY(!finished.back().at(1).toString().isEmpty());
    QCOMPARE(bytesOf(m_path), files.front());
    goTo(0);
    QCOMPARE(stageAgainstFile(), QString());
    run(put("again"));
    QVERIFY(m_box->hasTransaction());
}

// Questions too: the one that runs is stopped, and those that wait never run.
void TestSandboxFaults::endDoesNotWaitForVersions() {
    std::atomic<int> ended = 0;
    std::atomic<bool> hasBegun = false;
    auto worker = std::make_unique<SandboxWorker>(this, [] {});
    worker->post(
        [&](const std::stop_token& stop) {
            hasBegun = true;
            while (!stop.stop_requested()) {
                std::this_thread::yield();
            }
            ++ended;
        },
        false);
    for (int i = 0; i < 5; ++i) {
        worker->post([&](const std::stop_token&) { ++ended; }, false);
    }
    worker->post([&](const std::stop_token&) { ++ended; });
    QTRY_VERIFY_WITH_TIMEOUT(hasBegun, 30000);
    QCOMPARE(worker->stopTasks(), 1); // a question is not stopped with the commands
    worker.reset();
    QCOMPARE(ended, 1);

    const QString path = m_dir.filePath(QStringLiteral("copied.db"));
    QVERIFY(SandboxEngine::open(path.toStdString(), {}, [](StageEvents) {}));
    std::stop_source stopped;
    stopped.request_stop();
    FileDelta since; // the copy, and the old blocks in it
    since.isChanged = true;
    since.before.emplace(0, std::vector<std::byte>(1024));
    const QString target = m_dir.filePath(QStringLiteral("version.db"));
    const auto saved = saveVersion(path, since, target, stopped.get_token());
    QVERIFY(!saved);
    QCOMPARE(saved.error().code, ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestSandboxFaults)
#include "tst_sandbox_faults.moc"
