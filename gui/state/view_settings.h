// SPDX-License-Identifier: MIT
// ViewSettings: what the program remembers between runs, typed, with one signal for each value.
#pragma once

#include "models/session_values.h"
#include "pagescape/value_format.h"

#include <QByteArray>
#include <QObject>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>
#include <vector>

QT_BEGIN_NAMESPACE
class QSettings;
QT_END_NAMESPACE

namespace pagescape::gui {

enum class ThemeMode { Follow, Light, Dark };
enum class Motion { Full, Reduced, None };

/// Remembered settings over QSettings. Thread: GUI thread.
class ViewSettings : public QObject {
    Q_OBJECT
public:
    /// `file` empty: the user's own settings; else that ini file (tests, --settings).
    explicit ViewSettings(const QString& file = {}, QObject* parent = nullptr);
    ~ViewSettings() override;

    static constexpr int kMaxRecentFiles = 10;
    /// What a value format is for.
    enum class FormatUse { Keys, Values };
    Q_ENUM(FormatUse)

    [[nodiscard]] ThemeMode themeMode() const;
    void setThemeMode(ThemeMode mode);

    [[nodiscard]] Motion motion() const;
    void setMotion(Motion motion);

    /// Most recent first, as remembered.
    [[nodiscard]] QStringList recentFiles() const;
    /// Those that still exist.
    [[nodiscard]] QStringList existingRecentFiles() const;
    void addRecentFile(const QString& path);
    void removeRecentFile(const QString& path);
    void clearRecentFiles();

    /// Stable name of the map's lens.
    [[nodiscard]] QString lens() const;
    void setLens(const QString& lens);

    /// Pages in a row of the map; 0 fits the window.
    [[nodiscard]] int rowLength() const;
    void setRowLength(int pages);

    /// Pixels a page; 0 fits the window.
    [[nodiscard]] double zoom() const;
    void setZoom(double zoom);

    /// Whether single-letter shortcuts act.
    [[nodiscard]] bool singleKeysEnabled() const;
    void setSingleKeysEnabled(bool enabled);

    /// The format chosen for a bucket of a file; nothing when none was chosen.
    [[nodiscard]] std::optional<ValueFormat> format(const QString& file,
                                                    const std::vector<QByteArray>& bucket,
                                                    FormatUse use) const;
    /// All formats chosen so far for one use in a file, as a copy that later choices do not change.
    [[nodiscard]] BucketFormats formats(const QString& file, FormatUse use) const;
    void setFormat(const QString& file, const std::vector<QByteArray>& bucket, FormatUse use,
                   ValueFormat format);

    /// Window geometry and dock state with the version they were saved under; empty when none was
    /// saved or `version` differs.
    [[nodiscard]] QByteArray windowGeometry(int version) const;
    [[nodiscard]] QByteArray windowState(int version) const;
    void setWindow(const QByteArray& geometry, const QByteArray& state, int version);
    void clearWindow();

Q_SIGNALS:
    void themeModeChanged(pagescape::gui::ThemeMode mode);
    void motionChanged(pagescape::gui::Motion motion);
    void recentFilesChanged(const QStringList& files);
    void lensChanged(const QString& lens);
    void rowLengthChanged(int pages);
    void zoomChanged(double zoom);
    void singleKeysEnabledChanged(bool enabled);
    void formatChanged(const QString& file, const std::vector<QByteArray>& bucket);
    void windowChanged();

private:
    void storeRecentFiles(const QStringList& files);

    std::unique_ptr<QSettings> m_store;
};

} // namespace pagescape::gui
