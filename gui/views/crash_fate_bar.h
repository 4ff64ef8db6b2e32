// SPDX-License-Identifier: MIT
// CrashFateBar: what became of one operation, as ordinary fields beside the picture's boxes.
#pragma once

#include "stage/crash_values.h"

#include <QWidget>

#include <optional>

QT_BEGIN_NAMESPACE
class QComboBox;
class QLabel;
class QSpinBox;
QT_END_NAMESPACE

namespace pagescape::gui {

/// Shows one operation; disabled for those that have no choice.
class CrashFateBar final : public QWidget {
    Q_OBJECT
public:
    explicit CrashFateBar(QWidget* parent = nullptr);
    void showOperation(const CrashScript& script, const CrashChoice& choice,
                       std::optional<std::size_t> operation);

Q_SIGNALS:
    void fateRequested(std::size_t operation, const pagescape::WriteFate& fate);

private:
    void request();

    QLabel* m_name;
    QComboBox* m_kind;
    QSpinBox* m_sectors;
    std::optional<std::size_t> m_operation;
};

} // namespace pagescape::gui
