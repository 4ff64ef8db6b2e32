// SPDX-License-Identifier: MIT
#include "sandbox/sandbox.h"

#include "models/byte_text.h"
#include "pagescape/census.h"
#include "sandbox/sandbox_worker.h"

#include <QPointer>

#include <chrono>
#include <utility>
#include <variant>

namespace pagescape::gui {

namespace {

constexpr std::chrono::milliseconds kDrainEvery{16};
constexpr std::chrono::milliseconds kDrainAtMost{6}; // of a frame; the rest is for painting

// The stage as the file is found; the store has it open and nobody writes.
Result<StageState> findStage(const SandboxEngine& engine, const std::stop_token& stop) {
    auto file = PageFile::open(engine.path());
    if (!file) {
        return fail(file.error());
    }
    Census census(std::make_shared<const PageFile>(std::move(*file)));
    if (auto done = census.run(stop); !done) {
        return fail(done.error());
    }
    const Store::MapInfo map = engine.store().mapping();
    return stageOf(census, {map.address, map.length});
}

} // namespace

Sandbox::Sandbox(const QString& path, SandboxKind kind, const SandboxOptions& options,
                 QObject* parent)
    : QObject(parent), m_path(path), m_kind(kind), m_isSynced(!options.noSync),
      m_wasSynced(!options.noSync) {
    m_drain.setInterval(kDrainEvery);
    connect(&m_drain, &QTimer::timeout, this, &Sandbox::drain);
    m_worker = std::make_unique<SandboxWorker>(this, [this] {
        if (!m_drain.isActive()) { // the first events at once, those that follow frame by frame
            m_drain.start();
            drain();
        }
    });
    setPending(1);
    m_worker->post([this, worker = m_worker.get(), options](const std::stop_token& stop) {
        auto engine = SandboxEngine::open(toPath(m_path), options, [worker](StageEvents events) {
            worker->deliver(std::move(events));
        });
        auto stage = engine ? findStage(**engine, stop) : fail(engine.error());
        if (!stage) {
            worker->deliver([this, text = toQString(stage.error().describe())] {
                m_hasFailed = true;
                setPending(m_pending - 1);
                Q_EMIT failedToOpen(text);
            });
            return;
        }
        worker->engine = std::move(*engine);
        worker->deliver([this, base = std::move(*stage)] {
            m_log = StageLog(base);
            m_isOpen = true;
            setPending(m_pending - 1);
            Q_EMIT opened();
        });
    });
}

Sandbox::~Sandbox() {
    m_worker.reset();
}

void Sandbox::drain() {
    const auto begin = std::chrono::steady_clock::now();
    const QPointer<Sandbox> alive(this); // a slot may close the sandbox
    bool hasEvents = false;
    bool wasEmpty = true;
    for (;;) {
        std::vector<SandboxWorker::Delivery> taken = m_worker->take(256);
        for (SandboxWorker::Delivery& delivery : taken) {
            if (auto* events = std::get_if<StageEvents>(&delivery)) {
                m_log.appendAll(std::move(*events));
                hasEvents = true;
            } else {
                std::get<std::function<void()>>(delivery)();
                if (!alive) {
                    return;
                }
            }
        }
        wasEmpty = wasEmpty && taken.empty();
        if (taken.empty() || std::chrono::steady_clock::now() - begin > kDrainAtMost) {
            break; // the rest with the next frame
        }
    }
    if (wasEmpty) {
        m_drain.stop();
    }
    if (hasEvents) {
        Q_EMIT logChanged();
    }
}

void Sandbox::setPending(int pending) {
    const bool wasBusy = isBusy();
    m_pending = pending;
    if (isBusy() != wasBusy) {
        Q_EMIT busyChanged(isBusy());
    }
}

void Sandbox::run(const SandboxCommand& asked) {
    if (m_hasFailed) {
        return;
    }
    if (asked.kind == SandboxCommand::Kind::CloseReader) {
        Q_EMIT readersEnding(asked.number);
    }
    setPending(m_pending + 1); // also while it opens: the command waits behind that
    m_worker->post(
        [this, worker = m_worker.get(), command = asked](const std::stop_token& stop) mutable {
            if (!worker->engine) { // failedToOpen() said why
                worker->deliver([this] { setPending(m_pending - 1); });
                return;
            }
            SandboxEngine& engine = *worker->engine;
            const auto done = engine.run(command, stop);
            auto delta = std::make_shared<const FileDelta>(engine.takeDelta());
            const bool hasTransaction = engine.hasTransaction();
            const bool isQuiet = !hasTransaction && !engine.hasReaders();
            worker->deliver([this, command, delta, hasTransaction, isQuiet,
                             isSynced = engine.isSynced(), readers = engine.openReaders(),
                             error = done ? QString() : toQString(done.error().describe())] {
                m_hasTransaction = hasTransaction;
                m_isSynced = isSynced;
                m_readers = readers;
                addToHistory(command, delta, isQuiet);
                setPending(m_pending - 1);
                Q_EMIT logChanged();
                Q_EMIT historyChanged();
                if (delta->isChanged) {
                    Q_EMIT fileChanged();
                }
                Q_EMIT finished(command, error);
            });
        });
}

void Sandbox::addToHistory(const SandboxCommand& command, std::shared_ptr<const FileDelta> delta,
                           bool isQuiet) {
    m_history.add(command, std::move(delta), isQuiet, m_log.size());
    keepState();
}

// Of the present node.
void Sandbox::keepState() {
    for (const int gone : m_states.keep(m_history.current(), m_log)) {
        m_history.setNoBase(gone);
    }
}

bool Sandbox::goTo(int target) {
    const auto route = m_history.routeTo(target);
    if (isBusy() || !m_isOpen || !route) {
        return false;
    }
    if (target == m_history.current() && !m_history.isUnfinished()) {
        return true;
    }
    std::vector<std::shared_ptr<const FileDelta>> deltas;
    for (const int node : route->undone) {
        deltas.push_back(m_history.node(node).delta);
    }
    std::vector<SandboxCommand> commands;
    for (const int node : route->rerun) {
        commands.push_back(m_history.node(node).command);
        commands.back().generator.perSecond = 0; // it was watched once
    }
    const int kept = route->base == 0 ? 0 : m_history.node(route->base).eventsEnd;
    const bool isBack = !deltas.empty() || m_history.isUnfinished(); // the store is opened anew
    if (isBack) {
        Q_EMIT readersEnding(0);
    }
    setPending(m_pending + 1);
    m_worker->post([this, worker = m_worker.get(), isBack, deltas, commands, kept,
                    nodes = route->rerun, base = route->base, target,
                    isSynced = m_history.isSyncedAt(route->base, m_wasSynced),
                    nextReader = m_history.readersOpenedUntil(route->base) +
                                 1](const std::stop_token& stop) mutable {
        SandboxEngine& engine = *worker->engine;
        Result<void> done;
        if (isBack) {
            std::vector<const FileDelta*> old;
            for (const auto& delta : deltas) {
                old.push_back(delta.get());
            }
            done = engine.restore(old);
            if (done) { // until then the file is not there, and the deltas are still needed
                worker->deliver([this, kept, base] {
                    m_states.truncate(m_log, base, kept);
                    m_history.setCurrent(base);
                    m_history.setFinished();
                });
                done = engine.reopen(isSynced, nextReader);
            }
            if (!done) {
                worker->deliver([this, base] { m_history.setUnfinished(base); });
            }
        }
        for (std::size_t i = 0; done && i < commands.size() && !stop.stop_requested(); ++i) {
            SandboxCommand command = commands[i];
            static_cast<void>(engine.run(command, stop)); // what failed then fails again
            auto delta = std::make_shared<const FileDelta>(engine.takeDelta());
            if (!(command == commands[i])) { // stopped on the way: another end than it had
                worker->deliver([this, command, delta,
                                 isQuiet = !engine.hasTransaction() && !engine.hasReaders()] {
                    addToHistory(command, delta, isQuiet);
                });
                break;
            }
            worker->deliver([this, node = nodes[i], delta,
                             isQuiet = !engine.hasTransaction() && !engine.hasReaders()] {
                m_history.setRun(node, delta, isQuiet, m_log.size());
                m_history.setCurrent(node);
                keepState();
            });
        }
        worker->deliver([this, target, hasTransaction = engine.hasTransaction(),
                         isSynced = engine.isSynced(), readers = engine.openReaders(),
                         error = done ? QString() : toQString(done.error().describe())] {
            m_hasTransaction = hasTransaction;
            m_isSynced = isSynced;
            m_readers = readers;
            setPending(m_pending - 1);
            Q_EMIT logChanged();
            Q_EMIT historyChanged();
            Q_EMIT fileChanged();
            Q_EMIT finished(m_history.node(target).command, error);
        });
    });
    return true;
}

std::optional<MetaFields> Sandbox::readerMeta(std::uint64_t reader) const {
    for (const OpenReader& open : m_readers) {
        if (open.number == reader) {
            return open.meta;
        }
    }
    return std::nullopt;
}

void Sandbox::undo() {
    if (const auto target = m_history.undoTarget()) {
        goTo(*target);
    }
}

void Sandbox::redo() {
    if (const auto target = m_history.redoTarget()) {
        goTo(*target);
    }
}

void Sandbox::stop() {
    setPending(m_pending - m_worker->stopTasks());
}

} // namespace pagescape::gui
