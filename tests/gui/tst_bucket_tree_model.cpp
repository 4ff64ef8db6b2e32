// SPDX-License-Identifier: MIT
// The bucket tree over real files: the same entries as an independent walk, loaded in chunks.
#include "models/bucket_tree_model.h"
#include "pagescape/walk.h"
#include "sample_files.h"
#include "session/session_entries.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

namespace {

// "bucket/bucket/key" lines of everything, as the engine's own walk finds it.
QStringList walkedLines(const PageFile& file) {
    QStringList lines;
    const auto done = walkEntries(file, [&](const WalkItem& item) {
        QStringList parts;
        for (const Bytes name : *item.path) {
            parts.append(QString::fromLatin1(toQByteArray(name).toHex()));
        }
        parts.append(QString::fromLatin1(toQByteArray(item.key).toHex()) +
                     (item.isBucket ? QStringLiteral("{}") : QString()));
        lines.append(parts.join(QLatin1Char('/')));
        return true;
    });
    return done ? lines : QStringList();
}

struct Fixture {
    explicit Fixture(const char* name)
        : file(openSample(name)), census(censusOf(file)), entries(file) {
        model.setSource(&entries, census);
    }
    std::shared_ptr<const PageFile> file;
    std::shared_ptr<const Census> census;
    SessionEntries entries;
    BucketTreeModel model;
};

// Loads everything below an index, waiting for each chunk. The model tester may have asked first.
bool loadAll(BucketTreeModel& model, const QModelIndex& index) {
    const QPersistentModelIndex at(index);
    while (model.canFetchMore(at) || (model.hasChildren(at) && model.rowCount(at) == 0)) {
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.fetchMore(at);
        if (!QTest::qWaitFor([&] { return inserted.count() + changed.count() > 0; })) {
            return false;
        }
    }
    for (int row = 0; row < model.rowCount(at); ++row) {
        if (!loadAll(model, model.index(row, 0, at))) {
            return false;
        }
    }
    return true;
}

void collectLines(const BucketTreeModel& model, const QModelIndex& parent, const QString& prefix,
                  QStringList& lines) {
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        const QString key = prefix + QString::fromLatin1(index.data(KeyRole).toByteArray().toHex());
        const bool isBucket = index.data(IsBucketRole).toBool();
        lines.append(key + (isBucket ? QStringLiteral("{}") : QString()));
        collectLines(model, index, key + QLatin1Char('/'), lines);
    }
}

} // namespace

class TestBucketTreeModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void holdsTheSameEntriesAsAnIndependentWalk_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"library.db", "etcd.db", "containerd.db", "podman.db"}) {
            QTest::newRow(name) << QString::fromUtf8(name);
        }
    }
    void holdsTheSameEntriesAsAnIndependentWalk() {
        QFETCH(QString, name);
        Fixture f(name.toUtf8().constData());
        const QAbstractItemModelTester tester(
            &f.model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(loadAll(f.model, f.model.index(0, 0)));
        QStringList lines;
        collectLines(f.model, f.model.index(0, 0), {}, lines);
        const QStringList walked = walkedLines(*f.file);
        QVERIFY(!walked.isEmpty());
        QCOMPARE(lines, walked);
    }

    void placesPointAtTheKeysBytes() {
        Fixture f("library.db");
        QVERIFY(loadAll(f.model, f.model.index(0, 0)));
        const QModelIndex index = f.model.find({"loans", "2026-01"}, {});
        QVERIFY(index.data(IsInlineRole).toBool());
        for (int row = 0; row < f.model.rowCount(index); ++row) {
            const QModelIndex key = f.model.index(row, 0, index);
            const Place place = key.data(PlaceRole).value<Place>();
            QVERIFY(place.page && place.bytes);
            const auto bytes = f.file->readBytes(*place.bytes);
            QVERIFY(bytes);
            QCOMPARE(toQByteArray(*bytes), key.data(KeyRole).toByteArray());
            QCOMPARE(place.element, -1);
            QCOMPARE(f.model.bucketPathAt(key), (std::vector<QByteArray>{"loans", "2026-01"}));
        }
        QVERIFY(f.model.rowCount(index) > 0);
    }

    void figuresComeFromTheCensus() {
        Fixture f("library.db");
        QVERIFY(loadAll(f.model, f.model.index(0, 0)));
        const QModelIndex books = f.model.find({"books"}, {});
        QCOMPARE(books.siblingAtColumn(BucketTreeModel::EntriesColumn).data().toString(),
                 QStringLiteral("130"));
        QCOMPARE(books.siblingAtColumn(BucketTreeModel::DepthColumn).data().toString(),
                 QStringLiteral("3"));
        const double fill = books.data(FillRole).toDouble();
        QVERIFY(fill > 0.2 && fill <= 1);
        const QModelIndex hours = f.model.find({"hours"}, {});
        QCOMPARE(hours.siblingAtColumn(BucketTreeModel::PagesColumn).data().toString(),
                 QStringLiteral("inline"));
        QVERIFY(!hours.data(BucketIndexRole).isValid());
    }

    void aBigBucketArrivesInChunks() {
        const QString path = QStringLiteral(PAGESCAPE_SHARED_DIR "/data/gen-random-8k-1024.db");
        if (!QFile::exists(path)) {
            QSKIP("the shared databases are not here");
        }
        auto opened = PageFile::open(toPath(path));
        QVERIFY(opened);
        const auto file = std::make_shared<const PageFile>(std::move(*opened));
        SessionEntries entries(file);
        BucketTreeModel model;
        model.setSource(&entries, censusOf(file));
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        model.fetchMore(model.index(0, 0));
        QVERIFY(!model.canFetchMore(model.index(0, 0))); // asked already
        QTRY_COMPARE(inserted.count(), 1);
        const QPersistentModelIndex bucket(model.index(0, 0, model.index(0, 0)));
        model.fetchMore(bucket);
        QTRY_COMPARE(inserted.count(), 2);
        QCOMPARE(model.rowCount(bucket), BucketTreeModel::kChunk);
        QVERIFY(model.canFetchMore(bucket));
        QVERIFY(loadAll(model, bucket));
        QCOMPARE(model.rowCount(bucket), 8000);
        for (int row = 1; row < 8000; ++row) {
            const auto before = model.index(row - 1, 0, bucket).data(KeyRole).toByteArray();
            const auto key = model.index(row, 0, bucket).data(KeyRole).toByteArray();
            QVERIFY(compareKeys(toBytes(before), toBytes(key)) < 0);
        }
    }

    void damageIsARowAndTheRestStaysReadable() {
        Fixture f("damaged/branch-cycle-self.db");
        QVERIFY(loadAll(f.model, f.model.index(0, 0)));
        int notes = 0;
        int keys = 0;
        const std::function<void(QModelIndex)> count = [&](const QModelIndex& parent) {
            for (int row = 0; row < f.model.rowCount(parent); ++row) {
                const QModelIndex index = f.model.index(row, 0, parent);
                const bool isNote = !index.data(PageRole).isValid();
                notes += isNote ? 1 : 0;
                keys += isNote ? 0 : 1;
                QVERIFY(!isNote || index.data().toString().contains(QStringLiteral("18")));
                count(index);
            }
        };
        count(f.model.index(0, 0));
        QVERIFY(notes > 0);
        QVERIFY(keys > 100);
    }

    void formatsAreAppliedByBucket() {
        Fixture f("library.db");
        QVERIFY(loadAll(f.model, f.model.index(0, 0)));
        const QModelIndex loan = f.model.index(0, 0, f.model.find({"loans", "2026-02"}, {}));
        const QString before = loan.data().toString();
        QSignalSpy changed(&f.model, &QAbstractItemModel::dataChanged);
        f.model.setFormats(
            [](const std::vector<QByteArray>& bucket) {
                return !bucket.empty() && bucket.front() == "loans" ? ValueFormat::UintBig
                                                                    : ValueFormat::Auto;
            },
            {});
        QVERIFY(changed.count() > 0);
        bool isNumber = false;
        loan.data().toString().toULongLong(&isNumber);
        QVERIFY(isNumber);
        QVERIFY(loan.data().toString() != before);
    }

    void aVanishedSourceIsHarmless() {
        BucketTreeModel model;
        const auto file = openSample("library.db");
        {
            SessionEntries entries(file);
            model.setSource(&entries, censusOf(file));
            model.fetchMore(model.index(0, 0));
        }
        QVERIFY(!model.canFetchMore(model.index(0, 0)));
        model.setSource(nullptr, nullptr);
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_GUILESS_MAIN(TestBucketTreeModel)
#include "tst_bucket_tree_model.moc"
