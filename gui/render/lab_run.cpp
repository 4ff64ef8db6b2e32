// SPDX-License-Identifier: MIT
#include "render/lab_run.h"

#include "models/byte_text.h"
#include "pagescape/census.h"
#include "pagescape/page_file.h"
#include "sandbox/sandbox_engine.h"

#include <QCoreApplication>
#include <QTemporaryDir>

#include <memory>
#include <utility>

namespace pagescape::gui {

namespace {

using Kind = SandboxCommand::Kind;

constexpr quint64 kSeed = 7;
constexpr int kCommitKeys = 150;                       // before the transaction that is shown
constexpr int kCommitPuts = 6;                         // in it, and one more
constexpr quint64 kGrowthKeys[] = {60, 240, 460, 640}; // between readers

struct Text {
    Q_DECLARE_TR_FUNCTIONS(LabRun)
};

SandboxCommand onBooks(Kind kind) {
    SandboxCommand command;
    command.kind = kind;
    command.path = {QByteArrayLiteral("books")};
    return command;
}

SandboxCommand generated(quint64 first, quint64 count, int valueSize, quint64 perTx) {
    SandboxCommand command = onBooks(Kind::Generate);
    command.generator.order = GeneratorSpec::Order::Random;
    command.generator.seed = kSeed;
    command.generator.first = first;
    command.generator.count = count;
    command.generator.valueSize = valueSize;
    command.generator.perTx = perTx;
    return command;
}

// The engine and what it tells.
class Stage {
public:
    [[nodiscard]] Result<void> open(const QString& path, std::uint32_t pageSize, bool isSynced) {
        SandboxOptions options;
        options.pageSize = pageSize;
        options.noSync = !isSynced;
        auto opened = SandboxEngine::open(toPath(path), options, [this](StageEvents events) {
            run.log.appendAll(std::move(events));
        });
        if (!opened) {
            return fail(opened.error());
        }
        m_engine = std::move(*opened);
        auto file = PageFile::open(m_engine->path());
        if (!file) {
            return fail(file.error());
        }
        Census census(std::make_shared<const PageFile>(std::move(*file)));
        if (auto scanned = census.run(); !scanned) {
            return fail(scanned.error());
        }
        const Store::MapInfo map = m_engine->store().mapping();
        run.log = StageLog(stageOf(census, {map.address, map.length}));
        return {};
    }
    // Once a command has failed the later ones are not run.
    void play(SandboxCommand command) {
        if (m_done) {
            m_done = m_engine->run(command);
        }
    }
    void play(Kind kind, quint64 number = 0) {
        SandboxCommand command;
        command.kind = kind;
        command.number = number;
        play(std::move(command));
    }
    [[nodiscard]] const Result<void>& done() const { return m_done; }

    LabRun run;

private:
    std::unique_ptr<SandboxEngine> m_engine;
    Result<void> m_done;
};

void playCommit(Stage& stage) {
    stage.play(generated(0, kCommitKeys, 60, 30));
    stage.run.first = stage.run.log.size();
    for (int i = 0; i < kCommitPuts; ++i) {
        SandboxCommand put = onBooks(Kind::Put);
        put.key = generatedKey(40, 8) + char('a' + i); // neighbours, so that one leaf fills up
        put.value = QByteArray(60, 'v');
        stage.play(put);
    }
    SandboxCommand other = onBooks(Kind::Put); // in another leaf
    other.key = generatedKey(120, 8);
    other.value = QByteArray(60, 'w');
    stage.play(other);
    stage.play(Kind::Commit);
}

void playGrowth(Stage& stage) {
    quint64 first = 0;
    quint64 reader = 0;
    for (const quint64 count : kGrowthKeys) {
        stage.play(generated(first, count, 200, 20));
        first += count;
        ++reader;
        if (reader <= 2) {
            stage.play(Kind::OpenReader);
        } else if (reader == 3) {
            stage.play(Kind::CloseReader, 1);
        }
    }
}

} // namespace

std::optional<Lab> labFromName(const QString& name) {
    if (name == QLatin1String("commit")) {
        return Lab::Commit;
    }
    return name == QLatin1String("growth") ? std::optional(Lab::Growth) : std::nullopt;
}

QString labScriptText(Lab lab) {
    if (lab == Lab::Commit) {
        return Text::tr("A new database with pages of 1 KiB and %1 puts in random order (seed %2); "
                        "then %3 neighbours of one key and one key elsewhere are put, and that is "
                        "committed.")
            .arg(kCommitKeys)
            .arg(kSeed)
            .arg(kCommitPuts);
    }
    quint64 keys = 0;
    for (const quint64 count : kGrowthKeys) {
        keys += count;
    }
    return Text::tr("A new database with pages of 4 KiB and %1 keys of 200 bytes in random order "
                    "(seed %2), 20 a commit, without syncs; two readers begin on the way and one "
                    "ends.")
        .arg(keys)
        .arg(kSeed);
}

Result<LabRun> runLab(Lab lab) {
    const QTemporaryDir folder;
    if (!folder.isValid()) {
        Error error;
        error.text = "No folder can be made in the temporary folder";
        error.hint = "Set TMPDIR to a folder you may write to.";
        return fail(std::move(error));
    }
    Stage stage;
    const bool isCommit = lab == Lab::Commit;
    if (auto opened =
            stage.open(folder.filePath(QStringLiteral("lab.db")), isCommit ? 1024 : 4096, isCommit);
        !opened) {
        return fail(opened.error());
    }
    if (isCommit) {
        playCommit(stage);
    } else {
        playGrowth(stage);
    }
    if (!stage.done()) {
        return fail(stage.done().error());
    }
    stage.run.last = stage.run.log.size() - 1;
    return std::move(stage.run);
}

} // namespace pagescape::gui
