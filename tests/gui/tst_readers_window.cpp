// SPDX-License-Identifier: MIT
// Readers in the whole window: looking through one of them, however many commits follow.
#include "models/roles.h"
#include "sandbox_window_fixture.h"
#include "support/bolt_peer.h"
#include "units/units.h"
#include "views/bucket_panel.h"
#include "views/difference_panel.h"
#include "views/inspector_panel.h"
#include "views/key_entry.h"
#include "views/map_panel.h"
#include "views/player_panel.h"
#include "views/readers_panel.h"
#include "window/notice_bar.h"

#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTimer>
#include <QTreeView>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;
using pagescape::test::BoltPeer;

class TestReadersWindow : public SandboxWindowFixture {
    Q_OBJECT

private:
    [[nodiscard]] ReadersPanel& readers() const { return *views().readers; }
    [[nodiscard]] const PageFile& shownFile() const {
        return m_window->binding()->session().file();
    }
    void openReader();
    void commit(const QStringList& values);
    void choose(int row);
    void press(QPushButton* button);
    QStringList shownKeys();
    QByteArray shownValue(const QByteArray& key);

private Q_SLOTS:
    void initTestCase() { install(); }
    void init() { begin(); }
    void cleanup() { end(); }

    void showsWhatTheReaderSees();
    void buttonMenuAndKeysAllLeadThereAndBack();
    void wordsFollowTheNewest();
    void leavesWhenTheReaderEnds();
    void leavesWhenTheReaderIsUndone();
    void refusesAnEndedReader();
    void comparesWithTheNewest();
};

void TestReadersWindow::openReader() {
    press(readers().openButton());
    settle();
}

// One transaction; the keys are a, b, c and so on.
void TestReadersWindow::commit(const QStringList& values) {
    for (qsizetype i = 0; i < values.size(); ++i) {
        put(QString(QChar(u'a' + char16_t(i))), values[i]);
    }
    click("commit");
}

void TestReadersWindow::choose(int row) {
    readers().table()->selectRow(row);
    QVERIFY(readers().chosenReader() != 0);
}

void TestReadersWindow::press(QPushButton* button) {
    QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), 30000);
    button->click(); // the dock may be narrower than its rows on this screen
}

// Of the bucket b, as the tree lists them: "a=first".
QStringList TestReadersWindow::shownKeys() {
    BucketTreeModel& model = views().buckets->model();
    const std::vector<QByteArray> path{"b"};
    views().buckets->goTo(path);
    const auto bucket = [&] { return model.find(path, {}); };
    if (!QTest::qWaitFor([&] { return bucket().isValid(); }, 20000)) {
        return {QStringLiteral("no bucket")};
    }
    views().buckets->tree()->expand(bucket());
    if (!QTest::qWaitFor(
            [&] { return model.rowCount(bucket()) > 0 && !model.canFetchMore(bucket()); }, 20000)) {
        return {QStringLiteral("no keys")};
    }
    QStringList keys;
    for (int row = 0; row < model.rowCount(bucket()); ++row) {
        const auto cell = [&](int column) { return model.index(row, column, bucket()); };
        keys += QString::fromUtf8(cell(0).data(KeyRole).toByteArray()) + u'=' +
                cell(BucketTreeModel::ValueColumn).data().toString();
    }
    return keys;
}

// By a traced Get.
QByteArray TestReadersWindow::shownValue(const QByteArray& key) {
    QSignalSpy traced(&m_window->binding()->session(), &FileSession::getTraced);
    KeyEntry* entry = views().playerPanel->keyEntry();
    entry->setKey({"b"}, key);
    Q_EMIT entry->traceRequested({"b"}, key);
    if (!QTest::qWaitFor([&] { return traced.size() == 1; }, 20000)) {
        return "no answer";
    }
    const auto trace = traced.front().front().value<GetTracePtr>();
    m_window->binding()->endTrace();
    return trace->found ? trace->value : QByteArray("not found");
}

