// SPDX-License-Identifier: MIT
// PageFile: any file seen as an array of pages, damaged or not, opened for looking only.
// Database is built on it; the scans (census, check, digest) and the page viewer read through it.
#pragma once

#include "pagescape/options.h"
#include "pagescape/result.h"
#include "pagescape/types.h"

#include <array>
#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pagescape {

/// One of the two metas and bolt's verdict on it.
struct MetaReport {
    PageId page;
    bool present = false;       ///< false where the file ends before it
    MetaFields fields;          ///< zero when not present
    std::optional<Error> error; ///< first failing test in bolt's order: magic, version, checksum

    [[nodiscard]] bool isValid() const { return present && !error; }
};

/// Both metas, and which one is current: the higher txid that validates, tie to page 0. For a file
/// opened with OpenOptions::previousVersion the other one, if both validate; with
/// OpenOptions::heldMeta none of those in the file, but that of the reader.
struct MetaPair {
    std::array<MetaReport, 2> metas;
    /// Index into `metas`; none when neither validates. With `held` the page that it was read from,
    /// where a newer one may stand by now.
    std::optional<int> active;
    std::optional<MetaFields> held; ///< what is looked through instead; see OpenOptions::heldMeta

    /// The meta of the version that is looked at; null when there is none.
    [[nodiscard]] const MetaFields* activeFields() const {
        return !active ? nullptr : held ? &*held : &metas[static_cast<std::size_t>(*active)].fields;
    }
    /// Whether a meta page holds the meta of the version that is looked at.
    [[nodiscard]] bool isActive(int page) const {
        return active == page &&
               (!held || metas[static_cast<std::size_t>(page)].fields.txid == held->txid);
    }
    /// The page that looking begins at: the meta page; the root page where that meta was written
    /// over since. None when there is no version to look at.
    [[nodiscard]] std::optional<PageId> entrance() const {
        if (!active) {
            return std::nullopt;
        }
        return isActive(*active) ? PageId{static_cast<std::uint64_t>(*active)}
                                 : activeFields()->root;
    }
    /// The newest valid meta in the file, whichever is looked at; null when neither is valid.
    [[nodiscard]] const MetaFields* newestFields() const {
        const MetaFields* newest = nullptr;
        for (const MetaReport& meta : metas) {
            if (meta.isValid() && (newest == nullptr || meta.fields.txid > newest->txid)) {
                newest = &meta.fields;
            }
        }
        return newest;
    }
    /// Whether a version is looked at that later commits have replaced.
    [[nodiscard]] bool isPast() const {
        const MetaFields* const newest = newestFields();
        return activeFields() != nullptr && newest != nullptr &&
               newest->txid > activeFields()->txid;
    }
};

/// Where the page size comes from.
enum class PageSizeSource { Meta0, Meta1, Hint, Assumed };

/// What the lock on the file says about other programs.
enum class LockState {
    Shared,      ///< we hold a shared lock: no bolt program can write meanwhile
    HeldByOther, ///< another program holds the exclusive lock: the file may change under us
    Unavailable, ///< this file system has no flock
    NotAsked,    ///< OpenOptions::takesLock is off: a program may begin to write at any time
};

/// What is known after reading nothing but the metas.
struct FileLayout {
    std::uint64_t fileSize = 0; ///< bytes, when it was opened
    std::uint32_t pageSize = 0; ///< bytes
    PageSizeSource pageSizeSource = PageSizeSource::Assumed;
    std::uint64_t pageCount = 0; ///< pages in the file, the last one possibly incomplete
    std::uint64_t tailBytes = 0; ///< bytes after the last whole page
    MetaPair metas;
    std::optional<Error> openError; ///< why bolt would refuse the file; none when it would open
    LockState lock = LockState::Unavailable;
    std::uintptr_t mapAddress = 0; ///< address of page 0 in this process
    std::uint64_t mapLength = 0;   ///< bytes mapped; usually more than the file has
};

/// Length of a mapping that has to hold `needed` bytes: doubling from 32 KiB to 1 GiB, then steps
/// of 1 GiB rounded up to a multiple of the page, at most 2^48 - 1. Errors: MapFailed above that.
/// Source: bbolt db.go mmapSize.
[[nodiscard]] Result<std::uint64_t> mappingLength(std::uint64_t needed, std::uint32_t pageSize);

/// Any file as an array of pages. Movable; destroying it unmaps and closes.
/// Thread: all const members may be called from any thread at the same time.
class PageFile {
public:
    /// Opens any regular, readable, non-empty file with O_RDONLY. A file that is not a database
    /// opens too; then layout().openError says why bolt would refuse it. Errors: FileNotFound,
    /// PermissionDenied, NotRegularFile, EmptyFile, MapFailed, OsFailure. Cost: two metas are read,
    /// no other page.
    [[nodiscard]] static Result<PageFile> open(const std::filesystem::path& path,
                                               const OpenOptions& options = {});

    PageFile(PageFile&&) noexcept;
    PageFile& operator=(PageFile&&) noexcept;
    ~PageFile();

    [[nodiscard]] const std::filesystem::path& path() const;
    [[nodiscard]] const FileLayout& layout() const;
    [[nodiscard]] const OpenOptions& options() const;

    /// Mapped bytes of `count` pages from `first`, clipped to the file's length at opening; empty
    /// when `first` lies past it. No copy. Lifetime: that of this object. With guardTruncation on,
    /// bytes that vanished read as zero and truncated() turns true.
    [[nodiscard]] Bytes pages(PageId first, std::uint64_t count = 1) const;

    /// Copies `count` pages through pread, so a shrinking file is a short answer and not a fault.
    /// The vector is shorter than asked for where the file ends. Errors: OsFailure.
    [[nodiscard]] Result<std::vector<std::byte>> readPages(PageId first, std::uint64_t count) const;

    /// Copies any bytes of the file through pread, clipped to the file's present end.
    [[nodiscard]] Result<std::vector<std::byte>> readBytes(ByteRange fileRange) const;

    /// Reads both metas again through pread, and chooses as open() did. A scan of a file that
    /// others write is whole only if the active txid is the same before and after it.
    [[nodiscard]] Result<MetaPair> rereadMetas() const;

    /// The file's present length in bytes. Errors: OsFailure.
    [[nodiscard]] Result<std::uint64_t> currentFileSize() const;

    /// True once mapped bytes were found to have vanished (see OpenOptions::guardTruncation).
    [[nodiscard]] bool truncated() const;
    /// The flag behind truncated(); null without guardTruncation. Lifetime: that of this object.
    [[nodiscard]] const std::atomic<bool>* tripFlag() const;

    /// Which operating-system pages of a byte range are in the page cache, one byte 0 or 1 for
    /// each, starting with the one that holds range.begin. Source: mincore(2). Errors: OsFailure.
    /// A file this process may not write can be reported wholly resident by the kernel.
    [[nodiscard]] Result<std::vector<std::uint8_t>> residency(ByteRange fileRange) const;

private:
    struct State;
    explicit PageFile(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace pagescape
