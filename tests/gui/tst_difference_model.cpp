// SPDX-License-Identifier: MIT
// The comparison as the window tells it: the entries of the model and the sentences have the
// numbers of the engine.
#include "gui/sample_files.h"
#include "models/difference_model.h"
#include "session/comparer.h"
#include "state/place.h"
#include "support/diff_fixture.h"
#include "views/difference_panel.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTreeView>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

namespace {

// All that a comparison brings, gathered as the panel does it.
struct Compared {
    ComparisonPtr comparison;
    std::vector<DifferenceEntry> entries;
};

Compared compareAll(const QString& before, const QString& after) {
    Comparer comparer;
    Compared all;
    QObject::connect(&comparer, &Comparer::found, &comparer,
                     [&](const std::vector<DifferenceEntry>& entries) {
                         all.entries.insert(all.entries.end(), entries.begin(), entries.end());
                     });
    QSignalSpy finished(&comparer, &Comparer::finished);
    before == after ? comparer.compareVersions(after) : comparer.compareFiles(before, after);
    if (finished.wait(20000) || !finished.isEmpty()) {
        all.comparison = finished[0][0].value<ComparisonPtr>();
    }
    return all;
}

DifferenceEntry entryOf(DiffKind kind, std::vector<QByteArray> path, const char* key) {
    DifferenceEntry entry;
    entry.kind = kind;
    entry.path = std::make_shared<const std::vector<QByteArray>>(std::move(path));
    entry.key = key;
    return entry;
}

} // namespace

class TestDifferenceModel : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString written(const pagescape::test::FileBuilder& file, const char* name) {
        const QString path = m_dir.filePath(QString::fromUtf8(name));
        return QString::fromStdString(file.write(path.toStdString()).string());
    }

private Q_SLOTS:
    void entriesAndTotalsAreThoseOfTheEngine_data();
    void entriesAndTotalsAreThoseOfTheEngine();
    void everyEntryStandsUnderItsBucket();
    void placesNameTheKeyInTheFile();
    void partsMakeTheSameModelAsTheWhole();
    void valuesAreToldOnTheSidesThatHaveThem();
    void placesOfTheOtherFileAreNotOffered();
    void missingVersionIsASentence();
    void stoppedComparisonSaysSo();
    void listIsBoundedAndTotalsAreNot();
    void pagesWithoutACellAreTold();
    void panelShowsWhatItIsTold();
};

void TestDifferenceModel::entriesAndTotalsAreThoseOfTheEngine_data() {
    QTest::addColumn<QString>("path");
    QTest::newRow("library") << samplePath("library.db");
    QTest::newRow("etcd") << samplePath("etcd.db");
    QTest::newRow("two versions") << written(pagescape::test::twoVersions(), "two.db");
}

void TestDifferenceModel::entriesAndTotalsAreThoseOfTheEngine() {
    QFETCH(QString, path);
    const Fingerprint before = fingerprint(path);
    const Compared found = compareAll(path, path);
    QVERIFY(found.comparison);
    QCOMPARE(found.comparison->error, QString());
    const auto file = PageFile::open(toPath(path));
    const auto sides = bothSides(*file);
    QVERIFY(sides.has_value());
    std::size_t items = 0;
    const auto expected = diffVersions(sides->first, sides->second, [&](const DiffItem& item) {
        const DifferenceEntry& entry = found.entries.at(items++);
        return entry.kind == item.kind && entry.key == toQByteArray(item.key);
    });
    QVERIFY(expected && expected->isWhole);
    QCOMPARE(found.entries.size(), items);
    const DiffSummary& summary = found.comparison->summary;
    QCOMPARE(summary.keysAdded, expected->keysAdded);
    QCOMPARE(summary.keysRemoved, expected->keysRemoved);
    QCOMPARE(summary.keysChanged, expected->keysChanged);
    QVERIFY(summary.pages.onlyBefore == expected->pages.onlyBefore);
    QVERIFY(summary.pages.onlyAfter == expected->pages.onlyAfter);
    QCOMPARE(found.comparison->before.txid, sides->first.meta.txid.value);
    QCOMPARE(found.comparison->after.txid, sides->second.meta.txid.value);
    const QString cost = costSentence(*found.comparison);
    QVERIFY2(
        cost.startsWith(
            QStringLiteral("%1 of %2 page").arg(summary.pagesRead).arg(file->layout().pageCount)),
        qPrintable(cost));
    QVERIFY(fingerprint(path) == before);
}

