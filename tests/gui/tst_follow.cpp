// SPDX-License-Identifier: MIT
// The window follows a file that a real etcd writes. PAGESCAPE_FOLLOW_SECONDS: how long, 10 unless
// told.
#include "models/seen_changes.h"
#include "pagescape/census.h"
#include "pagescape/store.h"
#include "session/file_session.h"
#include "state/view_settings.h"
#include "support/etcd_server.h"
#include "units/english_plurals.h"
#include "views/map_panel.h"
#include "window/follower.h"
#include "window/main_window.h"
#include "window/session_binding.h"
#include "window/workspace.h"

#include <QSignalSpy>
#include <QtTest>

#include <set>

using namespace pagescape;
using namespace pagescape::gui;
using pagescape::test::EtcdServer;

class TestFollow : public QObject {
    Q_OBJECT

private:
    EnglishPlurals m_plurals;
    QTemporaryDir m_dir;

    // Two commits and what a census says after each; the second one is kept.
    std::vector<CensusSnapshot> twoVersions();
    std::shared_ptr<Census> m_newest;

private Q_SLOTS:
    void initTestCase() { QCoreApplication::installTranslator(&m_plurals); }
    void changesAreThoseOfTheCommit();
    void mapLightsWhatTheWriterWrote();
    void writerMayComeAndGo();
    void keepsUpWithEtcd();
};

std::vector<CensusSnapshot> TestFollow::twoVersions() {
    const std::string path = m_dir.filePath(QStringLiteral("two.db")).toStdString();
    StoreOptions options;
    options.pageSize = 1024;
    std::vector<CensusSnapshot> versions;
    for (int i = 0; i < 2; ++i) {
        {
            auto store = Store::open(path, options);
            const auto done = store->update([i](WriteTransaction& tx) -> Result<void> {
                auto bucket = tx.createBucketIfNotExists(asBytes("b"));
                for (int key = 0; key < 100; ++key) {
                    const std::string name = "key" + std::to_string(key * (i == 0 ? 1 : 1000));
                    if (i == 0 || key == 3) {
                        if (auto put = bucket->put(asBytes(name), asBytes("value")); !put) {
                            return put;
                        }
                    }
                }
                return {};
            });
            if (!done) {
                return {};
            }
        }
        auto file = PageFile::open(path);
        m_newest = std::make_shared<Census>(std::make_shared<const PageFile>(std::move(*file)));
        if (!m_newest->run()) {
            return {};
        }
        versions.push_back(snapshotOf(*m_newest));
        if (i == 0) {
            m_newest.reset(); // its lock would keep the writer out
        }
    }
    return versions;
}

void TestFollow::changesAreThoseOfTheCommit() {
    const auto versions = twoVersions();
    QCOMPARE(versions.size(), 2U);
    const CensusSnapshot& before = versions[0];
    const CensusSnapshot& after = versions[1];
    const SeenChanges changes = changesBetween(before, after);
    QCOMPARE(changes.to.value, changes.from.value + 1);
    // Copy-on-write: what the second commit wrote was not live before, but for the metas.
    for (const PageId page : changes.written) {
        const auto life = static_cast<PageLife>(before.pages[page.value].state >> 4U);
        QVERIFY(page.value < 2 || life != PageLife::Live);
        QVERIFY(m_newest->row(page).life == PageLife::Live ||
                m_newest->row(page).life == PageLife::ActiveMeta);
    }
    QVERIFY(changes.written.size() >= 4); // leaf, root leaf, freelist, meta
    QVERIFY(!changes.givenUp.empty());
    QVERIFY(changesText(changes).contains(QString::number(changes.written.size())));
    const SeenChanges none = changesBetween(after, after);
    QVERIFY(none.written.empty() && none.givenUp.empty());
}

