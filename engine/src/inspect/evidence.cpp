// SPDX-License-Identifier: MIT
// The recogniser: a table of magic numbers, then text, zeros and the entropy of the bytes.
#include "pagescape/evidence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string_view>

namespace pagescape {

namespace {

using namespace std::string_view_literals;

// Bytes at a fixed place and what they prove.
struct Magic {
    std::size_t at;
    std::string_view bytes;
    std::string_view what;
    std::string_view hint;
};

constexpr auto kUnpackHint = "Unpack it first and open the unpacked copy."sv;
constexpr auto kSqliteHint = "Open it with sqlite3 or DB Browser for SQLite."sv;

// Sources: file(1) magic and the formats' own documents. LMDB: lmdb.h MDB_MAGIC behind the 16-byte
// page header; libmdbx: MDBX_MAGIC behind its 20-byte header; Berkeley DB: DB_BTREEMAGIC and
// DB_HASHMAGIC at byte 12; the first two are the meta of a bolt page 0 in either byte order.
constexpr std::array kMagics{
    Magic{16, "\xED\xDA\x0C\xED"sv, "a bolt database", ""},
    Magic{16, "\xED\x0C\xDA\xED"sv, "a bolt database written on a big-endian machine",
          "Copy its contents with bbolt on a machine of that byte order."},
    Magic{0, "SQLite format 3\0"sv, "a SQLite 3 database", kSqliteHint},
    Magic{0, "\x37\x7F\x06\x82"sv, "a SQLite write-ahead log", kSqliteHint},
    Magic{0, "\x37\x7F\x06\x83"sv, "a SQLite write-ahead log", kSqliteHint},
    Magic{16, "\xDE\xC0\xEF\xBE"sv, "an LMDB database", "Look at it with mdb_stat or mdb_dump."},
    Magic{21, "\x11\x4C\xEF\xBD\x9D\x65\x59"sv, "a libmdbx database",
          "Look at it with mdbx_stat or mdbx_dump."},
    Magic{12, "\x62\x31\x05\x00"sv, "a Berkeley DB B-tree", "Look at it with db_dump."},
    Magic{12, "\x61\x15\x06\x00"sv, "a Berkeley DB hash table", "Look at it with db_dump."},
    Magic{0, "\x1F\x8B"sv, "gzip-compressed data", "Unpack it first: gunzip -c FILE > FILE.db"},
    Magic{0, "\x28\xB5\x2F\xFD"sv, "zstd-compressed data",
          "Unpack it first: zstd -d FILE -o FILE.db"},
    Magic{0,
          "\xFD"
          "7zXZ\0"sv,
          "xz-compressed data", "Unpack it first: xz -dc FILE > FILE.db"},
    Magic{0, "BZh"sv, "bzip2-compressed data", "Unpack it first: bunzip2 -c FILE > FILE.db"},
    Magic{0, "\x04\x22\x4D\x18"sv, "lz4-compressed data", "Unpack it first: lz4 -d FILE FILE.db"},
    Magic{0, "PK\x03\x04"sv, "a zip archive", kUnpackHint},
    Magic{0, "7z\xBC\xAF\x27\x1C"sv, "a 7-Zip archive", kUnpackHint},
    Magic{257, "ustar"sv, "a tar archive", kUnpackHint},
    Magic{0,
          "\x7F"
          "ELF"sv,
          "an ELF program", ""},
    Magic{0, "\x89PNG\r\n"sv, "a PNG picture", ""},
    Magic{0, "\xFF\xD8\xFF"sv, "a JPEG picture", ""},
    Magic{0, "%PDF-"sv, "a PDF document", ""},
    Magic{0, "LUKS\xBA\xBE"sv, "a LUKS-encrypted volume", "Unlock it and open the file inside."},
    Magic{0, "Salted__"sv, "data encrypted with openssl enc", "Decrypt it first."},
    Magic{0, "age-encryption.org/"sv, "a file encrypted with age", "Decrypt it first."},
    Magic{0, "version https://git-lfs.github.com/spec/"sv, "a Git LFS pointer, not the file itself",
          "Fetch the file: git lfs pull"},
    Magic{0, "<!DOCTYPE html"sv, "an HTML page, perhaps a failed download",
          "Download the file again."},
    Magic{0, "<html"sv, "an HTML page, perhaps a failed download", "Download the file again."},
    Magic{0, "<?xml"sv, "an XML document", ""},
    Magic{0, "\xFF\xFE"sv, "UTF-16 text", ""},
    Magic{0, "\xFE\xFF"sv, "UTF-16 text", ""},
};

bool matches(Bytes bytes, const Magic& magic) {
    return magic.at <= bytes.size() && magic.bytes.size() <= bytes.size() - magic.at &&
           std::memcmp(bytes.data() + magic.at, magic.bytes.data(), magic.bytes.size()) == 0;
}

// Text: printable ASCII, tabs, line ends, and bytes of UTF-8 sequences in their usual places.
bool isText(Bytes bytes) {
    std::size_t continuation = 0;
    for (const std::byte b : bytes) {
        const auto c = std::to_integer<unsigned>(b);
        if (continuation > 0) {
            if ((c & 0xC0U) != 0x80U) {
                return false;
            }
            --continuation;
        } else if (c >= 0xF8 || (c >= 0x80 && c < 0xC2) || c == 0x7F) {
            return false;
        } else if (c >= 0xC2) {
            continuation = c >= 0xF0 ? 3 : (c >= 0xE0 ? 2 : 1);
        } else if (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1B) {
            return false;
        }
    }
    return true; // a sequence cut by the end of the sample is no proof against text
}

// Shannon entropy in bits a byte.
double entropy(Bytes bytes) {
    std::array<std::size_t, 256> histogram{};
    for (const std::byte b : bytes) {
        ++histogram[std::to_integer<std::size_t>(b)];
    }
    double bits = 0;
    for (const std::size_t n : histogram) {
        if (n > 0) {
            const double share = static_cast<double>(n) / static_cast<double>(bytes.size());
            bits -= share * std::log2(share);
        }
    }
    return bits;
}

// True when no byte value stands out. A sample of n random bytes reaches about log2(n) bits while
// n is small and 8 for many; 92 % of that leaves room for chance and none for text or tables.
bool isPatternless(Bytes bytes) {
    constexpr std::size_t kEnough = 512;
    if (bytes.size() < kEnough) {
        return false;
    }
    const double most = std::min(8.0, std::log2(static_cast<double>(bytes.size())));
    return entropy(bytes) > 0.92 * most;
}

void recognise(Bytes bytes, FileEvidence& evidence) {
    if (bytes.empty()) {
        evidence.looksLike = "an empty file";
        evidence.hint =
            "Perhaps the program that should have written it never ran, or the disk was full.";
        return;
    }
    for (const Magic& magic : kMagics) {
        if (matches(bytes, magic)) {
            evidence.looksLike = magic.what;
            evidence.hint = magic.hint;
            evidence.isBolt = &magic == kMagics.data();
            return;
        }
    }
    if (std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; })) {
        evidence.looksLike = "zeros";
        evidence.hint =
            "The file was perhaps made longer but never written, or a disk lost its contents.";
    } else if (isText(bytes)) {
        const auto first =
            std::ranges::find_if(bytes, [](std::byte b) { return b > std::byte{' '}; });
        const bool isJson =
            first != bytes.end() && (*first == std::byte{'{'} || *first == std::byte{'['});
        evidence.looksLike = isJson ? "JSON text" : "plain text";
        evidence.hint = "Open it with a text editor.";
    } else if (isPatternless(bytes)) {
        evidence.looksLike = "random, encrypted or compressed data";
        evidence.hint = "If it was encrypted or compressed, undo that first.";
    }
}

} // namespace

FileEvidence sniff(Bytes firstBytes) {
    FileEvidence evidence;
    const Bytes shown = firstBytes.first(std::min<std::size_t>(firstBytes.size(), 16));
    constexpr auto kDigits = "0123456789abcdef"sv;
    for (const std::byte b : shown) {
        const auto c = std::to_integer<unsigned char>(b);
        if (!evidence.firstBytesHex.empty()) {
            evidence.firstBytesHex += ' ';
        }
        evidence.firstBytesHex += kDigits[c >> 4U];
        evidence.firstBytesHex += kDigits[c & 0x0FU];
        evidence.firstBytesText += c >= 0x20 && c < 0x7F ? static_cast<char>(c) : '.';
    }
    recognise(firstBytes, evidence);
    return evidence;
}

std::string FileEvidence::describe() const {
    std::string out;
    if (!looksLike.empty()) {
        out = "It looks like " + looksLike + ".";
    }
    if (!firstBytesHex.empty()) {
        out += (out.empty() ? "First bytes: " : " First bytes: ") + firstBytesHex + "  \"" +
               firstBytesText + "\".";
    }
    return out;
}

} // namespace pagescape
