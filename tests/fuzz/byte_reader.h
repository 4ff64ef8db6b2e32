// SPDX-License-Identifier: MIT
// Turns the bytes of an input into choices.
#pragma once

#include "pagescape/types.h"

namespace pagescape::fuzz {

/// Hands out the input byte by byte; zeros once it has ended.
class ByteReader {
public:
    explicit ByteReader(Bytes input) : m_rest(input) {}

    [[nodiscard]] bool isEmpty() const { return m_rest.empty(); }
    [[nodiscard]] unsigned take() {
        if (m_rest.empty()) {
            return 0;
        }
        const auto byte = std::to_integer<unsigned>(m_rest.front());
        m_rest = m_rest.subspan(1);
        return byte;
    }

private:
    Bytes m_rest;
};

} // namespace pagescape::fuzz
