//! What is edited, as the server takes it.

use super::{LANGS, list, number};
use crate::{
    json::{Json, map},
    markup,
};

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
                    let mut area =
                        map([("id", one.at("id").clone()), ("shape", one.at(lang).clone())]);
                    let name = one.str(&format!("name.{lang}")).trim().to_owned();
                    if !name.is_empty() {
                        area.put("name", name.into());
                    }
                    area
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
