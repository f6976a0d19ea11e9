//! (a) Spans of content, cue and source.

use std::collections::{BTreeMap, HashMap, HashSet};

use dixit_document::{Document, Quotation, Role, Span};

use crate::align::align;
use crate::groups::{groups_of, keep_told};
use crate::measure::{Boundaries, Group, Measure, SpanMeasure};
use crate::options::Options;
use crate::region::{Region, overlapping};
use crate::sheet::Sheet;
use crate::tally::Tally;
use crate::text::Text;
use crate::told::Told;

const ROLES: [Role; 3] = [Role::Content, Role::Cue, Role::Source];

/// One span of a layer.
#[derive(Clone)]
struct Item {
    region: Region,
    tokens: Region,
    groups: Vec<Group>,
    /// Gold: neither finding nor missing it counts.
    free: bool,
}

/// The spans of a document by role, each as annotated.
type Layers = BTreeMap<Role, Vec<(Region, Vec<Group>, bool)>>;

/// Counts the spans of one document.
pub(crate) fn count(
    sheet: &mut Sheet,
    text: &Text,
    gold: &Document,
    (predicted_text, predicted): (&Text, &Document),
    told: Told,
    options: &Options,
) {
    let annotated = gold;
    // Where the gold data tell quotations only, spans outside them are neither right nor wrong.
    let loose = gold.loose_spans.is_some();
    let gold_layers = layers(gold, text, loose, |quotation| options.is_free(quotation));
    let predicted_layers = layers(predicted, predicted_text, loose, |_| false);
    for role in ROLES {
        let (Some(gold), Some(predicted)) = (gold_layers.get(&role), predicted_layers.get(&role))
        else {
            continue;
        };
        // A layer that the gold data leave out altogether says nothing of predictions.
        if !told.role(role, annotated) {
            continue;
        }
        for &boundaries in Boundaries::ALL {
            let gold = items(gold, text, boundaries);
            let mut predicted = items(predicted, text, boundaries);
            file_predicted(&gold, &mut predicted);
            let score = |measure| Measure::Spans(role, measure, boundaries);
            exact(sheet, score(SpanMeasure::Exact), &gold, &predicted);
            exact(
                sheet,
                score(SpanMeasure::Pieces),
                &pieces(&gold),
                &pieces(&predicted),
            );
            tokens(sheet, score(SpanMeasure::Tokens), &gold, &predicted);
            partial(sheet, score(SpanMeasure::Partial), &gold, &predicted);
            begin(sheet, score(SpanMeasure::Begin), &gold, &predicted);
            jaccard(sheet, score(SpanMeasure::Jaccard), &gold, &predicted);
        }
    }
}

fn layers(
    document: &Document,
    text: &Text,
    loose: bool,
    is_free: impl Fn(&Quotation) -> bool,
) -> Layers {
    let mut layers: Layers = ROLES.iter().map(|&role| (role, Vec::new())).collect();
    let mut add = |role: Role, spans: &[Span], groups: &[Group], free: bool| {
        let region = text.region(spans);
        // A span of blanks only covers nothing.
        if !text.tokens(&region).is_empty() {
            layers
                .entry(role)
                .or_default()
                .push((region, groups.to_vec(), free));
        }
    };
    for quotation in document.quotations.iter().flatten() {
        let groups = groups_of(document, text, quotation);
        let free = is_free(quotation);
        add(Role::Content, &quotation.content, &groups, free);
        add(Role::Cue, &quotation.cue, &groups, free);
        add(Role::Source, &quotation.source, &groups, free);
    }
    let unheld = document.loose_spans.iter().flatten().filter(|_| loose);
    for span in unheld {
        add(span.role, &[span.span], &[Group::All], false);
    }
    layers
}

