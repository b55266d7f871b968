//! What the server has, as it is edited.

use super::{LANGS, list, row};
use crate::{
    json::{Json, map},
    markup,
};

fn number_text(value: &Json) -> String {
    match value {
        Json::Number(digits) => digits.clone(),
        Json::Text(text) => text.clone(),
        _ => String::new(),
    }
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
            if let Some(name) = list.get(at).map(|one| one.str("name")).filter(|n| !n.is_empty()) {
                out.put(&format!("name.{lang}"), name.into());
            }
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
