// SPDX-License-Identifier: MIT
// GeneratorDialog and ListDialog: many puts at once, by rule or by list.
#pragma once

#include "stage/sandbox_command.h"

#include <QDialog>

QT_BEGIN_NAMESPACE
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;
QT_END_NAMESPACE

namespace pagescape::gui {

/// How many keys of which size, in which order, how many a commit, how fast.
class GeneratorDialog final : public QDialog {
    Q_OBJECT
public:
    explicit GeneratorDialog(const std::vector<QByteArray>& bucket, QWidget* parent = nullptr);
    [[nodiscard]] SandboxCommand command() const;

private:
    QSpinBox* addNumber(QFormLayout* form, const QString& name, const QString& label, int least,
                        int most, int value);
    void refresh();

    QLineEdit* m_bucket;
    QComboBox* m_order;
    QSpinBox* m_count;
    QSpinBox* m_first;
    QSpinBox* m_keySize;
    QSpinBox* m_valueSize;
    QSpinBox* m_perTx;
    QSpinBox* m_perSecond;
    QSpinBox* m_seed;
    QPushButton* m_run;
};

/// Pairs pasted as text; says how many it understood.
class ListDialog final : public QDialog {
    Q_OBJECT
public:
    explicit ListDialog(const std::vector<QByteArray>& bucket, QWidget* parent = nullptr);
    [[nodiscard]] SandboxCommand command() const;

private:
    void refresh();

    QLineEdit* m_bucket;
    QPlainTextEdit* m_text;
    QLabel* m_understood;
    QPushButton* m_run;
};

} // namespace pagescape::gui
