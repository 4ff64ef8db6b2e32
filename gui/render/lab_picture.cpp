// SPDX-License-Identifier: MIT
#include "render/lab_picture.h"

#include "paint/growth_picture.h"
#include "paint/stage_painter.h"
#include "stage/stage_caption.h"
#include "units/units.h"

#include <QCoreApplication>
#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

namespace {

constexpr int kFontPixels = 12;
constexpr int kHeadingPixels = 14;
constexpr int kCaptionPixels = 13;
constexpr int kCaptionLines = 3;
constexpr qreal kMargin = 10;
constexpr qreal kBar = 3; // height of the bar of progress

struct Text {
    Q_DECLARE_TR_FUNCTIONS(LabPicture)
};

} // namespace

QString LabPicture::heading(int event) const {
    const QString part = m_lab == Lab::Commit ? Text::tr("A commit, step by step")
                                              : Text::tr("A file and its mapping grow");
    const QString where =
        Text::tr("transaction %1").arg(countText(m_log.stateAt(event).transaction().value));
    return event < 0 || event == m_openingEvent
               ? QStringLiteral("%1 \u00B7 %2").arg(part, where)
               : QStringLiteral("%1 \u00B7 %2 \u00B7 %3")
                     .arg(part, where, stageKindText(m_log.event(event)));
}

QString LabPicture::caption(int event) const {
    return event == m_openingEvent ? m_opening : stageCaptionAt(m_log, event);
}

void LabPicture::paint(QPainter& painter, const LabMoment& moment, double done) {
    painter.save();
    painter.fillRect(QRectF(QPointF(), m_size), m_theme.color(Theme::Role::Background));
    QRectF room = QRectF(QPointF(), m_size).adjusted(kMargin, kMargin / 2, -kMargin, -kBar - 2);
    QFont font = painter.font();
    font.setPixelSize(kHeadingPixels);
    font.setBold(true);
    painter.setFont(font);
    painter.setPen(m_theme.color(Theme::Role::Text));
    const qreal title = std::ceil(QFontMetricsF(font).height());
    painter.drawText(QRectF(room.topLeft(), QSizeF(room.width(), title)),
                     int(Qt::AlignLeft | Qt::AlignVCenter), heading(moment.event));
    font.setBold(false);
    font.setPixelSize(kCaptionPixels);
    painter.setFont(font);
    const qreal text = std::ceil(kCaptionLines * QFontMetricsF(font).lineSpacing());
    painter.drawText(QRectF(room.left(), room.top() + title + 2, room.width(), text),
                     int(Qt::AlignLeft | Qt::AlignTop) | int(Qt::TextWordWrap),
                     caption(moment.event));
    room.setTop(std::ceil(room.top() + title + text + 6));
    font.setPixelSize(kFontPixels);
    painter.setFont(font);
    if (m_lab == Lab::Commit) {
        paintCommit(painter, room, moment);
    } else {
        paintGrowth(painter, room, moment);
    }
    painter.fillRect(QRectF(0, m_size.height() - kBar, std::round(m_size.width() * done), kBar),
                     m_theme.color(Theme::Role::Accent));
    painter.restore();
}

void LabPicture::paintCommit(QPainter& painter, const QRectF& room, const LabMoment& moment) {
    const StageState now = m_log.stateAt(moment.event);
    const StageState before = moment.event < 0 ? now : m_log.stateAt(moment.event - 1);
    const StageFigures figures =
        stageFigures(before, now, moment.event < 0 ? nullptr : &m_log.event(moment.event));
    const StageLayout layout(
        stageLayoutSpec(now, figures, room.size(), QFontMetricsF(painter.font())));
    StageScene scene;
    scene.state = &now;
    scene.figures = &figures;
    scene.layout = &layout;
    scene.theme = &m_theme;
    scene.progress = moment.progress;
    painter.setClipRect(room); // the picture may be higher than a small room
    painter.translate(room.topLeft());
    paintStage(painter, scene);
    painter.translate(-room.topLeft());
    painter.setClipping(false);
}

void LabPicture::paintGrowth(QPainter& painter, const QRectF& room, const LabMoment& moment) {
    m_series.update(m_log, moment.event + 1);
    GrowthPictureSpec spec;
    spec.series = &m_series;
    spec.present = growthAt(m_log, moment.event);
    spec.event = moment.event;
    spec.room = room;
    const GrowthPicture picture(spec, painter.font());
    picture.paint(painter, m_theme, moment.progress);
}

} // namespace pagescape::gui
