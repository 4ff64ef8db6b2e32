// SPDX-License-Identifier: MIT
// What the user asks of an opened file: follow, up, go to, trace, headline links, value formats.
#include "models/caption.h"
#include "models/page_field_model.h"
#include "views/bucket_panel.h"
#include "views/field_place.h"
#include "views/inspector_panel.h"
#include "views/key_entry.h"
#include "views/map_panel.h"
#include "views/player_panel.h"
#include "views/tree_view.h"
#include "window/notice_bar.h"
#include "window/session_binding.h"
#include "window/workspace.h"

namespace pagescape::gui {

void SessionBinding::follow() {
    const PageSnapshot page = shownPage();
    if (!page) {
        return;
    }
    const PageDescription& description = page->description;
    const int selected = fieldOfPlace(description, m_views->hub->selection());
    std::optional<PageId> target;
    if (selected >= 0) {
        target = fieldPointer(description.fields[std::size_t(selected)]);
    }
    for (std::size_t i = 0; i < description.fields.size() && !target; ++i) {
        target = fieldPointer(description.fields[i]);
    }
    if (target) {
        goToPage(target->value);
    } else {
        m_views->notice->post(
            tr("Nothing on page %1 points to another page.").arg(description.id.value));
    }
}

void SessionBinding::goUp() {
    const auto& selected = m_views->hub->selection().page;
    const auto& census = m_session->census();
    if (!selected || selected->value >= census->pageCount()) {
        return;
    }
    const PageRow row = census->row(*selected);
    if (row.kind == PageKind::Overflow) {
        goToPage(row.parent);
        return;
    }
    const std::vector<PageId> path = census->pathTo(*selected);
    if (path.size() >= 2) {
        goToPage(path[path.size() - 2].value);
    } else if (const auto active = m_session->file().layout().metas.active;
               active && path.size() == 1) {
        goToPage(std::uint64_t(*active)); // the root page is named by the meta
    }
}

void SessionBinding::goToPage(std::uint64_t page) {
    m_views->hub->selectPage(PageId{page});
}

void SessionBinding::goToOffset(std::uint64_t offset) {
    Place place;
    place.page = PageId{offset / m_session->file().layout().pageSize};
    place.bytes = ByteRange{offset, offset + 1};
    m_views->hub->select(place);
    m_views->map->map()->centerOnPage(*place.page);
}

void SessionBinding::goToKey(const QByteArray& key) {
    m_isKeySearch = true;
    m_session->requestGet(m_bucket, key);
}

void SessionBinding::traceCurrentKey() {
    std::vector<QByteArray> path;
    QByteArray key;
    if (m_views->buckets->currentKey(path, key)) {
        m_isKeySearch = false;
        m_session->requestGet(path, key);
        return;
    }
    m_views->playerPanel->keyEntry()->focusKey();
}

void SessionBinding::onTrace(const GetTracePtr& trace) {
    if (!m_isKeySearch) {
        if (!trace->error.isEmpty()) {
            m_views->notice->post(trace->error);
        }
        m_views->player->setTrace(trace);
        return;
    }
    m_isKeySearch = false;
    for (const TraceEvent& event : trace->events) {
        const auto* hit = std::get_if<LeafHitEvent>(&event);
        if (hit != nullptr && &event + 2 >= trace->events.data() + trace->events.size()) {
            Place place;
            place.page = hit->page;
            place.bytes = hit->key;
            place.element = int(hit->index);
            m_views->hub->select(place);
            return;
        }
    }
    m_views->notice->post(trace->error.isEmpty()
                              ? tr("%1 is not in this bucket. Choose the bucket in the bucket tree "
                                   "first.")
                                    .arg(quotedKey(trace->key))
                              : trace->error);
}

void SessionBinding::connectPlayer() {
    connect(m_views->player, &GetPlayer::frameChanged, this, &SessionBinding::onFrame);
    connect(m_views->player, &GetPlayer::traceChanged, this,
            [this] { onFrame(m_views->player->frame()); });
    m_views->player->setCaptionWords([this](int event) {
        const GetTracePtr& trace = m_views->player->trace();
        return trace ? wordCount(captionAt(*trace, event)) : 0;
    });
}

void SessionBinding::onFrame(const PlayerFrame& frame) {
    const bool isActive = m_views->player->trace() && frame.event >= 0;
    const auto lit = isActive ? std::optional(frame.litPages) : std::nullopt;
    m_views->map->map()->setLitPath(lit);
    m_views->tree->setLitPath(lit);
    m_views->inspector->setLitElement(isActive ? frame.element : -1);
    if (isActive && frame.currentPage) {
        Place place;
        place.page = frame.currentPage;
        place.bytes = frame.bytes;
        place.element = frame.element;
        m_views->hub->show(place);
    }
    showTree();
}

void SessionBinding::endTrace() {
    m_views->player->setTrace(nullptr);
}

void SessionBinding::isolate(PageClass pageClass) {
    m_views->map->map()->setLens(Lens::Type);
    ClassMask mask;
    mask.set(1U + static_cast<std::size_t>(pageClass));
    m_views->map->legend()->isolate(mask);
}

void SessionBinding::isolateLive() {
    m_views->map->map()->setLens(Lens::Type);
    ClassMask mask;
    for (const PageClass used : {PageClass::Meta, PageClass::Freelist, PageClass::Branch,
                                 PageClass::Leaf, PageClass::Overflow}) {
        mask.set(1U + static_cast<std::size_t>(used));
    }
    m_views->map->legend()->isolate(mask);
}

void SessionBinding::onHeadlineLink(const QString& link) {
    if (link.startsWith(QLatin1String("page:"))) {
        goToPage(link.mid(5).toULongLong());
    } else if (link == QLatin1String("pages:all")) {
        m_views->map->legend()->clearIsolation();
    } else if (link == QLatin1String("pages:used")) {
        isolateLive();
    } else if (link == QLatin1String("pages:tail")) {
        isolate(PageClass::Tail);
    } else if (link == QLatin1String("pages:free")) {
        isolate(PageClass::Free);
    } else if (link == QLatin1String("pages:leaked")) {
        isolate(PageClass::Leaked);
    } else if (link == QLatin1String("problems:")) {
        Q_EMIT problemsRequested();
    } else if (link == QLatin1String("lens:owner")) {
        m_views->map->map()->setLens(Lens::Owner);
    }
}

void SessionBinding::onFormat(ViewSettings::FormatUse use, ValueFormat format) {
    if (const PageSnapshot page = shownPage()) {
        m_settings->setFormat(m_session->path(), bucketOfPage(page->description.id), use, format);
        m_views->buckets->model().refreshFormats();
    }
}

} // namespace pagescape::gui
