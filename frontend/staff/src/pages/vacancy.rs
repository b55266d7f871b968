//! A vacancy: where it stands, who acts next and by when, what can be done, what happened.

use crate::reactive::AnyView;
use domain::{
    shared::time::days_between,
    vacancy::{
        api::{CabinetVacancy, HistoryEntry, Views},
        model::State,
    },
};

use crate::{
    dom::{El, div, el, live_text, many, nothing},
    nav::link,
    router::Route,
    state::app,
    text::{count, day, fill, moment, number_of, padded, pick, t, t_of},
    ui::{
        chart,
        load::{Loading, empty, load},
        page::{facts, page_with, section},
        status::state_tag,
    },
    vacancy::{names, preview, rate_text, title_of},
};

mod actions;
mod applications;
mod copy;
mod fields;

/// The page.
pub fn page(id: String) -> AnyView {
    let vacancy = load::<CabinetVacancy>(format!("vacancies/{id}"));
    vacancy.view(move |now| draw(now, vacancy))
}

fn draw(now: CabinetVacancy, vacancy: Loading<CabinetVacancy>) -> AnyView {
    let title = now.title.clone();
    let id = now.id.clone();
    let main = now.commands.iter().any(|command| command == "save").then(|| {
        link(Route::Edit(id.clone(), String::new()))
            .class(if actions::publishes(&now) { "button second" } else { "button" })
            .t(if now.state == State::Draft { "vacancy.continue" } else { "vacancy.edit" })
    });
    let history = load::<Vec<HistoryEntry>>(format!("vacancies/{id}/history"));
    let side = div("side")
        .child(section("vacancy.facts").child(summary(&now)))
        .child(section("vacancy.history").child(history.view(timeline)));
    let mut left = div("content").child(next(&now)).child(actions::view(&now, vacancy));
    if now.state.was_public() {
        let views = load::<Views>(format!("vacancies/{id}/views"));
        left = left.child(section("vacancy.views").child(views.view(chart_of)));
    }
    if now.state.was_public() && app().may(domain::account::permission::Permission::ApplicationRead)
    {
        left = left.child(applications::view(&id));
    }
    left = left.child(section("check.preview").child(preview(&id)));
    page_with(move || title_of(&title), Some(Route::Vacancies), main)
        .child(
            div("bar")
                .child(state_tag(now.state))
                .child(el("span").class("num soft").child(format!("№ {}", now.number)))
                .child(public_link(&now)),
        )
        .child(div("cols").child(left).child(side))
        .done()
}

fn public_link(now: &CabinetVacancy) -> AnyView {
    if !now.state.was_public() {
        return nothing();
    }
    let slug = now.slug.clone();
    el("a")
        .attr_live("href", move || Some(format!("/{}/vacancies/{slug}", app().lang.get().code())))
        .attr("target", "_blank")
        .attr("rel", "noopener")
        .t("vacancy.public")
        .done()
}

/// Who acts next, and by when.
fn next(now: &CabinetVacancy) -> El {
    let (state, to, at) = (now.state, now.accept_to, now.publish_at);
    let outcome = now.outcome.clone();
    let class = match state {
        State::Published => "deadline",
        State::Draft | State::Approval | State::Paused => "deadline wait",
        State::Cancelled => "deadline late",
        _ => "deadline over",
    };
    div(class)
        .child(el("p").child(live_text(move || t_of("next", state.code()))))
        .child(el("p").child(live_text(move || match (state, to, at) {
            (State::Scheduled, _, Some(at)) => moment(at),
            (State::Published | State::Paused, Some(to), _) => {
                let left = days_between(app().now().day(), to).max(0);
                format!("{} · {}", day(to), count("days.left", left))
            }
            _ => String::new(),
        })))
        .maybe(outcome.map(|outcome| {
            el("p").class("small").child(live_text(move || {
                let reason = outcome.reason.as_deref().unwrap_or_default();
                let reason = if reason.is_empty() {
                    String::new()
                } else {
                    app().name_of("closing_reason", reason)
                };
                [reason, pick(&outcome.note)].join(" ").trim().to_owned()
            }))
        }))
}

