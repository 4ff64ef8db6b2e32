// SPDX-License-Identifier: MIT
// Nodes are made as chunks arrive and never move, so an index can point at its node.
#include "models/bucket_tree_model.h"

#include "models/byte_text.h"
#include "units/key_text.h"
#include "units/units.h"

#include <algorithm>

namespace pagescape::gui {

namespace {

constexpr std::size_t kKeyChars = 120;
constexpr std::size_t kValueChars = 160;

// The place of a bucket's header, for looking it up in the census. An element number is 16 bits
// wide.
quint64 headerKey(PageId page, std::uint32_t element) {
    return page.value << 16U | (element & 0xFFFFU);
}

} // namespace

struct BucketTreeModel::Node {
    Node* parent = nullptr;
    int row = 0;
    BucketEntry entry;
    bool isNote = false; // a row that says what cannot be read
    std::vector<std::unique_ptr<Node>> children;
    EntryPosition next;
    bool atEnd = false;
    quint64 pending = 0; // request under way, or 0

    [[nodiscard]] bool isBucket() const { return entry.isBucket; }
    [[nodiscard]] bool isRoot() const { return parent == nullptr; }
    [[nodiscard]] bool isInline() const {
        return isBucket() && !isRoot() && entry.bucket.isInline();
    }
};

BucketTreeModel::BucketTreeModel(QObject* parent) : QAbstractItemModel(parent) {}
BucketTreeModel::~BucketTreeModel() = default;

void BucketTreeModel::setSource(EntrySource* source, std::shared_ptr<const Census> census) {
    beginResetModel();
    if (m_source) {
        for (const auto& [id, node] : m_requests) {
            m_source->cancelEntries(id);
        }
        m_source->disconnect(this);
    }
    m_requests.clear();
    m_source = source;
    m_census = std::move(census);
    m_censusIndex.clear();
    m_indexed = 0;
    m_root.reset();
    if (source != nullptr) {
        connect(source, &EntrySource::entriesReady, this, &BucketTreeModel::onEntries);
        m_root = std::make_unique<Node>();
        m_root->entry.isBucket = true;
        m_root->entry.bucket = source->rootBucket();
        m_root->entry.page = m_root->entry.bucket.root;
        m_root->atEnd = m_root->entry.bucket.root.value == 0;
    }
    indexBuckets();
    endResetModel();
}

void BucketTreeModel::setFormats(BucketFormats keys, BucketFormats values) {
    m_keyFormat = std::move(keys);
    m_valueFormat = std::move(values);
    if (m_root) {
        tellChildrenChanged(*m_root, NameColumn, ValueColumn);
    }
}

void BucketTreeModel::refreshFigures() {
    if (!m_root) {
        return;
    }
    indexBuckets();
    const QModelIndex root = indexOf(*m_root);
    Q_EMIT dataChanged(root.siblingAtColumn(EntriesColumn), root.siblingAtColumn(FillColumn));
    tellChildrenChanged(*m_root, EntriesColumn, FillColumn);
}

void BucketTreeModel::indexBuckets() {
    const std::size_t count = m_census ? m_census->bucketCount() : 0;
    for (; m_indexed < count; ++m_indexed) {
        const auto index = static_cast<BucketIndex>(m_indexed);
        const BucketInfo bucket = m_census->bucket(index);
        if (bucket.parent != kNoBucket) {
            m_censusIndex.emplace(headerKey(bucket.headerPage, bucket.headerElement), index);
        }
    }
}

void BucketTreeModel::tellChildrenChanged(const Node& node, int firstColumn, int lastColumn) {
    if (node.children.empty()) {
        return;
    }
    Q_EMIT dataChanged(indexOf(*node.children.front(), firstColumn),
                       indexOf(*node.children.back(), lastColumn));
    for (const auto& child : node.children) {
        tellChildrenChanged(*child, firstColumn, lastColumn);
    }
}

BucketTreeModel::Node* BucketTreeModel::nodeAt(const QModelIndex& index) const {
    return index.isValid() ? static_cast<Node*>(index.internalPointer()) : nullptr;
}

QModelIndex BucketTreeModel::indexOf(const Node& node, int column) const {
    return createIndex(node.row, column, &node);
}

QModelIndex BucketTreeModel::index(int row, int column, const QModelIndex& parent) const {
    if (row < 0 || column < 0 || column >= kColumnCount || row >= rowCount(parent)) {
        return {};
    }
    if (!parent.isValid()) {
        return indexOf(*m_root, column);
    }
    return indexOf(*nodeAt(parent)->children[static_cast<std::size_t>(row)], column);
}

QModelIndex BucketTreeModel::parent(const QModelIndex& child) const {
    const Node* node = nodeAt(child);
    return node != nullptr && node->parent != nullptr ? indexOf(*node->parent) : QModelIndex();
}

int BucketTreeModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) {
        return m_root ? 1 : 0;
    }
    return parent.column() == 0 ? static_cast<int>(nodeAt(parent)->children.size()) : 0;
}

