// SPDX-License-Identifier: MIT
// The difference of two versions, against a comparison of all that both hold.
// PAGESCAPE_DIFF_HISTORIES: random histories, 12 unless told.
#include "support/diff_fixture.h"
#include "support/history.h"

using namespace pagescape;
using namespace pagescape::test;

class TestDiff : public StoreFixture {
    Q_OBJECT

private:
    PageFile write(const FileBuilder& file) { return opened(file.write(newPath()).string()); }
    void compareHistory(std::uint64_t seed);
    void verifyPages(const DiffSide& before, const DiffSide& after, const PageDiff& pages);

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void namesWhatChangedAndWhere();
    void skipsOnlyWhatIsTheSameInOneFile();
    void isEqualToItself();
    void agreesWithBruteForce();
    void readsNoMoreThanTheChange();
    void sharesWhatWasNotWritten();
    void readsOnlyTheBucketThatChanged();
    void followsTreesThatGrowAndShrink();
    void tellsBucketsAndKeysApart();
    void storageIsNoDifference();
    void stopsWhenTheVisitorHasEnough();
    void stopsOnRequest();
    void comparesRealFiles();
};

void TestDiff::namesWhatChangedAndWhere() {
    const PageFile file = write(twoVersions());
    const Found found = comparedVersions(file);
    VERIFY_OK(found.summary);
    QCOMPARE(found.lines,
             (Lines{"~ inl/b=2=3", "~ tree{7}{8}", kRemovedN, "+ tree/o=4"})); // in key order
    const DiffSummary& summary = *found.summary;
    QCOMPARE(summary.keysAdded, 1U);
    QCOMPARE(summary.keysRemoved, 1U);
    QCOMPARE(summary.keysChanged, 1U);
    QCOMPARE(summary.sequencesChanged, 1U);
    QCOMPARE(summary.pagesRead, 6U);      // 3 and 10, 4 and 11, 6 and 9
    QCOMPARE(summary.subtreesShared, 1U); // 5 with bucket "d"
    QCOMPARE(summary.pages.onlyBefore, (std::vector<PageIdSpan>{{PageId{3}, 2}, {PageId{6}, 2}}));
    QCOMPARE(summary.pages.onlyAfter, (std::vector<PageIdSpan>{{PageId{9}, 3}}));
    QVERIFY(summary.pages.changed.empty() && summary.pages.same.empty());
    QVERIFY(summary.isWhole && !summary.isEqual() && found.skipped.empty());
}

// The same two versions as two files: nothing is shared by its id.
void TestDiff::skipsOnlyWhatIsTheSameInOneFile() {
    FileBuilder builder = twoVersions();
    const PageFile before = write(builder);
    builder.leaf(8, {{"x", "8"}}); // only below page 5, whose bytes are the same in both
    const PageFile after = write(builder);
    const Found found = compared(bothSides(before)->first, bothSides(after)->second);
    VERIFY_OK(found.summary);
    QCOMPARE(found.lines,
             (Lines{"~ inl/b=2=3", "~ tree{7}{8}", "~ tree/d/x=9=8", kRemovedN, "+ tree/o=4"}));
    QCOMPARE(found.summary->pagesRead, 10U);
    QCOMPARE(found.summary->pages.changed, (std::vector<PageIdSpan>{{PageId{8}, 1}}));
    QCOMPARE(found.summary->pages.same, (std::vector<PageIdSpan>{{PageId{5}, 1}}));
    QCOMPARE(pagesIn(found.summary->pages.onlyBefore), 4U);
}

void TestDiff::isEqualToItself() {
    const PageFile file = write(soundFile()); // both metas have one root
    const Found same = comparedVersions(file);
    VERIFY_OK(same.summary);
    QVERIFY(same.summary->isEqual() && same.lines.empty());
    QCOMPARE(same.summary->pagesRead, 0U);
    const PageFile again = opened(file.path().string());
    const Found twice = compared(*currentSide(file), *currentSide(again));
    QVERIFY(twice.summary->isEqual() && twice.lines.empty());
    QCOMPARE(twice.summary->pagesRead, 10U);
    QCOMPARE(pagesIn(twice.summary->pages.same), 6U);
}

