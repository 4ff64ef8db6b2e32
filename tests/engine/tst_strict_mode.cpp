// SPDX-License-Identifier: MIT
// Strict mode: a commit whose pages do not make a sound version is refused before it counts.
#include "pagescape/storage_file.h"
#include "support/store_fixture.h"

#include <QFile>

using namespace pagescape;
using namespace pagescape::test;

namespace {

constexpr std::uint64_t kPageSize = 4096;

// A disk that lies: while armed, the first page of each write gets flags that no page has.
class DamagingFile final : public ForwardingFile {
public:
    explicit DamagingFile(std::shared_ptr<StorageFile> file) : ForwardingFile(std::move(file)) {}
    bool isArmed = false;

    [[nodiscard]] Result<void> writeAt(std::uint64_t offset,
                                       std::span<const Bytes> parts) override {
        if (!isArmed || offset < 2 * kPageSize) {
            return ForwardingFile::writeAt(offset, parts);
        }
        std::vector<std::byte> bytes;
        for (const Bytes part : parts) {
            bytes.insert(bytes.end(), part.begin(), part.end());
        }
        bytes[8] = std::byte{0x77};
        const Bytes whole(bytes);
        return ForwardingFile::writeAt(offset, std::span(&whole, 1));
    }
};

} // namespace

class TestStrictMode : public StoreFixture {
    Q_OBJECT

private:
    std::shared_ptr<DamagingFile> m_disk;

    [[nodiscard]] static StoreOptions strict() {
        StoreOptions options = smallPages();
        options.strictMode = true;
        return options;
    }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() {
        end();
        m_disk.reset();
    }

    void soundCommitsPass_data();
    void soundCommitsPass();
    void damageIsRefusedAndTheStoreGoesOn();
    void withoutItTheDamageIsCommitted();
    void olderDamageFailsEveryCommit();
};

void TestStrictMode::soundCommitsPass_data() {
    QTest::addColumn<bool>("noFreelistSync");
    QTest::addColumn<bool>("noGrowSync");
    QTest::newRow("usual") << false << false;
    QTest::newRow("no stored freelist") << true << false;
    QTest::newRow("no growth ahead") << false << true;
}

void TestStrictMode::soundCommitsPass() {
    QFETCH(bool, noFreelistSync);
    QFETCH(bool, noGrowSync);
    StoreOptions options = strict();
    options.noFreelistSync = noFreelistSync;
    options.noGrowSync = noGrowSync;
    begin(options);
    for (std::uint64_t i = 0; i < 20; ++i) {
        VERIFY_OK(putAll("b", {{digits(i, 3), std::string(i * 700, 'v')}}));
    }
    const auto reader = store().beginRead(); // its pages wait in the freelist
    VERIFY_OK(update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("b")); }));
    VERIFY_OK(putAll("b", {{"k", "v"}}));
    VERIFY_OK(store().shrink());
    QCOMPARE(get({"b"}, "k"), std::string("v"));
    QVERIFY(options.strictMode && store().options().strictMode);
}

void TestStrictMode::damageIsRefusedAndTheStoreGoesOn() {
    beginWith(m_disk, strict());
    VERIFY_OK(putAll("b", {{"k", std::string(9000, 'v')}}));
    const StoreStatistics before = store().statistics();
    const TxId version = store().beginRead()->id();
    m_disk->isArmed = true;
    for (int i = 0; i < 2; ++i) {
        const auto refused = putAll("b", {{"k", "w"}, {"l", std::string(20000, 'x')}});
        VERIFY_FAILS(refused, ErrorCode::CorruptPage);
        QVERIFY(refused.error().page.has_value());
        QVERIFY2(refused.error().text.find("page-type") != std::string::npos ||
                     refused.error().text.find("freelist-type") != std::string::npos,
                 refused.error().text.c_str());
        QCOMPARE(store().beginRead()->id(), version);
        QVERIFY(get({"b"}, "k") == std::string(9000, 'v'));
        QCOMPARE(problemsOf(path()), std::string()); // of the version that counts
        const StoreStatistics after = store().statistics();
        QCOMPARE(after.freePages + after.pendingPages, before.freePages + before.pendingPages);
    }
    m_disk->isArmed = false;
    VERIFY_OK(putAll("b", {{"k", "w"}}));
    QCOMPARE(store().beginRead()->id().value, version.value + 1);
    QCOMPARE(get({"b"}, "k"), std::string("w"));
}

// What strict mode is for: this is the state it prevents.
void TestStrictMode::withoutItTheDamageIsCommitted() {
    beginWith(m_disk, smallPages());
    VERIFY_OK(putAll("b", {{"k", std::string(9000, 'v')}}));
    m_disk->isArmed = true;
    VERIFY_OK(putAll("b", {{"k", "w"}}));
    QVERIFY(!problemsOf(path()).empty());
    begin(); // that file is not to be checked any more
}

void TestStrictMode::olderDamageFailsEveryCommit() {
    VERIFY_OK(putAll("a", {{"k", std::string(3000, 'v')}}));
    VERIFY_OK(putAll("b", {{"k", std::string(3000, 'v')}}));
    const Path damagedPath{"a"};
    const std::uint64_t page = store().beginRead()->bucket(bytesOf(damagedPath))->rootPage().value;
    QVERIFY(page > 1);
    close();
    QFile file(QString::fromStdString(path()));
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(qint64(page * kPageSize + 8)));
    QCOMPARE(file.write("\x77", 1), 1);
    file.close();
    open(strict());
    const auto refused = putAll("b", {{"k", "w"}});
    VERIFY_FAILS(refused, ErrorCode::CorruptPage);
    QCOMPARE(refused.error().page->value, page);
    QVERIFY(get({"b"}, "k") == std::string(3000, 'v'));
    begin();
}

QTEST_GUILESS_MAIN(TestStrictMode)
#include "tst_strict_mode.moc"
