// SPDX-License-Identifier: MIT
// Sample databases for tests of the window's parts: found read-only, copied where a test writes.
#pragma once

#include "models/byte_text.h"
#include "pagescape/census.h"
#include "pagescape/page_file.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QString>
#include <QTest>

#include <memory>

namespace pagescape::gui::test {

/// A file of sample-data/.
[[nodiscard]] inline QString samplePath(const char* name) {
    return QStringLiteral(PAGESCAPE_SAMPLE_DIR "/") + QString::fromUtf8(name);
}

/// The sample as pages.
[[nodiscard]] inline std::shared_ptr<const PageFile> openSample(const char* name) {
    auto file = PageFile::open(toPath(samplePath(name)));
    return file ? std::make_shared<const PageFile>(std::move(*file)) : nullptr;
}

/// The finished census of a file.
[[nodiscard]] inline std::shared_ptr<const Census> censusOf(
    const std::shared_ptr<const PageFile>& file) {
    auto census = std::make_shared<Census>(file);
    return census->run() ? census : nullptr;
}

/// Content and modification time: what looking must never change.
struct Fingerprint {
    QByteArray sha256;
    QDateTime modified;
    friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};
[[nodiscard]] inline Fingerprint fingerprint(const QString& path) {
    QFile file(path);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (file.open(QIODevice::ReadOnly)) {
        hash.addData(&file);
    }
    return {hash.result(), QFileInfo(path).lastModified()};
}

} // namespace pagescape::gui::test
