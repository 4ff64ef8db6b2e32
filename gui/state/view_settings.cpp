// SPDX-License-Identifier: MIT
// Values are stored under stable names; what cannot be read falls back to the default.
#include "state/view_settings.h"

#include <QCryptographicHash>
#include <QFileInfo>
#include <QHash>
#include <QSettings>

#include <algorithm>
#include <array>
#include <string_view>

namespace pagescape::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMaxRowLength = 1 << 20;

// Names of enum values as they stand in the settings file, in the order of the enums.
const std::array<QString, 3>& themeNames() {
    static const std::array<QString, 3> names{u"follow"_s, u"light"_s, u"dark"_s};
    return names;
}
const std::array<QString, 3>& motionNames() {
    static const std::array<QString, 3> names{u"full"_s, u"reduced"_s, u"none"_s};
    return names;
}

template <typename Enum, std::size_t N>
Enum fromName(const std::array<QString, N>& names, const QString& name) {
    const auto at = std::find(names.begin(), names.end(), name);
    return at == names.end() ? Enum{} : static_cast<Enum>(at - names.begin());
}

// A settings key for one bucket of one file. Paths and bucket names may hold any bytes and may be
// long, so the key is a hash; each part is preceded by its length, so that no two paths collide.
QString formatKey(const QString& file, const std::vector<QByteArray>& bucket,
                  ViewSettings::FormatUse use) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const auto add = [&hash](const QByteArray& part) {
        hash.addData(QByteArray::number(part.size()) + ':');
        hash.addData(part);
    };
    add(QFileInfo(file).absoluteFilePath().toUtf8());
    for (const QByteArray& name : bucket) {
        add(name);
    }
    const QString kind = use == ViewSettings::FormatUse::Keys ? u"keys"_s : u"values"_s;
    return u"formats/%1/%2"_s.arg(kind, QString::fromLatin1(hash.result().toHex().left(32)));
}

} // namespace

ViewSettings::ViewSettings(const QString& file, QObject* parent)
    : QObject(parent),
      m_store(file.isEmpty() ? std::make_unique<QSettings>(u"Pagescape"_s, u"Pagescape"_s)
                             : std::make_unique<QSettings>(file, QSettings::IniFormat)) {}

ViewSettings::~ViewSettings() = default;

ThemeMode ViewSettings::themeMode() const {
    return fromName<ThemeMode>(themeNames(), m_store->value(u"view/theme"_s).toString());
}

void ViewSettings::setThemeMode(ThemeMode mode) {
    if (mode == themeMode()) {
        return;
    }
    m_store->setValue(u"view/theme"_s, themeNames().at(static_cast<std::size_t>(mode)));
    Q_EMIT themeModeChanged(mode);
}

Motion ViewSettings::motion() const {
    return fromName<Motion>(motionNames(), m_store->value(u"view/motion"_s).toString());
}

void ViewSettings::setMotion(Motion mode) {
    if (mode == motion()) {
        return;
    }
    m_store->setValue(u"view/motion"_s, motionNames().at(static_cast<std::size_t>(mode)));
    Q_EMIT motionChanged(mode);
}

QStringList ViewSettings::recentFiles() const {
    return m_store->value(u"recent/files"_s).toStringList().mid(0, kMaxRecentFiles);
}

QStringList ViewSettings::existingRecentFiles() const {
    QStringList files = recentFiles();
    files.removeIf([](const QString& path) { return !QFileInfo(path).isFile(); });
    return files;
}

void ViewSettings::addRecentFile(const QString& path) {
    const QString absolute = QFileInfo(path).absoluteFilePath();
    QStringList files = recentFiles();
    files.removeAll(absolute);
    files.prepend(absolute);
    storeRecentFiles(files.mid(0, kMaxRecentFiles));
}

void ViewSettings::removeRecentFile(const QString& path) {
    QStringList files = recentFiles();
    files.removeAll(QFileInfo(path).absoluteFilePath());
    storeRecentFiles(files);
}

void ViewSettings::clearRecentFiles() {
    storeRecentFiles({});
}

