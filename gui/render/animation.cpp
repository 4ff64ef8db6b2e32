// SPDX-License-Identifier: MIT
#include "render/animation.h"

#include "render/gif_file.h"
#include "render/lab_picture.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSaveFile>

#include <vector>

namespace pagescape::gui {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Animation)
};

RenderOutcome save(const QString& path, const QByteArray& bytes) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
        return {RenderStatus::Failed,
                Text::tr("%1 could not be written: %2").arg(path, file.errorString())};
    }
    return {};
}

RenderOutcome saveGif(const Animation& animation, const QString& path) {
    const auto bytes = gifBytes(animation);
    if (!bytes) {
        return {RenderStatus::Failed, QString::fromStdString(bytes.error().describe())};
    }
    return save(path, *bytes);
}

RenderOutcome savePictures(const Animation& animation, const QString& pattern) {
    for (int frame = 0; frame < animation.frames; ++frame) {
        QByteArray bytes;
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        animation.image(frame).save(&buffer, "PNG");
        if (RenderOutcome saved = save(*numberedName(pattern, frame + 1), bytes);
            saved.status != RenderStatus::Drawn) {
            return saved;
        }
    }
    return {};
}

// The pattern that an output stands for; empty for a GIF, nothing for what it cannot be.
std::optional<QString> patternOf(const QString& output) {
    if (output.endsWith(QLatin1String(".gif"))) {
        return QString();
    }
    if (output.endsWith(QLatin1String(".png"))) {
        return numberedName(output, 1) ? std::optional(output) : std::nullopt;
    }
    const bool isFolder = output.endsWith(u'/') || QFileInfo(output).isDir();
    if (isFolder && QDir().mkpath(output)) {
        // The folder's own name may have a % in it.
        return QDir(output).path().replace(u'%', QLatin1String("%%")) + QLatin1String("/%03d.png");
    }
    return std::nullopt;
}

} // namespace

std::optional<QString> numberedName(const QString& pattern, int number) {
    static const QRegularExpression kPlace(QStringLiteral("%(%|(0?)([0-9]?)d)"));
    QString name;
    qsizetype done = 0;
    int places = 0;
    for (auto found = kPlace.globalMatch(pattern); found.hasNext();) {
        const QRegularExpressionMatch match = found.next();
        name += QStringView(pattern).mid(done, match.capturedStart() - done);
        done = match.capturedEnd();
        if (match.captured(1) == QLatin1String("%")) {
            name += u'%';
            continue;
        }
        ++places;
        const QChar fill = match.captured(2).isEmpty() ? u' ' : u'0';
        name += QString::number(number).rightJustified(match.captured(3).toInt(), fill);
    }
    name += QStringView(pattern).mid(done);
    return places == 1 ? std::optional(name) : std::nullopt;
}

RenderOutcome renderLog(const AnimationRequest& request, const StageLog& log, int first, int last,
                        const QString& opening) {
    const auto pattern = patternOf(request.output);
    if (!pattern) {
        return {RenderStatus::Usage,
                Text::tr("An animation goes to a file that ends in .gif, to pictures named like "
                         "frame-%03d.png, or to a folder, whose name ends in /.")};
    }
    const std::vector<LabMoment> moments = labMoments(request.lab, log, first, last);
    LabPicture picture(request.lab, log, Theme::of(request.theme), request.size);
    if (!opening.isEmpty()) {
        picture.setOpening(moments.front().event, opening);
    }
    Animation animation;
    animation.size = request.size;
    animation.frames = int(moments.size());
    animation.milliseconds = [&](int frame) { return moments[std::size_t(frame)].milliseconds; };
    animation.image = [&](int frame) {
        QImage image(request.size, QImage::Format_RGB32);
        QPainter painter(&image);
        const double done = animation.frames == 1 ? 1 : double(frame) / (animation.frames - 1);
        picture.paint(painter, moments[std::size_t(frame)], done);
        return image;
    };
    return pattern->isEmpty() ? saveGif(animation, request.output)
                              : savePictures(animation, *pattern);
}

RenderOutcome renderLab(const AnimationRequest& request) {
    const auto run = runLab(request.lab);
    if (!run) {
        return {RenderStatus::Failed, QString::fromStdString(run.error().describe())};
    }
    return renderLog(request, run->log, run->first, run->last, labScriptText(request.lab));
}

} // namespace pagescape::gui
