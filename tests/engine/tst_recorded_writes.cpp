// SPDX-License-Identifier: MIT
// What a commit hands to the file: one operation for each page run, however it is put together.
#include "pagescape/crash.h"
#include "support/store_fixture.h"

using namespace pagescape;
using namespace pagescape::test;

class TestRecordedWrites : public StoreFixture {
    Q_OBJECT

private:
    std::shared_ptr<RecordingFile> m_recorded;

    [[nodiscard]] std::vector<FileOperation> writes() const {
        std::vector<FileOperation> all;
        for (const FileOperation& each : m_recorded->operations()) {
            if (each.kind == FileOperation::Kind::Write) {
                all.push_back(each);
            }
        }
        return all;
    }
    // One commit of runs of all sorts; what it says it wrote.
    [[nodiscard]] std::uint64_t commitRuns() {
        auto tx = store().beginWrite();
        for (const std::size_t size : {10U, 3000U, 12000U, 20000U, 100000U}) {
            auto bucket = tx->createBucket(asBytes("b" + std::to_string(size)));
            for (const char* key : {"a", "b", "c"}) {
                static_cast<void>(bucket->put(asBytes(key), asBytes(std::string(size, 'v'))));
            }
        }
        const auto done = tx->commit();
        [&] { VERIFY_OK(done); }();
        return tx->statistics().write;
    }

private Q_SLOTS:
    void init() { beginWith(m_recorded, smallPages()); }
    void cleanup() {
        end();
        m_recorded.reset();
    }

    void operationsArePageRuns();
    void partsOfASectorBelongTogether();
    void statisticsCountRuns();
};

void TestRecordedWrites::operationsArePageRuns() {
    m_recorded->clear();
    static_cast<void>(commitRuns());
    const std::vector<FileOperation> all = writes();
    std::uint64_t longest = 0;
    for (const FileOperation& each : all) {
        std::uint64_t id = 0;
        std::uint32_t overflow = 0;
        QVERIFY(each.data.size() >= 16);
        std::memcpy(&id, each.data.data(), sizeof id);
        std::memcpy(&overflow, each.data.data() + 12, sizeof overflow);
        QCOMPARE(each.offset, id * 4096);
        QCOMPARE(each.size, (std::uint64_t{overflow} + 1) * 4096);
        QCOMPARE(each.data.size(), each.size);
        longest = std::max(longest, each.size);
    }
    QVERIFY(longest >= 300000);
    QVERIFY2(all.size() <= 12, "so few that a crash test tries all subsets");
}

void TestRecordedWrites::partsOfASectorBelongTogether() {
    RecordingFile file(*makeMemoryFile());
    const std::vector<std::byte> bytes(4 * kSectorSize, std::byte{7});
    const auto part = [&bytes](std::size_t size) { return Bytes(bytes).first(size); };
    const std::array<Bytes, 6> parts{part(100), part(924), part(1024),
                                     part(512), part(500), part(12)};
    VERIFY_OK(file.writeAt(512, parts));
    std::vector<std::pair<std::uint64_t, std::uint64_t>> found;
    for (const FileOperation& each : file.operations()) {
        found.emplace_back(each.offset, each.size);
        QCOMPARE(each.data.size(), each.size);
    }
    const std::vector<std::pair<std::uint64_t, std::uint64_t>> expected{
        {512, 1024}, {1536, 1024}, {2560, 512}, {3072, 512}};
    QCOMPARE(found, expected);
}

// Source: bbolt tx.go write: one for each page run, and one for the meta.
void TestRecordedWrites::statisticsCountRuns() {
    m_recorded->clear();
    const std::uint64_t told = commitRuns();
    QCOMPARE(told, std::uint64_t(writes().size()));
}

QTEST_GUILESS_MAIN(TestRecordedWrites)
#include "tst_recorded_writes.moc"
