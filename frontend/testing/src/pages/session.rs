//! One session: what comes next, who sits, and the results once they may be told.

use super::{
    act, applicants, at, paper, people, points, points_of, sessions::stage_tag, tag, ways,
};
use crate::{
    api, browser,
    dom::{El, div, el, live_text, nothing},
    json::Json,
    nav::link,
    reactive::AnyView,
    text::{fill, moment_at, number_of, pick_json, t, t_of},
    ui::{
        self,
        load::{Loading, load},
        page::{facts, page_with, section},
    },
};

/// The page.
pub fn page(id: &str) -> AnyView {
    let one = load::<Json>(format!("exam-sessions/{id}"));
    page_with(
        move || {
            one.get()
                .map_or_else(|| t("testing.session").to_owned(), |one| pick_json(one.at("title")))
        },
        Some(at("sessions")),
        None,
    )
    .child(ways())
    .child(one.view(move |all| drawn(&all, one)))
    .done()
}

fn drawn(all: &Json, one: Loading<Json>) -> AnyView {
    div("group")
        .child(about(all))
        .child(timeline(all))
        .child(seats(all))
        .maybe(all.flag("may_manage").then(|| applicants::section_of(all, one)))
        .maybe(all.flag("may_manage").then(|| people::section_of(all, one)))
        .child(paper::section_of(all))
        .child(acts(all))
        .done()
}

fn about(all: &Json) -> El {
    let (place, when) = (all.at("place").clone(), all.clone());
    let minutes = all.int("minutes").unwrap_or(0);
    let tasks = all.int("tasks").unwrap_or(0);
    let room = at(format!("sessions/{}/room", all.str("id")));
    section("session.about")
        .child(facts([
            ("session.stage", stage_tag(all).done()),
            ("session.when", live_text(move || moment_at(&when, "starts_at"))),
            ("session.place", live_text(move || pick_json(&place))),
            ("session.room", el("span").child(all.str("room").to_owned()).done()),
            (
                "exam.size",
                live_text(move || {
                    fill(
                        "exam.tasks_minutes",
                        &[("n", &number_of(tasks)), ("m", &number_of(minutes))],
                    )
                }),
            ),
        ]))
        .maybe(
            all.flag("may_watch")
                .then(|| div("buttons").child(link(room).class("button").t("session.to_room"))),
        )
}

/// What has happened and what is to come, in order; a sign and words, never colour alone.
fn timeline(all: &Json) -> El {
    let count = |name: &str| all.int(name).unwrap_or(0);
    let over = count("candidates") > 0 && count("over") == count("candidates");
    let steps = [
        ("session.step_commitment", !all.is_empty("commitment")),
        ("session.step_people", count("candidates") > 0),
        ("session.step_open", count("admitted") > 0),
        ("session.step_over", over),
        ("session.step_closed", all.str("exam_state") == "closed"),
        ("session.step_revealed", !all.is_empty("revealed_at")),
    ];
    let now = steps.iter().position(|(_, done)| !done);
    section("session.timeline").child(el("ol").class("steps-list").children(
        steps.into_iter().enumerate().map(move |(at, (key, done))| {
            let sign = if done { "✓" } else { "○" };
            let said = if done { "session.done" } else { "session.to_come" };
            let step = el("li")
                .child(el("span").class("sign").attr("aria-hidden", "true").child(sign))
                .child(el("span").t(key))
                .child(el("span").class("vh").child(live_text(move || format!(" — {}", t(said)))));
            if now == Some(at) { step.attr("aria-current", "step") } else { step }
        }),
    ))
}

const HEADS: &[&str] =
    &["seat.name", "seat.state", "seat.points", "seat.reached", "seat.certificate"];

fn seats(all: &Json) -> El {
    let list = all.list("seats");
    let window = all.int("window_minutes").unwrap_or(0);
    let parts: Vec<Json> = all.list("sections").to_vec();
    let whole = section("session.people").child(
        el("p")
            .class("soft small")
            .child(live_text(move || fill("session.results_about", &[("n", &number_of(window))]))),
    );
    if list.is_empty() {
        return whole.child(el("p").class("soft").t("session.nobody"));
    }
    whole.child(ui::table::table(
        "session.people",
        HEADS,
        list.iter().map(move |seat| cells(seat, &parts)),
    ))
}

