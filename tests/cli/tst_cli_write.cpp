// SPDX-License-Identifier: MIT
// The commands that change a file, and what they answer.
#include "cli_runner.h"
#include "support/bolt_peer.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>

using namespace pagescape::test;

class TestCliWrite : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString m_file;

    CliRun run(const char* arguments) const { return runCli(withFile(arguments, m_file)); }

private Q_SLOTS:
    void init() {
        m_file = m_dir.filePath(QStringLiteral("w.db"));
        QFile::remove(m_file);
        QCOMPARE(run("create-bucket FILE a").status, 0);
        QCOMPARE(run("create-bucket FILE a b").status, 0);
        QCOMPARE(run("put FILE a k v").status, 0);
    }
    void cleanup() {
        QCOMPARE(run("check FILE").status, 0);
        if (BoltPeer::isThere()) {
            BoltPeer peer;
            QVERIFY2(peer.run("check " + m_file.toUtf8()), peer.answer());
        }
    }

    void valuesArriveAndGo() {
        QCOMPARE(run("get FILE a k").out, QByteArray("v\n"));
        QCOMPARE(run("put FILE a b 00ff 01 --parse-format hex --value-format hex").status, 0);
        QCOMPARE(run("get FILE a b 00ff --parse-format hex --format hex").out.trimmed(),
                 QByteArray("01"));
        QCOMPARE(run("delete FILE a k").status, 0);
        QCOMPARE(run("get FILE a k").status, 1);
    }

    void refusalsChangeNothing() {
        const QByteArray before = run("digest FILE").out;
        QCOMPARE(run("delete FILE a nokey").status, 1);
        QCOMPARE(run("put FILE a b plain").status, 1);
        QCOMPARE(run("put FILE nobucket k v").status, 1);
        QCOMPARE(run("create-bucket FILE a").status, 1);
        QCOMPARE(run("delete-bucket FILE k").status, 1);
        QCOMPARE(run("put FILE a").status, 2);
        QCOMPARE(run("digest FILE").out, before);
        QCOMPARE(runCli({QStringLiteral("put"), m_dir.filePath(QStringLiteral("no.db")),
                         QStringLiteral("a"), QStringLiteral("k"), QStringLiteral("v")})
                     .status,
                 3);
    }

    void compactAndShrinkKeepTheContents() {
        const QString large(100000, QLatin1Char('x'));
        QStringList put = withFile("put FILE a big", m_file);
        put.append(large);
        QCOMPARE(runCli(put).status, 0);
        QCOMPARE(run("delete FILE a big").status, 0);
        const QByteArray content = run("digest FILE").out;
        const QString copy = m_dir.filePath(QStringLiteral("copy.db"));
        QFile::remove(copy);
        QStringList compact = withFile("compact FILE -o", m_file);
        compact.append(copy);
        QCOMPARE(runCli(compact).status, 0);
        QCOMPARE(runCli(withFile("digest FILE", copy)).out, content);
        QCOMPARE(runCli(withFile("check FILE", copy)).status, 0);
        QVERIFY(QFileInfo(copy).size() < QFileInfo(m_file).size());
        QCOMPARE(runCli(compact).status, 2); // it is there already
        const qint64 before = QFileInfo(m_file).size();
        QCOMPARE(run("shrink FILE").status, 0);
        QVERIFY(QFileInfo(m_file).size() < before);
        QCOMPARE(run("digest FILE").out, content);
    }

    // A commit would write over the page that is in use and listed as free.
    void shrinkRefusesAFreelistThatNamesPagesInUse() {
        const auto info = run("info FILE --json").json();
        QFile file(m_file);
        QVERIFY(file.open(QIODevice::ReadWrite));
        const auto list = info["freelist"].get<qint64>() * info["page_size"].get<qint64>();
        const std::array<char, 2> count{1, 0};
        const std::array<char, 8> id{static_cast<char>(info["root"].get<int>())};
        QVERIFY(file.seek(list + 10) && file.write(count.data(), 2) == 2);
        QVERIFY(file.seek(list + 16) && file.write(id.data(), 8) == 8);
        file.close();
        QVERIFY(run("check FILE").out.contains("reachable-free"));
        const QByteArray before = contents(m_file);
        for (const char* command : {"shrink FILE", "shrink FILE --compact"}) {
            const CliRun refused = run(command);
            QCOMPARE(refused.status, 1);
            QVERIFY2(refused.err.contains("damage"), refused.err.constData());
        }
        QCOMPARE(contents(m_file), before);
        init(); // cleanup() looks at a sound file
    }

    // The hole lies before what stays: only moving that lets the file become shorter.
    void shrinkCompactFillsHoles() {
        for (const char* bucket : {"hole", "stays"}) {
            QCOMPARE(runCli(withFile("create-bucket FILE", m_file) << bucket).status, 0);
            QStringList put = withFile("put FILE", m_file) << bucket << QStringLiteral("k");
            QCOMPARE(runCli(put << QString(100000, QLatin1Char('x'))).status, 0);
        }
        QCOMPARE(run("delete-bucket FILE hole").status, 0);
        const QByteArray content = run("digest FILE").out;
        QCOMPARE(run("shrink FILE").status, 0);
        const qint64 shrunk = QFileInfo(m_file).size();
        QCOMPARE(run("shrink FILE --compact").status, 0);
        QVERIFY(QFileInfo(m_file).size() + 80000 < shrunk);
        QCOMPARE(run("digest FILE").out, content);
        QCOMPARE(run("check FILE").status, 0);
    }
};

QTEST_GUILESS_MAIN(TestCliWrite)
#include "tst_cli_write.moc"
