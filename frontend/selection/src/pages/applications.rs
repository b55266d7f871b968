//! Applications: of a vacancy or of all within reach, with filters; the address is the state.

use std::rc::Rc;

use domain::account::permission::Permission;

use crate::{
    api::wire,
    dom::{El, div, el, live, live_text, nothing},
    json::Json,
    nav::{self, link},
    reactive::{AnyView, RwSignal},
    router::{Place, Route},
    state::app,
    text::{day, fill, moment_at, number_of, pick_json, t, t_of},
    ui::{
        errors,
        field::{Bind, Options, field},
        list::{asked, by_address, older},
        load::{Loading, empty},
        page::page_with,
        status::marked,
        table::table,
    },
};

mod message;

/// Headings of the list of all applications within reach.
const HEADS: &[&str] = &[
    "applications.choose",
    "applications.name",
    "applications.state",
    "applications.vacancy",
    "applications.sent",
    "applications.due",
    "applications.points",
];
/// Headings of the list of one competition.
const OF_ONE: &[&str] = &[
    "applications.choose",
    "applications.name",
    "applications.state",
    "applications.sent",
    "applications.due",
    "applications.points",
];
/// Orders of the list; the first one is the usual.
const SORTS: [&str; 4] = ["", "due", "points", "name"];

/// The tag of a state.
pub fn state_tag(state: &str) -> El {
    let look = match state {
        "submitted" => ("tag", "→"),
        "registered" => ("tag", "№"),
        "checking" | "reopened" => ("tag wait", "…"),
        "returned_for_completion" => ("tag wait", "!"),
        "admitted" => ("tag done", "●"),
        "selected" => ("tag done", "✓"),
        "refused" | "cancelled" => ("tag late", "✕"),
        _ => ("tag mute", "○"),
    };
    marked(look, "app_state", state)
}

/// The page.
pub fn page() -> AnyView {
    let place = app().place;
    let list = by_address::<Json>(|place| asked("applications", place));
    let vacancy = place.with_untracked(|place| place.get("vacancy").to_owned());
    let above = (!vacancy.is_empty()).then(|| Route::Vacancy(vacancy.clone()));
    let table = (!vacancy.is_empty()).then(|| {
        el("a")
            .class("button second")
            .attr_live("href", {
                let path = format!("/api/v1/cabinet/vacancies/{vacancy}/applications.xlsx?lang=");
                move || Some(format!("{path}{}", crate::text::lang().code()))
            })
            .attr("download", "")
            .t("applications.xlsx")
    });
    let chosen = RwSignal::new(Vec::<String>::new());
    let may = app().may(Permission::ApplicationProcess);
    page_with(|| t("nav.applications").to_owned(), above, table)
        .child(super::records::way())
        .child(of_vacancy(list))
        .child(search())
        .maybe(may.then(|| message::button(chosen, list)))
        .child(list.view(move |all| draw(&all, chosen)))
        .done()
}

/// Whose applications these are: the title of the vacancy under the heading.
fn of_vacancy(list: Loading<Json>) -> AnyView {
    live(move || {
        let one = app().place.with(|place| !place.get("vacancy").is_empty());
        let all = list.get();
        let title = all.as_deref().and_then(|all| all.list("items").first());
        match title.map(|row| row.at("vacancy.title").clone()) {
            Some(title) if one => {
                el("p").class("under soft").child(live_text(move || pick_json(&title))).done()
            }
            _ => nothing(),
        }
    })
}

fn search() -> El {
    let place = app().place;
    let q = RwSignal::new(place.with_untracked(|place| place.get("q").to_owned()));
    let sorts: Options = Rc::new(|| {
        let name = |code: &str| t_of("app_sort", if code.is_empty() { "submitted" } else { code });
        SORTS.map(|code| (code.to_owned(), name(code))).into()
    });
    let sort = Bind::new(
        move || place.with(|place| place.get("sort").to_owned()),
        move |code| nav::go(place.get_untracked().with("sort", &code).with("cursor", "")),
    );
    el("form")
        .class("filters")
        .attr("role", "search")
        .on("submit", move |event| {
            event.prevent_default();
            nav::go(place.get_untracked().with("q", q.get_untracked().trim()).with("cursor", ""));
        })
        .child(field("q", "applications.search", errors::errors()).input("search", q))
        .child(field("sort", "applications.sort", errors::errors()).short().select(sorts, sort))
        .child(el("button").attr("type", "submit").class("button second").t("vacancies.find"))
}

