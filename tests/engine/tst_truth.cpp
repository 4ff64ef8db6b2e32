// SPDX-License-Identifier: MIT
// Every shared database, healthy and damaged, against what bbolt says about it: layout, refusal and
// findings. One row a file.
#include "pagescape/check.h"
#include "pagescape/format.h"
#include "support/truth_fixture.h"

#include <algorithm>
#include <map>
#include <set>

using namespace pagescape;
using namespace pagescape::test;
using nlohmann::json;

namespace {

/// What makes a finding comparable: its name and its page.
using Issue = std::pair<std::string, std::optional<std::uint64_t>>;

QString describe(const std::vector<Issue>& issues) {
    QString text;
    for (const auto& [code, page] : issues) {
        text += QString::fromStdString(code) +
                (page ? QStringLiteral(" %1, ").arg(*page) : QStringLiteral(", "));
    }
    return text;
}

/// Findings that the truth's strict check does not have; see each reason.
const std::map<std::string, std::vector<Issue>>& beyondStrict() {
    static const std::map<std::string, std::vector<Issue>> issues;
    return issues;
}

/// Damage that we report and bbolt's own check, run to its end, does not mention.
const std::map<std::string, std::set<std::string>>& beyondBbolt() {
    static const std::map<std::string, std::set<std::string>> codes = {
        {"bad-inline-count.db", {"inline-bucket"}},
        {"bad-leaf-pos-out.db", {"element-bounds"}},
        {"bad-leaf-unsorted.db", {"key-order"}},
        {"bad-meta0-checksum.db", {"meta-invalid"}},
        {"bad-meta1-checksum.db", {"meta-invalid"}},
        {"bad-overflow-past-eof.db",
         {"overflow-past-eof", "overflow-past-high-water", "reachable-free"}},
        {"bad-page-id-wrong.db", {"page-id"}},
        {"bad-root-zero.db", {"page-out-of-range"}},
    };
    return codes;
}

/// Messages of bbolt's check that follow from its trust in damaged bytes.
const std::map<std::string, std::set<Issue>>& bboltOnly() {
    static const std::map<std::string, std::set<Issue>> issues = {
        // Page 24 is named once: a page that is in use elsewhere is not entered a second time.
        {"bad-overflow-past-eof.db", {{"multiple-references", 25}, {"multiple-references", 26}}},
        // bbolt takes the page number from the damaged header instead of the reference.
        {"bad-page-id-wrong.db", {{"page-out-of-range", 4242}, {"leak", 5}}},
    };
    return issues;
}

/// A message of bbolt's Tx.Check in our terms.
Issue issueOf(const std::string& message) {
    static const std::vector<std::pair<std::string, std::string>> kinds = {
        {"already freed", "freelist-duplicate"},
        {"out of bounds", "page-out-of-range"},
        {"multiple references", "multiple-references"},
        {"reachable freed", "reachable-free"},
        {"invalid type", "page-type"},
        {"unreachable unfreed", "leak"},
    };
    std::uint64_t page = 0;
    const std::string prefix = "page ";
    if (message.starts_with(prefix)) {
        page = std::stoull(message.substr(prefix.size()));
    }
    for (const auto& [text, code] : kinds) {
        if (message.find(text) != std::string::npos) {
            return {code, page};
        }
    }
    return {message, page};
}

void compareMeta(const MetaReport& meta, const json& truth) {
    QCOMPARE(meta.present, truth.at("present").get<bool>());
    QCOMPARE(meta.isValid(), truth.at("valid").get<bool>());
    if (!meta.present) {
        return;
    }
    const auto number = [](const json& value) -> std::uint64_t {
        if (value == "none") {
            return format::kNoFreelist;
        }
        return value.is_string() ? std::stoull(value.get<std::string>(), nullptr, 0)
                                 : value.get<std::uint64_t>();
    };
    QCOMPARE(meta.fields.magic, number(truth.at("magic")));
    QCOMPARE(meta.fields.version, number(truth.at("version")));
    QCOMPARE(meta.fields.pageSize, number(truth.at("page_size")));
    QCOMPARE(meta.fields.flags, number(truth.at("flags")));
    QCOMPARE(meta.fields.root.value, number(truth.at("root")));
    QCOMPARE(meta.fields.rootSequence, number(truth.at("root_sequence")));
    QCOMPARE(meta.fields.freelist.value, number(truth.at("freelist")));
    QCOMPARE(meta.fields.highWater.value, number(truth.at("high_water")));
    QCOMPARE(meta.fields.txid.value, number(truth.at("txid")));
    QCOMPARE(meta.fields.checksum, number(truth.at("checksum")));
    QCOMPARE(meta.fields.checksumComputed, number(truth.at("checksum_computed")));
    QCOMPARE(meta.fields.headerId, number(truth.at("header_id")));
    QCOMPARE(meta.fields.headerFlags, number(truth.at("header_flags")));
}

} // namespace

class TestTruth : public TruthFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { requireSharedData(); }
    void layoutAgrees_data() { addRows(); }
    void layoutAgrees();
    void refusalAgrees_data() { addRows(); }
    void refusalAgrees();
    void findingsAgree_data() { addRows(); }
    void findingsAgree();
    void findsAllThatBboltFinds_data() { addRows(); }
    void findsAllThatBboltFinds();

private:
    [[nodiscard]] static std::vector<Issue> findings(const PageFile& file, CheckSummary& summary);
};

std::vector<Issue> TestTruth::findings(const PageFile& file, CheckSummary& summary) {
    std::vector<Issue> issues;
    const auto checked = check(file, {}, [&](const Finding& finding) {
        issues.emplace_back(std::string(findingName(finding.code)),
                            finding.page ? std::optional(finding.page->value) : std::nullopt);
    });
    if (!checked) {
        qFatal("check failed: %s", checked.error().describe().c_str());
    }
    summary = *checked;
    std::sort(issues.begin(), issues.end());
    return issues;
}

