//! The items of a directory: what is open, what is closed, what will begin. Filters are in the
//! address.

use std::rc::Rc;

use super::at;
use crate::{
    api::wire,
    browser,
    dom::{El, div, el, live, live_text},
    form::filters::filters,
    json::Json,
    nav::link,
    reactive::AnyView,
    state::app,
    text::{count, day_at, fill, iso, key, pick_json, t, t_of},
    ui::{
        field::Options,
        list::unfiltered,
        load::{empty, load},
        page::page_with,
        status::tag,
        table::table,
    },
};

const HEADS: &[&str] = &["directories.name", "directories.code", "directories.state"];

/// Where an edition stands on a day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It will begin.
    Coming,
    /// It counts.
    Open,
    /// Its last day is over.
    Closed,
}

/// Where an edition stands today. Days compare as texts.
pub fn standing(edition: &Json) -> Standing {
    let today = iso(app().now().local().date());
    if edition.str("valid_from") > today.as_str() {
        Standing::Coming
    } else if !edition.is_empty("valid_to") && edition.str("valid_to") < today.as_str() {
        Standing::Closed
    } else {
        Standing::Open
    }
}

/// The word for it, and the day where there is one.
pub fn standing_tag(edition: &Json) -> El {
    match standing(edition) {
        Standing::Coming => {
            let edition = edition.clone();
            el("span").class("tag wait").child(live_text(move || {
                fill("directories.from", &[("day", &day_at(&edition, "valid_from"))])
            }))
        }
        Standing::Closed => tag("tag mute", "directories.is_closed"),
        Standing::Open if !edition.is_empty("valid_to") => {
            let edition = edition.clone();
            el("span").class("tag wait").child(live_text(move || {
                fill("directories.until", &[("day", &day_at(&edition, "valid_to"))])
            }))
        }
        Standing::Open => tag("tag done", "directories.is_open"),
    }
}

/// The page.
pub fn page(directory: &'static str) -> AnyView {
    let add = link(at(format!("new/{directory}"))).class("button").t("directories.add");
    let route = at(format!("list/{directory}"));
    let states: Options = Rc::new(|| {
        let all = [
            ("", "directories.any"),
            ("open", "directories.open"),
            ("closed", "directories.closed"),
        ];
        all.map(|(code, key)| (code.to_owned(), t(key).to_owned())).into()
    });
    page_with(move || t_of("directory", directory), Some(at("")), Some(add))
        .child(
            filters(route.clone())
                .words("q", "directories.search")
                .one_of("state", "directories.state", states)
                .done("vacancies.find"),
        )
        .child(load::<Json>(format!("directories/{directory}/editions")).view(move |all| {
            let newest = newest(&all);
            let route = route.clone();
            live(move || {
                let (words, state) = app().place.with(|place| {
                    (browser::lower(place.get("q").trim()), place.get("state").to_owned())
                });
                let found: Vec<_> =
                    newest.iter().filter(|one| fits(one, &words, &state)).cloned().collect();
                if found.is_empty() {
                    return empty(
                        "directories.none",
                        unfiltered(route.clone(), "directories.clear"),
                    );
                }
                let n = found.len() as i64;
                let name = key(format!("directory.{directory}"));
                div("group")
                    .child(
                        el("p")
                            .class("soft")
                            .child(live_text(move || count("directories.items", n))),
                    )
                    .child(table(name, HEADS, found.iter().map(|one| cells(directory, one))))
                    .done()
            })
        }))
        .done()
}

/// The edition of each item that counts today, or else its newest.
fn newest(all: &Json) -> Vec<Json> {
    let Json::List(all) = all else { return Vec::new() };
    let mut out: Vec<Json> = Vec::new();
    for one in all {
        match out.last_mut() {
            Some(last) if last.str("code") == one.str("code") => {
                // The newest comes first: what has not begun gives way to what counts now.
                if standing(last) == Standing::Coming {
                    *last = one.clone();
                }
            }
            _ => out.push(one.clone()),
        }
    }
    out
}

fn fits(one: &Json, words: &str, state: &str) -> bool {
    let has =
        ["kk", "ru", "en", "code"].iter().any(|name| browser::lower(one.str(name)).contains(words));
    has && match state {
        "open" => standing(one) == Standing::Open,
        "closed" => standing(one) == Standing::Closed,
        _ => true,
    }
}

fn cells(directory: &'static str, one: &Json) -> Vec<AnyView> {
    let (named, code) = (one.clone(), one.str("code").to_owned());
    let address = at(format!("list/{directory}/{code}"));
    vec![
        div("cell-title").child(link(address).child(live_text(move || pick_json(&named)))).done(),
        el("code").class("small").child(code).done(),
        standing_tag(one).done(),
    ]
}

/// Today on the clocks of the country, as a day field has it.
pub fn today() -> String {
    iso(app().now().local().date())
}

/// The days of an edition, in words.
pub fn days(edition: &Json) -> String {
    let from = day_at(edition, "valid_from");
    match wire::day(edition.str("valid_to")) {
        None => fill("directories.from", &[("day", &from)]),
        Some(_) => format!("{from} – {}", day_at(edition, "valid_to")),
    }
}
