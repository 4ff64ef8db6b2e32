// SPDX-License-Identifier: MIT
// A real etcd writes its database, our engine rewrites every entry of it, and the real etcd starts
// on the result and reads every key.
#include "pagescape/check.h"
#include "pagescape/store.h"
#include "support/etcd_server.h"

#include <QtTest>

using namespace pagescape;
using pagescape::test::EtcdServer;

namespace {

constexpr int kKeys = 120;

QByteArray valueOf(int key) {
    return QByteArray(1 + key * 7 % 900, static_cast<char>('a' + key % 26));
}

} // namespace

class TestEtcd : public QObject {
    Q_OBJECT

private:
    EtcdServer m_etcd;

    Result<void> rewrite(const QString& path);

private Q_SLOTS:
    void initTestCase();
    void cleanup() { m_etcd.stop(); }
    void startsOnARewrittenFile();
};

void TestEtcd::initTestCase() {
    if (!EtcdServer::isThere()) {
        QSKIP("etcd is missing: install etcd-server and etcd-client");
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
    QVERIFY2(m_etcd.start(), m_etcd.log());
    for (int i = 0; i < kKeys; ++i) {
        m_etcd.ask({QStringLiteral("put"), QStringLiteral("key/%1").arg(i),
                    QString::fromLatin1(valueOf(i))});
    }
    m_etcd.stop();
    const QString path = m_etcd.database();
    const auto done = rewrite(path);
    QVERIFY2(done, done ? "" : done.error().describe().c_str());
    { // a file opened for looking holds the shared lock, and etcd would wait for its end
        const auto file = PageFile::open(path.toStdString());
        QVERIFY(file);
        const auto checked = check(*file, {}, [](const Finding&) {});
        QVERIFY(checked && checked->ok());
    }
    QVERIFY2(m_etcd.start(), m_etcd.log());
    for (int i = 0; i < kKeys; i += 7) {
        QCOMPARE(m_etcd
                     .ask({QStringLiteral("get"), QStringLiteral("key/%1").arg(i),
                           QStringLiteral("--print-value-only")})
                     .trimmed(),
                 valueOf(i));
    }
    const QByteArray keys = m_etcd.ask({QStringLiteral("get"), QStringLiteral("key/"),
                                        QStringLiteral("--prefix"), QStringLiteral("--keys-only")});
    QCOMPARE(keys.count("key/"), kKeys);
    QVERIFY(m_etcd.ask({QStringLiteral("put"), QStringLiteral("after"), QStringLiteral("v")})
                .contains("OK"));
}

QTEST_GUILESS_MAIN(TestEtcd)
#include "tst_etcd.moc"
