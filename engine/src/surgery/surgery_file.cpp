// SPDX-License-Identifier: MIT
#include "surgery/surgery_file.h"

#include "format/meta_search.h"
#include "format/page_view.h"

#include <array>

namespace pagescape {

namespace {

// A run of more cannot be written, so it is a lying overflow.
constexpr std::uint64_t kLargestRun = std::uint64_t{1} << 32;

Result<std::uint32_t> findPageSize(StorageFile& file, std::uint64_t fileSize,
                                   const SurgeryOptions& options) {
    const auto meta = format::findMeta(file, fileSize);
    if (!meta) {
        return fail(meta.error());
    }
    if (meta->isValid() && format::isReadablePageSize(meta->fields.pageSize)) {
        return meta->fields.pageSize;
    }
    if (options.pageSizeHint != 0 && !format::isReadablePageSize(options.pageSizeHint)) {
        return fail(surgeryRefused(
            std::nullopt, "Pages have " + std::to_string(format::kSmallestReadablePageSize) +
                              " to " + std::to_string(format::kLargestPageSize) +
                              " bytes; asked for were " + std::to_string(options.pageSizeHint)));
    }
    if (options.pageSizeHint != 0) {
        return options.pageSizeHint;
    }
    if (meta->present && meta->fields.magic == format::kMagic &&
        format::isReadablePageSize(meta->fields.pageSize)) {
        return meta->fields.pageSize; // damaged elsewhere, as the magic is right
    }
    return fail(noValidMeta("No meta page tells the page size: expected a valid meta in page 0 or "
                            "1, found none",
                            "Say the page size with --page-size; 4096 is usual."));
}

} // namespace

Error surgeryRefused(std::optional<PageId> page, std::string text, std::string hint) {
    Error error;
    error.code = ErrorCode::SurgeryRefused;
    error.page = page;
    error.text = std::move(text);
    error.hint = std::move(hint);
    return error;
}

Error noValidMeta(std::string text, std::string hint) {
    Error error = surgeryRefused(std::nullopt, std::move(text), std::move(hint));
    error.code = ErrorCode::NotADatabase;
    return error;
}

Result<SurgeryFile> SurgeryFile::open(StorageFile& file, const SurgeryOptions& options) {
    const auto size = file.size();
    if (!size) {
        return fail(size.error());
    }
    const auto pageSize = findPageSize(file, *size, options);
    if (!pageSize) {
        return fail(pageSize.error());
    }
    auto metas = format::readMetaPair(file, *pageSize);
    if (!metas) {
        return fail(metas.error());
    }
    return SurgeryFile(file, *pageSize, *size / *pageSize, std::move(*metas));
}

bool SurgeryFile::hasFreelist() const {
    const MetaFields* active = m_metas.activeFields();
    return active != nullptr && active->hasFreelist();
}

Result<std::vector<std::byte>> SurgeryFile::read(PageId first, std::uint64_t pages) const {
    std::vector<std::byte> bytes(pages * m_pageSize);
    const auto got = m_file.readAt(first.value * m_pageSize, bytes);
    if (!got) {
        return fail(got.error());
    }
    if (*got < bytes.size()) {
        Error error;
        error.code = ErrorCode::Truncated;
        error.page = first;
        error.text = "The file became shorter while it was being read";
        return fail(std::move(error));
    }
    return bytes;
}

Result<std::vector<std::byte>> SurgeryFile::readPage(PageId page) const {
    if (page.value >= m_pageCount) {
        return fail(surgeryRefused(page, "There is no such page: expected one from 0 to below " +
                                             std::to_string(m_pageCount) +
                                             ", the whole pages of the file"));
    }
    return read(page, 1);
}

Result<std::vector<std::byte>> SurgeryFile::readRun(PageId page) const {
    auto first = readPage(page);
    if (!first) {
        return first;
    }
    const std::uint64_t overflow = format::PageView(*first).header().overflow;
    if (overflow >= m_pageCount - page.value || overflow >= kLargestRun / m_pageSize) {
        Error error;
        error.code = ErrorCode::CorruptPage;
        error.page = page;
        error.offset = page.value * m_pageSize + format::kHeaderOverflowAt;
        error.text = "The page states " + std::to_string(overflow) +
                     " overflow pages; the file has " +
                     std::to_string(m_pageCount - page.value - 1) + " pages behind it";
        error.hint = "Copy a sound page over it: surgery copy-page.";
        return fail(std::move(error));
    }
    return overflow == 0 ? std::move(first) : read(page, overflow + 1);
}

Result<void> SurgeryFile::write(PageId first, Bytes pages) const {
    if (first.value >= m_pageCount || pages.size() / m_pageSize > m_pageCount - first.value) {
        return fail(surgeryRefused(first,
                                   "The file ends before the page does: expected " +
                                       std::to_string(pages.size()) + " bytes to write over",
                                   "Such a file was cut: restore a backup."));
    }
    const std::array<Bytes, 1> parts{pages};
    return m_file.writeAt(first.value * m_pageSize, parts);
}

} // namespace pagescape
