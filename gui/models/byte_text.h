// SPDX-License-Identifier: MIT
// Between the engine's byte strings and Qt's types.
#pragma once

#include "pagescape/types.h"

#include <QByteArray>
#include <QString>

#include <filesystem>
#include <string>
#include <string_view>

namespace pagescape::gui {

/// UTF-8 text of the engine.
[[nodiscard]] inline QString toQString(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// A copy of bytes, at most `limit` of them.
[[nodiscard]] inline QByteArray toQByteArray(Bytes bytes, qsizetype limit = -1) {
    const Bytes part = limit >= 0 && static_cast<std::size_t>(limit) < bytes.size()
                           ? bytes.first(static_cast<std::size_t>(limit))
                           : bytes;
    QByteArray out(static_cast<qsizetype>(part.size()), Qt::Uninitialized);
    std::copy_n(part.begin(), part.size(),
                std::as_writable_bytes(std::span(out.data(), part.size())).begin());
    return out;
}

/// The bytes of a QByteArray. Lifetime: that of `bytes`.
[[nodiscard]] inline Bytes toBytes(const QByteArray& bytes) {
    return std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

/// A file name as the file system has it.
[[nodiscard]] inline std::filesystem::path toPath(const QString& name) {
    return std::filesystem::path(name.toLocal8Bit().toStdString());
}

} // namespace pagescape::gui
