// SPDX-License-Identifier: MIT
#include "stage/reader_end.h"

#include "units/units.h"

#include <QCoreApplication>

#include <algorithm>

namespace pagescape::gui {

namespace {

// The context that translators see.
struct Text {
    Q_DECLARE_TR_FUNCTIONS(ReaderEnd)
};

// "12 pages (12 KiB)".
QString pagesText(std::uint64_t pages, std::uint32_t pageSize) {
    return Text::tr("%n page(s) (%1)", nullptr, int(std::min<std::uint64_t>(pages, 1'000'000'000)))
        .arg(bytesText(pages * pageSize));
}

const SittingReader* newestEnd(const Sitting& sitting, int event) {
    const SittingReader* newest = nullptr;
    for (const SittingReader& reader : sitting.readers()) {
        if (reader.close >= 0 && reader.close <= event &&
            (newest == nullptr || reader.close > newest->close)) {
            newest = &reader;
        }
    }
    return newest;
}

// Nobody has looked yet.
QString waitingText(const StageState& state, const HoldReport& report, const QString& name) {
    QString text;
    if (report.duePages > 0) {
        text = Text::tr("Reader %1 has ended, and nothing has happened: %2 that no reader holds "
                        "any more still wait, until the next writer begins.")
                   .arg(name, pagesText(report.duePages, state.pageSize));
    } else if (report.heldPages > 0) {
        text = Text::tr("Reader %1 has ended, and nothing has happened. Nor will it when the next "
                        "writer begins: other readers hold all that waits.")
                   .arg(name);
    } else {
        return Text::tr("Reader %1 has ended. No page waited for its end.").arg(name);
    }
    if (state.tx == StageTx::Open || state.tx == StageTx::Committing) {
        text += u' ' + Text::tr("The open transaction looked when it began, and will not again.");
    }
    return text;
}

} // namespace

QString readerEndText(const StageState& state, const HoldReport& report, const Sitting& sitting,
                      int event) {
    const SittingReader* const end = newestEnd(sitting, event);
    if (end == nullptr) {
        return {};
    }
    const QString name = QString::number(end->reader);
    const auto& spans = sitting.spans();
    const auto first =
        std::partition_point(spans.begin(), spans.end(),
                             [end](const SittingSpan& span) { return span.begin < end->close; });
    if (first == spans.end() || first->begin >= event) { // the release is told after the Begin
        return waitingText(state, report, name);
    }
    if (std::next(first) != spans.end() && std::next(first)->begin <= event) {
        return {}; // long ago
    }
    const QString begun = countText(first->txid);
    return first->released > 0
               ? Text::tr("Reader %1 had ended, and the Begin of transaction %2 looked who reads: "
                          "it freed %3.")
                     .arg(name, begun, pagesText(first->released, state.pageSize))
               : Text::tr("Reader %1 had ended, and the Begin of transaction %2 looked who reads: "
                          "it could free nothing.")
                     .arg(name, begun);
}

} // namespace pagescape::gui
