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

std::optional<NodeItems::Damage> NodeItems::load(const format::PageView& page) {
    m_page = page;
    m_isLeaf = page.isLeaf();
    m_isPacked = true;
    m_size = page.count();
    const std::byte* end = nullptr;
    bool isDense = true; // keys and values lie in order without gaps, as bolt writes them
    Item before;
    for (std::uint32_t i = 0; i < page.count(); ++i) {
        Item item;
        Bytes data;
        if (m_isLeaf) {
            const auto leaf = page.leaf(i);
            if (!leaf) {
                return Damage{i, "Key or value leaves the page"};
            }
            data = {leaf->key.data(), leaf->key.size() + leaf->value.size()};
            item.keySize = static_cast<std::uint32_t>(leaf->key.size());
        } else {
            const auto branch = page.branch(i);
            if (!branch) {
                return Damage{i, "Key leaves the page"};
            }
            data = branch->key;
            item.keySize = static_cast<std::uint32_t>(branch->key.size());
        }
        item.keyData = data.data();
        item.prefix = keyPrefix(item.key());
        if (i > 0 && compareItem(before, item.prefix, item.key()) >= 0) {
            return Damage{i, "The keys are out of order"};
        }
        isDense = isDense && (i == 0 || data.data() == end);
        end = data.data() + data.size();
        m_bytes += format::kElementSize + data.size();
        before = item;
    }
    if (!isDense) {
        static_cast<void>(list());
    }
    return std::nullopt;
}

// load() has found every element inside the page. Should another program break the lock and change
// the mapped file since, an element that leaves the page is an empty one.
Bytes NodeItems::keyOf(std::uint32_t index) const {
    return m_isLeaf ? m_page.leaf(index).value_or(format::LeafElement()).key
                    : m_page.branch(index).value_or(format::BranchElement()).key;
}

Item NodeItems::element(std::uint32_t index) const {
    Item item;
    const Bytes key = keyOf(index);
    if (m_isLeaf) {
        const auto leaf = m_page.leaf(index).value_or(format::LeafElement());
        item.valueData = leaf.value.data();
        item.valueSize = static_cast<std::uint32_t>(leaf.value.size());
        item.flags = leaf.flags;
    } else {
        item.child = nullptr;
        item.page = m_page.child(index).value_or(PageId{}).value;
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

// A position in packed items is an element of the page and the edit there, or where it would be.
NodeItems::Found NodeItems::find(Bytes key) const {
    if (!m_isPacked) {
        return m_list.find(key);
    }
    std::uint32_t low = 0;
    std::uint32_t high = m_page.count();
    bool isElement = false;
    while (low < high) {
        const std::uint32_t middle = low + (high - low) / 2;
        const auto order = compareKeys(key, keyOf(middle));
        if (order > 0) {
            low = middle + 1;
        } else {
            high = middle;
            isElement = isElement || order == 0;
        }
    }
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

NodeItems::Position NodeItems::childFor(Bytes key) const {
    const Found found = find(key);
    if (!m_isPacked) {
        return !found.exact && found.at != m_list.begin() ? m_list.prev(found.at) : found.at;
    }
    const std::uint32_t index =
        !found.exact && found.at.index > 0 ? found.at.index - 1 : found.at.index;
    return {static_cast<std::uint32_t>(firstEdit(index)), index};
}

Item NodeItems::at(Position found) const {
    if (!m_isPacked) {
        return m_list[found];
    }
    const Edit* edit = editAt(found);
    return edit != nullptr ? edit->item : element(found.index);
}

Item NodeItems::front() const {
    if (!m_isPacked) {
        return m_list[m_list.begin()];
    }
    std::uint32_t index = 0;
    for (const Edit& edit : m_edits) {
        if (edit.index > index) {
            break;
        }
        if (edit.kind != Edit::Kind::Remove) {
            return edit.item;
        }
        ++index;
    }
    return element(index);
}

void NodeItems::addEdit(Position at, Edit::Kind kind, const Item& item) {
    m_edits.insert(m_edits.begin() + at.chunk, Edit{at.index, kind, item});
    if (m_isLeaf && m_edits.size() > kMostEdits) {
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
    m_bytes += bytesOf(item);
    m_bytes -= bytesOf(this->at(at));
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

void NodeItems::store(std::byte* elements) const {
    std::byte* element = elements;
    std::byte* data = elements + m_size * format::kElementSize;
    const auto isSameKey = [this](const Edit& edit) {
        return !m_isLeaf && edit.kind == Edit::Kind::Replace &&
               isKeyOf(edit.item, keyOf(edit.index));
    };
    const auto put = [&](const Item& item) {
        storeElement(element, m_isLeaf, item, static_cast<std::uint32_t>(data - element));
        if (item.keySize > 0) {
            std::memcpy(data, item.keyData, item.keySize);
        }
        data += item.keySize;
        if (m_isLeaf && item.valueSize > 0) {
            std::memcpy(data, item.valueData, item.valueSize);
            data += item.valueSize;
        }
        element += format::kElementSize;
    };
    std::uint64_t unchanged = m_bytes - m_size * format::kElementSize; // keys and values left
    for (const Edit& edit : m_edits) {
        if (edit.kind != Edit::Kind::Remove && !isSameKey(edit)) {
            unchanged -= std::min(unchanged, bytesOf(edit.item) - format::kElementSize);
        }
    }
    const std::size_t posAt = m_isLeaf ? format::kLeafPosAt : format::kBranchPosAt;
    // Elements that nobody changed: their data in one piece, and each position shifted alike.
    const auto copy = [&](std::uint32_t from, std::uint32_t to) {
        if (from == to) {
            return;
        }
        const std::byte* source = m_page.bytes().data() + format::PageView::elementAt(from);
        const Item first = this->element(from);
        const Item last = this->element(to - 1);
        const auto length = std::min(static_cast<std::uint64_t>(last.keyData + last.keySize +
                                                                last.valueSize - first.keyData),
                                     unchanged);
        const auto shift = static_cast<std::uint32_t>((data - element) - (first.keyData - source));
        if (length > 0) {
            std::memcpy(data, first.keyData, length);
        }
        data += length;
        unchanged -= length;
        for (std::uint32_t i = from; i < to; ++i) {
            std::memcpy(element, source, format::kElementSize);
            format::store<std::uint32_t>(element + posAt,
                                         format::load<std::uint32_t>(source + posAt) + shift);
            element += format::kElementSize;
            source += format::kElementSize;
        }
    };
    std::uint32_t done = 0;
    for (const Edit& edit : m_edits) {
        if (isSameKey(edit)) {
            continue; // another child by the same name: see below
        }
        copy(done, edit.index);
        done = edit.index;
        if (edit.kind != Edit::Kind::Remove) {
            put(edit.item);
        }
        if (edit.kind != Edit::Kind::Insert) {
            ++done;
        }
    }
    copy(done, m_page.count());
    if (!m_isLeaf) {
        std::int64_t moved = 0; // how far the elements after an edit stand from where they were
        for (const Edit& edit : m_edits) {
            if (edit.kind == Edit::Kind::Replace) {
                format::store<std::uint64_t>(
                    elements + (edit.index + moved) * format::kElementSize + format::kBranchChildAt,
                    edit.item.page);
            } else {
                moved += edit.kind == Edit::Kind::Insert ? 1 : -1;
            }
        }
    }
}

} // namespace pagescape
