// SPDX-License-Identifier: MIT
// SessionEntries: the session's answer to models that ask for a bucket's entries.
#pragma once

#include "models/entry_source.h"
#include "pagescape/page_file.h"
#include "session/job.h"

#include <map>
#include <memory>

namespace pagescape::gui {

/// Runs each request as a job of its own, so that one slow bucket does not hold up another.
class SessionEntries final : public EntrySource {
    Q_OBJECT
public:
    explicit SessionEntries(std::shared_ptr<const PageFile> file, QObject* parent = nullptr);
    ~SessionEntries() override;

    [[nodiscard]] BucketPlace rootBucket() const override;
    void requestEntries(const EntryRequest& request) override;
    void cancelEntries(quint64 id) override;

private:
    std::shared_ptr<const PageFile> m_file;
    std::map<quint64, std::unique_ptr<Job<EntryChunk>>> m_jobs;
};

} // namespace pagescape::gui
