// SPDX-License-Identifier: MIT
// The look itself runs in a job: a network file system may answer late.
#include "session/file_watch.h"

#include "models/byte_text.h"

namespace pagescape::gui {

namespace {

WatchAnswer lookAt(const PageFile& file) {
    WatchAnswer answer;
    const auto size = file.currentFileSize();
    if (!size) {
        answer.error = toQString(size.error().describe());
        return answer;
    }
    answer.fileSize = *size;
    const auto metas = file.rereadMetas();
    if (!metas) {
        answer.error = toQString(metas.error().describe());
    } else if (const MetaFields* meta = metas->activeFields()) {
        answer.txid = meta->txid.value;
    }
    return answer;
}

} // namespace

FileWatch::FileWatch(std::shared_ptr<const PageFile> file, QObject* parent)
    : QObject(parent), m_file(std::move(file)) {
    connect(&m_clock, &QTimer::timeout, this, &FileWatch::look);
}

void FileWatch::start(std::chrono::milliseconds interval) {
    m_clock.start(interval);
}

void FileWatch::stop() {
    m_clock.stop();
    m_job.cancel();
}

void FileWatch::look() {
    if (m_job.isRunning()) {
        return; // a slow disk: the next tick asks again
    }
    m_job.start([file = m_file](const JobControl&) { return lookAt(*file); },
                [this](const WatchAnswer& answer) { judge(answer); });
}

void FileWatch::judge(const WatchAnswer& answer) {
    QString text = answer.error;
    if (text.isEmpty() && answer.fileSize < m_file->layout().fileSize) {
        text = tr("The file became shorter: it had %1 bytes and now has %2. Pages beyond its end "
                  "cannot "
                  "be read.")
                   .arg(m_file->layout().fileSize)
                   .arg(answer.fileSize);
    }
    if (text != m_toldText) {
        m_toldText = text;
        if (!text.isEmpty()) {
            Q_EMIT shrank(text);
        }
    }
    const MetaFields* opened = m_file->layout().metas.activeFields();
    if (opened == nullptr || !answer.txid) {
        return;
    }
    const quint64 before = opened->txid.value;
    const quint64 moved = *answer.txid > before ? *answer.txid - before : 0;
    if (moved != m_told) {
        m_told = moved;
        Q_EMIT movedOn(moved);
    }
}

} // namespace pagescape::gui
