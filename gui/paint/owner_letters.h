// SPDX-License-Identifier: MIT
// Letters for the buckets of the owner lens: the first letter of the name, where no other bucket
// has it already.
#pragma once

#include <QChar>

#include <span>
#include <string>
#include <vector>

namespace pagescape::gui {

/// One letter a bucket, in their order: the first free ASCII letter or digit of its name, in lower
/// case, else the next free one of the alphabet. An empty name (the root bucket) gets "/". Names
/// behind the 36 that have letters of their own share '*'. A longer list begins as a shorter one
/// does, so letters stay while buckets are still being found.
[[nodiscard]] std::vector<QChar> ownerLetters(std::span<const std::string> names);

} // namespace pagescape::gui
