// SPDX-License-Identifier: MIT
// The job copies what it keeps: once it has ended, the files can be closed.
#include "session/comparer.h"

#include "models/byte_text.h"
#include "pagescape/page_file.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <utility>

namespace pagescape::gui {

/// What the job and the GUI thread share.
struct ComparisonFigures {
    std::mutex mutex;
    std::vector<DifferenceEntry> fresh;
    std::atomic<quint64> entries{0};
    std::stop_source stopped; ///< by the user, who still wants the answer, or with the lane
};

namespace {

constexpr std::size_t kMostSkipsTold = 20;
constexpr quint64 kEntriesPerTick = 64;

ComparedVersion describe(const QString& path, const DiffSide& side) {
    const MetaPair& metas = side.file->layout().metas;
    const auto holds = [&](std::size_t page) {
        return metas.metas[page].fields.txid == side.meta.txid;
    };
    const int meta = holds(0) ? 0 : holds(1) ? 1 : -1;
    return {path, side.meta.txid.value, meta, side.file->layout().pageCount, {}};
}

// The bytes of a key in a file, where a span of that file tells. A value stands behind its key.
std::optional<ByteRange> keyBytes(const PageFile& file, Bytes key, Bytes value, PageId page) {
    const FileLayout& layout = file.layout();
    const auto inFile = [&](const std::byte* data) -> std::optional<std::uint64_t> {
        const auto whole = file.pages(PageId{0}, layout.pageCount);
        // Pointers of different objects have an order only through std::less.
        const std::less<> isBefore;
        if (data == nullptr || whole.empty() || isBefore(data, whole.data()) ||
            !isBefore(data, whole.data() + whole.size())) {
            return std::nullopt;
        }
        return static_cast<std::uint64_t>(data - whole.data());
    };
    if (const auto at = value.empty() ? std::nullopt : inFile(value.data());
        at && *at >= key.size()) {
        return ByteRange{*at - key.size(), *at};
    }
    const auto at = key.empty() ? std::nullopt : inFile(key.data());
    const std::uint64_t first = page.value * layout.pageSize;
    if (at && *at >= first && *at - first < layout.pageSize) {
        return ByteRange{*at, *at + key.size()};
    }
    return std::nullopt;
}

// Turns items into entries; items in a row share one path.
class EntryMaker {
public:
    EntryMaker(const DiffSide& before, const DiffSide& after) : m_before(before), m_after(after) {}

    DifferenceEntry make(const DiffItem& item) {
        DifferenceEntry entry;
        entry.kind = item.kind;
        entry.isBucket = item.isBucket;
        entry.path = pathOf(*item.path);
        entry.key = toQByteArray(item.key);
        entry.before = toQByteArray(item.before, kDifferenceBytes);
        entry.after = toQByteArray(item.after, kDifferenceBytes);
        entry.beforeSize = item.before.size();
        entry.afterSize = item.after.size();
        entry.sequenceBefore = item.sequenceBefore;
        entry.sequenceAfter = item.sequenceAfter;
        entry.pageBefore = item.pageBefore;
        entry.pageAfter = item.pageAfter;
        if (item.kind != DiffKind::Added) {
            entry.bytesBefore = keyBytes(*m_before.file, item.key, item.before, item.pageBefore);
        }
        if (item.kind != DiffKind::Removed) {
            entry.bytesAfter = keyBytes(*m_after.file, item.key, item.after, item.pageAfter);
        }
        return entry;
    }

private:
    std::shared_ptr<const std::vector<QByteArray>> pathOf(const std::vector<Bytes>& path) {
        std::vector<QByteArray> names;
        for (const Bytes name : path) {
            names.push_back(toQByteArray(name));
        }
        if (!m_path || *m_path != names) {
            m_path = std::make_shared<const std::vector<QByteArray>>(std::move(names));
        }
        return m_path;
    }

