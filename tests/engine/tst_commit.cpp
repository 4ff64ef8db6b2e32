// SPDX-License-Identifier: MIT
// What a commit does to the file, in which order, and what is left where it fails; and shrinking.
#include "pagescape/storage_file.h"
#include "support/page_builder.h"
#include "support/store_fixture.h"

#include <QFile>

using namespace pagescape;
using namespace pagescape::test;

class TestCommit : public StoreFixture {
    Q_OBJECT

private:
    std::shared_ptr<RecordingFile> m_recorded;
    std::shared_ptr<FaultyFile> m_faulty;

    [[nodiscard]] QByteArray fileBytes() {
        QFile file(QString::fromStdString(path()));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() {
        end();
        m_recorded.reset();
        m_faulty.reset();
    }

    void txTruncateBeforeWrite_data();
    void txTruncateBeforeWrite();
    void emptyCommitMovesTheFreelist();
    void rollbackLeavesTheFileUntouched();
    void failedCommitChangesNothing_data();
    void failedCommitChangesNothing();
    void failedMetaSyncStopsWriting();
    void failedShrinkKeepsTheFreePages();
    void shrinkGivesTheTailBack();
    void shrinkThatGrowsGivesNothingBack();
    void shrinkWithoutFreePagesWritesNothing();
    void lastTransactionNumberEndsWriting();
    void cutFileCommitsNothing();
    void shortFreelistIsRefused();
    void readersBeginWhileTheFileIsCut();
    void collapsedRootKeepsTheRightPage();
};

void TestCommit::txTruncateBeforeWrite_data() {
    QTest::addColumn<bool>("isHashmap");
    QTest::newRow("array") << false;
    QTest::newRow("hashmap") << true;
}

// Growth and its sync, then pages and sync, then the meta and sync.
void TestCommit::txTruncateBeforeWrite() {
    QFETCH(bool, isHashmap);
    StoreOptions options = smallPages();
    options.noSync = false;
    options.freelistType = isHashmap ? FreelistType::Hashmap : FreelistType::Array;
    beginWith(m_recorded, options);
    m_recorded->clear();
    VERIFY_OK(putAll("b", {{"k", std::string(100000, 'v')}}));
    std::string order;
    for (const FileOperation& each : m_recorded->operations()) {
        using Kind = FileOperation::Kind;
        const bool isMeta = each.kind == Kind::Write && each.offset < 2 * 4096;
        const char letter = each.kind == Kind::Resize     ? 'R'
                            : each.kind == Kind::SyncAll  ? 'A'
                            : each.kind == Kind::SyncData ? 'S'
                            : isMeta                      ? 'M'
                                                          : 'W';
        if (order.empty() || order.back() != letter) {
            order += letter;
        }
    }
    QCOMPARE(order, std::string("RAWSMS"));
}

void TestCommit::emptyCommitMovesTheFreelist() {
    VERIFY_OK(putAll("widgets", {{"foo", "bar"}}));
    const PageId root = store().beginRead()->meta().root;
    VERIFY_OK(update([](WriteTransaction&) { return Result<void>(); }));
    const auto tx = store().beginRead();
    QCOMPARE(tx->id().value, 3U);
    QCOMPARE(tx->meta().root, root);
    QCOMPARE(tx->meta().freelist.value, 2U);
    QCOMPARE(tx->meta().highWater.value, 6U);
}

void TestCommit::rollbackLeavesTheFileUntouched() {
    VERIFY_OK(putAll("b", {{"k", "v"}}));
    const QByteArray before = fileBytes();
    auto tx = store().beginWrite();
    VERIFY_OK((*tx->bucket(asBytes("b")))->put(asBytes("l"), asBytes(std::string(100000, 'x'))));
    VERIFY_OK(tx->rollback());
    QVERIFY(!before.isEmpty() && fileBytes() == before);
}

void TestCommit::failedCommitChangesNothing_data() {
    QTest::addColumn<int>("call");
    QTest::newRow("growth") << int(FileCall::Resize);
    QTest::newRow("sync of the growth") << int(FileCall::SyncAll);
    QTest::newRow("pages") << int(FileCall::Write);
    QTest::newRow("sync of the pages") << int(FileCall::SyncData);
    QTest::newRow("remap") << int(FileCall::Map);
}

// Then everything works again: what the failed commit took and freed is as before.
void TestCommit::failedCommitChangesNothing() {
    QFETCH(int, call);
    StoreOptions options = smallPages();
    options.noSync = false;
    beginWith(m_faulty, options);
    VERIFY_OK(putAll("b", {{"k", std::string(20000, 'v')}}));
    const StoreStatistics before = store().statistics();
    const std::uint64_t mark = highWater();
    for (int i = 0; i < 3; ++i) {
        FaultyFile::Fault fault;
        fault.call = FileCall(call);
        fault.osError = ENOSPC;
        m_faulty->arm(fault);
        VERIFY_FAILS(putAll("b", {{"k", "w"}, {"l", std::string(300000, 'x')}}),
                     call == int(FileCall::Map) ? ErrorCode::MapFailed : ErrorCode::OsFailure);
        QVERIFY(m_faulty->hasStruck());
        m_faulty->arm(std::nullopt);
        QCOMPARE(store().beginRead()->id().value, 2U);
        QCOMPARE(highWater(), mark);
        const StoreStatistics after = store().statistics();
        QCOMPARE(after.freePages + after.pendingPages, before.freePages + before.pendingPages);
        QCOMPARE(get({"b"}, "k"), std::string(20000, 'v'));
    }
    VERIFY_OK(putAll("b", {{"k", "w"}, {"l", std::string(300000, 'x')}}));
    QCOMPARE(get({"b"}, "k"), std::string("w"));
}

// Nobody knows which meta the disk holds, so nobody may build on it.
void TestCommit::failedMetaSyncStopsWriting() {
    StoreOptions options = smallPages();
    options.noSync = false;
    beginWith(m_faulty, options);
    VERIFY_OK(putAll("b", {{"k", "v"}}));
    FaultyFile::Fault fault;
    fault.call = FileCall::SyncData;
    fault.after = 1;
    m_faulty->arm(fault);
    VERIFY_FAILS(putAll("b", {{"k", "w"}}), ErrorCode::CommitUncertain);
    m_faulty->arm(std::nullopt);
    VERIFY_FAILS(putAll("b", {{"k", "x"}}), ErrorCode::CommitUncertain);
    QCOMPARE(get({"b"}, "k"), std::string("v"));
    m_faulty.reset(); // the file is closed with its last owner
    reopen();
    VERIFY_OK(putAll("b", {{"k", "y"}}));
    QCOMPARE(get({"b"}, "k"), std::string("y"));
}

void TestCommit::failedShrinkKeepsTheFreePages() {
    beginWith(m_faulty, smallPages());
    VERIFY_OK(putAll("a", {{"k", "v"}}));
    VERIFY_OK(putAll("b", {{"k", std::string(400000, 'v')}}));
    VERIFY_OK(update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("b")); }));
    m_faulty->arm(FaultyFile::Fault{});
    VERIFY_FAILS(store().shrink(), ErrorCode::OsFailure);
    m_faulty->arm(std::nullopt);
    VERIFY_OK(putAll("a", {{"k", "w"}})); // the check finds pages that are in no list
    QVERIFY(store().statistics().freePages > 90);
}

