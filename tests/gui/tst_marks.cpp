// SPDX-License-Identifier: MIT
// Two marked moments of a sandbox: what the window says differs is what a full comparison of two
// files finds, through undo and branches, and it reads only what was written in between.
#include "models/byte_text.h"
#include "pagescape/diff.h"
#include "sandbox/make_sandbox.h"
#include "session/file_session.h"
#include "units/english_plurals.h"
#include "views/difference_panel.h"
#include "views/map_panel.h"
#include "views/sitting_view.h"
#include "window/main_window.h"
#include "window/mark_binding.h"
#include "window/notice_bar.h"
#include "window/sandbox_binding.h"
#include "window/session_binding.h"
#include "window/workspace.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;

using Kind = SandboxCommand::Kind;

class TestMarks : public QObject {
    Q_OBJECT

private:
    EnglishPlurals m_plurals;
    QTemporaryDir m_dir;
    std::unique_ptr<ViewSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;
    int m_copies = 0;

    [[nodiscard]] Workspace& views() const { return *m_window->workspace(); }
    [[nodiscard]] Sandbox& box() const { return m_window->sandbox()->sandbox(); }
    [[nodiscard]] QAction* action(const char* id) const {
        return m_window->actions().get(QLatin1String(id));
    }
    void settle();
    void run(Kind kind, const QByteArray& key = {}, const QByteArray& value = {});
    void commit(const QByteArray& key, const QByteArray& value);
    void generate(quint64 count);
    void undo(int commands);
    [[nodiscard]] QString copyOfFile();
    [[nodiscard]] ComparisonPtr compared();
    void matchesFullComparison(const QString& before, const QString& after);
    [[nodiscard]] QStringList keys() const;

private Q_SLOTS:
    void initTestCase() {
        QCoreApplication::installTranslator(&m_plurals);
        qputenv("TMPDIR", QFile::encodeName(m_dir.path())); // sandboxes of others are elsewhere
    }
    void init();
    void cleanup();
    void showsWhatDiffersAndReadsLittle();
    void marksOutliveUndoAndBranches();
    void pastMomentsAreMarked();
    void momentsInsideATransactionAreTold();
    void thirdMarkBeginsAnew();
    void lettersAct();
};

void TestMarks::init() {
    m_settings = std::make_unique<ViewSettings>(m_dir.filePath(QStringLiteral("settings.ini")));
    m_window = std::make_unique<MainWindow>(m_settings.get());
    m_window->setAsksBeforeLosing(false);
    m_window->resize(1280, 800);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QVERIFY(m_window->newDatabase(1024));
    QTRY_VERIFY_WITH_TIMEOUT(m_window->binding() != nullptr, 10000);
    generate(400);
}

void TestMarks::cleanup() {
    m_window.reset();
    m_settings.reset();
    QFile::remove(m_dir.filePath(QStringLiteral("settings.ini")));
    QCOMPARE(QDir(m_dir.path()).entryList({QStringLiteral("pagescape-sandbox-*")}), QStringList());
}

void TestMarks::settle() {
    QTRY_VERIFY_WITH_TIMEOUT(!box().isBusy(), 20000);
    QTRY_VERIFY_WITH_TIMEOUT(views().stagePlayer->atEnd(), 20000);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->binding() && !m_window->binding()->session().isScanning(),
                             20000);
}

void TestMarks::run(Kind kind, const QByteArray& key, const QByteArray& value) {
    SandboxCommand command;
    command.kind = kind;
    command.path = {"b"};
    command.key = key;
    command.value = value;
    m_window->sandbox()->run(command);
    settle();
}

void TestMarks::commit(const QByteArray& key, const QByteArray& value) {
    value.isEmpty() ? run(Kind::Delete, key) : run(Kind::Put, key, value);
    run(Kind::Commit);
}

void TestMarks::generate(quint64 count) {
    SandboxCommand command;
    command.kind = Kind::Generate;
    command.path = {"b"};
    command.generator.count = count;
    m_window->sandbox()->run(command);
    settle();
}

void TestMarks::undo(int commands) {
    for (int i = 0; i < commands; ++i) {
        m_window->sandbox()->undo();
        settle();
    }
}

QString TestMarks::copyOfFile() {
    const QString copy = m_dir.filePath(QStringLiteral("copy%1.db").arg(++m_copies));
    return copyForEditing(box().path(), copy) ? copy : QString();
}

ComparisonPtr TestMarks::compared() {
    const DifferencePanel& panel = *views().differences;
    static_cast<void>(QTest::qWaitFor([&] { return panel.comparison() != nullptr; }, 20000));
    return panel.comparison();
}

// Nothing is left out of what a comparison finds that knows nothing of the past.
void TestMarks::matchesFullComparison(const QString& before, const QString& after) {
    const auto old = PageFile::open(toPath(before));
    const auto now = PageFile::open(toPath(after));
    QVERIFY(old && now);
    std::vector<std::pair<DiffKind, QByteArray>> expected;
    const auto full =
        diffVersions(*currentSide(*old), *currentSide(*now), [&](const DiffItem& item) {
            expected.emplace_back(item.kind, toQByteArray(item.key));
            return true;
        });
    QVERIFY(full.has_value());
    const ComparisonPtr found = compared();
    QVERIFY(found && found->error.isEmpty());
    QVERIFY2(views().differences->summary().contains(QStringLiteral("needs no look")),
             qPrintable(views().differences->summary()));
    QCOMPARE(found->summary.keysAdded, full->keysAdded);
    QCOMPARE(found->summary.keysRemoved, full->keysRemoved);
    QCOMPARE(found->summary.keysChanged, full->keysChanged);
    QCOMPARE(found->summary.bucketsAdded, full->bucketsAdded);
    QCOMPARE(found->summary.pages.changed, full->pages.changed);
    QVERIFY(found->summary.subtreesShared > 0);
    QVERIFY2(found->summary.pagesRead * 2 < full->pagesRead,
             qPrintable(QString::number(found->summary.pagesRead)));
    QCOMPARE(keys().size(), qsizetype(expected.size()));
}

