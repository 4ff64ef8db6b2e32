// SPDX-License-Identifier: MIT
// A player's clock that runs when the test says so.
#pragma once

#include "state/playback.h"

#include <chrono>
#include <functional>
#include <utility>

namespace pagescape::gui {

/// Keeps the last call; elapse() makes it.
class HandClock final : public PlayerClock {
public:
    void start(std::chrono::milliseconds delay, std::function<void()> fire) override {
        m_delay = delay;
        m_fire = std::move(fire);
    }
    void cancel() override { m_fire = nullptr; }

    [[nodiscard]] bool isSet() const { return static_cast<bool>(m_fire); }
    [[nodiscard]] std::chrono::milliseconds delay() const { return m_delay; }
    void elapse() {
        const auto fire = std::exchange(m_fire, nullptr);
        fire();
    }

private:
    std::chrono::milliseconds m_delay{0};
    std::function<void()> m_fire;
};

} // namespace pagescape::gui
