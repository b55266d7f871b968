//! An item as it is edited: one concept, its Kazakh and Russian beside each other. Opening and
//! saving what was not touched gives back what was there.

use domain::bank::body::Kind;

use crate::{
    json::{Json, map},
    markup,
};

/// Languages of an item.
pub const LANGS: [&str; 2] = ["kk", "ru"];

/// A new item of a kind.
pub fn blank(kind: Kind) -> Json {
    let meta = map([("code", "".into()), ("topic", "".into()), ("level", "understand".into())]);
    let mut state = map([("meta", meta), ("kind", kind.code().into())]);
    state.put("points", "1".into());
    state.put("rule", "all".into());
    state.put("shuffle", true.into());
    let two = || Json::List(vec![row("a"), row("b")]);
    match kind {
        Kind::Single | Kind::Multiple | Kind::Ordering => {
            let four = ["a", "b", "c", "d"].map(row);
            state.put("rows", Json::List(four.into()));
        }
        Kind::Matching => {
            state.put("rows", two());
            state.put("others", Json::List(vec![row("1"), row("2"), row("3")]));
        }
        Kind::Number => state.put("ranges", Json::List(vec![range()])),
        Kind::Text => state.put("gaps", Json::List(vec![gap("g1")])),
        Kind::Hotspot => {}
    }
    state
}

/// An empty option.
pub fn row(id: &str) -> Json {
    map([("id", id.into())])
}

/// An empty range.
pub fn range() -> Json {
    map([("from", "".into()), ("to", "".into())])
}

/// An empty gap.
pub fn gap(id: &str) -> Json {
    let accept = map([("text", "".into())]);
    map([("id", id.into()), ("accept", Json::List(vec![accept]))])
}

/// A name that no option of a list has.
pub fn fresh(list: &[Json], letters: &str) -> String {
    let free = |id: &str| list.iter().all(|one| one.str("id") != id);
    letters
        .chars()
        .map(String::from)
        .chain((1..).map(|n| format!("o{n}")))
        .find(|id| free(id))
        .unwrap_or_default()
}

fn list(state: &Json, path: &str) -> Vec<Json> {
    state.list(path).to_vec()
}

fn number_text(value: &Json) -> String {
    match value {
        Json::Number(digits) => digits.clone(),
        Json::Text(text) => text.clone(),
        _ => String::new(),
    }
}

/// A number as a person types it; `None` where it is none.
pub fn number(text: &str) -> Option<Json> {
    let plain: String = text.trim().replace(',', ".").replace(['\u{2212}', '–'], "-");
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let fine = |part: &str| {
        !part.is_empty() && part.len() < 16 && part.bytes().all(|b| b.is_ascii_digit())
    };
    (fine(whole) && fine(part) && !(whole.len() > 1 && whole.starts_with('0')))
        .then_some(Json::Number(plain))
}

/// Takes a text apart: what is typed and what is kept.
fn typed(rich: &Json) -> (Json, Json) {
    let mut kept = markup::Kept::new();
    let text = markup::write(rich, &mut kept);
    (text.into(), Json::List(kept))
}

fn put_texts(to: &mut Json, texts: [&Json; 2]) {
    for (lang, rich) in LANGS.into_iter().zip(texts) {
        let (text, kept) = typed(rich);
        to.put(lang, text);
        if let Json::List(all) = &kept
            && !all.is_empty()
        {
            to.put(&format!("kept_{lang}"), kept);
        }
    }
}

/// Options of both languages as rows.
fn rows(kk: &[Json], ru: &[Json]) -> Vec<Json> {
    let more = if kk.len() >= ru.len() { kk } else { ru };
    let none = Json::Null;
    (0..more.len())
        .map(|at| {
            let (k, r) = (kk.get(at).unwrap_or(&none), ru.get(at).unwrap_or(&none));
            let mut out = row(more[at].str("id"));
            put_texts(&mut out, [k.at("text"), r.at("text")]);
            if k.flag("fixed") || r.flag("fixed") {
                out.put("fixed", true.into());
            }
            out
        })
        .collect()
}

