//! An item as a candidate sees it; with its key, as those see it who judge it.

use domain::bank::math::{ATTRIBUTES, ELEMENTS};

use crate::{
    dom::{self, El, div, el, many, nothing},
    json::Json,
    reactive::AnyView,
};

/// A text.
pub fn rich(text: &Json, task: &Json) -> AnyView {
    let Json::List(blocks) = text else { return nothing() };
    many(blocks.iter().map(|one| block(one, task)))
}

fn block(block: &Json, task: &Json) -> AnyView {
    let Some((name, value)) = block.fields().first() else { return nothing() };
    let items = |tag: &'static str| match value {
        Json::List(all) => {
            el(tag).children(all.iter().map(|one| el("li").child(rich(one, task)))).done()
        }
        _ => nothing(),
    };
    match (name.as_str(), value) {
        ("p", Json::List(parts)) => el("p").child(line(parts, task)).done(),
        ("bullets", _) => items("ul"),
        ("numbers", _) => items("ol"),
        ("pre", _) => el("pre").child(value.text().to_owned()).done(),
        ("quote", _) => el("blockquote").child(rich(value, task)).done(),
        ("table", Json::List(rows)) => {
            let rows = rows.iter().map(|row| {
                let cells = match row {
                    Json::List(cells) => cells.as_slice(),
                    _ => &[],
                };
                el("tr").children(cells.iter().map(|cell| {
                    let tag = if cell.flag("head") { "th" } else { "td" };
                    el(tag).child(line(cell.list("text"), task))
                }))
            });
            div("table-wrap").child(el("table").child(el("tbody").children(rows))).done()
        }
        _ => nothing(),
    }
}

fn line(parts: &[Json], task: &Json) -> AnyView {
    many(parts.iter().map(|part| inline(part, task)))
}

fn inline(part: &Json, task: &Json) -> AnyView {
    if part.text() == "br" {
        return el("br").done();
    }
    let Some((name, value)) = part.fields().first() else { return nothing() };
    let within = |tag: &'static str| match value {
        Json::List(parts) => el(tag).child(line(parts, task)).done(),
        _ => nothing(),
    };
    match name.as_str() {
        "t" => el("span").child(value.text().to_owned()).done(),
        "strong" => within("strong"),
        "em" => within("em"),
        "under" => within("u"),
        "sup" => within("sup"),
        "sub" => within("sub"),
        "code" => el("code").child(value.text().to_owned()).done(),
        "image" => image(value).done(),
        "math" => formula(value),
        "gap" => gap(value.text(), task),
        _ => nothing(),
    }
}

/// The address of an image.
pub fn address(hash: &str) -> String {
    format!("/api/v1/cabinet/bank/media/{hash}")
}

fn image(image: &Json) -> El {
    el("img").attr("src", address(image.str("hash"))).attr("alt", image.str("alt"))
}

/// A formula: names that are not those of formulas are left out.
fn formula(node: &Json) -> AnyView {
    let name = node.str("e");
    if !ELEMENTS.contains(&name) {
        return nothing();
    }
    let mut out = dom::math(name);
    for pair in node.list("a") {
        if let Json::List(two) = pair
            && let [name, value] = two.as_slice()
            && let Some(known) = ATTRIBUTES.iter().find(|known| **known == name.text())
        {
            out = out.attr(known, value.text());
        }
    }
    let leaf = node.str("t");
    if !leaf.is_empty() {
        out = out.child(leaf.to_owned());
    }
    out.children(node.list("c").iter().map(formula)).done()
}

/// The place of an answer within a text.
fn gap(id: &str, task: &Json) -> AnyView {
    let found = task.list("gaps").iter().find(|gap| gap.str("id") == id);
    let options = found.map(|gap| gap.list("options").to_vec()).unwrap_or_default();
    if options.is_empty() {
        return el("input")
            .class("gap")
            .attr("type", "text")
            .attr("autocomplete", "off")
            .attr_t("aria-label", "bank.gap")
            .done();
    }
    let options = options.iter().map(|one| el("option").child(plain(one.at("text"))));
    el("select")
        .class("gap")
        .attr_t("aria-label", "bank.gap")
        .child(el("option").child("…"))
        .children(options)
        .done()
}

/// The words of a text, without anything else.
pub fn plain(text: &Json) -> String {
    let mut out = String::new();
    words(text, &mut out);
    out
}

fn words(value: &Json, out: &mut String) {
    match value {
        Json::List(all) => all.iter().for_each(|one| words(one, out)),
        Json::Map(fields) => {
            for (name, inner) in fields {
                match (name.as_str(), inner) {
                    ("t" | "code" | "pre" | "alt", Json::Text(text)) => out.push_str(text),
                    ("gap", _) => out.push_str("____"),
                    ("hash" | "e" | "a", _) => {}
                    _ => words(inner, out),
                }
            }
        }
        _ => {}
    }
}

