//! The inbox: filters, read marks, new messages without asking.

use super::my;
use crate::{
    api::{self, wire},
    browser,
    dom::{El, div, el, live_text},
    json::{self, Json},
    nav::{self, link},
    reactive::{AnyView, RwSignal},
    router::{Place, write_query},
    state::app,
    text::{ago, t, t_of},
    ui::{
        self,
        list::{by_address, older},
        load::{Loading, empty},
        page::page_with,
    },
};

pub mod settings;

/// Filters, in the order of their tabs; the empty one is everything.
const FILTERS: [&str; 6] = ["", "unread", "application", "reminder", "account", "ticket"];

/// News are asked for so often, milliseconds.
const NEWS: i32 = 60_000;

fn path(place: &Place) -> String {
    let query: Vec<_> = place
        .query
        .iter()
        .filter(|(name, _)| matches!(name.as_str(), "filter" | "cursor"))
        .cloned()
        .collect();
    match write_query(&query).as_str() {
        "" => "my/notices".to_owned(),
        query => format!("my/notices?{query}"),
    }
}

/// The page.
pub fn page() -> AnyView {
    let list = by_address::<Json>(path);
    news(list);
    let settings = link(my("inbox/settings")).class("button second").t("inbox.settings");
    page_with(|| t("nav.inbox").to_owned(), None, Some(settings))
        .child(tabs())
        .child(list.view(move |all| draw(&all, list)))
        .done()
}

/// Asks again while the page is open and seen.
fn news(list: Loading<Json>) {
    let here = RwSignal::new(());
    browser::after(NEWS, move || {
        if here.try_get_untracked().is_none() {
            return;
        }
        if browser::is_seen() && app().online.get_untracked() {
            list.again();
        }
        news(list);
    });
}

fn tabs() -> El {
    el("nav").class("tabs").attr_t("aria-label", "inbox.filter").children(FILTERS.map(|code| {
        link(Place::from(my("inbox")).with("filter", code))
            .attr_live("aria-current", move || {
                app().place.with(|place| place.get("filter") == code).then(|| "page".into())
            })
            .child(live_text(move || {
                t_of("inbox.filter", if code.is_empty() { "all" } else { code })
            }))
    }))
}

fn draw(all: &Json, list: Loading<Json>) -> AnyView {
    let items = all.list("items");
    if items.is_empty() {
        return empty("inbox.none", None);
    }
    let unread = all.int("unread").unwrap_or_default();
    let newest = items.first().map(|one| one.str("id").to_owned()).unwrap_or_default();
    div("inbox")
        .maybe((unread > 0).then(|| {
            ui::button("button quiet", "inbox.read_all", move |_| {
                read(json::map([("until", newest.clone().into())]), list);
            })
        }))
        .child(
            el("ul")
                .class("cards")
                .children(items.iter().map(|one| el("li").child(card(one, list)))),
        )
        .maybe(older(all, "inbox.older"))
        .done()
}

fn card(one: &Json, list: Loading<Json>) -> El {
    let id = one.str("id").to_owned();
    let at = wire::moment(one.str("at"));
    let read_already = !one.is_empty("read_at");
    let to = one.str("link").to_owned();
    let marked = id.clone();
    let mark = move || {
        if !read_already {
            read(json::map([("ids", vec![marked.clone()].into())]), list);
        }
    };
    let title = one.str("title").to_owned();
    let heading = match to.starts_with('/') {
        true => {
            let mark = mark.clone();
            el("a").attr("href", to.clone()).child(title).on("click", move |event| {
                mark();
                if to.starts_with("/app/my/") {
                    event.prevent_default();
                    nav::go(Place::parse(&to));
                }
            })
        }
        false => el("span").child(title),
    };
    div(if read_already { "card letter" } else { "card letter unread" })
        .child(
            el("h2")
                .child(heading)
                .maybe((!read_already).then(|| el("span").class("tag").t("inbox.new"))),
        )
        .child(el("p").class("text").child(one.str("body").to_owned()))
        .child(
            div("meta")
                .child(el("span").class("small soft").child(live_text(move || {
                    at.map(|at| ago(at, app().now())).unwrap_or_default()
                })))
                .maybe(
                    (!read_already)
                        .then(|| ui::button("button quiet", "inbox.mark_read", move |_| mark())),
                ),
        )
}

fn read(body: Json, list: Loading<Json>) {
    api::run(async move {
        let call = api::call("POST", "my/notices/read").body(&body).once(browser::uuid());
        match call.send().await {
            Ok(_) => list.again(),
            // A mark that did not get through is no loss: it is set at the next reading.
            Err(problem) if problem.status == 0 => {}
            Err(problem) => app().say(problem.words(), true),
        }
    });
}
