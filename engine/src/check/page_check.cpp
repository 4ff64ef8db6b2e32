// SPDX-License-Identifier: MIT
#include "check/page_check.h"

#include "pagescape/value_format.h"

namespace pagescape {

namespace {

// Bytes compared between two looks at the stop token.
constexpr std::int64_t kWorkBetweenPolls = 128 * 1024;

std::string quoted(Bytes key) {
    return "\"" + shortText(key, 24) + "\"";
}

// "Leaf element 5", "In the inline bucket of element 3, leaf element 5".
std::string elementName(const CheckedPage& page, std::uint32_t index) {
    std::string name = page.view.isBranch() ? "branch element " : "leaf element ";
    name += std::to_string(index);
    if (page.owner.empty()) {
        name.front() = page.view.isBranch() ? 'B' : 'L';
    }
    return page.owner + name;
}

std::uint64_t elementOffset(const CheckedPage& page, std::uint32_t index) {
    return page.offset + format::PageView::elementAt(index);
}

void reportBounds(CheckRun& run, const CheckedPage& page, std::uint32_t index) {
    const std::byte* at = page.view.bytes().data() + format::PageView::elementAt(index);
    const bool isBranch = page.view.isBranch();
    const auto pos =
        format::load<std::uint32_t>(at + (isBranch ? format::kBranchPosAt : format::kLeafPosAt));
    const auto keySize = format::load<std::uint32_t>(
        at + (isBranch ? format::kBranchKeySizeAt : format::kLeafKeySizeAt));
    std::string text = elementName(page, index) + " at position " + std::to_string(pos) +
                       " with a key of " + std::to_string(keySize);
    if (!isBranch) {
        text += " and a value of " +
                std::to_string(format::load<std::uint32_t>(at + format::kLeafValueSizeAt));
    }
    run.report(page.owner.empty() ? FindingCode::ElementBounds : FindingCode::InlineBucket, page.id,
               elementOffset(page, index),
               text + " bytes leaves the " + std::to_string(page.view.bytes().size()) +
                   " bytes of its page",
               page.path);
}

// Keys of one page in stored order: each above the one before, all within the ancestors' bounds.
class KeyOrder {
public:
    KeyOrder(CheckRun& run, const CheckedPage& page, const KeyBounds& bounds)
        : m_run(run), m_page(page), m_bounds(bounds) {}

    void add(std::uint32_t index, Bytes key) {
        if (key.empty()) {
            report(FindingCode::EmptyKey, index, " has an empty key");
        }
        if (m_previous) {
            const auto order = compareKeys(*m_previous, key);
            if (order > 0) {
                report(FindingCode::KeyOrder, index,
                       ": key " + quoted(key) + " is smaller than " + quoted(*m_previous) +
                           " before it");
            } else if (order == 0) {
                report(FindingCode::DuplicateKey, index,
                       ": key " + quoted(key) + " is the same as the one before it");
            }
        } else if (m_bounds.lower && compareKeys(key, *m_bounds.lower) < 0) {
            report(FindingCode::KeyRange, index,
                   ": the first key " + quoted(key) + " is smaller than " +
                       quoted(*m_bounds.lower) + ", which its ancestor promises");
        }
        if (m_bounds.upper && compareKeys(key, *m_bounds.upper) >= 0) {
            if (m_tooBig++ == 0) {
                m_firstTooBig = index;
                m_firstTooBigKey = key;
            }
        }
        m_previous = key;
    }

    // One finding for all keys past the upper bound: a misplaced page would give hundreds.
    void finish() {
        if (m_tooBig == 0) {
            return;
        }
        std::string text = ": key " + quoted(m_firstTooBigKey) + " is not smaller than " +
                           quoted(*m_bounds.upper) + ", the next key in an ancestor";
        if (m_tooBig > 1) {
            text += "; so are " + std::to_string(m_tooBig - 1) + " more keys of the page";
        }
        report(FindingCode::KeyRange, m_firstTooBig, text);
    }

private:
    void report(FindingCode code, std::uint32_t index, const std::string& text) {
        m_run.report(code, m_page.id, elementOffset(m_page, index),
                     elementName(m_page, index) + text, m_page.path);
    }