fn cells(seat: &Json, parts: &[Json]) -> Vec<AnyView> {
    let extra = seat.int("extra_minutes").unwrap_or(0);
    let (lang, number) = (seat.str("lang").to_owned(), seat.str("seat").to_owned());
    let reached = seat.str("reached").to_owned();
    let code = seat.str("certificate").to_owned();
    let total = points_of(seat, "points");
    let known = seat.int("points").is_some();
    vec![
        div("cell-title")
            .child(el("span").child(seat.str("name").to_owned()))
            .child(div("small soft").child(live_text(move || {
                let mut words = vec![t_of("lang", &lang)];
                if !number.is_empty() {
                    words.push(fill("seat.seat_n", &[("n", &number)]));
                }
                if extra > 0 {
                    words.push(fill("seat.extra_n", &[("n", &number_of(extra))]));
                }
                words.join(" · ")
            })))
            .done(),
        tag("seat_state", seat.str("state")).done(),
        div("cell-points")
            .child(el("span").class("num").child(total))
            .children(seat.list("parts").iter().zip(parts).map(|(part, title)| {
                let (title, part) = (title.clone(), part.clone());
                div("small soft").child(live_text(move || {
                    let sum = |name: &str| points(part.int(name).unwrap_or(0));
                    format!("{}: {} / {}", pick_json(&title), sum("points"), sum("most"))
                }))
            }))
            .done(),
        live_text(move || match (known, reached.is_empty()) {
            (false, _) => "—".to_owned(),
            (true, true) => t("seat.no_category").to_owned(),
            (true, false) => t_of("exam_category", &reached),
        }),
        match code.is_empty() {
            true => el("span").child("—").done(),
            false => el("a")
                .attr_live("href", {
                    let code = code.clone();
                    move || Some(format!("/{}/certificates/{code}", crate::text::lang().code()))
                })
                .child(code)
                .done(),
        },
    ]
}

/// Acts of violation: written in the room, signed by who runs the session.
fn acts(all: &Json) -> AnyView {
    let manages = all.flag("may_manage");
    if !manages && !all.flag("may_watch") {
        return nothing();
    }
    let session = all.str("id").to_owned();
    let list = load::<Json>(format!("exam-sessions/{session}/acts"));
    let names: Vec<(String, String)> = all
        .list("seats")
        .iter()
        .map(|seat| (seat.str("id").to_owned(), seat.str("name").to_owned()))
        .collect();
    section("session.acts")
        .child(el("p").class("soft small").t("session.acts_about"))
        .child(list.view(move |all| {
            let Json::List(rows) = &all else { return nothing() };
            if rows.is_empty() {
                return el("p").class("soft").t("session.no_acts").done();
            }
            let rows = rows.iter().map(|row| {
                let name = names.iter().find(|(id, _)| id == row.str("attempt"));
                let name = name.map_or_else(String::new, |(_, name)| name.clone());
                let (when, signed) = (row.clone(), !row.is_empty("signed_at"));
                let path = format!("exam-sessions/{session}/acts/{}/sign", row.str("id"));
                el("li")
                    .child(
                        div("row-main")
                            .child(el("strong").child(name))
                            .child(el("p").class("prose").child(row.str("what").to_owned()))
                            .child(
                                div("small soft").child(live_text(move || moment_at(&when, "at"))),
                            ),
                    )
                    .child(match (signed, manages) {
                        (true, _) => tag("act_state", "annulled").done(),
                        (false, true) => {
                            ui::button("button danger", "session.sign_act", move |_| {
                                let call = api::call("POST", path.clone()).once(browser::uuid());
                                act(call, "session.act_signed", move || list.again());
                            })
                            .done()
                        }
                        (false, false) => tag("act_state", "proposed").done(),
                    })
            });
            el("ul").class("rows").children(rows).done()
        }))
        .done()
}
