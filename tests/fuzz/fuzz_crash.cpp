// SPDX-License-Identifier: MIT
// Any writes, resizes and syncs on any file, and a crash anywhere: every image is built and judged,
// what all writes or none of them leave is what playing them gives, and the search for the worst
// case counts each image once. Input: a file, see memory_file.h; its last bytes choose the
// operations.
#include "fuzz/byte_reader.h"
#include "fuzz/fuzz_input.h"
#include "fuzz/memory_file.h"
#include "pagescape/crash.h"

#include <algorithm>

using namespace pagescape;

namespace {

constexpr std::size_t kScriptBytes = 48;
constexpr std::size_t kMostOperations = 16;
constexpr std::uint64_t kMostImages = 24;
constexpr std::uint64_t kUnit = 512; // where operations begin, so that they meet pages and sectors

FileOperation takeOperation(fuzz::ByteReader& script, Bytes file) {
    FileOperation operation;
    const unsigned kind = script.take();
    switch (kind % 8) {
    case 0: operation.kind = FileOperation::Kind::SyncData; return operation;
    case 1: operation.kind = FileOperation::Kind::SyncAll; return operation;
    case 2:
        operation.kind = FileOperation::Kind::Resize;
        operation.size = script.take() * kUnit + kind / 8;
        return operation;
    default: break;
    }
    // A copy of another part of the file: a page in the place of a page.
    operation.offset = script.take() * kUnit + (kind > 250 ? kind : 0);
    const std::uint64_t from = std::min<std::uint64_t>(script.take() * kUnit, file.size());
    const std::uint64_t length =
        std::min<std::uint64_t>((1 + script.take() % 8) * kUnit, file.size() - from);
    operation.data.assign(file.begin() + static_cast<std::ptrdiff_t>(from),
                          file.begin() + static_cast<std::ptrdiff_t>(from + length));
    operation.size = length;
    return operation;
}

WriteFate takeFate(fuzz::ByteReader& script) {
    const unsigned byte = script.take();
    return {static_cast<WriteFate::Kind>(byte % 4), byte / 4 % 8, byte * 0x0101010101010101U};
}

// What the operations [0, count) make of the file, told in the plainest way.
std::vector<std::byte> played(const CrashRun& run, std::size_t count) {
    std::vector<std::byte> file = run.begin;
    for (std::size_t i = 0; i < count; ++i) {
        const FileOperation& operation = run.operations[i];
        if (operation.kind == FileOperation::Kind::Resize) {
            file.resize(operation.size);
        } else if (operation.kind == FileOperation::Kind::Write && !operation.data.empty()) {
            file.resize(std::max<std::uint64_t>(file.size(), operation.offset + operation.size));
            std::ranges::copy(operation.data,
                              file.begin() + static_cast<std::ptrdiff_t>(operation.offset));
        }
    }
    return file;
}

void requireBounds(const CrashRun& run, const CrashImages& images, std::size_t cursor) {
    std::vector<std::byte> image;
    fuzz::require(images.build({}, image).has_value(), "no image of what all survive");
    fuzz::require(image == played(run, cursor), "what all survive is not the file");
    const std::vector<WriteFate> lost(images.point().open.size(),
                                      WriteFate{WriteFate::Kind::Lost, 0, 0});
    fuzz::require(images.build(lost, image).has_value(), "no image of what all are lost");
    fuzz::require(image == played(run, images.point().durable), "a synced operation is lost");
}

void requireSound(const WorstCase& worst, const ExpectedStates& expected) {
    std::uint64_t counted = worst.leftOut;
    CrashClass last = CrashClass::DoesNotOpen;
    for (const CrashOutcome& outcome : worst.outcomes) {
        counted += outcome.count;
        fuzz::require(outcome.count > 0, "an outcome of nothing");
        fuzz::require(outcome.crashClass <= last, "a better outcome before a worse one");
        fuzz::require(outcome.crashClass == classOf(outcome.verdict, expected),
                      "the class is not that of the verdict");
        last = outcome.crashClass;
    }
    fuzz::require(counted == worst.images && worst.images <= kMostImages,
                  "the images do not add up");
    fuzz::require(!worst.wasStopped, "nobody stopped the search");
}

void search(const CrashRun& run, std::size_t cursor) {
    WorstCaseOptions options;
    options.limit = kMostImages;
    const auto before = stateAt(run, 0);
    const auto after = stateAt(run, cursor);
    fuzz::require(before || !before.error().text.empty(), "an error without a reason");
    options.expected.before = before.value_or(CrashState{});
    options.expected.after = after.value_or(CrashState{});
    const auto worst = findWorstCase(run, cursor, options);
    fuzz::require(worst || !worst.error().text.empty(), "an error without a reason");
    if (worst) {
        requireSound(*worst, options.expected);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    CrashRun run;
    run.begin = fuzz::mendInput(fuzz::asInput(data, size));
    fuzz::ByteReader script(fuzz::asInput(data, size).last(std::min(size, kScriptBytes)));
    const std::size_t count = script.take() % (kMostOperations + 1);
    for (std::size_t i = 0; i < count; ++i) {
        run.operations.push_back(takeOperation(script, run.begin));
    }
    const std::size_t cursor = script.take() % (count + 2);
    const auto images = CrashImages::make(run, cursor);
    fuzz::require(images.has_value(), "small files make no image");
    requireBounds(run, *images, std::min(cursor, count));

    std::vector<WriteFate> fates(images->point().open.size());
    std::ranges::generate(fates, [&] { return takeFate(script); });
    std::vector<std::byte> image;
    fuzz::require(images->build(fates, image).has_value(), "no image of small files");
    const auto verdict = judgeImage(image);
    fuzz::require(verdict.has_value(), "an image gets no verdict");
    fuzz::require(verdict->fileSize == image.size(), "a verdict about another file");
    fuzz::require(verdict->damage <= verdict->findings.size(), "more damage than findings");
    const auto changes = compareContents(image, run.begin, 10);
    fuzz::require(changes || !changes.error().text.empty(), "an error without a reason");
    search(run, cursor);
    return 0;
}