// Where a reader holds the free pages, its own commits can need new ones.
void TestCommit::shrinkThatGrowsGivesNothingBack() {
    VERIFY_OK(putAll("b", {{"k", std::string(5000, 'v')}}));
    bool hasGrown = false;
    std::vector<ReadTransaction> readers;
    for (int i = 0; i < 100 && !hasGrown; ++i) {
        auto reader = store().beginRead();
        VERIFY_OK(reader);
        readers.push_back(std::move(*reader));
        const std::uint64_t before = store().fileSize();
        const auto given = store().shrink();
        VERIFY_OK(given);
        hasGrown = store().fileSize() > before;
        QCOMPARE(*given, before - std::min(before, store().fileSize()));
    }
    QVERIFY(hasGrown);
}

void TestCommit::shrinkWithoutFreePagesWritesNothing() {
    const QByteArray before = fileBytes();
    const auto given = store().shrink();
    VERIFY_OK(given);
    QCOMPARE(*given, 0U);
    QVERIFY(fileBytes() == before);
}

// A transaction after it would be number 0, which no opener takes for the newer one.
void TestCommit::lastTransactionNumberEndsWriting() {
    FileBuilder builder(4096, 4);
    builder.meta(0, UINT64_MAX - 1, 3, 2, 4);
    builder.meta(1, UINT64_MAX - 2, 3, 2, 4);
    builder.freelist(2, {});
    builder.leaf(3, {});
    const std::string path = newPath();
    builder.write(path);
    auto last = Store::open(path, smallPages());
    VERIFY_OK(last);
    VERIFY_OK(last->update([](WriteTransaction& tx) -> Result<void> {
        return tx.createBucket(asBytes("b")).map([](const WriteBucket&) {});
    }));
    const auto change = last->update([](WriteTransaction&) { return Result<void>(); });
    VERIFY_FAILS(change, ErrorCode::LimitReached);
    VERIFY_OK(last->beginRead());
    const auto copied = last->view([](const ReadTransaction& tx) -> Result<void> {
        return tx.rootBucket().bucket(asBytes("b")).map([](const auto& b) { QVERIFY(b); });
    });
    VERIFY_OK(copied);
}

