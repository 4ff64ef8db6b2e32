// SPDX-License-Identifier: MIT
#include "views/format_box.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QSignalBlocker>

#include <algorithm>

namespace pagescape::gui {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(ValueFormat)
};

} // namespace

QString valueFormatTitle(ValueFormat format) {
    switch (format) {
    case ValueFormat::Auto: return Texts::tr("Automatic");
    case ValueFormat::Text: return Texts::tr("Text (UTF-8)");
    case ValueFormat::Escaped: return Texts::tr("Escaped text");
    case ValueFormat::Hex: return Texts::tr("Hexadecimal");
    case ValueFormat::Raw: return Texts::tr("Raw bytes");
    case ValueFormat::Redacted: return Texts::tr("Redacted");
    case ValueFormat::UintBig: return Texts::tr("Big-endian integer");
    case ValueFormat::UintLittle: return Texts::tr("Little-endian integer");
    case ValueFormat::Json: return Texts::tr("JSON");
    case ValueFormat::MessagePack: return Texts::tr("MessagePack");
    case ValueFormat::Protobuf: return Texts::tr("Protobuf, no schema");
    case ValueFormat::Uuid: return Texts::tr("UUID");
    case ValueFormat::UnixTime: return Texts::tr("Unix time");
    case ValueFormat::GoTime: return Texts::tr("Go time");
    case ValueFormat::EtcdRevision: return Texts::tr("etcd revision");
    }
    return {};
}

void fillFormatBox(QComboBox& box, Bytes bytes, ValueFormat chosen) {
    const QSignalBlocker block(box);
    box.clear();
    const auto plausible = plausibleFormats(bytes);
    for (const ValueFormat format : allValueFormats()) {
        QString title = valueFormatTitle(format);
        if (std::ranges::find(plausible, format) != plausible.end()) {
            title += Texts::tr("  ✓", "marks a format under which the bytes decode");
        }
        box.addItem(title, int(format));
        if (format == chosen) {
            box.setCurrentIndex(box.count() - 1);
        }
    }
}

ValueFormat chosenFormat(const QComboBox& box) {
    return static_cast<ValueFormat>(box.currentData().toInt());
}

} // namespace pagescape::gui
