// SPDX-License-Identifier: MIT
// Theme: the only place that names a colour. Views ask for roles and classes; the palette is
// computed so that any two classes differ by at least dE 20 in normal, protan, deutan and tritan
// vision.
#pragma once

#include "pagescape/census.h"

#include <QChar>
#include <QColor>
#include <QPalette>
#include <QString>

#include <array>

namespace pagescape::gui {

/// How a page is drawn. PageKind plus life folded into what the legend distinguishes.
enum class PageClass {
    Meta,
    Freelist,
    Branch,
    Leaf,
    Overflow,
    Free,
    Problem, // hues
    NotRead,
    Previous,
    Leaked,
    Tail,
    StaleMeta, // patterns over a hue or the background
};
inline constexpr int kPageClassCount = 12;
inline constexpr int kHueClassCount = 7;

/// How a class is filled: states are patterns, not hues.
enum class ClassPattern {
    Solid,
    Hollow,  ///< outline in the class colour: stale meta
    Faded,   ///< class colour at 40 % with outline: previous version
    Hatched, ///< diagonal lines: leaked
    Dotted,  ///< dotted outline on the background: tail, not read
    Alarm,   ///< class colour with a red frame: problem
};
[[nodiscard]] ClassPattern pageClassPattern(PageClass pageClass);

/// The class that a census state byte (Census::state) is drawn as.
[[nodiscard]] PageClass pageClassOf(std::uint8_t state, bool hasProblem);
/// Name in the legend, translated.
[[nodiscard]] QString pageClassName(PageClass pageClass);

/// Contrast of two opaque colours, 1 to 21. Source: WCAG 2.1, relative luminance.
[[nodiscard]] double contrastRatio(const QColor& a, const QColor& b);
/// `share` (0 to 1) of a colour over an opaque background, opaque itself: dimming without alpha, so
/// that overlapping shapes do not add up.
[[nodiscard]] QColor blended(const QColor& color, const QColor& background, double share);

/// Everything a painter needs to know about colour. Immutable; swap the object to change the theme.
class Theme {
public:
    enum class Mode { Light, Dark };
    /// Meanings, not colours.
    enum class Role {
        Background, ///< behind canvases
        Surface,    ///< cards, chips, panels
        Text,
        DimText,
        Line,
        Accent, ///< selection
        Hover,
        Path,  ///< the lit path of a traced Get
        Focus, ///< focus frame
        ProblemText,
        FieldHeader,
        FieldElement,
        FieldKey,
        FieldValue,
        FieldBucket,
        FieldSlack,
        FieldUnused,
        FieldUnexplained,
        GrowthUsed, ///< curves of growth: pages in use, file, mapping
        GrowthFile,
        GrowthMap,
        LocalMax
    };

    [[nodiscard]] static Theme light();
    [[nodiscard]] static Theme dark();
    [[nodiscard]] static Theme of(Mode mode) { return mode == Mode::Dark ? dark() : light(); }

    [[nodiscard]] Mode mode() const { return m_mode; }
    [[nodiscard]] QColor color(Role role) const;
    [[nodiscard]] QColor classColor(PageClass pageClass) const;
    /// True where the class has less than 3:1 contrast with the background and needs an outline.
    [[nodiscard]] bool needsOutline(PageClass pageClass) const;
    /// Black or white, whichever reads better on `fill`.
    [[nodiscard]] QColor textOn(const QColor& fill) const;
    /// One letter or sign for each class: nothing is told by colour alone.
    [[nodiscard]] static QChar glyph(PageClass pageClass);
    /// One of 8 steps of a one-hue lightness ramp, monotone in L*: fill, residency.
    [[nodiscard]] QColor ramp(int step) const;
    /// A repeating set of 12 well-separated colours for bucket owners.
    [[nodiscard]] QColor ownerColor(BucketIndex bucket) const;
    /// A palette for Fusion that matches the canvases.
    [[nodiscard]] QPalette palette() const;

private:
    explicit Theme(Mode mode);

    Mode m_mode = Mode::Light;
    std::array<QColor, static_cast<std::size_t>(Role::LocalMax)> m_roles;
    std::array<QColor, kPageClassCount> m_classes;
    std::array<QColor, 8> m_ramp;
};

} // namespace pagescape::gui
