// SPDX-License-Identifier: MIT
// BreadcrumbBar: file > bucket > branch > leaf as links.
#pragma once

#include "state/place.h"

#include <QString>
#include <QWidget>

#include <vector>

QT_BEGIN_NAMESPACE
class QHBoxLayout;
QT_END_NAMESPACE

namespace pagescape::gui {

/// One part of the path.
struct Crumb {
    QString text;
    QString tip;
    Place place; ///< what clicking selects; empty: not a link
};

/// The path of the selection; long paths lose their middle.
class BreadcrumbBar : public QWidget {
    Q_OBJECT
public:
    explicit BreadcrumbBar(QWidget* parent = nullptr);
    void setCrumbs(std::vector<Crumb> crumbs);
    [[nodiscard]] QStringList texts() const;
    [[nodiscard]] QSize minimumSizeHint() const override { return {40, sizeHint().height()}; }

Q_SIGNALS:
    void placeRequested(const pagescape::gui::Place& place);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void rebuild();

    std::vector<Crumb> m_crumbs;
    QHBoxLayout* m_row;
};

} // namespace pagescape::gui
