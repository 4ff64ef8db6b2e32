// SPDX-License-Identifier: MIT
// Cards of nodes. A card's height stands for a page: a node that is too large for one is drawn
// taller, with a dashed line where the page ends.
#include "paint/cell_painter.h"
#include "paint/page_map_painter.h"
#include "paint/stage_parts.h"
#include "paint/stage_text.h"
#include "units/units.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

namespace {

class NodePainter {
public:
    NodePainter(QPainter& painter, const StageScene& scene)
        : m_painter(painter), m_scene(scene), m_theme(*scene.theme),
          m_size(scene.layout->nodes().cardSize()), m_line(scene.layout->metrics().line),
          m_isOpen(isStageOpen(*scene.state)) {}

    void paintLines() {
        const StageNodesLayout& nodes = m_scene.layout->nodes();
        m_painter.setRenderHint(QPainter::Antialiasing, m_size != StageCardSize::Mark);
        m_painter.setPen(QPen(m_theme.color(Theme::Role::Line), 1.5));
        for (const StageCard& card : nodes.cards()) {
            if (const StageCard* parent = nodes.card(card.parent)) {
                m_painter.drawLine(QPointF(card.rect.center().x(), card.rect.top()),
                                   QPointF(parent->rect.center().x(), parent->rect.bottom()));
            }
        }
        m_painter.setRenderHint(QPainter::Antialiasing, false);
    }

    void paint(const StageCard& card) {
        const StageNode* node = m_scene.state->node(card.number);
        if (node == nullptr) {
            return;
        }
        const bool isPresent = m_scene.figures->present.node == card.number ||
                               m_scene.figures->present.sibling == card.number;
        const bool isDim = node->isGone || !m_isOpen;
        if (m_size == StageCardSize::Mark) {
            const ClassStyle style = styleOf(*node, isDim);
            paintCellShape(m_painter, card.rect, style, m_theme, 1);
            if (node->isGone) {
                paintCross(card.rect);
            }
            if (card.isOverfull()) {
                m_painter.fillRect(QRectF(card.rect.left(), card.rect.top() + card.pageHeight,
                                          card.rect.width(), 1),
                                   m_theme.color(Theme::Role::Background));
            }
        } else {
            paintFace(card, *node, isDim);
            if (node->isGone) { // under the text, which is still to be read
                paintCross(card.rect);
            }
            m_size == StageCardSize::Small ? paintNumber(card, *node, isDim)
                                           : paintTexts(card, *node, isDim);
        }
        if (isPresent) {
            paintStageFrame(m_painter, card.rect, 2, presentColor(m_scene), m_theme);
        }
    }

private:
    [[nodiscard]] ClassStyle styleOf(const StageNode& node, bool isDim) const {
        const PageClass pageClass = node.isLeaf ? PageClass::Leaf : PageClass::Branch;
        const ClassStyle style = lensClassStyle(Lens::Type, LensClass(1 + int(pageClass)), m_theme);
        return isDim ? dimmedStyle(style, m_theme) : style;
    }

    [[nodiscard]] qreal barWidth() const { return std::round(0.4 * m_line); }
    [[nodiscard]] QColor textColor(bool isDim) const {
        return m_theme.color(isDim ? Theme::Role::DimText : Theme::Role::Text);
    }

    // Background, frame, and the bar of bytes against the page.
    void paintFace(const StageCard& card, const StageNode& node, bool isDim) {
        m_painter.fillRect(card.rect, m_theme.color(Theme::Role::Surface));
        const qreal pageBytes = std::max(1U, m_scene.state->pageSize);
        const qreal share = std::min(1.0, double(node.bytes) / pageBytes);
        const QRectF bar(card.rect.left(), card.rect.top(), barWidth(), card.rect.height());
        const ClassStyle style = styleOf(node, isDim);
        if (card.isOverfull()) {
            m_painter.fillRect(bar, style.fill);
            ClassStyle over = style;
            over.pattern = ClassPattern::Hatched;
            over.outline = style.fill;
            paintCellShape(m_painter, bar.adjusted(0, card.pageHeight, 0, 0), over, m_theme, 1);
        } else {
            const qreal height = std::round(bar.height() * share);
            m_painter.fillRect(bar, m_theme.color(Theme::Role::Background));
            m_painter.fillRect(QRectF(bar.left(), bar.bottom() - height, bar.width(), height),
                               style.fill);
        }
        const QColor line = m_theme.color(isDim ? Theme::Role::Line : Theme::Role::DimText);
        m_painter.fillRect(QRectF(bar.right(), bar.top(), 1, bar.height()), line);
        paintFrame(m_painter, card.rect, 1, line);
        if (card.isOverfull()) {
            const qreal y = std::round(card.rect.top() + card.pageHeight);
            m_painter.setPen(QPen(m_theme.color(Theme::Role::Text), 1, Qt::DashLine));
            m_painter.drawLine(QPointF(card.rect.left(), y), QPointF(card.rect.right() - 1, y));
        }
    }

