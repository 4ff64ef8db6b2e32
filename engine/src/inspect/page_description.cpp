// SPDX-License-Identifier: MIT
// Names of page types and fields, and the look-ups in a finished description.
#include "pagescape/inspect.h"

#include <algorithm>

namespace pagescape {

namespace {

// Fields of the page itself lie at levels 0 to 2; those of an inline page begin at level 3, below
// Pair, BucketValue and InlinePage.
constexpr std::uint16_t kDeepestOwnLevel = 2;

} // namespace

std::string_view pageTypeName(PageType type) {
    switch (type) {
    case PageType::Branch: return "branch";
    case PageType::Leaf: return "leaf";
    case PageType::Meta: return "meta";
    case PageType::Freelist: return "freelist";
    case PageType::Unknown: break;
    }
    return "unknown";
}

std::string_view fieldName(FieldKind kind) {
    switch (kind) {
    case FieldKind::Header: return "header";
    case FieldKind::Meta: return "meta";
    case FieldKind::ElementArray: return "element-array";
    case FieldKind::Element: return "element";
    case FieldKind::Pair: return "pair";
    case FieldKind::BucketValue: return "bucket-value";
    case FieldKind::InlinePage: return "inline-page";
    case FieldKind::PageIdField: return "page-id";
    case FieldKind::FlagsField: return "flags";
    case FieldKind::CountField: return "count";
    case FieldKind::OverflowField: return "overflow";
    case FieldKind::Magic: return "magic";
    case FieldKind::Version: return "version";
    case FieldKind::PageSizeField: return "page-size";
    case FieldKind::MetaFlags: return "meta-flags";
    case FieldKind::Root: return "root";
    case FieldKind::RootSequence: return "root-sequence";
    case FieldKind::FreelistId: return "freelist";
    case FieldKind::HighWater: return "high-water";
    case FieldKind::TxIdField: return "txid";
    case FieldKind::Checksum: return "checksum";
    case FieldKind::ElementFlags: return "element-flags";
    case FieldKind::ElementPos: return "element-pos";
    case FieldKind::ElementKeySize: return "element-key-size";
    case FieldKind::ElementValueSize: return "element-value-size";
    case FieldKind::ElementChild: return "element-child";
    case FieldKind::FreelistCount: return "freelist-count";
    case FieldKind::FreelistEntry: return "freelist-entry";
    case FieldKind::Key: return "key";
    case FieldKind::Value: return "value";
    case FieldKind::BucketRoot: return "bucket-root";
    case FieldKind::BucketSequence: return "bucket-sequence";
    case FieldKind::Slack: return "slack";
    case FieldKind::Unused: return "unused";
    case FieldKind::Unexplained: break;
    }
    return "unexplained";
}

bool isGroup(FieldKind kind) {
    switch (kind) {
    case FieldKind::Header:
    case FieldKind::Meta:
    case FieldKind::ElementArray:
    case FieldKind::Element:
    case FieldKind::Pair:
    case FieldKind::BucketValue:
    case FieldKind::InlinePage: return true;
    default: return false;
    }
}

std::size_t PageDescription::fieldIndexAt(std::uint64_t offset) const {
    // The last leaf that begins at or before the byte; the leaves have no gap, so it holds the
    // byte.
    const auto after = std::upper_bound(
        leaves.begin(), leaves.end(), offset,
        [this](std::uint64_t at, std::uint32_t index) { return at < fields[index].range.begin; });
    return *std::prev(after);
}

const Field& PageDescription::fieldAt(std::uint64_t offset) const {
    return fields[fieldIndexAt(offset)];
}

std::int32_t PageDescription::find(FieldKind kind, std::int32_t element) const {
    const auto found = std::find_if(fields.begin(), fields.end(), [=](const Field& field) {
        return field.kind == kind && field.element == element && field.level <= kDeepestOwnLevel;
    });
    return found == fields.end() ? -1 : static_cast<std::int32_t>(found - fields.begin());
}

} // namespace pagescape
