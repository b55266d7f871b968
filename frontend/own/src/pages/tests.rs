//! One's own tests: where and when, the way in, the result, appeals and the certificate.

use crate::{
    api, browser,
    dom::{El, div, el, live, live_text, nothing},
    json::{self, Json},
    reactive::{AnyView, RwSignal},
    state::app,
    text::{day_at, fill, moment_at, number_of, pick_json, t, t_of},
    ui::{
        self,
        load::{Loading, empty, load},
        page::{facts, page_with},
    },
};

/// The page.
pub fn page() -> AnyView {
    let all = load::<Json>("my/exams");
    page_with(|| t("nav.tests").to_owned(), None, None)
        .child(all.view(move |list| drawn(&list, all)))
        .done()
}

fn drawn(list: &Json, all: Loading<Json>) -> AnyView {
    let Json::List(tests) = list else { return empty("tests.none", None) };
    if tests.is_empty() {
        return empty("tests.none", None);
    }
    el("ul").class("cards").children(tests.iter().map(|one| card(one, all))).done()
}

/// Where a test stands, as a word and its look.
fn stage(one: &Json) -> (&'static str, &'static str) {
    match one.str("state") {
        "assigned" | "admitted" => ("ahead", "tag wait"),
        "running" | "paused" => ("running", "tag wait"),
        "submitted" | "expired" => ("counting", "tag wait"),
        "scored" => ("scored", "tag done"),
        _ => ("ended", "tag late"),
    }
}

/// Whether appeals are still taken.
fn appeals_open(one: &Json) -> bool {
    let until = api::wire::moment(one.str("appeals_until"));
    until.is_some_and(|until| until > app().now())
}

fn card(one: &Json, all: Loading<Json>) -> El {
    let title = one.at("title").clone();
    let (word, look) = stage(one);
    el("li").child(
        div("card")
            .child(el("h2").child(live_text(move || pick_json(&title))))
            .child(
                el("p").child(el("span").class(look).child(live_text(move || t_of("tests", word)))),
            )
            .child(about(one))
            .child(result(one))
            .child(appeals(one))
            .child(match word {
                "ahead" => el("p").class("prose small").t("tests.bring").done(),
                "ended" => el("p").class("prose small").t("tests.ended_about").done(),
                _ => nothing(),
            })
            .child(doors(one, word, all)),
    )
}

fn about(one: &Json) -> El {
    let (when, place, lang) = (one.clone(), one.at("place").clone(), one.str("lang").to_owned());
    let minutes = number_of(one.int("minutes").unwrap_or(0));
    let mut rows = vec![
        ("tests.when", live_text(move || moment_at(&when, "starts_at"))),
        ("tests.where", live_text(move || pick_json(&place))),
    ];
    for (key, name) in [("tests.room", "room"), ("tests.seat", "seat")] {
        let text = one.str(name).to_owned();
        if !text.is_empty() {
            rows.push((key, el("span").child(text).done()));
        }
    }
    rows.push(("tests.lang", live_text(move || t_of("lang", &lang))));
    rows.push(("tests.time", live_text(move || fill("tests.minutes", &[("n", &minutes)]))));
    facts(rows)
}

/// Points of millionths, hundredths where there are some.
fn points(millionths: i64) -> String {
    let hundredths = millionths / 10_000;
    match hundredths % 100 {
        0 => number_of(hundredths / 100),
        rest => format!("{},{rest:02}", hundredths / 100),
    }
}

fn result(one: &Json) -> AnyView {
    if one.is_empty("result.points") && one.int("result.points").is_none() {
        return nothing();
    }
    let sum =
        |one: &Json| [one.int("points"), one.int("most")].map(|value| points(value.unwrap_or(0)));
    let total = sum(one.at("result"));
    let reached = one.str("result.reached").to_owned();
    let parts = one.list("result.parts").iter().map(|part| {
        let (title, [got, most]) = (part.at("title").clone(), sum(part));
        el("li").child(live_text(move || {
            let of = fill("tests.sum", &[("n", &got), ("most", &most)]);
            format!("{}: {of}", pick_json(&title))
        }))
    });
    div("group")
        .child(el("p").child(el("strong").child(live_text(move || {
            let category = match reached.is_empty() {
                true => t("tests.no_category").to_owned(),
                false => t_of("test_category", &reached),
            };
            let of = fill("tests.sum", &[("n", &total[0]), ("most", &total[1])]);
            format!("{of} · {category}")
        }))))
        .child(el("ul").class("small").children(parts))
        .done()
}

