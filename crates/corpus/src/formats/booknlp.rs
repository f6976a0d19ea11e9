//! Reads what BookNLP writes: quotations with the mention they are attributed to and that
//! mention's character, from `.quotes`; mentions and characters from `.entities`; the place of
//! every token from `.tokens`.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use super::files::{below, entries, extension, read_text, wrong};
use crate::labelled::from_file;
use crate::schema::{DocumentLine, EntityLine, MentionLine, Pair, QuotationLine};
use crate::{DocumentError, ErrorKind, Labelled};

pub(crate) fn read(path: &Path) -> Result<Vec<Result<Labelled, DocumentError>>, DocumentError> {
    let tables = below(path, &|file| extension(file) == "quotes")?;
    let tables = tables.into_iter().map(|file| file.with_extension("quotes"));
    Ok(tables.map(|file| book(&file)).collect())
}

fn book(quotes: &Path) -> Result<Labelled, DocumentError> {
    let tokens = tokens(&quotes.with_extension("tokens"))?;
    let text = match text_beside(quotes)? {
        Some(text) => text,
        None => rebuilt(&tokens),
    };
    let tokens = Tokens::new(&text, tokens);
    let mut problems = Vec::new();
    if tokens.misplaced * 50 > tokens.all.len() {
        let problem = format!(
            "{} of {} tokens do not stand in the text where they should",
            tokens.misplaced,
            tokens.all.len()
        );
        problems.push(wrong(
            quotes,
            ErrorKind::Flaw,
            problem,
            "put the text that BookNLP read beside it",
        ));
    }
    let (mentions, entities) = characters(&quotes.with_extension("entities"), &tokens)?;
    let mut quotations: Vec<QuotationLine> = Vec::new();
    let mut last: Option<(usize, u64)> = None;
    for (line, row) in table(quotes)? {
        let number = |name: &str| row.get(name).and_then(|field| field.parse::<usize>().ok());
        let Some(span) = tokens.span(number("quote_start"), number("quote_end")) else {
            let problem = "a quotation of tokens that are not there";
            problems.push(
                wrong(
                    quotes,
                    ErrorKind::Flaw,
                    problem,
                    "use the .tokens of the same run",
                )
                .at_line(line),
            );
            continue;
        };
        let source = tokens.span(number("mention_start"), number("mention_end"));
        let speaker = row.get("char_id").map(|id| format!("c{id}"));
        let known = |id: &String| entities.iter().any(|entity: &EntityLine| entity.id == *id);
        let speaker = speaker.filter(known);
        // Parts of one quotation are rows of one mention in one paragraph.
        let place =
            number("mention_start").zip(number("quote_start").and_then(|at| tokens.paragraph(at)));
        if let (Some(before), Some(part)) = (quotations.last_mut(), place)
            && last == Some(part)
            && before.speaker == speaker
        {
            before.content.push(span);
            continue;
        }
        last = place;
        quotations.push(QuotationLine {
            id: format!("q{}", quotations.len() + 1),
            kind: Some("direct".to_owned()),
            marked: Some(true),
            content: vec![span],
            source: source.into_iter().collect(),
            speaker,
            ..QuotationLine::default()
        });
    }
    let line = DocumentLine {
        id: super::files::stem(quotes),
        genre: None,
        text,
        meta: serde_json::Map::new(),
        quotations: Some(quotations),
        entities: Some(entities),
        mentions: Some(mentions),
        named_entities: None,
        spans: None,
    };
    let mut labelled = from_file(line, &quotes.to_string_lossy());
    let id = labelled.document.id.clone();
    labelled
        .flaws
        .extend(problems.into_iter().map(|problem| problem.in_document(&id)));
    Ok(labelled)
}

/// The text that was read: of the same name, or the only one in the folder.
fn text_beside(quotes: &Path) -> Result<Option<String>, DocumentError> {
    let same = quotes.with_extension("txt");
    if same.is_file() {
        return read_text(&same).map(Some);
    }
    let folder = quotes
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let texts: Vec<PathBuf> = entries(folder.unwrap_or(Path::new(".")))?
        .into_iter()
        .filter(|file| extension(file) == "txt")
        .collect();
    match texts.as_slice() {
        [text] => read_text(text).map(Some),
        _ => Ok(None),
    }
}

/// A token as the table has it.
struct Token {
    word: String,
    place: Pair,
    paragraph: u64,
}

fn tokens(path: &Path) -> Result<Vec<Token>, DocumentError> {
    let mut tokens = Vec::new();
    for (line, row) in table(path)? {
        let number = |name: &str| row.get(name).and_then(|field| field.parse::<usize>().ok());
        let place = number("byte_onset").zip(number("byte_offset"));
        let Some((start, end)) = place else {
            let mend = "write .tokens with byte_onset and byte_offset";
            return Err(
                wrong(path, ErrorKind::Table, "a token without a place", mend).at_line(line),
            );
        };
        tokens.push(Token {
            word: row.get("word").cloned().unwrap_or_default(),
            place: [start, end],
            paragraph: number("paragraph_ID").unwrap_or(0) as u64,
        });
    }
    Ok(tokens)
}

