// SPDX-License-Identifier: MIT
#include "get_loop.h"

#include "pagescape/database.h"

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

// The build with the trace sink compiled out renames the engine's namespace, so that both builds
// fit into one program; PAGESCAPE_BENCH_FACTORY names the function that this one answers to.
using namespace pagescape;

namespace {

template <typename T>
T require(Result<T> result) {
    if (!result) {
        std::fprintf(stderr, "bench_get: %s\n", result.error().describe().c_str());
        std::exit(3);
    }
    return *std::move(result);
}

class EngineLoop final : public bench::GetLoop {
public:
    explicit EngineLoop(const std::string& path)
        : m_database(require(Database::openReadOnly(path))), m_tx(require(m_database.beginRead())),
          m_bucket(firstBucket()) {}

    [[nodiscard]] std::vector<std::string> keys(std::uint64_t count) const override {
        std::vector<std::string> keys;
        Cursor cursor = m_bucket.cursor();
        for (auto entry = require(cursor.first()); entry && keys.size() < count;
             entry = require(cursor.next())) {
            keys.push_back(toString(entry->key));
        }
        return keys;
    }

    [[nodiscard]] std::uint64_t getAll(const std::vector<std::string>& keys) const override {
        std::uint64_t bytes = 0;
        for (const std::string& key : keys) {
            const auto value = m_bucket.get(asBytes(key));
            if (value && *value) {
                bytes += (*value)->size();
            }
        }
        return bytes;
    }

private:
    [[nodiscard]] Bucket firstBucket() const {
        Cursor cursor = m_tx.rootBucket().cursor();
        const auto entry = require(cursor.first());
        if (!entry || !entry->isBucket) {
            std::fprintf(stderr, "bench_get: the file has no bucket\n");
            std::exit(3);
        }
        return require(m_tx.rootBucket().bucketAt(*entry));
    }

    Database m_database;
    ReadTransaction m_tx;
    Bucket m_bucket;
};

} // namespace

std::unique_ptr<bench::GetLoop> bench::PAGESCAPE_BENCH_FACTORY(const std::string& path) {
    return std::make_unique<EngineLoop>(path);
}