fn summary(now: &CabinetVacancy) -> El {
    let content = now.content.clone();
    let organisation = now.organisation.name.clone();
    let (from, to, published) = (now.accept_from, now.accept_to, now.published_at);
    let text = |make: Box<dyn Fn() -> String>| live_text(make);
    let mut rows = vec![("vacancies.organisation", text(Box::new(move || pick(&organisation))))];
    let (salary_from, salary_to) = (content.salary_from, content.salary_to);
    if salary_from.is_some() || salary_to.is_some() {
        rows.push((
            "vacancy.pay",
            text(Box::new(move || {
                let sums: Vec<String> =
                    [salary_from, salary_to].into_iter().flatten().map(number_of).collect();
                format!("{} ₸", sums.join(" – "))
            })),
        ));
    }
    if content.rate > 0 {
        let shown = content.rate;
        rows.push(("content.rate", text(Box::new(move || rate_text(crate::text::lang(), shown)))));
    }
    if let Some(at) = published {
        rows.push(("vacancy.published_at", text(Box::new(move || moment(at)))));
    }
    if let (Some(from), Some(to)) = (from, to) {
        let words = move || format!("{} – {}", day(from), day(to));
        rows.push(("period.title", text(Box::new(words))));
    }
    if let Some(applicants) = now.outcome.as_ref().and_then(|outcome| outcome.applicants) {
        rows.push(("outcome.applicants", text(Box::new(move || number_of(applicants)))));
    }
    let (who, at) = (now.changed_by.clone(), now.changed_at);
    rows.push(("vacancy.changed", text(Box::new(move || format!("{}, {who}", moment(at))))));
    facts(rows)
}

fn timeline(entries: Vec<HistoryEntry>) -> AnyView {
    if entries.is_empty() {
        return empty("vacancy.no_history", None);
    }
    el("ol")
        .class("timeline small")
        .children(entries.into_iter().map(|entry| {
            let HistoryEntry { at, who, action, changed, reason } = entry;
            let who =
                move || if who.is_empty() { t("journal.system").to_owned() } else { who.clone() };
            el("li")
                .child(el("strong").child(live_text(move || t_of("action", &action))))
                .child(
                    el("div")
                        .class("soft")
                        .child(live_text(move || format!("{} · {}", moment(at), who()))),
                )
                .child(if changed.is_empty() { nothing() } else { names(&changed).done() })
                .maybe((!reason.is_empty()).then(|| div("text").child(reason)))
        }))
        .done()
}

/// `05.03`: for the ends of a chart.
fn short(day: chrono::NaiveDate) -> String {
    use chrono::Datelike;
    format!("{}.{}", padded(day.day(), 2), padded(day.month(), 2))
}

fn chart_of(views: Views) -> AnyView {
    if views.total == 0 {
        return empty("vacancy.no_views", None);
    }
    let total = views.total;
    let points: Vec<_> = views.days.iter().map(|(day, n)| (short(*day), *n)).collect();
    let best = views.days.iter().max_by_key(|(_, n)| *n).copied();
    let by = |prefix: &'static str, all: Vec<(String, u32)>| {
        chart::rows(
            all.into_iter().map(|(code, n)| (live_text(move || t_of(prefix, &code)), n)).collect(),
        )
    };
    many([
        el("p")
            .child(live_text(move || count("views.total", i64::from(total))))
            .child(live_text(move || {
                best.map_or_else(String::new, |(at, n)| {
                    format!(" · {}", fill("views.best", &[("day", &day(at)), ("n", &number_of(n))]))
                })
            }))
            .done(),
        chart::columns("vacancy.views", &points).done(),
        div("half")
            .child(div("group").child(el("h3").t("views.langs")).child(by("lang", views.langs)))
            .child(
                div("group").child(el("h3").t("views.sources")).child(by("source", views.sources)),
            )
            .done(),
    ])
}
