// SPDX-License-Identifier: MIT
// Grows the drawn tree breadth first under a budget, then counts the leaves that stayed out.
#include "models/tree_shape_builder.h"

#include "pagescape/format.h"
#include "pagescape/inspect.h"
#include "pagescape/value_format.h"
#include "units/key_text.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <unordered_map>

namespace pagescape::gui {

namespace {

constexpr std::size_t kKeyChars = 64; // a painter shortens further, where it sees the room
// Keys stand at the front of a run; a long value behind them is not needed for a node.
constexpr std::uint64_t kMaxRunBytes = std::uint64_t{256} << 10;
// Steps from a leaf up to a drawn node: all levels of nested trees of a valid file are fewer.
constexpr int kMaxClimb = 256;

// A child as its parent names it.
struct Child {
    PageId page;
    bool isBucketRoot = false;
    QString name;
};

// A node in growth: the tree's nodes stand in the order of finding until the end.
struct Draft {
    TreeShape::Node node;
    BucketIndex bucket = kNoBucket;
    std::vector<Child> childList;
    std::vector<std::size_t> drawn; // indices of drafts
};

// Reads what a node shows from the decoded page.
class NodeReader {
public:
    NodeReader(const InspectedPage& page, ValueFormat keyFormat, Draft& draft)
        : m_page(page.description), m_run(page.bytes), m_keyFormat(keyFormat), m_draft(draft) {}

    void read() {
        TreeShape::Node& node = m_draft.node;
        node.elements = m_page.count;
        node.overflow = m_page.overflow;
        node.hasProblem = node.hasProblem || !m_page.problems.empty();
        for (const Field& field : m_page.fields) {
            node.hasProblem = node.hasProblem || !field.problem.empty();
            if (field.level <= 2 && field.element >= 0) {
                readField(field);
            }
        }
        node.childCount = static_cast<int>(m_draft.childList.size());
    }

private:
    void readField(const Field& field) {
        TreeShape::Node& node = m_draft.node;
        switch (field.kind) {
        case FieldKind::Key:
            m_key = m_run.subspan(field.range.begin, field.range.size());
            if (field.element == 0) {
                node.firstKey = keyText();
            }
            if (field.element + 1 == node.elements) {
                node.lastKey = keyText();
            }
            break;
        case FieldKind::ElementChild:
            m_draft.childList.push_back({PageId{field.number}, false, {}});
            break;
        case FieldKind::BucketRoot:
            if (field.number == 0) {
                ++node.inlineBuckets;
            } else {
                ++node.nestedBuckets;
                m_draft.childList.push_back({PageId{field.number}, true, keyText()});
            }
            break;
        default: break;
        }
    }

    [[nodiscard]] QString keyText() const { return oneLine(m_key, m_keyFormat, kKeyChars); }

    const PageDescription& m_page;
    Bytes m_run;
    ValueFormat m_keyFormat;
    Draft& m_draft;
    Bytes m_key;
};

class Builder {
public:
    Builder(const PageFile& file, const Census& census, const TreeShapeRequest& request,
            const std::stop_token& stop)
        : m_file(file), m_census(census), m_request(request), m_stop(stop),
          m_path(request.path.begin(), request.path.end()) {}

    TreeShape build() {
        const auto root = rootChild();
        if (!root) {
            return {};
        }
        add(*root, -1);
        while (!m_queue.empty() && !m_stop.stop_requested()) {
            const std::size_t index = m_queue.front();
            m_queue.pop_front();
            grow(index);
        }
        countHiddenLeaves();
        countSharedChars();
        return finish();
    }

private:
    [[nodiscard]] std::optional<Child> rootChild() const {
        if (m_request.bucket < m_census.bucketCount()) {
            const BucketInfo bucket = m_census.bucket(m_request.bucket);
            return Child{bucket.root, true,
                         oneLine(asBytes(bucket.name), formatOf(bucket.parent), kKeyChars)};
        }
        const MetaFields* meta = m_file.layout().metas.activeFields();
        if (m_request.bucket != 0 || meta == nullptr) {
            return std::nullopt;
        }
        return Child{meta->root, true, {}};
    }

