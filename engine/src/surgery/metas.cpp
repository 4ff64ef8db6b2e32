// SPDX-License-Identifier: MIT
// Surgery on the two meta pages, and on the freelist, which they alone can abandon.
#include "format/byte_order.h"
#include "format/meta.h"
#include "pagescape/format.h"
#include "pagescape/store.h"
#include "surgery/surgery_file.h"

#include <array>
#include <utility>
#include <vector>

namespace pagescape {

namespace {

constexpr std::uint32_t kMetaEnd = format::kMetaAt + format::kMetaSize;

// bbolt's tool puts the page flag into the meta's own flags field, where the library writes 0.
// Source: bbolt command_surgery_meta.go updateMetaField.
constexpr std::uint32_t kSurgeryMetaFlags = format::kMetaFlag;

std::string reasonOf(const MetaReport& meta) {
    return meta.error ? meta.error->describe() : std::string("it is not in the file");
}

} // namespace

Result<SurgeryOutcome> revertMetaPage(StorageFile& file, const SurgeryOptions& options) {
    const auto pages = SurgeryFile::open(file, options);
    if (!pages) {
        return fail(pages.error());
    }
    const auto& metas = pages->metas().metas;
    // A tie goes to page 0, as when bolt opens the file.
    const std::size_t newer = metas[1].fields.txid > metas[0].fields.txid ? 1 : 0;
    const std::size_t older = 1 - newer;
    if (!metas[older].isValid()) {
        const std::string text = // the reason names page and byte
            "There is no version to go back to: the older meta is not valid: " +
            reasonOf(metas[older]);
        return fail(metas[newer].isValid()
                        ? surgeryRefused(std::nullopt, text,
                                         "The other meta is valid: bolt opens the file with it.")
                        : noValidMeta(text, "Restore a backup, or set fields with surgery meta "
                                            "update."));
    }
    auto page = pages->readPage(PageId{older});
    if (!page) {
        return fail(page.error());
    }
    format::store<std::uint64_t>(page->data() + format::kHeaderIdAt, newer);
    if (auto written = pages->write(PageId{newer}, *page); !written) {
        return fail(written.error());
    }
    return SurgeryOutcome{PageId{newer}, 1, {}};
}

Result<SurgeryOutcome> abandonFreelist(StorageFile& file, const SurgeryOptions& options) {
    const auto pages = SurgeryFile::open(file, options);
    if (!pages) {
        return fail(pages.error());
    }
    SurgeryOutcome outcome;
    std::vector<std::pair<PageId, std::vector<std::byte>>> changed; // all or none is written
    for (const MetaReport& meta : pages->metas().metas) {
        if (!meta.isValid()) {
            outcome.warnings.push_back(
                "Meta page " + std::to_string(meta.page.value) +
                " was left as it is, for it is not valid: " + reasonOf(meta));
            continue;
        }
        auto page = pages->readPage(meta.page); // a cut file may hold no more of it than the meta
        if (!page) {
            return fail(page.error());
        }
        MetaFields fields = meta.fields;
        fields.freelist = PageId{format::kNoFreelist};
        static_cast<void>(format::storeMeta(*page, meta.page, fields));
        changed.emplace_back(meta.page, std::move(*page));
    }
    if (changed.empty()) {
        return fail(noValidMeta("No meta page is valid: nothing was changed",
                                "Mend one first: surgery meta update."));
    }
    for (const auto& [id, page] : changed) {
        if (auto written = pages->write(id, page); !written) {
            return fail(written.error());
        }
    }
    outcome.page = changed.front().first;
    outcome.pagesWritten = changed.size();
    return outcome;
}

Result<void> rebuildFreelist(const std::filesystem::path& path) {
    FileRequest request;
    request.create = false;
    const auto file = openStorageFile(path, request);
    if (!file) {
        return fail(file.error());
    }
    const auto pages = SurgeryFile::open(**file, {});
    if (!pages) {
        return fail(pages.error());
    }
    if (pages->hasFreelist()) {
        return fail(surgeryRefused(pages->metas().activeFields()->freelist,
                                   "The file has a freelist already",
                                   "Run surgery freelist abandon first."));
    }
    StoreOptions options;
    options.create = false;
    auto store = Store::open(path, options); // finds the free pages and stores them
    return store ? store->close() : Result<void>(fail(store.error()));
}

Result<SurgeryOutcome> updateMeta(StorageFile& file, PageId metaPage, const MetaChange& change,
                                  const SurgeryOptions& options) {
    if (metaPage.value > 1) {
        return fail(surgeryRefused(metaPage, "There is no such meta page: expected 0 or 1"));
    }
    if (change.pageSize && !format::isReadablePageSize(*change.pageSize)) {
        return fail(surgeryRefused(
            metaPage, "No file has pages of " + std::to_string(*change.pageSize) +
                          " bytes: expected " + std::to_string(format::kSmallestReadablePageSize) +
                          " to " + std::to_string(format::kLargestPageSize)));
    }
    std::uint64_t at = 0; // page 0 is there whatever the page size
    if (metaPage.value == 1) {
        const auto pages = SurgeryFile::open(file, options);
        if (!pages) {
            return fail(pages.error());
        }
        at = pages->pageSize();
    }
    std::array<std::byte, kMetaEnd> bytes = {};
    const auto got = file.readAt(at, bytes);
    if (!got) {
        return fail(got.error());
    }
    if (*got < bytes.size()) {
        return fail(surgeryRefused(metaPage, "The file ends before the meta page does"));
    }
    MetaFields fields = format::readMeta(bytes, metaPage, at).fields;
    if (change.root) {
        fields.root = *change.root;
        fields.rootSequence = 0;
    }
    fields.freelist = change.freelist.value_or(fields.freelist);
    fields.highWater = change.highWater.value_or(fields.highWater);
    fields.pageSize = change.pageSize.value_or(fields.pageSize);
    fields.flags = kSurgeryMetaFlags;
    static_cast<void>(format::storeMeta(bytes, metaPage, fields));
    const std::array<Bytes, 1> parts{Bytes(bytes)};
    if (auto written = file.writeAt(at, parts); !written) {
        return fail(written.error());
    }
    SurgeryOutcome outcome{metaPage, 1, {}};
    const auto warnOutside = [&](const char* name, PageId page) {
        if (page.value < 2 || page >= fields.highWater) {
            outcome.warnings.push_back(
                std::string("The ") + name + " is page " + std::to_string(page.value) +
                ", expected one from 2 to below the high-water mark " +
                std::to_string(fields.highWater.value) + ": bolt will not take this version");
        }
    };
    warnOutside("root", fields.root);
    if (fields.hasFreelist()) {
        warnOutside("freelist", fields.freelist);
    }
    return outcome;
}

} // namespace pagescape
