//! The list of vacancies: tabs by state, filters, pages. The address is the state.

use crate::reactive::{AnyView, RwSignal};
use domain::{
    account::permission::Permission,
    vacancy::{
        api::{CabinetList, CabinetRow},
        model::State,
    },
};
use std::rc::Rc;

use super::home::when;
use crate::{
    dom::{El, div, el, live, live_text, many},
    nav::{self, link},
    router::{Place, Route},
    state::app,
    text::{number_of, pick, t, t_of},
    ui::{
        errors,
        field::{Options, field},
        list::{self, Growing, by_address, unfiltered},
        load::empty,
        organisation::organisation_field,
        page::page as frame,
        status::state_tag,
    },
    vacancy::title_of,
};

/// States with a tab, in the order of work.
const TABS: [State; 9] = [
    State::Draft,
    State::Approval,
    State::Scheduled,
    State::Published,
    State::Paused,
    State::Closed,
    State::InReview,
    State::Filled,
    State::NotFilled,
];

const SORTS: [&str; 3] = ["changed", "ending", "number"];

const HEADS: &[&str] = &[
    "vacancies.title",
    "vacancies.state",
    "vacancies.organisation",
    "vacancies.when",
    "vacancies.views",
];

fn api_path(place: &Place) -> String {
    // A number is asked for as a number: it is what people read out on the phone.
    let q = place.get("q").trim_start_matches(['№', ' ']).to_owned();
    let number = !q.is_empty() && q.chars().all(|c| c.is_ascii_digit());
    let asked = if number { place.clone().with("q", "").with("number", &q) } else { place.clone() };
    list::asked("vacancies", &asked)
}

/// The page.
pub fn page() -> AnyView {
    let list = by_address::<CabinetList>(api_path);
    let new = app()
        .may(Permission::VacancyEdit)
        .then(|| link(Route::NewVacancy).class("button").t("vacancies.new"));
    frame("nav.vacancies", new)
        .child(filters())
        .child(list.view(|list| {
            let tabs = tabs(&list);
            if list.items.is_empty() {
                let all = unfiltered(Route::Vacancies, "vacancies.clear");
                let key = if all.is_some() { "vacancies.none_found" } else { "vacancies.none" };
                let new = || link(Route::NewVacancy).class("button second").t("vacancies.new");
                let next = all.unwrap_or_else(new);
                return div("list").child(tabs).child(empty(key, Some(next))).done();
            }
            div("list").child(tabs).child(pages(list)).done()
        }))
        .done()
}

fn tabs(list: &CabinetList) -> El {
    let total: u32 = list.states.iter().map(|(_, n)| *n).sum();
    let counts = list.states.clone();
    el("nav").class("tabs").attr_t("aria-label", "vacancies.by_state").child(live(move || {
        let here = app().place.get();
        let now = here.get("state").to_owned();
        let tab = |code: &str, name: String, n: u32| {
            let current = (now == code).then(|| "page".to_owned());
            link(here.clone().with("state", code).with("cursor", ""))
                .attr_live("aria-current", move || current.clone())
                .child(name)
                .child(" ")
                .child(el("span").class("num").child(number_of(n)))
        };
        let known = TABS.iter().chain(&[State::Cancelled, State::Archived]).filter_map(|state| {
            let n = counts.iter().find(|(one, _)| one == state).map_or(0, |(_, n)| *n);
            (n > 0 || now == state.code())
                .then(|| tab(state.code(), t_of("state", state.code()), n))
        });
        let all = tab("", t("vacancies.all").to_owned(), total);
        many(std::iter::once(all).chain(known).map(El::done))
    }))
}

fn pages(first: CabinetList) -> El {
    let parts = |page: CabinetList| (page.items, page.next);
    Growing { name: "nav.vacancies", heads: HEADS, path: api_path, parts }.view(first, cells)
}

fn cells(row: CabinetRow) -> Vec<AnyView> {
    let (title, organisation) = (row.title.clone(), row.organisation.name.clone());
    let (number, views) = (row.number, row.views);
    vec![
        div("cell-title")
            .child(link(Route::Vacancy(row.id.clone())).child(live_text(move || title_of(&title))))
            .child(el("span").class("small soft num").child(format!(" № {number}")))
            .done(),
        state_tag(row.state).done(),
        el("span").child(live_text(move || pick(&organisation))).done(),
        when(row).done(),
        el("span").class("num").child(live_text(move || number_of(views))).done(),
    ]
}

fn filters() -> El {
    let place = app().place;
    let wrong = errors::errors();
    let of = |name: &str| place.with_untracked(|place| place.get(name).to_owned());
    let (q, organisation, sort) =
        (RwSignal::new(of("q")), RwSignal::new(of("organisation")), RwSignal::new(of("sort")));
    let several =
        app().me.with_untracked(|me| me.as_ref().is_some_and(|me| me.organisations.len() != 1));
    // The list follows the boxes at once, the text when it is sent.
    crate::dom::follow(move || {
        let (organisation, sort) = (organisation.get(), sort.get());
        let here = place.get_untracked();
        let there = here.clone().with("organisation", &organisation).with("sort", &sort);
        if there.get("organisation") != here.get("organisation")
            || there.get("sort") != here.get("sort")
        {
            nav::go(there.with("cursor", ""));
        }
    });
    let sorts: Options =
        Rc::new(|| SORTS.iter().map(|code| ((*code).to_owned(), t_of("sort", code))).collect());
    el("form")
        .class("filters")
        .attr("role", "search")
        .on("submit", move |event| {
            event.prevent_default();
            nav::go(place.get_untracked().with("q", q.get_untracked().trim()).with("cursor", ""));
        })
        .child(field("q", "vacancies.search", wrong).input("search", q))
        .maybe(
            several.then(|| {
                organisation_field("organisation", "organisation.any", organisation, wrong)
            }),
        )
        .child(field("sort", "vacancies.sort", wrong).short().select(sorts, sort))
        .child(el("button").attr("type", "submit").class("button second").t("vacancies.find"))
}