    [[nodiscard]] ValueFormat formatOf(BucketIndex bucket) const {
        std::vector<QByteArray> path;
        if (!m_request.keyFormats || bucket >= m_census.bucketCount()) {
            return ValueFormat::Auto;
        }
        for (const std::string& name : m_census.bucketPath(bucket)) {
            path.push_back(QByteArray::fromStdString(name));
        }
        return m_request.keyFormats(path);
    }

    [[nodiscard]] bool isOnPath(PageId page) const { return m_path.contains(page); }

    // Reads a page and queues it. False when it is drawn already: a damaged tree meets itself.
    bool add(const Child& child, int parent) {
        if (!m_places.emplace(child.page.value, m_drafts.size()).second) {
            return false;
        }
        Draft draft;
        TreeShape::Node& node = draft.node;
        node.page = child.page;
        node.parent = parent;
        node.isBucketRoot = child.isBucketRoot;
        node.bucketName = child.name;
        node.isOnPath = isOnPath(child.page);
        if (child.page.value < m_census.pageCount()) {
            const PageRow row = m_census.row(child.page);
            node.kind = row.kind;
            node.fill = row.fill / 255.0;
            node.hasProblem = row.hasProblem;
            draft.bucket = row.bucket;
        }
        const auto page = inspectPage(m_file, child.page, kMaxRunBytes);
        if (page) {
            NodeReader(*page, formatOf(draft.bucket), draft).read();
            setKind(node, page->description);
        } else {
            node.kind = PageKind::Problem;
            node.hasProblem = true;
        }
        m_drafts.push_back(std::move(draft));
        m_queue.push_back(m_drafts.size() - 1);
        return true;
    }

    // The page itself knows its kind and fill where the census has not come by yet.
    static void setKind(TreeShape::Node& node, const PageDescription& page) {
        const bool isTreePage = page.type == PageType::Branch || page.type == PageType::Leaf;
        if (!isTreePage) {
            node.kind = PageKind::Problem;
            node.hasProblem = true;
            return;
        }
        node.kind = page.type == PageType::Branch ? PageKind::Branch : PageKind::Leaf;
        if (node.fill == 0 && page.pageSize > 0) {
            const double size = (1.0 + page.overflow) * page.pageSize;
            node.fill = std::min(1.0, static_cast<double>(page.usedBytes) / size);
        }
    }

    void grow(std::size_t index) {
        const std::vector<Child>& children = m_drafts[index].childList; // a deque: add() moves none
        const PageId page = m_drafts[index].node.page;
        if (children.empty()) {
            return;
        }
        const bool hasPathChild = std::any_of(children.begin(), children.end(),
                                              [this](const Child& c) { return isOnPath(c.page); });
        const bool isAsked = m_request.expanded.contains(page);
        const std::size_t window =
            isAsked ? children.size()
                    : std::min(children.size(),
                               static_cast<std::size_t>(std::max(1, m_request.childrenUnasked)));
        const bool fitsUnasked =
            m_drafts.size() + window <= static_cast<std::size_t>(std::max(0, m_request.unasked));
        if (m_request.collapsed.contains(page) || !(isAsked || hasPathChild || fitsUnasked)) {
            m_drafts[index].node.collapsed = true;
            return;
        }
        const std::size_t first = windowStart(children, window);
        for (std::size_t i = first; i < first + window; ++i) {
            if (m_drafts.size() >= static_cast<std::size_t>(std::max(1, m_request.maxNodes))) {
                break;
            }
            const std::size_t at = m_drafts.size();
            if (add(children[i], static_cast<int>(index))) {
                m_drafts[index].drawn.push_back(at);
            } else {
                m_drafts[index].node.hasProblem = true;
            }
        }
        m_drafts[index].node.collapsed = m_drafts[index].drawn.empty();
    }