// "+x", "-y", "~z" in the order of the list.
QStringList TestMarks::keys() const {
    const DifferenceModel& model = views().differences->model();
    QStringList found;
    for (int group = 0; group < model.rowCount(); ++group) {
        const QModelIndex parent = model.index(group, 0);
        for (int row = 0; row < model.rowCount(parent); ++row) {
            const DifferenceEntry* entry = model.entry(model.index(row, 0, parent));
            const QChar sign = entry->kind == DiffKind::Added     ? u'+'
                               : entry->kind == DiffKind::Removed ? u'-'
                                                                  : u'~';
            found += sign + QString::fromLatin1(entry->key);
        }
    }
    return found;
}

void TestMarks::showsWhatDiffersAndReadsLittle() {
    const QString before = copyOfFile();
    action("mark")->trigger();
    commit("k0000007", "new value");
    commit("zz", "added");
    commit("k0000300", {});
    action("mark")->trigger();
    matchesFullComparison(before, copyOfFile());
    QCOMPARE(keys(), QStringList({QStringLiteral("~k0000007"), QStringLiteral("-k0000300"),
                                  QStringLiteral("+zz")}));
    QVERIFY(views().differences->summary().contains(QStringLiteral("mark A")));
    QVERIFY(views().differences->isVisible());
    QTRY_COMPARE(views().map->map()->lens(), Lens::Changes);
    QTRY_VERIFY(views().map->map()->isUpToDate() && views().map->map()->image() &&
                views().map->map()->image()->lens() == Lens::Changes);
    const LensImage& image = *views().map->map()->image();
    const PageDiff& pages = compared()->summary.pages;
    QCOMPARE(image.count(kOnlyAfterClass), pagesIn(pages.onlyAfter));
    QVERIFY(image.count(kSameClass) > 0);
}

void TestMarks::marksOutliveUndoAndBranches() {
    commit("only here", "1");
    const QString before = copyOfFile();
    action("mark")->trigger(); // A, on a branch that is left now
    QCOMPARE(views().sitting->flags().size(), std::size_t(1));
    undo(2);
    commit("other branch", "2");
    commit("k0000001", "2");
    QVERIFY(views().sitting->flags().empty());
    action("mark")->trigger();
    QCOMPARE(views().sitting->flags().size(), std::size_t(1));
    matchesFullComparison(before, copyOfFile());
    QCOMPARE(keys(), QStringList({QStringLiteral("~k0000001"), QStringLiteral("-only here"),
                                  QStringLiteral("+other branch")}));
}

void TestMarks::pastMomentsAreMarked() {
    const QString before = copyOfFile();
    const int event = box().log().size() - 1;
    commit("later", "1");
    commit("k0000002", "2");
    const QString after = copyOfFile();
    action("mark")->trigger(); // the newer one first
    views().stagePlayer->seek(event);
    action("mark")->trigger();
    matchesFullComparison(before, after);
    QCOMPARE(keys(), QStringList({QStringLiteral("~k0000002"), QStringLiteral("+later")}));
    QCOMPARE(compared()->before.name, QStringLiteral("mark B"));
    QCOMPARE(m_window->marks()->marks()[1].caveat, QString());
}

void TestMarks::momentsInsideATransactionAreTold() {
    action("mark")->trigger();
    run(Kind::Put, "not committed", "1");
    action("mark")->trigger();
    const ComparisonPtr found = compared();
    QVERIFY(found != nullptr);
    QVERIFY(found->summary.isEqual());
    const Mark& mark = m_window->marks()->marks()[1];
    QVERIFY2(mark.caveat.contains(QStringLiteral("in no file yet")), qPrintable(mark.caveat));
    QCOMPARE(mark.txid, m_window->marks()->marks()[0].txid);

    // Inside a generator, whose commits are one command.
    m_window->marks()->clear();
    run(Kind::Commit);
    const int first = box().log().size();
    generate(200);
    int inside = first;
    while (box().log().stateAt(inside).tx != StageTx::Open) {
        ++inside;
    }
    while (box().log().stateAt(inside).tx != StageTx::Committed) {
        ++inside;
    }
    views().stagePlayer->seek(inside);
    action("mark")->trigger();
    QVERIFY(m_window->marks()->marks()[0].caveat.contains(QStringLiteral("one by one")));
}

void TestMarks::thirdMarkBeginsAnew() {
    action("mark")->trigger();
    commit("a", "1");
    action("mark")->trigger();
    QVERIFY(compared() != nullptr);
    QCOMPARE(views().sitting->flags().size(), std::size_t(2));
    QVERIFY(views().sitting->summary().contains(QStringLiteral("Mark B")));
    action("mark")->trigger();
    QCOMPARE(m_window->marks()->marks().size(), std::size_t(1));
    action("clear-marks")->trigger();
    QVERIFY(views().sitting->flags().empty());
}

void TestMarks::lettersAct() {
    views().sitting->setFocus();
    QTest::keyClick(views().sitting, Qt::Key_D);
    QCOMPARE(m_window->marks()->marks().size(), std::size_t(1));
    m_settings->setSingleKeysEnabled(false);
    QTest::keyClick(views().sitting, Qt::Key_D);
    QCOMPARE(m_window->marks()->marks().size(), std::size_t(1));
    m_settings->setSingleKeysEnabled(true);
}

QTEST_MAIN(TestMarks)
#include "tst_marks.moc"