fn appeals(one: &Json) -> AnyView {
    let until = one.clone();
    let window = appeals_open(one).then(|| {
        el("p").class("notice wait").child(live_text(move || {
            fill("tests.appeals_until", &[("until", &moment_at(&until, "appeals_until"))])
        }))
    });
    let rows = one.list("appeals").iter().map(|appeal| {
        let (appeal, task) = (appeal.clone(), number_of(appeal.int("task").unwrap_or(0)));
        el("li").child(live_text(move || {
            let task = fill("tests.appeal_n", &[("n", &task)]);
            let stands = match appeal.str("decision.decision") {
                "" if appeal.is_empty("due") => t("tests.appeal_open").to_owned(),
                "" => fill("tests.appeal_due", &[("day", &day_at(&appeal, "due"))]),
                code => t_of("test_ruling", code),
            };
            format!("{task}: {stands}")
        }))
    });
    let rows: Vec<El> = rows.collect();
    if window.is_none() && rows.is_empty() {
        return nothing();
    }
    div("group").maybe(window).child(el("ul").class("appeals").children(rows)).done()
}

/// The way into the test, and the certificate.
fn doors(one: &Json, word: &'static str, all: Loading<Json>) -> El {
    let id = one.str("id").to_owned();
    let code = one.str("certificate").to_owned();
    let open = appeals_open(one);
    let enters = open || !matches!(word, "scored" | "ended");
    let settled = word == "scored" && !open && one.int("open_appeals") == Some(0);
    let asked = id.clone();
    div("group")
        .maybe(enters.then(|| way_in(id)))
        .maybe((settled && code.is_empty()).then(|| {
            div("buttons").child(ui::button("button", "tests.certificate", move |_| {
                let path = format!("my/exams/{asked}/certificate");
                api::run(async move {
                    match api::call("POST", path).send().await {
                        Ok(_) => all.again(),
                        Err(problem) => app().say(problem.words(), true),
                    }
                });
            }))
        }))
        .maybe((!code.is_empty()).then(|| {
            let shown = code.clone();
            el("p")
                .child(
                    el("a")
                        .class("button second")
                        .attr_live("href", move || {
                            let lang = crate::text::lang();
                            Some(format!("/{}/certificates/{code}", lang.code()))
                        })
                        .t("tests.certificate_see"),
                )
                .child(" ")
                .child(el("code").class("half-code").child(shown))
        }))
}

/// A link that is made when it is asked for; the one before it ends, so nobody else is in by an old one.
fn way_in(id: String) -> El {
    let link = RwSignal::new(String::new());
    div("group").child(live(move || {
        let made = link.get();
        if !made.is_empty() {
            return div("notice done")
                .attr("role", "status")
                .child(el("p").t("tests.link_about"))
                .child(
                    el("a")
                        .class("button")
                        .id("way-in")
                        .attr("href", made)
                        .attr("rel", "noreferrer")
                        .t("tests.enter"),
                )
                .done();
        }
        let path = format!("my/exams/{id}/link");
        div("buttons")
            .child(ui::button("button", "tests.link", move |_| {
                let call = api::call("POST", path.clone());
                api::run(async move {
                    match call.send().await {
                        Ok(text) => {
                            let said = json::read(&text).unwrap_or_default();
                            if link.try_set(said.str("link").to_owned()).is_none() {
                                browser::soon(|| browser::focus("way-in"));
                            }
                        }
                        Err(problem) => app().say(problem.words(), true),
                    }
                });
            }))
            .done()
    }))
}
