// SPDX-License-Identifier: MIT
// What a crash leaves: of recorded writes and syncs, the disk has all that was synced and any part
// of the rest. Images of the file after a crash are built here, opened as after a restart, and
// judged. Nothing is staged: an image is a file that any bolt program can open.
//
//   write  write  sync  resize  write  write │ sync  write
//   └── durable ─────┘  └───── open ─────────┘ cursor: how many operations had returned
#pragma once

#include "pagescape/check.h"
#include "pagescape/page_file.h"
#include "pagescape/result.h"
#include "pagescape/storage_file.h"
#include "pagescape/types.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pagescape {

/// Bytes that a disk writes whole or not at all. Sectors start at multiples of it in the file.
inline constexpr std::uint32_t kSectorSize = 512;

/// Longest image that is built, in bytes. A run that reaches further is LimitReached. A search
/// holds three of that size.
inline constexpr std::uint64_t kLargestCrashImage = std::uint64_t{256} << 20U;

/// What became of one operation that no sync had confirmed.
struct WriteFate {
    enum class Kind {
        Survives,
        Lost,
        Torn,      ///< only its first `sectors` sectors reached the disk
        Scattered, ///< only some of its sectors did: `pattern` says which
    };
    Kind kind = Kind::Survives;
    std::uint32_t sectors = 0; ///< of a torn write; from all of them on it survives
    std::uint64_t pattern = 0; ///< of a scattered one: sector i is there when bit i % 64 is set

    friend bool operator==(const WriteFate&, const WriteFate&) = default;
};

/// Recorded operations of one or more commits, and the file they began with.
struct CrashRun {
    std::vector<std::byte> begin; ///< the file before the first operation, all of it durable
    std::vector<FileOperation> operations;
};

/// Which operations a crash may undo.
struct CrashPoint {
    std::size_t cursor = 0;        ///< operations that had returned
    std::size_t durable = 0;       ///< operations [0, durable) are on the disk: a sync ended them
    std::vector<std::size_t> open; ///< indices of the writes and resizes from there to the cursor
};

/// Splits a run at a crash after its first `cursor` operations, at most all of them. A sync counts
/// once it has returned; one under way has promised nothing, and that is the crash before it. A
/// write under way may be torn, and that is the crash after it. Both kinds of sync make lengths
/// durable. Source: fdatasync(2), a changed file size is flushed.
[[nodiscard]] CrashPoint crashPoint(const CrashRun& run, std::size_t cursor);

/// Sectors that a write touches; 0 for anything else.
[[nodiscard]] std::uint32_t sectorCount(const FileOperation& operation);

/// All images that one crash can leave, built over one durable base.
/// Thread: const members may be called from any thread at the same time.
class CrashImages {
public:
    /// Applies what is durable. `run` must outlive the object and keep still. Errors: LimitReached
    /// when the run's file grows beyond kLargestCrashImage; Cancelled. Cost: the file and all
    /// durable writes are copied once.
    [[nodiscard]] static Result<CrashImages> make(const CrashRun& run, std::size_t cursor,
                                                  const std::stop_token& stop = {});

    [[nodiscard]] const CrashPoint& point() const { return m_point; }

    /// Makes `image` the file after the crash: one fate for each of point().open, in that order. An
    /// operation without a fate survives; a resize that is not lost and not whole is lost. The
    /// vector's memory is used again. Errors: Cancelled. Cost: the image is copied once.
    [[nodiscard]] Result<void> build(std::span<const WriteFate> fates,
                                     std::vector<std::byte>& image,
                                     const std::stop_token& stop = {}) const;

private:
    CrashImages(const CrashRun& run, CrashPoint point);

    const CrashRun* m_run;
    CrashPoint m_point;
    std::vector<std::byte> m_base; // with everything durable
};

/// One image; for many of one cursor, see CrashImages. Errors: LimitReached.
[[nodiscard]] Result<std::vector<std::byte>> buildImage(const CrashRun& run, std::size_t cursor,
                                                        std::span<const WriteFate> fates = {});

/// What a fresh engine says about a file.
struct CrashVerdict {
    std::uint64_t fileSize = 0;     ///< bytes
    std::uint32_t pageSize = 0;     ///< bytes; 0 for an empty file
    MetaPair metas;                 ///< both with their error, and the one in force
    std::optional<Error> openError; ///< why bolt would refuse the file
    std::vector<Finding> findings;  ///< of the full check, which gives up after kMostFindings
    std::uint64_t damage = 0;       ///< those of them that are damage, see isCrashDamage
    std::string digest;             ///< SHA-256 of the content, see walk.h; empty when !opens()
    std::uint64_t pairs = 0;        ///< keys with a value that can be reached
    std::uint64_t buckets = 0;      ///< without the root bucket
    bool isContentWhole = false;    ///< false when parts of the content could not be read
    static constexpr std::uint64_t kMostFindings = 1000;

    [[nodiscard]] bool opens() const { return !openError; }
    [[nodiscard]] bool isSound() const { return opens() && damage == 0 && isContentWhole; }
    /// Of the version in force; none when no meta is valid.
    [[nodiscard]] std::optional<TxId> txid() const;
};

/// Whether a finding means that a crash did harm: all but an invalid meta, for which the other one
/// is there. That neither is valid is a finding of its own.
[[nodiscard]] bool isCrashDamage(const Finding& finding);

/// Judges images, one after the other, each opened anew from one file in memory. Movable.
/// Thread: one call at a time.
class CrashJudge {
public:
    /// Errors: OsFailure.
    [[nodiscard]] static Result<CrashJudge> make();

