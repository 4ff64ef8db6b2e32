// SPDX-License-Identifier: MIT
// FileWatch: looks at both metas once a second, so that the window can say that the file moved on.
#pragma once

#include "pagescape/page_file.h"
#include "session/job.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <chrono>
#include <memory>

namespace pagescape::gui {

/// What one look found.
struct WatchAnswer {
    quint64 fileSize = 0;
    std::optional<quint64> txid; ///< of the active meta
    QString error;               ///< the file could not be read
};

/// Two small reads a second in a job. bolt writes metas without any notice that could be waited for
/// over all file systems, hence the clock.
class FileWatch : public QObject {
    Q_OBJECT
public:
    explicit FileWatch(std::shared_ptr<const PageFile> file, QObject* parent = nullptr);

    void start(std::chrono::milliseconds interval = std::chrono::seconds{1});
    void stop();
    /// Looks now, besides the clock.
    void look();

Q_SIGNALS:
    /// The active txid is `transactions` greater than when the file was opened. Told once for each
    /// value.
    void movedOn(quint64 transactions);
    /// The file became shorter than it was, or cannot be read any more. Told once for each text.
    void shrank(const QString& text);

private:
    void judge(const WatchAnswer& answer);

    std::shared_ptr<const PageFile> m_file;
    QTimer m_clock;
    Job<WatchAnswer> m_job;
    quint64 m_told = 0;
    QString m_toldText;
};

} // namespace pagescape::gui
