// SPDX-License-Identifier: MIT
// ValuePanel: one key or value in a format that the user chose.
#pragma once

#include "pagescape/value_format.h"

#include <QByteArray>
#include <QWidget>

QT_BEGIN_NAMESPACE
class QComboBox;
class QLabel;
class QPlainTextEdit;
QT_END_NAMESPACE

namespace pagescape::gui {

/// Shows bytes decoded. It never guesses silently: it names the format used, and the formats under
/// which the bytes also decode are marked in the list.
class ValuePanel : public QWidget {
    Q_OBJECT
public:
    explicit ValuePanel(QWidget* parent = nullptr);

    /// Shows bytes, or nothing when `title` is empty.
    void setValue(const QString& title, const QByteArray& bytes, ValueFormat format);
    [[nodiscard]] QString text() const;
    [[nodiscard]] ValueFormat format() const { return m_format; }

Q_SIGNALS:
    /// The user chose a format for values like this one.
    void formatChosen(pagescape::ValueFormat format);

private:
    void show();

    QByteArray m_bytes;
    ValueFormat m_format = ValueFormat::Auto;
    QLabel* m_title;
    QComboBox* m_formats;
    QLabel* m_note;
    QPlainTextEdit* m_text;
};

} // namespace pagescape::gui