void TestTruth::layoutAgrees() {
    const Truth truth = this->truth();
    const json& raw = truth.json.at("raw");
    const auto file = openPages(truth);
    if (truth.json.at("file_size") == 0) {
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::EmptyFile);
        return;
    }
    QVERIFY2(file, file ? "" : file.error().describe().c_str());
    const FileLayout& layout = file->layout();
    QCOMPARE(layout.fileSize, truth.json.at("file_size").get<std::uint64_t>());
    compareMeta(layout.metas.metas[0], raw.at("metas").at(0));
    const auto pageSize = raw.at("page_size").get<std::uint64_t>();
    if (pageSize > layout.fileSize) {
        // No page of that size exists, so it is shown as raw pages of the usual size.
        QCOMPARE(layout.pageSize, 4096U);
        QVERIFY(layout.openError);
        return;
    }
    compareMeta(layout.metas.metas[1], raw.at("metas").at(1));
    QCOMPARE(layout.pageSize, pageSize);
    QCOMPARE(layout.tailBytes, raw.at("tail_bytes").get<std::uint64_t>());
    QCOMPARE(layout.pageCount,
             raw.at("file_pages").get<std::uint64_t>() + (layout.tailBytes != 0 ? 1U : 0U));
    QCOMPARE(layout.metas.active.value_or(-1), raw.at("active_meta").get<int>());
}

void TestTruth::refusalAgrees() {
    const Truth truth = this->truth();
    const auto database = openDatabase(truth);
    const json& opened = truth.json.at("bbolt").at("open_read_only");
    QCOMPARE(database.has_value(), truth.opens());
    if (database) {
        const auto tx = database->beginRead();
        QVERIFY(tx);
        QCOMPARE(tx->id().value, opened.at("txid").get<std::uint64_t>());
        QCOMPARE(tx->meta().pageSize, opened.at("page_size").get<std::uint64_t>());
        QCOMPARE(tx->meta().highWater.value * tx->meta().pageSize,
                 opened.at("tx_size").get<std::uint64_t>());
        return;
    }
    static const std::map<std::string, ErrorCode> codes = {
        {"open: invalid database", ErrorCode::NotADatabase},
        {"open: version mismatch", ErrorCode::VersionMismatch},
        {"open: checksum error", ErrorCode::ChecksumMismatch},
        {"open: file size too small", ErrorCode::FileTooSmall},
        {"open: write FILE: bad file descriptor", ErrorCode::EmptyFile},
    };
    QCOMPARE(database.error().code, codes.at(opened.at("text").get<std::string>()));
    QVERIFY(!database.error().text.empty());
}

void TestTruth::findingsAgree() {
    const Truth truth = this->truth();
    const auto file = openPages(truth);
    if (!file) {
        const auto finding = findingOf(file.error());
        QVERIFY(finding);
        QCOMPARE(truth.issues(),
                 (std::vector<Issue>{{std::string(findingName(finding->code)), std::nullopt}}));
        return;
    }
    CheckSummary summary;
    const std::vector<Issue> ours = findings(*file, summary);
    std::vector<Issue> expected = truth.issues();
    if (const auto more = beyondStrict().find(truth.name); more != beyondStrict().end()) {
        expected.insert(expected.end(), more->second.begin(), more->second.end());
        std::sort(expected.begin(), expected.end());
    }
    QVERIFY2(ours == expected,
             qPrintable(
                 QStringLiteral("ours: %1; expected: %2").arg(describe(ours), describe(expected))));
    const json& strict = truth.json.at("strict");
    QVERIFY(summary.isWhole);
    QCOMPARE(summary.findings, ours.size());
    QCOMPARE(summary.branchPages, strict.at("branch_pages").get<std::uint64_t>());
    QCOMPARE(summary.leafPages, strict.at("leaf_pages").get<std::uint64_t>());
    QCOMPARE(summary.overflowPages, strict.at("overflow_pages").get<std::uint64_t>());
    QCOMPARE(summary.maxTreeHeight, strict.at("max_tree_height").get<std::uint32_t>());
}

void TestTruth::findsAllThatBboltFinds() {
    const Truth truth = this->truth();
    const json& bboltCheck = truth.json.at("bbolt").at("check");
    if (bboltCheck.at("outcome") != "ok") {
        // bbolt crashed or never ended; that we do end, and how, is the claim of findingsAgree.
        QVERIFY(!truth.issues().empty());
        return;
    }
    const auto file = openPages(truth);
    QVERIFY(file);
    CheckSummary summary;
    const std::vector<Issue> ours = findings(*file, summary);
    std::set<Issue> unmatched;
    std::set<std::string> known;
    for (const json& message : bboltCheck.at("messages")) {
        const Issue issue = issueOf(message.get<std::string>());
        known.insert(issue.first);
        if (!std::binary_search(ours.begin(), ours.end(), issue)) {
            unmatched.insert(issue);
        }
    }
    const auto only = bboltOnly().find(truth.name);
    QVERIFY2(unmatched == (only == bboltOnly().end() ? std::set<Issue>() : only->second),
             qPrintable(describe({unmatched.begin(), unmatched.end()})));
    std::set<std::string> more;
    for (const auto& [code, page] : ours) {
        if (!known.contains(code)) {
            more.insert(code);
        }
    }
    const auto listed = beyondBbolt().find(truth.name);
    QCOMPARE(more, listed == beyondBbolt().end() ? std::set<std::string>() : listed->second);
}

QTEST_GUILESS_MAIN(TestTruth)
#include "tst_truth.moc"
