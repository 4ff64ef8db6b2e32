// SPDX-License-Identifier: MIT
// Assembles the session from its lanes of work. Answers arrive on the GUI thread, where all state
// lives.
#include "session/file_session.h"

#include "models/byte_text.h"
#include "session/file_report.h"
#include "session/file_watch.h"
#include "session/get_runner.h"
#include "session/job.h"
#include "session/residency_sample.h"
#include "session/scan_jobs.h"
#include "session/session_entries.h"

#include <algorithm>
#include <utility>

namespace pagescape::gui {

namespace {

// Ids of the tasks in the strip; a session has at most one of each.
constexpr int kScanTask = 1;
constexpr int kCheckTask = 2;
constexpr int kGetTask = 3;

struct PageAnswer {
    PageSnapshot snapshot;
    QString error;
};

PageAnswer readPage(const PageFile& file, PageId page) {
    PageAnswer answer;
    auto inspected = inspectPage(file, page);
    if (inspected) {
        answer.snapshot = std::make_shared<const InspectedPage>(std::move(*inspected));
    } else {
        answer.error = toQString(inspected.error().describe());
    }
    return answer;
}

// What a scan of the bucket would touch; 0 before the census is done and for an inline bucket.
quint64 leafPagesOf(const Census& census, const std::vector<QByteArray>& path) {
    std::vector<std::string> names;
    std::ranges::transform(path, std::back_inserter(names), &QByteArray::toStdString);
    for (std::size_t i = 0; census.stage() == CensusStage::Done && i < census.bucketCount(); ++i) {
        const auto bucket = static_cast<BucketIndex>(i);
        const BucketInfo info = census.bucket(bucket);
        if (info.level == names.size() && census.bucketPath(bucket) == names) {
            return info.leafPages;
        }
    }
    return 0;
}

// Pages of the Get that were not in memory when the file was found; -1 when that is not known.
qint64 countColdPages(const GetTrace& trace, const FoundResidency& sample) {
    if (!sample.caveat.isEmpty() || sample.pages.empty()) {
        return -1;
    }
    const std::uint64_t unit = systemPageSize();
    std::vector<PageId> cold;
    for (const TraceEvent& event : trace.events) {
        const auto* read = std::get_if<PageReadEvent>(&event);
        if (read == nullptr || std::find(cold.begin(), cold.end(), read->page) != cold.end()) {
            continue;
        }
        // A Get looks at the front of a run; the pages behind it are touched only by a long value.
        const std::uint64_t at = read->bytes.begin / unit;
        if (at < sample.pages.size() && sample.pages[at] == 0) {
            cold.push_back(read->page);
        }
    }
    return static_cast<qint64>(cold.size());
}

} // namespace

struct FileSession::State {
    State(QString name, PageFile&& opened, FoundResidency sample)
        : path(std::move(name)), file(std::make_shared<const PageFile>(std::move(opened))),
          scanned(std::make_shared<Census>(file)), census(scanned), residency(std::move(sample)),
          sampledBytes(std::min(file->layout().fileSize, kSampleAtOnce)), entries(file),
          watch(file) {}

    QString path;
    std::shared_ptr<const PageFile> file;
    std::shared_ptr<Census> scanned;      // what the scan writes
    std::shared_ptr<const Census> census; // the same, for readers
    FoundResidency residency;
    std::uint64_t sampledBytes;
    std::shared_ptr<ScanFigures> figures = std::make_shared<ScanFigures>();
    std::vector<Finding> findings;
    bool isChecked = false;

