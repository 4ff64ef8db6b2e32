// SPDX-License-Identifier: MIT
// The pool of the background jobs.
#include "session/job.h"

#include <QGlobalStatic>

namespace pagescape::gui {

namespace {

// Jobs wait for the disk more than they compute, so there are more threads than lanes that matter:
// scan or check, page, Get, entries, tree, watch.
constexpr int kThreads = 8;

class JobPool : public QThreadPool {
public:
    JobPool() { setMaxThreadCount(kThreads); }
};

Q_GLOBAL_STATIC(JobPool, pool)

} // namespace

QThreadPool& jobPool() {
    return *pool();
}

} // namespace pagescape::gui
