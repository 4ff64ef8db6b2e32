// SPDX-License-Identifier: MIT
// PredictMapping: a card that asks how long the next mapping will be, before it is there. Each
// wrong answer is an idea with a name; the card shows what would follow from it.
#pragma once

#include "views/predict_card.h"

#include <QString>

#include <optional>
#include <vector>

namespace pagescape::gui {

/// A commit that the present mapping is too short for. Sizes in bytes.
struct MappingQuestion {
    quint32 pageSize = 4096;
    quint64 used = 0; ///< high-water mark x page size
    quint64 fileSize = 0;
    quint64 mapLength = 0;
    quint64 more = 0;   ///< bytes that new pages must hold
    quint64 needed = 0; ///< used, those pages and one more: what the engine asks the rule for
    quint64 answer = 0; ///< by mappingLength()
    [[nodiscard]] quint64 exact() const { return used + more; }
};
/// The next commit that remaps in a file as it is.
[[nodiscard]] MappingQuestion mappingQuestion(quint32 pageSize, quint64 used, quint64 fileSize,
                                              quint64 mapLength);

/// An answer and the idea behind it.
struct MappingOption {
    enum class Idea {
        Rule,         ///< the right one
        Exact,        ///< what is needed, to the byte
        WholePages,   ///< what is needed, in whole pages
        DoubleFile,   ///< twice the file
        PlusGiB,      ///< 1 GiB more, as above 1 GiB
        FileRule,     ///< 16 MiB more than is needed, as the file grows
        DoubleLength, ///< doubling without an end
        Unchanged,    ///< mapped anew, as long as before
    };
    Idea idea = Idea::Rule;
    quint64 bytes = 0;
};
/// Five answers, ascending, all different; the right one is there once.
[[nodiscard]] std::vector<MappingOption> mappingOptions(const MappingQuestion& question);
/// What an idea says, and what would follow from it: one or two sentences.
[[nodiscard]] QString mappingIdeaText(MappingOption::Idea idea, const MappingQuestion& question);
/// The rule that gives the answer, with its numbers.
[[nodiscard]] QString mappingRuleText(const MappingQuestion& question);

/// A number of bytes as people type it: "128 KiB", "1.5 m", "262144".
[[nodiscard]] std::optional<quint64> bytesFromText(const QString& text);
/// "128 KiB", or "49 835 bytes (≈ 48.7 KiB)" where the short form would round.
[[nodiscard]] QString exactBytesText(quint64 bytes);

/// The card. Hidden until ask().
class PredictMapping final : public PredictCard {
    Q_OBJECT
public:
    explicit PredictMapping(QWidget* parent = nullptr);

    void ask(const MappingQuestion& question);
    /// As if the option, or the typed text, had been chosen.
    void answer(quint64 bytes);
    [[nodiscard]] const MappingQuestion& question() const { return m_question; }
    [[nodiscard]] const std::vector<MappingOption>& options() const { return m_options; }

protected:
    void chosen(std::size_t option) override;
    void typed(const QString& text) override;

private:
    MappingQuestion m_question;
    std::vector<MappingOption> m_options;
};

} // namespace pagescape::gui
