// SPDX-License-Identifier: MIT
#include "views/branch_box.h"

#include <QAbstractItemView>
#include <QSignalBlocker>
#include <QStyleOptionComboBox>
#include <QStylePainter>

#include <algorithm>

namespace pagescape::gui {

namespace {

constexpr int kShownCharacters = 16; // the list that opens shows the whole text

} // namespace

BranchBox::BranchBox(QWidget* parent) : QComboBox(parent) {
    setAccessibleName(tr("Branch of the sandbox"));
    setToolTip(tr("Undo and a new command begin a branch. No branch is lost: choose one to go "
                  "there."));
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(kShownCharacters);
    connect(this, &QComboBox::activated, this, [this](int index) {
        if (index < 0 || std::size_t(index) >= m_branches.size()) {
            return;
        }
        const BranchEntry chosen = m_branches[std::size_t(index)];
        showCurrent();
        if (!chosen.isCurrent) {
            Q_EMIT branchChosen(chosen.node);
        }
    });
    setBranches({});
}

void BranchBox::setBranches(const std::vector<BranchEntry>& branches) {
    if (branches != m_branches || count() == 0) {
        m_branches = branches;
        const QSignalBlocker blocker(this);
        clear();
        int widest = 0;
        for (std::size_t i = 0; i < branches.size(); ++i) {
            const QString text = tr("%1: %2").arg(i + 1).arg(branches[i].text);
            addItem(text, branches[i].node);
            setItemData(int(i), text, Qt::ToolTipRole);
            widest = std::max(widest, fontMetrics().horizontalAdvance(text));
        }
        if (branches.empty()) {
            addItem(tr("one branch"));
        }
        view()->setMinimumWidth(std::min(widest, fontMetrics().averageCharWidth() * 60) +
                                2 * fontMetrics().height());
    }
    showCurrent();
    setBusy(m_isBusy);
}

void BranchBox::showCurrent() {
    const QSignalBlocker blocker(this);
    const auto current = std::find_if(m_branches.begin(), m_branches.end(),
                                      [](const BranchEntry& entry) { return entry.isCurrent; });
    if (m_branches.empty()) {
        setCurrentIndex(0);
        return;
    }
    setPlaceholderText(tr("another place"));
    setCurrentIndex(current == m_branches.end() ? -1 : int(current - m_branches.begin()));
}

// As the style paints it, but a text that is too long ends in an ellipsis.
void BranchBox::paintEvent(QPaintEvent* /*event*/) {
    QStylePainter painter(this);
    QStyleOptionComboBox option;
    initStyleOption(&option);
    if (currentIndex() < 0) {
        option.currentText = placeholderText();
    }
    const QRect room =
        style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this);
    option.currentText = fontMetrics().elidedText(option.currentText, Qt::ElideRight,
                                                  room.width() - fontMetrics().averageCharWidth());
    painter.drawComplexControl(QStyle::CC_ComboBox, option);
    painter.drawControl(QStyle::CE_ComboBoxLabel, option);
}

void BranchBox::setBusy(bool isBusy) {
    m_isBusy = isBusy;
    setEnabled(!isBusy && m_branches.size() > 1);
}

} // namespace pagescape::gui