fn draw(all: &Json, chosen: RwSignal<Vec<String>>) -> AnyView {
    let overdue = all.int("overdue").unwrap_or_default();
    let items = all.list("items");
    // Only those that are shown can be chosen.
    chosen.update(|ids| ids.retain(|id| items.iter().any(|row| row.str("id") == id)));
    let here = app().place.get_untracked();
    let may = app().may(Permission::ApplicationProcess);
    let many = here.get("vacancy").is_empty();
    // Whoever only reads has nobody to choose.
    let heads = &(if many { HEADS } else { OF_ONE })[usize::from(!may)..];
    div("list")
        .child(tabs(all))
        .maybe(late(&here, overdue))
        .child(if items.is_empty() {
            empty("applications.none", None)
        } else {
            let rows = items.iter().map(|row| {
                let mut cells = cells(row, chosen, many);
                cells.drain(..usize::from(!may));
                cells
            });
            table("nav.applications", heads, rows).done()
        })
        .maybe(older(all, "vacancies.more"))
        .done()
}

/// Leads to those whose term is over, and back from them.
fn late(here: &Place, overdue: i64) -> Option<El> {
    let on = !here.get("due").is_empty();
    if overdue == 0 && !on {
        return None;
    }
    let to = here.clone().with("due", if on { "" } else { "overdue" }).with("cursor", "");
    Some(el("p").child(link(to).class("chip late").child(live_text(move || match on {
        true => format!("✕ {}", t("applications.only_overdue")),
        false => fill("applications.overdue", &[("n", &overdue.to_string())]),
    }))))
}

fn tabs(all: &Json) -> El {
    let counts: Vec<(String, i64)> = all
        .list("states")
        .iter()
        .filter_map(|pair| match pair {
            Json::List(two) => {
                let n = kit::json::map([("n", two.get(1)?.clone())]).int("n")?;
                Some((two.first()?.text().to_owned(), n))
            }
            _ => None,
        })
        .collect();
    let total: i64 = counts.iter().map(|(_, n)| n).sum();
    let all = std::iter::once((String::new(), total)).chain(counts);
    el("nav").class("tabs").attr_t("aria-label", "applications.by_state").children(all.map(
        |(code, n)| {
            let (shown, current) = (code.clone(), code.clone());
            link(
                app()
                    .place
                    .with_untracked(|place| place.clone().with("state", &code).with("cursor", "")),
            )
            .attr_live("aria-current", move || {
                app().place.with(|place| place.get("state") == current).then(|| "page".into())
            })
            .child(live_text(move || {
                t_of("app_state", if shown.is_empty() { "all" } else { &shown })
            }))
            .child(" ")
            .child(el("span").class("num").child(number_of(n)))
        },
    ))
}

fn cells(row: &Json, chosen: RwSignal<Vec<String>>, with_vacancy: bool) -> Vec<AnyView> {
    let id: Rc<str> = row.str("id").into();
    let own = row.flag("own");
    let (name, number) = (row.str("name").to_owned(), row.str("number").to_owned());
    let title = row.at("vacancy.title").clone();
    let due = wire::moment(row.str("due_at"));
    let late = row.flag("overdue");
    let points = match super::points_of(row, "points") {
        none if none.is_empty() => "—".to_owned(),
        points => points,
    };
    let sent = moment_at(row, "submitted_at");
    let (on, turned) = (Rc::clone(&id), Rc::clone(&id));
    let words = name.clone();
    let mut cells = vec![
        el("input")
            .attr("type", "checkbox")
            .attr_live("aria-label", move || Some(format!("{}: {words}", t("applications.choose"))))
            .flag("disabled", move || own)
            .checked(move || chosen.with(|ids| ids.iter().any(|one| **one == *on)))
            .on("change", move |_| {
                chosen.update(|ids| match ids.iter().position(|one| **one == *turned) {
                    Some(at) => drop(ids.remove(at)),
                    None => ids.push(turned.to_string()),
                });
            })
            .done(),
        div("cell-title")
            .child(match own {
                true => el("span").child(name),
                false => link(Route::Application(id.to_string())).child(name),
            })
            .child(el("div").class("small soft num").child(format!("№ {number}")))
            .maybe(own.then(|| el("span").class("tag mute").t("applications.own")))
            .done(),
        state_tag(row.str("state")).done(),
        el("span").class("num").child(sent).done(),
        el("span")
            .class(if late { "tag late" } else { "num" })
            .child(live_text(move || due.map_or_else(|| "—".to_owned(), |due| day(due.day()))))
            .done(),
        el("span").class("num").child(points).done(),
    ];
    if with_vacancy {
        cells.insert(3, live_text(move || pick_json(&title)));
    }
    cells
}
