// SPDX-License-Identifier: MIT
// Files that bbolt 1.5, bbolt 1.3.6 and bolt 1.3.1 write byte for byte alike, made by our engine.
#include "pagescape/compact.h"
#include "pagescape/store.h"
#include "pagescape/walk.h"

#include <QCryptographicHash>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <span>

using namespace pagescape;

namespace {

std::string digits(int number, std::size_t width) {
    const std::string text = std::to_string(number);
    return std::string(width - std::min(width, text.size()), '0') + text;
}

using Change = std::function<Result<void>(WriteTransaction&)>;

// One transaction on the file.
Result<void> change(const QString& path, const Change& body) {
    StoreOptions options;
    options.pageSize = 4096;
    auto store = Store::open(path.toStdString(), options);
    if (!store) {
        return fail(store.error());
    }
    return store->update(body);
}

Result<void> tenThousand(WriteTransaction& tx, double fill) {
    auto bucket = tx.createBucket(asBytes("b"));
    if (!bucket) {
        return fail(bucket.error());
    }
    bucket->setFillPercent(fill);
    const std::string zeros(100, '\0');
    for (int i = 0; i < 10000; ++i) {
        if (auto put = bucket->put(asBytes(digits(i, 8)), asBytes(zeros)); !put) {
            return put;
        }
    }
    return {};
}

} // namespace

class TestGolden : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;

    [[nodiscard]] QString fresh() {
        static int number = 0;
        return m_dir.filePath(QStringLiteral("%1.db").arg(++number));
    }
    void compareFile(const QString& path, qint64 size, const char* sha256) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.size(), size);
        QCOMPARE(QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256).toHex(),
                 QByteArray(sha256));
    }

