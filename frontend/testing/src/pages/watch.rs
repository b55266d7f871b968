//! The room while a test runs: who is in, how far, who has gone silent, how much time is left. Rows
//! are drawn once and only their words change, so that nobody loses the button they are on.

mod sheet;

use super::at;
use crate::{
    dom::{El, div, el, live, live_text, nothing},
    json::Json,
    reactive::{AnyView, RwSignal},
    room::Room,
    state::app,
    text::{fill, number_of, pick_json, t, t_of},
    ui::{
        self, chart,
        field::{Bind, field},
        load::{Loading, load},
        page::page_with,
    },
};

/// Less than so many milliseconds: somebody should look.
const SHORT: i64 = 5 * 60_000;

/// What the page knows.
#[derive(Clone, Copy)]
struct Watch {
    room: Room,
    session: Loading<Json>,
    /// Grows with the clock, so that minutes are written anew.
    tick: RwSignal<u32>,
    /// `all`, `attention`, or a state.
    only: RwSignal<String>,
    /// Whether those who need somebody stand first; else by name.
    urgent: RwSignal<bool>,
    find: RwSignal<String>,
    /// Whose sheet is open.
    chosen: RwSignal<String>,
    open: RwSignal<bool>,
    /// What happened, as it is being written for the act.
    what: RwSignal<String>,
}

/// The page.
pub fn page(id: &str) -> AnyView {
    let session = load::<Json>(format!("exam-sessions/{id}"));
    let watch = Watch {
        room: Room::watch(id),
        session,
        tick: RwSignal::new(0),
        only: RwSignal::new("all".to_owned()),
        urgent: RwSignal::new(true),
        find: RwSignal::new(String::new()),
        chosen: RwSignal::new(String::new()),
        open: RwSignal::new(false),
        what: RwSignal::new(String::new()),
    };
    clock(watch.tick);
    page_with(
        move || {
            session.get().map_or_else(
                || t("testing.room").to_owned(),
                |one| {
                    fill(
                        "watch.title",
                        &[("room", one.str("room")), ("exam", &pick_json(one.at("title")))],
                    )
                },
            )
        },
        Some(at(format!("sessions/{id}"))),
        None,
    )
    .child(heard(watch))
    .child(session.view(move |all| drawn(watch, &all)))
    .child(sheet::sheet(watch))
    .done()
}

fn clock(tick: RwSignal<u32>) {
    if tick.try_update(|n| *n = n.wrapping_add(1)).is_some() {
        crate::browser::after(5_000, move || clock(tick));
    }
}

/// Whether what is shown is of now: said in words, politely.
fn heard(watch: Watch) -> AnyView {
    live(move || {
        watch.tick.get();
        let room = watch.room;
        if room.taken.get() {
            return div("notice wait")
                .attr("role", "status")
                .child(el("p").t("watch.taken"))
                .child(ui::button("button", "watch.take_back", move |_| room.take_back()))
                .done();
        }
        match (room.heard.get(), room.lost.get() || !room.is_fresh()) {
            (0, false) => nothing(),
            (0, true) => el("p").class("soft").attr("role", "status").t("watch.asking").done(),
            (_, false) => nothing(),
            (at, true) => {
                let seconds = ((app().now().millis() - at) / 1000).max(0);
                let words = move || fill("watch.lost", &[("n", &number_of(seconds))]);
                div("notice late").attr("role", "status").child(live_text(words)).done()
            }
        }
    })
}

/// A seat as the worker last told of it.
fn row_of(watch: Watch, id: &str) -> Json {
    watch
        .room
        .seats
        .with(|seats| seats.iter().find(|seat| seat.str("id") == id).cloned().unwrap_or_default())
}

/// How somebody stands, in one word.
fn status(row: &Json) -> &'static str {
    let state = row.str("state");
    if let Some(over) = ["scored", "annulled"].into_iter().find(|one| *one == state) {
        return over;
    }
    let live = row.at("live");
    if live.flag("lost") {
        return "lost";
    }
    let silent = !live.is_empty("silent_since") || live.int("silent_since").is_some();
    match live.str("status") {
        "ready" if state == "assigned" => "waits",
        "ready" if silent => "admitted",
        "ready" => "ready",
        "running" if silent => "offline",
        "running" => "running",
        "paused" => "paused",
        "submitted" => "submitted",
        "expired" => "expired",
        "terminated" => "terminated",
        _ if state == "admitted" => "admitted",
        _ => "assigned",
    }
}

