// SPDX-License-Identifier: MIT
// Follows one page through the log by the rules of the stage; the test compares the two.
#include "stage/page_biography.h"

#include "stage/page_rules.h"
#include "units/units.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace pagescape::gui {

namespace {

bool covers(const PageRun& run, PageId page) {
    return run.first <= page && page.value - run.first.value < run.pages;
}

class Biographer {
    Q_DECLARE_TR_FUNCTIONS(PageBiography)

public:
    Biographer(const StageState& base, PageId page)
        : m_id(page), m_now(base.pages.at(page)), m_highWater(base.highWater) {
        m_kind = kindText(m_now.kind, 0);
        tell(-1, TxId{}, foundText());
    }

    void follow(int index, const WriteTraceEvent& event) {
        m_event = index;
        std::visit(*this, event);
    }
    std::vector<BiographyEntry> take() { return std::move(m_entries); }

    void operator()(const WriteTxEvent& e) {
        switch (e.phase) {
        case WriteTxEvent::Phase::Begin: m_txid = e.txid; break;
        case WriteTxEvent::Phase::Commit: commit(e); break;
        case WriteTxEvent::Phase::RolledBack: rollBack(e.txid); break;
        case WriteTxEvent::Phase::Uncertain:
            m_isUncertain = true;
            m_uncertain = e;
            if (m_isTaken || m_isLeaving || m_isMeta) {
                tell(m_event, e.txid,
                     tr("open whether %1 counts: its commit is uncertain")
                         .arg(countText(e.txid.value)),
                     false);
            }
            return; // until the file is opened again
        }
        m_isTaken = m_isLeaving = m_isMeta = false;
        m_now.mark = StageMark::None;
    }
    void operator()(const ReleaseEvent& e) {
        const auto after =
            std::partition_point(e.released.begin(), e.released.end(),
                                 [&](const PageRun& run) { return run.first <= m_id; });
        if (after != e.released.begin() && covers(*std::prev(after), m_id)) {
            page_rules::release(m_now);
            tell(m_event, m_txid, tr("free from %1 on").arg(countText(m_txid.value)));
        }
    }
    void operator()(const AllocateEvent& e) {
        if (covers({e.first, e.pages}, m_id)) {
            m_isTaken = true;
            const QString by = countText(m_txid.value);
            tell(m_event, m_txid,
                 e.isNew ? tr("taken by %1, never used before").arg(by)
                         : tr("taken by %1 from the free pages").arg(by),
                 false);
        }
    }
    void operator()(const FreeEvent& e) {
        if (covers({e.first, e.pages}, m_id)) {
            m_isLeaving = true;
            tell(m_event, m_txid, tr("given up by %1").arg(countText(e.txid.value)), false);
        }
    }
    void operator()(const PageMadeEvent& e) {
        if (!covers({e.page, std::uint64_t{e.overflow} + 1}, m_id)) {
            return;
        }
        if (e.page != m_id) {
            page_rules::makeOverflow(m_now);
            m_made = tr("overflow of page %1").arg(countText(e.page.value));
            return;
        }
        page_rules::makeFirst(m_now, e.flags, e.overflow);
        m_made = kindText(m_now.made, e.items);
        if (e.overflow > 0) {
            m_made = tr("%1, %n overflow page(s)", nullptr, int(e.overflow)).arg(m_made);
        }
    }
    void operator()(const MetaMadeEvent& e) {
        m_newHighWater = e.highWater;
        if (e.page == m_id) {
            m_isMeta = true;
            m_now.made = PageKind::Meta;
            m_made = tr("meta of transaction %1: root page %2")
                         .arg(countText(e.txid.value), countText(e.root.value));
        }
    }
    void operator()(const WriteEvent& e) {
        if (m_isTaken && covers({e.first, e.pages}, m_id)) {
            m_now.mark = StageMark::Cached;
        }
    }
    void reopen(int index, const ReopenedEvent& e) {
        if (m_isUncertain) {
            m_event = index;
            if (e.txid == m_uncertain.txid) {
                commit({WriteTxEvent::Phase::Commit, e.txid, {}, m_newHighWater});
            } else {
                rollBack(m_uncertain.txid);
            }
            m_isUncertain = m_isTaken = m_isLeaving = m_isMeta = false;
        }
        m_now.mark = StageMark::None;
        if (m_now.life == StageLife::Pending) {
            page_rules::release(m_now);
            tell(index, m_txid, tr("free: the database was opened again"));
        }
    }
    template <typename Event>
    void operator()(const Event&) {}

private:
    static QString kindText(PageKind kind, std::uint64_t items) {
        const int n = int(std::min<std::uint64_t>(items, 1'000'000'000));
        switch (kind) {
        case PageKind::Meta: return tr("meta");
        case PageKind::Branch:
            return n > 0 ? tr("branch of %n element(s)", nullptr, n) : tr("branch");
        case PageKind::Leaf: return n > 0 ? tr("leaf of %n element(s)", nullptr, n) : tr("leaf");
        case PageKind::Freelist:
            return n > 0 ? tr("free list of %n page(s)", nullptr, n) : tr("free list");
        case PageKind::Overflow: return tr("overflow page");
        default: return tr("page of unknown kind");
        }
    }

    [[nodiscard]] QString foundText() const {
        switch (m_now.life) {
        case StageLife::Live: return tr("%1, found when the sitting began").arg(m_kind);
        case StageLife::Free:
        case StageLife::Pending: return tr("free when the sitting began");
        case StageLife::Leaked: return tr("leaked: neither in use nor free");
        case StageLife::Tail: break;
        }
        return tr("never used");
    }

    void tell(int event, TxId txid, const QString& text, bool isHere = true) {
        m_entries.push_back({event, txid, m_now, isHere, text});
    }

    // In the order of the stage: first what the transaction took, then what it gave up, then the
    // mark.
    void commit(const WriteTxEvent& e) {
        const QString by = countText(e.txid.value);
        const PageId before = std::exchange(m_highWater, e.highWater);
        if (m_isTaken) {
            page_rules::commitTaken(m_now, e.txid);
            m_kind = m_made;
        }
        if (m_isLeaving) {
            page_rules::commitLeaving(m_now, e.txid);
            tell(m_event, e.txid, tr("waits, because %1 gave it up").arg(by));
        } else if (m_isTaken) {
            tell(m_event, e.txid, tr("%1, written by %2").arg(m_kind, by));
        } else if (m_isMeta) {
            tell(m_event, e.txid, m_made);
        }
        if (e.highWater <= m_id && m_id < before && page_rules::cutOff(m_now)) {
            tell(m_event, e.txid, tr("cut off by %1, which lowered the high-water mark").arg(by));
        }
    }

    void rollBack(TxId txid) {
        const QString by = countText(txid.value);
        if (m_isTaken && m_now.mark == StageMark::Cached) {
            page_rules::abandon(m_now);
            tell(m_event, txid,
                 tr("free, with what %1 wrote before it was rolled back: no version knows of it")
                     .arg(by));
        } else if (m_isTaken) {
            tell(m_event, txid,
                 m_now.life == StageLife::Tail ? tr("never used: %1 was rolled back").arg(by)
                                               : tr("free again: %1 was rolled back").arg(by));
        } else if (m_isLeaving) {
            tell(m_event, txid, tr("%1, kept: %2 was rolled back").arg(m_kind, by));
        }
    }

    PageId m_id;
    StagePage m_now;
    PageId m_highWater;
    TxId m_txid; // of the transaction that is open
    int m_event = -1;
    bool m_isTaken = false;
    bool m_isLeaving = false;
    bool m_isMeta = false;
    bool m_isUncertain = false; // the last commit
    WriteTxEvent m_uncertain;
    PageId m_newHighWater; // of the newest meta that was made
    QString m_kind;        // what its bytes in the file are
    QString m_made;        // what its new bytes are
    std::vector<BiographyEntry> m_entries;
};

} // namespace

std::vector<BiographyEntry> pageBiography(const StageLog& log, PageId page) {
    Biographer biographer(log.stateAt(-1), page);
    for (int i = 0; i < log.size(); ++i) {
        if (const auto* write = std::get_if<WriteTraceEvent>(&log.event(i))) {
            biographer.follow(i, *write);
        } else if (std::holds_alternative<ReopenedEvent>(log.event(i))) {
            biographer.reopen(i, std::get<ReopenedEvent>(log.event(i)));
        }
    }
    return biographer.take();
}

} // namespace pagescape::gui
