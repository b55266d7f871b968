//! Check your answers and send.

use std::rc::Rc;

use super::{home, steps::Step};
use crate::{
    api::wire,
    dom::{El, div, el, live_text},
    form::files::links,
    json::{self, Json},
    nav::{self, link},
    offline::outbox::Write,
    pages::my,
    reactive::AnyView,
    router::Place,
    state::app,
    text::{fill, moment, pick_json, t, t_of},
    ui::errors::summary,
};

/// The task.
pub fn view(step: Step) -> AnyView {
    let issues = step.now.list("issues").to_vec();
    let can_send = issues.is_empty();
    let closes = wire::moment(step.now.str("vacancy.closes_at"));
    let content = step.content();
    let parts = step.now.list("tasks").iter().filter(|task| task.str("section") != "check");
    let parts: Vec<El> = parts.map(|task| part(&step, task, &content)).collect();
    let sender = step.clone();
    div("group")
        .child(summary(step.form.errors))
        .child(missing(&step, &issues))
        .children(parts)
        .child(div("deadline").child(el("p").child(live_text(move || match closes {
            Some(at) => fill("apply.closes", &[("at", &moment(at))]),
            None => String::new(),
        }))))
        .child(
            el("form")
                .attr("novalidate", "")
                .on("submit", move |event| {
                    event.prevent_default();
                    submit(&sender);
                })
                .child(el("p").class("hint").t("apply.submit_hint"))
                .child(
                    div("buttons").child(
                        el("button")
                            .attr("type", "submit")
                            .class("button")
                            .flag("disabled", {
                                let form = step.form;
                                // Without a connection what is missing is not known: it is queued.
                                move || {
                                    form.busy.get()
                                        || (!can_send && app().online.get() && queue_is_empty())
                                }
                            })
                            .t("apply.submit"),
                    ),
                ),
        )
        .done()
}

fn queue_is_empty() -> bool {
    app().waiting.with(Vec::is_empty)
}

/// What stands in the way of sending; each leads to its place.
fn missing(step: &Step, issues: &[Json]) -> El {
    if issues.is_empty() {
        return div("notice done").child(el("p").t("apply.complete_all"));
    }
    let (id, now) = (step.id.to_string(), Rc::clone(&step.now));
    div("notice wait").child(el("h2").t("apply.missing")).child(el("ul").class("issues").children(
        issues.iter().map(move |issue| {
            let to = my(format!("applications/{id}/{}", issue.str("section")));
            let to = Place::from(to).with("field", issue.str("field"));
            let text = issue.str("text").to_owned();
            let target = match issue.str("field").split_once('.') {
                Some(("documents", code)) => format!("document:{code}"),
                Some(("claims", code)) => format!("row:{code}"),
                _ => issue.str("section").to_owned(),
            };
            let place = super::place_name(&now, &target);
            el("li").child(
                link(to).child(live_text(move || format!("{}: {text}", super::words(&place)))),
            )
        }),
    ))
}

fn part(step: &Step, task: &Json, content: &Json) -> El {
    let section = task.str("section").to_owned();
    let to = my(format!("applications/{}/{section}", step.id));
    let title = task.str("title").to_owned();
    let change = link(to)
        .child(el("span").t("apply.change"))
        .child(el("span").class("vh").child(format!(" {title}")));
    let rows = rows(step, &section, content);
    el("section")
        .class("panel")
        .child(div("page-head").child(el("h2").child(title)).child(change))
        .child(el("dl").class("summary").children(rows.into_iter().map(|(name, value)| {
            el("div").child(el("dt").child(name)).child(el("dd").child(value))
        })))
}

type Row = (AnyView, AnyView);

fn text_row(key: &'static str, value: String) -> Row {
    let value = if value.is_empty() { "—".to_owned() } else { value };
    (live_text(move || t(key).to_owned()), el("span").class("text").child(value).done())
}

fn country(code: &str) -> String {
    if code.is_empty() { String::new() } else { t_of("choice.country", code) }
}

/// The name of the place as far as it is known here: it may have been chosen without a connection.
fn place(step: &Step, content: &Json) -> String {
    let same = content.str("contacts.kato") == step.now.str("content.contacts.kato");
    if same { pick_json(step.now.at("place")) } else { content.str("contacts.kato").to_owned() }
}