    DiffSide m_before;
    DiffSide m_after;
    std::shared_ptr<const std::vector<QByteArray>> m_path;
};

QString text(const Error& error) {
    return toQString(error.describe());
}

void count(DiffSummary& totals, const DiffItem& item) {
    switch (item.kind) {
    case DiffKind::Added: ++(item.isBucket ? totals.bucketsAdded : totals.keysAdded); break;
    case DiffKind::Removed: ++(item.isBucket ? totals.bucketsRemoved : totals.keysRemoved); break;
    case DiffKind::Changed: ++(item.isBucket ? totals.sequencesChanged : totals.keysChanged); break;
    }
}

// The two files, or the one whose versions are compared, open for as long as the job runs.
struct Sides {
    std::optional<PageFile> older;
    std::optional<PageFile> newer;
    std::pair<DiffSide, DiffSide> versions;
};

Result<void> openSides(const QString& before, const QString& after,
                       const std::optional<MetaFields>& reader, Sides& sides) {
    OpenOptions options;
    options.heldMeta = reader;
    auto newer = PageFile::open(toPath(after), options);
    if (!newer) {
        return fail(newer.error());
    }
    sides.newer = std::move(*newer);
    if (before == after) {
        const auto both = bothSides(*sides.newer);
        if (!both) {
            return fail(both.error());
        }
        sides.versions = *both;
        return {};
    }
    auto older = PageFile::open(toPath(before));
    if (!older) {
        return fail(older.error());
    }
    sides.older = std::move(*older);
    const auto first = currentSide(*sides.older);
    const auto second = currentSide(*sides.newer);
    if (!first || !second) {
        return fail(first ? second.error() : first.error());
    }
    sides.versions = {*first, *second};
    return {};
}

void runComparison(const Sides& sides, const Comparer::Moments& moments, ComparisonFigures& figures,
                   const JobControl& control, Comparison& result) {
    const auto& [before, after] = sides.versions;
    EntryMaker maker(before, after);
    DiffSummary totals; // for a run that is stopped: the engine then has no answer
    const auto onItem = [&](const DiffItem& item) {
        count(totals, item);
        const quint64 number = ++figures.entries;
        if (number <= kMostDifferences) {
            DifferenceEntry entry = maker.make(item);
            const std::lock_guard lock(figures.mutex);
            figures.fresh.push_back(std::move(entry));
        }
        if (number % kEntriesPerTick == 1) {
            control.progressed();
        }
        return true;
    };
    const auto onSkip = [&](DiffOrigin, const Error& error) {
        if (result.skipped.size() < kMostSkipsTold) {
            result.skipped.push_back(text(error));
        }
    };
    const std::stop_callback dropped(control.stop(), [&] { figures.stopped.request_stop(); });
    std::function<bool(PageId)> isUnwritten;
    if (moments.isUnwritten) {
        isUnwritten = [&, pageSize = after.file->layout().pageSize](PageId page) {
            return moments.isUnwritten(page, pageSize);
        };
    }
    auto summary =
        diffVersions(before, after, onItem, onSkip, figures.stopped.get_token(), isUnwritten);
    if (summary) {
        result.summary = std::move(*summary);
        return;
    }
    result.summary = std::move(totals);
    result.summary.isWhole = false;
    result.isStopped = summary.error().code == ErrorCode::Cancelled;
    if (!result.isStopped) {
        result.error = text(summary.error());
    }
}

} // namespace

Comparer::Comparer(QObject* parent)
    : QObject(parent), m_figures(std::make_shared<ComparisonFigures>()) {}

Comparer::~Comparer() = default;

void Comparer::compareVersions(const QString& path, const std::optional<MetaFields>& reader) {
    start({path, path, {}, {}, {}, reader});
}

void Comparer::compareFiles(const QString& before, const QString& after) {
    start({before, after, {}, {}, {}, {}});
}

void Comparer::compareMoments(const Moments& moments) {
    start(moments);
}

void Comparer::start(const Moments& moments) {
    m_figures = std::make_shared<ComparisonFigures>();
    m_job.start(
        [figures = m_figures, moments](const JobControl& control) {
            const QString& before = moments.before;
            const QString& after = moments.after;
            Comparison result;
            result.isRelated = moments.isUnwritten != nullptr;
            result.isOneFile = before == after;
            result.before.path = before;
            result.after.path = after;
            Sides sides;
            if (const auto opened = openSides(before, after, moments.reader, sides)) {
                result.before = describe(before, sides.versions.first);
                result.after = describe(after, sides.versions.second);
                result.before.name = moments.beforeName;
                result.after.name = moments.afterName;
                runComparison(sides, moments, *figures, control, result);
            } else {
                result.error = text(opened.error());
                result.summary.isWhole = false;
            }
            return std::make_shared<const Comparison>(std::move(result));
        },
        [this](const ComparisonPtr& comparison) {
            publish();
            Q_EMIT finished(comparison);
        },
        [this] { publish(); });
    Q_EMIT started();
}

void Comparer::publish() {
    std::vector<DifferenceEntry> fresh;
    {
        const std::lock_guard lock(m_figures->mutex);
        fresh.swap(m_figures->fresh);
    }
    Q_EMIT found(fresh);
}

void Comparer::stop() {
    if (m_job.isRunning()) {
        m_figures->stopped.request_stop();
    }
}

void Comparer::cancel() {
    m_job.cancel();
}

std::vector<TaskInfo> Comparer::tasks() const {
    if (!m_job.isRunning()) {
        return {};
    }
    return {{kTask, tr("Comparing"), m_figures->entries, 0}};
}

} // namespace pagescape::gui
