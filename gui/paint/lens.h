// SPDX-License-Identifier: MIT
// Lenses: what the page map's colours mean. A LensImage is one class byte a page plus a pyramid
// whose levels each have a quarter of the entries, so that a file of any size is painted from as
// many bytes as there are pixels. It is built in a worker and then never changed.
#pragma once

#include "layout/page_map_layout.h"
#include "pagescape/census.h"
#include "pagescape/diff.h"
#include "paint/theme.h"

#include <QChar>
#include <QColor>
#include <QString>

#include <array>
#include <bitset>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

namespace pagescape::gui {

/// What the colours of the page map mean.
enum class Lens { Type, Fill, Owner, Reachability, Residency, Changes };
inline constexpr std::array kLenses{Lens::Type,         Lens::Fill,      Lens::Owner,
                                    Lens::Reachability, Lens::Residency, Lens::Changes};
/// Name for menus, translated.
[[nodiscard]] QString lensName(Lens lens);
/// Stable lower-case name for command lines and settings: "type", "fill", "owner", "reachability",
/// "residency", "changes".
[[nodiscard]] QString lensId(Lens lens);

/// A lens' class of a page. Its meaning depends on the lens; 0 is "not known yet" in all of them.
///   Type          1 + PageClass
///   Fill          1 to 8: step of the ramp; 9: has no fill
///   Owner         1: belongs to no bucket; 2: one of too many buckets; 3 and up: 3 + bucket index
///   Reachability  1 + PageLife
///   Residency     1: not in the cache; 2 to 8: partly; 9: wholly
///   Changes       1: only before; 2: only after; 3: in both, different; 4: in both, the same;
///                 5: in no tree of the two versions, or left out
using LensClass = std::uint8_t;
inline constexpr LensClass kUnknownClass = 0;
inline constexpr LensClass kFillNoneClass = 9;
inline constexpr LensClass kNoOwnerClass = 1;
inline constexpr LensClass kOtherOwnersClass = 2;
inline constexpr LensClass kFirstOwnerClass = 3;
inline constexpr LensClass kNotResidentClass = 1;
inline constexpr LensClass kResidentClass = 9;
inline constexpr LensClass kOnlyBeforeClass = 1;
inline constexpr LensClass kOnlyAfterClass = 2;
inline constexpr LensClass kDifferentClass = 3;
inline constexpr LensClass kSameClass = 4;
inline constexpr LensClass kNotComparedClass = 5;

/// A set of classes: what the legend isolates.
using ClassMask = std::bitset<256>;
[[nodiscard]] inline ClassMask allClasses() {
    return ClassMask().set();
}

/// The residency sample that Lens::Residency paints.
struct ResidencySample {
    std::vector<std::uint8_t> resident; ///< one byte, 0 or 1, an operating-system page
    quint32 osPageSize = 4096;
    quint32 pageSize = 4096; ///< of the database
};

/// The pages of a comparison, which Lens::Changes paints.
struct PageChanges {
    PageDiff pages;
    /// Two versions of the file on show: what a tree of it reaches and `pages` does not name is the
    /// same. Otherwise `pages` says it all.
    bool isOneFile = true;
    /// What the comparison says of one page. Cost: a binary search in each list.
    [[nodiscard]] LensClass classOf(PageId page) const;
};
/// "+", "−" and the like; null for pages that did not change and for all others.
[[nodiscard]] QChar changeGlyph(LensClass lensClass);

/// A glyph for each class; null for those that look the same in every file.
using ClassGlyphs = std::array<QChar, 256>;

/// The classes of all pages under one lens. Immutable once built; shared between threads.
/// Memory: 4/3 bytes a page.
class LensImage {
public:
    /// Called every 64 Ki pages with the number of pages done.
    using Progress = std::function<void(quint64 pagesDone)>;

