// SPDX-License-Identifier: MIT
// Runs the check over a file built in memory and compares all findings with those expected.
#pragma once

#include "pagescape/check.h"
#include "support/file_builder.h"

#include <QStringList>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace pagescape::test {

/// Base of a test class for the check.
class CheckFixture : public QObject {
protected:
    /// A finding reduced to what it is and where.
    using Issue = std::pair<FindingCode, std::optional<std::uint64_t>>;

    [[nodiscard]] Result<PageFile> open(const FileBuilder& file) const {
        return PageFile::open(file.write(m_dir.filePath(QStringLiteral("x.db")).toStdString()));
    }

    [[nodiscard]] std::vector<Finding> run(const FileBuilder& file,
                                           const CheckOptions& options = {}) {
        std::vector<Finding> findings;
        const auto opened = open(file);
        if (!opened) {
            qFatal("open failed: %s", opened.error().describe().c_str());
        }
        const auto checked = check(
            *opened, options, [&](Finding finding) { findings.push_back(std::move(finding)); });
        if (!checked) {
            qFatal("check failed: %s", checked.error().describe().c_str());
        }
        m_summary = *checked;
        return findings;
    }

    /// Exactly these findings, in any order.
    void expect(const FileBuilder& file, std::vector<Issue> expected,
                const CheckOptions& options = {}) {
        std::vector<Issue> found;
        for (const Finding& finding : run(file, options)) {
            found.emplace_back(finding.code,
                               finding.page ? std::optional(finding.page->value) : std::nullopt);
        }
        std::sort(found.begin(), found.end());
        std::sort(expected.begin(), expected.end());
        QVERIFY2(found == expected, qPrintable(QStringLiteral("found: %1; expected: %2")
                                                   .arg(describe(found), describe(expected))));
        QCOMPARE(m_summary.findings, expected.size());
        QCOMPARE(m_summary.ok(), expected.empty());
    }

    [[nodiscard]] const CheckSummary& summary() const { return m_summary; }
    [[nodiscard]] const QTemporaryDir& dir() const { return m_dir; }

private:
    [[nodiscard]] static QString describe(const std::vector<Issue>& issues) {
        QStringList parts;
        for (const auto& [code, page] : issues) {
            const auto name = findingName(code);
            parts += QString::fromUtf8(name.data(), qsizetype(name.size())) +
                     (page ? QStringLiteral(" %1").arg(*page) : QString());
        }
        return parts.join(QStringLiteral(", "));
    }

    QTemporaryDir m_dir;
    CheckSummary m_summary;
};

} // namespace pagescape::test
