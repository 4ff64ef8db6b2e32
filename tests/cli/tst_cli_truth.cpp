// SPDX-License-Identifier: MIT
// The command line on every shared database, healthy and damaged, against what bbolt says about it.
#include "cli_runner.h"
#include "support/truth.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace pagescape::test;
using nlohmann::json;

namespace {

using Issue = std::pair<std::string, std::optional<std::uint64_t>>;

/// Kinds that bbolt has no word for: it prints the flags of page 5 of this file.
const std::map<std::string, std::map<std::uint64_t, std::string>>& otherKinds() {
    static const std::map<std::string, std::map<std::uint64_t, std::string>> kinds = {
        {"bad-page-flags-unknown.db", {{5, "problem"}}},
    };
    return kinds;
}

std::vector<Issue> issuesOf(const json& check) {
    std::vector<Issue> issues;
    for (const json& finding : check.at("findings")) {
        const json& page = finding.at("page");
        issues.emplace_back(finding.at("code").get<std::string>(),
                            page.is_null() ? std::nullopt
                                           : std::optional(page.get<std::uint64_t>()));
    }
    std::sort(issues.begin(), issues.end());
    return issues;
}

QString describe(const std::vector<Issue>& issues) {
    QString text;
    for (const auto& [code, page] : issues) {
        text += QString::fromStdString(code) +
                (page ? QStringLiteral(" %1, ").arg(*page) : QStringLiteral(", "));
    }
    return text;
}

} // namespace

class TestCliTruth : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void infoAgrees_data() { addFiles(); }
    void infoAgrees();
    void pagesAgree_data() { addFiles(); }
    void pagesAgree();
    void digestAgrees_data() { addFiles(); }
    void digestAgrees();
    void checkAgrees_data() { addFiles(); }
    void checkAgrees();
    void statsAgree_data() { addFiles(); }
    void statsAgree();
    void getsAgree_data() { addFiles(); }
    void getsAgree();
    void leavesEveryFileAlone();

private:
    static void addFiles();
    Truth truth() const;
    static CliRun run(const Truth& truth, const QString& command, const QStringList& more = {});

    QTemporaryDir m_scratch;
    std::map<std::string, std::pair<QByteArray, QDateTime>> m_before;
};

void TestCliTruth::initTestCase() {
    if (truthNames().empty()) {
        QSKIP("the shared test databases are not here");
    }
    for (const std::string& name : truthNames()) {
        const auto truth = loadTruth(name, m_scratch.path().toStdString());
        QVERIFY2(truth, name.c_str());
        QFile file(QString::fromStdString(truth->database.string()));
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_before[name] = {file.readAll(), QFileInfo(file).lastModified()};
    }
}

void TestCliTruth::addFiles() {
    QTest::addColumn<std::string>("name");
    for (const std::string& name : truthNames()) {
        QTest::newRow(name.c_str()) << name;
    }
}

Truth TestCliTruth::truth() const {
    QFETCH(std::string, name);
    return *loadTruth(name, m_scratch.path().toStdString());
}

CliRun TestCliTruth::run(const Truth& truth, const QString& command, const QStringList& more) {
    QStringList arguments{command, QString::fromStdString(truth.database.string()),
                          QStringLiteral("--json")};
    if (truth.pageSizeHint() != 0) {
        arguments << QStringLiteral("--page-size") << QString::number(truth.pageSizeHint());
    }
    return runCli(arguments + more);
}

