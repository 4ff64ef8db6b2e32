// SPDX-License-Identifier: MIT
// A fresh store for every test, and the full consistency check of its file after every test.
#pragma once

#include "pagescape/check.h"
#include "pagescape/storage_file.h"
#include "pagescape/store.h"
#include "pagescape/walk.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Fails the test with the error's text.
#define VERIFY_OK(call)                                                                            \
    do {                                                                                           \
        const auto& outcome_ = (call);                                                             \
        QVERIFY2(outcome_.has_value(), outcome_ ? "" : outcome_.error().describe().c_str());       \
    } while (false)

/// The call must fail with this code.
#define VERIFY_FAILS(call, expected)                                                               \
    QCOMPARE(pagescape::test::outcomeOf(call), std::string(pagescape::errorName(expected)))

namespace pagescape::test {

/// "ok" or the name of the error.
template <typename T>
std::string outcomeOf(const Result<T>& result) {
    return result ? "ok" : std::string(errorName(result.error().code));
}

using Path = std::vector<std::string_view>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

/// A number with leading zeros.
inline std::string digits(std::uint64_t number, std::size_t width) {
    std::string text = std::to_string(number);
    text.insert(0, width - std::min(width, text.size()), '0');
    return text;
}

/// Entries of a bucket in cursor order; a nested bucket as (name, "<bucket>").
template <typename AnyCursor>
Pairs entriesOf(AnyCursor cursor, bool isReverse = false) {
    Pairs all;
    for (auto entry = isReverse ? cursor.last() : cursor.first(); entry && *entry;
         entry = isReverse ? cursor.prev() : cursor.next()) {
        all.emplace_back(toString((*entry)->key),
                         (*entry)->isBucket ? "<bucket>" : toString((*entry)->value));
    }
    return all;
}

/// The key under a cursor, or "-" for nothing; an error by its name.
inline std::string keyOf(const Result<std::optional<Entry>>& entry) {
    return !entry   ? std::string(errorName(entry.error().code))
           : *entry ? toString((*entry)->key)
                    : "-";
}

/// What get() answered: the value, "<none>" or the name of the error.
inline std::string valueOf(const Result<std::optional<Bytes>>& value) {
    return !value   ? std::string(errorName(value.error().code))
           : *value ? toString(**value)
                    : "<none>";
}

/// Findings of the full check, one a line; empty for a sound file.
inline std::string problemsOf(const std::string& path) {
    const auto file = PageFile::open(path);
    if (!file) {
        return file.error().describe();
    }
    std::string text;
    const auto summary = check(*file, {}, [&text](const Finding& finding) {
        text += std::string(findingName(finding.code)) + ": " + finding.text + "\n";
    });
    return summary ? text : summary.error().describe();
}

/// An error that only a test makes, to see it come back.
inline Error marker() {
    Error error;
    error.code = ErrorCode::Cancelled;
    error.text = "marker";
    return error;
}

/// Base of a test class for the writing engine. The derived class has two slots, init() and
/// cleanup(), that call begin() and end().
class StoreFixture : public QObject {
protected:
    [[nodiscard]] static StoreOptions smallPages() {
        StoreOptions options;
        options.pageSize = 4096;
        options.noSync = true;                            // no test cuts the power
        if (qgetenv("TEST_FREELIST_TYPE") == "hashmap") { // bbolt's own name for it
            options.freelistType = FreelistType::Hashmap;
        }
        return options;
    }

    void begin(const StoreOptions& options = smallPages()) {
        m_path = newPath();
        open(options);
    }
    /// The same over a file that records, or that fails on purpose; it is put into `wrapper`.
    template <typename Wrapper>
    void beginWith(std::shared_ptr<Wrapper>& wrapper, StoreOptions options) {
        options.openFile = [&wrapper](const std::filesystem::path& file) {
            wrapper = std::make_shared<Wrapper>(*openStorageFile(file));
            return wrapper;
        };
        begin(options);
    }
    void end() {
        m_store.reset();
        const std::string problems = problemsOf(m_path);
        QVERIFY2(problems.empty(), problems.c_str());
    }

    [[nodiscard]] std::string newPath() {
        return m_dir.filePath(QStringLiteral("%1.db").arg(++m_number)).toStdString();
    }
    [[nodiscard]] const std::string& path() const { return m_path; }
    [[nodiscard]] Store& store() { return *m_store; }
    void close() {
        VERIFY_OK(m_store->close());
        m_store.reset();
    }
    void open(const StoreOptions& options) {
        auto opened = Store::open(m_path, options);
        if (!opened) {
            qFatal("open failed: %s", opened.error().describe().c_str());
        }
        m_store = std::move(*opened);
    }
    /// Closes the store, checks the file and opens it again.
    void reopen(const StoreOptions& options = smallPages()) {
        close();
        const std::string problems = problemsOf(m_path);
        QVERIFY2(problems.empty(), problems.c_str());
        open(options);
    }

    [[nodiscard]] Result<void> update(const std::function<Result<void>(WriteTransaction&)>& body) {
        return m_store->update(body);
    }
    /// One commit that puts pairs into a top-level bucket, which is made where it is missing.
    [[nodiscard]] Result<void> putAll(std::string_view name, const Pairs& pairs,
                                      double fill = 0.5) {
        return update([&](WriteTransaction& tx) -> Result<void> {
            auto bucket = tx.createBucketIfNotExists(asBytes(name));
            if (!bucket) {
                return fail(bucket.error());
            }
            bucket->setFillPercent(fill);
            for (const auto& [key, value] : pairs) {
                if (auto put = bucket->put(asBytes(key), asBytes(value)); !put) {
                    return put;
                }
            }
            return {};
        });
    }
    /// The committed value; see valueOf.
    [[nodiscard]] std::string get(const Path& path, std::string_view key) {
        const auto tx = m_store->beginRead();
        return tx ? valueOf(tx->get(bytesOf(path), asBytes(key))) : outcomeOf(tx);
    }
    /// The committed entries of a bucket; see entriesOf.
    [[nodiscard]] Pairs entries(const Path& path, bool isReverse = false) {
        const auto tx = m_store->beginRead();
        const auto bucket = tx->bucket(bytesOf(path));
        return bucket ? entriesOf(bucket->cursor(), isReverse) : Pairs{{outcomeOf(bucket), ""}};
    }
    [[nodiscard]] BucketStats stats(const Path& path) {
        const auto tx = m_store->beginRead();
        const auto bucket = tx->bucket(bytesOf(path));
        return bucket ? bucketStats(*bucket, m_store->pageSize()).value_or(BucketStats())
                      : BucketStats();
    }
    [[nodiscard]] std::uint64_t highWater() { return m_store->beginRead()->meta().highWater.value; }
    [[nodiscard]] static std::vector<Bytes> bytesOf(const Path& path) {
        std::vector<Bytes> names;
        for (const std::string_view name : path) {
            names.push_back(asBytes(name));
        }
        return names;
    }

private:
    QTemporaryDir m_dir;
    int m_number = 0;
    std::string m_path;
    std::optional<Store> m_store;
};

} // namespace pagescape::test
