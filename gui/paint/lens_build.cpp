// SPDX-License-Identifier: MIT
// Classifies the pages of a census under a lens.
#include "paint/lens.h"
#include "paint/owner_letters.h"

#include <algorithm>

namespace pagescape::gui {
namespace {

constexpr quint64 kPagesPerChunk = 64 * 1024; // between two looks at the stop token

LensClass ownClass(PageClass pageClass) {
    return static_cast<LensClass>(static_cast<int>(pageClass) + 1);
}

bool isKind(std::uint8_t state, PageKind kind) {
    return (state & 0x0F) == static_cast<int>(kind);
}

// The class of each state byte, for pages with or without a problem.
std::array<LensClass, 256> typeTable(bool hasProblem) {
    std::array<LensClass, 256> table{};
    for (std::size_t state = 0; state < table.size(); ++state) {
        table[state] = ownClass(pageClassOf(static_cast<std::uint8_t>(state), hasProblem));
    }
    return table;
}

std::array<LensClass, 256> lifeTable() {
    std::array<LensClass, 256> table{};
    for (std::size_t state = 0; state < table.size(); ++state) {
        const auto life = static_cast<LensClass>(state >> 4);
        const bool isKnown = !isKind(static_cast<std::uint8_t>(state), PageKind::NotRead);
        table[state] =
            isKnown && life < kPageLifeCount ? static_cast<LensClass>(life + 1) : kUnknownClass;
    }
    return table;
}

// The resident share of the operating-system pages that a database page touches.
LensClass residencyClass(const ResidencySample& sample, quint64 page) {
    const quint64 first = page * sample.pageSize / sample.osPageSize;
    const quint64 last = ((page + 1) * sample.pageSize - 1) / sample.osPageSize;
    const auto known = static_cast<quint64>(sample.resident.size());
    if (first >= known) {
        return kUnknownClass;
    }
    const quint64 end = std::min(last + 1, known);
    quint64 resident = 0;
    for (quint64 i = first; i < end; ++i) {
        resident += sample.resident[i] != 0 ? 1U : 0U;
    }
    if (resident == 0) {
        return kNotResidentClass;
    }
    if (resident == end - first) {
        return kResidentClass;
    }
    return static_cast<LensClass>(2 + resident * 7 / (end - first));
}

// Runs `classOf(page)` over all pages, in chunks.
template <typename ClassOf>
bool classify(std::vector<LensClass>& classes, ClassOf classOf, const std::stop_token& stop,
              const LensImage::Progress& progress) {
    const quint64 count = classes.size();
    for (quint64 begin = 0; begin < count;) {
        if (stop.stop_requested()) {
            return false;
        }
        const quint64 end = begin + std::min(kPagesPerChunk, count - begin);
        for (quint64 page = begin; page < end; ++page) {
            classes[page] = classOf(PageId{page});
        }
        begin = end;
        if (progress) {
            progress(begin);
        }
    }
    return !stop.stop_requested();
}

bool classifyFill(std::vector<LensClass>& classes, const Census& census,
                  const std::stop_token& stop, const LensImage::Progress& progress) {
    LensClass ofRun = kFillNoneClass; // overflow pages follow the page whose fill they share
    const auto classOf = [&census, &ofRun](PageId page) {
        const std::uint8_t state = census.state(page);
        if (isKind(state, PageKind::NotRead)) {
            return kUnknownClass;
        }
        if (isKind(state, PageKind::Overflow)) {
            return ofRun;
        }
        const bool hasFill = isKind(state, PageKind::Branch) || isKind(state, PageKind::Leaf) ||
                             isKind(state, PageKind::Freelist);
        ofRun = hasFill ? static_cast<LensClass>(1 + census.fill(page) / 32) : kFillNoneClass;
        return ofRun;
    };
    return classify(classes, classOf, stop, progress);
}

// Writes a class into all pages of the spans that the file on show has.
void mark(std::vector<LensClass>& classes, const std::vector<PageIdSpan>& spans,
          LensClass lensClass) {
    for (const PageIdSpan& span : spans) {
        const std::uint64_t begin = std::min<std::uint64_t>(span.first.value, classes.size());
        const std::uint64_t count = std::min<std::uint64_t>(span.count, classes.size() - begin);
        std::fill_n(classes.begin() + static_cast<std::ptrdiff_t>(begin), count, lensClass);
    }
}

bool classifyChanges(std::vector<LensClass>& classes, const Census& census,
                     const PageChanges& changes, const std::stop_token& stop,
                     const LensImage::Progress& progress) {
    mark(classes, changes.pages.onlyBefore, kOnlyBeforeClass);
    mark(classes, changes.pages.onlyAfter, kOnlyAfterClass);
    mark(classes, changes.pages.changed, kDifferentClass);
    mark(classes, changes.pages.same, kSameClass);
    const auto classOf = [&](PageId page) {
        const std::uint8_t state = census.state(page);
        if (const LensClass named = classes[page.value]; named != kUnknownClass) {
            return named;
        }
        if (isKind(state, PageKind::NotRead)) {
            return kUnknownClass;
        }
        const bool isOfTree = isKind(state, PageKind::Branch) || isKind(state, PageKind::Leaf) ||
                              isKind(state, PageKind::Overflow);
        const bool isLive = static_cast<PageLife>(state >> 4) == PageLife::Live;
        return changes.isOneFile && isOfTree && isLive ? kSameClass : kNotComparedClass;
    };
    return classify(classes, classOf, stop, progress);
}

bool isIn(const std::vector<PageIdSpan>& spans, PageId page) {
    const auto after = std::upper_bound(
        spans.begin(), spans.end(), page.value,
        [](std::uint64_t id, const PageIdSpan& span) { return id < span.first.value; });
    return after != spans.begin() &&
           page.value - std::prev(after)->first.value < std::prev(after)->count;
}

constexpr std::size_t kOwnClasses = 256 - kFirstOwnerClass; // buckets with a class of their own

ClassGlyphs ownerGlyphs(const Census& census) {
    std::vector<std::string> names(std::min(census.bucketCount(), kOwnClasses));
    for (std::size_t i = 0; i < names.size(); ++i) {
        names[i] = census.bucket(static_cast<BucketIndex>(i)).name;
    }
    const std::vector<QChar> letters = ownerLetters(names);
    ClassGlyphs glyphs{};
    std::copy(letters.begin(), letters.end(), glyphs.begin() + kFirstOwnerClass);
    return glyphs;
}

bool classifyOwners(std::vector<LensClass>& classes, const Census& census,
                    const std::stop_token& stop, const LensImage::Progress& progress) {
    const auto classOf = [&census](PageId page) {
        const BucketIndex bucket = census.owner(page);
        if (bucket < kOwnClasses) {
            return static_cast<LensClass>(kFirstOwnerClass + bucket);
        }
        if (bucket != kNoBucket) {
            return kOtherOwnersClass;
        }
        return isKind(census.state(page), PageKind::NotRead) ? kUnknownClass : kNoOwnerClass;
    };
    return classify(classes, classOf, stop, progress);
}

} // namespace

LensClass PageChanges::classOf(PageId page) const {
    return isIn(pages.onlyBefore, page)  ? kOnlyBeforeClass
           : isIn(pages.onlyAfter, page) ? kOnlyAfterClass
           : isIn(pages.changed, page)   ? kDifferentClass
           : isIn(pages.same, page)      ? kSameClass
                                         : kUnknownClass;
}

std::shared_ptr<const LensImage> LensImage::build(Lens lens, const Census& census,
                                                  const ResidencySample* sample,
                                                  const std::stop_token& stop,
                                                  const Progress& progress,
                                                  const PageChanges* changes) {
    std::vector<LensClass> classes(census.pageCount(), kUnknownClass);
    bool isDone = true;
    switch (lens) {
    case Lens::Type: {
        const auto table = typeTable(false);
        const auto problems = typeTable(true);
        const auto classOf = [&](PageId page) {
            const std::uint8_t state = census.state(page);
            return census.hasProblem(page) ? problems[state] : table[state];
        };
        isDone = classify(classes, classOf, stop, progress);
        break;
    }
    case Lens::Fill: isDone = classifyFill(classes, census, stop, progress); break;
    case Lens::Owner: isDone = classifyOwners(classes, census, stop, progress); break;
    case Lens::Reachability: {
        const auto table = lifeTable();
        const auto classOf = [&](PageId page) { return table[census.state(page)]; };
        isDone = classify(classes, classOf, stop, progress);
        break;
    }
    case Lens::Residency:
        if (sample != nullptr && sample->pageSize > 0 && sample->osPageSize > 0) {
            const auto classOf = [sample](PageId page) {
                return residencyClass(*sample, page.value);
            };
            isDone = classify(classes, classOf, stop, progress);
        }
        break;
    case Lens::Changes:
        if (changes != nullptr) {
            isDone = classifyChanges(classes, census, *changes, stop, progress);
        }
        break;
    }
    if (!isDone) {
        return nullptr;
    }
    const ClassGlyphs glyphs = lens == Lens::Owner ? ownerGlyphs(census) : ClassGlyphs{};
    return fromClasses(lens, std::move(classes), glyphs);
}

} // namespace pagescape::gui
