// SPDX-License-Identifier: MIT
#include "views/go_to.h"

#include <QCoreApplication>

#include <algorithm>
#include <optional>

namespace pagescape::gui {

namespace {

struct GoToText {
    Q_DECLARE_TR_FUNCTIONS(GoTo)
};

GoTo errorOf(const QString& text) {
    GoTo target;
    target.error = text;
    return target;
}

// Decimal, or hexadecimal behind 0x; groups may be set apart by spaces or underscores.
std::optional<quint64> number(const QString& text) {
    QString digits;
    for (const QChar character : text) {
        if (!character.isSpace() && character != u'_') {
            digits += character;
        }
    }
    const bool isHex = digits.startsWith(u"0x", Qt::CaseInsensitive);
    bool isNumber = false;
    const quint64 value =
        isHex ? digits.mid(2).toULongLong(&isNumber, 16) : digits.toULongLong(&isNumber, 10);
    const bool hasSign = digits.startsWith(u'+') || digits.startsWith(u'-') ||
                         digits.mid(2).startsWith(u'+') || digits.mid(2).startsWith(u'-');
    return isNumber && !hasSign ? std::optional(value) : std::nullopt;
}

GoTo pageTarget(const QString& rest) {
    const std::optional<quint64> id = number(rest);
    if (!id) {
        return errorOf(GoToText::tr("\"%1\" is no page number; try page 40").arg(rest));
    }
    GoTo target;
    target.kind = GoTo::Kind::Page;
    target.page = PageId{*id};
    return target;
}

GoTo offsetTarget(const QString& rest) {
    const std::optional<quint64> offset = number(rest);
    if (!offset) {
        return errorOf(GoToText::tr("\"%1\" is no file offset; try @0x1a000").arg(rest));
    }
    GoTo target;
    target.kind = GoTo::Kind::Offset;
    target.offset = *offset;
    return target;
}

GoTo keyTarget(const QByteArray& key) {
    if (key.isEmpty()) {
        return errorOf(GoToText::tr("A key has at least one byte; try key dracula"));
    }
    GoTo target;
    target.kind = GoTo::Kind::Key;
    target.key = key;
    return target;
}

GoTo hexTarget(const QString& rest) {
    QByteArray digits;
    for (const QChar character : rest) {
        if (character.isSpace()) {
            continue;
        }
        const char digit = character.toLatin1();
        const bool isHex = (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f') ||
                           (digit >= 'A' && digit <= 'F');
        if (!isHex) {
            return errorOf(GoToText::tr("\"%1\" is no hexadecimal digit").arg(character));
        }
        digits += digit;
    }
    if (digits.size() % 2 != 0) {
        return errorOf(GoToText::tr("A byte has two hexadecimal digits; one is missing"));
    }
    return keyTarget(QByteArray::fromHex(digits));
}

// The text behind a leading word, or nothing when it starts otherwise.
std::optional<QString> behind(const QString& text, QStringView word) {
    const bool isWord = text.startsWith(word, Qt::CaseInsensitive) && text.size() > word.size() &&
                        text.at(word.size()).isSpace();
    return isWord ? std::optional(text.mid(word.size()).trimmed()) : std::nullopt;
}

} // namespace

GoTo parseGoTo(const QString& text) {
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty()) {
        return {};
    }
    if (trimmed.startsWith(u'@')) {
        return offsetTarget(trimmed.mid(1).trimmed());
    }
    if (const auto rest = behind(trimmed, u"page")) {
        return pageTarget(*rest);
    }
    if (const auto rest = behind(trimmed, u"offset")) {
        return offsetTarget(*rest);
    }
    if (const auto rest = behind(trimmed, u"hex")) {
        return hexTarget(*rest);
    }
    if (const auto rest = behind(trimmed, u"key")) {
        return keyTarget(rest->toUtf8());
    }
    const bool isAllDigits =
        std::all_of(trimmed.begin(), trimmed.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
    return isAllDigits ? pageTarget(trimmed) : keyTarget(trimmed.toUtf8());
}

} // namespace pagescape::gui
