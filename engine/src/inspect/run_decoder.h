// SPDX-License-Identifier: MIT
// RunDecoder: turns the bytes of one page run into fields. Private to inspect.
//
// A region is a page or the page of an inline bucket. Within a region bytes are claimed in this
// order: header, then meta | freelist ids | element array and the keys and values in element order.
// What nobody claimed is Slack between claims, and behind the last claim Unused (zero) or
// Unexplained.
#pragma once

#include "inspect/claims.h"
#include "pagescape/inspect.h"

#include <cstdint>
#include <string>

namespace pagescape::inspect {

/// The type of the page that starts with these bytes. The place decides for the two metas, as in
/// bolt, which does not look at their headers when opening; elsewhere the flags do. Source: bbolt
/// db.go.
[[nodiscard]] PageType pageTypeOf(Bytes page, PageId id);

/// Bytes of the run that starts with these bytes, as its header states; at least a header. Only
/// branches, leaves and freelists have overflow pages: the field means nothing elsewhere.
[[nodiscard]] std::uint64_t statedRunSize(Bytes page, PageId id, std::uint32_t pageSize);

/// Makes the description of one page run. Use once.
class RunDecoder {
public:
    /// `isPartial`: the file holds more of the run than `run` does; what lies behind it is then no
    /// problem of the page.
    RunDecoder(Bytes run, PageId id, std::uint32_t pageSize, bool isPartial);

    [[nodiscard]] PageDescription decode();

private:
    // A page or an inline page on its way to fields.
    struct Region {
        ByteRange bounds; // bytes of the run
        std::uint64_t statedEnd =
            0; // where its data may reach; beyond `bounds` when only part was read
        std::int32_t parent = -1; // group that takes its fields
        std::int32_t outer = -1;  // for an inline page: the element that holds it
        std::int32_t header = -1; // the Header group, followed by its four fields
        std::uint32_t count = 0;  // elements that fit
        Claims claims;

        [[nodiscard]] bool isInline() const { return outer >= 0; }
    };
    // One leaf element's scalars, or a branch element's with `valueSize` 0.
    struct Slot {
        std::uint64_t at = 0; // first byte of the element
        std::int32_t index = 0;
        std::uint32_t flags = 0;
        std::uint32_t pos = 0;
        std::uint32_t keySize = 0;
        std::uint32_t valueSize = 0;
    };

    // run_decoder.cpp
    void decodeHeader(Region& region);
    void checkHeader(const Region& region);
    void decodeBody(Region& region);
    void decodeUndecodable(Region& region);
    void reportSize();
    void finish();

    // fields.cpp
    std::int32_t addGroup(FieldKind kind, ByteRange range, std::int32_t parent,
                          std::int32_t element);
    std::int32_t addLeaf(FieldKind kind, ByteRange range, std::int32_t parent,
                         std::int32_t element);
    template <typename T>
    std::int32_t addScalar(Region& region, FieldKind kind, std::uint64_t at, std::int32_t parent,
                           std::int32_t element = -1);
    std::int32_t claim(Region& region, FieldKind kind, ByteRange wanted, std::int32_t parent,
                       std::int32_t element);
    void shrinkToChildren(std::int32_t group);
    void fillGaps(Region& region);
    void addTail(ByteRange tail, const Region& region);
    void addProblem(std::int32_t field, const Region& region, const std::string& text);
    void addPageProblem(std::uint64_t at, const std::string& text);
    [[nodiscard]] std::string place(std::uint64_t at, std::int32_t element,
                                    std::int32_t outer) const;
    [[nodiscard]] Field& field(std::int32_t index) {
        return m_out.fields[static_cast<std::size_t>(index)];
    }
    [[nodiscard]] Bytes slice(ByteRange range) const {
        return m_run.subspan(static_cast<std::size_t>(range.begin),
                             static_cast<std::size_t>(range.size()));
    }

    // decode_lists.cpp
    void decodeMeta(Region& region);
    void checkMeta(const Region& region);
    void decodeFreelist(Region& region);
    void checkFreelistEntry(const Region& region, std::int32_t entry, std::uint64_t before);

    // decode_elements.cpp
    void decodeElements(Region& region, bool isLeaf);
    void countElements(Region& region);
    [[nodiscard]] Slot readSlot(const Region& region, std::uint32_t index, bool isLeaf) const;
    void addElement(Region& region, const Slot& slot, std::int32_t array, bool isLeaf);
    void checkSlot(const Region& region, const Slot& slot, std::int32_t element, bool isLeaf);
    void checkReach(const Region& region, const Slot& slot, std::int32_t firstScalar, bool isLeaf);
    Bytes addData(Region& region, const Slot& slot, Bytes keyBefore, bool isLeaf);
    void addValue(Region& region, const Slot& slot, ByteRange wanted, std::int32_t pair);
    void addBucketValue(Region& region, const Slot& slot, ByteRange value, std::int32_t pair);
    void addInlinePage(const Slot& slot, ByteRange range, std::int32_t parent);

    Bytes m_run;
    PageId m_id;
    bool m_isPartial;
    std::uint64_t m_statedSize;
    std::size_t m_problemCount = 0;
    PageDescription m_out;
};

} // namespace pagescape::inspect
