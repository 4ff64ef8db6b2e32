// SPDX-License-Identifier: MIT
// Place: what is selected, as a value that all views share. A place is only ids and ranges, so it
// stays meaningful when a view that can show it is opened later.
#pragma once

#include "pagescape/types.h"

#include <QByteArray>
#include <QMetaType>

#include <optional>

namespace pagescape::gui {

/// A spot in the opened file, from coarse to fine. Default: nothing.
struct Place {
    std::optional<PageId> page;     ///< first page of the run (or any raw page)
    std::optional<ByteRange> bytes; ///< bytes of the file inside that page
    int element = -1;               ///< element of the page, or -1
    QByteArray key;                 ///< a key's bytes, when a key is what was picked

    [[nodiscard]] bool isEmpty() const { return !page && !bytes; }
    friend bool operator==(const Place&, const Place&) = default;
};

} // namespace pagescape::gui

Q_DECLARE_METATYPE(pagescape::gui::Place)
