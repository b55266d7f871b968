//! The profile: how full it is, experience with its gaps as a picture, records by kind.

use super::my;
use crate::{
    api::wire,
    dom::{El, div, el, live_text, many, nothing},
    json::Json,
    nav::link,
    profile::{record::mistake, time_of, title_of},
    reactive::AnyView,
    state::app,
    text::{count, day, day_at, fill, t, t_of},
    ui::{
        load::load,
        page::{page_with, section},
    },
};
use domain::profile::record::Kind;

pub mod person;
pub mod record;
pub mod span;

/// The page.
pub fn page() -> AnyView {
    let profile = load::<Json>("my/profile");
    crate::dom::follow(move || {
        if app().sent.get() > 0 {
            profile.again();
        }
    });
    let add = link(my("profile/new")).class("button").t("profile.add");
    page_with(|| t("profile.title").to_owned(), None, Some(add))
        .child(el("p").child(link(my("profile/person")).t("profile.person")))
        .child(waiting())
        .child(profile.view(draw))
        .done()
}

/// Records that wait on this device.
fn waiting() -> AnyView {
    crate::dom::live(|| {
        let n = app().waiting.with(|all| all.iter().filter(|row| row.what == "profile").count());
        if n == 0 {
            return nothing();
        }
        div("notice wait")
            .attr("role", "status")
            .child(el("p").child(live_text(move || count("offline.unsent", n as i64))))
            .done()
    })
}

fn draw(all: Json) -> AnyView {
    let side = div("side").child(meter(&all)).child(expiring(&all));
    let left = div("content").child(experience(&all)).child(kinds(&all)).child(mistake());
    div("cols").child(left).child(side).done()
}

fn meter(all: &Json) -> El {
    let percent = all.int("meter.percent").unwrap_or_default();
    let missing = all.list("meter.steps").iter().filter(|step| !step.flag("done"));
    section("profile.meter")
        .child(
            el("p")
                .child(live_text(move || fill("profile.filled", &[("n", &percent.to_string())]))),
        )
        .child(
            el("progress")
                .attr("max", "100")
                .attr("value", percent.to_string())
                .attr_t("aria-label", "profile.meter"),
        )
        .child(el("ul").class("rows small").children(missing.map(|step| {
            let to = match step.str("code") {
                "consent" => my("privacy"),
                "contact" => my("security"),
                "education" | "education_evidence" => my("profile/new/education"),
                "experience" | "no_gaps" => my("profile/new/experience"),
                "language" => my("profile/new/language"),
                "criminal_record" => my("profile/new/document"),
                _ => my("profile/person"),
            };
            let required = step.flag("required");
            el("li")
                .child(
                    div("row-main")
                        .child(link(to).child(step.str("text").to_owned()))
                        .child(el("span").class("soft").child(step.str("why").to_owned())),
                )
                .maybe(required.then(|| el("span").class("tag").t("profile.required")))
        })))
}

fn expiring(all: &Json) -> AnyView {
    let list = all.list("expiring");
    if list.is_empty() {
        return nothing();
    }
    section("profile.expiring")
        .child(el("ul").class("rows small").children(list.iter().map(|one| {
            let over = one.int("days").is_some_and(|days| days < 0);
            let to = day_at(one, "valid_to");
            el("li")
                .child(
                    link(my(format!("profile/record/{}", one.str("id"))))
                        .child(one.str("title").to_owned()),
                )
                .child(el("span").class(if over { "tag late" } else { "tag wait" }).child(to))
        })))
        .done()
}

/// Years, months, days in words.
fn span_words(span: &Json) -> String {
    let part =
        |name: &str, key: &'static str| span.int(name).filter(|n| *n > 0).map(|n| count(key, n));
    let parts: Vec<String> =
        [("years", "span.years"), ("months", "span.months"), ("days", "span.days")]
            .into_iter()
            .filter_map(|(name, key)| part(name, key))
            .collect();
    if parts.is_empty() { "—".to_owned() } else { parts.join(" ") }
}

