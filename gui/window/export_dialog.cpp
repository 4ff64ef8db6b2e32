// SPDX-License-Identifier: MIT
#include "window/export_dialog.h"

#include <QFileInfo>

namespace pagescape::gui {

namespace {

QString viewName(RenderView view) {
    switch (view) {
    case RenderView::Map: return QStringLiteral("map");
    case RenderView::Tree: return QStringLiteral("tree");
    case RenderView::Page: return QStringLiteral("page");
    case RenderView::Get: return QStringLiteral("get");
    }
    return {};
}

QString dialogTitle(RenderView view) {
    switch (view) {
    case RenderView::Map: return ExportDialog::tr("Export a picture of the page map");
    case RenderView::Tree: return ExportDialog::tr("Export a picture of the tree");
    case RenderView::Page: return ExportDialog::tr("Export a picture of the page");
    case RenderView::Get: return ExportDialog::tr("Export a picture of the traced Get");
    }
    return {};
}

// "png" of "PNG picture (*.png)".
QString suffixOf(const QString& filter) {
    const qsizetype dot = filter.lastIndexOf(u'.');
    return filter.mid(dot + 1).chopped(1);
}

} // namespace

QString proposedPictureName(const QString& file, RenderView view) {
    return QStringLiteral("%1-%2.png").arg(QFileInfo(file).completeBaseName(), viewName(view));
}

ExportDialog::ExportDialog(const QString& file, RenderView view, bool hasAnimation, QWidget* parent)
    : QFileDialog(parent, dialogTitle(view)) {
    setAcceptMode(AcceptSave);
    setFileMode(AnyFile);
    QStringList filters{tr("PNG picture (*.png)"), tr("SVG drawing (*.svg)"),
                        tr("PDF page (*.pdf)")};
    if (hasAnimation) {
        filters += tr("Animation of this command (*.gif)");
    }
    setNameFilters(filters);
    setDefaultSuffix(suffixOf(filters.front()));
    connect(this, &QFileDialog::filterSelected, this, [this](const QString& filter) {
        // The proposed ending follows the kind; another one that was typed stays.
        const QFileInfo chosen(selectedFiles().value(0));
        if (chosen.suffix() == defaultSuffix()) {
            selectFile(chosen.completeBaseName() + u'.' + suffixOf(filter));
        }
        setDefaultSuffix(suffixOf(filter));
    });
    selectFile(proposedPictureName(file, view));
}

QString ExportDialog::output() const {
    return result() == Accepted ? selectedFiles().value(0) : QString();
}

} // namespace pagescape::gui
