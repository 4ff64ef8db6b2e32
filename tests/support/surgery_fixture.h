// SPDX-License-Identifier: MIT
// Small files to operate on, and what stands in their pages afterwards.
#pragma once

#include "format/page_view.h"
#include "pagescape/surgery.h"
#include "support/page_builder.h"
#include "support/store_fixture.h"

#include <algorithm>

namespace pagescape::test {

inline constexpr std::uint32_t kPageSize = 4096;
inline constexpr std::uint64_t kDataPage = 4; // the leaf that the tests operate on

// Pages that a leaf with these elements takes behind its first one.
[[nodiscard]] inline std::uint32_t overflowOf(const std::vector<FileBuilder::Pair>& pairs) {
    std::uint64_t bytes = format::kPageHeaderSize;
    for (const auto& pair : pairs) {
        bytes += format::kElementSize + pair.key.size() + pair.value.size();
    }
    return static_cast<std::uint32_t>((bytes + kPageSize - 1) / kPageSize - 1);
}

// Metas, freelist, root leaf with one bucket "data", and its only leaf, page 4.
[[nodiscard]] inline FileBuilder fileWithLeaf(const std::vector<FileBuilder::Pair>& pairs) {
    const std::uint32_t overflow = overflowOf(pairs);
    const std::uint64_t pages = kDataPage + 1 + overflow;
    FileBuilder file(kPageSize, pages);
    file.meta(0, 6, 3, 2, pages);
    file.meta(1, 5, 3, 2, pages);
    file.freelist(2, {});
    file.leaf(3, {{"data", FileBuilder::bucketValue(kDataPage), 1}});
    file.leaf(kDataPage, pairs, overflow);
    return file;
}

[[nodiscard]] inline std::vector<FileBuilder::Pair> pairsOfSizes(
    const std::vector<std::size_t>& sizes) {
    std::vector<FileBuilder::Pair> pairs;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const char letter = static_cast<char>('a' + static_cast<int>(i % 26));
        pairs.push_back({"key" + digits(i, 4), std::string(sizes[i], letter), 0});
    }
    return pairs;
}

[[nodiscard]] inline std::string textOf(const std::string& key, const std::string& value) {
    return key + "=" + std::to_string(value.size()) + (value.empty() ? "" : value.substr(0, 1));
}

/// Base of a test class for surgery: one file on the disk.
class SurgeryFixture : public StoreFixture {
protected:
    // Writes a built file, and hands it out for an operation.
    std::shared_ptr<StorageFile> file(const FileBuilder& builder) {
        m_file = newPath();
        builder.write(m_file);
        return reopened();
    }
    [[nodiscard]] std::shared_ptr<StorageFile> reopened() const {
        auto opened = openStorageFile(m_file);
        return opened ? *opened : nullptr;
    }
    // The elements of a page as they stand in the file.
    [[nodiscard]] std::vector<std::string> elements(std::uint64_t page) const {
        const auto opened = PageFile::open(m_file);
        const format::PageView first(opened->pages(PageId{page}));
        const format::PageView view(
            opened->pages(PageId{page}, std::uint64_t{first.header().overflow} + 1));
        std::vector<std::string> all;
        for (std::uint32_t i = 0; i < view.count(); ++i) {
            if (const auto leaf = view.isLeaf() ? view.leaf(i) : std::nullopt) {
                all.push_back(textOf(toString(leaf->key), toString(leaf->value)));
            } else if (const auto branch = view.branch(i)) {
                all.push_back(toString(branch->key) + ">" + std::to_string(branch->child.value));
            }
        }
        return all;
    }
    [[nodiscard]] format::PageHeader header(std::uint64_t page) const {
        const auto opened = PageFile::open(m_file);
        return format::PageView(opened->pages(PageId{page})).header();
    }
    [[nodiscard]] MetaFields meta(std::uint64_t page) const {
        return PageFile::open(m_file)->layout().metas.metas[page].fields;
    }
    [[nodiscard]] bool isMetaValid(std::uint64_t page) const {
        return PageFile::open(m_file)->layout().metas.metas[page].isValid();
    }
    // All paths to a key, or the name of the error behind those found before it.
    [[nodiscard]] std::vector<std::string> paths(std::string_view key) const {
        const auto opened = PageFile::open(m_file);
        std::vector<std::string> all;
        const auto done = findPathsToKey(*opened, asBytes(key), [&](std::span<const PageId> path) {
            std::string text;
            for (const PageId page : path) {
                text += (text.empty() ? "" : " ") + std::to_string(page.value);
            }
            all.push_back(text);
            return true;
        });
        if (!done) {
            all.emplace_back(errorName(done.error().code));
        }
        return all;
    }

    std::string m_file;
};

} // namespace pagescape::test
