//! Which names go to one bearer.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use dixit_document::{EntityType, Gender, Label};
use dixit_tokenize::Layout;

use crate::cast::{Cast, Draft};
use crate::lexicon::lexicon;
use crate::names::{Honorific, Name};

/// How often two names of one person stand at least for a text to call them by both.
const CALLED: usize = 3;

/// Names that look alike: the unit of the clustering.
struct Form {
    words: Vec<String>,
    honorific: Honorific,
    gender: Option<Gender>,
    /// Indices into the names.
    names: Vec<usize>,
    label: Label,
    draft: Option<usize>,
    /// How many of the names have Mr. or Miss before them.
    titled: usize,
    /// Whether one of them has Sir before it.
    knight: bool,
}

/// Makes an entity of every bearer and says for each name whose it is. Stories call their people
/// by fewer names than news.
pub(crate) fn cluster(
    names: &[Name],
    text: &str,
    layout: &Layout,
    story: bool,
) -> (Cast, Vec<usize>) {
    let labels = labels(names);
    let mut forms = forms(names, &labels, text);
    let together = together(&forms, names, layout);
    let mut cast = Cast::default();
    people(&mut forms, &together, story, &mut cast);
    things(&mut forms, &mut cast, text, names);
    let mut bearers = vec![usize::MAX; names.len()];
    for form in &forms {
        let Some(draft) = form.draft else { continue };
        for &index in &form.names {
            if let Some(bearer) = bearers.get_mut(index) {
                *bearer = draft;
            }
        }
        fill(&mut cast, draft, form, names);
    }
    (cast, bearers)
}

fn fill(cast: &mut Cast, index: usize, form: &Form, names: &[Name]) {
    let Some(draft) = cast.get_mut(index) else {
        return;
    };
    draft.words.extend(form.words.iter().cloned());
    draft.gender = draft.gender.or(form.gender);
    for &name in &form.names {
        if let Some(name) = names.get(name) {
            draft.names.push(name.span);
            if name.titled != name.span {
                draft.aliases.push(name.titled);
            }
        }
    }
}

/// What most mentions of a name are labelled; a surname or given name of a person is a person’s.
fn labels(names: &[Name]) -> HashMap<String, Label> {
    let mut votes: HashMap<String, BTreeMap<&'static str, (usize, Label)>> = HashMap::new();
    for name in names {
        let vote = votes
            .entry(name.key())
            .or_default()
            .entry(name.label.as_str())
            .or_insert((0, name.label));
        vote.0 += 1;
    }
    votes
        .into_iter()
        .map(|(key, votes)| {
            let best = votes
                .values()
                .max_by_key(|(count, label)| (*count, *label == Label::Per));
            let label = best.map_or(Label::Misc, |(_, label)| *label);
            (key, label)
        })
        .collect()
}

fn forms(names: &[Name], labels: &HashMap<String, Label>, text: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut known: HashMap<(String, Label, Honorific), usize> = HashMap::new();
    for (index, name) in names.iter().enumerate() {
        let key = name.key();
        let label = labels.get(&key).copied().unwrap_or(name.label);
        // A title tells bearers of a lone surname apart; a full name does that itself.
        let honorific = match name.honorific {
            Honorific::Other => Honorific::None,
            honorific if name.words.len() == 1 && label == Label::Per => honorific,
            // “Mrs. Edmund Lind” is not Edmund.
            Honorific::Mrs if first_gender(&name.words) != Some(Gender::Female) => Honorific::Mrs,
            _ => Honorific::None,
        };
        let slot = *known.entry((key, label, honorific)).or_insert_with(|| {
            forms.push(Form {
                words: name.words.clone(),
                honorific,
                gender: None,
                names: Vec::new(),
                label,
                draft: None,
                titled: 0,
                knight: false,
            });
            forms.len() - 1
        });
        if let Some(form) = forms.get_mut(slot) {
            form.names.push(index);
            form.gender = form.gender.or(name.gender);
            let plain = matches!(name.honorific, Honorific::Mr | Honorific::Miss);
            form.titled += usize::from(plain);
            form.knight |= name.titled.of(text).starts_with("Sir ");
        }
    }
    for form in &mut forms {
        if form.label == Label::Per && form.gender.is_none() {
            form.gender = given_gender(form);
        }
    }
    forms
}

