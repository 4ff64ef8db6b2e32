// SPDX-License-Identifier: MIT
#include "node/node_items.h"

#include "format/byte_order.h"

#include <algorithm>
#include <utility>

namespace pagescape {

namespace {

std::uint64_t bytesOf(const Item& item) {
    return format::kElementSize + std::uint64_t{item.keySize} + item.valueSize;
}

template <bool kIsLeaf>
Bytes elementKey(const format::PageView& page, std::uint32_t index) {
    if constexpr (kIsLeaf) {
        return page.leaf(index).value_or(format::LeafElement()).key;
    } else {
        return page.branch(index).value_or(format::BranchElement()).key;
    }
}

// The lowest element whose key is not less than this one, and whether it is the same.
template <bool kIsLeaf>
std::pair<std::uint32_t, bool> lowestElement(const format::PageView& page, Bytes key) {
    std::uint32_t low = 0;
    std::uint32_t high = page.count();
    bool isExact = false;
    while (low < high) {
        const std::uint32_t middle = low + (high - low) / 2;
        const auto order = compareKeys(key, elementKey<kIsLeaf>(page, middle));
        if (order > 0) {
            low = middle + 1;
        } else {
            high = middle;
            isExact = isExact || order == 0;
        }
    }
    return {low, isExact};
}

bool isKeyOf(const Item& item, Bytes key) {
    return item.keySize == key.size() &&
           (key.empty() || std::memcmp(item.keyData, key.data(), key.size()) == 0);
}

} // namespace

void storeElement(std::byte* element, bool isLeaf, const Item& item, std::uint32_t pos) {
    if (isLeaf) {
        format::store<std::uint32_t>(element + format::kLeafFlagsAt, item.flags);
        format::store<std::uint32_t>(element + format::kLeafPosAt, pos);
        format::store<std::uint32_t>(element + format::kLeafKeySizeAt, item.keySize);
        format::store<std::uint32_t>(element + format::kLeafValueSizeAt, item.valueSize);
    } else {
        format::store<std::uint32_t>(element + format::kBranchPosAt, pos);
        format::store<std::uint32_t>(element + format::kBranchKeySizeAt, item.keySize);
        format::store<std::uint64_t>(element + format::kBranchChildAt, item.page);
    }
}

void ItemWriter::put(const Item& item) {
    storeElement(element, isLeaf, item, static_cast<std::uint32_t>(data - element));
    if (item.keySize > 0) {
        std::memcpy(data, item.keyData, item.keySize);
    }
    data += item.keySize;
    if (isLeaf && item.valueSize > 0) {
        std::memcpy(data, item.valueData, item.valueSize);
        data += item.valueSize;
    }
    element += format::kElementSize;
}

std::optional<NodeItems::Damage> NodeItems::load(const format::PageView& page) {
    m_page = page;
    m_isLeaf = page.isLeaf();
    m_isPacked = true;
    m_size = page.count();
    const std::byte* end = nullptr;
    bool isDense = true; // keys and values lie in order without gaps, as bolt writes them
    Bytes before;
    for (std::uint32_t i = 0; i < page.count(); ++i) {
        Bytes key;
        std::size_t valueSize = 0;
        if (m_isLeaf) {
            const auto leaf = page.leaf(i);
            if (!leaf) {
                return Damage{i, "Key or value leaves the page"};
            }
            key = leaf->key;
            valueSize = leaf->value.size();
        } else {
            const auto branch = page.branch(i);
            if (!branch) {
                return Damage{i, "Key leaves the page"};
            }
            key = branch->key;
        }
        if (i > 0 && compareKeys(before, key) >= 0) {
            return Damage{i, "The keys are out of order"};
        }
        isDense = isDense && (i == 0 || key.data() == end);
        end = key.data() + key.size() + valueSize;
        m_bytes += format::kElementSize + key.size() + valueSize;
        before = key;
    }
    if (!isDense) {
        static_cast<void>(list());
    }
    return std::nullopt;
}

// load() has found every element inside the page. Should another program break the lock and change
// the mapped file since, an element that leaves the page is an empty one.
Bytes NodeItems::keyOf(std::uint32_t index) const {
    return m_isLeaf ? elementKey<true>(m_page, index) : elementKey<false>(m_page, index);
}

Item NodeItems::element(std::uint32_t index) const {
    Item item;
    Bytes key;
    if (m_isLeaf) {
        const auto leaf = m_page.leaf(index).value_or(format::LeafElement());
        key = leaf.key;
        item.valueData = leaf.value.data();
        item.valueSize = static_cast<std::uint32_t>(leaf.value.size());
        item.flags = leaf.flags;
    } else {
        const auto branch = m_page.branch(index).value_or(format::BranchElement());
        key = branch.key;
        item.child = nullptr;
        item.page = branch.child.value;
    }
    item.prefix = keyPrefix(key);
    item.keyData = key.data();
    item.keySize = static_cast<std::uint32_t>(key.size());
    return item;
}

std::size_t NodeItems::firstEdit(std::uint32_t index) const {
    const auto edit = std::partition_point(m_edits.begin(), m_edits.end(),
                                           [index](const Edit& e) { return e.index < index; });
    return static_cast<std::size_t>(edit - m_edits.begin());
}

// The edit a position points at; null when it points at an element that nobody changed.
const NodeItems::Edit* NodeItems::editAt(Position at) const {
    return at.chunk < m_edits.size() && m_edits[at.chunk].index == at.index ? &m_edits[at.chunk]
                                                                            : nullptr;
}

// A position in packed items is an element of the page and the edit there, or where it would be:
// all edits before it belong to items before it.
NodeItems::Found NodeItems::find(Bytes key) const {
    if (!m_isPacked) {
        return m_list.find(key);
    }
    const auto [low, isElement] =
        m_isLeaf ? lowestElement<true>(m_page, key) : lowestElement<false>(m_page, key);
    std::size_t slot = firstEdit(low);
    for (; slot < m_edits.size() && m_edits[slot].index == low; ++slot) {
        const Edit& edit = m_edits[slot];
        const Position at{static_cast<std::uint32_t>(slot), low};
        if (edit.kind != Edit::Kind::Insert) { // the element's own
            return {at, isElement && edit.kind == Edit::Kind::Replace};
        }
        if (!isElement && compareKeys(edit.item.key(), key) >= 0) {
            return {at, isKeyOf(edit.item, key)};
        }
    }
    return {{static_cast<std::uint32_t>(slot), low}, isElement};
}

NodeItems::Position NodeItems::elementAt(std::uint32_t index) const {
    return m_isPacked ? Position{0, index} : m_list.at(index);
}

NodeItems::Position NodeItems::childFor(Bytes key) const {
    const Found found = find(key);
    if (!m_isPacked) {
        return !found.exact && found.at != m_list.begin() ? m_list.prev(found.at) : found.at;
    }
    Position at = found.at;
    if (found.exact) {
        return at;
    }
    while (at.chunk > 0 || at.index > 0) { // one item back
        const Edit* edit = at.chunk > 0 ? &m_edits[at.chunk - 1] : nullptr;
        if (edit != nullptr && edit->index == at.index) {
            return {at.chunk - 1, at.index}; // inserted before the element
        }
        --at.index;
        if (edit == nullptr || edit->index != at.index || edit->kind == Edit::Kind::Insert) {
            return at;
        }
        --at.chunk;
        if (edit->kind == Edit::Kind::Replace) {
            return at;
        }
    }
    while (editAt(at) != nullptr && m_edits[at.chunk].kind == Edit::Kind::Remove) {
        ++at.chunk; // none is before: the first one
        ++at.index;
    }
    return at;
}

Item NodeItems::at(Position found) const {
    if (!m_isPacked) {
        return m_list[found];
    }
    const Edit* edit = editAt(found);
    return edit != nullptr ? edit->item : element(found.index);
}

Bytes NodeItems::firstKey() const {
    if (!m_isPacked) {
        return m_list[m_list.begin()].key();
    }
    std::uint32_t index = 0;
    for (const Edit& edit : m_edits) {
        if (edit.index > index) {
            break;
        }
        if (edit.kind != Edit::Kind::Remove) {
            return edit.item.key();
        }
        ++index;
    }
    return keyOf(index);
}

std::optional<NodeItems::Position> NodeItems::placeOf(const Node* child,
                                                      std::uint32_t index) const {
    if (m_isPacked) {
        for (std::size_t slot = firstEdit(index);
             slot < m_edits.size() && m_edits[slot].index == index; ++slot) {
            if (m_edits[slot].item.child == child) {
                return Position{static_cast<std::uint32_t>(slot), index};
            }
        }
    }
    return std::nullopt;
}

void NodeItems::addEdit(Position at, Edit::Kind kind, const Item& item) {
    if (m_edits.capacity() == 0) {
        m_edits.reserve(m_isLeaf ? 2 : 16); // a commit changes many children of a branch
    }
    m_edits.insert(m_edits.begin() + at.chunk, Edit{at.index, kind, item});
    if (m_edits.size() > (m_isLeaf ? kMostLeafEdits : kMostBranchEdits)) {
        static_cast<void>(list());
    }
}

void NodeItems::insert(Position at, const Item& item) {
    if (!m_isPacked) {
        m_list.insert(at, item);
        return;
    }
    m_bytes += bytesOf(item);
    ++m_size;
    if (editAt(at) != nullptr && m_edits[at.chunk].kind == Edit::Kind::Remove &&
        isKeyOf(element(at.index), item.key())) { // it comes back
        m_edits[at.chunk] = Edit{at.index, Edit::Kind::Replace, item};
        return;
    }
    addEdit(at, Edit::Kind::Insert, item);
}

void NodeItems::assign(Position at, const Item& item) {
    if (!m_isPacked) {
        m_list.assign(at, item);
        return;
    }
    const Item old = this->at(at);
    if (!isKeyOf(old, item.key())) { // a child whose first key is another now
        erase(at);
        insert(find(item.key()).at, item);
        return;
    }
    m_bytes += bytesOf(item);
    m_bytes -= bytesOf(old);
    if (editAt(at) != nullptr) {
        m_edits[at.chunk].item = item;
    } else {
        addEdit(at, Edit::Kind::Replace, item);
    }
}

void NodeItems::erase(Position at) {
    if (!m_isPacked) {
        m_list.erase(at);
        return;
    }
    m_bytes -= bytesOf(this->at(at));
    --m_size;
    const Edit* edit = editAt(at);
    if (edit == nullptr) {
        addEdit(at, Edit::Kind::Remove, Item());
    } else if (edit->kind == Edit::Kind::Insert) {
        m_edits.erase(m_edits.begin() + at.chunk);
    } else {
        m_edits[at.chunk] = Edit{at.index, Edit::Kind::Remove, Item()};
    }
}

bool NodeItems::isPageItself(ItemList::Position from, std::uint64_t count) const {
    if (count != m_page.count()) {
        return false;
    }
    if (m_isPacked) {
        return m_edits.empty();
    }
    for (std::uint32_t i = 0; i < count; ++i, from = m_list.next(from)) {
        const Item& item = m_list[from];
        const Item element = this->element(i);
        if (item.keyData != element.keyData || item.valueData != element.valueData ||
            item.valueSize != element.valueSize) {
            return false;
        }
    }
    return true;
}

ItemList& NodeItems::list() {
    if (!m_isPacked) {
        return m_list;
    }
    auto edit = m_edits.begin();
    for (std::uint32_t i = 0; i <= m_page.count(); ++i) {
        bool isKept = i < m_page.count();
        for (; edit != m_edits.end() && edit->index == i; ++edit) {
            isKept = isKept && edit->kind == Edit::Kind::Insert;
            if (edit->kind != Edit::Kind::Remove) {
                m_list.append(edit->item);
            }
        }
        if (isKept) {
            m_list.append(element(i));
        }
    }
    m_isPacked = false;
    m_edits = {};
    return m_list;
}

// Copies elements that nobody changed: their keys and values in one piece, and each position
// shifted alike. `left`: bytes of all such keys and values that there is room for.
void NodeItems::copyElements(ItemWriter& writer, std::uint32_t from, std::uint32_t to,
                             std::uint64_t& left) const {
    if (from == to) {
        return;
    }
    const Bytes run = m_page.bytes();
    const std::byte* source = run.data() + format::PageView::elementAt(from);
    const std::byte* begin = keyOf(from).data();
    const Bytes last = keyOf(to - 1);
    const std::byte* end = last.data() + last.size();
    if (m_isLeaf) {
        end += m_page.leaf(to - 1).value_or(format::LeafElement()).value.size();
    }
    if (begin < run.data() || end < begin || end > run.data() + run.size()) {
        std::memset(writer.data, 0, left); // the page changed since load(), see keyOf()
        writer.data += std::exchange(left, 0);
        begin = end = run.data();
    }
    const auto length = std::min(static_cast<std::uint64_t>(end - begin), left);
    const auto shift =
        static_cast<std::uint32_t>((writer.data - writer.element) - (begin - source));
    if (length > 0) {
        std::memcpy(writer.data, begin, length);
    }
    writer.data += length;
    left -= length;
    const std::size_t posAt = m_isLeaf ? format::kLeafPosAt : format::kBranchPosAt;
    for (std::uint32_t i = from; i < to; ++i) {
        std::memcpy(writer.element, source, format::kElementSize);
        format::store<std::uint32_t>(writer.element + posAt,
                                     format::load<std::uint32_t>(source + posAt) + shift);
        writer.element += format::kElementSize;
        source += format::kElementSize;
    }
}

void NodeItems::store(std::byte* elements) const {
    ItemWriter writer(elements, m_size, m_isLeaf);
    // Another child by the same name: only the page number differs, see below.
    const auto isOtherChild = [this](const Edit& edit) {
        return !m_isLeaf && edit.kind == Edit::Kind::Replace;
    };
    std::uint64_t left = m_bytes - m_size * format::kElementSize;
    for (const Edit& edit : m_edits) {
        if (edit.kind != Edit::Kind::Remove && !isOtherChild(edit)) {
            left -= std::min(left, bytesOf(edit.item) - format::kElementSize);
        }
    }
    std::uint32_t done = 0;
    for (const Edit& edit : m_edits) {
        if (isOtherChild(edit)) {
            continue;
        }
        copyElements(writer, done, edit.index, left);
        done = edit.index;
        if (edit.kind != Edit::Kind::Remove) {
            writer.put(edit.item);
        }
        if (edit.kind != Edit::Kind::Insert) {
            ++done;
        }
    }
    copyElements(writer, done, m_page.count(), left);
    std::int64_t moved = 0; // how far the elements after an edit stand from where they were
    for (const Edit& edit : m_edits) {
        if (isOtherChild(edit)) {
            format::store<std::uint64_t>(elements + (edit.index + moved) * format::kElementSize +
                                             format::kBranchChildAt,
                                         edit.item.page);
        } else if (edit.kind != Edit::Kind::Replace) {
            moved += edit.kind == Edit::Kind::Insert ? 1 : -1;
        }
    }
}

} // namespace pagescape
