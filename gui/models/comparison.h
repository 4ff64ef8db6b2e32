// SPDX-License-Identifier: MIT
// The values of a comparison: two versions of one file, or two files. And what is said about them.
#pragma once

#include "pagescape/diff.h"
#include "pagescape/types.h"

#include <QByteArray>
#include <QMetaType>
#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace pagescape::gui {

/// One key or bucket that differs, copied from the file: a comparison reads nothing later on.
struct DifferenceEntry {
    DiffKind kind = DiffKind::Changed;
    bool isBucket = false;
    std::shared_ptr<const std::vector<QByteArray>> path; ///< buckets around it, outermost first
    QByteArray key;
    QByteArray before; ///< at most kDifferenceBytes of the value
    QByteArray after;
    quint64 beforeSize = 0; ///< bytes of the whole value
    quint64 afterSize = 0;
    quint64 sequenceBefore = 0; ///< of a bucket
    quint64 sequenceAfter = 0;
    PageId pageBefore; ///< leaf that holds it; page 0 where it is not there
    PageId pageAfter;
    std::optional<ByteRange> bytesBefore; ///< of the key in its file, where that is known
    std::optional<ByteRange> bytesAfter;
};
inline constexpr qsizetype kDifferenceBytes = 256;
/// Entries kept; the totals count all of them.
inline constexpr std::size_t kMostDifferences = 10'000;

/// One side of a comparison in words and figures.
struct ComparedVersion {
    QString path; ///< file
    quint64 txid = 0;
    int meta = 0;          ///< that describes it; -1: none does any more, an open reader sees it
    quint64 pageCount = 0; ///< of the file
    QString name;          ///< what it is called; empty: by its file
};

/// A comparison without its entries, which arrive one by one.
struct Comparison {
    ComparedVersion before;
    ComparedVersion after;
    bool isOneFile = true;
    bool isRelated = false; ///< two files, once one: what was not written in between is not read
    DiffSummary summary;
    std::vector<QString> skipped; ///< the first damaged parts that were left out, in words
    bool isStopped = false;
    QString error; ///< empty when it ran to its end
};
using ComparisonPtr = std::shared_ptr<const Comparison>;

/// Entries found so far of a comparison that runs.
struct ComparisonProgress {
    quint64 entries = 0;
};

/// "transaction 226", or the name of the file.
[[nodiscard]] QString versionName(const Comparison& comparison, DiffOrigin side);
/// What was compared: "Transaction 226 against 227, which replaced it".
[[nodiscard]] QString comparisonTitle(const Comparison& comparison);
/// What differs in the keys and buckets, in words with numbers.
[[nodiscard]] QString entriesSentence(const Comparison& comparison);
/// What differs in the pages. `samePages` are the pages of both versions of one file, which the
/// comparison does not read; nothing while they are not counted yet.
[[nodiscard]] QString pagesSentence(const Comparison& comparison, std::optional<quint64> samePages);
/// What it cost: "8 of 128 pages had to be read".
[[nodiscard]] QString costSentence(const Comparison& comparison);
/// What was left out, or why it ended early; empty when nothing was.
[[nodiscard]] QString limitsSentence(const Comparison& comparison, std::size_t entriesKept);

} // namespace pagescape::gui

Q_DECLARE_METATYPE(pagescape::gui::ComparisonPtr)
