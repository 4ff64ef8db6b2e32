// SPDX-License-Identifier: MIT
// ReadersPanel: who reads, which version, and what that costs. And what would become free if one of
// them ended: the engine's rule, run dry on the state that is on show.
#pragma once

#include "paint/theme.h"
#include "stage/reader_hold.h"
#include "stage/sitting.h"

#include <QPoint>
#include <QStandardItemModel>
#include <QWidget>

#include <cstdint>
#include <vector>

QT_BEGIN_NAMESPACE
class QLabel;
class QPushButton;
class QTableView;
QT_END_NAMESPACE

namespace pagescape::gui {

class HeldGauge;

/// The open readers at one moment. Choosing one lights what would become free without it.
class ReadersPanel final : public QWidget {
    Q_OBJECT
public:
    enum Column { ReaderColumn, SeesColumn, SinceColumn, PagesColumn, BytesColumn, ColumnCount };

    explicit ReadersPanel(QWidget* parent = nullptr);

    /// The reader that the window looks through; 0: none.
    void setLooked(std::uint64_t reader);
    /// The state after an event of the sitting. Cost: all pages of the file, once.
    void setState(const StageState& state, const Sitting& sitting, int event);
    /// No command can be run now: the buttons are out of use.
    void setBusy(bool isBusy);
    void setTheme(const Theme& theme);
    /// Chooses a reader of the table, 0: none. Tells previewPages(), not readerChosen().
    void chooseReader(std::uint64_t reader);

    /// Number of the chosen reader; 0: none.
    [[nodiscard]] std::uint64_t chosenReader() const { return m_chosen; }
    [[nodiscard]] const HoldReport& report() const { return m_report; }
    /// Pages that the next Begin would free without the chosen reader; empty without one.
    [[nodiscard]] const std::vector<PageId>& preview() const { return m_preview; }
    [[nodiscard]] QString ruleText() const;
    [[nodiscard]] QString whatIfText() const;
    /// What came of the newest end of a reader; empty when it is long ago.
    [[nodiscard]] QString endText() const;
    [[nodiscard]] QTableView* table() const { return m_table; }
    [[nodiscard]] HeldGauge* gauge() const { return m_gauge; }
    [[nodiscard]] QPushButton* openButton() const { return m_openButton; }
    [[nodiscard]] QPushButton* closeButton() const { return m_closeButton; }
    [[nodiscard]] QPushButton* lookButton() const { return m_lookButton; }

Q_SIGNALS:
    void openRequested();
    void closeRequested(std::uint64_t reader);
    /// The whole window is to show what a reader sees, or the newest version again (0).
    void lookRequested(std::uint64_t reader);
    /// The user chose a reader, or none (0).
    void readerChosen(std::uint64_t reader);
    /// Pages to be lit: they would become free if the chosen reader ended. Empty: none is chosen.
    void previewPages(const std::vector<pagescape::PageId>& pages);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildTable();
    void connectWidgets();
    void showMenu(QPoint where);
    void askToLook();
    void fillTable(const Sitting& sitting, int event);
    void selectChosen();
    void showPreview();
    void showButtons();
    void onCurrentRow(int row);
    [[nodiscard]] QIcon iconOf(std::uint64_t reader) const;
    [[nodiscard]] QString seenText(const ReaderHold& hold) const;
    [[nodiscard]] bool isStillOpen(std::uint64_t reader) const;
    [[nodiscard]] QString sentenceOf(std::uint64_t reader, std::size_t anyway) const;

    Theme m_theme = Theme::light();
    StageState m_state;
    HoldReport m_report;
    std::vector<bool> m_isStillOpen; // by row: at the newest event, so that it can be closed
    std::uint64_t m_chosen = 0;
    std::uint64_t m_looked = 0;
    std::vector<PageId> m_preview;
    bool m_isBusy = false;
    bool m_isFilling = false;
    QStandardItemModel m_model;
    QLabel* m_rule;
    QTableView* m_table;
    HeldGauge* m_gauge;
    QLabel* m_gaugeText;
    QLabel* m_whatIf;
    QLabel* m_end;
    QPushButton* m_openButton;
    QPushButton* m_closeButton;
    QPushButton* m_lookButton;
};

} // namespace pagescape::gui
