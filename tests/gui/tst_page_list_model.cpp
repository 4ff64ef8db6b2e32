// SPDX-License-Identifier: MIT
// The page table: every page once, in any order, ordered by a worker.
#include "models/page_list_model.h"
#include "sample_files.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <set>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

class TestPageListModel : public QObject {
    Q_OBJECT

    std::shared_ptr<const Census> m_census;

private Q_SLOTS:
    void initTestCase() {
        const auto file = openSample("library.db");
        QVERIFY(file);
        m_census = censusOf(file);
        QVERIFY(m_census);
    }

    void showsEveryPageInFileOrder() {
        PageListModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setCensus(m_census);
        QCOMPARE(model.rowCount(), 128);
        for (int row = 0; row < 128; ++row) {
            QCOMPARE(model.pageAt(row), PageId{static_cast<std::uint64_t>(row)});
            QCOMPARE(model.rowOf(PageId{static_cast<std::uint64_t>(row)}), row);
        }
        QCOMPARE(model.rowOf(PageId{128}), -1);
        model.setCensus(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void everyColumnOrdersBothWays_data() {
        QTest::addColumn<int>("column");
        QTest::addColumn<bool>("descending");
        for (int column = 0; column < PageListModel::kColumnCount; ++column) {
            QTest::addRow("column %d up", column) << column << false;
            QTest::addRow("column %d down", column) << column << true;
        }
    }
    void everyColumnOrdersBothWays() {
        QFETCH(int, column);
        QFETCH(bool, descending);
        PageListModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setCensus(m_census);
        QSignalSpy ordered(&model, &PageListModel::ordered);
        model.sort(column, descending ? Qt::DescendingOrder : Qt::AscendingOrder);
        QTRY_COMPARE(ordered.count(), 1);
        std::set<std::uint64_t> seen;
        const auto key = [&](int row) -> std::uint64_t {
            const PageRow page = m_census->row(model.pageAt(row));
            switch (column) {
            case PageListModel::IdColumn: return model.pageAt(row).value;
            case PageListModel::KindColumn: return static_cast<std::uint64_t>(page.kind);
            case PageListModel::LifeColumn: return static_cast<std::uint64_t>(page.life);
            case PageListModel::DepthColumn: return page.depth;
            case PageListModel::FillColumn: return page.fill;
            case PageListModel::CountColumn: return page.count;
            case PageListModel::OverflowColumn: return page.overflow;
            case PageListModel::ParentColumn: return page.parent;
            default: return 0; // bucket names are looked at below
            }
        };
        for (int row = 0; row < model.rowCount(); ++row) {
            seen.insert(model.pageAt(row).value);
            QCOMPARE(model.rowOf(model.pageAt(row)), row);
            if (row > 0) {
                QVERIFY(descending ? key(row - 1) >= key(row) : key(row - 1) <= key(row));
            }
        }
        QCOMPARE(seen.size(), std::size_t{128});
    }

    void pagesOfOneBucketStandTogether() {
        PageListModel model;
        model.setCensus(m_census);
        QSignalSpy ordered(&model, &PageListModel::ordered);
        model.sort(PageListModel::BucketColumn);
        QTRY_COMPARE(ordered.count(), 1);
        QStringList names;
        for (int row = 0; row < model.rowCount(); ++row) {
            const QString name = model.index(row, PageListModel::BucketColumn).data().toString();
            if (names.isEmpty() || names.last() != name) {
                names.append(name);
            }
        }
        QCOMPARE(names.removeDuplicates(), qsizetype{0});
        QVERIFY(names.contains(QStringLiteral("books")));
    }

    void persistentIndexesFollowTheirPage() {
        PageListModel model;
        model.setCensus(m_census);
        const QPersistentModelIndex page76(model.index(76, 0));
        QSignalSpy ordered(&model, &PageListModel::ordered);
        model.sort(PageListModel::IdColumn, Qt::DescendingOrder);
        QTRY_COMPARE(ordered.count(), 1);
        QCOMPARE(page76.row(), 127 - 76);
        QCOMPARE(page76.data(PageRole).toULongLong(), 76ULL);
    }

    void aFilterLeavesOnlyWhatPasses() {
        PageListModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setCensus(m_census);
        QSignalSpy ordered(&model, &PageListModel::ordered);
        model.setFilter([census = m_census](PageId page) {
            return census->row(page).kind == PageKind::Branch;
        });
        QTRY_COMPARE(ordered.count(), 1);
        const auto branches = m_census->kindCounts()[static_cast<std::size_t>(PageKind::Branch)];
        QVERIFY(branches > 0);
        QCOMPARE(model.rowCount(), static_cast<int>(branches));
        for (int row = 0; row < model.rowCount(); ++row) {
            QVERIFY(m_census->row(model.pageAt(row)).kind == PageKind::Branch);
        }
        QCOMPARE(model.rowOf(PageId{0}), -1);
        model.setFilter(nullptr);
        QTRY_COMPARE(ordered.count(), 2);
        QCOMPARE(model.rowCount(), 128);
    }

    void hugeFilesAreShownInParts() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("huge.db"));
        QVERIFY(QFile::copy(test::samplePath("library.db"), path));
        QVERIFY(QFile::resize(path, qint64{1024} * (2 * PageListModel::kMaxRows + 5)));
        auto file = PageFile::open(toPath(path));
        QVERIFY(file);
        PageListModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setCensus(test::censusOf(std::make_shared<const PageFile>(std::move(*file))));
        QCOMPARE(model.totalRows(), std::uint64_t{2 * PageListModel::kMaxRows + 5});
        QCOMPARE(model.rowCount(), PageListModel::kMaxRows);
        const PageId last{2 * PageListModel::kMaxRows + 4};
        QCOMPARE(model.rowOf(last), -1);
        model.showPartOf(last);
        QCOMPARE(model.rowCount(), 5);
        QCOMPARE(model.rowOf(last), 4);
        QCOMPARE(model.pageAt(4), last);
        QCOMPARE(model.rowOf(PageId{0}), -1);
        QSignalSpy ordered(&model, &PageListModel::ordered);
        model.sort(PageListModel::IdColumn, Qt::DescendingOrder);
        QTRY_COMPARE(ordered.count(), 1);
        QCOMPARE(model.firstRow(), std::uint64_t{0});
        QCOMPARE(model.pageAt(0), last);
    }

    void onlyTheNewestOrderIsShown() {
        PageListModel model;
        model.setCensus(m_census);
        QSignalSpy ordered(&model, &PageListModel::ordered);
        model.sort(PageListModel::FillColumn);
        model.sort(PageListModel::IdColumn, Qt::DescendingOrder);
        QTRY_COMPARE(ordered.count(), 1);
        QCOMPARE(model.pageAt(0), PageId{127});
        QVERIFY(!model.isOrdering());
    }
};

QTEST_GUILESS_MAIN(TestPageListModel)
#include "tst_page_list_model.moc"
