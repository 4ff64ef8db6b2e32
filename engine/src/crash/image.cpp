// SPDX-License-Identifier: MIT
// Images of a file after a crash: the durable operations once, then the open ones by their fates.
#include "crash/image_file.h"
#include "pagescape/crash.h"
#include "pagescape/stopped.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace pagescape {

namespace {

bool isSync(const FileOperation& operation) {
    return operation.kind == FileOperation::Kind::SyncData ||
           operation.kind == FileOperation::Kind::SyncAll;
}

void applyBytes(std::vector<std::byte>& image, std::uint64_t offset, Bytes data) {
    if (data.empty()) {
        return;
    }
    if (image.size() < offset + data.size()) {
        image.resize(offset + data.size());
    }
    std::copy(data.begin(), data.end(), image.begin() + static_cast<std::ptrdiff_t>(offset));
}

void apply(std::vector<std::byte>& image, const FileOperation& operation) {
    if (operation.kind == FileOperation::Kind::Write) {
        applyBytes(image, operation.offset, operation.data);
    } else if (operation.kind == FileOperation::Kind::Resize) {
        image.resize(operation.size);
    }
}

bool isSectorThere(const WriteFate& fate, std::uint64_t sector) {
    return fate.kind == WriteFate::Kind::Torn ? sector < fate.sectors
                                              : (fate.pattern >> sector % 64U & 1U) != 0;
}

// The sectors of a write that reached the disk. They lie as on the disk: the first and the last one
// of a write may be parts.
void applySectors(std::vector<std::byte>& image, const FileOperation& write,
                  const WriteFate& fate) {
    const std::uint64_t end = write.offset + write.data.size();
    const std::uint64_t first = write.offset / kSectorSize;
    const std::uint64_t count = sectorCount(write);
    for (std::uint64_t sector = 0; sector < count; ++sector) {
        if (isSectorThere(fate, sector)) {
            const std::uint64_t from = std::max(write.offset, (first + sector) * kSectorSize);
            const std::uint64_t to = std::min(end, (first + sector + 1) * kSectorSize);
            applyBytes(image, from, Bytes(write.data).subspan(from - write.offset, to - from));
        }
    }
}

bool isTooLong(const FileOperation& operation) {
    if (operation.kind == FileOperation::Kind::Resize) {
        return operation.size > kLargestCrashImage;
    }
    return operation.kind == FileOperation::Kind::Write &&
           (operation.offset > kLargestCrashImage ||
            operation.data.size() > kLargestCrashImage - operation.offset);
}

// Copies in pieces, so that a request to stop is heard soon.
Result<void> copyBytes(const std::vector<std::byte>& from, std::vector<std::byte>& to,
                       const std::stop_token& stop) {
    to.clear();
    to.reserve(from.size());
    for (Bytes rest = from; !rest.empty();) {
        if (stop.stop_requested()) {
            return fail(stoppedOnRequest());
        }
        const Bytes piece = rest.first(std::min(rest.size(), crash::kPiece));
        to.insert(to.end(), piece.begin(), piece.end());
        rest = rest.subspan(piece.size());
    }
    return {};
}

} // namespace

CrashPoint crashPoint(const CrashRun& run, std::size_t cursor) {
    CrashPoint point;
    point.cursor = std::min(cursor, run.operations.size());
    point.durable = point.cursor;
    while (point.durable > 0 && !isSync(run.operations[point.durable - 1])) {
        --point.durable;
    }
    for (std::size_t i = point.durable; i < point.cursor; ++i) {
        point.open.push_back(i);
    }
    return point;
}

std::uint32_t sectorCount(const FileOperation& operation) {
    if (operation.kind != FileOperation::Kind::Write || operation.data.empty()) {
        return 0;
    }
    const std::uint64_t into = operation.offset % kSectorSize;
    const std::uint64_t sectors = (into + operation.data.size() + kSectorSize - 1) / kSectorSize;
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(sectors, std::numeric_limits<std::uint32_t>::max()));
}

CrashImages::CrashImages(const CrashRun& run, CrashPoint point)
    : m_run(&run), m_point(std::move(point)) {}

Result<CrashImages> CrashImages::make(const CrashRun& run, std::size_t cursor,
                                      const std::stop_token& stop) {
    CrashImages images(run, crashPoint(run, cursor));
    const std::span<const FileOperation> returned =
        std::span(run.operations).first(images.m_point.cursor);
    if (run.begin.size() > kLargestCrashImage ||
        std::any_of(returned.begin(), returned.end(), isTooLong)) {
        Error error;
        error.code = ErrorCode::LimitReached;
        error.text = "The recorded file grows beyond " + std::to_string(kLargestCrashImage) +
                     " bytes, the most of which crashes are played through";
        return fail(std::move(error));
    }
    if (auto copied = copyBytes(run.begin, images.m_base, stop); !copied) {
        return fail(copied.error());
    }
    for (const FileOperation& operation : returned.first(images.m_point.durable)) {
        if (stop.stop_requested()) {
            return fail(stoppedOnRequest());
        }
        apply(images.m_base, operation);
    }
    return images;
}

Result<void> CrashImages::build(std::span<const WriteFate> fates, std::vector<std::byte>& image,
                                const std::stop_token& stop) const {
    if (auto copied = copyBytes(m_base, image, stop); !copied) {
        return copied;
    }
    for (std::size_t i = 0; i < m_point.open.size(); ++i) {
        const FileOperation& operation = m_run->operations[m_point.open[i]];
        const WriteFate fate = i < fates.size() ? fates[i] : WriteFate();
        if (stop.stop_requested()) {
            return fail(stoppedOnRequest());
        }
        if (fate.kind == WriteFate::Kind::Survives) {
            apply(image, operation);
        } else if (fate.kind != WriteFate::Kind::Lost) {
            applySectors(image, operation, fate); // a resize has no sectors
        }
    }
    return {};
}

Result<std::vector<std::byte>> buildImage(const CrashRun& run, std::size_t cursor,
                                          std::span<const WriteFate> fates) {
    const auto images = CrashImages::make(run, cursor);
    if (!images) {
        return fail(images.error());
    }
    std::vector<std::byte> image;
    if (auto built = images->build(fates, image); !built) {
        return fail(built.error());
    }
    return image;
}

} // namespace pagescape
