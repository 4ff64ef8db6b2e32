// SPDX-License-Identifier: MIT
// Recomputes from the shipped themes what their palette promises: distances in four colour visions,
// contrast, and a ramp that can be read as more and less.
#include "paint/theme.h"

#include <QtTest>

#include <cmath>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

struct Lab {
    double l = 0;
    double a = 0;
    double b = 0;
};

using Matrix = std::array<std::array<double, 3>, 3>;

// Full severity. Source: Machado, Oliveira and Fernandes 2009, table of precomputed matrices.
struct Vision {
    const char* name;
    Matrix matrix;
};
const std::array<Vision, 4> kVisions{{
    {"normal", {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}},
    {"protan",
     {{{0.152286, 1.052583, -0.204868},
       {0.114503, 0.786281, 0.099216},
       {-0.003882, -0.048116, 1.051998}}}},
    {"deutan",
     {{{0.367322, 0.860646, -0.227968},
       {0.280085, 0.672501, 0.047413},
       {-0.011820, 0.042940, 0.968881}}}},
    {"tritan",
     {{{1.255528, -0.076749, -0.178779},
       {-0.078411, 0.930809, 0.147602},
       {0.004733, 0.691367, 0.303900}}}},
}};

double toLinear(int channel) {
    const double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

// sRGB, as that vision sees it, in CIELAB under D65.
Lab labOf(const QColor& color, const Matrix& m) {
    const std::array<double, 3> in{toLinear(color.red()), toLinear(color.green()),
                                   toLinear(color.blue())};
    std::array<double, 3> rgb{};
    for (std::size_t row = 0; row < 3; ++row) {
        const double sum = m[row][0] * in[0] + m[row][1] * in[1] + m[row][2] * in[2];
        rgb[row] = std::clamp(sum, 0.0, 1.0);
    }
    const double x = (0.4124564 * rgb[0] + 0.3575761 * rgb[1] + 0.1804375 * rgb[2]) / 0.95047;
    const double y = 0.2126729 * rgb[0] + 0.7151522 * rgb[1] + 0.0721750 * rgb[2];
    const double z = (0.0193339 * rgb[0] + 0.1191920 * rgb[1] + 0.9503041 * rgb[2]) / 1.08883;
    const auto f = [](double t) {
        return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    };
    return {116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))};
}

double hueOf(double a, double b) {
    if (a == 0 && b == 0) {
        return 0;
    }
    const double degrees = std::atan2(b, a) * 180 / M_PI;
    return degrees < 0 ? degrees + 360 : degrees;
}

double cosDegrees(double degrees) {
    return std::cos(degrees * M_PI / 180);
}

// Source: Sharma, Wu and Dalal 2005, "The CIEDE2000 color-difference formula".
double ciede2000(const Lab& one, const Lab& two) {
    const double meanC = (std::hypot(one.a, one.b) + std::hypot(two.a, two.b)) / 2;
    const double k25 = std::pow(25.0, 7);
    const double g = 0.5 * (1 - std::sqrt(std::pow(meanC, 7) / (std::pow(meanC, 7) + k25)));
    const double a1 = one.a * (1 + g);
    const double a2 = two.a * (1 + g);
    const double c1 = std::hypot(a1, one.b);
    const double c2 = std::hypot(a2, two.b);
    const double h1 = hueOf(a1, one.b);
    const double h2 = hueOf(a2, two.b);
    const bool isGrey = c1 * c2 == 0;

    double deltaHue = isGrey ? 0 : h2 - h1;
    deltaHue += deltaHue > 180 ? -360 : deltaHue < -180 ? 360 : 0;
    const double dL = two.l - one.l;
    const double dC = c2 - c1;
    const double dH = 2 * std::sqrt(c1 * c2) * std::sin(deltaHue / 2 * M_PI / 180);

    const double l = (one.l + two.l) / 2;
    const double c = (c1 + c2) / 2;
    double h = h1 + h2;
    if (!isGrey) {
        h = std::abs(h1 - h2) <= 180 ? h / 2 : (h < 360 ? (h + 360) / 2 : (h - 360) / 2);
    }
    const double t = 1 - 0.17 * cosDegrees(h - 30) + 0.24 * cosDegrees(2 * h) +
                     0.32 * cosDegrees(3 * h + 6) - 0.20 * cosDegrees(4 * h - 63);
    const double offset = (l - 50) * (l - 50);
    const double sL = 1 + 0.015 * offset / std::sqrt(20 + offset);
    const double sC = 1 + 0.045 * c;
    const double sH = 1 + 0.015 * c * t;
    const double turn = 60 * std::exp(-std::pow((h - 275) / 25, 2)) * M_PI / 180;
    const double rT = -2 * std::sqrt(std::pow(c, 7) / (std::pow(c, 7) + k25)) * std::sin(turn);
    return std::sqrt(std::pow(dL / sL, 2) + std::pow(dC / sC, 2) + std::pow(dH / sH, 2) +
                     rT * dC / sC * dH / sH);
}

