// SPDX-License-Identifier: MIT
#include "support/file_builder.h"

#include <fstream>

namespace pagescape::test {

namespace {

template <typename T>
void append(std::string& bytes, T value) {
    char raw[sizeof value];
    std::memcpy(raw, &value, sizeof value);
    bytes.append(raw, sizeof value);
}

std::string header(std::uint64_t id, std::uint16_t flags, std::size_t count,
                   std::uint32_t overflow) {
    std::string bytes;
    append(bytes, id);
    append(bytes, flags);
    append(bytes, static_cast<std::uint16_t>(count));
    append(bytes, overflow);
    return bytes;
}

std::string bucketHeader(std::uint64_t root, std::uint64_t sequence) {
    std::string bytes;
    append(bytes, root);
    append(bytes, sequence);
    return bytes;
}

} // namespace

std::string leafImage(std::uint64_t id, const std::vector<LeafItem>& items,
                      std::uint32_t overflow) {
    std::string bytes = header(id, 2, items.size(), overflow);
    std::string data;
    for (std::size_t i = 0; i < items.size(); ++i) {
        append(bytes, items[i].flags);
        append(bytes, static_cast<std::uint32_t>(16 * (items.size() - i) + data.size()));
        append(bytes, static_cast<std::uint32_t>(items[i].key.size()));
        append(bytes, static_cast<std::uint32_t>(items[i].value.size()));
        data += items[i].key + items[i].value;
    }
    return bytes + data;
}

LeafItem bucketItem(const std::string& name, std::uint64_t root, std::uint64_t sequence) {
    return {name, bucketHeader(root, sequence), 1};
}

LeafItem inlineItem(const std::string& name, const std::vector<LeafItem>& items,
                    std::uint64_t sequence) {
    return {name, bucketHeader(0, sequence) + leafImage(0, items), 1};
}

FileBuilder::FileBuilder(std::uint32_t pageSize, std::uint64_t pageCount)
    : m_pageSize(pageSize), m_bytes(pageSize * pageCount, '\0') {}

void FileBuilder::place(std::uint64_t id, const std::string& image) {
    m_bytes.replace(id * m_pageSize, image.size(), image);
}

void FileBuilder::leaf(std::uint64_t id, const std::vector<LeafItem>& items,
                       std::uint32_t overflow) {
    place(id, leafImage(id, items, overflow));
}

void FileBuilder::branch(std::uint64_t id,
                         const std::vector<std::pair<std::string, std::uint64_t>>& items) {
    std::string bytes = header(id, 1, items.size(), 0);
    std::string data;
    for (std::size_t i = 0; i < items.size(); ++i) {
        append(bytes, static_cast<std::uint32_t>(16 * (items.size() - i) + data.size()));
        append(bytes, static_cast<std::uint32_t>(items[i].first.size()));
        append(bytes, items[i].second);
        data += items[i].first;
    }
    place(id, bytes + data);
}

void FileBuilder::freelist(std::uint64_t id, const std::vector<std::uint64_t>& ids) {
    std::string bytes = header(id, 0x10, ids.size(), 0);
    for (const std::uint64_t free : ids) {
        append(bytes, free);
    }
    place(id, bytes);
}

void FileBuilder::meta(std::uint64_t txid, std::uint64_t root, std::uint64_t freelist,
                       std::uint64_t highWater) {
    std::string bytes = header(txid % 2, 4, 0, 0);
    append(bytes, std::uint32_t{0xED0CDAED});
    append(bytes, std::uint32_t{2});
    append(bytes, m_pageSize);
    append(bytes, std::uint32_t{0});
    for (const std::uint64_t field : {root, std::uint64_t{0}, freelist, highWater, txid}) {
        append(bytes, field);
    }
    place(txid % 2, bytes);
    seal(txid % 2);
}

void FileBuilder::seal(std::uint64_t id) {
    std::uint64_t hash = 0xcbf29ce484222325; // FNV-1a 64
    for (std::uint64_t at = 16; at < 72; ++at) {
        hash ^= static_cast<unsigned char>(m_bytes[id * m_pageSize + at]);
        hash *= 0x100000001b3;
    }
    poke(id, 72, hash);
}

std::filesystem::path FileBuilder::write(const std::filesystem::path& path) const {
    // A new file each time: cutting the old one would pull it from under a mapping, and is slow.
    std::filesystem::remove(path);
    std::ofstream(path, std::ios::binary) << m_bytes;
    return path;
}

FileBuilder soundFile() {
    FileBuilder file(1024, 12);
    file.meta(3, 3, 2, 10);
    file.meta(4, 3, 2, 10);
    file.freelist(2, {9});
    file.leaf(3, {inlineItem("inl", {{"a", "1"}, {"b", "2"}}, 5), bucketItem("tree", 4, 7)});
    file.branch(4, {{"b", 5}, {"m", 6}});
    file.leaf(5, {{"b", "1"}, bucketItem("d", 8), {"e", "2"}});
    file.leaf(6, {{"m", "3"}, {"n", std::string(1200, 'v')}}, 1);
    file.leaf(8, {{"x", "9"}});
    file.leaf(9, {{"old", "free pages keep what they held"}});
    return file;
}

FileBuilder overlappingFile() {
    FileBuilder file(1024, 103);
    file.meta(2, 3, ~std::uint64_t{0}, 103);
    file.meta(3, 3, ~std::uint64_t{0}, 103);
    file.leaf(3, std::vector<LeafItem>(2000), 99);
    for (std::uint32_t i = 0; i < 2000; ++i) {
        file.poke(3, FileBuilder::element(i) + 8, std::uint32_t{60000});
    }
    return file;
}

} // namespace pagescape::test
