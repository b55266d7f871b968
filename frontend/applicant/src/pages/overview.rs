//! What needs the person, what runs and until when.

use super::my;
use crate::{
    api::wire,
    dom::{El, div, el, live_text},
    json::Json,
    nav::link,
    reactive::AnyView,
    router::Route,
    text::{count, day, moment, moment_at, number_of, pick_json, t, t_of},
    ui::{
        load::{empty, load},
        page::{page_with, section},
    },
};
use domain::shared::time::days_between;

/// The page.
pub fn page() -> AnyView {
    let overview = load::<Json>("my/overview");
    let applications = load::<Json>("my/applications");
    let find = el("a")
        .class("button")
        .attr_live("href", || Some(format!("/{}/vacancies", crate::text::lang().code())))
        .t("home.find");
    page_with(|| t("my.home").to_owned(), None, Some(find))
        .child(overview.view(actions))
        .child(section("home.running").child(applications.view(running)))
        .child(overview.view(counts))
        .done()
}

/// What needs action, the soonest first.
fn actions(all: Json) -> AnyView {
    let list = all.list("actions").to_vec();
    let frame = section("home.needs");
    if list.is_empty() {
        return frame.child(el("p").class("soft").t("home.nothing")).done();
    }
    frame
        .child(el("ul").class("rows").children(list.into_iter().map(|one| {
            let due = moment_at(&one, "due");
            el("li")
                .child(
                    div("row-main").child(link(place_of(&one)).child(one.str("text").to_owned())),
                )
                .maybe((!due.is_empty()).then(|| el("span").class("tag wait").child(due)))
        })))
        .done()
}

/// Where an action is done.
fn place_of(action: &Json) -> Route {
    let object = action.texts("object");
    let id = object.get(1).map(String::as_str).unwrap_or_default();
    match object.first().map(String::as_str).unwrap_or_default() {
        "application" if !id.is_empty() => my(format!("applications/{id}")),
        "profile" | "record" | "item" if !id.is_empty() => my(format!("profile/record/{id}")),
        "vacancy" | "saved" => my("saved"),
        "consent" | "deletion" => my("privacy"),
        _ => my("profile"),
    }
}

fn running(all: Json) -> AnyView {
    let list: Vec<Json> = all.list("items").to_vec();
    if list.is_empty() {
        return empty("home.no_applications", None);
    }
    let now = wire::moment(all.str("server_time"));
    el("ul").class("rows").children(list.into_iter().map(move |one| row(&one, now))).done()
}

/// An application in a row: what, where it stands, who acts next and until when.
pub fn row(one: &Json, now: Option<domain::shared::time::Timestamp>) -> El {
    let (title, organisation) =
        (one.at("vacancy.title").clone(), one.at("vacancy.organisation.name").clone());
    let state = one.str("state").to_owned();
    let due = wire::moment(one.str("next.due_at"));
    let late = one.flag("next.overdue");
    let mine = one.str("next.who") == "applicant";
    let left = due.zip(now).map(|(due, now)| days_between(now.day(), due.day()).max(0));
    el("li")
        .child(
            div("row-main")
                .child(
                    link(my(format!("applications/{}", one.str("id"))))
                        .child(live_text(move || pick_json(&title))),
                )
                .child(
                    el("span")
                        .class("small soft")
                        .child(live_text(move || pick_json(&organisation))),
                )
                .child(el("span").class("small").child(one.str("next.text").to_owned())),
        )
        .child(div("row-side").child(super::application::state_tag(&state)).maybe(due.map(|due| {
            let class = if late {
                "tag late"
            } else if mine {
                "tag wait"
            } else {
                "small soft"
            };
            el("span").class(class).child(live_text(move || match left {
                Some(left) => format!("{} · {}", day(due.day()), count("days.left", left)),
                None => moment(due),
            }))
        })))
}

fn counts(all: Json) -> AnyView {
    let percent = all.int("percent").unwrap_or_default();
    let places = [
        ("applications", "applications"),
        ("saved", "saved"),
        ("records", "profile"),
        ("unread", "inbox"),
    ];
    div("panel")
        .child(
            el("p")
                .child(link(my("profile")).child(live_text(move || {
                    crate::text::fill("profile.filled", &[("n", &percent.to_string())])
                }))),
        )
        .child(
            el("progress")
                .attr("max", "100")
                .attr("value", percent.to_string())
                .attr_t("aria-label", "profile.title"),
        )
        .child(el("ul").class("counts").children(places.map(|(code, to)| {
            let of = |pair: &&Json| matches!(pair, Json::List(two) if two.first().is_some_and(|name| name.text() == code));
            let n = all.list("counts").iter().find(of).and_then(|pair| match pair {
                Json::List(two) => kit::json::map([("n", two.get(1)?.clone())]).int("n"),
                _ => None,
            });
            el("li").child(link(my(to)).class("chip").child(live_text(move || t_of("home.count", code))).child(" ").child(
                el("span").class("num").child(number_of(n.unwrap_or_default())),
            ))
        })))
        .done()
}
