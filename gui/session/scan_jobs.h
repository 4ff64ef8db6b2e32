// SPDX-License-Identifier: MIT
// The two long jobs of a session, census and check, as plain functions that share figures with the
// GUI thread through one small locked value.
#pragma once

#include "pagescape/census.h"
#include "pagescape/check.h"
#include "session/job.h"

#include <QString>

#include <memory>
#include <mutex>
#include <vector>

namespace pagescape::gui {

/// How far the jobs are. Writers: the jobs. Readers: the GUI thread.
class ScanFigures {
public:
    void setCensus(const CensusProgress& progress);
    [[nodiscard]] CensusProgress census() const;
    void setPagesChecked(quint64 pages);
    [[nodiscard]] quint64 pagesChecked() const;
    void addFinding(Finding finding);
    /// Findings since the last call.
    [[nodiscard]] std::vector<Finding> takeFindings();
    void setResidencyRest(std::vector<std::uint8_t> pages);
    [[nodiscard]] std::vector<std::uint8_t> takeResidencyRest();

private:
    mutable std::mutex m_mutex;
    CensusProgress m_census;
    quint64 m_pagesChecked = 0;
    std::vector<Finding> m_findings;
    std::vector<std::uint8_t> m_residencyRest;
};

/// What a job came to.
struct ScanOutcome {
    bool isWhole = false;
    bool isCancelled = false;
    QString error; ///< empty when it ran to its end
};

/// All stages of the census. `sampledBytes` of the file were sampled for residency before; the rest
/// is sampled here, after stage 0.
[[nodiscard]] ScanOutcome runCensus(Census& census, ScanFigures& figures,
                                    std::uint64_t sampledBytes, const JobControl& control);

/// The check, findings arriving in `figures`.
[[nodiscard]] ScanOutcome runCheck(const PageFile& file, ScanFigures& figures,
                                   const JobControl& control);

} // namespace pagescape::gui
