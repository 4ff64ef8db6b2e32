// SPDX-License-Identifier: MIT
#include "pagescape/page_file.h"
#include "paint/lens.h"
#include "paint/owner_letters.h"

#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

LensClass typeClass(PageClass pageClass) {
    return static_cast<LensClass>(static_cast<int>(pageClass) + 1);
}

LensClass lifeClass(PageLife life) {
    return static_cast<LensClass>(static_cast<int>(life) + 1);
}

std::shared_ptr<const LensImage> typeImage(quint64 pages, PageClass filler,
                                           const std::map<quint64, PageClass>& others) {
    std::vector<LensClass> classes(pages, typeClass(filler));
    for (const auto& [page, pageClass] : others) {
        classes[page] = typeClass(pageClass);
    }
    return LensImage::fromClasses(Lens::Type, std::move(classes));
}

// A scanned sample database.
std::shared_ptr<const Census> scanned(const char* name) {
    auto file = PageFile::open(std::filesystem::path(PAGESCAPE_SAMPLE_DIR) / name);
    if (!file) {
        return nullptr;
    }
    auto census = std::make_shared<Census>(std::make_shared<const PageFile>(std::move(*file)));
    return census->run() ? census : nullptr;
}

constexpr const char* kSample = "library.db";

} // namespace

class TestLens : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void levelsShrinkToOneEntry_data();
    void levelsShrinkToOneEntry();
    void majorityWinsAmongOrdinaryPages();
    void rareImportantPagesStayVisible();
    void commonImportantPagesLeaveTheFieldToTheMajority();
    void aProblemIsSeenFromAnyDistance();
    void isolatedClassesWinAndShareTheirPages();
    void memoryIsFourThirdsOfAByteAPage();
    void everyPageOfASampleHasItsClass();
    void fillAndOwnerFollowTheCensus();
    void overflowPagesShareTheFillOfTheirRun();
    void residencyCoversPagesOfOtherSizes();
    void changesAreTheSpansOfTheComparison();
    void buildingStopsWhenAsked();
    void progressReachesTheLastPage();
    void legendCountsAddUp_data();
    void legendCountsAddUp();
    void ownersAreListedLargestFirst();
    void ownersAreKnownByTheirFirstLetter();
    void everyClassHasAStyleInEveryLens();
};

