// SPDX-License-Identifier: MIT
// Every surgery operation on any file: it ends in an error that changed nothing, or in a file of
// the same size that the engine can read or refuse. A sound file bears it that its freelist is
// given up and found again. Input: a file, see memory_file.h; its last bytes also choose pages and
// elements.
#include "fuzz/byte_reader.h"
#include "fuzz/fuzz_input.h"
#include "fuzz/judge.h"
#include "fuzz/memory_file.h"
#include "pagescape/store.h"
#include "pagescape/surgery.h"

#include <algorithm>
#include <functional>
#include <vector>

using namespace pagescape;

namespace {

constexpr std::size_t kScriptBytes = 32;
constexpr std::uint64_t kMostPaths = 500;

using Operation = std::function<Result<SurgeryOutcome>(StorageFile&, const SurgeryOptions&)>;

// Mostly a page that a small file has, now and then one that none has.
PageId takePage(fuzz::ByteReader& script) {
    const unsigned byte = script.take();
    return PageId{byte < 250 ? byte % 70 : UINT64_MAX - (byte - 250) * (UINT64_MAX / 7)};
}

std::vector<std::byte> contentsOf(StorageFile& file) {
    const auto size = file.size();
    fuzz::require(size.has_value(), "no size");
    std::vector<std::byte> bytes(*size);
    const auto got = file.readAt(0, bytes);
    fuzz::require(got && *got == bytes.size(), "a file in memory cannot be read");
    return bytes;
}

std::shared_ptr<StorageFile> fileOf(const std::vector<std::byte>& bytes) {
    const auto file = makeMemoryFile(bytes);
    fuzz::require(file.has_value(), "no file in memory");
    return *file;
}

// Whatever surgery left: the engine looks at all of it, and writes to it or refuses.
void requireReadable(const std::shared_ptr<StorageFile>& file) {
    static_cast<void>(fuzz::damageOf(*file));
    static_cast<void>(fuzz::digestOfFile(*file));
    StoreOptions options;
    options.openFile = [&file](const std::filesystem::path&) { return file; };
    options.timeout = std::chrono::milliseconds(0);
    options.maxSize = 64 * 1024 * 1024;
    auto store = Store::open("memory", options);
    fuzz::require(store || !store.error().text.empty(), "a refusal without a reason");
    if (store) {
        fuzz::require(store->beginRead().has_value(), "an opened store refuses to read");
    }
}

void tryOn(const std::vector<std::byte>& bytes, const SurgeryOptions& options,
           const Operation& operation) {
    const auto file = fileOf(bytes);
    const auto outcome = operation(*file, options);
    const std::vector<std::byte> after = contentsOf(*file);
    if (!outcome || outcome->pagesWritten == 0) {
        fuzz::require(outcome || !outcome.error().text.empty(), "an error without a reason");
        fuzz::require(after == bytes, "what was refused changed the file");
        return;
    }
    fuzz::require(after.size() == bytes.size(), "surgery changed the size of the file");
    requireReadable(file);
}

// Given up and found again, the freelist of a sound file is sound and nothing else changed.
void abandonAndRebuild(const std::vector<std::byte>& bytes) {
    const auto file = fileOf(bytes);
    const bool wasSound = !bytes.empty() && fuzz::damageOf(*file).empty();
    const std::string digest = fuzz::digestOfFile(*file);
    const auto abandoned = abandonFreelist(*file);
    fuzz::require(abandoned || !wasSound, "the freelist of a sound file is not given up");
    const auto rebuilt = rebuildFreelist(fuzz::pathOf(*file));
    fuzz::require(rebuilt || !rebuilt.error().text.empty(), "an error without a reason");
    fuzz::require(rebuilt || !wasSound, "the freelist of a sound file is not found again");
    requireReadable(file);
    if (wasSound) {
        fuzz::requireSound(*file, digest);
    }
}

void findPaths(const std::vector<std::byte>& bytes, unsigned letter) {
    const auto file = fileOf(bytes);
    const auto opened = PageFile::open(fuzz::pathOf(*file));
    if (!opened) {
        return;
    }
    std::uint64_t paths = 0;
    const auto key = static_cast<std::byte>(letter);
    const auto done =
        findPathsToKey(*opened, Bytes(&key, letter == 0 ? 0 : 1), [&](std::span<const PageId> way) {
            fuzz::require(!way.empty(), "a way without pages");
            return ++paths < kMostPaths;
        });
    fuzz::require(done || !done.error().text.empty(), "an error without a reason");
}

MetaChange takeChange(fuzz::ByteReader& script) {
    const unsigned which = script.take();
    MetaChange change;
    if ((which & 1U) != 0) {
        change.root = takePage(script);
    }
    if ((which & 2U) != 0) {
        change.freelist = takePage(script);
    }
    if ((which & 4U) != 0) {
        change.highWater = takePage(script);
    }
    if ((which & 8U) != 0) {
        change.pageSize = 128U << script.take() % 20U;
    }
    return change;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::vector<std::byte> bytes = fuzz::mendInput(fuzz::asInput(data, size));
    fuzz::ByteReader script(Bytes(bytes).last(std::min(bytes.size(), kScriptBytes)));
    SurgeryOptions options;
    options.pageSizeHint = (script.take() & 1U) != 0 ? 1024 : 0;
    const PageId page = takePage(script);
    const PageId other = takePage(script);
    ElementRange elements;
    elements.from = script.take() % 16;
    if (const unsigned to = script.take(); to < 128) {
        elements.to = elements.from + to % 8;
    }
    const PageId meta{script.take() % 3};
    const MetaChange change = takeChange(script);
    const Operation operations[] = {
        [](StorageFile& file, const auto& how) { return revertMetaPage(file, how); },
        [&](StorageFile& file, const auto& how) { return copyPage(file, page, other, how); },
        [&](StorageFile& file, const auto& how) { return clearPage(file, page, how); },
        [&](StorageFile& file, const auto& how) {
            return clearPageElements(file, page, elements, how);
        },
        [](StorageFile& file, const auto& how) { return abandonFreelist(file, how); },
        [&](StorageFile& file, const auto& how) { return updateMeta(file, meta, change, how); }};
    for (const Operation& operation : operations) {
        tryOn(bytes, options, operation);
    }
    abandonAndRebuild(bytes);
    findPaths(bytes, script.take());
    return 0;
}
