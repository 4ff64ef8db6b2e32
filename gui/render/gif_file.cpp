// SPDX-License-Identifier: MIT
#include "render/gif_file.h"

#include "render/color_palette.h"

#include <QRect>

#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

namespace pagescape::gui {

namespace {

using Pixels = std::vector<std::uint8_t>;

constexpr int kTableColors = 256; // a power of two
constexpr int kAsBefore = 255;    // index of "as before"
constexpr int kMostPixels = 65535;

Error gifError(ErrorCode code, std::string text) {
    Error error;
    error.code = code;
    error.text = std::move(text);
    return error;
}

// A GIF that is being written into bytes.
class GifWriter {
public:
    GifWriter(QSize size, const std::vector<QRgb>& colors) : m_size(size) {
        int error = 0;
        m_gif = EGifOpen(&m_bytes, &GifWriter::write, &error);
        if (m_gif == nullptr) {
            return;
        }
        EGifSetGifVersion(m_gif, true);
        std::array<GifColorType, kTableColors> table{};
        std::ranges::transform(colors, table.begin(), [](QRgb color) {
            return GifColorType{GifByteType(qRed(color)), GifByteType(qGreen(color)),
                                GifByteType(qBlue(color))};
        });
        const std::unique_ptr<ColorMapObject, void (*)(ColorMapObject*)> map(
            GifMakeMapObject(kTableColors, table.data()), GifFreeMapObject);
        m_isGood = map != nullptr &&
                   EGifPutScreenDesc(m_gif, size.width(), size.height(), 8, 0, map.get()) == GIF_OK;
        putLoop();
    }
    ~GifWriter() {
        if (m_gif != nullptr) {
            EGifCloseFile(m_gif, nullptr);
        }
    }
    GifWriter(const GifWriter&) = delete;
    GifWriter& operator=(const GifWriter&) = delete;

    // `pixels`: of the whole picture; only `area` is stored.
    void put(const QRect& area, const Pixels& pixels, int milliseconds) {
        if (!m_isGood) {
            return;
        }
        GraphicsControlBlock control{};
        control.DisposalMode = DISPOSE_DO_NOT;
        control.DelayTime = std::clamp(milliseconds, 20, 655'350) / 10; // hundredths of a second
        control.TransparentColor = kAsBefore;
        std::array<GifByteType, 4> block{};
        const std::size_t length = EGifGCBToExtension(&control, block.data());
        check(EGifPutExtension(m_gif, GRAPHICS_EXT_FUNC_CODE, int(length), block.data()));
        check(EGifPutImageDesc(m_gif, area.left(), area.top(), area.width(), area.height(), false,
                               nullptr));
        Pixels line(std::size_t(area.width()));
        for (int y = area.top(); y <= area.bottom(); ++y) {
            const auto from = pixels.begin() + std::ptrdiff_t(y) * m_size.width() + area.left();
            std::copy_n(from, area.width(), line.begin());
            check(EGifPutLine(m_gif, line.data(), area.width()));
        }
    }
    // The whole file; nothing when a step failed.
    [[nodiscard]] QByteArray finish() {
        GifFileType* gif = std::exchange(m_gif, nullptr);
        m_isGood = gif != nullptr && EGifCloseFile(gif, nullptr) == GIF_OK && m_isGood;
        return m_isGood ? m_bytes : QByteArray();
    }

private:
    static int write(GifFileType* gif, const GifByteType* bytes, int count) {
        static_cast<QByteArray*>(gif->UserData)
            ->append(reinterpret_cast<const char*>(bytes), count);
        return count;
    }
    void check(int result) { m_isGood = m_isGood && result == GIF_OK; }
    // Source: the application block that browsers know, 0 rounds being endless.
    void putLoop() {
        const std::array<GifByteType, 3> forEver{1, 0, 0};
        check(EGifPutExtensionLeader(m_gif, APPLICATION_EXT_FUNC_CODE));
        check(EGifPutExtensionBlock(m_gif, 11, "NETSCAPE2.0"));
        check(EGifPutExtensionBlock(m_gif, int(forEver.size()), forEver.data()));
        check(EGifPutExtensionTrailer(m_gif));
    }

    QSize m_size;
    QByteArray m_bytes;
    GifFileType* m_gif = nullptr;
    bool m_isGood = false;
};

// Where two pictures differ; a single pixel where they do not, for a GIF has no empty picture.
QRect changedArea(const Pixels& before, const Pixels& now, QSize size) {
    QRect area;
    for (int y = 0; y < size.height(); ++y) {
        const auto row = std::ptrdiff_t(y) * size.width();
        const auto begin = now.begin() + row;
        const auto end = begin + size.width();
        const auto first = std::mismatch(begin, end, before.begin() + row).first;
        if (first == end) {
            continue;
        }
        const auto last =
            std::mismatch(std::make_reverse_iterator(end), std::make_reverse_iterator(first),
                          std::make_reverse_iterator(before.begin() + row + size.width()))
                .first.base();
        area |= QRect(QPoint(int(first - begin), y), QPoint(int(last - begin) - 1, y));
    }
    return area.isEmpty() ? QRect(0, 0, 1, 1) : area;
}

} // namespace

Result<QByteArray> gifBytes(const Animation& animation) {
    const QSize size = animation.size;
    if (animation.frames <= 0 || size.isEmpty() || size.width() > kMostPixels ||
        size.height() > kMostPixels) {
        return fail(gifError(ErrorCode::LimitReached,
                             "A GIF has one picture at least, of 1 to 65535 pixels each way"));
    }
    ColorCount count;
    for (int frame = 0; frame < animation.frames; ++frame) {
        count.add(animation.image(frame));
    }
    ColorPalette palette(count);
    GifWriter writer(size, palette.colors());
    Pixels shown;
    for (int frame = 0; frame < animation.frames; ++frame) {
        Pixels now = palette.indexed(animation.image(frame));
        QRect area(QPoint(0, 0), size);
        Pixels stored = now;
        if (frame > 0) {
            area = changedArea(shown, now, size);
            std::ranges::transform(now, shown, stored.begin(), [](auto pixel, auto before) {
                return pixel == before ? std::uint8_t(kAsBefore) : pixel;
            });
        }
        writer.put(area, stored, animation.milliseconds(frame));
        shown = std::move(now);
    }
    QByteArray bytes = writer.finish();
    if (bytes.isEmpty()) {
        return fail(gifError(ErrorCode::OsFailure, "The animation could not be encoded"));
    }
    return bytes;
}

} // namespace pagescape::gui
