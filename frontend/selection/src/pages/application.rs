//! One application: what was sent beside its evidence, what can be done, notes, the way so far.

use std::rc::Rc;

use super::applications::state_tag;
use crate::{
    api::{self, wire},
    browser,
    dom::{El, div, el, live, live_text, many, nothing},
    json::{self, Json},
    reactive::{AnyView, RwSignal},
    router::{Place, Route},
    state::app,
    text::{day_at, fill, moment, pick_json, t, t_of},
    ui::{
        errors,
        field::field,
        load::{Loading, empty, load},
        page::section,
    },
};

mod commands;

/// A file that is looked at: identifier and name.
type Shown = RwSignal<Option<(String, String)>>;

/// The page.
pub fn page(id: &str) -> AnyView {
    let all = load::<Json>(format!("applications/{id}"));
    let id = id.to_owned();
    all.view(move |now| draw(&id, &now, all))
}

fn draw(id: &str, now: &Json, all: Loading<Json>) -> AnyView {
    let content = now.at("content");
    let name =
        ["surname", "name", "patronymic"].map(|part| content.at("person").str(part).to_owned());
    let name = name.join(" ").trim().to_owned();
    let title = now.at("vacancy.title").clone();
    let vacancy = now.str("vacancy.id").to_owned();
    let number = now.str("number").to_owned();
    let paper = format!("/api/v1/cabinet/applications/{id}/sent.pdf?lang=");
    let shown: Shown = RwSignal::new(None);
    let files = Rc::new(now.list("files").to_vec());
    let points = match now.at("form.points") {
        Json::Number(digits) => digits.trim_end_matches(".0").to_owned(),
        _ => String::new(),
    };
    let list = crate::nav::link(Place::from(Route::Applications).with("vacancy", &vacancy));
    div("page")
        .child(el("p").class("back").child(list.child("‹ ").t("nav.applications")))
        .child(div("page-head").child(el("h1").id("page-title").attr("tabindex", "-1").child(name)))
        .child(
            div("bar")
                .child(state_tag(now.str("state")))
                .child(el("span").class("num").child(format!("№ {number}")))
                .child(
                    crate::nav::link(Route::Vacancy(vacancy))
                        .child(live_text(move || pick_json(&title))),
                )
                .child(
                    el("a")
                        .attr("download", "")
                        .attr_live("href", move || {
                            Some(format!("{paper}{}", crate::text::lang().code()))
                        })
                        .t("application.pdf"),
                )
                .maybe((!points.is_empty()).then(|| {
                    el("span")
                        .class("num soft")
                        .child(live_text(move || fill("application.claimed", &[("n", &points)])))
                })),
        )
        .child(what_is_next(now))
        .child(commands::view(id, now, all))
        .child(
            div("cols evidence-cols")
                .child(div("content").child(answers(now, &files, shown)))
                .child(div("side").child(viewer(shown, &files))),
        )
        .child(
            div("half")
                .child(section("application.notes").child(notes(id, now, all)))
                .child(section("application.timeline").child(timeline(now))),
        )
        .done()
}

fn what_is_next(now: &Json) -> El {
    let due = wire::moment(now.str("timeline.next.due_at"));
    let class = match (now.flag("timeline.next.overdue"), now.str("timeline.next.who")) {
        (true, _) => "deadline late",
        (_, "organisation" | "commission") => "deadline wait",
        (_, "nobody") => "deadline over",
        _ => "deadline",
    };
    div(class)
        .child(el("p").child(el("strong").child(now.str("timeline.now").to_owned())))
        .child(el("p").child(now.str("timeline.next.text").to_owned()))
        .maybe(due.map(|due| {
            el("p")
                .class("small")
                .child(live_text(move || fill("application.until", &[("at", &moment(due))])))
        }))
        .maybe(
            (!now.is_empty("timeline.next.ground")).then(|| {
                el("p").class("small soft").child(now.str("timeline.next.ground").to_owned())
            }),
        )
}

fn fact(key: &'static str, value: &str) -> El {
    let value = if value.is_empty() { "—".to_owned() } else { value.to_owned() };
    el("div").child(el("dt").t(key)).child(el("dd").class("text").child(value))
}

