// SPDX-License-Identifier: MIT
// A real traced Get as a table.
#include "models/caption.h"
#include "models/trace_model.h"
#include "sample_files.h"
#include "session/get_runner.h"
#include "state/place.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

class TestTraceModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyEventIsARow() {
        const auto file = openSample("library.db");
        QVERIFY(file);
        const auto trace = std::make_shared<const GetTrace>(runGet(file, {"hours"}, "monday"));
        QVERIFY(!trace->events.empty());
        TraceModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setTrace(trace);
        QCOMPARE(model.rowCount(), static_cast<int>(trace->events.size()));
        for (int row = 0; row < model.rowCount(); ++row) {
            const auto& event = trace->events[static_cast<std::size_t>(row)];
            QCOMPARE(model.index(row, TraceModel::NumberColumn).data().toInt(), row + 1);
            QCOMPARE(model.index(row, TraceModel::CaptionColumn).data().toString(),
                     captionAt(*trace, row));
            QVERIFY(!model.index(row, TraceModel::KindColumn).data().toString().isEmpty());
            QCOMPARE(model.index(row, 0).data(PageRole).toULongLong(),
                     quint64{eventPage(event).value});
            QVERIFY(model.index(row, 0).data(PlaceRole).value<Place>().page.has_value());
        }
        model.setTrace(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_GUILESS_MAIN(TestTraceModel)
#include "tst_trace_model.moc"
