// SPDX-License-Identifier: MIT
// The canvas side of rendering: parse names, open the output, hand a painter to the pictures.
#include "render/render.h"

#include "render/pictures.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

#include <algorithm>
#include <array>

namespace pagescape::gui {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("pagescape::gui::render", text);
}

QByteArray asPng(const Picture& picture, QSize size) {
    QImage image(size, QImage::Format_ARGB32_Premultiplied);
    QPainter painter(&image);
    picture.paint(painter, QRectF(QPointF(), size));
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

QByteArray asSvg(const Picture& picture, QSize size) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator svg;
    svg.setOutputDevice(&buffer);
    svg.setSize(size);
    svg.setViewBox(QRect(QPoint(), size));
    svg.setTitle(picture.title());
    QPainter painter(&svg);
    picture.paint(painter, QRectF(QPointF(), size));
    painter.end();
    return bytes;
}

QByteArray asPdf(const Picture& picture, QSize size) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter pdf(&buffer);
    constexpr int kDpi = 96; // one logical pixel is one dot
    pdf.setResolution(kDpi);
    pdf.setPageSize(QPageSize(QSizeF(size) * 72.0 / kDpi, QPageSize::Point));
    pdf.setPageMargins(QMarginsF());
    pdf.setTitle(picture.title());
    QPainter painter(&pdf);
    picture.paint(painter, QRectF(QPointF(), size));
    painter.end();
    return bytes;
}

} // namespace

std::optional<RenderView> renderViewFromName(const QString& name) {
    const std::array<std::pair<QLatin1String, RenderView>, 4> names{
        {{QLatin1String("map"), RenderView::Map},
         {QLatin1String("tree"), RenderView::Tree},
         {QLatin1String("page"), RenderView::Page},
         {QLatin1String("get"), RenderView::Get}}};
    for (const auto& [text, view] : names) {
        if (name == text) {
            return view;
        }
    }
    return std::nullopt;
}

std::optional<Lens> lensFromName(const QString& name) {
    for (const Lens lens : kLenses) {
        if (lensId(lens) == name) {
            return lens;
        }
    }
    return std::nullopt;
}

std::optional<QSize> sizeFromText(const QString& text) {
    const QStringList parts = text.split(QLatin1Char('x'));
    if (parts.size() != 2) {
        return std::nullopt;
    }
    const QSize size(parts[0].toInt(), parts[1].toInt());
    constexpr int kLargest = 16384;
    return size.width() >= 64 && size.height() >= 64 && size.width() <= kLargest &&
                   size.height() <= kLargest
               ? std::optional<QSize>(size)
               : std::nullopt;
}

RenderOutcome render(const RenderRequest& request) {
    using Draw = QByteArray (*)(const Picture&, QSize);
    const std::array<std::pair<QLatin1String, Draw>, 3> formats{{{QLatin1String(".png"), asPng},
                                                                 {QLatin1String(".svg"), asSvg},
                                                                 {QLatin1String(".pdf"), asPdf}}};
    const auto* const format = std::ranges::find_if(
        formats, [&](const auto& known) { return request.output.endsWith(known.first); });
    if (format == formats.end()) {
        return {RenderStatus::Usage, tr("The output file must end in .png, .svg or .pdf.")};
    }
    const QFileInfo target(request.output);
    if (target.exists() && target == QFileInfo(request.file)) {
        return {RenderStatus::Usage, tr("The picture must not replace the database.")};
    }
    Picture picture;
    RenderOutcome outcome = picture.load(request);
    if (!picture.isLoaded()) {
        return outcome;
    }
    const QByteArray bytes = format->second(picture, request.size);
    QSaveFile file(request.output);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
        return {RenderStatus::Failed,
                tr("%1 could not be written: %2").arg(request.output, file.errorString())};
    }
    return outcome;
}

} // namespace pagescape::gui
