// SPDX-License-Identifier: MIT
// Captions: one or two sentences with cause and numbers for each event of the engine. They are
// templates over events, so screen, transcript and tests all share one text.
#pragma once

#include "models/session_values.h"

#include <QString>
#include <QStringList>

#include <functional>
#include <optional>

namespace pagescape::gui {

/// What a caption needs beyond its event.
struct CaptionContext {
    /// File bytes for quoting keys and names; may return fewer. Unset: keys are not quoted.
    std::function<QByteArray(ByteRange)> fileBytes;
    QByteArray target; ///< what the present search looks for: a bucket name or the key
    bool targetIsBucket = false;
    std::optional<bool> pageIsLeaf; ///< of the page searched; nothing where it is not known
    bool pageIsInline = false;
};

/// The caption of one event.
[[nodiscard]] QString caption(const TraceEvent& event, const CaptionContext& context);

/// The context of event `event` of a trace: the target of its search and the quoted bytes.
/// Lifetime: the trace must outlive the context.
[[nodiscard]] CaptionContext captionContextAt(const GetTrace& trace, int event);

/// The caption shown at a step; at -1 an introduction to the Get.
[[nodiscard]] QString captionAt(const GetTrace& trace, int event);

/// Words of a text, for reading time.
[[nodiscard]] int wordCount(const QString& text);

/// What a Get came to.
struct EndCard {
    QString title;     ///< the answer
    QStringList lines; ///< cost, comparison with a scan, what the value is
};
[[nodiscard]] EndCard endCard(const GetTrace& trace);

/// "pages touched 4 of 978 · bytes compared 61 · page faults 0": the costs up to an event.
[[nodiscard]] QString costText(const GetTrace& trace, int event);

/// Key bytes for a caption: quoted text, or hex.
[[nodiscard]] QString quotedKey(const QByteArray& key);

} // namespace pagescape::gui