int BucketTreeModel::columnCount(const QModelIndex&) const {
    return kColumnCount;
}

bool BucketTreeModel::hasChildren(const QModelIndex& parent) const {
    const Node* node = nodeAt(parent);
    if (node == nullptr) {
        return m_root != nullptr;
    }
    return parent.column() == 0 && node->isBucket() && (!node->children.empty() || !node->atEnd);
}

bool BucketTreeModel::canFetchMore(const QModelIndex& parent) const {
    const Node* node = nodeAt(parent);
    return m_source && node != nullptr && node->isBucket() && !node->atEnd && node->pending == 0;
}

void BucketTreeModel::fetchMore(const QModelIndex& parent) {
    if (!canFetchMore(parent)) {
        return;
    }
    Node* node = nodeAt(parent);
    EntryRequest request;
    request.id = ++m_nextRequest;
    request.bucket = node->entry.bucket;
    request.from = node->next;
    request.limit = kChunk;
    node->pending = request.id;
    m_requests.emplace(request.id, node);
    m_source->requestEntries(request);
}

void BucketTreeModel::onEntries(const EntryChunk& chunk) {
    const auto request = m_requests.find(chunk.request);
    if (request == m_requests.end()) {
        return; // asked by another model, or for a file that is not shown any more
    }
    Node& node = *request->second;
    m_requests.erase(request);
    node.pending = 0;
    node.next = chunk.next;
    node.atEnd = chunk.atEnd;
    append(node, chunk);
}

void BucketTreeModel::append(Node& parent, const EntryChunk& chunk) {
    const std::size_t added = chunk.entries.size() + chunk.problems.size();
    const QModelIndex index = indexOf(parent);
    if (added == 0) {
        Q_EMIT dataChanged(index, index); // no children after all
        return;
    }
    const int first = static_cast<int>(parent.children.size());
    beginInsertRows(index, first, first + static_cast<int>(added) - 1);
    const auto add = [&parent](BucketEntry entry, bool isNote) {
        auto node = std::make_unique<Node>();
        node->parent = &parent;
        node->row = static_cast<int>(parent.children.size());
        node->entry = std::move(entry);
        node->isNote = isNote;
        // A bucket whose place is not known cannot be opened, nor one that says it is empty.
        const BucketPlace& place = node->entry.bucket;
        node->atEnd =
            !node->entry.isBucket ||
            (place.isInline() && (place.value.isEmpty() || node->entry.inlineEntries == 0));
        parent.children.push_back(std::move(node));
    };
    for (const BucketEntry& entry : chunk.entries) {
        add(entry, false);
    }
    for (const QString& problem : chunk.problems) {
        BucketEntry note;
        note.problem = problem;
        add(std::move(note), true);
    }
    endInsertRows();
}

std::vector<QByteArray> BucketTreeModel::pathOf(const Node& node) const {
    std::vector<QByteArray> path;
    const Node* bucket = node.isBucket() ? &node : node.parent;
    for (; bucket != nullptr && !bucket->isRoot(); bucket = bucket->parent) {
        path.push_back(bucket->entry.key);
    }
    std::reverse(path.begin(), path.end());
    return path;
}

