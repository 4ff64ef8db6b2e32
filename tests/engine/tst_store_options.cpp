// SPDX-License-Identifier: MIT
// Options of a store that change how it works and not what it stores.
#include "support/store_fixture.h"

#include <QFile>
#include <QFileInfo>

#include <sys/stat.h>

#include <memory>

using namespace pagescape;
using namespace pagescape::test;

namespace {

/// Remembers how the file was mapped.
class MapWatcher final : public ForwardingFile {
public:
    explicit MapWatcher(std::shared_ptr<StorageFile> file) : ForwardingFile(std::move(file)) {}
    [[nodiscard]] Result<std::shared_ptr<const FileMapping>> map(
        const MapRequest& request) override {
        requests.push_back(request);
        return ForwardingFile::map(request);
    }

    std::vector<MapRequest> requests;
};

// The flags of the mapping that begins at an address, two letters each. See proc(5), VmFlags.
QByteArray flagsOfMapping(std::uintptr_t address) {
    QFile maps(QStringLiteral("/proc/self/smaps"));
    if (!maps.open(QIODevice::ReadOnly)) {
        return {};
    }
    const QByteArray begin = QByteArray::number(qulonglong(address), 16) + '-';
    bool isThere = false;
    for (const QByteArray& line : maps.readAll().split('\n')) {
        isThere = isThere || line.startsWith(begin);
        if (isThere && line.startsWith("VmFlags:")) {
            return line;
        }
    }
    return {};
}

} // namespace

class TestStoreOptions : public StoreFixture {
    Q_OBJECT

private:
    std::shared_ptr<MapWatcher> m_watcher;

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() {
        end();
        m_watcher.reset();
    }

    void noStatisticsCountsNothing();
    void adviceReachesTheKernel_data();
    void adviceReachesTheKernel();
    void populateReachesEveryMapping();
    void modeIsThatOfNewFilesOnly();
    void allocSizeIsTheStepOfGrowth();
};

void TestStoreOptions::noStatisticsCountsNothing() {
    StoreOptions options = smallPages();
    options.noStatistics = true;
    reopen(options);
    VERIFY_OK(putAll("b", {{"k", std::string(20000, 'v')}}));
    VERIFY_OK(putAll("b", {{"k", "v"}}));
    {
        const auto reader = store().beginRead();
        VERIFY_OK(reader);
        const StoreStatistics now = store().statistics();
        QCOMPARE(now.readsStarted, 0U);
        QCOMPARE(now.readsOpen, 0U);
        QCOMPARE(now.tx.write, 0U);
        QCOMPARE(now.freePages + now.pendingPages, 0U);
        QCOMPARE(store().readers().size(), 1U); // the list of readers is no statistics
    }
    reopen();
    VERIFY_OK(store().beginRead());
    QCOMPARE(store().statistics().readsStarted, 1U);
}

void TestStoreOptions::adviceReachesTheKernel_data() {
    QTest::addColumn<int>("advice");
    QTest::addColumn<QByteArray>("flag");
    QTest::newRow("random") << int(MapAdvice::Random) << QByteArray(" rr");
    QTest::newRow("sequential") << int(MapAdvice::Sequential) << QByteArray(" sr");
    QTest::newRow("normal") << int(MapAdvice::Normal) << QByteArray();
}

void TestStoreOptions::adviceReachesTheKernel() {
    QFETCH(int, advice);
    QFETCH(QByteArray, flag);
    StoreOptions options = smallPages();
    options.advice = MapAdvice(advice);
    reopen(options);
    const QByteArray flags = flagsOfMapping(store().mapping().address);
    if (flags.isEmpty()) {
        QSKIP("The kernel does not tell the flags of mappings");
    }
    for (const QByteArray& each : {QByteArray(" rr"), QByteArray(" sr")}) {
        QCOMPARE(flags.contains(each), each == flag);
    }
}

void TestStoreOptions::populateReachesEveryMapping() {
    StoreOptions options = smallPages();
    options.populate = true;
    beginWith(m_watcher, options);
    VERIFY_OK(putAll("b", {{"k", std::string(200000, 'v')}})); // which needs a longer mapping
    QVERIFY(m_watcher->requests.size() >= 2);
    for (const MapRequest& request : m_watcher->requests) {
        QVERIFY(request.populate);
    }
    QCOMPARE(get({"b"}, "k"), std::string(200000, 'v'));
}

void TestStoreOptions::modeIsThatOfNewFilesOnly() {
    StoreOptions options = smallPages();
    options.mode = 0640;
    const mode_t before = ::umask(0022);
    begin(options);
    QCOMPARE(QFileInfo(QString::fromStdString(path())).permissions() & 0x7777,
             QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser |
                 QFile::ReadGroup);
    options.mode = 0666;
    reopen(options);
    struct stat info = {};
    QCOMPARE(::stat(path().c_str(), &info), 0);
    QCOMPARE(info.st_mode & 0777U, 0640U);
    ::umask(before);
}

// A file that is longer than the step grows by it, not to the length of its mapping.
void TestStoreOptions::allocSizeIsTheStepOfGrowth() {
    StoreOptions options = smallPages();
    options.allocSize = 16384;
    begin(options);
    VERIFY_OK(putAll("b", {{"k", std::string(100000, 'v')}}));
    QCOMPARE(store().fileSize(), (highWater() + 1) * 4096 + 16384);
    options.allocSize = 1 << 20;
    begin(options);
    VERIFY_OK(putAll("b", {{"k", std::string(100000, 'v')}}));
    QCOMPARE(store().fileSize(), store().mapping().length);
}

QTEST_GUILESS_MAIN(TestStoreOptions)
#include "tst_store_options.moc"
