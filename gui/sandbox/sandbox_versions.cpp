// SPDX-License-Identifier: MIT
// Sandbox: what it knows of earlier versions of its file, for staged crashes and for comparisons.
#include "models/byte_text.h"
#include "sandbox/sandbox.h"
#include "sandbox/sandbox_worker.h"

#include <QFileInfo>

#include <algorithm>

namespace pagescape::gui {

void Sandbox::requestCrashMaterial() {
    if (!m_isOpen) {
        return;
    }
    // The newest node on the way back whose command changed the file.
    int node = m_history.current();
    while (node > 0 && m_history.node(node).delta && !m_history.node(node).delta->isChanged) {
        node = m_history.node(node).parent;
    }
    const auto delta = m_history.node(node).delta;
    const bool isLost = node > 0 && !delta;
    const QString text = node > 0 ? m_history.node(node).command.text() : QString();
    m_worker->post(
        [this, worker = m_worker.get(), delta, text, isLost](const std::stop_token&) {
            CrashMaterial material;
            material.command = text;
            if (isLost) {
                material.error = tr("What the newest commit wrote over is not kept any more, to "
                                    "save memory: commit something smaller.");
            } else if (auto found =
                           delta ? worker->engine->crashBegin(*delta)
                                 : Result<std::vector<std::byte>>(std::vector<std::byte>())) {
                material.begin = std::move(*found);
                material.operations = worker->engine->operations();
            } else {
                material.error = toQString(found.error().describe());
            }
            if (material.error.isEmpty() && material.operations.empty()) {
                material.error = tr("Nothing was written yet: commit something first.");
            }
            worker->deliver(
                [this, material = std::move(material)] { Q_EMIT crashMaterialReady(material); });
        },
        false);
}

std::optional<int> Sandbox::keepVersion(int node) {
    auto since = deltaSince(m_history, node);
    if (!m_isOpen || isBusy() || m_history.isUnfinished() || !since) {
        return std::nullopt;
    }
    const int version = m_nextVersion++;
    auto kept = std::make_shared<Kept>();
    m_kept.emplace(version, kept);
    m_worker->post([worker = m_worker.get(), kept, since = std::move(*since)](
                       const std::stop_token&) { *kept = worker->engine->keepVersion(since); },
                   false);
    return version;
}

void Sandbox::forgetVersion(int version) {
    m_kept.erase(version);
}

void Sandbox::requestVersions(int before, int after) {
    const auto first = m_kept.find(before);
    const auto second = m_kept.find(after);
    if (!m_isOpen || first == m_kept.end() || second == m_kept.end()) {
        return;
    }
    m_worker->post(
        [this, worker = m_worker.get(), path = m_path, first = first->second,
         second = second->second](const std::stop_token& stop) {
            KeptVersions made;
            auto written = std::make_shared<std::set<std::uint64_t>>();
            std::uint64_t shorter = UINT64_MAX;
            for (const auto& [kept, target] :
                 {std::pair(first, &made.before), std::pair(second, &made.after)}) {
                *target = KeptFile::make();
                const auto saved = target->path.isEmpty()
                                       ? fail(Error{})
                                       : saveVersion(path, **kept, target->path, stop);
                if (!saved && made.error.isEmpty()) {
                    made.error = target->path.isEmpty()
                                     ? tr("No folder can be made in the temporary folder.")
                                     : toQString(saved.error().describe());
                }
                for (const auto& [offset, block] : (*kept)->before) {
                    written->insert(offset);
                }
                shorter = (*kept)->isChanged ? std::min(shorter, (*kept)->oldSize) : shorter;
            }
            // What lies beyond the end of one of them is in no delta.
            const auto longest = std::uint64_t(QFileInfo(path).size());
            for (std::uint64_t at = shorter / FileDelta::kBlock * FileDelta::kBlock; at < longest;
                 at += FileDelta::kBlock) {
                written->insert(at);
            }
            made.written = std::move(written);
            worker->deliver([this, made = std::move(made)] { Q_EMIT versionsReady(made); });
        },
        false);
}

} // namespace pagescape::gui
