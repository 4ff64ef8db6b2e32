// SPDX-License-Identifier: MIT
// Captions: every kind of event has a sentence with its cause and its numbers.
#include "models/caption.h"
#include "sample_files.h"
#include "session/get_runner.h"

#include <QRegularExpression>
#include <QTest>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;
using namespace Qt::StringLiterals;

namespace {

CaptionContext contextFor(const QByteArray& target, const QByteArray& quoted = {}) {
    CaptionContext context;
    context.target = target;
    context.fileBytes = [quoted](ByteRange) { return quoted; };
    return context;
}

ProbeEvent probe(std::int8_t order) {
    ProbeEvent e;
    e.page = PageId{12};
    e.low = 0;
    e.high = 9;
    e.middle = 4;
    e.bytesCompared = 2;
    e.order = order;
    return e;
}

} // namespace

class TestCaption : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aComparisonTellsBothKeysAndTheConsequence() {
        CaptionContext context = contextFor("karl", "kim");
        context.pageIsLeaf = false;
        const QString smaller = caption(probe(-1), context);
        QCOMPARE(smaller,
                 u"Binary search in branch page 12 compares “karl” with “kim” (element 4): smaller "
                 "after 2 bytes, so the answer is left of it. 4 elements remain."_s);
        const QString greater = caption(probe(1), context);
        QVERIFY(greater.contains(
            u"greater after 2 bytes, so the answer is right of it. 4 elements remain."_s));
        QVERIFY(caption(probe(0), context).contains(u"all 2 bytes are equal"_s));
        context.pageIsLeaf = true; // an inline page is always a leaf
        context.pageIsInline = true;
        QVERIFY(caption(probe(1), context).contains(u"in the inline page in leaf page 12"_s));
    }

    void aKeyThatLooksLikeAPlaceholderIsQuotedAsItIs() {
        CaptionContext context = contextFor("%4%1", "%2");
        context.pageIsLeaf = true;
        QVERIFY(caption(probe(-1), context).contains(u"compares “%4%1” with “%2” (element 4)"_s));
    }

    void aBranchWithoutExactMatchStepsLeftAndSaysWhy() {
        ChildChosenEvent e;
        e.page = PageId{12};
        e.index = 3;
        e.child = PageId{40};
        e.steppedLeft = true;
        const QString text = caption(e, contextFor("karl"));
        QVERIFY(text.contains(u"one to the left"_s));
        QVERIFY(text.contains(u"element 3"_s));
        QVERIFY(text.contains(u"page 40"_s));
        e.steppedLeft = false;
        QVERIFY(caption(e, contextFor("karl")).contains(u"before every key"_s));
        e.exact = true;
        QVERIFY(
            caption(e, contextFor("karl")).contains(u"stands in branch page 12 as element 3"_s));
    }

    void theMetaChoiceGivesItsReason() {
        MetaChosenEvent e;
        e.meta = 1;
        e.txid = TxId{1207};
        e.otherTxid = TxId{1206};
        e.otherValid = true;
        e.root = PageId{17};
        e.checksum = 0xABCDEF;
        const QString newer = caption(e, {});
        QVERIFY(newer.contains(u"newer"_s));
        QVERIFY(newer.contains(u"0xabcdef"_s));
        QVERIFY(newer.contains(u"page 17"_s));
        e.otherValid = false;
        QVERIFY(caption(e, {}).contains(u"meta page 0 does not validate"_s));
        e.otherValid = true;
        e.otherTxid = e.txid;
        QVERIFY(caption(e, {}).contains(u"Both meta pages"_s));
    }

    void anotherVersionIsNotSaidToBeTheNewest() {
        MetaChosenEvent e;
        e.meta = 0;
        e.txid = TxId{1206};
        e.otherTxid = TxId{1207};
        e.otherValid = true;
        e.root = PageId{17};
        e.choice = MetaChoice::Previous;
        const QString previous = caption(e, {});
        QVERIFY2(previous.contains(u"before the newest"_s) && !previous.contains(u"is newer"_s),
                 qPrintable(previous));
        e.choice = MetaChoice::Held;
        const QString held = caption(e, {});
        QVERIFY2(held.contains(u"keeps a copy of that meta"_s) && held.contains(u"page 17"_s),
                 qPrintable(held));
    }

    void bucketsTellWhereTheirTreeIs() {
        BucketHopEvent e;
        e.root = PageId{9};
        QVERIFY(caption(e, {}).contains(u"root bucket"_s));
        e.level = 1;
        e.header = {1000, 1016};
        const QString paged = caption(e, contextFor("accounts", "accounts"));
        QVERIFY(paged.contains(u"“accounts” is a bucket"_s));
        QVERIFY(paged.contains(u"page 9"_s));
        e.isInline = true;
        QVERIFY(caption(e, contextFor("accounts", "accounts")).contains(u"inline"_s));
    }

    void pagesTellKindCountAndOverflow() {
        PageReadEvent e;
        e.page = PageId{12};
        e.bytes = {12 * 4096, 15 * 4096};
        e.flags = 1;
        e.count = 20;
        QVERIFY(caption(e, {}).contains(u"Branch page 12"_s));
        QVERIFY(caption(e, {}).contains(u"20 elements"_s));
        e.flags = 2;
        e.count = 1;
        e.overflow = 2;
        const QString leaf = caption(e, {});
        QVERIFY(leaf.contains(u"Leaf page 12"_s));
        QVERIFY(leaf.contains(u"1 element,"_s));
        QVERIFY(leaf.contains(u"2 overflow pages"_s));
        e.isInline = true;
        QVERIFY(caption(e, {}).contains(u"inline page in leaf page 12"_s));
    }

    void leavesAnswerForKeysAndForBuckets() {
        LeafHitEvent hit;
        hit.page = PageId{40};
        hit.index = 7;
        CaptionContext context = contextFor("karl", "karl");
        QVERIFY(caption(hit, context).contains(u"“karl” is element 7 of leaf page 40."_s));
        hit.isBucket = true;
        QVERIFY(caption(hit, context).contains(u"Get answers nothing"_s));
        context.targetIsBucket = true;
        QVERIFY(caption(hit, context).contains(u"bucket header"_s));
        hit.isBucket = false;
        QVERIFY(caption(hit, context).contains(u"plain value"_s));
        LeafMissEvent miss;
        miss.page = PageId{40};
        miss.index = 8;
        QVERIFY(caption(miss, context).contains(u"no bucket “karl”"_s));
        context.targetIsBucket = false;
        QVERIFY(caption(miss, context).contains(u"element 8"_s));
    }

    void theValueIsASliceWithAddressAndLifetime() {
        ValueSliceEvent e;
        e.page = PageId{40};
        e.value = {163844, 163878};
        e.address = 0x7f3a0000;
        const QString text = caption(e, {});
        QVERIFY(text.contains(u"34 bytes"_s));
        QVERIFY(text.contains(u"0x7f3a0000"_s));
        QVERIFY(text.contains(u"until the transaction ends"_s));
    }

    void oddKeysAreShownAsHex() {
        QCOMPARE(quotedKey("karl"), u"“karl”"_s);
        QCOMPARE(quotedKey(QByteArray("\x00\x01\xff", 3)), u"0x0001ff"_s);
        QVERIFY(quotedKey(QByteArray(500, 'a')).size() < 60);
    }

    void everyStepOfARealGetHasACaption_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("bucket");
        QTest::addColumn<QByteArray>("key");
        QTest::newRow("missing key in a tree of height 3")
            << u"library.db"_s << QByteArray("books") << QByteArray("m");
        QTest::newRow("inline bucket")
            << u"library.db"_s << QByteArray("hours") << QByteArray("monday");
        QTest::newRow("missing bucket")
            << u"library.db"_s << QByteArray("nothing") << QByteArray("x");
        QTest::newRow("bucket as key")
            << u"library.db"_s << QByteArray("loans") << QByteArray("2026-01");
        QTest::newRow("damaged") << u"damaged/branch-cycle-self.db"_s << QByteArray("alpha")
                                 << QByteArray("a");
    }
    void everyStepOfARealGetHasACaption() {
        QFETCH(QString, file);
        QFETCH(QByteArray, bucket);
        QFETCH(QByteArray, key);
        const auto pages = openSample(file.toUtf8().constData());
        QVERIFY(pages);
        const GetTrace trace = runGet(pages, {bucket}, key);
        QVERIFY(!trace.events.empty());
        const QRegularExpression unfilled(u"%\\d"_s);
        for (int event = -1; event < static_cast<int>(trace.events.size()); ++event) {
            const QString text = captionAt(trace, event);
            QVERIFY2(text.size() > 20, qPrintable(text));
            QVERIFY2(!text.contains(unfilled), qPrintable(text));
            QVERIFY2(text.endsWith(u'.'), qPrintable(text));
            QVERIFY(wordCount(text) > 4);
        }
        const EndCard card = endCard(trace);
        QVERIFY(!card.title.isEmpty());
        QVERIFY(card.lines.size() >= 2);
    }

    void searchesNameTheirTarget() {
        const auto file = openSample("library.db");
        QVERIFY(file);
        const GetTrace trace = runGet(file, {"books"}, "m");
        bool sawBucket = false;
        bool sawKey = false;
        for (int event = 0; event < static_cast<int>(trace.events.size()); ++event) {
            if (std::holds_alternative<ProbeEvent>(trace.events[static_cast<std::size_t>(event)])) {
                const QString text = captionAt(trace, event);
                sawBucket = sawBucket || text.contains(u"compares “books” with"_s);
                sawKey = sawKey || text.contains(u"compares “m” with"_s);
                QVERIFY2(!text.contains(u"with the key"_s), qPrintable(text));
            }
        }
        QVERIFY(sawBucket);
        QVERIFY(sawKey);
    }

    void theEndCardComparesWithAScan() {
        GetTrace trace;
        trace.key = "karl";
        trace.found = true;
        trace.valueSize = 34;
        trace.pageCount = 978;
        trace.leafPages = 310;
        trace.coldPages = 2;
        MetaChosenEvent meta;
        PageReadEvent read;
        read.page = PageId{40};
        ValueSliceEvent value;
        value.page = PageId{40};
        value.value = {163844, 163878};
        value.address = 0x1000;
        trace.events = {meta, read, probe(1), probe(0), value};
        const EndCard card = endCard(trace);
        QVERIFY(card.title.contains(u"“karl”"_s));
        const QString all = card.lines.join(u'\n');
        QVERIFY(all.contains(u"2 of 978"_s));
        QVERIFY(all.contains(u"Bytes compared: 4 in 2 comparisons."_s));
        QVERIFY(all.contains(u"310 pages"_s));
        QVERIFY(all.contains(u"not copied"_s));
        QVERIFY(costText(trace, 1).startsWith(u"pages touched 2 of 978 · bytes compared 0"_s));
        QVERIFY(costText(trace, -1).startsWith(u"pages touched 0"_s));
    }

    void aMissingBucketIsAnAnswerAndNoError() {
        const auto file = openSample("library.db");
        QVERIFY(file);
        const GetTrace trace = runGet(file, {"nothing"}, "x");
        QVERIFY(trace.error.isEmpty());
        QVERIFY(endCard(trace).title.contains(u"no bucket “nothing”"_s));
    }

    void aFailedGetSaysWhy() {
        GetTrace trace;
        trace.key = "k";
        trace.error = u"The page lies past the end of the file"_s;
        QVERIFY(endCard(trace).title.contains(trace.error));
        QVERIFY(captionAt(trace, -1).contains(trace.error));
    }
};

QTEST_GUILESS_MAIN(TestCaption)
#include "tst_caption.moc"
