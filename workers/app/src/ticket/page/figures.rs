//! Public figures: how content people are, and how often an answer came in time.

use domain::{
    shared::lang::Lang,
    ticket::{api::Figures, rules::rule, sql::figures},
};
use serde::Deserialize;

use super::T;
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::{Ports, read},
};

pub(super) async fn read_figures(ports: &Ports<'_>) -> Result<Figures, Error> {
    #[derive(Deserialize)]
    struct Found {
        scores: i64,
        mean: Option<f64>,
        answered: i64,
        in_time: i64,
    }
    let rule = rule();
    let found: Option<Found> = read(ports.db, figures(rule, ports.now)).await?.first()?;
    let found = found.unwrap_or(Found { scores: 0, mean: None, answered: 0, in_time: 0 });
    let mean = found.mean.filter(|_| found.scores >= rule.figure_least);
    Ok(Figures {
        days: rule.figure_days,
        scores: found.scores,
        mean: mean.map(|mean| (mean * 10.0).round() / 10.0),
        answered: found.answered,
        in_time: found.in_time,
    })
}

/// The figures in words; too few say nothing.
pub(super) fn shown_figures(lang: Lang, figures: &Figures) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let days = figures.days.to_string();
    if let Some(mean) = figures.mean {
        let value = T.fill(
            lang,
            "figure.mean.value",
            &[("mean", &decimal(lang, mean)), ("n", &figures.scores.to_string())],
        );
        out.push((T.fill(lang, "figure.mean", &[("days", &days)]), value));
    }
    if figures.answered >= rule().figure_least {
        let percent = figures.in_time * 100 / figures.answered.max(1);
        let value = T.fill(
            lang,
            "figure.time.value",
            &[("percent", &percent.to_string()), ("n", &figures.answered.to_string())],
        );
        out.push((T.fill(lang, "figure.time", &[("days", &days)]), value));
    }
    out
}

/// One place after the point, as the language writes it.
fn decimal(lang: Lang, n: f64) -> String {
    let text = format!("{n:.1}");
    if lang == Lang::En { text } else { text.replace('.', ",") }
}

pub(super) async fn public_figures(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    Ok(Response::json(&read_figures(cx.ports).await?)?)
}
