// SPDX-License-Identifier: MIT
#include "sandbox/crash_lab.h"

#include "models/byte_text.h"

#include <QSaveFile>

#include <atomic>
#include <filesystem>
#include <utility>

namespace pagescape::gui {

/// The two versions that a crash may leave, with their files to compare with.
struct CrashLab::Versions {
    std::size_t confirmed = 0; ///< commits of each
    std::size_t begun = 0;
    ExpectedStates states;
    std::vector<std::byte> before;
    std::vector<std::byte> after;
};

struct CrashLab::Judged {
    std::shared_ptr<const Versions> versions;
    CrashJudgement judgement;
};

struct CrashLab::Searched {
    std::shared_ptr<const Versions> versions;
    CrashSearch search;
};

namespace {

constexpr std::uint64_t kNamedChanges = 64; // entries of a comparison that are named

std::size_t operationsOf(const CrashScript& script, std::size_t commits) {
    return commits == 0 ? 0 : script.commitEnds[commits - 1];
}

} // namespace

// Work of the background: it owns what it touches.
namespace {

template <typename Versions>
Result<std::shared_ptr<const Versions>> makeVersions(const CrashRun& run, const CrashScript& script,
                                                     const CrashPoint& point) {
    auto made = std::make_shared<Versions>();
    std::tie(made->confirmed, made->begun) = script.commitsAt(point);
    const std::size_t before = operationsOf(script, made->confirmed);
    const std::size_t after = operationsOf(script, made->begun);
    auto beforeState = stateAt(run, before);
    auto afterState = beforeState && before != after ? stateAt(run, after) : beforeState;
    auto beforeImage = buildImage(run, before);
    auto afterImage = buildImage(run, after);
    for (const Error* error :
         {beforeState ? nullptr : &beforeState.error(), afterState ? nullptr : &afterState.error(),
          beforeImage ? nullptr : &beforeImage.error(),
          afterImage ? nullptr : &afterImage.error()}) {
        if (error != nullptr) {
            return fail(*error);
        }
    }
    made->states = {std::move(*beforeState), std::move(*afterState)};
    made->before = std::move(*beforeImage);
    made->after = std::move(*afterImage);
    return std::shared_ptr<const Versions>(std::move(made));
}

template <typename Versions>
Result<void> judge(const CrashRun& run, const CrashChoice& choice, const Versions& versions,
                   const std::stop_token& stop, CrashJudgement& made) {
    auto image = buildImage(run, choice.cursor(), choice.fates);
    if (!image) {
        return fail(image.error());
    }
    auto verdict = judgeImage(*image, stop);
    if (!verdict) {
        return fail(verdict.error());
    }
    auto promised = compareContents(*image, versions.before, kNamedChanges, stop);
    if (!promised) {
        return fail(promised.error());
    }
    auto underWay = compareContents(*image, versions.after, kNamedChanges, stop);
    if (!underWay) {
        return fail(underWay.error());
    }
    made.expected = versions.states;
    made.crashClass = classOf(*verdict, versions.states);
    made.content = contentOf(*verdict, versions.states);
    made.verdict = std::move(*verdict);
    made.promised = std::move(*promised);
    made.underWay = std::move(*underWay);
    return {};
}

// Empty when it is on the disk.
QString saveImage(const CrashRun& run, const CrashChoice& choice, const QString& path) {
    const auto image = buildImage(run, choice.cursor(), choice.fates);
    if (!image) {
        return toQString(image.error().describe());
    }
    QSaveFile file(path);
    const QByteArray bytes = toQByteArray(*image);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
        return CrashLab::tr("%1 cannot be written: %2").arg(path, file.errorString());
    }
    return {};
}

} // namespace

CrashLab::CrashLab(QObject* parent)
    : QObject(parent), m_run(std::make_shared<const CrashRun>()),
      m_script(std::make_shared<const CrashScript>()) {}

CrashLab::~CrashLab() {
    m_stopSearch.request_stop();
}

void CrashLab::setMaterial(CrashMaterial material) {
    m_judging.cancel();
    m_stopSearch.request_stop();
    m_searching.cancel();
    m_versions.reset();
    auto run = std::make_shared<CrashRun>();
    auto script = std::make_shared<CrashScript>();
    if (material.error.isEmpty()) {
        run->begin = std::move(material.begin);
        run->operations = std::move(material.operations);
        *script = makeCrashScript(*run, material.command);
        if (script->commitEnds.empty()) {
            script->rows.clear();
            material.error = tr("The newest command wrote no meta: there is no commit to crash.");
        }
    }
    script->whyEmpty = material.error;
    m_run = std::move(run);
    m_script = std::move(script);
    m_choice = {};
    Q_EMIT scriptChanged();
    setCursor(m_script->rows.size());
}

bool CrashLab::isLive() const {
    return m_script->mostBytes(m_choice.cursor()) < kLiveBytes;
}

// What is chosen

void CrashLab::setCursor(std::size_t cursor) {
    m_choice.point = crashPoint(*m_run, std::min(cursor, m_script->rows.size()));
    dropSearch();
    surviveAll();
}

void CrashLab::choose(std::vector<WriteFate> fates) {
    m_choice.fates = std::move(fates);
    dropVerdict();
    Q_EMIT changed();
    if (!m_script->rows.empty() && isLive()) {
        crash();
    }
}

