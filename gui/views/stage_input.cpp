// SPDX-License-Identifier: MIT
// Mouse and keyboard of the stage. Left and Right walk within a part, Up and Down over its rows and
// then into the next part, at the place that lies closest.
#include "views/a11y.h"
#include "views/stage_view.h"

#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

using Kind = StageTarget::Kind;

StageTarget StageView::firstTarget() const {
    const auto& cards = m_layout.nodes().cards();
    if (!cards.empty()) {
        return {Kind::Node, cards.front().number};
    }
    return m_figures.shownPages() > 0 ? StageTarget{Kind::Page, 0} : StageTarget{Kind::Lane, 0};
}

// The target of a part that is closest to `x`, in its first row when it is entered from above.
std::optional<StageTarget> StageView::enter(Kind kind, qreal x, bool fromAbove) const {
    const auto nearest = [&](Kind what, quint64 count) {
        StageTarget best{what, 0};
        for (quint64 id = 1; id < count; ++id) {
            const auto away = [&](quint64 of) {
                return std::abs(m_layout.rectOf({what, of}).center().x() - x);
            };
            best.id = away(id) < away(best.id) ? id : best.id;
        }
        return best;
    };
    switch (kind) {
    case Kind::Node: {
        const auto& cards = m_layout.nodes().cards();
        const StageCard* best = nullptr;
        const auto away = [&](const StageCard& card) {
            return std::abs(card.rect.center().x() - x);
        };
        const qreal top = cards.empty() ? 0 : cards[fromAbove ? 0 : cards.size() - 1].rect.top();
        for (const StageCard& card : cards) {
            const bool isInRow = card.rect.top() == top;
            if (isInRow && (best == nullptr || away(card) < away(*best))) {
                best = &card;
            }
        }
        return best == nullptr ? std::nullopt : std::optional(StageTarget{kind, best->number});
    }
    case Kind::Page: {
        const quint64 pages = m_figures.shownPages();
        if (pages == 0) {
            return std::nullopt;
        }
        const PageMapLayout& grid = m_layout.grid();
        const quint64 row = fromAbove ? 0 : grid.rowCount() - 1;
        const auto column = quint64(
            std::clamp((x - m_layout.gridArea().left() - grid.spec().gutter) / grid.cellSize(), 0.0,
                       double(grid.cellsPerRow() - 1)));
        const quint64 page = (row * grid.cellsPerRow() + column) * grid.pagesPerCell();
        return StageTarget{kind, std::min(page, pages - 1)};
    }
    case Kind::Lane: return nearest(kind, kStageLaneCount);
    case Kind::Meta: break;
    }
    return nearest(kind, 2);
}

std::optional<StageTarget> StageView::movedNode(const StageTarget& from, int key) const {
    const StageNodesLayout& nodes = m_layout.nodes();
    const auto& cards = nodes.cards();
    const StageCard* card = nodes.card(std::uint32_t(from.id));
    if (card == nullptr) {
        return cards.empty() ? std::nullopt
                             : std::optional(StageTarget{Kind::Node, cards.back().number});
    }
    const auto index = std::size_t(card - cards.data());
    if (key == Qt::Key_Left || key == Qt::Key_Right) {
        const std::size_t to = key == Qt::Key_Left ? std::max<std::size_t>(index, 1) - 1
                                                   : std::min(index + 1, cards.size() - 1);
        return StageTarget{Kind::Node, cards[to].number};
    }
    if (const auto to = nodes.neighbour(card->number, key == Qt::Key_Up ? -1 : 1)) {
        return StageTarget{Kind::Node, *to};
    }
    if (key == Qt::Key_Up) {
        return std::nullopt;
    }
    const qreal x = card->rect.center().x();
    const auto page = enter(Kind::Page, x, true);
    return page ? page : enter(Kind::Lane, x, true);
}