fn rows(step: &Step, section: &str, content: &Json) -> Vec<Row> {
    let text = |key: &'static str| text_row(key, content.str(key).to_owned());
    match section {
        "person" => {
            let name =
                ["person.surname", "person.name", "person.patronymic"].map(|p| content.str(p));
            let mut rows = vec![
                text_row("review.name", name.join(" ").trim().to_owned()),
                text("person.iin"),
                text_row("person.citizenship", country(content.str("person.citizenship"))),
            ];
            // With an IIN the day of birth follows from the number.
            let born = crate::text::day_at(content, "person.birth_date");
            if !born.is_empty() || content.is_empty("person.iin") {
                rows.push(text_row("person.birth_date", born));
            }
            rows
        }
        "contacts" => vec![
            text_row("contacts.phone", domain::shared::phone::shown(content.str("contacts.phone"))),
            text("contacts.email"),
            text_row("place.one", place(step, content)),
            text("contacts.address"),
            text_row("contacts.lang", t_of("lang", content.str("contacts.lang"))),
        ],
        "education" | "experience" => {
            let of_kind =
                content.list("records").iter().filter(|record| record.str("kind") == section);
            let mut rows: Vec<Row> = of_kind
                .map(|record| {
                    let when = crate::profile::time_of(record.at("details"));
                    let files = record.texts("files");
                    let title = el("span").child(record.str("title").to_owned()).done();
                    let value = div("group")
                        .child(el("p").child(when))
                        .child(links(&files, &step.known))
                        .done();
                    (title, value)
                })
                .collect();
            if section == "experience" && content.flag("no_experience") {
                rows.push(text_row("apply.no_experience", t("offline.yes").to_owned()));
            }
            rows
        }
        "documents" => step
            .now
            .list("form.documents")
            .iter()
            .map(|document| {
                let name = document.at("name").clone();
                let part = content
                    .list("documents")
                    .iter()
                    .find(|p| p.str("code") == document.str("code"));
                let files = part.map(|part| part.texts("files")).unwrap_or_default();
                let records = part.map(|part| part.texts("records")).unwrap_or_default();
                let absent = part.is_some_and(|part| part.flag("absent"));
                let named = content
                    .list("records")
                    .iter()
                    .filter(|r| records.iter().any(|id| id == r.str("id")));
                let mut value = div("group");
                for record in named {
                    value = value.child(el("p").child(record.str("title").to_owned()));
                }
                let value = match (
                    document.flag("made_here"),
                    absent,
                    files.is_empty() && records.is_empty(),
                ) {
                    (true, ..) => value.child(el("span").class("soft").t("documents.made_here")),
                    (_, true, _) => value.child(el("span").class("soft").t("documents.absent")),
                    (_, _, true) => value.child("—"),
                    _ => value.child(links(&files, &step.known)),
                };
                (live_text(move || pick_json(&name)), value.done())
            })
            .collect(),
        "score_sheet" => step
            .now
            .list("form.rows")
            .iter()
            .filter(|row| row.flag("applies"))
            .map(|row| {
                let title = row.at("title").clone();
                let n = super::claims::words(super::claims::points(row, content));
                let value = live_text(move || fill("claims.points", &[("n", &n)]));
                (live_text(move || pick_json(&title)), el("span").class("num").child(value).done())
            })
            .collect(),
        "statement" => {
            let yes = |path: &str| match content.at(path) {
                Json::Bool(true) => t("offline.yes").to_owned(),
                Json::Bool(false) => t("offline.no").to_owned(),
                _ => String::new(),
            };
            vec![
                text_row("statement.has_relatives", yes("statement.has_relatives")),
                text_row("statement.relatives", content.str("statement.relatives").to_owned()),
                text_row("statement.letter", content.str("statement.letter").to_owned()),
                text_row("statement.truthful", yes("statement.truthful")),
                text_row("statement.consent", yes("statement.consent")),
            ]
        }
        _ => Vec::new(),
    }
}

fn submit(step: &Step) {
    let id = step.id.to_string();
    let write = Write {
        method: "POST",
        path: format!("my/applications/{id}/commands"),
        object: super::object(&id),
        body: Some(json::map([("command", "submit".into())])),
        seen: step.now.int("version"),
        what: "submit",
        name: pick_json(step.now.at("vacancy.title")),
    };
    step.form.send(write, move |answer| match answer {
        Some(_) => nav::go(my(format!("applications/{id}/sent"))),
        None => nav::go(home(&id)),
    });
}