void CrashLab::setFate(std::size_t operation, const WriteFate& fate) {
    if (const auto open = m_choice.openIndex(operation)) {
        std::vector<WriteFate> fates = m_choice.fates;
        fates[*open] = fate;
        choose(std::move(fates));
    }
}

void CrashLab::surviveAll() {
    choose(std::vector<WriteFate>(m_choice.point.open.size()));
}

void CrashLab::loseAll() {
    WriteFate lost;
    lost.kind = WriteFate::Kind::Lost;
    choose(std::vector<WriteFate>(m_choice.point.open.size(), lost));
}

void CrashLab::randomize(quint64 seed) {
    choose(randomFates(*m_script, m_choice.point, seed));
}

void CrashLab::takeOutcome(std::size_t index) {
    if (m_search && index < m_search->worst.outcomes.size()) {
        choose(m_search->worst.outcomes[index].fates);
    }
}

void CrashLab::dropVerdict() {
    m_judging.cancel();
    if (m_judgement) {
        m_judgement.reset();
        Q_EMIT verdictReady(m_judgement);
    }
}

void CrashLab::dropSearch() {
    m_stopSearch.request_stop();
    m_searching.cancel();
    m_search.reset();
    Q_EMIT worstCaseReady(m_search);
}

// Work

std::shared_ptr<const CrashLab::Versions> CrashLab::knownVersions() const {
    const auto [confirmed, begun] = m_script->commitsAt(m_choice.point);
    return m_versions && m_versions->confirmed == confirmed && m_versions->begun == begun
               ? m_versions
               : nullptr;
}

void CrashLab::crash() {
    if (m_script->rows.empty()) {
        return;
    }
    const auto work = [run = m_run, script = m_script, choice = m_choice,
                       known = knownVersions()](const JobControl& control) {
        auto made = std::make_shared<Judged>();
        auto versions = known ? Result<std::shared_ptr<const Versions>>(known)
                              : makeVersions<Versions>(*run, *script, choice.point);
        Result<void> done;
        if (versions) {
            made->versions = *versions;
            done = judge(*run, choice, **versions, control.stop(), made->judgement);
        } else {
            done = fail(versions.error());
        }
        if (!done) {
            made->judgement.error = toQString(done.error().describe());
        }
        return made;
    };
    m_judging.start(work, [this](const std::shared_ptr<Judged>& judged) {
        m_versions = judged->versions ? judged->versions : m_versions;
        m_judgement = std::make_shared<const CrashJudgement>(std::move(judged->judgement));
        Q_EMIT verdictReady(m_judgement);
    });
}

void CrashLab::findWorst(quint64 seed) {
    if (m_script->rows.empty()) {
        return;
    }
    dropSearch();
    m_stopSearch = std::stop_source();
    auto done = std::make_shared<std::atomic<std::uint64_t>>(0);
    auto total = std::make_shared<std::atomic<std::uint64_t>>(0);
    const auto work = [run = m_run, script = m_script, choice = m_choice, known = knownVersions(),
                       source = m_stopSearch, seed, done,
                       total](const JobControl& control) mutable {
        // The lane's own stop drops the answer; the user's stop wants what was found.
        const std::stop_callback passOn(control.stop(), [&source] { source.request_stop(); });
        auto made = std::make_shared<Searched>();
        auto versions = known ? Result<std::shared_ptr<const Versions>>(known)
                              : makeVersions<Versions>(*run, *script, choice.point);
        if (!versions) {
            made->search.error = toQString(versions.error().describe());
            return made;
        }
        made->versions = *versions;
        made->search.expected = (*versions)->states;
        WorstCaseOptions options;
        options.expected = (*versions)->states;
        options.seed = seed;
        auto worst = findWorstCase(*run, choice.cursor(), options, source.get_token(),
                                   [&](std::uint64_t nowDone, std::uint64_t nowTotal) {
                                       done->store(nowDone);
                                       total->store(nowTotal);
                                       control.progressed();
                                   });
        if (worst) {
            made->search.worst = std::move(*worst);
        } else {
            made->search.error = toQString(worst.error().describe());
        }
        return made;
    };
    m_searching.start(
        work,
        [this](const std::shared_ptr<Searched>& searched) {
            m_versions = searched->versions ? searched->versions : m_versions;
            m_search = std::make_shared<const CrashSearch>(std::move(searched->search));
            Q_EMIT worstCaseReady(m_search);
        },
        [this, done, total] { Q_EMIT searchProgressed(done->load(), total->load()); });
    Q_EMIT searchProgressed(0, 0);
}

void CrashLab::stopSearch() {
    m_stopSearch.request_stop();
}

void CrashLab::exportImage(const QString& path) {
    for (const QString& file : m_protected) {
        std::error_code error;
        if (std::filesystem::equivalent(toPath(file), toPath(path), error) && !error) {
            Q_EMIT imageSaved(path,
                              tr("%1 is the database itself: choose another name.").arg(path));
            return;
        }
    }
    m_saving.start([run = m_run, choice = m_choice,
                    path](const JobControl& /*control*/) { return saveImage(*run, choice, path); },
                   [this, path](const QString& error) { Q_EMIT imageSaved(path, error); });
}

} // namespace pagescape::gui
