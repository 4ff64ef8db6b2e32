// SPDX-License-Identifier: MIT
// Icons and desktop files: what is compiled in can be drawn, and one id names all of it.
#include <QDir>
#include <QFile>
#include <QImage>
#include <QPainter>
#include <QSettings>
#include <QSvgRenderer>
#include <QTest>
#include <QXmlStreamReader>

namespace {

const QString kId = QStringLiteral("org.pagescape.Pagescape");
const QString kMimeType = QStringLiteral("application/x-bolt-database");

QByteArray readAll(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString resource(const QString& ending) {
    return QStringLiteral(PAGESCAPE_RESOURCE_DIR "/") + kId + ending;
}

/// The texts (or one attribute) of all elements of that name.
QStringList elements(const QByteArray& xml, QLatin1StringView name,
                     QLatin1StringView attribute = {}) {
    QStringList found;
    QXmlStreamReader reader(xml);
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == name) {
            found << (attribute.isEmpty() ? reader.readElementText()
                                          : reader.attributes().value(attribute).toString());
        }
    }
    return reader.hasError() ? QStringList{reader.errorString()} : found;
}

} // namespace

class TestResources : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyIconFileIsCompiledIn();
    void everyIconCanBeDrawn();
    void toolbarIconsHaveNoColourOfTheirOwn();
    void desktopEntryNamesIconProgramAndMimeType();
    void metainfoNamesTheDesktopFileThatIsThere();
    void mimeMagicMatchesTheSamples();
};

void TestResources::initTestCase() {
    Q_INIT_RESOURCE(resources);
}

void TestResources::everyIconFileIsCompiledIn() {
    QStringList files =
        QDir(QStringLiteral(PAGESCAPE_RESOURCE_DIR "/icons")).entryList({QStringLiteral("*.svg")});
    files.replaceInStrings(kId, QStringLiteral("app"));
    files.sort();
    QStringList compiled = QDir(QStringLiteral(":/icons")).entryList();
    compiled.sort();
    QVERIFY(compiled.size() > 1);
    QCOMPARE(compiled, files);
}

void TestResources::everyIconCanBeDrawn() {
    const QDir icons(QStringLiteral(":/icons"));
    for (const QString& name : icons.entryList()) {
        QSvgRenderer renderer(icons.filePath(name));
        QVERIFY2(renderer.isValid(), qPrintable(name));
        QImage image(24, 24, QImage::Format_ARGB32_Premultiplied);
        image.fill(0);
        QPainter painter(&image);
        renderer.render(&painter);
        painter.end();
        int inked = 0;
        for (int y = 0; y < 24; ++y) {
            for (int x = 0; x < 24; ++x) {
                inked += qAlpha(image.pixel(x, y)) > 0 ? 1 : 0;
            }
        }
        QVERIFY2(inked > 24, qPrintable(name));
    }
}

void TestResources::toolbarIconsHaveNoColourOfTheirOwn() {
    const QDir icons(QStringLiteral(":/icons"));
    for (const QString& name : icons.entryList()) {
        const QByteArray svg = readAll(icons.filePath(name));
        const bool isColoured = svg.contains("fill=") || svg.contains("stroke=");
        QCOMPARE(isColoured, name == QStringLiteral("app.svg"));
    }
}

void TestResources::desktopEntryNamesIconProgramAndMimeType() {
    QSettings entry(resource(QStringLiteral(".desktop")), QSettings::IniFormat);
    entry.beginGroup(QStringLiteral("Desktop Entry"));
    QCOMPARE(entry.value(QStringLiteral("Icon")).toString(), kId);
    QCOMPARE(entry.value(QStringLiteral("StartupWMClass")).toString(), kId);
    QCOMPARE(entry.value(QStringLiteral("Exec")).toString(), QStringLiteral("pagescape %f"));
    QVERIFY(readAll(resource(QStringLiteral(".desktop")))
                .contains(QStringLiteral("\nMimeType=%1;\n").arg(kMimeType).toUtf8()));
    QVERIFY(QFile::exists(QStringLiteral(PAGESCAPE_RESOURCE_DIR "/icons/") + kId +
                          QStringLiteral(".svg")));
}

void TestResources::metainfoNamesTheDesktopFileThatIsThere() {
    const QByteArray xml = readAll(resource(QStringLiteral(".metainfo.xml")));
    QCOMPARE(elements(xml, QLatin1StringView("id")), QStringList{kId});
    QCOMPARE(elements(xml, QLatin1StringView("launchable")),
             QStringList{kId + QStringLiteral(".desktop")});
    QVERIFY(QFile::exists(resource(QStringLiteral(".desktop"))));
    QCOMPARE(elements(xml, QLatin1StringView("mediatype")), QStringList{kMimeType});
}

void TestResources::mimeMagicMatchesTheSamples() {
    const QByteArray xml = readAll(resource(QStringLiteral(".mime.xml")));
    QCOMPARE(elements(xml, QLatin1StringView("mime-type"), QLatin1StringView("type")),
             QStringList{kMimeType});
    QCOMPARE(elements(xml, QLatin1StringView("match"), QLatin1StringView("type")),
             QStringList{QStringLiteral("little32")});
    const auto offset =
        elements(xml, QLatin1StringView("match"), QLatin1StringView("offset")).value(0).toInt();
    bool isNumber = false;
    const quint32 magic = elements(xml, QLatin1StringView("match"), QLatin1StringView("value"))
                              .value(0)
                              .toUInt(&isNumber, 16);
    QVERIFY(isNumber);
    const QDir samples(QStringLiteral(PAGESCAPE_SAMPLE_DIR));
    for (const QString& name : samples.entryList({QStringLiteral("*.db")})) {
        const QByteArray bytes = readAll(samples.filePath(name)).mid(offset, 4);
        QCOMPARE(bytes.size(), 4);
        quint32 found = 0;
        for (int i = 3; i >= 0; --i) {
            found = found << 8U | static_cast<quint8>(bytes[i]);
        }
        QCOMPARE(found, magic);
    }
}

QTEST_GUILESS_MAIN(TestResources)
#include "tst_resources.moc"