void TestDiff::verifyPages(const DiffSide& before, const DiffSide& after, const PageDiff& pages) {
    const PageIds old = reachable(before);
    const PageIds now = reachable(after);
    QCOMPARE(idsOf(pages.onlyBefore), minus(old, now));
    QCOMPARE(idsOf(pages.onlyAfter), minus(now, old));
    if (before.file == after.file) {
        QVERIFY(pages.changed.empty());
        return;
    }
    PageIds changed;
    PageIds same;
    for (const std::uint64_t id : minus(old, minus(old, now))) {
        const bool isSame =
            std::ranges::equal(before.file->pages(PageId{id}), after.file->pages(PageId{id}));
        (isSame ? same : changed).insert(id);
    }
    QCOMPARE(idsOf(pages.changed), changed);
    QCOMPARE(idsOf(pages.same), same);
}

void TestDiff::compareHistory(std::uint64_t seed) {
    StoreOptions options = smallPages();
    options.pageSize = 1024U << (seed % 3);
    begin(options);
    History history(seed, 400);
    std::filesystem::copy_file(path(), path() + ".first");
    const PageFile first = opened(path() + ".first");
    for (int commit = 0; commit < 12; ++commit) {
        const auto changes = history.nextTransaction();
        VERIFY_OK(update([&](WriteTransaction& tx) -> Result<void> {
            for (const Change& change : changes) {
                if (auto made = apply(tx, change); !made) {
                    return made;
                }
            }
            return {};
        }));
        const PageFile file = opened(path());
        const PageFile previous = opened(path(), true);
        const Lines expected = expectedLines(previous, file);
        const auto sides = bothSides(file);
        VERIFY_OK(sides);
        const Found oneFile = compared(sides->first, sides->second);
        VERIFY_OK(oneFile.summary);
        QCOMPARE(oneFile.sorted(), expected);
        QVERIFY(oneFile.skipped.empty());
        verifyPages(sides->first, sides->second, oneFile.summary->pages);
        const Found back = compared(sides->second, sides->first);
        QCOMPARE(back.sorted(), expectedLines(file, previous));
        const Found twoFiles = compared(*currentSide(previous), *currentSide(file));
        QCOMPARE(twoFiles.lines, oneFile.lines); // in the same order too
        verifyPages(*currentSide(previous), *currentSide(file), twoFiles.summary->pages);
        const Found fromFirst = compared(*currentSide(first), *currentSide(file));
        QCOMPARE(fromFirst.sorted(), expectedLines(first, file));
    }
    end();
}

void TestDiff::agreesWithBruteForce() {
    const int wanted = qEnvironmentVariableIntValue("PAGESCAPE_DIFF_HISTORIES");
    const int count = wanted > 0 ? wanted : 12;
    for (int seed = 1; seed <= count; ++seed) {
        compareHistory(static_cast<std::uint64_t>(seed));
        if (QTest::currentTestFailed()) {
            qWarning("history %d", seed);
            break;
        }
    }
    begin();
}

