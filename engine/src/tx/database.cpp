// SPDX-License-Identifier: MIT
#include "pagescape/database.h"

#include "format/meta.h"
#include "pagescape/value_format.h"
#include "tree/tree_access.h"

#include <algorithm>
#include <array>

namespace pagescape {

Database::Database(std::shared_ptr<const PageFile> file, TraceSink* trace)
    : m_file(std::move(file)), m_trace(trace) {}

Result<Database> Database::openReadOnly(const std::filesystem::path& path,
                                        const OpenOptions& options) {
    auto file = PageFile::open(path, options);
    if (!file) {
        return fail(file.error());
    }
    return fromFile(std::make_shared<const PageFile>(std::move(*file)), options.trace);
}

Result<Database> Database::fromFile(std::shared_ptr<const PageFile> file, TraceSink* trace) {
    if (file->layout().openError) {
        return fail(*file->layout().openError);
    }
    return Database(std::move(file), trace);
}

Result<ReadTransaction> Database::beginRead() const {
    return beginRead(m_trace);
}

Result<ReadTransaction> Database::beginRead(TraceSink* trace) const {
    // Both metas are copied before they are validated: another process may be writing one.
    std::array<MetaReport, 2> reports;
    for (std::uint64_t i = 0; i < 2; ++i) {
        std::array<std::byte, format::kMetaAt + format::kMetaSize> copy;
        const Bytes page = m_file->pages(PageId{i});
        const std::size_t size = std::min(page.size(), copy.size());
        std::copy_n(page.begin(), size, copy.begin());
        reports[i] =
            format::readMeta(Bytes(copy).first(size), PageId{i}, i * m_file->layout().pageSize);
    }
    if (m_file->truncated()) {
        return fail(TreeAccess::truncatedError());
    }
    MetaPair pair = format::chooseMeta(std::move(reports[0]), std::move(reports[1]));
    const OpenOptions& options = m_file->options();
    format::chooseVersion(pair, options);
    if (!pair.active && pair.held) {
        return fail(m_file->layout().openError.value_or(TreeAccess::truncatedError()));
    }
    if (!pair.active) {
        return fail(*pair.metas[pair.metas[0].error ? 0 : 1].error);
    }
    const auto chosen = static_cast<std::size_t>(*pair.active);
    MetaFields meta = *pair.activeFields();
    meta.pageSize = m_file->layout().pageSize; // the size the mapping was cut by
    if (trace != nullptr) {
        const MetaReport& other = pair.metas[1 - chosen];
        MetaChosenEvent event;
        event.meta = static_cast<std::uint8_t>(chosen);
        event.otherValid = other.isValid();
        event.pageSize = meta.pageSize;
        event.txid = meta.txid;
        event.otherTxid = other.fields.txid;
        event.root = meta.root;
        event.checksum = meta.checksum;
        event.choice = options.heldMeta          ? MetaChoice::Held
                       : options.previousVersion ? MetaChoice::Previous
                                                 : MetaChoice::Newest;
        trace->onEvent(event);
    }
    return ReadTransaction(m_file, m_file->pages(PageId{0}, m_file->layout().pageCount),
                           m_file->tripFlag(), meta, *pair.active, trace);
}

ReadTransaction::ReadTransaction(std::shared_ptr<const void> owner, Bytes bytes,
                                 const std::atomic<bool>* tripped, const MetaFields& meta,
                                 int metaIndex, TraceSink* trace)
    : m_owner(std::move(owner)), m_bytes(bytes), m_tripped(tripped), m_meta(meta),
      m_metaIndex(metaIndex), m_trace(trace) {}

Bucket ReadTransaction::rootBucket() const {
    return TreeAccess::bucket(*this, format::BucketHeader{m_meta.root, m_meta.rootSequence, {}}, 0,
                              PageId{static_cast<std::uint64_t>(m_metaIndex)});
}

Result<Bucket> ReadTransaction::bucket(std::span<const Bytes> path) const {
    Bucket bucket = rootBucket();
    if (m_trace != nullptr) {
        BucketHopEvent event;
        const std::uint64_t at =
            static_cast<std::uint64_t>(m_metaIndex) * m_meta.pageSize + format::kMetaRootAt;
        event.header = ByteRange{at, at + format::kBucketHeaderSize};
        event.root = m_meta.root;
        m_trace->onEvent(event);
    }
    std::string walked;
    for (const Bytes name : path) {
        Error error;
        if (name.empty()) {
            error.code = ErrorCode::KeyRequired;
            error.text = "A bucket name must not be empty";
            return fail(std::move(error));
        }
        auto next = bucket.bucket(name);
        if (!next) {
            return fail(next.error());
        }
        if (!*next) {
            const auto value = bucket.get(name);
            const bool isPlain = value && *value;
            error.code = isPlain ? ErrorCode::IncompatibleValue : ErrorCode::BucketNotFound;
            error.text = (isPlain ? "Incompatible value: " : "Bucket not found: ") + walked + "\"" +
                         shortText(name) + "\"" + (isPlain ? " is a key with a plain value" : "");
            error.hint = "List what is there with `pagescape-cli buckets` or `keys`.";
            return fail(std::move(error));
        }
        bucket = **next;
        walked += "\"" + shortText(name) + "\" / ";
    }
    return bucket;
}

Result<std::optional<Bytes>> ReadTransaction::get(std::span<const Bytes> path, Bytes key) const {
    const auto found = bucket(path);
    if (!found) {
        return fail(found.error());
    }
    return found->get(key);
}

ByteRange ReadTransaction::fileRange(Bytes slice) const {
    return TreeAccess::range(*this, slice);
}

} // namespace pagescape
