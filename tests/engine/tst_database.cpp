// SPDX-License-Identifier: MIT
// Opening, Get, cursors and the trace on small files built byte by byte.
#include "pagescape/database.h"
#include "pagescape/trace.h"
#include "support/page_builder.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QtTest>

#include <sys/file.h>
#include <unistd.h>

using namespace pagescape;
using pagescape::test::FileBuilder;

namespace {

constexpr std::uint32_t kP = 1024;

// Root bucket (page 2) -> bucket "b" (branch 3 -> leaves 4, 5, 6; leaf 5 is empty) and inline "i".
FileBuilder smallTree(std::uint32_t pageSize = kP) {
    FileBuilder file(pageSize, 9);
    file.meta(0, 4, 2, 7, 8);
    file.meta(1, 3, 2, 7, 8);
    FileBuilder inlinePage(256, 1);
    inlinePage.leaf(0, {{"x", "inline value"}, {"y", ""}});
    std::string inlineValue = FileBuilder::bucketValue(0, 9);
    inlineValue.append(
        static_cast<const char*>(static_cast<const void*>(inlinePage.bytes().data())),
        16 + 2 * 16 + 14);
    file.leaf(2, {{"b", FileBuilder::bucketValue(3, 7), 1}, {"iii", inlineValue, 1}});
    file.branch(3, {{"a", 4}, {"f", 5}, {"k", 6}});
    file.leaf(4, {{"a", "1"}, {"c", "2"}, {"e", "3"}});
    file.leaf(5, {});
    file.leaf(6, {{"k", "4"}, {"m", ""}});
    file.freelist(7, {});
    return file;
}

} // namespace

class TestDatabase : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    [[nodiscard]] std::string write(const FileBuilder& file) const {
        const std::string path = m_dir.filePath(QStringLiteral("test.db")).toStdString();
        file.write(path);
        return path;
    }
    static QString keys(Bucket bucket, bool reverse = false) {
        Cursor cursor = bucket.cursor();
        QString out;
        for (auto e = reverse ? cursor.last() : cursor.first(); e && *e;
             e = reverse ? cursor.prev() : cursor.next()) {
            out += QString::fromStdString(toString((*e)->key));
        }
        return out;
    }

private Q_SLOTS:
    void findsKeysThroughBranchesAndInlineBuckets();
    void emptyValueAndMissingKeyDiffer();
    void namesTheMissingStepOfAPath();
    void walksBothWaysOverAnEmptyLeaf();
    void cursorStaysAtTheEndsLikeBolt();
    void seekPastTheEndThenPrevGivesTheLast();
    void tracesEveryStepOfAGet();
    void reportsACycleAsAnError();
    void reportsAReferencePastTheHighWaterMark();
    void choosesTheHigherValidMeta();
    void readsOddPageSizes_data();
    void readsOddPageSizes();
    void keepsBytesAndTimes();
    void refusesWhatIsNoRegularFile();
    void opensAFileThatAnotherProgramHolds();
    void aFileCutUnderneathIsAnError();
    void growthRuleOfTheMapping_data();
    void growthRuleOfTheMapping();
};

void TestDatabase::findsKeysThroughBranchesAndInlineBuckets() {
    const auto db = Database::openReadOnly(write(smallTree()));
    QVERIFY2(db, db ? "" : db.error().describe().c_str());
    const auto tx = db->beginRead();
    QVERIFY(tx);
    const std::array<Bytes, 1> b{asBytes("b")};
    for (const auto& [key, value] : {std::pair("a", "1"), {"c", "2"}, {"e", "3"}, {"k", "4"}}) {
        const auto got = tx->get(b, asBytes(key));
        QVERIFY(got && *got);
        QCOMPARE(toString(**got), std::string(value));
    }
    const std::array<Bytes, 1> i{asBytes("iii")};
    const auto got = tx->get(i, asBytes("x"));
    QVERIFY(got && *got);
    QCOMPARE(toString(**got), std::string("inline value"));
    QCOMPARE(tx->bucket(i)->sequence(), 9U);
    QVERIFY(tx->bucket(i)->isInline());
}

