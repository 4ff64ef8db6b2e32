// SPDX-License-Identifier: MIT
// What the user asks of an opened file: follow, up, go to, trace, headline links, value formats.
#include "models/caption.h"
#include "models/page_field_model.h"
#include "views/bucket_panel.h"
#include "views/field_place.h"
#include "views/go_to_box.h"
#include "views/inspector_panel.h"
#include "views/key_entry.h"
#include "views/map_panel.h"
#include "views/player_panel.h"
#include "views/tree_view.h"
#include "window/notice_bar.h"
#include "window/session_binding.h"
#include "window/window_text.h"
#include "window/workspace.h"

namespace pagescape::gui {

std::optional<PageId> SessionBinding::pointerOf(const PageSnapshot& page) const {
    const PageDescription& description = page->description;
    const int selected = fieldOfPlace(description, m_views->hub->selection());
    std::optional<PageId> target;
    if (selected >= 0) {
        target = fieldPointer(description.fields[std::size_t(selected)]);
    }
    for (std::size_t i = 0; i < description.fields.size() && !target; ++i) {
        target = fieldPointer(description.fields[i]);
    }
    return target;
}

void SessionBinding::follow() {
    const PageSnapshot page = shownPage();
    if (!page) {
        return;
    }
    if (const auto target = pointerOf(page)) {
        goToPage(target->value);
    } else {
        m_views->notice->answer(
            tr("Nothing on page %1 points to another page.").arg(page->description.id.value));
    }
}

void SessionBinding::open(PageId page) {
    const PageSnapshot shown = shownPage();
    if (!shown || shown->description.id != page) {
        goToPage(page.value);
        m_opened = page;
    } else if (const auto target = pointerOf(shown)) {
        goToPage(target->value);
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
    } else if (const auto entrance = m_session->file().layout().metas.entrance();
               entrance && path.size() == 1) {
        goToPage(entrance->value); // the root page is named by the meta
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
    endGoTo();
}

// The key as typed in the bucket of the selection comes first: keys may hold slashes themselves.
void SessionBinding::goToKey(const QByteArray& typed) {
    m_miss.clear();
    m_searches = {{m_bucket, typed}};
    std::vector<QByteArray> names = bucketPathFromText(QString::fromUtf8(typed));
    if (names.size() > 1) {
        const QByteArray key = names.back();
        names.pop_back();
        m_searches.push_back({std::move(names), key});
    }
    m_session->requestGet(m_bucket, typed);
}

void SessionBinding::requestTrace(const std::vector<QByteArray>& path, const QByteArray& key) {
    m_searches.clear();
    m_session->requestGet(path, key);
}

void SessionBinding::traceCurrentKey() {
    std::vector<QByteArray> path;
    QByteArray key;
    if (m_views->buckets->currentKey(path, key)) {
        requestTrace(path, key);
    } else {
        m_views->playerPanel->keyEntry()->activate();
    }
}

void SessionBinding::onTrace(const GetTracePtr& trace) {
    if (!m_searches.empty()) {
        onKeySearched(trace);
        return;
    }
    if (!trace->error.isEmpty()) {
        m_views->notice->answer(trace->error);
    }
    m_views->player->setTrace(trace);
}

void SessionBinding::onKeySearched(const GetTracePtr& trace) {
    m_searches.pop_front();
    if (const LeafHitEvent* hit = searchedKey(*trace)) {
        m_searches.clear();
        Place place;
        place.page = hit->page;
        place.bytes = hit->key;
        place.element = int(hit->index);
        m_views->hub->select(place);
        endGoTo();
        return;
    }
    if (m_miss.isEmpty() || reachedBucket(*trace)) {
        m_miss = missText(*trace);
    }
    if (m_searches.empty()) {
        m_views->notice->answer(m_miss);
    } else {
        m_session->requestGet(m_searches.front().path, m_searches.front().key);
    }
}

// What was typed has been gone to: it must not stand there when the selection moves on.
void SessionBinding::endGoTo() {
    m_views->goTo->clear();
    m_views->notice->retract();
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

void SessionBinding::isolate(std::initializer_list<PageClass> classes) {
    m_views->map->map()->setLens(Lens::Type);
    ClassMask mask;
    for (const PageClass shown : classes) {
        mask.set(1U + static_cast<std::size_t>(shown));
    }
    m_views->map->legend()->isolate(mask);
}

void SessionBinding::onHeadlineLink(const QString& link) {
    if (link.startsWith(QLatin1String("page:"))) {
        goToPage(link.mid(5).toULongLong());
    } else if (link == QLatin1String("pages:all")) {
        m_views->map->legend()->clearIsolation();
    } else if (link == QLatin1String("pages:used")) {
        isolate({PageClass::Meta, PageClass::StaleMeta, PageClass::Freelist, PageClass::Branch,
                 PageClass::Leaf, PageClass::Overflow});
    } else if (link == QLatin1String("pages:tail")) {
        isolate({PageClass::Tail});
    } else if (link == QLatin1String("pages:free")) {
        // What only the other meta still reaches counts as free: the next transaction may take it.
        isolate({PageClass::Free, PageClass::Previous});
    } else if (link == QLatin1String("pages:leaked")) {
        isolate({PageClass::Leaked});
    } else if (link == QLatin1String("problems:")) {
        Q_EMIT problemsRequested();
    } else if (link == QLatin1String("lens:owner")) {
        m_views->map->map()->setLens(Lens::Owner);
    }
}

void SessionBinding::onFormat(ViewSettings::FormatUse use, ValueFormat format) {
    if (const PageSnapshot page = shownPage()) {
        m_settings->setFormat(
            m_session->path(),
            bucketOfPage(page->description.id).value_or(std::vector<QByteArray>()), use, format);
    }
}

void SessionBinding::applyFormats() {
    const BucketFormats keys =
        m_settings->formats(m_session->path(), ViewSettings::FormatUse::Keys);
    const BucketFormats values =
        m_settings->formats(m_session->path(), ViewSettings::FormatUse::Values);
    m_views->buckets->setFormats(keys, values);
    m_views->inspector->setFormats([this, keys, values](ViewSettings::FormatUse use) {
        const PageSnapshot page = shownPage();
        const auto bucket = page ? bucketOfPage(page->description.id) : std::nullopt;
        return (use == ViewSettings::FormatUse::Keys ? keys : values)(
            bucket.value_or(std::vector<QByteArray>()));
    });
    m_tree.keyFormats = keys;
    showTree();
}

} // namespace pagescape::gui
