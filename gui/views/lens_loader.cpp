// SPDX-License-Identifier: MIT
#include "views/lens_loader.h"

#include <QtConcurrentRun>

#include <algorithm>
#include <utility>

namespace pagescape::gui {

LensLoader::LensLoader(QObject* parent) : QObject(parent) {
    m_delay.setSingleShot(true);
    connect(&m_delay, &QTimer::timeout, this, &LensLoader::start);
    connect(&m_watcher, &QFutureWatcherBase::finished, this, &LensLoader::onFinished);
}

LensLoader::~LensLoader() {
    m_stop.request_stop();
    m_watcher.waitForFinished(); // ends within one block of pages
}

void LensLoader::setCensus(std::shared_ptr<const Census> census,
                           std::shared_ptr<const ResidencySample> sample) {
    m_census = std::move(census);
    m_sample = std::move(sample);
    m_isolated = allClasses();
    m_image.reset();
    m_shown.reset();
    restart(true);
    Q_EMIT imageChanged();
}

void LensLoader::setChanges(std::shared_ptr<const PageChanges> changes) {
    m_changes = std::move(changes);
    if (m_lens == Lens::Changes) {
        restart(true);
    }
}

void LensLoader::setLens(Lens lens) {
    if (m_lens != lens) {
        m_lens = lens;
        m_isolated = allClasses();
        restart(true);
    }
}

void LensLoader::setIsolated(const ClassMask& isolated) {
    if (m_isolated != isolated) {
        m_isolated = isolated;
        // A build under way for other reasons still has to bring its classes.
        restart(m_needsClasses || m_buildsClasses || !m_image || m_image->lens() != m_lens);
    }
}

void LensLoader::refresh() {
    m_needsClasses = true;
    m_isDue = true;
    if (m_isRunning || m_delay.isActive()) {
        return;
    }
    const qint64 interval = std::max<qint64>(kMinIntervalMs, 4 * m_lastBuildMs);
    const qint64 waited = m_sinceStart.isValid() ? m_sinceStart.elapsed() : interval;
    if (waited >= interval) {
        start();
    } else {
        m_delay.start(static_cast<int>(interval - waited));
    }
}

void LensLoader::restart(bool needsClasses) {
    ++m_generation;
    m_needsClasses = needsClasses;
    m_isDue = true;
    if (m_isRunning) {
        m_stop.request_stop(); // its end starts the next build
    } else {
        start();
    }
}

void LensLoader::start() {
    m_delay.stop();
    m_isDue = false;
    if (!m_census) {
        return;
    }
    m_isRunning = true;
    m_stop = std::stop_source();
    m_sinceStart.start();
    m_buildsClasses = std::exchange(m_needsClasses, false);
    m_watcher.setFuture(QtConcurrent::run(
        [generation = m_generation, census = m_census, sample = m_sample, changes = m_changes,
         lens = m_lens, isolated = m_isolated, image = m_buildsClasses ? nullptr : m_image,
         stop = m_stop.get_token()]() -> Built {
            Built built{generation, image, nullptr};
            if (!built.image) {
                built.image =
                    LensImage::build(lens, *census, sample.get(), stop, {}, changes.get());
            }
            if (built.image) {
                built.shown = isolated.all() ? built.image : built.image->withIsolated(isolated);
            }
            return built;
        }));
}

void LensLoader::onFinished() {
    m_isRunning = false;
    m_buildsClasses = false;
    m_lastBuildMs = m_sinceStart.elapsed();
    const Built built = m_watcher.result();
    const bool isCurrent = built.generation == m_generation && built.shown;
    if (isCurrent) {
        m_image = built.image;
        m_shown = built.shown;
    }
    if (m_isDue) {
        if (built.generation == m_generation) {
            refresh();
        } else {
            start();
        }
    }
    if (isCurrent) {
        Q_EMIT imageChanged();
    }
}

} // namespace pagescape::gui
