// SPDX-License-Identifier: MIT
#include "views/legend_bar.h"

#include "paint/page_map_painter.h"
#include "units/units.h"
#include "views/flow_layout.h"
#include "views/focus_frame.h"

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QToolButton>

#include <algorithm>

namespace pagescape::gui {

namespace {

constexpr int kPadding = 6;
constexpr int kMinChipHeight = 24; // a hit target

// Plural forms depend on small numbers only; any large one will do for the rest.
int pluralNumber(quint64 count) {
    return static_cast<int>(std::min<quint64>(count, 1'000'000'000));
}

QString shareText(quint64 pages, quint64 total) {
    if (total == 0 || pages == 0) {
        return {};
    }
    const double percent = 100.0 * static_cast<double>(pages) / static_cast<double>(total);
    return percent < 0.1  ? LegendChip::tr("< 0.1 %")
           : percent < 10 ? LegendChip::tr("%1 %").arg(QLocale().toString(percent, 'f', 1))
                          : LegendChip::tr("%1 %").arg(QLocale().toString(percent, 'f', 0));
}

} // namespace

// One chip

LegendChip::LegendChip(QWidget* parent) : QAbstractButton(parent) {
    setFocusPolicy(Qt::TabFocus);
    setCheckable(true);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    connect(this, &QAbstractButton::clicked, this, [this] { Q_EMIT clickedWith(m_modifiers); });
}

void LegendChip::setEntry(const LegendEntry& entry, quint64 totalPages) {
    const bool isSame =
        entry.name == m_entry.name && entry.pages == m_entry.pages && totalPages == m_total;
    m_entry = entry;
    m_total = totalPages;
    if (!isSame) {
        setText(entry.name);
        const QString pages =
            tr("%1 page(s)", nullptr, pluralNumber(entry.pages)).arg(countText(entry.pages));
        const QString share = shareText(entry.pages, m_total);
        setAccessibleName(share.isEmpty() ? tr("%1, %2").arg(entry.name, pages)
                                          : tr("%1, %2, %3").arg(entry.name, pages, share));
        setToolTip(tr("%1\nClick: show these alone · Shift+click: add · double click: list them")
                       .arg(accessibleName()));
        updateGeometry();
    }
    update();
}

void LegendChip::setTheme(const Theme& theme) {
    m_theme = theme;
    update();
}

QString LegendChip::figures() const {
    return countText(m_entry.pages); // the share stands in the tooltip: rows of chips cost map
}

QSize LegendChip::sizeHint() const {
    const QFontMetrics metrics = fontMetrics();
    const int height = std::max(kMinChipHeight, metrics.height() + kPadding);
    const int swatch = metrics.height();
    return {3 * kPadding + swatch + metrics.horizontalAdvance(m_entry.name) + kPadding +
                metrics.horizontalAdvance(figures()),
            height};
}

void LegendChip::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    const QColor line =
        m_theme.color(isChecked() ? Theme::Role::Accent
                                  : (underMouse() ? Theme::Role::Hover : Theme::Role::Line));
    painter.setPen(QPen(line, isChecked() ? 2 : 1));
    painter.setBrush(m_theme.color(Theme::Role::Surface));
    painter.drawRoundedRect(frame, 4, 4);

    const int side = fontMetrics().height();
    const QRectF swatch(kPadding, (height() - side) / 2.0, side, side);
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintClassSwatch(painter, swatch, m_entry.style, m_theme);

    QRect text = rect().adjusted(2 * kPadding + side, 0, -kPadding, 0);
    painter.setPen(m_theme.color(Theme::Role::Text));
    painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, m_entry.name);
    painter.setPen(m_theme.color(Theme::Role::DimText));
    painter.drawText(text, Qt::AlignRight | Qt::AlignVCenter, figures());
    if (hasFocus()) {
        paintFocusFrame(painter, rect(), m_theme);
    }
}

void LegendChip::mouseReleaseEvent(QMouseEvent* event) {
    m_modifiers = event->modifiers();
    QAbstractButton::mouseReleaseEvent(event);
    m_modifiers = {};
    event->accept();
}

void LegendChip::mouseDoubleClickEvent(QMouseEvent* event) {
    event->accept();
    if (event->button() == Qt::LeftButton) {
        Q_EMIT doubleClicked();
    }
}

void LegendChip::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        Q_EMIT doubleClicked();
    } else {
        QAbstractButton::keyPressEvent(event);
    }
}

void LegendChip::keyReleaseEvent(QKeyEvent* event) {
    m_modifiers = event->modifiers();
    QAbstractButton::keyReleaseEvent(event);
    m_modifiers = {};
}

// The bar

