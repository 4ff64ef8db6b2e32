// SPDX-License-Identifier: MIT
// SandboxPanel: the editor of a sandbox, the transport over what the engine did, and the words for
// it.
#pragma once

#include "paint/theme.h"
#include "stage/stage_player.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QScrollArea;
class QToolButton;
class QVBoxLayout;
QT_END_NAMESPACE

namespace pagescape::gui {

class ScratchBar;
class TransportBar;

/// The player holds all state; this shows it and passes clicks on.
class SandboxPanel final : public QWidget {
    Q_OBJECT
public:
    explicit SandboxPanel(StagePlayer* player, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    [[nodiscard]] ScratchBar* scratch() const { return m_scratch; }
    [[nodiscard]] TransportBar* transport() const { return m_transport; }
    /// Room for a row of the owner's between transport and caption: the time line.
    void setTimeline(QWidget* timeline);
    [[nodiscard]] QString captionText() const;
    /// The state of the transaction, its costs, or what it came to.
    [[nodiscard]] QString summaryText() const;
    /// Moves the focus to the caption, so that a screen reader reads it again (F2).
    void focusCaption();

Q_SIGNALS:
    /// "Ask me": a question about the next step of the commit.
    void questionRequested();
    /// Whether to ask at every commit that is stepped through.
    void askingChanged(bool asksAlways);

protected:
    void changeEvent(QEvent* event) override;

private:
    void addBreakMenu();
    void addAskButton();
    void addWords();
    void applyFont();
    void refresh();

    StagePlayer* m_player;
    ScratchBar* m_scratch;
    TransportBar* m_transport;
    QToolButton* m_stepThrough;
    QToolButton* m_breaks;
    QToolButton* m_ask;
    QLabel* m_caption;
    QLabel* m_summary;
    QScrollArea* m_words; ///< caption and summary
    QVBoxLayout* m_column;
};

} // namespace pagescape::gui
