// SPDX-License-Identifier: MIT
// Runs pagescape-cli as a user would: a process with arguments, two outputs and an exit status.
#pragma once

#include <QByteArray>
#include <QFile>
#include <QProcess>
#include <QString>
#include <QStringList>

#include <nlohmann/json.hpp>

namespace pagescape::test {

/// What a run of the program left behind.
struct CliRun {
    int status = -1; ///< exit status; -1 when it crashed, never started or hung
    QByteArray out;
    QByteArray err;

    /// Standard output as JSON; a discarded value when it is none.
    [[nodiscard]] nlohmann::json json() const {
        return nlohmann::json::parse(out.toStdString(), nullptr, false);
    }
};

/// Compares values as JSON, so that a failure shows both texts.
#define COMPARE_JSON(actual, expected)                                                             \
    QCOMPARE(QString::fromStdString(nlohmann::json(actual).dump()),                                \
             QString::fromStdString(nlohmann::json(expected).dump()))

inline QString cliPath() {
    return QStringLiteral(PAGESCAPE_BIN_DIR "/pagescape-cli");
}

/// A file of sample-data.
inline QString sample(const char* name) {
    return QStringLiteral(PAGESCAPE_SAMPLE_DIR "/") + QString::fromUtf8(name);
}

/// A command line cut at its spaces.
inline QStringList words(const char* text) {
    return QString::fromUtf8(text).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

/// A command line with FILE replaced.
inline QStringList withFile(const char* text, const QString& file) {
    return words(text).replaceInStrings(QStringLiteral("FILE"), file);
}

/// All bytes of a file; none when it cannot be read.
inline QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline CliRun runCli(const QStringList& arguments) {
    QProcess process;
    process.start(cliPath(), arguments);
    CliRun run;
    if (!process.waitForFinished(120000)) {
        process.kill();
        process.waitForFinished();
        return run;
    }
    run.out = process.readAllStandardOutput();
    run.err = process.readAllStandardError();
    run.status = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    return run;
}

} // namespace pagescape::test
