// SPDX-License-Identifier: MIT
// NodeItems: the elements of a page that a transaction changes. Most pages change in one place, so
// the page stays packed as it was read, with a few edits beside it; only a page that changes much
// is unpacked into an ItemList. What is written is the same either way.
#pragma once

#include "format/page_view.h"
#include "node/item_list.h"

#include <optional>
#include <string>
#include <vector>

namespace pagescape {

/// Writes one entry of an element array. `pos` counts from the element itself.
/// Source: format.h, the leaf and branch elements.
void storeElement(std::byte* element, bool isLeaf, const Item& item, std::uint32_t pos);

/// Lays items out as bolt does: the element array, then keys and values in order.
struct ItemWriter {
    ItemWriter(std::byte* elements, std::uint64_t count, bool isLeafPage)
        : element(elements), data(elements + count * format::kElementSize), isLeaf(isLeafPage) {}

    void put(const Item& item);

    std::byte* element; ///< the next entry of the array
    std::byte* data;    ///< where its key goes
    bool isLeaf;
};

/// Sorted items, packed or unpacked. Thread: one at a time.
class NodeItems {
public:
    using Position = ItemList::Position; ///< opaque, and valid until the items change
    using Found = ItemList::Found;

    /// What is wrong with an element of a page.
    struct Damage {
        std::uint32_t index = 0;
        const char* text = "";
    };

    /// Takes the elements of a branch or leaf page, which must outlive the items. Every element is
    /// checked: its bounds, and that the keys ascend.
    [[nodiscard]] std::optional<Damage> load(const format::PageView& page);

    [[nodiscard]] std::uint64_t size() const { return m_isPacked ? m_size : m_list.size(); }
    [[nodiscard]] bool empty() const { return size() == 0; }
    /// Bytes the items take in a page: 16 for each, plus key and value.
    [[nodiscard]] std::uint64_t bytes() const { return m_isPacked ? m_bytes : m_list.bytes(); }

    [[nodiscard]] Found find(Bytes key) const;
    /// The item of a branch whose child holds keys like this one. There must be one.
    [[nodiscard]] Position childFor(Bytes key) const;
    [[nodiscard]] Item at(Position found) const;
    [[nodiscard]] Bytes firstKey() const; ///< there must be one
    /// Where element `index` of the page stands, as long as nothing changed since load().
    [[nodiscard]] Position elementAt(std::uint32_t index) const;
    /// The item of a child that was element `index` of packed items; nothing when they are
    /// unpacked.
    [[nodiscard]] std::optional<Position> placeOf(const Node* child, std::uint32_t index) const;

    /// Adds an item where find() did not find its key.
    void insert(Position at, const Item& item);
    /// Replaces an item that find() found; its key may change as far as the order stays.
    void assign(Position at, const Item& item);
    void erase(Position at);

    [[nodiscard]] bool isPacked() const { return m_isPacked; }
    /// The items one by one; unpacks them for good.
    [[nodiscard]] ItemList& list();
    /// Lays packed items out at `elements`: the element array, then keys and values in order.
    void store(std::byte* elements) const;

    /// Whether these items are all elements of the page, unchanged.
    [[nodiscard]] bool isPageItself(ItemList::Position from, std::uint64_t count) const;

    /// Calls for every item that has a child in memory, in key order.
    template <typename Visitor>
    void forEachChild(const Visitor& visit) {
        if (m_isPacked) {
            for (const Edit& edit : m_edits) {
                if (edit.item.child != nullptr) {
                    visit(edit.item);
                }
            }
            return;
        }
        m_list.forEach([&visit](const Item& item) {
            if (item.child != nullptr) {
                visit(item);
            }
        });
    }

private:
    /// A change at element `index` of the page; Replace keeps the key. Edits are sorted: by index,
    /// then what is inserted before the element (by key), then what becomes of the element itself.
    struct Edit {
        enum class Kind : std::uint8_t { Insert, Replace, Remove };
        std::uint32_t index = 0;
        Kind kind = Kind::Insert;
        Item item;
    };
    /// With more edits the items are unpacked. Each child of a branch that is in memory is one.
    static constexpr std::size_t kMostLeafEdits = 8;
    static constexpr std::size_t kMostBranchEdits = 256;

    [[nodiscard]] Bytes keyOf(std::uint32_t index) const;
    [[nodiscard]] Item element(std::uint32_t index) const;
    [[nodiscard]] std::size_t firstEdit(std::uint32_t index) const;
    [[nodiscard]] const Edit* editAt(Position at) const;
    void copyElements(ItemWriter& writer, std::uint32_t from, std::uint32_t to,
                      std::uint64_t& left) const;
    void addEdit(Position at, Edit::Kind kind, const Item& item);

    ItemList m_list;
    format::PageView m_page;
    std::vector<Edit> m_edits;
    std::uint64_t m_size = 0;
    std::uint64_t m_bytes = 0;
    bool m_isLeaf = true;
    bool m_isPacked = false;
};

} // namespace pagescape
