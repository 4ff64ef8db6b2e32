// SPDX-License-Identifier: MIT
// The readers panel: its numbers are those of the state, its what-if is what really happens, and
// its buttons ask for what they say.
#include "support/sandbox_play.h"
#include "units/units.h"
#include "views/held_gauge.h"
#include "views/readers_panel.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;
using test::Play;
using Kind = SandboxCommand::Kind;

class TestReadersPanel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void listsWhoReadsAndWhatItCosts();
    void previewIsWhatTheNextBeginFrees();
    void choosingTells();
    void choiceStaysWithItsReader();
    void buttonsAsk();
    void asksToLookThroughTheChosenOne();
    void whatHasEndedSinceCannotBeClosed();
    void gaugeAddsUp();
    void saysWhenNobodyReads();

private:
    void show() {
        m_sitting.follow(m_play->log);
        m_panel->setState(m_play->log.newest(), m_sitting, m_play->log.size() - 1);
    }
    [[nodiscard]] QString cell(int row, int column) const {
        const QAbstractItemModel* model = m_panel->table()->model();
        return model->index(row, column).data().toString();
    }

    QTemporaryDir m_dir;
    std::unique_ptr<Play> m_play;
    Sitting m_sitting;
    std::unique_ptr<ReadersPanel> m_panel;
};

void TestReadersPanel::init() {
    QFile::remove(m_dir.filePath(QStringLiteral("a.db")));
    m_play = std::make_unique<Play>(m_dir.filePath(QStringLiteral("a.db")));
    test::playLesson(*m_play);
    m_play->run(Kind::Commit);
    m_panel = std::make_unique<ReadersPanel>();
    m_panel->resize(500, 400);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
    show();
}

void TestReadersPanel::cleanup() {
    m_panel.reset();
    m_play.reset();
    m_sitting.clear();
}

void TestReadersPanel::listsWhoReadsAndWhatItCosts() {
    const std::vector<ReaderInfo> real = m_play->engine->store().readers();
    QCOMPARE(m_panel->table()->model()->rowCount(), int(real.size()));
    for (std::size_t row = 0; row < real.size(); ++row) {
        QCOMPARE(cell(int(row), ReadersPanel::BytesColumn), bytesText(real[row].bytesHeldBack));
        QVERIFY(cell(int(row), ReadersPanel::SeesColumn)
                    .endsWith(QString::number(real[row].txid.value)));
        QVERIFY(cell(int(row), ReadersPanel::SinceColumn).contains(QStringLiteral("command")));
    }
    QCOMPARE(cell(0, ReadersPanel::ReaderColumn), QStringLiteral("1"));
    QVERIFY(m_panel->ruleText().contains(
        QStringLiteral("freed in %1 and before").arg(real.front().txid.value - 1)));
}

void TestReadersPanel::previewIsWhatTheNextBeginFrees() {
    QSignalSpy lit(m_panel.get(), &ReadersPanel::previewPages);
    m_panel->chooseReader(1);
    const std::vector<PageId> told = m_panel->preview();
    QVERIFY(!told.empty());
    QVERIFY(lit.takeFirst().first().value<std::vector<PageId>>() == told);
    QVERIFY2(m_panel->whatIfText().contains(QStringLiteral("If reader 1 ended")) &&
                 m_panel->whatIfText().contains(bytesText(told.size() * 1024)),
             qPrintable(m_panel->whatIfText()));
    m_play->run(test::closing(1));
    const int before = m_play->log.size();
    m_play->run(Kind::Begin);
    std::uint64_t freed = 0;
    for (int i = before; i < m_play->log.size(); ++i) {
        if (const auto* write = std::get_if<WriteTraceEvent>(&m_play->log.event(i))) {
            const auto* release = std::get_if<ReleaseEvent>(write);
            freed += release != nullptr ? release->pages : 0;
        }
    }
    QCOMPARE(freed, told.size());
    show(); // its reader is gone: nothing stays lit
    QCOMPARE(m_panel->chosenReader(), 0U);
    QVERIFY(lit.takeLast().first().value<std::vector<PageId>>().empty());
}

void TestReadersPanel::choosingTells() {
    QSignalSpy chosen(m_panel.get(), &ReadersPanel::readerChosen);
    m_panel->table()->selectRow(1);
    QCOMPARE(chosen.takeFirst().first().value<std::uint64_t>(), 3U);
    m_panel->chooseReader(4); // from outside: not told back
    QCOMPARE(chosen.size(), 0);
    QCOMPARE(m_panel->table()->selectionModel()->selectedRows().front().row(), 2);
    m_panel->table()->clearSelection();
    QCOMPARE(chosen.takeFirst().first().value<std::uint64_t>(), 0U);
    m_panel->chooseReader(99);
    QCOMPARE(m_panel->chosenReader(), 0U);
}

