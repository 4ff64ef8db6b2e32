// SPDX-License-Identifier: MIT
// The census' face: runs the stages in order and answers from the table while they run.
#include "pagescape/census.h"

#include "census/scan.h"
#include "census/tree_reader.h"

#include <algorithm>
#include <utility>

namespace pagescape {

using census::Pacer;

struct Census::State {
    explicit State(std::shared_ptr<const PageFile> file)
        : scan(std::move(file)), metas(scan), tree(scan), previous(scan) {}

    Result<void> readMetas(const std::stop_token& stop, const census::ProgressFunction& progress);
    Result<void> readBranches(const std::stop_token& stop,
                              const census::ProgressFunction& progress);
    Result<void> readLeaves(const std::stop_token& stop, const census::ProgressFunction& progress);

    census::Scan scan;
    census::MetaStage metas;
    census::TreeReader tree;
    census::PreviousVersion previous;
};

Result<void> Census::State::readMetas(const std::stop_token& stop,
                                      const census::ProgressFunction& progress) {
    if (scan.stage.load() != CensusStage::Metas) {
        return {};
    }
    if (!scan.table.isUsable()) {
        Error error;
        error.code = ErrorCode::LimitReached;
        error.text = "There is no memory for a table of " + std::to_string(scan.pageCount) +
                     " pages of 16 bytes each";
        return fail(std::move(error));
    }
    Pacer pacer(scan, stop, progress);
    if (!metas.read(pacer)) {
        return fail(pacer.error());
    }
    tree.addRootBucket();
    scan.stage.store(CensusStage::Branches);
    pacer.tell();
    return {};
}

Result<void> Census::State::readBranches(const std::stop_token& stop,
                                         const census::ProgressFunction& progress) {
    if (auto done = readMetas(stop, progress); !done) {
        return done;
    }
    if (scan.stage.load() != CensusStage::Branches) {
        return {};
    }
    Pacer pacer(scan, stop, progress);
    if (!tree.readBranches(pacer)) {
        return fail(pacer.error());
    }
    scan.stage.store(CensusStage::Leaves);
    pacer.tell();
    return {};
}

Result<void> Census::State::readLeaves(const std::stop_token& stop,
                                       const census::ProgressFunction& progress) {
    if (auto done = readBranches(stop, progress); !done) {
        return done;
    }
    if (scan.stage.load() != CensusStage::Leaves) {
        return {};
    }
    Pacer pacer(scan, stop, progress);
    if (!tree.readLeaves(pacer) || !previous.read(pacer) || !census::readLeaks(scan, pacer)) {
        return fail(pacer.error());
    }
    const auto size = scan.file->currentFileSize(); // a cut inside a page raises no fault
    if (scan.file->truncated() || (size && *size < scan.file->layout().fileSize)) {
        return fail(pacer.error(ErrorCode::Truncated));
    }
    scan.stage.store(CensusStage::Done);
    pacer.tell();
    return {};
}

Census::Census(std::shared_ptr<const PageFile> file)
    : m_state(std::make_unique<State>(std::move(file))) {}

Census::~Census() = default;

Result<void> Census::readMetas() {
    return m_state->readMetas({}, {});
}

Result<void> Census::readBranches(const std::stop_token& stop,
                                  const std::function<void(const CensusProgress&)>& progress) {
    return m_state->readBranches(stop, progress);
}

Result<void> Census::readLeaves(const std::stop_token& stop,
                                const std::function<void(const CensusProgress&)>& progress) {
    return m_state->readLeaves(stop, progress);
}

Result<void> Census::run(const std::stop_token& stop,
                         const std::function<void(const CensusProgress&)>& progress) {
    return m_state->readLeaves(stop, progress);
}

const PageFile& Census::file() const {
    return *m_state->scan.file;
}

std::uint64_t Census::pageCount() const {
    return m_state->scan.pageCount;
}

PageId Census::highWater() const {
    return PageId{m_state->scan.highWater};
}

CensusStage Census::stage() const {
    return m_state->scan.stage.load();
}

bool Census::freePagesKnown() const {
    return m_state->scan.freePagesKnown.load(std::memory_order_relaxed);
}

std::uint64_t Census::freelistIds() const {
    return m_state->scan.freelistIds.load(std::memory_order_relaxed);
}

Result<bool> Census::isWhole() const {
    const auto now = m_state->scan.file->rereadMetas();
    if (!now) {
        return fail(now.error());
    }
    const MetaFields* before = m_state->scan.activeMeta();
    const MetaFields* after = now->activeFields();
    if (before == nullptr || after == nullptr) {
        return before == after;
    }
    return before->txid == after->txid;
}

PageRow Census::row(PageId id) const {
    return m_state->scan.table.row(id.value);
}

std::uint8_t Census::state(PageId id) const {
    return m_state->scan.table.state(id.value);
}

std::uint8_t Census::fill(PageId id) const {
    return m_state->scan.table.fill(id.value);
}

BucketIndex Census::owner(PageId id) const {
    return m_state->scan.table.owner(id.value);
}

bool Census::hasProblem(PageId id) const {
    return (m_state->scan.table.flags(id.value) & census::kHasProblem) != 0;
}

void Census::copyStates(PageId first, std::span<std::uint8_t> out) const {
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = m_state->scan.table.state(first.value + i);
    }
}

void Census::copyFills(PageId first, std::span<std::uint8_t> out) const {
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = m_state->scan.table.fill(first.value + i);
    }
}

std::array<std::uint64_t, kPageKindCount> Census::kindCounts() const {
    return m_state->scan.table.kindCounts();
}

std::array<std::uint64_t, kPageLifeCount> Census::lifeCounts() const {
    return m_state->scan.table.lifeCounts();
}

std::size_t Census::bucketCount() const {
    return m_state->scan.buckets.size();
}

BucketInfo Census::bucket(BucketIndex index) const {
    return m_state->scan.buckets.info(index);
}

std::vector<std::string> Census::bucketPath(BucketIndex index) const {
    std::vector<std::string> names;
    while (index < bucketCount() && m_state->scan.buckets.at(index).parent != kNoBucket) {
        const census::BucketRecord& bucket = m_state->scan.buckets.at(index);
        names.push_back(bucket.name);
        index = bucket.parent;
    }
    std::reverse(names.begin(), names.end());
    return names;
}

// A page's parent is the page that refers to it: a branch, the leaf with the bucket's header, the
// meta. A parent is claimed before its child, so the climb ends.
std::vector<PageId> Census::pathTo(PageId id) const {
    const census::PageTable& table = m_state->scan.table;
    std::vector<PageId> path;
    if (table.owner(id.value) == kNoBucket) {
        return path;
    }
    for (std::uint64_t page = id.value; page >= 2; page = table.parent(page)) {
        path.push_back(PageId{page});
    }
    std::reverse(path.begin(), path.end());
    return path;
}

std::vector<CensusProblem> Census::problems() const {
    return m_state->scan.problems.all();
}

std::uint64_t Census::tableBytes() const {
    return m_state->scan.table.bytes();
}

} // namespace pagescape
