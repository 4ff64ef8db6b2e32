// SPDX-License-Identifier: MIT
// Colour roles and short names of the fields of a page.
#include "paint/byte_canvas_painter.h"

#include <QCoreApplication>

namespace pagescape::gui {

Theme::Role fieldRole(FieldKind kind) {
    using Role = Theme::Role;
    switch (kind) {
    case FieldKind::Header:
    case FieldKind::PageIdField:
    case FieldKind::FlagsField:
    case FieldKind::CountField:
    case FieldKind::OverflowField: return Role::FieldHeader;
    case FieldKind::Meta:
    case FieldKind::Magic:
    case FieldKind::Version:
    case FieldKind::PageSizeField:
    case FieldKind::MetaFlags:
    case FieldKind::Root:
    case FieldKind::RootSequence:
    case FieldKind::FreelistId:
    case FieldKind::HighWater:
    case FieldKind::TxIdField:
    case FieldKind::Checksum:
    case FieldKind::ElementArray:
    case FieldKind::Element:
    case FieldKind::ElementFlags:
    case FieldKind::ElementPos:
    case FieldKind::ElementKeySize:
    case FieldKind::ElementValueSize:
    case FieldKind::ElementChild:
    case FieldKind::FreelistCount: return Role::FieldElement;
    case FieldKind::Key: return Role::FieldKey;
    case FieldKind::Pair:
    case FieldKind::Value:
    case FieldKind::FreelistEntry: return Role::FieldValue;
    case FieldKind::BucketValue:
    case FieldKind::InlinePage:
    case FieldKind::BucketRoot:
    case FieldKind::BucketSequence: return Role::FieldBucket;
    case FieldKind::Slack: return Role::FieldSlack;
    case FieldKind::Unused: return Role::FieldUnused;
    case FieldKind::Unexplained: return Role::FieldUnexplained;
    }
    return Role::FieldUnexplained;
}

QString fieldLabel(FieldKind kind) {
    const char* text = "";
    switch (kind) {
    case FieldKind::Header: text = QT_TRANSLATE_NOOP("Field", "header"); break;
    case FieldKind::Meta: text = QT_TRANSLATE_NOOP("Field", "meta"); break;
    case FieldKind::ElementArray: text = QT_TRANSLATE_NOOP("Field", "elements"); break;
    case FieldKind::Element: text = QT_TRANSLATE_NOOP("Field", "element"); break;
    case FieldKind::Pair: text = QT_TRANSLATE_NOOP("Field", "pair"); break;
    case FieldKind::BucketValue: text = QT_TRANSLATE_NOOP("Field", "bucket"); break;
    case FieldKind::InlinePage: text = QT_TRANSLATE_NOOP("Field", "inline page"); break;
    case FieldKind::PageIdField: text = QT_TRANSLATE_NOOP("Field", "id"); break;
    case FieldKind::FlagsField: text = QT_TRANSLATE_NOOP("Field", "flags"); break;
    case FieldKind::CountField: text = QT_TRANSLATE_NOOP("Field", "count"); break;
    case FieldKind::OverflowField: text = QT_TRANSLATE_NOOP("Field", "overflow"); break;
    case FieldKind::Magic: text = QT_TRANSLATE_NOOP("Field", "magic"); break;
    case FieldKind::Version: text = QT_TRANSLATE_NOOP("Field", "version"); break;
    case FieldKind::PageSizeField: text = QT_TRANSLATE_NOOP("Field", "page size"); break;
    case FieldKind::MetaFlags: text = QT_TRANSLATE_NOOP("Field", "flags"); break;
    case FieldKind::Root: text = QT_TRANSLATE_NOOP("Field", "root"); break;
    case FieldKind::RootSequence: text = QT_TRANSLATE_NOOP("Field", "sequence"); break;
    case FieldKind::FreelistId: text = QT_TRANSLATE_NOOP("Field", "freelist"); break;
    case FieldKind::HighWater: text = QT_TRANSLATE_NOOP("Field", "high water"); break;
    case FieldKind::TxIdField: text = QT_TRANSLATE_NOOP("Field", "txid"); break;
    case FieldKind::Checksum: text = QT_TRANSLATE_NOOP("Field", "checksum"); break;
    case FieldKind::ElementFlags: text = QT_TRANSLATE_NOOP("Field", "flags"); break;
    case FieldKind::ElementPos: text = QT_TRANSLATE_NOOP("Field", "pos"); break;
    case FieldKind::ElementKeySize: text = QT_TRANSLATE_NOOP("Field", "ksize"); break;
    case FieldKind::ElementValueSize: text = QT_TRANSLATE_NOOP("Field", "vsize"); break;
    case FieldKind::ElementChild: text = QT_TRANSLATE_NOOP("Field", "child"); break;
    case FieldKind::FreelistCount: text = QT_TRANSLATE_NOOP("Field", "count"); break;
    case FieldKind::FreelistEntry: text = QT_TRANSLATE_NOOP("Field", "free page"); break;
    case FieldKind::Key: text = QT_TRANSLATE_NOOP("Field", "key"); break;
    case FieldKind::Value: text = QT_TRANSLATE_NOOP("Field", "value"); break;
    case FieldKind::BucketRoot: text = QT_TRANSLATE_NOOP("Field", "bucket root"); break;
    case FieldKind::BucketSequence: text = QT_TRANSLATE_NOOP("Field", "sequence"); break;
    case FieldKind::Slack: text = QT_TRANSLATE_NOOP("Field", "slack"); break;
    case FieldKind::Unused: text = QT_TRANSLATE_NOOP("Field", "unused"); break;
    case FieldKind::Unexplained: text = QT_TRANSLATE_NOOP("Field", "unexplained"); break;
    }
    return QCoreApplication::translate("Field", text);
}

} // namespace pagescape::gui