void TestReadersPanel::choiceStaysWithItsReader() {
    m_panel->chooseReader(3);
    m_play->run(test::closing(1));
    show();
    QCOMPARE(m_panel->chosenReader(), 3U);
    QCOMPARE(m_panel->table()->selectionModel()->selectedRows().front().row(), 0);
    m_play->run(test::closing(3));
    show();
    QCOMPARE(m_panel->chosenReader(), 0U);
    QVERIFY(m_panel->table()->selectionModel()->selectedRows().isEmpty());
}

void TestReadersPanel::buttonsAsk() {
    QSignalSpy opens(m_panel.get(), &ReadersPanel::openRequested);
    QSignalSpy closes(m_panel.get(), &ReadersPanel::closeRequested);
    QVERIFY(!m_panel->closeButton()->isEnabled());
    QTest::mouseClick(m_panel->openButton(), Qt::LeftButton);
    QCOMPARE(opens.size(), 1);
    m_panel->chooseReader(3);
    QVERIFY(m_panel->closeButton()->text().contains(u'3'));
    QTest::mouseClick(m_panel->closeButton(), Qt::LeftButton);
    QCOMPARE(closes.takeFirst().first().value<std::uint64_t>(), 3U);
    m_panel->setBusy(true);
    QVERIFY(!m_panel->closeButton()->isEnabled() && !m_panel->openButton()->isEnabled());
}

void TestReadersPanel::asksToLookThroughTheChosenOne() {
    QSignalSpy looks(m_panel.get(), &ReadersPanel::lookRequested);
    const auto asked = [&looks] { return looks.takeFirst().first().value<std::uint64_t>(); };
    QVERIFY(!m_panel->lookButton()->isEnabled());
    m_panel->chooseReader(3);
    m_panel->lookButton()->click();
    QCOMPARE(asked(), 3U);
    m_panel->setLooked(3);
    QVERIFY(cell(1, ReadersPanel::SeesColumn).endsWith(QStringLiteral("on show")));
    QVERIFY(m_panel->lookButton()->text().contains(QStringLiteral("newest")));
    m_panel->lookButton()->click();
    QCOMPARE(asked(), 0U);
    m_panel->chooseReader(1); // from one to another in one step
    QVERIFY(m_panel->lookButton()->text().contains(QStringLiteral("reader 1")));
    m_panel->table()->setFocus();
    QTest::keyClick(m_panel->table(), Qt::Key_Return);
    QCOMPARE(asked(), 1U);
    m_panel->chooseReader(0);
    m_panel->lookButton()->click(); // nobody is chosen: back
    QCOMPARE(asked(), 0U);
    m_panel->setLooked(0);
    QVERIFY(!m_panel->lookButton()->isEnabled());
    QVERIFY(!cell(1, ReadersPanel::SeesColumn).contains(QStringLiteral("on show")));
    const SittingReader second = m_sitting.readers()[1];
    m_panel->setState(m_play->log.stateAt(second.open + 5), m_sitting, second.open + 5);
    m_panel->chooseReader(2); // it ended since
    QVERIFY(!m_panel->lookButton()->isEnabled());
    QTest::keyClick(m_panel->table(), Qt::Key_Return);
    QCOMPARE(looks.size(), 0);
}

void TestReadersPanel::whatHasEndedSinceCannotBeClosed() {
    const SittingReader second = m_sitting.readers()[1];
    const int then = second.open + 5;
    m_panel->setState(m_play->log.stateAt(then), m_sitting, then);
    m_panel->chooseReader(2);
    QCOMPARE(m_panel->chosenReader(), 2U);
    QVERIFY(!m_panel->closeButton()->isEnabled());
    m_panel->chooseReader(1);
    QVERIFY(m_panel->closeButton()->isEnabled());
}

void TestReadersPanel::gaugeAddsUp() {
    const HeldValues values = m_panel->gauge()->values();
    const StageState& state = m_play->log.newest();
    QCOMPARE(values.fileSize, state.fileSize);
    QCOMPARE(values.held + values.due, state.pendingPages * state.pageSize);
    QVERIFY(values.held > 0);
    QVERIFY(m_panel->gauge()->accessibleDescription().contains(bytesText(values.held)));
    QVERIFY(m_panel->gauge()->heightForWidth(150) > m_panel->gauge()->heightForWidth(2000));
    const QImage light = m_panel->grab().toImage();
    m_panel->setTheme(Theme::dark());
    QVERIFY(m_panel->grab().toImage() != light);
}

void TestReadersPanel::saysWhenNobodyReads() {
    for (const quint64 reader : {1U, 3U, 4U}) {
        m_play->run(test::closing(reader));
    }
    show();
    QCOMPARE(m_panel->table()->model()->rowCount(), 0);
    QVERIFY(m_panel->ruleText().contains(QStringLiteral("Nobody reads")));
    QVERIFY(m_panel->whatIfText().contains(QStringLiteral("No reader is open")));
    QCOMPARE(m_panel->report().heldPages, 0U);
    QVERIFY(m_panel->report().duePages > 0);
}

QTEST_MAIN(TestReadersPanel)
#include "tst_readers_panel.moc"
