// SPDX-License-Identifier: MIT
#include "support/truth.h"

#include <QProcess>
#include <QString>

#include <algorithm>
#include <fstream>

namespace pagescape::test {

namespace fs = std::filesystem;
using nlohmann::json;

bool Truth::opens() const {
    return json.at("summary").value("opens", false);
}

std::uint32_t Truth::pageSizeHint() const {
    return json.at("bbolt").value("page_size_hint", std::uint32_t{0});
}

std::string Truth::content() const {
    const auto damage = json.find("damage");
    return damage == json.end() ? std::string() : damage->value("content", std::string());
}

std::vector<std::pair<std::string, std::optional<std::uint64_t>>> Truth::issues() const {
    std::vector<std::pair<std::string, std::optional<std::uint64_t>>> all;
    for (const auto& issue : json.at("strict").at("issues")) {
        const auto page = issue.at("page").get<std::int64_t>();
        all.emplace_back(issue.at("code").get<std::string>(),
                         page < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(page)));
    }
    std::sort(all.begin(), all.end());
    return all;
}

fs::path sharedDataDir() {
    return fs::path(PAGESCAPE_SHARED_DIR) / "data";
}

std::vector<std::string> truthNames() {
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& item : fs::directory_iterator(sharedDataDir(), ignored)) {
        if (item.path().extension() == ".json") {
            names.push_back(item.path().stem().string() + ".db");
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::optional<Truth> loadTruth(const std::string& name, const fs::path& scratch) {
    Truth truth;
    truth.name = name;
    truth.database = sharedDataDir() / name;
    std::ifstream text(fs::path(truth.database).replace_extension(".json"));
    truth.json = json::parse(text, nullptr, false);
    if (truth.json.is_discarded()) {
        return std::nullopt;
    }
    if (fs::exists(truth.database)) {
        return truth;
    }
    const fs::path packed = truth.database.string() + ".gz";
    const fs::path unpacked = scratch / name;
    if (!fs::exists(unpacked)) {
        QProcess gzip;
        gzip.setStandardOutputFile(QString::fromStdString(unpacked.string()));
        gzip.start(QStringLiteral("gzip"),
                   {QStringLiteral("-dc"), QString::fromStdString(packed.string())});
        if (!gzip.waitForFinished() || gzip.exitCode() != 0) {
            return std::nullopt;
        }
    }
    truth.database = unpacked;
    return truth;
}

std::string unhex(std::string_view hex) {
    const auto digit = [](char c) {
        return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
    };
    std::string bytes;
    bytes.reserve(hex.size() / 2);
    for (std::size_t at = 0; hex.size() - at >= 2; at += 2) {
        bytes.push_back(static_cast<char>(digit(hex[at]) << 4U | digit(hex[at + 1])));
    }
    return bytes;
}

std::vector<std::string> pathNames(std::string_view path) {
    std::vector<std::string> names;
    while (!path.empty()) {
        path.remove_prefix(1);
        const std::size_t end = std::min(path.find('/'), path.size());
        names.push_back(unhex(path.substr(0, end)));
        path.remove_prefix(end);
    }
    return names;
}

std::vector<Bytes> asPath(const std::vector<std::string>& names) {
    std::vector<Bytes> path;
    path.reserve(names.size());
    for (const auto& name : names) {
        path.push_back(asBytes(name));
    }
    return path;
}

} // namespace pagescape::test
