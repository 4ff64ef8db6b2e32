// SPDX-License-Identifier: MIT
// pagescape-cli: assembles the commands, nothing else.
#include "commands.h"
#include "exit_status.h"
#include "interrupt.h"
#include "names.h"
#include "session.h"
#include "usage.h"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <new>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace pagescape::cli;

constexpr auto kFooter =
    R"(Exit status: 0 fine; 1 damage or a difference was found, or what is asked for is not
there or is refused, or lines or values do not fit; 2 the command line makes no sense; 3 the file cannot be
opened, read or written, or did not hold still meanwhile, or memory ran out; 130 Ctrl+C ended it,
143 SIGTERM, 129 SIGHUP.

Where a name or key begins with "-", "--" stands before the first bucket:
  pagescape-cli get FILE -- BUCKET -key
Help on one command: pagescape-cli COMMAND --help, or pagescape-cli help COMMAND)";

// The status of what was printed, once all of it is written.
int finish(Output& out, int status) {
    const int error = out.flush();
    if (error != 0 && error != EPIPE) { // nobody reading any more is no failure of ours
        complain(std::string("standard output cannot be written: ") + std::strerror(error));
        return kCannotOpen;
    }
    return status;
}

int run(const std::vector<Command>& commands, Output& out) {
    const auto chosen = std::find_if(commands.begin(), commands.end(),
                                     [](const Command& c) { return c.app->parsed(); });
    int status = kCannotOpen;
    try {
        status = chosen->run(out);
    } catch (const std::bad_alloc&) { // all that it held is released by now, unfinished files too
        out.discard();
        complain("there is not enough memory for this; nothing was finished\n  try: End other "
                 "programs, raise the limit (ulimit -v), or work on a smaller part of the data.");
    }
    const bool isSignal = status == kInterrupted && InterruptGuard::signal() != 0;
    return finish(out, isSignal ? 128 + InterruptGuard::signal() : status);
}

} // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN); // a closed pipe is seen as EPIPE and ends the work quietly
    std::signal(SIGXFSZ, SIG_IGN); // a file that may not grow further is EFBIG, and cleaned up
    CLI::App program("Looks at bolt and bbolt database files, damaged ones too, and "
                     "changes them. Only put, delete, create-bucket, delete-bucket and shrink "
                     "write to a FILE that is there.",
                     "pagescape-cli");
    program.set_version_flag("--version", "pagescape-cli " PAGESCAPE_VERSION);
    program.set_help_all_flag("--help-all", "Print the help of all commands");
    program.footer("FORMAT is one of " + formatNames() +
                   ".\nNames, keys and values can be typed in: " + typedFormatNames() + ".\n\n" +
                   kFooter);
    program.require_subcommand(1);
    const std::vector<Command> commands{
        addInfo(program),         addBuckets(program),      addKeys(program),
        addGet(program),          addPages(program),        addPage(program),
        addPageItem(program),     addDump(program),         addInspect(program),
        addStats(program),        addCheck(program),        addDigest(program),
        addDiff(program),         addPut(program),          addDelete(program),
        addCreateBucket(program), addDeleteBucket(program), addCompact(program),
        addShrink(program),       addSurgery(program),      addExport(program),
        addLoad(program),         addReaders(program),      addVersion(program),
        addBench(program),        addCompletion(program)};

    std::vector<std::string> typed(argv + std::min(argc, 1), argv + argc);
    if (!typed.empty() && typed.front() == "help") { // "help COMMAND" is "COMMAND --help"
        typed.erase(typed.begin());
        typed.emplace_back("--help");
    }
    std::vector<std::string> arguments(typed.size());
    // The parser wants the last one first.
    std::transform(typed.rbegin(), typed.rend(), arguments.begin(), guarded);
    Output out(STDOUT_FILENO);
    try {
        program.parse(arguments);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) { // a wish for help or the version
            if (const auto wrong = explainUnknownCommand(program, typed)) {
                complain(*wrong);
                return kUsage;
            }
            std::ostringstream text;
            program.exit(error, text, text);
            out << text.str();
            return finish(out, kFine);
        }
        complain(explainUsage(program, error, typed));
        return kUsage;
    }
    return run(commands, out);
}
