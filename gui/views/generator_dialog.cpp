// SPDX-License-Identifier: MIT
#include "views/generator_dialog.h"

#include "units/units.h"
#include "views/key_entry.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace pagescape::gui {

GeneratorDialog::GeneratorDialog(const std::vector<QByteArray>& bucket, QWidget* parent)
    : QDialog(parent), m_bucket(new QLineEdit(bucketPathText(bucket))), m_order(new QComboBox) {
    setWindowTitle(tr("Generate keys"));
    using Order = GeneratorSpec::Order;
    m_order->setObjectName(QStringLiteral("order"));
    m_order->addItem(tr("Ascending"), int(Order::Sequential));
    m_order->addItem(tr("Descending"), int(Order::Reverse));
    m_order->addItem(tr("Random"), int(Order::Random));
    m_order->addItem(tr("Zipf: a few favourites"), int(Order::Zipf));
    m_bucket->setObjectName(QStringLiteral("bucket"));
    m_bucket->setPlaceholderText(tr("bucket; it is made where it is missing"));

    const GeneratorSpec usual;
    auto* form = new QFormLayout;
    form->addRow(tr("&Bucket"), m_bucket);
    form->addRow(tr("&Order"), m_order);
    m_count =
        addNumber(form, QStringLiteral("count"), tr("&Keys"), 1, 100'000'000, int(usual.count));
    m_first = addNumber(form, QStringLiteral("first"), tr("&First number"), 0, 1'000'000'000, 0);
    m_keySize = addNumber(form, QStringLiteral("keySize"), tr("Bytes of a k&ey"),
                          kSmallestGeneratedKey, 1024, usual.keySize);
    m_valueSize = addNumber(form, QStringLiteral("valueSize"), tr("Bytes of a &value"), 0,
                            1'000'000, usual.valueSize);
    m_perTx = addNumber(form, QStringLiteral("perTx"), tr("Keys in one &commit"), 1, 1'000'000,
                        int(usual.perTx));
    m_perSecond =
        addNumber(form, QStringLiteral("perSecond"), tr("Keys a &second"), 0, 10'000'000, 0);
    m_perSecond->setSpecialValueText(tr("as fast as it goes"));
    m_seed = addNumber(form, QStringLiteral("seed"), tr("Seed of the &random order"), 0,
                       1'000'000'000, int(usual.seed));

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_run = buttons->addButton(tr("&Generate"), QDialogButtonBox::AcceptRole);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addLayout(form);
    column->addWidget(buttons);
    connect(m_bucket, &QLineEdit::textChanged, this, &GeneratorDialog::refresh);
    connect(m_order, &QComboBox::currentIndexChanged, this, &GeneratorDialog::refresh);
    refresh();
}

QSpinBox* GeneratorDialog::addNumber(QFormLayout* form, const QString& name, const QString& label,
                                     int least, int most, int value) {
    auto* box = new QSpinBox;
    box->setObjectName(name);
    box->setRange(least, most);
    box->setValue(value);
    box->setGroupSeparatorShown(true);
    box->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    form->addRow(label, box);
    return box;
}

void GeneratorDialog::refresh() {
    const auto order = GeneratorSpec::Order(m_order->currentData().toInt());
    m_seed->setEnabled(order == GeneratorSpec::Order::Random ||
                       order == GeneratorSpec::Order::Zipf);
    m_run->setEnabled(!m_bucket->text().trimmed().isEmpty());
}

SandboxCommand GeneratorDialog::command() const {
    SandboxCommand command;
    command.kind = SandboxCommand::Kind::Generate;
    command.path = bucketPathFromText(m_bucket->text());
    GeneratorSpec& spec = command.generator;
    spec.order = GeneratorSpec::Order(m_order->currentData().toInt());
    spec.count = quint64(m_count->value());
    spec.first = quint64(m_first->value());
    spec.keySize = m_keySize->value();
    spec.valueSize = m_valueSize->value();
    spec.perTx = quint64(m_perTx->value());
    spec.perSecond = quint64(m_perSecond->value());
    spec.seed = quint64(m_seed->value());
    return command;
}

ListDialog::ListDialog(const std::vector<QByteArray>& bucket, QWidget* parent)
    : QDialog(parent), m_bucket(new QLineEdit(bucketPathText(bucket))), m_text(new QPlainTextEdit),
      m_understood(new QLabel) {
    setWindowTitle(tr("Put a list of pairs"));
    m_bucket->setObjectName(QStringLiteral("bucket"));
    m_bucket->setPlaceholderText(tr("bucket; it is made where it is missing"));
    m_text->setObjectName(QStringLiteral("list"));
    m_text->setPlaceholderText(
        tr("One pair a line: key, then a tab, \"=\" or \",\", then the value"));
    auto* form = new QFormLayout;
    form->addRow(tr("&Bucket"), m_bucket);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_run = buttons->addButton(tr("&Put"), QDialogButtonBox::AcceptRole);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addLayout(form);
    column->addWidget(m_text, 1);
    column->addWidget(m_understood);
    column->addWidget(buttons);
    connect(m_text, &QPlainTextEdit::textChanged, this, &ListDialog::refresh);
    connect(m_bucket, &QLineEdit::textChanged, this, &ListDialog::refresh);
    refresh();
}

void ListDialog::refresh() {
    const std::size_t pairs = pairsFromText(m_text->toPlainText()).size();
    m_understood->setText(pairs == 1 ? tr("1 pair") : tr("%1 pairs").arg(countText(pairs)));
    m_run->setEnabled(pairs > 0 && !m_bucket->text().trimmed().isEmpty());
}

SandboxCommand ListDialog::command() const {
    SandboxCommand command;
    command.kind = SandboxCommand::Kind::PutList;
    command.path = bucketPathFromText(m_bucket->text());
    command.pairs = pairsFromText(m_text->toPlainText());
    return command;
}

} // namespace pagescape::gui
