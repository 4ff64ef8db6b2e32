// SPDX-License-Identifier: MIT
// diff, and stats --by-depth: what scripts and people read.
#include "cli_runner.h"

#include <QTemporaryDir>
#include <QTest>

using namespace pagescape::test;
using nlohmann::json;

class TestCliDiff : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString m_old;
    QString m_new;

    void change(const char* command) const {
        const CliRun run = runCli(withFile(command, m_new));
        QVERIFY2(run.status == 0, run.err.constData());
    }
    CliRun diff(const QStringList& more = {}) const {
        return runCli(QStringList{QStringLiteral("diff"), m_old, m_new} + more);
    }

private Q_SLOTS:
    // Two files: the second one went on from the first.
    void init() {
        static int number = 0;
        m_old = m_dir.filePath(QStringLiteral("old%1.db").arg(++number));
        m_new = m_dir.filePath(QStringLiteral("new%1.db").arg(number));
        change("create-bucket FILE fruit");
        change("put FILE fruit apple red");
        change("put FILE fruit pear green");
        change("create-bucket FILE fruit small");
        QVERIFY(QFile::copy(m_new, m_old));
    }

    void saysNothingDiffers();
    void printsOneLineADifference();
    void comparesWithTheVersionBefore();
    void writesJson();
    void namesDamage();
    void explainsUsageErrors();
    void saysThatThereIsNoVersionBefore();
    void statsByDepthPrintsATable();
    void statsByDepthAddsUpToStats();
    void statsByDepthNamesDamage();
};

void TestCliDiff::saysNothingDiffers() {
    const CliRun run = diff();
    QCOMPARE(run.status, 0);
    QVERIFY2(run.out.startsWith("keys     0 added, 0 removed, 0 changed\n"), run.out.constData());
    const json value = diff({QStringLiteral("--json")}).json();
    COMPARE_JSON(value.at("equal"), true);
    COMPARE_JSON(value.at("entries"), json::array());
}

void TestCliDiff::printsOneLineADifference() {
    change("put FILE fruit apple yellow");
    change("delete FILE fruit pear");
    change("create-bucket FILE trees");
    change("put FILE trees oak tall");
    change("delete-bucket FILE fruit small");
    const CliRun run = diff();
    QCOMPARE(run.status, 1);
    const QList<QByteArray> lines = run.out.split('\n');
    QCOMPARE(lines.mid(0, 7),
             (QList<QByteArray>{"~ fruit/apple", "- fruit/pear", "- fruit/small/", "+ trees/",
                                "+ trees/oak", "keys     1 added, 1 removed, 1 changed",
                                "buckets  1 added, 1 removed, 0 with another sequence"}));
    QVERIFY2(lines.at(7).startsWith("pages    "), run.out.constData());
    QVERIFY2(run.err.isEmpty(), run.err.constData());
    const CliRun hex = diff({QStringLiteral("--format"), QStringLiteral("hex")});
    QVERIFY2(hex.out.startsWith("~ fruit/6170706c65\n"), hex.out.constData());
}

void TestCliDiff::comparesWithTheVersionBefore() {
    change("put FILE fruit plum blue");
    change("put FILE fruit apple yellow");
    const CliRun run = runCli({QStringLiteral("diff"), m_new, QStringLiteral("--previous")});
    QCOMPARE(run.status, 1);
    QVERIFY2(run.out.startsWith("~ fruit/apple\nkeys     0 added, 0 removed, 1 changed\n"),
             run.out.constData());
    QVERIFY2(run.out.contains("read, all others are shared"), run.out.constData());
}

void TestCliDiff::writesJson() {
    change("put FILE fruit apple yellow");
    change("put FILE fruit plum blue");
    const CliRun run = diff({QStringLiteral("--json")});
    QCOMPARE(run.status, 1);
    const json value = run.json();
    COMPARE_JSON(value.at("entries"),
                 json::parse(R"([{"kind": "changed", "bucket": ["fruit"], "key": "apple",
        "key_hex": "6170706c65", "is_bucket": false, "before_size": 3, "after_size": 6,
        "sequence_before": null, "sequence_after": null},
       {"kind": "added", "bucket": ["fruit"], "key": "plum", "key_hex": "706c756d",
        "is_bucket": false, "before_size": null, "after_size": 4, "sequence_before": null,
        "sequence_after": null}])"));
    COMPARE_JSON(value.at("equal"), false);
    COMPARE_JSON(value.at("keys"), (json{{"added", 1}, {"removed", 0}, {"changed", 1}}));
    COMPARE_JSON(value.at("buckets"),
                 (json{{"added", 0}, {"removed", 0}, {"sequence_changed", 0}}));
    COMPARE_JSON(value.at("root_sequence_changed"), false);
    COMPARE_JSON(value.at("parts_skipped"), 0);
    for (const char* name : {"only_before", "only_after", "changed", "same"}) {
        for (const json& span : value.at("pages").at(name)) {
            QCOMPARE(span.size(), 2U);
        }
    }
    QVERIFY(!value.at("pages").at("only_after").empty() ||
            !value.at("pages").at("changed").empty()); // a free page may have been taken again
}

