// SPDX-License-Identifier: MIT
#include "json_writer.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace pagescape::cli {

namespace {

bool needsNoEscape(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c >= ' ' && c < 0x7F && c != '"' && c != '\\'; });
}

} // namespace

void JsonWriter::newLine() {
    m_out << '\n' << std::string(m_indent * m_levels.size(), ' ');
}

void JsonWriter::beforeValue() {
    if (m_afterKey) {
        m_afterKey = false;
        return;
    }
    if (m_levels.empty()) {
        return;
    }
    Level& level = m_levels.back();
    if (level.hasMembers) {
        m_out << (level.isSpread ? "," : ", ");
    }
    level.hasMembers = true;
    if (level.isSpread) {
        newLine();
    }
}

JsonWriter& JsonWriter::key(std::string_view name) {
    beforeValue();
    m_out << '"' << name << "\": ";
    m_afterKey = true;
    return *this;
}

JsonWriter& JsonWriter::begin(char bracket, bool isSpread) {
    beforeValue();
    m_out << bracket;
    m_levels.push_back({isSpread, false});
    return *this;
}

JsonWriter& JsonWriter::end(char bracket) {
    const Level level = m_levels.back();
    m_levels.pop_back();
    if (level.hasMembers && level.isSpread) {
        newLine();
    }
    m_out << bracket;
    if (m_levels.empty()) {
        m_out << '\n';
    }
    return *this;
}

JsonWriter& JsonWriter::raw(std::string_view token) {
    beforeValue();
    m_out << token;
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view text) {
    if (needsNoEscape(text)) {
        beforeValue();
        m_out << '"' << text << '"';
        return *this;
    }
    return raw(nlohmann::json(std::string(text))
                   .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

JsonWriter& JsonWriter::fraction(double number) {
    const auto thousandths = static_cast<long>(std::lround(number * 1000));
    const std::string digits = std::to_string(1000 + thousandths % 1000);
    return raw(std::to_string(thousandths / 1000) + "." + digits.substr(1));
}

} // namespace pagescape::cli
