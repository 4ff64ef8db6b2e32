// SPDX-License-Identifier: MIT
// A file that is cut while it is read or copied: nothing false is printed, and no copy is kept. The
// cut comes at a chosen moment, from inside the work or while it waits for its reader.
#include "change_file.h"
#include "cli_runner.h"
#include "interrupt.h"
#include "line_reader.h"
#include "pagescape/check.h"
#include "steady.h"
#include "support/file_builder.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <iostream>
#include <sstream>

using namespace pagescape;
using namespace pagescape::cli;
using namespace pagescape::test;

namespace {

/// What is complained while one lives.
class Complaints {
public:
    Complaints() : m_before(std::cerr.rdbuf(m_text.rdbuf())) {}
    ~Complaints() { std::cerr.rdbuf(m_before); }
    Complaints(const Complaints&) = delete;
    Complaints& operator=(const Complaints&) = delete;

    [[nodiscard]] QByteArray text() const { return QByteArray::fromStdString(m_text.str()); }

private:
    std::ostringstream m_text;
    std::streambuf* m_before;
};

} // namespace

class TestCliCut : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString m_file;

    [[nodiscard]] bool cut() const { return QFile::resize(m_file, 4096); }

private Q_SLOTS:
    void init() {
        m_file = m_dir.filePath(QStringLiteral("file.db"));
        QVERIFY(QFile::copy(sample("library.db"), m_file));
        QVERIFY(QFile::setPermissions(m_file, QFile::ReadOwner | QFile::WriteOwner));
    }
    void cleanup() {
        QVERIFY(QFile::remove(m_file));
        QCOMPARE(QDir(m_dir.path()).entryList(QDir::Files), QStringList());
    }

    void copyOfACutFileIsNotKept();
    void onlyWhatIsPrintedIsSaidToMix_data();
    void onlyWhatIsPrintedIsSaidToMix();
    void oneReadingTakesItsOutputBack();
    void pagesStopAtTheCut();
    void longLineIsNotKept();
};

// The cut comes behind the first piece of 1 MiB.
void TestCliCut::copyOfACutFileIsNotKept() {
    constexpr qint64 kWhole = 3 << 20;
    QVERIFY(QFile::resize(m_file, kWhole));
    const std::string source = m_file.toStdString();
    const std::string target = m_dir.filePath(QStringLiteral("copy.db")).toStdString();
    const Complaints complaints;
    int status = 0;
    {
        const auto part = PartFile::start(target);
        QVERIFY(part);
        const auto cutting = [&] { return !cut(); }; // asked after each piece whether to stop
        QVERIFY(!copyFile({source, target}, part->path(), cutting, status));
        QVERIFY(QFile::exists(QString::fromStdString(part->path())));
    }
    QCOMPARE(status, kCannotOpen);
    const QByteArray said = complaints.text();
    QVERIFY2(said.startsWith("pagescape-cli: " + m_file.toUtf8() +
                             ": the file became shorter while it was copied, from 3145728 to "),
             said.constData());
    QVERIFY2(said.contains("no copy was made"), said.constData());
}

void TestCliCut::onlyWhatIsPrintedIsSaidToMix_data() {
    QTest::addColumn<bool>("isList");
    QTest::addColumn<bool>("hasFindings");
    QTest::addColumn<bool>("isShown");
    QTest::newRow("findings of a check") << false << true << false;
    QTest::newRow("a list") << true << true << true;
    QTest::newRow("a list without a line") << true << false << false;
}

