// SPDX-License-Identifier: MIT
// Findings of a damaged sample as rows, growing while the check runs.
#include "models/problem_model.h"
#include "sample_files.h"
#include "state/place.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

class TestProblemModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void findingsOfADamagedFileLeadToTheirPages() {
        const auto file = openSample("damaged/branch-cycle-self.db");
        QVERIFY(file);
        ProblemModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        std::vector<Finding> findings;
        const auto summary = check(*file, {}, [&](Finding finding) {
            findings.push_back(std::move(finding));
            model.setFindings(findings, file->layout().pageSize);
        });
        QVERIFY(summary);
        QVERIFY(!findings.empty());
        QCOMPARE(model.rowCount(), static_cast<int>(findings.size()));
        bool hasCycle = false;
        for (int row = 0; row < model.rowCount(); ++row) {
            const Finding& finding = findings[static_cast<std::size_t>(row)];
            const Place place = model.index(row, 0).data(PlaceRole).value<Place>();
            QCOMPARE(place.page, finding.page);
            QVERIFY(!model.index(row, ProblemModel::TextColumn).data().toString().isEmpty());
            hasCycle = hasCycle || (finding.code == FindingCode::Cycle && place.page == PageId{18});
        }
        QVERIFY(hasCycle);
    }

    void growingListsAreAppended() {
        ProblemModel model;
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        std::vector<Finding> findings;
        for (std::uint64_t page = 0; page < 5; ++page) {
            Finding finding;
            finding.code = FindingCode::Leak;
            finding.page = PageId{page};
            finding.text = "page " + std::to_string(page);
            findings.push_back(finding);
            model.setFindings(findings, 4096);
        }
        QCOMPARE(model.rowCount(), 5);
        const qsizetype resets = reset.count(); // the page size became known
        QVERIFY(resets <= 1);
        QCOMPARE(inserted.count() + resets, 5);
        model.setFindings({}, 4096);
        QCOMPARE(model.rowCount(), 0);
    }

    void anOffsetAloneStillNamesAPage() {
        ProblemModel model;
        Finding finding;
        finding.code = FindingCode::MetaInvalid;
        finding.offset = 4096 + 72;
        model.setFindings({finding}, 4096);
        const Place place = model.index(0, 0).data(PlaceRole).value<Place>();
        QCOMPARE(place.page, PageId{1});
        QCOMPARE(place.bytes, (ByteRange{4168, 4169}));
    }

    void everyCodeHasATitleOfItsOwn() {
        QStringList titles;
        for (int code = 0; code <= static_cast<int>(FindingCode::GaveUp); ++code) {
            titles.append(findingTitle(static_cast<FindingCode>(code)));
        }
        QVERIFY(!titles.contains(QString()));
        QCOMPARE(titles.removeDuplicates(), qsizetype{0});
    }
};

QTEST_GUILESS_MAIN(TestProblemModel)
#include "tst_problem_model.moc"