void TestDatabase::emptyValueAndMissingKeyDiffer() {
    const auto db = Database::openReadOnly(write(smallTree()));
    const auto tx = db->beginRead();
    const std::array<Bytes, 1> b{asBytes("b")};
    const auto empty = tx->get(b, asBytes("m"));
    QVERIFY(empty && empty->has_value() && (*empty)->empty());
    for (const char* key : {"", "0", "b", "f", "g", "l", "z"}) {
        const auto missing = tx->get(b, asBytes(key));
        QVERIFY2(missing && !missing->has_value(), key);
    }
    const auto bucketKey = tx->get({}, asBytes("b"));
    QVERIFY(bucketKey && !bucketKey->has_value());
}

void TestDatabase::namesTheMissingStepOfAPath() {
    const auto db = Database::openReadOnly(write(smallTree()));
    const auto tx = db->beginRead();
    const std::array<Bytes, 2> path{asBytes("b"), asBytes("nope")};
    const auto missing = tx->bucket(path);
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, ErrorCode::BucketNotFound);
    QVERIFY(missing.error().text.find("nope") != std::string::npos);
    const std::array<Bytes, 2> plain{asBytes("b"), asBytes("a")};
    QCOMPARE(tx->bucket(plain).error().code, ErrorCode::IncompatibleValue);
    const std::array<Bytes, 1> none{Bytes()};
    QCOMPARE(tx->bucket(none).error().code, ErrorCode::KeyRequired);
}

void TestDatabase::walksBothWaysOverAnEmptyLeaf() {
    const auto db = Database::openReadOnly(write(smallTree()));
    const auto tx = db->beginRead();
    const std::array<Bytes, 1> b{asBytes("b")};
    QCOMPARE(keys(*tx->bucket(b)), QStringLiteral("acekm"));
    QCOMPARE(keys(*tx->bucket(b), true), QStringLiteral("mkeca"));
}

void TestDatabase::cursorStaysAtTheEndsLikeBolt() {
    const auto db = Database::openReadOnly(write(smallTree()));
    const auto tx = db->beginRead();
    const std::array<Bytes, 1> b{asBytes("b")};
    Cursor cursor = tx->bucket(b)->cursor();
    QVERIFY(!*cursor.next());
    QVERIFY(*cursor.last());
    for (int i = 0; i < 10; ++i) {
        QVERIFY(!*cursor.next());
    }
    QCOMPARE(toString((*cursor.prev())->key), std::string("k"));
    QVERIFY(*cursor.first());
    QVERIFY(!*cursor.prev());
    QCOMPARE(toString((*cursor.next())->key), std::string("c"));
}

void TestDatabase::seekPastTheEndThenPrevGivesTheLast() {
    const auto db = Database::openReadOnly(write(smallTree()));
    const auto tx = db->beginRead();
    const std::array<Bytes, 1> b{asBytes("b")};
    Cursor cursor = tx->bucket(b)->cursor();
    QVERIFY(!*cursor.seek(asBytes("zz")));
    QCOMPARE(toString((*cursor.prev())->key), std::string("m"));
    QCOMPARE(toString((*cursor.seek(asBytes("d")))->key), std::string("e"));
    QCOMPARE(toString((*cursor.seek(asBytes("f")))->key), std::string("k")); // over the empty leaf
    QCOMPARE(toString((*cursor.seek(Bytes()))->key), std::string("a"));
}

