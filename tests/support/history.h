// SPDX-License-Identifier: MIT
// Random histories of a database: what each transaction does, and what it must hold afterwards.
#pragma once

#include "pagescape/store.h"

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace pagescape::test {

/// What a bucket must hold.
struct ModelBucket {
    std::uint64_t sequence = 0;
    std::map<std::string, std::string> values;
    std::map<std::string, ModelBucket> buckets;
};

/// One change. `path` leads to the bucket it is made in.
struct Change {
    enum class Kind { Put, Remove, CreateBucket, DeleteBucket, SetSequence, MoveBucket };
    Kind kind = Kind::Put;
    std::vector<std::string> path;
    std::string key;
    std::string value;
    std::uint64_t sequence = 0;
    std::vector<std::string> target; ///< of MoveBucket
};

/// Makes changes that are all valid for the model they are drawn for, and applies them to it.
class History {
public:
    /// `largest`: changes in a large transaction; most have a tenth of that.
    explicit History(std::uint64_t seed, std::uint64_t largest = 800);
    [[nodiscard]] std::vector<Change> nextTransaction();
    [[nodiscard]] const ModelBucket& model() const { return m_root; }

private:
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return m_random() % bound; }
    [[nodiscard]] std::string drawKey();
    [[nodiscard]] std::string drawValue();
    [[nodiscard]] ModelBucket* drawBucket(std::vector<std::string>& path);
    bool draw(Change& change);

    std::mt19937_64 m_random;
    std::uint64_t m_largest;
    std::uint64_t m_keys;  // different keys
    std::uint64_t m_style; // lengths of keys and values
    ModelBucket m_root;
};

/// Makes a change through our engine.
[[nodiscard]] Result<void> apply(WriteTransaction& tx, const Change& change);
/// The content digest the model must have; see walk.h.
[[nodiscard]] std::string digestOf(const ModelBucket& root);

} // namespace pagescape::test
