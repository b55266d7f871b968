//! One form: what it takes, whether the bank has it, and where it stands.

use domain::account::permission::Permission;

use kit::bank::topic_name;

use super::{act, at, tag, ways};
use crate::{
    api, browser,
    dom::{El, div, el, live, live_text, nothing},
    json::{self, Json},
    nav::link,
    reactive::{AnyView, RwSignal},
    state::app,
    text::{fill, moment_at, number_of, pick_json, t, t_of},
    ui::{
        self,
        load::{Loading, load},
        page::{facts, page_with, section},
    },
};

/// The page.
pub fn page(id: &str) -> AnyView {
    let one = load::<Json>(format!("exams/{id}"));
    let terms = load::<Json>("exam-terms");
    page_with(
        move || {
            one.get().map_or_else(|| t("testing.form").to_owned(), |one| pick_json(one.at("title")))
        },
        Some(at("forms")),
        None,
    )
    .child(ways())
    .child(one.view(move |all| drawn(&all, one, terms)))
    .done()
}

fn drawn(all: &Json, one: Loading<Json>, terms: Loading<Json>) -> AnyView {
    div("group")
        .child(about(all, terms))
        .child(steps(all, one))
        .child(parts(all, terms))
        .child(fit(all, terms))
        .maybe((!all.is_empty("commitment")).then(|| committed(all)))
        .done()
}

/// The title of a group of posts in the rules in force; its code where they have it no more.
fn group_title(terms: Loading<Json>, code: &str) -> String {
    let found = terms.get().and_then(|terms| {
        let group = terms.list("groups").iter().find(|group| group.str("code") == code)?;
        Some(pick_json(group.at("title")))
    });
    found.unwrap_or_else(|| code.to_owned())
}

fn about(all: &Json, terms: Loading<Json>) -> El {
    let text = |name: &str| all.str(name).to_owned();
    let (group, subject, purpose, edition) =
        (text("group"), text("subject"), text("purpose"), text("edition"));
    let (tasks, minutes) = (all.int("tasks").unwrap_or(0), all.int("minutes").unwrap_or(0));
    let blueprint = all.at("blueprint");
    let window = match (blueprint.int("difficulty.from"), blueprint.int("difficulty.to")) {
        (Some(from), Some(to)) => format!("{}–{} %", from / 10, to / 10),
        _ => "—".to_owned(),
    };
    let cap = match blueprint.int("exposure_cap").unwrap_or(0) {
        0 => "—".to_owned(),
        cap => format!("{} %", cap / 10),
    };
    let way = if all.flag("forward") { "exam.forward" } else { "exam.free" };
    let yes = |on: bool| live_text(move || t(if on { "form.yes" } else { "form.no" }).to_owned());
    let (calculator, shuffle) = (all.flag("calculator"), blueprint.flag("shuffle"));
    let extra = move |path: &'static str| {
        live_text(move || {
            let n = terms.get().and_then(|terms| terms.int(path)).unwrap_or(0);
            number_of(n)
        })
    };
    section("exam.about").child(facts([
        ("exam.state", tag("exam_state", all.str("state")).done()),
        ("exam.purpose", live_text(move || t_of("exam_purpose", &purpose))),
        ("exam.group", live_text(move || group_title(terms, &group))),
        (
            "exam.subject",
            live_text(move || match subject.is_empty() {
                true => "—".to_owned(),
                false => app().name_of("subject", &subject),
            }),
        ),
        (
            "exam.size",
            live_text(move || {
                fill("exam.tasks_minutes", &[("n", &number_of(tasks)), ("m", &number_of(minutes))])
            }),
        ),
        ("exam.extra", extra("extra_minutes")),
        ("exam.free_attempts", extra("attempts.free")),
        ("exam.paid_attempts", extra("attempts.paid")),
        ("exam.languages", live_text(|| t("exam.both_languages").to_owned())),
        ("exam.navigation", live_text(move || t(way).to_owned())),
        ("exam.review", live_text(|| t("exam.review_always").to_owned())),
        ("exam.calculator", yes(calculator)),
        ("exam.shuffle", yes(shuffle)),
        ("exam.difficulty", el("span").child(window).done()),
        ("exam.cap", el("span").child(cap).done()),
        ("exam.edition", el("span").child(edition).done()),
    ]))
}