void TestReadersWindow::showsWhatTheReaderSees() {
    openNew();
    showPanel("readers");
    showPanel("buckets");
    QStringList first;
    for (int i = 0; i < 20; ++i) {
        first += QStringLiteral("first %1").arg(i);
    }
    commit(first);
    openReader();
    const TxId seen = player().now().readers.front().txid;
    const QString before = digestOf(box().path());
    const QStringList keys = shownKeys();
    QCOMPARE(keys.size(), 20);
    const QString copy = m_dir.filePath(QStringLiteral("seen.db")); // for the real bbolt
    QFile::remove(copy);
    QVERIFY(m_window->keepSandboxAs(copy));
    for (int i = 0; i < 3; ++i) {
        commit({QStringLiteral("later %1").arg(i), QString(300 * (i + 1), u'x')});
    }
    QVERIFY(digestOf(box().path()) != before);
    QCOMPARE(shownValue("a"), QByteArray("later 2"));

    choose(0);
    press(readers().lookButton());
    settle();
    QCOMPARE(m_window->lookedReader(), 1U);
    QCOMPARE(shownFile().layout().metas.activeFields()->txid, seen);
    QCOMPARE(contentDigest(shownFile())->sha256, before.toStdString());
    QCOMPARE(shownKeys(), keys);
    QCOMPARE(shownValue("a"), QByteArray("first 0"));
    QCOMPARE(shownValue("b"), QByteArray("first 1"));
    // It stays so over three more commits; each shows the file anew.
    for (int i = 3; i < 6; ++i) {
        commit({QStringLiteral("later %1").arg(i), QString(300 * (i + 1), u'x')});
        QCOMPARE(m_window->lookedReader(), 1U);
        QCOMPARE(contentDigest(shownFile())->sha256, before.toStdString());
    }
    QCOMPARE(shownKeys(), keys);
    QCOMPARE(shownValue("a"), QByteArray("first 0"));
    QTRY_VERIFY_WITH_TIMEOUT(m_window->binding()->session().isChecked(), 20000);
    QCOMPARE(m_window->binding()->session().findings().size(), 0U);
    if (BoltPeer::isThere()) {
        BoltPeer peer;
        QVERIFY2(peer.run("digest " + copy.toUtf8()), peer.answer());
        QCOMPARE(QString::fromUtf8(peer.answer()), before);
    }
    press(readers().lookButton());
    settle();
    QCOMPARE(shownValue("a"), QByteArray("later 5"));
}

