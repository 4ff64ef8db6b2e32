// SPDX-License-Identifier: MIT
#include "views/value_panel.h"

#include "models/byte_text.h"
#include "views/format_box.h"

#include <QComboBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace pagescape::gui {

ValuePanel::ValuePanel(QWidget* parent)
    : QWidget(parent), m_title(new QLabel), m_formats(new QComboBox), m_note(new QLabel),
      m_text(new QPlainTextEdit) {
    m_text->setReadOnly(true);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setAccessibleName(tr("Decoded value"));
    m_text->setPlaceholderText(tr("Select a key or a value to read it here."));
    m_text->setMinimumHeight(48);
    m_formats->setAccessibleName(tr("Format of the value"));
    m_formats->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_title->setWordWrap(true); // the box has the text of its format whole
    m_note->setWordWrap(true);
    m_note->hide();

    auto* row = new QHBoxLayout;
    row->addWidget(m_title, 1);
    row->addWidget(m_formats);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(row);
    column->addWidget(m_note);
    column->addWidget(m_text, 1);

    connect(m_formats, &QComboBox::activated, this, [this] {
        m_format = chosenFormat(*m_formats);
        show();
        Q_EMIT formatChosen(m_format);
    });
    setValue({}, {}, ValueFormat::Auto);
}

void ValuePanel::setValue(const QString& title, const QByteArray& bytes, ValueFormat format) {
    m_bytes = bytes;
    m_format = format;
    m_title->setText(title);
    const bool hasValue = !title.isEmpty();
    m_formats->setEnabled(hasValue);
    fillFormatBox(*m_formats, toBytes(m_bytes), m_format);
    if (hasValue) {
        show();
    } else {
        m_text->clear();
        m_note->hide();
    }
}

void ValuePanel::show() {
    const auto formatted = formatValue(toBytes(m_bytes), m_format);
    if (!formatted) {
        m_note->setText(QString::fromStdString(formatted.error().describe()));
        m_note->show();
        const auto hex = formatValue(toBytes(m_bytes), ValueFormat::Hex);
        m_text->setPlainText(hex ? QString::fromStdString(hex->text) : QString());
        return;
    }
    m_text->setPlainText(m_bytes.isEmpty() ? tr("(empty: 0 bytes)")
                                           : QString::fromStdString(formatted->text));
    QStringList notes;
    if (m_format == ValueFormat::Auto && !m_bytes.isEmpty()) {
        notes += tr("shown as %1").arg(valueFormatTitle(formatted->used));
    }
    if (!formatted->isLossless) {
        notes += tr("not shown completely");
    }
    m_note->setText(notes.join(tr("; ")));
    m_note->setVisible(!notes.isEmpty());
}

QString ValuePanel::text() const {
    return m_text->toPlainText();
}

} // namespace pagescape::gui