void TestDifferenceModel::everyEntryStandsUnderItsBucket() {
    const QString path = written(pagescape::test::twoVersions(), "two.db");
    const Compared found = compareAll(path, path);
    DifferenceModel model;
    const QAbstractItemModelTester tester(&model);
    model.append(found.entries);
    QCOMPARE(model.entryCount(), found.entries.size());
    QStringList lines;
    for (int group = 0; group < model.rowCount(); ++group) {
        const QModelIndex bucket = model.index(group, 0);
        for (int row = 0; row < model.rowCount(bucket); ++row) {
            lines += bucket.data().toString().section(u' ', 0, 0) + u' ' +
                     model.index(row, 0, bucket).data().toString();
        }
    }
    lines.sort();
    QCOMPARE(lines, (QStringList{QStringLiteral("(root) ~ tree"), QStringLiteral("inl ~ b"),
                                 QStringLiteral("tree + o"), QStringLiteral("tree \u2212 n")}));
}

void TestDifferenceModel::placesNameTheKeyInTheFile() {
    const QString path = samplePath("library.db");
    const Compared found = compareAll(path, path);
    QVERIFY(!found.entries.empty());
    DifferenceModel model;
    model.append(found.entries);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    int checked = 0;
    for (int group = 0; group < model.rowCount(); ++group) {
        const QModelIndex bucket = model.index(group, 0);
        for (int row = 0; row < model.rowCount(bucket); ++row) {
            const QModelIndex index = model.index(row, 0, bucket);
            const Place place = index.data(PlaceRole).value<Place>();
            QVERIFY(place.page.has_value());
            QCOMPARE(quint64(place.page->value), index.data(PageRole).toULongLong());
            if (place.bytes) {
                QCOMPARE(bytes.mid(qsizetype(place.bytes->begin), qsizetype(place.bytes->size())),
                         index.data(KeyRole).toByteArray());
                ++checked;
            }
        }
    }
    QVERIFY(checked > 0);
}

void TestDifferenceModel::partsMakeTheSameModelAsTheWhole() {
    std::vector<DifferenceEntry> entries;
    for (int i = 0; i < 40; ++i) { // a bucket, then one inside it, then the first again
        entries.push_back(entryOf(DiffKind::Added, {"a"}, "k1"));
        entries.push_back(entryOf(DiffKind::Removed, {"a", "b"}, "k2"));
    }
    DifferenceModel whole;
    whole.append(entries);
    DifferenceModel parts;
    const QAbstractItemModelTester tester(&parts);
    for (std::size_t at = 0; at < entries.size(); at += 7) {
        const std::size_t end = std::min(at + 7, entries.size());
        parts.append({entries.begin() + std::ptrdiff_t(at), entries.begin() + std::ptrdiff_t(end)});
    }
    QCOMPARE(whole.rowCount(), 2);
    QCOMPARE(parts.rowCount(), 2);
    for (int group = 0; group < 2; ++group) {
        QCOMPARE(parts.rowCount(parts.index(group, 0)), 40);
        QCOMPARE(parts.index(group, 0).data(), whole.index(group, 0).data());
    }
    parts.clear();
    QCOMPARE(parts.rowCount(), 0);
}

void TestDifferenceModel::valuesAreToldOnTheSidesThatHaveThem() {
    DifferenceEntry changed = entryOf(DiffKind::Changed, {}, "k");
    changed.before = "old";
    changed.beforeSize = 3;
    changed.after = QByteArray(256, 'x');
    changed.afterSize = 5000;
    changed.pageBefore = PageId{4};
    changed.pageAfter = PageId{9};
    DifferenceEntry bucket = entryOf(DiffKind::Removed, {}, "b");
    bucket.isBucket = true;
    bucket.sequenceBefore = 7;
    DifferenceEntry empty = entryOf(DiffKind::Added, {}, "e");
    DifferenceModel model;
    model.append({changed, bucket, empty});
    const auto text = [&model](int row, int column) {
        return model.index(row, column, model.index(0, 0)).data().toString();
    };
    QCOMPARE(text(0, DifferenceModel::BeforeColumn), QStringLiteral("old"));
    QVERIFY(text(0, DifferenceModel::AfterColumn).contains(QStringLiteral("4.9")));
    QCOMPARE(text(0, DifferenceModel::PageColumn), QStringLiteral("4 \u2192 9"));
    QVERIFY(text(1, DifferenceModel::BeforeColumn).contains(u'7'));
    QCOMPARE(text(1, DifferenceModel::AfterColumn), QString());
    QCOMPARE(text(2, DifferenceModel::BeforeColumn), QString());
    QCOMPARE(text(2, DifferenceModel::AfterColumn), QStringLiteral("(empty)"));
    // A screen reader says the word, not the sign.
    QCOMPARE(model.index(0, 0, model.index(0, 0)).data(Qt::AccessibleTextRole).toString(),
             QStringLiteral("changed: k"));
}

