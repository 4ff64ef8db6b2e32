// SPDX-License-Identifier: MIT
// Sandbox: the one door from the window to an engine that writes. Commands run one after the other
// on a thread of their own; what the engine told is published as an event log on the GUI thread.
#pragma once

#include "sandbox/kept_version.h"
#include "sandbox/node_states.h"
#include "sandbox/sandbox_engine.h"
#include "sandbox/sandbox_history.h"
#include "stage/stage_log.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace pagescape::gui {

class SandboxWorker;

/// What a sandbox works on; said in the title and in the frame.
enum class SandboxKind { Copy, NewDatabase, Original };

/// The writes of the newest command that wrote, for staging a crash.
struct CrashMaterial {
    std::vector<std::byte> begin; ///< the file before them
    std::vector<FileOperation> operations;
    QString command;
    QString error; ///< why there is none; empty otherwise
};

/// Thread: GUI thread. Signals arrive there.
class Sandbox : public QObject {
    Q_OBJECT
public:
    /// Opens in the background; answered by opened() or failedToOpen().
    Sandbox(const QString& path, SandboxKind kind, const SandboxOptions& options,
            QObject* parent = nullptr);
    /// Stops what runs; the file stays.
    ~Sandbox() override;

    [[nodiscard]] const QString& path() const { return m_path; }
    [[nodiscard]] SandboxKind kind() const { return m_kind; }
    [[nodiscard]] bool isOpen() const { return m_isOpen; }

    /// Runs a command after those that wait, and once it is open. In the past of the history it
    /// begins a branch.
    void run(const SandboxCommand& command);
    /// Goes to another node of the history: undo, redo, another branch. False while busy, and when
    /// what it takes was dropped to save memory. When the file cannot be written finished() says
    /// so, the present node stays, and the next way restores all of it again.
    bool goTo(int node);
    void undo();
    void redo();
    /// Stops the running command as soon as it can, and forgets those that wait.
    void stop();
    [[nodiscard]] bool isBusy() const { return m_pending > 0; }

    [[nodiscard]] const StageLog& log() const { return m_log; }
    [[nodiscard]] const SandboxHistory& history() const { return m_history; }
    [[nodiscard]] bool hasTransaction() const { return m_hasTransaction; }
    [[nodiscard]] bool isSynced() const { return m_isSynced; }
    /// The meta of the version that an open reader sees; nothing when no such reader is open after
    /// the newest command that ended. Its pages stay as they are until readersEnding().
    [[nodiscard]] std::optional<MetaFields> readerMeta(std::uint64_t reader) const;

    /// Asks for the writes of the newest command that wrote; answered by crashMaterialReady().
    void requestCrashMaterial();

    /// Keeps the version that the file had after a node of the present path, whatever is run,
    /// undone or branched later; its number. Nothing while busy, or when what was overwritten since
    /// is kept no more. Memory: what is written over from then on.
    std::optional<int> keepVersion(int node);
    void forgetVersion(int version);
    /// Asks for two kept versions as files; answered by versionsReady().
    void requestVersions(int before, int after);

Q_SIGNALS:
    void opened();
    void failedToOpen(const QString& error);
    /// Events were added, or taken away by an undo; at most some 60 times a second.
    void logChanged();
    /// A command or a way through the history ended; `error` is empty when it did what was asked.
    void finished(const pagescape::gui::SandboxCommand& command, const QString& error);
    void historyChanged();
    void busyChanged(bool isBusy);
    /// A reader, or all of them (0), is about to be closed: from then on a transaction may write
    /// over what it sees. Whoever looks through it ends that in the slot.
    void readersEnding(std::uint64_t reader);
    /// The file has another content than before: a commit, or an undo across one.
    void fileChanged();
    void crashMaterialReady(const pagescape::gui::CrashMaterial& material);
    /// The files are there for as long as somebody holds the answer.
    void versionsReady(const pagescape::gui::KeptVersions& versions);

private:
    void drain();
    void addToHistory(const SandboxCommand& command, std::shared_ptr<const FileDelta> delta,
                      bool isQuiet);
    void keepState();
    void setPending(int pending);

    QString m_path;
    SandboxKind m_kind;
    StageLog m_log;
    SandboxHistory m_history;
    std::vector<OpenReader> m_readers;
    NodeStates m_states;
    using Kept = std::shared_ptr<const FileDelta>; // filled and read by the worker
    std::map<int, std::shared_ptr<Kept>> m_kept;
    int m_nextVersion = 1;
    QTimer m_drain;
    int m_pending = 0;
    bool m_isOpen = false;
    bool m_hasFailed = false; // to open
    bool m_hasTransaction = false;
    bool m_isSynced = true;
    bool m_wasSynced = true;                 // in the beginning
    std::unique_ptr<SandboxWorker> m_worker; // last: its thread uses nothing of the above
};

} // namespace pagescape::gui
