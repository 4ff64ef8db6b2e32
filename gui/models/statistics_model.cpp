// SPDX-License-Identifier: MIT
#include "models/statistics_model.h"

#include "state/place.h"
#include "units/key_text.h"
#include "units/units.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <utility>

namespace pagescape::gui {

namespace {

constexpr std::size_t kNameChars = 60;
constexpr QChar kThinSpace(0x202F);

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Statistics)
};

Bytes bytesOf(const std::string& text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

QString titleOf(const std::vector<std::string>& path) {
    if (path.empty()) {
        return Texts::tr("(root)");
    }
    QStringList names;
    for (const std::string& name : path) {
        names += oneLine(bytesOf(name), ValueFormat::Auto, kNameChars);
    }
    return names.join(QStringLiteral(" \u25B8 "));
}

QString oneDecimal(double number) {
    return QString::number(number, 'f', number < 100 ? 1 : 0);
}

// A whole number from ten on: "24 times", but "3.1 times".
QString times(double number) {
    return QString::number(number, 'f', number < 10 ? 1 : 0);
}

QString percent(quint64 thousandths) {
    return QString::number((thousandths + 5) / 10) + kThinSpace + u'%';
}

QString quoted(QString text) {
    const bool needsQuotes =
        text.contains(u',') || text.contains(u'"') || text.contains(u'\n') || text.contains(u'\r');
    if (!needsQuotes) {
        return text;
    }
    text.replace(u'"', QStringLiteral("\"\""));
    return u'"' + text + u'"';
}

constexpr std::array<const char*, StatisticsModel::kColumnCount> kCsvNames{
    "bucket",      "depth",    "pages",     "overflow_pages", "elements",  "fill_min",
    "fill_median", "fill_max", "histogram", "wasted_bytes",   "get_pages", "get_amplification",
    "get_bytes"};

} // namespace

StatisticsModel::StatisticsModel(QObject* parent) : QAbstractTableModel(parent) {}

void StatisticsModel::setStatistics(std::shared_ptr<const TreeStatistics> statistics) {
    beginResetModel();
    m_statistics = std::move(statistics);
    m_rows.clear();
    for (std::size_t tree = 0; m_statistics && tree < m_statistics->trees.size(); ++tree) {
        const QString bucket = titleOf(m_statistics->path(tree));
        for (std::size_t depth = 0; depth < m_statistics->trees[tree].depths.size(); ++depth) {
            m_rows.push_back({tree, depth, bucket});
        }
    }
    endResetModel();
}

int StatisticsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int StatisticsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : kColumnCount;
}

const DepthStatistics& StatisticsModel::depthOf(const Row& row) const {
    return m_statistics->trees[row.tree].depths[row.depth];
}

// Invalid where a column says nothing about a row.
QVariant StatisticsModel::number(const Row& row, int column) const {
    const DepthStatistics& depth = depthOf(row);
    const GetCost& get = m_statistics->trees[row.tree].get;
    const bool hasFill = depth.fill.pages > 0;
    const bool hasGet = row.depth == 0 && get.keys > 0;
    const auto fill = [hasFill](std::uint32_t thousandths) {
        return hasFill ? QVariant(quint64(thousandths)) : QVariant();
    };
    switch (column) {
    case DepthColumn: return quint64(depth.depth);
    case PagesColumn: return quint64(depth.branchPages + depth.leafPages);
    case OverflowColumn: return quint64(depth.overflowPages);
    case ElementsColumn: return quint64(depth.elements);
    case MinimumColumn: return fill(depth.fill.minimum);
    case MedianColumn:
    case HistogramColumn: return fill(depth.fill.median);
    case MaximumColumn: return fill(depth.fill.maximum);
    case WastedColumn: return quint64(depth.wasted());
    case GetPagesColumn: return hasGet ? QVariant(get.pagesPerGet()) : QVariant();
    case GetBytesColumn: return hasGet ? QVariant(get.bytesPerGet()) : QVariant();
    case AmplificationColumn: return hasGet ? QVariant(get.amplification()) : QVariant();
    default: return {};
    }
}

QString StatisticsModel::text(const Row& row, int column) const {
    if (column == BucketColumn) {
        return row.bucket;
    }
    const QVariant value = number(row, column);
    if (!value.isValid() || column == HistogramColumn) {
        return {};
    }
    switch (column) {
    case MinimumColumn:
    case MedianColumn:
    case MaximumColumn: return percent(value.toULongLong());
    case WastedColumn: return bytesText(value.toULongLong());
    case GetPagesColumn: return oneDecimal(value.toDouble());
    case GetBytesColumn: return bytesText(quint64(value.toDouble() + 0.5));
    case AmplificationColumn: return Texts::tr("%1 \u00D7").arg(times(value.toDouble()));
    default: return countText(value.toULongLong());
    }
}

QVariant StatisticsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) {
        return {};
    }
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case Qt::TextAlignmentRole:
        return int((column == BucketColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        if (column == HistogramColumn) {
            return histogramText(depthOf(row).fill.histogram);
        }
        return role == Qt::ToolTipRole && column != BucketColumn ? QVariant() : text(row, column);
    case HistogramRole:
        return column == HistogramColumn ? QVariant::fromValue(depthOf(row).fill.histogram)
                                         : QVariant();
    case SortRole: return column == BucketColumn ? QVariant(row.bucket) : number(row, column);
    case PageRole: return quint64(m_statistics->trees[row.tree].root.value);
    case PlaceRole: {
        Place place;
        place.page = m_statistics->trees[row.tree].root;
        return QVariant::fromValue(place);
    }
    default: return {};
    }
}

