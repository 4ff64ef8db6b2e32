// SPDX-License-Identifier: MIT
// What a person types into the go-to box, and what it means.
#pragma once

#include "pagescape/types.h"

#include <QByteArray>
#include <QString>

namespace pagescape::gui {

/// A target, or why there is none.
struct GoTo {
    enum class Kind { Page, Offset, Key, Error };
    Kind kind = Kind::Error;
    PageId page;        ///< Kind::Page
    quint64 offset = 0; ///< Kind::Offset: byte of the file
    QByteArray key;     ///< Kind::Key
    QString error;      ///< Kind::Error; empty for an empty text
    friend bool operator==(const GoTo&, const GoTo&) = default;
};

/// Reads "40", "page 40", "page 0x28"; "@106496", "@0x1a000", "offset 106496"; "key karl" and, for
/// keys that are no text, "hex 6b61 726c"; any other text is a key. Numbers may be grouped by
/// spaces or '_'.
[[nodiscard]] GoTo parseGoTo(const QString& text);

} // namespace pagescape::gui
