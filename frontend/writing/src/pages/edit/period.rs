//! The acceptance period as the server counts it: days, the act, the article.

use domain::vacancy::api::CheckAnswer;

use crate::{
    dom::{El, div, el, live_text},
    text::{count, day, moment, pick},
};

/// A small timeline: first day, the shortest last day, the last day.
pub fn timeline(answer: &CheckAnswer) -> El {
    let point = |key: &'static str, words: Box<dyn Fn() -> String>| {
        el("li")
            .child(el("strong").t(key))
            .child(" ")
            .child(el("span").class("num").child(live_text(words)))
    };
    let mut points = Vec::new();
    if let Some(from) = answer.accept_from {
        points.push(point("period.from", Box::new(move || day(from))));
    }
    if let Some(earliest) = answer.earliest_accept_to.filter(|day| answer.accept_to != Some(*day)) {
        points.push(point("period.earliest", Box::new(move || day(earliest))));
    }
    match (answer.closes_at, answer.accept_to) {
        (Some(at), _) => points.push(point("period.to", Box::new(move || moment(at)))),
        (None, Some(to)) => points.push(point("period.to", Box::new(move || day(to)))),
        (None, None) => {}
    }
    let (act, days) = (answer.act.clone(), answer.working_days);
    div("deadline")
        .maybe(days.map(|days| {
            el("p").child(el("strong").child(live_text(move || count("period.days", days.into()))))
        }))
        .child(el("ol").class("timeline").children(points))
        .child(el("p").class("small soft").child(live_text(move || pick(&act))))
}
