// SPDX-License-Identifier: MIT
// LabPicture: one moment of a log as a picture: where one is, the caption of the event, and the
// same picture as the Commit or the Growth tab has.
#pragma once

#include "paint/theme.h"
#include "render/lab_moments.h"
#include "stage/growth_series.h"

#include <QPainter>
#include <QSize>
#include <QString>

namespace pagescape::gui {

/// Paints any moment of one log, which is borrowed. Going forwards is cheap; going back reads the
/// curves of growth anew.
class LabPicture {
public:
    LabPicture(Lab lab, const StageLog& log, const Theme& theme, QSize size)
        : m_lab(lab), m_log(log), m_theme(theme), m_size(size) {}

    /// A caption in place of that of an event: how the show begins.
    void setOpening(int event, const QString& text) {
        m_openingEvent = event;
        m_opening = text;
    }
    /// `done`: the share of the show that is over, 0 to 1, drawn as a bar at the lower edge.
    void paint(QPainter& painter, const LabMoment& moment, double done);

private:
    [[nodiscard]] QString heading(int event) const;
    [[nodiscard]] QString caption(int event) const;
    void paintCommit(QPainter& painter, const QRectF& room, const LabMoment& moment);
    void paintGrowth(QPainter& painter, const QRectF& room, const LabMoment& moment);

    Lab m_lab;
    const StageLog& m_log;
    Theme m_theme;
    QSize m_size;
    GrowthSeries m_series;
    int m_openingEvent = -2; // none
    QString m_opening;
};

} // namespace pagescape::gui
