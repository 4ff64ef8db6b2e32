// SPDX-License-Identifier: MIT
// Settings: typed, remembered across objects, one signal for each change, and safe against odd
// files.
#include "state/view_settings.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pagescape;
using namespace pagescape::gui;
using namespace Qt::StringLiterals;

class TestViewSettings : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    int m_number = 0;

    QString freshFile() { return m_dir.filePath(u"settings-%1.ini"_s.arg(++m_number)); }
    QString touch(const QString& name) {
        const QString path = m_dir.filePath(name);
        QFile file(path);
        return file.open(QIODevice::WriteOnly) ? path : QString();
    }

private Q_SLOTS:
    void defaultsAreSane() {
        const ViewSettings settings(freshFile());
        QVERIFY(settings.themeMode() == ThemeMode::Follow);
        QVERIFY(settings.motion() == Motion::Full);
        QCOMPARE(settings.lens(), u"type"_s);
        QCOMPARE(settings.rowLength(), 0);
        QCOMPARE(settings.zoom(), 0.0);
        QVERIFY(settings.singleKeysEnabled());
        QVERIFY(settings.recentFiles().isEmpty());
    }

    void valuesOutliveTheObject() {
        const QString file = freshFile();
        {
            ViewSettings settings(file);
            settings.setThemeMode(ThemeMode::Dark);
            settings.setMotion(Motion::None);
            settings.setLens(u"fill"_s);
            settings.setRowLength(64);
            settings.setZoom(12);
            settings.setSingleKeysEnabled(false);
            settings.setWindow("geometry", "state", 3);
        }
        const ViewSettings settings(file);
        QVERIFY(settings.themeMode() == ThemeMode::Dark);
        QVERIFY(settings.motion() == Motion::None);
        QCOMPARE(settings.lens(), u"fill"_s);
        QCOMPARE(settings.rowLength(), 64);
        QCOMPARE(settings.zoom(), 12.0);
        QVERIFY(!settings.singleKeysEnabled());
        QCOMPARE(settings.windowGeometry(3), QByteArray("geometry"));
        QCOMPARE(settings.windowState(3), QByteArray("state"));
    }

    void eachChangeIsToldOnce() {
        ViewSettings settings(freshFile());
        QSignalSpy theme(&settings, &ViewSettings::themeModeChanged);
        QSignalSpy zoom(&settings, &ViewSettings::zoomChanged);
        settings.setThemeMode(ThemeMode::Light);
        settings.setThemeMode(ThemeMode::Light);
        settings.setZoom(8);
        settings.setZoom(8);
        QCOMPARE(theme.count(), 1);
        QCOMPARE(zoom.count(), 1);
    }

    void anotherWindowVersionFallsBack() {
        ViewSettings settings(freshFile());
        settings.setWindow("geometry", "state", 1);
        QVERIFY(settings.windowState(2).isEmpty());
        QVERIFY(settings.windowGeometry(2).isEmpty());
        settings.clearWindow();
        QVERIFY(settings.windowState(1).isEmpty());
    }

    void recentFilesAreCappedAndUnique() {
        ViewSettings settings(freshFile());
        for (int i = 0; i < 14; ++i) {
            settings.addRecentFile(touch(u"file-%1.db"_s.arg(i)));
        }
        settings.addRecentFile(m_dir.filePath(u"file-9.db"_s));
        QCOMPARE(settings.recentFiles().size(), ViewSettings::kMaxRecentFiles);
        QCOMPARE(settings.recentFiles().first(), m_dir.filePath(u"file-9.db"_s));
        QCOMPARE(settings.recentFiles().count(m_dir.filePath(u"file-9.db"_s)), 1);
    }

    void vanishedRecentFilesAreLeftOut() {
        ViewSettings settings(freshFile());
        const QString stays = touch(u"stays.db"_s);
        const QString goes = touch(u"goes.db"_s);
        settings.addRecentFile(stays);
        settings.addRecentFile(goes);
        QVERIFY(QFile::remove(goes));
        QCOMPARE(settings.existingRecentFiles(), QStringList{stays});
        settings.removeRecentFile(goes);
        QCOMPARE(settings.recentFiles(), QStringList{stays});
    }

    void formatsBelongToOneBucketOfOneFile() {
        ViewSettings settings(freshFile());
        using Use = ViewSettings::FormatUse;
        QSignalSpy changed(&settings, &ViewSettings::formatChanged);
        settings.setFormat(u"/a.db"_s, {"x", "y"}, Use::Values, ValueFormat::Json);
        QCOMPARE(changed.count(), 1);
        QVERIFY(settings.format(u"/a.db"_s, {"x", "y"}, Use::Values) == ValueFormat::Json);
        QVERIFY(!settings.format(u"/a.db"_s, {"x", "y"}, Use::Keys));
        QVERIFY(!settings.format(u"/a.db"_s, {"xy"}, Use::Values));
        QVERIFY(!settings.format(u"/a.db"_s, {"x/y"}, Use::Values));
        QVERIFY(!settings.format(u"/b.db"_s, {"x", "y"}, Use::Values));
        settings.setFormat(u"/a.db"_s, {"x", "y"}, Use::Values, ValueFormat::Json);
        QCOMPARE(changed.count(), 1);
    }

    void oddStoredValuesFallBack() {
        const QString file = freshFile();
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write("[view]\ntheme=purple\nmotion=7\n[map]\nrowLength=-5\nzoom=nan\n");
        out.close();
        const ViewSettings settings(file);
        QVERIFY(settings.themeMode() == ThemeMode::Follow);
        QVERIFY(settings.motion() == Motion::Full);
        QCOMPARE(settings.rowLength(), 0);
        QCOMPARE(settings.zoom(), 0.0);
    }
};

QTEST_GUILESS_MAIN(TestViewSettings)
#include "tst_view_settings.moc"