    SessionEntries entries;
    FileWatch watch;
    Job<ScanOutcome> scan;
    Job<ScanOutcome> check;
    Job<PageAnswer> page;
    Job<TreeShape> shape;
    Job<GetTrace> get;
};

FileSession::FileSession() = default;
FileSession::~FileSession() = default;

FileSession::OpenResult FileSession::open(const QString& path, FileVersion version,
                                          FileLocking locking) {
    OpenOptions options;
    options.takesLock = locking == FileLocking::Shared;
    options.previousVersion = version == FileVersion::Previous;
    return openWith(path, options);
}

FileSession::OpenResult FileSession::openThrough(const QString& path, const MetaFields& reader) {
    OpenOptions options;
    options.heldMeta = reader;
    return openWith(path, options);
}

FileSession::OpenResult FileSession::openWith(const QString& path, const OpenOptions& options) {
    OpenResult result;
    const auto fill = [&result](const FileReport& report) {
        result.error = report.error;
        result.evidence = report.evidence;
        result.advice = report.advice;
    };
    // First of all, since opening already reads the metas and the kernel reads ahead.
    FoundResidency sample = sampleResidency(path);
    auto file = PageFile::open(toPath(path), options);
    if (!file) {
        fill(reportUnopened(path, file.error()));
        return result;
    }
    if (options.previousVersion && file->layout().openError) {
        result.error = tr("There is no previous version to look at: %1.")
                           .arg(toQString(file->layout().openError->describe()));
        return result;
    }
    if (options.heldMeta && file->layout().openError) {
        result.error = tr("The reader's version cannot be looked at: %1.")
                           .arg(toQString(file->layout().openError->describe()));
        return result;
    }
    if (file->layout().openError) {
        fill(reportRefused(path, *file));
    }
    result.session.reset(new FileSession);
    result.session->m_state = std::make_unique<State>(path, std::move(*file), std::move(sample));
    result.session->connectParts();
    return result;
}

void FileSession::connectParts() {
    connect(&m_state->watch, &FileWatch::movedOn, this, &FileSession::fileMovedOn);
    connect(&m_state->watch, &FileWatch::shrank, this, &FileSession::fileShrank);
    m_state->watch.start();
}

QString FileSession::path() const {
    return m_state->path;
}

const PageFile& FileSession::file() const {
    return *m_state->file;
}

bool FileSession::isDatabase() const {
    const FileLayout& layout = m_state->file->layout();
    return !layout.openError && layout.metas.active.has_value();
}

const std::shared_ptr<const Census>& FileSession::census() const {
    return m_state->census;
}

const std::vector<std::uint8_t>& FileSession::residencyAsFound() const {
    return m_state->residency.pages;
}

QString FileSession::residencyCaveat() const {
    return m_state->residency.caveat;
}

EntrySource* FileSession::entries() const {
    return &m_state->entries;
}

const std::vector<Finding>& FileSession::findings() const {
    return m_state->findings;
}

bool FileSession::isChecked() const {
    return m_state->isChecked;
}

bool FileSession::isScanning() const {
    return m_state->scan.isRunning();
}

std::vector<TaskInfo> FileSession::tasks() const {
    std::vector<TaskInfo> all;
    const quint64 pages = m_state->file->layout().pageCount;
    if (m_state->scan.isRunning()) {
        const CensusProgress progress = m_state->figures->census();
        all.push_back({kScanTask, tr("Scanning pages"), progress.pagesDone, progress.pagesTotal});
    }
    if (m_state->check.isRunning()) {
        all.push_back({kCheckTask, tr("Checking"), m_state->figures->pagesChecked(), pages});
    }
    if (m_state->get.isRunning()) {
        all.push_back({kGetTask, tr("Looking up a key"), 0, 0});
    }
    return all;
}

void FileSession::startScan() {
    if (m_state->scan.isRunning() || m_state->check.isRunning()) {
        return;
    }
    m_state->scan.start(
        [census = m_state->scanned, figures = m_state->figures, sampled = m_state->sampledBytes](
            const JobControl& control) { return runCensus(*census, *figures, sampled, control); },
        [this](const ScanOutcome& outcome) { finishScan(outcome.isWhole, outcome.error); },
        [this] { publishScanProgress(); });
    Q_EMIT tasksChanged();
}

void FileSession::publishScanProgress() {
    std::vector<std::uint8_t> rest = m_state->figures->takeResidencyRest();
    if (!rest.empty()) {
        auto& pages = m_state->residency.pages;
        pages.insert(pages.end(), rest.begin(), rest.end());
        m_state->sampledBytes = m_state->file->layout().fileSize;
        Q_EMIT residencyChanged();
    }
    Q_EMIT censusAdvanced(m_state->figures->census());
    Q_EMIT tasksChanged();
}

void FileSession::finishScan(bool whole, const QString& error) {
    publishScanProgress(); // the last figures may have been too fast for the throttle
    startCheck();
    Q_EMIT tasksChanged();
    Q_EMIT scanFinished(whole, error);
}

void FileSession::startCheck() {
    m_state->findings.clear();
    m_state->isChecked = false;
    // New figures: a check that was stopped a moment ago may still write into the old ones.
    const CensusProgress progress = m_state->figures->census();
    m_state->figures = std::make_shared<ScanFigures>();
    m_state->figures->setCensus(progress);
    m_state->check.start(
        [file = m_state->file, figures = m_state->figures](const JobControl& control) {
            return runCheck(*file, *figures, control);
        },
        [this](const ScanOutcome& outcome) {
            takeFindings();
            m_state->isChecked = outcome.error.isEmpty();
            Q_EMIT tasksChanged();
            Q_EMIT findingsChanged();
            Q_EMIT checkFinished(outcome.isWhole, outcome.error);
        },
        [this] {
            if (takeFindings()) {
                Q_EMIT findingsChanged();
            }
            Q_EMIT tasksChanged();
        });
}

bool FileSession::takeFindings() {
    std::vector<Finding> fresh = m_state->figures->takeFindings();
    if (fresh.empty()) {
        return false;
    }
    auto& all = m_state->findings;
    all.insert(all.end(), std::make_move_iterator(fresh.begin()),
               std::make_move_iterator(fresh.end()));
    return true;
}

void FileSession::stopAll() {
    stopTask(kScanTask);
    stopTask(kCheckTask);
    stopTask(kGetTask);
}

void FileSession::stopTask(int id) {
    if (id == kScanTask && m_state->scan.isRunning()) {
        m_state->scan.cancel();
        Q_EMIT tasksChanged();
        Q_EMIT scanFinished(false, tr("The scan was stopped."));
    } else if (id == kCheckTask && m_state->check.isRunning()) {
        m_state->check.cancel();
        Q_EMIT tasksChanged();
        Q_EMIT checkFinished(false, tr("The check was stopped."));
    } else if (id == kGetTask && m_state->get.isRunning()) {
        m_state->get.cancel();
        Q_EMIT tasksChanged();
    }
}

void FileSession::requestPage(PageId page) {
    m_state->page.start(
        [file = m_state->file, page](const JobControl&) { return readPage(*file, page); },
        [this, page](const PageAnswer& answer) {
            if (answer.snapshot) {
                Q_EMIT pageReady(page, answer.snapshot);
            } else {
                Q_EMIT pageFailed(page, answer.error);
            }
        });
}

void FileSession::requestGet(const std::vector<QByteArray>& path, const QByteArray& key) {
    m_state->get.start(
        [file = m_state->file, census = m_state->census, path, key](const JobControl&) {
            GetTrace trace = runGet(file, path, key);
            trace.leafPages = leafPagesOf(*census, path);
            return trace;
        },
        [this](GetTrace trace) {
            trace.coldPages = countColdPages(trace, m_state->residency);
            Q_EMIT tasksChanged();
            Q_EMIT getTraced(std::make_shared<const GetTrace>(std::move(trace)));
        });
    Q_EMIT tasksChanged();
}

void FileSession::requestTreeShape(const TreeShapeRequest& request) {
    m_state->shape.start(
        [file = m_state->file, census = m_state->census, request](const JobControl& control) {
            return buildTreeShape(*file, *census, request, control.stop());
        },
        [this](const TreeShape& shape) { Q_EMIT treeShapeReady(shape); });
}

} // namespace pagescape::gui
