// SPDX-License-Identifier: MIT
#include "views/inspector_panel.h"

#include "views/byte_canvas_view.h"
#include "views/field_place.h"
#include "views/field_tree.h"
#include "views/hex_view.h"
#include "views/past_note.h"
#include "views/value_panel.h"

#include <QEvent>
#include <QLabel>
#include <QScopedValueRollback>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace pagescape::gui {

namespace {

QString lifeText(PageLife life) {
    switch (life) {
    case PageLife::Live: return InspectorPanel::tr("live");
    case PageLife::ActiveMeta: return InspectorPanel::tr("the meta in force");
    case PageLife::StaleMeta: return InspectorPanel::tr("the other meta");
    case PageLife::Previous: return InspectorPanel::tr("free, but the other meta still reaches it");
    case PageLife::Free: return InspectorPanel::tr("free: these are old bytes");
    case PageLife::Leaked: return InspectorPanel::tr("leaked: neither reachable nor free");
    case PageLife::Tail: return InspectorPanel::tr("never used: beyond the high-water mark");
    }
    return {};
}

QString typeText(const PageDescription& page, const PageRow& row) {
    if (row.kind == PageKind::Overflow) {
        return InspectorPanel::tr("overflow");
    }
    switch (page.type) {
    case PageType::Branch: return InspectorPanel::tr("branch");
    case PageType::Leaf: return InspectorPanel::tr("leaf");
    case PageType::Meta: return InspectorPanel::tr("meta");
    case PageType::Freelist: return InspectorPanel::tr("freelist");
    case PageType::Unknown: break;
    }
    return InspectorPanel::tr("no known type");
}

// What lies on a page that nothing uses is no damage, whatever it looks like.
PageSnapshot withoutProblems(const PageSnapshot& page) {
    auto quiet = std::make_shared<InspectedPage>(*page);
    quiet->description.problems.clear();
    for (Field& field : quiet->description.fields) {
        field.problem.clear();
    }
    return quiet;
}

} // namespace

InspectorPanel::InspectorPanel(SelectionHub* hub, QWidget* parent)
    : QWidget(parent), m_hub(hub), m_past(new PastNote), m_title(new QLabel), m_problem(new QLabel),
      m_canvas(new ByteCanvasView(hub)), m_fields(new FieldTree), m_hex(new HexView(hub)),
      m_value(new ValuePanel) {
    m_title->setWordWrap(true);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_problem->setWordWrap(true);
    m_problem->hide();

    m_fields->setModel(&m_model);

    auto* tabs = new QTabWidget;
    tabs->setDocumentMode(true);
    tabs->addTab(m_fields, tr("Fields"));
    tabs->addTab(m_hex, tr("Hex"));

    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(m_canvas);
    splitter->addWidget(tabs);
    splitter->addWidget(m_value);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 4);
    splitter->setStretchFactor(2, 2);
    splitter->setChildrenCollapsible(false);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 4, 6, 4);
    column->addWidget(m_past);
    column->addWidget(m_title);
    column->addWidget(m_problem);
    column->addWidget(splitter, 1);

    connect(m_canvas, &PageBytesView::followRequested, this, &InspectorPanel::followRequested);
    connect(m_hex, &PageBytesView::followRequested, this, &InspectorPanel::followRequested);
    connect(m_fields->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) { onCurrentField(index); });
    connect(m_fields, &QTreeView::entered, this, [this](const QModelIndex& index) {
        m_hub->setHover(index.data(PlaceRole).value<Place>());
    });
    connect(m_fields, &QTreeView::activated, this, [this](const QModelIndex& index) {
        const QVariant pointer = index.data(PointerRole);
        if (pointer.isValid()) {
            Q_EMIT followRequested(PageId{pointer.toULongLong()});
        }
    });
    connect(m_value, &ValuePanel::formatChosen, this,
            [this](ValueFormat format) { Q_EMIT formatChosen(m_use, format); });
    connect(hub, &SelectionHub::selectionChanged, this, &InspectorPanel::showSelection);
    m_fields->viewport()->installEventFilter(this);
    clear();
}

bool InspectorPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_fields->viewport() && event->type() == QEvent::Leave) {
        m_hub->setHover({}); // the list tells which field is entered, but not when it is left
    }
    return QWidget::eventFilter(watched, event);
}

void InspectorPanel::setPage(const PageSnapshot& read, const PageRow& row,
                             const QString& bucketTitle) {
    const bool isUnused = row.life == PageLife::Free || row.life == PageLife::Tail;
    const PageSnapshot page = isUnused ? withoutProblems(read) : read;
    {
        const QScopedValueRollback guard(m_isShowing, true);
        m_model.setPage(page);
    }
    m_canvas->setPage(page);
    m_hex->setPage(page);
    m_title->setText(describe(page->description, row, bucketTitle));
    QStringList problems;
    for (const std::string& problem : page->description.problems) {
        problems += QString::fromStdString(problem);
    }
    const qsizetype ofPage = problems.size();
    for (const Field& field : page->description.fields) {
        if (!field.problem.empty()) {
            problems += tr("%1: %2").arg(fieldTitle(field), QString::fromStdString(field.problem));
        }
    }
    m_problem->setText(problems.mid(0, 3).join(QLatin1Char('\n')));
    m_problem->setVisible(!problems.isEmpty());
    m_fields->expandToDepth(0);
    m_fields->setHasProblems(problems.size() > ofPage);
    refreshFormats();
}

