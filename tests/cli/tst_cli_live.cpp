// SPDX-License-Identifier: MIT
// The command line on a file that a writer changes all the time: whatever is said to be fine is
// whole, and what only mixes two versions is never called damage.
#include "cli_runner.h"
#include "pagescape/store.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

using namespace pagescape;
using namespace pagescape::test;

namespace {

/// Commits without a pause into a bucket of so many pairs, as long as it lives.
class LiveWriter {
public:
    LiveWriter(const QString& path, std::uint32_t pairs) : m_pairs(pairs) {
        StoreOptions options;
        options.noSync = true; // more commits a second
        auto store = Store::open(path.toStdString(), options);
        if (!store || !store->update([this](WriteTransaction& tx) { return fill(tx); })) {
            return;
        }
        m_store.emplace(std::move(*store));
        m_thread = std::thread([this] {
            for (std::uint32_t i = 0; !m_mustEnd && !m_hasFailed; ++i) {
                m_hasFailed = !m_store->update([&](WriteTransaction& tx) { return change(tx, i); });
                ++m_commits;
            }
        });
    }
    ~LiveWriter() {
        m_mustEnd = true;
        if (m_thread.joinable()) {
            m_thread.join();
        }
    }
    LiveWriter(const LiveWriter&) = delete;
    LiveWriter& operator=(const LiveWriter&) = delete;

    [[nodiscard]] bool isRunning() const { return m_store.has_value() && !m_hasFailed; }
    [[nodiscard]] int commits() const { return m_commits; }

private:
    static std::string key(std::uint32_t i) { return "key" + std::to_string(1000000 + i); }

    Result<void> fill(WriteTransaction& tx) const {
        auto bucket = tx.rootBucket().createBucket(asBytes("pairs"));
        if (!bucket) {
            return fail(bucket.error());
        }
        for (std::uint32_t i = 0; i < m_pairs; ++i) {
            if (auto put = bucket->put(asBytes(key(i)), asBytes(std::string(300, 'v'))); !put) {
                return put;
            }
        }
        return {};
    }
    Result<void> change(WriteTransaction& tx, std::uint32_t round) const {
        auto bucket = tx.rootBucket().bucket(asBytes("pairs"));
        if (!bucket || !*bucket) {
            return fail(Error{});
        }
        for (std::uint32_t i = 0; i < 8; ++i) {
            const std::string value(100 + (round * 131 + i * 977) % 1500, 'w');
            const std::string name = key((round * 7919 + i * 104729) % m_pairs);
            if (auto put = (*bucket)->put(asBytes(name), asBytes(value)); !put) {
                return put;
            }
        }
        return {};
    }
    static tl::unexpected<Error> fail(const Error& error) { return tl::unexpected<Error>(error); }

    std::uint32_t m_pairs;
    std::optional<Store> m_store;
    std::thread m_thread;
    std::atomic<bool> m_mustEnd = false;
    std::atomic<bool> m_hasFailed = false;
    std::atomic<int> m_commits = 0;
};

bool saysThatItChanged(const CliRun& run, const QString& path) {
    return run.err.startsWith("pagescape-cli: " + path.toUtf8() +
                              ": the file changed while it was");
}

} // namespace

class TestCliLive : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;

    [[nodiscard]] QStringList files() const { return QDir(m_dir.path()).entryList(QDir::Files); }

private Q_SLOTS:
    void cleanup() { // after a failure too, so that the next one starts afresh
        for (const QString& name : files()) {
            QVERIFY(QFile::remove(m_dir.filePath(name)));
        }
    }
    void readersNeverReportFalseDamage_data();
    void readersNeverReportFalseDamage();
    void changeIsSaidWhereItNeverHoldsStill_data();
    void changeIsSaidWhereItNeverHoldsStill();
    void compactKeepsOnlyWholeCopies();
    void surgeryKeepsOnlyWholeCopies();
    void damageUnderALockIsStillReported();
};

void TestCliLive::readersNeverReportFalseDamage_data() {
    QTest::addColumn<QString>("arguments");
    for (const char* arguments :
         {"digest FILE", "check FILE", "export FILE", "stats FILE", "stats FILE --by-depth",
          "keys FILE pairs", "inspect FILE", "get FILE pairs key1000007"}) {
        QTest::newRow(arguments) << QString::fromUtf8(arguments);
    }
}