std::vector<QByteArray> BucketTreeModel::bucketPathAt(const QModelIndex& index) const {
    const Node* node = nodeAt(index);
    return node != nullptr ? pathOf(*node) : std::vector<QByteArray>();
}

QModelIndex BucketTreeModel::find(const std::vector<QByteArray>& bucket,
                                  const QByteArray& key) const {
    const Node* node = m_root.get();
    if (node == nullptr) {
        return {};
    }
    const auto child = [](const Node& parent, const QByteArray& name,
                          bool wantBucket) -> const Node* {
        for (const auto& candidate : parent.children) {
            if (!candidate->isNote && candidate->entry.key == name &&
                (!wantBucket || candidate->isBucket())) {
                return candidate.get();
            }
        }
        return nullptr;
    };
    for (const QByteArray& name : bucket) {
        const Node* next = child(*node, name, true);
        if (next == nullptr) {
            return indexOf(*node);
        }
        node = next;
    }
    if (!key.isNull()) {
        if (const Node* found = child(*node, key, false)) {
            node = found;
        }
    }
    return indexOf(*node);
}

Place BucketTreeModel::placeAt(const QModelIndex& index) const {
    const Node* node = nodeAt(index);
    Place place;
    if (node == nullptr || node->isNote) {
        return place;
    }
    if (node->isRoot()) {
        if (node->entry.page.value != 0) {
            place.page = node->entry.page;
        }
        return place;
    }
    const BucketEntry& entry = node->entry;
    place.page = entry.page;
    place.key = entry.key;
    if (!entry.keyBytes.isEmpty()) {
        place.bytes = ByteRange{entry.keyBytes.begin, entry.keyBytes.end};
    }
    // An element of an inline page is no element of the leaf around it.
    place.element = node->parent->isInline() ? -1 : static_cast<int>(entry.element);
    return place;
}

BucketIndex BucketTreeModel::censusIndexOf(const Node& node) const {
    if (!m_census || !node.isBucket() || node.isInline()) {
        return kNoBucket;
    }
    if (node.isRoot()) {
        return m_indexed > 0 ? 0 : kNoBucket;
    }
    const auto found = m_censusIndex.find(headerKey(node.entry.page, node.entry.element));
    return found == m_censusIndex.end() ? kNoBucket : found->second;
}

std::optional<BucketInfo> BucketTreeModel::censusBucket(const Node& node) const {
    const BucketIndex index = censusIndexOf(node);
    return index == kNoBucket ? std::nullopt : std::optional(m_census->bucket(index));
}

