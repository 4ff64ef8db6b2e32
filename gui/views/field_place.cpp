// SPDX-License-Identifier: MIT
#include "views/field_place.h"

namespace pagescape::gui {

namespace {

quint64 firstByte(const PageDescription& page) {
    return page.id.value * page.pageSize;
}

const Field& fieldAt(const PageDescription& page, int field) {
    return page.fields[static_cast<std::size_t>(field)];
}

} // namespace

ByteRange fileRangeOf(const PageDescription& page, const Field& field) {
    return {firstByte(page) + field.range.begin, firstByte(page) + field.range.end};
}

int elementOfField(const PageDescription& page, int field) {
    int element = -1;
    for (int at = field; at >= 0; at = fieldAt(page, at).parent) {
        if (fieldAt(page, at).element >= 0) {
            element = fieldAt(page, at).element; // the outermost one wins
        }
    }
    return element;
}

Place placeOfField(const PageDescription& page, int field) {
    Place place;
    place.page = page.id;
    if (field < 0 || field >= static_cast<int>(page.fields.size())) {
        return place;
    }
    place.bytes = fileRangeOf(page, fieldAt(page, field));
    place.element = elementOfField(page, field);
    return place;
}

int fieldOfPlace(const PageDescription& page, const Place& place) {
    if (!place.page || *place.page != page.id || page.fields.empty()) {
        return -1;
    }
    if (!place.bytes) {
        return place.element < 0 ? -1 : page.find(FieldKind::Element, place.element);
    }
    const quint64 first = firstByte(page);
    const quint64 end = first + page.fields[page.leaves.back()].range.end;
    if (place.bytes->begin < first || place.bytes->begin >= end) {
        return -1;
    }
    const ByteRange wanted{place.bytes->begin - first, place.bytes->end - first};
    int field = static_cast<int>(page.fieldIndexAt(wanted.begin));
    while (field >= 0 && fieldAt(page, field).range.end < wanted.end) {
        field = fieldAt(page, field).parent;
    }
    return field;
}

} // namespace pagescape::gui