void TestDiff::readsNoMoreThanTheChange() {
    Pairs pairs;
    for (std::uint64_t i = 0; i < 60000; ++i) {
        pairs.emplace_back(digits(i, 16), std::string(100, 'v'));
    }
    VERIFY_OK(putAll("b", pairs));
    const BucketStats tree = stats({"b"});
    QCOMPARE(tree.depth, 3U);
    QVERIFY(tree.leafPages > 2000);
    VERIFY_OK(putAll("b", {{digits(30000, 16), "changed"}}));
    const Found one = comparedVersions(opened(path()));
    QCOMPARE(one.lines.size(), 1U);
    QCOMPARE(one.summary->pagesRead, 2 * (1 + tree.depth)); // one path in each version
    Pairs more; // a run of keys in one place: leaves split
    for (std::uint64_t i = 0; i < 200; ++i) {
        more.emplace_back(digits(40000, 16) + digits(i, 4), std::string(100, 'w'));
    }
    VERIFY_OK(putAll("b", more));
    const Found many = comparedVersions(opened(path()));
    QCOMPARE(many.summary->keysAdded, 200U);
    const std::uint64_t written = pagesIn(many.summary->pages.onlyAfter);
    QVERIFY2(many.summary->pagesRead <= 2 * written + 2 * tree.depth,
             qPrintable(
                 QStringLiteral("%1 read, %2 written").arg(many.summary->pagesRead).arg(written)));
    qInfo("one key of 60000: %d pages read; 200 new keys in one place: %d, of which %d are new",
          int(one.summary->pagesRead), int(many.summary->pagesRead), int(written));
}

// Two files that were one, with the word of somebody who knows what was written in between.
void TestDiff::sharesWhatWasNotWritten() {
    Pairs pairs;
    for (std::uint64_t i = 0; i < 5000; ++i) {
        pairs.emplace_back(digits(i, 16), std::string(100, 'v'));
    }
    VERIFY_OK(putAll("b", pairs));
    VERIFY_OK(putAll("b", {{digits(3000, 16), "changed"}, {"new", "1"}}));
    const PageFile before = opened(path(), true);
    const PageFile after = opened(path());
    const auto old = currentSide(before);
    const auto now = currentSide(after);
    VERIFY_OK(old);
    VERIFY_OK(now);
    const auto with = [&](const std::function<bool(PageId)>& isUnwritten) {
        Found found;
        found.summary = diffVersions(
            *old, *now,
            [&](const DiffItem& item) {
                found.lines.push_back(lineOf(item));
                return true;
            },
            {}, {}, isUnwritten);
        return found;
    };
    const Found one = comparedVersions(after);
    const Found shared = with([](PageId) { return true; }); // both are the file as it is now
    const Found apart = with([](PageId) { return false; });
    VERIFY_OK(shared.summary);
    VERIFY_OK(apart.summary);
    QCOMPARE(one.lines.size(), 2U);
    QCOMPARE(shared.lines, one.lines);
    QCOMPARE(apart.lines, one.lines);
    QCOMPARE(shared.summary->pagesRead, one.summary->pagesRead);
    QVERIFY(apart.summary->pagesRead > 10 * shared.summary->pagesRead);
    QCOMPARE(idsOf(shared.summary->pages.onlyAfter), idsOf(one.summary->pages.onlyAfter));
    QCOMPARE(idsOf(shared.summary->pages.onlyBefore), idsOf(one.summary->pages.onlyBefore));
}

void TestDiff::readsOnlyTheBucketThatChanged() {
    Pairs pairs;
    for (std::uint64_t i = 0; i < 5000; ++i) {
        pairs.emplace_back(digits(i, 16), std::string(50, 'v'));
    }
    VERIFY_OK(putAll("big", pairs));
    VERIFY_OK(putAll("small", {{"k", std::string(2000, '1')}}));
    VERIFY_OK(putAll("small", {{"k", std::string(2000, '2')}}));
    const Found found = comparedVersions(opened(path()));
    QCOMPARE(found.summary->keysChanged, 1U);
    QCOMPARE(found.summary->pagesRead, 4U);
    QCOMPARE(found.summary->subtreesShared, 1U);
}

