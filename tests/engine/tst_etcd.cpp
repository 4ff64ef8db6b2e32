// SPDX-License-Identifier: MIT
// A real etcd writes its database, our engine rewrites every entry of it, and the real etcd starts
// on the result and reads every key.
#include "pagescape/check.h"
#include "pagescape/store.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QtTest>

using namespace pagescape;

namespace {

constexpr int kKeys = 120;

// Addresses that nobody listens on just now; both at once, or they might be the same.
std::pair<QString, QString> freeAddresses() {
    QTcpServer first;
    QTcpServer second;
    first.listen(QHostAddress::LocalHost);
    second.listen(QHostAddress::LocalHost);
    const auto address = [](const QTcpServer& server) {
        return QStringLiteral("http://127.0.0.1:%1").arg(server.serverPort());
    };
    return {address(first), address(second)};
}

QByteArray valueOf(int key) {
    return QByteArray(1 + key * 7 % 900, static_cast<char>('a' + key % 26));
}

} // namespace

class TestEtcd : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString m_client;
    QString m_peer;
    QProcess m_etcd;

    QByteArray ask(const QStringList& arguments);
    bool start();
    void stop();
    QByteArray log() const;
    Result<void> rewrite(const QString& path);

private Q_SLOTS:
    void initTestCase();
    void cleanup() { stop(); }
    void startsOnARewrittenFile();
};

void TestEtcd::initTestCase() {
    if (QStandardPaths::findExecutable(QStringLiteral("etcd")).isEmpty() ||
        QStandardPaths::findExecutable(QStringLiteral("etcdctl")).isEmpty()) {
        QSKIP("etcd is missing: install etcd-server and etcd-client");
    }
    std::tie(m_client, m_peer) = freeAddresses();
}

QByteArray TestEtcd::ask(const QStringList& arguments) {
    QProcess client;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("ETCDCTL_API"), QStringLiteral("3"));
    client.setProcessEnvironment(environment);
    client.start(QStringLiteral("etcdctl"),
                 QStringList{QStringLiteral("--endpoints"), m_client} + arguments);
    client.waitForFinished(20000);
    return client.readAllStandardOutput();
}

bool TestEtcd::start() {
    m_etcd.setStandardErrorFile(m_dir.filePath(QStringLiteral("log")));
    m_etcd.start(QStringLiteral("etcd"),
                 {QStringLiteral("--data-dir"), m_dir.filePath(QStringLiteral("data")),
                  QStringLiteral("--listen-client-urls"), m_client,
                  QStringLiteral("--advertise-client-urls"), m_client,
                  QStringLiteral("--listen-peer-urls"), m_peer,
                  QStringLiteral("--initial-advertise-peer-urls"), m_peer,
                  QStringLiteral("--initial-cluster"), QStringLiteral("default=") + m_peer});
    return QTest::qWaitFor(
        [&] {
            return ask({QStringLiteral("endpoint"), QStringLiteral("status")}).contains("http");
        },
        30000);
}

QByteArray TestEtcd::log() const {
    QFile file(m_dir.filePath(QStringLiteral("log")));
    return file.open(QIODevice::ReadOnly) ? file.readAll().right(1500) : QByteArray("no log");
}

void TestEtcd::stop() {
    if (m_etcd.state() != QProcess::NotRunning) {
        m_etcd.terminate();
        m_etcd.waitForFinished(20000);
    }
}

// Takes every entry of every bucket out and puts it back in, in two commits.
Result<void> TestEtcd::rewrite(const QString& path) {
    auto store = Store::open(path.toStdString());
    if (!store) {
        return fail(store.error());
    }
    std::map<std::string, std::map<std::string, std::string>> all;
    auto done = store->update([&](WriteTransaction& tx) -> Result<void> {
        const auto collected = tx.rootBucket().forEach([&](const Entry& bucketEntry) {
            auto bucket = tx.bucket(bucketEntry.key);
            auto& pairs = all[toString(bucketEntry.key)];
            return (*bucket)->forEach([&](const Entry& entry) -> Result<void> {
                pairs[toString(entry.key)] = toString(entry.value);
                return {};
            });
        });
        if (!collected) {
            return collected;
        }
        for (const auto& [name, pairs] : all) {
            for (const auto& [key, value] : pairs) {
                if (auto removed = (*tx.bucket(asBytes(name)))->remove(asBytes(key)); !removed) {
                    return removed;
                }
            }
        }
        return {};
    });
    if (!done) {
        return done;
    }
    return store->update([&](WriteTransaction& tx) -> Result<void> {
        for (const auto& [name, pairs] : all) {
            for (const auto& [key, value] : pairs) {
                if (auto put = (*tx.bucket(asBytes(name)))->put(asBytes(key), asBytes(value));
                    !put) {
                    return put;
                }
            }
        }
        return {};
    });
}

void TestEtcd::startsOnARewrittenFile() {
    QVERIFY2(start(), log());
    for (int i = 0; i < kKeys; ++i) {
        ask({QStringLiteral("put"), QStringLiteral("key/%1").arg(i),
             QString::fromLatin1(valueOf(i))});
    }
    stop();
    const QString path = m_dir.filePath(QStringLiteral("data/member/snap/db"));
    const auto done = rewrite(path);
    QVERIFY2(done, done ? "" : done.error().describe().c_str());
    { // a file opened for looking holds the shared lock, and etcd would wait for its end
        const auto file = PageFile::open(path.toStdString());
        QVERIFY(file);
        const auto checked = check(*file, {}, [](const Finding&) {});
        QVERIFY(checked && checked->ok());
    }
    QVERIFY2(start(), log());
    for (int i = 0; i < kKeys; i += 7) {
        QCOMPARE(ask({QStringLiteral("get"), QStringLiteral("key/%1").arg(i),
                      QStringLiteral("--print-value-only")})
                     .trimmed(),
                 valueOf(i));
    }
    const QByteArray keys = ask({QStringLiteral("get"), QStringLiteral("key/"),
                                 QStringLiteral("--prefix"), QStringLiteral("--keys-only")});
    QCOMPARE(keys.count("key/"), kKeys);
    QVERIFY(
        ask({QStringLiteral("put"), QStringLiteral("after"), QStringLiteral("v")}).contains("OK"));
}

QTEST_GUILESS_MAIN(TestEtcd)
#include "tst_etcd.moc"
