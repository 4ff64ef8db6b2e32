// SPDX-License-Identifier: MIT
// KeyEntry: which key of which bucket to look up, chosen or typed; a key that is not there is as
// interesting as one that is.
#pragma once

#include "pagescape/census.h"

#include <QByteArray>
#include <QStringList>
#include <QWidget>

#include <vector>

QT_BEGIN_NAMESPACE
class QComboBox;
class QLabel;
class QLineEdit;
QT_END_NAMESPACE

namespace pagescape::gui {

/// Bucket names as one line: "books / by-title"; a slash inside a name is written "\/".
[[nodiscard]] QString bucketPathText(const std::vector<QByteArray>& path);
/// The other way round.
[[nodiscard]] std::vector<QByteArray> bucketPathFromText(const QString& text);

/// All buckets with a page of their own in this form, without the root bucket; of very many the
/// first ones.
[[nodiscard]] QStringList bucketPathTexts(const Census& census);

/// Bucket, key, key format, and the button that starts the trace.
class KeyEntry : public QWidget {
    Q_OBJECT
public:
    explicit KeyEntry(QWidget* parent = nullptr);

    /// Fills the bucket list from the census; what is typed stays.
    void setBuckets(const Census& census);
    void setBucket(const std::vector<QByteArray>& path);
    void setKey(const std::vector<QByteArray>& path, const QByteArray& key);
    /// Puts the keyboard where something is missing: the bucket, else the key.
    void activate();

Q_SIGNALS:
    void traceRequested(const std::vector<QByteArray>& path, const QByteArray& key);

private:
    void submit();
    void suggestMissing();

    QComboBox* m_bucket;
    QLineEdit* m_key;
    QComboBox* m_format;
    QLabel* m_error;
};

} // namespace pagescape::gui
