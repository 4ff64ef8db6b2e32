// SPDX-License-Identifier: MIT
// Questions about a commit: the right answer is the engine's, whatever is put, deleted and read;
// and the card asks, judges and shows it.
#include "stage/commit_question.h"
#include "stage/stage_player.h"
#include "support/sandbox_play.h"
#include "views/commit_view.h"
#include "views/predict_commit.h"
#include "views/stage_view.h"

#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

using Command = SandboxCommand::Kind;
using Kind = CommitQuestion::Kind;
using Idea = CommitOption::Idea;

namespace {

const CommitQuestion* find(const std::vector<CommitQuestion>& questions, Kind kind) {
    const auto at = std::ranges::find(questions, kind, &CommitQuestion::kind);
    return at == questions.end() ? nullptr : &*at;
}

// What a file holds after a commit, found by looking at every page of two copies of it.
std::uint64_t pagesThatDiffer(const QByteArray& before, const QByteArray& after, int pageSize) {
    std::uint64_t differ = 0;
    for (qsizetype at = 0; at < after.size(); at += pageSize) {
        // What a longer file got is zeros until it is written to.
        const QByteArray old = before.mid(at, pageSize).leftJustified(pageSize, '\0');
        differ += old != after.mid(at, pageSize) ? 1U : 0U;
    }
    return differ;
}

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestPredictCommit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answersAreTheEngines();
    void questionsFollowTheCommit();
    void nothingIsAskedElsewhere();
    void optionsAreDifferentAndHoldTheAnswer();
    void cardJudgesAndShows();
    void cardWaitsForTheCommit();
    void ruleOfThumbIsRight();
    void asksByItselfOnlyWhenTold();

private:
    [[nodiscard]] QString path() { return m_dir.filePath(QString::number(++m_files)); }
    static void commitKeys(Play& play, int first, int count, int size = 60) {
        for (int i = first; i < first + count; ++i) {
            play.put("key" + QByteArray::number(1000 + i), QByteArray(size, 'v'));
        }
        play.run(Command::Commit);
    }
    QTemporaryDir m_dir;
    int m_files = 0;
};

// An overwritten value splits nothing: the rule of thumb is right, and offered before the commit.
void TestPredictCommit::ruleOfThumbIsRight() {
    Play play(path());
    commitKeys(play, 0, 60);
    for (const QByteArray& key : {QByteArray("key1010"), QByteArray("key1050")}) {
        QVERIFY(play.put(key, QByteArray(60, 'w')));
        const int asked = play.log.size() - 1;
        const auto open = commitQuestions(play.log, asked);
        const CommitQuestion* question = find(open, Kind::PageCount);
        QVERIFY(question);
        const std::vector<CommitOption> options = commitOptions(*question);
        const auto rule =
            std::ranges::find(options, CommitOption::Idea::NodesPlus, &CommitOption::idea);
        QVERIFY(rule != options.end());
        const std::uint64_t said = rule->value;
        QVERIFY(play.run(Command::Commit));
        const auto known = commitQuestions(play.log, asked);
        QCOMPARE(find(known, Kind::PageCount)->answer.value_or(0), said);
    }
}

