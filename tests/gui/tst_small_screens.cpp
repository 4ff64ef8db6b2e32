// SPDX-License-Identifier: MIT
// What a window does with little room: it scrolls, leaves columns out and stays on the screen. And
// the dialogs and labels that had been made for a large light one.
#include "gui/sample_files.h"
#include "layout/free_corner.h"
#include "models/page_field_model.h"
#include "views/field_tree.h"
#include "views/link_label.h"
#include "window/actions.h"
#include "window/export_dialog.h"
#include "window/keys_dialog.h"
#include "window/outlined_style.h"
#include "window/window_place.h"

#include <QHeaderView>
#include <QPainter>
#include <QScreen>
#include <QScrollBar>
#include <QStyleOption>
#include <QTextBrowser>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;

class TestSmallScreens : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void windowsComeBackOntoTheScreen();
    void insetsTakeAFreeCorner();
    void theKeyboardMapScrolls();
    void fieldColumnsLeaveRoomForTheValue();
    void linksHaveTheThemesColour_data();
    void linksHaveTheThemesColour();
    void exportsAreNamedAfterFileAndPicture();
    void emptyBoxesAreSeen_data() { linksHaveTheThemesColour_data(); }
    void emptyBoxesAreSeen();
};

void TestSmallScreens::windowsComeBackOntoTheScreen() {
    const QRect room(0, 24, 1024, 744);
    QCOMPARE(placedInside({10, 30, 600, 400}, room), QRect(10, 30, 600, 400));
    QCOMPARE(placedInside({0, 0, 1280, 800}, room), room);
    QCOMPARE(placedInside({900, 700, 600, 400}, room), QRect(424, 368, 600, 400));
    QCOMPARE(placedInside({-50, -50, 600, 400}, room), QRect(0, 24, 600, 400));
}

void TestSmallScreens::insetsTakeAFreeCorner() {
    const QRectF room(0, 0, 400, 200);
    const std::array corners{Qt::TopRightCorner, Qt::BottomLeftCorner};
    const auto place = [&](const QRectF& content) {
        return freeCorner(room, {100, 50}, 8, corners,
                          [&](const QRectF& inset) { return !inset.intersects(content); });
    };
    QCOMPARE(place({}), std::optional(QRectF(292, 8, 100, 50)));
    QCOMPARE(place({200, 0, 200, 60}), std::optional(QRectF(8, 142, 100, 50)));
    QCOMPARE(place(room), std::nullopt);
}

void TestSmallScreens::theKeyboardMapScrolls() {
    QWidget window;
    Actions actions(&window);
    for (int i = 0; i < 60; ++i) {
        actions.add(QString::number(i), QStringLiteral("Act %1").arg(i), Qt::Key_F1);
    }
    KeysDialog dialog(actions);
    const int room = dialog.screen()->availableSize().height();
    QVERIFY(dialog.sizeHint().height() <= room);
    QVERIFY(dialog.sizeHint().height() >= room * 3 / 4); // for it has more to show than that
    dialog.resize(520, 300);
    dialog.show();
    QVERIFY(QTest::qWaitForWindowExposed(&dialog));
    auto* text = dialog.findChild<QTextBrowser*>();
    QVERIFY(text->verticalScrollBar()->maximum() > 0);
    QVERIFY(text->toPlainText().contains(QStringLiteral("Act 59")));
}

void TestSmallScreens::fieldColumnsLeaveRoomForTheValue() {
    const auto file = test::openSample("library.db");
    QVERIFY(file);
    auto page = inspectPage(*file, PageId{76});
    QVERIFY(page);
    PageFieldModel model;
    FieldTree tree;
    tree.setModel(&model);
    model.setPage(std::make_shared<const InspectedPage>(std::move(*page)));
    tree.show();
    QVERIFY(QTest::qWaitForWindowExposed(&tree));
    const int digit = tree.fontMetrics().horizontalAdvance(QLatin1Char('0'));
    for (const int width : {700, 400, 280}) {
        tree.resize(width, 300);
        QTRY_COMPARE(tree.width(), width);
        QVERIFY(tree.columnWidth(PageFieldModel::ValueColumn) >= 12 * digit);
        QVERIFY(tree.isColumnHidden(PageFieldModel::ProblemColumn));
        QCOMPARE(tree.isColumnHidden(PageFieldModel::OffsetColumn), width == 280);
    }
    tree.setHasProblems(true);
    QVERIFY(!tree.isColumnHidden(PageFieldModel::ProblemColumn));
    QVERIFY(tree.columnWidth(PageFieldModel::ProblemColumn) >= 10 * digit);
}