/// What the server has, as it is edited.
pub fn open(content: &Json) -> Json {
    let (kk, ru) = (content.at("kk"), content.at("ru"));
    let body = if *kk == Json::Null { ru } else { kk };
    let task = body.at("task");
    let mut state = map([("meta", content.at("meta").clone()), ("kind", task.at("kind").clone())]);
    for name in ["enemies", "tags"] {
        let words = content.at("meta").texts(name).join(", ");
        state.put(&format!("words.{name}"), words.into());
    }
    state.put("images", Json::List(markup::images_of(content)));
    let mut stem = Json::Null;
    put_texts(&mut stem, [kk.at("stem"), ru.at("stem")]);
    state.put("stem", stem);
    let mut why = Json::Null;
    put_texts(&mut why, [content.at("explanation_kk"), content.at("explanation_ru")]);
    state.put("why", why);
    for name in ["shuffle", "least", "most", "reuse"] {
        state.put(name, task.at(name).clone());
    }
    let scoring = content.at("answers.scoring");
    let points = number_text(scoring.at("points"));
    state.put("points", if points.is_empty() { "1".into() } else { points.into() });
    state.put("rule", scoring.at("rule").clone());
    state.put("table", scoring.at("table").clone());
    let sides =
        |name: &str| rows(kk.list(&format!("task.{name}")), ru.list(&format!("task.{name}")));
    match task.str("kind") {
        "matching" => {
            state.put("rows", Json::List(sides("left")));
            state.put("others", Json::List(sides("right")));
        }
        "number" => {
            for (lang, side) in LANGS.into_iter().zip([kk, ru]) {
                state.put(&format!("unit.{lang}"), side.str("task.unit").into());
            }
        }
        "hotspot" => open_places(&mut state, kk, ru),
        "text" => open_gaps(&mut state, kk, ru),
        _ => state.put("rows", Json::List(sides("options"))),
    }
    open_key(&mut state, content.at("answers.key"));
    state
}

fn open_places(state: &mut Json, kk: &Json, ru: &Json) {
    let (first, second) = (kk.list("task.areas"), ru.list("task.areas"));
    for (lang, side) in LANGS.into_iter().zip([kk, ru]) {
        state.put(&format!("image.{lang}"), side.at("task.image").clone());
    }
    let more = if first.len() >= second.len() { first } else { second };
    let areas = more.iter().enumerate().map(|(at, area)| {
        let mut out = row(area.str("id"));
        for (lang, list) in LANGS.into_iter().zip([first, second]) {
            let shape = list.get(at).map(|one| one.at("shape").clone());
            out.put(lang, shape.unwrap_or_default());
        }
        out
    });
    state.put("areas", Json::List(areas.collect()));
}

fn open_gaps(state: &mut Json, kk: &Json, ru: &Json) {
    let (first, second) = (kk.list("task.gaps"), ru.list("task.gaps"));
    let more = if first.len() >= second.len() { first } else { second };
    let none = Json::Null;
    let gaps = more.iter().enumerate().map(|(at, one)| {
        let mut out = row(one.str("id"));
        let (k, r) = (first.get(at).unwrap_or(&none), second.get(at).unwrap_or(&none));
        out.put("options", Json::List(rows(k.list("options"), r.list("options"))));
        out.put("width", one.at("width").clone());
        out
    });
    state.put("gaps", Json::List(gaps.collect()));
}

fn ranges_open(list: &[Json]) -> Json {
    let one = |range: &Json| {
        let mut out = map([
            ("from", number_text(range.at("from")).into()),
            ("to", number_text(range.at("to")).into()),
        ]);
        if *range.at("share") != Json::Null {
            out.put("share", range.at("share").clone());
        }
        out
    };
    Json::List(list.iter().map(one).collect())
}

fn open_key(state: &mut Json, key: &Json) {
    let right = key.list("right");
    match key.str("of") {
        "options" | "areas" => {
            let name = if key.str("of") == "areas" { "areas" } else { "rows" };
            for one in state.items(name) {
                let on = right.iter().any(|id| id.text() == one.str("id"));
                one.put("right", on.into());
            }
        }
        "order" => {
            // Shown as it should be; the order of showing is kept apart.
            let shown = list(state, "rows");
            let place = |id: &str| shown.iter().position(|one| one.str("id") == id);
            let sorted: Vec<Json> =
                right.iter().filter_map(|id| Some(shown[place(id.text())?].clone())).collect();
            state.put(
                "shown",
                shown.iter().map(|one| one.str("id").to_owned()).collect::<Vec<_>>().into(),
            );
            if sorted.len() == shown.len() {
                state.put("rows", Json::List(sorted));
            }
        }
        "pairs" => {
            for one in state.items("rows") {
                let to = right.iter().filter_map(|pair| match pair {
                    Json::List(two) if two.first().is_some_and(|a| a.text() == one.str("id")) => {
                        two.get(1).map(|b| b.text().to_owned())
                    }
                    _ => None,
                });
                let to: Vec<String> = to.collect();
                one.put("to", to.into());
            }
        }
        "number" => state.put("ranges", ranges_open(right)),
        "shapes" => state.put("places", Json::List(right.to_vec())),
        "gaps" => {
            for one in state.items("gaps") {
                let Some(key) = right.iter().find(|key| key.str("gap") == one.str("id")) else {
                    continue;
                };
                one.put("accept", Json::List(key.list("accept").to_vec()));
                one.put("numbers", ranges_open(key.list("numbers")));
            }
        }
        _ => {}
    }
}

