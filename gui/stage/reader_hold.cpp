// SPDX-License-Identifier: MIT
#include "stage/reader_hold.h"

#include "units/units.h"

#include <QCoreApplication>

#include <algorithm>

namespace pagescape::gui {

namespace {

// The context that translators see.
struct Text {
    Q_DECLARE_TR_FUNCTIONS(ReaderHold)
};

// What the engine is asked at Begin: transactions that are being read, ascending.
std::vector<std::uint64_t> readTransactions(const StageState& state, std::uint64_t without) {
    std::vector<std::uint64_t> txids;
    for (const StageReader& reader : state.readers) {
        if (reader.reader != without) {
            txids.push_back(reader.txid.value);
        }
    }
    std::sort(txids.begin(), txids.end());
    return txids;
}

QString spanText(std::uint64_t first, std::uint64_t last) {
    return first == last
               ? countText(first)
               : Text::tr("%1 to %2", "transactions").arg(countText(first), countText(last));
}

} // namespace

bool isReleased(const StagePage& page, std::span<const std::uint64_t> readers) {
    const auto next = std::upper_bound(readers.begin(), readers.end(), page.freedBy);
    if (next == readers.begin()) { // nobody reads it or an older version
        return true;
    }
    return page.freedBy > *std::prev(next) && page.writtenBy > *std::prev(next);
}

std::uint64_t heldBytes(const StageState& state, TxId reader) {
    std::uint64_t pages = 0;
    state.pages.eachWaiting([&](PageId, const StagePage& page) {
        pages += isReleased(page, {&reader.value, 1}) ? 0U : 1U;
    });
    return pages * state.pageSize;
}

HoldReport holdReport(const StageState& state) {
    HoldReport report;
    for (const StageReader& reader : state.readers) {
        report.readers.push_back({reader.reader, reader.txid, 0, 0});
    }
    const std::vector<std::uint64_t> readers = readTransactions(state, 0);
    state.pages.eachWaiting([&](PageId, const StagePage& page) {
        ++(isReleased(page, readers) ? report.duePages : report.heldPages);
        for (ReaderHold& hold : report.readers) {
            hold.pages += isReleased(page, {&hold.txid.value, 1}) ? 0U : 1U;
        }
    });
    for (ReaderHold& hold : report.readers) {
        hold.bytes = hold.pages * state.pageSize;
    }
    return report;
}

std::vector<PageId> releasedWithout(const StageState& state, std::uint64_t reader) {
    const std::vector<std::uint64_t> readers = readTransactions(state, reader);
    std::vector<PageId> released;
    state.pages.eachWaiting([&](PageId id, const StagePage& page) {
        if (isReleased(page, readers)) {
            released.push_back(id);
        }
    });
    return released;
}

QStringList releaseRuleText(const StageState& state) {
    std::vector<std::uint64_t> readers = readTransactions(state, 0);
    if (readers.empty()) {
        return {Text::tr("Nobody reads: the next Begin frees all that waits.")};
    }
    const std::uint64_t oldest = readers.front();
    QStringList lines;
    lines += oldest == 0 ? Text::tr("The oldest reader sees transaction 0: nothing was freed "
                                    "before it.")
                         : Text::tr("The oldest reader sees transaction %1: what was freed in %2 "
                                    "and before may be used again.")
                               .arg(countText(oldest), countText(oldest - 1));
    readers.erase(std::unique(readers.begin(), readers.end()), readers.end());
    QStringList between;
    for (std::size_t i = 0; i + 1 < readers.size(); ++i) {
        if (readers[i] + 1 < readers[i + 1]) {
            between += spanText(readers[i] + 1, readers[i + 1] - 1);
        }
    }
    if (!between.isEmpty()) {
        lines += Text::tr("Between two readers: what was both written and freed in %1 was seen by "
                          "none of them and may be used again.")
                     .arg(between.join(Text::tr(", or in ")));
    }
    lines += Text::tr("So may what was both written and freed in %1 or later: no reader is that "
                      "new. All else waits.")
                 .arg(countText(readers.back() + 1));
    return lines;
}

QString pageRunsText(const std::vector<PageId>& pages, std::size_t most) {
    QStringList runs;
    for (std::size_t i = 0; i < pages.size();) {
        std::size_t last = i;
        while (last + 1 < pages.size() && pages[last + 1].value == pages[last].value + 1) {
            ++last;
        }
        if (std::size_t(runs.size()) == most) {
            return Text::tr("%1 and %2 more")
                .arg(runs.join(QStringLiteral(", ")), countText(pages.size() - i));
        }
        runs += spanText(pages[i].value, pages[last].value);
        i = last + 1;
    }
    return runs.join(QStringLiteral(", "));
}

} // namespace pagescape::gui
