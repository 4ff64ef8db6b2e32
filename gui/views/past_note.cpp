// SPDX-License-Identifier: MIT
#include "views/past_note.h"

#include "views/link_label.h"

#include <QVBoxLayout>

namespace pagescape::gui {

PastNote::PastNote(QWidget* parent) : QWidget(parent), m_label(new LinkLabel) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(4, 2, 4, 2);
    column->addWidget(m_label);
    m_label->setAccessibleName(tr("Which moment this panel shows"));
    connect(m_label, &QLabel::linkActivated, this, &PastNote::newestRequested);
    hide();
}

void PastNote::setPast(bool isPast) {
    if (isPast == isHidden()) {
        m_label->setHtml(isPast
                             ? tr("The player stands in the past. This is the file as the newest "
                                  "commit left it. <a href=\"newest\">Go to the newest</a>")
                             : QString());
        setVisible(isPast);
    }
}

void PastNote::setTheme(const Theme& theme) {
    m_label->setTheme(theme);
}

QString PastNote::text() const {
    return isHidden() ? QString() : m_label->text();
}

} // namespace pagescape::gui
