//! What needs action: drafts, what will be published, what ends soon.

use chrono::Datelike;

use crate::reactive::AnyView;
use domain::{
    account::permission::Permission,
    shared::time::days_between,
    vacancy::{
        api::{CabinetList, CabinetRow},
        model::State,
    },
};

use crate::{
    api::wire,
    dom::{El, div, el, live, live_text, many},
    json::Json,
    nav::link,
    router::{Place, Route},
    state::app,
    text::{ago, count, day, moment, pick, pick_json},
    ui::{
        load::{empty, load},
        page::page_with,
        status::state_tag,
    },
    vacancy::title_of,
};

/// A list is short here: the rest is one link away.
const SHOWN: usize = 5;

/// The page.
pub fn page() -> AnyView {
    let app = app();
    let name =
        app.me.with_untracked(|me| me.as_ref().map(|me| me.name.clone()).unwrap_or_default());
    let new = app
        .may(Permission::VacancyEdit)
        .then(|| link(Route::NewVacancy).class("button").t("vacancies.new"));
    let greeting = move || crate::text::fill("home.hello", &[("name", &name)]);
    let frame =
        page_with(greeting, None, new).child(roles()).maybe(calendar_ends()).child(to_compare());
    if !app.may(Permission::VacancyRead) {
        return frame.child(places()).done();
    }
    frame
        .child(
            div("home")
                .maybe(app.may(Permission::ApplicationProcess).then(applications))
                .child(group(State::Draft, "home.drafts", "home.drafts_none", "changed"))
                .child(group(State::Scheduled, "home.scheduled", "home.scheduled_none", "changed"))
                .child(group(State::Published, "home.ending", "home.ending_none", "ending")),
        )
        .done()
}

/// Applications that wait for an act of the organisation, the term that ends first on top.
fn applications() -> El {
    let list = load::<Json>("applications?sort=due");
    let all = Place::from(Route::Applications).with("sort", "due");
    let title = el("h2").t("home.applications");
    el("section").class("panel").child(title).child(list.view(move |list| {
        // What was returned waits for the applicant.
        let waits = |row: &&Json| {
            !row.is_empty("due_at")
                && !row.flag("own")
                && matches!(row.str("state"), "submitted" | "registered" | "checking" | "admitted")
        };
        let rows: Vec<El> =
            list.list("items").iter().filter(waits).take(SHOWN).map(application).collect();
        if rows.is_empty() {
            return empty("home.applications_none", None);
        }
        div("list")
            .child(el("ul").class("rows").children(rows))
            .child(link(all.clone()).class("more").t("home.applications_all"))
            .done()
    }))
}

fn application(row: &Json) -> El {
    let due = wire::moment(row.str("due_at"));
    let (state, title) = (row.str("state").to_owned(), row.at("vacancy.title").clone());
    let late = row.flag("overdue");
    el("li")
        .child(
            div("row-main")
                .child(
                    link(Route::Application(row.str("id").to_owned()))
                        .child(row.str("name").to_owned()),
                )
                .child(el("span").class("small soft").child(live_text(move || pick_json(&title)))),
        )
        .child(
            div("row-side")
                .child(
                    el("span")
                        .class(if late { "tag late" } else { "tag wait" })
                        .child(live_text(move || crate::text::t_of("home.to_do", &state))),
                )
                .child(el("span").class("small soft").child(live_text(move || {
                    due.map(|due| crate::text::fill("home.until", &[("at", &moment(due))]))
                        .unwrap_or_default()
                }))),
        )
}

/// Records that wait to be compared with their originals.
fn to_compare() -> AnyView {
    if !app().may(Permission::ProfileConfirm) {
        return crate::dom::nothing();
    }
    let waiting = load::<Json>("records");
    waiting.view(|all| match all.list("items").len() {
        0 => crate::dom::nothing(),
        n => div("notice wait")
            .child(
                el("p").child(
                    link(Route::Records(String::new()))
                        .child(live_text(move || count("home.records", n as i64))),
                ),
            )
            .done(),
    })
}