void TestPredictCommit::answersAreTheEngines() {
    std::mt19937_64 random(11);
    Play play(path());
    int judged = 0;
    int leaves = 0;
    commitKeys(play, 0, 60);
    for (int round = 0; round < 40; ++round) {
        const int commands = int(random() % 8) + 1;
        for (int i = 0; i < commands; ++i) {
            const QByteArray key = "key" + QByteArray::number(int(1000 + random() % 90));
            if (random() % 4 == 0) {
                play.run(command(Command::Delete, "b", key));
            } else {
                play.put(key, QByteArray(int(random() % (random() % 9 == 0 ? 3000 : 120)), 'v'));
            }
        }
        const int asked = play.log.size() - 1;
        const auto open = commitQuestions(play.log, asked);
        if (open.empty()) {
            QVERIFY(play.log.newest().nodes.empty()); // only keys that were not there were deleted
            play.run(Command::Commit);
            continue;
        }
        for (const CommitQuestion& question : open) {
            QVERIFY(!question.answer); // nobody can know yet
        }
        const QByteArray before = contentOf(QString::fromStdString(play.engine->path().string()));
        QVERIFY(play.run(Command::Commit));
        const QByteArray after = contentOf(QString::fromStdString(play.engine->path().string()));
        const int meta = int(play.log.newest().txid.value % 2);
        const auto known = commitQuestions(play.log, asked);
        const CommitQuestion* pages = find(known, Kind::PageCount);
        QVERIFY(pages && pages->answer);
        // Pages that hold the same bytes as before were written all the same, so the file tells the
        // least that it can be; the events of writes tell exactly.
        QVERIFY(pagesThatDiffer(before, after, 1024) <= *pages->answer);
        std::uint64_t written = 0;
        PageId leaf;
        for (int i = asked + 1; i < play.log.size(); ++i) {
            const auto* write = std::get_if<WriteTraceEvent>(&play.log.event(i));
            if (write == nullptr) {
                continue;
            }
            if (const auto* bytes = std::get_if<WriteEvent>(write)) {
                written += bytes->bytes.size() / 1024;
            } else if (const auto* made = std::get_if<PageMadeEvent>(write);
                       made != nullptr && made->flags == 0x02 && leaf.value == 0) {
                leaf = made->page;
            }
        }
        QCOMPARE(*pages->answer, written);
        QCOMPARE(pages->madeLeaves + pages->madeBranches + pages->madeOverflow +
                     pages->madeFreelist + 1,
                 written);
        const CommitQuestion* which = find(known, Kind::Meta);
        QVERIFY(which && which->answer);
        QCOMPARE(*which->answer, std::uint64_t(meta));
        QVERIFY(before.mid(meta * 1024, 1024) != after.mid(meta * 1024, 1024));
        QCOMPARE(before.mid((1 - meta) * 1024, 1024), after.mid((1 - meta) * 1024, 1024));
        if (const CommitQuestion* where = find(known, Kind::NewLeaf)) {
            QCOMPARE(*where->answer, leaf.value);
            const auto* taken = std::get_if<AllocateEvent>(
                &std::get<WriteTraceEvent>(play.log.event(where->revealAt)));
            QVERIFY(taken != nullptr && taken->first == leaf);
            QCOMPARE(where->isFromFreeRun, !taken->isNew);
            ++leaves;
        }
        for (const CommitQuestion& question : open) {
            QCOMPARE(answered(play.log, question).answer, find(known, question.kind)->answer);
        }
        ++judged;
    }
    QVERIFY(judged > 25);
    QVERIFY(leaves > 20);
}

void TestPredictCommit::questionsFollowTheCommit() {
    Play play(path());
    commitKeys(play, 0, 40);
    const int begin = play.log.size();
    play.put("key1020x", "new");
    play.run(Command::Commit);
    std::vector<Kind> last{Kind::PageCount, Kind::NewLeaf, Kind::Meta};
    bool hadAny = false;
    std::size_t due = 0;
    for (int event = begin; event < play.log.size(); ++event) {
        const auto questions = commitQuestions(play.log, event);
        for (const CommitQuestion& question : questions) {
            QVERIFY(question.revealAt > event); // never what is on show already
            QCOMPARE(question.askedAt, event);
        }
        if (!questions.empty()) {
            hadAny = true;
            QVERIFY(questions.size() <= last.size());
            last.resize(questions.size());
        } else if (hadAny) {
            const StageState state = play.log.stateAt(event);
            QVERIFY(state.metas[state.txid.value % 2].mark != StageMark::None ||
                    state.metaWritten || state.tx == StageTx::Committed);
        }
        due += dueCommitQuestion(play.log, event) ? 1U : 0U;
    }
    QVERIFY(hadAny);
    QCOMPARE(due, std::size_t(3)); // one of each kind
}

void TestPredictCommit::nothingIsAskedElsewhere() {
    Play play(path());
    QVERIFY(commitQuestions(play.log, -1).empty());
    commitKeys(play, 0, 3);
    QVERIFY(commitQuestions(play.log, play.log.size() - 1).empty());
    play.put("x", "1");
    const int inside = play.log.size() - 1;
    QCOMPARE(commitQuestions(play.log, inside).size(), std::size_t(3));
    play.run(Command::Rollback);
    QVERIFY(commitQuestions(play.log, inside).empty()); // nobody will ever know
}

void TestPredictCommit::optionsAreDifferentAndHoldTheAnswer() {
    Play play(path());
    commitKeys(play, 0, 200);
    play.put("key1020x", "new");
    play.put("key1150x", "new");
    const int asked = play.log.size() - 1;
    for (const bool isKnown : {false, true}) {
        if (isKnown) {
            play.run(Command::Commit);
        }
        for (const CommitQuestion& question : commitQuestions(play.log, asked)) {
            const auto options = commitOptions(question);
            QVERIFY(options.size() >= 2 && options.size() <= 5);
            for (std::size_t i = 1; i < options.size(); ++i) {
                QVERIFY(options[i - 1].value < options[i].value);
            }
            if (isKnown) {
                const auto right = std::ranges::count_if(options, [&](const CommitOption& option) {
                    return option.value == *question.answer;
                });
                QCOMPARE(right, 1);
                QVERIFY(!commitReason(question).isEmpty());
            }
            for (const CommitOption& option : options) {
                QVERIFY(option.idea == Idea::Rule || !commitIdeaText(option.idea).isEmpty());
            }
        }
    }
}

