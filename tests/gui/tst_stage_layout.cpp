// SPDX-License-Identifier: MIT
// Geometry of the picture of a write transaction: whatever the room and the size of the text, its
// parts keep apart, hold what they should, and can be pointed at.
#include "layout/stage_layout.h"

#include <QtTest>

#include <set>

using namespace pagescape;
using namespace pagescape::gui;

using Kind = StageTarget::Kind;

namespace {

// A branch with leaves below it, every third of which is larger than a page.
std::vector<StageNodeBox> tree(std::uint32_t nodes) {
    std::vector<StageNodeBox> boxes;
    for (std::uint32_t number = 1; number <= nodes; ++number) {
        boxes.push_back({number, number == 1 ? 0U : 1U, number % 3 == 0 ? 1.7 : 0.4});
    }
    return boxes;
}

StageLayoutSpec specOf(const QSizeF& room, std::uint32_t nodes, quint64 pages, qreal line = 15) {
    StageLayoutSpec spec;
    spec.room = room;
    spec.metrics = {line, line * 0.52};
    spec.nodes = tree(nodes);
    spec.pageCount = pages;
    spec.gutter = 4 * line;
    for (auto& lane : spec.chipWidths) {
        lane.assign(20, 2.4 * line);
    }
    return spec;
}

// All rectangles that must not meet.
std::vector<QRectF> parts(const StageLayout& layout) {
    std::vector<QRectF> rects{layout.memoryTitle(), layout.memoryArea(), layout.fileTitle(),
                              layout.gridArea(),    layout.crashLine(),  layout.meta(0).rect,
                              layout.meta(1).rect};
    for (std::size_t i = 0; i < kStageLaneCount; ++i) {
        rects.push_back(layout.lane(StageLane(i)).rect);
        if (i + 1 < kStageLaneCount) {
            rects.push_back(layout.gapAfter(StageLane(i)));
        }
    }
    return rects;
}

bool meet(const QRectF& a, const QRectF& b) {
    return a.adjusted(0.01, 0.01, -0.01, -0.01).intersects(b.adjusted(0.01, 0.01, -0.01, -0.01));
}

bool holds(const QRectF& outer, const QRectF& inner) {
    return outer.adjusted(-0.5, -0.5, 0.5, 0.5).contains(inner);
}

} // namespace

class TestStageLayout : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void partsKeepApart_data();
    void partsKeepApart();
    void everythingCanBePointedAt_data();
    void everythingCanBePointedAt();
    void childrenStandBelowTheirParents();
    void overfullNodesAreTallerThanAPage();
    void cardsShrinkBeforeTheyAreLeftOut();
    void neighboursLieOnTheNextLine();
    void chipsThatHaveNoRoomAreCounted();
    void placesDoNotDependOnTheNodes();
    void oddParentsAreRoots();
};

void TestStageLayout::partsKeepApart_data() {
    QTest::addColumn<QSizeF>("room");
    QTest::addColumn<int>("nodes");
    QTest::addColumn<int>("pages");
    QTest::addColumn<int>("line");
    const std::array rooms{QSizeF(520, 400), QSizeF(640, 420), QSizeF(1180, 660), QSizeF(300, 200)};
    for (const QSizeF& room : rooms) {
        for (const int nodes : {0, 1, 9, 60, 2000}) {
            for (const int pages : {4, 40, 300, 20000}) {
                for (const int line : {13, 16, 26}) {
                    QTest::addRow("%d nodes, %d pages, %gx%g, line %d", nodes, pages, room.width(),
                                  room.height(), line)
                        << room << nodes << pages << line;
                }
            }
        }
    }
}

