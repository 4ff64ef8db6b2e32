// SPDX-License-Identifier: MIT
// FlowLayout: items from left to right in as many rows as the width asks for.
#pragma once

#include <QLayout>

#include <memory>
#include <vector>

namespace pagescape::gui {

/// Lays out chips like words of a paragraph; follows the layout direction.
class FlowLayout final : public QLayout {
    Q_OBJECT
public:
    explicit FlowLayout(QWidget* parent = nullptr, int spacing = 4);
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override;
    [[nodiscard]] int count() const override { return static_cast<int>(m_items.size()); }
    [[nodiscard]] QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    [[nodiscard]] Qt::Orientations expandingDirections() const override { return {}; }
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override { return minimumSize(); }
    /// The largest item.
    [[nodiscard]] QSize minimumSize() const override;
    void setGeometry(const QRect& rect) override;

private:
    int arrange(const QRect& rect, bool isTest) const;

    std::vector<std::unique_ptr<QLayoutItem>> m_items;
};

} // namespace pagescape::gui
