// SPDX-License-Identifier: MIT
// Every call to the operating system fails once, in turn; and processes are killed while they
// commit. The database must stay whole, and no acknowledged commit may be lost.
// PAGESCAPE_KILLS: processes to kill, 200 unless told.
#include "pagescape/check.h"
#include "pagescape/compact.h"
#include "pagescape/storage_file.h"
#include "pagescape/walk.h"
#include "support/history.h"

#include <QTemporaryDir>
#include <QtTest>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <random>

using namespace pagescape;
using namespace pagescape::test;

namespace {

constexpr int kCommits = 8;

std::string descriptorPath(const StorageFile& file) {
    return "/proc/self/fd/" + std::to_string(file.descriptor());
}

std::string digestOfFile(const std::string& path) {
    const auto file = PageFile::open(path);
    if (!file) {
        return file.error().describe();
    }
    const auto digest = contentDigest(*file);
    return digest ? digest->sha256 : digest.error().describe();
}

std::string findingsOf(const std::string& path) {
    const auto file = PageFile::open(path);
    std::string findings;
    if (!file || !check(*file, {}, [&](const Finding& each) { findings += each.text + "; "; })) {
        return "the file cannot be checked";
    }
    return findings;
}

Result<void> applyAll(Store& store, const std::vector<Change>& changes) {
    return store.update([&](WriteTransaction& tx) -> Result<void> {
        for (const Change& change : changes) {
            if (auto made = apply(tx, change); !made) {
                return made;
            }
        }
        return {};
    });
}

std::uint64_t counterIn(const Store& store) {
    std::uint64_t value = 0;
    static_cast<void>(store.view([&](const ReadTransaction& tx) -> Result<void> {
        const std::array<Bytes, 1> path{asBytes("b")};
        const auto found = tx.get(path, asBytes("counter"));
        if (found && *found) {
            value = std::stoull(toString(**found));
        }
        return {};
    }));
    return value;
}

// Commits a growing counter until it is killed; tells each acknowledged value.
[[noreturn]] void commitForEver(const std::string& path, int pipe) {
    auto store = Store::open(path);
    if (!store) {
        ::_exit(1);
    }
    for (std::uint64_t value = counterIn(*store) + 1;; ++value) {
        const auto done = store->update([&](WriteTransaction& tx) -> Result<void> {
            auto bucket = tx.createBucketIfNotExists(asBytes("b"));
            if (!bucket) {
                return fail(bucket.error());
            }
            const std::string filler(value % 7 * 900, 'x');
            if (auto put = bucket->put(asBytes(std::to_string(value % 50)), asBytes(filler));
                !put) {
                return put;
            }
            return bucket->put(asBytes("counter"), asBytes(std::to_string(value)));
        });
        if (!done || ::write(pipe, &value, sizeof value) != sizeof value) {
            ::_exit(2);
        }
    }
}

} // namespace

class TestFaults : public QObject {
    Q_OBJECT

private:
    // One run with the nth call of a kind refused; false when it never came to that.
    bool runWithFault(FaultyFile::Fault fault, std::uint64_t seed);
    // The same in an operation that keeps the contents, or gives them to a second file.
    bool maintainWithFault(FaultyFile::Fault fault, const QString& operation);

    std::vector<std::byte> m_image; // the file that is maintained
    std::string m_digest;           // of what it holds

private Q_SLOTS:
    void everyCallFailsOnce_data();
    void everyCallFailsOnce();
    void maintenanceFailsOnce_data();
    void maintenanceFailsOnce();
    void killedWritersLoseNothing();
};

