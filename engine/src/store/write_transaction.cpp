// SPDX-License-Identifier: MIT
#include "pagescape/write_transaction.h"

#include "store/bucket_error.h"
#include "store/write_state.h"

namespace pagescape {

namespace {

Error transactionError(ErrorCode code) {
    Error error;
    error.code = code;
    error.text = code == ErrorCode::TransactionManaged
                     ? "Commit and rollback are left to the update that began the transaction"
                     : "The transaction has ended";
    return error;
}

} // namespace

WriteTransaction::WriteTransaction(std::shared_ptr<WriteState> state) : m_state(std::move(state)) {}
WriteTransaction::WriteTransaction(WriteTransaction&&) noexcept = default;

WriteTransaction& WriteTransaction::operator=(WriteTransaction&& other) noexcept {
    if (this != &other) {
        const WriteTransaction ended(std::move(*this));
        m_state = std::move(other.m_state);
    }
    return *this;
}

WriteTransaction::~WriteTransaction() {
    if (isOpen()) {
        m_state->rollback(); // buckets that are still held keep the state alive, not the changes
    }
}

bool WriteTransaction::isOpen() const {
    return m_state && m_state->isOpen;
}

TxId WriteTransaction::id() const {
    return m_state ? m_state->meta.txid : TxId{};
}

std::uint64_t WriteTransaction::size() const {
    return m_state ? m_state->meta.highWater.value * m_state->store->pageSize : 0;
}

WriteBucket WriteTransaction::rootBucket() const {
    return {m_state, m_state ? m_state->root : nullptr};
}

Result<std::optional<WriteBucket>> WriteTransaction::bucket(Bytes name) const {
    return rootBucket().bucket(name);
}

Result<WriteBucket> WriteTransaction::bucket(std::span<const Bytes> path) const {
    WriteBucket bucket = rootBucket();
    for (const Bytes name : path) {
        auto next = bucket.bucket(name);
        if (!next) {
            return fail(next.error());
        }
        if (!*next) {
            return fail(bucketMissing(name));
        }
        bucket = **next;
    }
    return bucket;
}

Result<WriteBucket> WriteTransaction::createBucket(Bytes name) {
    return rootBucket().createBucket(name);
}

Result<WriteBucket> WriteTransaction::createBucketIfNotExists(Bytes name) {
    return rootBucket().createBucketIfNotExists(name);
}

Result<void> WriteTransaction::deleteBucket(Bytes name) {
    return rootBucket().deleteBucket(name);
}

Result<void> WriteTransaction::onCommit(std::function<void()> callback) {
    if (!isOpen()) {
        return fail(transactionError(ErrorCode::TransactionClosed));
    }
    m_state->commitCallbacks.push_back(std::move(callback));
    return {};
}

Result<void> WriteTransaction::commit() {
    if (!isOpen()) {
        return fail(transactionError(ErrorCode::TransactionClosed));
    }
    if (m_state->isManaged) {
        return fail(transactionError(ErrorCode::TransactionManaged));
    }
    return m_state->commit();
}

Result<void> WriteTransaction::rollback() {
    if (!isOpen()) {
        return fail(transactionError(ErrorCode::TransactionClosed));
    }
    if (m_state->isManaged) {
        return fail(transactionError(ErrorCode::TransactionManaged));
    }
    m_state->rollback();
    return {};
}

TxStatistics WriteTransaction::statistics() const {
    return m_state ? m_state->statistics : TxStatistics();
}

} // namespace pagescape
