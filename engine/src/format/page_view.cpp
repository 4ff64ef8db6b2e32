// SPDX-License-Identifier: MIT
#include "format/page_view.h"

namespace pagescape::format {

PageView::PageView(Bytes run) : m_run(run) {
    if (run.size() < kPageHeaderSize) {
        return;
    }
    m_header.id = load<std::uint64_t>(run.data() + kHeaderIdAt);
    m_header.flags = load<std::uint16_t>(run.data() + kHeaderFlagsAt);
    m_header.count = load<std::uint16_t>(run.data() + kHeaderCountAt);
    m_header.overflow = load<std::uint32_t>(run.data() + kHeaderOverflowAt);
}

bool PageView::elementTableFits() const {
    return m_run.size() >= kPageHeaderSize &&
           count() <= (m_run.size() - kPageHeaderSize) / kElementSize;
}

std::optional<Bytes> PageView::key(std::uint32_t index) const {
    if (isBranch()) {
        const auto found = branch(index);
        return found ? std::optional<Bytes>(found->key) : std::nullopt;
    }
    const auto found = leaf(index);
    return found ? std::optional<Bytes>(found->key) : std::nullopt;
}

std::optional<std::uint32_t> PageView::leafFlags(std::uint32_t index) const {
    const std::byte* at = element(index);
    if (at == nullptr) {
        return std::nullopt;
    }
    return load<std::uint32_t>(at + kLeafFlagsAt);
}

std::optional<std::uint64_t> PageView::usedBytes() const {
    if (count() == 0) {
        return kPageHeaderSize;
    }
    const std::uint32_t last = count() - 1;
    if (isBranch()) {
        const auto found = branch(last);
        if (!found) {
            return std::nullopt;
        }
        return static_cast<std::uint64_t>(found->key.data() + found->key.size() - m_run.data());
    }
    const auto found = leaf(last);
    if (!found) {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(found->value.data() + found->value.size() - m_run.data());
}

std::optional<BucketHeader> readBucketHeader(Bytes value) {
    if (value.size() < kBucketHeaderSize) {
        return std::nullopt;
    }
    return BucketHeader{PageId{load<std::uint64_t>(value.data() + kBucketRootAt)},
                        load<std::uint64_t>(value.data() + kBucketSequenceAt),
                        value.subspan(kBucketHeaderSize)};
}

} // namespace pagescape::format
