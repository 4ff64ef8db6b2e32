// SPDX-License-Identifier: MIT
// What the census tests share: a small deep file, and a census as one line of text.
#pragma once

#include "pagescape/census.h"
#include "pagescape/format.h"
#include "support/file_builder.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace pagescape::test {

/// Three levels: branch 4 -> branches 5, 6 -> leaves 7 to 10; everything in bucket "b".
inline FileBuilder deepFile() {
    FileBuilder file(1024, 14);
    file.meta(2, 3, 2, 12);
    file.meta(3, 3, 2, 12);
    file.freelist(2, {11});
    file.leaf(3, {bucketItem("b", 4, 0)});
    file.branch(4, {{"a", 5}, {"m", 6}});
    file.branch(5, {{"a", 7}, {"f", 8}});
    file.branch(6, {{"m", 9}, {"s", 10}});
    file.leaf(7, {{"a", "1"}});
    file.leaf(8, {{"f", "2"}, {"g", "3"}});
    file.leaf(9, {{"m", "4"}});
    file.leaf(10, {{"s", "5"}});
    return file;
}

/// Kind, life and marks of every page: "leaf?" is expected, "leaf!" has a problem.
inline QString text(const Census& census) {
    QStringList kinds;
    for (std::uint64_t id = 0; id < census.pageCount(); ++id) {
        const PageRow row = census.row(PageId{id});
        QString kind = QString::fromUtf8(pageKindName(row.kind).data());
        if (row.life == PageLife::Previous || row.life == PageLife::Leaked) {
            kind += QLatin1Char('/') + QString::fromUtf8(pageLifeName(row.life).data());
        }
        kinds += kind + (row.isExpected ? QStringLiteral("?") : QString()) +
                 (row.hasProblem ? QStringLiteral("!") : QString());
    }
    return kinds.join(QLatin1Char(' '));
}

/// Page ids as a line of text.
inline QString numbers(const std::vector<PageId>& pages) {
    QStringList ids;
    for (const PageId id : pages) {
        ids += QString::number(id.value);
    }
    return ids.join(QLatin1Char(' '));
}

/// Base of the census tests: one scratch file at a time.
class CensusFixture : public QObject {
protected:
    QTemporaryDir m_dir;
    std::shared_ptr<const PageFile> open(const FileBuilder& file) {
        auto opened =
            PageFile::open(file.write(m_dir.filePath(QStringLiteral("t.db")).toStdString()));
        if (!opened) {
            qFatal("%s", opened.error().describe().c_str());
        }
        return std::make_shared<const PageFile>(*std::move(opened));
    }
    QString scanned(const FileBuilder& file) {
        Census census(open(file));
        return census.run() ? text(census) : QStringLiteral("failed");
    }
    bool blames(const FileBuilder& file, std::uint64_t page, const std::string& part) {
        Census census(open(file));
        if (!census.run()) {
            return false;
        }
        const auto problems = census.problems();
        return census.hasProblem(PageId{page}) &&
               std::any_of(problems.begin(), problems.end(), [&](const CensusProblem& problem) {
                   return problem.page.value == page &&
                          problem.text.find(part) != std::string::npos;
               });
    }
};

} // namespace pagescape::test
