// SPDX-License-Identifier: MIT
// The sentence names the file and the reason; the evidence is what its first bytes look like.
#include "session/file_report.h"

#include "models/byte_text.h"
#include "pagescape/evidence.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStringList>

namespace pagescape::gui {

namespace {

struct Report {
    Q_DECLARE_TR_FUNCTIONS(FileReport)

public:
    // Why a file could not be opened at all. %1 is its name.
    static QString reason(const Error& error) {
        switch (error.code) {
        case ErrorCode::FileNotFound: return tr("There is no file “%1”.");
        case ErrorCode::PermissionDenied: return tr("The system does not let you read “%1”.");
        case ErrorCode::NotRegularFile: return tr("“%1” is a folder or a device, not a file.");
        case ErrorCode::EmptyFile: return tr("“%1” is empty: it has no bytes at all.");
        case ErrorCode::MapFailed: return tr("“%1” could not be mapped into memory.");
        default: return tr("“%1” could not be opened.");
        }
    }

    static QString adviceFor(const Error& error) {
        switch (error.code) {
        case ErrorCode::FileNotFound:
            return tr("Check whether it was moved or renamed, or open another file.");
        case ErrorCode::PermissionDenied:
            return tr("Ask its owner for read permission, or copy it to a place of your own.");
        case ErrorCode::NotRegularFile: return tr("Choose the database file inside it.");
        case ErrorCode::EmptyFile:
            return tr("A program that creates a database leaves an empty file if it stops at once. "
                      "Open another file.");
        default: return tr("Copy the file to a local disk and open the copy.");
        }
    }

    // Why bolt would refuse a file that we can read. %1 is its name.
    static QString refusal(const Error& error) {
        switch (error.code) {
        case ErrorCode::NotADatabase: return tr("“%1” is not a bolt database.");
        case ErrorCode::VersionMismatch:
            return tr("“%1” has a bolt format version that is not known here.");
        case ErrorCode::ChecksumMismatch:
            return tr("Both meta pages of “%1” are damaged: their checksums are wrong.");
        case ErrorCode::FileTooSmall: return tr("“%1” is too short for a bolt database.");
        case ErrorCode::PageSizeUnsupported:
            return tr("The meta pages of “%1” state a page size that cannot be used.");
        default: return tr("“%1” cannot be read as a bolt database.");
        }
    }

    static QString rawAdvice(const PageFile& file) {
        const FileLayout& layout = file.layout();
        if (layout.pageSizeSource == PageSizeSource::Assumed) {
            return tr("You can still look at its bytes as raw pages of %1 bytes (an assumed size).")
                .arg(layout.pageSize);
        }
        return tr("You can still look at its pages of %1 bytes; buckets and keys cannot be "
                  "followed "
                  "from the meta pages.")
            .arg(layout.pageSize);
    }
};

QString fileName(const QString& path) {
    const QString name = QFileInfo(path).fileName();
    return name.isEmpty() ? path : name;
}

} // namespace

FileReport reportUnopened(const QString& path, const Error& error) {
    FileReport report;
    report.error = Report::reason(error).arg(fileName(path));
    report.evidence = toQString(error.describe());
    report.advice = Report::adviceFor(error);
    return report;
}

FileReport reportRefused(const QString& path, const PageFile& file) {
    FileReport report;
    const Error& error = *file.layout().openError;
    report.error = Report::refusal(error).arg(fileName(path));
    const auto bytes = file.readBytes({0, kSniffBytes});
    QStringList advice;
    if (bytes) {
        const FileEvidence evidence = sniff(*bytes);
        report.evidence = toQString(evidence.describe());
        const std::string& hint = evidence.hint.empty() ? error.hint : evidence.hint;
        if (!hint.empty()) {
            advice.append(toQString(hint));
        }
    } else {
        report.evidence = toQString(bytes.error().describe());
    }
    // The engine's own words carry the numbers: expected, found, where.
    report.evidence = toQString(error.describe()) + QStringLiteral(".\n") + report.evidence;
    advice.append(Report::rawAdvice(file));
    report.advice = advice.join(QLatin1Char(' '));
    return report;
}

} // namespace pagescape::gui
