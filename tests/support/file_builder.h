// SPDX-License-Identifier: MIT
// Makes small bolt files page by page, so that a test can place exactly the damage it is about.
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace pagescape::test {

/// One element of a leaf page.
struct LeafItem {
    std::string key;
    std::string value;
    std::uint32_t flags = 0; ///< 1: the value is a bucket
};

/// A file under construction: zero bytes until pages are placed.
class FileBuilder {
public:
    FileBuilder(std::uint32_t pageSize, std::uint64_t pageCount);

    [[nodiscard]] std::uint32_t pageSize() const { return m_pageSize; }
    [[nodiscard]] std::string& bytes() { return m_bytes; }

    /// Places a leaf; its contents may run on into the pages behind it (`overflow` of them).
    void leaf(std::uint64_t id, const std::vector<LeafItem>& items, std::uint32_t overflow = 0);
    /// Places a branch with (key, child) elements.
    void branch(std::uint64_t id, const std::vector<std::pair<std::string, std::uint64_t>>& items);
    void freelist(std::uint64_t id, const std::vector<std::uint64_t>& ids);
    /// Places a meta on page `txid` % 2, with the right checksum.
    void meta(std::uint64_t txid, std::uint64_t root, std::uint64_t freelist,
              std::uint64_t highWater);
    /// Makes the checksum of a meta page right again after its fields were changed.
    void seal(std::uint64_t id);

    /// Overwrites bytes `at` bytes into a page.
    template <typename T>
    void poke(std::uint64_t id, std::uint64_t at, T value) {
        std::memcpy(m_bytes.data() + id * m_pageSize + at, &value, sizeof value);
    }
    /// Byte of element `index` from the start of its page.
    [[nodiscard]] static std::uint64_t element(std::uint32_t index) { return 16 + 16 * index; }

    /// Writes the file, replacing one that is there; returns its path.
    std::filesystem::path write(const std::filesystem::path& path) const;

private:
    void place(std::uint64_t id, const std::string& image);

    std::uint32_t m_pageSize;
    std::string m_bytes;
};

/// A leaf page image as in an inline bucket (id 0) or on a page.
[[nodiscard]] std::string leafImage(std::uint64_t id, const std::vector<LeafItem>& items,
                                    std::uint32_t overflow = 0);
/// A leaf item that is a bucket with a page of its own.
[[nodiscard]] LeafItem bucketItem(const std::string& name, std::uint64_t root,
                                  std::uint64_t sequence = 0);
/// A leaf item that is an inline bucket.
[[nodiscard]] LeafItem inlineItem(const std::string& name, const std::vector<LeafItem>& items,
                                  std::uint64_t sequence = 0);

/// A sound database of 12 pages of 1024 bytes, high-water mark 10, newest meta on page 0:
///   2 freelist {9}        3 root leaf: "inl" inline {a=1 b=2}, sequence 5; "tree" page 4, sequence
///   7 4 branch b->5 m->6    5 leaf: b=1, "d" bucket on page 8, e=2    6 + 7 leaf: m=3, n=1200
///   bytes 8 leaf: x=9           9 free
[[nodiscard]] FileBuilder soundFile();

/// A database whose root leaf has 2000 elements that all claim the same 60000 bytes as their key.
[[nodiscard]] FileBuilder overlappingFile();

} // namespace pagescape::test
