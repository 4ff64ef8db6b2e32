// SPDX-License-Identifier: MIT
// What to tell about a file that is no healthy database: one sentence, the evidence, what can be
// done.
#pragma once

#include "pagescape/error.h"
#include "pagescape/page_file.h"

#include <QString>

namespace pagescape::gui {

struct FileReport {
    QString error;    ///< one sentence
    QString evidence; ///< first bytes and what they look like; empty when nothing could be read
    QString advice;   ///< what can still be done
};

/// For a file that could not even be opened as raw pages.
[[nodiscard]] FileReport reportUnopened(const QString& path, const Error& error);

/// For a file that opens as raw pages and that bolt would refuse. layout().openError is set.
[[nodiscard]] FileReport reportRefused(const QString& path, const PageFile& file);

} // namespace pagescape::gui