void TestDiff::followsTreesThatGrowAndShrink() {
    VERIFY_OK(putAll("b", {{"0", "first"}}));
    Pairs pairs;
    for (std::uint64_t i = 0; i < 20000; ++i) {
        pairs.emplace_back(digits(i, 16), std::string(100, 'v'));
    }
    VERIFY_OK(putAll("b", pairs));
    const Found grown = comparedVersions(opened(path()));
    QCOMPARE(grown.summary->keysAdded, 20000U);
    QCOMPARE(grown.lines.size(), 20000U);
    VERIFY_OK(update([&](WriteTransaction& tx) -> Result<void> {
        const Path name{"b"};
        auto bucket = tx.bucket(bytesOf(name));
        for (std::uint64_t i = 10; i < 20000; ++i) {
            if (auto removed = bucket->remove(asBytes(digits(i, 16))); !removed) {
                return removed;
            }
        }
        return {};
    }));
    const PageFile file = opened(path());
    const Found shrunk = comparedVersions(file);
    QCOMPARE(shrunk.summary->keysRemoved, 19990U);
    QCOMPARE(shrunk.sorted(), expectedLines(opened(path(), true), file));
}

void TestDiff::tellsBucketsAndKeysApart() {
    FileBuilder builder = twoVersions();
    builder.leaf(10, {{"inl", "plain"}, inlineItem("tree", {{"b", "1"}}, 7)});
    const PageFile file = write(builder);
    const Found found = comparedVersions(file);
    QCOMPARE(found.lines, (Lines{"- inl{5}", "- inl/a=1", "- inl/b=2", "+ inl=plain", "- tree/d{0}",
                                 "- tree/d/x=9", "- tree/e=2", "- tree/m=3", kRemovedN}));
    QCOMPARE(found.summary->bucketsRemoved, 2U);
    const auto sides = bothSides(file);
    const Found back = compared(sides->second, sides->first);
    QCOMPARE(back.lines.at(1), std::string("+ inl{5}"));
    QCOMPARE(back.summary->bucketsAdded, 2U);
    QCOMPARE(back.summary->keysAdded, found.summary->keysRemoved);
}

void TestDiff::storageIsNoDifference() {
    VERIFY_OK(putAll("b", {{"k", "v"}})); // inline
    std::filesystem::copy_file(path(), path() + ".inline");
    VERIFY_OK(putAll("b", {{"l", std::string(9000, 'l')}})); // pages of its own
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        const Path name{"b"};
        return tx.bucket(bytesOf(name))->remove(asBytes("l"));
    }));
    const PageFile before = opened(path() + ".inline");
    const PageFile after = opened(path());
    const Found found = compared(*currentSide(before), *currentSide(after));
    QVERIFY(found.summary->isEqual() && found.lines.empty());
    const Found removal = comparedVersions(after);
    QCOMPARE(removal.lines.size(), 1U);
}

void TestDiff::stopsWhenTheVisitorHasEnough() {
    const PageFile file = write(twoVersions());
    const auto sides = bothSides(file);
    int seen = 0;
    const auto summary =
        diffVersions(sides->first, sides->second, [&](const DiffItem&) { return ++seen < 2; });
    VERIFY_OK(summary);
    QCOMPARE(seen, 2);
    QVERIFY(!summary->isWhole);
}

void TestDiff::stopsOnRequest() {
    const PageFile file = write(twoVersions());
    const auto sides = bothSides(file);
    std::stop_source source;
    source.request_stop();
    VERIFY_FAILS(diffVersions(sides->first, sides->second, {}, {}, source.get_token()),
                 ErrorCode::Cancelled);
}

void TestDiff::comparesRealFiles() {
    for (const char* name : {"etcd.db", "library.db", "podman.db", "containerd.db"}) {
        const std::string path = std::string(PAGESCAPE_SAMPLE_DIR "/") + name;
        const PageFile file = opened(path);
        const Found found = comparedVersions(file);
        VERIFY_OK(found.summary);
        QCOMPARE(found.sorted(), expectedLines(opened(path, true), file));
        QVERIFY(found.skipped.empty());
        const auto sides = bothSides(file);
        verifyPages(sides->first, sides->second, found.summary->pages);
        qInfo("%s: %d keys differ, %d pages read", name, int(found.lines.size()),
              int(found.summary->pagesRead));
    }
}

QTEST_GUILESS_MAIN(TestDiff)
#include "tst_diff.moc"
