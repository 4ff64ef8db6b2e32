// SPDX-License-Identifier: MIT
// LensLoader: keeps the lens image of a growing census up to date. Images are built in a worker,
// one at a time; a result that no longer belongs to the present lens and census is dropped.
#pragma once

#include "paint/lens.h"

#include <QElapsedTimer>
#include <QFutureWatcher>
#include <QObject>
#include <QTimer>

#include <memory>
#include <stop_token>

namespace pagescape::gui {

/// Builds LensImages in the background. Thread: GUI thread.
class LensLoader : public QObject {
    Q_OBJECT
public:
    explicit LensLoader(QObject* parent = nullptr);
    ~LensLoader() override;

    /// Refreshes start at most this often, and never take more than a quarter of one processor.
    static constexpr int kMinIntervalMs = 100;

    /// Another file, or null for none. The old picture goes at once.
    void setCensus(std::shared_ptr<const Census> census,
                   std::shared_ptr<const ResidencySample> sample);
    /// A comparison for Lens::Changes, or null for none.
    void setChanges(std::shared_ptr<const PageChanges> changes);
    [[nodiscard]] Lens lens() const { return m_lens; }
    /// The old picture stays until the new one is ready. Isolation ends.
    void setLens(Lens lens);
    /// Classes whose pages win over others from afar; all of them: no isolation.
    void setIsolated(const ClassMask& isolated);

    /// What is to be painted, and what is to be counted; null until the first one is ready.
    [[nodiscard]] const std::shared_ptr<const LensImage>& shown() const { return m_shown; }
    [[nodiscard]] const std::shared_ptr<const LensImage>& image() const { return m_image; }
    /// True when neither a build runs nor one is due.
    [[nodiscard]] bool isIdle() const { return !m_isRunning && !m_isDue; }

public Q_SLOTS:
    /// The census went on. Many calls make one build.
    void refresh();

Q_SIGNALS:
    void imageChanged();

private:
    struct Built {
        quint64 generation = 0;
        std::shared_ptr<const LensImage> image;
        std::shared_ptr<const LensImage> shown;
    };
    void restart(bool needsClasses);
    void start();
    void onFinished();

    std::shared_ptr<const Census> m_census;
    std::shared_ptr<const ResidencySample> m_sample;
    std::shared_ptr<const PageChanges> m_changes;
    std::shared_ptr<const LensImage> m_image;
    std::shared_ptr<const LensImage> m_shown;
    ClassMask m_isolated = allClasses();
    Lens m_lens = Lens::Type;
    quint64 m_generation = 0;
    bool m_isRunning = false;
    bool m_isDue = false;
    bool m_needsClasses = true;   // false: the page classes stand, only the pyramid changes
    bool m_buildsClasses = false; // what the running build does
    std::stop_source m_stop;
    QFutureWatcher<Built> m_watcher;
    QTimer m_delay; // merges refreshes; it polls nothing
    QElapsedTimer m_sinceStart;
    qint64 m_lastBuildMs = 0;
};

} // namespace pagescape::gui
