//! Everything at a look: the directories with their counts, places, how far the calendar reaches.

use super::{at, calendar_warning, ways};
use crate::{
    dom::{El, div, el, live_text},
    json::Json,
    nav::link,
    reactive::AnyView,
    text::{count, day_at, fill, number_of, t, t_of},
    ui::{
        load::load,
        page::{page as frame, section},
        table::table,
    },
};

const HEADS: &[&str] =
    &["directories.directory", "directories.open", "directories.closed", "directories.coming"];

/// The page.
pub fn page() -> AnyView {
    frame("nav.directories", None)
        .child(ways())
        .child(el("p").class("soft").t("directories.lead"))
        .child(load::<Json>("reference").view(|all| {
            div("group")
                .maybe(calendar_warning(all.at("calendar")))
                .child(table("directories.all", HEADS, all.list("directories").iter().map(cells)))
                .child(
                    div("home")
                        .child(places(all.at("places")))
                        .child(calendar(all.at("calendar").clone())),
                )
                .done()
        }))
        .done()
}

fn cells(one: &Json) -> Vec<AnyView> {
    let name = one.str("name").to_owned();
    let number = |path: &str| {
        let n = one.int(path).unwrap_or_default();
        el("span").class("num").child(live_text(move || number_of(n))).done()
    };
    vec![
        div("cell-title")
            .child(
                link(at(format!("list/{name}"))).child(live_text(move || t_of("directory", &name))),
            )
            .done(),
        number("open"),
        number("closed"),
        number("coming"),
    ]
}

fn places(all: &Json) -> El {
    let (open, closed) =
        (all.int("open").unwrap_or_default(), all.int("closed").unwrap_or_default());
    let whole = all.int("settlements").unwrap_or_default() > 0;
    section("directories.places")
        .child(el("p").child(live_text(move || count("directories.units", open))))
        .maybe((closed > 0).then(|| {
            el("p").class("soft").child(live_text(move || {
                fill("directories.units_closed", &[("n", &number_of(closed))])
            }))
        }))
        // Regions and districts are shipped; villages come with the official table.
        .maybe((!whole).then(|| el("p").class("soft").t("directories.no_settlements")))
        .child(
            div("buttons")
                .child(link(at("places")).class("button second").t("directories.look"))
                .child(
                    link(at("places/upload")).class("button quiet").t("directories.upload_kato"),
                ),
        )
}

fn calendar(state: Json) -> El {
    let words = move || match state.is_empty("until") {
        true => t("directories.none_loaded").to_owned(),
        false => fill("directories.reaches", &[("day", &day_at(&state, "until"))]),
    };
    section("directories.calendar").child(el("p").child(live_text(words))).child(
        div("buttons")
            .child(link(at("calendar")).class("button second").t("directories.look"))
            .child(link(at("calendar/upload")).class("button quiet").t("directories.upload_year")),
    )
}
