// SPDX-License-Identifier: MIT
// bench_get FILE [Google Benchmark options]: Get on a real tree, with no sink set and with the sink
// compiled out. The two run in random turns; the ratio of their medians is what the null sink
// costs.
#include "get_loop.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace {

// Few keys: all pages on the way stay in the cache, so the work of Get itself counts most.
// Many keys: most Gets wait for memory.
constexpr std::int64_t kFewKeys = 1000;
constexpr std::int64_t kManyKeys = 1000000;

void run(benchmark::State& state, const bench::GetLoop& loop,
         const std::vector<std::string>& keys) {
    std::uint64_t bytes = 0;
    for (auto _ : state) {
        bytes += loop.getAll(keys);
    }
    benchmark::DoNotOptimize(bytes);
    if (bytes == 0) {
        state.SkipWithError("no key was found");
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(keys.size()) * state.iterations());
}

/// The console's lines; medians and minima are kept for the ratios.
class RatioReporter : public benchmark::ConsoleReporter {
public:
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs) {
            if (run.run_type == Run::RT_Aggregate) {
                m_times[run.run_name.function_name + ' ' + run.aggregate_name] =
                    run.GetAdjustedCPUTime();
            }
        }
        ConsoleReporter::ReportRuns(runs);
    }
    void printRatios(const std::string& keys) const {
        for (const char* what : {"median", "min"}) {
            const auto with = m_times.find("null_sink_" + keys + ' ' + what);
            const auto without = m_times.find("no_sink_" + keys + ' ' + what);
            if (with != m_times.end() && without != m_times.end()) {
                std::printf("%s keys, %s: null sink / sink compiled out = %.3f\n", keys.c_str(),
                            what, with->second / without->second);
            }
        }
    }

private:
    std::map<std::string, double> m_times;
};

} // namespace

int main(int argc, char** argv) {
    if (argc < 2 || argv[1][0] == '-') {
        std::fprintf(stderr, "usage: bench_get FILE [--benchmark_...]\n");
        return 2;
    }
    const auto nullSink = bench::makeNullSinkLoop(argv[1]);
    const auto noSink = bench::makeNoSinkLoop(argv[1]);
    const std::map<std::string, std::int64_t> sets = {{"few", kFewKeys}, {"many", kManyKeys}};
    for (const auto& [name, count] : sets) {
        auto keys = nullSink->keys(static_cast<std::uint64_t>(count));
        std::shuffle(keys.begin(), keys.end(), std::mt19937_64(1));
        const auto add = [&keys](const std::string& label, const bench::GetLoop& loop) {
            benchmark::RegisterBenchmark(
                label.c_str(), [&loop, keys](benchmark::State& state) { run(state, loop, keys); })
                ->Unit(benchmark::kMicrosecond)
                // On a busy machine the fastest run says most.
                ->ComputeStatistics("min", [](const std::vector<double>& times) {
                    return *std::min_element(times.begin(), times.end());
                });
        };
        add("null_sink_" + name, *nullSink);
        add("no_sink_" + name, *noSink);
    }
    std::vector<std::string> defaults = {
        argv[0], "--benchmark_repetitions=15", "--benchmark_enable_random_interleaving=true",
        "--benchmark_min_time=0.3", "--benchmark_report_aggregates_only=true"};
    std::vector<char*> arguments;
    std::transform(defaults.begin(), defaults.end(), std::back_inserter(arguments),
                   [](std::string& text) { return text.data(); });
    arguments.insert(arguments.end(), argv + 2, argv + argc); // the caller's come last and win
    int count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    RatioReporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    reporter.printRatios("few");
    reporter.printRatios("many");
    return 0;
}
