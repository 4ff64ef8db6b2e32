// SPDX-License-Identifier: MIT
// The content digest: SHA-256 over one text line an entry, in stored order. With P the path so far,
//   P/KEY=VALUE    a key with a value
//   P/KEY/{SEQ}    a bucket, before the lines of its contents, for which P becomes P/KEY
// each ended by LF; KEY and VALUE in lower-case hex, SEQ decimal.
#include "format/sha256.h"
#include "pagescape/stopped.h"
#include "pagescape/walk.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace pagescape {

namespace {

// Keeps a hopelessly damaged file from filling the memory with reasons.
constexpr std::size_t kMaxSkipped = 1000;

void appendHex(std::string& text, Bytes bytes) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    for (const std::byte byte : bytes) {
        text += kDigits[std::to_integer<unsigned>(byte) >> 4U];
        text += kDigits[std::to_integer<unsigned>(byte) & 15U];
    }
}

// In pieces: a value may be as large as the file.
void updateHex(Sha256& hash, Bytes bytes, const std::stop_token& stop = {}) {
    constexpr std::size_t kPiece = 4096;
    std::string text;
    while (!bytes.empty() && !stop.stop_requested()) {
        const Bytes piece = bytes.first(std::min(bytes.size(), kPiece));
        text.clear();
        appendHex(text, piece);
        hash.update(asBytes(text));
        bytes = bytes.subspan(piece.size());
    }
}

// Feeds the hash, keeping the hex form of the current path.
class DigestLines {
public:
    void add(const WalkItem& item, const std::stop_token& stop) {
        followPath(*item.path);
        m_hash.update(asBytes(m_prefix));
        m_hash.update(asBytes("/"));
        updateHex(m_hash, item.key);
        if (item.isBucket) {
            m_hash.update(asBytes("/{" + std::to_string(item.sequence) + "}\n"));
            return;
        }
        m_hash.update(asBytes("="));
        updateHex(m_hash, item.value, stop); // the walk ends in Cancelled then
        m_hash.update(asBytes("\n"));
    }

    [[nodiscard]] std::string hexDigest() const { return m_hash.hexDigest(); }

private:
    // Between the contents of two buckets on one level comes the line of the second, with a shorter
    // path: so a path that is not shorter than the one before continues it.
    void followPath(const std::vector<Bytes>& path) {
        if (path.size() < m_lengths.size()) {
            m_prefix.resize(m_lengths[path.size()]);
            m_lengths.resize(path.size());
        }
        for (std::size_t level = m_lengths.size(); level < path.size(); ++level) {
            m_lengths.push_back(m_prefix.size());
            m_prefix += '/';
            appendHex(m_prefix, path[level]);
        }
    }

    Sha256 m_hash;
    std::string m_prefix;               // hex names, each preceded by a slash
    std::vector<std::size_t> m_lengths; // length of m_prefix before each name of it
};

} // namespace

Result<ContentDigest> contentDigest(const PageFile& file, const std::stop_token& stop) {
    ContentDigest digest;
    DigestLines lines;
    const auto walked = walkEntries(
        file,
        [&](const WalkItem& item) {
            ++(item.isBucket ? digest.buckets : digest.pairs);
            lines.add(item, stop);
            return true;
        },
        [&](Error error) {
            if (digest.skipped.size() < kMaxSkipped) {
                digest.skipped.push_back(std::move(error));
            }
        },
        stop);
    if (!walked) {
        return fail(walked.error());
    }
    if (stop.stop_requested()) { // perhaps within the last value
        return fail(stoppedOnRequest());
    }
    digest.sha256 = lines.hexDigest();
    return digest;
}

} // namespace pagescape
