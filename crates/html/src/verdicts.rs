//! What became of a quotation, as the page shows it.

use dixit_eval::Verdict;

/// The order in which outcomes are shown, the mistakes first.
pub(crate) const ORDER: [Verdict; 8] = [
    Verdict::Missed,
    Verdict::WrongSpan,
    Verdict::WrongSpeaker,
    Verdict::NoSpeaker,
    Verdict::WrongSource,
    Verdict::Spurious,
    Verdict::Right,
    Verdict::Free,
];

/// The class of the style that colours it.
pub(crate) fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Right => "v-right",
        Verdict::WrongSpeaker => "v-speaker",
        Verdict::NoSpeaker => "v-none",
        Verdict::WrongSource => "v-source",
        Verdict::WrongSpan => "v-span",
        Verdict::Missed => "v-missed",
        Verdict::Spurious => "v-spurious",
        Verdict::Free => "v-free",
    }
}

/// What it means, for a reader of the page.
pub(crate) fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Right => "found, and attributed rightly",
        Verdict::WrongSpeaker => "found, with somebody else as the speaker",
        Verdict::NoSpeaker => "found, without a speaker",
        Verdict::WrongSource => "found, with the wrong source",
        Verdict::WrongSpan => "overlapped by less than half",
        Verdict::Missed => "in the gold data, and nothing overlaps it",
        Verdict::Spurious => "predicted where the gold data have nothing",
        Verdict::Free => "counts for nothing, found or not",
    }
}

/// Whether it is a mistake.
pub(crate) fn is_mistake(verdict: Verdict) -> bool {
    !matches!(verdict, Verdict::Right | Verdict::Free)
}