/// What was sent, part by part; every file is a button that shows it beside.
fn answers(now: &Json, files: &Rc<Vec<Json>>, shown: Shown) -> AnyView {
    let content = now.at("content");
    let part = |key: &'static str| el("section").class("panel").child(el("h2").t(key));
    let relatives = match content.at("statement.has_relatives") {
        Json::Bool(true) => content.str("statement.relatives").to_owned(),
        Json::Bool(false) => t("offline.no").to_owned(),
        _ => String::new(),
    };
    many([
        part("app_section.person")
            .child(
                el("dl")
                    .class("facts")
                    .child(fact("fact.iin", content.str("person.iin")))
                    .child(fact("fact.birth_date", &day_at(content, "person.birth_date")))
                    .child(fact("fact.citizenship", content.str("person.citizenship")))
                    .child(fact("fact.phone", content.str("contacts.phone")))
                    .child(fact("fact.email", content.str("contacts.email")))
                    .child(fact("fact.address", content.str("contacts.address"))),
            )
            .done(),
        part("app_section.documents")
            .child(el("ul").class("rows").children(now.list("form.documents").iter().map(
                |document| {
                    let name = document.at("name").clone();
                    let given = content
                        .list("documents")
                        .iter()
                        .find(|one| one.str("code") == document.str("code"));
                    let mut ids = given.map(|one| one.texts("files")).unwrap_or_default();
                    let records = given.map(|one| one.texts("records")).unwrap_or_default();
                    for record in content.list("records") {
                        if records.iter().any(|id| id == record.str("id")) {
                            ids.extend(record.texts("files"));
                        }
                    }
                    let note = given.map(|one| one.str("note").to_owned()).unwrap_or_default();
                    el("li")
                        .child(
                            div("row-main")
                                .child(el("strong").child(live_text(move || pick_json(&name))))
                                .maybe(
                                    (!note.is_empty())
                                        .then(|| el("span").class("small").child(note)),
                                ),
                        )
                        .child(buttons(&ids, files, shown))
                },
            )))
            .done(),
        part("app_section.records")
            .child(el("ul").class("rows").children(content.list("records").iter().map(|record| {
                let (from, to) = (day_at(record, "from"), day_at(record, "to"));
                el("li")
                    .child(
                        div("row-main")
                            .child(el("strong").child(record.str("title").to_owned()))
                            .child(el("span").class("small soft").child(
                                match (from.is_empty(), to.is_empty()) {
                                    (true, true) => String::new(),
                                    (_, true) => format!("{from} – …"),
                                    _ => format!("{from} – {to}"),
                                },
                            )),
                    )
                    .child(buttons(&record.texts("files"), files, shown))
            })))
            .done(),
        if now.list("form.rows").is_empty() { nothing() } else { sheet(now, files, shown) },
        part("app_section.statement")
            .child(
                el("dl")
                    .class("facts")
                    .child(fact("fact.relatives", &relatives))
                    .child(fact("fact.letter", content.str("statement.letter"))),
            )
            .done(),
    ])
}

fn sheet(now: &Json, files: &Rc<Vec<Json>>, shown: Shown) -> AnyView {
    let content = now.at("content");
    el("section")
        .class("panel")
        .child(el("h2").t("app_section.score_sheet"))
        .child(el("ul").class("rows").children(
            now.list("form.rows").iter().filter(|row| row.flag("applies")).map(|row| {
                let title = row.at("title").clone();
                let claim =
                    content.list("claims").iter().find(|claim| claim.str("row") == row.str("code"));
                let points = match row.at("points") {
                    Json::Number(digits) => digits.trim_end_matches(".0").to_owned(),
                    _ => "0".to_owned(),
                };
                let mut ids = claim.map(|claim| claim.texts("files")).unwrap_or_default();
                let records = claim.map(|claim| claim.texts("records")).unwrap_or_default();
                for record in content.list("records") {
                    if records.iter().any(|id| id == record.str("id")) {
                        ids.extend(record.texts("files"));
                    }
                }
                el("li").child(div("row-main").child(live_text(move || pick_json(&title)))).child(
                    div("row-side")
                        .child(el("strong").class("num").child(points))
                        .child(buttons(&ids, files, shown)),
                )
            }),
        ))
        .done()
}

fn buttons(ids: &[String], files: &Rc<Vec<Json>>, shown: Shown) -> El {
    let files = Rc::clone(files);
    el("ul").class("plain file-buttons").children(ids.iter().map(move |id| {
        let file = files.iter().find(|file| file.str("id") == id);
        let name = file.map(|file| file.str("name").to_owned()).unwrap_or_default();
        let name = if name.is_empty() { t_of("file_state", "missing") } else { name };
        let (chosen, here) = ((id.clone(), name.clone()), id.clone());
        el("li").child(
            el("button")
                .attr("type", "button")
                .class("chip")
                .attr_live("aria-pressed", move || {
                    let on = shown.with(|now| now.as_ref().is_some_and(|(id, _)| *id == here));
                    Some(on.to_string())
                })
                .child(name)
                .on("click", move |_| shown.set(Some(chosen.clone()))),
        )
    }))
}