void ViewSettings::storeRecentFiles(const QStringList& files) {
    if (files == recentFiles()) {
        return;
    }
    m_store->setValue(u"recent/files"_s, files);
    Q_EMIT recentFilesChanged(files);
}

QString ViewSettings::lens() const {
    return m_store->value(u"map/lens"_s, u"type"_s).toString();
}

void ViewSettings::setLens(const QString& name) {
    if (name == lens()) {
        return;
    }
    m_store->setValue(u"map/lens"_s, name);
    Q_EMIT lensChanged(name);
}

int ViewSettings::rowLength() const {
    return std::clamp(m_store->value(u"map/rowLength"_s, 0).toInt(), 0, kMaxRowLength);
}

void ViewSettings::setRowLength(int pages) {
    const int wanted = std::clamp(pages, 0, kMaxRowLength);
    if (wanted == rowLength()) {
        return;
    }
    m_store->setValue(u"map/rowLength"_s, wanted);
    Q_EMIT rowLengthChanged(wanted);
}

double ViewSettings::zoom() const {
    const double stored = m_store->value(u"map/zoom"_s, 0.0).toDouble();
    return stored > 0 && stored <= 4096 ? stored : 0.0; // also refuses a NaN
}

void ViewSettings::setZoom(double pixels) {
    if (pixels == zoom()) {
        return;
    }
    m_store->setValue(u"map/zoom"_s, pixels);
    Q_EMIT zoomChanged(pixels);
}

bool ViewSettings::singleKeysEnabled() const {
    return m_store->value(u"keys/single"_s, true).toBool();
}

void ViewSettings::setSingleKeysEnabled(bool enabled) {
    if (enabled == singleKeysEnabled()) {
        return;
    }
    m_store->setValue(u"keys/single"_s, enabled);
    Q_EMIT singleKeysEnabledChanged(enabled);
}

std::optional<ValueFormat> ViewSettings::format(const QString& file,
                                                const std::vector<QByteArray>& bucket,
                                                FormatUse use) const {
    const QByteArray name = m_store->value(formatKey(file, bucket, use)).toString().toUtf8();
    return valueFormatFromName(
        std::string_view(name.constData(), static_cast<std::size_t>(name.size())));
}

BucketFormats ViewSettings::formats(const QString& file, FormatUse use) const {
    QHash<QString, ValueFormat> chosen;
    const QStringList keys = m_store->allKeys();
    for (const QString& key : keys) {
        const QByteArray name =
            key.startsWith(u"formats/"_s) ? m_store->value(key).toString().toUtf8() : QByteArray();
        if (const auto format = valueFormatFromName({name.constData(), std::size_t(name.size())})) {
            chosen.insert(key, *format);
        }
    }
    return [file, use, chosen](const std::vector<QByteArray>& bucket) {
        return chosen.isEmpty() ? ValueFormat::Auto
                                : chosen.value(formatKey(file, bucket, use), ValueFormat::Auto);
    };
}

void ViewSettings::setFormat(const QString& file, const std::vector<QByteArray>& bucket,
                             FormatUse use, ValueFormat chosen) {
    if (format(file, bucket, use) == chosen) {
        return;
    }
    const std::string_view name = valueFormatName(chosen);
    m_store->setValue(formatKey(file, bucket, use),
                      QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())));
    Q_EMIT formatChanged(file, bucket);
}

QByteArray ViewSettings::windowGeometry(int version) const {
    if (m_store->value(u"window/version"_s).toInt() != version) {
        return {};
    }
    return m_store->value(u"window/geometry"_s).toByteArray();
}

QByteArray ViewSettings::windowState(int version) const {
    if (m_store->value(u"window/version"_s).toInt() != version) {
        return {};
    }
    return m_store->value(u"window/state"_s).toByteArray();
}

void ViewSettings::setWindow(const QByteArray& geometry, const QByteArray& state, int version) {
    m_store->setValue(u"window/version"_s, version);
    m_store->setValue(u"window/geometry"_s, geometry);
    m_store->setValue(u"window/state"_s, state);
    Q_EMIT windowChanged();
}

void ViewSettings::clearWindow() {
    m_store->remove(u"window"_s);
    Q_EMIT windowChanged();
}

} // namespace pagescape::gui