/// What is wrong with what was typed before it can be sent: names of fields.
pub type Wrong = Vec<&'static str>;

struct Closing<'a> {
    state: &'a Json,
    images: Vec<Json>,
    wrong: Wrong,
}

/// What is edited, as the server takes it.
pub fn close(state: &Json) -> (Json, Wrong) {
    let images = list(state, "images");
    let mut closing = Closing { state, images, wrong: Vec::new() };
    let content = closing.content();
    (content, closing.wrong)
}

fn kept_of(one: &Json, lang: &str) -> Vec<Json> {
    one.list(&format!("kept_{lang}")).to_vec()
}

impl Closing<'_> {
    fn rich(&self, one: &Json, lang: &str) -> Json {
        markup::read(one.str(lang), &kept_of(one, lang), &self.images)
    }

    fn options(&self, rows: &[Json], lang: &str) -> Json {
        let option = |one: &Json| {
            let mut out = map([("id", one.at("id").clone()), ("text", self.rich(one, lang))]);
            if one.flag("fixed") {
                out.put("fixed", true.into());
            }
            out
        };
        Json::List(rows.iter().map(option).collect())
    }

    /// Whether anything was written in a language.
    fn says(&self, lang: &str) -> bool {
        let said = |one: &Json| !one.str(lang).trim().is_empty();
        said(self.state.at("stem"))
            || ["rows", "others"].iter().any(|name| self.state.list(name).iter().any(said))
    }

    fn count(&self, name: &str) -> Json {
        match self.state.at(name) {
            Json::Number(digits) => Json::Number(digits.clone()),
            Json::Text(text) => number(text).unwrap_or(0_i64.into()),
            _ => 0_i64.into(),
        }
    }

    fn body(&mut self, lang: &str) -> Json {
        if !self.says(lang) {
            return Json::Null;
        }
        let state = self.state;
        let kind = state.str("kind");
        let mut task = map([("kind", kind.into())]);
        let shuffle = || Json::from(state.flag("shuffle"));
        match kind {
            "matching" => {
                task.put("left", self.options(state.list("rows"), lang));
                task.put("right", self.options(state.list("others"), lang));
                task.put("shuffle", shuffle());
                task.put("reuse", self.count("reuse"));
            }
            "number" => {
                let unit = state.str(&format!("unit.{lang}"));
                if !unit.is_empty() {
                    task.put("unit", unit.into());
                }
            }
            "hotspot" => {
                task.put("image", state.at(&format!("image.{lang}")).clone());
                let areas = state.list("areas").iter().map(|one| {
                    map([("id", one.at("id").clone()), ("shape", one.at(lang).clone())])
                });
                let areas: Vec<Json> = areas.collect();
                if !areas.is_empty() {
                    task.put("areas", Json::List(areas));
                }
                task.put("most", self.count("most"));
            }
            "text" => {
                let gaps = state.list("gaps").iter().map(|one| {
                    let mut out = map([("id", one.at("id").clone())]);
                    if !one.is_empty("options") {
                        out.put("options", self.options(one.list("options"), lang));
                    }
                    out.put(
                        "width",
                        match one.at("width") {
                            Json::Number(n) => Json::Number(n.clone()),
                            _ => 0_i64.into(),
                        },
                    );
                    out
                });
                task.put("gaps", Json::List(gaps.collect()));
                task.put("shuffle", shuffle());
            }
            _ => {
                let mut rows = list(state, "rows");
                if kind == "ordering" {
                    rows = shown_order(state, rows);
                }
                task.put("options", self.options(&rows, lang));
                task.put("shuffle", shuffle());
                if kind == "multiple" {
                    task.put("least", self.count("least"));
                    task.put("most", self.count("most"));
                }
            }
        }
        map([("stem", self.rich(state.at("stem"), lang)), ("task", task)])
    }

    fn ranges(&mut self, list: &[Json]) -> Json {
        let mut out = Vec::new();
        for one in list {
            let (from, to) = (one.str("from"), one.str("to"));
            // One number alone is that number exactly.
            let to = if to.trim().is_empty() { from } else { to };
            match (number(from), number(to)) {
                (Some(from), Some(to)) => {
                    let mut range = map([("from", from), ("to", to)]);
                    if *one.at("share") != Json::Null {
                        range.put("share", one.at("share").clone());
                    }
                    out.push(range);
                }
                _ => self.wrong.push("key"),
            }
        }
        Json::List(out)
    }

    fn key(&mut self) -> Json {
        let state = self.state;
        let named = |list: &[Json]| -> Vec<String> {
            let right = list.iter().filter(|one| one.flag("right"));
            let mut right: Vec<String> = right.map(|one| one.str("id").to_owned()).collect();
            kit::text::sort_by(&mut right, |a, b| a <= b);
            right
        };
        let (of, right) = match state.str("kind") {
            "matching" => {
                let pairs = state.list("rows").iter().flat_map(|one| {
                    one.texts("to")
                        .into_iter()
                        .filter(|to| !to.is_empty())
                        .map(|to| Json::from(vec![one.str("id").to_owned(), to]))
                });
                ("pairs", Json::List(pairs.collect()))
            }
            "ordering" => {
                let ids = state.list("rows").iter().map(|one| one.str("id").to_owned());
                ("order", ids.collect::<Vec<_>>().into())
            }
            "number" => ("number", self.ranges(&list(state, "ranges"))),
            "hotspot" if state.is_empty("areas") && !state.is_empty("places") => {
                ("shapes", state.at("places").clone())
            }
            "hotspot" => ("areas", named(state.list("areas")).into()),
            "text" => {
                let mut gaps = Vec::new();
                for one in state.list("gaps") {
                    let mut key = map([("gap", one.at("id").clone())]);
                    let said =
                        one.list("accept").iter().filter(|a| !a.str("text").trim().is_empty());
                    let said: Vec<Json> = said.cloned().collect();
                    if !said.is_empty() {
                        key.put("accept", Json::List(said));
                    }
                    if !one.is_empty("numbers") {
                        key.put("numbers", self.ranges(&list(one, "numbers")));
                    }
                    gaps.push(key);
                }
                ("gaps", Json::List(gaps))
            }
            _ => ("options", named(state.list("rows")).into()),
        };
        map([("of", of.into()), ("right", right)])
    }

    fn content(&mut self) -> Json {
        let state = self.state;
        let mut meta = state.at("meta").clone();
        for name in ["enemies", "tags"] {
            let words = state.str(&format!("words.{name}")).split(',').map(str::trim);
            let words: Vec<String> =
                words.filter(|word| !word.is_empty()).map(str::to_owned).collect();
            meta.put(name, words.into());
        }
        for name in ["grade", "facility"] {
            let value = match meta.at(name) {
                Json::Number(digits) => Json::Number(digits.clone()),
                other => number(other.text()).unwrap_or(0_i64.into()),
            };
            meta.put(name, value);
        }
        let points = number(state.str("points"))
            .filter(|points| !matches!(points, Json::Number(n) if n.contains(['.', '-'])));
        if points.is_none() {
            self.wrong.push("scoring");
        }
        let mut scoring =
            map([("points", points.unwrap_or(1_i64.into())), ("rule", state.at("rule").clone())]);
        if state.str("rule") == "table" {
            scoring.put("table", state.at("table").clone());
        }
        let (kk, ru) = (self.body("kk"), self.body("ru"));
        let answers = map([("key", self.key()), ("scoring", scoring)]);
        let mut out = map([("meta", meta), ("kk", kk), ("ru", ru), ("answers", answers)]);
        for lang in LANGS {
            let why = self.rich(state.at("why"), lang);
            if why != Json::List(Vec::new()) {
                out.put(&format!("explanation_{lang}"), why);
            }
        }
        out
    }
}