fn parts(all: &Json, terms: Loading<Json>) -> El {
    section("exam.blueprint").children(all.list("blueprint.sections").iter().map(move |part| {
        let title = part.at("title").clone();
        let cells = part.list("cells").iter().map(|cell| {
            let (wanted, n) = (cell.clone(), cell.int("count").unwrap_or(0));
            el("li")
                .child(div("row-main").child(live_text(move || sort_of(&wanted, terms))))
                .child(div("row-side").child(el("span").class("num").child(number_of(n))))
        });
        el("section")
            .child(el("h3").child(live_text(move || pick_json(&title))))
            .child(el("ul").class("rows").children(cells))
    }))
}

/// A sort of tasks in words: «Педагогика › Дидактика, қолдану, бір жауап».
fn sort_of(wanted: &Json, topics: Loading<Json>) -> String {
    let mut sort = vec![match wanted.str("topic") {
        "" => t("exam.any_topic").to_owned(),
        path => topic_name(topics, path),
    }];
    for (prefix, name) in [("bank_level", "level"), ("bank_kind", "kind")] {
        if !wanted.is_empty(name) {
            sort.push(t_of(prefix, wanted.str(name)));
        }
    }
    sort.join(", ")
}

/// Whether the bank has what the form takes, in plain words.
fn fit(all: &Json, terms: Loading<Json>) -> El {
    let id = all.str("id").to_owned();
    let blueprint = all.at("blueprint").clone();
    let found = RwSignal::new(None::<Json>);
    let busy = RwSignal::new(false);
    let topics = terms;
    let check = move || {
        busy.set(true);
        let call = api::call("POST", format!("exams/{id}/check"));
        api::run(async move {
            let answer = call.send().await;
            let _ = busy.try_set(false);
            match answer {
                Ok(text) => {
                    let _ = found.try_set(json::read(&text));
                }
                Err(problem) => app().say(problem.words(), true),
            }
        });
    };
    let again = check.clone();
    if all.str("state") == "draft" {
        check();
    }
    section("exam.fit")
        .child(live(move || {
            if busy.get() {
                return ui::load::skeleton(2);
            }
            let blueprint = blueprint.clone();
            found.with(|found| match found {
                None => nothing(),
                Some(found) => div("fits")
                    .attr("role", "status")
                    .children(
                        ["kk", "ru"].map(|lang| verdict(lang, found.at(lang), &blueprint, topics)),
                    )
                    .done(),
            })
        }))
        .child(div("buttons").child(ui::button("button second", "exam.check", move |_| again())))
}

fn verdict(lang: &'static str, said: &Json, blueprint: &Json, topics: Loading<Json>) -> El {
    let fits = said.flag("fits");
    let items = said.int("items").unwrap_or(0);
    let why = said.str("why").to_owned();
    let head = el("p").child(el("strong").child(live_text(move || t_of("lang", lang)))).child(
        live_text(move || {
            let n = number_of(items);
            let key = if fits { "exam.fits" } else { "exam.fits_not" };
            format!(": {}", fill(key, &[("n", &n)]))
        }),
    );
    let short = said
        .list("cells")
        .iter()
        .filter(|cell| cell.int("have").unwrap_or(0) < cell.int("want").unwrap_or(0));
    let short: Vec<El> = short.map(|cell| missing(cell, blueprint, topics)).collect();
    let words =
        (!fits && why != "short").then(|| el("p").child(live_text(move || t_of("exam_why", &why))));
    div(if fits { "notice done" } else { "notice late" })
        .child(head)
        .maybe(words)
        .maybe((!short.is_empty()).then(|| el("ul").children(short)))
}