void TestCommit::shrinkGivesTheTailBack() {
    VERIFY_OK(putAll("a", {{"k", "v"}}));
    VERIFY_OK(putAll("b", {{"k", std::string(400000, 'v')}}));
    VERIFY_OK(update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("b")); }));
    const std::uint64_t before = store().fileSize();
    const auto given = store().shrink();
    VERIFY_OK(given);
    QVERIFY(*given >= 390000);
    QCOMPARE(store().fileSize(), before - *given);
    QCOMPARE(std::uint64_t(fileBytes().size()), store().fileSize());
    reopen();
    VERIFY_OK(putAll("b", {{"k", std::string(400000, 'v')}}));
    QCOMPARE(get({"a"}, "k"), std::string("v"));
}

// The root gives way to its only child, which did not change: the child's page goes on as the root.
void TestCommit::collapsedRootKeepsTheRightPage() {
    StoreOptions options = smallPages();
    options.splitToSingleItems = true;
    reopen(options);
    Pairs pairs;
    for (std::uint64_t i = 0; i < 20; ++i) {
        pairs.emplace_back(digits(i, 4), std::string(300, 'v'));
    }
    VERIFY_OK(putAll("b", pairs));
    for (std::uint64_t last = 1; last < 20; ++last) {
        VERIFY_OK(update([&](WriteTransaction& tx) -> Result<void> {
            auto bucket = tx.bucket(asBytes("b"));
            return (*bucket)->remove(asBytes(pairs[last - 1].first));
        }));
        QCOMPARE(entries({"b"}), Pairs(pairs.begin() + std::ptrdiff_t(last), pairs.end()));
        QCOMPARE(problemsOf(path()), std::string());
    }
    VERIFY_OK(putAll("b", pairs));
    VERIFY_OK(update([&](WriteTransaction& tx) -> Result<void> { // all but one leaf at once
        auto bucket = tx.bucket(asBytes("b"));
        for (std::size_t i = 0; i < 12; ++i) {
            if (auto gone = (*bucket)->remove(asBytes(pairs[i].first)); !gone) {
                return gone;
            }
        }
        return {};
    }));
    QCOMPARE(entries({"b"}), Pairs(pairs.begin() + 12, pairs.end()));
}

// Another program cuts the file: what is read as zeroes from there on must not be committed.
void TestCommit::cutFileCommitsNothing() {
    StoreOptions options = smallPages();
    options.noFreelistSync = true;
    reopen(options);
    Pairs pairs;
    for (std::uint64_t i = 0; i < 2000; ++i) {
        pairs.emplace_back(digits(i, 5), std::string(100, 'v'));
    }
    VERIFY_OK(putAll("b", pairs));
    const qint64 size = fileBytes().size();
    auto tx = store().beginWrite();
    VERIFY_OK(tx);
    QVERIFY(QFile::resize(QString::fromStdString(path()), 4 * 4096));
    auto bucket = tx->bucket(asBytes("b"));
    for (std::uint64_t i = 0; bucket && *bucket && i < 2000; i += 50) {
        static_cast<void>((*bucket)->put(asBytes(digits(i, 5)), asBytes("w")));
    }
    VERIFY_FAILS(tx->commit(), ErrorCode::Truncated);
    QVERIFY(fileBytes().size() <= size);
    VERIFY_OK(store().close());
    begin(); // a sound file for cleanup()
}

namespace {

// Reads nothing once it is told to.
class SilentFile : public ForwardingFile {
public:
    using ForwardingFile::ForwardingFile;
    bool isSilent = false;
    Result<std::size_t> readAt(std::uint64_t offset, std::span<std::byte> buffer) override {
        return isSilent ? Result<std::size_t>(0) : ForwardingFile::readAt(offset, buffer);
    }
};

// Looks at the store while it waits for the disk.
class LookingFile : public ForwardingFile {
public:
    using ForwardingFile::ForwardingFile;
    std::function<void()> onSync;
    Result<void> syncAll() override {
        if (onSync) {
            onSync();
        }
        return ForwardingFile::syncAll();
    }
};

} // namespace

void TestCommit::shortFreelistIsRefused() {
    std::shared_ptr<SilentFile> file;
    beginWith(file, smallPages());
    VERIFY_OK(putAll("a", {{"k", "v"}}));
    file->isSilent = true;
    VERIFY_FAILS(update([](WriteTransaction&) { return Result<void>(); }), ErrorCode::Truncated);
    file->isSilent = false;
    VERIFY_OK(putAll("a", {{"k", "w"}}));
}

void TestCommit::readersBeginWhileTheFileIsCut() {
    std::shared_ptr<LookingFile> file;
    beginWith(file, smallPages());
    VERIFY_OK(putAll("a", {{"k", "v"}}));
    VERIFY_OK(putAll("b", {{"k", std::string(400000, 'v')}}));
    VERIFY_OK(update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("b")); }));
    int looks = 0;
    file->onSync = [&] { looks += store().beginRead() ? 1 : 0; };
    QVERIFY(store().shrink().value() > 390000);
    QVERIFY(looks > 0);
    file->onSync = nullptr;
}

QTEST_GUILESS_MAIN(TestCommit)
#include "tst_commit.moc"
