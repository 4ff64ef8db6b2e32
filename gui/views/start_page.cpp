// SPDX-License-Identifier: MIT
#include "views/start_page.h"

#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace pagescape::gui {

StartPage::StartPage(QWidget* parent)
    : QWidget(parent), m_error(new QLabel), m_raw(new QPushButton(tr("Look at the raw pages"))),
      m_recent(new QListWidget), m_recentTitle(new QLabel(tr("Recent files"))),
      m_samples(new QWidget), m_left(new QWidget), m_leftText(new QLabel) {
    auto* title =
        new QLabel(tr("<h1>Pagescape</h1><p>See how a memory-mapped B+tree database works: "
                      "open a bolt or bbolt file (etcd, containerd, podman, Consul …), walk "
                      "its pages and step through a lookup. Looking never writes.</p>"));
    title->setWordWrap(true);
    auto* open = new QPushButton(tr("&Open a file…"));
    open->setDefault(true);
    auto* theme = new QPushButton(tr("Light or dark"));
    auto* drop = new QLabel(tr("… or drop a file anywhere on this window."));
    auto* samples = new QHBoxLayout(m_samples);
    samples->setContentsMargins(0, 0, 0, 0);
    m_error->setWordWrap(true);
    m_error->setTextFormat(Qt::RichText);
    m_error->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_error->setFrameShape(QFrame::StyledPanel);
    m_error->setMargin(10);
    m_recent->setAccessibleName(tr("Recent files"));
    m_recent->setMinimumHeight(80);

    auto* buttons = new QHBoxLayout;
    buttons->addWidget(open);
    buttons->addWidget(m_samples);
    buttons->addStretch(1);
    buttons->addWidget(theme);
    auto* rawRow = new QHBoxLayout;
    rawRow->addWidget(m_raw);
    rawRow->addStretch(1);
    auto* openLeft = new QPushButton(tr("Open &it"));
    openLeft->setObjectName(QStringLiteral("openLeft"));
    auto* deleteLeft = new QPushButton(tr("&Delete it"));
    deleteLeft->setObjectName(QStringLiteral("deleteLeft"));
    m_leftText->setWordWrap(true);
    auto* leftRow = new QHBoxLayout(m_left);
    leftRow->setContentsMargins(0, 0, 0, 0);
    leftRow->addWidget(m_leftText, 1);
    leftRow->addWidget(openLeft);
    leftRow->addWidget(deleteLeft);
    auto* column = new QVBoxLayout;
    column->addStretch(1);
    column->addWidget(title);
    column->addSpacing(8);
    column->addWidget(m_error);
    column->addLayout(rawRow);
    column->addWidget(m_left);
    column->addLayout(buttons);
    column->addWidget(drop);
    column->addSpacing(12);
    column->addWidget(m_recentTitle);
    column->addWidget(m_recent, 2);
    column->addStretch(1);
    auto* centred = new QHBoxLayout(this);
    auto* page = new QWidget;
    page->setLayout(column);
    page->setMaximumWidth(760);
    centred->addStretch(1);
    centred->addWidget(page, 6);
    centred->addStretch(1);

    connect(open, &QPushButton::clicked, this, &StartPage::openRequested);
    connect(openLeft, &QPushButton::clicked, this, &StartPage::leftOpened);
    connect(deleteLeft, &QPushButton::clicked, this, &StartPage::leftDeleted);
    connect(theme, &QPushButton::clicked, this, &StartPage::themeToggled);
    connect(m_raw, &QPushButton::clicked, this, &StartPage::rawRequested);
    connect(m_recent, &QListWidget::itemActivated, this, [this](const QListWidgetItem* item) {
        Q_EMIT fileRequested(item->data(Qt::UserRole).toString());
    });
    connect(m_recent, &QListWidget::itemClicked, this, [this](const QListWidgetItem* item) {
        Q_EMIT fileRequested(item->data(Qt::UserRole).toString());
    });
    clearError();
    clearLeftSandbox();
    setRecentFiles({});
}

void StartPage::setRecentFiles(const QStringList& files) {
    m_recent->clear();
    for (const QString& path : files) {
        const QFileInfo info(path);
        auto* item = new QListWidgetItem(
            tr("%1   —   %2").arg(info.fileName(), QDir::toNativeSeparators(info.absolutePath())));
        item->setData(Qt::UserRole, path);
        item->setToolTip(path);
        m_recent->addItem(item);
    }
    m_recent->setVisible(!files.isEmpty());
    m_recentTitle->setVisible(!files.isEmpty());
}

void StartPage::setSamples(const QStringList& files) {
    qDeleteAll(m_samples->findChildren<QPushButton*>());
    for (const QString& path : files) {
        if (!QFileInfo::exists(path)) {
            continue;
        }
        auto* button = new QPushButton(tr("Sample: %1").arg(QFileInfo(path).completeBaseName()));
        button->setToolTip(path);
        connect(button, &QPushButton::clicked, this, [this, path] { Q_EMIT fileRequested(path); });
        m_samples->layout()->addWidget(button);
    }
}

void StartPage::showError(const QString& path, const QString& error, const QString& evidence,
                          const QString& advice, bool canOpenRaw) {
    QString html = tr("<b>%1 was not opened.</b><br>%2")
                       .arg(QFileInfo(path).fileName().toHtmlEscaped(), error.toHtmlEscaped());
    if (!evidence.isEmpty()) {
        html += QStringLiteral("<br><br>") + evidence.toHtmlEscaped();
    }
    if (!advice.isEmpty()) {
        html += QStringLiteral("<br><br>") + advice.toHtmlEscaped();
    }
    m_error->setText(html);
    m_error->show();
    m_raw->setVisible(canOpenRaw);
}

void StartPage::clearError() {
    m_error->clear();
    m_error->hide();
    m_raw->hide();
}

void StartPage::offerLeftSandbox(const QString& text, int more) {
    m_leftText->setText(more > 0 ? text + u' ' + tr("%n more of them follow.", nullptr, more)
                                 : text);
    m_left->show();
}

void StartPage::clearLeftSandbox() {
    m_left->hide();
}

QString StartPage::errorText() const {
    return m_error->text();
}

} // namespace pagescape::gui
