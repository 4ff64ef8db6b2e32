// SPDX-License-Identifier: MIT
// Short texts for painters and lists.
#include "paint/text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringDecoder>

#include <algorithm>
#include <array>

namespace pagescape::gui {
namespace {

bool isPrintable(const QString& text) {
    return std::all_of(text.begin(), text.end(), [](QChar c) {
        return c.isPrint() || c.isSurrogate();
    });
}

// UTF-8 that was cut at `limit` bytes may end inside a character: up to three bytes are given up.
QString decoded(const QByteArray& raw, bool wasCut) {
    for (qsizetype drop = 0; drop <= (wasCut ? 3 : 0) && drop < raw.size(); ++drop) {
        QStringDecoder decoder(QStringDecoder::Utf8);
        const QString text = decoder.decode(QByteArrayView(raw.constData(), raw.size() - drop));
        if (!decoder.hasError() && isPrintable(text)) {
            return text;
        }
    }
    return {};
}

} // namespace

QString bytesPreview(Bytes bytes, int limit) {
    if (bytes.empty() || limit <= 0) {
        return {};
    }
    const QChar ellipsis(u'\u2026');
    // One character takes at most four bytes.
    const std::size_t taken = std::min(bytes.size(), static_cast<std::size_t>(limit) * 4);
    const bool wasCut = taken < bytes.size();
    QString text = decoded(QByteArray::fromStdString(toString(bytes.first(taken))), wasCut);
    if (text.isEmpty()) {
        const auto shown = static_cast<std::size_t>(std::max(1, (limit - 2) / 2));
        const Bytes part = bytes.first(std::min(shown, bytes.size()));
        text = QStringLiteral("0x") +
               QString::fromLatin1(QByteArray::fromStdString(toString(part)).toHex());
        return shown < bytes.size() ? text + ellipsis : text;
    }
    if (text.size() > limit || wasCut) {
        text.truncate(limit - 1);
        if (!text.isEmpty() && text.back().isHighSurrogate()) {
            text.chop(1);
        }
        text += ellipsis;
    }
    return text;
}

QString bytesText(quint64 bytes) {
    constexpr std::array kUnits{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    std::size_t unit = 0;
    auto value = static_cast<double>(bytes);
    while (value >= 1024 && unit + 1 < kUnits.size()) {
        value /= 1024;
        ++unit;
    }
    const bool isWhole = unit == 0 || value >= 100 || value == static_cast<double>(static_cast<quint64>(value));
    return QLocale().toString(value, 'f', isWhole ? 0 : 1) + QChar(u'\u00A0') +
           QString::fromLatin1(kUnits[unit]);
}

QString addressText(quint64 address) {
    return QStringLiteral("0x") + QString::number(address, 16);
}

QString countText(quint64 count) {
    QString text = QString::number(count);
    for (qsizetype at = text.size() - 3; at > 0; at -= 3) {
        text.insert(at, QChar(u'\u2009'));
    }
    return text;
}

} // namespace pagescape::gui