void TestCliDiff::namesDamage() {
    const QString damaged = sample("damaged/branch-cycle-self.db");
    const CliRun run = runCli({QStringLiteral("diff"), damaged, damaged});
    QCOMPARE(run.status, 1);
    QVERIFY2(run.err.contains("page 18"), run.err.constData());
    QVERIFY2(run.out.startsWith("keys     0 added, 0 removed, 0 changed\n"), run.out.constData());
}

void TestCliDiff::explainsUsageErrors() {
    const CliRun alone = runCli({QStringLiteral("diff"), m_new});
    QCOMPARE(alone.status, 2);
    QVERIFY2(alone.err.contains("--previous"), alone.err.constData());
    QCOMPARE(diff({QStringLiteral("--previous")}).status, 2);
    QCOMPARE(runCli(withFile("stats FILE fruit --by-depth", m_new)).status, 2);
    QCOMPARE(runCli({QStringLiteral("diff"), m_new, m_new + QStringLiteral(".none")}).status, 3);
}

void TestCliDiff::saysThatThereIsNoVersionBefore() {
    QFile file(m_new);
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(32));
    QCOMPARE(file.write("\x55", 1), 1); // root of the meta on page 0
    file.close();
    const CliRun run = runCli({QStringLiteral("diff"), m_new, QStringLiteral("--previous")});
    QCOMPARE(run.status, 3);
    QVERIFY2(run.err.contains("no version before"), run.err.constData());
}

void TestCliDiff::statsByDepthPrintsATable() {
    const CliRun run = runCli(withFile("stats FILE --by-depth", sample("library.db")));
    QCOMPARE(run.status, 0);
    const QList<QByteArray> lines = run.out.split('\n');
    QVERIFY2(lines.at(0).startsWith("DEPTH  KIND"), run.out.constData());
    QCOMPARE(lines.at(1).size(), lines.at(0).size());
    QCOMPARE(lines.at(2), QByteArray("(root bucket)"));
    QVERIFY2(run.out.contains("\nbooks\n    0  branch"), run.out.constData());
    QVERIFY2(run.out.contains("  a Get reads 3.0 pages, "), run.out.constData());
}

void TestCliDiff::statsByDepthAddsUpToStats() {
    for (const char* name : {"library.db", "etcd.db", "podman.db", "containerd.db"}) {
        const json value = runCli(withFile("stats FILE --by-depth --json", sample(name))).json();
        const json digest = runCli(withFile("digest FILE --json", sample(name))).json();
        std::uint64_t keys = 0;
        std::uint64_t buckets = 0;
        json sum{{"leaf_pages", 0}, {"branch_pages", 0}, {"wasted", 0}};
        for (const json& tree : value.at("trees")) {
            keys += tree.at("get").at("keys").get<std::uint64_t>() +
                    tree.at("inline_keys").get<std::uint64_t>();
            buckets += tree.at("buckets").get<std::uint64_t>();
            for (const json& depth : tree.at("depths")) {
                for (auto& [field, total] : sum.items()) {
                    total = total.get<std::uint64_t>() + depth.at(field).get<std::uint64_t>();
                }
                QCOMPARE(depth.at("fill_histogram").size(), 10U);
            }
        }
        QCOMPARE(keys, digest.at("pairs").get<std::uint64_t>() +
                           digest.at("buckets").get<std::uint64_t>());
        QCOMPARE(buckets, digest.at("buckets").get<std::uint64_t>());
        for (const auto& [field, total] : sum.items()) {
            std::uint64_t all = 0;
            for (const json& depth : value.at("depths")) {
                all += depth.at(field).get<std::uint64_t>();
            }
            QCOMPARE(total.get<std::uint64_t>(), all);
        }
        COMPARE_JSON(value.at("parts_skipped"), 0);
    }
}

void TestCliDiff::statsByDepthNamesDamage() {
    const CliRun run =
        runCli(withFile("stats FILE --by-depth --json", sample("damaged/branch-cycle-self.db")));
    QCOMPARE(run.status, 1);
    QVERIFY2(run.err.contains("page 18"), run.err.constData());
    COMPARE_JSON(run.json().at("parts_skipped"), 1);
}

QTEST_GUILESS_MAIN(TestCliDiff)
#include "tst_cli_diff.moc"
