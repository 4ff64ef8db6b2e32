// SPDX-License-Identifier: MIT
// LegendBar: one chip for each class of the page map. A chip names and counts its class; clicking
// it shows that class alone.
#pragma once

#include "paint/lens.h"
#include "paint/theme.h"

#include <QAbstractButton>
#include <QWidget>

#include <vector>

namespace pagescape::gui {

class FlowLayout;

/// A chip: swatch with glyph, name, pages, share of the file. Checked: its class is shown.
class LegendChip final : public QAbstractButton {
    Q_OBJECT
public:
    explicit LegendChip(QWidget* parent = nullptr);

    void setEntry(const LegendEntry& entry, quint64 totalPages);
    [[nodiscard]] const LegendEntry& entry() const { return m_entry; }
    void setTheme(const Theme& theme);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void clickedWith(Qt::KeyboardModifiers modifiers);
    /// Or Enter was pressed.
    void doubleClicked();

protected:
    void nextCheckState() override {} // the bar decides what is checked
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] QString figures() const;

    LegendEntry m_entry;
    Theme m_theme = Theme::light();
    quint64 m_total = 0;
    Qt::KeyboardModifiers m_modifiers; // of the event that clicks
};

/// The chips in rows. Click isolates a class, click again shows all; Shift+click adds or takes
/// away; double click asks for the list of its pages.
class LegendBar final : public QWidget {
    Q_OBJECT
public:
    explicit LegendBar(QWidget* parent = nullptr);

    /// Chips shown before "more" is pressed: a file may have hundreds of bucket owners.
    static constexpr int kMaxChips = 18;
    /// Rows of chips before "more" is pressed: each costs the map a row.
    static constexpr int kMaxRows = 2;

    /// What there is to show, in order. Isolation stays as far as its classes still exist.
    void setEntries(const std::vector<LegendEntry>& entries, quint64 totalPages);
    void setTheme(const Theme& theme);
    /// Classes that are shown; all of them when nothing is isolated.
    [[nodiscard]] ClassMask shownClasses() const;
    /// Shows these classes alone; none of them: all are shown.
    void isolate(const ClassMask& classes);
    [[nodiscard]] bool isIsolating() const { return m_isolated.any(); }
    /// Chips in order, the hidden ones included.
    [[nodiscard]] const std::vector<LegendChip*>& chips() const { return m_chips; }

public Q_SLOTS:
    /// Isolates the class after the isolated one; after the last one all are shown.
    void isolateNext();
    void clearIsolation();

Q_SIGNALS:
    void shownClassesChanged(const pagescape::gui::ClassMask& shown);
    /// The pages of a class as a list.
    void listRequested(pagescape::gui::LensClass lensClass);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void onClicked(LensClass lensClass, Qt::KeyboardModifiers modifiers);
    void showChips();
    [[nodiscard]] int chipsInRows(int lastRowWidth) const;
    [[nodiscard]] int chipsThatFit() const;
    LegendChip* addChip();

    FlowLayout* m_flow;
    std::vector<LegendChip*> m_chips;
    QAbstractButton* m_more;
    Theme m_theme = Theme::light();
    ClassMask m_isolated; // none: no isolation
    bool m_showsAll = false;
};

} // namespace pagescape::gui