double contrast(const QColor& a, const QColor& b) {
    const auto y = [](const QColor& c) {
        return 0.2126 * toLinear(c.red()) + 0.7152 * toLinear(c.green()) +
               0.0722 * toLinear(c.blue());
    };
    return (std::max(y(a), y(b)) + 0.05) / (std::min(y(a), y(b)) + 0.05);
}

const std::array<Theme::Mode, 2> kModes{Theme::Mode::Light, Theme::Mode::Dark};
const std::array<Theme::Role, 8> kFieldRoles{
    Theme::Role::FieldHeader, Theme::Role::FieldElement,    Theme::Role::FieldKey,
    Theme::Role::FieldValue,  Theme::Role::FieldBucket,     Theme::Role::FieldSlack,
    Theme::Role::FieldUnused, Theme::Role::FieldUnexplained};

} // namespace

class TestTheme : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void distanceFormulaMatchesItsReferenceData();
    void classesDifferInFourVisions_data();
    void classesDifferInFourVisions();
    void weakClassesAreOutlined();
    void textIsReadable();
    void growthCurvesDifferForEveryone();
    void rampIsMonotoneInLightness();
    void ownersDifferForEveryone();
    void everyClassHasNameAndOwnGlyph();
    void statesBecomeClasses();
    void paletteIsReadableAndTellsItsMode();
};

void TestTheme::distanceFormulaMatchesItsReferenceData() {
    // Pairs 1, 7 and 17 of the table in Sharma, Wu and Dalal 2005.
    QVERIFY(std::abs(ciede2000({50, 2.6772, -79.7751}, {50, 0, -82.7485}) - 2.0425) < 1e-4);
    QVERIFY(std::abs(ciede2000({50, 0, 0}, {50, -1, 2}) - 2.3669) < 1e-4);
    QVERIFY(std::abs(ciede2000({50, 2.5, 0}, {73, 25, -18}) - 27.1492) < 1e-4);
}

void TestTheme::classesDifferInFourVisions_data() {
    QTest::addColumn<int>("mode");
    QTest::addColumn<int>("vision");
    for (const Theme::Mode mode : kModes) {
        for (std::size_t v = 0; v < kVisions.size(); ++v) {
            QTest::addRow("%s %s", mode == Theme::Mode::Dark ? "dark" : "light", kVisions[v].name)
                << static_cast<int>(mode) << static_cast<int>(v);
        }
    }
}

void TestTheme::classesDifferInFourVisions() {
    QFETCH(int, mode);
    QFETCH(int, vision);
    const Theme theme = Theme::of(static_cast<Theme::Mode>(mode));
    const Matrix& matrix = kVisions[static_cast<std::size_t>(vision)].matrix;
    for (int i = 0; i < kHueClassCount; ++i) {
        for (int j = 0; j < i; ++j) {
            const double distance =
                ciede2000(labOf(theme.classColor(static_cast<PageClass>(i)), matrix),
                          labOf(theme.classColor(static_cast<PageClass>(j)), matrix));
            QVERIFY2(
                distance >= 20,
                qPrintable(QStringLiteral("classes %1 and %2: %3").arg(i).arg(j).arg(distance)));
        }
    }
}

void TestTheme::weakClassesAreOutlined() {
    for (const Theme::Mode mode : kModes) {
        const Theme theme = Theme::of(mode);
        for (int i = 0; i < kPageClassCount; ++i) {
            const auto pageClass = static_cast<PageClass>(i);
            const double ratio =
                contrast(theme.classColor(pageClass), theme.color(Theme::Role::Background));
            QCOMPARE(theme.needsOutline(pageClass), ratio < 3);
        }
        QVERIFY(theme.needsOutline(PageClass::Free));
        QVERIFY(!theme.needsOutline(PageClass::Branch));
        // The outline itself must be visible.
        QVERIFY(contrast(theme.color(Theme::Role::DimText), theme.color(Theme::Role::Background)) >=
                3);
    }
}

void TestTheme::textIsReadable() {
    using Role = Theme::Role;
    for (const Theme::Mode mode : kModes) {
        const Theme theme = Theme::of(mode);
        for (const Role ground : {Role::Background, Role::Surface}) {
            for (const Role text : {Role::Text, Role::DimText, Role::ProblemText, Role::Accent,
                                    Role::Path, Role::Focus}) {
                const double ratio = contrast(theme.color(text), theme.color(ground));
                QVERIFY2(ratio >= 4.5,
                         qPrintable(
                             QStringLiteral("role %1: %2").arg(static_cast<int>(text)).arg(ratio)));
            }
        }
        for (const Role field : kFieldRoles) {
            QVERIFY(contrast(theme.color(Role::Text), theme.color(field)) >= 4.5);
        }
        for (int i = 0; i < kPageClassCount; ++i) {
            const QColor fill = theme.classColor(static_cast<PageClass>(i));
            QVERIFY(contrast(theme.textOn(fill), fill) >= 4.5);
        }
    }
}