// What lights up on the map is what the writer's own engine says it wrote.
void TestFollow::mapLightsWhatTheWriterWrote() {
    class Sink final : public TraceSink {
    public:
        void onEvent(const TraceEvent& /*event*/) noexcept override {}
        void onWriteEvent(const WriteTraceEvent& event) noexcept override {
            if (const auto* write = std::get_if<WriteEvent>(&event)) {
                for (std::uint64_t i = 0; i < write->pages; ++i) {
                    written.insert(write->first.value + i);
                }
            } else if (const auto* freed = std::get_if<FreeEvent>(&event)) {
                for (std::uint64_t i = 0; i < freed->pages; ++i) {
                    givenUp.insert(freed->first.value + i);
                }
            }
        }
        std::set<std::uint64_t> written;
        std::set<std::uint64_t> givenUp;
    };
    const auto ids = [](const std::vector<PageId>& pages) {
        std::set<std::uint64_t> found;
        for (const PageId page : pages) {
            found.insert(page.value);
        }
        return found;
    };
    Sink sink;
    StoreOptions options;
    options.pageSize = 1024;
    options.trace = &sink;
    const QString path = m_dir.filePath(QStringLiteral("written.db"));
    auto store = Store::open(path.toStdString(), options);
    QVERIFY(store.has_value());
    const auto put = [&](int first, int count) {
        return store->update([&](WriteTransaction& tx) -> Result<void> {
            auto bucket = tx.createBucketIfNotExists(asBytes("b"));
            for (int key = first; key < first + count; ++key) {
                const std::string name = "key" + std::to_string(10'000 + key);
                if (auto done = bucket->put(asBytes(name), asBytes("a value")); !done) {
                    return done;
                }
            }
            return {};
        });
    };
    QVERIFY(put(0, 300).has_value());
    ViewSettings settings(m_dir.filePath(QStringLiteral("settings.ini")));
    MainWindow window(&settings);
    window.resize(1280, 800);
    window.show();
    QVERIFY(window.openFile(path));
    const MapPanel& panel = *window.workspace()->map;
    PageMapView* map = panel.map();
    map->setSeenDuration(60'000); // as long as the test looks
    window.setFollowing(true);
    QVERIFY(panel.seenLegend()->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(window.follower().wholeScans() > 0, 20000);
    for (int round = 0; round < 3; ++round) {
        sink.written.clear();
        sink.givenUp.clear();
        QSignalSpy seen(&window.follower(), &Follower::changesSeen);
        QVERIFY(put(round * 90, 2).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(!seen.isEmpty(), 20000);
        QCOMPARE(ids(map->seen().written), sink.written);
        QCOMPARE(ids(map->seen().givenUp), sink.givenUp);
        QVERIFY2(panel.seenLegend()->text().contains(
                     QStringLiteral("written: %1").arg(sink.written.size())),
                 qPrintable(panel.seenLegend()->text()));
    }
    // The light goes out by itself, and with the following.
    QVERIFY(map->isVisible());
    const QImage lit = map->viewport()->grab().toImage();
    SeenMarks marks = map->seen();
    map->setSeenDuration(1);
    map->setSeen(marks);
    QTRY_VERIFY_WITH_TIMEOUT(map->seen().isEmpty(), 5000);
    QVERIFY(map->viewport()->grab().toImage() != lit);
    map->setSeenDuration(60'000);
    map->setSeen(marks);
    window.setFollowing(false);
    QVERIFY(map->seen().isEmpty());
    QVERIFY(!panel.seenLegend()->isVisible());
}

// While it follows, the window holds no lock: each commit may be of a program of its own.
void TestFollow::writerMayComeAndGo() {
    const QString path = m_dir.filePath(QStringLiteral("goes.db"));
    const auto write = [&](const std::string& key) -> Result<void> {
        StoreOptions options;
        options.timeout = std::chrono::milliseconds(0);
        auto store = Store::open(path.toStdString(), options);
        return !store ? fail(store.error()) : store->update([&](WriteTransaction& tx) {
            return tx.createBucketIfNotExists(asBytes("b")).and_then([&](WriteBucket bucket) {
                return bucket.put(asBytes(key), asBytes("value"));
            });
        });
    };
    QVERIFY(write("first"));
    ViewSettings settings(m_dir.filePath(QStringLiteral("settings.ini")));
    MainWindow window(&settings);
    window.show();
    QVERIFY(window.openFile(path));
    QCOMPARE(write("held").error().code, ErrorCode::LockTimeout);
    window.setFollowing(true);
    QTRY_VERIFY_WITH_TIMEOUT(window.follower().wholeScans() > 0, 20000);
    for (const char* key : {"a", "b", "c"}) {
        QSignalSpy seen(&window.follower(), &Follower::changesSeen);
        QVERIFY(write(key).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(!seen.isEmpty(), 20000);
        const auto changes = seen.front().front().value<SeenChanges>();
        QVERIFY(!changes.givenUp.empty());
        QVERIFY(changes.givenUp.front() > PageId{1}); // the older meta stays what it is
    }
    QAction* previous = window.actions().get(QStringLiteral("previous-version"));
    previous->trigger(); // there and back
    QVERIFY(write("beside the previous version"));
    previous->trigger();
    QVERIFY(write("beside the newest"));
    window.setFollowing(false);
    QCOMPARE(write("held again").error().code, ErrorCode::LockTimeout);
}

void TestFollow::keepsUpWithEtcd() {
    if (!EtcdServer::isThere()) {
        QSKIP("etcd is missing: install etcd-server and etcd-client");
    }
    EtcdServer etcd;
    QVERIFY2(etcd.start(), etcd.log());
    QProcess writer;
    writer.setProcessEnvironment(EtcdServer::environment());
    writer.start(
        QStringLiteral("sh"),
        {QStringLiteral("-c"),
         QStringLiteral("i=0; while :; do etcdctl %1 put key$((i % 300)) "
                        "value$i-$(head -c 300 /dev/zero | tr '\\0' x) >/dev/null || exit; "
                        "i=$((i+1)); done")
             .arg(etcd.arguments({}).join(QLatin1Char(' ')))});
    ViewSettings settings(m_dir.filePath(QStringLiteral("settings.ini")));
    MainWindow window(&settings);
    window.show();
    QVERIFY(window.openFile(etcd.database()));
    int wrong = 0;
    quint64 written = 0;
    QSignalSpy changes(&window.follower(), &Follower::changesSeen);
    connect(&window.follower(), &Follower::changesSeen, this, [&](const SeenChanges& seen) {
        written += seen.written.size();
        // What is claimed to be one version must hold together.
        const Census& census = *window.binding()->session().census();
        const auto leaked = census.lifeCounts()[std::size_t(PageLife::Leaked)];
        wrong += leaked > 0 || !census.problems().empty() ? 1 : 0;
    });
    window.setFollowing(true);
    const int told = qEnvironmentVariableIntValue("PAGESCAPE_FOLLOW_SECONDS");
    const int seconds = told > 0 ? told : 10;
    QElapsedTimer clock;
    clock.start();
    QTRY_VERIFY_WITH_TIMEOUT(clock.elapsed() > seconds * 1000, seconds * 1000 + 20000);
    qInfo("%lld changes seen in %d s, %llu pages written, %llu whole scans, %llu mixed",
          static_cast<long long>(changes.count()), seconds,
          static_cast<unsigned long long>(written),
          static_cast<unsigned long long>(window.follower().wholeScans()),
          static_cast<unsigned long long>(window.follower().mixedScans()));
    QVERIFY(changes.count() >= seconds / 4);
    QVERIFY(written > 0);
    QCOMPARE(wrong, 0);
    window.setFollowing(false);
    writer.kill();
    writer.waitForFinished();
}

QTEST_MAIN(TestFollow)
#include "tst_follow.moc"
