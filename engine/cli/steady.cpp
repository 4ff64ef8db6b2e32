// SPDX-License-Identifier: MIT
#include "steady.h"

namespace pagescape::cli {

namespace {

constexpr int kTries = 3;

int complainUnsteady(const std::string& file, const std::string& change, int tries, bool isShown) {
    complain(file + ": " + change +
             (tries > 1 ? ", in each of " + std::to_string(tries) + " tries" : std::string()) +
             (isShown ? "; what is printed may mix versions" : "; no version was read whole") +
             "\n  try: Stop the program that writes to it, or run the command again.");
    return kCannotOpen;
}

} // namespace

int readSteadily(const CommonArguments& arguments, Output& out, const Reading& reading) {
    for (int tries = 1; true; ++tries) {
        HeldMessages messages;
        out.hold();
        const auto session = Session::openOr(arguments);
        if (!session) {
            messages.release();
            out.release();
            return reading.refused ? reading.refused(session.error())
                                   : complainAbout(arguments.file, session.error());
        }
        const bool isLocked = session->file().layout().lock == LockState::Shared;
        if (isLocked && reading.showsMixed) {
            out.release();
        }
        const int status = reading.read(*session);
        // Ctrl+C and a command line that makes no sense are what they are, whatever the file does.
        const bool isSettled = status == kInterrupted || status == kUsage;
        const auto change = isSettled ? std::nullopt : session->change();
        if (!change) {
            messages.release();
            out.release();
            return reading.finish ? reading.finish(status) : status;
        }
        messages.drop();
        const bool isLast = tries == kTries || isLocked || !out.isHeld();
        if (!isLast || !reading.showsMixed) {
            out.discard();
        }
        if (isLast) {
            const bool isShown = out.hasPrinted();
            if (reading.printUnsteady) {
                reading.printUnsteady();
            }
            out.release();
            return complainUnsteady(arguments.file, *change, tries, isShown);
        }
    }
}

bool saysChange(const Session& session, Output& out, HeldMessages& messages) {
    const auto change = session.change();
    if (change) {
        messages.drop();
        out.discard();
        complainUnsteady(session.name(), *change, 1, out.hasPrinted());
    }
    return change.has_value();
}

} // namespace pagescape::cli