/// The rows in the order in which they are shown: as they were, new ones last. Where nothing
/// shuffles them and they would stand in the right order, they are turned around.
fn shown_order(state: &Json, rows: Vec<Json>) -> Vec<Json> {
    let before = state.texts("shown");
    let mut out: Vec<Json> = Vec::new();
    for id in &before {
        out.extend(rows.iter().find(|one| one.str("id") == id).cloned());
    }
    for one in &rows {
        if !before.iter().any(|id| id == one.str("id")) {
            out.push(one.clone());
        }
    }
    if out == rows && !state.flag("shuffle") {
        out.reverse();
    }
    out
}

#[cfg(test)]
mod tests {
    use domain::bank::parity::Content;

    use super::*;
    use crate::json;

    fn body(stem: &str, task: &str) -> String {
        format!(r#"{{"stem":[{{"p":[{{"t":"{stem}"}}]}}],"task":{task}}}"#)
    }

    fn option(id: &str, text: &str) -> String {
        format!(r#"{{"id":"{id}","text":[{{"p":[{{"t":"{text}"}}]}}]}}"#)
    }

    fn content(task: &str, key: &str) -> String {
        let meta = r#"{"code":"P-1","topic":"pedagogy","subject":"","grade":0,"level":"apply","facility":400,"enemies":["e"],"tags":[],"source":""}"#;
        format!(
            r#"{{"meta":{meta},"kk":{},"ru":{},"answers":{{"key":{key},"scoring":{{"points":2,"rule":"all"}}}}}}"#,
            body("Сұрақ", task),
            body("Вопрос", task)
        )
    }

    fn samples() -> Vec<String> {
        let two = format!("[{},{}]", option("a", "1"), option("b", "2"));
        let hash = "b".repeat(64);
        vec![
            content(
                &format!(r#"{{"kind":"single","options":{two},"shuffle":true}}"#),
                r#"{"of":"options","right":["a"]}"#,
            ),
            content(
                &format!(
                    r#"{{"kind":"multiple","options":{two},"shuffle":false,"least":1,"most":2}}"#
                ),
                r#"{"of":"options","right":["a","b"]}"#,
            ),
            content(
                &format!(
                    r#"{{"kind":"matching","left":{two},"right":{two},"shuffle":true,"reuse":1}}"#
                ),
                r#"{"of":"pairs","right":[["a","b"],["b","a"]]}"#,
            ),
            content(
                &format!(r#"{{"kind":"ordering","options":{two},"shuffle":false}}"#),
                r#"{"of":"order","right":["b","a"]}"#,
            ),
            content(
                r#"{"kind":"number","unit":"см"}"#,
                r#"{"of":"number","right":[{"from":2.5,"to":3.5},{"from":2.0,"to":4.0,"share":500000}]}"#,
            ),
            content(
                &format!(
                    r#"{{"kind":"hotspot","image":{{"hash":"{hash}","alt":"карта","width":10,"height":10}},"areas":[{{"id":"A","shape":{{"rect":[1,2,3,4]}}}},{{"id":"B","shape":"all"}}],"most":1}}"#
                ),
                r#"{"of":"areas","right":["A"]}"#,
            ),
            content(
                r#"{"kind":"text","gaps":[{"id":"g","width":5}],"shuffle":false}"#,
                r#"{"of":"gaps","right":[{"gap":"g","accept":[{"text":"Астана","lang":"kk","case":true}],"numbers":[{"from":1.0,"to":1.0}]}]}"#,
            ),
            content(
                &format!(
                    r#"{{"kind":"text","gaps":[{{"id":"g","options":{two},"width":0}}],"shuffle":true}}"#
                ),
                r#"{"of":"gaps","right":[{"gap":"g","accept":[{"text":"a"}]}]}"#,
            ),
        ]
    }

    /// What is opened and saved untouched is what the server had, for every kind.
    #[test]
    fn what_is_not_touched_is_not_changed() {
        for text in samples() {
            let whole: Content = serde_json::from_str(&text).unwrap();
            assert!(whole.check(true).0.is_empty(), "{text} {:?}", whole.check(true));
            let sent = serde_json::to_string(&whole).unwrap();
            let (closed, wrong) = close(&open(&json::read(&sent).unwrap()));
            assert!(wrong.is_empty(), "{wrong:?}");
            let back: Content = serde_json::from_str(&json::write(&closed)).unwrap();
            assert_eq!(back, whole);
        }
    }

    /// A blank item of every kind is one that the server can read and name the faults of.
    #[test]
    fn a_blank_item_can_be_sent() {
        for kind in Kind::ALL {
            let mut state = blank(*kind);
            state.put("stem.kk", "Сұрақ".into());
            let (closed, _) = close(&state);
            let text = json::write(&closed);
            let read: Result<Content, _> = serde_json::from_str(&text);
            // A place without an image is the one thing that has no shape yet.
            assert!(read.is_ok() || *kind == Kind::Hotspot, "{text} {read:?}");
        }
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (typed, read) in [("2,5", "2.5"), ("-3", "-3"), ("\u{2212}0,1", "-0.1"), (" 7 ", "7")] {
            assert_eq!(number(typed), Some(Json::Number(read.into())));
        }
        for typed in ["", "a", "1e5", "--1", "1.", ".5", "01", "1 2"] {
            assert_eq!(number(typed), None, "{typed}");
        }
        assert_eq!(fresh(&[row("a"), row("b")], "abc"), "c");
        assert_eq!(fresh(&[row("a")], "a"), "o1");
    }
}