    /// Classifies every page. Null when `stop` was requested before the end. Thread: any; the
    /// census may grow meanwhile. `sample` is needed for Lens::Residency only, `changes` for
    /// Lens::Changes only. Cost: one to three loads a page, 16 million pages in about 0.1 s.
    [[nodiscard]] static std::shared_ptr<const LensImage> build(
        Lens lens, const Census& census, const ResidencySample* sample = nullptr,
        const std::stop_token& stop = {}, const Progress& progress = {},
        const PageChanges* changes = nullptr);

    /// The same from ready class bytes.
    [[nodiscard]] static std::shared_ptr<const LensImage> fromClasses(
        Lens lens, std::vector<LensClass> classes, const ClassGlyphs& glyphs = {});

    /// The same pages with a pyramid in which the classes of `isolated` win over all others, so
    /// that an isolated class stays visible from afar. Shares the page bytes. Cost: the pyramid
    /// only.
    [[nodiscard]] std::shared_ptr<const LensImage> withIsolated(const ClassMask& isolated) const;

    [[nodiscard]] Lens lens() const { return m_lens; }
    [[nodiscard]] quint64 pageCount() const { return m_classes->size(); }
    [[nodiscard]] LensClass at(PageId page) const { return (*m_classes)[page.value]; }
    /// Level 0 has an entry a page, each further level one for 4 of the level below. The last level
    /// has one entry; asking for a farther one answers the last.
    [[nodiscard]] int levelCount() const { return static_cast<int>(m_levelBegin.size()) + 1; }
    [[nodiscard]] std::span<const LensClass> level(int level) const;
    /// Pages of each class.
    [[nodiscard]] quint64 count(LensClass lensClass) const { return m_counts[lensClass]; }
    /// The glyph of a class where this file gives it one: the letter of a bucket; null elsewhere.
    [[nodiscard]] QChar glyph(LensClass lensClass) const { return m_glyphs[lensClass]; }
    /// Bytes of memory it takes.
    [[nodiscard]] quint64 memoryBytes() const;

private:
    LensImage(Lens lens, std::shared_ptr<const std::vector<LensClass>> classes,
              const std::array<quint64, 256>& counts, const ClassGlyphs& glyphs,
              const ClassMask* isolated);
    void buildPyramid(const ClassMask* isolated);

    Lens m_lens;
    std::shared_ptr<const std::vector<LensClass>> m_classes;
    std::vector<LensClass> m_pyramid;      // levels 1 and up, one after the other
    std::vector<std::size_t> m_levelBegin; // of levels 1 and up in m_pyramid
    std::array<quint64, 256> m_counts{};
    ClassGlyphs m_glyphs{};
};

/// How a class looks.
struct ClassStyle {
    QColor fill;
    QColor outline; ///< invalid when none is needed
    ClassPattern pattern = ClassPattern::Solid;
    QChar glyph; ///< null for none
};
[[nodiscard]] ClassStyle lensClassStyle(Lens lens, LensClass lensClass, const Theme& theme);
/// The same with the glyph that the image has for the class.
[[nodiscard]] ClassStyle lensClassStyle(const LensImage& image, LensClass lensClass,
                                        const Theme& theme);
/// The one colour that stands for a class where a cell is too small for a pattern.
[[nodiscard]] QColor lensClassColor(Lens lens, LensClass lensClass, const Theme& theme);

/// One chip of the legend.
struct LegendEntry {
    LensClass lensClass = kUnknownClass;
    QString name;
    quint64 pages = 0;
    ClassStyle style;
};
/// The classes that occur, in the order of the legend; owners by size, the largest first.
/// `census` names the buckets of Lens::Owner.
[[nodiscard]] std::vector<LegendEntry> lensLegend(const LensImage& image, const Theme& theme,
                                                  const Census* census = nullptr);
/// What a class is called, as in the legend.
[[nodiscard]] QString lensClassName(Lens lens, LensClass lensClass, const Census* census = nullptr);

} // namespace pagescape::gui
