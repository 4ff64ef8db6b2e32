// SPDX-License-Identifier: MIT
// MarkBinding: two marked moments of a sandbox, and what differs between them.
#pragma once

#include "sandbox/sandbox.h"

#include <QObject>
#include <QString>

#include <vector>

namespace pagescape::gui {

class CompareBinding;
class Workspace;

/// A moment that was marked. A file exists between commands only, so the version of the newest
/// whole command stands for it.
struct Mark {
    int event = -1;   ///< the moment after it
    int owner = 0;    ///< node of the history whose command the event belongs to
    int node = 0;     ///< node whose version stands for it
    int version = 0;  ///< of Sandbox::keepVersion()
    quint64 txid = 0; ///< newest transaction of that version
    QString caveat;   ///< why the version is an older one than the moment; empty where it is not
};

/// First press: mark A; second: mark B and the comparison; third: begins anew. Marks outlive undo
/// and branches. Thread: GUI thread. Lives as long as the sandbox does.
class MarkBinding : public QObject {
    Q_OBJECT
public:
    /// All are borrowed.
    MarkBinding(Sandbox* sandbox, Workspace* workspace, CompareBinding* compare,
                QObject* parent = nullptr);
    ~MarkBinding() override;

    /// Marks where the player stands.
    void mark();
    void clear();
    [[nodiscard]] const std::vector<Mark>& marks() const { return m_marks; }

Q_SIGNALS:
    /// A sentence for the notice bar.
    void told(const QString& text);
    /// A comparison of both marks began.
    void compared();

private:
    [[nodiscard]] Mark markAt(int event) const;
    [[nodiscard]] std::size_t olderMark() const;
    void compareMarks();
    void onVersions(const KeptVersions& versions);
    void showFlags();

    Sandbox* m_sandbox;
    Workspace* m_views;
    CompareBinding* m_compare;
    std::vector<Mark> m_marks;     // two at most
    std::vector<KeptFile> m_files; // of the comparison on show
};

} // namespace pagescape::gui
