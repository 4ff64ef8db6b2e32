// SPDX-License-Identifier: MIT
// The two themes. The class colours were computed, not chosen: the smallest CIEDE2000 distance of
// any two classes over normal, protan, deutan and tritan vision is 22.1 in light and 21.7 in dark.
// tests/gui/tst_theme.cpp recomputes these figures from this file.
#include "paint/theme.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace pagescape::gui {
namespace {

constexpr std::size_t kHues = static_cast<std::size_t>(kHueClassCount);
// Order: Meta, Freelist, Branch, Leaf, Overflow, Free, Problem.
constexpr std::array<QRgb, kHues> kLightHues{0xFF8600E6, 0xFFC4A909, 0xFF123054, 0xFF367D70,
                                             0xFF6CB8EF, 0xFFEAEAEA, 0xFFB03017};
constexpr std::array<QRgb, kHues> kDarkHues{0xFFECD1FA, 0xFFECA413, 0xFF348FFC, 0xFF48F5BC,
                                            0xFF135C91, 0xFF3D3D3D, 0xFFC33E22};
// From L* 92 to 26 at the hue of the sky; read from the other end in the dark theme, so that more
// of something always stands out more.
constexpr std::array<QRgb, 8> kRamp{0xFFD7EBFA, 0xFFABD3EE, 0xFF7DBBE1, 0xFF4EA4D0,
                                    0xFF118CBB, 0xFF00739B, 0xFF005A7B, 0xFF01435D};
// Each list is ordered so that every colour is as far as possible from the ones before it.
constexpr std::array<QRgb, 12> kLightOwners{0xFF934493, 0xFF52C718, 0xFF12430F, 0xFFF489E4,
                                            0xFF777F58, 0xFF49273F, 0xFFA07C97, 0xFFA3B187,
                                            0xFF386F66, 0xFF656BF6, 0xFF696512, 0xFF599708};
constexpr std::array<QRgb, 12> kDarkOwners{0xFFF3865A, 0xFF0069FB, 0xFF4FEFEC, 0xFF935142,
                                           0xFFDBEEC7, 0xFFF8EB3B, 0xFF7DB4A3, 0xFF6D698C,
                                           0xFFB49CFC, 0xFF0B886F, 0xFFA28EB4, 0xFFEF2462};

constexpr std::size_t kRoleCount = static_cast<std::size_t>(Theme::Role::LocalMax);
// Order of Theme::Role.
constexpr std::array<QRgb, kRoleCount> kLightRoles{
    0xFFFFFFFF, 0xFFF3F4F6, 0xFF1B1D21, 0xFF555B66,
    0xFFC9CDD4, // background, surface, texts, line
    0xFF0B5CD5, 0xFF555B66, 0xFFB84A00, 0xFF1B1D21,
    0xFFB03017,                                     // accent, hover, path, focus, problem
    0xFFD9CCF3, 0xFFC2D6F6, 0xFFF7D98F, 0xFFBFE6D4, // header, element, key, value
    0xFFF3BFD9, 0xFFDCDEE2, 0xFFF1F2F4, 0xFFF2AE9F, // bucket, slack, unused, unexplained
    0xFF0072B2, 0xFFB84A00, 0xFF3A1060,             // used, file, mapping: dE 21.5 at least
};
constexpr std::array<QRgb, kRoleCount> kDarkRoles{
    0xFF1B1D21, 0xFF26292F, 0xFFE8EAED, 0xFFA7ADB7, 0xFF454A52, 0xFF62AEFF, 0xFFA7ADB7, 0xFFFFB020,
    0xFFE8EAED, 0xFFFF8A70, 0xFF54447A, 0xFF2F4B75, 0xFF6E5416, 0xFF22594A, 0xFF6E3355, 0xFF3A3D44,
    0xFF25282D, 0xFF7A2E20, 0xFF48F5BC, 0xFFFF8A3A, 0xFFE8C4FF, // dE 21.2 at least
};

constexpr double kOutlineBelow = 3.0; // WCAG 2.1, non-text contrast

QColor mix(const QColor& a, const QColor& b, double shareOfA) {
    const auto channel = [shareOfA](int x, int y) {
        return static_cast<int>(std::lround(x * shareOfA + y * (1 - shareOfA)));
    };
    return {channel(a.red(), b.red()), channel(a.green(), b.green()), channel(a.blue(), b.blue())};
}

double luminance(const QColor& color) {
    const auto linear = [](int channel) {
        const double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.red()) + 0.7152 * linear(color.green()) +
           0.0722 * linear(color.blue());
}

std::size_t indexOf(PageClass pageClass) {
    return static_cast<std::size_t>(pageClass);
}

// The context that translators see.
struct Text {
    Q_DECLARE_TR_FUNCTIONS(Theme)
};

} // namespace

