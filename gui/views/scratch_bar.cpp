// SPDX-License-Identifier: MIT
#include "views/scratch_bar.h"

#include "views/key_entry.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace pagescape::gui {

using Kind = SandboxCommand::Kind;

ScratchBar::ScratchBar(QWidget* parent)
    : QWidget(parent), m_rows(new QVBoxLayout(this)), m_first(new QHBoxLayout),
      m_second(new QHBoxLayout), m_bucket(new QComboBox), m_key(new QLineEdit),
      m_value(new QLineEdit), m_more(new QToolButton) {
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(4);
    for (QHBoxLayout* row : {m_first, m_second}) {
        row->setSpacing(4);
        m_rows->addLayout(row, row == m_first ? 1 : 0);
    }
    const int unit = fontMetrics().averageCharWidth();
    m_bucket->setObjectName(QStringLiteral("bucket"));
    m_bucket->setEditable(true);
    m_bucket->setInsertPolicy(QComboBox::NoInsert);
    m_bucket->setAccessibleName(tr("Bucket"));
    m_bucket->setToolTip(tr("Bucket; nested ones as \"books / by-title\". A Put makes it where it "
                            "is missing"));
    m_bucket->lineEdit()->setPlaceholderText(tr("bucket"));
    m_bucket->setMinimumWidth(unit * 14);
    m_key->setObjectName(QStringLiteral("key"));
    m_key->setPlaceholderText(tr("key"));
    m_key->setAccessibleName(tr("Key"));
    m_key->setMinimumWidth(unit * 10);
    m_value->setObjectName(QStringLiteral("value"));
    m_value->setPlaceholderText(tr("value"));
    m_value->setAccessibleName(tr("Value"));
    m_value->setMinimumWidth(unit * 10);
    for (QWidget* field : {static_cast<QWidget*>(m_bucket), static_cast<QWidget*>(m_key),
                           static_cast<QWidget*>(m_value)}) {
        m_first->addWidget(field, 1);
    }
    m_put = addButton(m_first, QStringLiteral("put"), tr("Put"),
                      tr("Put the pair into the open transaction, or begin one (Enter)"));
    m_get = addButton(m_first, QStringLiteral("get"), tr("Get"), tr("Look the key up"));
    m_delete = addButton(m_first, QStringLiteral("delete"), tr("Delete"), tr("Remove the key"));
    m_commit = addButton(m_second, QStringLiteral("commit"), tr("Commit"),
                         tr("Write the transaction to the file (Ctrl+Enter)"));
    m_commit->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return));
    m_rollback = addButton(m_second, QStringLiteral("rollback"), tr("Roll back"),
                           tr("Drop the transaction's changes"));
    m_undo = addButton(m_second, QStringLiteral("undo"), tr("Undo"),
                       tr("Take the last command back, also a commit (Ctrl+Z)"));
    m_redo =
        addButton(m_second, QStringLiteral("redo"), tr("Redo"), tr("Run it again (Ctrl+Shift+Z)"));
    m_stop =
        addButton(m_second, QStringLiteral("stop"), tr("Stop"), tr("Stop the running command"));
    m_second->addStretch(1);
    addMenu();
    m_first->addWidget(m_more);

    connect(m_put, &QToolButton::clicked, this, [this] { request(Kind::Put); });
    connect(m_value, &QLineEdit::returnPressed, this, [this] { request(Kind::Put); });
    connect(m_key, &QLineEdit::returnPressed, m_value, [this] { m_value->setFocus(); });
    connect(m_get, &QToolButton::clicked, this, [this] { request(Kind::Get); });
    connect(m_delete, &QToolButton::clicked, this, [this] { request(Kind::Delete); });
    connect(m_commit, &QToolButton::clicked, this, [this] { request(Kind::Commit); });
    connect(m_rollback, &QToolButton::clicked, this, [this] { request(Kind::Rollback); });
    connect(m_undo, &QToolButton::clicked, this, &ScratchBar::undoRequested);
    connect(m_redo, &QToolButton::clicked, this, &ScratchBar::redoRequested);
    connect(m_stop, &QToolButton::clicked, this, &ScratchBar::stopRequested);
    connect(m_bucket, &QComboBox::editTextChanged, this, &ScratchBar::refresh);
    connect(m_key, &QLineEdit::textChanged, this, &ScratchBar::refresh);
    refresh();
}

QToolButton* ScratchBar::addButton(QHBoxLayout* row, const QString& name, const QString& text,
                                   const QString& tip) {
    auto* button = new QToolButton;
    button->setText(text);
    button->setObjectName(name);
    button->setToolTip(tip);
    button->setFocusPolicy(Qt::StrongFocus);
    row->addWidget(button);
    return button;
}

void ScratchBar::addAtEnd(QWidget* widget) {
    m_second->addWidget(widget);
}

QSize ScratchBar::minimumSizeHint() const {
    const int width = std::max(m_first->minimumSize().width(), m_second->minimumSize().width());
    return {width, m_rows->minimumSize().height()};
}