void TestReadersWindow::buttonMenuAndKeysAllLeadThereAndBack() {
    openNew();
    showPanel("readers");
    commit({QStringLiteral("one")});
    openReader();
    commit({QStringLiteral("two")});
    QVERIFY(!readers().lookButton()->isEnabled()); // nothing is chosen
    choose(0);
    QCOMPARE(readers().lookButton()->text(), QStringLiteral("Look through reader 1"));
    const auto isThrough = [&](bool isIt) {
        settle();
        QCOMPARE(m_window->lookedReader(), isIt ? 1U : 0U);
        QCOMPARE(action("look-through-reader")->isChecked(), isIt);
        QCOMPARE(shownValue("a"), QByteArray(isIt ? "one" : "two"));
    };
    press(readers().lookButton());
    isThrough(true);
    QCOMPARE(readers().lookButton()->text(), QStringLiteral("Back to the newest version"));
    press(readers().lookButton());
    isThrough(false);

    QTest::keyClick(m_window.get(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
    isThrough(true);
    views().map->map()->setFocus();
    QTest::keyClick(views().map->map(), Qt::Key_Escape);
    isThrough(false);

    QTest::keyClick(readers().table(), Qt::Key_Return);
    isThrough(true);
    action("look-through-reader")->trigger();
    isThrough(false);

    QTimer::singleShot(0, this, [] {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        QVERIFY(menu != nullptr);
        QCOMPARE(menu->actions().front()->text(), QStringLiteral("Look through reader 1"));
        menu->actions().front()->trigger();
        menu->close();
    });
    Q_EMIT readers().table()->customContextMenuRequested(QPoint(5, 5));
    isThrough(true);
    trigger("previous-version"); // the other meta is one more version
    QCOMPARE(m_window->lookedReader(), 0U);
    QVERIFY(views().frameText().startsWith(QStringLiteral("PREVIOUS VERSION")));
}

void TestReadersWindow::wordsFollowTheNewest() {
    openNew();
    showPanel("readers");
    commit({QStringLiteral("one")});
    openReader();
    const quint64 seen = player().now().readers.front().txid.value;
    trigger("look-through-reader"); // the only one needs no choice
    QVERIFY2(views().frameText().startsWith(
                 QStringLiteral("THROUGH READER 1: transaction %1, which is the newest as yet.")
                     .arg(seen)),
             qPrintable(views().frameText()));
    QVERIFY(views().frameText().contains(QStringLiteral("SANDBOX")));
    commit({QStringLiteral("two")});
    commit({QStringLiteral("three")});
    QVERIFY2(views().frameText().startsWith(
                 QStringLiteral("THROUGH READER 1: transaction %1; the newest is %2.")
                     .arg(seen)
                     .arg(seen + 2)),
             qPrintable(views().frameText()));
    QVERIFY(
        m_window->windowTitle().contains(QStringLiteral("txid %1 · through a reader").arg(seen)));
    QVERIFY(readers().table()->model()->index(0, ReadersPanel::SeesColumn).data().toString() ==
            QStringLiteral("transaction %1, on show").arg(seen));
    m_window->lookThrough(0);
    settle();
    QVERIFY(views().frameText().startsWith(QStringLiteral("SANDBOX")));
    QVERIFY(m_window->windowTitle().contains(QStringLiteral("active")));
}

void TestReadersWindow::leavesWhenTheReaderEnds() {
    openNew();
    showPanel("readers");
    commit({QStringLiteral("one")});
    openReader();
    openReader();
    commit({QStringLiteral("two")});
    choose(1);
    press(readers().lookButton());
    settle();
    QCOMPARE(m_window->lookedReader(), 2U);
    choose(0);
    press(readers().closeButton()); // another one: nothing to leave
    settle();
    QCOMPARE(m_window->lookedReader(), 2U);
    QCOMPARE(shownValue("a"), QByteArray("one"));
    choose(0);
    press(readers().closeButton());
    QCOMPARE(m_window->lookedReader(), 0U); // before the engine closes it
    QVERIFY2(views().notice->text().contains(QStringLiteral("Reader 2 ends")),
             qPrintable(views().notice->text()));
    settle();
    QCOMPARE(shownValue("a"), QByteArray("two"));
    QVERIFY(views().frameText().startsWith(QStringLiteral("SANDBOX")));
}

void TestReadersWindow::leavesWhenTheReaderIsUndone() {
    openNew();
    showPanel("readers");
    commit({QStringLiteral("one")});
    openReader();
    commit({QStringLiteral("two")});
    trigger("look-through-reader");
    QCOMPARE(m_window->lookedReader(), 1U);
    click("undo");
    QCOMPARE(m_window->lookedReader(), 0U);
    QCOMPARE(shownValue("a"), QByteArray("one"));
}

void TestReadersWindow::refusesAnEndedReader() {
    openNew();
    showPanel("readers");
    commit({QStringLiteral("one")});
    action("look-through-reader")->trigger();
    QVERIFY(!action("look-through-reader")->isChecked());
    QVERIFY(views().notice->text().contains(QStringLiteral("No reader is open")));
    openReader();
    openReader();
    action("look-through-reader")->trigger();
    QVERIFY(views().notice->text().contains(QStringLiteral("Choose in the Readers panel")));
    QCOMPARE(m_window->lookedReader(), 0U);
    m_window->lookThrough(7);
    QVERIFY(views().notice->text().contains(QStringLiteral("Reader 7 has ended")));
    QCOMPARE(m_window->lookedReader(), 0U);
}

void TestReadersWindow::comparesWithTheNewest() {
    openNew();
    showPanel("readers");
    commit({QStringLiteral("one"), QStringLiteral("same")});
    openReader();
    commit({QStringLiteral("two")});
    commit({QStringLiteral("three"), QStringLiteral("same"), QStringLiteral("new")});
    trigger("look-through-reader");
    action("compare")->trigger();
    const DifferencePanel& panel = *views().differences;
    QTRY_VERIFY_WITH_TIMEOUT(panel.comparison() != nullptr, 30000);
    const Comparison found = *panel.comparison();
    QCOMPARE(found.error, QString());
    QCOMPARE(found.before.txid, player().now().readers.front().txid.value);
    QCOMPARE(found.after.txid, found.before.txid + 2);
    QCOMPARE(found.summary.keysChanged, 1U);
    QCOMPARE(found.summary.keysAdded, 1U);
    // Back, where that comparison is about nothing on show: the lens asks for the usual one.
    trigger("look-through-reader");
    QTRY_VERIFY_WITH_TIMEOUT(
        panel.comparison() && panel.comparison()->before.txid == found.after.txid - 1, 30000);
}

QTEST_MAIN(TestReadersWindow)
#include "tst_readers_window.moc"
