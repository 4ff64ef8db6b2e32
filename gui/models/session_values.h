// SPDX-License-Identifier: MIT
// The plain values that the session publishes: pages, traced lookups, tasks. They live here so that
// models and state can hold them without knowing the session.
#pragma once

#include "pagescape/inspect.h"
#include "pagescape/trace.h"
#include "pagescape/value_format.h"

#include <QByteArray>
#include <QMetaType>
#include <QString>

#include <functional>
#include <memory>
#include <vector>

namespace pagescape::gui {

/// A page run, read and decoded; shared, never changed.
using PageSnapshot = std::shared_ptr<const InspectedPage>;

/// One traced Get, complete.
struct GetTrace {
    std::vector<QByteArray> path; ///< bucket names
    QByteArray key;
    std::vector<TraceEvent> events;
    bool found = false;
    QByteArray value; ///< a copy of at most 64 KiB
    quint64 valueSize = 0;
    QString error; ///< empty when the Get ran to its end

    /// For each event the bytes its caption quotes (compared key, bucket name, found key), cut to
    /// kQuotedBytes. Copied when the Get ran, so that captions never read the file.
    std::vector<QByteArray> quoted;
    quint64 pageCount = 0; ///< pages of the file
    quint64 leafPages = 0; ///< leaf pages of the bucket; 0 when unknown or inside another page
    qint64 coldPages = -1; ///< touched pages that were not in memory as found; -1: unknown
};
inline constexpr qsizetype kQuotedBytes = 256;

/// A traced Get, shared and never changed.
using GetTracePtr = std::shared_ptr<const GetTrace>;

/// Which format the keys (or the values) of a bucket are shown in; it is named from the outermost
/// bucket on. Copies may be asked in any thread.
using BucketFormats = std::function<ValueFormat(const std::vector<QByteArray>& bucket)>;

/// A long task for the task strip.
struct TaskInfo {
    int id = 0;
    QString name;
    quint64 done = 0;
    quint64 total = 0; ///< 0 while unknown
};

} // namespace pagescape::gui

Q_DECLARE_METATYPE(pagescape::gui::PageSnapshot)
Q_DECLARE_METATYPE(pagescape::gui::GetTracePtr)
