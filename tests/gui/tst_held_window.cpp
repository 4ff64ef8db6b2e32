// SPDX-License-Identifier: MIT
// What readers hold, in the whole window: opened and closed in the panel, with commits between. The
// numbers on show are compared with Store::readers() of an engine that ran the same commands, with
// the real bbolt in the same history, and with what the file says once nobody reads it.
//
// Which pages wait, and for whom, stands in no file: a stored freelist has free and waiting pages
// in one list. So bbolt's word on a copy is about both together, and its word on waiting pages
// comes from its own run of the same history.
#include "sandbox/sandbox_engine.h"
#include "sandbox_window_fixture.h"
#include "support/bolt_peer.h"
#include "units/units.h"
#include "views/held_gauge.h"
#include "views/readers_panel.h"

#include <QPushButton>
#include <QTableView>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;
using pagescape::test::BoltPeer;
using pagescape::test::peerHex;

class TestHeldWindow : public SandboxWindowFixture {
    Q_OBJECT

private:
    [[nodiscard]] ReadersPanel& readers() const { return *views().readers; }
    void openReader();
    void closeReader(int row);
    void commit(char value, int keys);
    void followWithTwin();
    void compareWithTwin();
    void compareWithBolt(bool isExact = true);
    [[nodiscard]] std::uint64_t waiting() const { return player().now().pendingPages; }

    std::unique_ptr<SandboxEngine> m_twin;
    std::size_t m_twinCommands = 0;
    std::unique_ptr<BoltPeer> m_peer; // null without Go
    int m_number = 0;

private Q_SLOTS:
    void initTestCase() { install(); }
    void init();
    void cleanup();

    void twoReadersHoldWhatTheEngineSays();
    void endFreesNothingUntilTheNextBegin();
    void endOfOneOfTwoMayFreeNothing();
    void fileShowsFreeAndWaitingPagesTogether();
};

void TestHeldWindow::init() {
    begin();
    openNew();
    showPanel("readers");
    SandboxOptions options;
    options.pageSize = 1024;
    const QString twin = m_dir.filePath(QStringLiteral("twin%1.db").arg(++m_number));
    auto engine = SandboxEngine::open(toPath(twin), options, [](const StageEvents&) {});
    QVERIFY(engine.has_value());
    m_twin = std::move(*engine);
    m_twinCommands = 0;
    if (BoltPeer::isThere()) {
        m_peer = std::make_unique<BoltPeer>();
        // Mapped at length, since bbolt's remap waits for readers, and here they are one thread.
        const QString path = m_dir.filePath(QStringLiteral("bolt%1.db").arg(m_number));
        QVERIFY2(m_peer->run("open " + path.toUtf8() + " array sync 1024 1048576"),
                 m_peer->answer());
    }
}

void TestHeldWindow::cleanup() {
    m_twin.reset();
    m_peer.reset();
    end();
}

void TestHeldWindow::openReader() {
    readers().openButton()->click();
    settle();
    QVERIFY(!m_peer || m_peer->run("reader"));
}

void TestHeldWindow::closeReader(int row) {
    readers().table()->selectRow(row);
    const std::uint64_t reader = readers().chosenReader();
    QVERIFY(readers().closeButton()->isEnabled());
    readers().closeButton()->click();
    settle();
    QVERIFY(!m_peer || m_peer->run("end " + QByteArray::number(quint64(reader))));
}

// Key a to a later letter, each with a hundred of one character.
void TestHeldWindow::commit(char value, int keys) {
    const bool isFirst = player().now().txid.value < 2;
    QVERIFY(!m_peer || m_peer->run("begin"));
    QVERIFY(!m_peer || !isFirst || m_peer->run("mkb - " + peerHex("b")));
    for (int i = 0; i < keys; ++i) {
        const QByteArray key(1, char('a' + i));
        const QByteArray text(100, value);
        put(QString::fromUtf8(key), QString::fromUtf8(text));
        QVERIFY(!m_peer ||
                m_peer->run("put " + peerHex("b") + ' ' + key.toHex() + ' ' + text.toHex()));
    }
    click("commit");
    QVERIFY(!m_peer || m_peer->run("commit"));
}

