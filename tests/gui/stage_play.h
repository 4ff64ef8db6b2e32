// SPDX-License-Identifier: MIT
// A stage and the real engine that plays on it, for tests of the pictures of a write transaction.
#pragma once

#include "support/sandbox_play.h"

#include <functional>
#include <memory>

namespace pagescape::gui {

/// A new database of small pages and everything that happens in it; what is asked for succeeds.
class StagePlay : public test::Play {
public:
    using Kind = SandboxCommand::Kind;

    explicit StagePlay(const QString& path, bool noSync = false)
        : Play(path, 1024, StageLog::kStride, noSync) {}

    /// A command on the bucket "b".
    void run(Kind kind, const QByteArray& key = {}, const QByteArray& value = {}) {
        if (!Play::run(test::command(kind, "b", key, value))) {
            qFatal("a command failed");
        }
    }

    /// "key0042".
    static QByteArray key(int number) {
        return "key" + QByteArray::number(number).rightJustified(4, '0');
    }

    /// Puts keys `begin` to `end`, `bytes` of value each; commits after every `perTx`, if any.
    void put(int begin, int end, int bytes, int perTx = 0) {
        for (int i = begin; i < end; ++i) {
            run(Kind::Put, key(i), QByteArray(bytes, 'v'));
            if (perTx > 0 && (i + 1 - begin) % perTx == 0) {
                run(Kind::Commit);
            }
        }
        if (perTx > 0 && engine->hasTransaction()) {
            run(Kind::Commit);
        }
    }

    /// Index of the last event after which `is` holds of the state; -1: none.
    [[nodiscard]] int last(const std::function<bool(const StageState&)>& is) const {
        for (int i = log.size() - 1; i >= 0; --i) {
            if (is(log.stateAt(i))) {
                return i;
            }
        }
        return -1;
    }

    /// Shows the step of an event in a view.
    template <typename View>
    void show(View& view, int index) const {
        view.setStage(log.stateAt(index - 1), log.stateAt(index),
                      index < 0 ? nullptr : &log.event(index));
    }

    /// Sixty keys in eleven leaves, then more than fit one of them, and a commit.
    static std::unique_ptr<StagePlay> committed(const QString& path) {
        auto play = std::make_unique<StagePlay>(path);
        play->put(0, 60, 60, 20);
        play->put(100, 130, 60);
        play->run(Kind::Commit);
        return play;
    }
};

} // namespace pagescape::gui