/// A text in which every token stands in its place, where the true one is not there.
fn rebuilt(tokens: &[Token]) -> String {
    // A place far beyond what the tokens can fill is no place.
    let most = tokens
        .iter()
        .map(|token| token.word.len() + 64)
        .sum::<usize>();
    let (mut text, mut at, mut paragraph) = (String::new(), 0, 0);
    for token in tokens {
        let mut blank = if token.paragraph == paragraph {
            ' '
        } else {
            '\n'
        };
        paragraph = token.paragraph;
        while at < token.place[0].min(most) {
            text.push(blank);
            blank = ' ';
            at += 1;
        }
        text.push_str(&token.word);
        at += token.word.chars().count();
    }
    text
}

/// Tokens with their places as code points of the text.
struct Tokens {
    all: Vec<(Pair, u64)>,
    misplaced: usize,
}

impl Tokens {
    /// BookNLP counts characters, in spite of the columns' names. Python reads a text with every
    /// line end as one character, so where the text has carriage returns both ways are tried.
    fn new(text: &str, tokens: Vec<Token>) -> Self {
        let characters: Vec<char> = text.chars().collect();
        let plain = Self::placed(&characters, &tokens, None);
        if plain.misplaced == 0 || !text.contains('\r') {
            return plain;
        }
        let mut places = Vec::with_capacity(characters.len() + 1);
        for (index, character) in characters.iter().enumerate() {
            if *character != '\n' || index == 0 || characters.get(index - 1) != Some(&'\r') {
                places.push(index);
            }
        }
        places.push(characters.len());
        let translated = Self::placed(&characters, &tokens, Some(&places));
        if translated.misplaced < plain.misplaced {
            translated
        } else {
            plain
        }
    }

    fn placed(characters: &[char], tokens: &[Token], places: Option<&[usize]>) -> Self {
        let mut this = Self {
            all: Vec::with_capacity(tokens.len()),
            misplaced: 0,
        };
        for token in tokens {
            let at = |place: usize| {
                places.map_or(place, |places| {
                    places.get(place).copied().unwrap_or(usize::MAX)
                })
            };
            // The end is that of the last character, so that a line end after it stays outside.
            let start = at(token.place[0]);
            let end = match token.place[1] {
                0 => start,
                end => at(end - 1).saturating_add(1),
            };
            let there = characters.get(start..end.max(start)).unwrap_or_default();
            if !there.iter().copied().eq(token.word.chars()) {
                this.misplaced += 1;
            }
            this.all.push(([start, end], token.paragraph));
        }
        this
    }

    /// From the first to the last token, both inside.
    fn span(&self, first: Option<usize>, last: Option<usize>) -> Option<Pair> {
        let (first, last) = (self.all.get(first?)?, self.all.get(last?)?);
        Some([first.0[0], last.0[1]])
    }

    fn paragraph(&self, token: usize) -> Option<u64> {
        self.all.get(token).map(|token| token.1)
    }
}

/// The mentions, and the characters with their names. A name counts as often as it is used.
fn characters(
    path: &Path,
    tokens: &Tokens,
) -> Result<(Vec<MentionLine>, Vec<EntityLine>), DocumentError> {
    let mut mentions = Vec::new();
    // By character: the first mention, the type, and how often each form of words is used.
    type Names = BTreeMap<(u8, String), (usize, usize)>;
    let mut order: Vec<String> = Vec::new();
    let mut of: HashMap<String, (String, Names)> = HashMap::new();
    for (index, (_, row)) in table(path)?.into_iter().enumerate() {
        let field = |name: &str| row.get(name).cloned().unwrap_or_default();
        let number = |name: &str| field(name).parse::<usize>().ok();
        let Some(span) = tokens.span(number("start_token"), number("end_token")) else {
            continue;
        };
        let id = format!("c{}", field("COREF"));
        let (rank, form) = match field("prop").as_str() {
            "PROP" => (0, "name"),
            "NOM" => (1, "nominal"),
            _ => (2, "pronoun"),
        };
        let (_, names) = of.entry(id.clone()).or_insert_with(|| {
            order.push(id.clone());
            (field("cat"), Names::new())
        });
        names.entry((rank, field("text"))).or_insert((0, index)).0 += 1;
        mentions.push(MentionLine {
            span,
            entity: Some(id),
            label: Some(field("cat")),
            form: Some(form.to_owned()),
        });
    }
    let entities = order.into_iter().filter_map(|id| {
        let (label, names) = of.remove(&id)?;
        let mut names: Vec<((u8, String), (usize, usize))> = names.into_iter().collect();
        names.sort_by_key(|((rank, _), (count, first))| (*rank, std::cmp::Reverse(*count), *first));
        let best = names.first()?.0.0;
        let mut words = names
            .into_iter()
            .filter(|((rank, _), _)| *rank == best)
            .map(|((_, words), _)| words);
        Some(EntityLine {
            id,
            name: words.next()?,
            entity_type: Some(label),
            aliases: words.collect(),
            gender: None,
            named: Some(best == 0),
        })
    });
    Ok((mentions, entities.collect()))
}

type Row = HashMap<String, String>;

/// The rows of a table by the names of its columns, each with its line. BookNLP quotes nothing.
fn table(path: &Path) -> Result<Vec<(u64, Row)>, DocumentError> {
    let text = read_text(path)?;
    let mut lines = text.split('\n').map(|line| line.trim_end_matches('\r'));
    let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let rows = (2_u64..).zip(lines).filter(|(_, line)| !line.is_empty());
    Ok(rows
        .map(|(number, line)| {
            let fields = header.iter().zip(line.split('\t'));
            (
                number,
                fields
                    .map(|(name, field)| ((*name).to_owned(), field.to_owned()))
                    .collect(),
            )
        })
        .collect())
}
