// SPDX-License-Identifier: MIT
// SeenLegend: what the marks of a followed writer mean, and how many pages the newest transaction
// wrote and gave up.
#pragma once

#include "paint/seen_marks.h"
#include "paint/theme.h"

#include <QString>
#include <QWidget>

namespace pagescape::gui {

/// One row of the height of a line of text; it has room for both swatches from some 300 pixels on.
class SeenLegend final : public QWidget {
    Q_OBJECT
public:
    explicit SeenLegend(QWidget* parent = nullptr);

    /// `transactions`: "12 → 13"; empty: no transaction was seen yet.
    void setSeen(const SeenMarks& marks, const QString& transactions);
    void setTheme(const Theme& theme);
    /// The whole row in words; also its accessible name.
    [[nodiscard]] QString text() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] QString part(bool isWritten) const;

    std::size_t m_written = 0;
    std::size_t m_givenUp = 0;
    QString m_transactions;
    Theme m_theme = Theme::light();
};

} // namespace pagescape::gui
