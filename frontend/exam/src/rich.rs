//! The text of a task as elements. It is a tree of allowed things; what is not known is left out.

use kit::dom::{AnyView, El, el, many, nothing};
use wasm_bindgen::JsCast;

use crate::{browser, files, json::Json, text::fill};

/// Blocks one below another.
pub fn blocks(rich: &Json) -> AnyView {
    let Json::List(all) = rich else { return nothing() };
    many(all.iter().map(block))
}

/// Text that stands in a line: the blocks of an option, without their paragraphs.
pub fn line(rich: &Json) -> AnyView {
    match rich {
        Json::List(all) if all.len() == 1 && all[0].get("p").is_some() => inlines(all[0].at("p")),
        other => blocks(other),
    }
}

fn items(tag: &'static str, all: &Json) -> AnyView {
    let Json::List(all) = all else { return nothing() };
    el(tag).children(all.iter().map(|one| el("li").child(line(one)))).done()
}

fn block(one: &Json) -> AnyView {
    let Some((kind, inner)) = one.fields().first() else { return nothing() };
    match kind.as_str() {
        "p" => el("p").child(inlines(inner)).done(),
        "bullets" => items("ul", inner),
        "numbers" => items("ol", inner),
        "pre" => el("pre").child(inner.text()).done(),
        "quote" => el("blockquote").child(blocks(inner)).done(),
        "table" => {
            let Json::List(rows) = inner else { return nothing() };
            let body = rows.iter().map(|row| {
                let Json::List(cells) = row else { return el("tr") };
                el("tr").children(cells.iter().map(|cell| {
                    let tag = if cell.flag("head") { "th" } else { "td" };
                    el(tag).child(inlines(cell.at("text")))
                }))
            });
            el("div")
                .class("wide")
                .attr("tabindex", "0")
                .child(el("table").child(el("tbody").children(body)))
                .done()
        }
        _ => nothing(),
    }
}

fn inlines(all: &Json) -> AnyView {
    let Json::List(all) = all else { return nothing() };
    many(all.iter().map(inline))
}

fn inline(one: &Json) -> AnyView {
    if one.text() == "br" {
        return el("br").done();
    }
    let Some((kind, inner)) = one.fields().first() else { return nothing() };
    let within = |tag| -> AnyView { el(tag).child(inlines(inner)).done() };
    match kind.as_str() {
        "t" => plain(inner.text()),
        "strong" => within("strong"),
        "em" => within("em"),
        "under" => within("u"),
        "sup" => within("sup"),
        "sub" => within("sub"),
        "code" => el("code").child(inner.text()).done(),
        "math" => math(inner),
        "gap" => {
            el("span").class("gap").child(fill("task.gap_at", &[("gap", inner.text())])).done()
        }
        "image" => files::image(inner),
        _ => nothing(),
    }
}

fn plain(text: &str) -> AnyView {
    browser::document().create_text_node(text).unchecked_into()
}

/// A formula: names and attributes are those that the bank allows, checked once more here.
fn math(tree: &Json) -> AnyView {
    const NAMESPACE: &str = "http://www.w3.org/1998/Math/MathML";
    let name = tree.str("e");
    if !domain::bank::math::ELEMENTS.contains(&name) {
        return nothing();
    }
    let Ok(made) = browser::document().create_element_ns(Some(NAMESPACE), name) else {
        return nothing();
    };
    for pair in tree.list("a") {
        let Json::List(pair) = pair else { continue };
        let [key, value] = pair.as_slice() else { continue };
        if domain::bank::math::ATTRIBUTES.contains(&key.text()) {
            let _ = made.set_attribute(key.text(), value.text());
        }
    }
    if !tree.str("t").is_empty() {
        made.set_text_content(Some(tree.str("t")));
    }
    for child in tree.list("c") {
        let _ = made.append_child(&math(child));
    }
    made.unchecked_into()
}

/// An element whose words are in the language of the test, whatever the page speaks.
pub fn in_language(element: El, lang: &str) -> El {
    element.attr("lang", lang)
}
