// SPDX-License-Identifier: MIT
#include "support/history.h"

#include "format/sha256.h"
#include "pagescape/value_format.h"

#include <iterator>

namespace pagescape::test {

namespace {

ModelBucket* follow(ModelBucket& root, const std::vector<std::string>& path) {
    ModelBucket* here = &root;
    for (const std::string& name : path) {
        here = &here->buckets.at(name);
    }
    return here;
}

void addLines(Sha256& hash, const std::string& path, const ModelBucket& bucket) {
    auto value = bucket.values.begin();
    auto child = bucket.buckets.begin();
    while (value != bucket.values.end() || child != bucket.buckets.end()) {
        const bool isValue = child == bucket.buckets.end() ||
                             (value != bucket.values.end() &&
                              compareKeys(asBytes(value->first), asBytes(child->first)) < 0);
        if (isValue) {
            hash.update(asBytes(path + "/" + toHex(asBytes(value->first)) + "=" +
                                toHex(asBytes(value->second)) + "\n"));
            ++value;
        } else {
            const std::string name = path + "/" + toHex(asBytes(child->first));
            hash.update(asBytes(name + "/{" + std::to_string(child->second.sequence) + "}\n"));
            addLines(hash, name, child->second);
            ++child;
        }
    }
}

} // namespace

History::History(std::uint64_t seed, std::uint64_t largest)
    : m_random(seed), m_largest(largest), m_keys(20 + below(400)), m_style(below(4)) {}

std::string History::drawKey() {
    std::string key = std::to_string(below(m_keys));
    if (m_style == 1) {
        key.insert(0, 40, 'k');
    } else if (m_style == 2) {
        key.push_back('\0');
        key.append(below(3) * 100, '\xff');
    }
    return key;
}

std::string History::drawValue() {
    const std::uint64_t kind = below(40);
    std::uint64_t size = below(60);
    if (kind == 0) {
        size = 3000 + below(30000); // pages of overflow
    } else if (kind < 4) {
        size = below(1500);
    }
    std::string value(size, '\0');
    for (char& c : value) {
        c = static_cast<char>(m_random());
    }
    return value;
}

ModelBucket* History::drawBucket(std::vector<std::string>& path) {
    ModelBucket* here = &m_root;
    while (!here->buckets.empty() && (path.empty() || below(3) != 0) && path.size() < 4) {
        auto child = here->buckets.begin();
        std::advance(child, static_cast<std::ptrdiff_t>(below(here->buckets.size())));
        path.push_back(child->first);
        here = &child->second;
    }
    return here;
}

// Draws one change and makes it in the model; false when the draw was none.
bool History::draw(Change& change) {
    const std::uint64_t what = below(100);
    if (what < 6 || m_root.buckets.empty()) {
        ModelBucket* parent = drawBucket(change.path);
        if (below(2) == 0) {
            change.path.clear();
            parent = &m_root;
        }
        change.kind = Change::Kind::CreateBucket;
        change.key = "b" + drawKey();
        return parent->values.count(change.key) == 0 &&
               parent->buckets.emplace(change.key, ModelBucket()).second;
    }
    ModelBucket* bucket = drawBucket(change.path);
    if (what < 8) {
        ModelBucket* parent = &m_root;
        change.key = change.path.back();
        change.path.pop_back();
        parent = follow(m_root, change.path);
        if (what == 7) {
            ModelBucket* target = drawBucket(change.target);
            const bool isInside =
                change.target.size() > change.path.size() &&
                std::equal(change.path.begin(), change.path.end(), change.target.begin()) &&
                change.target[change.path.size()] == change.key;
            if (isInside || target == parent || target->buckets.count(change.key) != 0 ||
                target->values.count(change.key) != 0) {
                return false;
            }
            change.kind = Change::Kind::MoveBucket;
            ModelBucket moved = std::move(parent->buckets.at(change.key));
            target->buckets.emplace(change.key, std::move(moved));
            parent->buckets.erase(change.key);
            return true;
        }
        change.kind = Change::Kind::DeleteBucket;
        parent->buckets.erase(change.key);
        return true;
    }
    if (what < 11) {
        change.kind = Change::Kind::SetSequence;
        change.sequence = below(1000);
        bucket->sequence = change.sequence;
        return true;
    }
    change.key = drawKey();
    if (what < 40) {
        change.kind = Change::Kind::Remove;
        bucket->values.erase(change.key);
        return true;
    }
    change.kind = Change::Kind::Put;
    change.value = drawValue();
    bucket->values[change.key] = change.value;
    return true;
}

std::vector<Change> History::nextTransaction() {
    std::vector<Change> changes;
    const std::uint64_t wanted = 1 + below(below(4) == 0 ? m_largest : m_largest / 10);
    while (changes.size() < wanted) {
        Change change;
        if (draw(change)) {
            changes.push_back(std::move(change));
        }
    }
    return changes;
}

Result<void> apply(WriteTransaction& tx, const Change& change) {
    const auto walk = [&tx](const std::vector<std::string>& path) {
        std::vector<Bytes> names;
        for (const std::string& name : path) {
            names.push_back(asBytes(name));
        }
        return tx.bucket(names);
    };
    auto bucket = walk(change.path);
    if (!bucket) {
        return fail(bucket.error());
    }
    const Bytes key = asBytes(change.key);
    switch (change.kind) {
    case Change::Kind::Put: return bucket->put(key, asBytes(change.value));
    case Change::Kind::Remove: return bucket->remove(key);
    case Change::Kind::DeleteBucket: return bucket->deleteBucket(key);
    case Change::Kind::SetSequence: return bucket->setSequence(change.sequence);
    case Change::Kind::CreateBucket: {
        const auto made = bucket->createBucket(key);
        return made ? Result<void>() : fail(made.error());
    }
    case Change::Kind::MoveBucket: {
        auto target = walk(change.target);
        return target ? bucket->moveBucket(key, *target) : fail(target.error());
    }
    }
    return {};
}

std::string digestOf(const ModelBucket& root) {
    Sha256 hash;
    addLines(hash, "", root);
    return hash.hexDigest();
}

} // namespace pagescape::test
