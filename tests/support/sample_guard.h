// SPDX-License-Identifier: MIT
// SampleGuard: remembers bytes and modification time of every database a test looks at.
#pragma once

#include <QCryptographicHash>
#include <QDateTime>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QMap>
#include <QString>
#include <QStringList>

namespace pagescape::test {

/// Looking never writes: take one before, ask changed() after.
class SampleGuard {
public:
    explicit SampleGuard(const QStringList& folders) {
        for (const QString& folder : folders) {
            QDirIterator files(folder, {QStringLiteral("*.db")}, QDir::Files,
                               QDirIterator::Subdirectories);
            while (files.hasNext()) {
                const QString path = files.next();
                m_before.insert(path, fingerprint(path));
            }
        }
    }

    [[nodiscard]] qsizetype count() const { return m_before.size(); }

    /// Files whose bytes or modification time differ; empty when all is well.
    [[nodiscard]] QStringList changed() const {
        QStringList out;
        for (auto it = m_before.cbegin(); it != m_before.cend(); ++it) {
            if (fingerprint(it.key()) != it.value()) {
                out += it.key();
            }
        }
        return out;
    }

private:
    static QByteArray fingerprint(const QString& path) {
        QFile file(path);
        QCryptographicHash hash(QCryptographicHash::Sha256);
        if (file.open(QIODevice::ReadOnly)) {
            hash.addData(&file);
        }
        return hash.result().toHex() + ' ' +
               QByteArray::number(QFileInfo(path).lastModified().toMSecsSinceEpoch());
    }

    QMap<QString, QByteArray> m_before;
};

} // namespace pagescape::test
