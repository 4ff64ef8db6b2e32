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
    return std::all_of(text.begin(), text.end(),
                       [](QChar c) { return c.isPrint() || c.isSurrogate(); });
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

// Binary records around text (protobuf, say) are recognised by their text. Empty if there is
// little.
QString mostlyAscii(Bytes bytes) {
    QString text;
    std::size_t printable = 0;
    for (const std::byte byte : bytes) {
        const auto value = std::to_integer<unsigned char>(byte);
        const bool isAscii = value >= 0x20 && value < 0x7F;
        printable += isAscii ? 1U : 0U;
        text += QChar(isAscii ? char16_t{value} : u'\u00B7');
    }
    return printable * 4 >= bytes.size() * 3 ? text : QString();
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
        text = mostlyAscii(bytes.first(taken));
    }
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

QString elidedKey(const QString& text, int shared, const QFontMetricsF& metrics, qreal width,
                  Qt::TextElideMode mode) {
    constexpr int kWorthCutting = 4; // fewer characters are hardly more than the ellipsis
    const bool isWide = metrics.horizontalAdvance(text) > width;
    if (isWide && shared >= kWorthCutting && shared < text.size()) {
        return metrics.elidedText(QChar(u'\u2026') + text.mid(shared), mode, width);
    }
    return metrics.elidedText(text, mode, width);
}

QString addressText(quint64 address) {
    return QStringLiteral("0x") + QString::number(address, 16);
}

} // namespace pagescape::gui