// The same commands on the same engine, whose store can be asked here.
void TestHeldWindow::followWithTwin() {
    const SandboxHistory& history = box().history();
    const std::vector<int> path = history.pathTo(history.current());
    for (; m_twinCommands < path.size(); ++m_twinCommands) {
        SandboxCommand command = history.node(path[m_twinCommands]).command;
        QVERIFY(m_twin->run(command).has_value());
    }
    QFile ours(box().path());
    QFile twin(QString::fromStdString(m_twin->path().string()));
    QVERIFY(ours.open(QIODevice::ReadOnly) && twin.open(QIODevice::ReadOnly));
    QVERIFY(ours.readAll() == twin.readAll());
}

void TestHeldWindow::compareWithTwin() {
    followWithTwin();
    const std::vector<ReaderInfo> real = m_twin->store().readers();
    QCOMPARE(readers().report().readers.size(), real.size());
    QCOMPARE(readers().table()->model()->rowCount(), int(real.size()));
    for (std::size_t row = 0; row < real.size(); ++row) {
        const ReaderHold& hold = readers().report().readers[row];
        QCOMPARE(hold.txid, real[row].txid);
        QCOMPARE(hold.pages, real[row].pagesHeldBack);
        QCOMPARE(hold.bytes, real[row].bytesHeldBack);
        const auto cell = [&](int column) {
            return readers().table()->model()->index(int(row), column).data().toString();
        };
        QCOMPARE(cell(ReadersPanel::BytesColumn), bytesText(real[row].bytesHeldBack));
        QVERIFY(cell(ReadersPanel::PagesColumn)
                    .startsWith(QString::number(quint64(real[row].pagesHeldBack))));
    }
    const StoreStatistics statistics = m_twin->store().statistics();
    QCOMPARE(waiting(), statistics.pendingPages);
    QCOMPARE(player().now().freePages, statistics.freePages);
    const HeldValues values = readers().gauge()->values();
    QCOMPARE(values.held + values.due, statistics.pendingPages * 1024);
    QCOMPARE(values.free, statistics.freePages * 1024);
}

// The real bbolt in the same history: free and waiting pages are as many. From the third commit
// after the newest reader on it keeps more: pages from the end of the file that were written and
// freed since are seen by nobody, but bbolt 1.3.6 notes who wrote a page only where it came from
// the free list. Nothing is compared where bbolt is missing; the tests say so at their ends.
void TestHeldWindow::compareWithBolt(bool isExact) {
    if (!m_peer) {
        return;
    }
    QVERIFY2(m_peer->run("waiting"), m_peer->answer());
    const QList<QByteArray> words = m_peer->answer().split(' ');
    QCOMPARE(words.size(), 2);
    if (isExact) {
        QCOMPARE(words[0].toULongLong(), quint64(player().now().freePages));
        QCOMPARE(words[1].toULongLong(), quint64(waiting()));
    } else {
        QVERIFY(words[1].toULongLong() > quint64(waiting()));
    }
}

void TestHeldWindow::twoReadersHoldWhatTheEngineSays() {
    commit('0', 12);
    openReader();
    compareWithTwin(); // it holds what its own transaction freed: the rule is careful by one
    commit('1', 12);
    compareWithTwin();
    compareWithBolt();
    const std::uint64_t first = readers().report().heldPages;
    QVERIFY(first > 2); // a path and the freelist
    openReader();
    for (int i = 2; i < 5; ++i) {
        commit(char('0' + i), i);
        compareWithTwin();
        compareWithBolt(i < 4);
        QVERIFY(readers().report().heldPages >= first);
    }
    QVERIFY(readers().report().readers[0].pages != readers().report().readers[1].pages);
    if (!m_peer) {
        QSKIP("Go or its bbolt library is missing: compared with our engine alone");
    }
}

