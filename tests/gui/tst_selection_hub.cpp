// SPDX-License-Identifier: MIT
// The shared selection: echo-safe, with history that works like a browser's.
#include "state/selection_hub.h"

#include <QSignalSpy>
#include <QTest>

using namespace pagescape;
using namespace pagescape::gui;

class TestSelectionHub : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void selectingTheSamePlaceAgainIsSilent() {
        SelectionHub hub;
        QSignalSpy changed(&hub, &SelectionHub::selectionChanged);
        hub.selectPage(PageId{7});
        hub.selectPage(PageId{7});
        QCOMPARE(changed.count(), 1);
    }

    void echoFromAListenerEnds() {
        SelectionHub hub;
        int calls = 0;
        connect(&hub, &SelectionHub::selectionChanged, &hub, [&](const Place& place) {
            ++calls;
            hub.select(place);
        });
        hub.selectPage(PageId{3});
        QCOMPARE(calls, 1);
    }

    void backAndForwardRestoreWholePlaces() {
        SelectionHub hub;
        Place first;
        first.page = PageId{4};
        first.bytes = ByteRange{4100, 4110};
        first.element = 2;
        hub.select(first);
        hub.selectPage(PageId{5});
        hub.selectPage(PageId{6});
        QVERIFY(hub.canGoBack());
        hub.goBack(2);
        QCOMPARE(hub.selection(), first);
        QVERIFY(!hub.canGoBack());
        hub.goForward();
        QCOMPARE(hub.selection().page, PageId{5});
        QCOMPARE(hub.forwardList().size(), std::size_t{1});
        hub.goForward();
        QCOMPARE(hub.selection().page, PageId{6});
        QVERIFY(!hub.canGoForward());
    }

    void movingInsideAPageIsNoStep() {
        SelectionHub hub;
        hub.selectPage(PageId{4});
        Place finer;
        finer.page = PageId{4};
        finer.element = 1;
        hub.select(finer);
        QVERIFY(!hub.canGoBack());
    }

    void aNewSelectionDropsWhatLayAhead() {
        SelectionHub hub;
        hub.selectPage(PageId{1});
        hub.selectPage(PageId{2});
        hub.goBack();
        QVERIFY(hub.canGoForward());
        hub.selectPage(PageId{9});
        QVERIFY(!hub.canGoForward());
        hub.goBack();
        QCOMPARE(hub.selection().page, PageId{1});
    }

    void historyForgetsTheOldestAboveTheCap() {
        SelectionHub hub;
        for (std::uint64_t page = 0; page <= SelectionHub::kHistoryCap + 50; ++page) {
            hub.selectPage(PageId{page});
        }
        QCOMPARE(hub.backList().size(), SelectionHub::kHistoryCap);
        QCOMPARE(hub.backList().front().page, PageId{50});
        hub.goBack(1000000);
        QCOMPARE(hub.selection().page, PageId{50});
    }

    void hoverIsSeparateFromSelection() {
        SelectionHub hub;
        hub.selectPage(PageId{1});
        QSignalSpy selected(&hub, &SelectionHub::selectionChanged);
        QSignalSpy hovered(&hub, &SelectionHub::hoverChanged);
        Place place;
        place.page = PageId{2};
        hub.setHover(place);
        hub.setHover(place);
        hub.setHover({});
        QCOMPARE(hovered.count(), 2);
        QCOMPARE(selected.count(), 0);
        QCOMPARE(hub.selection().page, PageId{1});
    }

    void clearForgetsEverything() {
        SelectionHub hub;
        hub.selectPage(PageId{1});
        hub.selectPage(PageId{2});
        QSignalSpy history(&hub, &SelectionHub::historyChanged);
        hub.clear();
        QCOMPARE(hub.selection(), Place{});
        QVERIFY(!hub.canGoBack());
        QCOMPARE(history.count(), 1);
        hub.clear();
        QCOMPARE(history.count(), 1);
    }
};

QTEST_GUILESS_MAIN(TestSelectionHub)
#include "tst_selection_hub.moc"
