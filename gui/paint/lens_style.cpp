// SPDX-License-Identifier: MIT
// How the classes of a lens look.
#include "paint/lens.h"

#include <QCoreApplication>

#include <algorithm>

namespace pagescape::gui {
namespace {

// The context that translators see.
struct Text {
    Q_DECLARE_TR_FUNCTIONS(Lens)
};

PageClass classOfLife(PageLife life) {
    switch (life) {
    case PageLife::Live: return PageClass::Leaf;
    case PageLife::ActiveMeta: return PageClass::Meta;
    case PageLife::StaleMeta: return PageClass::StaleMeta;
    case PageLife::Previous: return PageClass::Previous;
    case PageLife::Free: return PageClass::Free;
    case PageLife::Leaked: return PageClass::Leaked;
    case PageLife::Tail: return PageClass::Tail;
    }
    return PageClass::NotRead;
}

ClassStyle styleOf(PageClass pageClass, const Theme& theme) {
    ClassStyle style;
    style.fill = theme.classColor(pageClass);
    style.pattern = pageClassPattern(pageClass);
    style.glyph = Theme::glyph(pageClass);
    if (theme.needsOutline(pageClass)) {
        style.outline = theme.color(Theme::Role::DimText);
    }
    switch (style.pattern) {
    case ClassPattern::Hollow: // the frame carries the colour, so it has to be the full one
        style.outline = theme.classColor(PageClass::Meta);
        break;
    case ClassPattern::Hatched:
    case ClassPattern::Alarm: style.outline = theme.color(Theme::Role::ProblemText); break;
    case ClassPattern::Faded: style.outline = theme.classColor(PageClass::Leaf); break;
    case ClassPattern::Solid:
    case ClassPattern::Dotted: break;
    }
    return style;
}

ClassStyle plainStyle(const QColor& fill, QChar glyph, const Theme& theme) {
    ClassStyle style{fill, {}, ClassPattern::Solid, glyph};
    if (contrastRatio(fill, theme.color(Theme::Role::Background)) < 3) {
        style.outline = theme.color(Theme::Role::DimText);
    }
    return style;
}

ClassStyle fillStyle(LensClass lensClass, const Theme& theme) {
    if (lensClass >= 1 && lensClass <= 8) {
        const int step = lensClass - 1;
        return plainStyle(theme.ramp(step), QChar(u'1' + step), theme);
    }
    ClassStyle style = styleOf(PageClass::Free, theme);
    return style;
}

ClassStyle ownerStyle(LensClass lensClass, const Theme& theme) {
    if (lensClass >= kFirstOwnerClass) {
        const auto bucket = static_cast<BucketIndex>(lensClass - kFirstOwnerClass);
        return plainStyle(theme.ownerColor(bucket), QChar(u'a' + static_cast<int>(bucket % 26)),
                          theme);
    }
    if (lensClass == kOtherOwnersClass) {
        return plainStyle(theme.color(Theme::Role::DimText), QChar(u'*'), theme);
    }
    return styleOf(PageClass::Free, theme);
}

ClassStyle residencyStyle(LensClass lensClass, const Theme& theme) {
    const bool isWhole = lensClass == kResidentClass;
    const bool isNone = lensClass == kNotResidentClass;
    const int step = isNone ? 0 : isWhole ? 7 : std::clamp(lensClass - 1, 1, 6);
    return plainStyle(theme.ramp(step),
                      isNone    ? QChar(u'o')
                      : isWhole ? QChar(u'#')
                                : QChar(u'%'),
                      theme);
}

// The hues are borrowed from page classes, so that their distances hold; signs and patterns say the
// same without colour.
ClassStyle changeStyle(LensClass lensClass, const Theme& theme) {
    switch (lensClass) {
    case kOnlyBeforeClass: {
        ClassStyle style{theme.classColor(PageClass::Problem), theme.classColor(PageClass::Problem),
                         ClassPattern::Hollow, changeGlyph(lensClass)};
        return style;
    }
    case kOnlyAfterClass:
        return plainStyle(theme.classColor(PageClass::Leaf), changeGlyph(lensClass), theme);
    case kDifferentClass:
        return plainStyle(theme.classColor(PageClass::Freelist), changeGlyph(lensClass), theme);
    case kSameClass: return plainStyle(theme.classColor(PageClass::Free), QChar(u'='), theme);
    default: break;
    }
    ClassStyle style = styleOf(PageClass::Tail, theme);
    style.glyph = QChar(u'\u00B7');
    return style;
}

} // namespace

QChar changeGlyph(LensClass lensClass) {
    return lensClass == kOnlyBeforeClass  ? QChar(u'\u2212')
           : lensClass == kOnlyAfterClass ? QChar(u'+')
           : lensClass == kDifferentClass ? QChar(u'~')
                                          : QChar();
}

QString lensName(Lens lens) {
    switch (lens) {
    case Lens::Type: return Text::tr("Type");
    case Lens::Fill: return Text::tr("Fill");
    case Lens::Owner: return Text::tr("Owner bucket");
    case Lens::Reachability: return Text::tr("Reachability");
    case Lens::Residency: return Text::tr("Residency");
    case Lens::Changes: return Text::tr("Changes");
    }
    return {};
}

QString lensId(Lens lens) {
    switch (lens) {
    case Lens::Type: return QStringLiteral("type");
    case Lens::Fill: return QStringLiteral("fill");
    case Lens::Owner: return QStringLiteral("owner");
    case Lens::Reachability: return QStringLiteral("reachability");
    case Lens::Residency: return QStringLiteral("residency");
    case Lens::Changes: return QStringLiteral("changes");
    }
    return {};
}

ClassStyle lensClassStyle(Lens lens, LensClass lensClass, const Theme& theme) {
    if (lensClass == kUnknownClass) {
        return styleOf(PageClass::NotRead, theme);
    }
    switch (lens) {
    case Lens::Type:
        if (lensClass <= kPageClassCount) {
            return styleOf(static_cast<PageClass>(lensClass - 1), theme);
        }
        break;
    case Lens::Fill: return fillStyle(lensClass, theme);
    case Lens::Owner: return ownerStyle(lensClass, theme);
    case Lens::Reachability:
        if (lensClass <= kPageLifeCount) {
            return styleOf(classOfLife(static_cast<PageLife>(lensClass - 1)), theme);
        }
        break;
    case Lens::Residency: return residencyStyle(lensClass, theme);
    case Lens::Changes: return changeStyle(lensClass, theme);
    }
    return styleOf(PageClass::NotRead, theme);
}

ClassStyle lensClassStyle(const LensImage& image, LensClass lensClass, const Theme& theme) {
    ClassStyle style = lensClassStyle(image.lens(), lensClass, theme);
    if (const QChar glyph = image.glyph(lensClass); !glyph.isNull()) {
        style.glyph = glyph;
    }
    return style;
}

QColor lensClassColor(Lens lens, LensClass lensClass, const Theme& theme) {
    return lensClassStyle(lens, lensClass, theme).fill;
}

} // namespace pagescape::gui
