// SPDX-License-Identifier: MIT
// The biography of a page follows one page by rules of its own; the stage follows all. At every
// event the two must say the same.
#include "stage/page_biography.h"
#include "support/sandbox_play.h"
#include "views/biography_view.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QtTest>

#include <ctime>

using namespace pagescape;
using namespace pagescape::gui;
using test::Play;
using Kind = SandboxCommand::Kind;

namespace {

// What differs between the two about a page after an event; empty when they agree.
QString difference(const StagePage& stage, const StagePage& told) {
    if (stage.life != told.life) {
        return QStringLiteral("life %1, told %2").arg(int(stage.life)).arg(int(told.life));
    }
    if (stage.kind != told.kind) {
        return QStringLiteral("kind %1, told %2").arg(int(stage.kind)).arg(int(told.kind));
    }
    if (stage.writtenBy != told.writtenBy || stage.freedBy != told.freedBy) {
        return QStringLiteral("transactions");
    }
    return {};
}

QStringList textsOf(const std::vector<BiographyEntry>& entries) {
    QStringList texts;
    for (const BiographyEntry& entry : entries) {
        texts += entry.text;
    }
    return texts;
}

} // namespace

class TestPageBiography : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void saysWhatTheStageSays();
    void tellsTheLifeOfAPage();
    void forgetsWhatWasUndone();
    void tellsRollbacks();
    void isFast();
    void viewSeeksAndMarksThePresent();
};

void TestPageBiography::saysWhatTheStageSays() {
    QTemporaryDir dir;
    quint64 compared = 0;
    for (quint64 seed = 1; seed <= 30; ++seed) {
        std::mt19937_64 random(seed);
        Play play(dir.filePath(QStringLiteral("a%1.db").arg(seed)));
        for (int i = 0; i < 100; ++i) {
            play.runRandom(random);
        }
        std::vector<StageState> states;
        for (int i = -1; i < play.log.size(); ++i) {
            states.push_back(play.log.stateAt(i));
        }
        const std::uint64_t pages = play.log.newest().pages.size() + 2;
        for (std::uint64_t id = 0; id < pages; ++id) {
            const auto entries = pageBiography(play.log, PageId{id});
            std::size_t line = 0;
            for (int i = -1; i < play.log.size(); ++i) {
                while (line + 1 < entries.size() && entries[line + 1].event <= i) {
                    ++line;
                }
                const QString wrong =
                    difference(states[std::size_t(i + 1)].pages.at(PageId{id}), entries[line].page);
                QVERIFY2(wrong.isEmpty(),
                         qPrintable(QStringLiteral("seed %1, page %2, event %3: %4")
                                        .arg(seed)
                                        .arg(id)
                                        .arg(i)
                                        .arg(wrong)));
                ++compared;
            }
        }
    }
    QVERIFY(compared > 100'000);
}

void TestPageBiography::tellsTheLifeOfAPage() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("b.db")));
    for (int i = 0; i < 6; ++i) {
        play.put("one", QByteArray(300 + i, 'v'));
        play.put("two", "2");
        play.run(Kind::Commit);
    }
    bool isTold = false;
    for (std::uint64_t id = 2; id < play.log.newest().highWater.value && !isTold; ++id) {
        const QString all = textsOf(pageBiography(play.log, PageId{id})).join(u'\n');
        isTold = all.contains(QStringLiteral("taken by")) &&
                 all.contains(QStringLiteral("leaf of 2 element(s), written by")) &&
                 all.contains(QStringLiteral("given up by")) &&
                 all.contains(QStringLiteral("waits, because")) &&
                 all.contains(QStringLiteral("free from"));
    }
    QVERIFY(isTold);
    const QStringList meta = textsOf(pageBiography(play.log, PageId{0}));
    QVERIFY2(meta.back().startsWith(QStringLiteral("meta of transaction")),
             qPrintable(meta.back()));
    QVERIFY(textsOf(pageBiography(play.log, PageId{100000})).back().contains(u"never used"));
}