QVariant StatisticsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return int((section == BucketColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    }
    const bool isTip = role == Qt::ToolTipRole;
    if (role != Qt::DisplayRole && !isTip) {
        return {};
    }
    const auto either = [isTip](const QString& name, const QString& tip) {
        return isTip ? tip : name;
    };
    switch (section) {
    case BucketColumn:
        return either(Texts::tr("Bucket"), Texts::tr("Bucket with pages of its own"));
    case DepthColumn:
        return either(Texts::tr("Depth"), Texts::tr("Pages above it in the tree of its bucket"));
    case PagesColumn: return either(Texts::tr("Pages"), Texts::tr("Branch and leaf pages"));
    case OverflowColumn:
        return either(Texts::tr("Overflow"), Texts::tr("Pages behind the first one of a long run"));
    case ElementsColumn:
        return either(Texts::tr("Keys"),
                      Texts::tr("Children of branches, keys and buckets of leaves"));
    case MinimumColumn:
        return either(Texts::tr("Fill min"), Texts::tr("Fill of the emptiest page run"));
    case MedianColumn:
        return either(Texts::tr("Median"),
                      Texts::tr("Fill that half of the page runs do not exceed"));
    case MaximumColumn: return either(Texts::tr("Max"), Texts::tr("Fill of the fullest page run"));
    case HistogramColumn:
        return either(
            Texts::tr("By fill"),
            Texts::tr("Page runs by fill: ten steps, empty on the left, full on the right"));
    case WastedColumn:
        return either(Texts::tr("Wasted"), Texts::tr("Bytes of these pages that hold nothing"));
    case GetPagesColumn:
        return either(Texts::tr("Pages a Get"),
                      Texts::tr("Pages from the root of the file to the leaf, on average"));
    case GetBytesColumn:
        return either(Texts::tr("Bytes a Get"), Texts::tr("Bytes of these pages, on average"));
    case AmplificationColumn:
        return either(Texts::tr("Read ampl."),
                      Texts::tr("Read amplification: bytes read for each byte of key and value"));
    default: return {};
    }
}

QString StatisticsModel::csv(const std::vector<int>& rows) const {
    QStringList heads;
    for (int column = 0; column < kColumnCount; ++column) {
        if (column != HistogramColumn) {
            heads += QLatin1String(kCsvNames[static_cast<std::size_t>(column)]);
            continue;
        }
        for (std::size_t step = 0; step < kFillSteps; ++step) {
            heads += QStringLiteral("runs_%1_to_%2_percent").arg(step * 10).arg(step * 10 + 10);
        }
    }
    QString out = heads.join(u',') + u'\n';
    for (const int at : rows) {
        const Row& row = m_rows[static_cast<std::size_t>(at)];
        QStringList fields{quoted(row.bucket)};
        for (int column = BucketColumn + 1; column < kColumnCount; ++column) {
            if (column == HistogramColumn) {
                for (const std::uint64_t runs : depthOf(row).fill.histogram) {
                    fields += QString::number(runs);
                }
                continue;
            }
            const QVariant value = number(row, column);
            const bool isFill = column >= MinimumColumn && column <= MaximumColumn;
            fields += !value.isValid() ? QString()
                      : isFill         ? QString::number(value.toDouble() / 1000, 'f', 3)
                      : value.typeId() == QMetaType::Double
                          ? QString::number(value.toDouble(), 'f', 3)
                          : value.toString();
        }
        out += fields.join(u',') + u'\n';
    }
    return out;
}

QString statisticsSentence(const TreeStatistics& statistics) {
    quint64 allocated = 0;
    quint64 wasted = 0;
    for (const DepthStatistics& depth : statistics.depths) {
        allocated += depth.allocated;
        wasted += depth.wasted();
    }
    const GetCost& get = statistics.get;
    if (allocated == 0) {
        return {};
    }
    QString text;
    if (get.keys == 0) {
        text = Texts::tr("The trees hold no keys.");
    } else {
        text = Texts::tr("A Get reads %1 pages = %2 for %3 of key and value: %4 times as much.")
                   .arg(oneDecimal(get.pagesPerGet()), bytesText(quint64(get.bytesPerGet() + 0.5)),
                        bytesText(quint64(get.bytesPerEntry() + 0.5)), times(get.amplification()));
    }
    return text + u' ' +
           Texts::tr("Of %1 in tree pages %2 hold nothing (%3).")
               .arg(bytesText(allocated), bytesText(wasted), percent(wasted * 1000 / allocated));
}

QString histogramText(const FillHistogram& histogram) {
    QStringList steps;
    for (std::size_t step = 0; step < histogram.size(); ++step) {
        if (histogram[step] > 0) {
            steps += Texts::tr("%1 to %2 % full: %3")
                         .arg(step * 10)
                         .arg(step * 10 + 10)
                         .arg(countText(histogram[step]));
        }
    }
    return steps.isEmpty() ? Texts::tr("no page runs") : steps.join(u'\n');
}

} // namespace pagescape::gui