    CheckRun& m_run;
    const CheckedPage& m_page;
    const KeyBounds& m_bounds;
    std::optional<Bytes> m_previous;
    std::uint32_t m_tooBig = 0;
    std::uint32_t m_firstTooBig = 0;
    Bytes m_firstTooBigKey;
};

} // namespace

std::uint32_t checkElements(CheckRun& run, const CheckedPage& page, const KeyBounds& bounds) {
    KeyOrder keys(run, page, bounds);
    std::uint64_t keyBytesLeft = dataLimit(page.view);
    std::int64_t workLeft = kWorkBetweenPolls;
    bool isCompared = true;
    std::uint32_t buckets = 0;
    for (std::uint32_t i = 0; i < page.view.count() && !run.full; ++i) {
        workLeft -= 128;
        if (workLeft < 0) {
            workLeft = kWorkBetweenPolls;
            if (run.mustEnd()) {
                break;
            }
        }
        if (!page.view.isBranch()) {
            const std::uint32_t flags = page.view.leafFlags(i).value_or(0);
            buckets += flags & format::kBucketElementFlag;
            if ((flags & ~format::kBucketElementFlag) != 0) {
                run.report(FindingCode::ElementFlags, page.id,
                           elementOffset(page, i) + format::kLeafFlagsAt,
                           elementName(page, i) + " has flags " + std::to_string(flags) +
                               "; expected 0 or 1",
                           page.path);
            }
        }
        const auto key = page.view.key(i);
        if (!key) {
            reportBounds(run, page, i);
        } else if (isCompared && key->size() <= keyBytesLeft) {
            keyBytesLeft -= key->size();
            workLeft -= static_cast<std::int64_t>(key->size());
            keys.add(i, *key);
        } else if (isCompared) {
            isCompared = false;
            run.report(FindingCode::GaveUp, page.id, elementOffset(page, i),
                       elementName(page, i) + " and those behind it are not compared: the keys "
                                              "overlap, claiming many times the bytes of the page",
                       page.path);
        }
    }
    keys.finish();
    return buckets;
}

void checkInlineBucket(CheckRun& run, const CheckedPage& holder, std::uint32_t index, Bytes image) {
    CheckedPage page;
    page.view = format::PageView(image);
    page.id = holder.id;
    page.offset =
        holder.offset + static_cast<std::uint64_t>(image.data() - holder.view.bytes().data());
    page.path = holder.path;
    page.owner = "In the inline bucket of element " + std::to_string(index) + ", ";
    const auto report = [&](std::uint64_t at, const std::string& text) {
        run.report(FindingCode::InlineBucket, holder.id, page.offset + at, text, holder.path);
    };
    const std::string bucket = "The inline bucket of leaf element " + std::to_string(index);
    const format::PageHeader& header = page.view.header();
    if (image.size() < format::kPageHeaderSize) {
        report(0, bucket + " has " + std::to_string(image.size()) +
                      " bytes, its page header needs " + std::to_string(format::kPageHeaderSize));
        return;
    }
    if (!page.view.isLeaf()) {
        report(format::kHeaderFlagsAt, bucket + " has flags " + std::to_string(header.flags) +
                                           " and not those of a leaf, " +
                                           std::to_string(format::kLeafFlag));
        return;
    }
    if (header.id != 0 || header.overflow != 0) {
        report(format::kHeaderIdAt, bucket + " states page " + std::to_string(header.id) + " and " +
                                        std::to_string(header.overflow) +
                                        " overflow pages; expected 0 and 0");
    }
    if (!page.view.elementTableFits()) {
        report(format::kHeaderCountAt, bucket + " states " + std::to_string(header.count) +
                                           " elements, which do not fit into " +
                                           std::to_string(image.size()) + " bytes");
        return;
    }
    if (checkElements(run, page, {}) != 0) {
        report(0, bucket + " has a bucket inside, which only a bucket with its own page may have");
    }
}

} // namespace pagescape
