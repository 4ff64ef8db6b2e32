// SPDX-License-Identifier: MIT
#include "trace_print.h"

#include "names.h"
#include "pagescape/format.h"

namespace pagescape::cli {

namespace {

std::string text(ByteRange range) {
    return std::to_string(range.begin) + ".." + std::to_string(range.end);
}

std::string text(std::uint64_t number) {
    return std::to_string(number);
}

std::string_view typeText(std::uint16_t flags) {
    switch (flags) {
    case format::kBranchFlag: return "branch";
    case format::kLeafFlag: return "leaf";
    default: return "unknown";
    }
}

std::vector<std::byte> readKey(const PageFile& file, ByteRange range) {
    auto bytes = file.readBytes(range);
    return bytes ? std::move(*bytes) : std::vector<std::byte>{};
}

// Says an event in one line.
struct Line {
    const PageFile& file;

    std::string quoted(ByteRange range) const {
        const auto bytes = readKey(file, range);
        return "\"" + shortText(bytes) + "\"";
    }

    std::string operator()(const MetaChosenEvent& e) const {
        return "meta " + text(e.meta) + ", transaction " + text(e.txid.value) + " (the other: " +
               (e.otherValid ? "valid, transaction " + text(e.otherTxid.value) : "not valid") +
               "), page size " + text(e.pageSize) + ", root page " + text(e.root.value) +
               ", checksum " + hexNumber(e.checksum, 16);
    }
    std::string operator()(const BucketHopEvent& e) const {
        return (e.level == 0 ? std::string("root bucket") : "bucket " + quoted(e.name)) +
               ", header at " + text(e.header) +
               (e.isInline ? ", inline" : ", root page " + text(e.root.value));
    }
    std::string operator()(const PageReadEvent& e) const {
        return (e.isInline ? "inline page in page " : "page ") + text(e.page.value) + ": " +
               std::string(typeText(e.flags)) + ", " + text(e.count) + " elements, depth " +
               text(e.depth) + ", bytes " + text(e.bytes) +
               (e.overflow > 0 ? ", " + text(e.overflow) + " overflow pages" : "");
    }
    std::string operator()(const ProbeEvent& e) const {
        const char* order = e.order < 0 ? "before" : (e.order > 0 ? "after" : "equal to");
        return "page " + text(e.page.value) + ", element " + text(e.middle) + " of [" +
               text(e.low) + ", " + text(e.high) + "): the target is " + order + " " +
               quoted(e.key) + ", " + text(e.bytesCompared) +
               (e.bytesCompared == 1 ? " byte compared" : " bytes compared");
    }
    std::string operator()(const ChildChosenEvent& e) const {
        return "page " + text(e.page.value) + ", element " + text(e.index) + ": to page " +
               text(e.child.value) +
               (e.exact ? ", its key is equal" : (e.steppedLeft ? ", one step to the left" : ""));
    }
    std::string operator()(const LeafHitEvent& e) const {
        return "page " + text(e.page.value) + ", element " + text(e.index) + ": " + quoted(e.key) +
               (e.isBucket ? " is a bucket, so there is no value" : "");
    }
    std::string operator()(const LeafMissEvent& e) const {
        return "page " + text(e.page.value) + ": not there; it would be element " + text(e.index);
    }
    std::string operator()(const ValueSliceEvent& e) const {
        return "page " + text(e.page.value) + ", bytes " + text(e.value) + ", " +
               text(e.value.size()) + " bytes at address " + hexNumber(e.address);
    }
};

// Adds an event's members to an object.
struct Members {
    JsonWriter& json;
    const PageFile& file;

    void range(std::string_view name, ByteRange bytes) const {
        json.key(name).beginArray().number(bytes.begin).number(bytes.end).endArray();
    }
    void key(ByteRange bytes) const {
        const auto key = readKey(file, bytes);
        json.member("key", readableName(key)).member("key_hex", toHex(key));
        range("key_bytes", bytes);
    }

    void operator()(const MetaChosenEvent& e) const {
        json.member("meta", e.meta)
            .member("other_valid", e.otherValid)
            .member("page_size", e.pageSize)
            .member("txid", e.txid.value)
            .member("other_txid", e.otherTxid.value)
            .member("root", e.root.value)
            .member("checksum", hexNumber(e.checksum, 16));
    }
    void operator()(const BucketHopEvent& e) const {
        const auto name = readKey(file, e.name);
        json.member("name", readableName(name)).member("name_hex", toHex(name));
        range("header_bytes", e.header);
        json.member("root", e.root.value).member("inline", e.isInline).member("level", e.level);
    }
    void operator()(const PageReadEvent& e) const {
        json.member("page", e.page.value).member("kind", typeText(e.flags));
        range("bytes", e.bytes);
        json.member("count", e.count)
            .member("overflow", e.overflow)
            .member("depth", e.depth)
            .member("inline", e.isInline);
    }
    void operator()(const ProbeEvent& e) const {
        json.member("page", e.page.value)
            .member("low", e.low)
            .member("high", e.high)
            .member("middle", e.middle);
        key(e.key);
        json.member("bytes_compared", e.bytesCompared).member("order", e.order);
    }
    void operator()(const ChildChosenEvent& e) const {
        json.member("page", e.page.value)
            .member("index", e.index)
            .member("child", e.child.value)
            .member("exact", e.exact)
            .member("stepped_left", e.steppedLeft);
    }
    void operator()(const LeafHitEvent& e) const {
        json.member("page", e.page.value).member("index", e.index);
        key(e.key);
        json.member("is_bucket", e.isBucket);
    }
    void operator()(const LeafMissEvent& e) const {
        json.member("page", e.page.value).member("index", e.index);
    }
    void operator()(const ValueSliceEvent& e) const {
        json.member("page", e.page.value);
        range("value_bytes", e.value);
        json.member("address", hexNumber(e.address));
    }
};

} // namespace

void printEvent(Output& out, const PageFile& file, const TraceEvent& event) {
    out.left(eventName(event), 14) << std::visit(Line{file}, event) << '\n';
}

void writeEvent(JsonWriter& json, const PageFile& file, const TraceEvent& event) {
    json.beginObject().member("event", eventName(event));
    std::visit(Members{json, file}, event);
    json.endObject();
}

std::vector<PageId> pagesRead(const std::vector<TraceEvent>& events) {
    std::vector<PageId> pages;
    for (const TraceEvent& event : events) {
        const auto* read = std::get_if<PageReadEvent>(&event);
        if (read != nullptr && !read->isInline) {
            pages.push_back(read->page);
        }
    }
    return pages;
}

} // namespace pagescape::cli
