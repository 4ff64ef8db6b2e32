// SPDX-License-Identifier: MIT
// Writes the seeds of the fuzz targets: make_fuzz_seeds OUT_DIR [DATABASE...]
// OUT_DIR gets the folders files (small databases of small pages, sealed when opened), pages (page
// runs), values and operations (random bytes). The databases given are cut into pages and values;
// the small ones are also copied.
#include "pagescape/database.h"
#include "pagescape/inspect.h"
#include "pagescape/walk.h"
#include "support/page_builder.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <string>

using namespace pagescape;
using pagescape::test::FileBuilder;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kLargestFile = 64 * 1024;
constexpr std::size_t kLargestPage = 8192;
constexpr std::size_t kLargestValue = 2048;
constexpr std::size_t kPagesOfAFile = 40;
constexpr std::size_t kOperationSeeds = 50;

class SeedWriter {
public:
    explicit SeedWriter(fs::path folder) : m_folder(std::move(folder)) {
        fs::create_directories(m_folder);
    }
    void add(const std::string& bytes) {
        if (m_seen.insert(bytes).second) {
            std::ofstream out(m_folder / ("seed-" + std::to_string(m_seen.size())),
                              std::ios::binary);
            out << bytes;
        }
    }

private:
    fs::path m_folder;
    std::set<std::string> m_seen;
};

std::string inlineBucket() {
    FileBuilder image(128, 1);
    image.leaf(0, {{"k", "v"}, {"l", ""}});
    return FileBuilder::bucketValue(0, 7) + toString(Bytes(image.bytes()).first(16 + 32 + 3));
}

// Every kind of page, an inline and a nested bucket, an overflow run, free pages and a tail.
std::string smallDatabase(std::uint32_t pageSize, bool hasFreelist) {
    FileBuilder file(pageSize, 14);
    const std::uint64_t freelist = hasFreelist ? 2 : format::kNoFreelist;
    file.meta(0, 6, 3, freelist, 12);
    file.meta(1, 5, 3, freelist, 12);
    if (hasFreelist) {
        file.freelist(2, {5, 10});
    }
    file.branch(3, {{"a", 11}, {"b", 4}});
    file.leaf(4, {{"b", FileBuilder::bucketValue(6, 1), 1}, {"c", "v"}});
    file.leaf(11, {{"a", inlineBucket(), 1}});
    file.branch(6, {{"x", 7}, {"y", 8}});
    file.leaf(7, {{"x", "1"}, {"xx", ""}});
    file.leaf(8, {{"y", std::string(pageSize, 'z')}}, 1);
    return toString(file.bytes());
}

void addFile(const fs::path& path, SeedWriter& files, SeedWriter& pages, SeedWriter& values) {
    const auto opened = PageFile::open(path);
    if (!opened) {
        return; // an empty file
    }
    const FileLayout& layout = opened->layout();
    if (layout.fileSize <= kLargestFile) {
        if (const auto bytes = opened->readBytes({0, layout.fileSize})) {
            files.add(toString(*bytes));
        }
    }
    for (std::uint64_t id = 0; id < layout.pageCount && id < kPagesOfAFile; ++id) {
        const auto page = inspectPage(*opened, PageId{id}, kLargestPage);
        if (!page) {
            continue;
        }
        pages.add(toString(page->bytes) + '\0');
        for (const Field& field : page->description.fields) {
            if (field.kind == FieldKind::Value && field.range.size() <= kLargestValue) {
                values.add(
                    toString(Bytes(page->bytes).subspan(field.range.begin, field.range.size())));
            }
        }
    }
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: make_fuzz_seeds OUT_DIR [DATABASE...]\n");
        return 2;
    }
    const fs::path out = argv[1];
    SeedWriter files(out / "files");
    SeedWriter pages(out / "pages");
    SeedWriter values(out / "values");
    for (const std::uint32_t pageSize : {128U, 200U, 256U, 512U, 1000U, 1024U}) {
        for (const bool hasFreelist : {true, false}) {
            const std::string file = smallDatabase(pageSize, hasFreelist);
            // The last byte asks for mended checksums; it lies in the tail, which nothing reads.
            files.add(file.substr(0, file.size() - 1) + '\x03');
            for (std::size_t id = 0; id < 12; ++id) {
                const std::size_t size = (id == 8 ? 2 : 1) * std::size_t{pageSize};
                pages.add(file.substr(id * pageSize, size) + (pageSize == 128 ? '\x07' : '\x0B'));
            }
        }
    }
    SeedWriter operations(out / "operations");
    std::mt19937 random(1);
    for (std::size_t i = 0; i < kOperationSeeds; ++i) {
        std::string bytes(20 * (i + 1), '\0');
        for (char& byte : bytes) {
            byte = static_cast<char>(random());
        }
        operations.add(bytes);
    }
    for (int i = 2; i < argc; ++i) {
        addFile(argv[i], files, pages, values);
    }
    return 0;
}