void InspectorPanel::setError(PageId page, const QString& error) {
    clear();
    m_title->setText(tr("<b>Page %1</b> cannot be shown.").arg(page.value));
    m_problem->setText(error);
    m_problem->show();
}

void InspectorPanel::clear() {
    const QScopedValueRollback guard(m_isShowing, true);
    m_model.setPage({});
    m_canvas->setPage({});
    m_hex->setPage({});
    m_value->setValue({}, {}, ValueFormat::Auto);
    m_title->setText(tr("Click a page in the map to see its bytes."));
    m_problem->hide();
}

QString InspectorPanel::describe(const PageDescription& page, const PageRow& row,
                                 const QString& bucketTitle) const {
    QStringList parts;
    parts += QStringLiteral("<b>") + tr("Page %1").arg(page.id.value) + QStringLiteral("</b>");
    parts += typeText(page, row);
    if (!bucketTitle.isEmpty()) {
        parts += tr("bucket %1").arg(bucketTitle.toHtmlEscaped());
    }
    if (page.type == PageType::Branch || page.type == PageType::Leaf) {
        parts += tr("%n element(s)", nullptr, page.count);
        const quint64 size = (quint64(page.overflow) + 1) * page.pageSize;
        if (size > 0) {
            parts += tr("%1 % full").arg(page.usedBytes * 100 / size);
        }
    }
    if (page.overflow > 0) {
        parts += tr("%n overflow page(s)", nullptr, int(page.overflow));
    }
    parts += lifeText(row.life);
    return parts.join(tr(" · "));
}

void InspectorPanel::setTheme(const Theme& theme) {
    m_past->setTheme(theme);
    m_canvas->setTheme(theme);
    m_hex->setTheme(theme);
    QPalette palette = m_problem->palette();
    palette.setColor(QPalette::WindowText, theme.color(Theme::Role::ProblemText));
    m_problem->setPalette(palette);
}

void InspectorPanel::setLitElement(int element) {
    m_canvas->setLitElement(element);
}

void InspectorPanel::setFormats(FormatLookup formats) {
    m_formats = std::move(formats);
    refreshFormats();
}

void InspectorPanel::refreshFormats() {
    m_canvas->setKeyFormat(m_formats ? m_formats(ViewSettings::FormatUse::Keys)
                                     : ValueFormat::Auto);
    showSelection();
}

void InspectorPanel::onCurrentField(const QModelIndex& index) {
    if (m_isShowing || !index.isValid()) {
        return;
    }
    m_hub->select(index.siblingAtColumn(0).data(PlaceRole).value<Place>());
}

void InspectorPanel::showSelection() {
    if (!page()) {
        return;
    }
    const int field = fieldOfPlace(page()->description, m_hub->selection());
    const QScopedValueRollback guard(m_isShowing, true);
    if (field < 0) {
        m_fields->setCurrentIndex({});
    } else {
        const QModelIndex index = m_model.indexOfField(field);
        if (m_fields->currentIndex().siblingAtColumn(0) != index) {
            m_fields->setCurrentIndex(index);
        }
        m_fields->scrollTo(index);
    }
    showValue(field);
}

void InspectorPanel::showValue(int field) {
    const PageDescription& description = page()->description;
    int target = field;
    if (field >= 0) {
        const Field& chosen = description.fields[std::size_t(field)];
        if (chosen.kind != FieldKind::Key && chosen.kind != FieldKind::Value) {
            const int element = elementOfField(description, field);
            target = element < 0 ? -1 : description.find(FieldKind::Value, element);
            if (target < 0 && element >= 0) {
                target = description.find(FieldKind::Key, element);
            }
        }
    }
    if (target < 0) {
        m_value->setValue({}, {}, ValueFormat::Auto);
        return;
    }
    const Field& shown = description.fields[std::size_t(target)];
    const bool isKey = shown.kind == FieldKind::Key;
    m_use = isKey ? ViewSettings::FormatUse::Keys : ViewSettings::FormatUse::Values;
    const QByteArray bytes(
        static_cast<const char*>(static_cast<const void*>(page()->bytes.data())) +
            shown.range.begin,
        qsizetype(std::min<quint64>(shown.range.size(), 1U << 20U)));
    m_value->setValue((isKey ? tr("Key of element %1, %2 B") : tr("Value of element %1, %2 B"))
                          .arg(shown.element)
                          .arg(shown.range.size()),
                      bytes, m_formats ? m_formats(m_use) : ValueFormat::Auto);
}

QTreeView* InspectorPanel::fieldTree() const {
    return m_fields;
}

QString InspectorPanel::title() const {
    return m_title->text();
}

} // namespace pagescape::gui