QVariant BucketTreeModel::data(const QModelIndex& index, int role) const {
    const Node* node = nodeAt(index);
    if (node == nullptr) {
        return {};
    }
    const BucketEntry& entry = node->entry;
    switch (role) {
    case Qt::DisplayRole: return display(*node, index.column());
    case Qt::ToolTipRole: return entry.problem.isEmpty() ? QVariant() : QVariant(entry.problem);
    case Qt::TextAlignmentRole: {
        const bool isNumber = index.column() >= EntriesColumn && index.column() <= FillColumn;
        return QVariant::fromValue(
            Qt::Alignment((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    }
    case PlaceRole: return QVariant::fromValue(placeAt(index));
    case PageRole:
        return node->isNote ? QVariant() : QVariant::fromValue<quint64>(entry.page.value);
    case ElementRole: return placeAt(index).element;
    case KeyRole: return entry.key;
    case SharedCharsRole: return sharedChars(*node);
    case ProblemRole: return entry.problem;
    case IsBucketRole: return node->isBucket();
    case IsInlineRole: return node->isInline();
    case FileOffsetRole: return QVariant::fromValue<quint64>(entry.keyBytes.begin);
    case SizeRole: return entry.valueSize;
    case FillRole: return fillOf(*node);
    case BucketIndexRole: {
        const BucketIndex bucket = censusIndexOf(*node);
        return bucket == kNoBucket ? QVariant() : QVariant::fromValue<quint32>(bucket);
    }
    default: return {};
    }
}

QVariant BucketTreeModel::display(const Node& node, int column) const {
    if (node.isNote) {
        return column == NameColumn ? QVariant(node.entry.problem) : QVariant();
    }
    if (column == NameColumn) {
        return node.isRoot() ? tr("(root)") : keyText(node);
    }
    if (column == ValueColumn) {
        return node.isBucket() ? QString() : valueText(node);
    }
    return node.isBucket() ? bucketFigure(node, column) : QString();
}

QString BucketTreeModel::keyText(const Node& node) const {
    const ValueFormat format = m_keyFormat ? m_keyFormat(pathOf(*node.parent)) : ValueFormat::Auto;
    return oneLine(toBytes(node.entry.key), format, kKeyChars);
}

// Siblings are sorted: what a key shares with the first and the last of them, it shares with all
// whose text is sorted too.
int BucketTreeModel::sharedChars(const Node& node) const {
    if (node.isRoot() || node.isNote) {
        return 0;
    }
    const auto& siblings = node.parent->children;
    const QString text = keyText(node);
    int shared = -1;
    for (const Node* other : {siblings.front().get(), siblings.back().get()}) {
        if (other->isNote) {
            return 0;
        }
        if (other != &node) {
            const int common = sharedStart(text, keyText(*other));
            shared = shared < 0 ? common : std::min(shared, common);
        }
    }
    return std::max(shared, 0);
}

QString BucketTreeModel::valueText(const Node& node) const {
    const BucketEntry& entry = node.entry;
    if (entry.value.isEmpty()) {
        return entry.valueSize == 0 ? tr("(empty)") : QString();
    }
    const ValueFormat format =
        m_valueFormat ? m_valueFormat(pathOf(*node.parent)) : ValueFormat::Auto;
    // A decoder of the whole value would only stumble over the cut of a preview.
    const bool isWhole = static_cast<quint64>(entry.value.size()) == entry.valueSize;
    const QString text =
        oneLine(toBytes(entry.value), isWhole ? format : ValueFormat::Auto, kValueChars);
    return isWhole ? text : tr("%1 (%2 in all)").arg(text, bytesText(entry.valueSize));
}

QString BucketTreeModel::bucketFigure(const Node& node, int column) const {
    if (column == SequenceColumn && !node.isRoot()) {
        return countText(node.entry.sequence);
    }
    if (node.isInline()) {
        switch (column) {
        case EntriesColumn: return countText(node.entry.inlineEntries);
        case PagesColumn: return tr("inline");
        default: return {};
        }
    }
    const auto bucket = censusBucket(node);
    if (!bucket) {
        return {};
    }
    switch (column) {
    case EntriesColumn: return countText(bucket->entries);
    case PagesColumn:
        return countText(bucket->branchPages + bucket->leafPages + bucket->overflowPages);
    case DepthColumn: return countText(bucket->height);
    case SequenceColumn: return countText(bucket->sequence);
    case FillColumn: {
        const QVariant fill = fillOf(node);
        return fill.isValid() ? tr("%1 %").arg(qRound(fill.toDouble() * 100)) : QString();
    }
    default: return {};
    }
}

QVariant BucketTreeModel::fillOf(const Node& node) const {
    const auto bucket = censusBucket(node);
    const quint64 pages =
        bucket ? bucket->branchPages + bucket->leafPages + bucket->overflowPages : 0;
    if (pages == 0) {
        return {};
    }
    const double size =
        static_cast<double>(pages) * static_cast<double>(m_census->file().layout().pageSize);
    return std::min(1.0, static_cast<double>(bucket->usedBytes) / size);
}

QVariant BucketTreeModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case NameColumn: return tr("Bucket or key");
    case EntriesColumn: return tr("Entries");
    case PagesColumn: return tr("Pages");
    case DepthColumn: return tr("Height");
    case SequenceColumn: return tr("Sequence");
    case FillColumn: return tr("Fill");
    case ValueColumn: return tr("Value");
    default: return {};
    }
}

} // namespace pagescape::gui
