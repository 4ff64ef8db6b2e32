// SPDX-License-Identifier: MIT
#include "views/go_to_box.h"

#include "models/byte_text.h"
#include "paint/text.h"
#include "units/units.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>

namespace pagescape::gui {

namespace {

constexpr int kKeyLimit = 24; // characters of a key in the hint

} // namespace

GoToBox::GoToBox(QWidget* parent)
    : QWidget(parent), m_edit(new QLineEdit(this)), m_hint(new QLabel(this)) {
    m_edit->setPlaceholderText(tr("page 40, @0x1a000, key dracula"));
    m_edit->setClearButtonEnabled(true);
    m_edit->setAccessibleName(tr("Go to page, offset or key"));
    m_edit->setToolTip(
        tr("40 or page 40: a page\n@0x1a000 or offset 106496: a byte of the file\n"
           "dracula or key dracula: a key of the bucket that is selected\nbooks/dracula: a key of "
           "another bucket\nhex 00 5f: a key by its bytes"));
    m_edit->setMinimumWidth(180);
    m_edit->installEventFilter(this);
    m_hint->setTextFormat(Qt::PlainText);
    m_hint->setBuddy(m_edit);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_edit);
    row->addWidget(m_hint);
    m_hint->hide();
    setFocusProxy(m_edit);
    connect(m_edit, &QLineEdit::textChanged, this, &GoToBox::showHint);
    connect(m_edit, &QLineEdit::returnPressed, this, &GoToBox::go);
}

void GoToBox::setLimits(quint64 pageCount, quint64 fileSize) {
    m_pageCount = pageCount;
    m_fileSize = fileSize;
    showHint();
}

void GoToBox::setTheme(const Theme& theme) {
    m_theme = theme;
    showHint();
}

GoTo GoToBox::target() const {
    GoTo target = parseGoTo(m_edit->text());
    if (target.kind == GoTo::Kind::Page && m_pageCount > 0 && target.page.value >= m_pageCount) {
        target.kind = GoTo::Kind::Error;
        target.error = tr("the last page is %1").arg(countText(m_pageCount - 1));
    } else if (target.kind == GoTo::Kind::Offset && m_fileSize > 0 && target.offset >= m_fileSize) {
        target.kind = GoTo::Kind::Error;
        target.error = tr("the last byte is %1").arg(countText(m_fileSize - 1));
    }
    return target;
}

QString GoToBox::hint() const {
    const GoTo goal = target();
    switch (goal.kind) {
    case GoTo::Kind::Page: return tr("page %1").arg(countText(goal.page.value));
    case GoTo::Kind::Offset: return tr("byte %1").arg(countText(goal.offset));
    case GoTo::Kind::Key: return tr("key %1").arg(bytesPreview(toBytes(goal.key), kKeyLimit));
    case GoTo::Kind::Error: return goal.error;
    }
    return {};
}

void GoToBox::showHint() {
    const QString text = hint();
    const bool isError = target().kind == GoTo::Kind::Error;
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText,
                     m_theme.color(isError ? Theme::Role::ProblemText : Theme::Role::DimText));
    m_hint->setPalette(colours);
    m_hint->setText(text);
    m_hint->setVisible(!text.isEmpty());
    m_edit->setAccessibleDescription(text);
}

void GoToBox::activate() {
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

void GoToBox::clear() {
    m_edit->clear();
}

void GoToBox::go() {
    const GoTo goal = target();
    switch (goal.kind) {
    case GoTo::Kind::Page: Q_EMIT pageRequested(goal.page); break;
    case GoTo::Kind::Offset: Q_EMIT offsetRequested(goal.offset); break;
    case GoTo::Kind::Key: Q_EMIT keyRequested(goal.key); break;
    case GoTo::Kind::Error:
        if (!goal.error.isEmpty()) {
            Q_EMIT refused(goal.error);
        }
        break;
    }
}

bool GoToBox::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_edit && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape && !m_edit->text().isEmpty()) {
        m_edit->clear();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace pagescape::gui
