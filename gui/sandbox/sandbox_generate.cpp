// SPDX-License-Identifier: MIT
// The generator of a sandbox: many keys in many transactions, at a chosen speed.
#include "models/byte_text.h"
#include "sandbox/sandbox_engine.h"

#include <chrono>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <random>

namespace pagescape::gui {

namespace {

// Which key comes at a place of the order. Random is a permutation only in the long run: keys may
// come twice, as in life.
class KeyOrder {
public:
    explicit KeyOrder(const GeneratorSpec& spec) : m_spec(spec), m_random(spec.seed) {}

    quint64 next(quint64 place) {
        switch (m_spec.order) {
        case GeneratorSpec::Order::Sequential: return m_spec.first + place;
        case GeneratorSpec::Order::Reverse: return m_spec.first + m_spec.count - 1 - place;
        case GeneratorSpec::Order::Random: return m_spec.first + m_random() % m_spec.count;
        case GeneratorSpec::Order::Zipf: break;
        }
        // Key n comes about 1/n as often as the first: the logarithm of n is spread evenly.
        const double share = double(m_random() >> 11U) / double(quint64{1} << 53U);
        const double rank = std::exp(share * std::log(double(m_spec.count) + 1)) - 1;
        return m_spec.first + std::min(m_spec.count - 1, quint64(rank));
    }

private:
    GeneratorSpec m_spec;
    std::mt19937_64 m_random;
};

// Keeps to a number of keys a second.
class Pace {
public:
    explicit Pace(quint64 perSecond) : m_perSecond(perSecond) {}

    /// Returns early when asked to stop.
    void waitFor(quint64 done, const std::stop_token& stop) {
        if (m_perSecond == 0) {
            return;
        }
        const auto due =
            m_begin + std::chrono::microseconds(qint64(double(done) * 1e6 / double(m_perSecond)));
        std::unique_lock lock(m_mutex);
        m_wake.wait_until(lock, stop, due, [] { return false; });
    }

private:
    quint64 m_perSecond;
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
};

} // namespace

Result<void> SandboxEngine::generate(SandboxCommand& command, const std::stop_token& stop) {
    GeneratorSpec& spec = command.generator;
    const quint64 perTx = std::max<quint64>(1, spec.perTx);
    KeyOrder order(spec);
    Pace pace(m_isMuted ? 0 : spec.perSecond);
    quint64 done = 0;
    const quint64 last = std::min(spec.count, spec.stopAfter);
    while (done < last && !stop.stop_requested()) {
        if (!m_tx) {
            if (auto begun = begin(); !begun) {
                return begun;
            }
        }
        auto bucket = bucketAt(command.path);
        if (!bucket) {
            return fail(bucket.error());
        }
        // A transaction that is begun gets a key: run again, a commit of none would be missing.
        const quint64 begun = done;
        const quint64 end = std::min(last, done + perTx);
        for (; done < end && (done == begun || !stop.stop_requested()); ++done) {
            const quint64 number = order.next(done);
            QByteArray value = QByteArray::number(number);
            value = value.leftJustified(spec.valueSize, '.', true);
            if (auto put = bucket->put(toBytes(generatedKey(number, spec.keySize)), toBytes(value));
                !put) {
                return put;
            }
        }
        if (auto committed = commit(); !committed) {
            return committed;
        }
        pace.waitFor(done, stop);
    }
    if (done < last) {
        spec.stopAfter = done;
    }
    return {};
}

} // namespace pagescape::gui
