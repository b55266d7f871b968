//! The calendar: a year as a picture of working days and days off, each of which is also said.

use chrono::{Datelike, NaiveDate};

use super::{at, calendar_warning, ways};
use crate::{
    api::wire,
    dom::{El, div, el, live_text},
    json::Json,
    nav::link,
    reactive::AnyView,
    router::Place,
    state::app,
    text::{count, day, fill, key, number_of, t},
    ui::{
        list::{asked, by_address},
        load::empty,
        page::{page as frame, section},
    },
};

/// The page.
pub fn page() -> AnyView {
    let all = by_address::<Json>(|place| asked("calendar", place));
    let upload = link(at("calendar/upload")).class("button").t("directories.upload_year");
    frame("directories.calendar", Some(upload))
        .child(ways())
        .child(all.view(|all| {
            div("group").maybe(calendar_warning(&all)).child(choose(&all)).child(year(&all)).done()
        }))
        .done()
}

fn place(year: i64, week: &str) -> Place {
    Place::from(at("calendar")).with("year", &year.to_string()).with("week", week)
}

/// The years that are loaded and the one that is due, then the two weeks.
fn choose(all: &Json) -> El {
    let (shown, week) = (all.int("year").unwrap_or_default(), all.str("week").to_owned());
    let mut years: Vec<i64> = all.list("loaded").iter().filter_map(|one| one.int("year")).collect();
    years.extend(all.int("next"));
    years.push(shown);
    years.sort_unstable();
    years.dedup();
    let by_year = years.into_iter().map(|year| {
        let to = link(place(year, &week)).child(year.to_string());
        if year == shown { to.attr("aria-current", "page") } else { to }
    });
    let by_week = ["5", "6"].map(|one| {
        let label = key(format!("directories.week.{one}"));
        let to = link(place(shown, one)).t(label);
        if one == week { to.attr("aria-current", "page") } else { to }
    });
    div("group")
        .child(el("nav").class("tabs").attr_t("aria-label", "directories.year").children(by_year))
        .child(el("nav").class("tabs").attr_t("aria-label", "directories.week").children(by_week))
}

fn year(all: &Json) -> AnyView {
    let days = all.str("days").to_owned();
    let number = all.int("year").unwrap_or_default();
    if days.is_empty() {
        let step = link(at("calendar/upload")).class("button").t("directories.upload_year");
        return div("group")
            .child(el("h2").child(number.to_string()))
            .child(empty("directories.year_missing", Some(step)))
            .done();
    }
    let worked = days.chars().filter(|letter| is_worked(*letter)).count() as i64;
    let off = days.len() as i64 - worked;
    let revision = all.list("loaded").iter().find(|one| {
        one.int("year") == Some(number)
            && one.int("week").map(|week| week.to_string()).as_deref() == Some(all.str("week"))
    });
    let revision = revision.and_then(|one| one.int("revision")).unwrap_or_default();
    let months = (1..=12).filter_map(|month| month_of(number, month, &days));
    div("group")
        .child(el("h2").child(live_text(move || {
            format!("{number}: {}", count("directories.working_days", worked))
        })))
        .child(el("p").class("soft").child(live_text(move || {
            fill(
                "directories.year_facts",
                &[("off", &number_of(off)), ("n", &revision.to_string())],
            )
        })))
        .child(legend())
        .child(div("months").children(months))
        .child(named(all))
        .done()
}

fn is_worked(letter: char) -> bool {
    matches!(letter, 'w' | 'x')
}

/// What the squares mean; none of it is said by colour alone.
fn legend() -> El {
    let one = |class: &'static str, sign: &'static str, key: &'static str| {
        el("li")
            .child(el("span").class(class).attr("aria-hidden", "true").child(sign))
            .child(" ")
            .t(key)
    };
    el("ul")
        .class("legend")
        .child(one("day w", "1", "directories.day.w"))
        .child(one("day o", "1", "directories.day.o"))
        .child(one("day h", "1", "directories.day.h"))
        .child(one("day x", "1", "directories.day.x"))
}

/// A month: its name, how many days are worked, a square a day.
fn month_of(year: i64, month: u32, days: &str) -> Option<El> {
    let first = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, 1)?;
    let letters: Vec<char> = days.chars().collect();
    let here: Vec<(NaiveDate, char)> = first
        .iter_days()
        .take_while(|day| day.month() == month)
        .filter_map(|day| Some((day, *letters.get(day.ordinal0() as usize)?)))
        .collect();
    let worked = here.iter().filter(|(_, letter)| is_worked(*letter)).count() as i64;
    let name = key(format!("directories.month.{month}"));
    let blanks = (0..first.weekday().num_days_from_monday()).map(|_| el("span").class("day blank"));
    let squares = here.into_iter().map(square);
    Some(
        el("section")
            .class("month")
            .child(el("h3").child(live_text(move || format!("{}: {}", t(name), number_of(worked)))))
            .child(
                div("days")
                    .attr("role", "img")
                    .attr_live("aria-label", move || {
                        Some(format!("{}: {}", t(name), count("directories.working_days", worked)))
                    })
                    .children(blanks.chain(squares)),
            ),
    )
}

fn square((day, letter): (NaiveDate, char)) -> El {
    let class = match letter {
        'w' => "day w",
        'h' => "day h",
        'x' => "day x",
        _ => "day o",
    };
    el("span").class(class).child(day.day().to_string())
}

/// The days with a name of their own, as a list.
fn named(all: &Json) -> El {
    let rows = all.list("named").iter().map(|one| {
        let (row, works) = (one.clone(), one.int("working") == Some(1));
        let at = wire::day(one.str("day"));
        el("li")
            .child(
                div("row-main")
                    .child(el("strong").child(live_text(move || at.map(day).unwrap_or_default())))
                    .child(el("span").class("small soft").child(live_text(move || {
                        let _ = app().lang.get();
                        crate::text::pick_json(&row)
                    }))),
            )
            .child(el("span").class(if works { "tag wait" } else { "tag" }).t(if works {
                "directories.day.x"
            } else {
                "directories.day.h"
            }))
    });
    section("directories.named").child(el("ol").class("rows plain").children(rows))
}
