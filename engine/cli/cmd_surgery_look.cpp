// SPDX-License-Identifier: MIT
// surgery meta validate, surgery find-path: what to look at before anything is cut.
#include "cmd_surgery_look.h"

#include "json_writer.h"
#include "names.h"
#include "pagescape/surgery.h"
#include "steady.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

namespace pagescape::cli {

namespace {

int runValidate(const CommonArguments& arguments, Output& out) {
    const auto session = Session::open(arguments);
    if (!session) {
        return kCannotOpen;
    }
    bool isSound = true;
    JsonWriter json(out, 2);
    if (arguments.json) {
        json.beginArray();
    }
    for (const MetaReport& meta : session->file().layout().metas.metas) {
        const std::string reason = meta.error ? meta.error->describe() : "the file ends before it";
        isSound = isSound && meta.isValid();
        if (arguments.json) {
            json.beginObject()
                .member("page", meta.page.value)
                .member("valid", meta.isValid())
                .key("error");
            meta.isValid() ? json.null() : json.text(reason);
            json.endObject();
        } else if (meta.isValid()) {
            out << "meta page " << meta.page.value << " is valid\n";
        } else {
            out << "meta page " << meta.page.value << " is not valid: " << reason << '\n';
        }
    }
    if (arguments.json) {
        json.endArray();
    }
    session->noteGuessedPageSize();
    return isSound ? kFine : kFindings;
}

struct PathArguments : CommonArguments {
    std::string key;
    ValueFormat parseFormat = ValueFormat::Text;
};

int runFindPath(const PathArguments& arguments, Output& out) {
    const auto key = parseKey(unguarded(arguments.key), arguments.parseFormat);
    if (!key) {
        complain("the key cannot be read: " + key.error().describe());
        return kUsage;
    }
    const auto session = Session::openDatabase(arguments);
    if (!session) {
        return kCannotOpen;
    }
    HeldMessages messages;
    out.hold();
    std::uint64_t count = 0;
    int status = kFine;
    JsonWriter json(out, 2);
    if (arguments.json) {
        json.beginObject().key("paths").beginArray();
    }
    const auto done = findPathsToKey(
        session->file(), asBytes(*key),
        [&](std::span<const PageId> path) {
            ++count;
            if (arguments.json) {
                json.beginLine();
                std::ranges::for_each(path, [&](PageId page) { json.number(page.value); });
                json.endArray();
                return out.isOpen();
            }
            std::ranges::for_each(path, [&, first = true](PageId page) mutable {
                out << (first ? "" : " ") << page.value;
                first = false;
            });
            out << '\n';
            return out.isOpen();
        },
        [&](const Error& skipped) { status = session->complain(skipped); });
    if (arguments.json) {
        json.endArray().endObject();
    }
    if (saysChange(*session, out, messages)) {
        return kCannotOpen;
    }
    if (!done) {
        return session->complain(done.error());
    }
    if (count == 0) {
        session->note("no bucket has the key \"" + shortText(asBytes(*key)) +
                      (status == kFine ? "\"" : "\" as far as it can be read"));
    }
    return count == 0 ? kFindings : status;
}

} // namespace

Command addSurgeryValidate(CLI::App& meta) {
    auto* validate = meta.add_subcommand("validate", "Whether the meta pages are valid");
    auto validating = std::make_shared<CommonArguments>();
    validating->addTo(*validate, "FILE");
    validate->footer("JSON: array of {page, valid, error}; error is null where valid. Exit "
                     "status 1 when one is not.");
    return {validate, [validating](Output& out) { return runValidate(*validating, out); }};
}

Command addSurgeryFindPath(CLI::App& surgery) {
    auto* find = surgery.add_subcommand("find-path", "All page paths to a key");
    auto arguments = std::make_shared<PathArguments>();
    arguments->addTo(*find, "FILE KEY");
    find->add_option("KEY", arguments->key, "A key or the name of a bucket, in any bucket")
        ->required()
        ->type_name("");
    addParseOption(*find, arguments->parseFormat, "How KEY is typed");
    find->footer(
        "One path a line: page ids from the root down to the leaf. JSON: "
        "{paths[[ids]]}. Exit status 1 when no bucket has the key, and where damage, which "
        "is named and left out, may hide more paths.");
    return {find, [arguments](Output& out) { return runFindPath(*arguments, out); }};
}

} // namespace pagescape::cli
