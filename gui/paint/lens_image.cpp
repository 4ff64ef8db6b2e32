// SPDX-License-Identifier: MIT
// The pyramid over the class bytes of a lens, and what the class bytes mean.
#include "paint/lens.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace pagescape::gui {
namespace {

// Importance of each class at one level; 0 means that only the majority counts.
using Ranks = std::array<std::uint16_t, 256>;
constexpr std::uint16_t kProblemRank = 1000;
constexpr std::uint16_t kIsolatedRank = 2000;

// Classes that must not vanish between many others, as long as they are rare.
bool canBeImportant(Lens lens, std::size_t lensClass) {
    const auto isType = [lensClass](PageClass pageClass) {
        return lensClass == static_cast<std::size_t>(pageClass) + 1;
    };
    const auto isLife = [lensClass](PageLife life) {
        return lensClass == static_cast<std::size_t>(life) + 1;
    };
    switch (lens) {
    case Lens::Type:
        return isType(PageClass::Problem) || isType(PageClass::Meta) ||
               isType(PageClass::StaleMeta) || isType(PageClass::Freelist) ||
               isType(PageClass::Leaked) || isType(PageClass::Branch) ||
               isType(PageClass::Previous);
    case Lens::Reachability:
        return isLife(PageLife::ActiveMeta) || isLife(PageLife::StaleMeta) ||
               isLife(PageLife::Leaked) || isLife(PageLife::Previous);
    case Lens::Owner: return lensClass >= kFirstOwnerClass;
    case Lens::Changes: return lensClass >= kOnlyBeforeClass && lensClass <= kDifferentClass;
    case Lens::Fill:
    case Lens::Residency: return false; // an average matters there, not an outlier
    }
    return false;
}

// "The rarest important class if any is present": a class counts as rare at a level while it could
// fill at most a quarter of the cells. Above that (branches, seen from afar) the majority tells the
// truth.
Ranks ranksFor(Lens lens, const std::array<quint64, 256>& counts, quint64 cells,
               const ClassMask* isolated) {
    std::array<std::uint16_t, 256> order{};
    std::iota(order.begin(), order.end(), std::uint16_t{0});
    std::stable_sort(order.begin(), order.end(), [&counts](std::uint16_t a, std::uint16_t b) {
        return counts[a] != counts[b] ? counts[a] > counts[b]
                                      : a > b; // the active meta before the older
    });
    Ranks ranks{};
    for (std::size_t position = 0; position < order.size(); ++position) {
        const std::size_t lensClass = order[position];
        const auto byRarity = static_cast<std::uint16_t>(position + 1);
        if (isolated != nullptr && isolated->test(lensClass)) {
            ranks[lensClass] = static_cast<std::uint16_t>(kIsolatedRank + byRarity);
        } else if (lens == Lens::Type &&
                   lensClass == static_cast<std::size_t>(PageClass::Problem) + 1) {
            ranks[lensClass] = kProblemRank;
        } else if (canBeImportant(lens, lensClass) && counts[lensClass] <= cells / 4) {
            ranks[lensClass] = byRarity;
        }
    }
    return ranks;
}

LensClass reduce(const LensClass* cells, std::size_t count, const Ranks& ranks) {
    LensClass best = cells[0];
    int bestVotes = 0;
    std::uint16_t bestRank = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const LensClass candidate = cells[i];
        const std::uint16_t rank = ranks[candidate];
        if (rank > bestRank) {
            best = candidate;
            bestRank = rank;
        }
        if (bestRank == 0) {
            const auto votes = static_cast<int>(std::count(cells, cells + count, candidate));
            if (votes > bestVotes) {
                best = candidate;
                bestVotes = votes;
            }
        }
    }
    return best;
}

