//! The classifier of administrative units: level by level, or found by name or code.

use super::{at, ways};
use crate::{
    dom::{El, div, el, live_text},
    form::filters::filters,
    json::Json,
    nav::link,
    reactive::AnyView,
    router::Place,
    text::{count, day_at, fill, key, number_of, pick_json},
    ui::{
        list::{asked, by_address, older, unfiltered},
        load::empty,
        page::page as frame,
        table::table,
    },
};

const HEADS: &[&str] = &[
    "directories.name",
    "directories.code",
    "directories.kind",
    "directories.below",
    "directories.organisations",
];

/// The page.
pub fn page() -> AnyView {
    let list = by_address::<Json>(|place| asked("kato", place));
    let upload = link(at("places/upload")).class("button").t("directories.upload_kato");
    frame("directories.places", Some(upload))
        .child(ways())
        .child(
            filters(at("places"))
                .words("q", "directories.search_places")
                .keep("under")
                .done("vacancies.find"),
        )
        .child(list.view(|all| div("group").maybe(trail(&all)).child(rows(&all)).done()))
        .done()
}

fn under(code: &str) -> Place {
    Place::from(at("places")).with("under", code)
}

/// The way up.
fn trail(all: &Json) -> Option<El> {
    let steps = all.list("trail");
    (!steps.is_empty()).then(|| {
        let last = steps.len() - 1;
        let country = el("li").child(link(at("places")).t("directories.country"));
        let steps = steps.iter().enumerate().map(|(place, step)| {
            let name = step.at("name").clone();
            let words = live_text(move || pick_json(&name));
            match place == last {
                true => el("li").attr("aria-current", "location").child(words),
                false => el("li").child(link(under(step.str("code"))).child(words)),
            }
        });
        el("nav")
            .class("trail")
            .attr_t("aria-label", "directories.trail")
            .child(el("ol").children(std::iter::once(country).chain(steps)))
    })
}

fn rows(all: &Json) -> AnyView {
    let items = all.list("items");
    if items.is_empty() {
        return empty("directories.no_places", unfiltered(at("places"), "directories.clear"));
    }
    div("group")
        .child(table("directories.places", HEADS, items.iter().map(cells)))
        .maybe(older(all, "vacancies.more"))
        .done()
}

fn cells(one: &Json) -> Vec<AnyView> {
    let (name, above, closed) = (one.at("name").clone(), one.at("above").clone(), one.clone());
    let below = one.int("below").unwrap_or_default();
    let words = live_text(move || pick_json(&name));
    let named = match below {
        0 => el("strong").child(words),
        _ => link(under(one.str("code"))).child(words),
    };
    let kind = key(format!("directories.level.{}", one.int("level").unwrap_or_default()));
    let organisations = one.int("organisations").unwrap_or_default();
    vec![
        div("cell-title")
            .child(named)
            .maybe(
                (!above.is_empty("kk")).then(|| {
                    el("div").class("small soft").child(live_text(move || pick_json(&above)))
                }),
            )
            .maybe((!closed.is_empty("closed_on")).then(|| {
                el("span").class("tag mute").child(live_text(move || {
                    fill("directories.closed_on", &[("day", &day_at(&closed, "closed_on"))])
                }))
            }))
            .done(),
        el("code").class("small").child(one.str("code").to_owned()).done(),
        el("span").t(kind).done(),
        live_text(
            move || if below == 0 { "–".to_owned() } else { count("directories.units", below) },
        ),
        el("span").class("num").child(live_text(move || number_of(organisations))).done(),
    ]
}
