// SPDX-License-Identifier: MIT
#include "views/map_panel.h"

#include "units/units.h"

#include <QComboBox>
#include <QLabel>
#include <QSignalBlocker>
#include <QToolBar>
#include <QVBoxLayout>

#include <algorithm>

namespace pagescape::gui {

namespace {

constexpr int kFitItem = 0; // first item of the zoom box; zoom step n is item n + 1, nearest first

int zoomItem(int zoom) {
    return kZoomStepCount - zoom;
}

int zoomOfItem(int item) {
    return kZoomStepCount - item;
}

} // namespace

MapPanel::MapPanel(SelectionHub* hub, QWidget* parent)
    : QWidget(parent), m_tools(new QToolBar(this)), m_lensBox(new QComboBox(this)),
      m_zoomBox(new QComboBox(this)), m_rowBox(new QComboBox(this)), m_total(new QLabel(this)),
      m_past(new PastNote), m_note(new QLabel(this)), m_legend(new LegendBar(this)),
      m_seen(new SeenLegend(this)), m_map(new PageMapView(hub, this)) {
    addTools();
    m_note->setWordWrap(true);
    m_note->setContentsMargins(6, 0, 6, 0);
    auto* rows = new QVBoxLayout(this);
    rows->setSizeConstraint(QLayout::SetNoConstraint);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(4);
    rows->addWidget(m_past);
    rows->addWidget(m_tools);
    rows->addWidget(m_legend);
    rows->addWidget(m_seen);
    m_seen->hide();
    rows->addWidget(m_note);
    rows->addWidget(m_map, 1);
    m_legend->setContentsMargins(4, 0, 4, 0);
    connectMap();
    connectTools();
    showLens();
    showZoom();
    showNote();
}

void MapPanel::addTools() {
    m_tools->setMovable(false);
    m_tools->setAccessibleName(tr("Page map tools"));
    for (std::size_t index = 0; index < kLenses.size(); ++index) {
        m_lensBox->addItem(lensName(kLenses[index]));
        m_lensBox->setItemData(static_cast<int>(index), tr("Key %1 in the map").arg(index + 1),
                               Qt::ToolTipRole);
    }
    m_zoomBox->addItem(tr("fit"));
    for (int zoom = kZoomStepCount - 1; zoom >= 0; --zoom) {
        const ZoomStep step = kZoomSteps[static_cast<std::size_t>(zoom)];
        m_zoomBox->addItem(step.pagesPerCell > 1
                               ? tr("%n pages a pixel", nullptr, step.pagesPerCell)
                               : tr("%n px", nullptr, step.cellPixels));
    }
    for (const int pages : kRowLengths) {
        m_rowBox->addItem(pages == 0 ? tr("fit") : tr("%n page(s)", nullptr, pages), pages);
    }
    addLabelled(tr("Le&ns"), m_lensBox);
    addLabelled(tr("&Zoom"), m_zoomBox);
    addLabelled(tr("&Row"), m_rowBox);
    auto* gap = new QWidget(m_tools);
    gap->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_tools->addWidget(gap);
    m_total->setContentsMargins(6, 0, 6, 0);
    m_tools->addWidget(m_total);
}

void MapPanel::addLabelled(const QString& text, QComboBox* box) {
    auto* label = new QLabel(text, m_tools);
    label->setBuddy(box);
    label->setContentsMargins(6, 0, 4, 0);
    box->setAccessibleName(QString(text).remove(u'&'));
    m_tools->addWidget(label);
    m_tools->addWidget(box);
}

void MapPanel::connectMap() {
    connect(m_map, &PageMapView::lensChanged, this, &MapPanel::showLens);
    connect(m_map, &PageMapView::zoomChanged, this, &MapPanel::showZoom);
    connect(m_map, &PageMapView::rowLengthChanged, this, [this](int pages) {
        const QSignalBlocker blocker(m_rowBox);
        m_rowBox->setCurrentIndex(m_rowBox->findData(pages));
    });
    connect(m_map, &PageMapView::imageChanged, this, &MapPanel::showLegend);
    connect(m_map, &PageMapView::nextClassRequested, m_legend, &LegendBar::isolateNext);
    connect(m_map, &PageMapView::allClassesRequested, m_legend, &LegendBar::clearIsolation);
    connect(m_legend, &LegendBar::shownClassesChanged, m_map, &PageMapView::setShownClasses);
    connect(m_legend, &LegendBar::listRequested, this,
            [this](LensClass lensClass) { Q_EMIT listRequested(m_map->lens(), lensClass); });
}

void MapPanel::connectTools() {
    connect(m_lensBox, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_map->setLens(kLenses[static_cast<std::size_t>(std::max(index, 0))]);
    });
    connect(m_zoomBox, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (index == kFitItem) {
            m_map->zoomToFit();
        } else {
            m_map->setZoom(zoomOfItem(index));
        }
    });
    connect(m_rowBox, &QComboBox::currentIndexChanged, this,
            [this] { m_map->setRowLength(m_rowBox->currentData().toInt()); });
}