void reduceLevel(std::span<const LensClass> from, LensClass* to, const Ranks& ranks) {
    const std::size_t whole = from.size() / 4;
    for (std::size_t i = 0; i < whole; ++i) {
        const LensClass* cells = from.data() + i * 4;
        std::uint32_t four = 0;
        std::memcpy(&four, cells, sizeof four);
        // Most cells of a large file look like their neighbours: one comparison settles them.
        to[i] = four == 0x01010101U * cells[0] ? cells[0] : reduce(cells, 4, ranks);
    }
    if (const std::size_t rest = from.size() % 4; rest != 0) {
        to[whole] = reduce(from.data() + whole * 4, rest, ranks);
    }
}

// Four counters a class: neighbouring pages are mostly of one class, and adding to the same counter
// again and again would wait for the store before it.
std::array<quint64, 256> countClasses(std::span<const LensClass> classes) {
    std::array<std::array<quint64, 256>, 4> partial{};
    std::size_t i = 0;
    for (; i + 4 <= classes.size(); i += 4) {
        ++partial[0][classes[i]];
        ++partial[1][classes[i + 1]];
        ++partial[2][classes[i + 2]];
        ++partial[3][classes[i + 3]];
    }
    for (; i < classes.size(); ++i) {
        ++partial[0][classes[i]];
    }
    std::array<quint64, 256> counts{};
    for (std::size_t c = 0; c < counts.size(); ++c) {
        counts[c] = partial[0][c] + partial[1][c] + partial[2][c] + partial[3][c];
    }
    return counts;
}

} // namespace

LensImage::LensImage(Lens lens, std::shared_ptr<const std::vector<LensClass>> classes,
                     const std::array<quint64, 256>& counts, const ClassGlyphs& glyphs,
                     const ClassMask* isolated)
    : m_lens(lens), m_classes(std::move(classes)), m_counts(counts), m_glyphs(glyphs) {
    buildPyramid(isolated);
}

std::shared_ptr<const LensImage> LensImage::fromClasses(Lens lens, std::vector<LensClass> classes,
                                                        const ClassGlyphs& glyphs) {
    const std::array<quint64, 256> counts = countClasses(classes);
    auto shared = std::make_shared<const std::vector<LensClass>>(std::move(classes));
    return std::shared_ptr<const LensImage>(
        new LensImage(lens, std::move(shared), counts, glyphs, nullptr));
}

std::shared_ptr<const LensImage> LensImage::withIsolated(const ClassMask& isolated) const {
    const ClassMask* mask = isolated.all() ? nullptr : &isolated;
    return std::shared_ptr<const LensImage>(
        new LensImage(m_lens, m_classes, m_counts, m_glyphs, mask));
}

void LensImage::buildPyramid(const ClassMask* isolated) {
    std::size_t total = 0;
    for (std::size_t size = m_classes->size(); size > 1;) {
        size = size / 4 + (size % 4 == 0 ? 0 : 1);
        m_levelBegin.push_back(total);
        total += size;
    }
    m_pyramid.resize(total);
    std::span<const LensClass> below(*m_classes);
    for (const std::size_t begin : m_levelBegin) {
        const std::size_t size = below.size() / 4 + (below.size() % 4 == 0 ? 0 : 1);
        LensClass* const to = m_pyramid.data() + begin;
        reduceLevel(below, to, ranksFor(m_lens, m_counts, size, isolated));
        below = std::span<const LensClass>(to, size);
    }
}

std::span<const LensClass> LensImage::level(int level) const {
    if (level <= 0 || m_levelBegin.empty()) {
        return *m_classes;
    }
    const std::size_t index = std::min(static_cast<std::size_t>(level), m_levelBegin.size()) - 1;
    const std::size_t begin = m_levelBegin[index];
    const std::size_t end =
        index + 1 < m_levelBegin.size() ? m_levelBegin[index + 1] : m_pyramid.size();
    return std::span<const LensClass>(m_pyramid).subspan(begin, end - begin);
}

quint64 LensImage::memoryBytes() const {
    return m_classes->capacity() + m_pyramid.capacity() + sizeof(LensImage);
}

} // namespace pagescape::gui
