// SPDX-License-Identifier: MIT
#include "views/growth_view.h"

#include "views/flow_layout.h"
#include "views/growth_canvas.h"
#include "views/predict_mapping.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>

namespace pagescape::gui {

namespace {

constexpr int kAbreastInLines = 52; // width, in line heights, from which the card stands beside

} // namespace

GrowthView::GrowthView(QWidget* parent)
    : QWidget(parent), m_canvas(new GrowthCanvas), m_card(new PredictMapping),
      m_cardArea(new QScrollArea), m_room(new QBoxLayout(QBoxLayout::LeftToRight)),
      m_scale(new QComboBox), m_wholeRule(new QCheckBox(tr("&Whole rule"))),
      m_boltsWay(new QCheckBox(tr("&bolt's way"))), m_animated(new QCheckBox(tr("&Motion"))),
      m_ask(new QPushButton(tr("What will the &next mapping be?"))) {
    m_scale->addItem(tr("Doubling scale"));
    m_scale->addItem(tr("Even scale"));
    m_scale->setAccessibleName(tr("Scale of bytes"));
    m_scale->setToolTip(tr("Doubling: each line is twice the one below. Even: bytes as they are"));
    m_wholeRule->setToolTip(tr("Show all lengths that a mapping can have, up to 4 GiB"));
    m_boltsWay->setToolTip(tr("Who would wait at this remap in bolt, with these readers"));
    m_animated->setToolTip(tr("A remap moves from the old addresses to the new ones"));
    m_animated->setChecked(true);
    m_ask->setAutoDefault(false);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* bar = new FlowLayout(nullptr, 8);
    bar->setContentsMargins(6, 4, 6, 4);
    for (QWidget* control : {static_cast<QWidget*>(m_scale), static_cast<QWidget*>(m_wholeRule),
                             static_cast<QWidget*>(m_boltsWay), static_cast<QWidget*>(m_animated),
                             static_cast<QWidget*>(m_ask)}) {
        bar->addWidget(control);
    }
    column->addLayout(bar);
    m_cardArea->setWidget(m_card);
    m_cardArea->setWidgetResizable(true);
    m_cardArea->setFrameShape(QFrame::NoFrame);
    m_cardArea->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_cardArea->hide();
    m_room->setSpacing(0);
    m_room->addWidget(m_canvas, 3);
    m_room->addWidget(m_cardArea, 2);
    column->addLayout(m_room, 1);

    connect(m_scale, &QComboBox::currentIndexChanged, m_canvas,
            [this](int index) { m_canvas->setLogarithmic(index == 0); });
    connect(m_wholeRule, &QCheckBox::toggled, m_canvas, &GrowthCanvas::setWholeRule);
    connect(m_boltsWay, &QCheckBox::toggled, m_canvas, &GrowthCanvas::setBoltsWay);
    connect(m_animated, &QCheckBox::toggled, m_canvas, &GrowthCanvas::setAnimated);
    connect(m_ask, &QPushButton::clicked, this, &GrowthView::ask);
    connect(m_card, &PredictMapping::closed, this, &GrowthView::closeCard);
    connect(m_card, &PredictMapping::answered, this, [this] {
        // Once the card has its new height.
        QTimer::singleShot(0, m_cardArea, [this] {
            m_cardArea->verticalScrollBar()->setValue(m_cardArea->verticalScrollBar()->maximum());
        });
    });
    connect(m_canvas, &GrowthCanvas::seekRequested, this, &GrowthView::seekRequested);
    setFocusProxy(m_canvas);
}

void GrowthView::setLog(const StageLog* log) {
    m_canvas->setLog(log);
    m_ask->setEnabled(log != nullptr);
    closeCard();
}

void GrowthView::refresh() {
    m_canvas->refresh();
}

void GrowthView::setPosition(int event) {
    m_canvas->setPosition(event);
}

void GrowthView::setTheme(const Theme& theme) {
    m_canvas->setTheme(theme);
}

void GrowthView::setAnimated(bool isOn) {
    m_animated->setChecked(isOn);
}

void GrowthView::ask() {
    const GrowthPoint& present = m_canvas->present();
    m_card->ask(mappingQuestion(m_canvas->series().pageSize(), present.used, present.fileSize,
                                present.map.length));
    placeCard();
    m_cardArea->show();
    m_cardArea->verticalScrollBar()->setValue(0);
    m_card->entry()->setFocus(Qt::OtherFocusReason);
}

bool GrowthView::isAsking() const {
    return !m_cardArea->isHidden();
}

void GrowthView::closeCard() {
    if (isAsking()) {
        m_cardArea->hide();
        m_ask->setFocus(Qt::OtherFocusReason);
    }
}

// Beside the picture where there is room, else below it.
void GrowthView::placeCard() {
    const bool isAbreast = width() > kAbreastInLines * fontMetrics().height();
    m_room->setDirection(isAbreast ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_card->ensurePolished();
    for (QPushButton* option : m_card->buttons()) {
        option->ensurePolished(); // its width is asked for before it was ever shown
    }
    m_cardArea->setMinimumWidth(m_card->minimumSizeHint().width() +
                                m_cardArea->verticalScrollBar()->sizeHint().width());
}

void GrowthView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    placeCard();
}

} // namespace pagescape::gui
