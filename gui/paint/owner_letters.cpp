// SPDX-License-Identifier: MIT
#include "paint/owner_letters.h"

#include <algorithm>
#include <string_view>

namespace pagescape::gui {

std::vector<QChar> ownerLetters(std::span<const std::string> names) {
    std::string free = "abcdefghijklmnopqrstuvwxyz0123456789";
    const auto take = [&free](std::string_view wanted) {
        for (const char c : wanted) {
            const char letter = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            if (const auto at = free.find(letter); at != std::string::npos) {
                free.erase(at, 1);
                return QChar(QLatin1Char(letter));
            }
        }
        return QChar();
    };
    std::vector<QChar> letters;
    letters.reserve(names.size());
    for (const std::string& name : names) {
        if (name.empty()) {
            letters.emplace_back(u'/');
            continue;
        }
        QChar letter = take(name);
        if (letter.isNull() && !free.empty()) {
            letter = take(std::string(1, free.front()));
        }
        letters.push_back(letter.isNull() ? QChar(u'*') : letter);
    }
    return letters;
}

} // namespace pagescape::gui
