// SPDX-License-Identifier: MIT
// A depth-first walk whose whole state is one (page, next element) for each level, so that it can
// be put aside after a chunk and taken up again.
#include "session/entry_reader.h"

#include "models/byte_text.h"
#include "pagescape/format.h"
#include "pagescape/inspect.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>
#include <optional>

namespace pagescape::gui {

namespace {

// A damaged tree may refer to itself by many ways; no chunk reads more pages than this.
constexpr int kMaxPagesPerChunk = 4096;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(EntryReader)
};

// One element as the decoder saw it.
struct Element {
    BucketEntry entry;
    PageId child;
};

// Collects the elements of a decoded page from its fields. The page's own fields lie at levels 0 to
// 2; those of an inline page begin at level 3, and of them only the element count is wanted here.
class ElementCollector {
public:
    ElementCollector(const PageDescription& page, Bytes run, PageId holder, std::uint64_t fileAt)
        : m_page(page), m_run(run), m_holder(holder), m_fileAt(fileAt) {}

    std::vector<Element> collect() {
        for (const Field& field : m_page.fields) {
            if (field.element >= 0 && field.level <= 2) {
                addField(field);
            } else if (field.kind == FieldKind::CountField && field.level == 4 &&
                       !m_elements.empty()) {
                m_elements[m_inlineElement].entry.inlineEntries = field.number;
            }
        }
        return std::move(m_elements);
    }

private:
    [[nodiscard]] ByteRange inFile(ByteRange range) const {
        return {m_fileAt + range.begin, m_fileAt + range.end};
    }
    [[nodiscard]] Bytes slice(ByteRange range) const {
        return m_run.subspan(range.begin, range.size());
    }

    void addField(const Field& field) {
        const auto number = static_cast<std::size_t>(field.element);
        if (number >= m_elements.size()) {
            m_elements.resize(number + 1);
        }
        Element& element = m_elements[number];
        BucketEntry& entry = element.entry;
        entry.page = m_holder;
        entry.element = static_cast<std::uint32_t>(number);
        if (entry.problem.isEmpty() && !field.problem.empty()) {
            entry.problem = toQString(field.problem);
        }
        switch (field.kind) {
        case FieldKind::ElementFlags:
            entry.isBucket = (field.number & format::kBucketElementFlag) != 0;
            break;
        case FieldKind::ElementValueSize: entry.valueSize = field.number; break;
        case FieldKind::ElementChild: element.child = PageId{field.number}; break;
        case FieldKind::Key:
            entry.key = toQByteArray(slice(field.range));
            entry.keyBytes = inFile(field.range);
            break;
        case FieldKind::Value:
            entry.value =
                toQByteArray(slice(field.range), static_cast<qsizetype>(kEntryPreviewBytes));
            entry.valueBytes = inFile(field.range);
            break;
        case FieldKind::BucketValue:
            entry.valueBytes = inFile(field.range);
            entry.bucket.holder = m_holder;
            entry.bucket.value = entry.valueBytes;
            m_inlineElement = number;
            break;
        case FieldKind::BucketRoot: entry.bucket.root = PageId{field.number}; break;
        case FieldKind::BucketSequence: entry.sequence = field.number; break;
        case FieldKind::InlinePage: entry.inlineBytes = field.range.size(); break;
        default: break;
        }
    }

    const PageDescription& m_page;
    Bytes m_run;
    PageId m_holder;
    std::uint64_t m_fileAt;
    std::vector<Element> m_elements;
    std::size_t m_inlineElement = 0;
};

// A page taken apart.
struct Opened {
    PageType type = PageType::Unknown;
    std::vector<Element> elements;
};

class Walk {
public:
    Walk(const PageFile& file, const EntryRequest& request, const std::stop_token& stop)
        : m_file(file), m_request(request), m_stop(stop) {
        m_chunk.request = request.id;
        m_chunk.next = request.from;
    }

    EntryChunk run() {
        if (m_request.bucket.isInline()) {
            runInline();
        } else {
            runTree();
        }
        m_chunk.atEnd = levels().empty();
        return std::move(m_chunk);
    }

private:
    std::vector<EntryPosition::Level>& levels() { return m_chunk.next.levels; }

    [[nodiscard]] bool hasRoom() const {
        return static_cast<int>(m_chunk.entries.size()) < m_request.limit &&
               !m_stop.stop_requested();
    }

    void report(QString text) { m_chunk.problems.push_back(std::move(text)); }

