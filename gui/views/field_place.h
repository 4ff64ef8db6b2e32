// SPDX-License-Identifier: MIT
// Between places (file bytes) and the fields of a decoded page.
#pragma once

#include "pagescape/inspect.h"
#include "state/place.h"

namespace pagescape::gui {

/// File bytes of a field.
[[nodiscard]] ByteRange fileRangeOf(const PageDescription& page, const Field& field);

/// The place to select for a field: its page, its file bytes, its element of the page.
[[nodiscard]] Place placeOfField(const PageDescription& page, int field);

/// The smallest field that covers a place, or -1 when the place names nothing finer than the page
/// or is in another one.
[[nodiscard]] int fieldOfPlace(const PageDescription& page, const Place& place);

/// The element of the page (not of an inline page in it) that a field belongs to, or -1.
[[nodiscard]] int elementOfField(const PageDescription& page, int field);

} // namespace pagescape::gui