void TestDifferenceModel::placesOfTheOtherFileAreNotOffered() {
    DifferenceEntry removed = entryOf(DiffKind::Removed, {}, "k");
    removed.pageBefore = PageId{3};
    DifferenceModel model;
    model.append({removed});
    const QModelIndex index = model.index(0, 0, model.index(0, 0));
    QVERIFY(!index.data(PlaceRole).value<Place>().isEmpty());
    model.setShown(DiffOrigin::After, false);
    QVERIFY(index.data(PlaceRole).value<Place>().isEmpty());
}

void TestDifferenceModel::missingVersionIsASentence() {
    pagescape::test::FileBuilder file = pagescape::test::twoVersions();
    file.poke(0, 40, std::uint8_t{0x55}); // a meta that fails its checksum
    const QString path = written(file, "one.db");
    const Compared found = compareAll(path, path);
    QVERIFY(found.comparison);
    QVERIFY(!found.comparison->error.isEmpty());
    QVERIFY(limitsSentence(*found.comparison, 0).contains(found.comparison->error));
    const Compared missing = compareAll(QStringLiteral("/nowhere/at.db"), path);
    QVERIFY(!missing.comparison->error.isEmpty());
}

void TestDifferenceModel::stoppedComparisonSaysSo() {
    Comparer comparer;
    QSignalSpy finished(&comparer, &Comparer::finished);
    comparer.compareFiles(samplePath("library.db"), samplePath("etcd.db"));
    QVERIFY(comparer.isRunning());
    QCOMPARE(comparer.tasks().front().id, Comparer::kTask);
    comparer.stop();
    QVERIFY(finished.wait());
    const auto comparison = finished[0][0].value<ComparisonPtr>();
    QVERIFY(comparison->isStopped || comparison->summary.isWhole);
    if (comparison->isStopped) {
        QVERIFY(limitsSentence(*comparison, 0).contains(QStringLiteral("stopped")));
    }
    QVERIFY(comparer.tasks().empty());
}

void TestDifferenceModel::listIsBoundedAndTotalsAreNot() {
    Comparison comparison;
    comparison.summary.keysAdded = 25'000;
    QVERIFY(limitsSentence(comparison, kMostDifferences).contains(QStringLiteral("first 10")));
    QCOMPARE(limitsSentence(comparison, 25'000), QString());
    QVERIFY(entriesSentence(comparison).contains(QStringLiteral("25\u202F000 added")));
    comparison.summary.partsSkipped = 2;
    QVERIFY(limitsSentence(comparison, 25'000).contains(QStringLiteral("2 damaged")));
}

void TestDifferenceModel::pagesWithoutACellAreTold() {
    Comparison comparison;
    comparison.isOneFile = false;
    comparison.after.pageCount = 10;
    comparison.summary.pages.onlyBefore = {{PageId{3}, 2}, {PageId{8}, 5}};
    const QString words = pagesSentence(comparison, std::nullopt);
    QVERIFY2(words.contains(QStringLiteral("7 only before")), qPrintable(words));
    QVERIFY2(words.contains(QStringLiteral("3 of those only before lie beyond the end")),
             qPrintable(words));
}

void TestDifferenceModel::panelShowsWhatItIsTold() {
    SelectionHub hub;
    DifferencePanel panel(&hub);
    panel.show();
    QVERIFY(panel.compareButton()->isVisible());
    QSignalSpy stop(&panel, &DifferencePanel::stopRequested);
    panel.begin(QStringLiteral("Comparing."));
    QVERIFY(panel.stopButton()->isVisible() && !panel.compareButton()->isVisible());
    panel.stopButton()->click();
    QCOMPARE(stop.size(), 1);
    const QString path = samplePath("library.db");
    const Compared found = compareAll(path, path);
    panel.append(found.entries);
    panel.setComparison(found.comparison, 77);
    QVERIFY(panel.summary().contains(QStringLiteral("77 the same")));
    QVERIFY(panel.summary().contains(costSentence(*found.comparison)));
    QVERIFY(panel.mapButton()->isVisible() && panel.endButton()->isVisible());
    const QModelIndex entry = panel.model().index(0, 0, panel.model().index(0, 0));
    panel.tree()->setCurrentIndex(entry);
    QCOMPARE(hub.selection().page, entry.data(PlaceRole).value<Place>().page);
}

QTEST_MAIN(TestDifferenceModel)
#include "tst_difference_model.moc"
