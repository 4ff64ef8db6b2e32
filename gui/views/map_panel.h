// SPDX-License-Identifier: MIT
// MapPanel: the page map with what belongs to it: lens, zoom and row length to choose, and the
// legend.
#pragma once

#include "views/legend_bar.h"
#include "views/page_map_view.h"
#include "views/past_note.h"
#include "views/seen_legend.h"

#include <QWidget>

#include <memory>

QT_BEGIN_NAMESPACE
class QComboBox;
class QLabel;
class QToolBar;
QT_END_NAMESPACE

namespace pagescape::gui {

/// Tool row, legend, map. Everything is reachable by keyboard; keys 1 to 6 choose a lens in the
/// map.
class MapPanel final : public QWidget {
    Q_OBJECT
public:
    explicit MapPanel(SelectionHub* hub, QWidget* parent = nullptr);

    void setCensus(std::shared_ptr<const Census> census,
                   std::shared_ptr<const ResidencySample> sample = nullptr);
    void setTheme(const Theme& theme);
    /// Whether tool row and legend are there; without them the map gets their height.
    void setToolsShown(bool areShown);
    /// Why residency cannot be trusted; shown beside the lens while it is the residency lens.
    void setResidencyCaveat(const QString& caveat);

    // The legend's rows depend on the width; without these two the panel would ask for the height
    // that it needs at its narrowest, and small screens could not hold the window.
    [[nodiscard]] bool hasHeightForWidth() const override { return false; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {320, 180}; }

    /// Whether a writer is followed: a row says what the marks on the map mean.
    void setFollowing(bool isFollowing);
    /// Marks what it just did; `transactions` as "12 → 13".
    void showSeen(const SeenMarks& marks, const QString& transactions);
    [[nodiscard]] SeenLegend* seenLegend() const { return m_seen; }
    [[nodiscard]] PastNote* pastNote() const { return m_past; }

    [[nodiscard]] PageMapView* map() const { return m_map; }
    [[nodiscard]] LegendBar* legend() const { return m_legend; }
    [[nodiscard]] QComboBox* lensBox() const { return m_lensBox; }
    [[nodiscard]] QComboBox* zoomBox() const { return m_zoomBox; }
    [[nodiscard]] QComboBox* rowBox() const { return m_rowBox; }
    /// "128 pages, 128 KiB".
    [[nodiscard]] QString totalText() const;

Q_SIGNALS:
    /// The pages of a class of the present lens as a list.
    void listRequested(pagescape::gui::Lens lens, pagescape::gui::LensClass lensClass);

private:
    void addTools();
    void addLabelled(const QString& text, QComboBox* box);
    void connectMap();
    void connectTools();
    void showLens();
    void showZoom();
    void showLegend();
    void showNote();

    QToolBar* m_tools;
    QComboBox* m_lensBox;
    QComboBox* m_zoomBox;
    QComboBox* m_rowBox;
    QLabel* m_total;
    PastNote* m_past;
    QLabel* m_note;
    LegendBar* m_legend;
    SeenLegend* m_seen;
    PageMapView* m_map;
    QString m_caveat;
};

} // namespace pagescape::gui
