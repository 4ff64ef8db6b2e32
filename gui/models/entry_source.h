// SPDX-License-Identifier: MIT
// EntrySource: how a model asks for the entries of a bucket and is answered later. The session
// implements it; models never read the file themselves.
#pragma once

#include "pagescape/types.h"

#include <QByteArray>
#include <QMetaType>
#include <QObject>
#include <QString>

#include <cstdint>
#include <vector>

namespace pagescape::gui {

/// Where a bucket's tree starts: a page of its own, or (inline) bytes inside a leaf's value.
struct BucketPlace {
    PageId root;     ///< page 0 for an inline bucket
    PageId holder;   ///< leaf whose value is the bucket header; page 0 for the root bucket
    ByteRange value; ///< inline only: file bytes of the whole value, header included

    [[nodiscard]] bool isInline() const { return root.value == 0; }
    friend bool operator==(const BucketPlace&, const BucketPlace&) = default;
};

/// Where reading a bucket stopped: one (page, next element) for each level. Empty: at the
/// beginning.
struct EntryPosition {
    struct Level {
        PageId page;
        std::uint32_t next = 0;
        friend bool operator==(const Level&, const Level&) = default;
    };
    std::vector<Level> levels;
    friend bool operator==(const EntryPosition&, const EntryPosition&) = default;
};

/// One entry of a bucket, copied out of the file.
struct BucketEntry {
    QByteArray key;
    QByteArray value;      ///< the first kEntryPreviewBytes of it; empty for a bucket
    quint64 valueSize = 0; ///< all of it
    bool isBucket = false;
    BucketPlace bucket;        ///< where the nested bucket lies, for a bucket
    quint64 sequence = 0;      ///< for a bucket
    quint64 inlineEntries = 0; ///< for an inline bucket: its element count
    quint64 inlineBytes = 0;   ///< for an inline bucket: bytes of its page image
    PageId page;               ///< leaf that holds the entry
    std::uint32_t element = 0; ///< number in its page, or in its inline page
    ByteRange keyBytes;        ///< of the file
    ByteRange valueBytes;      ///< of the file
    QString problem;           ///< what is wrong with it; empty when nothing is
};
inline constexpr quint64 kEntryPreviewBytes = 256;

/// What is asked for. `id` is chosen by the asker and comes back with the answer.
struct EntryRequest {
    quint64 id = 0;
    BucketPlace bucket;
    EntryPosition from;
    int limit = 500;
};

/// What comes back.
struct EntryChunk {
    quint64 request = 0;
    std::vector<BucketEntry> entries;
    EntryPosition next;            ///< pass it as `from` to go on
    bool atEnd = true;             ///< no entries after these
    std::vector<QString> problems; ///< parts of the bucket that cannot be read, and why
};

/// Answers requests for entries, in the background. Thread: GUI thread.
class EntrySource : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// The root bucket; `root` is page 0 when the file has none.
    [[nodiscard]] virtual BucketPlace rootBucket() const = 0;
    /// Answered by entriesReady, in any order.
    virtual void requestEntries(const EntryRequest& request) = 0;
    /// Forgets a request; its answer never comes.
    virtual void cancelEntries(quint64 id) = 0;

Q_SIGNALS:
    void entriesReady(const pagescape::gui::EntryChunk& chunk);
};

} // namespace pagescape::gui

Q_DECLARE_METATYPE(pagescape::gui::EntryChunk)