double contrastRatio(const QColor& a, const QColor& b) {
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

QColor blended(const QColor& color, const QColor& background, double share) {
    return mix(color, background, std::clamp(share, 0.0, 1.0));
}

PageClass pageClassOf(std::uint8_t state, bool hasProblem) {
    const auto kind = static_cast<PageKind>(state & 0x0F);
    const auto life = static_cast<PageLife>(state >> 4);
    if (kind == PageKind::Problem) {
        return PageClass::Problem;
    }
    if (life == PageLife::Leaked || kind == PageKind::Leaked) {
        return PageClass::Leaked; // says more than "problem", whatever its old header says it was
    }
    if (hasProblem) {
        return PageClass::Problem;
    }
    if (life == PageLife::Previous) {
        return PageClass::Previous;
    }
    switch (kind) {
    case PageKind::Meta:
        return life == PageLife::StaleMeta ? PageClass::StaleMeta : PageClass::Meta;
    case PageKind::Freelist: return PageClass::Freelist;
    case PageKind::Branch: return PageClass::Branch;
    case PageKind::Leaf: return PageClass::Leaf;
    case PageKind::Overflow: return PageClass::Overflow;
    case PageKind::Free: return PageClass::Free;
    case PageKind::Tail: return PageClass::Tail;
    case PageKind::Problem: return PageClass::Problem;
    case PageKind::Leaked:
    case PageKind::NotRead: break;
    }
    return PageClass::NotRead;
}

ClassPattern pageClassPattern(PageClass pageClass) {
    switch (pageClass) {
    case PageClass::Problem: return ClassPattern::Alarm;
    case PageClass::NotRead:
    case PageClass::Tail: return ClassPattern::Dotted;
    case PageClass::Previous: return ClassPattern::Faded;
    case PageClass::Leaked: return ClassPattern::Hatched;
    case PageClass::StaleMeta: return ClassPattern::Hollow;
    default: return ClassPattern::Solid;
    }
}

QString pageClassName(PageClass pageClass) {
    switch (pageClass) {
    case PageClass::Meta: return Text::tr("meta");
    case PageClass::Freelist: return Text::tr("freelist");
    case PageClass::Branch: return Text::tr("branch");
    case PageClass::Leaf: return Text::tr("leaf");
    case PageClass::Overflow: return Text::tr("overflow");
    case PageClass::Free: return Text::tr("free");
    case PageClass::Problem: return Text::tr("problem");
    case PageClass::NotRead: return Text::tr("not read yet");
    case PageClass::Previous: return Text::tr("older version");
    case PageClass::Leaked: return Text::tr("leaked");
    case PageClass::Tail: return Text::tr("never used");
    case PageClass::StaleMeta: return Text::tr("older meta");
    }
    return {};
}

Theme Theme::light() {
    return Theme(Mode::Light);
}

Theme Theme::dark() {
    return Theme(Mode::Dark);
}

Theme::Theme(Mode mode) : m_mode(mode) {
    const bool isDark = mode == Mode::Dark;
    const auto& roles = isDark ? kDarkRoles : kLightRoles;
    const auto& hues = isDark ? kDarkHues : kLightHues;
    for (std::size_t i = 0; i < kRoleCount; ++i) {
        m_roles[i] = QColor(roles[i]);
    }
    for (std::size_t i = 0; i < kHues; ++i) {
        m_classes[i] = QColor(hues[i]);
    }
    for (std::size_t i = 0; i < kRamp.size(); ++i) {
        m_ramp[i] = QColor(isDark ? kRamp[kRamp.size() - 1 - i] : kRamp[i]);
    }
    // States are patterns over a hue; these are the flat colours they have at one pixel a page.
    const QColor background = color(Role::Background);
    const auto state = [&](PageClass target, PageClass hue, double share) {
        m_classes[indexOf(target)] = mix(m_classes[indexOf(hue)], background, share);
    };
    state(PageClass::Previous, PageClass::Leaf, 0.4);
    state(PageClass::Leaked, PageClass::Problem, 0.55);
    state(PageClass::StaleMeta, PageClass::Meta, 0.4);
    m_classes[indexOf(PageClass::NotRead)] = color(Role::Surface);
    m_classes[indexOf(PageClass::Tail)] = mix(color(Role::Text), background, 0.03);
}

QColor Theme::color(Role role) const {
    return m_roles[std::min(static_cast<std::size_t>(role), kRoleCount - 1)];
}

QColor Theme::classColor(PageClass pageClass) const {
    return m_classes[indexOf(pageClass)];
}

bool Theme::needsOutline(PageClass pageClass) const {
    return contrastRatio(classColor(pageClass), color(Role::Background)) < kOutlineBelow;
}

QColor Theme::textOn(const QColor& fill) const {
    const QColor black(Qt::black);
    const QColor white(Qt::white);
    return contrastRatio(fill, black) >= contrastRatio(fill, white) ? black : white;
}

QChar Theme::glyph(PageClass pageClass) {
    switch (pageClass) {
    case PageClass::Meta: return u'M';
    case PageClass::Freelist: return u'F';
    case PageClass::Branch: return u'B';
    case PageClass::Leaf: return u'L';
    case PageClass::Overflow: return u'\u203A';
    case PageClass::Free: return u'\u00B7';
    case PageClass::Problem: return u'!';
    case PageClass::NotRead: return u'?';
    case PageClass::Previous: return u'p';
    case PageClass::Leaked: return u'x';
    case PageClass::Tail: return u'-';
    case PageClass::StaleMeta: return u'm';
    }
    return {};
}

QColor Theme::ramp(int step) const {
    return m_ramp[static_cast<std::size_t>(
        std::clamp(step, 0, static_cast<int>(m_ramp.size()) - 1))];
}

QColor Theme::ownerColor(BucketIndex bucket) const {
    const auto& owners = m_mode == Mode::Dark ? kDarkOwners : kLightOwners;
    return QColor(owners[bucket % owners.size()]);
}

QPalette Theme::palette() const {
    const QColor text = color(Role::Text);
    const QColor dim = color(Role::DimText);
    const QColor surface = color(Role::Surface);
    const QColor background = color(Role::Background);
    const QColor accent = color(Role::Accent);
    QPalette palette(text, surface, mix(text, surface, 0.05), mix(text, surface, 0.4),
                     mix(text, surface, 0.2), text, text, background, surface);
    palette.setColor(QPalette::AlternateBase, mix(text, background, 0.04));
    palette.setColor(QPalette::Link, accent);
    palette.setColor(QPalette::LinkVisited, dim);
    palette.setColor(QPalette::Highlight, accent);
    palette.setColor(QPalette::HighlightedText, textOn(accent));
    palette.setColor(QPalette::ToolTipBase, surface);
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::PlaceholderText, dim);
    palette.setColor(QPalette::Shadow, mix(QColor(Qt::black), background, 0.7));
    const QColor disabled = mix(text, surface, 0.45);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, disabled);
    }
    palette.setColor(QPalette::Disabled, QPalette::Highlight, mix(text, surface, 0.25));
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, disabled);
    return palette;
}

} // namespace pagescape::gui
