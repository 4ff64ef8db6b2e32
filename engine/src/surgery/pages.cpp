// SPDX-License-Identifier: MIT
// Surgery on branch and leaf pages: copying one over another, taking elements out.
#include "format/byte_order.h"
#include "format/page_view.h"
#include "pagescape/format.h"
#include "surgery/surgery_file.h"

#include <algorithm>
#include <cstring>

namespace pagescape {

namespace {

constexpr std::uint64_t kFirstTreePage = 2; // behind the meta pages

const char* const kLeakWarning =
    "Pages may now be neither reachable nor free. Put the freelist right: surgery freelist "
    "abandon, then surgery freelist rebuild";

// An element that stays: its fields and what stands behind them.
struct Kept {
    Bytes data; // key, then value
    std::uint32_t keySize = 0;
    std::uint32_t flags = 0; // of a leaf
    PageId child;            // of a branch
};

Error elementLeaves(PageId page, std::uint32_t index) {
    Error error;
    error.code = ErrorCode::CorruptPage;
    error.page = page;
    error.text = "Element " + std::to_string(index) + ", which is to stay, leaves the page";
    error.hint = "Take it out as well: a wider range of indices.";
    return error;
}

Result<Kept> keep(const format::PageView& view, PageId page, std::uint32_t index) {
    Kept kept;
    if (view.isBranch()) {
        const auto element = view.branch(index);
        if (!element) {
            return fail(elementLeaves(page, index));
        }
        kept.data = element->key;
        kept.keySize = static_cast<std::uint32_t>(element->key.size());
        kept.child = element->child;
        return kept;
    }
    const auto element = view.leaf(index);
    if (!element) {
        return fail(elementLeaves(page, index));
    }
    kept.data = Bytes(element->key.data(), element->key.size() + element->value.size());
    kept.keySize = static_cast<std::uint32_t>(element->key.size());
    kept.flags = element->flags;
    return kept;
}

// Whether pages hang on a leaf element, or may do so where it is damaged.
bool mayOwnPages(const format::PageView& view, std::uint32_t index) {
    const auto flags = view.leafFlags(index);
    if (flags && (*flags & format::kBucketElementFlag) == 0) {
        return false;
    }
    const auto element = view.leaf(index);
    const auto header = element ? format::readBucketHeader(element->value) : std::nullopt;
    return !header || header->root.value != 0;
}

// Lays a page out as bolt's writer does: header, elements, then key value key value ...
// Source: bbolt internal/common/inode.go WriteInodeToPage.
std::vector<std::byte> layOut(PageId page, std::uint16_t flags, const std::vector<Kept>& kept,
                              std::uint64_t usedBytes, std::uint32_t pageSize) {
    const std::uint64_t pages = (usedBytes + pageSize - 1) / pageSize;
    std::vector<std::byte> run(pages * pageSize);
    format::store<std::uint64_t>(run.data() + format::kHeaderIdAt, page.value);
    format::store<std::uint16_t>(run.data() + format::kHeaderFlagsAt, flags);
    format::store<std::uint16_t>(run.data() + format::kHeaderCountAt,
                                 static_cast<std::uint16_t>(kept.size()));
    format::store<std::uint32_t>(run.data() + format::kHeaderOverflowAt,
                                 static_cast<std::uint32_t>(pages - 1));
    std::byte* element = run.data() + format::kPageHeaderSize;
    std::byte* data = element + kept.size() * format::kElementSize;
    for (const Kept& each : kept) {
        const auto pos = static_cast<std::uint32_t>(data - element);
        if (flags == format::kBranchFlag) {
            format::store<std::uint32_t>(element + format::kBranchPosAt, pos);
            format::store<std::uint32_t>(element + format::kBranchKeySizeAt, each.keySize);
            format::store<std::uint64_t>(element + format::kBranchChildAt, each.child.value);
        } else {
            format::store<std::uint32_t>(element + format::kLeafFlagsAt, each.flags);
            format::store<std::uint32_t>(element + format::kLeafPosAt, pos);
            format::store<std::uint32_t>(element + format::kLeafKeySizeAt, each.keySize);
            format::store<std::uint32_t>(
                element + format::kLeafValueSizeAt,
                static_cast<std::uint32_t>(each.data.size() - each.keySize));
        }
        data = std::copy(each.data.begin(), each.data.end(), data);
        element += format::kElementSize;
    }
    return run;
}

// The range within the page's elements. Refusals in bbolt's order: start, end, both.
Result<std::pair<std::uint32_t, std::uint32_t>> checkRange(PageId page, const ElementRange& range,
                                                           std::uint32_t count) {
    const std::uint32_t to = range.to.value_or(count);
    const auto refuse = [page](std::string text) {
        return fail(surgeryRefused(page, std::move(text),
                                   "Indices count from 0; see the elements "
                                   "with pagescape-cli page FILE ID."));
    };
    if (range.from >= count) {
        return refuse("The start index " + std::to_string(range.from) +
                      " is out of range: expected 0 to below " + std::to_string(count));
    }
    if (to > count) {
        return refuse("The end index " + std::to_string(to) + " is out of range: expected 0 to " +
                      std::to_string(count));
    }
    if (range.from >= to) {
        return refuse("The start index " + std::to_string(range.from) +
                      (range.from == to ? " is equal to" : " is bigger than") + " the end index " +
                      std::to_string(to));
    }
    return std::pair{range.from, to};
}

} // namespace

Result<SurgeryOutcome> copyPage(StorageFile& file, PageId from, PageId to,
                                const SurgeryOptions& options) {
    const auto pages = SurgeryFile::open(file, options);
    if (!pages) {
        return fail(pages.error());
    }
    if (from == to) {
        return fail(surgeryRefused(from, "The page to copy from and the page to copy to are one"));
    }
    auto run = pages->readRun(from);
    if (!run) {
        return fail(run.error());
    }
    if (from.value < kFirstTreePage) {
        run->resize(pages->pageSize()); // a meta page has no overflow, whatever its header says
    }
    const std::uint64_t count = run->size() / pages->pageSize();
    if (to.value >= pages->pageCount() || count > pages->pageCount() - to.value) {
        return fail(surgeryRefused(to, "The copy has " + std::to_string(count) +
                                           (count == 1 ? " page" : " pages") +
                                           " and would reach past the end of the file, "
                                           "which has " +
                                           std::to_string(pages->pageCount()) + " pages"));
    }
    if (to.value < kFirstTreePage && from.value >= kFirstTreePage) {
        return fail(surgeryRefused(to, "A meta page cannot become another kind of page",
                                   "Use surgery meta update, or surgery revert-meta-page."));
    }
    format::store<std::uint64_t>(run->data() + format::kHeaderIdAt, to.value);
    if (auto written = pages->write(to, *run); !written) {
        return fail(written.error());
    }
    SurgeryOutcome outcome{to, count, {}};
    if (pages->hasFreelist()) {
        outcome.warnings.emplace_back(kLeakWarning);
    }
    return outcome;
}

Result<SurgeryOutcome> clearPage(StorageFile& file, PageId page, const SurgeryOptions& options) {
    return clearPageElements(file, page, {}, options);
}

Result<SurgeryOutcome> clearPageElements(StorageFile& file, PageId page,
                                         const ElementRange& elements,
                                         const SurgeryOptions& options) {
    const auto pages = SurgeryFile::open(file, options);
    if (!pages) {
        return fail(pages.error());
    }
    if (page.value < kFirstTreePage) {
        return fail(surgeryRefused(page, "Elements cannot be taken out of a meta page: expected a "
                                         "page from 2 on"));
    }
    const auto run = pages->readRun(page);
    if (!run) {
        return fail(run.error());
    }
    const format::PageView view{Bytes(*run)};
    if (!view.isBranch() && !view.isLeaf()) {
        return fail(
            surgeryRefused(page, "Elements can only be taken out of a branch or leaf; found "
                                 "flags " +
                                     std::to_string(view.header().flags)));
    }
    if (view.count() == 0) {
        return SurgeryOutcome{page, 0, {}};
    }
    const auto range = checkRange(page, elements, view.count());
    if (!range) {
        return fail(range.error());
    }
    std::vector<Kept> kept;
    std::uint64_t usedBytes = format::kPageHeaderSize;
    bool mayLeak = view.isBranch();
    for (std::uint32_t i = 0; i < view.count(); ++i) {
        if (i >= range->first && i < range->second) {
            mayLeak = mayLeak || mayOwnPages(view, i);
            continue;
        }
        const auto element = keep(view, page, i);
        if (!element) {
            return fail(element.error());
        }
        usedBytes += format::kElementSize + element->data.size();
        if (usedBytes > run->size()) {
            Error error = elementLeaves(page, i);
            error.text = "The elements that are to stay overlap: up to element " +
                         std::to_string(i) + " they claim " + std::to_string(usedBytes) +
                         " bytes, the page has " + std::to_string(run->size());
            return fail(std::move(error));
        }
        kept.push_back(*element);
    }
    const auto written = layOut(page, view.header().flags, kept, usedBytes, pages->pageSize());
    if (auto done = pages->write(page, written); !done) {
        return fail(done.error());
    }
    mayLeak = mayLeak || written.size() != run->size();
    SurgeryOutcome outcome{page, written.size() / pages->pageSize(), {}};
    if (mayLeak && pages->hasFreelist()) {
        outcome.warnings.emplace_back(kLeakWarning);
    }
    return outcome;
}

} // namespace pagescape
