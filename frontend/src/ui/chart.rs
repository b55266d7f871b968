//! Small charts. Every number that is drawn is also written.

use leptos::prelude::*;

use crate::{
    dom::{El, div, el, live_text},
    text::number_of,
};

/// Columns over time: the days are the labels, the highest column is the measure.
pub fn columns(name: &'static str, points: &[(String, u32)]) -> El {
    let top = points.iter().map(|(_, n)| *n).max().unwrap_or(1).max(1);
    let width = 600.0 / points.len().max(1) as f64;
    let bars = points.iter().enumerate().map(|(place, (label, n))| {
        let height = f64::from(*n) / f64::from(top) * 100.0;
        el("svg:rect")
            .attr("x", format!("{:.1}", place as f64 * width + width * 0.1))
            .attr("y", format!("{:.1}", 110.0 - height))
            .attr("width", format!("{:.1}", width * 0.8))
            .attr("height", format!("{height:.1}"))
            .child(el("svg:title").child(format!("{label}: {n}")))
    });
    let ends = points.first().zip(points.last()).map(|((first, _), (last, _))| {
        div("ends").child(el("span").child(first.clone())).child(el("span").child(last.clone()))
    });
    div("chart")
        .child(
            el("svg:svg")
                .attr("viewBox", "0 0 600 112")
                .attr("preserveAspectRatio", "none")
                .attr("role", "img")
                .attr_t("aria-label", name)
                .children(bars)
                .child(
                    el("svg:line")
                        .attr("class", "axis")
                        .attr("x1", "0")
                        .attr("x2", "600")
                        .attr("y1", "111")
                        .attr("y2", "111"),
                ),
        )
        .maybe(ends)
}

/// Rows with a bar and a number each.
pub fn rows(points: Vec<(AnyView, u32)>) -> El {
    let top = points.iter().map(|(_, n)| *n).max().unwrap_or(1).max(1);
    el("ul").class("bars").children(points.into_iter().map(move |(label, n)| {
        let width = format!("{:.1}", f64::from(n) / f64::from(top) * 100.0);
        el("li")
            .child(el("span").child(label))
            .child(
                el("svg:svg")
                    .attr("viewBox", "0 0 100 8")
                    .attr("preserveAspectRatio", "none")
                    .attr("aria-hidden", "true")
                    .child(
                        el("svg:rect")
                            .attr("x", "0")
                            .attr("y", "0")
                            .attr("width", width)
                            .attr("height", "8"),
                    ),
            )
            .child(el("span").class("num").child(live_text(move || number_of(n))))
    }))
}
