// SPDX-License-Identifier: MIT
// Paints the byte canvas and its miniature.
#include "paint/byte_canvas_painter.h"

#include "paint/cell_painter.h"
#include "units/key_text.h"

#include <QPainterPath>

#include <algorithm>
#include <climits>
#include <cmath>

namespace pagescape::gui {
namespace {

constexpr int kPreviewLimit = 60; // characters of a key or value that a label may have
constexpr quint64 kMiniatureRows = 16;
constexpr QLatin1String kProblemMark("! ");

const Field* fieldOf(const PageDescription& description, int index) {
    const auto at = static_cast<std::size_t>(index);
    return index >= 0 && at < description.fields.size() ? &description.fields[at] : nullptr;
}

// The page image that a field is part of: an InlinePage group, or -1 for the page itself.
int imageOf(const PageDescription& description, int index) {
    const Field* field = fieldOf(description, index);
    int at = field == nullptr ? -1 : field->parent;
    while (const Field* group = fieldOf(description, at)) {
        if (group->kind == FieldKind::InlinePage) {
            break;
        }
        at = group->parent < at ? group->parent : -1;
    }
    return at;
}

// The field of that kind for the element that `index` belongs to, in the same page image; or -1.
int partOfElement(const PageDescription& description, int index, FieldKind kind) {
    const Field* field = fieldOf(description, index);
    if (field == nullptr || field->element < 0) {
        return -1;
    }
    const int image = imageOf(description, index);
    for (std::size_t i = 0; i < description.fields.size(); ++i) {
        const Field& candidate = description.fields[i];
        if (candidate.kind == kind && candidate.element == field->element &&
            imageOf(description, static_cast<int>(i)) == image) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

bool isText(FieldKind kind) {
    return kind == FieldKind::Key || kind == FieldKind::Value;
}

bool isFiller(FieldKind kind) {
    return kind == FieldKind::Slack || kind == FieldKind::Unused || kind == FieldKind::Unexplained;
}

QString textOf(const Field& field, Bytes bytes, ValueFormat keyFormat) {
    if (field.range.end > bytes.size()) {
        return fieldLabel(field.kind);
    }
    const Bytes part = bytes.subspan(field.range.begin, field.range.size());
    return field.kind == FieldKind::Key && keyFormat != ValueFormat::Auto
               ? oneLine(part, keyFormat, kPreviewLimit)
               : bytesPreview(part, kPreviewLimit);
}

// What a label may say, from the longest to the shortest.
QStringList labelCandidates(const Field& field) {
    const QString name = fieldLabel(field.kind);
    if (isFiller(field.kind)) {
        return {name + QChar(u' ') + bytesText(field.range.size()), name};
    }
    QString number = QString::number(field.number);
    if (field.kind == FieldKind::Magic || field.kind == FieldKind::Checksum ||
        field.kind == FieldKind::FlagsField) {
        number = QStringLiteral("0x") + QString::number(field.number, 16);
    }
    return {name + QChar(u' ') + number, number};
}

class CanvasPainter {
public:
    CanvasPainter(QPainter& painter, const ByteCanvasScene& scene)
        : m_painter(painter), m_scene(scene), m_description(*scene.description),
          m_layout(*scene.layout), m_theme(*scene.theme),
          m_pixel(1 / m_layout.spec().devicePixelRatio) {
        for (const int element : {0, static_cast<int>(m_description.count) - 1}) {
            if (const Field* key =
                    fieldOf(m_description, m_description.find(FieldKind::Key, element))) {
                m_outerKeys.append(textOf(*key, scene.bytes, scene.keyFormat));
            }
        }
    }

    void paintFields(const ByteRange& visible) {
        const auto& leaves = m_description.leaves;
        auto leaf = std::lower_bound(leaves.begin(), leaves.end(), visible.begin,
                                     [this](std::uint32_t index, quint64 offset) {
                                         return m_description.fields[index].range.end <= offset;
                                     });
        for (; leaf != leaves.end(); ++leaf) {
            const Field& field = m_description.fields[*leaf];
            if (field.range.begin >= visible.end) {
                break;
            }
            paintField(field);
        }
    }

    void paintRules(const QRectF& exposed) {
        m_painter.setPen(QPen(m_theme.color(Theme::Role::Text), 2 * m_pixel, Qt::DashLine));
        const ByteRange visible = m_layout.visibleBytes(exposed);
        const quint64 pageSize = std::max<quint64>(1, m_layout.spec().pageSize);
        const quint64 last = std::min(m_layout.ruleCount(), visible.end / pageSize + 1);
        for (quint64 rule = std::max<quint64>(1, visible.begin / pageSize); rule <= last; ++rule) {
            m_painter.drawPolyline(m_layout.rule(rule));
        }
    }

    void paintMarks() {
        m_painter.setBrush(Qt::NoBrush);
        paintEnclosing(m_scene.hoveredField, Theme::Role::Hover);
        paintEnclosing(m_scene.selectedField, Theme::Role::Accent);
        paintOutline(m_scene.hoveredField, Theme::Role::Hover, 1.5);
        paintOutline(m_scene.selectedField, Theme::Role::Accent, m_scene.hasFocus ? 3 : 2);
        const int arrowOf =
            m_scene.selectedField >= 0 ? m_scene.selectedField : m_scene.hoveredField;
        paintArrow(arrowOf);
    }

private:
    void paintField(const Field& field) {
        const QColor background = m_theme.color(Theme::Role::Background);
        const bool isDimmed = m_scene.litElement >= 0 && field.element != m_scene.litElement;
        const QColor full = m_theme.color(fieldRole(field.kind));
        const QColor fill = isDimmed ? blended(full, background, kDimShare) : full;
        for (const QRectF& rect : m_layout.rects(field.range)) {
            m_painter.fillRect(rect.adjusted(0, 0, -m_pixel, -m_pixel), fill);
        }
        const QColor text =
            m_theme.color(field.problem.empty() ? Theme::Role::Text : Theme::Role::ProblemText);
        paintLabel(field, isDimmed ? blended(text, background, 2 * kDimShare) : text);
        if (!field.problem.empty()) {
            m_painter.setPen(QPen(m_theme.color(Theme::Role::ProblemText), 2));
            drawOutline(field.range);
        }
    }

    void paintLabel(const Field& field, const QColor& color) {
        QRectF rect = m_layout.labelRect(field.range);
        // The label of a block of rows stands in its first row, where reading begins.
        rect.setHeight(m_layout.rowHeight());
        const QFontMetricsF metrics(m_painter.font());
        if (rect.width() < metrics.horizontalAdvance(QLatin1Char('0')) ||
            metrics.height() > rect.height() + 3) {
            return;
        }
        const QStringList candidates =
            isText(field.kind) ? QStringList(previewOf(field, metrics, rect.width() - 5))
                               : labelCandidates(field);
        for (QString text : candidates) {
            if (!field.problem.empty() && !isText(field.kind)) {
                text.prepend(kProblemMark);
            }
            const qreal width = metrics.horizontalAdvance(text);
            if (width > rect.width() - 3 || text == QChar(u'\u2026')) {
                continue;
            }
            const bool isTight = width > rect.width() - 8;
            const QRectF place = isTight ? rect : rect.adjusted(3, 0, 0, 0);
            const auto align = isTight ? Qt::AlignCenter : Qt::AlignLeft | Qt::AlignVCenter;
            m_painter.setPen(color);
            m_painter.drawText(place, static_cast<int>(align), text);
            return;
        }
    }

    // A piece of a key or value tells something, while a piece of a number would lie.
    [[nodiscard]] QString previewOf(const Field& field, const QFontMetricsF& metrics,
                                    qreal width) const {
        QString text = textOf(field, m_scene.bytes, m_scene.keyFormat);
        const bool isHex = text.startsWith(QStringLiteral("0x"));
        int shared = field.kind == FieldKind::Key && !m_outerKeys.isEmpty() ? INT_MAX : 0;
        for (const QString& outer : m_outerKeys) { // keys are sorted: all lie between these two
            shared = outer == text ? shared : std::min(shared, sharedStart(text, outer));
        }
        if (!field.problem.empty()) {
            text.prepend(kProblemMark);
            shared = 0;
        }
        return elidedKey(text, shared, metrics, width, isHex ? Qt::ElideMiddle : Qt::ElideRight);
    }

    void drawOutline(const ByteRange& range) {
        for (const QPolygonF& polygon : m_layout.outline(range)) {
            m_painter.drawPolygon(polygon);
        }
    }

    void paintOutline(int index, Theme::Role role, qreal width) {
        const Field* field = fieldOf(m_description, index);
        if (field == nullptr) {
            return;
        }
        const QColor color = m_theme.color(role);
        m_painter.setPen(QPen(m_theme.color(Theme::Role::Background), width + 2, Qt::SolidLine,
                              Qt::SquareCap, Qt::MiterJoin));
        drawOutline(field->range);
        m_painter.setPen(QPen(color, width, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        drawOutline(field->range);
    }

    // A thin line around the element or pair that the field is part of.
    void paintEnclosing(int index, Theme::Role role) {
        const Field* field = fieldOf(m_description, index);
        const Field* group = field == nullptr ? nullptr : fieldOf(m_description, field->parent);
        if (group != nullptr && group->element >= 0) {
            m_painter.setPen(
                QPen(m_theme.color(role), 1, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
            drawOutline(group->range);
        }
    }

    void paintArrow(int index) {
        const Field* element =
            fieldOf(m_description, partOfElement(m_description, index, FieldKind::Element));
        const Field* key =
            fieldOf(m_description, partOfElement(m_description, index, FieldKind::Key));
        if (element == nullptr || key == nullptr) {
            return;
        }
        const auto arrow = byteArrow(m_layout, element->range, key->range);
        if (!arrow) {
            return;
        }
        QPainterPath path(arrow->from);
        path.cubicTo(arrow->bend1, arrow->bend2, arrow->to);
        m_painter.setRenderHint(QPainter::Antialiasing, true);
        m_painter.setPen(QPen(m_theme.color(Theme::Role::Background), 3.5));
        m_painter.drawPath(path);
        const QColor color = m_theme.color(Theme::Role::Path);
        m_painter.setPen(QPen(color, 1.5));
        m_painter.drawPath(path);
        const qreal up = arrow->to.y() >= arrow->from.y() ? -1 : 1;
        QPolygonF head;
        head << arrow->to << arrow->to + QPointF(-4, 7 * up) << arrow->to + QPointF(4, 7 * up);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(color);
        m_painter.drawPolygon(head);
        m_painter.setRenderHint(QPainter::Antialiasing, false);
    }

    QPainter& m_painter;
    const ByteCanvasScene& m_scene;
    const PageDescription& m_description;
    const ByteCanvasLayout& m_layout;
    const Theme& m_theme;
    qreal m_pixel;
    QStringList m_outerKeys; // texts of the page's first and last key
};

} // namespace

void paintByteCanvas(QPainter& painter, const ByteCanvasScene& scene, const QRectF& exposed) {
    painter.fillRect(exposed, scene.theme->color(Theme::Role::Background));
    if (scene.description == nullptr || scene.layout == nullptr) {
        return;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    CanvasPainter canvas(painter, scene);
    canvas.paintFields(scene.layout->visibleBytes(exposed));
    canvas.paintRules(exposed);
    canvas.paintMarks();
    painter.restore();
}

void paintPageMiniature(QPainter& painter, const PageDescription& run, PageId page,
                        const QRectF& rect, const Theme& theme) {
    const quint64 pageSize = run.pageSize;
    if (run.leaves.empty() || pageSize == 0 || page < run.id || rect.width() < 4 ||
        rect.height() < 4) {
        return;
    }
    const quint64 all = run.fields[run.leaves.back()].range.end;
    const quint64 index = page.value - run.id.value;
    if (index > all / pageSize || index * pageSize >= all) {
        return;
    }
    const quint64 begin = index * pageSize;
    const quint64 end = begin + std::min(pageSize, all - begin);
    ByteCanvasSpec spec;
    spec.byteCount = pageSize;
    spec.width = rect.width();
    spec.rowHeight = rect.height() / static_cast<qreal>(kMiniatureRows);
    spec.bytesPerRow = static_cast<int>((pageSize + kMiniatureRows - 1) / kMiniatureRows);
    spec.devicePixelRatio = 1024; // bytes are thinner than a pixel here: nothing is rounded
    const ByteCanvasLayout layout(spec);

    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setClipRect(rect, Qt::IntersectClip);
    painter.fillRect(rect, theme.color(Theme::Role::Background));
    painter.translate(rect.topLeft());
    auto leaf = std::lower_bound(run.leaves.begin(), run.leaves.end(), begin,
                                 [&run](std::uint32_t field, quint64 offset) {
                                     return run.fields[field].range.end <= offset;
                                 });
    // Neighbours of one role are one stretch, so that a page costs tens of rectangles, not
    // thousands.
    while (leaf != run.leaves.end() && run.fields[*leaf].range.begin < end) {
        const Theme::Role role = fieldRole(run.fields[*leaf].kind);
        ByteRange range = run.fields[*leaf].range;
        for (++leaf; leaf != run.leaves.end() && fieldRole(run.fields[*leaf].kind) == role;
             ++leaf) {
            range.end = run.fields[*leaf].range.end;
        }
        const ByteRange shown{std::max<quint64>(range.begin, begin) - begin,
                              std::min<quint64>(range.end, end) - begin};
        for (const QRectF& part : layout.rects(shown)) {
            painter.fillRect(part, theme.color(role));
        }
    }
    painter.restore();
}

} // namespace pagescape::gui
