// SPDX-License-Identifier: MIT
// Item roles that all models share: what an item is about, never how it looks.
#pragma once

#include <Qt>

namespace pagescape::gui {

/// Roles beyond Qt's own. Each model says which ones it answers.
enum ItemRole {
    PlaceRole = Qt::UserRole, ///< Place: select this on click
    PageRole,                 ///< quint64: page id
    ElementRole,              ///< int: element of the page, or -1
    KeyRole,                  ///< QByteArray
    FileOffsetRole,           ///< quint64: first byte in the file
    SizeRole,                 ///< quint64: bytes
    PointerRole,              ///< quint64: page this item points to; invalid when none
    ProblemRole,              ///< QString: what is wrong; empty when nothing is
    SharedCharsRole,          ///< int: characters that the text begins with like its siblings
    FillRole,                 ///< double 0..1; invalid when unknown
    BucketIndexRole,          ///< quint32: census index; invalid when not a bucket with a page
    IsBucketRole,             ///< bool
    IsInlineRole,             ///< bool
    FieldIndexRole,           ///< int: index into PageDescription::fields
    EventIndexRole,           ///< int: index into GetTrace::events
    SeverityRole,             ///< int: pagescape::Severity
    KindRole,                 ///< int: PageKind, FieldKind or index of the event's kind
    LifeRole,                 ///< int: PageLife
    SortRole,                 ///< a number or text that orders as the column means
};

} // namespace pagescape::gui