/// Whether somebody should look there.
fn wants(row: &Json) -> bool {
    matches!(status(row), "waits" | "offline" | "paused" | "lost")
        || row.int("live.moved").unwrap_or(0) >= 2
        || left(row).is_some_and(|left| left < SHORT)
}

/// Milliseconds that are left; none where the clock does not run.
fn left(row: &Json) -> Option<i64> {
    let deadline = row.int("live.deadline")?;
    match row.str("live.status") {
        "running" => Some((deadline - app().now().millis()).max(0)),
        "paused" => Some((deadline - row.int("live.paused_at")?).max(0)),
        _ => None,
    }
}

fn state_tag(watch: Watch, id: &str) -> El {
    let (one, two) = (id.to_owned(), id.to_owned());
    el("span")
        .attr_live("class", move || {
            Some(
                match status(&row_of(watch, &one)) {
                    "running" => "tag done",
                    "waits" | "paused" => "tag wait",
                    "offline" | "lost" | "terminated" | "annulled" => "tag late",
                    "assigned" => "tag mute",
                    _ => "tag",
                }
                .to_owned(),
            )
        })
        .child(live_text(move || {
            let status = status(&row_of(watch, &two));
            let sign = match status {
                "running" => "●",
                "waits" => "?",
                "paused" => "❚❚",
                "offline" | "lost" => "⚠",
                "terminated" | "annulled" => "✕",
                "assigned" => "○",
                _ => "✓",
            };
            format!("{sign} {}", t_of("watch_state", status))
        }))
}

const STATES: [&str; 8] =
    ["assigned", "waits", "admitted", "running", "offline", "paused", "over", "lost"];

/// The states of the chart: all ends are one.
fn group(status: &'static str) -> &'static str {
    match status {
        "submitted" | "expired" | "terminated" | "scored" | "annulled" => "over",
        "ready" => "admitted",
        other => other,
    }
}

fn drawn(watch: Watch, all: &Json) -> AnyView {
    if !all.flag("may_watch") {
        return el("p").class("soft").t("watch.not_yours").done();
    }
    let seats = all.list("seats");
    if seats.is_empty() {
        return crate::ui::load::empty("session.nobody", None);
    }
    div("group")
        .child(summary(watch))
        .child(filters(watch))
        .child(rows(watch, seats.to_vec()))
        .done()
}

/// How soon somebody should look: the lower, the sooner.
fn rank(row: &Json) -> u8 {
    match status(row) {
        "offline" | "lost" => 0,
        "waits" => 1,
        "paused" => 2,
        _ if wants(row) => 3,
        "running" | "ready" | "admitted" => 4,
        "assigned" => 5,
        _ => 6,
    }
}

/// The rows in their order. They are drawn anew when the order changes, and whoever was on a button is on
/// it again; the words of a row change without that.
fn rows(watch: Watch, seats: Vec<Json>) -> AnyView {
    let ids: Vec<String> = seats.iter().map(|seat| seat.str("id").to_owned()).collect();
    let order = crate::dom::settled(move || {
        let mut all: Vec<(u8, usize)> = (0..ids.len()).map(|at| (0, at)).collect();
        if watch.urgent.get() {
            watch.tick.get();
            watch.room.seats.with(|heard| {
                for (rank_of, at) in &mut all {
                    let row = heard.iter().find(|row| row.str("id") == ids[*at]);
                    *rank_of = row.map_or(5, rank);
                }
            });
            all.sort_unstable();
        }
        all.iter().map(|(_, at)| at.to_string()).collect::<Vec<_>>().join(" ")
    });
    live(move || {
        let order = order.get();
        let here = crate::browser::document().active_element().map(|one| one.id());
        let here = here.filter(|id| id.starts_with("seat-"));
        if let Some(id) = here {
            crate::browser::soon(move || crate::browser::focus(&id));
        }
        crate::dom::quietly(|| {
            let lines = order
                .split(' ')
                .filter_map(|at| Some(line(watch, seats.get(at.parse::<usize>().ok()?)?)));
            el("ul").class("seats").children(lines).done()
        })
    })
}

/// How many are in which state: bars and numbers beside their words.
fn summary(watch: Watch) -> El {
    let count = move |code: &str| {
        watch.room.seats.with(|seats| {
            let n = seats.iter().filter(|row| group(status(row)) == code).count();
            u32::try_from(n).unwrap_or_default()
        })
    };
    div("panel room-sum").child(el("h2").t("watch.now")).child(live(move || {
        let rows = STATES.into_iter().filter_map(|code| {
            let n = count(code);
            let always = ["assigned", "running", "offline", "over"].contains(&code);
            (n > 0 || always).then(|| (live_text(move || t_of("watch_state", code)), n))
        });
        chart::rows(rows.collect()).done()
    }))
}

const FILTERS: [&str; 7] =
    ["all", "attention", "offline", "running", "admitted", "assigned", "over"];

/// Whether a seat belongs to a filter.
fn is_of(row: &Json, filter: &str) -> bool {
    match filter {
        "all" => true,
        "attention" => wants(row),
        "offline" => matches!(status(row), "offline" | "lost"),
        state => group(status(row)) == state,
    }
}

fn filters(watch: Watch) -> El {
    let chip = move |code: &'static str| {
        let here = move || watch.only.with(|only| only == code);
        el("li").child(
            el("button")
                .attr("type", "button")
                .class("chip")
                .attr_live("aria-pressed", move || Some(here().to_string()))
                .child(live_text(move || {
                    watch.tick.get();
                    let n = watch
                        .room
                        .seats
                        .with(|seats| seats.iter().filter(|row| is_of(row, code)).count());
                    let n = number_of(i64::try_from(n).unwrap_or(0));
                    let words = match code {
                        "all" | "attention" => t_of("watch_filter", code),
                        state => t_of("watch_state", state),
                    };
                    format!("{words} · {n}")
                }))
                .on("click", move |_| watch.only.set(code.to_owned())),
        )
    };
    div("room-filters")
        .child(el("ul").class("chips").children(FILTERS.map(chip)))
        .child(
            el("label")
                .class("tick")
                .child(
                    el("input")
                        .attr("type", "checkbox")
                        .checked(move || watch.urgent.get())
                        .on("change", move |_| watch.urgent.update(|on| *on = !*on)),
                )
                .child(el("span").t("watch.urgent")),
        )
        .child(
            field("find", "watch.find", crate::ui::errors::errors())
                .short()
                .input("search", Bind::from(watch.find)),
        )
}

