// SPDX-License-Identifier: MIT
// The life of an opened file in the views: scan, selection, pages. What the user does with it (go
// to, trace, headline links) is in session_requests.cpp.
#include "window/session_binding.h"

#include "models/byte_text.h"
#include "models/headline.h"
#include "models/page_list_model.h"
#include "session/residency_sample.h"
#include "views/address_strip_view.h"
#include "views/breadcrumb_bar.h"
#include "views/bucket_panel.h"
#include "views/go_to_box.h"
#include "views/inspector_panel.h"
#include "views/key_entry.h"
#include "views/link_label.h"
#include "views/map_panel.h"
#include "views/page_table_panel.h"
#include "views/page_table_view.h"
#include "views/player_panel.h"
#include "views/problem_panel.h"
#include "views/tree_view.h"
#include "window/notice_bar.h"
#include "window/window_text.h"
#include "window/workspace.h"

#include <QLabel>

#include <utility>

namespace pagescape::gui {

SessionBinding::SessionBinding(std::unique_ptr<FileSession> session, Workspace* workspace,
                               ViewSettings* settings, FileOwner owner, QObject* parent)
    : QObject(parent), m_session(std::move(session)), m_views(workspace), m_settings(settings),
      m_owner(owner) {
    connectSession();
    connectViews();
    connectPlayer();
    showStrip();
    const auto& census = m_session->census();
    auto sample = std::make_shared<ResidencySample>();
    sample->resident = m_session->residencyAsFound();
    sample->osPageSize = quint32(systemPageSize());
    sample->pageSize = m_session->file().layout().pageSize;
    m_views->map->setCensus(census, sample);
    m_views->map->setResidencyCaveat(m_session->residencyCaveat());
    m_views->pages->setCensus(census);
    applyFormats();
    m_views->buckets->setSource(m_session->entries(), census);
    const QString lock = lockText(m_session->file());
    if (!lock.isEmpty() && owner == FileOwner::Others) {
        m_views->notice->post(lock);
    }
    m_session->startScan();
    m_views->hub->selectPage(m_session->file().layout().metas.entrance().value_or(PageId{0}));
    showHeadline();
}

SessionBinding::~SessionBinding() {
    m_session->disconnect(this);
    m_views->player->setTrace(nullptr);
    m_views->buckets->setSource(nullptr, nullptr);
    m_views->map->setCensus(nullptr);
    m_views->pages->setCensus(nullptr);
    m_views->tree->setShape({});
    m_views->inspector->clear();
    m_views->problems->setFindings({}, 0, false);
    m_views->crumbs->setCrumbs({});
    m_views->notice->clear();
    m_views->goTo->clear();
    m_views->goTo->setLimits(0, 0);
    m_views->hub->clear();
}

Standpoint SessionBinding::standpoint() const {
    return {m_views->hub->selection(), m_bucket, m_views->buckets->currentBucket(), m_tree};
}

void SessionBinding::restore(const Standpoint& standpoint) {
    m_tree = standpoint.tree;
    m_views->buckets->goTo(standpoint.listed);
    const auto page = standpoint.selection.page;
    if (page && page->value < m_session->census()->pageCount()) {
        m_views->hub->show(standpoint.selection);
        m_views->map->map()->centerOnPage(*page);
    }
    m_bucket = standpoint.bucket;
}

void SessionBinding::connectSession() {
    FileSession* session = m_session.get();
    connect(session, &FileSession::censusAdvanced, this, &SessionBinding::onProgress);
    connect(session, &FileSession::scanFinished, this, [this](bool whole, const QString& error) {
        m_isScanDone = true;
        onProgress();
        showTree();
        if (!error.isEmpty()) {
            m_views->notice->post(error, tr("Scan again"), [this] { m_session->startScan(); });
        } else if (!whole && m_owner == FileOwner::Others) {
            m_views->notice->post(tr("Another program committed while the pages were read: the "
                                     "picture mixes two versions."),
                                  tr("Reload"), [this] { Q_EMIT reloadRequested(); });
        }
    });
    connect(session, &FileSession::pageReady, this, &SessionBinding::onPage);
    connect(session, &FileSession::pageFailed, m_views->inspector, &InspectorPanel::setError);
    connect(session, &FileSession::treeShapeReady, m_views->tree, &TreeView::setShape);
    connect(session, &FileSession::getTraced, this, &SessionBinding::onTrace);
    const auto showFindings = [this] {
        m_views->problems->setFindings(m_session->findings(), m_session->file().layout().pageSize,
                                       m_session->isChecked());
        showHeadline();
    };
    connect(session, &FileSession::findingsChanged, this, showFindings);
    connect(session, &FileSession::checkFinished, this, showFindings);
    if (m_owner != FileOwner::Others) {
        return; // each change is shown as it comes
    }
    connect(session, &FileSession::fileMovedOn, this, [this](quint64 transactions) {
        m_views->notice->post(tr("The file moved on by %n transaction(s).", nullptr,
                                 int(std::min<quint64>(transactions, 1000000))),
                              tr("Reload"), [this] { Q_EMIT reloadRequested(); });
    });
    connect(session, &FileSession::fileShrank, this, [this](const QString& text) {
        m_views->notice->post(text, tr("Reload"), [this] { Q_EMIT reloadRequested(); });
    });
}

void SessionBinding::connectViews() {
    connect(m_views->hub, &SelectionHub::selectionChanged, this, &SessionBinding::onSelection);
    connect(m_views->hub, &SelectionHub::hoverChanged, this, &SessionBinding::onHover);
    connect(m_views->crumbs, &BreadcrumbBar::placeRequested, m_views->hub, &SelectionHub::select);
    connect(m_views->goTo, &GoToBox::pageRequested, this, [this](PageId page) {
        goToPage(page.value);
        m_views->map->map()->centerOnPage(page);
        endGoTo();
    });
    connect(m_views->goTo, &GoToBox::offsetRequested, this, &SessionBinding::goToOffset);
    connect(m_views->goTo, &GoToBox::keyRequested, this, &SessionBinding::goToKey);
    connect(m_views->goTo, &GoToBox::refused, m_views->notice, &NoticeBar::answer);
    connect(m_views->table->table(), &PageTableView::followRequested, this, &SessionBinding::open);
    connect(m_views->map->map(), &PageMapView::miniaturesWanted, this,
            &SessionBinding::readMiniatures);
    connect(m_views->headline, &QLabel::linkActivated, this, &SessionBinding::onHeadlineLink);
    connect(m_views->inspector, &InspectorPanel::followRequested, this,
            [this](PageId page) { goToPage(page.value); });
    connect(m_views->inspector, &InspectorPanel::formatChosen, this, &SessionBinding::onFormat);
    connect(m_views->map->map(), &PageMapView::followRequested, this, &SessionBinding::open);
    connect(m_views->tree, &TreeView::followRequested, this, &SessionBinding::open);
    connect(m_views->tree, &TreeView::expandRequested, this, [this](PageId page) {
        m_tree.expanded.insert(page);
        m_tree.collapsed.erase(page);
        m_session->requestTreeShape(m_tree);
    });
    connect(m_views->tree, &TreeView::collapseRequested, this, [this](PageId page) {
        m_tree.expanded.erase(page);
        m_tree.collapsed.insert(page);
        m_session->requestTreeShape(m_tree);
    });
    connect(m_views->buckets, &BucketPanel::bucketSelected, this,
            [this](const std::vector<QByteArray>& path) {
                m_bucket = path;
                m_views->playerPanel->keyEntry()->setBucket(path);
            });
    connect(m_views->buckets, &BucketPanel::traceRequested, this, &SessionBinding::requestTrace);
    connect(m_views->buckets, &BucketPanel::keyFormatChosen, this,
            [this](const std::vector<QByteArray>& path, ValueFormat format) {
                m_settings->setFormat(m_session->path(), path, ViewSettings::FormatUse::Keys,
                                      format);
            });
    connect(m_settings, &ViewSettings::formatChanged, this, &SessionBinding::applyFormats);
    connect(m_views->playerPanel->keyEntry(), &KeyEntry::traceRequested, this,
            &SessionBinding::requestTrace);
}

void SessionBinding::showStrip() {
    const FileLayout& layout = m_session->file().layout();
    StripValues values;
    values.fileSize = layout.fileSize;
    values.mapLength = layout.mapLength;
    values.mapAddress = layout.mapAddress;
    values.osPageSize = quint32(systemPageSize());
    if (const MetaFields* meta = layout.metas.activeFields();
        meta != nullptr && meta->highWater.value <= layout.pageCount) {
        values.highWaterBytes = meta->highWater.value * layout.pageSize;
    }
    m_views->strip->setValues(values, m_session->residencyAsFound(), layout.pageSize);
    m_views->strip->setResidencyCaveat(m_session->residencyCaveat());
    m_views->goTo->setLimits(layout.pageCount, layout.fileSize);
}

void SessionBinding::onProgress() {
    m_views->map->map()->refresh();
    m_views->buckets->model().refreshFigures();
    m_views->pages->refresh();
    showHeadline();
    showCrumbs();
    const bool hasBranches = m_session->census()->stage() >= CensusStage::Leaves;
    if (hasBranches && m_views->tree->shape().nodes.empty()) {
        m_views->playerPanel->keyEntry()->setBuckets(*m_session->census());
        showTree();
    }
    if (m_isScanDone) {
        m_views->playerPanel->keyEntry()->setBuckets(*m_session->census());
    }
}

void SessionBinding::onSelection(const Place& place) {
    showCrumbs();
    m_views->notice->retract();
    m_opened.reset();
    if (!place.page) {
        return;
    }
    const auto& census = m_session->census();
    PageId page = *place.page;
    if (const auto bucket = bucketOfPage(page)) {
        m_bucket = *bucket;
    }
    if (page.value >= census->pageCount()) {
        m_views->inspector->setError(page, tr("The file has %1 pages; the last one is page %2.")
                                               .arg(countText(census->pageCount()))
                                               .arg(census->pageCount() - 1));
        return;
    }
    const PageRow row = census->row(page);
    if (row.kind == PageKind::Overflow) {
        page = PageId{row.parent}; // the run is shown as one long page
    }
    const PageSnapshot shown = shownPage();
    if (!shown || shown->description.id != page) {
        m_session->requestPage(page);
    }
    if (!m_views->player->trace()) {
        showTree();
    }
}

void SessionBinding::onPage(PageId page, const PageSnapshot& snapshot) {
    const auto& census = m_session->census();
    const PageRow row = census->row(page);
    m_views->inspector->setPage(snapshot, row, bucketTitle(*census, row.bucket));
    m_views->inspector->setLitElement(m_views->player->frame().element);
    m_views->map->map()->addMiniature(snapshot);
    showCrumbs();
    if (std::exchange(m_opened, std::nullopt) == page) {
        open(page);
    }
}

// Pages for the pictures inside large cells; a long run is cut, its miniature shows the beginning.
void SessionBinding::readMiniatures(const std::vector<PageId>& pages) {
    constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 10U;
    m_miniatures.start(
        [census = m_session->census(), pages](const JobControl& control) {
            std::vector<PageSnapshot> read;
            for (const PageId page : pages) {
                if (control.stop().stop_requested()) {
                    break;
                }
                if (auto found = inspectPage(census->file(), page, kMostBytes)) {
                    read.push_back(std::make_shared<const InspectedPage>(std::move(*found)));
                }
            }
            return read;
        },
        [this](const std::vector<PageSnapshot>& read) {
            for (const PageSnapshot& page : read) {
                m_views->map->map()->addMiniature(page);
            }
        });
}

void SessionBinding::onHover(const Place& place) {
    Q_EMIT hoverTextChanged(hoverText(*m_session->census(), place, shownPage()));
}

PageSnapshot SessionBinding::shownPage() const {
    return m_views->inspector->page();
}

std::optional<std::vector<QByteArray>> SessionBinding::bucketOfPage(PageId page) const {
    const auto& census = m_session->census();
    const BucketIndex bucket =
        page.value < census->pageCount() ? census->row(page).bucket : kNoBucket;
    if (bucket >= census->bucketCount()) {
        return std::nullopt;
    }
    std::vector<QByteArray> path;
    for (const std::string& name : census->bucketPath(bucket)) {
        path.push_back(QByteArray::fromStdString(name));
    }
    return path;
}

void SessionBinding::showCrumbs() {
    m_views->crumbs->setCrumbs(
        crumbsOf(*m_session->census(), m_views->hub->selection(), shownPage()));
}

void SessionBinding::showHeadline() {
    const Headline text =
        headline(*m_session->census(), m_session->findings(), m_session->isChecked());
    m_views->headline->setHtml(text.html);
}

void SessionBinding::showTree() {
    const auto& census = m_session->census();
    if (census->stage() < CensusStage::Leaves || census->bucketCount() == 0) {
        return;
    }
    TreeShapeRequest wanted = m_tree;
    const PlayerFrame& frame = m_views->player->frame();
    const auto current = m_views->player->trace() && frame.currentPage
                             ? frame.currentPage
                             : m_views->hub->selection().page;
    if (current && current->value < census->pageCount()) {
        const PageRow row = census->row(*current);
        if (row.bucket < census->bucketCount()) {
            wanted.bucket = row.bucket;
        }
        wanted.path = m_views->player->trace() ? frame.litPages : census->pathTo(*current);
    }
    if (wanted.bucket != m_tree.bucket) {
        wanted.expanded.clear();
        wanted.collapsed.clear();
    }
    m_tree = std::move(wanted);
    m_session->requestTreeShape(m_tree);
}

} // namespace pagescape::gui