void TestCliCut::onlyWhatIsPrintedIsSaidToMix() {
    QFETCH(bool, isList);
    QFETCH(bool, hasFindings);
    QFETCH(bool, isShown);
    QFile printed(m_dir.filePath(QStringLiteral("printed")));
    QVERIFY(printed.open(QIODevice::ReadWrite));
    Output out(printed.handle());
    CommonArguments arguments;
    arguments.file = m_file.toStdString();
    int tries = 0;
    Reading reading;
    reading.showsMixed = isList;
    reading.read = [&](const Session& session) {
        ++tries;
        std::uint64_t findings = 0;
        const bool isCut = cut(); // whatever is found now is of no file that ever was
        const auto summary = check(session.file(), {}, [&](const Finding& finding) {
            ++findings;
            session.note(finding.text);
            if (hasFindings) {
                out << finding.text << '\n';
            }
        });
        return isCut && summary && findings > 0 ? kFindings : kFine;
    };
    const Complaints complaints;
    QCOMPARE(readSteadily(arguments, out, reading), kCannotOpen);
    QCOMPARE(out.flush(), 0);
    QCOMPARE(tries, 1);
    QCOMPARE(printed.size() > 0, isShown);
    const QByteArray said = complaints.text();
    QVERIFY2(said.contains("the file became shorter while it was read"), said.constData());
    QCOMPARE(said.contains("what is printed may mix versions"), isShown);
    QCOMPARE(said.contains("no version was read whole"), !isShown);
    QCOMPARE(said.count('\n'), 2); // and not a word of the false findings
    QVERIFY(printed.remove());
}

void TestCliCut::oneReadingTakesItsOutputBack() {
    QFile printed(m_dir.filePath(QStringLiteral("printed")));
    QVERIFY(printed.open(QIODevice::ReadWrite));
    Output out(printed.handle());
    CommonArguments arguments;
    arguments.file = m_file.toStdString();
    const auto session = Session::open(arguments);
    QVERIFY(session);
    const Complaints complaints;
    HeldMessages messages;
    out.hold();
    out << "a difference\n";
    QVERIFY(!saysChange(*session, out, messages));
    QVERIFY(cut());
    QVERIFY(saysChange(*session, out, messages));
    QCOMPARE(out.flush(), 0);
    QCOMPARE(printed.size(), 0);
    QVERIFY2(complaints.text().contains("no version was read whole"), complaints.text());
    QVERIFY(printed.remove());
}

// The pages are more than a pipe takes: the program waits for its reader when the file is cut.
void TestCliCut::pagesStopAtTheCut() {
    QVERIFY(QFile::remove(m_file));
    constexpr std::uint64_t kPages = 4000;
    FileBuilder builder(1024, kPages);
    builder.meta(2, 3, 2, kPages);
    builder.meta(1, 3, 2, kPages);
    builder.freelist(2, {});
    for (std::uint64_t page = 3; page < kPages; ++page) { // in no list, but pages all the same
        builder.leaf(page, {{"key", std::string(200, 'v'), 0}});
    }
    builder.write(m_file.toStdString());
    QProcess process;
    process.start(cliPath(), withFile("page FILE --all", m_file));
    QVERIFY(process.waitForReadyRead());
    QVERIFY(QFile::resize(m_file, 1024 * 4));
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 3);
    const QByteArray said = process.readAllStandardError();
    QVERIFY2(said.contains("the file became shorter while it was read, from 4096000 to 4096"),
             said);
    QVERIFY2(said.contains("what is printed may mix versions"), said);
    QCOMPARE(said.count('\n'), 2);
}

void TestCliCut::longLineIsNotKept() {
    const std::string path = m_dir.filePath(QStringLiteral("lines")).toStdString();
    QFile lines(QString::fromStdString(path));
    QVERIFY(lines.open(QIODevice::WriteOnly));
    lines.write("0123456789\n" + QByteArray(200000, 'x'));
    lines.close();
    const InterruptGuard guard;
    auto reader = LineReader::open(path, 10);
    QVERIFY(reader);
    const auto first = reader->next();
    QVERIFY(first && *first != nullptr);
    QCOMPARE(**first, std::string("0123456789"));
    const auto second = reader->next();
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::LimitReached);
    QCOMPARE(second.error().text,
             std::string("the line is too long: expected at most 10 bytes, found more"));
    QVERIFY(lines.remove());
}

QTEST_GUILESS_MAIN(TestCliCut)
#include "tst_cli_cut.moc"