/// By the given name of a full name, or of a lone given name.
fn given_gender(form: &Form) -> Option<Gender> {
    if form.words.len() == 1 && form.honorific != Honorific::None {
        return None;
    }
    if form.honorific == Honorific::Mrs {
        return Some(Gender::Female);
    }
    first_gender(&form.words)
}

/// The gender that the given name tells.
fn first_gender(words: &[String]) -> Option<Gender> {
    let first = words.first()?;
    if words.len() == 1 && lexicon().is_surname_too(first) {
        return None;
    }
    let gender = lexicon()
        .given_name(first)
        .or_else(|| lexicon().given_name(first.split('-').next()?))
        .or_else(|| {
            // “J. Edgar Holloway”: the first name that is written out.
            let second = words.get(1).filter(|_| words.len() > 2)?;
            (is_initial(first)).then(|| lexicon().given_name(second))?
        })?;
    (gender != Gender::Other).then_some(gender)
}

fn is_initial(word: &str) -> bool {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    letters.len() == 1 || (word.contains('.') && letters.len() <= 3)
}

/// Pairs of forms, the lower index first, that stand side by side in sentences too often to be one
/// person’s: “Mrs. Lind looked at Una”.
fn together(forms: &[Form], names: &[Name], layout: &Layout) -> HashSet<(usize, usize)> {
    let mut form_of = vec![None; names.len()];
    for (index, form) in forms.iter().enumerate() {
        for &name in form.names.iter().filter(|_| form.label == Label::Per) {
            if let Some(slot) = form_of.get_mut(name) {
                *slot = Some(index);
            }
        }
    }
    let mut counts: HashMap<(usize, usize), usize> = HashMap::new();
    let mut sentence: (Option<usize>, Vec<usize>) = (None, Vec::new());
    for (name, form) in names.iter().zip(form_of) {
        let Some(form) = form else { continue };
        let place = layout.sentence_at(name.span.start());
        if sentence.0 != place {
            sentence = (place, Vec::new());
        }
        if sentence.1.contains(&form) {
            continue;
        }
        for &other in &sentence.1 {
            *counts
                .entry((form.min(other), form.max(other)))
                .or_insert(0) += 1;
        }
        sentence.1.push(form);
    }
    let often = |index: &usize| forms.get(*index).map_or(0, |form| form.names.len());
    counts
        .into_iter()
        .filter(|((a, b), count)| {
            let least = often(a).min(often(b));
            *count >= 3 && *count * 25 >= least || *count == 2 && least <= 12
        })
        .map(|(pair, _)| pair)
        .collect()
}

/// People: full names first, then lone surnames and given names.
fn people(forms: &mut [Form], together: &HashSet<(usize, usize)>, story: bool, cast: &mut Cast) {
    let mut order: Vec<usize> = (0..forms.len())
        .filter(|&index| {
            forms
                .get(index)
                .is_some_and(|form| form.label == Label::Per)
        })
        .collect();
    let size = |index: &usize| {
        forms
            .get(*index)
            .map_or((0, 0), |form| (form.words.len(), form.names.len()))
    };
    order.sort_by_key(|index| std::cmp::Reverse(size(index)));
    // Each cluster: its draft and the forms in it.
    let mut clusters: Vec<(usize, Vec<usize>)> = Vec::new();
    for index in order {
        let Some(form) = forms.get(index) else {
            continue;
        };
        let best = clusters
            .iter()
            .enumerate()
            .filter_map(|(slot, (_, members))| {
                let apart = |&m: &usize| together.contains(&(index.min(m), index.max(m)));
                let elder = |&m: &usize| {
                    forms
                        .get(m)
                        .is_some_and(|member| is_elder(form, member, forms))
                };
                if members.iter().any(apart) || story && members.iter().any(elder) {
                    return None;
                }
                let fit = fits(form, members.iter().filter_map(|&m| forms.get(m)))?;
                Some((fit, slot))
            })
            .max_by_key(|&(fit, slot)| (fit, std::cmp::Reverse(slot)));
        let draft = match best {
            Some((_, slot)) => clusters.get_mut(slot).map(|(draft, members)| {
                members.push(index);
                *draft
            }),
            None => None,
        };
        let draft = draft.unwrap_or_else(|| {
            let draft = cast.add(Draft {
                kind: Some(EntityType::Person),
                named: true,
                ..Draft::default()
            });
            clusters.push((draft, vec![index]));
            draft
        });
        if let Some(form) = forms.get_mut(index) {
            form.draft = Some(draft);
            let gender = form.gender;
            if let Some(draft) = cast.get_mut(draft) {
                draft.gender = draft.gender.or(gender);
            }
        }
    }
}

