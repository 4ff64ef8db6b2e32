// SPDX-License-Identifier: MIT
#include "views/breadcrumb_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include <algorithm>

namespace pagescape::gui {

namespace {

constexpr int kSeparatorWidth = 18;

} // namespace

BreadcrumbBar::BreadcrumbBar(QWidget* parent) : QWidget(parent), m_row(new QHBoxLayout(this)) {
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(0);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Path of the selection"));
    rebuild();
}

void BreadcrumbBar::setCrumbs(std::vector<Crumb> crumbs) {
    m_crumbs = std::move(crumbs);
    rebuild();
}

QStringList BreadcrumbBar::texts() const {
    QStringList out;
    for (const Crumb& crumb : m_crumbs) {
        out += crumb.text;
    }
    return out;
}

void BreadcrumbBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    rebuild();
}

void BreadcrumbBar::rebuild() {
    while (QLayoutItem* item = m_row->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater(); // it may be the button whose click led here
        }
        delete item;
    }
    // The last crumbs matter most: drop from the middle until the rest fits.
    const auto widthOf = [this](const Crumb& crumb) {
        return fontMetrics().horizontalAdvance(crumb.text) + 12 + kSeparatorWidth;
    };
    std::size_t hidden = 0;
    int total = 0;
    for (const Crumb& crumb : m_crumbs) {
        total += widthOf(crumb);
    }
    while (total > width() && m_crumbs.size() > hidden + 2) {
        total -= widthOf(m_crumbs[1 + hidden]);
        ++hidden;
    }
    for (std::size_t i = 0; i < m_crumbs.size(); ++i) {
        if (hidden > 0 && i >= 1 && i <= hidden) {
            if (i == 1) {
                m_row->addWidget(new QLabel(tr(" … ›")));
            }
            continue;
        }
        auto* button = new QToolButton;
        button->setText(m_crumbs[i].text);
        button->setToolTip(m_crumbs[i].tip);
        button->setAutoRaise(true);
        button->setEnabled(!m_crumbs[i].place.isEmpty());
        connect(button, &QToolButton::clicked, this,
                [this, place = m_crumbs[i].place] { Q_EMIT placeRequested(place); });
        m_row->addWidget(button);
        if (i + 1 < m_crumbs.size()) {
            m_row->addWidget(new QLabel(QStringLiteral("›")));
        }
    }
    m_row->addStretch(1);
}

} // namespace pagescape::gui
