// SPDX-License-Identifier: MIT
// A file and its mapping that grow, in the whole window: a generator is started in its dialog, and
// what "Growth" says is compared with the engine, the kernel, the file and the real bbolt. The same
// load where the mapping is long from the start, and a step of 1 GiB in a sparse file.
#include "models/byte_text.h"
#include "sandbox/sparse_database.h"
#include "sandbox_window_fixture.h"
#include "support/bolt_peer.h"
#include "units/units.h"
#include "views/generator_dialog.h"
#include "views/growth_canvas.h"
#include "views/growth_view.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QSpinBox>
#include <QTimer>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;
using pagescape::test::BoltPeer;
using pagescape::test::peerHex;

namespace {

constexpr std::uint64_t kGibibyte = std::uint64_t{1} << 30U;
constexpr int kValueBytes = 60;

// Where the kernel has a file mapped, as "address-length"; the newest mapping last.
QStringList kernelMappings(const QString& path) {
    QFile maps(QStringLiteral("/proc/self/maps"));
    QStringList found;
    if (!maps.open(QIODevice::ReadOnly)) {
        return found;
    }
    for (const QByteArray& line : maps.readAll().split('\n')) {
        if (line.endsWith(path.toUtf8())) {
            const QByteArray range = line.left(line.indexOf(' '));
            const quint64 begin = range.left(range.indexOf('-')).toULongLong(nullptr, 16);
            const quint64 end = range.mid(range.indexOf('-') + 1).toULongLong(nullptr, 16);
            found += QStringLiteral("%1-%2").arg(begin, 0, 16).arg(end - begin);
        }
    }
    return found;
}

QByteArray lengthsOf(const GrowthPoint& point) {
    return QByteArray::number(quint64(point.map.length)) + ' ' +
           QByteArray::number(quint64(point.fileSize)) + ' ' +
           QByteArray::number(quint64(point.used));
}

} // namespace

class TestGrowthWindow : public SandboxWindowFixture {
    Q_OBJECT

private:
    [[nodiscard]] const GrowthCanvas& canvas() const { return *views().growth->canvas(); }
    [[nodiscard]] const GrowthPoint& shown() const { return canvas().present(); }
    void openBy(const char* id);
    void generate(int keys, int perTx);
    void compareWithEngine();

private Q_SLOTS:
    void initTestCase() { install(); }
    void init() { begin(); }
    void cleanup() { end(); }

    void numbersAreThoseOfEngineKernelAndFile();
    void bboltGrowsAlike();
    void longMappingFromTheStartNeverRemaps();
    void sparseSandboxReachesTheNextGibibyte();
};

void TestGrowthWindow::openBy(const char* id) {
    trigger(id);
    views().showTab(views().growth);
    QTRY_VERIFY_WITH_TIMEOUT(views().growth->isVisible(), 30000);
}

// Through the dialog, as a user does.
void TestGrowthWindow::generate(int keys, int perTx) {
    bool isAnswered = false;
    QTimer::singleShot(0, this, [&] {
        auto* dialog = qobject_cast<GeneratorDialog*>(QApplication::activeModalWidget());
        QVERIFY(dialog != nullptr);
        dialog->findChild<QLineEdit*>(QStringLiteral("bucket"))->setText(QStringLiteral("b"));
        dialog->findChild<QSpinBox*>(QStringLiteral("count"))->setValue(keys);
        dialog->findChild<QSpinBox*>(QStringLiteral("perTx"))->setValue(perTx);
        dialog->findChild<QSpinBox*>(QStringLiteral("valueSize"))->setValue(kValueBytes);
        for (QAbstractButton* button : dialog->findChild<QDialogButtonBox*>()->buttons()) {
            if (button->text().remove(u'&') == QStringLiteral("Generate")) {
                isAnswered = true;
                button->click();
                return;
            }
        }
        dialog->reject();
    });
    action("generate")->trigger();
    QVERIFY(isAnswered);
    settle();
}