bool TestFaults::runWithFault(FaultyFile::Fault fault, std::uint64_t seed) {
    const auto memory = makeMemoryFile();
    auto faulty = std::make_shared<FaultyFile>(*memory);
    faulty->arm(fault);
    StoreOptions options;
    options.pageSize = 1024;
    options.timeout = std::chrono::milliseconds(0);
    options.lockMemory = fault.call == FileCall::LockMemory;
    options.openFile = [&](const std::filesystem::path&) { return faulty; };
    History history(seed, 60);
    std::string acknowledged = digestOf(history.model());
    std::string next = acknowledged;
    auto store = Store::open("memory", options);
    if (!store) { // refused while opening: then nothing of it may be half-made
        [&] { QVERIFY(faulty->hasStruck()); }();
        faulty->arm(std::nullopt);
        store = Store::open("memory", options);
        [&] { QVERIFY2(store, store ? "" : store.error().describe().c_str()); }();
        return true;
    }
    bool isUncertain = false;
    bool hasStruck = false;
    for (int commit = 0; commit < kCommits && !isUncertain; ++commit) {
        const std::vector<Change> changes = history.nextTransaction();
        next = digestOf(history.model());
        auto done = applyAll(*store, changes);
        if (!done) {
            [&] { QVERIFY2(faulty->hasStruck(), done.error().describe().c_str()); }();
            if (done.error().code == ErrorCode::CommitUncertain) {
                isUncertain = true;
                hasStruck = true;
                [&] { QVERIFY(!store->beginWrite()); }();
                [&] { QVERIFY(store->beginRead()); }();
                break;
            }
            hasStruck = true;
            faulty->arm(std::nullopt);
            done = applyAll(*store, changes); // the database is as it was: the same works now
            [&] { QVERIFY2(done, done ? "" : done.error().describe().c_str()); }();
            acknowledged = next;
            break;
        }
        acknowledged = next;
    }
    faulty->arm(std::nullopt);
    [&] { QVERIFY(store->close()); }();
    const std::string path = descriptorPath(**memory);
    const std::string digest = digestOfFile(path);
    [&] {
        QVERIFY2(digest == acknowledged || (isUncertain && digest == next), digest.c_str());
        const std::string findings = findingsOf(path);
        QVERIFY2(findings.empty(), findings.c_str());
    }();
    return hasStruck;
}

void TestFaults::everyCallFailsOnce_data() {
    QTest::addColumn<int>("call");
    QTest::addColumn<int>("keep"); // bytes of a refused write that reach the file; -1: none
    const auto row = [](const char* name, FileCall call, int keep = -1) {
        QTest::newRow(name) << static_cast<int>(call) << keep;
    };
    row("size", FileCall::Size);
    row("read", FileCall::Read);
    row("write", FileCall::Write);
    row("short write", FileCall::Write, 700);
    row("whole write, error all the same", FileCall::Write, 1 << 20);
    row("resize", FileCall::Resize);
    row("sync of data", FileCall::SyncData);
    row("sync of everything", FileCall::SyncAll);
    row("sync of the folder", FileCall::SyncDirectory);
    row("map", FileCall::Map);
    row("lock in memory", FileCall::LockMemory);
    row("lock", FileCall::Lock);
}

void TestFaults::everyCallFailsOnce() {
    QFETCH(int, call);
    QFETCH(int, keep);
    std::uint64_t after = 0;
    for (bool struck = true; struck && after < 500; ++after) {
        FaultyFile::Fault fault;
        fault.call = static_cast<FileCall>(call);
        fault.after = after;
        if (keep >= 0) {
            fault.keep = static_cast<std::uint64_t>(keep);
        }
        struck = false;
        for (const std::uint64_t seed : {11U, 12U}) {
            struck = runWithFault(fault, seed) || struck;
            if (QTest::currentTestFailed()) {
                qWarning("call %d refused after %llu, history %llu", call,
                         static_cast<unsigned long long>(after),
                         static_cast<unsigned long long>(seed));
                return;
            }
        }
    }
    QVERIFY(after > 1); // at least one call of the kind was refused
}

bool TestFaults::maintainWithFault(FaultyFile::Fault fault, const QString& operation) {
    const auto memory = makeMemoryFile(m_image);
    const auto copyMemory = makeMemoryFile();
    auto faulty = std::make_shared<FaultyFile>(*memory);
    auto faultyCopy = std::make_shared<FaultyFile>(*copyMemory);
    StoreOptions options;
    options.pageSize = 1024;
    options.allocSize = 1 << 16;
    options.timeout = std::chrono::milliseconds(0);
    options.openFile = [&](const std::filesystem::path&) { return faulty; };
    auto store = Store::open("memory", options);
    options.openFile = [&](const std::filesystem::path&) { return faultyCopy; };
    auto copy = Store::open("copy", options);
    const auto work = [&]() -> Result<void> {
        if (operation == QLatin1String("compact")) {
            CompactOptions how;
            how.maxTransactionBytes = 16384;
            return compact(*store->beginRead(), *copy, how);
        }
        return (operation == QLatin1String("shrink") ? store->shrink() : store->compactInPlace())
            .map([](std::uint64_t) {});
    };
    (operation == QLatin1String("compact") ? faultyCopy : faulty)->arm(fault);
    const auto done = work();
    const bool hasStruck = faulty->hasStruck() || faultyCopy->hasStruck();
    faulty->arm(std::nullopt);
    faultyCopy->arm(std::nullopt);
    [&] {
        QVERIFY2(done || hasStruck, done ? "" : done.error().describe().c_str());
        QCOMPARE(findingsOf(descriptorPath(**copyMemory)), std::string());
        if (!done && done.error().code == ErrorCode::CommitUncertain) {
            QVERIFY(operation == QLatin1String("compact") || !store->beginWrite());
        } else if (operation != QLatin1String("compact")) {
            const auto again = work(); // the store goes on
            QVERIFY2(again, again ? "" : again.error().describe().c_str());
        }
    }();
    [&] { QVERIFY(store->close()); }();
    [&] {
        QCOMPARE(findingsOf(descriptorPath(**memory)), std::string());
        QCOMPARE(digestOfFile(descriptorPath(**memory)), m_digest);
    }();
    return hasStruck;
}