/// An item in one language. `key` marks what is right; without it the controls can be tried.
pub fn body(body: &Json, key: Option<&Json>, name: &'static str) -> El {
    if *body == Json::Null {
        return el("p").class("soft").t("bank.no_text");
    }
    let task = body.at("task");
    div("shown").child(rich(body.at("stem"), task)).child(controls(task, key, name))
}

fn controls(task: &Json, key: Option<&Json>, name: &'static str) -> AnyView {
    let right =
        |id: &str| key.is_some_and(|key| key.list("right").iter().any(|one| one.text() == id));
    match task.str("kind") {
        "single" | "multiple" => {
            let kind = if task.str("kind") == "single" { "radio" } else { "checkbox" };
            let option = |one: &Json| {
                let on = right(one.str("id"));
                let control = match key {
                    Some(_) => el("span").class("sign").attr("aria-hidden", "true").child(if on {
                        "✓"
                    } else {
                        "○"
                    }),
                    None => el("input").attr("type", kind).attr("name", name),
                };
                let said = on.then(|| el("span").class("vh").t("bank.right"));
                el("li").class(if on { "right" } else { "" }).child(
                    el("label")
                        .child(control)
                        .child(div("words").child(words_of(one.at("text"), task)))
                        .maybe(said),
                )
            };
            el("ul")
                .class("checks options")
                .children(task.list("options").iter().map(option))
                .done()
        }
        "ordering" => {
            let order: Vec<&Json> = match key {
                Some(key) => key
                    .list("right")
                    .iter()
                    .filter_map(|id| {
                        task.list("options").iter().find(|one| one.str("id") == id.text())
                    })
                    .collect(),
                None => task.list("options").iter().collect(),
            };
            let item = |one: &&Json| el("li").child(rich(one.at("text"), task));
            el("ol").class("options").children(order.iter().map(item)).done()
        }
        "matching" => matching(task, key),
        "number" => el("p")
            .child(
                el("input")
                    .class("gap")
                    .attr("inputmode", "decimal")
                    .attr("autocomplete", "off")
                    .attr_t("aria-label", "bank.answer"),
            )
            .child(format!(" {}", task.str("unit")))
            .maybe(key.map(|key| el("span").class("tag done").child(ranges(key.list("right")))))
            .done(),
        "hotspot" => places(task, key).done(),
        "text" => {
            let named = plain_gaps(task);
            let rest = task.list("gaps").iter().filter(|gap| !named.contains(&gap.str("id")));
            let rest: Vec<AnyView> =
                rest.map(|one| el("p").child(gap(one.str("id"), task)).done()).collect();
            many([many(rest), key.map_or_else(nothing, gap_keys)])
        }
        _ => nothing(),
    }
}

/// An option; one that is not written yet says so.
fn words_of(text: &Json, task: &Json) -> AnyView {
    match text {
        Json::List(blocks) if !blocks.is_empty() => rich(text, task),
        _ => el("span").class("soft").t("bank.not_written").done(),
    }
}

/// Gaps that stand in the stem are drawn there; which ones is told by the caller's tree.
fn plain_gaps(task: &Json) -> Vec<&str> {
    task.list("named").iter().map(Json::text).collect()
}