void TestDatabase::tracesEveryStepOfAGet() {
    const auto db = Database::openReadOnly(write(smallTree()));
    TraceRecorder recorder;
    const auto tx = db->beginRead(&recorder);
    const std::array<Bytes, 1> b{asBytes("b")};
    const auto got = tx->get(b, asBytes("e"));
    QVERIFY(got && *got);
    QStringList names;
    for (const TraceEvent& event : recorder.events()) {
        const std::string_view name = eventName(event);
        names += QString::fromLatin1(name.data(), qsizetype(name.size()));
    }
    QCOMPARE(names.join(QLatin1Char(' ')),
             QStringLiteral("meta-chosen bucket-hop page-read probe probe leaf-hit bucket-hop "
                            "page-read probe probe child-chosen page-read probe probe leaf-hit "
                            "value-slice"));
    const auto& child = std::get<ChildChosenEvent>(recorder.events()[10]);
    QCOMPARE(child.child, PageId{4});
    QVERIFY(child.steppedLeft && !child.exact);
    const auto& slice = std::get<ValueSliceEvent>(recorder.events().back());
    QCOMPARE(slice.value, tx->fileRange(**got));
    QCOMPARE(slice.value.begin, 4U * kP + 16 + 3 * 16 + 5);
}

void TestDatabase::reportsACycleAsAnError() {
    FileBuilder file = smallTree();
    file.branch(3, {{"a", 3}, {"f", 5}, {"k", 6}});
    const auto db = Database::openReadOnly(write(file));
    const auto tx = db->beginRead();
    const std::array<Bytes, 1> b{asBytes("b")};
    QCOMPARE(tx->get(b, asBytes("c")).error().code, ErrorCode::LimitReached);
    Cursor cursor = tx->bucket(b)->cursor();
    const auto first = cursor.first();
    QCOMPARE(first.error().code, ErrorCode::CorruptPage);
    QCOMPARE(*first.error().page, PageId{3});
    QCOMPARE(toString((*cursor.next())->key), std::string("k")); // what is readable stays readable
}

void TestDatabase::reportsAReferencePastTheHighWaterMark() {
    FileBuilder file = smallTree();
    file.branch(3, {{"a", 4}, {"f", 8}, {"k", 6}});
    const auto db = Database::openReadOnly(write(file));
    const auto tx = db->beginRead();
    const std::array<Bytes, 1> b{asBytes("b")};
    const auto got = tx->get(b, asBytes("g"));
    QCOMPARE(got.error().code, ErrorCode::CorruptPage);
    QCOMPARE(*got.error().page, PageId{8});
    QVERIFY(tx->get(b, asBytes("k")));
}

void TestDatabase::choosesTheHigherValidMeta() {
    FileBuilder file = smallTree();
    QCOMPARE(*PageFile::open(write(file))->layout().metas.active, 0);
    file.meta(1, 5, 2, 7, 8);
    QCOMPARE(*PageFile::open(write(file))->layout().metas.active, 1);
    file.put<std::uint8_t>(file.at(1, format::kMetaRootAt), 99); // checksum no longer fits
    const auto damaged = PageFile::open(write(file));
    QCOMPARE(*damaged->layout().metas.active, 0);
    QCOMPARE(damaged->layout().metas.metas[1].error->code, ErrorCode::ChecksumMismatch);
    file.put<std::uint32_t>(file.at(0, format::kMetaVersionAt), 1);
    const auto refused = Database::openReadOnly(write(file));
    QCOMPARE(refused.error().code, ErrorCode::VersionMismatch); // meta 0's error is the one told
}

void TestDatabase::readsOddPageSizes_data() {
    QTest::addColumn<uint>("pageSize");
    for (const uint size : {512U, 1000U, 1024U, 3000U, 4096U, 65536U, 131072U}) {
        QTest::addRow("%u", size) << size;
    }
}

void TestDatabase::readsOddPageSizes() {
    QFETCH(uint, pageSize);
    const auto db = Database::openReadOnly(write(smallTree(pageSize)));
    QVERIFY2(db, db ? "" : db.error().describe().c_str());
    QCOMPARE(db->file().layout().pageSize, pageSize);
    const auto tx = db->beginRead();
    const std::array<Bytes, 1> b{asBytes("b")};
    QCOMPARE(keys(*tx->bucket(b)), QStringLiteral("acekm"));
}

void TestDatabase::keepsBytesAndTimes() {
    const std::string path = write(smallTree());
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray before = file.readAll();
    const QDateTime modified = QFileInfo(file).lastModified();
    {
        const auto db = Database::openReadOnly(path);
        QVERIFY(db->beginRead());
    }
    file.seek(0);
    QCOMPARE(file.readAll(), before);
    QFileInfo after(QString::fromStdString(path));
    QCOMPARE(after.lastModified(), modified);
}

