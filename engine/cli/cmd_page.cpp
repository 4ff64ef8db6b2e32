// SPDX-License-Identifier: MIT
// page: whole pages, decoded as far as they make sense, damaged or not.
#include "commands.h"
#include "json_writer.h"
#include "names.h"
#include "page_items.h"
#include "pagescape/census.h"
#include "session.h"
#include "steady.h"
#include "usage.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <optional>

namespace pagescape::cli {

namespace {

constexpr auto kExamples = R"(Examples:
  pagescape-cli page my.db 0 1 4
  pagescape-cli page my.db 4 --format-value hex
  pagescape-cli page broken.db 3 --fields      (every byte: range, field, number, what is wrong)
  pagescape-cli page my.db --all --json

JSON: array of {id, type, header_id, flags, count, overflow, total_size, used_bytes, problems[]} and,
by type, meta{...}, ids[...] or items[{index, key, key_hex, ...}]; with --fields also
fields[{begin, end, kind, level, element, number, problem}]. An overflow page is {id, type, overflow_of}:
it has no header of its own, and its bytes belong to the page that it continues.)";

struct PageArguments : CommonArguments {
    std::vector<std::uint64_t> ids;
    bool all = false;
    bool fields = false;
    ValueFormat format = ValueFormat::Auto;
    ValueFormat valueFormat = ValueFormat::Auto;
};

// A free page's old header may claim any number of overflow pages; this bounds what is read for it.
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 28;

// Key or value as text; "damaged" where it leaves the page.
std::string textOf(KeyPrinter& printer, const std::optional<Bytes>& bytes) {
    return bytes ? printer.text(*bytes) : "<leaves the page>";
}

std::string bucketText(const PageItem& item) {
    return "<pgid=" + std::to_string(item.bucketRoot.value_or(0)) +
           ",seq=" + std::to_string(item.bucketSequence.value_or(0)) + ">";
}

// Hex digits of a whole field.
int digitsOf(FieldKind kind) {
    return kind == FieldKind::Checksum ? 16 : 8;
}

// The scalars of a meta page.
template <typename OnField>
void eachMetaField(const PageDescription& page, OnField onField) {
    for (const Field& field : page.fields) {
        switch (field.kind) {
        case FieldKind::Magic:
        case FieldKind::Checksum: onField(field, true); break;
        case FieldKind::Version:
        case FieldKind::PageSizeField:
        case FieldKind::MetaFlags:
        case FieldKind::Root:
        case FieldKind::RootSequence:
        case FieldKind::FreelistId:
        case FieldKind::HighWater:
        case FieldKind::TxIdField: onField(field, false); break;
        default: break;
        }
    }
}

class PagePrinter {
public:
    PagePrinter(const PageArguments& arguments, Output& out, JsonWriter& json)
        : m_arguments(arguments), m_out(out), m_json(json), m_keys(arguments.format),
          m_values(arguments.valueFormat) {}

    void print(const InspectedPage& page) { m_arguments.json ? writeJson(page) : writeText(page); }

    void printOverflow(PageId page, PageId first) {
        if (m_arguments.json) {
            m_json.beginObject()
                .member("id", page.value)
                .member("type", "overflow")
                .member("overflow_of", first.value)
                .endObject();
            return;
        }
        separate();
        m_out << "Page ID:    " << page.value << '\n'
              << "Page Type:  overflow page of page " << first.value << "; see that one\n\n";
    }

private:
    void separate() {
        if (m_hasPrinted) {
            m_out << std::string(47, '=') << '\n';
        }
        m_hasPrinted = true;
    }

    void writeText(const InspectedPage& page) {
        const PageDescription& d = page.description;
        separate();
        m_out << "Page ID:    " << d.id.value << '\n'
              << "Page Type:  " << pageTypeName(d.type) << '\n'
              << "Total Size: " << page.bytes.size() << " bytes, " << d.usedBytes << " used\n"
              << "Overflow pages: " << d.overflow << '\n';
        for (const std::string& problem : d.problems) {
            m_out << "Problem:    " << problem << '\n';
        }
        for (const Field& field : d.fields) {
            if (!field.problem.empty()) {
                m_out << "Problem:    " << fieldName(field.kind) << " at bytes "
                      << field.range.begin << ".." << field.range.end
                      << " of the page: " << field.problem << '\n';
            }
        }
        if (m_arguments.fields) {
            writeFieldLines(d);
        } else {
            writeBody(page);
        }
        m_out << '\n';
    }