LegendBar::LegendBar(QWidget* parent) : QWidget(parent), m_flow(new FlowLayout(this)) {
    setAccessibleName(tr("Legend"));
    auto* more = new QToolButton(this);
    more->setObjectName(QStringLiteral("more"));
    more->setAutoRaise(true);
    more->setMinimumHeight(kMinChipHeight);
    more->hide();
    m_more = more;
    m_flow->addWidget(more);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(m_more, &QAbstractButton::clicked, this, [this] {
        m_showsAll = !m_showsAll;
        showChips();
    });
}

LegendChip* LegendBar::addChip() {
    auto* chip = new LegendChip(this);
    chip->setTheme(m_theme);
    m_flow->removeWidget(m_more); // it stays the last one
    m_flow->addWidget(chip);
    m_flow->addWidget(m_more);
    connect(chip, &LegendChip::clickedWith, this, [this, chip](Qt::KeyboardModifiers modifiers) {
        onClicked(chip->entry().lensClass, modifiers);
    });
    connect(chip, &LegendChip::doubleClicked, this,
            [this, chip] { Q_EMIT listRequested(chip->entry().lensClass); });
    m_chips.push_back(chip);
    return chip;
}

void LegendBar::setEntries(const std::vector<LegendEntry>& entries, quint64 totalPages) {
    while (m_chips.size() > entries.size()) {
        delete m_chips.back();
        m_chips.pop_back();
    }
    ClassMask existing;
    for (std::size_t index = 0; index < entries.size(); ++index) {
        LegendChip* chip = index < m_chips.size() ? m_chips[index] : addChip();
        chip->setEntry(entries[index], totalPages);
        existing.set(entries[index].lensClass);
    }
    showChips();
    isolate(m_isolated & existing);
}

void LegendBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    showChips();
}

// Chips that stand in the first rows when the last of these has this width.
int LegendBar::chipsInRows(int lastRowWidth) const {
    const QMargins margins = contentsMargins();
    const int width = this->width() - margins.left() - margins.right();
    int row = 1;
    int x = 0;
    for (std::size_t index = 0; index < m_chips.size(); ++index) {
        const int chip = m_chips[index]->sizeHint().width();
        if (x > 0 && x + chip > (row == kMaxRows ? lastRowWidth : width)) {
            if (++row > kMaxRows) {
                return static_cast<int>(index);
            }
            x = 0;
        }
        x += chip + m_flow->spacing();
    }
    return static_cast<int>(m_chips.size());
}

int LegendBar::chipsThatFit() const {
    const int count = static_cast<int>(m_chips.size());
    const int whole = chipsInRows(width());
    // One chip too many is shown rather than a button that says "1 more".
    const int most = count > kMaxChips + 1 ? kMaxChips : count;
    if (whole >= most) {
        return most;
    }
    const int button = m_more->sizeHint().width() + m_flow->spacing();
    return std::max(1, chipsInRows(width() - button));
}

void LegendBar::showChips() {
    const int count = static_cast<int>(m_chips.size());
    const int fitting = chipsThatFit();
    const bool hasMore = fitting < count;
    for (int index = 0; index < count; ++index) {
        LegendChip* chip = m_chips[static_cast<std::size_t>(index)];
        chip->setVisible(m_showsAll || index < fitting);
        chip->setChecked(m_isolated.test(chip->entry().lensClass));
    }
    m_more->setVisible(hasMore);
    m_more->setText(m_showsAll ? tr("fewer") : tr("%n more", nullptr, count - fitting));
    m_flow->invalidate();
    updateGeometry();
}

void LegendBar::setTheme(const Theme& theme) {
    m_theme = theme;
    for (LegendChip* chip : m_chips) {
        chip->setTheme(theme);
    }
}

ClassMask LegendBar::shownClasses() const {
    return m_isolated.any() ? m_isolated : allClasses();
}

void LegendBar::isolate(const ClassMask& classes) {
    for (LegendChip* chip : m_chips) {
        chip->setChecked(classes.test(chip->entry().lensClass));
    }
    if (m_isolated != classes) {
        m_isolated = classes;
        Q_EMIT shownClassesChanged(shownClasses());
    }
}

void LegendBar::onClicked(LensClass lensClass, Qt::KeyboardModifiers modifiers) {
    ClassMask alone;
    alone.set(lensClass);
    if (modifiers.testFlag(Qt::ShiftModifier)) {
        isolate(m_isolated ^ alone);
    } else {
        isolate(m_isolated == alone ? ClassMask() : alone);
    }
}

void LegendBar::isolateNext() {
    // After the last isolated chip; with none, the first one.
    std::size_t next = 0;
    for (std::size_t index = 0; index < m_chips.size(); ++index) {
        if (m_isolated.test(m_chips[index]->entry().lensClass)) {
            next = index + 1;
        }
    }
    ClassMask isolated;
    if (next < m_chips.size()) {
        isolated.set(m_chips[next]->entry().lensClass);
    }
    isolate(isolated);
}

void LegendBar::clearIsolation() {
    isolate({});
}

} // namespace pagescape::gui
