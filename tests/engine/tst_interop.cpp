// SPDX-License-Identifier: MIT
// Our engine and the real bbolt write to one file in turns. After each commit both must read what a
// model in memory holds, and both checks must be clean.
// PAGESCAPE_INTEROP_HISTORIES: how many histories, 200 unless told; PAGESCAPE_INTEROP_FIRST: the
// seed of the first one.
#include "pagescape/check.h"
#include "pagescape/walk.h"
#include "support/bolt_peer.h"
#include "support/history.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::test;

namespace {

constexpr int kCommits = 8;

QByteArray peerPath(const std::vector<std::string>& path) {
    QByteArrayList names;
    for (const std::string& name : path) {
        names.append(peerHex(name));
    }
    return names.isEmpty() ? QByteArray("-") : names.join('/');
}

QByteArray peerCommand(const Change& change) {
    const QByteArray path = ' ' + peerPath(change.path) + ' ';
    switch (change.kind) {
    case Change::Kind::Put: return "put" + path + peerHex(change.key) + ' ' + peerHex(change.value);
    case Change::Kind::Remove: return "del" + path + peerHex(change.key);
    case Change::Kind::CreateBucket: return "mkb" + path + peerHex(change.key);
    case Change::Kind::DeleteBucket: return "rmb" + path + peerHex(change.key);
    case Change::Kind::SetSequence: return "seq" + path + QByteArray::number(change.sequence);
    case Change::Kind::MoveBucket: break; // the packaged bbolt has no MoveBucket
    }
    return "none";
}

} // namespace

class TestInterop : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::unique_ptr<BoltPeer> m_peer;

    void writeOurs(const QString& path, const std::vector<Change>& changes,
                   const StoreOptions& options);
    void writeTheirs(const QString& path, const std::vector<Change>& changes,
                     const StoreOptions& options);
    void compare(const QString& path, const ModelBucket& model);

private Q_SLOTS:
    void initTestCase();
    void histories();
};

void TestInterop::initTestCase() {
    if (!BoltPeer::isThere()) {
        QSKIP("Go or its bbolt library is missing: install golang-go and "
              "golang-github-coreos-bbolt-dev, then configure again");
    }
    m_peer = std::make_unique<BoltPeer>();
}

void TestInterop::writeOurs(const QString& path, const std::vector<Change>& changes,
                            const StoreOptions& options) {
    auto store = Store::open(path.toStdString(), options);
    QVERIFY2(store, store ? "" : store.error().describe().c_str());
    const auto done = store->update([&](WriteTransaction& tx) -> Result<void> {
        for (const Change& change : changes) {
            if (auto made = apply(tx, change); !made) {
                return made;
            }
        }
        return {};
    });
    QVERIFY2(done, done ? "" : done.error().describe().c_str());
}

void TestInterop::writeTheirs(const QString& path, const std::vector<Change>& changes,
                              const StoreOptions& options) {
    const QByteArray open = "open " + path.toUtf8() +
                            (options.freelistType == FreelistType::Array ? " array" : " hashmap") +
                            (options.noFreelistSync ? " unsynced " : " sync ") +
                            QByteArray::number(options.pageSize);
    QVERIFY2(m_peer->run(open), m_peer->answer());
    QVERIFY2(m_peer->run("begin"), m_peer->answer());
    for (const Change& change : changes) {
        QVERIFY2(m_peer->run(peerCommand(change)), m_peer->answer());
    }
    QVERIFY2(m_peer->run("commit"), m_peer->answer());
    QVERIFY2(m_peer->run("close"), m_peer->answer());
}

void TestInterop::compare(const QString& path, const ModelBucket& model) {
    const QByteArray expected = QByteArray::fromStdString(digestOf(model));
    const auto file = PageFile::open(path.toStdString());
    QVERIFY(file);
    const auto ours = contentDigest(*file);
    QVERIFY(ours);
    QVERIFY(ours->skipped.empty());
    QCOMPARE(QByteArray::fromStdString(ours->sha256), expected);
    QString findings;
    const auto summary = check(*file, {}, [&](const Finding& finding) {
        findings += QString::fromStdString(finding.text + "; ");
    });
    QVERIFY(summary);
    QCOMPARE(findings, QString());
    QVERIFY2(m_peer->run("digest " + path.toUtf8()), m_peer->answer());
    QCOMPARE(m_peer->answer(), expected);
    QVERIFY2(m_peer->run("check " + path.toUtf8()), m_peer->answer());
}

void TestInterop::histories() {
    const int wanted = qEnvironmentVariableIntValue("PAGESCAPE_INTEROP_HISTORIES");
    const int count = wanted > 0 ? wanted : 200;
    const int first = std::max(1, qEnvironmentVariableIntValue("PAGESCAPE_INTEROP_FIRST"));
    int leaks = 0;
    for (int seed = first; seed < first + count; ++seed) {
        const QString path = m_dir.filePath(QStringLiteral("%1.db").arg(seed));
        StoreOptions options;
        options.noSync = true;
        options.pageSize = 1024U << (seed % 7);
        History history(static_cast<std::uint64_t>(seed));
        for (int commit = 0; commit < kCommits; ++commit) {
            // Each history has its own pattern of freelist types, stored lists and turns.
            options.freelistType =
                (seed + commit) % 3 == 0 ? FreelistType::Hashmap : FreelistType::Array;
            options.noFreelistSync = (seed / 2 + commit) % 4 == 0;
            options.splitToSingleItems = (seed / 3 + commit) % 3 == 0;
            const std::vector<Change> changes = history.nextTransaction();
            bool isOurs = (seed + commit) % 2 == 0;
            for (const Change& change : changes) {
                isOurs = isOurs || change.kind == Change::Kind::MoveBucket;
            }
            if (isOurs) {
                writeOurs(path, changes, options);
            } else {
                writeTheirs(path, changes, options);
            }
            if (!isOurs && !m_peer->run("check " + path.toUtf8()) &&
                m_peer->answer().contains("unreachable unfreed")) {
                ++leaks; // a page that bbolt lost, by its own account: this file ends here
                break;
            }
            if (!QTest::currentTestFailed()) {
                compare(path, history.model());
            }
            if (QTest::currentTestFailed()) {
                qWarning("history %d, commit %d by %s", seed, commit, isOurs ? "us" : "bbolt");
                return;
            }
        }
        QFile::remove(path);
    }
    QVERIFY2(leaks * 20 <= count, "bbolt itself leaks in too many histories");
}

QTEST_GUILESS_MAIN(TestInterop)
#include "tst_interop.moc"
