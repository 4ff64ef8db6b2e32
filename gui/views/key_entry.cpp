// SPDX-License-Identifier: MIT
#include "views/key_entry.h"

#include "models/byte_text.h"
#include "pagescape/value_format.h"
#include "views/format_box.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <array>

namespace pagescape::gui {

namespace {

constexpr std::array kKeyFormats{ValueFormat::Text,       ValueFormat::Escaped,
                                 ValueFormat::Hex,        ValueFormat::UintBig,
                                 ValueFormat::UintLittle, ValueFormat::EtcdRevision};
constexpr std::size_t kListedBuckets = 2000;

// A name as typed text: as it is when it is plain text, else escaped.
QString nameText(const QByteArray& name) {
    const auto text = formatValue(toBytes(name), ValueFormat::Auto);
    QString out = text && text->used == ValueFormat::Text
                      ? QString::fromUtf8(name)
                      : QStringLiteral("0x") + QString::fromLatin1(name.toHex());
    return out.replace(QLatin1String("/"), QLatin1String("\\/"));
}

QByteArray nameFromText(const QString& text) {
    if (text.startsWith(QLatin1String("0x"))) {
        return QByteArray::fromHex(text.mid(2).toLatin1());
    }
    return text.toUtf8();
}

} // namespace

QString bucketPathText(const std::vector<QByteArray>& path) {
    QStringList names;
    for (const QByteArray& name : path) {
        names += nameText(name);
    }
    return names.join(QLatin1String(" / "));
}

std::vector<QByteArray> bucketPathFromText(const QString& text) {
    std::vector<QByteArray> path;
    QString name;
    const auto push = [&] {
        if (!name.trimmed().isEmpty()) {
            path.push_back(nameFromText(name.trimmed()));
        }
        name.clear();
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == QLatin1Char('\\') && i + 1 < text.size() &&
            text[i + 1] == QLatin1Char('/')) {
            name += text[++i];
        } else if (text[i] == QLatin1Char('/')) {
            push();
        } else {
            name += text[i];
        }
    }
    push();
    return path;
}

KeyEntry::KeyEntry(QWidget* parent)
    : QWidget(parent), m_bucket(new QComboBox), m_key(new QLineEdit), m_format(new QComboBox),
      m_error(new QLabel) {
    m_bucket->setEditable(true);
    m_bucket->setInsertPolicy(QComboBox::NoInsert);
    m_bucket->setMinimumContentsLength(8);
    m_bucket->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_bucket->setAccessibleName(tr("Bucket"));
    m_bucket->lineEdit()->setPlaceholderText(tr("bucket / nested bucket"));
    m_key->setAccessibleName(tr("Key"));
    m_key->setPlaceholderText(tr("key to look up"));
    m_key->setMinimumWidth(70);
    m_format->setAccessibleName(tr("How the key is typed"));
    for (const ValueFormat format : kKeyFormats) {
        m_format->addItem(valueFormatTitle(format), int(format));
    }
    m_format->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_error->setWordWrap(true);
    m_error->hide();
    auto* trace = new QPushButton(tr("Trace Get"));
    trace->setToolTip(tr("Look the key up with the engine and step through what it did (G)"));
    auto* missing = new QToolButton;
    missing->setText(tr("Missing key"));
    missing->setToolTip(tr("Try a neighbour of this key that is not there"));

    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_bucket, 2);
    row->addWidget(m_key, 2);
    row->addWidget(m_format);
    row->addWidget(trace);
    row->addWidget(missing);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(row);
    column->addWidget(m_error);

    connect(trace, &QPushButton::clicked, this, &KeyEntry::submit);
    connect(m_key, &QLineEdit::returnPressed, this, &KeyEntry::submit);
    connect(missing, &QToolButton::clicked, this, &KeyEntry::suggestMissing);
}

QStringList bucketPathTexts(const Census& census) {
    QStringList texts;
    const std::size_t count = std::min(census.bucketCount(), kListedBuckets);
    for (std::size_t i = 1; i < count; ++i) {
        std::vector<QByteArray> path;
        for (const std::string& name : census.bucketPath(BucketIndex(i))) {
            path.push_back(QByteArray::fromStdString(name));
        }
        texts += bucketPathText(path);
    }
    return texts;
}

void KeyEntry::setBuckets(const Census& census) {
    const QString typed = m_bucket->currentText();
    m_bucket->clear();
    m_bucket->addItems(bucketPathTexts(census));
    m_bucket->setEditText(typed);
}

void KeyEntry::setBucket(const std::vector<QByteArray>& path) {
    m_bucket->setEditText(bucketPathText(path));
}

void KeyEntry::setKey(const std::vector<QByteArray>& path, const QByteArray& key) {
    setBucket(path);
    const auto text = formatValue(toBytes(key), ValueFormat::Auto);
    const bool isText = text && text->used == ValueFormat::Text;
    m_format->setCurrentIndex(
        m_format->findData(int(isText ? ValueFormat::Text : ValueFormat::Hex)));
    m_key->setText(isText ? QString::fromUtf8(key) : QString::fromLatin1(key.toHex()));
    m_error->hide();
}

void KeyEntry::activate() {
    const bool hasBucket = !m_bucket->currentText().trimmed().isEmpty();
    QLineEdit* edit = hasBucket ? m_key : m_bucket->lineEdit();
    edit->setFocus(Qt::ShortcutFocusReason);
    edit->selectAll();
}

void KeyEntry::submit() {
    const auto format = static_cast<ValueFormat>(m_format->currentData().toInt());
    const auto key = parseKey(m_key->text().toStdString(), format);
    const std::vector<QByteArray> path = bucketPathFromText(m_bucket->currentText());
    m_error->setVisible(!key || path.empty());
    if (path.empty()) { // the root bucket holds buckets only
        m_error->setText(tr("Choose a bucket first: a Get looks in one bucket."));
        activate();
    } else if (!key) {
        m_error->setText(QString::fromStdString(key.error().describe()));
    } else {
        Q_EMIT traceRequested(path, QByteArray::fromStdString(*key));
    }
}

void KeyEntry::suggestMissing() {
    const bool isHex = m_format->currentData().toInt() == int(ValueFormat::Hex);
    m_key->setText(m_key->text() + (isHex ? QStringLiteral("00") : QStringLiteral("~")));
    submit();
}

} // namespace pagescape::gui
