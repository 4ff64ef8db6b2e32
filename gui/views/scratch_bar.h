// SPDX-License-Identifier: MIT
// ScratchBar: the editor of a sandbox: a bucket, a key, a value, and what to do with them. It only
// makes commands; who runs them and what becomes of them is decided elsewhere.
#pragma once

#include "stage/sandbox_command.h"

#include <QStringList>
#include <QWidget>

#include <vector>

QT_BEGIN_NAMESPACE
class QAction;
class QBoxLayout;
class QComboBox;
class QLineEdit;
class QHBoxLayout;
class QToolButton;
QT_END_NAMESPACE

namespace pagescape::gui {

/// A row for the pair and one for the transaction, side by side where there is room; the rarer
/// commands are in a menu.
class ScratchBar final : public QWidget {
    Q_OBJECT
public:
    /// What the buttons depend on.
    struct Situation {
        bool isOpen = false; ///< there is a sandbox
        bool isBusy = false; ///< a command runs: only Stop acts
        bool hasTransaction = false;
        bool isSynced = true;
        bool canUndo = false;
        bool canRedo = false;
        friend bool operator==(const Situation&, const Situation&) = default;
    };

    explicit ScratchBar(QWidget* parent = nullptr);

    void setSituation(const Situation& situation);
    /// The buckets to choose from, see bucketPathTexts(); what is typed stays. An empty field gets
    /// `suggestion`, or the first bucket where there is none.
    void setBuckets(const QStringList& paths, const QString& suggestion = {});
    /// Fills bucket and key in: something was selected.
    void setPlace(const std::vector<QByteArray>& path, const QByteArray& key);
    /// Empties bucket, key and value: what was typed was about another database.
    void clear();
    [[nodiscard]] std::vector<QByteArray> bucket() const;
    /// Adds a control of the owner's at the right end of the second row.
    void addAtEnd(QWidget* widget);
    /// That of the two rows below one another.
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void commandRequested(const pagescape::gui::SandboxCommand& command);
    void generatorRequested();
    void listRequested();
    void undoRequested();
    void redoRequested();
    void stopRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QToolButton* addButton(QHBoxLayout* row, const QString& name, const QString& text,
                           const QString& tip);
    void addMenu();
    void request(SandboxCommand::Kind kind);
    void refresh();

    Situation m_situation;
    QBoxLayout* m_rows; ///< one below the other, or one beside the other
    QHBoxLayout* m_first;
    QHBoxLayout* m_second;
    QComboBox* m_bucket;
    QLineEdit* m_key;
    QLineEdit* m_value;
    QToolButton* m_put;
    QToolButton* m_get;
    QToolButton* m_delete;
    QToolButton* m_commit;
    QToolButton* m_rollback;
    QToolButton* m_undo;
    QToolButton* m_redo;
    QToolButton* m_stop;
    QToolButton* m_more;
    QAction* m_syncs = nullptr;
};

} // namespace pagescape::gui
