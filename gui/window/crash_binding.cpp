// SPDX-License-Identifier: MIT
#include "window/crash_binding.h"

#include "sandbox/crash_lab.h"
#include "views/crash_panel.h"

namespace pagescape::gui {

CrashBinding::CrashBinding(CrashLab* lab, CrashPanel* panel, QObject* parent)
    : QObject(parent), m_lab(lab), m_panel(panel) {
    connectLab();
    connectPanel();
}

CrashBinding::~CrashBinding() {
    m_lab->disconnect(this);
    m_panel->disconnect(m_lab);
    m_panel->clear();
}

void CrashBinding::connectLab() {
    connect(m_lab, &CrashLab::scriptChanged, this, [this] { m_panel->setScript(m_lab->script()); });
    // The verdict of the choice before stays in sight until the next one is there: no flicker.
    connect(m_lab, &CrashLab::changed, this, [this] {
        m_panel->setChoice(m_lab->choice());
        if (!m_lab->isLive()) {
            m_panel->setJudgement(nullptr, false);
        }
    });
    connect(m_lab, &CrashLab::verdictReady, this, [this](const CrashJudgementPtr& judgement) {
        if (judgement) {
            m_panel->setJudgement(judgement, false);
        }
    });
    connect(m_lab, &CrashLab::worstCaseReady, m_panel, &CrashPanel::setSearch);
    connect(m_lab, &CrashLab::searchProgressed, m_panel, &CrashPanel::setProgress);
    connect(m_lab, &CrashLab::imageSaved, m_panel, &CrashPanel::showSaved);
}

void CrashBinding::connectPanel() {
    connect(m_panel, &CrashPanel::cursorRequested, m_lab, &CrashLab::setCursor);
    connect(m_panel, &CrashPanel::fateRequested, m_lab, &CrashLab::setFate);
    connect(m_panel, &CrashPanel::surviveAllRequested, m_lab, &CrashLab::surviveAll);
    connect(m_panel, &CrashPanel::loseAllRequested, m_lab, &CrashLab::loseAll);
    connect(m_panel, &CrashPanel::randomRequested, m_lab, &CrashLab::randomize);
    connect(m_panel, &CrashPanel::searchRequested, m_lab, [lab = m_lab] { lab->findWorst(); });
    connect(m_panel, &CrashPanel::stopRequested, m_lab, &CrashLab::stopSearch);
    connect(m_panel, &CrashPanel::outcomeChosen, m_lab, &CrashLab::takeOutcome);
    connect(m_panel, &CrashPanel::crashRequested, m_lab, [this] {
        m_lab->crash();
        m_panel->setJudgement(nullptr, true);
    });
    connect(m_panel, &CrashPanel::exportRequested, m_lab, &CrashLab::exportImage);
}

} // namespace pagescape::gui
