//! Saved vacancies.

use super::my;
use crate::{
    api::wire,
    dom::{El, div, el, live_text},
    form::form,
    json::Json,
    nav::link,
    offline::outbox::Write,
    reactive::AnyView,
    state::app,
    text::{count, day, pick_json, t},
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
    page_with(|| t("nav.saved").to_owned(), None, None)
        .child(section("saved.vacancies").child(saved.view(move |all| vacancies(&all, saved))))
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