    void writeBody(const InspectedPage& page) {
        const PageDescription& d = page.description;
        if (d.type == PageType::Meta) {
            eachMetaField(d, [&](const Field& field, bool isHex) {
                m_out.left(fieldName(field.kind), 16)
                    << (isHex ? hexNumber(field.number, digitsOf(field.kind))
                              : std::to_string(field.number))
                    << '\n';
            });
        } else if (d.type == PageType::Freelist) {
            const auto ids = freelistIds(d);
            m_out << "Item Count: " << ids.size() << "\n\n";
            for (const std::uint64_t id : ids) {
                m_out << id << '\n';
            }
        } else if (d.type == PageType::Leaf || d.type == PageType::Branch) {
            m_out << "Item Count: " << d.count << "\n\n";
            for (const PageItem& item : pageItems(page)) {
                writeItemLine(item);
            }
        }
    }

    void writeItemLine(const PageItem& item) {
        m_out << '"' << textOf(m_keys, item.key) << "\": ";
        if (item.child) {
            m_out << "<pgid=" << *item.child << ">\n";
        } else if (item.bucketRoot) {
            m_out << bucketText(item) << '\n';
        } else {
            m_out << textOf(m_values, item.value) << '\n';
        }
    }

    void writeFieldLines(const PageDescription& d) {
        for (const Field& field : d.fields) {
            m_out.right(std::to_string(field.range.begin), 8) << "..";
            m_out.left(std::to_string(field.range.end), 10)
                << std::string(2 * std::size_t{field.level}, ' ') << fieldName(field.kind);
            if (field.element >= 0) {
                m_out << " [" << field.element << ']';
            }
            if (hasNumber(field)) {
                m_out << " = " << field.number;
            }
            m_out << (field.problem.empty() ? "" : "  PROBLEM: " + field.problem) << '\n';
        }
    }

    static bool hasNumber(const Field& field) {
        return !isGroup(field.kind) && field.kind != FieldKind::Key &&
               field.kind != FieldKind::Value && field.kind < FieldKind::Slack;
    }

    void writeJson(const InspectedPage& page) {
        const PageDescription& d = page.description;
        m_json.beginObject()
            .member("id", d.id.value)
            .member("type", pageTypeName(d.type))
            .member("header_id", d.headerId)
            .member("flags", d.flags)
            .member("count", d.count)
            .member("overflow", d.overflow)
            .member("total_size", page.bytes.size())
            .member("used_bytes", d.usedBytes)
            .key("problems")
            .beginArray();
        for (const std::string& problem : d.problems) {
            m_json.text(problem);
        }
        for (const Field& field : d.fields) {
            if (!field.problem.empty()) {
                m_json.text(std::string(fieldName(field.kind)) + " at bytes " +
                            std::to_string(field.range.begin) + ".." +
                            std::to_string(field.range.end) + " of the page: " + field.problem);
            }
        }
        m_json.endArray();
        writeJsonBody(page);
        if (m_arguments.fields) {
            writeJsonFields(d);
        }
        m_json.endObject();
    }

    void writeJsonBody(const InspectedPage& page) {
        const PageDescription& d = page.description;
        if (d.type == PageType::Meta) {
            m_json.key("meta").beginObject();
            eachMetaField(d, [&](const Field& field, bool isHex) {
                m_json.key(fieldName(field.kind));
                isHex ? m_json.text(hexNumber(field.number, digitsOf(field.kind)))
                      : m_json.number(field.number);
            });
            m_json.endObject();
        } else if (d.type == PageType::Freelist) {
            m_json.key("ids").beginArray();
            for (const std::uint64_t id : freelistIds(d)) {
                m_json.number(id);
            }
            m_json.endArray();
        } else if (d.type == PageType::Leaf || d.type == PageType::Branch) {
            m_json.key("items").beginArray();
            for (const PageItem& item : pageItems(page)) {
                writeJsonItem(item);
            }
            m_json.endArray();
        }
    }

    void writeJsonItem(const PageItem& item) {
        m_json.beginObject().member("index", item.index);
        writeBytes("key", m_keys, item.key);
        if (item.child) {
            m_json.member("child", *item.child);
        } else if (item.bucketRoot) {
            m_json.member("bucket_root", *item.bucketRoot)
                .member("sequence", item.bucketSequence.value_or(0));
        } else {
            writeBytes("value", m_values, item.value);
        }
        m_json.endObject();
    }

    // Text and hex; null where the bytes leave the page.
    void writeBytes(const std::string& name, KeyPrinter& printer,
                    const std::optional<Bytes>& bytes) {
        m_json.key(name);
        bytes ? m_json.text(printer.text(*bytes)) : m_json.null();
        m_json.key(name + "_hex");
        bytes ? m_json.text(toHex(*bytes)) : m_json.null();
    }

