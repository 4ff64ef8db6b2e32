// SPDX-License-Identifier: MIT
// InspectorPanel: what is this page? Byte canvas, field tree, hex and decoded value, linked both
// ways.
#pragma once

#include "models/page_field_model.h"
#include "models/session_values.h"
#include "pagescape/census.h"
#include "pagescape/value_format.h"
#include "paint/theme.h"
#include "state/selection_hub.h"
#include "state/view_settings.h"

#include <QWidget>

#include <functional>

QT_BEGIN_NAMESPACE
class QLabel;
class QSplitter;
class QTreeView;
QT_END_NAMESPACE

namespace pagescape::gui {

class ByteCanvasView;
class FieldTree;
class HexView;
class PastNote;
class ValuePanel;

/// The inspector of one page run. It gets pages through setPage and asks for others by signals.
class InspectorPanel : public QWidget {
    Q_OBJECT
public:
    explicit InspectorPanel(SelectionHub* hub, QWidget* parent = nullptr);

    /// Shows a page with its census row and the title of its owner bucket. A page that is not in
    /// use is shown without problems.
    void setPage(const PageSnapshot& read, const PageRow& row, const QString& bucketTitle);
    /// Shows why a page cannot be shown.
    void setError(PageId page, const QString& error);
    void clear();
    void setTheme(const Theme& theme);
    /// Which moment it shows, where that could be mistaken.
    [[nodiscard]] PastNote* pastNote() const { return m_past; }
    /// The element that the present step of a Get compares; -1 for none.
    void setLitElement(int element);
    [[nodiscard]] const PageSnapshot& page() const { return m_model.page(); }

    /// Which format keys and values of the shown page's bucket have.
    using FormatLookup = std::function<ValueFormat(ViewSettings::FormatUse use)>;
    void setFormats(FormatLookup formats);

    [[nodiscard]] ByteCanvasView* canvas() const { return m_canvas; }
    [[nodiscard]] HexView* hexView() const { return m_hex; }
    [[nodiscard]] QTreeView* fieldTree() const;
    [[nodiscard]] ValuePanel* valuePanel() const { return m_value; }
    [[nodiscard]] QString title() const;

Q_SIGNALS:
    void followRequested(pagescape::PageId page);
    void formatChosen(pagescape::gui::ViewSettings::FormatUse use, pagescape::ValueFormat format);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refreshFormats();
    void showSelection();
    void showValue(int field);
    void onCurrentField(const QModelIndex& index);
    [[nodiscard]] QString describe(const PageDescription& page, const PageRow& row,
                                   const QString& bucketTitle) const;

    SelectionHub* m_hub;
    PageFieldModel m_model;
    FormatLookup m_formats;
    ViewSettings::FormatUse m_use = ViewSettings::FormatUse::Values;
    bool m_isShowing = false; // the selection came from outside: do not send it back
    PastNote* m_past;
    QLabel* m_title;
    QLabel* m_problem;
    ByteCanvasView* m_canvas;
    FieldTree* m_fields;
    HexView* m_hex;
    ValuePanel* m_value;
};

} // namespace pagescape::gui
