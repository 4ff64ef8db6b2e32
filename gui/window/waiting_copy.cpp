// SPDX-License-Identifier: MIT
#include "window/waiting_copy.h"

#include "session/job.h"

#include <QCoreApplication>
#include <QDialog>
#include <QEventLoop>
#include <QFile>
#include <QProgressDialog>

#include <algorithm>
#include <memory>
#include <optional>

namespace pagescape::gui {

namespace {

constexpr int kPatience = 400; // ms before the dialog comes
constexpr int kSteps = 1000;   // of the bar

} // namespace

Result<CopyResult> copyWhileWaiting(QWidget* parent, const QString& text, const QString& original,
                                    const QString& target) {
    // Holds input back from the start; the dialog that is seen comes only where it takes a while.
    QDialog shield(parent);
    shield.setAttribute(Qt::WA_DontShowOnScreen);
    shield.setWindowModality(Qt::WindowModal);
    shield.show();
    QProgressDialog dialog(text, QCoreApplication::translate("WaitingCopy", "Stop"), 0, kSteps,
                           parent);
    dialog.setObjectName(QStringLiteral("waitingCopy"));
    dialog.setWindowModality(Qt::WindowModal);
    dialog.setMinimumDuration(kPatience);
    dialog.setAutoClose(false);
    dialog.setAutoReset(false);
    std::stop_source stop; // not the job's: what a stopped copy left must be gone when this returns
    QObject::connect(&dialog, &QProgressDialog::canceled, &dialog, [&] { stop.request_stop(); });
    const auto figures = std::make_shared<JobFigures>();
    std::optional<Result<CopyResult>> copied;
    QEventLoop loop;
    Job<std::shared_ptr<Result<CopyResult>>> job;
    job.start(
        [original, target, figures, token = stop.get_token()](const JobControl& control) {
            auto outcome = std::make_shared<Result<CopyResult>>(
                copyForEditing(original, target, reportTo(figures, control), token));
            if (*outcome && token.stop_requested()) { // nobody may be there to take it
                QFile::remove(target);
                *outcome = fail(copyStopped());
            }
            return outcome;
        },
        [&](const std::shared_ptr<Result<CopyResult>>& outcome) {
            copied = std::move(*outcome);
            loop.quit();
        },
        [&] {
            const double total = std::max<double>(1, double(figures->total));
            dialog.setValue(std::min(kSteps - 1, int(double(figures->done) / total * kSteps)));
        });
    dialog.setValue(0); // its patience begins
    loop.exec();
    if (!copied) { // the program ends
        stop.request_stop();
        return fail(copyStopped());
    }
    return std::move(*copied);
}

} // namespace pagescape::gui
