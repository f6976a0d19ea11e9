//! Words that carry a full stop of their own.

/// Stand before a name: no sentence ends after them.
#[rustfmt::skip]
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "mx", "dr", "prof", "st", "ste", "mt", "ft", "sen", "sens", "rep",
    "reps", "gov", "govs", "gen", "col", "lt", "maj", "capt", "cmdr", "cdr", "adm", "sgt",
    "cpl", "pvt", "pte", "supt", "insp", "det", "rev", "revd", "hon", "pres", "fr", "sr", "sra",
    "mme", "mlle", "mm", "messrs", "mgr", "msgr", "atty", "asst", "dep", "amb", "sec", "vs",
    "v", "cf", "e.g", "i.e", "viz", "ca", "approx", "lieut", "esq.,", "br", "ald", "com",
    "cllr", "hr", "fru",
];

/// Stand after what they belong to: a sentence may end with them.
#[rustfmt::skip]
const CLOSERS: &[&str] = &[
    "jr", "snr", "jnr", "inc", "ltd", "co", "corp", "cos", "bros", "llc", "plc", "etc", "esq",
    "a.m", "p.m", "u.s", "u.k", "u.n", "e.u", "d.c", "ph.d", "m.d", "b.a", "m.a", "al", "ave",
    "blvd", "rd", "dept", "univ", "assn", "est", "hwy", "ariz", "calif", "colo", "conn", "fla",
    "ill", "ind", "kan", "ky", "mich", "minn", "miss", "mont", "neb", "nev", "okla", "penn",
    "tenn", "tex", "vt", "wis", "wyo", "mass", "wash", "ore", "oreg", "ark", "ala", "ga", "va",
    "n.y", "n.j", "n.c", "s.c", "n.h", "n.m", "n.d", "s.d", "r.i", "w.va", "l.a",
];

/// Need a number or a name after them.
#[rustfmt::skip]
const BEFORE_NUMBERS: &[&str] = &[
    "no", "nos", "p", "pp", "vol", "vols", "ch", "fig", "figs", "art", "ed", "eds", "jan",
    "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec", "mon", "tue",
    "tues", "wed", "thu", "thurs", "fri", "sat", "sun", "eq", "par", "sect", "op", "nr", "bd",
];

/// What the full stop after a word means for its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Abbreviation {
    /// The sentence goes on.
    Title,
    /// The sentence may be over.
    Closer,
}

/// Whether `word`, which a full stop follows, is an abbreviation; `after` is the text past
/// that stop.
pub(crate) fn abbreviation(word: &str, after: &str) -> Option<Abbreviation> {
    if word.len() > 8 {
        return initials(word);
    }
    let lower = word.to_lowercase();
    let lower = lower.as_str();
    let first = word.chars().next()?;
    // “miss.” or “ill.” ends a sentence; “Miss.” is a state.
    let capital = first.is_uppercase();
    if TITLES.contains(&lower)
        && (capital
            || matches!(
                lower,
                "vs" | "v" | "cf" | "ca" | "e.g" | "i.e" | "viz" | "approx" | "st"
            ))
    {
        return Some(Abbreviation::Title);
    }
    let plain = matches!(lower, "etc" | "a.m" | "p.m" | "al" | "inc" | "ltd");
    if CLOSERS.contains(&lower) && (capital || plain || lower.contains('.')) {
        return Some(Abbreviation::Closer);
    }
    if BEFORE_NUMBERS.contains(&lower) {
        let next = after
            .trim_start_matches(crate::chars::is_blank)
            .chars()
            .next();
        if next.is_some_and(|c| c.is_ascii_digit()) {
            return Some(Abbreviation::Title);
        }
        // “P.” without a number is an initial all the same.
    }
    initials(word)
}

/// One capital (“J.”), or single letters with stops between them (“U.S.A.”).
fn initials(word: &str) -> Option<Abbreviation> {
    let mut letters = 0;
    for part in word.split('.') {
        let mut chars = part.chars();
        let single = chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none();
        if !single {
            return None;
        }
        letters += 1;
    }
    match letters {
        // “It was I.” ends; nobody is called I.
        1 if word != "I" && word.chars().all(char::is_uppercase) => Some(Abbreviation::Title),
        1 => None,
        _ => Some(Abbreviation::Closer),
    }
}