void MapPanel::setCensus(std::shared_ptr<const Census> census,
                         std::shared_ptr<const ResidencySample> sample) {
    m_legend->clearIsolation();
    m_map->setCensus(std::move(census), std::move(sample));
    m_total->setText(totalText());
    showLegend();
}

void MapPanel::setTheme(const Theme& theme) {
    m_map->setTheme(theme);
    m_past->setTheme(theme);
    m_legend->setTheme(theme);
    m_seen->setTheme(theme);
    showLegend(); // the swatches are part of the entries
}

void MapPanel::setFollowing(bool isFollowing) {
    m_seen->setSeen({}, {});
    m_seen->setVisible(isFollowing);
    m_map->setSeen({});
}

void MapPanel::showSeen(const SeenMarks& marks, const QString& transactions) {
    m_seen->setSeen(marks, transactions);
    m_map->setSeen(marks);
}

void MapPanel::setToolsShown(bool areShown) {
    m_tools->setVisible(areShown);
    m_legend->setVisible(areShown);
}

void MapPanel::setResidencyCaveat(const QString& caveat) {
    m_caveat = caveat;
    showNote();
}

QString MapPanel::totalText() const {
    const auto& census = m_map->census();
    if (!census) {
        return {};
    }
    const quint64 pages = census->pageCount();
    const int plural = static_cast<int>(std::min<quint64>(pages, 1'000'000'000));
    return tr("%1, %2").arg(tr("%1 page(s)", nullptr, plural).arg(countText(pages)),
                            bytesText(census->file().layout().fileSize));
}

void MapPanel::showLens() {
    const auto found = std::find(kLenses.begin(), kLenses.end(), m_map->lens());
    const QSignalBlocker blocker(m_lensBox);
    m_lensBox->setCurrentIndex(static_cast<int>(found - kLenses.begin()));
    m_legend->clearIsolation();
    showNote();
}

void MapPanel::showZoom() {
    const QSignalBlocker blocker(m_zoomBox);
    m_zoomBox->setItemText(kFitItem,
                           m_map->isFitting()
                               ? tr("fit: %1").arg(m_zoomBox->itemText(zoomItem(m_map->zoom())))
                               : tr("fit"));
    m_zoomBox->setCurrentIndex(m_map->isFitting() ? kFitItem : zoomItem(m_map->zoom()));
}

void MapPanel::showLegend() {
    const auto& image = m_map->image();
    if (image) {
        m_legend->setEntries(lensLegend(*image, m_map->theme(), m_map->census().get()),
                             image->pageCount());
    } else {
        m_legend->setEntries({}, 0);
    }
    showNote();
}

void MapPanel::showNote() {
    const auto& image = m_map->image();
    const bool isNothingCompared = m_map->lens() == Lens::Changes && image &&
                                   image->lens() == Lens::Changes &&
                                   image->count(kUnknownClass) == image->pageCount();
    m_note->setText(m_map->lens() == Lens::Residency ? m_caveat
                    : isNothingCompared
                        ? tr("Nothing is compared: Lab \u25B8 Compare with the previous version.")
                        : QString());
    m_note->setVisible(!m_note->text().isEmpty());
}

} // namespace pagescape::gui
