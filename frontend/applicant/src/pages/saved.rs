//! Saved vacancies and alerts.

use super::my;
use crate::{
    api::wire,
    dom::{El, div, el, live_text},
    form::form,
    json::{self, Json},
    nav::link,
    offline::outbox::Write,
    reactive::AnyView,
    state::app,
    text::{count, day, pick_json, t, t_of},
    ui::{
        self,
        load::{Loading, empty, load},
        page::{page_with, section},
    },
};
use domain::shared::time::days_between;

/// The page.
pub fn page() -> AnyView {
    let saved = load::<Json>("my/saved");
    let alerts = load::<Json>("my/subscriptions");
    page_with(|| t("nav.saved").to_owned(), None, None)
        .child(section("saved.vacancies").child(saved.view(move |all| vacancies(&all, saved))))
        .child(section("saved.alerts").child(alerts.view(move |all| subscriptions(&all, alerts))))
        .done()
}

fn list(all: &Json) -> &[Json] {
    match all {
        Json::List(list) => list,
        other => other.list("items"),
    }
}

fn vacancies(all: &Json, saved: Loading<Json>) -> AnyView {
    if list(all).is_empty() {
        let find = el("a")
            .class("button second")
            .attr_live("href", || Some(format!("/{}/vacancies", crate::text::lang().code())))
            .t("home.find");
        return empty("saved.none", Some(find));
    }
    el("ul").class("rows").children(list(all).iter().map(|one| vacancy(one, saved))).done()
}

fn vacancy(one: &Json, saved: Loading<Json>) -> El {
    let (title, organisation) = (one.at("title").clone(), one.at("organisation.name").clone());
    let slug = one.str("slug").to_owned();
    let closes = wire::moment(one.str("closes_at"));
    let application = one.texts("application");
    let id = one.str("vacancy").to_owned();
    let open = one.str("state") == "published";
    let applied = application.first().cloned();
    let to = match &applied {
        Some(id) => link(my(format!("applications/{id}"))).t("saved.to_application"),
        None => link(crate::router::Place::from(my("applications/new")).with("vacancy", &id))
            .class("button")
            .t("saved.apply"),
    };
    let dropped = form(Json::Null);
    el("li")
        .child(
            div("row-main")
                .child(
                    el("a")
                        .attr_live("href", move || {
                            Some(format!("/{}/vacancies/{slug}", crate::text::lang().code()))
                        })
                        .child(live_text(move || pick_json(&title))),
                )
                .child(
                    el("span")
                        .class("small soft")
                        .child(live_text(move || pick_json(&organisation))),
                )
                .maybe(closes.map(|closes| {
                    let left = days_between(app().now().day(), closes.day()).max(0);
                    el("span").class("small").child(live_text(move || match open {
                        true => format!("{} · {}", day(closes.day()), count("days.left", left)),
                        false => t("saved.over").to_owned(),
                    }))
                })),
        )
        .child(div("row-side").maybe((open || applied.is_some()).then_some(to)).child(ui::button(
            "button quiet",
            "saved.forget",
            move |_| {
                let write = Write {
                    method: "DELETE",
                    path: format!("my/saved/{id}"),
                    object: format!("saved/{id}"),
                    what: "saved",
                    ..Write::default()
                };
                dropped.send(write, move |_| saved.again());
            },
        )))
}

fn subscriptions(all: &Json, alerts: Loading<Json>) -> AnyView {
    if list(all).is_empty() {
        return empty("saved.no_alerts", None);
    }
    el("ul").class("rows").children(list(all).iter().map(|one| subscription(one, alerts))).done()
}

fn subscription(one: &Json, alerts: Loading<Json>) -> El {
    let (period, state) = (one.str("period").to_owned(), one.str("state").to_owned());
    let (words, address) = (period.clone(), one.str("address").to_owned());
    let query = one.str("query").to_owned();
    let id = one.str("id").to_owned();
    let active = state == "active";
    let change = form(Json::Null);
    let body = json::map([
        ("period", period.into()),
        ("state", if active { "stopped".into() } else { "active".into() }),
    ]);
    el("li")
        .child(
            div("row-main")
                .child(
                    el("a")
                        .attr_live("href", move || {
                            Some(format!("/{}/vacancies?{query}", crate::text::lang().code()))
                        })
                        .child(one.str("name").to_owned()),
                )
                .child(
                    el("span").class("small soft").child(live_text(move || {
                        format!("{} · {address}", t_of("period", &words))
                    })),
                ),
        )
        .child(
            div("row-side")
                .child(
                    el("span")
                        .class(if active { "tag done" } else { "tag mute" })
                        .child(live_text(move || t_of("alert_state", &state))),
                )
                .child(ui::button(
                    "button quiet",
                    if active { "saved.stop" } else { "saved.resume" },
                    move |_| {
                        let write = Write {
                            method: "PUT",
                            path: format!("my/subscriptions/{id}"),
                            object: format!("alert/{id}"),
                            body: Some(body.clone()),
                            what: "alert",
                            ..Write::default()
                        };
                        change.send(write, move |_| alerts.again());
                    },
                )),
        )
}
