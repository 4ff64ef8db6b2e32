// SPDX-License-Identifier: MIT
#include "format/meta.h"

#include "format/byte_order.h"
#include "format/checksum.h"
#include "pagescape/format.h"

#include <cstdio>

namespace pagescape {

bool MetaFields::hasFreelist() const {
    return freelist.value != format::kNoFreelist;
}

} // namespace pagescape

namespace pagescape::format {

namespace {

std::string hex(std::uint64_t value, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "0x%0*llx", digits, static_cast<unsigned long long>(value));
    return text;
}

Error metaError(ErrorCode code, PageId id, std::uint32_t at, std::string text) {
    Error error;
    error.code = code;
    error.page = id;
    error.offset = at;
    error.text = std::move(text);
    return error;
}

std::optional<Error> validate(const MetaFields& m, PageId id) {
    if (m.magic == kMagicSwapped) {
        return metaError(ErrorCode::NotADatabase, id, kMetaMagicAt,
                         "Invalid database: the magic is that of a big-endian machine; this build "
                         "reads little-endian files only");
    }
    if (m.magic != kMagic) {
        return metaError(ErrorCode::NotADatabase, id, kMetaMagicAt,
                         "Invalid database: expected magic " + hex(kMagic, 8) + ", found " +
                             hex(m.magic, 8));
    }
    if (m.version != kVersion) {
        return metaError(ErrorCode::VersionMismatch, id, kMetaVersionAt,
                         "Version mismatch: expected format version " + std::to_string(kVersion) +
                             ", found " + std::to_string(m.version));
    }
    if (m.checksum != m.checksumComputed) {
        return metaError(ErrorCode::ChecksumMismatch, id, kMetaChecksumAt,
                         "Checksum error: the meta states " + hex(m.checksum, 16) +
                             ", its bytes give " + hex(m.checksumComputed, 16));
    }
    return std::nullopt;
}

} // namespace

MetaReport readMeta(Bytes page, PageId id, std::uint64_t fileOffset) {
    MetaReport report;
    report.page = id;
    if (page.size() < kMetaAt + kMetaSize) {
        report.error =
            metaError(ErrorCode::FileTooSmall, id, 0, "The file ends before the meta page does");
        report.error->offset.reset();
        return report;
    }
    report.present = true;
    const std::byte* at = page.data();
    MetaFields& m = report.fields;
    m.headerId = load<std::uint64_t>(at + kHeaderIdAt);
    m.headerFlags = load<std::uint16_t>(at + kHeaderFlagsAt);
    m.magic = load<std::uint32_t>(at + kMetaMagicAt);
    m.version = load<std::uint32_t>(at + kMetaVersionAt);
    m.pageSize = load<std::uint32_t>(at + kMetaPageSizeAt);
    m.flags = load<std::uint32_t>(at + kMetaFlagsAt);
    m.root = PageId{load<std::uint64_t>(at + kMetaRootAt)};
    m.rootSequence = load<std::uint64_t>(at + kMetaRootSequenceAt);
    m.freelist = PageId{load<std::uint64_t>(at + kMetaFreelistAt)};
    m.highWater = PageId{load<std::uint64_t>(at + kMetaHighWaterAt)};
    m.txid = TxId{load<std::uint64_t>(at + kMetaTxIdAt)};
    m.checksum = load<std::uint64_t>(at + kMetaChecksumAt);
    m.checksumComputed = fnv1a64(page.subspan(kMetaChecksummed.begin, kMetaChecksummed.size()));
    report.error = validate(m, id);
    if (report.error) {
        report.error->offset = fileOffset + report.error->offset.value_or(0);
    }
    return report;
}

std::uint64_t storeMeta(std::span<std::byte> page, PageId id, const MetaFields& meta) {
    std::byte* at = page.data();
    store<std::uint64_t>(at + kHeaderIdAt, id.value);
    store<std::uint16_t>(at + kHeaderFlagsAt, kMetaFlag);
    store<std::uint16_t>(at + kHeaderCountAt, 0);
    store<std::uint32_t>(at + kHeaderOverflowAt, 0);
    store<std::uint32_t>(at + kMetaMagicAt, kMagic);
    store<std::uint32_t>(at + kMetaVersionAt, kVersion);
    store<std::uint32_t>(at + kMetaPageSizeAt, meta.pageSize);
    store<std::uint32_t>(at + kMetaFlagsAt, meta.flags);
    store<std::uint64_t>(at + kMetaRootAt, meta.root.value);
    store<std::uint64_t>(at + kMetaRootSequenceAt, meta.rootSequence);
    store<std::uint64_t>(at + kMetaFreelistAt, meta.freelist.value);
    store<std::uint64_t>(at + kMetaHighWaterAt, meta.highWater.value);
    store<std::uint64_t>(at + kMetaTxIdAt, meta.txid.value);
    const std::uint64_t checksum =
        fnv1a64(Bytes(page).subspan(kMetaChecksummed.begin, kMetaChecksummed.size()));
    store<std::uint64_t>(at + kMetaChecksumAt, checksum);
    return checksum;
}

MetaPair chooseMeta(MetaReport meta0, MetaReport meta1) {
    MetaPair pair;
    const bool secondNewer = meta1.present && meta1.fields.txid > meta0.fields.txid;
    const bool valid0 = meta0.isValid();
    const bool valid1 = meta1.isValid();
    pair.metas = {std::move(meta0), std::move(meta1)};
    if (secondNewer && valid1) {
        pair.active = 1;
    } else if (valid0) {
        pair.active = 0;
    } else if (valid1) {
        pair.active = 1;
    }
    return pair;
}

namespace {

void choosePrevious(MetaPair& pair) {
    if (pair.metas[0].isValid() && pair.metas[1].isValid()) {
        pair.active = 1 - *pair.active;
    } else {
        pair.active.reset();
    }
}

void chooseHeld(MetaPair& pair, const MetaFields& meta) {
    const MetaFields* const newest = pair.newestFields();
    pair.active.reset();
    if (newest != nullptr && meta.txid <= newest->txid && meta.pageSize == newest->pageSize) {
        pair.active = static_cast<int>(meta.txid.value % 2);
    }
    pair.held = meta;
}

} // namespace

void chooseVersion(MetaPair& pair, const OpenOptions& options) {
    if (options.heldMeta) {
        chooseHeld(pair, *options.heldMeta);
    } else if (options.previousVersion) {
        choosePrevious(pair);
    }
}

} // namespace pagescape::format
