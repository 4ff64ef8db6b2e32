// SPDX-License-Identifier: MIT
#include "stage/crash_values.h"

#include "pagescape/inspect.h"

#include <algorithm>
#include <random>

namespace pagescape::gui {

namespace {

constexpr std::uint32_t kAssumedPageSize = 4096; // to read a meta, whose fields all come early
constexpr std::size_t kMetaBytes = 80;           // header and meta; see format.h

std::optional<quint64> numberOf(const PageDescription& page, FieldKind kind) {
    const std::int32_t field = page.find(kind);
    return field < 0 ? std::nullopt : std::optional(page.fields[std::size_t(field)].number);
}

Bytes firstBytes(const std::vector<std::byte>& bytes, std::size_t count) {
    return Bytes(bytes).first(std::min(bytes.size(), count));
}

PageKind kindOf(PageType type) {
    switch (type) {
    case PageType::Branch: return PageKind::Branch;
    case PageType::Leaf: return PageKind::Leaf;
    case PageType::Meta: return PageKind::Meta;
    case PageType::Freelist: return PageKind::Freelist;
    case PageType::Unknown: break;
    }
    return PageKind::NotRead;
}

CrashRow rowOf(const FileOperation& operation, quint32 pageSize) {
    CrashRow row;
    row.bytes = operation.size;
    if (operation.kind == FileOperation::Kind::Resize) {
        row.kind = CrashRow::Kind::Resize;
        return row;
    }
    if (operation.kind != FileOperation::Kind::Write) {
        row.kind = CrashRow::Kind::Sync;
        return row;
    }
    row.offset = operation.offset;
    row.sectors = sectorCount(operation);
    row.page = PageId{operation.offset / pageSize};
    row.pageCount = (operation.size + pageSize - 1) / pageSize;
    for (quint64 done = 0; done < row.pageCount; done += row.pages.back().pageCount) {
        const Bytes bytes = Bytes(operation.data).subspan(std::size_t(done * pageSize));
        const PageDescription page = inspectPage(bytes.first(std::min(bytes.size(), kMetaBytes)),
                                                 pageAfter(row.page, done), pageSize);
        const quint64 count = page.type == PageType::Meta ? 1 : 1 + quint64(page.overflow);
        row.pages.push_back({kindOf(page.type), std::min(count, row.pageCount - done)});
        if (page.type == PageType::Meta) {
            const auto txid = numberOf(page, FieldKind::TxIdField);
            row.txid = txid ? std::optional(TxId{*txid}) : row.txid;
        }
    }
    return row;
}

bool isKind(const CrashScript& script, std::size_t row, CrashRow::Kind kind) {
    return row < script.rows.size() && script.rows[row].kind == kind;
}

// The stops of one commit, whose operations are [from, end) with the meta's write among them.
void addStops(CrashScript& script, std::size_t from, std::size_t meta, std::size_t end) {
    using Kind = CrashStop::Kind;
    for (std::size_t i = from; i < meta; ++i) {
        if (isKind(script, i, CrashRow::Kind::Resize)) {
            const bool isSynced = isKind(script, i + 1, CrashRow::Kind::Sync);
            script.stops.push_back({Kind::BeforeGrowth, i});
            script.stops.push_back({Kind::AfterGrowth, i + (isSynced ? 2U : 1U)});
        }
    }
    const bool isGrowthSync =
        meta > from + 1 && isKind(script, meta - 2, CrashRow::Kind::Resize); // no page written
    if (meta > from && isKind(script, meta - 1, CrashRow::Kind::Sync) && !isGrowthSync) {
        script.stops.push_back({Kind::BeforeDataSync, meta - 1});
    }
    script.stops.push_back({Kind::BeforeMetaWrite, meta});
    if (end > meta + 1) {
        script.stops.push_back({Kind::BeforeMetaSync, meta + 1});
    }
    script.stops.push_back({Kind::AfterCommit, end});
}

} // namespace

PageKind CrashRow::kindAt(quint32 sector, quint32 pageSize) const {
    quint64 left = quint64(sector) * kSectorSize / pageSize;
    for (const CrashPage& each : pages) {
        if (left < each.pageCount) {
            return each.kind;
        }
        left -= each.pageCount;
    }
    return PageKind::NotRead;
}

std::pair<std::size_t, std::size_t> CrashScript::commitsAt(const CrashPoint& point) const {
    const auto endedBy = [this](std::size_t operations) {
        return std::size_t(std::upper_bound(commitEnds.begin(), commitEnds.end(), operations) -
                           commitEnds.begin());
    };
    const std::size_t confirmed = endedBy(point.durable);
    const std::size_t ended = endedBy(point.cursor);
    const bool isInside = point.cursor > (ended == 0 ? 0 : commitEnds[ended - 1]);
    const std::size_t begun = std::max(confirmed + 1, ended + (isInside ? 1U : 0U));
    return {confirmed, std::min(begun, commitEnds.size())};
}

quint64 CrashScript::mostBytes(std::size_t cursor) const {
    quint64 most = beginBytes;
    for (std::size_t i = 0; i < std::min(cursor, rows.size()); ++i) {
        const CrashRow& row = rows[i];
        if (row.kind != CrashRow::Kind::Sync) {
            most = std::max(most, row.offset + row.bytes);
        }
    }
    return most;
}

std::optional<std::size_t> CrashChoice::openIndex(std::size_t operation) const {
    const auto at = std::lower_bound(point.open.begin(), point.open.end(), operation);
    return at == point.open.end() || *at != operation
               ? std::nullopt
               : std::optional(std::size_t(at - point.open.begin()));
}

CrashScript makeCrashScript(const CrashRun& run, const QString& command) {
    CrashScript script;
    script.command = command;
    script.beginBytes = run.begin.size();
    const PageDescription first =
        inspectPage(firstBytes(run.begin, kMetaBytes), PageId{0}, kAssumedPageSize);
    const quint64 stated = numberOf(first, FieldKind::PageSizeField).value_or(kAssumedPageSize);
    script.pageSize = stated == 0 ? kAssumedPageSize : quint32(stated);
    script.rows.reserve(run.operations.size());
    for (const FileOperation& operation : run.operations) {
        script.rows.push_back(rowOf(operation, script.pageSize));
        script.isSynced = script.isSynced || script.rows.back().kind == CrashRow::Kind::Sync;
    }
    std::size_t from = 0;
    for (std::size_t i = 0; i < script.rows.size(); ++i) {
        if (script.rows[i].isMeta()) {
            const std::size_t end = isKind(script, i + 1, CrashRow::Kind::Sync) ? i + 2 : i + 1;
            script.commitEnds.push_back(end);
            addStops(script, from, i, end);
            from = end;
        }
    }
    return script;
}

std::vector<WriteFate> randomFates(const CrashScript& script, const CrashPoint& point,
                                   quint64 seed) {
    std::mt19937_64 random(seed);
    std::vector<WriteFate> fates(point.open.size());
    for (std::size_t i = 0; i < fates.size(); ++i) {
        const quint32 sectors = script.rows[point.open[i]].sectors;
        const quint64 drawn = random();
        if (drawn % 4 == 0 || (drawn % 4 == 1 && sectors < 2)) {
            fates[i].kind = WriteFate::Kind::Lost;
        } else if (drawn % 4 == 1) {
            fates[i].kind = WriteFate::Kind::Torn;
            fates[i].sectors = 1 + quint32((drawn / 4) % (sectors - 1));
        }
    }
    return fates;
}

} // namespace pagescape::gui
