// SPDX-License-Identifier: MIT
// Requests for entries as background jobs.
#include "session/session_entries.h"

#include "session/entry_reader.h"

namespace pagescape::gui {

SessionEntries::SessionEntries(std::shared_ptr<const PageFile> file, QObject* parent)
    : EntrySource(parent), m_file(std::move(file)) {}

SessionEntries::~SessionEntries() = default;

BucketPlace SessionEntries::rootBucket() const {
    BucketPlace place;
    if (const MetaFields* meta = m_file->layout().metas.activeFields()) {
        place.root = meta->root;
    }
    return place;
}

void SessionEntries::requestEntries(const EntryRequest& request) {
    auto& job = m_jobs[request.id];
    job = std::make_unique<Job<EntryChunk>>();
    job->start(
        [file = m_file, request](const JobControl& control) {
            return readEntries(*file, request, control.stop());
        },
        [this, id = request.id](const EntryChunk& chunk) {
            // Gone before the signal: a listener may use the same id for its next request.
            const auto done = m_jobs.extract(id);
            Q_EMIT entriesReady(chunk);
        });
}

void SessionEntries::cancelEntries(quint64 id) {
    m_jobs.erase(id);
}

} // namespace pagescape::gui
