// SPDX-License-Identifier: MIT
// Pictures from the command line: what is drawn, and how it is told when nothing can be.
#include "render/render.h"
#include "sample_files.h"

#include <QImage>
#include <QTemporaryDir>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

class TestRender : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    [[nodiscard]] RenderRequest get(const QByteArray& key) const {
        RenderRequest request;
        request.file = samplePath("library.db");
        request.view = RenderView::Get;
        request.bucket = {QByteArrayLiteral("books")};
        request.key = key;
        request.output = m_dir.filePath(QStringLiteral("get.svg"));
        return request;
    }

private Q_SLOTS:
    void statusTellsWhatWentWrong();
    void pictureNeverReplacesTheDatabase();
    void missingKeyIsDrawnAllTheSame();
    void textFileGetsTheAdviceOfTheWindow();
    void labelsOfTheTreeAreReadable_data();
    void labelsOfTheTreeAreReadable();
};

void TestRender::statusTellsWhatWentWrong() {
    QCOMPARE(render(get(QByteArrayLiteral("dracula"))).status, RenderStatus::Drawn);
    QCOMPARE(render(get({})).status, RenderStatus::Usage);
    RenderRequest request = get(QByteArrayLiteral("dracula"));
    request.step = 999;
    QCOMPARE(render(request).status, RenderStatus::Usage);
    request = get(QByteArrayLiteral("dracula"));
    request.output = m_dir.filePath(QStringLiteral("get.gif"));
    QCOMPARE(render(request).status, RenderStatus::Usage);
    request.output = m_dir.filePath(QStringLiteral("tree.png"));
    request.view = RenderView::Tree;
    request.bucket = {QByteArrayLiteral("no such bucket")};
    QCOMPARE(render(request).status, RenderStatus::Missing);
    request.view = RenderView::Page;
    request.page = PageId{1U << 20U};
    QCOMPARE(render(request).status, RenderStatus::Usage);
    QVERIFY(!QFileInfo::exists(request.output));
    request.file = m_dir.filePath(QStringLiteral("missing.db"));
    QCOMPARE(render(request).status, RenderStatus::Failed);
}

void TestRender::pictureNeverReplacesTheDatabase() {
    RenderRequest request = get(QByteArrayLiteral("dracula"));
    request.file = request.output = m_dir.filePath(QStringLiteral("library.png"));
    QVERIFY(QFile::copy(samplePath("library.db"), request.file));
    const Fingerprint before = fingerprint(request.file);
    QCOMPARE(render(request).status, RenderStatus::Usage);
    QCOMPARE(fingerprint(request.file), before);
}

void TestRender::missingKeyIsDrawnAllTheSame() {
    RenderRequest request = get(QByteArrayLiteral("nobody wrote it"));
    request.output = m_dir.filePath(QStringLiteral("miss.png"));
    const RenderOutcome outcome = render(request);
    QCOMPARE(outcome.status, RenderStatus::Missing);
    QVERIFY(outcome.text.contains(QStringLiteral("nobody wrote it")));
    QCOMPARE(QImage(request.output).size(), request.size);
}

void TestRender::textFileGetsTheAdviceOfTheWindow() {
    RenderRequest request;
    request.file = m_dir.filePath(QStringLiteral("notes.txt"));
    request.output = m_dir.filePath(QStringLiteral("notes.png"));
    QFile file(request.file);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray("These are notes, not a database.\n").repeated(200));
    file.close();
    const RenderOutcome outcome = render(request);
    QCOMPARE(outcome.status, RenderStatus::Failed);
    const QStringList lines = outcome.text.split(QLatin1Char('\n'));
    QVERIFY2(lines.size() >= 3, qPrintable(outcome.text)); // sentence, evidence, advice
    QVERIFY2(lines.front().endsWith(QLatin1Char('.')), qPrintable(lines.front()));
}

void TestRender::labelsOfTheTreeAreReadable_data() {
    QTest::addColumn<RenderView>("view");
    QTest::newRow("tree") << RenderView::Tree;
    QTest::newRow("get") << RenderView::Get;
}

// An SVG holds its texts as texts; boxes that are too small for one have none.
void TestRender::labelsOfTheTreeAreReadable() {
    QFETCH(RenderView, view);
    RenderRequest request = get(QByteArrayLiteral("dracula"));
    request.view = view;
    QCOMPARE(render(request).text, QString());
    QFile svg(request.output);
    QVERIFY(svg.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(svg.readAll());
    QVERIFY(text.contains(QStringLiteral("leaves")));
    QVERIFY(text.contains(QStringLiteral("books")));
}

QTEST_MAIN(TestRender)
#include "tst_render.moc"
