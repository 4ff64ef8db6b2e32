// SPDX-License-Identifier: MIT
// BranchBox: the ends of all branches of a sandbox in a box, to go to one of them.
#pragma once

#include <QComboBox>
#include <QString>

#include <vector>

namespace pagescape::gui {

/// The end of one branch.
struct BranchEntry {
    int node = 0;           ///< its number in the history
    QString text;           ///< what it ends with: "Put books / dracula, 12 commands"
    bool isCurrent = false; ///< the present state lies on it
    friend bool operator==(const BranchEntry&, const BranchEntry&) = default;
};

/// Out of use while there is nothing to choose from.
class BranchBox final : public QComboBox {
    Q_OBJECT
public:
    explicit BranchBox(QWidget* parent = nullptr);

    /// Oldest first. The current one is shown; where none is, a line says so.
    void setBranches(const std::vector<BranchEntry>& branches);
    [[nodiscard]] const std::vector<BranchEntry>& branches() const { return m_branches; }
    /// A way through the history is under way: nothing can be chosen.
    void setBusy(bool isBusy);

Q_SIGNALS:
    /// The user chose another branch than the current one. The box shows it when it has become
    /// current: setBranches() has the last word.
    void branchChosen(int node);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showCurrent();

    std::vector<BranchEntry> m_branches;
    bool m_isBusy = false;
};

} // namespace pagescape::gui
