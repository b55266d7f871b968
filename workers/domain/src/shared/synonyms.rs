//! Names of posts, subjects and places of work that mean the same in Kazakh, Russian and
//! English: a search for `учитель` finds `мұғалім`. The groups are data
//! (`schemas/data/synonyms.json`), compared by stem.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::OnceLock,
};

use serde::Deserialize;

use super::{fold, stem::stem};

/// A group of the file.
#[derive(Deserialize)]
struct Group {
    /// Names that mean the same.
    same: Vec<String>,
    /// Wider or narrower names: found too, ranked lower.
    #[serde(default)]
    weaker: Vec<String>,
    /// So frequent that it says little: the index keeps what stands together with it.
    #[serde(default)]
    common: bool,
}

/// One way to say a part of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// Stems that stand next to each other, in order.
    pub stems: Vec<String>,
    /// Whether it means only nearly the same and should rank lower.
    pub weak: bool,
}

/// What all ways of a part mean, as one token of the index: a document has it exactly if it has
/// any of the ways.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Concept {
    /// Made of the ways, so that it is the same in every build with the same file.
    pub id: u32,
    /// So frequent that it says little.
    pub common: bool,
}

/// A part of the query, one or several words. A document fits if it has any of the ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The ways to say it; what the reader typed is the first.
    pub ways: Vec<Alternative>,
    /// What they mean, where the name is known.
    pub concept: Option<Concept>,
}

/// A name of the file.
#[derive(Default)]
struct Known {
    /// The other ways to say it.
    others: Vec<Alternative>,
    concept: Concept,
}

/// Stems of a name -> the ways to say it.
type Index = HashMap<Vec<String>, Known>;

/// The groups, read anew: only the index stays in memory.
fn groups() -> Vec<Group> {
    let text = include_str!("../../../../schemas/data/synonyms.json");
    serde_json::from_str(text).unwrap_or_default()
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| build(&groups()))
}

/// FNV-1a, 32 bits, over the ways in one order.
fn digest<'a>(ways: impl Iterator<Item = &'a [String]>) -> u32 {
    let ways: BTreeSet<String> = ways.map(|way| way.join(" ")).collect();
    let letters = ways.iter().flat_map(|way| way.bytes().chain([0]));
    letters.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Tells indexes that were made with another file apart.
pub fn edition() -> u32 {
    let all: BTreeSet<u32> = index().values().map(|known| known.concept.id).collect();
    let all: Vec<[String; 1]> = all.into_iter().map(|id| [id.to_string()]).collect();
    digest(all.iter().map(<[String; 1]>::as_slice))
}

/// What the stems of a document mean.
pub fn concepts(stems: &HashSet<&str>) -> Vec<Concept> {
    let has = |way: &[String]| way.iter().all(|stem| stems.contains(stem.as_str()));
    let mut out: BTreeMap<u32, Concept> = BTreeMap::new();
    for (name, known) in index() {
        if !out.contains_key(&known.concept.id)
            && (has(name) || known.others.iter().any(|way| has(&way.stems)))
        {
            out.insert(known.concept.id, known.concept);
        }
    }
    out.into_values().collect()
}

/// All names of the file.
pub fn names() -> impl Iterator<Item = String> {
    groups().into_iter().flat_map(|group| group.same.into_iter().chain(group.weaker))
}

fn build(groups: &[Group]) -> Index {
    let mut index = Index::new();
    for group in groups {
        let ways = |names: &[String], weak: bool| {
            names.iter().map(|name| Alternative { stems: stems(name), weak }).collect::<Vec<_>>()
        };
        let same = ways(&group.same, false);
        let weaker = ways(&group.weaker, true);
        for name in &same {
            let known = index.entry(name.stems.clone()).or_default();
            known.concept.common |= group.common;
            let have = &mut known.others;
            for way in same.iter().chain(&weaker).filter(|way| way.stems != name.stems) {
                match have.iter_mut().find(|old| old.stems == way.stems) {
                    Some(old) => old.weak &= way.weak,
                    None => have.push(way.clone()),
                }
            }
        }
    }
    let mut common = HashSet::new();
    for (name, known) in &mut index {
        let others = known.others.iter().map(|way| way.stems.as_slice());
        known.concept.id = digest(others.chain([name.as_slice()]));
        if known.concept.common {
            common.insert(known.concept.id);
        }
    }
    // Names of two groups may mean the same set.
    for known in index.values_mut() {
        known.concept.common = common.contains(&known.concept.id);
    }
    index
}

/// The stems of a text in order: what the index of documents holds.
pub fn stems(text: &str) -> Vec<String> {
    fold::words(text).iter().map(|word| stem(word)).collect()
}

/// Splits the words of a query ([`fold::words`]) into parts, the longest known name first, and
/// gives every part its equivalents: `ағылшын тілі мұғалімі` is two parts, `английский язык`
/// and `учитель` among their ways.
pub fn expand(words: &[String]) -> Vec<Part> {
    let stems: Vec<String> = words.iter().map(|word| stem(word)).collect();
    let mut rest = stems.as_slice();
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let known = (1..=rest.len().min(LONGEST)).rev().find_map(|length| {
            let name = rest.get(..length)?;
            Some((name, index().get(name)?))
        });
        let name = known.map_or(rest.get(..1).unwrap_or_default(), |(name, _)| name);
        let known = known.map(|(_, known)| known);
        let typed = Alternative { stems: name.to_vec(), weak: false };
        let others = known.iter().flat_map(|known| known.others.iter().cloned());
        parts.push(Part {
            ways: std::iter::once(typed).chain(others).collect(),
            concept: known.map(|known| known.concept),
        });
        rest = rest.get(name.len()..).unwrap_or_default();
    }
    parts
}

