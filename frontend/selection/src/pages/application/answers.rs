//! What was sent, part by part.

use super::{super::points_of, evidence::Desk};
use crate::{
    dom::{El, div, el, live_text, many, nothing},
    json::Json,
    reactive::AnyView,
    text::{day_at, fill, pick_json, t, t_of},
};

/// All parts; every file is a button that shows it beside.
pub fn view(now: &Json, desk: &Desk) -> AnyView {
    many([person(now), documents(now, desk), records(now, desk), sheet(now, desk), statement(now)])
}

fn part(key: &'static str) -> El {
    el("section").class("panel").child(el("h2").t(key))
}

fn fact(key: &'static str, value: &str) -> El {
    let value = if value.is_empty() { "—".to_owned() } else { value.to_owned() };
    el("div").child(el("dt").t(key)).child(el("dd").class("text").child(value))
}

/// Citizenship: the country by its name where it is ours, else by its code.
fn country(code: &str) -> El {
    let code = code.to_owned();
    el("div").child(el("dt").t("fact.citizenship")).child(el("dd").class("text").child(live_text(
        move || match &*code {
            "" => "—".to_owned(),
            code => t_of("country", code),
        },
    )))
}

/// What a phone or a mail program takes over.
fn contact(key: &'static str, scheme: &str, value: &str) -> El {
    if value.is_empty() {
        return fact(key, value);
    }
    let plain: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    let link = el("a")
        .attr("href", format!("{scheme}:{plain}"))
        .child(domain::shared::phone::shown(value));
    el("div").child(el("dt").t(key)).child(el("dd").class("text").child(link))
}

fn person(now: &Json) -> AnyView {
    let content = now.at("content");
    // With an IIN the day of birth follows from the number.
    let born = day_at(content, "person.birth_date");
    let says_born = !born.is_empty() || content.is_empty("person.iin");
    part("app_section.person")
        .child(
            el("dl")
                .class("facts")
                .child(fact("fact.iin", content.str("person.iin")))
                .maybe(says_born.then(|| fact("fact.birth_date", &born)))
                .child(country(content.str("person.citizenship")))
                .child(contact("fact.phone", "tel", content.str("contacts.phone")))
                .child(contact("fact.email", "mailto", content.str("contacts.email")))
                .child(fact("fact.address", content.str("contacts.address"))),
        )
        .done()
}

/// The files of something, its own and those of the records that it names.
fn files_of(content: &Json, one: Option<&Json>) -> Vec<String> {
    let Some(one) = one else { return Vec::new() };
    let mut ids = one.texts("files");
    let records = one.texts("records");
    for record in content.list("records") {
        if records.iter().any(|id| id == record.str("id")) {
            ids.extend(record.texts("files"));
        }
    }
    ids
}

fn documents(now: &Json, desk: &Desk) -> AnyView {
    let content = now.at("content");
    // What the portal makes of the answers itself needs no file.
    let wanted = now.list("form.documents").iter().filter(|one| !one.flag("made_here"));
    part("app_section.documents")
        .child(el("ul").class("rows").children(wanted.map(|document| {
            let name = document.at("name").clone();
            let given = content
                .list("documents")
                .iter()
                .find(|one| one.str("code") == document.str("code"));
            let ids = files_of(content, given);
            let note = given.map(|one| one.str("note").to_owned()).unwrap_or_default();
            let missing = ids.is_empty();
            el("li")
                .child(
                    div("row-main")
                        .child(el("strong").child(live_text(move || pick_json(&name))))
                        .maybe(
                            (!note.is_empty()).then(|| el("span").class("small text").child(note)),
                        ),
                )
                .maybe(missing.then(|| {
                    let wanted = document.flag("required");
                    el("span")
                        .class(if wanted { "tag wait" } else { "tag mute" })
                        .t("application.no_file")
                }))
                .child(desk.buttons(&ids))
        })))
        .done()
}

fn span(record: &Json) -> String {
    let (from, to) = (day_at(record, "from"), day_at(record, "to"));
    match (from.is_empty(), to.is_empty()) {
        (true, true) => String::new(),
        (true, false) => to,
        (false, true) => fill("application.since", &[("day", &from)]),
        (false, false) => format!("{from} – {to}"),
    }
}

fn records(now: &Json, desk: &Desk) -> AnyView {
    let all = now.list("content.records");
    if all.is_empty() {
        return nothing();
    }
    part("app_section.records")
        .child(el("ul").class("rows").children(all.iter().map(|record| {
            let (kind, record_of) = (record.str("kind").to_owned(), record.clone());
            let proved = record.str("verification").to_owned();
            el("li")
                .child(
                    div("row-main")
                        .child(el("strong").child(record.str("title").to_owned()))
                        .child(el("span").class("small soft").child(live_text(move || {
                            let kind = t_of("kind", &kind);
                            match span(&record_of) {
                                span if span.is_empty() => kind,
                                span => format!("{kind} · {span}"),
                            }
                        }))),
                )
                .maybe(
                    matches!(&*proved, "organisation" | "authority")
                        .then(|| el("span").class("tag done").t("application.verified")),
                )
                .child(desk.buttons(&record.texts("files")))
        })))
        .done()
}

fn sheet(now: &Json, desk: &Desk) -> AnyView {
    let rows = now.list("form.rows");
    if rows.is_empty() {
        return nothing();
    }
    let content = now.at("content");
    let total = points_of(now, "form.points");
    part("app_section.score_sheet")
        .child(el("ul").class("rows").children(rows.iter().filter(|row| row.flag("applies")).map(
            |row| {
                let title = row.at("title").clone();
                let claim =
                    content.list("claims").iter().find(|claim| claim.str("row") == row.str("code"));
                let points = match points_of(row, "points") {
                    none if none.is_empty() => "0".to_owned(),
                    points => points,
                };
                el("li").child(div("row-main").child(live_text(move || pick_json(&title)))).child(
                    div("row-side")
                        .child(el("strong").class("num").child(points))
                        .child(desk.buttons(&files_of(content, claim))),
                )
            },
        )))
        .maybe((!total.is_empty()).then(|| {
            el("p").class("num").child(
                el("strong")
                    .child(live_text(move || fill("application.claimed", &[("n", &total)]))),
            )
        }))
        .done()
}

fn statement(now: &Json) -> AnyView {
    let content = now.at("content");
    let answer = content.at("statement.has_relatives").clone();
    let who = content.str("statement.relatives").to_owned();
    let relatives = el("div").child(el("dt").t("fact.relatives")).child(
        el("dd").class("text").child(live_text(move || match answer {
            Json::Bool(true) => who.clone(),
            Json::Bool(false) => t("offline.no").to_owned(),
            _ => "—".to_owned(),
        })),
    );
    part("app_section.statement")
        .child(
            el("dl")
                .class("facts")
                .child(relatives)
                .child(fact("fact.letter", content.str("statement.letter"))),
        )
        .done()
}
