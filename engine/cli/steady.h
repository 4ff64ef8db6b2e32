// SPDX-License-Identifier: MIT
// Reading a file that another program may write to: what was read of two versions at once is read
// again, and damage that only the mixing made is never reported.
#pragma once

#include "output.h"
#include "session.h"

#include <functional>

namespace pagescape::cli {

/// What a command does with an opened file.
struct Reading {
    /// Prints and returns the exit status. It is called again, on the file opened anew, when the
    /// file changed meanwhile; what the call before has printed and complained is dropped then.
    std::function<int(const Session&)> read;
    /// Called with that status once the file is known to have held still; returns the exit status.
    /// May be empty.
    std::function<int(int)> finish;
    /// Whether what the last call printed is shown though it may mix versions: lists are of use
    /// then, sums are not.
    bool showsMixed = false;
    /// Prints what stands in place of the dropped output; may be empty.
    std::function<void()> printUnsteady;
    /// Says why the file cannot be opened and returns the exit status; complainAbout() when empty.
    std::function<int(const Error&)> refused;
};

/// Opens the file and reads it, three times at most. A file that changed each time is said to have,
/// before and in place of everything else on stderr, and the status is kCannotOpen. A file that
/// changed under our lock is not read again: what changed it heeds no lock, and a part that was cut
/// off does not come back. Output is held back in memory meanwhile, up to 64 MiB; lists that may
/// mix versions are printed at once where our lock keeps bolt programs from writing.
int readSteadily(const CommonArguments& arguments, Output& out, const Reading& reading);

/// For what reads only once, after it has: whether the file changed meanwhile, which is said then
/// in place of the messages and of the output held back.
bool saysChange(const Session& session, Output& out, HeldMessages& messages);

} // namespace pagescape::cli