    /// Any bytes get a verdict. Errors: Cancelled; OsFailure, FileNotFound or MapFailed when the
    /// system has no memory, no descriptor or no /proc. Cost: the image is copied once, every page
    /// in use is read twice.
    [[nodiscard]] Result<CrashVerdict> judge(Bytes image, const std::stop_token& stop = {});

private:
    explicit CrashJudge(std::shared_ptr<StorageFile> file) : m_file(std::move(file)) {}

    std::shared_ptr<StorageFile> m_file;
};

/// One verdict; for many, see CrashJudge. Errors: those of CrashJudge.
[[nodiscard]] Result<CrashVerdict> judgeImage(Bytes image, const std::stop_token& stop = {});

/// A version of a database as far as a crash can tell it from others.
struct CrashState {
    std::string digest; ///< of the content, see walk.h
    TxId txid;
    std::uint64_t damage = 0; ///< findings that it has without any crash, see CrashVerdict

    friend bool operator==(const CrashState&, const CrashState&) = default;
};

/// What a crash may leave: the last commit that had returned, or the one under way.
struct ExpectedStates {
    CrashState before;
    CrashState after;
};

/// The version in the file when the first `cursor` operations all survive. Errors: LimitReached;
/// the reason for which that file does not open; those of CrashJudge.
[[nodiscard]] Result<CrashState> stateAt(const CrashRun& run, std::size_t cursor);

/// Which version the content of a file is.
enum class CrashContent {
    Unreadable, ///< the file does not open
    Neither,
    Before,
    After,
};

/// Compares digests; where both versions have the same content, the transaction decides.
[[nodiscard]] CrashContent contentOf(const CrashVerdict& verdict, const ExpectedStates& expected);

/// How a crash ended, best first.
enum class CrashClass {
    NewVersion,   ///< the commit under way is there
    OldVersion,   ///< it never happened
    WrongVersion, ///< sound, but neither of the two: an older version, or a mixture
    Damaged,      ///< opens, and the check finds damage
    DoesNotOpen,
};
inline constexpr int kCrashClassCount = 5;

/// Both content and transaction have to be those of a version.
[[nodiscard]] CrashClass classOf(const CrashVerdict& verdict, const ExpectedStates& expected);

/// Stable lower-case names such as "does-not-open".
[[nodiscard]] std::string_view crashClassName(CrashClass crashClass);

/// One way in which a crash can end.
struct CrashOutcome {
    CrashClass crashClass = CrashClass::NewVersion;
    CrashVerdict verdict;         ///< of the example
    std::vector<WriteFate> fates; ///< an example, the first found: of all subsets the fewest losses
    std::uint64_t count = 0;      ///< combinations of fates that ended in this
};

/// What a search for the worst case found.
struct WorstCase {
    /// Different in class, txid or digest; worst first: by class, by findings, then in the order
    /// found. Of each class at most kMostOutcomes.
    std::vector<CrashOutcome> outcomes;
    std::uint64_t images = 0;  ///< combinations judged, each once
    std::uint64_t leftOut = 0; ///< those of them whose outcome found no room
    bool isExhaustive = false; ///< every subset of whole operations was tried
    bool wasStopped = false;   ///< `outcomes` is what was found until then
    static constexpr std::uint64_t kMostOutcomes = 64;
};

/// How to search for the worst case.
struct WorstCaseOptions {
    ExpectedStates expected;
    std::uint64_t seed = 1;     ///< of the sampled part: the same one gives the same search
    std::uint64_t limit = 8192; ///< most images to judge
};

/// Open operations up to which every subset of them is tried.
inline constexpr std::size_t kExhaustiveOperations = 12;

/// Tries what the disk may have kept at one crash. First whole operations: all subsets of up to
/// kExhaustiveOperations, those with the fewest losses first; of more the extremes, each one alone
/// and a sample. Then torn writes: each at up to 8 of its sectors while all others survive or are
/// lost, and a sample of mixtures. `progress` hears after each image how many are done and at most
/// to do. Stopping is no error and takes effect within 100 ms.
/// Errors: LimitReached; those of CrashJudge. Cost: see CrashJudge::judge, for each image.
[[nodiscard]] Result<WorstCase> findWorstCase(
    const CrashRun& run, std::size_t cursor, const WorstCaseOptions& options,
    const std::stop_token& stop = {},
    const std::function<void(std::uint64_t done, std::uint64_t total)>& progress = {});

/// An entry in which two files differ.
struct EntryChange {
    enum class Kind {
        Missing, ///< only the reference has it
        Extra,   ///< only the image has it
        Changed, ///< another value, another sequence, or a bucket in place of a value
    };
    Kind kind = Kind::Missing;
    std::vector<std::string> path; ///< names of the buckets around it, outermost first
    std::string key;
    bool isBucket = false; ///< in the reference; in the image for an extra one
};

/// The entries of an image beside those of a reference: what a crash took away and what it kept.
struct ContentComparison {
    std::vector<EntryChange> changes; ///< the first ones, by bucket and key
    std::uint64_t missing = 0;        ///< all of them, buckets and all they hold included
    std::uint64_t extra = 0;
    std::uint64_t changed = 0;
    std::uint64_t kept = 0; ///< the same in both
    bool isWhole = false;   ///< false when parts of either could not be read: they count as absent

    [[nodiscard]] bool isSame() const { return missing + extra + changed == 0; }
};

/// Compares all entries of two files. An image that does not open has none.
/// Errors: those of a reference that does not open; Cancelled; those of CrashJudge. Cost: both are
/// read once, and all their entries are held in memory.
[[nodiscard]] Result<ContentComparison> compareContents(Bytes image, Bytes reference,
                                                        std::uint64_t maxChanges = 1000,
                                                        const std::stop_token& stop = {});

} // namespace pagescape
