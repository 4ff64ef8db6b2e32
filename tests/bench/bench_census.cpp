// SPDX-License-Identifier: MIT
// bench_census FILE [RUNS]: what the stages of a census cost, beside touching one cache line of
// each page of the same file in the same run. The file must be in the page cache. Medians of RUNS
// (7).
#include "pagescape/census.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

using namespace pagescape;

namespace {

/// Milliseconds by the wall clock and of this thread's processor time. The second leaves out what
/// other programs take on a busy machine.
struct Times {
    double wall = 0;
    double cpu = 0;
};

Times now() {
    timespec cpu{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
    const auto wall = std::chrono::steady_clock::now().time_since_epoch();
    return {std::chrono::duration<double, std::milli>(wall).count(),
            static_cast<double>(cpu.tv_sec) * 1e3 + static_cast<double>(cpu.tv_nsec) / 1e6};
}

/// One line of the table.
struct Series {
    std::vector<double> wall;
    std::vector<double> cpu;

    template <typename Work>
    void measure(Work&& work) {
        const Times begin = now();
        work();
        const Times end = now();
        wall.push_back(end.wall - begin.wall);
        cpu.push_back(end.cpu - begin.cpu);
    }
    static double median(std::vector<double> values) {
        std::sort(values.begin(), values.end());
        return values[values.size() / 2];
    }
};

struct Table {
    Series touch;
    Series metas;
    Series branches;
    Series leaves;
};

std::uint64_t touchOneLineAPage(const PageFile& file) {
    const Bytes bytes = file.pages(PageId{0}, file.layout().pageCount);
    std::uint64_t sum = 0;
    for (std::size_t at = 0; at < bytes.size(); at += file.layout().pageSize) {
        sum += std::to_integer<std::uint64_t>(bytes[at]);
    }
    return sum;
}

/// A fresh mapping, as a program has that opens the file; or one whose pages were all touched
/// before.
std::shared_ptr<const PageFile> map(const std::string& path, bool isPopulated) {
    auto file = PageFile::open(path);
    if (!file) {
        std::fprintf(stderr, "bench_census: %s: %s\n", path.c_str(),
                     file.error().describe().c_str());
        std::exit(3);
    }
    auto shared = std::make_shared<const PageFile>(*std::move(file));
    if (isPopulated && touchOneLineAPage(*shared) == 0) {
        std::fprintf(stderr, "bench_census: a file of zeros\n");
        std::exit(3);
    }
    return shared;
}

void require(const Result<void>& done) {
    if (!done) {
        std::fprintf(stderr, "bench_census: %s\n", done.error().describe().c_str());
        std::exit(1);
    }
}

Table measure(const std::string& path, int runs, bool isPopulated) {
    Table table;
    std::uint64_t sum = 0;
    for (int run = 0; run < runs; ++run) {
        {
            const auto file = map(path, isPopulated);
            table.touch.measure([&] { sum += touchOneLineAPage(*file); });
        }
        Census census(map(path, isPopulated));
        table.metas.measure([&] { require(census.readMetas()); });
        table.branches.measure([&] { require(census.readBranches()); });
        table.leaves.measure([&] { require(census.readLeaves()); });
    }
    std::printf("  (check sum %llu)\n", static_cast<unsigned long long>(sum));
    return table;
}

void print(const char* name, const Series& series, const Series& touch) {
    const double wall = Series::median(series.wall);
    const double cpu = Series::median(series.cpu);
    std::printf("  %-34s %9.2f %9.2f %9.2f %9.2f\n", name, wall, cpu,
                wall / Series::median(touch.wall), cpu / Series::median(touch.cpu));
}

void report(const char* title, const Table& table) {
    std::printf("%-36s %9s %9s %9s %9s\n", title, "wall ms", "cpu ms", "wall x", "cpu x");
    print("touch one cache line a page", table.touch, table.touch);
    print("stage 0, metas and freelist", table.metas, table.touch);
    print("stage 1, branches", table.branches, table.touch);
    print("stage 2, leaves", table.leaves, table.touch);
}

void describe(const std::string& path) {
    Census census(map(path, false));
    require(census.run());
    std::printf("%s: %llu pages of %u bytes; table %.2f bytes a page\n ", path.c_str(),
                static_cast<unsigned long long>(census.pageCount()),
                census.file().layout().pageSize,
                static_cast<double>(census.tableBytes()) / static_cast<double>(census.pageCount()));
    const auto kinds = census.kindCounts();
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
        if (kinds[kind] != 0) {
            std::printf(" %s %llu", pageKindName(static_cast<PageKind>(kind)).data(),
                        static_cast<unsigned long long>(kinds[kind]));
        }
    }
    const auto leaves = kinds[static_cast<std::size_t>(PageKind::Leaf)];
    std::uint64_t entries = 0;
    for (BucketIndex i = 0; i < census.bucketCount(); ++i) {
        entries += census.bucket(i).entries;
    }
    std::printf("; %.1f entries a leaf\n",
                static_cast<double>(entries) /
                    static_cast<double>(std::max<std::uint64_t>(leaves, 1)));
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_census FILE [RUNS]\n");
        return 2;
    }
    const std::string path = argv[1];
    const int runs = argc > 2 ? std::max(5, std::atoi(argv[2])) : 7;
    describe(path); // brings the file into the page cache as well
    report("fresh mapping", measure(path, runs, false));
    report("populated mapping", measure(path, runs, true));
    return 0;
}
