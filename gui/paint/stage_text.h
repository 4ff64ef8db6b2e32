// SPDX-License-Identifier: MIT
// Words of the picture of a write transaction: labels of the painter, tooltips and what screen
// readers say, so that all three agree.
#pragma once

#include "paint/stage_figures.h"

#include <QString>
#include <QStringList>

#include <array>

namespace pagescape::gui {

/// "Dirty pages".
[[nodiscard]] QString stageLaneName(StageLane lane);
/// "4 pages, 4 KiB"; "empty".
[[nodiscard]] QString stageLaneAmount(StageLane lane, const StageFigures& figures);
/// What a crash does to what is in a lane, first at length: "lost in a crash", "lost". Empty when
/// nothing is in it.
[[nodiscard]] QStringList stageLaneFate(StageLane lane, const StageFigures& figures,
                                        const StageState& state);
/// "A crash now: transaction 7 counts.": what survives.
[[nodiscard]] QString stageCrashText(const StageCrash& crash);
/// "given up": names of the legend of marks.
[[nodiscard]] QString stageMarkName(StageMark mark);
/// The same in a sentence.
[[nodiscard]] QString stageMarkSentence(StageMark mark);

/// "leaf 3": kind and number of a node.
[[nodiscard]] QString stageNodeTitle(const StageNode& node);
/// "from page 12", "new", "gone, was page 12", "page 12 -> 17, 18": at most so many new pages.
[[nodiscard]] QString stageNodePlace(const StageNode& node, std::size_t mostPages = 3);
/// "21 items, 812 B"; of a node larger than a page, of which share.
[[nodiscard]] QString stageNodeSize(const StageNode& node);
/// What becomes of a node that is too large for a page.
[[nodiscard]] QString stageOverfullText(const StageState& state);

/// A row of a meta's card.
struct StageMetaRow {
    QString label;
    QString value;
    QString brief; ///< the value where there is little room
};
/// Title and rows of a meta's card.
[[nodiscard]] QString stageMetaTitle(int index);
[[nodiscard]] std::array<StageMetaRow, 6> stageMetaRows(const StageMeta& meta);

/// What stands beside the titles of the two upper parts.
[[nodiscard]] QString stageMemorySummary(const StageState& state);
[[nodiscard]] QString stageFileSummary(const StageState& state, const StageFigures& figures);
[[nodiscard]] QString stageWritesText(const StageState& state);

/// Everything about a target in sentences, one a line.
[[nodiscard]] QStringList stageTargetText(const StageTarget& target, const StageState& state,
                                          const StageFigures& figures);
/// The whole picture as lines of text: the twin of the picture for those who cannot see it.
[[nodiscard]] QStringList stageAsText(const StageState& state, const StageFigures& figures);

} // namespace pagescape::gui