/// Experience in numbers, and as a line on which what is missing shows.
fn experience(all: &Json) -> El {
    let spans = [
        ("profile.total", all.at("experience.total").clone()),
        ("profile.pedagogical", all.at("experience.pedagogical").clone()),
        ("profile.administrative", all.at("experience.administrative").clone()),
    ];
    let items = all.list("items").iter().filter(|item| item.str("kind") == "experience");
    let jobs: Vec<_> = items
        .filter_map(|item| {
            let from = wire::day(item.str("record.from"))?;
            Some((from, wire::day(item.str("record.to"))))
        })
        .collect();
    let today = wire::day(all.str("experience.on")).unwrap_or_else(|| app().now().day());
    let gaps = all.list("experience.gaps").to_vec();
    section("profile.experience")
        .child(el("dl").class("facts").children(spans.map(|(key, span)| {
            el("div")
                .child(el("dt").t(key))
                .child(el("dd").child(live_text(move || span_words(&span))))
        })))
        .maybe((!jobs.is_empty()).then(|| span::picture(&jobs, today)))
        .maybe((!gaps.is_empty()).then(|| {
            div("notice wait").child(el("p").t("profile.gaps")).child(el("ul").children(
                gaps.into_iter().map(|gap| {
                    let days = gap.int("days").unwrap_or_default();
                    el("li").child(live_text(move || {
                        let to = wire::day(gap.str("to"))
                            .map_or_else(|| t("profile.today").to_owned(), day);
                        format!("{} – {to} · {}", day_at(&gap, "from"), count("span.days", days))
                    }))
                }),
            ))
        }))
}

fn kinds(all: &Json) -> AnyView {
    let items = all.list("items");
    many(Kind::ALL.iter().filter_map(|kind| {
        let code = kind.code();
        let mine: Vec<Json> =
            items.iter().filter(|item| item.str("kind") == code).cloned().collect();
        (!mine.is_empty()).then(|| {
            el("section")
                .class("panel")
                .child(
                    div("page-head")
                        .child(el("h2").child(live_text(move || t_of("kind", code))))
                        .child(
                            link(my(format!("profile/new/{code}"))).t("profile.add_one").child(
                                el("span")
                                    .class("vh")
                                    .child(live_text(move || format!(": {}", t_of("kind", code)))),
                            ),
                        ),
                )
                .child(el("ul").class("rows").children(mine.iter().map(row)))
                .done()
        })
    }))
}

fn row(item: &Json) -> El {
    let record = item.at("record").clone();
    let when = record.clone();
    let (state, verification) = (item.str("state").to_owned(), item.str("verification").to_owned());
    let files = item.texts("evidence").len();
    let class = match state.as_str() {
        "confirmed" | "locked" => "tag done",
        "returned" | "rejected" => "tag late",
        "submitted" => "tag wait",
        _ => "tag mute",
    };
    el("li")
        .child(
            div("row-main")
                .child(
                    link(my(format!("profile/record/{}", item.str("id"))))
                        .child(live_text(move || title_of(&record))),
                )
                .child(el("span").class("small soft").child(live_text(move || time_of(&when))))
                .maybe(
                    (!item.list("duplicates").is_empty())
                        .then(|| el("span").class("small error").t("profile.duplicate")),
                ),
        )
        .child(
            div("row-side")
                .child(
                    el("span").class(class).child(live_text(move || t_of("choice.state", &state))),
                )
                .child(el("span").class("small soft").child(live_text(move || {
                    let files = match files {
                        0 => t("record.no_evidence").to_owned(),
                        n => count("files.count", n as i64),
                    };
                    match verification.as_str() {
                        "none" | "" => files,
                        code => format!("{files} · {}", t_of("choice.verification", code)),
                    }
                }))),
        )
}