void TestCliTruth::infoAgrees() {
    const Truth truth = this->truth();
    const CliRun run = this->run(truth, QStringLiteral("info"));
    QCOMPARE(run.status, truth.opens() ? 0 : 3);
    if (!truth.opens()) {
        QVERIFY2(run.err.contains(QByteArray::fromStdString(truth.name)), run.err.constData());
        QVERIFY2(run.err.contains("try:"), run.err.constData());
        if (truth.json.at("file_size") == 0) {
            return;
        }
    }
    const json info = run.json();
    QVERIFY2(info.is_object(), run.out.constData());
    COMPARE_JSON(info.at("file_size"), truth.json.at("file_size"));
    if (truth.opens()) {
        const json& summary = truth.json.at("summary");
        for (const char* name : {"active_meta", "page_size", "high_water", "txid"}) {
            QVERIFY2(info.at(name) == summary.at(name), name);
        }
        const json& ids = info.at("freelist_ids"); // bbolt counts 0 where it has no list
        QVERIFY2(ids.is_null() ? summary.at("freelist_ids") == 0
                               : ids == summary.at("freelist_ids"),
                 ids.dump().c_str());
    }
    for (std::size_t i = 0; i < 2; ++i) {
        const json& want = truth.json.at("raw").at("metas").at(i);
        const json& meta = info.at("metas").at(i);
        COMPARE_JSON(meta.at("page"), i);
        COMPARE_JSON(meta.at("valid"), want.at("valid"));
        COMPARE_JSON(meta.at("error"), want.value("error", json()));
        if (!want.at("present")) {
            QVERIFY(meta.at("txid").is_null());
            continue;
        }
        for (const char* name : {"page_size", "root", "high_water", "txid", "checksum"}) {
            QVERIFY2(meta.at(name) == want.at(name), name);
        }
        COMPARE_JSON(meta.at("sequence"), want.at("root_sequence"));
        const std::string freelist =
            meta.at("freelist").is_null() ? "none" : meta.at("freelist").dump();
        QCOMPARE(freelist, want.at("freelist").get<std::string>());
    }
}

void TestCliTruth::pagesAgree() {
    static const std::set<std::string> kinds = {"meta", "freelist", "branch", "leaf",   "overflow",
                                                "free", "leaked",   "tail",   "problem"};
    const Truth truth = this->truth();
    const CliRun run = this->run(truth, QStringLiteral("pages"));
    QCOMPARE(run.status, truth.opens() ? 0 : 3);
    if (truth.json.at("file_size") == 0) {
        return;
    }
    const json pages = run.json();
    QVERIFY(pages.is_array());
    for (std::size_t id = 0; id < pages.size(); ++id) {
        COMPARE_JSON(pages.at(id).at("id"), id);
        QVERIFY2(kinds.contains(pages.at(id).at("kind")), pages.at(id).dump().c_str());
    }
    const json& want = truth.json.at("bbolt").at("pages");
    if (!truth.opens() || !want.contains("rows")) {
        return;
    }
    const auto pageSize = truth.json.at("summary").at("page_size").get<std::uint64_t>();
    const auto fileSize = truth.json.at("file_size").get<std::uint64_t>();
    QCOMPARE(pages.size(), (fileSize + pageSize - 1) / pageSize);
    for (const json& row : want.at("rows")) {
        const auto id = row.at(0).get<std::uint64_t>();
        const json& page = pages.at(id);
        std::string kind = row.at(1);
        if (const auto file = otherKinds().find(truth.name); file != otherKinds().end()) {
            kind = file->second.contains(id) ? file->second.at(id) : kind;
        }
        QVERIFY2(page.at("kind") == kind, page.dump().c_str());
        QVERIFY2(page.at("count") == row.at(2), page.dump().c_str());
        QVERIFY2(page.at("overflow") == row.at(3), page.dump().c_str());
    }
    for (const json& free : want.at("free_runs")) {
        for (auto id = free.at(0).get<std::uint64_t>(); id <= free.at(1); ++id) {
            QVERIFY2(pages.at(id).at("kind") == "free", pages.at(id).dump().c_str());
        }
    }
}

void TestCliTruth::digestAgrees() {
    const Truth truth = this->truth();
    const CliRun run = this->run(truth, QStringLiteral("digest"));
    if (!truth.opens()) {
        QCOMPARE(run.status, 3);
        QVERIFY(run.out.isEmpty());
        return;
    }
    const json digest = run.json();
    const json& summary = truth.json.at("summary");
    const json& strict = truth.json.at("strict");
    const bool isWhole = run.status == 0;
    if (truth.content().empty() || truth.content() == "whole") {
        QCOMPARE(run.status, 0);
    }
    if (isWhole) { // for "either" files this is bbolt's reading
        QVERIFY(truth.content() != "partial");
        for (const char* name : {"digest", "pairs", "buckets"}) {
            COMPARE_JSON(digest.at(name), summary.at(name));
        }
    } else {
        QCOMPARE(run.status, 1);
        COMPARE_JSON(digest.at("digest"), "");
        COMPARE_JSON(digest.at("pairs"), strict.at("careful_pairs"));
        COMPARE_JSON(digest.at("buckets"), strict.at("careful_buckets"));
        QVERIFY2(run.err.contains("page"), run.err.constData());
    }
}