/// The next calendar of working days has to be loaded soon, by whoever reads this.
fn calendar_ends() -> Option<El> {
    let until = app().me.with_untracked(|me| me.as_ref().and_then(|me| me.calendar_until))?;
    let left = days_between(app().now().day(), until).max(0);
    let words = move || {
        let year = (until.year() + 1).to_string();
        let (left, until) = (count("days.left", left), day(until));
        crate::text::fill("home.calendar", &[("year", &year), ("day", &until), ("left", &left)])
    };
    Some(
        div("notice wait")
            .child(el("h2").t("home.calendar_title"))
            .child(el("p").child(live_text(words))),
    )
}

fn roles() -> El {
    el("ul").class("roles plain small soft").child(live(|| {
        let roles = app().me.with(|me| me.as_ref().map(|me| me.roles.clone()).unwrap_or_default());
        many(roles.into_iter().map(|role| {
            let what = crate::text::t_of("role", role.grant.role.code());
            el("li").child(format!("{what} · {}", pick(&role.name))).done()
        }))
    }))
}

/// For those who have nothing to do with vacancies: where their work is.
fn places() -> El {
    let all = [
        (Route::Desk, Permission::TicketProcess),
        (Route::Bank(String::new()), Permission::ItemRead),
        (Route::Testing(String::new()), Permission::TestManage),
        (Route::Testing(String::new()), Permission::TestWatch),
        (Route::Testing(String::new()), Permission::TestAppeal),
        (Route::Testing(String::new()), Permission::ItemGuard),
        (Route::Testing(String::new()), Permission::ItemCalibrate),
        (Route::Messages(String::new()), Permission::MessageManage),
        (Route::Accounts, Permission::AccountRead),
        (Route::Organisations, Permission::OrganisationEdit),
        (Route::Permissions, Permission::PermissionRead),
        (Route::Journal, Permission::JournalRead),
    ];
    // Several rights lead through one door.
    let mut last = None;
    let mine = all.into_iter().filter(move |(route, need)| {
        let new = app().may(*need) && last.as_ref() != Some(route);
        if new {
            last = Some(route.clone());
        }
        new
    });
    el("ul").class("cards").children(mine.map(|(route, _)| {
        let key = route.title_key();
        el("li").class("card").child(el("h2").child(link(route).t(key)))
    }))
}

fn group(state: State, title: &'static str, none: &'static str, sort: &'static str) -> El {
    let list = load::<CabinetList>(format!("vacancies?state={}&sort={sort}", state.code()));
    let all = Place::from(Route::Vacancies).with("state", state.code()).with("sort", sort);
    el("section").class("panel").child(el("h2").t(title)).child(list.view(move |list| {
        let total: u32 = list.states.iter().filter(|(one, _)| *one == state).map(|(_, n)| *n).sum();
        if list.items.is_empty() {
            return empty(none, None);
        }
        let rest = (total as usize > SHOWN).then(|| {
            link(all.clone())
                .class("more")
                .child(live_text(move || count("home.all", i64::from(total))))
        });
        div("list")
            .child(el("ul").class("rows").children(list.items.into_iter().take(SHOWN).map(row)))
            .maybe(rest)
            .done()
    }))
}

fn row(row: CabinetRow) -> El {
    let to = match row.state {
        State::Draft => Route::Edit(row.id.clone(), String::new()),
        _ => Route::Vacancy(row.id.clone()),
    };
    let (title, organisation) = (row.title.clone(), row.organisation.name.clone());
    el("li")
        .child(
            div("row-main").child(link(to).child(live_text(move || title_of(&title)))).child(
                el("span").class("small soft").child(live_text(move || pick(&organisation))),
            ),
        )
        .child(div("row-side").child(state_tag(row.state)).child(when(row)))
}

/// The moment that matters in this state.
pub fn when(row: CabinetRow) -> El {
    el("span").class("small soft").child(live_text(move || {
        let now = app().now();
        match (row.state, row.publish_at, row.accept_to) {
            (State::Scheduled, Some(at), _) => moment(at),
            (State::Published, _, Some(to)) => {
                let left = days_between(now.day(), to);
                format!("{} · {}", day(to), count("days.left", left.max(0)))
            }
            _ => ago(row.changed_at, now),
        }
    }))
}
