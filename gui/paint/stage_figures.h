// SPDX-License-Identifier: MIT
// What the picture of a write transaction says, as values: which page is drawn as what, what stands
// in each lane, what the present event touches. All of it follows from the states before and after.
#pragma once

#include "layout/stage_layout.h"
#include "paint/lens.h"
#include "paint/theme.h"
#include "stage/stage_state.h"

#include <array>
#include <memory>
#include <optional>
#include <vector>

namespace pagescape::gui {

/// A page or a node in a lane.
struct StageChip {
    PageId page;            ///< first of its run; not of a node
    std::uint32_t node = 0; ///< number of a node; 0: it is a page
    PageClass pageClass = PageClass::Leaf;
    bool isPresent = false; ///< the event on show is about it
};

/// What stands in one lane.
struct StageLaneFigures {
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
    /// At most kMostStageChips, what the event is about in front, then the newest. Overflow pages
    /// have none.
    std::vector<StageChip> chips;
};
inline constexpr std::size_t kMostStageChips = 64;

/// From the page a node was read from to the one it became, or from the node itself when it is new.
struct StageArrow {
    PageId from; ///< 0: from the node
    std::uint32_t node = 0;
    PageId to;
    bool isPresent = false;
};

/// What the event on show is about.
struct StagePresent {
    std::uint32_t node = 0;
    std::uint32_t sibling = 0;
    PageRun run;                            ///< pages 0: none
    std::optional<int> meta = std::nullopt; ///< 0 or 1
    bool isSync = false;
    bool isFlip = false; ///< another meta counts from here on
};

/// What a crash at this moment leaves.
struct StageCrash {
    TxId before;                 ///< the transaction that counted until now
    TxId after;                  ///< the one under way; 0: none
    bool canBeBefore = true;     ///< a crash may leave `before`
    bool canBeAfter = false;     ///< a crash may leave `after`
    bool canBeDamaged = false;   ///< or a meta whose pages were lost: nothing was synced
    bool isBeforeDurable = true; ///< `before` itself was synced
};

struct StageFigures {
    /// Classes of Lens::Type, a byte a page: of all pages that were ever used and some behind them.
    std::shared_ptr<const LensImage> image;
    std::array<StageLaneFigures, kStageLaneCount> lanes;
    std::array<std::uint64_t, 6> marks{}; ///< pages by StageMark; metas are not counted
    std::vector<StageArrow> arrows;       ///< one for each page made of a node
    StagePresent present;
    StageCrash crash;
    bool isDataSafe = false;    ///< the barrier to the disk is open: the data was synced
    bool isSyncSkipped = false; ///< the meta was written although the data was not synced
    int inForceBefore = 0;      ///< index of the meta that counted before the event
    int inForce = 0;            ///< and of the one that counts now

    /// Pages that the grid shows.
    [[nodiscard]] std::uint64_t shownPages() const { return image ? image->pageCount() : 0; }

    [[nodiscard]] const StageLaneFigures& lane(StageLane lane) const {
        return lanes[std::size_t(lane)];
    }
};

/// The image of the pages, from state to state: what two states share is not looked at again, and
/// where no class changed the image is the same one. Thread: one at a time.
class StagePageImage {
public:
    /// Cost: the pages in blocks that changed since the last call; when a class did, a pass over
    /// one byte of each page besides.
    [[nodiscard]] const std::shared_ptr<const LensImage>& of(const StageState& state);

private:
    PageLayer m_pages; // of the last state
    std::vector<LensClass> m_classes;
    std::shared_ptr<const LensImage> m_image;
};

/// Cost: the transaction's nodes and pages, and those of `image`, which knows the state before.
[[nodiscard]] StageFigures stageFigures(const StageState& before, const StageState& now,
                                        const StageEvent* event, StagePageImage& image);
/// The same without a state before. Cost: all pages once.
[[nodiscard]] StageFigures stageFigures(const StageState& before, const StageState& now,
                                        const StageEvent* event);

/// What a page is drawn as: that what its bytes in the file are until new ones are written to it.
[[nodiscard]] PageClass stagePageClass(const StageState& state, PageId page);
/// The class of a page's new bytes; its present one when there are none.
[[nodiscard]] PageClass stageMadeClass(const StageState& state, PageId page);
/// Index of the meta that the transaction under way writes or wrote; nothing before it is made and
/// once the next transaction begins.
[[nodiscard]] std::optional<int> stageNewMeta(const StageState& state);
/// Whether nodes in memory are still of use: the transaction has not ended.
[[nodiscard]] bool isStageOpen(const StageState& state);
/// The nodes as boxes for a layout.
[[nodiscard]] std::vector<StageNodeBox> stageNodeBoxes(const StageState& state);

} // namespace pagescape::gui