void TestCliTruth::checkAgrees() {
    const Truth truth = this->truth();
    const CliRun run = this->run(truth, QStringLiteral("check"));
    const json check = run.json();
    QVERIFY2(check.is_object(), run.out.constData());
    const std::vector<Issue> issues = issuesOf(check);
    QCOMPARE(describe(issues), describe(truth.issues()));
    QCOMPARE(check.at("ok").get<bool>(), issues.empty());
    QCOMPARE(run.status, truth.opens() ? (issues.empty() ? 0 : 1) : 3);
    for (const json& finding : check.at("findings")) {
        QVERIFY(finding.at("path").is_array());
        QVERIFY(!finding.at("text").get<std::string>().empty());
    }
}

void TestCliTruth::statsAgree() {
    const Truth truth = this->truth();
    const CliRun run = this->run(truth, QStringLiteral("stats"));
    const json& walk = truth.json.at("bbolt").at("walk");
    if (!truth.opens()) {
        QCOMPARE(run.status, 3);
    } else if (walk.at("outcome") == "ok") {
        QCOMPARE(run.status, 0);
        COMPARE_JSON(run.json(), walk.at("aggregate_stats"));
    } else {
        QVERIFY(run.status == 0 || run.status == 1); // an answer or an error, never a crash
    }
}

void TestCliTruth::getsAgree() {
    const Truth truth = this->truth();
    const bool isReadable = truth.content().empty() || truth.content() == "whole";
    const json samples = truth.json.at("bbolt").value("samples", json::object());
    if (!truth.opens() || !isReadable || !samples.contains("gets")) {
        const CliRun run = this->run(truth, QStringLiteral("get"),
                                     {QStringLiteral("bucket"), QStringLiteral("key")});
        QVERIFY(run.status == (truth.opens() ? 1 : 3)); // there is no such key, or no database
        return;
    }
    const json& gets = samples.at("gets");
    const std::size_t step = std::max<std::size_t>(1, gets.size() / 8);
    for (std::size_t i = 0; i < gets.size(); i += step) {
        const json& get = gets.at(i);
        const std::string path = get.at("bucket");
        if (path.empty()) {
            continue; // a top-level bucket is no key that `get` could name
        }
        QStringList names = QString::fromStdString(path).split(QLatin1Char('/')).mid(1);
        names << QString::fromStdString(get.at("key").get<std::string>());
        const CliRun run = this->run(truth, QStringLiteral("get"),
                                     QStringList{QStringLiteral("--parse-format=hex"),
                                                 QStringLiteral("--bucket-format=hex")} +
                                         names);
        const json found = run.json();
        const bool isPair = get.at("kind") == "pair";
        QCOMPARE(run.status, isPair ? 0 : 1);
        QCOMPARE(found.at("found").get<bool>(), isPair);
        if (isPair) {
            const std::string value = unhex(found.at("value_hex").get<std::string>());
            const QByteArray hash = QCryptographicHash::hash(QByteArray::fromStdString(value),
                                                             QCryptographicHash::Sha256);
            QCOMPARE(hash.toHex().toStdString(), get.at("sha256").get<std::string>());
        } else {
            QVERIFY(found.at("value_hex").is_null());
        }
    }
}

void TestCliTruth::leavesEveryFileAlone() {
    for (const auto& [name, before] : m_before) {
        const auto truth = loadTruth(name, m_scratch.path().toStdString());
        QVERIFY(truth);
        QFile file(QString::fromStdString(truth->database.string()));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY2(file.readAll() == before.first, name.c_str());
        if (!name.ends_with(".gz")) {
            QCOMPARE(QFileInfo(file).lastModified(), before.second);
        }
    }
}

QTEST_GUILESS_MAIN(TestCliTruth)
#include "tst_cli_truth.moc"
