// SPDX-License-Identifier: MIT
#include "views/crash_fate_bar.h"

#include "stage/crash_text.h"
#include "units/units.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>

namespace pagescape::gui {

CrashFateBar::CrashFateBar(QWidget* parent)
    : QWidget(parent), m_name(new QLabel), m_kind(new QComboBox), m_sectors(new QSpinBox) {
    using Kind = WriteFate::Kind;
    m_kind->addItem(tr("survives"), int(Kind::Survives));
    m_kind->addItem(tr("lost"), int(Kind::Lost));
    m_kind->addItem(tr("torn"), int(Kind::Torn));
    m_kind->setAccessibleName(tr("What became of the operation"));
    m_kind->setObjectName(QStringLiteral("fate"));
    m_sectors->setAccessibleName(tr("Sectors that reached the disk"));
    m_sectors->setObjectName(QStringLiteral("sectors"));
    m_sectors->setPrefix(tr("after "));
    m_name->setMinimumWidth(fontMetrics().averageCharWidth() * 12);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_name, 1);
    row->addWidget(m_kind);
    row->addWidget(m_sectors);
    connect(m_kind, &QComboBox::activated, this, &CrashFateBar::request);
    connect(m_sectors, &QSpinBox::valueChanged, this, &CrashFateBar::request);
    showOperation({}, {}, std::nullopt);
}

void CrashFateBar::showOperation(const CrashScript& script, const CrashChoice& choice,
                                 std::optional<std::size_t> operation) {
    const auto open = operation ? choice.openIndex(*operation) : std::nullopt;
    m_operation = open ? operation : std::nullopt;
    m_kind->setEnabled(open.has_value());
    m_kind->setVisible(open.has_value());
    m_sectors->setVisible(false);
    if (!operation || *operation >= script.rows.size()) {
        m_name->setText(choice.fates.empty() ? tr("No write is open here.")
                                             : tr("Select a write to say what became of it."));
        return;
    }
    const CrashRow& row = script.rows[*operation];
    const QString name = tr("%1: %2").arg(countText(*operation + 1), crashRowText(row));
    m_name->setText(open ? name
                         : tr("%1, %2").arg(name, crashRowState(script, choice, *operation)));
    const QSignalBlocker blockKind(m_kind);
    const QSignalBlocker blockSectors(m_sectors);
    if (!open) {
        return;
    }
    const WriteFate& fate = choice.fates[*open];
    m_kind->setCurrentIndex(m_kind->findData(int(fate.kind))); // a mixture is none of them
    m_kind->setPlaceholderText(crashFateText(fate, row.sectors));
    if (row.sectors > 1) {
        m_sectors->setVisible(fate.kind == WriteFate::Kind::Torn);
        m_sectors->setRange(1, int(row.sectors) - 1);
        m_sectors->setSuffix(tr(" of %n sector(s)", nullptr, int(row.sectors)));
        m_sectors->setValue(fate.kind == WriteFate::Kind::Torn ? int(fate.sectors)
                                                               : int(row.sectors) / 2);
    }
}

void CrashFateBar::request() {
    if (!m_operation || m_kind->currentIndex() < 0) {
        return;
    }
    WriteFate fate;
    fate.kind = WriteFate::Kind(m_kind->currentData().toInt());
    if (fate.kind == WriteFate::Kind::Torn) {
        fate.sectors = quint32(std::max(1, m_sectors->value()));
    }
    Q_EMIT fateRequested(*m_operation, fate);
}

} // namespace pagescape::gui