/// How well a form fits a person’s other names: the more mentions, the likelier; none if not.
fn fits<'f>(form: &Form, members: impl Iterator<Item = &'f Form>) -> Option<(u8, usize)> {
    let mut strength: Option<u8> = None;
    let mut mentions = 0;
    for member in members {
        // A full name that stands once beside a short one’s hundred is another’s, or a slip.
        let rare = member.words.len() > 1
            && form.words.len() == 1
            && member.names.len() * 50 < form.names.len();
        if rare || clash(form, member) {
            return None;
        }
        mentions += member.names.len();
        if let Some(kinship) = kinship(form, member) {
            strength = Some(strength.map_or(kinship, |old| old.max(kinship)));
        }
    }
    Some((strength?, mentions))
}

/// Two forms that cannot be one person’s.
fn clash(a: &Form, b: &Form) -> bool {
    let genders = match (a.gender, b.gender) {
        (Some(a), Some(b)) => a != b,
        _ => false,
    };
    let married = matches!(
        (a.honorific, b.honorific),
        (Honorific::Mrs, Honorific::Miss | Honorific::Lady)
            | (Honorific::Lady, Honorific::Miss | Honorific::Mrs)
            | (Honorific::Miss, Honorific::Mrs | Honorific::Lady)
    );
    let names = match (a.words.as_slice(), b.words.as_slice()) {
        ([first, .., last], [other_first, .., other_last]) if last == other_last => {
            !same_given(first, other_first) && !nested(&a.words, &b.words)
        }
        _ => false,
    };
    // “Sir Emil” is not Mr. Emil Lind.
    let knights = a.knight && b.titled > 0 || b.knight && a.titled > 0;
    genders || married || names || knights || is_husband(b, a) || is_husband(a, b)
}

/// “Archer” beside “Mrs. Archer”: where nothing tells the gender of a name, but it stands without
/// a title more often than with one, it is another’s.
fn is_husband(plain: &Form, titled: &Form) -> bool {
    titled.gender == Some(Gender::Female)
        && matches!(
            titled.honorific,
            Honorific::Mrs | Honorific::Miss | Honorific::Lady
        )
        && plain.gender.is_none()
        && plain.honorific == Honorific::None
        && plain.words.last() == titled.words.last()
        && first_gender(&plain.words).is_none()
        && (plain.words == titled.words || plain.words.len() == 1)
        && plain.names.len() > titled.names.len()
}

/// “Mrs. Archer” beside “Una Archer”, where the text goes on calling her Una: who tells a story
/// seldom calls one person both. And where it says “Mr. Emil Archer” again and again, “Mr. Archer”
/// is his elder.
fn is_elder(titled: &Form, full: &Form, forms: &[Form]) -> bool {
    let ([surname], [first, .., last]) = (titled.words.as_slice(), full.words.as_slice()) else {
        return false;
    };
    let times = titled.names.len();
    if surname != last || times < CALLED {
        return false;
    }
    let called = |form: &&Form| {
        form.label == Label::Per && form.words.len() == 1 && form.words.first() == Some(first)
    };
    let given = forms
        .iter()
        .filter(called)
        .map(|form| form.names.len())
        .sum::<usize>();
    let younger = full.titled >= CALLED && full.titled < times;
    match titled.honorific {
        Honorific::Mrs => given >= CALLED,
        Honorific::Mr | Honorific::Miss => younger,
        _ => false,
    }
}