    void writeJsonFields(const PageDescription& d) {
        m_json.key("fields").beginArray();
        for (const Field& field : d.fields) {
            m_json.beginObject()
                .member("begin", field.range.begin)
                .member("end", field.range.end)
                .member("kind", fieldName(field.kind))
                .member("level", field.level)
                .key("element");
            field.element >= 0 ? m_json.number(field.element) : m_json.null();
            m_json.key("number");
            hasNumber(field) ? m_json.number(field.number) : m_json.null();
            m_json.key("problem");
            field.problem.empty() ? m_json.null() : m_json.text(field.problem);
            m_json.endObject();
        }
        m_json.endArray();
    }

    const PageArguments& m_arguments;
    Output& m_out;
    JsonWriter& m_json;
    KeyPrinter m_keys;
    KeyPrinter m_values;
    bool m_hasPrinted = false;
};

// Every page that has a header of its own: overflow pages belong to the page before them.
std::vector<std::uint64_t> allPages(const Session& session) {
    Census census(session.sharedFile());
    if (const auto done = census.run(); !done) {
        session.complain(done.error());
    }
    std::vector<std::uint64_t> ids;
    for (std::uint64_t id = 0; id < census.pageCount(); ++id) {
        const PageKind kind = census.row(PageId{id}).kind;
        if (kind != PageKind::Overflow && kind != PageKind::Tail) {
            ids.push_back(id);
        }
    }
    return ids;
}

/// Tells overflow pages from damaged ones. The whole file is looked at for it, once and only where
/// a page does not make sense by itself.
class OverflowPages {
public:
    explicit OverflowPages(const Session& session) : m_session(session) {}

    // The page that the given one continues; nothing where it is none such.
    std::optional<PageId> firstOf(const InspectedPage& page) {
        const PageDescription& d = page.description;
        if (d.headerId == d.id.value && d.type != PageType::Unknown) {
            return std::nullopt;
        }
        if (!m_census) {
            m_census.emplace(m_session.sharedFile());
            static_cast<void>(m_census->run());
        }
        if (d.id.value >= m_census->pageCount()) {
            return std::nullopt;
        }
        const PageRow row = m_census->row(d.id);
        return row.kind == PageKind::Overflow ? std::optional(PageId{row.parent}) : std::nullopt;
    }

private:
    const Session& m_session;
    std::optional<Census> m_census;
};

int runPage(const PageArguments& arguments, Output& out) {
    const auto session = Session::open(arguments);
    if (!session) {
        return kCannotOpen;
    }
    HeldMessages messages; // pages that were cut off would be many
    int status = kFine;
    JsonWriter json(out);
    PagePrinter printer(arguments, out, json);
    OverflowPages overflow(*session);
    if (arguments.json) {
        json.beginArray();
    }
    for (const std::uint64_t id : arguments.all ? allPages(*session) : arguments.ids) {
        if (!out.isOpen()) {
            break;
        }
        const auto page = inspectPage(session->file(), PageId{id}, kMostBytes);
        if (!page) {
            status = session->complain(page.error());
            if (session->change()) {
                break;
            }
        } else if (const auto first = overflow.firstOf(*page)) {
            printer.printOverflow(PageId{id}, *first);
        } else {
            printer.print(*page);
        }
    }
    if (arguments.json) {
        json.endArray();
    }
    if (saysChange(*session, out, messages)) {
        return kCannotOpen;
    }
    session->noteGuessedPageSize();
    return status;
}

} // namespace

Command addPage(CLI::App& program) {
    auto* command = program.add_subcommand("page", "Pages decoded: header, elements, problems");
    auto arguments = std::make_shared<PageArguments>();
    arguments->addTo(*command, "FILE ID... | FILE --all");
    auto* ids =
        command->add_option("ID", arguments->ids, "Page ids")->type_name("")->check(wholeNumber());
    command->add_flag("--all", arguments->all, "All pages but overflow pages and never used ones")
        ->excludes(ids);
    command->add_flag("--fields", arguments->fields, "List every field with its bytes");
    addFormatOption(*command, arguments->format, "How keys are printed");
    addFormatOption(*command, arguments->valueFormat, "How values are printed", "--format-value");
    command->footer(kExamples);
    return {command, [arguments](Output& out) {
                if (!arguments->all && arguments->ids.empty()) {
                    complain("which pages? Give page ids, or --all");
                    return kUsage;
                }
                return runPage(*arguments, out);
            }};
}

} // namespace pagescape::cli