    // First child drawn: the one on the path stands in the middle of the window.
    [[nodiscard]] std::size_t windowStart(const std::vector<Child>& children,
                                          std::size_t window) const {
        const auto onPath = std::find_if(children.begin(), children.end(),
                                         [this](const Child& c) { return isOnPath(c.page); });
        if (onPath == children.end()) {
            return 0;
        }
        const auto at = static_cast<std::size_t>(onPath - children.begin());
        const std::size_t half = window / 2;
        return std::min(at > half ? at - half : 0, children.size() - window);
    }

    // Adds each leaf that is not drawn to the nearest drawn page above it.
    void countHiddenLeaves() {
        const bool isComplete =
            std::all_of(m_drafts.begin(), m_drafts.end(), [](const Draft& draft) {
                return draft.drawn.size() == draft.childList.size();
            });
        if (isComplete) {
            return;
        }
        std::vector<PageId> headers;
        for (BucketIndex b = 0; b < m_census.bucketCount(); ++b) {
            headers.push_back(m_census.bucket(b).headerPage);
        }
        const std::uint64_t end = std::min(m_census.pageCount(), m_census.highWater().value);
        for (std::uint64_t page = 0; page < end; ++page) {
            if ((page & 0xFFF) == 0 && m_stop.stop_requested()) {
                return;
            }
            const auto kind = static_cast<PageKind>(m_census.state(PageId{page}) & 0x0F);
            if (kind == PageKind::Leaf && !m_places.contains(page)) {
                countLeaf(page, headers);
            }
        }
    }

    void countLeaf(std::uint64_t page, const std::vector<PageId>& headers) {
        for (int step = 0; step < kMaxClimb && page < m_census.pageCount(); ++step) {
            if (const auto place = m_places.find(page); place != m_places.end()) {
                ++m_drafts[place->second].node.hiddenLeaves;
                return;
            }
            const PageRow row = m_census.row(PageId{page});
            const bool isRoot = row.depth == 0 && row.bucket < headers.size();
            const std::uint64_t above = isRoot ? headers[row.bucket].value : row.parent;
            if (above == page || above == 0) {
                return;
            }
            page = above;
        }
    }

    // What the keys of a bucket begin with in common tells nothing apart.
    void countSharedChars() {
        struct Shared {
            QString first;
            int chars = 0;
            bool isAlone = true;
        };
        std::unordered_map<BucketIndex, Shared> buckets;
        for (const Draft& draft : m_drafts) {
            for (const QString& key : {draft.node.firstKey, draft.node.lastKey}) {
                const auto [at, isNew] = buckets.try_emplace(draft.bucket, Shared{key});
                Shared& shared = at->second;
                if (!isNew && key != shared.first) {
                    const int common = sharedStart(key, shared.first);
                    shared.chars = shared.isAlone ? common : std::min(shared.chars, common);
                    shared.isAlone = false;
                }
            }
        }
        for (Draft& draft : m_drafts) {
            draft.node.sharedChars = buckets[draft.bucket].chars;
        }
    }

    // Pre-order: a parent before its children, siblings in key order.
    TreeShape finish() {
        TreeShape shape;
        shape.nodes.reserve(m_drafts.size());
        std::vector<std::pair<std::size_t, int>> stack{{0, -1}};
        while (!stack.empty()) {
            const auto [index, parent] = stack.back();
            stack.pop_back();
            Draft& draft = m_drafts[index];
            draft.node.parent = parent;
            const int place = static_cast<int>(shape.nodes.size());
            for (auto child = draft.drawn.rbegin(); child != draft.drawn.rend(); ++child) {
                stack.emplace_back(*child, place);
            }
            shape.nodes.push_back(std::move(draft.node));
        }
        return shape;
    }

    const PageFile& m_file;
    const Census& m_census;
    const TreeShapeRequest& m_request;
    const std::stop_token& m_stop;
    std::set<PageId> m_path;
    std::deque<Draft> m_drafts;
    std::deque<std::size_t> m_queue;
    std::unordered_map<std::uint64_t, std::size_t> m_places; // page -> draft
};

} // namespace

TreeShape buildTreeShape(const PageFile& file, const Census& census,
                         const TreeShapeRequest& request, const std::stop_token& stop) {
    return Builder(file, census, request, stop).build();
}

} // namespace pagescape::gui
