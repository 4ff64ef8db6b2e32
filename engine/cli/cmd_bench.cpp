// SPDX-License-Identifier: MIT
// bench: bbolt's synthetic workloads on a new database, with its options and its output.
#include "bench_work.h"
#include "change_file.h"
#include "commands.h"
#include "interrupt.h"
#include "json_writer.h"
#include "pagescape/format.h"
#include "progress.h"
#include "session.h"
#include "usage.h"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

namespace pagescape::cli {

namespace {

constexpr auto kHelp = R"(Examples:
  pagescape-cli bench --count 100000 --batch-size 1000
  pagescape-cli bench --write-mode rnd-nest --read-mode rnd --value-size 1024 --no-sync

The database is a new file, in the folder for temporary files where --path does not name one, and is
removed at the end without --work. Reading goes over all pairs again and again for at least a second.
--cpuprofile, --memprofile and --blockprofile of bbolt write the profiles of Go's runtime, which do not
exist here: use perf. --profile-mode says which of the two phases are reported.

JSON: {write, read}, each {operations, nanoseconds, ns_per_operation, operations_per_second} or null
where it is not reported.)";

struct BenchArguments {
    BenchWork work;
    std::string writeMode = "seq";
    std::string readMode = "seq";
    std::string profileMode = "rw";
    std::string path;
    std::uint32_t pageSize = 0;
    std::uint64_t initialMapSize = 0;
    bool noSync = false;
    bool keepFile = false;
    bool goOutput = false;
    bool json = false;
};

// A duration as Go prints one: 1.5µs, 12.345ms, 2.5s. Source: Go time.Duration.String.
std::string goDuration(double nanoseconds) {
    struct Unit {
        double size;
        const char* name;
        int decimals;
    };
    static constexpr std::array<Unit, 4> kUnits{
        {{1e9, "s", 9}, {1e6, "ms", 6}, {1e3, "µs", 3}, {1, "ns", 0}}};
    const double whole = std::floor(nanoseconds);
    for (const Unit& unit : kUnits) {
        if (whole >= unit.size || unit.size == 1) {
            char text[64];
            std::snprintf(text, sizeof text, "%.*f", unit.decimals, whole / unit.size);
            std::string number = text;
            if (unit.decimals > 0) {
                number.erase(number.find_last_not_of('0') + 1);
                number.erase(number.find_last_not_of('.') + 1);
            }
            return number + unit.name;
        }
    }
    return {};
}

double perOperation(const BenchResult& result) {
    return result.operations == 0
               ? 0.0
               : static_cast<double>(result.time.count()) / static_cast<double>(result.operations);
}

// As bbolt prints it; with --gobench-output as Go's testing package does.
// Source: Go testing.BenchmarkResult.String.
void printResult(Output& out, const char* what, const BenchResult& result, bool goOutput) {
    const double each = perOperation(result);
    char text[160];
    if (goOutput) {
        const int decimals = each >= 999.95 ? 0 : each >= 99.995 ? 1 : each >= 9.9995 ? 2 : 3;
        const int width = decimals == 0 ? 10 : 11 + decimals;
        std::snprintf(text, sizeof text, "Benchmark%-5s\t%8llu\t%*.*f ns/op\n", what,
                      static_cast<unsigned long long>(result.operations), width, decimals, each);
    } else {
        std::snprintf(text, sizeof text, "# %s\t%llu(ops)\t%s\t(%s/op)\t(%.0f op/sec)\n", what,
                      static_cast<unsigned long long>(result.operations),
                      goDuration(static_cast<double>(result.time.count())).c_str(),
                      goDuration(each).c_str(), each == 0 ? 0.0 : 1e9 / each);
    }
    out << std::string_view(text);
}

void printJson(Output& out, const std::optional<BenchResult>& written,
               const std::optional<BenchResult>& read) {
    JsonWriter json(out);
    json.beginObject();
    for (const auto& [name, result] : {std::pair("write", &written), std::pair("read", &read)}) {
        json.key(name);
        if (!*result) {
            json.null();
            continue;
        }
        const double each = perOperation(**result);
        json.beginObject()
            .member("operations", (*result)->operations)
            .member("nanoseconds", (*result)->time.count())
            .key("ns_per_operation")
            .fraction(each)
            .key("operations_per_second")
            .fraction(each == 0 ? 0.0 : 1e9 / each)
            .endObject();
    }
    json.endObject();
}

/// Removes the file at the end, unless it is to be kept.
class WorkFile {
public:
    WorkFile(std::string path, bool isKept) : m_path(std::move(path)), m_isKept(isKept) {}
    ~WorkFile() {
        if (!m_isKept) {
            std::error_code ignored;
            std::filesystem::remove(m_path, ignored);
        }
    }
    WorkFile(const WorkFile&) = delete;
    WorkFile& operator=(const WorkFile&) = delete;

private:
    std::string m_path;
    bool m_isKept;
};

// The file to work on; empty when one is there already, for then it is not ours to fill and remove.
std::string choosePath(const BenchArguments& arguments) {
    std::error_code ignored;
    std::string path = arguments.path;
    if (path.empty()) {
        path = (std::filesystem::temp_directory_path(ignored) /
                ("pagescape-bench-" + std::to_string(::getpid()) + ".db"))
                   .string();
    }
    if (!isFree(path)) {
        complain(path + ": the file is there already; choose another name with --path");
        return {};
    }
    return path;
}

Result<void> runPhases(Store& store, const BenchArguments& arguments, Output& out) {
    Progress writing("pairs written");
    Progress reading("pairs read");
    Progress* now = &writing;
    Bench bench(store, arguments.work, [&now](std::uint64_t done) { now->update(done); });
    const auto written = bench.write();
    if (!written) {
        return fail(written.error());
    }
    const auto shown = arguments.profileMode != "r" ? std::optional(*written) : std::nullopt;
    if (shown && !arguments.json) {
        printResult(out, "Write", *shown, arguments.goOutput);
    }
    std::optional<BenchResult> read;
    if (arguments.profileMode != "w") {
        now = &reading;
        const auto done = bench.read();
        if (!done) {
            return fail(done.error());
        }
        read = *done;
    }
    if (arguments.json) {
        printJson(out, shown, read);
    } else if (read) {
        printResult(out, "Read", *read, arguments.goOutput);
    }
    return {};
}

int runBench(BenchArguments arguments, Output& out) {
    BenchWork& work = arguments.work;
    work.batchSize = work.batchSize == 0 ? work.count : work.batchSize;
    if (work.count % work.batchSize != 0) {
        complain("--batch-size " + std::to_string(work.batchSize) + " does not divide --count " +
                 std::to_string(work.count));
        return kUsage;
    }
    work.isNested = arguments.writeMode.ends_with("-nest");
    work.writeOrder =
        arguments.writeMode.starts_with("rnd") ? KeyOrder::Random : KeyOrder::Sequential;
    work.readOrder = arguments.readMode == "rnd" ? KeyOrder::Random : KeyOrder::Sequential;
    const std::string path = choosePath(arguments);
    if (path.empty()) {
        return kUsage;
    }
    const InterruptGuard guard;
    const WorkFile file(path, arguments.keepFile);
    StoreOptions options;
    options.pageSize = arguments.pageSize;
    options.initialMapSize = arguments.initialMapSize;
    options.noSync = arguments.noSync;
    auto store = Store::open(path, options);
    if (!store) {
        return complainAbout(path, store.error());
    }
    if (const auto done = runPhases(*store, arguments, out); !done) {
        return complainAbout(path, done.error());
    }
    if (const auto closed = store->close(); !closed) {
        return complainAbout(path, closed.error());
    }
    if (arguments.keepFile) {
        complain("the database is kept: " + path);
    }
    return kFine;
}

void addWorkOptions(CLI::App& command, BenchWork& work) {
    command.add_option("--count", work.count, "Pairs to write")
        ->capture_default_str()
        ->check(wholeNumber())
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{0xFFFFFFFF}));
    command
        .add_option("--batch-size", work.batchSize,
                    "Pairs in one commit; divides --count; 0: all in one")
        ->capture_default_str()
        ->check(wholeNumber());
    command.add_option("--key-size", work.keySize, "Bytes of a key")
        ->capture_default_str()
        ->check(wholeNumber())
        ->check(CLI::Range(kSmallestKey, std::size_t{format::kMaxKeySize}));
    command.add_option("--value-size", work.valueSize, "Bytes of a value")
        ->capture_default_str()
        ->check(wholeNumber())
        ->check(CLI::Range(std::size_t{0}, std::size_t{format::kMaxValueSize}));
    command.add_option("--fill-percent", work.fillPercent, "How full pages are made, 0.1 to 1")
        ->capture_default_str()
        ->check(CLI::Range(0.1, 1.0));
}

} // namespace

