// SPDX-License-Identifier: MIT
// A real engine and the log of what it did, for tests of pictures of a sitting; and random
// commands with readers.
#pragma once

#include "sandbox/sandbox_engine.h"
#include "stage/stage_log.h"
#include "support/stage_truth.h"

#include <QByteArray>
#include <QString>

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <utility>
#include <variant>
#include <vector>

namespace pagescape::gui::test {

inline SandboxCommand command(SandboxCommand::Kind kind, const QByteArray& bucket = {},
                              const QByteArray& key = {}, const QByteArray& value = {}) {
    SandboxCommand made;
    made.kind = kind;
    if (!bucket.isEmpty()) {
        made.path = {bucket};
    }
    made.key = key;
    made.value = value;
    return made;
}

inline SandboxCommand closing(quint64 reader) {
    SandboxCommand made;
    made.kind = SandboxCommand::Kind::CloseReader;
    made.number = reader;
    return made;
}

/// New keys of the bucket "g", from a number on.
inline SandboxCommand generating(quint64 count, quint64 first, int valueSize = 200) {
    SandboxCommand made;
    made.kind = SandboxCommand::Kind::Generate;
    made.path = {"g"};
    made.generator.count = count;
    made.generator.first = first;
    made.generator.valueSize = valueSize;
    return made;
}

[[nodiscard]] inline bool isCommit(const StageEvent& event) {
    const auto* write = std::get_if<WriteTraceEvent>(&event);
    const auto* tx = write == nullptr ? nullptr : std::get_if<WriteTxEvent>(write);
    return tx != nullptr && tx->phase == WriteTxEvent::Phase::Commit;
}

/// An engine on a new file, and its log.
class Play {
public:
    explicit Play(const QString& path, std::uint32_t pageSize = 1024, int stride = 64,
                  bool noSync = true) {
        SandboxOptions options;
        options.pageSize = pageSize;
        options.noSync = noSync;
        auto opened = SandboxEngine::open(path.toStdString(), options, [this](StageEvents events) {
            const bool isOver = !events.empty() && isCommit(events.back());
            log.appendAll(std::move(events));
            if (isOver && onCommit) {
                onCommit();
            }
        });
        if (!opened) {
            qFatal("%s", opened.error().describe().c_str());
        }
        engine = std::move(*opened);
        log = StageLog(found(), stride);
    }

    /// What the file itself says now.
    [[nodiscard]] StageState found() const {
        const Store::MapInfo map = engine->store().mapping();
        return foundStage(engine->path(), {map.address, map.length});
    }

    bool run(SandboxCommand asked) { return engine->run(asked).has_value(); }
    bool run(SandboxCommand::Kind kind) { return run(command(kind)); }
    bool put(const QByteArray& key, const QByteArray& value, const QByteArray& bucket = "b") {
        return run(command(SandboxCommand::Kind::Put, bucket, key, value));
    }

    /// A random command: mostly puts, values up to several pages, now and then a reader.
    void runRandom(std::mt19937_64& random) {
        using Kind = SandboxCommand::Kind;
        const QByteArray bucket = "b" + QByteArray::number(int(random() % 3));
        const QByteArray key = "key" + QByteArray::number(int(random() % 60));
        switch (random() % 16) {
        case 0:
        case 1: run(random() % 8 == 0 ? Kind::Rollback : Kind::Commit); break;
        case 2:
            random() % 3 == 0 ? run(command(Kind::DeleteBucket, bucket)) : run(Kind::Commit);
            break;
        case 3: run(command(Kind::Get, bucket, key)); break;
        case 4:
            if (run(Kind::OpenReader)) {
                readers.push_back(nextReader++);
            }
            break;
        case 5: closeRandom(random); break;
        case 6:
        case 7: run(command(Kind::Delete, bucket, key)); break;
        default:
            put(key, QByteArray(int(random() % (random() % 10 == 0 ? 4000 : 150)), 'v'), bucket);
        }
    }
    /// Any of the open readers; without one a bucket counts on.
    void closeRandom(std::mt19937_64& random) {
        if (readers.empty()) {
            run(command(SandboxCommand::Kind::NextSequence, "b0"));
            return;
        }
        const std::size_t at = random() % readers.size();
        const quint64 reader = readers[at];
        readers.erase(readers.begin() + std::ptrdiff_t(at));
        run(closing(reader));
    }

    StageLog log;
    std::unique_ptr<SandboxEngine> engine;
    std::function<void()> onCommit; ///< after each commit: its events are in the log
    std::vector<quint64> readers;   ///< open ones, of the random commands
    quint64 nextReader = 1;
};

/// A sitting to look at: transactions of all kinds, four readers, a remap.
inline void playLesson(Play& play) {
    using Kind = SandboxCommand::Kind;
    const auto putMany = [&](int first, int count, int size) {
        for (int i = first; i < first + count; ++i) {
            play.put("book" + QByteArray::number(i), QByteArray(size, 'v'), "books");
        }
    };
    putMany(1, 5, 60);
    play.run(Kind::Commit);
    play.run(Kind::OpenReader); // 1
    putMany(3, 3, 90);
    play.run(Kind::Commit);
    putMany(6, 2, 300);
    play.run(Kind::Rollback);
    putMany(6, 6, 200);
    play.run(Kind::Commit);
    play.run(Kind::OpenReader); // 2
    play.run(command(Kind::Get, "books", "book7"));
    putMany(6, 2, 120);
    play.run(Kind::Commit);
    play.run(Kind::OpenReader); // 3
    play.run(command(Kind::Delete, "books", "book9"));
    play.run(Kind::Commit);
    play.run(closing(2));
    play.run(closing(17)); // there is none
    putMany(20, 3, 5000);
    play.run(Kind::Commit);
    play.run(Kind::OpenReader); // 4
    putMany(20, 2, 400);
    play.run(Kind::Commit);
    play.put("last", "one", "books");
}

} // namespace pagescape::gui::test
