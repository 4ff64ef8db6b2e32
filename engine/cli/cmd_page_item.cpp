// SPDX-License-Identifier: MIT
// page-item: key and value of one leaf element.
#include "commands.h"
#include "json_writer.h"
#include "names.h"
#include "page_items.h"
#include "session.h"
#include "usage.h"

#include <CLI/CLI.hpp>

#include <limits>
#include <memory>

namespace pagescape::cli {

namespace {

constexpr auto kExamples = R"(Examples:
  pagescape-cli page-item my.db 4 0
  pagescape-cli page-item my.db 4 0 --value-only --format raw > value.bin

ITEM counts from 0. JSON: {page, index, flags, is_bucket, key, key_hex, value, value_hex}; key or value is null
where it leaves the page, and left out with --value-only or --key-only.)";

struct ItemArguments : CommonArguments {
    std::uint64_t page = 0;
    std::uint64_t item = 0;
    bool keyOnly = false;
    bool valueOnly = false;
    ValueFormat format = ValueFormat::Auto;
};

// Values may be up to 2 GiB; only this one page run is read.
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 32;

Error noSuchItem(const ItemArguments& arguments, const InspectedPage& page, std::size_t items) {
    Error error;
    error.code = ErrorCode::CorruptPage;
    error.page = page.description.id;
    if (page.description.type != PageType::Leaf) {
        error.text = "The page is of type " + std::string(pageTypeName(page.description.type)) +
                     ", expected a leaf";
        error.hint =
            "Look at it with pagescape-cli page FILE " + std::to_string(arguments.page) + ".";
    } else {
        error.text = "There is no item " + std::to_string(arguments.item) + ", the page has " +
                     std::to_string(items);
        error.hint = "Items count from 0.";
    }
    return error;
}

void writeJson(Output& out, const ItemArguments& arguments, const PageItem& item) {
    KeyPrinter printer(arguments.format);
    JsonWriter json(out);
    const auto member = [&](const std::string& name, const std::optional<Bytes>& bytes) {
        json.key(name);
        bytes ? json.text(printer.text(*bytes)) : json.null();
        json.key(name + "_hex");
        bytes ? json.text(toHex(*bytes)) : json.null();
    };
    json.beginObject()
        .member("page", arguments.page)
        .member("index", arguments.item)
        .member("flags", item.flags)
        .member("is_bucket", item.bucketRoot.has_value());
    if (!arguments.valueOnly) {
        member("key", item.key);
    }
    if (!arguments.keyOnly) {
        member("value", item.value);
    }
    json.endObject();
}

// A bucket's value is a header, which its bytes do not show.
std::string bucketText(const PageItem& item) {
    return (*item.bucketRoot == 0 ? std::string("<inline bucket")
                                  : "<bucket with root page " + std::to_string(*item.bucketRoot)) +
           ", sequence " + std::to_string(item.bucketSequence.value_or(0)) + ">";
}

// Prints one part as a line; raw bytes without one.
int printPart(Output& out, const Session& session, const ItemArguments& arguments,
              const std::optional<Bytes>& part, std::string_view what) {
    Error error;
    error.page = PageId{arguments.page};
    if (!part) {
        error.code = ErrorCode::CorruptPage;
        error.text = "The " + std::string(what) + " of item " + std::to_string(arguments.item) +
                     " leaves the page";
        error.hint = "See the sizes it states with pagescape-cli page FILE ID --fields.";
        return session.complain(error);
    }
    const auto formatted =
        formatValue(*part, arguments.format, std::numeric_limits<std::size_t>::max());
    if (!formatted) {
        session.note("the " + std::string(what) + " does not fit the format " +
                     std::string(valueFormatName(arguments.format)) + ": " +
                     formatted.error().describe() + ". Try --format hex");
        return kFindings;
    }
    out << formatted->text;
    if (arguments.format != ValueFormat::Raw) {
        out << '\n';
    }
    return kFine;
}

int runPageItem(const ItemArguments& arguments, Output& out) {
    const auto session = Session::open(arguments);
    if (!session) {
        return kCannotOpen;
    }
    const auto page = inspectPage(session->file(), PageId{arguments.page}, kMostBytes);
    if (!page) {
        return session->complain(page.error());
    }
    const auto items = pageItems(*page);
    if (page->description.type != PageType::Leaf || arguments.item >= items.size()) {
        return session->complain(noSuchItem(arguments, *page, items.size()));
    }
    const PageItem& item = items[arguments.item];
    if (arguments.json) {
        writeJson(out, arguments, item);
        return item.key && item.value ? kFine : kFindings;
    }
    int status = kFine;
    if (!arguments.valueOnly) {
        status = printPart(out, *session, arguments, item.key, "key");
    }
    if (arguments.format == ValueFormat::Auto && item.bucketRoot && !arguments.keyOnly) {
        out << bucketText(item) << '\n';
    } else if (!arguments.keyOnly && status == kFine) {
        status = printPart(out, *session, arguments, item.value, "value");
    }
    session->noteGuessedPageSize();
    return status;
}

} // namespace

Command addPageItem(CLI::App& program) {
    auto* command =
        program.add_subcommand("page-item", "Key and value of one element of a leaf page");
    auto arguments = std::make_shared<ItemArguments>();
    arguments->addTo(*command, "FILE PAGE ITEM");
    command->add_option("PAGE", arguments->page, "Page id")
        ->required()
        ->type_name("")
        ->check(wholeNumber());
    command->add_option("ITEM", arguments->item, "Element number")
        ->required()
        ->type_name("")
        ->check(wholeNumber());
    auto* keyOnly = command->add_flag("--key-only", arguments->keyOnly, "Print only the key");
    command->add_flag("--value-only", arguments->valueOnly, "Print only the value")
        ->excludes(keyOnly);
    addFormatOption(*command, arguments->format, "How key and value are printed");
    command->footer(kExamples);
    return {command, [arguments](Output& out) { return runPageItem(*arguments, out); }};
}

} // namespace pagescape::cli