/// The longest name in the file, in words; a test holds it.
const LONGEST: usize = 7;

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a query finds a text, strongly or at all.
    fn finds(query: &str, text: &str, weak: bool) -> bool {
        let text = stems(text);
        expand(&fold::words(query)).iter().all(|part| {
            part.ways.iter().any(|way| {
                way.weak <= weak && text.windows(way.stems.len()).any(|w| w == way.stems)
            })
        })
    }

    #[test]
    fn the_file_is_sound() {
        let groups = groups();
        assert!(groups.len() >= 80);
        let mut idle = Vec::new();
        for group in &groups {
            for name in group.same.iter().chain(&group.weaker) {
                assert!((1..=LONGEST).contains(&stems(name).len()), "{name}");
            }
            let mut keys: Vec<_> = group.same.iter().map(|name| stems(name)).collect();
            keys.sort();
            keys.dedup();
            if keys.len() < 2 {
                // Folding alone joins these: the group would only cost memory.
                idle.push(group.same.join("|"));
            }
        }
        assert!(idle.is_empty(), "{idle:?}");
    }

    #[test]
    fn languages_meet() {
        for (query, text) in [
            ("учитель математики", "Математика пәнінің мұғалімі"),
            ("мұғалім", "Требуется учитель физики"),
            ("teacher", "Бастауыш сынып мұғалімі"),
            ("mugalim", "Учителя"),
            ("уборщица", "Еден жуушыға жұмыс бар"),
            ("еден жуушы", "уборщик служебных помещений"),
            ("ағылшын тілі мұғалімі", "Учитель английского языка"),
            ("english teacher", "ағылшын тілінің мұғалімі"),
            ("воспитатель детский сад", "Балабақшаға тәрбиеші керек"),
            ("сторож", "күзетші"),
            ("физрук", "Дене шынықтыру мұғалімі"),
            ("физ-ра", "Учитель физической культуры"),
            ("англичанка", "Ағылшын тілі мұғалімі"),
            ("биологичка", "Учитель биологии"),
            ("военрук", "Преподаватель начальной военной и технологической подготовки"),
            ("әлеуметтік педагог", "социального педагога"),
            ("нвп", "Алғашқы әскери және технологиялық дайындық"),
            ("учитель начальных классов", "бастауыш сынып мұғалімі"),
            ("казахский язык", "қазақ тілі мен әдебиеті мұғалімі"),
            ("директор", "басшы"),
            ("гимназия", "гимназияда"),
            ("медсестра", "медбикенің"),
        ] {
            // A name may stand with words between its own: «пәнінің» is not in the query.
            assert!(finds(query, text, false), "{query} / {text}");
        }
    }

    #[test]
    fn a_concept_stands_for_all_its_ways() {
        let mut seen: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
        for (name, known) in index() {
            let ways = known.others.iter().map(|way| way.stems.join(" "));
            let ways: BTreeSet<String> = ways.chain([name.join(" ")]).collect();
            let same = seen.entry(known.concept.id).or_insert_with(|| ways.clone());
            assert_eq!(*same, ways, "two meanings have one number");
        }
        for text in
            ["Математика пәнінің мұғалімі", "Требуется учитель физики", "Балабақшаға тәрбиеші"]
        {
            let have = stems(text);
            let found = concepts(&have.iter().map(String::as_str).collect());
            for name in groups().iter().flat_map(|group| &group.same) {
                let [part] = expand(&fold::words(name)).try_into().unwrap();
                let fits =
                    part.ways.iter().any(|way| way.stems.iter().all(|stem| have.contains(stem)));
                assert_eq!(fits, found.contains(&part.concept.unwrap()), "{text}: {name}");
            }
        }
    }

    #[test]
    fn weaker_ways_are_marked() {
        assert!(finds("учитель", "педагог", true));
        assert!(!finds("учитель", "педагог", false));
        assert!(finds("алгебра", "учитель математики", true));
        assert!(!finds("воспитатель", "учитель", true));
        assert!(!finds("русский язык", "ағылшын тілі", true));
    }

    #[test]
    fn unknown_words_stay() {
        let parts = expand(&fold::words("Абай учитель"));
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].ways, [Alternative { stems: stems("Абай"), weak: false }]);
        assert_eq!(parts[1].ways[0].stems, stems("учитель"));
        assert!(expand(&[]).is_empty());
    }
}
