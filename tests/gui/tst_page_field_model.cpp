// SPDX-License-Identifier: MIT
// Fields of real pages as a tree: complete, in order, and with working jumps.
#include "models/page_field_model.h"
#include "sample_files.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

namespace {

PageSnapshot snapshot(const PageFile& file, std::uint64_t page) {
    auto inspected = inspectPage(file, PageId{page});
    return inspected ? std::make_shared<const InspectedPage>(std::move(*inspected)) : nullptr;
}

int countRows(const QAbstractItemModel& model, const QModelIndex& parent = {}) {
    int rows = model.rowCount(parent);
    for (int row = 0; row < model.rowCount(parent); ++row) {
        rows += countRows(model, model.index(row, 0, parent));
    }
    return rows;
}

} // namespace

class TestPageFieldModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyFieldOfEveryPageHasARow_data() {
        QTest::addColumn<QString>("name");
        for (const char* name :
             {"library.db", "etcd.db", "containerd.db", "damaged/branch-cycle-self.db"}) {
            QTest::newRow(name) << QString::fromUtf8(name);
        }
    }
    void everyFieldOfEveryPageHasARow() {
        QFETCH(QString, name);
        const auto file = openSample(name.toUtf8().constData());
        QVERIFY(file);
        PageFieldModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (std::uint64_t page = 0; page < file->layout().pageCount; ++page) {
            const PageSnapshot shown = snapshot(*file, page);
            QVERIFY(shown);
            model.setPage(shown);
            QCOMPARE(countRows(model), static_cast<int>(shown->description.fields.size()));
        }
        model.setPage(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void aByteLeadsToItsField() {
        const auto file = openSample("library.db");
        QVERIFY(file);
        PageFieldModel model;
        const PageSnapshot shown = snapshot(*file, 76);
        QVERIFY(shown);
        model.setPage(shown);
        for (quint64 byte = 0; byte < shown->bytes.size(); ++byte) {
            const QModelIndex index = model.indexAtByte(byte);
            QVERIFY(index.isValid());
            const auto field = static_cast<std::size_t>(index.data(FieldIndexRole).toInt());
            QVERIFY(shown->description.fields[field].range.contains(byte));
            QCOMPARE(index.data(FileOffsetRole).toULongLong(),
                     76 * 1024 + shown->description.fields[field].range.begin);
        }
        QVERIFY(!model.indexAtByte(shown->bytes.size()).isValid());
    }

    void childPagesArePointers() {
        const auto file = openSample("library.db");
        QVERIFY(file);
        PageFieldModel model;
        const PageSnapshot shown = snapshot(*file, 76); // the root of "books": a branch
        QVERIFY(shown);
        QVERIFY(shown->description.type == PageType::Branch);
        model.setPage(shown);
        int pointers = 0;
        for (std::size_t i = 0; i < shown->description.fields.size(); ++i) {
            const QVariant pointer = model.indexOfField(static_cast<int>(i)).data(PointerRole);
            if (pointer.isValid()) {
                QVERIFY(pointer.toULongLong() >= 2);
                ++pointers;
            }
        }
        QCOMPARE(pointers, int{shown->description.count});
    }

    void placesNameFileBytesAndTheOuterElement() {
        const auto file = openSample("library.db");
        QVERIFY(file);
        PageFieldModel model;
        const PageSnapshot shown = snapshot(*file, 76);
        QVERIFY(shown);
        model.setPage(shown);
        const int key = shown->description.find(FieldKind::Key, 1);
        QVERIFY(key >= 0);
        const Place place = model.indexOfField(key).data(PlaceRole).value<Place>();
        QCOMPARE(place.page, PageId{76});
        QCOMPARE(place.element, 1);
        QCOMPARE(place.bytes->begin,
                 76 * 1024 + shown->description.fields[static_cast<std::size_t>(key)].range.begin);
    }
};

QTEST_GUILESS_MAIN(TestPageFieldModel)
#include "tst_page_field_model.moc"