fn line(watch: Watch, seat: &Json) -> El {
    let id = seat.str("id").to_owned();
    let name = seat.str("name").to_owned();
    let (lang, number) = (seat.str("lang").to_owned(), seat.str("seat").to_owned());
    let extra = seat.int("extra_minutes").unwrap_or(0);
    let sign = seat.flag("sign");
    let words = crate::browser::lower(&format!("{name} {number} {}", seat.str("candidate")));
    let (shown, far, time, label, press) =
        (id.clone(), id.clone(), id.clone(), name.clone(), id.clone());
    let hidden = move || {
        watch.tick.get();
        let find = watch.find.with(|find| crate::browser::lower(find.trim()));
        let other = watch.only.with(|only| only != "all" && !is_of(&row_of(watch, &shown), only));
        other || (!find.is_empty() && !words.contains(&find))
    };
    el("li")
        .flag("hidden", hidden)
        .child(div("seat-who").child(el("strong").child(name)).child(div("small soft").child(
            live_text(move || {
                let mut words = Vec::new();
                if !number.is_empty() {
                    words.push(fill("seat.seat_n", &[("n", &number)]));
                }
                words.push(t_of("lang", &lang));
                if extra > 0 {
                    words.push(fill("seat.extra_n", &[("n", &number_of(extra))]));
                }
                if sign {
                    words.push(t("seat.sign").to_owned());
                }
                words.join(" · ")
            }),
        )))
        .child(state_tag(watch, &id))
        .child(div("seat-far num").child(live_text(move || {
            let row = row_of(watch, &far);
            match (row.int("live.answered"), row.int("live.slots")) {
                (Some(n), Some(of)) if row.int("live.started_at").is_some() => {
                    fill("watch.far", &[("n", &number_of(n)), ("of", &number_of(of))])
                }
                _ => String::new(),
            }
        })))
        .child(div("seat-left num").child(live_text(move || {
            watch.tick.get();
            match left(&row_of(watch, &time)) {
                Some(left) => fill("watch.left", &[("n", &number_of((left + 59_999) / 60_000))]),
                None => String::new(),
            }
        })))
        .child(
            el("button")
                .attr("type", "button")
                .class("button second")
                .id(format!("seat-{id}"))
                .t("watch.actions")
                .child(el("span").class("vh").child(format!(": {label}")))
                .on("click", move |_| {
                    watch.chosen.set(press.clone());
                    watch.what.set(String::new());
                    watch.open.set(true);
                }),
        )
}
