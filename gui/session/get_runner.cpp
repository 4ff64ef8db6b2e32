// SPDX-License-Identifier: MIT
// The trace is the engine's; nothing here decides what a Get does.
#include "session/get_runner.h"

#include "models/byte_text.h"
#include "pagescape/database.h"

#include <QCoreApplication>

#include <algorithm>

namespace pagescape::gui {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(GetTrace)
};

QByteArray quote(const PageFile& file, const TraceEvent& event) {
    ByteRange range = quotedRange(event);
    range.end = std::min(range.end, range.begin + static_cast<std::uint64_t>(kQuotedBytes));
    if (range.isEmpty()) {
        return {};
    }
    const auto bytes = file.readBytes(range);
    return bytes ? toQByteArray(*bytes) : QByteArray();
}

// Errors that are answers about the path and not about the file.
bool isAnswer(const Error& error) {
    return error.code == ErrorCode::BucketNotFound || error.code == ErrorCode::IncompatibleValue;
}

void runWith(const std::shared_ptr<const PageFile>& file, TraceRecorder& recorder,
             GetTrace& trace) {
    const auto database = Database::fromFile(file);
    if (!database) {
        trace.error = toQString(database.error().describe());
        return;
    }
    const auto transaction = database->beginRead(&recorder);
    if (!transaction) {
        trace.error = toQString(transaction.error().describe());
        return;
    }
    std::vector<Bytes> names;
    names.reserve(trace.path.size());
    for (const QByteArray& name : trace.path) {
        names.push_back(toBytes(name));
    }
    const auto value = transaction->get(names, toBytes(trace.key));
    if (!value && isAnswer(value.error())) {
        return; // the trace ends with the miss or the hit that tells it
    }
    if (!value) {
        trace.error = toQString(value.error().describe());
        return;
    }
    if (*value) {
        trace.found = true;
        trace.valueSize = (*value)->size();
        trace.value = toQByteArray(**value, kKeptValueBytes);
    }
}

} // namespace

ByteRange quotedRange(const TraceEvent& event) {
    if (const auto* hop = std::get_if<BucketHopEvent>(&event)) {
        return hop->name;
    }
    if (const auto* probe = std::get_if<ProbeEvent>(&event)) {
        return probe->key;
    }
    if (const auto* hit = std::get_if<LeafHitEvent>(&event)) {
        return hit->key;
    }
    return {};
}

GetTrace runGet(const std::shared_ptr<const PageFile>& file, const std::vector<QByteArray>& path,
                const QByteArray& key) {
    GetTrace trace;
    trace.path = path;
    trace.key = key;
    trace.pageCount = file->layout().pageCount;
    TraceRecorder recorder;
    runWith(file, recorder, trace);
    if (trace.error.isEmpty() && file->truncated()) {
        trace.found = false;
        trace.value.clear();
        trace.error = Texts::tr("The file became shorter while it was read.");
    }
    trace.events = recorder.events();
    trace.quoted.reserve(trace.events.size());
    for (const TraceEvent& event : trace.events) {
        trace.quoted.push_back(quote(*file, event));
    }
    return trace;
}

} // namespace pagescape::gui
