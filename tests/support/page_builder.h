// SPDX-License-Identifier: MIT
// Builds small bolt files in memory for tests: pages from lists of elements, metas with right
// checksums.
#pragma once

#include "format/checksum.h"
#include "pagescape/format.h"
#include "pagescape/types.h"

#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace pagescape::test {

/// A file image under construction. All offsets in bytes.
class FileBuilder {
public:
    explicit FileBuilder(std::uint32_t pageSize, std::uint64_t pages)
        : m_pageSize(pageSize), m_bytes(pageSize * pages) {}

    [[nodiscard]] std::vector<std::byte>& bytes() { return m_bytes; }
    [[nodiscard]] std::uint64_t at(std::uint64_t page, std::uint64_t offset = 0) const {
        return page * m_pageSize + offset;
    }

    template <typename T>
    void put(std::uint64_t offset, T value) {
        std::memcpy(m_bytes.data() + offset, &value, sizeof value);
    }
    void putText(std::uint64_t offset, const std::string& text) {
        std::memcpy(m_bytes.data() + offset, text.data(), text.size());
    }

    void header(std::uint64_t page, std::uint16_t flags, std::uint16_t count,
                std::uint32_t overflow = 0) {
        put<std::uint64_t>(at(page), page);
        put<std::uint16_t>(at(page, format::kHeaderFlagsAt), flags);
        put<std::uint16_t>(at(page, format::kHeaderCountAt), count);
        put<std::uint32_t>(at(page, format::kHeaderOverflowAt), overflow);
    }

    void meta(std::uint64_t page, std::uint64_t txid, std::uint64_t root, std::uint64_t freelist,
              std::uint64_t highWater) {
        header(page, format::kMetaFlag, 0);
        put<std::uint32_t>(at(page, format::kMetaMagicAt), format::kMagic);
        put<std::uint32_t>(at(page, format::kMetaVersionAt), format::kVersion);
        put<std::uint32_t>(at(page, format::kMetaPageSizeAt), m_pageSize);
        put<std::uint64_t>(at(page, format::kMetaRootAt), root);
        put<std::uint64_t>(at(page, format::kMetaFreelistAt), freelist);
        put<std::uint64_t>(at(page, format::kMetaHighWaterAt), highWater);
        put<std::uint64_t>(at(page, format::kMetaTxIdAt), txid);
        seal(page);
    }
    /// Recomputes a meta's checksum after a field was changed.
    void seal(std::uint64_t page) {
        const Bytes covered = Bytes(m_bytes).subspan(at(page, format::kMetaChecksummed.begin),
                                                     format::kMetaChecksummed.size());
        put<std::uint64_t>(at(page, format::kMetaChecksumAt), format::fnv1a64(covered));
    }

    struct Pair {
        std::string key;
        std::string value;
        std::uint32_t flags = 0;
    };
    void leaf(std::uint64_t page, const std::vector<Pair>& pairs, std::uint32_t overflow = 0) {
        header(page, format::kLeafFlag, static_cast<std::uint16_t>(pairs.size()), overflow);
        std::uint64_t data = at(page, format::kPageHeaderSize + pairs.size() * 16);
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            const std::uint64_t element = at(page, format::kPageHeaderSize + i * 16);
            put<std::uint32_t>(element, pairs[i].flags);
            put<std::uint32_t>(element + 4, static_cast<std::uint32_t>(data - element));
            put<std::uint32_t>(element + 8, static_cast<std::uint32_t>(pairs[i].key.size()));
            put<std::uint32_t>(element + 12, static_cast<std::uint32_t>(pairs[i].value.size()));
            putText(data, pairs[i].key);
            putText(data + pairs[i].key.size(), pairs[i].value);
            data += pairs[i].key.size() + pairs[i].value.size();
        }
    }
    void branch(std::uint64_t page,
                const std::vector<std::pair<std::string, std::uint64_t>>& children) {
        header(page, format::kBranchFlag, static_cast<std::uint16_t>(children.size()));
        std::uint64_t data = at(page, format::kPageHeaderSize + children.size() * 16);
        for (std::size_t i = 0; i < children.size(); ++i) {
            const std::uint64_t element = at(page, format::kPageHeaderSize + i * 16);
            put<std::uint32_t>(element, static_cast<std::uint32_t>(data - element));
            put<std::uint32_t>(element + 4, static_cast<std::uint32_t>(children[i].first.size()));
            put<std::uint64_t>(element + 8, children[i].second);
            putText(data, children[i].first);
            data += children[i].first.size();
        }
    }
    void freelist(std::uint64_t page, const std::vector<std::uint64_t>& ids) {
        header(page, format::kFreelistFlag, static_cast<std::uint16_t>(ids.size()));
        for (std::size_t i = 0; i < ids.size(); ++i) {
            put<std::uint64_t>(at(page, format::kPageHeaderSize + i * 8), ids[i]);
        }
    }
    /// The 16 bytes of a bucket header with a page of its own.
    [[nodiscard]] static std::string bucketValue(std::uint64_t root, std::uint64_t sequence = 0) {
        std::string value(16, '\0');
        std::memcpy(value.data(), &root, 8);
        std::memcpy(value.data() + 8, &sequence, 8);
        return value;
    }

    void write(const std::string& path) const {
        std::ofstream out(path, std::ios::binary | std::ios::trunc);
        out.write(static_cast<const char*>(static_cast<const void*>(m_bytes.data())),
                  static_cast<std::streamsize>(m_bytes.size()));
    }

private:
    std::uint32_t m_pageSize;
    std::vector<std::byte> m_bytes;
};

} // namespace pagescape::test
