// SPDX-License-Identifier: MIT
#include "window/compare_binding.h"

#include "session/file_session.h"
#include "state/view_settings.h"
#include "views/difference_panel.h"
#include "views/map_panel.h"
#include "views/tree_view.h"
#include "window/notice_bar.h"
#include "window/workspace.h"

#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace pagescape::gui {

namespace {

// In whichever version the file was opened.
quint64 newestTxid(const PageFile& file) {
    const MetaFields* const newest = file.layout().metas.newestFields();
    return newest != nullptr ? newest->txid.value : 0;
}

// 0: none is looked through.
quint64 readerTxid(const PageFile& file) {
    const auto& reader = file.options().heldMeta;
    return reader ? reader->txid.value : 0;
}

} // namespace

CompareBinding::CompareBinding(Workspace* workspace, ViewSettings* settings, QObject* parent)
    : QObject(parent), m_views(workspace), m_settings(settings) {
    DifferencePanel* panel = m_views->differences;
    connect(&m_comparer, &Comparer::started, this, &CompareBinding::tasksChanged);
    connect(&m_comparer, &Comparer::found, this,
            [this, panel](const std::vector<DifferenceEntry>& entries) {
                panel->append(entries);
                Q_EMIT tasksChanged();
            });
    connect(&m_comparer, &Comparer::finished, this, &CompareBinding::onFinished);
    connect(panel, &DifferencePanel::compareRequested, this, &CompareBinding::compareVersions);
    connect(panel, &DifferencePanel::stopRequested, this, &CompareBinding::stop);
    connect(panel, &DifferencePanel::endRequested, this, &CompareBinding::end);
    connect(panel, &DifferencePanel::mapRequested, this,
            [this] { m_views->map->map()->setLens(Lens::Changes); });
    connect(m_views->map->map(), &PageMapView::lensChanged, this, [this](Lens lens) {
        if (lens == Lens::Changes && !m_comparison && !isRunning()) {
            compareVersions();
        }
    });
    connect(panel, &DifferencePanel::placeMissed, m_views->notice, &NoticeBar::answer);
}

CompareBinding::~CompareBinding() {
    m_comparer.disconnect(this);
}

void CompareBinding::setSession(FileSession* session) {
    if (m_session != nullptr) {
        m_session->disconnect(this);
    }
    m_session = session;
    const bool isShown = m_views->map->map()->lens() == Lens::Changes;
    if (session == nullptr || !isAbout(*session)) {
        const bool wasOneFile = !m_comparison || m_comparison->isOneFile;
        clear();
        // Who looks at what changed sees the next change, too.
        if (session != nullptr && isShown && wasOneFile) {
            compareVersions();
        } else {
            leaveLens();
        }
    }
    if (session != nullptr) {
        connect(session, &FileSession::scanFinished, this, &CompareBinding::countSame);
        showSides();
    }
}

// The file is the same, and no transaction was committed since: the pages are still those that were
// compared. What a reader sees can be compared as long as one looks through it.
bool CompareBinding::isAbout(const FileSession& session) const {
    return (m_comparison || isRunning()) && m_path == session.path() &&
           m_txid == newestTxid(session.file()) && m_readerTxid == readerTxid(session.file());
}

void CompareBinding::showSides() {
    const bool isPast = m_session != nullptr && m_session->file().layout().metas.isPast();
    const bool isOneFile = !m_comparison || m_comparison->isOneFile;
    const DiffOrigin side = isPast && isOneFile ? DiffOrigin::Before : DiffOrigin::After;
    m_views->differences->model().setShown(m_isAfterShown ? std::optional(side) : std::nullopt,
                                           isOneFile);
}

void CompareBinding::compareVersions() {
    if (m_session != nullptr) {
        start(m_session->path(), m_session->file().options().heldMeta
                                     ? tr("Comparing what the reader sees with the newest version.")
                                     : tr("Comparing the newest version with the one before it."));
    }
}

void CompareBinding::compareWith(const QString& path) {
    if (m_session != nullptr) {
        start(QFileInfo(path).absoluteFilePath(),
              tr("Comparing with %1.").arg(QFileInfo(path).fileName()));
    }
}

void CompareBinding::compareMoments(const Comparer::Moments& moments, bool isAfterShown) {
    if (m_session != nullptr) {
        begin(tr("Comparing %1 with %2.").arg(moments.beforeName, moments.afterName));
        m_isAfterShown = isAfterShown;
        m_comparer.compareMoments(moments);
    }
}

void CompareBinding::begin(const QString& title) {
    clear();
    m_isAfterShown = true;
    const QString shown = m_session->path();
    m_path = shown;
    m_txid = newestTxid(m_session->file());
    m_readerTxid = readerTxid(m_session->file());
    m_views->differences->begin(title);
    m_views->differences->model().setFormats(
        m_settings->formats(shown, ViewSettings::FormatUse::Keys),
        m_settings->formats(shown, ViewSettings::FormatUse::Values));
}

void CompareBinding::start(const QString& before, const QString& title) {
    begin(title);
    const QString shown = m_session->path();
    // One file by two names is still two versions of it.
    if (QFileInfo(before) == QFileInfo(shown)) {
        m_comparer.compareVersions(shown, m_session->file().options().heldMeta);
    } else {
        m_comparer.compareFiles(before, shown);
    }
}

void CompareBinding::onFinished(const ComparisonPtr& comparison) {
    Q_EMIT tasksChanged();
    m_comparison = comparison;
    m_views->differences->setComparison(comparison, std::nullopt);
    if (!comparison->error.isEmpty()) {
        m_views->notice->answer(comparison->error);
    }
    if (!comparison->error.isEmpty() || comparison->isStopped) {
        return;
    }
    showSides();
    setChanges(std::make_shared<const PageChanges>(
        PageChanges{comparison->summary.pages,
                    comparison->isOneFile || (comparison->isRelated && m_isAfterShown)}));
    m_views->map->map()->setLens(Lens::Changes);
    countSame();
}

void CompareBinding::setChanges(std::shared_ptr<const PageChanges> changes) {
    m_changes = std::move(changes);
    m_views->map->map()->setChanges(m_changes);
    m_views->tree->setChanges(m_changes);
}

// What two versions of a file share was not read: the scan of the version on show knows it.
void CompareBinding::countSame() {
    if (!m_changes || !m_changes->isOneFile || !m_comparison->isOneFile || m_session == nullptr ||
        m_session->census()->stage() != CensusStage::Done) {
        return;
    }
    m_same.start(
        [census = m_session->census(), changes = m_changes](const JobControl& control) -> quint64 {
            const auto image = LensImage::build(Lens::Changes, *census, nullptr, control.stop(), {},
                                                changes.get());
            return image ? image->count(kSameClass) : 0;
        },
        [this](quint64 pages) { m_views->differences->setComparison(m_comparison, pages); });
}

void CompareBinding::end() {
    clear();
    leaveLens();
}

void CompareBinding::clear() {
    m_comparer.cancel();
    m_same.cancel();
    m_comparison.reset();
    setChanges(nullptr);
    m_views->differences->clear();
    Q_EMIT tasksChanged();
}

// Without a comparison it has nothing to show.
void CompareBinding::leaveLens() {
    if (m_views->map->map()->lens() == Lens::Changes) {
        m_views->map->map()->setLens(Lens::Type);
    }
}

} // namespace pagescape::gui
