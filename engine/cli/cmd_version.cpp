// SPDX-License-Identifier: MIT
// version: the program, what built it, and the file format that it knows.
#include "commands.h"
#include "exit_status.h"
#include "json_writer.h"
#include "pagescape/format.h"

#include <CLI/CLI.hpp>
#include <sys/utsname.h>

#include <memory>

namespace pagescape::cli {

namespace {

std::string compiler() {
#if defined(__clang__)
    return std::string("clang ") + __clang_version__;
#elif defined(__GNUC__)
    return std::string("gcc ") + __VERSION__;
#else
    return "unknown";
#endif
}

// The system it runs on, as "Linux x86_64".
std::string systemName() {
    struct utsname name = {};
    return ::uname(&name) == 0 ? std::string(name.sysname) + " " + name.machine : "unknown";
}

int runVersion(bool asJson, Output& out) {
    if (asJson) {
        JsonWriter(out)
            .beginObject()
            .member("version", PAGESCAPE_VERSION)
            .member("compiler", compiler())
            .member("system", systemName())
            .member("format_version", format::kVersion)
            .member("magic", hexNumber(format::kMagic, 8))
            .member("smallest_page_size", format::kSmallestPageSize)
            .member("largest_page_size", format::kLargestPageSize)
            .member("max_key_size", format::kMaxKeySize)
            .member("max_value_size", format::kMaxValueSize)
            .endObject();
        return kFine;
    }
    const auto row = [&out](std::string_view label) -> Output& { return out.left(label, 14); };
    row("pagescape-cli") << PAGESCAPE_VERSION << '\n';
    row("compiler") << compiler() << '\n';
    row("system") << systemName() << '\n';
    row("file format") << "bolt, version " << format::kVersion << ", magic "
                       << hexNumber(format::kMagic, 8) << ", little-endian\n";
    row("page size") << format::kSmallestPageSize << " to " << format::kLargestPageSize
                     << " bytes in files that are written\n";
    row("largest key") << format::kMaxKeySize << " bytes\n";
    row("largest value") << format::kMaxValueSize << " bytes\n";
    return kFine;
}

} // namespace

Command addVersion(CLI::App& program) {
    auto* command = program.add_subcommand("version", "The program, its build and its file format");
    auto asJson = std::make_shared<bool>(false);
    command->add_flag("--json", *asJson, "Print JSON instead of a table");
    command->footer("JSON: {version, compiler, system, format_version, magic, smallest_page_size, "
                    "largest_page_size, max_key_size, max_value_size}; sizes in bytes.");
    return {command, [asJson](Output& out) { return runVersion(*asJson, out); }};
}

} // namespace pagescape::cli