void TestPageBiography::forgetsWhatWasUndone() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("c.db")));
    play.put("one", "1");
    play.run(Kind::Commit);
    const int size = play.log.size();
    std::vector<QStringList> before;
    for (std::uint64_t id = 0; id < 12; ++id) {
        before.push_back(textsOf(pageBiography(play.log, PageId{id})));
    }
    play.put("two", QByteArray(3000, '2'));
    play.run(Kind::Commit);
    QVERIFY(textsOf(pageBiography(play.log, PageId{0})) != before[0] ||
            textsOf(pageBiography(play.log, PageId{1})) != before[1]);
    play.log.truncate(size);
    for (std::uint64_t id = 0; id < 12; ++id) {
        QCOMPARE(textsOf(pageBiography(play.log, PageId{id})), before[id]);
    }
}

void TestPageBiography::tellsRollbacks() {
    StageState base;
    base.pageSize = 1024;
    base.highWater = PageId{9};
    base.pages.change(PageId{5}, [](StagePage& page) {
        page.life = StageLife::Live;
        page.kind = PageKind::Leaf;
    });
    base.pages.change(PageId{6}, [](StagePage& page) { page.life = StageLife::Free; });
    StageLog log(base);
    const auto phase = [&](WriteTxEvent::Phase which) {
        log.append(WriteTraceEvent{WriteTxEvent{which, TxId{7}, PageId{3}, PageId{9}}});
    };
    phase(WriteTxEvent::Phase::Begin);
    log.append(WriteTraceEvent{FreeEvent{PageId{5}, 1, TxId{7}}});
    log.append(WriteTraceEvent{AllocateEvent{PageId{6}, 1, false, 1}});
    log.append(WriteTraceEvent{AllocateEvent{PageId{9}, 2, true, 0}});
    phase(WriteTxEvent::Phase::RolledBack);
    QCOMPARE(textsOf(pageBiography(log, PageId{5})).back(),
             QStringLiteral("leaf, kept: 7 was rolled back"));
    QCOMPARE(textsOf(pageBiography(log, PageId{6})).back(),
             QStringLiteral("free again: 7 was rolled back"));
    QCOMPARE(textsOf(pageBiography(log, PageId{10})).back(),
             QStringLiteral("never used: 7 was rolled back"));
}

void TestPageBiography::isFast() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("d.db")), 1024, StageLog::kStride);
    SandboxCommand generate = test::command(Kind::Generate, "b");
    generate.generator.count = 60'000;
    generate.generator.perTx = 40;
    generate.generator.order = GeneratorSpec::Order::Random;
    QVERIFY(play.run(generate));
    QVERIFY2(play.log.size() > 100'000, qPrintable(QString::number(play.log.size())));
    const std::clock_t begin = std::clock(); // of this process: other builds do not count
    const auto entries = pageBiography(play.log, PageId{6});
    const double ms = double(std::clock() - begin) * 1000 / CLOCKS_PER_SEC;
    const double each = ms * 100'000 / play.log.size();
    qInfo("%d events in %.2f ms (%.2f ms for 100 000), %d lines", play.log.size(), ms, each,
          int(entries.size()));
    QVERIFY(each < 50);
}

void TestPageBiography::viewSeeksAndMarksThePresent() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("e.db")));
    test::playLesson(play);
    BiographyView view;
    QAbstractItemModelTester tester(view.table()->model());
    QVERIFY(!view.table()->isEnabled());
    const auto entries = pageBiography(play.log, PageId{5});
    QVERIFY(entries.size() > 3);
    view.setBiography(PageId{5}, entries);
    QCOMPARE(view.table()->model()->rowCount(), int(entries.size()));
    QVERIFY(view.headline().contains(QStringLiteral("Page 5")));
    QCOMPARE(view.presentRow(), 0);
    view.setPosition(entries[2].event);
    QVERIFY(view.presentRow() >= 2);
    QCOMPARE(entries[std::size_t(view.presentRow())].event, entries[2].event);
    QSignalSpy seeks(&view, &BiographyView::seekRequested);
    const QModelIndex row = view.table()->model()->index(1, BiographyView::WhatColumn);
    Q_EMIT view.table()->clicked(row);
    QCOMPARE(seeks.takeFirst().first().toInt(), entries[1].event);
    view.clear();
    QCOMPARE(view.table()->model()->rowCount(), 0);
}

QTEST_MAIN(TestPageBiography)
#include "tst_page_biography.moc"