/// The distinct spans under one reading of their ends. A span that counts anywhere counts.
fn items(layer: &[(Region, Vec<Group>, bool)], text: &Text, boundaries: Boundaries) -> Vec<Item> {
    let mut at: HashMap<Region, usize> = HashMap::new();
    let mut items: Vec<Item> = Vec::with_capacity(layer.len());
    for (region, groups, free) in layer {
        let region = match boundaries {
            Boundaries::Raw => region.clone(),
            Boundaries::Stripped => text.stripped(region),
        };
        let next = items.len();
        let index = *at.entry(region.clone()).or_insert(next);
        match items.get_mut(index) {
            Some(seen) if seen.free && !free => {
                seen.free = false;
                seen.groups.clone_from(groups);
            }
            Some(_) => {}
            None => {
                let tokens = text.tokens(&region);
                items.push(Item {
                    region,
                    tokens,
                    groups: groups.clone(),
                    free: *free,
                });
            }
        }
    }
    items
}

/// Files every prediction under the gold span it overlaps most, one to one; what matches a free
/// gold span becomes free.
fn file_predicted(gold: &[Item], predicted: &mut [Item]) {
    let mut own: Vec<Vec<Group>> = predicted.iter().map(|item| item.groups.clone()).collect();
    let told: Vec<Vec<Group>> = gold.iter().map(|item| item.groups.clone()).collect();
    keep_told(&mut own, &told);
    let alignment = align(&regions(gold), &regions(predicted), |_, _| 0);
    for ((item, own), aligned) in predicted.iter_mut().zip(own).zip(&alignment.of_predicted) {
        match aligned {
            Some((g, iou)) => {
                item.groups.clone_from(&gold[*g].groups);
                item.free = gold[*g].free && *iou >= 0.5;
            }
            None => item.groups = own,
        }
    }
}

fn regions(items: &[Item]) -> Vec<&Region> {
    items.iter().map(|item| &item.region).collect()
}

/// Every contiguous piece as a span of its own.
fn pieces(items: &[Item]) -> Vec<Item> {
    let mut seen = HashSet::new();
    let mut pieces = Vec::with_capacity(items.len());
    // What counts goes first, so that it is kept where a free span shares the piece.
    let (counted, free): (Vec<&Item>, Vec<&Item>) = items.iter().partition(|item| !item.free);
    for item in counted.into_iter().chain(free) {
        for &piece in item.region.pieces() {
            if seen.insert(piece) {
                pieces.push(Item {
                    region: Region::new(vec![piece]),
                    tokens: Region::default(),
                    groups: item.groups.clone(),
                    free: item.free,
                });
            }
        }
    }
    pieces
}

fn exact(sheet: &mut Sheet, measure: Measure, gold: &[Item], predicted: &[Item]) {
    let in_gold: HashMap<&Region, bool> =
        gold.iter().map(|item| (&item.region, item.free)).collect();
    let in_predicted: HashSet<&Region> = predicted.iter().map(|item| &item.region).collect();
    for item in gold.iter().filter(|item| !item.free) {
        let right = in_predicted.contains(&item.region);
        sheet.add(measure, &item.groups, Tally::gold(f64::from(right)));
    }
    for item in predicted {
        let right = match in_gold.get(&item.region) {
            Some(true) => continue,
            Some(false) => true,
            None if item.free => continue,
            None => false,
        };
        sheet.add(measure, &item.groups, Tally::predicted(f64::from(right)));
    }
}

fn begin(sheet: &mut Sheet, measure: Measure, gold: &[Item], predicted: &[Item]) {
    let starts =
        |items: &[Item]| -> HashSet<u32> { items.iter().map(|item| item.region.start()).collect() };
    let (of_gold, of_predicted) = (starts(gold), starts(predicted));
    for item in gold.iter().filter(|item| !item.free) {
        let right = of_predicted.contains(&item.region.start());
        sheet.add(measure, &item.groups, Tally::gold(f64::from(right)));
    }
    for item in predicted.iter().filter(|item| !item.free) {
        let right = of_gold.contains(&item.region.start());
        sheet.add(measure, &item.groups, Tally::predicted(f64::from(right)));
    }
}

