//! Small charts. Every number that is drawn is also written.

use crate::reactive::AnyView;

use crate::{
    dom::{El, div, el, live_text},
    text::number_of,
};

/// Thousandths of the highest.
fn share(n: u32, top: u32) -> u32 {
    u32::try_from(u64::from(n) * 1000 / u64::from(top)).unwrap_or_default()
}

/// Columns over time: the days are the labels, the highest column is the measure.
pub fn columns(name: &'static str, points: &[(String, u32)]) -> El {
    let top = points.iter().map(|(_, n)| *n).max().unwrap_or(1).max(1);
    // Whole units of a drawing that is 6000 wide: fine enough, and no floating point to print.
    let width = 6000 / u32::try_from(points.len()).unwrap_or(1).max(1);
    let bars = points.iter().enumerate().map(|(place, (label, n))| {
        let height = share(*n, top);
        el("svg:rect")
            .attr("x", (place as u32 * width + width / 10).to_string())
            .attr("y", (1100 - height).to_string())
            .attr("width", (width * 4 / 5).to_string())
            .attr("height", height.to_string())
            .child(el("svg:title").child(format!("{label}: {n}")))
    });
    let ends = points.first().zip(points.last()).map(|((first, _), (last, _))| {
        div("ends").child(el("span").child(first.clone())).child(el("span").child(last.clone()))
    });
    div("chart")
        .child(
            el("svg:svg")
                .attr("viewBox", "0 0 6000 1120")
                .attr("preserveAspectRatio", "none")
                .attr("role", "img")
                .attr_t("aria-label", name)
                .children(bars)
                .child(
                    el("svg:line")
                        .attr("class", "axis")
                        .attr("x1", "0")
                        .attr("x2", "6000")
                        .attr("y1", "1110")
                        .attr("y2", "1110"),
                ),
        )
        .maybe(ends)
}

/// Rows with a bar and a number each.
pub fn rows(points: Vec<(AnyView, u32)>) -> El {
    let top = points.iter().map(|(_, n)| *n).max().unwrap_or(1).max(1);
    el("ul").class("bars").children(points.into_iter().map(move |(label, n)| {
        let width = share(n, top).to_string();
        el("li")
            .child(el("span").child(label))
            .child(
                el("svg:svg")
                    .attr("viewBox", "0 0 1000 8")
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