/// The file that was chosen: a picture is shown, anything else is opened.
fn viewer(shown: Shown, files: &Rc<Vec<Json>>) -> AnyView {
    let files = Rc::clone(files);
    section("application.evidence")
        .class("panel viewer")
        .child(live(move || {
            let Some((id, name)) = shown.get() else {
                return el("p").class("soft").t("application.choose_file").done();
            };
            let file = files.iter().find(|file| file.str("id") == id).cloned().unwrap_or_default();
            let picture = matches!(file.str("kind"), "jpeg" | "jpg" | "png");
            let address = RwSignal::new(String::new());
            if picture {
                let path = format!("files/{id}/link");
                api::run(async move {
                    let call = api::call("POST", path).once(browser::uuid());
                    if let Ok(link) = call.json::<Json>().await {
                        let _ = address.try_set(link.str("url").to_owned());
                    }
                });
            }
            let (alt, opened) = (name.clone(), id.clone());
            let state = file.str("state").to_owned();
            div("group")
                .child(el("p").child(el("strong").child(name)))
                .child(
                    el("p")
                        .class("small soft")
                        .child(live_text(move || t_of("file_state", &state))),
                )
                .child(live(move || match address.get() {
                    url if url.is_empty() => nothing(),
                    url => el("img").attr("src", url).attr("alt", alt.clone()).done(),
                }))
                .child(crate::ui::button("button second", "application.open_file", move |_| {
                    open(&opened)
                }))
                .done()
        }))
        .done()
}

/// Opens a file by a link that is good for some minutes; the look is in the journal.
fn open(id: &str) {
    let path = format!("files/{id}/link");
    api::run(async move {
        match api::call("POST", path).once(browser::uuid()).json::<Json>().await {
            Ok(link) => browser::leave_to(link.str("url")),
            Err(problem) => app().say(problem.words(), true),
        }
    });
}

fn notes(id: &str, now: &Json, all: Loading<Json>) -> AnyView {
    let text = RwSignal::new(String::new());
    let wrong = errors::errors();
    let path = format!("applications/{id}/notes");
    let attempt: Rc<api::Attempt> = Rc::default();
    let add = move |event: web_sys::Event| {
        event.prevent_default();
        let (path, attempt) = (path.clone(), Rc::clone(&attempt));
        let body = json::map([("text", text.get_untracked().into())]);
        api::run(async move {
            match api::call("POST", path).body(&body).tried(&attempt).send().await {
                Ok(_) => {
                    attempt.done();
                    text.set(String::new());
                    browser::blur();
                    all.again();
                }
                Err(problem) => errors::show(&problem, wrong),
            }
        });
    };
    div("group")
        .child(el("p").class("soft small").t("application.notes_lead"))
        .child(el("ul").class("rows small").children(now.list("notes").iter().map(|note| {
            let at = wire::moment(note.str("at"));
            let who = note.str("who").to_owned();
            el("li").child(
                div("row-main")
                    .child(el("span").class("text").child(note.str("text").to_owned()))
                    .child(el("span").class("soft").child(live_text(move || {
                        format!("{who} · {}", at.map(moment).unwrap_or_default())
                    }))),
            )
        })))
        .child(
            el("form")
                .attr("novalidate", "")
                .on("submit", add)
                .child(field("text", "application.note", wrong).area(text))
                .child(
                    el("button")
                        .attr("type", "submit")
                        .class("button second")
                        .t("application.note_add"),
                ),
        )
        .done()
}

fn timeline(now: &Json) -> AnyView {
    let entries = now.list("timeline.entries");
    if entries.is_empty() {
        return empty("vacancy.no_history", None);
    }
    el("ol")
        .class("timeline small")
        .children(entries.iter().map(|entry| {
            let at = wire::moment(entry.str("at"));
            el("li")
                .child(el("strong").child(entry.str("text").to_owned()))
                .child(div("soft").child(live_text(move || at.map(moment).unwrap_or_default())))
                .child(many(
                    entry.texts("details").into_iter().map(|one| div("text").child(one).done()),
                ))
                .maybe(
                    (!entry.is_empty("ground"))
                        .then(|| div("soft").child(entry.str("ground").to_owned())),
                )
        }))
        .done()
}
