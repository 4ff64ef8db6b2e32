// SPDX-License-Identifier: MIT
// Animated GIFs from pictures that are painted when they are needed.
#pragma once

#include "pagescape/result.h"

#include <QByteArray>
#include <QImage>
#include <QSize>

#include <functional>

namespace pagescape::gui {

/// The pictures of an animation, in order. `image` is asked for each of them twice, and must paint
/// the same both times.
struct Animation {
    QSize size; ///< of every picture, pixels; at most 65535 in each direction
    int frames = 0;
    std::function<QImage(int frame)> image;
    std::function<int(int frame)> milliseconds; ///< how long a picture stays; at least 20
};

/// The bytes of a GIF that loops for ever. One palette for all pictures; each picture after the
/// first stores only the rectangle that changed, and of that what is another colour than before.
/// Memory: two pictures and the file. Errors: LimitReached for a size that a GIF cannot have or no
/// pictures at all; OsFailure.
[[nodiscard]] Result<QByteArray> gifBytes(const Animation& animation);

} // namespace pagescape::gui
