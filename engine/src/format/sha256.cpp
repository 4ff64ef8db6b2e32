// SPDX-License-Identifier: MIT
#include "format/sha256.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>

namespace pagescape {

namespace {

// First 32 bits of the fractional parts of the cube roots of the first 64 primes. Source: FIPS
// 180-4, 4.2.2.
constexpr std::array<std::uint32_t, 64> kRoundConstants = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

// SHA-256 reads big-endian words, whatever the host is.
std::uint32_t loadBigEndian(const std::byte* at) {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) {
        value = (value << 8) | std::to_integer<std::uint32_t>(at[i]);
    }
    return value;
}

} // namespace

void Sha256::update(Bytes bytes) {
    m_messageSize += bytes.size();
    if (m_pendingSize > 0) {
        const std::size_t taken = std::min(kBlockSize - m_pendingSize, bytes.size());
        std::copy_n(bytes.begin(), taken,
                    m_pending.begin() + static_cast<std::ptrdiff_t>(m_pendingSize));
        m_pendingSize += taken;
        bytes = bytes.subspan(taken);
        if (m_pendingSize < kBlockSize) {
            return;
        }
        block(m_pending.data());
        m_pendingSize = 0;
    }
    while (bytes.size() >= kBlockSize) {
        block(bytes.data());
        bytes = bytes.subspan(kBlockSize);
    }
    std::copy(bytes.begin(), bytes.end(), m_pending.begin());
    m_pendingSize = bytes.size();
}

std::array<std::byte, 32> Sha256::digest() const {
    constexpr std::size_t kLengthSize = 8;
    Sha256 padded = *this;
    const std::uint64_t bits = m_messageSize * 8;
    std::array<std::byte, kBlockSize + kLengthSize> padding = {};
    padding[0] = std::byte{0x80};
    // One bit, then zeros up to 8 bytes before a block's end, then the length in bits.
    const std::size_t used = m_pendingSize + 1;
    const std::size_t zeros = (2 * kBlockSize - kLengthSize - used) % kBlockSize;
    for (std::size_t i = 0; i < kLengthSize; ++i) {
        padding[1 + zeros + i] = static_cast<std::byte>(bits >> (8 * (kLengthSize - 1 - i)));
    }
    padded.update(Bytes(padding).first(1 + zeros + kLengthSize));

    std::array<std::byte, 32> out;
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<std::byte>(padded.m_state[i / 4] >> (8 * (3 - i % 4)));
    }
    return out;
}

std::string Sha256::hexDigest() const {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    out.reserve(64);
    for (const std::byte b : digest()) {
        const auto value = std::to_integer<unsigned>(b);
        out += kDigits[value >> 4];
        out += kDigits[value & 15];
    }
    return out;
}

// One 64-byte block into the state. Source: FIPS 180-4, 6.2.2; the names are the standard's.
void Sha256::block(const std::byte* at) {
    std::array<std::uint32_t, 64> w;
    for (std::size_t i = 0; i < 16; ++i) {
        w[i] = loadBigEndian(at + 4 * i);
    }
    for (std::size_t i = 16; i < 64; ++i) {
        const std::uint32_t s0 =
            std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
        const std::uint32_t s1 =
            std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }

    auto [a, b, c, d, e, f, g, h] = m_state;
    for (std::size_t i = 0; i < 64; ++i) {
        const std::uint32_t sum1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
        const std::uint32_t choose = (e & f) ^ (~e & g);
        const std::uint32_t t1 = h + sum1 + choose + kRoundConstants[i] + w[i];
        const std::uint32_t sum0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
        const std::uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
        h = g;
        g = f;
        f = e;
        e = d + t1;
        d = c;
        c = b;
        b = a;
        a = t1 + sum0 + majority;
    }
    const std::array<std::uint32_t, 8> added = {a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < added.size(); ++i) {
        m_state[i] += added[i];
    }
}

} // namespace pagescape