fn ranges(list: &[Json]) -> String {
    let number = |value: &Json| match value {
        Json::Number(digits) => digits.strip_suffix(".0").unwrap_or(digits).to_owned(),
        _ => String::new(),
    };
    let one = |range: &Json| {
        let (from, to) = (number(range.at("from")), number(range.at("to")));
        if from == to { from } else { format!("{from} … {to}") }
    };
    list.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn gap_keys(key: &Json) -> AnyView {
    el("dl")
        .class("facts")
        .children(key.list("right").iter().map(|one| {
            let mut said: Vec<String> =
                one.list("accept").iter().map(|accept| accept.str("text").to_owned()).collect();
            if !one.is_empty("numbers") {
                said.push(ranges(one.list("numbers")));
            }
            el("div")
                .child(el("dt").child(one.str("gap").to_owned()))
                .child(el("dd").child(said.join("; ")))
        }))
        .done()
}

fn matching(task: &Json, key: Option<&Json>) -> AnyView {
    let rights = task.list("right");
    let rows = task.list("left").iter().map(|left| {
        let answer = match key {
            Some(key) => {
                let of = |pair: &&Json| {
                    matches!(pair, Json::List(two)
                    if two.first().is_some_and(|id| id.text() == left.str("id")))
                };
                let to = key.list("right").iter().filter(of).filter_map(|pair| match pair {
                    Json::List(two) => two.get(1).map(Json::text),
                    _ => None,
                });
                let named = to.filter_map(|id| rights.iter().find(|one| one.str("id") == id));
                many(named.map(|one| rich(one.at("text"), task)))
            }
            None => el("select")
                .attr_t("aria-label", "bank.answer")
                .child(el("option").child("…"))
                .children(rights.iter().map(|one| el("option").child(plain(one.at("text")))))
                .done(),
        };
        el("li").class("pair").child(div("words").child(rich(left.at("text"), task))).child(answer)
    });
    el("ul").class("plain options").children(rows).done()
}

/// An image with its areas.
fn places(task: &Json, key: Option<&Json>) -> El {
    let picture = task.at("image");
    if picture.str("hash").is_empty() {
        return el("p").class("soft").t("bank.no_image");
    }
    let right: Vec<String> = key.map(|key| key.texts("right")).unwrap_or_default();
    let (width, height) = (picture.int("width").unwrap_or(0), picture.int("height").unwrap_or(0));
    let areas = task.list("areas").iter().map(|one| {
        let on = right.iter().any(|id| id == one.str("id"));
        shape(one.at("shape"), (width, height))
            .attr("class", if on { "area right" } else { "area" })
    });
    div("places").child(image(picture)).maybe((width > 0 && height > 0).then(|| {
        el("svg:svg")
            .attr("viewBox", format!("0 0 {width} {height}"))
            .attr("aria-hidden", "true")
            .children(areas)
    }))
}

/// A shape of an image.
pub fn shape(shape: &Json, whole: (i64, i64)) -> El {
    let digits = |one: &Json| match one {
        Json::Number(digits) => digits.clone(),
        _ => "0".to_owned(),
    };
    let numbers = |name: &str| shape.list(name).iter().map(digits).collect::<Vec<_>>();
    let put = |el: El, names: &[&'static str], values: &[String]| {
        names.iter().zip(values).fold(el, |el, (name, value)| el.attr(name, value))
    };
    if let [left, top, right, bottom] = numbers("rect").as_slice() {
        let number = |text: &str| text.parse::<i64>().unwrap_or(0);
        let [left, top, right, bottom] = [left, top, right, bottom].map(|text| number(text));
        let sizes = [left.min(right), top.min(bottom), (right - left).abs(), (bottom - top).abs()];
        return put(el("svg:rect"), &["x", "y", "width", "height"], &sizes.map(|n| n.to_string()));
    }
    let circle = numbers("circle");
    if !circle.is_empty() {
        return put(el("svg:circle"), &["cx", "cy", "r"], &circle);
    }
    let ellipse = numbers("ellipse");
    if !ellipse.is_empty() {
        return put(el("svg:ellipse"), &["cx", "cy", "rx", "ry"], &ellipse);
    }
    let poly = shape.list("poly");
    if !poly.is_empty() {
        let corner = |one: &Json| match one {
            Json::List(two) => two.iter().map(digits).collect::<Vec<_>>().join(","),
            _ => String::new(),
        };
        let points = poly.iter().map(corner).collect::<Vec<_>>().join(" ");
        return el("svg:polygon").attr("points", points);
    }
    let all = ["0".to_owned(), "0".to_owned(), whole.0.to_string(), whole.1.to_string()];
    put(el("svg:rect"), &["x", "y", "width", "height"], &all)
}

/// Both languages side by side.
pub fn both(content: &Json, with_key: bool) -> El {
    let key = with_key.then(|| content.at("answers.key"));
    let side = |lang: &'static str, name: &'static str| {
        el("section")
            .class("card")
            .attr("lang", lang)
            .child(el("h3").child(if lang == "kk" { "Қазақша" } else { "Русский" }))
            .child(body(&with_named(content.at(lang)), key, name))
    };
    div("both item-both").child(div("pair").child(side("kk", "try-kk")).child(side("ru", "try-ru")))
}

/// A body whose task knows which gaps stand in the stem.
fn with_named(body: &Json) -> Json {
    let mut out = body.clone();
    if body.at("task.kind").text() == "text" {
        let mut named = Vec::new();
        gaps_of(body.at("stem"), &mut named);
        out.put("task.named", named.into());
    }
    out
}

fn gaps_of(value: &Json, out: &mut Vec<String>) {
    match value {
        Json::List(all) => all.iter().for_each(|one| gaps_of(one, out)),
        Json::Map(fields) => fields.iter().for_each(|(name, inner)| match name.as_str() {
            "gap" => out.push(inner.text().to_owned()),
            _ => gaps_of(inner, out),
        }),
        _ => {}
    }
}