void TestDatabase::refusesWhatIsNoRegularFile() {
    QCOMPARE(PageFile::open(m_dir.path().toStdString()).error().code, ErrorCode::NotRegularFile);
    const std::string missing = m_dir.filePath(QStringLiteral("missing")).toStdString();
    QCOMPARE(PageFile::open(missing).error().code, ErrorCode::FileNotFound);
    QVERIFY(!QFileInfo::exists(QString::fromStdString(missing)));
    FileBuilder empty(kP, 0);
    QCOMPARE(PageFile::open(write(empty)).error().code, ErrorCode::EmptyFile);
}

void TestDatabase::opensAFileThatAnotherProgramHolds() {
    const std::string path = write(smallTree());
    QFile other(QString::fromStdString(path));
    QVERIFY(other.open(QIODevice::ReadOnly));
    QCOMPARE(::flock(other.handle(), LOCK_EX), 0);
    const auto held = Database::openReadOnly(path);
    QVERIFY(held);
    QCOMPARE(held->file().layout().lock, LockState::HeldByOther);
    QCOMPARE(::flock(other.handle(), LOCK_UN), 0);
    const auto locked = Database::openReadOnly(path);
    QCOMPARE(locked->file().layout().lock, LockState::Shared);
    QVERIFY(::flock(other.handle(), LOCK_EX | LOCK_NB) != 0);
}

void TestDatabase::aFileCutUnderneathIsAnError() {
    FileBuilder file(4096, 9);
    file.meta(0, 4, 2, 7, 8);
    file.meta(1, 3, 2, 7, 8);
    file.leaf(2, {{"k", "v"}});
    file.freelist(7, {});
    const std::string path = write(file);
    const auto db = Database::openReadOnly(path);
    const auto tx = db->beginRead();
    QVERIFY(*tx->get({}, asBytes("k")));
    QCOMPARE(::truncate(path.c_str(), 8192), 0);
    const auto got = tx->get({}, asBytes("k"));
    QVERIFY(!got);
    QVERIFY(db->file().truncated());
    QCOMPARE(db->file().readPages(PageId{2}, 1)->size(), 0U);
}

void TestDatabase::growthRuleOfTheMapping_data() {
    QTest::addColumn<quint64>("needed");
    QTest::addColumn<uint>("pageSize");
    QTest::addColumn<quint64>("expected");
    constexpr quint64 kGiB = quint64{1} << 30;
    QTest::newRow("nothing") << quint64{0} << 4096U << quint64{32768};
    QTest::newRow("exactly 32 KiB") << quint64{32768} << 4096U << quint64{32768};
    QTest::newRow("one byte more doubles") << quint64{32769} << 4096U << quint64{65536};
    QTest::newRow("409,600 as bolt rounds it") << quint64{409600} << 4096U << quint64{524288};
    QTest::newRow("1 GiB is the last doubling") << kGiB << 4096U << kGiB;
    QTest::newRow("then steps of 1 GiB") << kGiB + 1 << 4096U << 2 * kGiB;
    QTest::newRow("and again") << 2 * kGiB + 1 << 4096U << 3 * kGiB;
    QTest::newRow("multiple of the page") << kGiB + 1 << 3000U << (2 * kGiB + 2999) / 3000 * 3000;
    QTest::newRow("capped") << quint64{0xFFFFFFFFFFFF} << 4096U << quint64{0xFFFFFFFFFFFF};
}

void TestDatabase::growthRuleOfTheMapping() {
    QFETCH(quint64, needed);
    QFETCH(uint, pageSize);
    QFETCH(quint64, expected);
    QCOMPARE(quint64(*mappingLength(needed, pageSize)), expected);
    QCOMPARE(mappingLength(quint64{1} << 48, pageSize).error().code, ErrorCode::MapFailed);
}

QTEST_GUILESS_MAIN(TestDatabase)
#include "tst_database.moc"
