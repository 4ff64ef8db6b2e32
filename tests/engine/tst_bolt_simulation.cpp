// SPDX-License-Identifier: MIT
// What bbolt's simulation_test.go and concurrent_test.go ask: many clients at once on one store,
// each read compared with what the commits up to its transaction wrote.
// PAGESCAPE_SIMULATION=long: all of bbolt's rows; otherwise the small ones.
#include "support/store_fixture.h"

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <thread>

using namespace pagescape;
using namespace pagescape::test;

namespace {

bool isLong() {
    return qgetenv("PAGESCAPE_SIMULATION") == "long";
}

// What each key held after which transaction.
class VersionLog {
public:
    // Called inside a write transaction, of which there is one at a time.
    void note(const std::string& key, std::uint64_t txid, std::string value) {
        const std::lock_guard lock(m_mutex);
        m_versions[key][txid] = std::move(value);
    }
    // What a transaction of this id must read; "<none>" for nothing.
    [[nodiscard]] std::string at(const std::string& key, std::uint64_t txid) const {
        const std::lock_guard lock(m_mutex);
        const auto versions = m_versions.find(key);
        if (versions == m_versions.end()) {
            return "<none>";
        }
        const auto after = versions->second.upper_bound(txid);
        return after == versions->second.begin() ? "<none>" : std::prev(after)->second;
    }
    [[nodiscard]] std::size_t keys() const { return m_versions.size(); }

private:
    mutable std::mutex m_mutex;
    std::map<std::string, std::map<std::uint64_t, std::string>> m_versions;
};

// A key and the nested buckets it lies in, drawn from few enough that clients meet.
struct Place {
    std::vector<std::string> path;
    std::string key;

    [[nodiscard]] std::string name() const {
        std::string whole;
        for (const std::string& step : path) {
            whole += step + "/";
        }
        return whole + key;
    }
    [[nodiscard]] std::vector<Bytes> names() const {
        std::vector<Bytes> steps;
        for (const std::string& step : path) {
            steps.push_back(asBytes(step));
        }
        return steps;
    }
};

} // namespace

class TestBoltSimulation : public StoreFixture {
    Q_OBJECT

private:
    VersionLog* m_log = nullptr;
    std::mutex m_mutex;
    std::string m_wrong; // of any client; empty: nothing

    void blame(const std::string& what) {
        const std::lock_guard lock(m_mutex);
        m_wrong = m_wrong.empty() ? what : m_wrong;
    }
    static Place draw(std::mt19937& random);
    void read(const Place& place);
    void write(const Place& place, std::optional<std::string> value, bool isEmpty = false);
    void simulate(int operations, int clients, unsigned seed);
    void repeatableReads(const StoreOptions& options);

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void simulate_data();
    void simulate();
    void simulateNoFreelistSync_data() { simulate_data(); }
    void simulateNoFreelistSync();
    void concurrentGenericReadAndWrite_data();
    void concurrentGenericReadAndWrite();
    void concurrentRepeatableRead_data();
    void concurrentRepeatableRead();
};

Place TestBoltSimulation::draw(std::mt19937& random) {
    Place place;
    for (auto depth = 1 + random() % 3; depth > 0; --depth) {
        place.path.push_back("bucket" + std::to_string(random() % 4));
    }
    place.key = std::to_string(random() % 200);
    return place;
}

// Reads twice in one transaction: both times what the log says.
void TestBoltSimulation::read(const Place& place) {
    const auto tx = store().beginRead();
    if (!tx) {
        return blame(tx.error().describe());
    }
    for (int time = 0; time < 2; ++time) {
        std::string found = valueOf(tx->get(place.names(), asBytes(place.key)));
        if (found == errorName(ErrorCode::BucketNotFound)) {
            found = "<none>";
        }
        const std::string expected = m_log->at(place.name(), tx->id().value);
        if (found != expected) {
            blame("transaction " + std::to_string(tx->id().value) + ", " + place.name() +
                  ": expected " + expected.substr(0, 20) + ", found " + found.substr(0, 20));
        }
        std::this_thread::yield();
    }
}

// No value: the key goes.
void TestBoltSimulation::write(const Place& place, std::optional<std::string> value, bool isEmpty) {
    const auto done = update([&](WriteTransaction& tx) -> Result<void> {
        if (isEmpty) {
            return {};
        }
        WriteBucket bucket = tx.rootBucket();
        for (const std::string& step : place.path) {
            auto next = bucket.createBucketIfNotExists(asBytes(step));
            if (!next) {
                return fail(next.error());
            }
            bucket = *next;
        }
        const Bytes key = asBytes(place.key);
        auto changed = value ? bucket.put(key, asBytes(*value)) : bucket.remove(key);
        if (changed) {
            m_log->note(place.name(), tx.id().value, value.value_or("<none>"));
        }
        return changed;
    });
    if (!done) {
        blame(done.error().describe());
    }
}

