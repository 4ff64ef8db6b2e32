// SPDX-License-Identifier: MIT
#include "store/batch.h"

#include "store/write_access.h"

#include <optional>
#include <utility>

namespace pagescape {

struct BatchQueue::Call {
    const Change* change = nullptr;
    // Of the commit; none: it failed among others, or something threw before there was one. Then
    // its own thread runs it again.
    std::optional<Result<void>> result;
    std::vector<std::function<void()>> callbacks; // to be called by its own thread
};

struct BatchQueue::Batch {
    std::vector<Call*> calls;
    bool isFull = false;
    bool isDone = false;
    std::condition_variable changed;
};

Result<void> BatchQueue::run(Store& store, const Change& change) {
    Call call;
    call.change = &change;
    std::unique_lock lock(m_mutex);
    const bool isLeader = !m_open;
    const std::shared_ptr<Batch> batch = isLeader ? std::make_shared<Batch>() : m_open;
    batch->calls.push_back(&call);
    m_open = batch; // who comes next may count on a leader
    if (static_cast<std::int64_t>(batch->calls.size()) >= m_maxSize) {
        batch->isFull = true;
        m_open.reset(); // the next call begins another batch
        batch->changed.notify_all();
    }
    if (isLeader) {
        batch->changed.wait_for(lock, m_maxDelay, [&] { return batch->isFull; });
        if (m_open == batch) {
            m_open.reset();
        }
        lock.unlock();
        try {
            commit(store, batch->calls);
        } catch (...) { // for want of memory: it is each call's own affair now
        }
        lock.lock();
        batch->isDone = true;
        batch->changed.notify_all();
    } else {
        batch->changed.wait(lock, [&] { return batch->isDone; });
    }
    lock.unlock();
    if (!call.result) {
        return store.update(change);
    }
    if (*call.result) {
        callAll(call.callbacks);
    }
    return *call.result;
}

// One commit for all calls that succeed. A call that fails is taken out and the others run again.
void BatchQueue::commit(Store& store, const std::vector<Call*>& all) {
    std::vector<Call*> calls = all;
    while (!calls.empty()) {
        std::size_t failed = calls.size();
        const auto done = store.update([&](WriteTransaction& tx) -> Result<void> {
            const std::shared_ptr<WriteState> state = WriteAccess::share(tx);
            for (std::size_t i = 0; i < calls.size(); ++i) {
                failed = i;
                try {
                    if (auto each = (*calls[i]->change)(tx); !each) {
                        return each;
                    }
                } catch (...) { // it will throw again in its own thread
                    Error error;
                    error.code = ErrorCode::Cancelled;
                    return fail(std::move(error));
                }
                calls[i]->callbacks = std::exchange(state->commitCallbacks, {});
            }
            failed = calls.size();
            return {};
        });
        if (failed == calls.size()) {
            for (Call* call : calls) {
                call->result = done;
            }
            return;
        }
        calls[failed] = calls.back();
        calls.pop_back();
    }
}

} // namespace pagescape
