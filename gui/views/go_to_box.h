// SPDX-License-Identifier: MIT
// GoToBox: one field for a page, a file offset or a key. Beside it stands how the text is
// understood.
#pragma once

#include "paint/theme.h"
#include "views/go_to.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QLineEdit;
QT_END_NAMESPACE

namespace pagescape::gui {

/// The field and its hint. Enter goes there; Escape empties it.
class GoToBox final : public QWidget {
    Q_OBJECT
public:
    explicit GoToBox(QWidget* parent = nullptr);

    /// The file's size, so that a target past its end is told at once. Zero: unknown.
    void setLimits(quint64 pageCount, quint64 fileSize);
    void setTheme(const Theme& theme);
    [[nodiscard]] QLineEdit* edit() const { return m_edit; }
    /// What the text means, with the limits applied.
    [[nodiscard]] GoTo target() const;
    [[nodiscard]] QString hint() const;

public Q_SLOTS:
    /// Puts the keyboard here with the text marked.
    void activate();
    /// Empties it: what was typed has been gone to.
    void clear();

Q_SIGNALS:
    void pageRequested(pagescape::PageId page);
    void offsetRequested(quint64 offset);
    void keyRequested(const QByteArray& key);
    /// Enter on something that cannot be gone to.
    void refused(const QString& error);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showHint();
    void go();

    QLineEdit* m_edit;
    QLabel* m_hint;
    Theme m_theme = Theme::light();
    quint64 m_pageCount = 0;
    quint64 m_fileSize = 0;
};

} // namespace pagescape::gui