    void paintNumber(const StageCard& card, const StageNode& node, bool isDim) {
        const QRectF inner = inside(card);
        const QChar glyph = Theme::glyph(node.isLeaf ? PageClass::Leaf : PageClass::Branch);
        m_painter.setPen(textColor(isDim));
        const QRectF text(inner.left(), card.rect.top(), inner.width(), card.pageHeight);
        const QString number = QString::number(node.number);
        paintFittingText(m_painter, text, Qt::AlignCenter,
                         {QStringLiteral("%1 #%2").arg(glyph).arg(number), number});
    }

    void paintTexts(const StageCard& card, const StageNode& node, bool isDim) {
        QRectF row = inside(card);
        row.setHeight(m_line);
        const qreal edge = std::round(0.9 * m_line);
        const QRectF swatch(row.left(), std::round(row.center().y() - edge / 2), edge, edge);
        paintClassSwatch(m_painter, swatch, styleOf(node, isDim), m_theme);
        const auto left = Qt::AlignLeft | Qt::AlignVCenter;
        m_painter.setPen(textColor(isDim));
        paintFittingText(m_painter, row.adjusted(edge + 0.3 * m_line, 0, 0, 0), left,
                         {stageNodeTitle(node)});
        row.translate(0, m_line);
        const QString place = stageNodePlace(node);
        if (m_size == StageCardSize::Full) {
            paintFittingText(m_painter, row, left, {place});
            row.translate(0, m_line);
            paintFittingText(m_painter, row, left, {stageNodeSize(node), bytesText(node.bytes)});
        } else {
            paintFittingText(m_painter, row, left,
                             {QStringLiteral("%1, %2").arg(place, bytesText(node.bytes)), place});
        }
        if (card.isOverfull()) {
            const QRectF over(row.left(), card.rect.top() + card.pageHeight, row.width(),
                              card.rect.height() - card.pageHeight);
            QFont font = m_painter.font();
            font.setBold(true);
            m_painter.save();
            m_painter.setFont(font);
            m_painter.setPen(textColor(false));
            paintFittingText(m_painter, over, left, {stageOverfullText(*m_scene.state)});
            m_painter.restore();
        }
    }

    [[nodiscard]] QRectF inside(const StageCard& card) const {
        const qreal pad = std::round(0.3 * m_line);
        const qreal lines = m_size == StageCardSize::Full ? 3 : 2;
        const qreal top = std::max(0.0, (card.pageHeight - lines * m_line) / 2);
        return card.rect.adjusted(barWidth() + 1 + pad, top, -pad, 0);
    }

    void paintCross(const QRectF& rect) {
        m_painter.setRenderHint(QPainter::Antialiasing, true);
        m_painter.setPen(QPen(m_theme.color(Theme::Role::DimText), 1));
        if (m_size != StageCardSize::Small) { // there the number has little room
            m_painter.drawLine(rect.topLeft(), rect.bottomRight());
        }
        m_painter.drawLine(rect.bottomLeft(), rect.topRight());
        m_painter.setRenderHint(QPainter::Antialiasing, false);
    }

    QPainter& m_painter;
    const StageScene& m_scene;
    const Theme& m_theme;
    StageCardSize m_size;
    qreal m_line;
    bool m_isOpen;
};

} // namespace

void paintStageNodes(QPainter& painter, const StageScene& scene) {
    const StageNodesLayout& nodes = scene.layout->nodes();
    painter.save();
    if (nodes.cards().empty() && nodes.hiddenCount() == 0) {
        painter.setPen(scene.theme->color(Theme::Role::DimText));
        painter.drawText(scene.layout->memoryArea(), int(Qt::AlignCenter | Qt::TextWordWrap),
                         QCoreApplication::translate(
                             "Stage", "No nodes in memory. A Put reads pages into nodes here, and "
                                      "changes nothing in the file."));
    }
    NodePainter cards(painter, scene);
    cards.paintLines();
    for (const StageCard& card : nodes.cards()) {
        cards.paint(card);
    }
    if (nodes.hiddenCount() > 0) {
        const QString text =
            QCoreApplication::translate("Stage", "and %1 more").arg(countText(nodes.hiddenCount()));
        const QFontMetricsF metrics(painter.font());
        const QRectF area = scene.layout->memoryArea();
        const qreal width = metrics.horizontalAdvance(text) + metrics.averageCharWidth();
        const QRectF label(area.right() - width, area.bottom() - metrics.height(), width,
                           metrics.height());
        painter.fillRect(label, scene.theme->color(Theme::Role::Background));
        painter.setPen(scene.theme->color(Theme::Role::Text));
        painter.drawText(label, int(Qt::AlignCenter), text);
    }
    painter.restore();
}

} // namespace pagescape::gui