/// How close two forms are: 3 the same full name, 2 a surname, 1 a given name.
fn kinship(form: &Form, full: &Form) -> Option<u8> {
    if form.words == full.words {
        return Some(3);
    }
    match form.words.as_slice() {
        [word] => {
            let last = full.words.last()?;
            let first = full.words.first()?;
            // “Lady Lind” is not Una Lind, who would be Lady Una.
            let given_only = matches!(form.honorific, Honorific::Given(_) | Honorific::Lady);
            if word == last && full.words.len() > 1 && !given_only {
                return Some(2);
            }
            let surname_only = matches!(
                form.honorific,
                Honorific::Mr | Honorific::Mrs | Honorific::Lady
            );
            if full.words.len() > 1
                && !surname_only
                && (word == first || lexicon().same_given_name(word, first))
            {
                return Some(1);
            }
            None
        }
        [first, .., last] => match full.words.as_slice() {
            [other_first, .., other_last] => {
                if last == other_last && same_given(first, other_first)
                    || nested(&form.words, &full.words)
                {
                    Some(3)
                } else {
                    None
                }
            }
            _ => None,
        },
        [] => None,
    }
}

fn same_given(a: &str, b: &str) -> bool {
    if a == b || lexicon().same_given_name(a, b) {
        return true;
    }
    let initial = |short: &str, long: &str| {
        is_initial(short)
            && short
                .chars()
                .next()
                .is_some_and(|initial| lexicon().initial_fits(initial, long))
    };
    initial(a, b) || initial(b, a)
}

/// Whether the shorter list is the beginning or the end of the longer one.
fn nested(a: &[String], b: &[String]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short.len() > 1
        && short.len() < long.len()
        && (long.starts_with(short) || long.ends_with(short))
}

/// Organisations, places and the rest.
fn things(forms: &mut [Form], cast: &mut Cast, text: &str, names: &[Name]) {
    let mut order: Vec<usize> = (0..forms.len())
        .filter(|&index| {
            forms
                .get(index)
                .is_some_and(|form| form.label != Label::Per)
        })
        .collect();
    order.sort_by_key(|&index| {
        std::cmp::Reverse(forms.get(index).map_or(0, |form| form.words.len()))
    });
    let mut clusters: Vec<(usize, Vec<usize>)> = Vec::new();
    for index in order {
        let Some(form) = forms.get(index) else {
            continue;
        };
        let written = form
            .names
            .first()
            .and_then(|&name| names.get(name))
            .map_or("", |name| name.span.of(text));
        let slot = clusters.iter().position(|(_, members)| {
            members
                .iter()
                .filter_map(|&member| forms.get(member))
                .any(|member| same_thing(form, member, written))
        });
        let draft = match slot.and_then(|slot| clusters.get_mut(slot)) {
            Some((draft, members)) => {
                members.push(index);
                *draft
            }
            None => {
                let (kind, plural) = thing_kind(form);
                let draft = cast.add(Draft {
                    kind: Some(kind),
                    named: true,
                    plural,
                    ..Draft::default()
                });
                clusters.push((draft, vec![index]));
                draft
            }
        };
        if let Some(form) = forms.get_mut(index) {
            form.draft = Some(draft);
        }
    }
}

fn thing_kind(form: &Form) -> (EntityType, bool) {
    let plural = form
        .words
        .last()
        .is_some_and(|word| word.len() > 3 && word.ends_with('s') && !word.ends_with("ss"));
    match form.label {
        Label::Org | Label::Per => (EntityType::Organization, false),
        Label::Loc => (EntityType::Location, false),
        Label::Misc if plural => (EntityType::Group, true),
        Label::Misc => (EntityType::Other, false),
    }
}

