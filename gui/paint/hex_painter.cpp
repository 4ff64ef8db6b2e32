// SPDX-License-Identifier: MIT
// Paints hexadecimal lines: backgrounds, then text, then outlines.
#include "paint/hex_painter.h"

#include "paint/byte_canvas_painter.h"
#include "paint/cell_painter.h"

#include <algorithm>

namespace pagescape::gui {
namespace {

const Field* fieldOf(const PageDescription& description, int index) {
    const auto at = static_cast<std::size_t>(index);
    return index >= 0 && at < description.fields.size() ? &description.fields[at] : nullptr;
}

ByteRange intersection(const ByteRange& a, const ByteRange& b) {
    const std::uint64_t begin = std::max(a.begin, b.begin);
    return {begin, std::max(begin, std::min(a.end, b.end))};
}

qreal strengthWidth(HexStrength strength) {
    return strength == HexStrength::Field ? 2 : 1;
}

class LinePainter {
public:
    LinePainter(QPainter& painter, const HexScene& scene)
        : m_painter(painter), m_scene(scene), m_layout(*scene.layout), m_theme(*scene.theme) {}

    void paintBackgrounds(const ByteRange& visible) {
        for (const HexRange& range : m_scene.ranges) {
            const ByteRange part = intersection(range.range, visible);
            if (!range.background || part.isEmpty()) {
                continue;
            }
            for (const HexColumn column : {HexColumn::Hex, HexColumn::Text}) {
                for (const QRectF& rect : m_layout.rects(part, column)) {
                    m_painter.fillRect(rect, m_theme.color(*range.background));
                }
            }
        }
    }

    void paintText(const ByteRange& visible) {
        const QColor text = m_theme.color(Theme::Role::Text);
        const QColor dim = m_theme.color(Theme::Role::DimText);
        constexpr std::array<char, 17> kDigits{"0123456789abcdef"};
        const auto perLine = static_cast<quint64>(m_layout.spec().bytesPerLine);
        for (quint64 offset = visible.begin; offset < visible.end; ++offset) {
            if (offset % perLine == 0) {
                const quint64 shown = m_layout.spec().baseOffset + offset;
                m_painter.setPen(dim);
                m_painter.drawText(
                    m_layout.offsetRect(offset / perLine),
                    static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter),
                    QStringLiteral("%1").arg(shown, m_layout.offsetDigits(), 16, QLatin1Char('0')));
            }
            if (offset >= m_scene.bytes.size()) {
                continue;
            }
            const auto value = std::to_integer<unsigned>(m_scene.bytes[offset]);
            const QString digits =
                QString(QLatin1Char(kDigits[value / 16])) + QLatin1Char(kDigits[value % 16]);
            const bool isPrintable = value >= 0x20 && value < 0x7F;
            m_painter.setPen(value == 0 ? dim : text);
            paintCell(offset, HexColumn::Hex, digits);
            m_painter.setPen(isPrintable ? text : dim);
            paintCell(offset, HexColumn::Text,
                      isPrintable ? QString(QChar(value)) : QStringLiteral("."));
        }
    }

    void paintOutlines(const ByteRange& visible) {
        m_painter.setBrush(Qt::NoBrush);
        for (const HexRange& range : m_scene.ranges) {
            if (range.strength == HexStrength::None ||
                intersection(range.range, visible).isEmpty()) {
                continue;
            }
            const auto style = range.strength == HexStrength::Part ? Qt::DotLine : Qt::SolidLine;
            m_painter.setPen(QPen(m_theme.color(range.outline), strengthWidth(range.strength),
                                  style, Qt::SquareCap, Qt::MiterJoin));
            for (const HexColumn column : {HexColumn::Hex, HexColumn::Text}) {
                for (const QPolygonF& polygon : m_layout.outline(range.range, column)) {
                    m_painter.drawPolygon(polygon);
                }
            }
        }
    }

    void paintCursor() {
        if (!m_scene.cursor || *m_scene.cursor >= m_layout.spec().byteCount) {
            return;
        }
        const QColor focus = m_theme.color(Theme::Role::Focus);
        const HexColumn other =
            m_scene.cursorColumn == HexColumn::Hex ? HexColumn::Text : HexColumn::Hex;
        const QRectF active = m_layout.cellRect(*m_scene.cursor, m_scene.cursorColumn);
        if (m_scene.hasFocus) {
            paintFrame(m_painter, active.adjusted(-2, -1, 2, 1), 2, focus);
        } else {
            paintFrame(m_painter, active.adjusted(-1, 0, 1, 0), 1, focus);
        }
        paintFrame(m_painter, m_layout.cellRect(*m_scene.cursor, other).adjusted(-1, 0, 1, 0), 1,
                   focus);
    }

private:
    void paintCell(quint64 offset, HexColumn column, const QString& text) {
        m_painter.drawText(m_layout.cellRect(offset, column), static_cast<int>(Qt::AlignCenter),
                           text);
    }

    QPainter& m_painter;
    const HexScene& m_scene;
    const HexLayout& m_layout;
    const Theme& m_theme;
};

} // namespace

std::vector<HexRange> hexFieldRanges(const PageDescription& description, const ByteRange& visible) {
    std::vector<HexRange> ranges;
    const auto& leaves = description.leaves;
    auto leaf = std::lower_bound(leaves.begin(), leaves.end(), visible.begin,
                                 [&description](std::uint32_t index, std::uint64_t offset) {
                                     return description.fields[index].range.end <= offset;
                                 });
    for (; leaf != leaves.end(); ++leaf) {
        const Field& field = description.fields[*leaf];
        if (field.range.begin >= visible.end) {
            break;
        }
        ranges.push_back(
            {field.range, fieldRole(field.kind), HexStrength::None, Theme::Role::Accent});
        if (!field.problem.empty()) {
            ranges.push_back(
                {field.range, std::nullopt, HexStrength::Field, Theme::Role::ProblemText});
        }
    }
    return ranges;
}

std::vector<HexRange> hexOutlines(const PageDescription& description, int field, Theme::Role role) {
    std::vector<HexRange> ranges;
    const Field* own = fieldOf(description, field);
    if (own == nullptr) {
        return ranges;
    }
    // Outside in, so that the strongest line is painted last.
    const Field* group = fieldOf(description, own->parent);
    if (group != nullptr) {
        const Field* outer = fieldOf(description, group->parent);
        if (outer != nullptr) {
            ranges.push_back({outer->range, std::nullopt, HexStrength::Part, Theme::Role::DimText});
        }
        ranges.push_back({group->range, std::nullopt, HexStrength::Element, role});
    }
    ranges.push_back({own->range, std::nullopt, HexStrength::Field, role});
    return ranges;
}

void paintHex(QPainter& painter, const HexScene& scene, const QRectF& exposed) {
    painter.fillRect(exposed, scene.theme->color(Theme::Role::Background));
    if (scene.layout == nullptr) {
        return;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    const ByteRange visible = scene.layout->visibleBytes(exposed);
    LinePainter lines(painter, scene);
    lines.paintBackgrounds(visible);
    lines.paintText(visible);
    lines.paintOutlines(visible);
    lines.paintCursor();
    painter.restore();
}

} // namespace pagescape::gui