    void runTree() {
        if (levels().empty()) {
            levels().push_back({m_request.bucket.root, 0});
        }
        int pages = 0;
        while (!levels().empty() && hasRoom()) {
            if (++pages > kMaxPagesPerChunk) {
                report(Texts::tr("Gave up after %1 pages without reaching the end of the bucket.")
                           .arg(kMaxPagesPerChunk));
                levels().clear();
                return;
            }
            visitTop();
        }
    }

    void visitTop() {
        const PageId page = levels().back().page;
        // Branches are met again after each of their children; leaves are not.
        if (const auto known = m_branches.find(page); known != m_branches.end()) {
            followBranch(known->second);
            return;
        }
        auto opened = openPage(page);
        if (!opened) {
            levels().pop_back();
            return;
        }
        if (opened->type == PageType::Branch) {
            followBranch(m_branches.emplace(page, std::move(*opened)).first->second);
        } else if (opened->type == PageType::Leaf) {
            takeLeaf(*opened);
        } else {
            report(Texts::tr("Page %1 is neither a branch nor a leaf.").arg(page.value));
            levels().pop_back();
        }
    }

    std::optional<Opened> openPage(PageId page) {
        const auto inspected = inspectPage(m_file, page);
        if (!inspected) {
            report(toQString(inspected.error().describe()));
            return std::nullopt;
        }
        const std::uint64_t at = page.value * m_file.layout().pageSize;
        Opened opened;
        opened.type = inspected->description.type;
        opened.elements =
            ElementCollector(inspected->description, inspected->bytes, page, at).collect();
        return opened;
    }

    // Goes down into the next child of the branch on top.
    void followBranch(const Opened& branch) {
        auto& top = levels().back();
        if (top.next >= branch.elements.size()) {
            levels().pop_back();
            return;
        }
        const PageId page = top.page;
        const PageId child = branch.elements[top.next++].child;
        const bool isCycle =
            std::any_of(levels().begin(), levels().end(),
                        [child](const auto& level) { return level.page == child; });
        if (isCycle) {
            report(Texts::tr("Branch page %1 leads back to page %2.")
                       .arg(page.value)
                       .arg(child.value));
        } else if (levels().size() >= format::kMaxTreeDepth) {
            report(
                Texts::tr("The tree below page %1 is deeper than any valid one.").arg(page.value));
        } else {
            levels().push_back({child, 0});
        }
    }

    void takeLeaf(Opened& leaf) {
        auto& top = levels().back();
        while (top.next < leaf.elements.size() && hasRoom()) {
            m_chunk.entries.push_back(std::move(leaf.elements[top.next++].entry));
        }
        if (top.next >= leaf.elements.size()) {
            levels().pop_back();
        }
    }

    void runInline() {
        const PageId holder = m_request.bucket.holder;
        const ByteRange value = m_request.bucket.value;
        if (value.size() < format::kBucketHeaderSize + format::kPageHeaderSize) {
            report(Texts::tr("The bucket has no page."));
            levels().clear();
            return;
        }
        if (levels().empty()) {
            levels().push_back({holder, 0});
        }
        const ByteRange image{value.begin + format::kBucketHeaderSize,
                              std::min(value.end, value.begin + kMaxInlineBytes)};
        const auto bytes = m_file.readBytes(image);
        if (!bytes || bytes->size() < format::kPageHeaderSize) {
            report(bytes ? Texts::tr("The file ends before the inline bucket.")
                         : toQString(bytes.error().describe()));
            levels().clear();
            return;
        }
        const auto page = inspectPage(*bytes, holder, m_file.layout().pageSize);
        Opened opened;
        opened.elements = ElementCollector(page, *bytes, holder, image.begin).collect();
        if (page.type != PageType::Leaf) {
            report(Texts::tr("The inline bucket in page %1 is not a leaf.").arg(holder.value));
            levels().clear();
            return;
        }
        takeLeaf(opened);
    }

    static constexpr std::uint64_t kMaxInlineBytes = std::uint64_t{16} << 20;

    const PageFile& m_file;
    const EntryRequest& m_request;
    const std::stop_token& m_stop;
    EntryChunk m_chunk;
    std::map<PageId, Opened> m_branches;
};

} // namespace

EntryChunk readEntries(const PageFile& file, const EntryRequest& request,
                       const std::stop_token& stop) {
    return Walk(file, request, stop).run();
}

} // namespace pagescape::gui
