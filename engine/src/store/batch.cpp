// SPDX-License-Identifier: MIT
#include "store/batch.h"

#include <exception>
#include <optional>

namespace pagescape {

struct BatchQueue::Call {
    const Change* change = nullptr;
    std::optional<Result<void>> result;
    bool runsAlone = false; // it failed among others: its own thread repeats it

    void finish(const Result<void>& outcome) {
        result = outcome;
        runsAlone = false;
    }
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
    if (isLeader) {
        m_open = std::make_shared<Batch>();
    }
    const std::shared_ptr<Batch> batch = m_open;
    batch->calls.push_back(&call);
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
        std::exception_ptr thrown;
        try {
            commit(store, batch->calls);
        } catch (...) { // of a callback after the commit, or for want of memory
            thrown = std::current_exception();
        }
        lock.lock();
        batch->isDone = true;
        batch->changed.notify_all();
        if (thrown) {
            std::rethrow_exception(thrown);
        }
    } else {
        batch->changed.wait(lock, [&] { return batch->isDone; });
    }
    lock.unlock();
    return call.runsAlone ? store.update(change) : *call.result;
}

// One commit for all calls that succeed. A call that fails is taken out and the others run again.
void BatchQueue::commit(Store& store, const std::vector<Call*>& all) {
    std::vector<Call*> calls = all;
    while (!calls.empty()) {
        std::size_t failed = calls.size();
        // Should something throw before there is a result, each call runs again by itself; once the
        // commit is there, it has succeeded for all.
        for (Call* call : calls) {
            call->runsAlone = true;
        }
        const auto done = store.update([&](WriteTransaction& tx) -> Result<void> {
            const auto told = tx.onCommit([&calls] {
                for (Call* call : calls) {
                    call->finish({});
                }
            });
            if (!told) {
                return told;
            }
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
            }
            failed = calls.size();
            return {};
        });
        if (failed == calls.size()) {
            for (Call* call : calls) {
                call->finish(done);
            }
            return;
        }
        calls[failed] = calls.back();
        calls.pop_back();
    }
}

} // namespace pagescape
