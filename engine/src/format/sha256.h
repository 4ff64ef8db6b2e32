// SPDX-License-Identifier: MIT
// SHA-256, for the content digest and for values shown as a fingerprint. Not for secrets: it makes
// no attempt to run in constant time. Source: FIPS 180-4.
#pragma once

#include "pagescape/types.h"

#include <array>
#include <cstdint>
#include <string>

namespace pagescape {

/// A running hash. Feed bytes with update() in pieces of any size, then ask for the digest.
class Sha256 {
public:
    /// Adds bytes to the message.
    void update(Bytes bytes);

    /// The digest of all bytes so far. The object can be fed further: the padding is done on a
    /// copy.
    [[nodiscard]] std::array<std::byte, 32> digest() const;

    /// The same as 64 lower-case hex digits.
    [[nodiscard]] std::string hexDigest() const;

private:
    static constexpr std::size_t kBlockSize = 64;

    void block(const std::byte* at);

    // First 32 bits of the fractional parts of the square roots of the first 8 primes. Source: FIPS
    // 180-4, 5.3.3.
    std::array<std::uint32_t, 8> m_state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                            0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<std::byte, kBlockSize> m_pending = {}; // bytes of a block that is not full yet
    std::size_t m_pendingSize = 0;
    std::uint64_t m_messageSize = 0; // bytes
};

} // namespace pagescape
