// SPDX-License-Identifier: MIT
// The half of the player that is about commits, readers, faults and reopening.
#include "fuzz/fuzz_input.h"
#include "fuzz/judge.h"
#include "fuzz/store_player.h"
#include "pagescape/compact.h"

#include <array>
#include <stop_token>

namespace pagescape::fuzz {

namespace {

constexpr std::size_t kMostReaders = 6;
constexpr std::uint64_t kSmallFile = 128 * 1024; // bytes; checked after every commit

} // namespace

// What the store reads is the model, and the file is sound. Digests would cost ten times as much.
void StorePlayer::judgeCommit() {
    const auto tx = m_store->beginRead();
    require(tx.has_value(), "beginRead failed");
    requireSame(tx->rootBucket(), m_committed);
    const std::string damage = damageOf(*m_memory);
    require(damage.empty(), damage.c_str());
}

void StorePlayer::judgeFile() {
    requireSound(*m_memory, test::digestOf(m_committed));
}

void StorePlayer::finish(bool isCommit) {
    if (!m_tx) {
        return;
    }
    if (!isCommit) {
        require(m_tx->rollback().has_value(), "a rollback failed");
        m_tx.reset();
        return;
    }
    const auto done = m_tx->commit();
    m_tx.reset();
    if (!done) {
        afterFailedCommit(done.error());
        return;
    }
    m_committed = m_working;
    ++m_commits;
    if (m_store->fileSize() <= kSmallFile || m_commits % 16 == 0) {
        judgeCommit();
    }
}

// Only a limit or an armed fault may refuse a commit. An uncertain one leaves either version.
void StorePlayer::afterFailedCommit(const Error& error) {
    const bool isLimit = m_options.maxSize != 0 && error.code == ErrorCode::MaxSizeReached;
    if (!isLimit && !m_faulty->hasStruck()) {
        std::fprintf(stderr, "%s\n", error.describe().c_str());
        require(false, "a commit failed for no reason");
    }
    m_faulty->arm(std::nullopt);
    if (error.code != ErrorCode::CommitUncertain) {
        return;
    }
    require(!m_store->beginWrite(), "a write transaction after an uncertain commit");
    releaseAll();
    static_cast<void>(m_store->close());
    open(false);
    const auto tx = m_store->beginRead(); // the digest leaves the root bucket's sequence out
    require(tx.has_value(), "beginRead failed");
    if (digestOfFile(*m_memory) == test::digestOf(m_working) &&
        tx->rootBucket().sequence() == m_working.sequence) {
        m_committed = m_working;
    }
    judgeFile();
}

void StorePlayer::commitWithFault() {
    constexpr std::array<FileCall, 6> kCalls = {FileCall::Write,   FileCall::SyncData,
                                                FileCall::Resize,  FileCall::Map,
                                                FileCall::SyncAll, FileCall::Read};
    FaultyFile::Fault fault;
    const unsigned choice = m_input.take();
    fault.call = kCalls[choice % kCalls.size()];
    fault.after = choice / kCalls.size() % 4;
    if (choice >= 128) {
        fault.keep = m_input.take() * 16;
    }
    m_faulty->arm(fault);
    if (m_tx) {
        finish(true);
    } else {
        shrink(choice / 8);
    }
    m_faulty->arm(std::nullopt);
}

void StorePlayer::holdReader() {
    if (m_readers.size() >= kMostReaders) {
        releaseReader(0);
    }
    auto tx = m_store->beginRead();
    require(tx.has_value(), "beginRead failed");
    m_readers.push_back(HeldReader{std::move(*tx), m_committed});
}

// A reader must see to its end what it saw when it began.
void StorePlayer::releaseReader(std::size_t index) {
    requireSame(m_readers[index].tx.rootBucket(), m_readers[index].model);
    m_readers.erase(m_readers.begin() + static_cast<std::ptrdiff_t>(index));
}

void StorePlayer::releaseAll() {
    while (!m_readers.empty()) {
        releaseReader(m_readers.size() - 1);
    }
}

// Also by moving pages, which may be stopped on the way. Readers hold pages back in both.
void StorePlayer::shrink(unsigned how) {
    if (m_tx) {
        return;
    }
    const std::uint64_t before = m_store->fileSize();
    std::stop_source stop;
    unsigned patience = how / 4;
    const auto given = how % 2 == 0 ? m_store->shrink()
                                    : m_store->compactInPlace(
                                          [&](std::uint64_t) {
                                              if (how % 4 == 3 && patience-- == 0) {
                                                  stop.request_stop();
                                              }
                                          },
                                          stop.get_token());
    m_working = m_committed;
    if (given) {
        require(*given == 0 || m_store->fileSize() < before, "bytes given back that are there");
    } else if (!stop.stop_requested() || given.error().code != ErrorCode::Cancelled) {
        afterFailedCommit(given.error());
        return;
    }
    judgeCommit();
}

// An exact copy and a dense one hold the same, and are sound themselves.
void StorePlayer::copy() {
    const auto source = m_store->beginRead();
    require(source.has_value(), "beginRead failed");
    const std::string digest = test::digestOf(m_committed);
    if (m_input.take() % 2 == 0) {
        std::vector<std::byte> bytes;
        const auto copied = copyTo(*source, [&](Bytes piece) -> Result<void> {
            bytes.insert(bytes.end(), piece.begin(), piece.end());
            return {};
        });
        require(copied && *copied == bytes.size(), "an exact copy failed");
        const auto file = makeMemoryFile(bytes);
        require(file.has_value(), "no file in memory");
        requireSound(**file, digest);
        return;
    }
    const auto file = makeMemoryFile();
    require(file.has_value(), "no file in memory");
    StoreOptions options;
    options.pageSize = m_options.pageSize;
    options.noSync = true;
    options.openFile = [&file](const std::filesystem::path&) { return *file; };
    auto target = Store::open("copy", options);
    require(target.has_value(), "a new store did not open");
    CompactOptions how;
    how.maxTransactionBytes = m_input.take() * 64;
    require(compact(*source, *target, how).has_value(), "a dense copy failed");
    require(target->close().has_value(), "a close failed");
    requireSound(**file, digest);
}

void StorePlayer::open(bool mayFail) {
    m_options.openFile = [this](const std::filesystem::path&) { return m_faulty; };
    auto opened = Store::open("memory", m_options);
    if (!opened && mayFail && m_faulty->hasStruck()) {
        m_faulty->arm(std::nullopt);
        opened = Store::open("memory", m_options);
    }
    m_faulty->arm(std::nullopt);
    if (!opened && m_options.maxSize != 0 && opened.error().code == ErrorCode::MaxSizeReached) {
        m_options.maxSize = 0; // no room to store the freelist that was left out before
        opened = Store::open("memory", m_options);
    }
    if (!opened) {
        std::fprintf(stderr, "%s\n", opened.error().describe().c_str());
        require(false, "a sound file does not open");
    }
    m_store = std::move(*opened);
}

void StorePlayer::reopen() {
    m_tx.reset();
    releaseAll();
    require(m_store->close().has_value(), "a close failed");
    m_store.reset();
    const unsigned choice = m_input.take();
    m_options.freelistType = (choice & 1U) != 0 ? FreelistType::Hashmap : FreelistType::Array;
    m_options.noFreelistSync = (choice & 2U) != 0;
    m_options.noSync = (choice & 4U) != 0;
    m_options.noGrowSync = (choice & 8U) != 0;
    m_options.maxSize = (choice & 16U) != 0 ? 200 * 1024 : 0;
    m_options.allocSize = (choice & 32U) != 0 ? 64 * 1024 : 16 * 1024 * 1024;
    m_options.initialMapSize = (choice & 64U) != 0 ? 1024 * 1024 : 0;
    if ((choice & 128U) != 0) {
        FaultyFile::Fault fault;
        const unsigned where = m_input.take();
        fault.call = static_cast<FileCall>(where % 7);
        fault.after = where / 7 % 4;
        m_faulty->arm(fault);
    }
    open(true);
}

} // namespace pagescape::fuzz
