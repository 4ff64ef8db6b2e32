// SPDX-License-Identifier: MIT
// Crashes at every point of a history of commits: whatever subset of the unsynced writes the disk
// kept, torn or whole, the file must open with the state before or after the commit under way.
// PAGESCAPE_CRASH_COMMITS: commits of the history, 10 unless told.
#include "pagescape/check.h"
#include "pagescape/storage_file.h"
#include "pagescape/walk.h"
#include "support/bolt_peer.h"
#include "support/history.h"

#include <QTemporaryDir>
#include <QtTest>

#include <array>
#include <random>

using namespace pagescape;
using namespace pagescape::test;

namespace {

using Image = std::vector<std::byte>;
constexpr std::size_t kExhaustive = 12; // epochs with up to so many writes are enumerated whole
constexpr int kSampled = 500;           // images of a longer epoch
constexpr std::size_t kSector = 512;

void applyWrite(Image& image, std::uint64_t offset, Bytes data) {
    if (image.size() < offset + data.size()) {
        image.resize(offset + data.size());
    }
    std::copy(data.begin(), data.end(), image.begin() + static_cast<std::ptrdiff_t>(offset));
}

void apply(Image& image, const FileOperation& operation) {
    if (operation.kind == FileOperation::Kind::Write) {
        applyWrite(image, operation.offset, operation.data);
    } else if (operation.kind == FileOperation::Kind::Resize) {
        image.resize(operation.size);
    }
}

bool isSync(const FileOperation& operation) {
    return operation.kind == FileOperation::Kind::SyncData ||
           operation.kind == FileOperation::Kind::SyncAll;
}

// A recorded run: operations, and how many of them were done when each commit had returned.
struct Recording {
    Image begin;
    std::vector<FileOperation> operations;
    std::vector<std::size_t> doneAt;  // [c]: operations when commit c had returned
    std::vector<std::string> digests; // [c]: content after commit c; [0] the beginning
};

Recording record(std::uint64_t seed, int commits, bool noSync) {
    Recording recording;
    auto memory = makeMemoryFile();
    auto recorder = std::make_shared<RecordingFile>(*memory);
    StoreOptions options;
    options.pageSize = 1024;
    options.noSync = noSync;
    options.openFile = [&](const std::filesystem::path&) { return recorder; };
    auto store = Store::open("memory", options);
    for (const FileOperation& operation : recorder->operations()) {
        apply(recording.begin, operation);
    }
    recorder->clear();
    History history(seed, 40);
    recording.digests.push_back(digestOf(history.model()));
    for (int commit = 0; commit < commits; ++commit) {
        const std::vector<Change> changes = history.nextTransaction();
        const auto done = store->update([&](WriteTransaction& tx) -> Result<void> {
            for (const Change& change : changes) {
                if (auto made = test::apply(tx, change); !made) {
                    return made;
                }
            }
            return {};
        });
        if (!done) {
            return {};
        }
        recording.doneAt.push_back(recorder->operations().size());
        recording.digests.push_back(digestOf(history.model()));
    }
    recording.operations = recorder->operations();
    return recording;
}

} // namespace

class TestCrash : public QObject {
    Q_OBJECT

private:
    std::shared_ptr<StorageFile> m_file; // every image in turn
    std::mt19937_64 m_random{1};
    std::uint64_t m_images = 0;

    QString judge(const Image& image, const Recording& recording, std::size_t acknowledged);
    QString crash(const Recording& recording, const Image& durable,
                  const std::vector<const FileOperation*>& writes, std::uint64_t kept,
                  std::size_t acknowledged, bool isTorn);
    QString crashEverywhere(const Recording& recording);

private Q_SLOTS:
    void init() {
        auto file = makeMemoryFile();
        QVERIFY(file);
        m_file = std::move(*file);
    }
    void everySubsetLeavesOneOfTwoStates();
    void withoutSyncsDamageIsFound();
    void bboltAgreesOnCrashedFiles();
};

// What is wrong with the image: empty when it holds the acknowledged state or the next one.
QString TestCrash::judge(const Image& image, const Recording& recording, std::size_t acknowledged) {
    ++m_images;
    const std::array<Bytes, 1> parts{image};
    if (!m_file->resize(image.size()) || !m_file->writeAt(0, parts)) {
        return QStringLiteral("the image could not be made");
    }
    const auto path = "/proc/self/fd/" + std::to_string(m_file->descriptor());
    const auto file = PageFile::open(path);
    if (!file || file->layout().openError) {
        return QStringLiteral("it does not open");
    }
    QString findings;
    const auto checked = check(*file, {}, [&](const Finding& finding) {
        // A torn meta is what the other one is there for.
        if (finding.code != FindingCode::MetaInvalid) {
            findings += QString::fromStdString(finding.text) + QLatin1Char(' ');
        }
    });
    if (!checked || !findings.isEmpty()) {
        return QStringLiteral("check: ") + findings;
    }
    const auto digest = contentDigest(*file);
    if (!digest || (digest->sha256 != recording.digests[acknowledged] &&
                    (acknowledged + 1 >= recording.digests.size() ||
                     digest->sha256 != recording.digests[acknowledged + 1]))) {
        return QStringLiteral("it holds neither the state before nor after commit %1")
            .arg(acknowledged + 1);
    }
    return {};
}

