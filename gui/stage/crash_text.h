// SPDX-License-Identifier: MIT
// The words of the crash lab: operations, fates, outcomes and verdicts, so that picture, lists and
// screen readers say the same.
#pragma once

#include "stage/crash_values.h"

#include <QString>

namespace pagescape::gui {

/// "page 5, leaf", "pages 5 to 8, leaf + freelist", "meta 1, transaction 7", "file grows to 32
/// KiB".
[[nodiscard]] QString crashRowText(const CrashRow& row);
/// "survives", "torn after 1 of 2 sectors".
[[nodiscard]] QString crashFateText(const WriteFate& fate, quint32 sectors);
/// What an operation is at this crash: "durable", a fate, "not issued".
[[nodiscard]] QString crashRowState(const CrashScript& script, const CrashChoice& choice,
                                    std::size_t row);
/// "Before the meta write", and what that place means.
[[nodiscard]] QString crashStopName(CrashStop::Kind kind);
[[nodiscard]] QString crashStopHint(CrashStop::Kind kind);
/// "3 operations are not confirmed: 1 lost, 1 torn".
[[nodiscard]] QString crashChoiceText(const CrashChoice& choice);

/// The one sentence to remember: "You are at transaction 1 206; 1 207 never happened."
[[nodiscard]] QString crashStatement(const CrashJudgement& judgement);
/// Everything about the verdict as rich text. Links of findings are "page:N".
[[nodiscard]] QString crashVerdictHtml(const CrashJudgement& judgement);
/// One line for the list of outcomes, and the number of combinations that end so.
[[nodiscard]] QString crashOutcomeText(const CrashOutcome& outcome, const ExpectedStates& expected);
/// What a search did: how many images, all of them or a sample, stopped or not.
[[nodiscard]] QString crashSearchText(const CrashSearch& search);
/// "Commit, transaction 7": what was run.
[[nodiscard]] QString crashTitle(const CrashScript& script);
/// Whether the commit waited for the disk, and what that means here.
[[nodiscard]] QString crashSyncText(const CrashScript& script);

} // namespace pagescape::gui
