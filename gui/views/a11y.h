// SPDX-License-Identifier: MIT
// Accessible events of the canvases. All of them go through one function, because Qt drops them
// silently where no screen reader listens: a test can record them here.
#pragma once

#include <QAccessible>
#include <QString>

#include <functional>

QT_BEGIN_NAMESPACE
class QObject;
QT_END_NAMESPACE

namespace pagescape::gui::a11y {

/// One event as it was sent.
struct Event {
    QObject* object = nullptr;
    QAccessible::Event type = QAccessible::Focus;
    int child = -1; ///< index of the child it is about, or -1 for the object itself
    QString name;   ///< what a screen reader would say
};

/// Sends an event about `object` or one of its children. Cost without a listener: nothing.
void emitEvent(QObject* object, QAccessible::Event type, int child = -1);

/// Has a screen reader say `text` now: Qt 6.4 knows no announcement, so it is the name of an alert.
/// `object`'s accessible name becomes `text`.
void announce(QWidget* object, const QString& text);

/// Every event also goes to `sink`; null ends that. Thread: GUI thread.
using Sink = std::function<void(const Event&)>;
void setSink(Sink sink);

} // namespace pagescape::gui::a11y
