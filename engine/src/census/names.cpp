// SPDX-License-Identifier: MIT
// Names of kinds and lives, as JSON has them.
#include "pagescape/census.h"

namespace pagescape {

std::string_view pageKindName(PageKind kind) {
    switch (kind) {
    case PageKind::NotRead: return "not-read";
    case PageKind::Meta: return "meta";
    case PageKind::Freelist: return "freelist";
    case PageKind::Branch: return "branch";
    case PageKind::Leaf: return "leaf";
    case PageKind::Overflow: return "overflow";
    case PageKind::Free: return "free";
    case PageKind::Leaked: return "leaked";
    case PageKind::Tail: return "tail";
    case PageKind::Problem: return "problem";
    }
    return "problem";
}

std::string_view pageLifeName(PageLife life) {
    switch (life) {
    case PageLife::Live: return "live";
    case PageLife::ActiveMeta: return "active-meta";
    case PageLife::StaleMeta: return "stale-meta";
    case PageLife::Previous: return "previous";
    case PageLife::Free: return "free";
    case PageLife::Leaked: return "leaked";
    case PageLife::Tail: return "tail";
    }
    return "live";
}

} // namespace pagescape
