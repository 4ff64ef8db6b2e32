// SPDX-License-Identifier: MIT
// DifferencePanel: what differs between two versions, in words, as a list, and on the map.
#pragma once

#include "models/difference_model.h"
#include "paint/theme.h"
#include "state/selection_hub.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QProgressBar;
class QPushButton;
class QTreeView;
QT_END_NAMESPACE

namespace pagescape::gui {

class DifferenceDelegate;

/// A summary beside the tree of differences. Selecting an entry selects its place.
class DifferencePanel : public QWidget {
    Q_OBJECT
public:
    explicit DifferencePanel(SelectionHub* hub, QWidget* parent = nullptr);

    /// Nothing is compared.
    void clear();
    /// A comparison runs.
    void begin(const QString& title);
    void append(const std::vector<DifferenceEntry>& entries);
    /// It ended. `samePages`: see pagesSentence().
    void setComparison(const ComparisonPtr& comparison, std::optional<quint64> samePages);
    [[nodiscard]] const ComparisonPtr& comparison() const { return m_comparison; }
    void setTheme(const Theme& theme);

    [[nodiscard]] DifferenceModel& model() { return m_model; }
    [[nodiscard]] QTreeView* tree() const { return m_tree; }
    [[nodiscard]] QString summary() const;
    [[nodiscard]] QPushButton* compareButton() const { return m_compare; }
    [[nodiscard]] QPushButton* stopButton() const { return m_stop; }
    [[nodiscard]] QPushButton* mapButton() const { return m_map; }
    [[nodiscard]] QPushButton* endButton() const { return m_end; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {160, 84}; }

Q_SIGNALS:
    void compareRequested();
    void stopRequested();
    /// The lens that shows the changed pages.
    void mapRequested();
    /// The comparison is no longer wanted.
    void endRequested();
    /// The place of an entry is in a file that is not on show.
    void placeMissed(const QString& text);

private:
    void showState(bool isRunning);
    void onCurrent(const QModelIndex& index);

    SelectionHub* m_hub;
    DifferenceModel m_model;
    ComparisonPtr m_comparison;
    DifferenceDelegate* m_delegate;
    QLabel* m_summary;
    QProgressBar* m_progress;
    QPushButton* m_compare;
    QPushButton* m_stop;
    QPushButton* m_map;
    QPushButton* m_end;
    QTreeView* m_tree;
    QString m_title;
};

} // namespace pagescape::gui
