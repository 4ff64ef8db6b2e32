// SPDX-License-Identifier: MIT
// The drawn tree: real pages in pre-order, under a budget, with nothing lost from the count of
// leaves.
#include "models/tree_shape_builder.h"
#include "sample_files.h"

#include <QTest>

#include <set>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

namespace {

bool isPreOrder(const TreeShape& shape) {
    for (std::size_t i = 0; i < shape.nodes.size(); ++i) {
        const int parent = shape.nodes[i].parent;
        if (i == 0 ? parent != -1 : parent < 0 || parent >= static_cast<int>(i)) {
            return false;
        }
    }
    return true;
}

const TreeShape::Node* nodeOf(const TreeShape& shape, std::uint64_t page) {
    for (const auto& node : shape.nodes) {
        if (node.page.value == page) {
            return &node;
        }
    }
    return nullptr;
}

quint64 leavesIn(const TreeShape& shape) {
    quint64 leaves = 0;
    for (const auto& node : shape.nodes) {
        leaves += node.hiddenLeaves + (node.kind == PageKind::Leaf ? 1 : 0);
    }
    return leaves;
}

BucketIndex bucketNamed(const Census& census, const std::string& name) {
    for (std::size_t i = 0; i < census.bucketCount(); ++i) {
        if (census.bucket(static_cast<BucketIndex>(i)).name == name) {
            return static_cast<BucketIndex>(i);
        }
    }
    return kNoBucket;
}

} // namespace

class TestTreeShapeBuilder : public QObject {
    Q_OBJECT

    std::shared_ptr<const PageFile> m_file;
    std::shared_ptr<const Census> m_census;

private Q_SLOTS:
    void initTestCase() {
        m_file = openSample("library.db");
        QVERIFY(m_file);
        m_census = censusOf(m_file);
        QVERIFY(m_census);
    }

    void everyBudgetCountsTheSameLeaves_data() {
        QTest::addColumn<int>("unasked");
        QTest::addColumn<int>("children");
        QTest::newRow("root only") << 0 << 24;
        QTest::newRow("few") << 10 << 5;
        QTest::newRow("usual") << 60 << 24;
        QTest::newRow("all") << 2000 << 2000;
    }
    void everyBudgetCountsTheSameLeaves() {
        QFETCH(int, unasked);
        QFETCH(int, children);
        TreeShapeRequest request;
        request.unasked = unasked;
        request.childrenUnasked = children;
        const TreeShape shape = buildTreeShape(*m_file, *m_census, request);
        QVERIFY(isPreOrder(shape));
        QCOMPARE(leavesIn(shape), m_census->kindCounts()[static_cast<std::size_t>(PageKind::Leaf)]);
        QVERIFY(static_cast<int>(shape.nodes.size()) <= std::max(1, unasked));
    }

    void aBucketsTreeHasItsRealShape() {
        TreeShapeRequest request;
        request.bucket = bucketNamed(*m_census, "books");
        request.unasked = 2000;
        request.childrenUnasked = 2000;
        const TreeShape shape = buildTreeShape(*m_file, *m_census, request);
        const BucketInfo books = m_census->bucket(request.bucket);
        QCOMPARE(shape.nodes.size(), books.branchPages + books.leafPages);
        QCOMPARE(shape.nodes.front().page, books.root);
        QVERIFY(shape.nodes.front().isBucketRoot);
        QCOMPARE(shape.nodes.front().bucketName, QStringLiteral("books"));
        for (const auto& node : shape.nodes) {
            const PageRow row = m_census->row(node.page);
            QVERIFY(node.kind == row.kind);
            QCOMPARE(node.elements, int{row.count});
            QVERIFY(node.fill > 0 && node.fill <= 1);
            QVERIFY(!node.firstKey.isEmpty());
            QVERIFY(!node.hasProblem);
            if (node.parent >= 0) {
                QCOMPARE(shape.nodes[static_cast<std::size_t>(node.parent)].page.value,
                         std::uint64_t{row.parent});
            }
        }
        // Leaves from left to right are in key order.
        QString before;
        for (const auto& node : shape.nodes) {
            if (node.kind == PageKind::Leaf) {
                QVERIFY(before.isEmpty() || before.toUtf8() < node.firstKey.toUtf8());
                before = node.firstKey;
            }
        }
    }

