// SPDX-License-Identifier: MIT
// SandboxHistory: the commands of a sandbox as a tree. Undo goes up, redo goes down, a new command
// in the past begins a branch, and no branch is ever lost.
#pragma once

#include "sandbox/sandbox_file.h"
#include "stage/sandbox_command.h"

#include <memory>
#include <optional>
#include <vector>

namespace pagescape::gui {

/// What it takes to get from the present node to another one.
struct HistoryRoute {
    std::vector<int> undone; ///< nodes whose deltas are restored, newest first
    int base = 0;            ///< the node whose state the file then has
    std::vector<int>
        rerun; ///< commands to run again from there; transactions and readers come back
};

/// Node 0 is the beginning; it has no command. Thread: one at a time.
class SandboxHistory {
public:
    struct Node {
        int parent = -1;
        SandboxCommand command;
        /// What was in the file before the command; null once it was dropped to save memory, and
        /// from the beginning when it was too large.
        std::shared_ptr<const FileDelta> delta;
        bool isQuiet = true; ///< after it no transaction and no reader was open: undo can stop here
        int eventsEnd = 0;   ///< size of the event log after it
        bool isTooLarge = false; ///< its delta was: it cannot be undone
        int nextChild = -1;      ///< where redo goes: the child that was visited last
    };
    /// Bytes of deltas that are kept; the oldest are dropped first.
    static constexpr std::uint64_t kMostBytes = FileDelta::kMostBytes;

    SandboxHistory() : m_nodes(1) {}

    [[nodiscard]] int current() const { return m_current; }
    [[nodiscard]] const Node& node(int index) const { return m_nodes[std::size_t(index)]; }
    [[nodiscard]] int size() const { return int(m_nodes.size()); }

    /// A command that ran from the present node; it becomes the present one. Running what the node
    /// already has as a child goes there, and does not begin a branch.
    void add(const SandboxCommand& command, std::shared_ptr<const FileDelta> delta, bool isQuiet,
             int eventsEnd);
    /// The present node is now another one, reached by its route.
    void setCurrent(int index) { moveTo(index); }
    /// The way back to a node failed: the file has the state of no node on it, so that every route
    /// first goes back there, or further, and restores all of it once more.
    void setUnfinished(int base);
    [[nodiscard]] bool isUnfinished() const { return m_unfinished >= 0; }
    /// The way back was gone to its end.
    void setFinished() { m_unfinished = -1; }
    /// The command of a node ran again, and perhaps otherwise: pages that waited when it ran first
    /// may have been free this time.
    void setRun(int index, std::shared_ptr<const FileDelta> delta, bool isQuiet, int eventsEnd);

    /// Nobody knows any more what the stage looked like after a node: the way back to it begins
    /// further up.
    void setNoBase(int index) { m_nodes[std::size_t(index)].isQuiet = false; }

    /// Whether commits waited for the disk after a node; `atFirst`: in the beginning.
    [[nodiscard]] bool isSyncedAt(int index, bool atFirst) const;
    /// Readers that were ever opened on the way to a node: the next one's number is one more.
    [[nodiscard]] std::uint64_t readersOpenedUntil(int index) const;
    [[nodiscard]] std::optional<int> undoTarget() const;
    [[nodiscard]] std::optional<int> redoTarget() const;
    /// Nothing when deltas of the way were dropped.
    [[nodiscard]] std::optional<HistoryRoute> routeTo(int target) const;
    /// The ends of all branches, oldest first: nodes without children.
    [[nodiscard]] std::vector<int> branchEnds() const;
    /// Nodes from the beginning to one, without the beginning.
    [[nodiscard]] std::vector<int> pathTo(int index) const;

private:
    void keepDelta(Node& run, std::shared_ptr<const FileDelta> delta);
    void dropOldDeltas();
    void moveTo(int index);

    std::vector<Node> m_nodes;
    std::uint64_t m_bytes = 0;
    int m_current = 0;
    int m_unfinished = -1;     // where a way back that failed was to end
    std::size_t m_dropped = 0; // nodes before it have no delta
};

} // namespace pagescape::gui
