// SPDX-License-Identifier: MIT
// Claims: which bytes of a page are taken already. Fields claim their bytes in a fixed order; the
// first one wins, and a later one gets what is left. That is what makes the fields a partition.
#pragma once

#include "pagescape/types.h"

#include <cstdint>
#include <map>
#include <vector>

namespace pagescape::inspect {

/// A set of bytes, held as disjoint ranges that do not touch. A page written by bolt is claimed
/// front to back and is one range throughout; each operation costs the logarithm of the number of
/// ranges.
class Claims {
public:
    /// Takes the first stretch of `wanted` that is free and returns it; an empty range at
    /// `wanted.begin` when nothing is free.
    ByteRange take(ByteRange wanted);

    /// True when no byte of the range is taken.
    [[nodiscard]] bool isFree(ByteRange range) const;

    /// The free stretches inside `bounds`, in order.
    [[nodiscard]] std::vector<ByteRange> gaps(ByteRange bounds) const;

    /// One past the last taken byte; 0 when nothing is taken.
    [[nodiscard]] std::uint64_t end() const;

private:
    std::map<std::uint64_t, std::uint64_t> m_taken; // begin -> end
};

} // namespace pagescape::inspect