void TestFaults::maintenanceFailsOnce_data() {
    const auto memory = makeMemoryFile();
    StoreOptions options;
    options.pageSize = 1024;
    options.openFile = [&](const std::filesystem::path&) { return *memory; };
    History history(21, 30);
    {
        auto store = Store::open("memory", options);
        QVERIFY(store);
        for (int commit = 0; commit < 5; ++commit) {
            QVERIFY(applyAll(*store, history.nextTransaction()));
        }
    }
    m_image.resize(*(*memory)->size());
    QVERIFY((*memory)->readAt(0, m_image));
    m_digest = digestOf(history.model());
    QTest::addColumn<QString>("operation");
    QTest::addColumn<int>("call");
    for (const char* operation : {"compact", "shrink", "compact in place"}) {
        const auto row = [operation](const char* name, FileCall call) {
            QTest::addRow("%s, %s", operation, name)
                << QString::fromUtf8(operation) << static_cast<int>(call);
        };
        row("read", FileCall::Read);
        row("write", FileCall::Write);
        row("sync of data", FileCall::SyncData);
        if (operation != std::string("compact in place")) { // which does not grow the file
            row("resize", FileCall::Resize);
            row("sync of everything", FileCall::SyncAll);
        }
    }
}

void TestFaults::maintenanceFailsOnce() {
    QFETCH(QString, operation);
    QFETCH(int, call);
    std::uint64_t after = 0;
    for (bool struck = true; struck && after < 500; ++after) {
        FaultyFile::Fault fault;
        fault.call = static_cast<FileCall>(call);
        fault.after = after;
        struck = maintainWithFault(fault, operation);
        if (QTest::currentTestFailed()) {
            qWarning("call refused after %llu", static_cast<unsigned long long>(after));
            return;
        }
    }
    QVERIFY(after > 1); // at least one call of the kind was refused
}

void TestFaults::killedWritersLoseNothing() {
    const int told = qEnvironmentVariableIntValue("PAGESCAPE_KILLS");
    const int kills = told > 0 ? told : 200;
    QTemporaryDir dir;
    const std::string path = dir.filePath(QStringLiteral("killed.db")).toStdString();
    std::mt19937 random(7);
    std::uint64_t acknowledged = 0;
    for (int i = 0; i < kills; ++i) {
        int ends[2];
        QCOMPARE(::pipe(ends), 0);
        const pid_t child = ::fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            ::close(ends[0]);
            commitForEver(path, ends[1]);
        }
        ::close(ends[1]);
        // After some acknowledgements and a moment more: anywhere within a commit.
        std::uint64_t value = 0;
        for (auto wanted = random() % 6; wanted > 0; --wanted) {
            if (::read(ends[0], &value, sizeof value) == sizeof value) {
                acknowledged = value;
            }
        }
        for (auto moment = random() % 400000; moment > 0; --moment) {
            std::atomic_signal_fence(std::memory_order_seq_cst); // the loop stays
        }
        ::kill(child, SIGKILL);
        while (::read(ends[0], &value, sizeof value) == sizeof value) {
            acknowledged = value;
        }
        ::close(ends[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        QVERIFY(WIFSIGNALED(status));
        if (!QFileInfo::exists(QString::fromStdString(path)) ||
            QFileInfo(QString::fromStdString(path)).size() == 0) {
            continue; // killed before there was a database
        }
        const std::string findings = findingsOf(path);
        QVERIFY2(findings.empty(), findings.c_str());
        StoreOptions options;
        options.readOnly = true;
        const auto store = Store::open(path, options);
        QVERIFY2(store, store ? "" : store.error().describe().c_str());
        const std::uint64_t found = counterIn(*store);
        QVERIFY2(
            found == acknowledged || found == acknowledged + 1,
            qPrintable(QStringLiteral("%1 found, %2 acknowledged").arg(found).arg(acknowledged)));
        acknowledged = found;
    }
    qInfo("%llu commits survived %d kills", static_cast<unsigned long long>(acknowledged), kills);
    QVERIFY(acknowledged > 0);
}

QTEST_GUILESS_MAIN(TestFaults)
#include "tst_faults.moc"
