// SPDX-License-Identifier: MIT
// How to open a file.
#pragma once

#include "pagescape/meta_fields.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

namespace pagescape {

class StorageFile;
class TraceSink;

/// What the kernel is told about the order in which mapped pages will be read.
/// bolt always says Random; that makes whole-file scans slow, so the default here is Normal.
enum class MapAdvice { Normal, Random, Sequential };

/// Options for looking at a file. Opening never writes, never creates and never waits.
struct OpenOptions {
    MapAdvice advice = MapAdvice::Normal;
    /// The mapping is at least this long (bytes, rounded up by the growth rule). 0: the file
    /// decides.
    std::uint64_t initialMapSize = 0;
    /// Page size to assume when neither meta tells it (bytes). 0: 4096.
    std::uint32_t pageSizeHint = 0;
    /// Look at the version before the newest, which the other meta describes: what the last commit
    /// replaced. The next commit writes over its pages. So it is whole as long as no program
    /// commits: while FileLayout::lock is Shared none can; otherwise check or scan it, and see
    /// whether CheckSummary::isWhole or PageFile::rereadMetas still agree afterwards.
    bool previousVersion = false;
    /// Look at the version of a read transaction, ReadTransaction::meta() of one that is open in a
    /// Store on the same file, in place of those that the file's metas describe. As long as that
    /// reader is open no commit uses a page of its version again, so the view stays whole however
    /// many follow. Afterwards the next write transaction may write over it, which nothing here
    /// notices: close the view before the reader. A meta of another file is refused as
    /// FileLayout::openError where that can be told: NotADatabase for one that is newer than the
    /// file's own, PageSizeUnsupported for another page size. Goes before previousVersion.
    std::optional<MetaFields> heldMeta;
    /// Take bolt's shared lock where it is free: then no bolt program can open the file for writing
    /// while it is looked at. Off: for following a writer that comes and goes.
    bool takesLock = true;
    /// Turn the SIGBUS of a file that shrinks under the mapping into ErrorCode::Truncated. Installs
    /// a process-wide SIGBUS handler on first use, which passes all other faults on.
    bool guardTruncation = true;
    /// Receives what the engine does; null costs nothing. Must outlive the opened object.
    TraceSink* trace = nullptr;
};

/// How free pages are chosen. Both write the same bytes; a file may change between them.
enum class FreelistType {
    Array,  ///< lowest address, first fit: keeps the file dense at its front
    Hashmap ///< an exact run if there is one: quick in files with many free pages
};

/// How to open a store. Names and meanings are those of bbolt's Options and DB fields.
/// Source: bbolt db.go Options.
struct StoreOptions {
    /// How long to wait for the file lock. Zero: one attempt. bbolt's default, for ever, hangs
    /// tools; ask for kWaitForEver where that is wanted.
    std::chrono::milliseconds timeout = std::chrono::seconds(1);
    static constexpr std::chrono::milliseconds kWaitForEver = std::chrono::milliseconds::max();
    bool readOnly = false;     ///< shared lock; beginWrite is refused
    bool create = true;        ///< when the file does not exist; never with readOnly
    std::uint32_t mode = 0600; ///< permission bits of a created file
    /// Of a new file, in bytes: a power of two from 1024 to 16 MiB; 0: that of the operating
    /// system.
    std::uint32_t pageSize = 0;
    std::uint64_t initialMapSize = 0; ///< bytes; a mapping that never needs to grow stays put
    std::uint64_t maxSize = 0;        ///< bytes the file may grow to; 0: no limit
    /// Growth above this size goes by steps of it, below by doubling. Source: bbolt AllocSize.
    std::uint64_t allocSize = 16 * 1024 * 1024;
    bool noSync = false;          ///< commits do not wait for the disk: a crash may lose the file
    bool noGrowSync = false;      ///< growth does not wait for the disk
    bool noFreelistSync = false;  ///< the list is not stored, but found again at the next opening
    bool preloadFreelist = false; ///< load it for a read-only store too
    /// Every commit runs the full check on the pages it wrote, before the meta makes them count. A
    /// finding fails the commit with CorruptPage, its text that of the first one: bbolt panics
    /// there. The file stays at the version before, and the store can go on. Notes are let pass;
    /// damage that was there before fails every commit. Cost: the whole file is read each time.
    bool strictMode = false;
    FreelistType freelistType = FreelistType::Array;
    /// Lets a full leaf be cut down to single items. bolt leaves at least two on each side, so that
    /// values larger than a page share a run with others, which are written again with them.
    /// bbolt reads and writes such files all the same; the layout is not the one it would make.
    bool splitToSingleItems = false;
    bool lockMemory = false; ///< mlock the mapping
    bool populate = false;   ///< MAP_POPULATE: read the file at once
    MapAdvice advice = MapAdvice::Normal;
    bool noStatistics = false; ///< nothing is counted: Store::statistics is all zeros
    int maxBatchSize = 1000;   ///< calls joined by Store::batch; <= 0: none
    std::chrono::milliseconds maxBatchDelay = std::chrono::milliseconds(10);
    bool guardTruncation = true; ///< see OpenOptions::guardTruncation
    /// Opens the file in place of openStorageFile: for files in memory and for tests.
    std::function<std::shared_ptr<StorageFile>(const std::filesystem::path&)> openFile;
    TraceSink* trace = nullptr; ///< see OpenOptions::trace
};

} // namespace pagescape
