// SPDX-License-Identifier: MIT
// Any sequence of operations on a store: puts, deletes, nested buckets, moves, sequences, cursors
// that remove, commits, rollbacks, faults, held readers, shrinking, moving pages to the front,
// copies and reopening with other options. Every answer is compared with a model. Input: the
// operations, see store_player.cpp.
#include "fuzz/fuzz_input.h"
#include "fuzz/store_player.h"

using namespace pagescape;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::StorePlayer(fuzz::asInput(data, size)).play();
    return 0;
}