void TestStageLayout::partsKeepApart() {
    QFETCH(QSizeF, room);
    QFETCH(int, nodes);
    QFETCH(int, pages);
    QFETCH(int, line);
    const StageLayout layout(specOf(room, std::uint32_t(nodes), quint64(pages), line));
    const QRectF picture(QPointF(0, 0), layout.contentSize());
    QVERIFY(picture.width() == room.width() && picture.height() >= room.height());
    const std::vector<QRectF> all = parts(layout);
    for (std::size_t i = 0; i < all.size(); ++i) {
        QVERIFY2(holds(picture, all[i]), qPrintable(QString::number(i)));
        for (std::size_t k = 0; k < i; ++k) {
            QVERIFY2(!meet(all[i], all[k]), qPrintable(QStringLiteral("%1, %2").arg(i).arg(k)));
        }
    }
    const auto& cards = layout.nodes().cards();
    QCOMPARE(cards.size() + layout.nodes().hiddenCount(), std::size_t(nodes));
    for (std::size_t i = 0; i < cards.size(); ++i) {
        QVERIFY(holds(layout.memoryArea(), cards[i].rect) || cards.size() == 1);
        QVERIFY(i == 0 || !meet(cards[i].rect, cards[i - 1].rect));
    }
    // Every page has a cell, unless there are more than pixels.
    const QRectF last = layout.pageRect(PageId{quint64(pages) - 1});
    QVERIFY(pages > 300 || room.width() < 500 || holds(layout.gridArea(), last));
    for (std::size_t i = 0; i < kStageLaneCount; ++i) {
        const StageLaneBox& lane = layout.lane(StageLane(i));
        for (const QRectF& inner : {lane.title, lane.amount, lane.fate, lane.more}) {
            QVERIFY(inner.isEmpty() || holds(lane.rect, inner));
        }
        for (const QRectF& chip : lane.chips) {
            QVERIFY(holds(lane.rect, chip) && !meet(chip, lane.amount) && !meet(chip, lane.fate));
            QVERIFY(lane.more.isEmpty() || !meet(chip, lane.more));
        }
    }
    for (std::size_t i = 0; i < 2; ++i) {
        QVERIFY(!meet(layout.meta(i).title, layout.meta(i).badge));
        for (const QRectF& row : layout.meta(i).rows) {
            QVERIFY(holds(layout.meta(i).rect, row) && !meet(row, layout.meta(i).badge));
        }
    }
}

void TestStageLayout::everythingCanBePointedAt_data() {
    QTest::addColumn<int>("nodes");
    QTest::addColumn<int>("pages");
    QTest::newRow("small") << 6 << 30;
    QTest::newRow("300 pages") << 60 << 300;
}

void TestStageLayout::everythingCanBePointedAt() {
    QFETCH(int, nodes);
    QFETCH(int, pages);
    const StageLayout layout(specOf({640, 420}, std::uint32_t(nodes), quint64(pages)));
    const auto check = [&](const StageTarget& target) {
        const QRectF rect = layout.rectOf(target);
        return !rect.isEmpty() && layout.targetAt(rect.center()) == target;
    };
    for (int i = 1; i <= nodes; ++i) {
        QVERIFY2(check({Kind::Node, quint64(i)}), qPrintable(QString::number(i)));
    }
    for (int i = 0; i < pages; ++i) {
        QVERIFY2(check({Kind::Page, quint64(i)}), qPrintable(QString::number(i)));
    }
    for (quint64 i = 0; i < kStageLaneCount; ++i) {
        QVERIFY(check({Kind::Lane, i}));
        const StageLaneBox& lane = layout.lane(StageLane(i));
        for (std::size_t chip = 0; chip < lane.chips.size(); ++chip) {
            QCOMPARE(layout.chipAt(lane.chips[chip].center()),
                     std::optional(std::pair(StageLane(i), chip)));
        }
    }
    QVERIFY(check({Kind::Meta, 0}) && check({Kind::Meta, 1}));
    QVERIFY(layout.rectOf({Kind::Node, 5000}).isEmpty());
    QVERIFY(layout.rectOf({Kind::Page, 5000}).isEmpty());
    QVERIFY(!layout.targetAt({-5, -5}) && !layout.chipAt({-5, -5}));
}

