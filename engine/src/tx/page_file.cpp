// SPDX-License-Identifier: MIT
// Opening a file for looking: page size, metas, lock, mapping - in bolt's order, but a refusal is
// remembered instead of ending the view.
#include "pagescape/page_file.h"

#include "format/meta_search.h"
#include "os/file.h"
#include "os/mapping.h"
#include "pagescape/format.h"

#include <algorithm>

namespace pagescape {

namespace {

// Finds the page size as bolt does, or guesses one.
Result<void> findPageSize(const os::File& file, const OpenOptions& options, FileLayout& layout) {
    const auto meta = format::findMeta(file, layout.fileSize);
    if (!meta) {
        return fail(meta.error());
    }
    if (meta->isValid()) {
        layout.pageSize = meta->fields.pageSize;
        layout.pageSizeSource =
            meta->page.value == 0 ? PageSizeSource::Meta0 : PageSizeSource::Meta1;
        return {};
    }
    layout.pageSizeSource = PageSizeSource::Assumed;
    layout.pageSize = 4096;
    if (options.pageSizeHint != 0) {
        layout.pageSize = options.pageSizeHint;
        layout.pageSizeSource = PageSizeSource::Hint;
    } else if (meta->present && meta->fields.magic == format::kMagic &&
               format::isReadablePageSize(meta->fields.pageSize)) {
        layout.pageSize = meta->fields.pageSize; // damaged, but the likeliest guess
    }
    return {};
}

// What can be tried where neither meta is valid. Bytes that are no meta at all get no hint.
std::string hintForMetas(ErrorCode code, const MetaPair& metas) {
    const auto isLikely = [](const MetaReport& meta) { // all but magic, version, checksum fits
        return meta.present && format::isReadablePageSize(meta.fields.pageSize) &&
               meta.fields.root.value >= 2 && meta.fields.root < meta.fields.highWater;
    };
    const bool isFirst =
        isLikely(metas.metas[0]) &&
        (!isLikely(metas.metas[1]) || metas.metas[0].fields.txid >= metas.metas[1].fields.txid);
    if (!isFirst && !isLikely(metas.metas[1])) {
        return code == ErrorCode::NotADatabase ? ""
                                               : "Neither meta page is valid; restore a backup.";
    }
    const std::string mend = "restore a backup, or make the newer meta valid again on a copy: "
                             "pagescape-cli surgery meta update FILE -o COPY --meta-page " +
                             std::string(isFirst ? "0" : "1") + ", then check the copy.";
    return code == ErrorCode::VersionMismatch
               ? "Open it with the program that wrote it, which knows that format version; where "
                 "only that number is damaged, " +
                     mend
               : "Neither meta page is valid: " + mend;
}

// Why bolt would refuse the file. Source: bbolt db.go mmap: size first, then both metas.
std::optional<Error> findOpenError(const FileLayout& layout) {
    Error error;
    const std::uint64_t statedSize = layout.pageSize;
    if (layout.pageSizeSource != PageSizeSource::Assumed && layout.fileSize / 2 < statedSize) {
        error.code = ErrorCode::FileTooSmall;
        error.text = "File size too small: two pages of " + std::to_string(statedSize) +
                     " bytes are needed, the file has " + std::to_string(layout.fileSize) +
                     " bytes";
        error.hint =
            "The file was cut off, or its page size field is damaged: restore a backup, or set "
            "the size that the pages have, on a copy: pagescape-cli surgery meta update "
            "FILE -o COPY --meta-page 0 --fields pageSize:4096, then check the copy.";
        return error;
    }
    if (!format::isReadablePageSize(statedSize)) {
        error.code = ErrorCode::PageSizeUnsupported;
        error.text = "The meta states a page size of " + std::to_string(statedSize) +
                     " bytes; expected " + std::to_string(format::kSmallestReadablePageSize) +
                     " to " + std::to_string(format::kLargestPageSize);
        error.offset = format::kMetaPageSizeAt;
        error.hint = "Restore a backup, or set the size that the pages have, on a copy: "
                     "pagescape-cli surgery meta update FILE -o COPY --meta-page 0 --fields "
                     "pageSize:4096, then check the copy.";
        return error;
    }
    if (layout.metas.active) {
        return std::nullopt;
    }
    if (const MetaFields* const newest = layout.metas.newestFields();
        newest != nullptr && layout.metas.held) {
        const MetaFields& held = *layout.metas.held;
        const bool isNewer = held.txid > newest->txid;
        error.code = isNewer ? ErrorCode::NotADatabase : ErrorCode::PageSizeUnsupported;
        error.text = isNewer
                         ? "The reader's transaction " + std::to_string(held.txid.value) +
                               " is newer than the newest in this file, " +
                               std::to_string(newest->txid.value)
                         : "The reader's pages are of " + std::to_string(held.pageSize) +
                               " bytes, those of this file of " + std::to_string(newest->pageSize);
        error.hint = "Look through a reader of a store on this very file.";
        return error;
    }
    error = *layout.metas.metas[layout.metas.metas[0].error ? 0 : 1].error;
    if (layout.metas.metas[0].isValid() || layout.metas.metas[1].isValid()) {
        error.text = "There is no version before the newest: " + error.text;
        error.hint = "Open the newest version.";
        return error;
    }
    error.hint = hintForMetas(error.code, layout.metas);
    return error;
}

} // namespace

struct PageFile::State {
    std::filesystem::path path;
    OpenOptions options;
    FileLayout layout;
    bool isPageSizeUsable; ///< or pages are cut by an assumed size and no meta is active
    os::File file;
    os::Mapping mapping;
};

Result<std::uint64_t> mappingLength(std::uint64_t needed, std::uint32_t pageSize) {
    for (std::uint64_t size = format::kSmallestMapping; size <= format::kLargestDoubling;
         size *= 2) {
        if (needed <= size) {
            return size;
        }
    }
    if (needed > format::kLargestMapping) {
        Error error;
        error.code = ErrorCode::MapFailed;
        error.text = "A mapping of " + std::to_string(needed) + " bytes is needed; at most " +
                     std::to_string(format::kLargestMapping) + " are possible";
        return fail(std::move(error));
    }
    std::uint64_t size = (needed + format::kMapStep - 1) / format::kMapStep * format::kMapStep;
    const std::uint64_t page = std::max<std::uint32_t>(pageSize, 1);
    size = (size + page - 1) / page * page;
    return std::min(size, format::kLargestMapping);
}

Result<PageFile> PageFile::open(const std::filesystem::path& path, const OpenOptions& options) {
    auto file = os::File::openForReading(path);
    if (!file) {
        return fail(file.error());
    }
    FileLayout layout;
    layout.lock = options.takesLock ? file->tryLockShared() : LockState::NotAsked;
    const auto size = file->size();
    if (!size) {
        return fail(size.error());
    }
    layout.fileSize = *size;
    if (layout.fileSize == 0) {
        Error error;
        error.code = ErrorCode::EmptyFile;
        error.text = "The file is empty (0 bytes)";
        error.hint = "A program that was stopped while creating the database leaves such a file.";
        return fail(std::move(error));
    }
    if (auto found = findPageSize(*file, options, layout); !found) {
        return fail(found.error());
    }
    const bool isPageSizeUsable = format::isReadablePageSize(layout.pageSize);
    if (!isPageSizeUsable) {
        layout.metas.metas[0] = *format::readMetaAt(*file, 0, PageId{0});
        layout.openError = findOpenError(layout);
        layout.pageSize = 4096; // for the raw view
        layout.pageSizeSource = PageSizeSource::Assumed;
        layout.metas.active.reset();
    } else {
        auto metas = format::readMetaPair(*file, layout.pageSize);
        if (!metas) {
            return fail(metas.error());
        }
        layout.metas = std::move(*metas);
        format::chooseVersion(layout.metas, options);
        layout.openError = findOpenError(layout);
    }
    layout.pageCount = (layout.fileSize + layout.pageSize - 1) / layout.pageSize;
    layout.tailBytes = layout.fileSize % layout.pageSize;

    const auto length =
        mappingLength(std::max(layout.fileSize, options.initialMapSize), layout.pageSize);
    if (!length) {
        return fail(length.error());
    }
    auto mapping =
        os::Mapping::map(*file, layout.fileSize, *length, options.advice, options.guardTruncation);
    if (!mapping) {
        return fail(mapping.error());
    }
    layout.mapAddress = mapping->address();
    layout.mapLength = mapping->length();
    return PageFile(
        std::unique_ptr<State>(new State{path, options, std::move(layout), isPageSizeUsable,
                                         std::move(*file), std::move(*mapping)}));
}

PageFile::PageFile(std::unique_ptr<State> state) : m_state(std::move(state)) {}
PageFile::PageFile(PageFile&&) noexcept = default;
PageFile& PageFile::operator=(PageFile&&) noexcept = default;
PageFile::~PageFile() = default;

const std::filesystem::path& PageFile::path() const {
    return m_state->path;
}

const FileLayout& PageFile::layout() const {
    return m_state->layout;
}

const OpenOptions& PageFile::options() const {
    return m_state->options;
}

Bytes PageFile::pages(PageId first, std::uint64_t count) const {
    const FileLayout& layout = m_state->layout;
    if (first.value >= layout.pageCount) {
        return {};
    }
    const std::uint64_t begin = first.value * layout.pageSize;
    const std::uint64_t wanted = std::min(count, layout.pageCount - first.value) * layout.pageSize;
    return m_state->mapping.bytes().subspan(begin, std::min(wanted, layout.fileSize - begin));
}

Result<std::vector<std::byte>> PageFile::readPages(PageId first, std::uint64_t count) const {
    const FileLayout& layout = m_state->layout;
    if (first.value >= layout.pageCount) {
        return std::vector<std::byte>();
    }
    const std::uint64_t begin = first.value * layout.pageSize;
    const std::uint64_t pages = std::min(count, layout.pageCount - first.value);
    return readBytes(ByteRange{begin, begin + pages * layout.pageSize});
}

Result<std::vector<std::byte>> PageFile::readBytes(ByteRange fileRange) const {
    const std::uint64_t end = std::min(fileRange.end, m_state->layout.fileSize);
    std::vector<std::byte> bytes(fileRange.begin < end ? end - fileRange.begin : 0);
    const auto got = m_state->file.readAt(fileRange.begin, bytes);
    if (!got) {
        return fail(got.error());
    }
    bytes.resize(*got);
    return bytes;
}

Result<MetaPair> PageFile::rereadMetas() const {
    auto pair = format::readMetaPair(m_state->file, m_state->layout.pageSize);
    if (pair && !m_state->isPageSizeUsable) { // as open() did
        pair->active.reset();
    } else if (pair) {
        format::chooseVersion(*pair, m_state->options);
    }
    return pair;
}

Result<std::uint64_t> PageFile::currentFileSize() const {
    return m_state->file.size();
}

bool PageFile::truncated() const {
    return m_state->mapping.tripped();
}

const std::atomic<bool>* PageFile::tripFlag() const {
    return m_state->mapping.tripFlag();
}

Result<std::vector<std::uint8_t>> PageFile::residency(ByteRange fileRange) const {
    return m_state->mapping.residency(fileRange);
}

} // namespace pagescape