/// Micro counts over the tokens that any span of a side covers.
fn tokens(sheet: &mut Sheet, measure: Measure, gold: &[Item], predicted: &[Item]) {
    let of_gold = Region::union(gold.iter().filter(|i| !i.free).map(|item| &item.tokens));
    let found = Region::union(predicted.iter().map(|item| &item.tokens));
    let free = Region::union(
        gold.iter()
            .filter(|item| item.free)
            .map(|item| &item.tokens),
    );
    for (group, items) in by_group(gold) {
        let covered = Region::union(items.iter().map(|item| &item.tokens));
        let tally = Tally {
            gold: covered.len() as f64,
            right_gold: covered.overlap(&found) as f64,
            ..Tally::default()
        };
        sheet.add(measure, &[group], tally);
    }
    for (group, items) in by_group(predicted) {
        let covered = Region::union(items.iter().map(|item| &item.tokens));
        // Tokens that only a free gold span covers are no mistake.
        let either = Region::union([&of_gold, &free]);
        let excused = covered.overlap(&either) - covered.overlap(&of_gold);
        let tally = Tally {
            predicted: (covered.len() - excused) as f64,
            right_predicted: covered.overlap(&of_gold) as f64,
            ..Tally::default()
        };
        sheet.add(measure, &[group], tally);
    }
}

fn by_group(items: &[Item]) -> BTreeMap<Group, Vec<&Item>> {
    let mut groups: BTreeMap<Group, Vec<&Item>> = BTreeMap::new();
    for item in items.iter().filter(|item| !item.free) {
        for group in &item.groups {
            groups.entry(group.clone()).or_default().push(item);
        }
    }
    groups
}

/// The mean share of every span's tokens that the other side covers.
fn partial(sheet: &mut Sheet, measure: Measure, gold: &[Item], predicted: &[Item]) {
    let all = |items: &[Item]| Region::union(items.iter().map(|item| &item.tokens));
    let (of_gold, of_predicted) = (all(gold), all(predicted));
    let share = |item: &Item, other: &Region| match item.tokens.len() {
        0 => 0.0,
        length => item.tokens.overlap(other) as f64 / length as f64,
    };
    for item in gold.iter().filter(|item| !item.free) {
        sheet.add(
            measure,
            &item.groups,
            Tally::gold(share(item, &of_predicted)),
        );
    }
    for item in predicted.iter().filter(|item| !item.free) {
        sheet.add(
            measure,
            &item.groups,
            Tally::predicted(share(item, &of_gold)),
        );
    }
}

/// The Jaccard coefficient of every gold span with its best prediction, and a 0 for every
/// prediction that touches none.
fn jaccard(sheet: &mut Sheet, measure: Measure, gold: &[Item], predicted: &[Item]) {
    let tokens =
        |items: &[Item]| -> Vec<Region> { items.iter().map(|i| i.tokens.clone()).collect() };
    let (of_gold, of_predicted) = (tokens(gold), tokens(predicted));
    let (of_gold, of_predicted): (Vec<&Region>, Vec<&Region>) =
        (of_gold.iter().collect(), of_predicted.iter().collect());
    let mut best = vec![0.0_f64; gold.len()];
    let mut touches = vec![false; predicted.len()];
    for (g, p) in overlapping(&of_gold, &of_predicted) {
        best[g] = best[g].max(of_gold[g].iou(of_predicted[p]));
        touches[p] = true;
    }
    for (item, best) in gold.iter().zip(best).filter(|(item, _)| !item.free) {
        sheet.add(measure, &item.groups, Tally::gold(best));
    }
    for (item, _) in predicted
        .iter()
        .zip(touches)
        .filter(|(_, touches)| !touches)
    {
        sheet.add(measure, &item.groups, Tally::gold(0.0));
    }
}