void TestStageLayout::childrenStandBelowTheirParents() {
    for (const std::uint32_t nodes : {2U, 9U, 60U, 2000U}) {
        const StageLayout layout(specOf({640, 420}, nodes, 40));
        for (const StageCard& card : layout.nodes().cards()) {
            if (const StageCard* parent = layout.nodes().card(card.parent)) {
                QVERIFY(card.rect.top() >= parent->rect.bottom());
            }
        }
    }
}

void TestStageLayout::overfullNodesAreTallerThanAPage() {
    const StageLayout layout(specOf({640, 420}, 4, 40));
    const StageCard* full = layout.nodes().card(3);
    const StageCard* roomy = layout.nodes().card(2);
    QVERIFY(full != nullptr && roomy != nullptr);
    QVERIFY(full->isOverfull() && !roomy->isOverfull());
    QCOMPARE(full->pageHeight, roomy->rect.height());
    QVERIFY(full->rect.height() > roomy->rect.height() + layout.metrics().line * 0.9);
}

void TestStageLayout::cardsShrinkBeforeTheyAreLeftOut() {
    int last = 0;
    std::set<int> sizes;
    for (std::uint32_t nodes = 1; nodes <= 2000; nodes = nodes * 3 / 2 + 1) {
        const StageLayout layout(specOf({640, 420}, nodes, 40));
        const int size = int(layout.nodes().cardSize());
        QVERIFY(size >= last);
        last = size;
        sizes.insert(size);
        QCOMPARE(layout.nodes().hiddenCount(), std::size_t(0));
    }
    QVERIFY(sizes.size() >= 3);
    const StageLayout crowded(specOf({300, 200}, 30000, 40));
    QVERIFY(crowded.nodes().hiddenCount() > 0);
}

void TestStageLayout::neighboursLieOnTheNextLine() {
    const StageLayout layout(specOf({640, 420}, 4, 40));
    const StageNodesLayout& nodes = layout.nodes();
    QVERIFY(!nodes.neighbour(1, -1));
    const auto below = nodes.neighbour(1, 1);
    QVERIFY(below && *below == 3); // the middle one of three
    QCOMPARE(nodes.neighbour(4, -1), std::optional<std::uint32_t>(1));
    QVERIFY(!nodes.neighbour(99, 1));
}

void TestStageLayout::chipsThatHaveNoRoomAreCounted() {
    StageLayoutSpec spec = specOf({640, 420}, 4, 40);
    const StageLayout crowded(spec);
    QVERIFY(!crowded.lane(StageLane::Cache).more.isEmpty());
    QVERIFY(!crowded.lane(StageLane::Cache).chips.empty());
    for (auto& lane : spec.chipWidths) {
        lane.assign(2, 2.4 * spec.metrics.line);
    }
    const StageLayout few(spec);
    QVERIFY(few.lane(StageLane::Cache).more.isEmpty());
    QCOMPARE(few.lane(StageLane::Cache).chips.size(), std::size_t(2));
}

// From step to step nodes come and go: the parts must not jump.
void TestStageLayout::placesDoNotDependOnTheNodes() {
    const std::vector<QRectF> none = parts(StageLayout(specOf({640, 420}, 0, 40)));
    for (const std::uint32_t nodes : {1U, 20U, 500U}) {
        QCOMPARE(parts(StageLayout(specOf({640, 420}, nodes, 40))), none);
    }
}

void TestStageLayout::oddParentsAreRoots() {
    StageLayoutSpec spec = specOf({640, 420}, 0, 40);
    spec.nodes = {{1, 7, 0.5}, {2, 1, 0.5}, {4, 3, 0.5}}; // 7 and 3 do not exist
    const StageLayout layout(spec);
    QCOMPARE(layout.nodes().cards().size(), std::size_t(3));
    QCOMPARE(layout.nodes().card(1)->rect.top(), layout.nodes().card(4)->rect.top());
    QVERIFY(layout.nodes().card(3) == nullptr);
}

QTEST_GUILESS_MAIN(TestStageLayout)
#include "tst_stage_layout.moc"