Command addBench(CLI::App& program) {
    auto* command = program.add_subcommand("bench", "Time writing and reading a new database");
    auto arguments = std::make_shared<BenchArguments>();
    addWorkOptions(*command, arguments->work);
    command
        ->add_option("--write-mode", arguments->writeMode,
                     "Order of the keys; -nest: a bucket for each commit")
        ->capture_default_str()
        ->check(CLI::IsMember({"seq", "rnd", "seq-nest", "rnd-nest"}));
    command->add_option("--read-mode", arguments->readMode, "A cursor over all, or single keys")
        ->capture_default_str()
        ->check(CLI::IsMember({"seq", "rnd"}));
    command->add_option("--profile-mode", arguments->profileMode, "Report writing, reading or both")
        ->capture_default_str()
        ->check(CLI::IsMember({"rw", "r", "w"}));
    command
        ->add_option("--page-size", arguments->pageSize,
                     "Bytes of a page; that of the system where it is not given")
        ->type_name("BYTES")
        ->check(CLI::Range(1024U, 16U * 1024 * 1024));
    command->add_option("--initial-mmap-size", arguments->initialMapSize, "Bytes to map at first")
        ->type_name("BYTES")
        ->check(wholeNumber());
    command->add_flag("--no-sync", arguments->noSync, "Commits do not wait for the disk");
    addPath(*command, "--path", arguments->path,
            "The database to create; must not exist, or be empty");
    command->add_flag("--work", arguments->keepFile, "Keep the database");
    auto* goOutput =
        command->add_flag("--gobench-output", arguments->goOutput, "Print as Go's benchmarks do");
    command->add_flag("--json", arguments->json, "Print JSON instead of lines")->excludes(goOutput);
    command->footer(kHelp);
    return {command, [arguments](Output& out) { return runBench(*arguments, out); }};
}

} // namespace pagescape::cli
