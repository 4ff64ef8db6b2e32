// SPDX-License-Identifier: MIT
#include "page_items.h"

#include "pagescape/format.h"

namespace pagescape::cli {

namespace {

// The scalars of one element while its fields go by.
struct Scalars {
    std::uint64_t at = 0; // byte of the run where the element starts
    std::uint64_t pos = 0;
    std::uint64_t keySize = 0;
    std::uint64_t valueSize = 0;
};

// `size` bytes at `from`, when the run has them.
std::optional<Bytes> slice(Bytes run, std::uint64_t from, std::uint64_t size) {
    if (from > run.size() || size > run.size() - from) {
        return std::nullopt;
    }
    return run.subspan(from, size);
}

void take(const Field& field, PageItem& item, Scalars& scalars) {
    switch (field.kind) {
    case FieldKind::Element: scalars.at = field.range.begin; break;
    case FieldKind::ElementFlags: item.flags = field.number; break;
    case FieldKind::ElementPos: scalars.pos = field.number; break;
    case FieldKind::ElementKeySize: scalars.keySize = field.number; break;
    case FieldKind::ElementValueSize: scalars.valueSize = field.number; break;
    case FieldKind::ElementChild: item.child = field.number; break;
    case FieldKind::BucketRoot: item.bucketRoot = field.number; break;
    case FieldKind::BucketSequence: item.bucketSequence = field.number; break;
    default: break;
    }
}

} // namespace

std::vector<PageItem> pageItems(const InspectedPage& page) {
    std::vector<PageItem> items;
    std::vector<Scalars> scalars;
    int inlineLevel = -1; // level of the inline page that the present field lies in, or -1
    for (const Field& field : page.description.fields) {
        if (inlineLevel >= 0 && field.level > inlineLevel) {
            continue;
        }
        inlineLevel = field.kind == FieldKind::InlinePage ? field.level : -1;
        if (field.element < 0) {
            continue;
        }
        const auto index = static_cast<std::size_t>(field.element);
        if (index >= items.size()) {
            items.resize(index + 1);
            scalars.resize(index + 1);
        }
        items[index].index = static_cast<std::uint32_t>(index);
        take(field, items[index], scalars[index]);
    }
    const Bytes run(page.bytes);
    for (std::size_t i = 0; i < items.size(); ++i) {
        const Scalars& s = scalars[i];
        items[i].key = slice(run, s.at + s.pos, s.keySize);
        if (page.description.type == PageType::Leaf) {
            items[i].value = slice(run, s.at + s.pos + s.keySize, s.valueSize);
        }
    }
    return items;
}

std::vector<std::uint64_t> freelistIds(const PageDescription& page) {
    std::vector<std::uint64_t> ids;
    for (const Field& field : page.fields) {
        if (field.kind == FieldKind::FreelistEntry) {
            ids.push_back(field.number);
        }
    }
    return ids;
}

} // namespace pagescape::cli
