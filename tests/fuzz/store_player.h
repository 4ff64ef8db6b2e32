// SPDX-License-Identifier: MIT
// Plays operations on a store and on a model of it, and compares the two.
#pragma once

#include "fuzz/byte_reader.h"
#include "pagescape/storage_file.h"
#include "pagescape/store.h"
#include "support/history.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pagescape::fuzz {

/// One run: a store over a file in memory that a fault can be armed in. Every call must answer what
/// the model says, each reader must keep its version, and the file must be sound after commits.
class StorePlayer {
public:
    explicit StorePlayer(Bytes input) : m_input(input) {}
    /// Plays the whole input, then closes the store and judges the file.
    void play();

private:
    using Model = test::ModelBucket;
    using Path = std::vector<std::string>;
    struct HeldReader {
        ReadTransaction tx;
        Model model;
    };

    void step();
    void change(unsigned what);
    void putOne();
    void putMany();
    void removeMany();
    void makeBucket();
    void dropBucket();
    void moveBucket();
    void setSequence();
    void walk();
    void finish(bool isCommit);
    void commitWithFault();
    void afterFailedCommit(const Error& error);
    void holdReader();
    void releaseReader(std::size_t index);
    void releaseAll();
    void shrink(unsigned how);
    void copy();
    void open(bool mayFail);
    void reopen();
    void judgeCommit();
    void judgeFile();

    /// A bucket of the working model, and the way to it.
    [[nodiscard]] Model* pickBucket(Path& path);
    [[nodiscard]] WriteBucket bucketAt(const Path& path);
    [[nodiscard]] std::string pickKey();
    [[nodiscard]] std::string pickValue();
    [[nodiscard]] std::string pickName(const Model& bucket);

    ByteReader m_input;
    std::shared_ptr<StorageFile> m_memory;
    std::shared_ptr<FaultyFile> m_faulty;
    StoreOptions m_options;
    std::optional<Store> m_store;
    std::optional<WriteTransaction> m_tx;
    Model m_committed;
    Model m_working; // what the open transaction must hold
    std::vector<HeldReader> m_readers;
    std::uint64_t m_bytesPut = 0;
    std::uint64_t m_commits = 0;
};

} // namespace pagescape::fuzz
