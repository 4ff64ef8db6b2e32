// SPDX-License-Identifier: MIT
// The lab without a window: a real engine on a new database in the temporary folder, driven by a
// small script that is the same every time.
#pragma once

#include "pagescape/result.h"
#include "stage/stage_log.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace pagescape::gui {

/// Which part of the lab.
enum class Lab {
    Commit, ///< one transaction with a leaf that is split, step by step
    Growth, ///< a file that outgrows its mapping, with two readers
};

/// "commit", "growth".
[[nodiscard]] std::optional<Lab> labFromName(const QString& name);
/// The script in one sentence: what is put where, with the seed.
[[nodiscard]] QString labScriptText(Lab lab);

/// Events of a script and the part of them that is shown.
struct LabRun {
    StageLog log;
    int first = 0; ///< event that the show begins with
    int last = -1; ///< and ends with
};

/// Runs a script on a new file, which is removed again. Keys, values and page ids are the same in
/// every run; addresses of the mapping are the system's. Errors: those of the engine; OsFailure
/// when the temporary folder cannot be written to. Takes well under a second.
[[nodiscard]] Result<LabRun> runLab(Lab lab);

} // namespace pagescape::gui
