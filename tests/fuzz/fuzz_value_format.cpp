// SPDX-License-Identifier: MIT
// Every value format and key parser on any bytes. Input: the value.
#include "fuzz/fuzz_input.h"
#include "pagescape/value_format.h"

using namespace pagescape;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes value = fuzz::asInput(data, size);
    const std::string typed = toString(value);
    for (const ValueFormat format : allValueFormats()) {
        const auto whole = formatValue(value, format, SIZE_MAX);
        const auto cut = formatValue(value, format, 16);
        fuzz::require(whole.has_value() == cut.has_value(), "the length decides over the error");
        fuzz::require(!cut || cut->text.size() <= 16 * 4 + 3, "a text is longer than it may be");
        const auto key = parseKey(typed, format);
        fuzz::require(key || !key.error().text.empty(), "an error without a reason");
    }
    // What was written in a form made for reading back must read back.
    for (const ValueFormat format :
         {ValueFormat::Escaped, ValueFormat::Hex, ValueFormat::EtcdRevision}) {
        if (const auto text = formatValue(value, format, SIZE_MAX)) {
            const auto key = parseKey(text->text, format);
            fuzz::require(key && *key == typed, "a text that does not read back");
        }
    }
    for (const ValueFormat format : plausibleFormats(value)) {
        fuzz::require(formatValue(value, format).has_value(), "a format was offered that fails");
    }
    fuzz::require(shortText(value, 8).size() <= 8 * 4, "a short text is too long");
    return 0;
}
