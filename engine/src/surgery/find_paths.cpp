// SPDX-License-Identifier: MIT
// Every page path to a key. Source: bbolt internal/surgeon/xray.go.
#include "format/page_view.h"
#include "pagescape/format.h"
#include "pagescape/surgery.h"
#include "walk/page_run.h"

#include <unordered_set>

namespace pagescape {

namespace {

// A sound file is visited once; a page that several others share is visited once from each.
constexpr std::uint64_t kMostVisits = 8;

class PathSearch {
public:
    PathSearch(const PageFile& file, const MetaFields& meta, Bytes key,
               const std::function<bool(std::span<const PageId>)>& onPath,
               const std::function<void(const Error&)>& onSkip)
        : m_file(file), m_key(key), m_onPath(onPath), m_onSkip(onSkip), m_runs(file),
          m_pages(usablePages(file.layout(), meta.highWater)) {}

    Result<void> run(PageId root) {
        if (auto entered = pastDamage(enter(root, PageId{0})); !entered) {
            return entered;
        }
        while (!m_stack.empty() && !m_isStopped) {
            if (m_stack.back().next >= m_stack.back().view.count()) {
                m_onPathNow.erase(m_path.back().value);
                m_path.pop_back();
                m_stack.pop_back();
                continue;
            }
            Frame& frame = m_stack.back();
            const std::uint32_t index = frame.next++;
            auto done = pastDamage(frame.view.isBranch() ? followChild(frame.view, index)
                                                         : lookAt(frame.view, index));
            if (!done) {
                return done;
            }
        }
        return checkNotCut(m_file);
    }

private:
    struct Frame {
        format::PageView view;
        std::uint32_t next = 0;
    };

    // Success where a damaged part can be left out.
    [[nodiscard]] Result<void> pastDamage(Result<void> done) const {
        if (!done && m_onSkip && done.error().code == ErrorCode::CorruptPage) {
            m_onSkip(done.error());
            return {};
        }
        return done;
    }

    [[nodiscard]] Error damaged(PageId page, std::string text) const {
        Error error;
        error.code = ErrorCode::CorruptPage;
        error.page = page;
        error.text = std::move(text);
        error.hint = "See all that is wrong: pagescape-cli check FILE.";
        return error;
    }

    Result<void> enter(PageId id, PageId from) {
        const std::string reference = " (referred to by page " + std::to_string(from.value) + ")";
        if (id.value < 2 || id.value >= m_pages) {
            return fail(damaged(id, "Expected a page from 2 to below " + std::to_string(m_pages) +
                                        reference));
        }
        if (m_onPathNow.contains(id.value)) {
            return fail(damaged(id, "The page leads back to itself" + reference));
        }
        if (++m_visits > kMostVisits * m_pages) {
            Error error = damaged(id, "Pages are shared by so many others that the paths to the "
                                      "key cannot be listed");
            error.code = ErrorCode::LimitReached;
            return fail(std::move(error));
        }
        const format::PageView view = m_runs.read(id);
        if (!view.isBranch() && !view.isLeaf()) {
            return fail(damaged(id, "Expected a branch or leaf, found flags " +
                                        std::to_string(view.header().flags) + reference));
        }
        if (!view.elementTableFits()) {
            return fail(damaged(id, "The " + std::to_string(view.count()) +
                                        " elements of the page do not fit into " +
                                        std::to_string(view.bytes().size()) + " bytes"));
        }
        m_stack.push_back({view, 0});
        m_path.push_back(id);
        m_onPathNow.insert(id.value);
        return {};
    }

    Result<void> followChild(const format::PageView& view, std::uint32_t index) {
        return enter(view.child(index).value_or(PageId{0}), m_path.back());
    }

    Result<void> lookAt(const format::PageView& view, std::uint32_t index) {
        const auto element = view.leaf(index);
        if (!element) {
            return fail(
                damaged(m_path.back(), "Element " + std::to_string(index) + " leaves the page"));
        }
        report(element->key);
        if (!element->isBucket() || m_isStopped) {
            return {};
        }
        const auto header = format::readBucketHeader(element->value);
        if (!header) {
            return fail(damaged(m_path.back(), "The bucket in element " + std::to_string(index) +
                                                   " has no room for its header"));
        }
        if (header->root.value != 0) {
            return enter(header->root, m_path.back());
        }
        return lookInside(format::PageView(header->inlinePage), index);
    }

    // An inline bucket holds no buckets, so one level is all.
    Result<void> lookInside(const format::PageView& view, std::uint32_t holder) {
        for (std::uint32_t i = 0; i < view.count() && !m_isStopped; ++i) {
            const auto element = view.leaf(i);
            if (!view.isLeaf() || !element) {
                return fail(damaged(m_path.back(), "The inline bucket in element " +
                                                       std::to_string(holder) + " is damaged"));
            }
            report(element->key);
        }
        return {};
    }

    void report(Bytes key) {
        if (compareKeys(key, m_key) == std::strong_ordering::equal && !m_onPath(m_path)) {
            m_isStopped = true;
        }
    }

    const PageFile& m_file;
    Bytes m_key;
    const std::function<bool(std::span<const PageId>)>& m_onPath;
    const std::function<void(const Error&)>& m_onSkip;
    RunReader m_runs;
    std::uint64_t m_pages;
    std::uint64_t m_visits = 0;
    bool m_isStopped = false;
    std::vector<Frame> m_stack;
    std::vector<PageId> m_path;
    std::unordered_set<std::uint64_t> m_onPathNow;
};

} // namespace

Result<void> findPathsToKey(const PageFile& file, Bytes key,
                            const std::function<bool(std::span<const PageId>)>& onPath,
                            const std::function<void(const Error&)>& onSkip) {
    const FileLayout& layout = file.layout();
    if (layout.openError) {
        return fail(*layout.openError);
    }
    const MetaFields& meta = *layout.metas.activeFields();
    return PathSearch(file, meta, key, onPath, onSkip).run(meta.root);
}

} // namespace pagescape