    void aPathIsShownAndMarked() {
        // The last leaf of "books" in the file, which a small window of children would leave out.
        const BucketIndex books = bucketNamed(*m_census, "books");
        PageId leaf;
        for (std::uint64_t page = 0; page < m_census->pageCount(); ++page) {
            const PageRow row = m_census->row(PageId{page});
            if (row.kind == PageKind::Leaf && row.bucket == books) {
                leaf = PageId{page};
            }
        }
        TreeShapeRequest request;
        request.path = m_census->pathTo(leaf);
        request.unasked = 0;
        request.childrenUnasked = 3;
        const TreeShape shape = buildTreeShape(*m_file, *m_census, request);
        QVERIFY(isPreOrder(shape));
        for (const PageId page : request.path) {
            const auto* node = nodeOf(shape, page.value);
            QVERIFY(node != nullptr);
            QVERIFY(node->isOnPath);
        }
        QCOMPARE(shape.nodes[0].page, request.path.front());
        QCOMPARE(leavesIn(shape), m_census->kindCounts()[static_cast<std::size_t>(PageKind::Leaf)]);
    }

    void expandedAndCollapsedPagesObey() {
        const BucketIndex books = bucketNamed(*m_census, "books");
        const PageId root = m_census->bucket(books).root;
        TreeShapeRequest request;
        request.bucket = books;
        request.unasked = 0;
        TreeShape shape = buildTreeShape(*m_file, *m_census, request);
        QCOMPARE(shape.nodes.size(), std::size_t{1});
        QVERIFY(shape.nodes[0].collapsed);
        QCOMPARE(shape.nodes[0].hiddenLeaves, m_census->bucket(books).leafPages);
        request.expanded = {root};
        shape = buildTreeShape(*m_file, *m_census, request);
        QCOMPARE(static_cast<int>(shape.nodes.size()), 1 + shape.nodes[0].childCount);
        request.collapsed = {root};
        shape = buildTreeShape(*m_file, *m_census, request);
        QCOMPARE(shape.nodes.size(), std::size_t{1});
    }

    void theNumberOfNodesIsBounded() {
        TreeShapeRequest request;
        request.unasked = 100000;
        request.childrenUnasked = 100000;
        request.maxNodes = 20;
        const TreeShape shape = buildTreeShape(*m_file, *m_census, request);
        QCOMPARE(shape.nodes.size(), std::size_t{20});
        QCOMPARE(leavesIn(shape), m_census->kindCounts()[static_cast<std::size_t>(PageKind::Leaf)]);
    }

    void inlineBucketsAreCounted() {
        const TreeShape shape = buildTreeShape(*m_file, *m_census, {});
        quint64 inlineBuckets = 0;
        for (const auto& node : shape.nodes) {
            inlineBuckets += node.inlineBuckets;
        }
        QVERIFY(inlineBuckets >= 1); // "hours", at least
    }

    void aCycleEndsAndIsAProblem() {
        const auto file = openSample("damaged/branch-cycle-self.db");
        QVERIFY(file);
        const auto census = censusOf(file);
        QVERIFY(census);
        TreeShapeRequest request;
        request.unasked = 2000;
        request.childrenUnasked = 2000;
        const TreeShape shape = buildTreeShape(*file, *census, request);
        QVERIFY(isPreOrder(shape));
        std::set<std::uint64_t> pages;
        for (const auto& node : shape.nodes) {
            QVERIFY(pages.insert(node.page.value).second);
        }
        const auto* cyclic = nodeOf(shape, 18);
        QVERIFY(cyclic != nullptr);
        QVERIFY(cyclic->hasProblem);
    }

    void anUnknownBucketIsNoTree() {
        TreeShapeRequest request;
        request.bucket = 4000;
        QVERIFY(buildTreeShape(*m_file, *m_census, request).nodes.empty());
    }
};

QTEST_GUILESS_MAIN(TestTreeShapeBuilder)
#include "tst_tree_shape_builder.moc"
