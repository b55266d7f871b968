//! Saved vacancies, and alerts about new ones.

use super::my;
use crate::{
    api::wire,
    dom::{El, div, el, live_text},
    form::form,
    json::{self, Json},
    nav::{self, link},
    offline::outbox::Write,
    reactive::AnyView,
    state::app,
    text::{count, day, pick_json, t, t_of},
    ui::{
        self,
        errors::summary,
        load::{Loading, empty, load},
        page::{page_with, section},
    },
};
use domain::shared::time::days_between;

/// The page.
pub fn page() -> AnyView {
    let saved = load::<Json>("my/saved");
    let told = load::<Json>("my/subscriptions");
    page_with(|| t("nav.saved").to_owned(), None, None)
        .child(section("saved.vacancies").child(saved.view(move |all| vacancies(&all, saved))))
        .child(section("saved.alerts").child(told.view(move |all| alerts(&all, told))))
        .done()
}

/// `/app/my/saved/1001`, where the page of a vacancy leads: saves it, then shows what is saved.
pub fn keep(vacancy: String) -> AnyView {
    let form = form(Json::Null);
    let write = Write {
        method: "PUT",
        path: format!("my/saved/{vacancy}"),
        object: format!("saved/{vacancy}"),
        body: Some(json::map([])),
        what: "saved",
        ..Write::default()
    };
    form.send(write, |answer| {
        if answer.is_some() {
            app().say(t("saved.done"), false);
        }
        nav::replace(my("saved"));
    });
    page_with(|| t("nav.saved").to_owned(), Some(my("saved")), None)
        .child(summary(form.errors))
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
        return empty("saved.none", Some(find()));
    }
    el("ul").class("rows").children(list(all).iter().map(|one| vacancy(one, saved))).done()
}

fn find() -> El {
    el("a")
        .class("button second")
        .attr_live("href", || Some(format!("/{}/vacancies", crate::text::lang().code())))
        .t("home.find")
}

fn alerts(all: &Json, told: Loading<Json>) -> AnyView {
    if list(all).is_empty() {
        return empty("saved.no_alerts", Some(find()));
    }
    el("ul").class("rows").children(list(all).iter().map(|one| alert(one, told))).done()
}

fn alert(one: &Json, told: Loading<Json>) -> El {
    let text = |name: &str| one.str(name).to_owned();
    let (query, name, to) = (text("query"), text("name"), text("address"));
    let (state, period, channel) = (text("state"), text("period"), text("channel"));
    let active = state == "active";
    let object = format!("alert/{}", one.str("id"));
    let path = format!("my/subscriptions/{}", one.str("id"));
    let changed = form(Json::Null);
    let act = move |method: &'static str, path: &str, object: &str, body: Option<Json>| {
        let (path, object) = (path.to_owned(), object.to_owned());
        let write = Write { method, path, object, body, what: "alert", ..Write::default() };
        changed.send(write, move |_| told.again());
    };
    let to_be = |period: &str, state: &str| {
        json::map([("period", period.to_owned().into()), ("state", state.to_owned().into())])
    };
    let other = if period == "daily" { "weekly" } else { "daily" };
    let often = to_be(other, &state);
    let turned = to_be(&period, if active { "stopped" } else { "active" });
    let button = |key: &'static str, method: &'static str, body: Option<Json>| {
        let (path, object) = (path.clone(), object.clone());
        ui::button("button quiet", key, move |_| act(method, &path, &object, body.clone()))
    };
    el("li")
        .child(
            div("row-main")
                .child(
                    el("a")
                        .attr_live("href", move || {
                            Some(format!("/{}/vacancies?{query}", crate::text::lang().code()))
                        })
                        .child(name),
                )
                .child(el("span").class("small soft").child(live_text(move || {
                    format!("{} · {to} · {}", t_of("channel", &channel), t_of("period", &period))
                })))
                .child(
                    el("div").child(
                        el("span")
                            .class(if active { "tag done" } else { "tag mute" })
                            .child(live_text(move || t_of("alert_state", &state))),
                    ),
                ),
        )
        .child(
            div("row-side")
                .maybe(active.then(|| {
                    let key = if other == "daily" { "saved.daily" } else { "saved.weekly" };
                    button(key, "PUT", Some(often))
                }))
                .child(button(
                    if active { "saved.stop" } else { "saved.resume" },
                    "PUT",
                    Some(turned),
                ))
                .child(button("saved.forget", "DELETE", None)),
        )
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