// Four of five operations read, as in bbolt.
void TestBoltSimulation::simulate(int operations, int clients, unsigned seed) {
    std::atomic<int> left{operations};
    std::vector<std::thread> threads;
    for (int client = 0; client < clients; ++client) {
        threads.emplace_back([&, client] {
            std::mt19937 random(seed + static_cast<unsigned>(client));
            while (left-- > 0) {
                const Place place = draw(random);
                if (random() % 5 != 0) {
                    read(place);
                } else {
                    write(place, std::to_string(random()) + std::string(random() % 1000, 'v'));
                }
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
}

void TestBoltSimulation::simulate_data() {
    QTest::addColumn<int>("operations");
    QTest::addColumn<int>("clients");
    for (const auto& [operations, clients] :
         std::initializer_list<std::pair<int, int>>{{1, 1},
                                                    {10, 1},
                                                    {100, 1},
                                                    {1000, 1},
                                                    {10000, 1},
                                                    {10, 10},
                                                    {100, 10},
                                                    {1000, 10},
                                                    {10000, 10},
                                                    {100, 100},
                                                    {1000, 100},
                                                    {10000, 100},
                                                    {10000, 1000}}) {
        if (operations <= 1000 || isLong()) {
            QTest::addRow("%dop_%dp", operations, clients) << operations << clients;
        }
    }
}

void TestBoltSimulation::simulate() {
    QFETCH(int, operations);
    QFETCH(int, clients);
    VersionLog log;
    m_log = &log;
    simulate(operations, clients, 1);
    QCOMPARE(m_wrong, std::string());
    QCOMPARE(store().beginRead()->id().value > 1, log.keys() > 0);
}

// In rounds, with the freelist found again at each opening.
void TestBoltSimulation::simulateNoFreelistSync() {
    QFETCH(int, operations);
    QFETCH(int, clients);
    StoreOptions options = smallPages();
    options.noFreelistSync = true;
    begin(options);
    VersionLog log;
    m_log = &log;
    const unsigned rounds = isLong() ? 8 : 2;
    for (unsigned round = 0; round < rounds; ++round) {
        simulate(operations, clients, 1 + round * 1000);
        QCOMPARE(m_wrong, std::string());
        reopen(options);
    }
    QVERIFY(!store().beginRead()->meta().hasFreelist() || log.keys() == 0);
}

void TestBoltSimulation::concurrentGenericReadAndWrite_data() {
    QTest::addColumn<int>("workers");
    for (const int workers : {1, 10, 50, 100, 200}) {
        if (workers <= 10 || isLong()) {
            QTest::addRow("%d workers", workers) << workers;
        }
    }
}

// 60 % reads, 20 % writes, 20 % deletes; each fifth change commits nothing. A worker never goes
// back in time.
void TestBoltSimulation::concurrentGenericReadAndWrite() {
    QFETCH(int, workers);
    VersionLog log;
    m_log = &log;
    std::vector<std::thread> threads;
    for (int worker = 0; worker < workers; ++worker) {
        threads.emplace_back([&, worker] {
            std::mt19937 random(static_cast<unsigned>(worker) + 77);
            std::uint64_t newest = 0;
            for (int i = 0; i < (isLong() ? 200 : 60); ++i) {
                const Place place = draw(random);
                const auto what = random() % 10;
                if (what < 6) {
                    read(place);
                } else {
                    const std::string value(random() % 3000, static_cast<char>('a' + what));
                    write(place, what < 8 ? std::optional(value) : std::nullopt, random() % 5 == 0);
                }
                const std::uint64_t now = store().beginRead()->id().value;
                if (now < newest) {
                    blame("transaction ids went down");
                }
                newest = now;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    QCOMPARE(m_wrong, std::string());
    QVERIFY(log.keys() > 0);
}

void TestBoltSimulation::concurrentRepeatableRead_data() {
    QTest::addColumn<bool>("isHashmap");
    QTest::addColumn<bool>("noFreelistSync");
    QTest::newRow("array, synced") << false << false;
    QTest::newRow("array, not synced") << false << true;
    QTest::newRow("hashmap, synced") << true << false;
    QTest::newRow("hashmap, not synced") << true << true;
}

// Ten long readers between the commits of a writer: none ever sees a page of a later version.
void TestBoltSimulation::concurrentRepeatableRead() {
    QFETCH(bool, isHashmap);
    QFETCH(bool, noFreelistSync);
    StoreOptions options = smallPages();
    options.freelistType = isHashmap ? FreelistType::Hashmap : FreelistType::Array;
    options.noFreelistSync = noFreelistSync;
    begin(options);
    const auto version = [this](int number) {
        Pairs pairs;
        for (std::uint64_t i = 0; i < 100; ++i) {
            pairs.emplace_back("key_" + digits(i, 3),
                               std::to_string(number) + std::string(100, 'v'));
        }
        return putAll("data", pairs);
    };
    VERIFY_OK(version(0));
    std::vector<std::jthread> readers; // joined also where a check ends the test
    for (int reader = 0; reader < 10; ++reader) {
        std::atomic<bool> hasBegun{false};
        readers.emplace_back([&, reader] {
            const auto tx = store().beginRead();
            hasBegun = true;
            const std::string expected = std::to_string(reader * 3) + std::string(100, 'v');
            const Path path{"data"};
            for (int look = 0; look < (isLong() ? 500 : 30); ++look) {
                const auto bucket = tx->bucket(bytesOf(path));
                const Pairs seen = bucket ? entriesOf(bucket->cursor()) : Pairs();
                bool isSame = seen.size() == 100;
                for (const auto& [key, value] : seen) {
                    isSame = isSame && value == expected;
                }
                if (!isSame) {
                    blame("reader " + std::to_string(reader) + " saw another version");
                }
            }
        });
        while (!hasBegun) {
            std::this_thread::yield();
        }
        for (int i = 1; i <= 3; ++i) {
            VERIFY_OK(version(reader * 3 + i));
        }
    }
    readers.clear();
    QCOMPARE(m_wrong, std::string());
}

QTEST_GUILESS_MAIN(TestBoltSimulation)
#include "tst_bolt_simulation.moc"
