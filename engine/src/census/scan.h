// SPDX-License-Identifier: MIT
// Scan: what the stages of one census share - the file's bytes, the table, the buckets, the
// problems - and Pacer, which lets a stage be stopped and watched.
#pragma once

#include "census/bucket_list.h"
#include "census/page_table.h"
#include "pagescape/census.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace pagescape::census {

using ProgressFunction = std::function<void(const CensusProgress&)>;

/// Findings of a scan. A damaged file can have one for every page: only the first ones keep a text.
class ProblemList {
public:
    void add(PageId page, std::string text);
    [[nodiscard]] std::vector<CensusProblem> all() const;

private:
    static constexpr std::size_t kMaxTexts = 10000;
    mutable std::mutex m_mutex;
    std::vector<CensusProblem> m_problems;
    std::uint64_t m_omitted = 0;
};

/// Shared state of the stages. Constant after construction, but for what says so.
struct Scan {
    explicit Scan(std::shared_ptr<const PageFile> pageFile);

    std::shared_ptr<const PageFile> file;
    Bytes bytes; ///< the whole file, mapped
    std::uint64_t pageSize = 0;
    std::uint64_t pageCount = 0; ///< in the file
    std::uint64_t highWater = 0; ///< of the active meta; the page count where none is valid
    std::uint64_t limit = 0;     ///< pages below it may be in use: min(highWater, pageCount)

    PageTable table;
    BucketList buckets;
    ProblemList problems;
    std::atomic<CensusStage> stage{CensusStage::Metas};
    std::atomic<bool> freePagesKnown{false};
    std::atomic<std::uint64_t> freelistIds{0};
    /// Expected leaves that were not read yet.
    std::atomic<std::uint64_t> pendingLeaves{0};
    /// A freelist was stored and could be read. The scanning thread's alone.
    bool hasFreelist = false;

    [[nodiscard]] const MetaFields* activeMeta() const {
        return file->layout().metas.activeFields();
    }
    [[nodiscard]] PageNumber activeMetaPage() const {
        return static_cast<PageNumber>(file->layout().metas.active.value_or(0));
    }

    /// Bytes of a run of 1 + overflow pages, as far as they are in use and in the file.
    [[nodiscard]] Bytes run(PageNumber page, std::uint64_t overflow) const;
    /// Bytes of a single page.
    [[nodiscard]] Bytes page(PageNumber page) const {
        const std::uint64_t begin = page * pageSize;
        if (begin >= bytes.size()) {
            return {};
        }
        return bytes.subspan(begin, std::min<std::uint64_t>(pageSize, bytes.size() - begin));
    }
    /// Used bytes as a share of the run, in 1/255.
    [[nodiscard]] std::uint8_t fillOf(std::uint64_t usedBytes, std::uint64_t overflow) const;

    /// Marks the page and keeps the text.
    void report(PageNumber page, std::string text);
    /// Gives a page that the current version refers to its owner. One that the freelist calls free
    /// stays of kind Free, as bolt shows it, and is a problem.
    void claim(PageNumber page, const Owner& owner);
    /// Reports a header that names another page than the one it stands on.
    void reportWrongId(PageNumber page, std::uint64_t headerId) {
        if (headerId != page) {
            report(page, "The header of page " + std::to_string(page) + " says it is page " +
                             std::to_string(headerId));
        }
    }
    /// Sets the kind of a claimed page, unless the freelist calls it free.
    void setKind(PageNumber page, PageKind kind);
    [[nodiscard]] CensusProgress progress() const;
};

/// What the flags of a page header name, if it is exactly one thing; nothing otherwise.
[[nodiscard]] std::optional<PageKind> kindOfFlags(std::uint16_t flags);
/// "page 5", for texts.
[[nodiscard]] std::string pageText(std::uint64_t page);

/// Counts steps; every 256 of them it asks whether to stop, every 4096 it tells how far the scan
/// is.
class Pacer {
public:
    Pacer(const Scan& scan, const std::stop_token& stop, const ProgressFunction& progress)
        : m_scan(scan), m_stop(stop), m_progress(progress) {}

    /// False when the scan has to end; then error() says why.
    /// `weight`: how many plain leaves the work ahead is worth.
    [[nodiscard]] bool step(std::uint64_t weight = 1) {
        m_steps += weight;
        return m_steps < m_nextPoll || poll();
    }
    /// Tells how far the scan is, now.
    void tell() const {
        if (m_progress) {
            m_progress(m_scan.progress());
        }
    }
    [[nodiscard]] Error error(ErrorCode code) const;
    [[nodiscard]] Error error() const {
        return error(m_scan.file->truncated() ? ErrorCode::Truncated : ErrorCode::Cancelled);
    }

private:
    static constexpr std::uint64_t kPollEvery = 0x100;
    static constexpr std::uint64_t kTellEvery = 0x1000;

    bool poll();

    const Scan& m_scan;
    const std::stop_token& m_stop;
    const ProgressFunction& m_progress;
    std::uint64_t m_steps = 0;
    std::uint64_t m_nextPoll = kPollEvery;
    std::uint64_t m_nextTell = kTellEvery;
};

/// Claims the continuation pages of a run, up to the first one that belongs to something else,
/// gives them the head's fill, and reports what is wrong with the run. False when the pacer says to
/// end.
[[nodiscard]] bool claimRun(Scan& scan, PageNumber head, std::uint32_t overflow, const Owner& owner,
                            Pacer& pacer);

// The stages. Each can be called again after Cancelled and goes on where it was.

/// Stage 0: metas, freelist. Source: bbolt db.go meta, freelist/shared.go read.
class MetaStage {
public:
    explicit MetaStage(Scan& scan) : m_scan(scan) {}
    [[nodiscard]] bool read(Pacer& pacer);

private:
    void start();
    void openFreelist(PageNumber page);
    void readFreeId(std::uint64_t id);

    Scan& m_scan;
    bool m_started = false;
    PageNumber m_list = 0; ///< first page of the freelist; 0: there is none to read
    std::uint32_t m_overflow = 0;
    std::uint64_t m_firstIdAt = 0; ///< byte of the run
    std::uint64_t m_ids = 0;       ///< that fit into the run
    std::uint64_t m_next = 0;      ///< id to read next
    std::uint64_t m_outOfRange = 0;
    std::uint64_t m_firstOutOfRange = 0;
};

/// After the tree: pages that only the other meta's version refers to.
class PreviousVersion {
public:
    explicit PreviousVersion(Scan& scan) : m_scan(scan) {}
    [[nodiscard]] bool read(Pacer& pacer);

private:
    void start();
    bool visit(std::uint64_t id, bool isHead);
    void readPage(PageNumber page);

    Scan& m_scan;
    bool m_started = false;
    std::vector<PageNumber> m_stack;
};

/// At the end: pages that nothing refers to and no freelist names.
[[nodiscard]] bool readLeaks(Scan& scan, Pacer& pacer);

} // namespace pagescape::census
