// SPDX-License-Identifier: MIT
#include "value/text_sink.h"

#include <utility>

namespace pagescape::value {

namespace {

bool isContinuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

} // namespace

void TextSink::add(std::string_view text) {
    if (text.size() <= m_left) {
        // There are never more characters than bytes; counting them exactly can wait.
        m_text += text;
        std::size_t chars = 0;
        for (const char c : text) {
            chars += isContinuation(c) ? 0U : 1U;
        }
        m_left -= chars;
        return;
    }
    for (std::size_t at = 0; at < text.size();) {
        if (m_left == 0) {
            m_isCut = true;
            return;
        }
        std::size_t end = at + 1;
        while (end < text.size() && isContinuation(text[end])) {
            ++end;
        }
        m_text += text.substr(at, end - at);
        --m_left;
        at = end;
    }
}

void TextSink::indent(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        add(' ');
    }
}

std::string TextSink::take() {
    if (m_isCut) {
        m_text += "…";
    }
    return std::move(m_text);
}

} // namespace pagescape::value
