// SPDX-License-Identifier: MIT
#include "window/keys_dialog.h"

#include "window/actions.h"

#include <QDialogButtonBox>
#include <QScreen>
#include <QStyle>
#include <QTextBrowser>
#include <QTextDocument>
#include <QVBoxLayout>

#include <algorithm>
#include <memory>

namespace pagescape::gui {

namespace {

QString keysHtml(const Actions& actions) {
    QString html = QStringLiteral("<table cellpadding='3'>");
    const auto row = [&html](const QString& keys, const QString& text) {
        html += QStringLiteral("<tr><td><b>%1</b></td><td>%2</td></tr>")
                    .arg(keys.toHtmlEscaped(), text.toHtmlEscaped());
    };
    for (const QAction* action : actions.all()) {
        if (!action->shortcut().isEmpty()) {
            row(action->shortcut().toString(QKeySequence::NativeText),
                action->text().remove(QLatin1Char('&')));
        }
    }
    for (const auto& [keys, text] : Actions::viewKeys()) {
        row(keys, text);
    }
    return html + QStringLiteral("</table>");
}

} // namespace

KeysDialog::KeysDialog(const Actions& actions, QWidget* parent)
    : QDialog(parent), m_text(new QTextBrowser) {
    setWindowTitle(tr("Keyboard map"));
    m_text->setHtml(keysHtml(actions));
    m_text->setAccessibleName(windowTitle());
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_text);
    column->addWidget(buttons);
}

QSize KeysDialog::sizeHint() const {
    // As wide as the longest line needs, and never higher than the screen.
    const int bar = style()->pixelMetric(QStyle::PM_ScrollBarExtent);
    const std::unique_ptr<QTextDocument> whole(m_text->document()->clone()); // not laid out yet
    whole->setTextWidth(-1);
    const QSize needed = whole->size().toSize() + QSize(4 * bar, 6 * bar);
    const QSize room = screen()->availableSize() * 9 / 10;
    return QSize(std::max(520, needed.width()), needed.height()).boundedTo(room);
}

} // namespace pagescape::gui