void TestLens::levelsShrinkToOneEntry_data() {
    QTest::addColumn<quint64>("pages");
    for (const quint64 pages :
         std::initializer_list<quint64>{1, 2, 3, 4, 5, 16, 17, 1000, 4096, 100'003}) {
        QTest::addRow("%llu pages", static_cast<unsigned long long>(pages)) << pages;
    }
}

void TestLens::levelsShrinkToOneEntry() {
    QFETCH(quint64, pages);
    const auto image = typeImage(pages, PageClass::Leaf, {});
    quint64 expected = pages;
    for (int level = 0; level < image->levelCount(); ++level) {
        QCOMPARE(quint64(image->level(level).size()), expected);
        for (const LensClass entry : image->level(level)) {
            QCOMPARE(entry, typeClass(PageClass::Leaf));
        }
        expected = (expected + 3) / 4;
    }
    QCOMPARE(image->level(image->levelCount() - 1).size(), std::size_t(1));
    QCOMPARE(image->level(999).size(), std::size_t(1));
    QCOMPARE(image->count(typeClass(PageClass::Leaf)), pages);
}

void TestLens::majorityWinsAmongOrdinaryPages() {
    const auto image = typeImage(
        64, PageClass::Leaf,
        {{0, PageClass::Free}, {1, PageClass::Free}, {2, PageClass::Free}, {4, PageClass::Free}});
    QCOMPARE(image->level(1)[0], typeClass(PageClass::Free));
    QCOMPARE(image->level(1)[1], typeClass(PageClass::Leaf));
    QCOMPARE(image->level(2)[0], typeClass(PageClass::Leaf));
}

void TestLens::rareImportantPagesStayVisible() {
    const auto image = typeImage(4096, PageClass::Leaf,
                                 {{0, PageClass::Meta},
                                  {1, PageClass::StaleMeta},
                                  {2000, PageClass::Freelist},
                                  {3000, PageClass::Branch}});
    QCOMPARE(image->level(3)[0], typeClass(PageClass::Meta));
    QCOMPARE(image->level(3)[2000 / 64], typeClass(PageClass::Freelist));
    QCOMPARE(image->level(3)[3000 / 64], typeClass(PageClass::Branch));
    QCOMPARE(image->level(3)[63], typeClass(PageClass::Leaf));
}

void TestLens::commonImportantPagesLeaveTheFieldToTheMajority() {
    std::map<quint64, PageClass> branches; // one page in 16 is a branch
    for (quint64 page = 0; page < 4096; page += 16) {
        branches[page] = PageClass::Branch;
    }
    const auto image = typeImage(4096, PageClass::Leaf, branches);
    QCOMPARE(image->level(1)[0], typeClass(PageClass::Branch)); // a quarter of these cells
    // From afar every cell would be a branch; the truth is that they are nearly all leaves.
    QCOMPARE(image->level(3)[0], typeClass(PageClass::Leaf));
    QCOMPARE(image->level(3)[10], typeClass(PageClass::Leaf));
}

void TestLens::aProblemIsSeenFromAnyDistance() {
    const auto image = typeImage(1'000'000, PageClass::Free,
                                 {{0, PageClass::Meta}, {777'777, PageClass::Problem}});
    for (int level = 0; level < image->levelCount(); ++level) {
        const quint64 cell = 777'777 >> (2 * level);
        QCOMPARE(image->level(level)[cell], typeClass(PageClass::Problem));
    }
}

void TestLens::isolatedClassesWinAndShareTheirPages() {
    const auto image =
        typeImage(4096, PageClass::Leaf, {{100, PageClass::Overflow}, {101, PageClass::Problem}});
    QCOMPARE(image->level(2)[100 / 16], typeClass(PageClass::Problem));
    ClassMask onlyOverflow;
    onlyOverflow.set(typeClass(PageClass::Overflow));
    const auto isolated = image->withIsolated(onlyOverflow);
    QCOMPARE(isolated->level(2)[100 / 16], typeClass(PageClass::Overflow));
    QCOMPARE(isolated->level(0).data(), image->level(0).data());
    QCOMPARE(isolated->count(typeClass(PageClass::Problem)), quint64(1));
    const auto all = image->withIsolated(allClasses());
    QCOMPARE(all->level(2)[100 / 16], typeClass(PageClass::Problem));
}

void TestLens::memoryIsFourThirdsOfAByteAPage() {
    const auto image = typeImage(1'000'000, PageClass::Leaf, {});
    QVERIFY(image->memoryBytes() <= 1'400'000);
}

void TestLens::everyPageOfASampleHasItsClass() {
    const auto census = scanned(kSample);
    QVERIFY(census != nullptr);
    const auto type = LensImage::build(Lens::Type, *census);
    const auto life = LensImage::build(Lens::Reachability, *census);
    QCOMPARE(type->pageCount(), quint64(census->pageCount()));
    std::uint64_t leaves = 0;
    for (quint64 id = 0; id < type->pageCount(); ++id) {
        const PageRow row = census->row(PageId{id});
        QCOMPARE(type->at(PageId{id}),
                 typeClass(pageClassOf(census->state(PageId{id}), row.hasProblem)));
        QCOMPARE(life->at(PageId{id}), lifeClass(row.life));
        leaves += row.kind == PageKind::Leaf ? 1 : 0;
    }
    QVERIFY(leaves > 0);
    QCOMPARE(type->count(typeClass(PageClass::Leaf)), quint64(leaves));
    QCOMPARE(type->count(typeClass(PageClass::Meta)), quint64(1));
    QCOMPARE(type->count(typeClass(PageClass::StaleMeta)), quint64(1));
    QCOMPARE(type->count(typeClass(PageClass::Problem)), quint64(0));
}

void TestLens::fillAndOwnerFollowTheCensus() {
    const auto census = scanned(kSample);
    QVERIFY(census != nullptr);
    const auto fill = LensImage::build(Lens::Fill, *census);
    const auto owner = LensImage::build(Lens::Owner, *census);
    for (quint64 id = 0; id < fill->pageCount(); ++id) {
        const PageRow row = census->row(PageId{id});
        if (row.kind == PageKind::Leaf || row.kind == PageKind::Branch) {
            QCOMPARE(fill->at(PageId{id}), static_cast<LensClass>(1 + row.fill / 32));
            QCOMPARE(owner->at(PageId{id}), static_cast<LensClass>(kFirstOwnerClass + row.bucket));
        } else if (row.kind == PageKind::Free || row.kind == PageKind::Meta) {
            QCOMPARE(fill->at(PageId{id}), kFillNoneClass);
            QCOMPARE(owner->at(PageId{id}), kNoOwnerClass);
        }
    }
}

void TestLens::overflowPagesShareTheFillOfTheirRun() {
    const QString path = QStringLiteral(PAGESCAPE_SHARED_DIR "/data/gen-values-overflow.db");
    if (!QFileInfo::exists(path)) {
        QSKIP("the shared test databases are not here");
    }
    auto file = PageFile::open(path.toStdString());
    QVERIFY(file.has_value());
    Census census(std::make_shared<const PageFile>(std::move(*file)));
    QVERIFY(census.run().has_value());
    const auto fill = LensImage::build(Lens::Fill, census);
    quint64 overflows = 0;
    for (quint64 id = 0; id < fill->pageCount(); ++id) {
        const PageRow row = census.row(PageId{id});
        if (row.kind == PageKind::Overflow && row.life == PageLife::Live) {
            QCOMPARE(fill->at(PageId{id}), fill->at(PageId{row.parent}));
            ++overflows;
        }
    }
    QVERIFY(overflows > 0);
}

void TestLens::residencyCoversPagesOfOtherSizes() {
    const auto census = scanned(kSample);
    QVERIFY(census != nullptr);
    QVERIFY(census->pageCount() >= 8);
    ResidencySample sample;
    sample.osPageSize = 4096;
    sample.pageSize = 1024; // four pages share an answer
    sample.resident = {1, 0};
    auto image = LensImage::build(Lens::Residency, *census, &sample);
    for (quint64 id = 0; id < 8; ++id) {
        QCOMPARE(image->at(PageId{id}), id < 4 ? kResidentClass : kNotResidentClass);
    }
    QCOMPARE(image->at(PageId{8}), kUnknownClass); // beyond the sample
    sample.pageSize = 16384;                       // a page is partly there
    image = LensImage::build(Lens::Residency, *census, &sample);
    QVERIFY(image->at(PageId{0}) > kNotResidentClass && image->at(PageId{0}) < kResidentClass);
    // Without a sample nothing is claimed.
    image = LensImage::build(Lens::Residency, *census);
    QCOMPARE(image->count(kUnknownClass), quint64(census->pageCount()));
}

void TestLens::changesAreTheSpansOfTheComparison() {
    const auto census = scanned(kSample);
    QVERIFY(census != nullptr);
    PageChanges changes;
    changes.pages.onlyBefore = {{PageId{5}, 2}};
    changes.pages.onlyAfter = {{PageId{9}, 1}, {PageId{12}, 3}};
    changes.pages.changed = {{PageId{20}, 1}};
    changes.pages.same = {{PageId{30}, 1},
                          {PageId{census->pageCount() - 1}, 100}}; // beyond the end
    changes.isOneFile = false;
    const auto build = [&] {
        return LensImage::build(Lens::Changes, *census, nullptr, {}, {}, &changes);
    };
    auto image = build();
    QCOMPARE(image->count(kOnlyBeforeClass), 2U);
    QCOMPARE(image->count(kOnlyAfterClass), 4U);
    QCOMPARE(image->count(kDifferentClass), 1U);
    QCOMPARE(image->count(kSameClass), 2U);
    QCOMPARE(image->count(kNotComparedClass), quint64(census->pageCount()) - 9);
    for (quint64 id = 0; id < census->pageCount(); ++id) {
        const LensClass named = changes.classOf(PageId{id});
        QCOMPARE(image->at(PageId{id}), named == kUnknownClass ? kNotComparedClass : named);
    }
    // Versions of one file: what its trees reach and nobody names is the same.
    changes.isOneFile = true;
    image = build();
    for (quint64 id = 0; id < census->pageCount(); ++id) {
        const PageRow row = census->row(PageId{id});
        const bool isOfTree = row.kind == PageKind::Branch || row.kind == PageKind::Leaf ||
                              row.kind == PageKind::Overflow;
        if (changes.classOf(PageId{id}) == kUnknownClass) {
            QCOMPARE(image->at(PageId{id}),
                     isOfTree && row.life == PageLife::Live ? kSameClass : kNotComparedClass);
        }
    }
    // Without a comparison nothing is claimed.
    image = LensImage::build(Lens::Changes, *census);
    QCOMPARE(image->count(kUnknownClass), quint64(census->pageCount()));
}

void TestLens::buildingStopsWhenAsked() {
    const auto census = scanned(kSample);
    QVERIFY(census != nullptr);
    std::stop_source stop;
    stop.request_stop();
    for (const Lens lens : {Lens::Type, Lens::Fill, Lens::Owner, Lens::Reachability}) {
        QVERIFY(LensImage::build(lens, *census, nullptr, stop.get_token()) == nullptr);
    }
}

void TestLens::progressReachesTheLastPage() {
    const auto census = scanned(kSample);
    QVERIFY(census != nullptr);
    quint64 last = 0;
    const auto image = LensImage::build(Lens::Type, *census, nullptr, {}, [&last](quint64 done) {
        QVERIFY(done > last);
        last = done;
    });
    QCOMPARE(last, image->pageCount());
}

void TestLens::legendCountsAddUp_data() {
    QTest::addColumn<int>("lens");
    for (const Lens lens : kLenses) {
        QTest::addRow("%s", qPrintable(lensId(lens))) << static_cast<int>(lens);
    }
}

void TestLens::legendCountsAddUp() {
    QFETCH(int, lens);
    const auto census = scanned(kSample);
    QVERIFY(census != nullptr);
    const auto image = LensImage::build(static_cast<Lens>(lens), *census);
    quint64 sum = 0;
    QSet<QString> names;
    for (const LegendEntry& entry : lensLegend(*image, Theme::light(), census.get())) {
        QVERIFY(!entry.name.isEmpty());
        QVERIFY2(!names.contains(entry.name), qPrintable(entry.name));
        QVERIFY(!entry.style.glyph.isNull());
        names.insert(entry.name);
        sum += entry.pages;
    }
    QCOMPARE(sum, image->pageCount());
    // "No problem" is worth saying, too.
    QCOMPARE(names.contains(pageClassName(PageClass::Problem)),
             static_cast<Lens>(lens) == Lens::Type);
}

void TestLens::ownersAreListedLargestFirst() {
    const auto census = scanned(kSample);
    QVERIFY(census != nullptr);
    const auto image = LensImage::build(Lens::Owner, *census);
    const auto legend = lensLegend(*image, Theme::dark(), census.get());
    QVERIFY(legend.size() >= 3);
    QVERIFY(legend.front().lensClass >= kFirstOwnerClass);
    quint64 before = std::numeric_limits<quint64>::max();
    for (const LegendEntry& entry : legend) {
        if (entry.lensClass >= kFirstOwnerClass) {
            QVERIFY(entry.pages <= before);
            before = entry.pages;
        }
    }
}

void TestLens::ownersAreKnownByTheirFirstLetter() {
    const std::vector<std::string> names{"", "authors", "books", "Bids", "\xff", "bb"};
    const std::vector<QChar> letters = ownerLetters(names);
    QCOMPARE(QString(letters.data(), qsizetype(letters.size())), QStringLiteral("/abicd"));
    const std::vector<std::string> many(40, "x");
    QCOMPARE(ownerLetters(many).front(), QChar(u'x'));
    QCOMPARE(ownerLetters(many).back(), QChar(u'*'));

    const auto census = scanned(kSample);
    const auto image = LensImage::build(Lens::Owner, *census);
    for (const LegendEntry& entry : lensLegend(*image, Theme::light(), census.get())) {
        if (entry.name == QLatin1String("authors") || entry.name == QLatin1String("books")) {
            QCOMPARE(entry.style.glyph, entry.name.front());
        }
    }
}

void TestLens::everyClassHasAStyleInEveryLens() {
    for (const Theme& theme : {Theme::light(), Theme::dark()}) {
        for (const Lens lens : kLenses) {
            QVERIFY(!lensName(lens).isEmpty());
            for (int i = 0; i < 256; ++i) {
                const ClassStyle style = lensClassStyle(lens, static_cast<LensClass>(i), theme);
                QVERIFY(style.fill.isValid());
                const bool isWeak =
                    contrastRatio(style.fill, theme.color(Theme::Role::Background)) < 3;
                const bool isDotted = style.pattern == ClassPattern::Dotted;
                QVERIFY(!isWeak || isDotted || style.outline.isValid());
            }
        }
    }
}

QTEST_GUILESS_MAIN(TestLens)
#include "tst_lens.moc"
