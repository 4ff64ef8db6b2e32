// SPDX-License-Identifier: MIT
// What a user can do in a sandbox, as values: they are run, undone, run again and kept in branches.
#pragma once

#include <QByteArray>
#include <QMetaType>
#include <QString>

#include <cstdint>
#include <vector>

namespace pagescape::gui {

/// Many puts at once.
struct GeneratorSpec {
    enum class Order { Sequential, Reverse, Random, Zipf };
    Order order = Order::Sequential;
    quint64 count = 500;            ///< keys
    quint64 first = 0;              ///< number of the first key
    int keySize = 8;                ///< bytes: "k" and digits, padded with zeros
    int valueSize = 16;             ///< bytes
    quint64 perTx = 50;             ///< puts in one commit
    quint64 perSecond = 0;          ///< speed; 0: as fast as it goes
    quint64 seed = 1;               ///< of Random and Zipf
    quint64 stopAfter = UINT64_MAX; ///< keys after which it was stopped: run again, it ends there
    friend bool operator==(const GeneratorSpec&, const GeneratorSpec&) = default;
};
inline constexpr int kSmallestGeneratedKey = 4;

/// The key with a number: "k0000042".
[[nodiscard]] QByteArray generatedKey(quint64 number, int keySize);

/// One command.
struct SandboxCommand {
    enum class Kind {
        Begin,
        Put,
        PutList, ///< several pairs in the transaction that is open
        Get,
        Delete,
        CreateBucket,
        DeleteBucket,
        NextSequence,
        Commit,
        Rollback,
        OpenReader,
        CloseReader, ///< `number`: which one
        Generate,    ///< begins and commits transactions of its own
        SetSync,     ///< `number` 0: commits no longer wait for the disk; 1: they do
    };
    struct Pair {
        QByteArray key;
        QByteArray value;
        friend bool operator==(const Pair&, const Pair&) = default;
    };

    Kind kind = Kind::Put;
    std::vector<QByteArray> path; ///< the bucket, outermost name first
    QByteArray key;               ///< of Put, Get, Delete
    QByteArray value;
    std::vector<Pair> pairs;
    quint64 number = 0;
    GeneratorSpec generator;

    /// Whether it works inside a write transaction, and so begins one where none is open.
    [[nodiscard]] bool needsTransaction() const;
    /// "Put books / dracula": for events, menus and branches.
    [[nodiscard]] QString text() const;
    friend bool operator==(const SandboxCommand&, const SandboxCommand&) = default;
};

/// Pairs of a list as people paste it: one a line, key and value separated by a tab, "=" or a
/// comma; a line without one of them is a key without a value. Empty lines are passed over.
[[nodiscard]] std::vector<SandboxCommand::Pair> pairsFromText(const QString& text);

} // namespace pagescape::gui

Q_DECLARE_METATYPE(pagescape::gui::SandboxCommand)
