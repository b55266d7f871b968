//! Who is to sit, from a competition: its admitted people are shown before anybody is put down, and
//! each can be left out or given another language.

use crate::{
    api, browser,
    dom::{El, div, el, live, live_text, nothing},
    json::{self, Json, map},
    reactive::{AnyView, RwSignal},
    state::app,
    text::{fill, number_of, pick_json, t, t_of},
    ui::{
        self,
        errors::{self, summary},
        load::{Loading, load},
        page::section,
    },
};

/// Somebody of the competition: the application, whether they are chosen, the language.
#[derive(Clone, PartialEq)]
struct One {
    application: String,
    on: bool,
    lang: String,
}

/// The section of a session's page.
pub fn section_of(all: &Json, page: Loading<Json>) -> El {
    if all.str("exam_state") != "published" {
        return div("");
    }
    let session = all.str("id").to_owned();
    let open = RwSignal::new(false);
    let which = RwSignal::new(String::new());
    section("applicants.title").child(el("p").class("soft small").t("applicants.about")).child(
        live(move || {
            if !open.get() {
                return div("buttons")
                    .child(ui::button("button second", "applicants.choose", move |_| {
                        open.set(true);
                    }))
                    .done();
            }
            let path = format!("exam-sessions/{session}/competitions");
            let (list, people) = (load::<Json>(path), session.clone());
            div("group")
                .child(list.view(move |all| competitions(&all, which)))
                .child(live(move || match which.get() {
                    none if none.is_empty() => nothing(),
                    vacancy => chosen(&people, &vacancy, page),
                }))
                .done()
        }),
    )
}

fn competitions(all: &Json, which: RwSignal<String>) -> AnyView {
    let items = all.list("items");
    if items.is_empty() {
        return el("p").class("soft").t("applicants.none").done();
    }
    let rows = items.iter().map(|one| {
        let (title, organisation) =
            (one.at("vacancy.title").clone(), one.at("vacancy.organisation.name").clone());
        let (admitted, seated) = (one.int("admitted").unwrap_or(0), one.int("seated").unwrap_or(0));
        let number = number_of(one.int("vacancy.number").unwrap_or(0));
        let id = one.str("vacancy.id").to_owned();
        let on = id.clone();
        el("li")
            .child(
                el("label")
                    .class("tick")
                    .child(
                        el("input")
                            .attr("type", "radio")
                            .attr("name", "competition")
                            .checked(move || which.with(|chosen| *chosen == on))
                            .on("change", move |_| which.set(id.clone())),
                    )
                    .child(
                        el("span")
                            .child(live_text(move || format!("№ {number}. {}", pick_json(&title)))),
                    ),
            )
            .child(div("small soft").child(live_text(move || {
                let counts = fill(
                    "applicants.counts",
                    &[("n", &number_of(admitted)), ("m", &number_of(seated))],
                );
                format!("{} · {counts}", pick_json(&organisation))
            })))
    });
    el("ul").class("rows").children(rows).done()
}

/// The people of a competition.
fn chosen(session: &str, vacancy: &str, page: Loading<Json>) -> AnyView {
    let path = format!("exam-sessions/{session}/competitions/{vacancy}");
    let session = session.to_owned();
    load::<Json>(path).view(move |all| people(&all, &session, page))
}

fn people(all: &Json, session: &str, page: Loading<Json>) -> AnyView {
    let items = all.list("items");
    let list: Vec<One> = items
        .iter()
        .map(|one| One {
            application: one.str("application").to_owned(),
            on: !one.flag("seated"),
            lang: one.str("lang").to_owned(),
        })
        .collect();
    let list = RwSignal::new(list);
    let errors = errors::errors();
    let path = format!("exam-sessions/{session}/candidates");
    let press = move |_| {
        let wanted = list.with_untracked(|all| {
            let on = all.iter().filter(|one| one.on);
            let rows = on.map(|one| {
                map([
                    ("application", one.application.as_str().into()),
                    ("lang", one.lang.as_str().into()),
                ])
            });
            map([("candidates", Json::List(rows.collect()))])
        });
        let call = api::call("POST", path.clone()).body(&wanted).once(browser::uuid());
        api::run(async move {
            match call.send().await {
                Ok(text) => {
                    let said = json::read(&text).unwrap_or_default();
                    let n = i64::try_from(said.list("candidates").len()).unwrap_or(0);
                    app().say(fill("applicants.put", &[("n", &number_of(n))]), false);
                    page.again();
                }
                Err(problem) => errors::show(&problem, errors),
            }
        });
    };
    let count = move || {
        let n = list.with(|all| all.iter().filter(|one| one.on).count());
        fill("applicants.chosen", &[("n", &number_of(i64::try_from(n).unwrap_or(0)))])
    };
    div("group")
        .child(summary(errors))
        .child(
            el("ul")
                .class("rows")
                .children(items.iter().enumerate().map(|(at, one)| row(at, one, list))),
        )
        .child(el("p").class("small").attr("role", "status").child(live_text(count)))
        .child(div("buttons").child(ui::button("button", "people.put_down", press)))
        .done()
}

fn row(at: usize, one: &Json, list: RwSignal<Vec<One>>) -> El {
    let name = format!("{} (№ {})", one.str("name"), one.str("number"));
    if one.flag("seated") {
        return el("li")
            .child(el("span").child(name))
            .child(el("span").class("tag mute").t("applicants.seated"));
    }
    let said = name.clone();
    let languages = ["kk", "ru"].map(|code| {
        el("option")
            .attr("value", code)
            .selected(one.str("lang") == code)
            .child(live_text(move || t_of("lang", code)))
    });
    el("li")
        .child(
            el("label")
                .class("tick")
                .child(
                    el("input")
                        .attr("type", "checkbox")
                        .checked(move || list.with(|all| all.get(at).is_some_and(|one| one.on)))
                        .on("change", move |_| {
                            list.update(|all| {
                                if let Some(one) = all.get_mut(at) {
                                    one.on = !one.on;
                                }
                            });
                        }),
                )
                .child(el("span").child(name)),
        )
        .child(
            el("select")
                .attr_live("aria-label", move || Some(format!("{}: {said}", t("applicants.lang"))))
                .children(languages)
                .on("change", move |event| {
                    let lang = browser::value_of(&event);
                    list.update(|all| {
                        if let Some(one) = all.get_mut(at) {
                            one.lang = lang;
                        }
                    });
                }),
        )
}
