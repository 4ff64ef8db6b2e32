// SPDX-License-Identifier: MIT
// Decodes any page of any file, damaged or not, into fields with byte ranges. Total: every input
// gives a description in which every byte of the page run belongs to exactly one leaf field.
#pragma once

#include "pagescape/page_file.h"
#include "pagescape/result.h"
#include "pagescape/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pagescape {

/// What a page header says the page is. Source: format.h, page flags.
enum class PageType { Branch, Leaf, Meta, Freelist, Unknown };

/// "branch", "leaf", "meta", "freelist" or "unknown".
[[nodiscard]] std::string_view pageTypeName(PageType type);

/// What a field of a page is. Groups have children; all others are leaf fields.
enum class FieldKind {
    // groups
    Header,       ///< page header: id, flags, count, overflow
    Meta,         ///< the 64 bytes of a meta
    ElementArray, ///< all elements
    Element,      ///< one element: its scalars
    Pair,         ///< key and value of one leaf element
    BucketValue,  ///< a value that is a bucket: header and perhaps an inline page
    InlinePage,   ///< the page image of an inline bucket
    // leaf fields
    PageIdField,
    FlagsField,
    CountField,
    OverflowField,
    Magic,
    Version,
    PageSizeField,
    MetaFlags,
    Root,
    RootSequence,
    FreelistId,
    HighWater,
    TxIdField,
    Checksum,
    ElementFlags,
    ElementPos,
    ElementKeySize,
    ElementValueSize,
    ElementChild,
    FreelistCount, ///< the u64 behind an escaped count
    FreelistEntry, ///< one free page id
    Key,
    Value,
    BucketRoot,
    BucketSequence,
    Slack,       ///< bytes between used parts
    Unused,      ///< zero bytes behind the last used byte
    Unexplained, ///< bytes that no rule of the format accounts for
};

/// The stable name of a kind, such as "element-pos".
[[nodiscard]] std::string_view fieldName(FieldKind kind);
[[nodiscard]] bool isGroup(FieldKind kind);

/// One field. Fields come in pre-order: a group, then its children; what no field of a page claimed
/// (Slack, Unused, Unexplained) comes last. A field may be empty: a value of no bytes, or a field
/// whose bytes an earlier one has.
struct Field {
    FieldKind kind = FieldKind::Unexplained;
    ByteRange range;           ///< bytes from the start of the page run
    std::int32_t parent = -1;  ///< index of the enclosing group, or -1
    std::int32_t element = -1; ///< element number in its (inline) page, or -1
    std::uint16_t level = 0;   ///< nesting: 0 for top-level fields
    std::uint64_t number = 0;  ///< the value of an integer field
    std::string problem;       ///< what is wrong with it; empty when nothing is. Behind the first
                               ///< 10000 of a page just "also damaged"
};

/// One page run, decoded.
struct PageDescription {
    PageId id; ///< the page asked for, by its place in the file
    PageType type = PageType::Unknown;
    std::uint64_t headerId = 0; ///< the id that the header states
    std::uint16_t flags = 0;
    std::uint16_t count = 0;
    std::uint32_t overflow = 0;  ///< as stated
    std::uint32_t pageSize = 0;  ///< bytes of one physical page
    std::uint64_t usedBytes = 0; ///< bytes that carry something: header, elements, keys, values
    std::vector<Field> fields;   ///< pre-order
    std::vector<std::uint32_t> leaves; ///< indices of the leaf fields that have bytes, in byte
                                       ///< order, without a gap
    std::vector<std::string> problems; ///< about the page as a whole, each naming page and byte
    bool isCut = false;                ///< fewer bytes were given than the run states

    /// The leaf field that a byte belongs to. `offset` counts from the start of the run and must be
    /// less than its size. Cost: a binary search.
    [[nodiscard]] const Field& fieldAt(std::uint64_t offset) const;
    /// Index of that field in `fields`.
    [[nodiscard]] std::size_t fieldIndexAt(std::uint64_t offset) const;
    /// Index of the first field of that kind for an element of the page itself (not of an inline
    /// page) or, with -1, for none; -1 when there is none. Cost: linear in the fields.
    [[nodiscard]] std::int32_t find(FieldKind kind, std::int32_t element = -1) const;
};

/// Decodes a page run. `run` holds the bytes of the page and its overflow pages as far as they
/// exist; `id` is its place in the file. Never fails; a page that makes no sense is one Unexplained
/// field behind its header, with a problem (Unused when it is all zero). Offsets in problem texts
/// count from the start of the run. Cost: linear in `run`.
[[nodiscard]] PageDescription inspectPage(Bytes run, PageId id, std::uint32_t pageSize);

/// Reads (through pread) and decodes a page of a file with its overflow pages, at most `maxBytes`.
/// Errors: OsFailure, CorruptPage when the page lies past the end of the file.
struct InspectedPage {
    PageDescription description;
    std::vector<std::byte> bytes;
};
[[nodiscard]] Result<InspectedPage> inspectPage(const PageFile& file, PageId id,
                                                std::uint64_t maxBytes = std::uint64_t{16} << 20);

} // namespace pagescape
