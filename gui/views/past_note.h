// SPDX-License-Identifier: MIT
// PastNote: says in a panel about the file as it is now that the player of the sandbox stands
// before the newest event, and leads back there.
#pragma once

#include "paint/theme.h"

#include <QWidget>

namespace pagescape::gui {

class LinkLabel;

/// A line that is there only while it has something to say.
class PastNote final : public QWidget {
    Q_OBJECT
public:
    explicit PastNote(QWidget* parent = nullptr);

    /// `isPast`: the player stands before the newest event, so the panel and the other pictures
    /// show different moments.
    void setPast(bool isPast);
    void setTheme(const Theme& theme);
    /// What it says now; empty: nothing.
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    /// The player shall go to the newest event.
    void newestRequested();

private:
    LinkLabel* m_label;
};

} // namespace pagescape::gui
