// SPDX-License-Identifier: MIT
// The box of branches: it shows where one is, and tells where one wants to go.
#include "views/branch_box.h"

#include <QSignalSpy>
#include <QtTest>

using namespace pagescape::gui;

class TestBranchBox : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tellsWhatWasChosen();
};

void TestBranchBox::tellsWhatWasChosen() {
    BranchBox box;
    QVERIFY(!box.isEnabled());
    box.setBranches({{4, QStringLiteral("Put a"), false}, {9, QStringLiteral("Put b"), true}});
    QVERIFY(box.isEnabled());
    QCOMPARE(box.currentIndex(), 1);
    QSignalSpy chosen(&box, &BranchBox::branchChosen);
    Q_EMIT box.activated(1); // where one is already
    QCOMPARE(chosen.size(), 0);
    box.setCurrentIndex(0);
    Q_EMIT box.activated(0);
    QCOMPARE(chosen.takeFirst().first().toInt(), 4);
    QCOMPARE(box.currentIndex(), 1); // not there yet
    box.setBusy(true);
    QVERIFY(!box.isEnabled());
    box.setBranches({{4, QStringLiteral("Put a"), true}, {9, QStringLiteral("Put b"), false}});
    box.setBusy(false);
    QCOMPARE(box.currentIndex(), 0);
    box.setBranches({{4, QStringLiteral("Put a"), false}, {9, QStringLiteral("Put b"), false}});
    QCOMPARE(box.currentIndex(), -1);
}

QTEST_MAIN(TestBranchBox)
#include "tst_branch_box.moc"