void TestHeldWindow::endFreesNothingUntilTheNextBegin() {
    commit('0', 12);
    openReader();
    for (int i = 1; i < 3; ++i) {
        commit(char('0' + i), 12);
    }
    QVERIFY(readers().endText().isEmpty());
    const std::uint64_t held = readers().report().heldPages;
    const std::uint64_t before = waiting();
    const Fingerprint file = fingerprint(box().path());
    QVERIFY(held > 0);
    closeReader(0);
    QCOMPARE(fingerprint(box().path()), file);
    QCOMPARE(waiting(), before);
    QCOMPARE(readers().report().heldPages, 0U);
    const std::uint64_t due = readers().report().duePages;
    QCOMPARE(due, before);
    QVERIFY2(readers().endText().startsWith(QStringLiteral("Reader 1 has ended, and nothing has "
                                                           "happened: %1 pages (%2)")
                                                .arg(due)
                                                .arg(bytesText(due * 1024))),
             qPrintable(readers().endText()));
    followWithTwin();
    QCOMPARE(m_twin->store().statistics().pendingPages, before); // the engine says the same

    put(QStringLiteral("z"), QStringLiteral("last")); // its Begin looks
    QCOMPARE(waiting(), 0U);
    QVERIFY2(readers().endText().contains(
                 QStringLiteral("the Begin of transaction %1 looked who reads: it freed %2 pages")
                     .arg(player().now().txid.value)
                     .arg(due)),
             qPrintable(readers().endText()));
    click("commit");
    QVERIFY(!m_peer ||
            (m_peer->run("begin") &&
             m_peer->run("put " + peerHex("b") + ' ' + peerHex("z") + ' ' + peerHex("last")) &&
             m_peer->run("commit")));
    compareWithTwin();
    compareWithBolt();
    commit('9', 1); // one more Begin: that end is long ago
    QVERIFY(readers().endText().isEmpty());
    if (!m_peer) {
        QSKIP("Go or its bbolt library is missing: compared with our engine alone");
    }
}

// Two that see the same version: what one holds the other holds too.
void TestHeldWindow::endOfOneOfTwoMayFreeNothing() {
    commit('0', 12);
    openReader();
    openReader();
    commit('1', 12);
    const std::uint64_t before = waiting();
    QCOMPARE(readers().report().readers[0].pages, readers().report().readers[1].pages);
    closeReader(1);
    QVERIFY2(readers().endText().startsWith(QStringLiteral("Reader 2 has ended")) &&
                 readers().endText().contains(QStringLiteral("other readers hold all that waits")),
             qPrintable(readers().endText()));
    put(QStringLiteral("z"), QStringLiteral("1"));
    QCOMPARE(waiting(), before);
    QVERIFY2(readers().endText().contains(QStringLiteral("it could free nothing")),
             qPrintable(readers().endText()));
}

void TestHeldWindow::fileShowsFreeAndWaitingPagesTogether() {
    commit('0', 12);
    openReader();
    for (int i = 1; i < 5; ++i) {
        commit(char('0' + i), 3 + i);
    }
    openReader();
    commit('7', 12);
    const StageState& now = player().now();
    QVERIFY(now.pendingPages > 0);
    const QString copy = m_dir.filePath(QStringLiteral("held%1.db").arg(m_number));
    QVERIFY(m_window->keepSandboxAs(copy));
    {
        auto file = PageFile::open(toPath(copy)); // with the lock that bbolt wants next
        QVERIFY(file.has_value());
        Census census(std::make_shared<const PageFile>(std::move(*file)));
        QVERIFY(census.run().has_value());
        QCOMPARE(census.freelistIds(), now.freePages + now.pendingPages);
    }
    if (!m_peer) {
        QSKIP("Go or its bbolt library is missing: the file is not shown to the real bbolt");
    }
    QVERIFY2(m_peer->run("check " + copy.toUtf8()), m_peer->answer());
    QVERIFY2(m_peer->run("freepages " + copy.toUtf8()), m_peer->answer());
    QCOMPARE(m_peer->answer(), QByteArray::number(quint64(now.freePages + now.pendingPages)));
}

QTEST_MAIN(TestHeldWindow)
#include "tst_held_window.moc"
