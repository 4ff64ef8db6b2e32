// SPDX-License-Identifier: MIT
// Census and check in the background.
#include "session/scan_jobs.h"

#include "models/byte_text.h"
#include "session/residency_sample.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace pagescape::gui {

namespace {

ScanOutcome failed(const Error& error) {
    ScanOutcome outcome;
    outcome.isCancelled = error.code == ErrorCode::Cancelled;
    outcome.error = toQString(error.describe());
    return outcome;
}

// The kernel takes about 4 ms for this many bytes, several times as long on a busy machine; Stop
// must not wait for more.
constexpr std::uint64_t kSamplePart = std::uint64_t{256} << 20;

// Pages beyond what was sampled before anything was read.
void sampleRest(const PageFile& file, ScanFigures& figures, std::uint64_t sampledBytes,
                const std::stop_token& stop) {
    std::vector<std::uint8_t> rest;
    const std::uint64_t end = file.layout().fileSize;
    for (std::uint64_t at = sampledBytes; at < end; at += std::min(kSamplePart, end - at)) {
        if (stop.stop_requested()) {
            return; // half a sample is none
        }
        const auto part = file.residency({at, at + std::min(kSamplePart, end - at)});
        if (!part) {
            return;
        }
        rest.insert(rest.end(), part->begin(), part->end());
    }
    figures.setResidencyRest(std::move(rest));
}

} // namespace

void ScanFigures::setCensus(const CensusProgress& progress) {
    const std::lock_guard lock(m_mutex);
    m_census = progress;
}

CensusProgress ScanFigures::census() const {
    const std::lock_guard lock(m_mutex);
    return m_census;
}

void ScanFigures::setPagesChecked(quint64 pages) {
    const std::lock_guard lock(m_mutex);
    m_pagesChecked = pages;
}

quint64 ScanFigures::pagesChecked() const {
    const std::lock_guard lock(m_mutex);
    return m_pagesChecked;
}

void ScanFigures::addFinding(Finding finding) {
    const std::lock_guard lock(m_mutex);
    m_findings.push_back(std::move(finding));
}

std::vector<Finding> ScanFigures::takeFindings() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_findings, {});
}

void ScanFigures::setResidencyRest(std::vector<std::uint8_t> pages) {
    const std::lock_guard lock(m_mutex);
    m_residencyRest = std::move(pages);
}

std::vector<std::uint8_t> ScanFigures::takeResidencyRest() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_residencyRest, {});
}

ScanOutcome runCensus(Census& census, ScanFigures& figures, std::uint64_t sampledBytes,
                      const JobControl& control) {
    const auto tell = [&](const CensusProgress& progress) {
        figures.setCensus(progress);
        control.progressed();
    };
    const bool isFirstRun = census.stage() == CensusStage::Metas;
    auto done = census.readMetas();
    if (done) {
        tell({CensusStage::Branches, 0, census.pageCount()});
        if (isFirstRun) { // a scan that goes on has read pages already
            sampleRest(census.file(), figures, sampledBytes, control.stop());
        }
        done = census.readBranches(control.stop(), tell);
    }
    if (done) {
        done = census.readLeaves(control.stop(), tell);
    }
    if (!done) {
        return failed(done.error());
    }
    figures.setCensus({CensusStage::Done, census.pageCount(), census.pageCount()});
    const auto whole = census.isWhole();
    if (!whole) {
        return failed(whole.error());
    }
    ScanOutcome outcome;
    outcome.isWhole = *whole;
    return outcome;
}

ScanOutcome runCheck(const PageFile& file, ScanFigures& figures, const JobControl& control) {
    const auto summary = check(
        file, {},
        [&](Finding finding) {
            figures.addFinding(std::move(finding));
            control.progressed();
        },
        control.stop(),
        [&](std::uint64_t pagesDone) {
            figures.setPagesChecked(pagesDone);
            control.progressed();
        });
    if (!summary) {
        return failed(summary.error());
    }
    ScanOutcome outcome;
    outcome.isWhole = summary->isWhole;
    return outcome;
}

} // namespace pagescape::gui
