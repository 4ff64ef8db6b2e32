// SPDX-License-Identifier: MIT
// A file as surgery sees it: pages of a known size, read and written whole, and nothing trusted.
#pragma once

#include "pagescape/surgery.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pagescape {

/// SurgeryRefused about a page.
[[nodiscard]] Error surgeryRefused(std::optional<PageId> page, std::string text,
                                   std::string hint = {});
/// NotADatabase, where an operation needs a valid meta page and there is none.
[[nodiscard]] Error noValidMeta(std::string text, std::string hint);

/// The pages of a file that is being operated on. Lifetime: that of the file.
class SurgeryFile {
public:
    /// Errors: NotADatabase when nothing tells the page size, OsFailure.
    [[nodiscard]] static Result<SurgeryFile> open(StorageFile& file, const SurgeryOptions& options);

    [[nodiscard]] std::uint32_t pageSize() const { return m_pageSize; }
    [[nodiscard]] const MetaPair& metas() const { return m_metas; }
    /// Whole pages in the file.
    [[nodiscard]] std::uint64_t pageCount() const { return m_pageCount; }
    /// Whether the version in force has a freelist in the file.
    [[nodiscard]] bool hasFreelist() const;

    /// One physical page. Errors: SurgeryRefused past the end of the file.
    [[nodiscard]] Result<std::vector<std::byte>> readPage(PageId page) const;
    /// A page with its overflow pages. Errors: SurgeryRefused past the end of the file, CorruptPage
    /// when the overflow pages reach past it or make more than 4 GiB.
    [[nodiscard]] Result<std::vector<std::byte>> readRun(PageId page) const;
    /// Writes over whole pages. Errors: SurgeryRefused when the file does not have all of them.
    [[nodiscard]] Result<void> write(PageId first, Bytes pages) const;

private:
    SurgeryFile(StorageFile& file, std::uint32_t pageSize, std::uint64_t pageCount, MetaPair metas)
        : m_file(file), m_pageSize(pageSize), m_pageCount(pageCount), m_metas(std::move(metas)) {}

    [[nodiscard]] Result<std::vector<std::byte>> read(PageId first, std::uint64_t pages) const;

    StorageFile& m_file;
    std::uint32_t m_pageSize;
    std::uint64_t m_pageCount;
    MetaPair m_metas;
};

} // namespace pagescape