void TestPredictCommit::cardJudgesAndShows() {
    Play play(path());
    commitKeys(play, 0, 60);
    const int begin = play.log.size();
    play.put("key1020x", "new");
    const int asked = play.log.size() - 1;
    play.run(Command::Commit);
    StagePlayer player;
    player.setLog(&play.log);
    CommitView view(new StageView, &player);
    view.resize(900, 500);
    view.show();
    QVERIFY(!view.ask()); // all is over
    player.seek(asked);
    QVERIFY(view.ask());
    PredictCommit* card = view.card();
    QCOMPARE(card->question().kind, Kind::PageCount);
    QVERIFY(card->questionText().contains(QStringLiteral("How many pages")));
    const std::uint64_t right = *card->question().answer;
    const int revealAt = card->question().revealAt;
    // A wrong one by a click: the first that is.
    std::size_t wrong = 0;
    while (card->options()[wrong].value == right) {
        ++wrong;
    }
    QTest::mouseClick(card->buttons()[wrong], Qt::LeftButton);
    QVERIFY2(card->feedbackText().startsWith(QString::number(right)),
             qPrintable(card->feedbackText()));
    QVERIFY(card->feedbackText().contains(QStringLiteral("You said")));
    QVERIFY(player.position() >= begin && player.position() <= revealAt);
    QVERIFY(player.position() > asked); // the next step is the feedback
    // Another question about the same moment, and the right answer as a typed number.
    player.seek(asked);
    QVERIFY(view.ask());
    QVERIFY(view.ask());
    while (card->question().kind != Kind::Meta) {
        QVERIFY(view.ask());
    }
    card->entry()->setText(QString::number(play.log.newest().txid.value % 2));
    QTest::keyClick(card->entry(), Qt::Key_Return);
    QVERIFY(card->feedbackText().contains(QStringLiteral("As you said")));
    QVERIFY(card->feedbackText().contains(QStringLiteral("modulo 2")));
    card->entry()->setText(QStringLiteral("some"));
    QTest::keyClick(card->entry(), Qt::Key_Return);
    QVERIFY(card->feedbackText().contains(QStringLiteral("is a number")));
    QTest::keyClick(card->entry(), Qt::Key_Escape);
    QVERIFY(!view.isAsking());
}

void TestPredictCommit::cardWaitsForTheCommit() {
    Play play(path());
    commitKeys(play, 0, 60);
    play.put("key1020x", "new");
    StagePlayer player;
    player.setLog(&play.log);
    CommitView view(new StageView, &player);
    view.show();
    QVERIFY(view.ask());
    view.card()->answer(3);
    QVERIFY(view.card()->isWaiting());
    QVERIFY(view.card()->feedbackText().contains(QStringLiteral("Commit now")));
    play.run(Command::Commit);
    player.logChanged();
    QVERIFY(!view.card()->isWaiting());
    QVERIFY2(
        view.card()->feedbackText().startsWith(QString::number(*view.card()->question().answer)),
        qPrintable(view.card()->feedbackText()));
}

void TestPredictCommit::asksByItselfOnlyWhenTold() {
    Play play(path());
    commitKeys(play, 0, 60);
    const int begin = play.log.size();
    play.put("key1020x", "new");
    play.run(Command::Commit);
    StagePlayer player;
    player.setLog(&play.log);
    CommitView view(new StageView, &player);
    view.show();
    QSignalSpy asked(&view, &CommitView::asked);
    const auto stepThrough = [&] {
        player.setLevelIndex(int(StageLevel::Page));
        player.seek(begin - 1);
        while (!player.atEnd()) {
            const int before = player.position();
            player.forward();
            QVERIFY(player.position() > before);
        }
    };
    stepThrough();
    QCOMPARE(asked.count(), 0);
    view.setAsksAlways(true);
    stepThrough();
    QVERIFY2(asked.count() >= 2 && asked.count() <= 3, qPrintable(QString::number(asked.count())));
}

QTEST_MAIN(TestPredictCommit)
#include "tst_predict_commit.moc"