void TestGrowthWindow::compareWithEngine() {
    QTRY_COMPARE_WITH_TIMEOUT(shown().event, player().position(), 30000);
    const auto file = PageFile::open(toPath(box().path()));
    QVERIFY(file.has_value());
    const MetaFields meta = *file->layout().metas.activeFields();
    const std::uint64_t pageSize = file->layout().pageSize;
    QCOMPARE(shown().used, meta.highWater.value * pageSize);
    QVERIFY(shown().txid == meta.txid.value || shown().txid == 0); // 0: nothing was written yet
    QCOMPARE(shown().fileSize, std::uint64_t(QFileInfo(box().path()).size()));
    const QString mapped = QStringLiteral("%1-%2")
                               .arg(quint64(shown().map.address), 0, 16)
                               .arg(quint64(shown().map.length));
    QVERIFY2(kernelMappings(box().path()).contains(mapped),
             qPrintable(mapped + QStringLiteral(" is not in: ") +
                        kernelMappings(box().path()).join(u' ')));
    // The curve's steps are the engine's own events, each beginning where the one before ended.
    std::vector<RemapEvent> told;
    for (int i = 0; i < box().log().size(); ++i) {
        if (const auto* write = std::get_if<WriteTraceEvent>(&box().log().event(i))) {
            if (const auto* remap = std::get_if<RemapEvent>(write)) {
                told.push_back(*remap);
            }
        }
    }
    const std::vector<GrowthRemap>& remaps = canvas().series().remaps();
    QCOMPARE(remaps.size(), told.size());
    QCOMPARE(player().now().remaps, std::uint64_t(told.size()));
    for (std::size_t i = 0; i < told.size(); ++i) {
        QCOMPARE(remaps[i].map.newAddress, told[i].newAddress);
        QCOMPARE(remaps[i].map.newLength, told[i].newLength);
        QVERIFY(i == 0 || told[i].oldAddress == told[i - 1].newAddress);
    }
    QVERIFY2(canvas().summary().contains(bytesText(shown().map.length)) &&
                 canvas().summary().contains(bytesText(shown().fileSize)),
             qPrintable(canvas().summary()));
}

void TestGrowthWindow::numbersAreThoseOfEngineKernelAndFile() {
    openBy("new-database");
    compareWithEngine();
    QCOMPARE(canvas().series().remaps().size(), 0U);
    generate(800, 40);
    compareWithEngine();
    QVERIFY(canvas().series().remaps().size() >= 2);
    QCOMPARE(canvas().series().points().back().commits, 20U);
    if (!BoltPeer::isThere()) {
        QSKIP("Go or its bbolt library is missing: the file is not shown to the real bbolt");
    }
    // The file as the real bbolt opens it: the same three lengths.
    const QString copy = m_dir.filePath(QStringLiteral("grown.db"));
    QFile::remove(copy);
    QVERIFY(m_window->keepSandboxAs(copy));
    BoltPeer peer;
    QVERIFY2(peer.run("check " + copy.toUtf8()), peer.answer());
    QVERIFY2(peer.run("open " + copy.toUtf8() + " array sync 1024"), peer.answer());
    QVERIFY2(peer.run("lengths"), peer.answer());
    QCOMPARE(peer.answer(), lengthsOf(shown()));
    QVERIFY2(peer.run("close"), peer.answer());
}

// The same load in the real bbolt: as many mappings, of the same lengths, at the same commits.
void TestGrowthWindow::bboltGrowsAlike() {
    if (!BoltPeer::isThere()) {
        QSKIP("Go or its bbolt library is missing");
    }
    openBy("new-database");
    constexpr int kKeys = 800;
    constexpr int kPerTx = 40;
    generate(kKeys, kPerTx);
    QStringList ours;
    std::uint64_t before = canvas().series().points().front().map.length;
    for (const GrowthPoint& point : canvas().series().points()) {
        if (point.kind == GrowthPoint::Kind::Commit && point.map.length != before) {
            before = point.map.length;
            ours += QStringLiteral("commit %1: %2").arg(quint64(point.commits)).arg(before);
        }
    }
    BoltPeer peer;
    const QByteArray path = m_dir.filePath(QStringLiteral("peer.db")).toUtf8();
    QVERIFY2(peer.run("open " + path + " array sync 1024"), peer.answer());
    QStringList theirs;
    QByteArray mapping;
    for (int done = 0; done < kKeys;) {
        QVERIFY2(peer.run("begin"), peer.answer());
        if (done == 0) {
            QVERIFY2(peer.run("mkb - " + peerHex("b")), peer.answer());
        }
        for (const int end = done + kPerTx; done < end; ++done) {
            const QByteArray value = QByteArray::number(done).leftJustified(kValueBytes, '.', true);
            QVERIFY2(peer.run("put " + peerHex("b") + ' ' + generatedKey(quint64(done), 8).toHex() +
                              ' ' + value.toHex()),
                     peer.answer());
        }
        QVERIFY2(peer.run("commit"), peer.answer());
        QVERIFY2(peer.run("lengths"), peer.answer());
        const QByteArray now = peer.answer().split(' ').front();
        if (mapping.isEmpty()) {
            mapping = "32768"; // of an empty file; Source: bbolt db.go mmapSize
        }
        if (now != mapping) {
            mapping = now;
            theirs +=
                QStringLiteral("commit %1: %2").arg(done / kPerTx).arg(QString::fromLatin1(now));
        }
    }
    QVERIFY(ours.size() >= 2);
    QCOMPARE(ours, theirs);
    QVERIFY2(peer.run("close"), peer.answer());
}

