// SPDX-License-Identifier: MIT
#include "views/a11y.h"

#include <QWidget>

#include <utility>

namespace pagescape::gui::a11y {

namespace {

Sink& currentSink() {
    static Sink sink;
    return sink;
}

QString nameOf(QObject* object, int child) {
    QAccessibleInterface* about = QAccessible::queryAccessibleInterface(object);
    if (about && child >= 0) {
        about = about->child(child);
    }
    return about ? about->text(QAccessible::Name) : QString();
}

} // namespace

void emitEvent(QObject* object, QAccessible::Event type, int child) {
    if (const Sink& sink = currentSink()) {
        sink(Event{object, type, child, nameOf(object, child)});
    }
    if (QAccessible::isActive()) {
        QAccessibleEvent event(object, type);
        if (child >= 0) {
            event.setChild(child);
        }
        QAccessible::updateAccessibility(&event);
    }
}

void announce(QWidget* object, const QString& text) {
    object->setAccessibleName(text);
    emitEvent(object, QAccessible::Alert);
}

void setSink(Sink sink) {
    currentSink() = std::move(sink);
}

} // namespace pagescape::gui::a11y