/// «Педагогика › Дидактика, қолдану: 6 керек, базада 5».
fn missing(cell: &Json, blueprint: &Json, topics: Loading<Json>) -> El {
    let at = |name: &str| usize::try_from(cell.int(name).unwrap_or(0)).unwrap_or(0);
    let part = blueprint.list("sections").get(at("section")).cloned().unwrap_or_default();
    let wanted = part.list("cells").get(at("cell")).cloned().unwrap_or_default();
    let numbers = [at("want"), at("have")].map(|n| n.to_string());
    el("li").child(live_text(move || {
        let place = format!("{}: {}", pick_json(part.at("title")), sort_of(&wanted, topics));
        let values = [("place", place.as_str()), ("want", &numbers[0]), ("have", &numbers[1])];
        fill("exam.missing", &values)
    }))
}

/// What cannot be taken back is asked once more: the second press does it.
fn sure(key: &'static str, about: &'static str, act: impl Fn() + 'static) -> AnyView {
    let asked = RwSignal::new(false);
    let act = std::rc::Rc::new(act);
    live(move || {
        let act = std::rc::Rc::clone(&act);
        if !asked.get() {
            let ask = move |_| {
                asked.set(true);
                browser::soon(|| browser::focus("sure"));
            };
            return ui::button("button second", key, ask).done();
        }
        let yes = ui::button("button", key, move |_| {
            asked.set(false);
            act();
        });
        div("notice wait")
            .child(el("p").id("sure").attr("tabindex", "-1").t(about))
            .child(div("buttons").child(yes).child(ui::button(
                "button quiet",
                "exam.not_now",
                move |_| asked.set(false),
            )))
            .done()
    })
}

/// What is done next, by whom.
fn steps(all: &Json, one: Loading<Json>) -> El {
    let (id, state, version) =
        (all.str("id").to_owned(), all.str("state").to_owned(), all.int("version").unwrap_or(0));
    let (manages, guards) = (app().may(Permission::TestManage), app().may(Permission::ItemGuard));
    let revealed = !all.is_empty("revealed_at");
    let call = move |word: &str| {
        api::call("POST", format!("exams/{id}/{word}")).seen(version).once(browser::uuid())
    };
    let (publish, close, reveal) = (call.clone(), call.clone(), call);
    let hint = match (state.as_str(), revealed) {
        ("draft", _) => "exam.next_draft",
        ("published", _) => "exam.next_published",
        (_, false) => "exam.next_closed",
        (_, true) => "exam.next_revealed",
    };
    let edit = at(format!("forms/{}/edit", all.str("id")));
    section("exam.next").child(el("p").t(hint)).child(
        div("buttons")
            .maybe((manages && state == "draft").then(|| link(edit).class("button").t("exam.edit")))
            .maybe((guards && state == "draft").then(|| {
                sure("exam.publish", "exam.publish_about", move || {
                    act(publish("publish"), "exam.published", move || one.again());
                })
            }))
            .maybe(
                (manages && state == "published")
                    .then(|| link(at("sessions")).class("button").t("session.plan")),
            )
            .maybe((manages && state == "published").then(|| {
                sure("exam.close", "exam.close_about", move || {
                    act(close("close"), "exam.closed", move || one.again());
                })
            }))
            .maybe((guards && state == "closed" && !revealed).then(|| {
                sure("exam.reveal", "exam.reveal_about", move || {
                    act(reveal("reveal"), "exam.revealed", move || one.again());
                })
            })),
    )
}

/// What anybody can hold the draw to.
fn committed(all: &Json) -> El {
    let (first, then) = (all.clone(), all.clone());
    let id = all.str("id").to_owned();
    section("exam.commitment")
        .child(el("p").class("soft").t("exam.commitment_about"))
        .child(el("p").child(el("code").class("half-code").child(all.str("commitment").to_owned())))
        .child(facts([
            ("exam.published_at", live_text(move || moment_at(&first, "published_at"))),
            (
                "exam.revealed_at",
                live_text(move || match then.is_empty("revealed_at") {
                    true => t("exam.not_yet").to_owned(),
                    false => moment_at(&then, "revealed_at"),
                }),
            ),
        ]))
        .child(
            el("p")
                .child(el("a").attr("href", format!("/api/v1/exams/{id}/draws")).t("exam.draws")),
        )
}