fn same_thing(form: &Form, other: &Form, written: &str) -> bool {
    let (key, other_key) = (form.words.join(" "), other.words.join(" "));
    if key == other_key {
        return true;
    }
    if let (Some(a), Some(b)) = (lexicon().equivalent(&key), lexicon().equivalent(&other_key))
        && a == b
    {
        return true;
    }
    if let [acronym] = form.words.as_slice()
        && other.words.len() > 1
        && is_acronym(written)
    {
        let letters: String = acronym.chars().filter(|c| c.is_alphabetic()).collect();
        return letters == initials(&other.words, false) || letters == initials(&other.words, true);
    }
    let organizations = form.label == Label::Org && other.label == Label::Org;
    organizations
        && form.words.len() < other.words.len()
        && (other.words.starts_with(&form.words)
            || form.words.len() > 1 && other.words.ends_with(&form.words))
        && form.words.iter().collect::<BTreeSet<_>>().len() == form.words.len()
}

fn is_acronym(written: &str) -> bool {
    let letters: Vec<char> = written.chars().filter(|c| c.is_alphabetic()).collect();
    letters.len() >= 2
        && letters.iter().filter(|c| c.is_uppercase()).count() >= letters.len().max(2)
}

/// First letters, with or without the small words.
fn initials(words: &[String], small: bool) -> String {
    words
        .iter()
        .filter(|word| {
            small
                || !matches!(
                    word.as_str(),
                    "of" | "the" | "and" | "for" | "in" | "on" | "to" | "&"
                )
        })
        .filter_map(|word| word.chars().next())
        .collect()
}

#[cfg(test)]
mod tests {
    use dixit_document::{NamedEntity, Span};

    use super::*;

    /// The bearers of some names in a text, by the order in which they are found.
    fn bearers(text: &str, found: &[&str], story: bool) -> Vec<usize> {
        let layout = Layout::read(text);
        let mut from = 0;
        let names: Vec<Name> = found
            .iter()
            .map(|name| {
                let start = from + text[from..].find(name).expect("it stands in the text");
                from = start + name.len();
                let named = NamedEntity {
                    span: Span::new(start, from),
                    label: Label::Per,
                    confidence: 1.0,
                };
                Name::read(text, &layout, &named).expect("a name")
            })
            .collect();
        cluster(&names, text, &layout, story).1
    }

    #[test]
    fn who_is_called_by_her_given_name_is_not_mrs() {
        let text = "Zoë Archer sang. Zoë laughed. Mrs. Archer wept. Zoë left. Mrs. Archer knitted. \
            Zoë came. Mrs. Archer slept.";
        let names = [
            "Zoë Archer",
            "Zoë",
            "Archer",
            "Zoë",
            "Archer",
            "Zoë",
            "Archer",
        ];
        let bearers_in = |story| bearers(text, &names, story);
        let told = bearers_in(true);
        assert_eq!(told[0], told[1]);
        assert_eq!(told[2], told[4]);
        assert_ne!(told[0], told[2]);
        // News say “Mrs. Archer” and quote those who say “Zoë”.
        assert_eq!(bearers_in(false)[0], bearers_in(false)[2]);
    }

    #[test]
    fn the_younger_is_called_by_both_names() {
        let text = "Mr. Emil Lind came. Mr. Lind bowed. Mr. Emil Lind sat. Mr. Lind stood. \
            Mr. Emil Lind ate. Mr. Lind drank. Mr. Lind left.";
        let names = [
            "Emil Lind",
            "Lind",
            "Emil Lind",
            "Lind",
            "Emil Lind",
            "Lind",
            "Lind",
        ];
        let told = bearers(text, &names, true);
        assert_ne!(told[0], told[1]);
        assert_eq!([told[0], told[0]], [told[2], told[4]]);
        assert_eq!([told[1], told[1]], [told[3], told[6]]);
    }

    #[test]
    fn a_knight_is_no_mr() {
        let text = "Mr. Emil Lind bowed to Sir Emil.";
        let told = bearers(text, &["Emil Lind", "Emil"], false);
        assert_ne!(told[0], told[1]);
    }
}
