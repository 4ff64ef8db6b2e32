// SPDX-License-Identifier: MIT
#include "stage/cost_text.h"

#include "units/units.h"

#include <QCoreApplication>

#include <algorithm>

namespace pagescape::gui {

namespace {

// The context that translators see. The number only chooses the form: it is shown in groups.
struct Text {
    Q_DECLARE_TR_FUNCTIONS(StageCosts)
};

int formOf(std::uint64_t count) {
    return int(std::min<std::uint64_t>(count, 1'000'000'000));
}

} // namespace

QString putsText(std::uint64_t count) {
    return Text::tr("%1 put(s)", nullptr, formOf(count)).arg(countText(count));
}

QString deletesText(std::uint64_t count) {
    return Text::tr("%1 delete(s)", nullptr, formOf(count)).arg(countText(count));
}

QString nodesText(std::uint64_t count) {
    return Text::tr("%1 node(s)", nullptr, formOf(count)).arg(countText(count));
}

QString pagesMadeText(std::uint64_t count) {
    return Text::tr("%1 page(s) made", nullptr, formOf(count)).arg(countText(count));
}

QString runsText(std::uint64_t count) {
    return Text::tr("%1 run(s)", nullptr, formOf(count)).arg(countText(count));
}

QString syncsText(std::uint64_t count) {
    return Text::tr("%1 sync(s)", nullptr, formOf(count)).arg(countText(count));
}

} // namespace pagescape::gui
