// SPDX-License-Identifier: MIT
// The smallest player: numbered events of three kinds, at two levels.
#pragma once

#include "hand_clock.h"

#include <memory>
#include <vector>

namespace pagescape::gui {

/// Events go 0, 1, 2, 0, 1, 2 ... in kind; the coarse level shows each tenth event only, so 9, 19,
/// 29 ... are its steps.
class RowPlayer final : public Playback {
public:
    static constexpr int kCoarse = 0;
    static constexpr int kFine = 1;

    /// Starts at the fine level. `clock` must be a new one; the player owns it.
    RowPlayer(HandClock* clock, int events)
        : Playback(std::unique_ptr<PlayerClock>(clock)), m_events(events) {
        rebuildSteps();
    }

    [[nodiscard]] QStringList levelNames() const override {
        return {QStringLiteral("tens"), QStringLiteral("ones")};
    }
    [[nodiscard]] int levelIndex() const override { return m_level; }
    void setLevelIndex(int index) override {
        if (index == m_level || index < kCoarse || index > kFine) {
            return;
        }
        m_level = index;
        rebuildSteps();
        keepPlace();
    }
    /// Another row.
    void setEvents(int events) {
        m_events = events;
        rebuildSteps();
        rewind();
        Q_EMIT moved(position());
    }
    /// Positions for which something was built, in order.
    [[nodiscard]] const std::vector<int>& built() const { return m_built; }

protected:
    [[nodiscard]] const std::vector<int>& steps() const override { return m_steps; }
    [[nodiscard]] std::size_t kindOf(int event) const override {
        return static_cast<std::size_t>(event % 3);
    }
    void onMoved() override { m_built.push_back(position()); }

private:
    void rebuildSteps() {
        const int stride = m_level == kCoarse ? 10 : 1;
        m_steps.clear();
        for (int event = stride - 1; event < m_events; event += stride) {
            m_steps.push_back(event);
        }
    }

    int m_events;
    int m_level = kFine;
    std::vector<int> m_steps;
    std::vector<int> m_built;
};

/// A player of `events` events together with the clock that it owns.
struct RowFixture {
    explicit RowFixture(int events) : player(clock, events) {}
    HandClock* clock = new HandClock;
    RowPlayer player;
};

} // namespace pagescape::gui
