// SPDX-License-Identifier: MIT
// StartPage: open, sample, recent files, and the sentence about a file that could not be opened.
#pragma once

#include <QStringList>
#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QListWidget;
class QPushButton;
QT_END_NAMESPACE

namespace pagescape::gui {

/// What the window shows while no file is open.
class StartPage : public QWidget {
    Q_OBJECT
public:
    explicit StartPage(QWidget* parent = nullptr);

    void setRecentFiles(const QStringList& files);
    /// The samples offered; a button each. Paths that do not exist are left out.
    void setSamples(const QStringList& files);
    /// One sentence, the evidence, what can still be done; `canOpenRaw` offers the raw pages.
    void showError(const QString& path, const QString& error, const QString& evidence,
                   const QString& advice, bool canOpenRaw);
    void clearError();
    [[nodiscard]] QString errorText() const;
    /// Says what was left and offers to open or delete it; `more` further ones wait behind it.
    void offerLeftSandbox(const QString& text, int more);
    void clearLeftSandbox();

Q_SIGNALS:
    void openRequested();
    void fileRequested(const QString& path);
    void rawRequested();
    void leftOpened();
    void leftDeleted();
    void themeToggled();

private:
    QLabel* m_error;
    QPushButton* m_raw;
    QListWidget* m_recent;
    QLabel* m_recentTitle;
    QWidget* m_samples;
    QWidget* m_left;
    QLabel* m_leftText;
};

} // namespace pagescape::gui
