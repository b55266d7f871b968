//! How messages arrive: alarms, gateways with their money, figures by event. The days are in the
//! address.

use chrono::Days;
use domain::shared::time::Timestamp;

use super::{at, text_of, ways};
use crate::{
    api::wire,
    dom::{El, div, el, live_text, nothing},
    json::Json,
    nav::link,
    reactive::AnyView,
    router::Place,
    state::app,
    text::{fill, iso, moment, number_of, t, t_of},
    ui::{
        list::by_address,
        load::empty,
        page::{page as frame, section},
        table::table,
    },
};

const GATEWAYS: &[&str] =
    &["messages.gateway", "messages.gateway_state", "messages.failures", "messages.balance"];
const FIGURES: &[&str] = &[
    "messages.event",
    "messages.channel",
    "messages.gateway",
    "messages.total",
    "messages.taken",
    "messages.arrived",
    "messages.failed",
    "messages.parts",
    "messages.cost",
];

/// Choices of days; the first one is meant where the address names none.
const DAYS: [&str; 3] = ["30", "7", "90"];

fn path(place: &Place) -> String {
    let days = place.get("days").parse().unwrap_or(30_u64).clamp(1, 366);
    let today = app().now().day();
    let from = today.checked_sub_days(Days::new(days - 1)).unwrap_or(today);
    format!("messages/statistics?from={}&to={}", iso(from), iso(today))
}

/// The page.
pub fn page() -> AnyView {
    let all = by_address::<Json>(path);
    frame("nav.messages", None)
        .child(ways())
        .child(all.view(|all| {
            let waiting = all.int("waiting").unwrap_or_default();
            div("group")
                .child(alarms(all.list("alarms")))
                .child(el("p").child(live_text(move || {
                    fill("messages.waiting", &[("n", &number_of(waiting))])
                })))
                .child(gateways(all.list("gateways")))
                .child(
                    section("messages.figures").child(choices()).child(figures(all.list("rows"))),
                )
                .done()
        }))
        .done()
}

fn choices() -> El {
    el("nav").class("tabs").attr_t("aria-label", "messages.days").children(DAYS.map(|days| {
        let here = move || {
            app().place.with(|place| match place.get("days") {
                "" => days == DAYS[0],
                chosen => chosen == days,
            })
        };
        link(Place::from(at("")).with("days", days))
            .attr_live("aria-current", move || here().then(|| "page".into()))
            .child(live_text(move || fill("messages.last_days", &[("n", days)])))
    }))
}

fn alarms(all: &[Json]) -> El {
    let (open, past): (Vec<&Json>, Vec<&Json>) =
        all.iter().partition(|one| one.is_empty("closed_at"));
    let now = match open.is_empty() {
        true => div("notice done").child(el("p").t("alarm.none")),
        false => div("notice late")
            .attr("role", "alert")
            .child(el("h2").t("alarm.title"))
            .child(el("ul").children(open.into_iter().map(alarm))),
    };
    div("group").child(now).maybe((!past.is_empty()).then(|| {
        el("details")
            .class("fold")
            .child(el("summary").t("alarm.past"))
            .child(el("ul").children(past.into_iter().map(alarm)))
    }))
}

fn alarm(one: &Json) -> El {
    let text = |name: &str| one.str(name).to_owned();
    let (gateway, kind, detail) = (text("gateway"), text("kind"), text("detail"));
    let (from, to) = (wire::moment(one.str("opened_at")), wire::moment(one.str("closed_at")));
    el("li").child(live_text(move || {
        let at = |at: Option<Timestamp>| at.map(moment).unwrap_or_default();
        let until = if to.is_some() { format!(" – {}", at(to)) } else { String::new() };
        let comma = if detail.is_empty() { "" } else { ", " };
        format!("{gateway}: {}{comma}{detail} · {}{until}", t_of("alarm", &kind), at(from))
    }))
}

/// A sum of money: hundredths of a tenge.
fn money(n: i64) -> String {
    format!("{} ₸", number_of(n / 100))
}

fn number(n: i64) -> AnyView {
    el("span").class("num").child(live_text(move || number_of(n))).done()
}

fn gateways(all: &[Json]) -> AnyView {
    if all.is_empty() {
        return nothing();
    }
    let rows = all.iter().map(|one| {
        let rests = wire::moment(one.str("open_until")).filter(|until| *until > app().now());
        let asked = wire::moment(one.str("balance_at"));
        let left = one.int("balance");
        vec![
            el("strong").child(one.str("name").to_owned()).done(),
            el("span")
                .class(if rests.is_some() { "tag late" } else { "tag done" })
                .child(live_text(move || match rests {
                    Some(until) => fill("messages.gateway_rests", &[("at", &moment(until))]),
                    None => t("messages.gateway_works").to_owned(),
                }))
                .done(),
            number(one.int("failures").unwrap_or_default()),
            el("span")
                .class("num")
                .child(live_text(move || {
                    let asked = asked.map(|at| format!(" · {}", moment(at))).unwrap_or_default();
                    left.map_or_else(|| "—".to_owned(), |left| format!("{}{asked}", money(left)))
                }))
                .done(),
        ]
    });
    section("messages.gateways").child(table("messages.gateways", GATEWAYS, rows)).done()
}

fn figures(all: &[Json]) -> AnyView {
    if all.is_empty() {
        return empty("messages.none_days", None);
    }
    let rows = all.iter().map(|one| {
        let n = |name: &str| number(one.int(name).unwrap_or_default());
        let (event, channel) = (one.str("event").to_owned(), one.str("channel").to_owned());
        let cost = one.int("cost").unwrap_or_default();
        vec![
            link(text_of(&event)).child(event).done(),
            live_text(move || t_of("channel", &channel)),
            el("span").child(one.str("gateway").to_owned()).done(),
            n("total"),
            n("sent"),
            n("delivered"),
            n("failed"),
            n("parts"),
            el("span").class("num").child(live_text(move || money(cost))).done(),
        ]
    });
    table("messages.figures", FIGURES, rows).done()
}