void TestGrowthWindow::longMappingFromTheStartNeverRemaps() {
    const auto waitersInBolt = [this] {
        int waiters = 0;
        for (const GrowthRemap& remap : canvas().series().remaps()) {
            for (const RemapLane& lane : remapLanes(remap, box().log().size() - 1, true)) {
                waiters += lane.isWaiting ? 1 : 0;
            }
        }
        return waiters;
    };
    openBy("new-database");
    trigger("open-reader");
    generate(800, 40);
    compareWithEngine();
    QVERIFY(canvas().series().remaps().size() >= 2);
    QVERIFY(waitersInBolt() >= 2); // the writer, each time
    const QString digest = digestOf(box().path());
    const std::uint64_t used = shown().used;

    openBy("new-database-mapped");
    QCOMPARE(shown().map.length, kGibibyte);
    QVERIFY(views().frameText().contains(QStringLiteral("InitialMmapSize")));
    trigger("open-reader");
    generate(800, 40);
    compareWithEngine();
    QCOMPARE(digestOf(box().path()), digest); // the same load
    QCOMPARE(shown().used, used);
    QCOMPARE(shown().map.length, kGibibyte);
    QCOMPARE(canvas().series().remaps().size(), 0U);
    QCOMPARE(waitersInBolt(), 0);
    QVERIFY2(canvas().summary().contains(
                 QStringLiteral("No remap, nobody waits: %1 mapped").arg(bytesText(kGibibyte))),
             qPrintable(canvas().summary()));
}

void TestGrowthWindow::sparseSandboxReachesTheNextGibibyte() {
    QElapsedTimer clock;
    clock.start();
    openBy("new-database-sparse");
    qInfo("made and scanned after %lld ms", static_cast<long long>(clock.elapsed()));
    const std::filesystem::path path = toPath(box().path());
    QVERIFY2(views().frameText().contains(QStringLiteral("SPARSE")),
             qPrintable(views().frameText()));
    compareWithEngine();
    QTRY_COMPARE(views().sandboxPanel->scratch()->bucket(), std::vector<QByteArray>{"keys"});
    QCOMPARE(shown().map.length, kGibibyte);
    QVERIFY(shown().used < kGibibyte);
    QVERIFY(shown().used > kGibibyte - (kGibibyte >> 10U));
    QVERIFY2(bytesOnDisk(path) < (2U << 20U), qPrintable(bytesText(bytesOnDisk(path))));
    QTRY_VERIFY_WITH_TIMEOUT(m_window->binding()->session().isChecked(), 60000);
    QCOMPARE(m_window->binding()->session().findings().size(), 0U);

    clock.start();
    generate(500, 50); // the dialog's own numbers
    qInfo("the next step after %lld ms", static_cast<long long>(clock.elapsed()));
    compareWithEngine();
    QCOMPARE(canvas().series().remaps().size(), 1U);
    QCOMPARE(canvas().series().remaps().front().map.oldLength, kGibibyte);
    QCOMPARE(canvas().series().remaps().front().map.newLength, 2 * kGibibyte);
    QCOMPARE(shown().map.length, 2 * kGibibyte);
    QVERIFY(shown().fileSize > kGibibyte);
    QVERIFY2(bytesOnDisk(path) < (2U << 20U), qPrintable(bytesText(bytesOnDisk(path))));
    QTRY_VERIFY_WITH_TIMEOUT(m_window->binding()->session().isChecked(), 60000);
    QCOMPARE(m_window->binding()->session().findings().size(), 0U);
    if (!BoltPeer::isThere()) {
        QSKIP("Go or its bbolt library is missing: the file is not shown to the real bbolt");
    }
    const QString copy = m_dir.filePath(QStringLiteral("sparse.db"));
    QVERIFY(m_window->keepSandboxAs(copy)); // its holes stay holes
    QVERIFY(bytesOnDisk(toPath(copy)) < (2U << 20U));
    BoltPeer peer;
    QVERIFY2(peer.run("check " + copy.toUtf8()), peer.answer());
    QVERIFY2(peer.run("open " + copy.toUtf8() + " array sync 4096"), peer.answer());
    QVERIFY2(peer.run("lengths"), peer.answer());
    QCOMPARE(peer.answer(), lengthsOf(shown()));
    QVERIFY2(peer.run("close"), peer.answer());
}

QTEST_MAIN(TestGrowthWindow)
#include "tst_growth_window.moc"
