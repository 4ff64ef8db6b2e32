// SPDX-License-Identifier: MIT
// One row for each shared database, and the ways to open it: for tests that compare with its truth.
#pragma once

#include "pagescape/database.h"
#include "support/truth.h"

#include <QTemporaryDir>
#include <QTest>

#include <string>
#include <utility>

namespace pagescape::test {

/// Base of a test class whose data functions are all addRows().
class TruthFixture : public QObject {
protected:
    /// Skips the whole test, visibly, where the shared folder is missing.
    void requireSharedData() {
        if (truthNames().empty()) {
            QSKIP(qPrintable(QStringLiteral("No shared databases in %1")
                                 .arg(QString::fromStdString(sharedDataDir().string()))));
        }
        QVERIFY(m_scratch.isValid());
    }

    /// A row for each database, named after it.
    static void addRows() {
        QTest::addColumn<QString>("name");
        for (const std::string& name : truthNames()) {
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
        }
    }

    /// The truth of the current row.
    [[nodiscard]] Truth truth() const {
        const QString name = *static_cast<QString*>(QTest::qData("name", QMetaType::QString));
        auto loaded = loadTruth(name.toStdString(), m_scratch.path().toStdString());
        if (!loaded) {
            qFatal("cannot load the truth of %s", qPrintable(name));
        }
        return *std::move(loaded);
    }

    [[nodiscard]] static Result<PageFile> openPages(const Truth& truth) {
        return PageFile::open(truth.database, optionsFor(truth));
    }
    [[nodiscard]] static Result<Database> openDatabase(const Truth& truth) {
        return Database::openReadOnly(truth.database, optionsFor(truth));
    }

private:
    [[nodiscard]] static OpenOptions optionsFor(const Truth& truth) {
        OpenOptions options;
        options.pageSizeHint = truth.pageSizeHint();
        return options;
    }

    QTemporaryDir m_scratch;
};

} // namespace pagescape::test
