// SPDX-License-Identifier: MIT
// FieldTree: the fields of a page. Its columns follow the width: what is read most stays readable.
#pragma once

#include <QTreeView>

namespace pagescape::gui {

class FieldTree final : public QTreeView {
    Q_OBJECT
public:
    explicit FieldTree(QWidget* parent = nullptr);
    void setModel(QAbstractItemModel* model) override;
    /// Whether some field has a problem to show. Its text takes the room of the figures then.
    void setHasProblems(bool hasProblems);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void fitColumns();

    bool m_hasProblems = false;
};

} // namespace pagescape::gui
