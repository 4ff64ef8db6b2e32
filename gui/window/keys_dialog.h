// SPDX-License-Identifier: MIT
// KeysDialog: the keyboard map. It scrolls, so that it fits small screens.
#pragma once

#include <QDialog>

QT_BEGIN_NAMESPACE
class QTextBrowser;
QT_END_NAMESPACE

namespace pagescape::gui {

class Actions;

class KeysDialog final : public QDialog {
    Q_OBJECT
public:
    explicit KeysDialog(const Actions& actions, QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;

private:
    QTextBrowser* m_text;
};

} // namespace pagescape::gui