// A file that is read in less time than a few commits take, and one that is not.
void TestCliLive::readersNeverReportFalseDamage() {
    QFETCH(QString, arguments);
    const QString path = m_dir.filePath(QStringLiteral("small.db"));
    {
        const LiveWriter writer(path, 300);
        QVERIFY(writer.isRunning());
        for (int i = 0; i < 15; ++i) {
            const CliRun run = runCli(withFile(arguments.toUtf8().constData(), path));
            QVERIFY2(run.status == 0 || run.status == 3, run.out + run.err);
            QVERIFY2(!run.err.contains("left out") && !run.err.contains("high-water"), run.err);
            QVERIFY2(run.status == 0 || saysThatItChanged(run, path), run.err);
            QVERIFY2(run.err.count('\n') <= 2, run.err);
        }
        QVERIFY(writer.isRunning());
    }
}

void TestCliLive::changeIsSaidWhereItNeverHoldsStill_data() {
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<QByteArray>("printed");
    const QByteArray nothing;
    QTest::newRow("digest") << "digest FILE" << nothing;
    QTest::newRow("check") << "check FILE" << nothing;
    QTest::newRow("check as JSON") << "check FILE --json"
                                   << QByteArray("{\n  \"findings\": [],\n  \"ok\": false,\n"
                                                 "  \"is_whole\": false\n}\n");
    QTest::newRow("stats") << "stats FILE --by-depth" << nothing;
}

void TestCliLive::changeIsSaidWhereItNeverHoldsStill() {
    QFETCH(QString, arguments);
    QFETCH(QByteArray, printed);
    const QString path = m_dir.filePath(QStringLiteral("large.db"));
    {
        const LiveWriter writer(path, 60000); // 20 MB
        QVERIFY(writer.isRunning());
        int unsteady = 0;
        for (int i = 0; i < 10 && unsteady == 0; ++i) {
            const CliRun run = runCli(withFile(arguments.toUtf8().constData(), path));
            QVERIFY2(run.status == 0 || run.status == 3, run.out + run.err);
            if (run.status == 3) {
                ++unsteady;
                QVERIFY2(saysThatItChanged(run, path), run.err);
                QVERIFY2(run.err.contains("in each of 3 tries"), run.err);
                QCOMPARE(run.out, printed);
            }
        }
        QVERIFY2(unsteady > 0, "the writer was too slow for this test");
    }
}

void TestCliLive::compactKeepsOnlyWholeCopies() {
    const QString path = m_dir.filePath(QStringLiteral("small.db"));
    const QString copy = m_dir.filePath(QStringLiteral("copy.db"));
    {
        const LiveWriter writer(path, 3000);
        QVERIFY(writer.isRunning());
        for (int i = 0; i < 15; ++i) {
            const CliRun run = runCli(withFile("compact FILE --no-sync -o", path) << copy);
            if (run.status == 0) {
                const CliRun check = runCli({QStringLiteral("check"), copy});
                QVERIFY2(check.status == 0, check.out);
                QVERIFY(QFile::remove(copy));
            } else {
                QCOMPARE(run.status, 3);
                QVERIFY2(saysThatItChanged(run, path), run.err);
                QVERIFY2(!run.err.contains("high-water"), run.err);
            }
            QCOMPARE(files(), QStringList{QStringLiteral("small.db")});
        }
    }
}

void TestCliLive::surgeryKeepsOnlyWholeCopies() {
    const QString path = m_dir.filePath(QStringLiteral("small.db"));
    const QString copy = m_dir.filePath(QStringLiteral("copy.db"));
    {
        const LiveWriter writer(path, 300);
        QVERIFY(writer.isRunning());
        for (int i = 0; i < 20; ++i) {
            const CliRun run = runCli(withFile("surgery revert-meta-page FILE -o", path) << copy);
            if (run.status == 0) {
                const CliRun check = runCli({QStringLiteral("check"), copy});
                QVERIFY2(check.status == 0, check.out);
                QVERIFY(QFile::remove(copy));
            } else {
                QCOMPARE(run.status, 3);
                QVERIFY2(run.err.contains("no copy was made"), run.err);
                QVERIFY2(run.err.contains("Stop the program that writes"), run.err);
            }
            QCOMPARE(files(), QStringList{QStringLiteral("small.db")});
        }
        QVERIFY(writer.commits() > 20);
    }
}

// Whoever holds the lock without writing hides no damage.
void TestCliLive::damageUnderALockIsStillReported() {
    const QString path = m_dir.filePath(QStringLiteral("damaged.db"));
    QVERIFY(QFile::copy(sample("damaged/branch-cycle-self.db"), path));
    QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner));
    const CliRun alone = runCli({QStringLiteral("check"), path});
    {
        StoreOptions options;
        const auto store = Store::open(path.toStdString(), options);
        QVERIFY(store);
        const CliRun run = runCli({QStringLiteral("check"), path});
        QCOMPARE(run.status, 1);
        QCOMPARE(run.out, alone.out);
        QVERIFY2(run.err.contains("another program holds the lock"), run.err);
    }
}

QTEST_GUILESS_MAIN(TestCliLive)
#include "tst_cli_live.moc"