void TestTheme::growthCurvesDifferForEveryone() {
    using Role = Theme::Role;
    constexpr std::array<Role, 3> kCurves{Role::GrowthUsed, Role::GrowthFile, Role::GrowthMap};
    for (const Theme::Mode mode : kModes) {
        const Theme theme = Theme::of(mode);
        for (std::size_t i = 0; i < kCurves.size(); ++i) {
            for (const Role ground : {Role::Background, Role::Surface}) {
                QVERIFY(contrast(theme.color(kCurves[i]), theme.color(ground)) >= 4.5);
            }
            for (std::size_t j = 0; j < i; ++j) {
                for (const Vision& vision : kVisions) {
                    QVERIFY(ciede2000(labOf(theme.color(kCurves[i]), vision.matrix),
                                      labOf(theme.color(kCurves[j]), vision.matrix)) >= 20);
                }
            }
        }
    }
}

void TestTheme::rampIsMonotoneInLightness() {
    for (const Theme::Mode mode : kModes) {
        const Theme theme = Theme::of(mode);
        const double direction = mode == Theme::Mode::Dark ? 1 : -1;
        for (int step = 1; step < 8; ++step) {
            const double before = labOf(theme.ramp(step - 1), kVisions[0].matrix).l;
            const double after = labOf(theme.ramp(step), kVisions[0].matrix).l;
            QVERIFY((after - before) * direction > 5);
        }
        QCOMPARE(theme.ramp(-3), theme.ramp(0));
        QCOMPARE(theme.ramp(99), theme.ramp(7));
    }
}

void TestTheme::ownersDifferForEveryone() {
    for (const Theme::Mode mode : kModes) {
        const Theme theme = Theme::of(mode);
        for (const Vision& vision : kVisions) {
            for (BucketIndex i = 0; i < 12; ++i) {
                for (BucketIndex j = 0; j < i; ++j) {
                    QVERIFY(ciede2000(labOf(theme.ownerColor(i), vision.matrix),
                                      labOf(theme.ownerColor(j), vision.matrix)) >= 12);
                }
            }
        }
        QCOMPARE(theme.ownerColor(12), theme.ownerColor(0));
    }
}

void TestTheme::everyClassHasNameAndOwnGlyph() {
    QSet<QString> names;
    QSet<QChar> glyphs;
    for (int i = 0; i < kPageClassCount; ++i) {
        names.insert(pageClassName(static_cast<PageClass>(i)));
        glyphs.insert(Theme::glyph(static_cast<PageClass>(i)));
    }
    QVERIFY(!names.contains(QString()));
    QCOMPARE(names.size(), kPageClassCount);
    QCOMPARE(glyphs.size(), kPageClassCount);
}

void TestTheme::statesBecomeClasses() {
    const auto state = [](PageKind kind, PageLife life) {
        return static_cast<std::uint8_t>(static_cast<int>(kind) | static_cast<int>(life) << 4);
    };
    QCOMPARE(pageClassOf(state(PageKind::Meta, PageLife::ActiveMeta), false), PageClass::Meta);
    QCOMPARE(pageClassOf(state(PageKind::Meta, PageLife::StaleMeta), false), PageClass::StaleMeta);
    QCOMPARE(pageClassOf(state(PageKind::Free, PageLife::Free), false), PageClass::Free);
    QCOMPARE(pageClassOf(state(PageKind::Free, PageLife::Previous), false), PageClass::Previous);
    QCOMPARE(pageClassOf(state(PageKind::Leaf, PageLife::Leaked), false), PageClass::Leaked);
    QCOMPARE(pageClassOf(state(PageKind::Leaf, PageLife::Live), true), PageClass::Problem);
    QCOMPARE(pageClassOf(state(PageKind::Leaf, PageLife::Leaked), true), PageClass::Leaked);
    QCOMPARE(pageClassOf(state(PageKind::Problem, PageLife::Leaked), true), PageClass::Problem);
    QCOMPARE(pageClassOf(state(PageKind::NotRead, PageLife::Live), false), PageClass::NotRead);
    QCOMPARE(pageClassOf(state(PageKind::Tail, PageLife::Tail), false), PageClass::Tail);
    QCOMPARE(pageClassOf(0xFF, false), PageClass::NotRead); // no such state: nothing is claimed
}

void TestTheme::paletteIsReadableAndTellsItsMode() {
    for (const Theme::Mode mode : kModes) {
        const QPalette palette = Theme::of(mode).palette();
        const bool isDark = palette.color(QPalette::Window).lightness() <
                            palette.color(QPalette::WindowText).lightness();
        QCOMPARE(isDark, mode == Theme::Mode::Dark);
        const std::array<std::pair<QPalette::ColorRole, QPalette::ColorRole>, 5> pairs{{
            {QPalette::WindowText, QPalette::Window},
            {QPalette::Text, QPalette::Base},
            {QPalette::Text, QPalette::AlternateBase},
            {QPalette::ButtonText, QPalette::Button},
            {QPalette::HighlightedText, QPalette::Highlight},
        }};
        for (const auto& [text, ground] : pairs) {
            QVERIFY(contrast(palette.color(text), palette.color(ground)) >= 4.5);
        }
    }
}

QTEST_GUILESS_MAIN(TestTheme)
#include "tst_theme.moc"
