// SPDX-License-Identifier: MIT
#include "models/trace_model.h"

#include "models/caption.h"
#include "state/place.h"

#include <QCoreApplication>

namespace pagescape::gui {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Trace)
};

// What an event is about, as far as it says so itself.
Place placeOf(const TraceEvent& event) {
    struct Details {
        Place& place;
        void operator()(const MetaChosenEvent&) const {}
        void operator()(const BucketHopEvent& e) const { place.bytes = e.header; }
        void operator()(const PageReadEvent& e) const { place.bytes = e.bytes; }
        void operator()(const ProbeEvent& e) const { set(e.key, e.middle); }
        void operator()(const ChildChosenEvent& e) const {
            place.element = static_cast<int>(e.index);
        }
        void operator()(const LeafHitEvent& e) const { set(e.key, e.index); }
        void operator()(const LeafMissEvent&) const {}
        void operator()(const ValueSliceEvent& e) const { place.bytes = e.value; }
        void set(ByteRange bytes, std::uint32_t element) const {
            place.bytes = bytes;
            place.element = static_cast<int>(element);
        }
    };
    Place place;
    place.page = eventPage(event);
    std::visit(Details{place}, event);
    return place;
}

} // namespace

QString eventKindText(const TraceEvent& event) {
    struct Names {
        QString operator()(const MetaChosenEvent&) const { return Texts::tr("meta choice"); }
        QString operator()(const BucketHopEvent&) const { return Texts::tr("bucket"); }
        QString operator()(const PageReadEvent&) const { return Texts::tr("page read"); }
        QString operator()(const ProbeEvent&) const { return Texts::tr("comparison"); }
        QString operator()(const ChildChosenEvent&) const { return Texts::tr("child chosen"); }
        QString operator()(const LeafHitEvent&) const { return Texts::tr("hit"); }
        QString operator()(const LeafMissEvent&) const { return Texts::tr("miss"); }
        QString operator()(const ValueSliceEvent&) const { return Texts::tr("value"); }
    };
    return std::visit(Names{}, event);
}

TraceModel::TraceModel(QObject* parent) : QAbstractTableModel(parent) {}

void TraceModel::setTrace(GetTracePtr trace) {
    beginResetModel();
    m_trace = std::move(trace);
    endResetModel();
}

int TraceModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_trace ? 0 : static_cast<int>(m_trace->events.size());
}

int TraceModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : kColumnCount;
}

QVariant TraceModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || !m_trace) {
        return {};
    }
    const int number = index.row();
    const TraceEvent& event = m_trace->events[static_cast<std::size_t>(number)];
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case NumberColumn: return number + 1;
        case KindColumn: return eventKindText(event);
        case PageColumn: return QString::number(eventPage(event).value);
        default: return captionAt(*m_trace, number);
        }
    case Qt::ToolTipRole:
        return index.column() == CaptionColumn ? QVariant(captionAt(*m_trace, number)) : QVariant();
    case EventIndexRole: return number;
    case KindRole: return static_cast<int>(event.index());
    case PageRole: return QVariant::fromValue<quint64>(eventPage(event).value);
    case PlaceRole: {
        return QVariant::fromValue(placeOf(event));
    }
    default: return {};
    }
}

QVariant TraceModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case NumberColumn: return tr("Step");
    case KindColumn: return tr("Kind");
    case PageColumn: return tr("Page");
    case CaptionColumn: return tr("What happens");
    default: return {};
    }
}

} // namespace pagescape::gui