// Where there is room, what ends a transaction stands beside what makes it up.
void ScratchBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const int roomToType = 12 * fontMetrics().averageCharWidth();
    const int needed = m_first->minimumSize().width() + m_second->minimumSize().width() +
                       m_rows->spacing() + roomToType;
    m_rows->setDirection(width() >= needed ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

void ScratchBar::addMenu() {
    m_more->setText(tr("More"));
    m_more->setObjectName(QStringLiteral("more"));
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setToolButtonStyle(Qt::ToolButtonTextOnly);
    auto* menu = new QMenu(m_more);
    const auto add = [this, menu](const QString& text, Kind kind) {
        QAction* action = menu->addAction(text);
        connect(action, &QAction::triggered, this, [this, kind] { request(kind); });
        return action;
    };
    add(tr("&Begin a transaction"), Kind::Begin);
    add(tr("&Create the bucket"), Kind::CreateBucket);
    add(tr("Delete the b&ucket"), Kind::DeleteBucket);
    add(tr("&Next sequence of the bucket"), Kind::NextSequence);
    menu->addSeparator();
    connect(menu->addAction(tr("Paste a &list of pairs…")), &QAction::triggered, this,
            &ScratchBar::listRequested);
    connect(menu->addAction(tr("&Generate keys…")), &QAction::triggered, this,
            &ScratchBar::generatorRequested);
    menu->addSeparator();
    add(tr("Open a &reader"), Kind::OpenReader);
    menu->addSeparator();
    m_syncs = menu->addAction(tr("Commits wait for the &disk (sync)"));
    m_syncs->setCheckable(true);
    connect(m_syncs, &QAction::triggered, this, [this](bool isOn) {
        SandboxCommand command;
        command.kind = Kind::SetSync;
        command.number = isOn ? 1 : 0;
        Q_EMIT commandRequested(command);
    });
    m_more->setMenu(menu);
}

void ScratchBar::clear() {
    m_bucket->clear();
    m_bucket->clearEditText();
    m_key->clear();
    m_value->clear();
}

std::vector<QByteArray> ScratchBar::bucket() const {
    return bucketPathFromText(m_bucket->currentText());
}

void ScratchBar::request(Kind kind) {
    SandboxCommand command;
    command.kind = kind;
    switch (kind) {
    case Kind::Put: command.value = m_value->text().toUtf8(); [[fallthrough]];
    case Kind::Get:
    case Kind::Delete: command.key = m_key->text().toUtf8(); [[fallthrough]];
    case Kind::CreateBucket:
    case Kind::DeleteBucket:
    case Kind::NextSequence: command.path = bucket(); break;
    default: break;
    }
    Q_EMIT commandRequested(command);
    if (kind == Kind::Put) { // the next pair is typed at once
        m_key->selectAll();
        m_key->setFocus();
    }
}

void ScratchBar::setSituation(const Situation& situation) {
    m_situation = situation;
    refresh();
}

void ScratchBar::refresh() {
    const bool isFree = m_situation.isOpen && !m_situation.isBusy;
    const bool hasBucket = !m_bucket->currentText().trimmed().isEmpty();
    const bool hasKey = hasBucket && !m_key->text().isEmpty();
    const QWidget* focused = window()->focusWidget();
    const bool hasFocus = focused != nullptr && isAncestorOf(focused);
    for (QWidget* field : {static_cast<QWidget*>(m_bucket), static_cast<QWidget*>(m_key),
                           static_cast<QWidget*>(m_value)}) {
        field->setEnabled(m_situation.isOpen);
    }
    m_put->setEnabled(isFree && hasKey);
    m_get->setEnabled(isFree && hasKey);
    m_delete->setEnabled(isFree && hasKey);
    m_commit->setEnabled(isFree && m_situation.hasTransaction);
    m_rollback->setEnabled(isFree && m_situation.hasTransaction);
    m_undo->setEnabled(isFree && m_situation.canUndo);
    m_redo->setEnabled(isFree && m_situation.canRedo);
    m_stop->setEnabled(m_situation.isBusy);
    m_more->setEnabled(isFree);
    m_syncs->setChecked(m_situation.isSynced);
    // Qt would hand the focus of a disabled button on, at last to the player below.
    if (hasFocus && !focused->isEnabled() && m_key->isEnabled()) {
        m_key->selectAll();
        m_key->setFocus(Qt::OtherFocusReason);
    }
}

void ScratchBar::setBuckets(const QStringList& paths, const QString& suggestion) {
    const QSignalBlocker block(m_bucket);
    const QString typed = m_bucket->currentText();
    m_bucket->clear();
    m_bucket->addItems(paths);
    const QString offered = suggestion.isEmpty() ? paths.value(0) : suggestion;
    m_bucket->setEditText(typed.isEmpty() ? offered : typed);
    refresh();
}

void ScratchBar::setPlace(const std::vector<QByteArray>& path, const QByteArray& key) {
    m_bucket->setEditText(bucketPathText(path));
    m_key->setText(QString::fromUtf8(key));
}

} // namespace pagescape::gui