void TestSmallScreens::linksHaveTheThemesColour_data() {
    QTest::addColumn<bool>("isDark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void TestSmallScreens::linksHaveTheThemesColour() {
    QFETCH(bool, isDark);
    const Theme theme = isDark ? Theme::dark() : Theme::light();
    const Theme other = isDark ? Theme::light() : Theme::dark();
    const QColor link = theme.color(Theme::Role::Accent);
    QVERIFY(contrastRatio(link, theme.color(Theme::Role::Surface)) >= 4.5);

    LinkLabel label;
    label.setTheme(other);
    label.setHtml(QStringLiteral("<a href=\"page:1\">MMMMMM</a>"));
    label.setTheme(theme); // after the text, as when the user toggles it
    label.setPalette(theme.palette());
    label.resize(label.sizeHint());
    const QImage image = label.grab().toImage();
    bool isFound = false;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            QVERIFY(image.pixelColor(x, y) != other.color(Theme::Role::Accent));
            isFound = isFound || image.pixelColor(x, y) == link;
        }
    }
    QVERIFY(isFound);
}

void TestSmallScreens::exportsAreNamedAfterFileAndPicture() {
    QCOMPARE(proposedPictureName(QStringLiteral("/data/library.db"), RenderView::Map),
             QStringLiteral("library-map.png"));
    QCOMPARE(proposedPictureName(QStringLiteral("member.snap.db"), RenderView::Get),
             QStringLiteral("member.snap-get.png"));
    ExportDialog dialog(QStringLiteral("/data/library.db"), RenderView::Get);
    dialog.setOption(QFileDialog::DontUseNativeDialog);
    QVERIFY(dialog.windowTitle().contains(QStringLiteral("Get")));
    QCOMPARE(dialog.defaultSuffix(), QStringLiteral("png"));
    dialog.selectNameFilter(dialog.nameFilters().at(1));
    Q_EMIT dialog.filterSelected(dialog.nameFilters().at(1));
    QCOMPARE(dialog.defaultSuffix(), QStringLiteral("svg"));
    QVERIFY(dialog.output().isEmpty());
    const ExportDialog ofSandbox(QStringLiteral("/data/library.db"), RenderView::Map, true);
    QCOMPARE(ofSandbox.nameFilters().size(), dialog.nameFilters().size() + 1);
    QVERIFY(ofSandbox.nameFilters().last().contains(QStringLiteral("*.gif")));
}

// The edge of a box that is not ticked is all there is of it.
void TestSmallScreens::emptyBoxesAreSeen() {
    QFETCH(bool, isDark);
    const Theme theme = isDark ? Theme::dark() : Theme::light();
    OutlinedStyle style;
    for (const auto element : {QStyle::PE_IndicatorCheckBox, QStyle::PE_IndicatorRadioButton,
                               QStyle::PE_IndicatorItemViewItemCheck}) {
        QStyleOptionViewItem item; // a list's box is asked for with the option of its item
        QStyleOptionButton button;
        QStyleOption& option = element == QStyle::PE_IndicatorItemViewItemCheck
                                   ? static_cast<QStyleOption&>(item)
                                   : button;
        option.rect = QRect(4, 4, 14, 14);
        option.state = QStyle::State_Enabled | QStyle::State_Off;
        option.palette = theme.palette();
        for (const auto role : {QPalette::Window, QPalette::Base}) {
            const QColor around = theme.palette().color(role);
            QImage image(22, 22, QImage::Format_RGB32);
            image.fill(around);
            QPainter painter(&image);
            style.drawPrimitive(element, &option, &painter, nullptr);
            painter.end();
            const QColor edge = image.pixelColor(4, 11);
            QVERIFY2(contrastRatio(edge, around) >= 3, qPrintable(edge.name()));
            QVERIFY(contrastRatio(edge, image.pixelColor(11, 11)) >= 3); // and the inside is empty
        }
    }
}

QTEST_MAIN(TestSmallScreens)
#include "tst_small_screens.moc"