std::optional<StageTarget> StageView::movedPage(const StageTarget& from, int key) const {
    const PageMapLayout& grid = m_layout.grid();
    const PageId page{from.id};
    const bool isSideways = key == Qt::Key_Left || key == Qt::Key_Right;
    if (isSideways) {
        return StageTarget{Kind::Page, grid.moved(page, key == Qt::Key_Left ? -1 : 1, 0).value};
    }
    const qreal x = m_layout.pageRect(page).center().x();
    const quint64 row = grid.rowOf(page);
    if (key == Qt::Key_Up) {
        return row == 0 ? enter(Kind::Node, x, false)
                        : StageTarget{Kind::Page, grid.moved(page, 0, -1).value};
    }
    return row + 1 >= grid.rowCount() ? enter(Kind::Lane, x, true)
                                      : StageTarget{Kind::Page, grid.moved(page, 0, 1).value};
}

std::optional<StageTarget> StageView::moved(const StageTarget& from, int key) const {
    if (from.kind == Kind::Node) {
        return movedNode(from, key);
    }
    if (from.kind == Kind::Page) {
        return movedPage(from, key);
    }
    const bool isLane = from.kind == Kind::Lane;
    const quint64 last = isLane ? kStageLaneCount - 1 : 1;
    switch (key) {
    case Qt::Key_Left: return StageTarget{from.kind, from.id == 0 ? 0 : from.id - 1};
    case Qt::Key_Right: return StageTarget{from.kind, std::min(from.id + 1, last)};
    case Qt::Key_Down:
        return isLane ? enter(Kind::Meta, m_layout.rectOf(from).center().x(), true) : std::nullopt;
    default: break;
    }
    const qreal x = m_layout.rectOf(from).center().x();
    if (!isLane) {
        return enter(Kind::Lane, x, false);
    }
    const auto page = enter(Kind::Page, x, false);
    return page ? page : enter(Kind::Node, x, false);
}

void StageView::keyPressEvent(QKeyEvent* event) {
    const int key = event->key();
    const bool isPlain = (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    const bool isArrow =
        key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down;
    if (isPlain && (isArrow || key == Qt::Key_Home || key == Qt::Key_End)) {
        std::optional<StageTarget> to = firstTarget();
        if (key == Qt::Key_End) {
            to = StageTarget{Kind::Meta, 1};
        } else if (isArrow && m_cursor) {
            to = moved(*m_cursor, key);
        }
        if (to) {
            setCursorTarget(*to);
        }
        event->accept();
        return;
    }
    if (isPlain && m_cursor && (key == Qt::Key_Return || key == Qt::Key_Enter)) {
        activate(*m_cursor);
        event->accept();
        return;
    }
    QAbstractScrollArea::keyPressEvent(event);
}

void StageView::mousePressEvent(QMouseEvent* event) {
    event->accept();
    const auto target = targetAt(event->position());
    if (event->button() == Qt::LeftButton && target) {
        setCursorTarget(*target);
        if (target->kind != Kind::Node) { // a node leads elsewhere: two clicks
            activate(*target);
        }
    }
}

void StageView::mouseDoubleClickEvent(QMouseEvent* event) {
    event->accept();
    const auto target = targetAt(event->position());
    if (event->button() == Qt::LeftButton && target) {
        activate(*target);
    }
}

void StageView::mouseReleaseEvent(QMouseEvent* event) {
    event->accept();
}

void StageView::mouseMoveEvent(QMouseEvent* event) {
    event->accept();
    const auto target = targetAt(event->position());
    if (target != m_hovered) {
        m_hovered = target;
        viewport()->update();
    }
}

void StageView::focusInEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusInEvent(event);
    if (!m_cursor) {
        m_cursor = firstTarget();
    }
    viewport()->update();
    a11y::emitEvent(this, QAccessible::Focus, indexOf(*m_cursor));
}

void StageView::focusOutEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

} // namespace pagescape::gui
