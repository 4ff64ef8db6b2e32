// SPDX-License-Identifier: MIT
// Every key of the etcd sample by Get, its traced pages against a walk that reads the raw bytes and
// shares no code with the engine.
#include "pagescape/database.h"
#include "pagescape/trace.h"

#include <QFile>
#include <QTest>

#include <cstring>
#include <string>
#include <vector>

using namespace pagescape;

namespace {

/// An entry as the bytes of the file say it, and the pages one has to read on the way to it.
struct RawEntry {
    std::vector<std::string> path;
    std::string key;
    std::string value;
    std::uint64_t valueAt = 0; // byte of the file
    bool isBucket = false;
    std::vector<std::uint64_t> pages;   // of the file, root first
    std::vector<std::uint64_t> inlines; // leaf that holds each inline page on the way
};

/// The independent walk: offsets and sizes by the format's description alone.
class RawWalk {
public:
    explicit RawWalk(std::string bytes) : m_bytes(std::move(bytes)) {
        m_pageSize = number<std::uint32_t>(24);
        const std::uint64_t meta =
            number<std::uint64_t>(64) >= number<std::uint64_t>(m_pageSize + 64) ? 0 : m_pageSize;
        const auto root = number<std::uint64_t>(meta + 32);
        walk(root * m_pageSize, {}, {root}, {});
    }

    const std::vector<RawEntry>& entries() const { return m_entries; }

private:
    template <typename T>
    T number(std::uint64_t at) const {
        T value;
        std::memcpy(&value, m_bytes.data() + at, sizeof value);
        return value;
    }

    void walk(std::uint64_t at, const std::vector<std::string>& path,
              const std::vector<std::uint64_t>& pages, const std::vector<std::uint64_t>& inlines) {
        const bool isBranch = number<std::uint16_t>(at + 8) == 1;
        const auto count = number<std::uint16_t>(at + 10);
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::uint64_t element = at + 16 + 16 * i;
            if (isBranch) {
                const auto child = number<std::uint64_t>(element + 8);
                auto down = pages;
                down.push_back(child);
                walk(child * m_pageSize, path, down, inlines);
            } else {
                addEntry(element, path, pages, inlines);
            }
        }
    }

    void addEntry(std::uint64_t element, const std::vector<std::string>& path,
                  const std::vector<std::uint64_t>& pages,
                  const std::vector<std::uint64_t>& inlines) {
        const std::uint64_t keyAt = element + number<std::uint32_t>(element + 4);
        const auto keySize = number<std::uint32_t>(element + 8);
        RawEntry entry{path,   m_bytes.substr(keyAt, keySize), {}, keyAt + keySize, false, pages,
                       inlines};
        entry.value = m_bytes.substr(entry.valueAt, number<std::uint32_t>(element + 12));
        entry.isBucket = (number<std::uint32_t>(element) & 1U) != 0;
        m_entries.push_back(entry);
        if (!entry.isBucket) {
            return;
        }
        const auto root = number<std::uint64_t>(entry.valueAt);
        entry.path.push_back(entry.key);
        if (root == 0) {
            entry.inlines.push_back(pages.back());
            walk(entry.valueAt + 16, entry.path, pages, entry.inlines);
        } else {
            entry.pages.push_back(root);
            walk(root * m_pageSize, entry.path, entry.pages, inlines);
        }
    }

    std::string m_bytes;
    std::uint64_t m_pageSize = 0;
    std::vector<RawEntry> m_entries;
};

/// What one traced Get answers.
struct TracedGet {
    std::optional<Bytes> value;
    std::vector<std::uint64_t> pages;
    std::vector<std::uint64_t> inlines;
    ByteRange range;
};

QString sampleFile() {
    return QStringLiteral(PAGESCAPE_SAMPLE_DIR "/etcd.db");
}

} // namespace

class TestGetWalk : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void findsEveryKeyOnItsPath();
    void missesTheNeighbourOfEveryKeyOnTheSamePath();

private:
    TracedGet get(const std::vector<std::string>& path, const std::string& key);

    std::vector<RawEntry> m_entries;
    std::optional<Database> m_database;
    std::optional<ReadTransaction> m_tx;
    TraceRecorder m_recorder;
};

void TestGetWalk::initTestCase() {
    QFile file(sampleFile());
    QVERIFY(file.open(QIODevice::ReadOnly));
    m_entries = RawWalk(file.readAll().toStdString()).entries();
    std::size_t pairs = 0;
    for (const RawEntry& entry : m_entries) {
        pairs += entry.isBucket ? 0 : 1;
    }
    QCOMPARE(pairs, 129U); // what bbolt counts in this file
    QCOMPARE(m_entries.size() - pairs, 10U);

    auto database = Database::openReadOnly(sampleFile().toStdString());
    QVERIFY(database);
    m_database.emplace(std::move(*database));
    auto tx = m_database->beginRead(&m_recorder);
    QVERIFY(tx);
    m_tx.emplace(std::move(*tx));
}

TracedGet TestGetWalk::get(const std::vector<std::string>& path, const std::string& key) {
    std::vector<Bytes> names;
    for (const std::string& name : path) {
        names.push_back(asBytes(name));
    }
    m_recorder.clear();
    const auto value = m_tx->get(names, asBytes(key));
    TracedGet got;
    if (!value) {
        qWarning("%s", value.error().describe().c_str());
        return got;
    }
    got.value = *value;
    if (got.value) {
        got.range = m_tx->fileRange(*got.value);
    }
    for (const TraceEvent& event : m_recorder.events()) {
        if (const auto* read = std::get_if<PageReadEvent>(&event)) {
            (read->isInline ? got.inlines : got.pages).push_back(read->page.value);
        }
    }
    return got;
}

void TestGetWalk::findsEveryKeyOnItsPath() {
    for (const RawEntry& entry : m_entries) {
        const TracedGet got = get(entry.path, entry.key);
        QCOMPARE(got.pages, entry.pages);
        QCOMPARE(got.inlines, entry.inlines);
        QCOMPARE(got.value.has_value(), !entry.isBucket);
        if (!entry.isBucket) {
            QCOMPARE(toString(*got.value), entry.value);
            QCOMPARE(got.range.begin, entry.valueAt);
        }
    }
}

// A key with one zero byte more is its direct neighbour in byte order: it is not there, and the way
// to the place where it would be is the same.
void TestGetWalk::missesTheNeighbourOfEveryKeyOnTheSamePath() {
    for (const RawEntry& entry : m_entries) {
        const TracedGet got = get(entry.path, entry.key + '\0');
        QVERIFY(!got.value);
        QCOMPARE(got.pages, entry.pages);
        QCOMPARE(got.inlines, entry.inlines);
        QCOMPARE(QByteArray(eventName(m_recorder.events().back()).data()), QByteArray("leaf-miss"));
    }
}

QTEST_GUILESS_MAIN(TestGetWalk)
#include "tst_get_walk.moc"