private Q_SLOTS:
    void newFile() {
        const QString path = fresh();
        {
            StoreOptions options;
            options.pageSize = 4096;
            QVERIFY(Store::open(path.toStdString(), options));
        }
        compareFile(path, 16384,
                    "f80ea184425737cdc7de57b1c8d4797e8a57ccee797991395e3800cd4ed0ac1e");
    }

    void onePairThenAnEmptyCommit() {
        const QString path = fresh();
        QVERIFY(change(path, [](WriteTransaction& tx) -> Result<void> {
            auto bucket = tx.createBucket(asBytes("widgets"));
            return bucket ? bucket->put(asBytes("foo"), asBytes("bar"))
                          : Result<void>(fail(bucket.error()));
        }));
        compareFile(path, 32768,
                    "9daf3d3ff9f8579599326957e6d8b7fb5551ebaccb3ce8fa74742f33e06462f5");
        QVERIFY(change(path, [](WriteTransaction&) { return Result<void>(); }));
        compareFile(path, 32768,
                    "a2a48f6a88f2649630a12da06b69a3b14da7e8b8cb1ad3b4da36f062b60b7138");
    }

    void tenThousandPairsThenAPutThenADelete() {
        const QString path = fresh();
        QVERIFY(change(path, [](WriteTransaction& tx) { return tenThousand(tx, 0.5); }));
        compareFile(path, 4194304,
                    "b57be1e22efad167fbf458a9d2db76e820239b0c020ea3889ed91b2f20cb7ea7");
        QVERIFY(change(path, [](WriteTransaction& tx) {
            return (*tx.bucket(asBytes("b")))->put(asBytes("00005000"), asBytes("changed"));
        }));
        compareFile(path, 4194304,
                    "b8f113c540ec73a23b5245e8f9ba4e2f7c3dd3b466ca99bb382a71084cd3c196");
        QVERIFY(change(path, [](WriteTransaction& tx) {
            return (*tx.bucket(asBytes("b")))->remove(asBytes("00007000"));
        }));
        compareFile(path, 4194304,
                    "c2c53640c54852ba95854b41aa0a82eb3ef526a2ea53e9d067b7a612735daa65");
    }

    void fullPages() {
        const QString path = fresh();
        QVERIFY(change(path, [](WriteTransaction& tx) { return tenThousand(tx, 1.0); }));
        compareFile(path, 2097152,
                    "4174fe9401e9000ee04cf16be74a6f321b23510b60dc049304ee8900b91210b2");
    }

    void fiveHundredCommits() {
        const QString path = fresh();
        StoreOptions options;
        options.pageSize = 4096;
        options.noSync = true;
        auto store = Store::open(path.toStdString(), options);
        QVERIFY(store);
        for (int i = 0; i < 500; ++i) {
            QVERIFY(store->update([i](WriteTransaction& tx) -> Result<void> {
                auto bucket = tx.createBucketIfNotExists(asBytes("woojits"));
                return bucket ? bucket->put(asBytes(digits(i, 3)), asBytes(std::to_string(i)))
                              : Result<void>(fail(bucket.error()));
            }));
        }
        QVERIFY(store->close());
        compareFile(path, 65536,
                    "1afab43f5220437be7854e284df48c99a7eb23615ae7b57b9eb327638aca543f");
    }

    void nestedBuckets() {
        const QString path = fresh();
        QVERIFY(change(path, [](WriteTransaction& tx) -> Result<void> {
            auto outer = tx.createBucket(asBytes("outer"));
            auto inner = outer->createBucket(asBytes("inner"));
            const std::string zeros(20000, '\0');
            auto done = inner->put(asBytes("big"), asBytes(zeros));
            if (done) {
                done = inner->put(asBytes("small"), asBytes("x"));
            }
            if (done) {
                done = inner->setSequence(77);
            }
            return done ? outer->put(asBytes("k"), asBytes("v")) : done;
        }));
        compareFile(path, 65536,
                    "59a90825e0e715a6262e05bf4554f3cbaa4645affb37b3de633f108dac02f806");
    }

    // Not the bytes but the shapes: bolt's compaction leaves its last commits where they fall.
    void compactedShape_data() {
        QTest::addColumn<qulonglong>("largest"); // bytes of a commit, 0: all in one
        QTest::addColumn<qulonglong>("txid");
        QTest::addColumn<qulonglong>("highWater");
        QTest::addColumn<qulonglong>("root");
        QTest::addColumn<qulonglong>("freePages");
        QTest::newRow("in commits of 64 KiB") << 65536ULL << 18ULL << 325ULL << 322ULL << 5ULL;
        QTest::newRow("in one commit") << 0ULL << 2ULL << 322ULL << 319ULL << 2ULL;
    }

    void compactedShape() {
        QFETCH(qulonglong, largest);
        const QString path = fresh();
        QVERIFY(change(path, [](WriteTransaction& tx) { return tenThousand(tx, 0.5); }));
        const auto source = Store::open(path.toStdString());
        StoreOptions options;
        options.pageSize = 4096;
        auto target = Store::open(fresh().toStdString(), options);
        QVERIFY(source && target);
        CompactOptions how;
        how.maxTransactionBytes = largest;
        QVERIFY(compact(*source->beginRead(), *target, how));
        const auto tx = target->beginRead();
        const Bytes name = asBytes("b");
        const auto bucket = tx->bucket(std::span(&name, 1));
        QVERIFY(bucket);
        QTEST(qulonglong(tx->id().value), "txid");
        QTEST(qulonglong(tx->meta().highWater.value), "highWater");
        QTEST(qulonglong(bucket->rootPage().value), "root");
        const auto stats = bucketStats(*bucket, 4096);
        QVERIFY(stats);
        QCOMPARE(stats->branchPages, 3U);
        QCOMPARE(stats->leafPages, 313U);
        const StoreStatistics now = target->statistics();
        QTEST(qulonglong(now.freePages + now.pendingPages), "freePages");
    }
};

QTEST_GUILESS_MAIN(TestGolden)
#include "tst_golden.moc"