// The disk kept the writes whose bit is set; when torn, one of them only in some sectors.
QString TestCrash::crash(const Recording& recording, const Image& durable,
                         const std::vector<const FileOperation*>& writes, std::uint64_t kept,
                         std::size_t acknowledged, bool isTorn) {
    Image image = durable;
    const std::uint64_t torn = isTorn ? m_random() % writes.size() : writes.size();
    for (std::size_t i = 0; i < writes.size(); ++i) {
        const FileOperation& write = *writes[i];
        if (i == torn && write.kind == FileOperation::Kind::Write) {
            for (std::size_t at = 0; at < write.data.size(); at += kSector) {
                if (m_random() % 2 == 0) {
                    const std::size_t size = std::min(kSector, write.data.size() - at);
                    applyWrite(image, write.offset + at, Bytes(write.data).subspan(at, size));
                }
            }
        } else if (i >= 64 ? m_random() % 2 == 0 : (kept >> i & 1U) != 0) {
            apply(image, write);
        }
    }
    return judge(image, recording, acknowledged);
}

QString TestCrash::crashEverywhere(const Recording& recording) {
    Image durable = recording.begin;
    std::vector<const FileOperation*> pending;
    std::size_t acknowledged = 0;
    for (std::size_t i = 0; i <= recording.operations.size(); ++i) {
        const bool isEnd = i == recording.operations.size();
        if (!isEnd && !isSync(recording.operations[i])) {
            pending.push_back(&recording.operations[i]);
            continue;
        }
        if (!pending.empty()) {
            const bool isWhole = pending.size() <= kExhaustive;
            const std::uint64_t images = isWhole ? std::uint64_t{1} << pending.size() : kSampled;
            for (std::uint64_t n = 0; n < images; ++n) {
                const std::uint64_t kept = isWhole ? n : m_random();
                for (const bool isTorn : {false, true}) {
                    const QString wrong =
                        crash(recording, durable, pending, kept, acknowledged, isTorn);
                    if (!wrong.isEmpty()) {
                        return wrong;
                    }
                }
            }
        }
        for (const FileOperation* operation : pending) {
            apply(durable, *operation);
        }
        pending.clear();
        while (acknowledged < recording.doneAt.size() && recording.doneAt[acknowledged] <= i + 1) {
            ++acknowledged;
        }
    }
    return {};
}

void TestCrash::everySubsetLeavesOneOfTwoStates() {
    const int told = qEnvironmentVariableIntValue("PAGESCAPE_CRASH_COMMITS");
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const Recording recording = record(seed, told > 0 ? told : 10, false);
        QVERIFY(!recording.doneAt.empty());
        QCOMPARE(crashEverywhere(recording), QString());
    }
    qInfo("%llu images of crashes looked at", static_cast<unsigned long long>(m_images));
    QVERIFY(m_images > 1000);
}

void TestCrash::withoutSyncsDamageIsFound() {
    const Recording recording = record(2, 6, true);
    QVERIFY(!recording.doneAt.empty());
    QVERIFY(!crashEverywhere(recording).isEmpty());
}

void TestCrash::bboltAgreesOnCrashedFiles() {
    if (!BoltPeer::isThere()) {
        QSKIP("Go or its bbolt library is missing");
    }
    QTemporaryDir dir;
    BoltPeer peer;
    const Recording recording = record(4, 8, false);
    QVERIFY(!recording.doneAt.empty());
    for (int sample = 0; sample < 40; ++sample) {
        // Everything up to a random operation, then a random half of what was not synced there.
        const std::size_t end = m_random() % recording.operations.size();
        std::size_t synced = 0;
        for (std::size_t i = 0; i < end; ++i) {
            synced = isSync(recording.operations[i]) ? i : synced;
        }
        Image image = recording.begin;
        std::size_t acknowledged = 0;
        for (std::size_t i = 0; i < end; ++i) {
            if (i <= synced || m_random() % 2 == 0) {
                apply(image, recording.operations[i]);
            }
        }
        while (acknowledged < recording.doneAt.size() &&
               recording.doneAt[acknowledged] <= synced + 1) {
            ++acknowledged;
        }
        QCOMPARE(judge(image, recording, acknowledged), QString());
        const QString path = dir.filePath(QStringLiteral("%1.db").arg(sample));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(reinterpret_cast<const char*>(image.data()), qint64(image.size()));
        file.close();
        QVERIFY2(peer.run("check " + path.toUtf8()), peer.answer());
        QVERIFY2(peer.run("digest " + path.toUtf8()), peer.answer());
        const std::string theirs = peer.answer().toStdString();
        QVERIFY(theirs == recording.digests[acknowledged] ||
                theirs == recording.digests[acknowledged + 1]);
    }
}

QTEST_GUILESS_MAIN(TestCrash)
#include "tst_crash.moc"
