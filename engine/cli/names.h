// SPDX-License-Identifier: MIT
// Keys, values and bucket paths: from the command line into bytes, from bytes into readable text.
#pragma once

#include "pagescape/result.h"
#include "pagescape/types.h"
#include "pagescape/value_format.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace pagescape::cli {

/// The option parser splits "[a,b]" into a list and drops "{}" and "%%", but a key may be any
/// bytes. Such arguments travel through it with a guard byte in front.
[[nodiscard]] std::string guarded(std::string argument);
[[nodiscard]] std::string unguarded(std::string argument);

/// The names of all formats, and of those in which something can be typed, for help texts.
[[nodiscard]] std::string formatNames();
[[nodiscard]] std::string typedFormatNames();

/// Adds --format NAME for shown keys or values. `help` says for which.
void addFormatOption(CLI::App& command, ValueFormat& format, const std::string& help,
                     const std::string& name = "--format,-f");

/// Adds --parse-format NAME for typed keys. Formats that are only for printing are refused.
void addParseOption(CLI::App& command, ValueFormat& format, const std::string& help,
                    const std::string& name = "--parse-format");

/// The names of a bucket path, from the arguments of the command line. In the format "auto", "0x"
/// and pairs of hex digits stand for bytes, as KeyPrinter::marked() writes them; all else is text.
[[nodiscard]] Result<std::vector<std::string>> parseNames(std::span<const std::string> arguments,
                                                          ValueFormat format);

/// Views of the names. Lifetime: that of `names`.
[[nodiscard]] std::vector<Bytes> views(const std::vector<std::string>& names);

/// A name as text when it is printable UTF-8, else in hex: bbolt's "auto" rule.
[[nodiscard]] std::string readableName(Bytes name);

/// Readable names with "/" between them; empty for the root bucket. Not unique: a name may hold
/// "/".
[[nodiscard]] std::string readablePath(std::span<const Bytes> path);
[[nodiscard]] std::string readablePath(const std::vector<std::string>& path);

/// Bytes in a chosen format. Those that do not fit are shown in hex and counted.
class KeyPrinter {
public:
    explicit KeyPrinter(ValueFormat format) : m_format(format) {}

    [[nodiscard]] std::string text(Bytes bytes);
    /// The same for a list without another column: where the format chose hex by itself, "0x" tells
    /// it from a text of hex digits. A text that looks so itself is shown in hex too, so that no
    /// two keys look alike.
    [[nodiscard]] std::string marked(Bytes bytes);
    /// A sentence about what did not fit; empty when everything did.
    [[nodiscard]] std::string complaint() const;

private:
    ValueFormat m_format;
    std::uint64_t m_misfits = 0;
    std::string m_firstReason;
};

} // namespace pagescape::cli
