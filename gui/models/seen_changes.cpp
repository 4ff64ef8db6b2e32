// SPDX-License-Identifier: MIT
#include "models/seen_changes.h"

#include "units/units.h"

#include <QCoreApplication>

#include <algorithm>

namespace pagescape::gui {

namespace {

bool isLive(std::uint8_t state) {
    const auto life = static_cast<PageLife>(state >> 4U);
    return life == PageLife::Live || life == PageLife::ActiveMeta;
}

} // namespace

CensusSnapshot snapshotOf(const Census& census) {
    CensusSnapshot snapshot;
    if (const MetaFields* meta = census.file().layout().metas.activeFields()) {
        snapshot.txid = meta->txid;
    }
    snapshot.pages.resize(census.pageCount());
    for (std::uint64_t id = 0; id < census.pageCount(); ++id) {
        const PageRow row = census.row(PageId{id});
        snapshot.pages[id] = {census.state(PageId{id}), row.fill, row.count};
    }
    return snapshot;
}

SeenChanges changesBetween(const CensusSnapshot& before, const CensusSnapshot& after) {
    SeenChanges changes;
    changes.from = before.txid;
    changes.to = after.txid;
    const std::size_t old = before.pages.size();
    changes.grownBy = after.pages.size() > old ? after.pages.size() - old : 0;
    for (std::size_t id = 0; id < std::max(old, after.pages.size()); ++id) {
        const auto was = id < old ? before.pages[id] : CensusSnapshot::Page();
        const auto is = id < after.pages.size() ? after.pages[id] : CensusSnapshot::Page();
        const bool wasLive = id < old && isLive(was.state);
        const bool isLiveNow = id < after.pages.size() && isLive(is.state);
        if (isLiveNow && (!wasLive || was != is)) {
            changes.written.push_back(PageId{id});
        } else if (wasLive && !isLiveNow && id > 1) { // the older meta stays one
            changes.givenUp.push_back(PageId{id});
        }
    }
    return changes;
}

QString changesText(const SeenChanges& changes) {
    const auto tr = [](const char* text) {
        return QCoreApplication::translate("SeenChanges", text);
    };
    QString text = tr("Transaction %1 → %2: %3 pages written, %4 given up.")
                       .arg(countText(changes.from.value), countText(changes.to.value),
                            countText(changes.written.size()), countText(changes.givenUp.size()));
    if (changes.grownBy > 0) {
        text += QLatin1Char(' ') + tr("The file grew by %1 pages.").arg(countText(changes.grownBy));
    }
    return text;
}

} // namespace pagescape::gui
