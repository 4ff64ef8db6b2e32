// SPDX-License-Identifier: MIT
// TreeView: the drawn part of a B+tree as a widget: pan, zoom, keyboard, hover, overview. Where
// boxes lie is the layout's, how they look the painter's; what is drawn at all comes from outside
// as a TreeShape.
#pragma once

#include "layout/tree_layout.h"
#include "paint/tree_painter.h"
#include "state/selection_hub.h"

#include <QAbstractScrollArea>
#include <QPixmap>
#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace pagescape::gui {

/// A tree to look at and walk through. Folding is proposed by signals: a new shape is the answer.
class TreeView final : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit TreeView(SelectionHub* hub, QWidget* parent = nullptr);
    ~TreeView() override;

    /// Shows another shape. The cursor stays on its page where that is still drawn, and where it
    /// is, unless a page was selected that only the new shape draws. What is lit or under the
    /// cursor is scrolled into sight.
    void setShape(TreeShape shape);
    [[nodiscard]] const TreeShape& shape() const { return m_shape; }
    [[nodiscard]] const TreeLayout& treeLayout() const { return m_layout; }
    /// Grows with every shape.
    [[nodiscard]] quint64 shapeNumber() const { return m_shapeNumber; }
    void setTheme(const Theme& theme);
    /// Lights these pages and dims all others; nothing: the shape's own marks, nothing dimmed.
    void setLitPath(const std::optional<std::vector<PageId>>& pages);
    void setSingleKeysEnabled(bool enabled) { m_singleKeys = enabled; }
    /// Marks the pages that a comparison found changed; null: no marks.
    void setChanges(std::shared_ptr<const PageChanges> changes);
    /// What the comparison says of a box: a class of Lens::Changes.
    [[nodiscard]] LensClass changeOf(int node) const;

    /// Viewport pixels per unit of the layout.
    [[nodiscard]] qreal zoomScale() const { return m_scale; }
    /// Index of the box with the keyboard cursor, or -1.
    [[nodiscard]] int cursorNode() const { return m_cursor; }
    [[nodiscard]] int selectedNode() const { return m_selected; }
    void moveCursorTo(int node);
    void selectNode(int node);
    /// Asks to unfold a box with a stub, else to fold one with drawn children.
    void toggleNode(int node);
    /// Why the last step left the parent; empty when it did not.
    [[nodiscard]] const QString& note() const { return m_note; }

    /// In viewport coordinates.
    [[nodiscard]] QRectF nodeRect(int node) const;
    [[nodiscard]] QRectF stubRect(int node) const;
    [[nodiscard]] std::optional<TreeLayout::Hit> hitAt(QPointF point) const;
    /// The inset; empty while all is visible.
    [[nodiscard]] QRectF overviewRect() const;

    [[nodiscard]] QSize sizeHint() const override { return {640, 320}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {160, 84}; }

public Q_SLOTS:
    void zoomIn();
    void zoomOut();
    /// The whole tree, however small.
    void zoomToFit();

Q_SIGNALS:
    /// Enter on the selected box.
    void followRequested(pagescape::PageId page);
    /// A "+312 leaves" stub was clicked, Down was pressed above one, or a folded box
    /// double-clicked.
    void expandRequested(pagescape::PageId page);
    /// Backspace, or a double click on a box with drawn children.
    void collapseRequested(pagescape::PageId page);
    void zoomScaleChanged(qreal scale);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    bool viewportEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    /// How the scale follows the window: readable fits as long as boxes can be read, else it
    /// scrolls.
    enum class Fit { Readable, All, None };

    [[nodiscard]] bool isValid(int node) const { return node >= 0 && node < m_layout.nodeCount(); }
    [[nodiscard]] const TreeShape::Node& nodeAt(int node) const {
        return m_shape.nodes[static_cast<std::size_t>(node)];
    }
    [[nodiscard]] bool hasDrawnChildren(int node) const { return m_layout.firstChild(node) >= 0; }
    [[nodiscard]] bool isFolded(int node) const;
    [[nodiscard]] QPointF origin() const; // of the scene, in the viewport
    [[nodiscard]] QPointF toScene(QPointF point) const;
    [[nodiscard]] QRectF toViewport(const QRectF& rect) const;
    [[nodiscard]] QSizeF contentSize() const;
    [[nodiscard]] qreal fitScale() const;
    [[nodiscard]] TreeScene scene() const;
    void markPath();
    void applyFit();
    void setScale(qreal scale, QPointF anchor);
    void zoomBy(int steps, QPointF anchor);
    void syncScrollBars();
    /// Scrolls a box into sight, and as much of its family as fits with it.
    void reveal(int node);
    [[nodiscard]] int deepestLitNode() const;
    void updateNode(int node);
    void onSelectionChanged(const Place& place);
    void onHoverChanged(const Place& place);
    void hoverAt(QPointF point);
    void jumpInOverview(QPointF point);
    void stepSideways(const TreeLayout::Neighbour& neighbour);
    void setNote(const QString& note);
    bool moveByKey(int key);
    bool actByKey(const QKeyEvent& event);
    void paintOverview(QPainter& painter);
    void paintWhole(QPainter& painter, const QTransform& toInset) const;
    void paintNote(QPainter& painter);

    SelectionHub* m_hub;
    TreeShape m_shape;
    TreeLayout m_layout;
    Theme m_theme = Theme::light();
    quint64 m_shapeNumber = 0;
    std::vector<bool> m_ownMarks; // isOnPath as the shape came
    std::optional<std::vector<PageId>> m_path;
    std::shared_ptr<const PageChanges> m_changes;
    qreal m_scale = 1;
    Fit m_fit = Fit::Readable;
    int m_cursor = -1;
    int m_selected = -1;
    int m_hovered = -1;
    int m_hoveredStub = -1;
    QString m_note;
    QPixmap m_overview;     // null: to be painted again
    QRectF m_overviewFrame; // where the inset is while it is dragged
    bool m_singleKeys = true;

    enum class Drag { None, Maybe, Pan, Overview };
    Drag m_drag = Drag::None;
    QPointF m_dragStart;
    QPoint m_scrollStart;
    std::optional<PageId> m_clicked; // box of the last click
    int m_wheelRest = 0;
};

} // namespace pagescape::gui
