// SPDX-License-Identifier: MIT
// TreeShape: the part of a B+tree that is drawn, as plain values. A model fills it, the layout
// places it and the painter draws it; none of them knows the others.
#pragma once

#include "pagescape/census.h"

#include <QString>
#include <QtGlobal>

#include <vector>

namespace pagescape::gui {

/// Nodes of a drawn tree in pre-order: a parent stands before its children, and siblings follow
/// each other in key order.
struct TreeShape {
    /// One page of the tree.
    struct Node {
        PageId page;     ///< first page of the run
        int parent = -1; ///< index in `nodes`, less than the own one; -1 for a root
        PageKind kind = PageKind::NotRead;
        int childCount = 0;        ///< children the page has, drawn or not
        bool collapsed = false;    ///< children are left out on purpose
        quint64 hiddenLeaves = 0;  ///< leaves below it that are not in `nodes`: a "+312" stub
        QString firstKey;          ///< printable, shortened by the model
        QString lastKey;           ///< printable; empty where it is not known
        int sharedChars = 0;       ///< that all keys drawn of its bucket begin with
        int elements = 0;          ///< as the page header states
        double fill = 0;           ///< 0 to 1, used bytes of the run
        quint32 overflow = 0;      ///< extra pages of the run
        bool isBucketRoot = false; ///< root page of a bucket
        QString bucketName;        ///< for a bucket's root page; empty for the root bucket
        quint64 inlineBuckets = 0; ///< bucket headers with an inline page in this leaf
        quint64 nestedBuckets = 0; ///< bucket headers that refer to another page
        bool hasProblem = false;
        bool isOnPath = false; ///< part of the lit path
        bool isMatch = false;  ///< found by the search that runs
    };
    std::vector<Node> nodes;
};

} // namespace pagescape::gui
