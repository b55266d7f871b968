//! Experience as a line over the years: what is filled was worked, what is empty is a gap.

use chrono::{Datelike, NaiveDate};

use crate::{
    dom::{El, div, el},
    text::day,
};

/// Days of periods on a line of 1000 from the first day to the last: begin and length.
pub fn pieces(jobs: &[(NaiveDate, Option<NaiveDate>)], today: NaiveDate) -> Vec<(i64, i64)> {
    let Some(first) = jobs.iter().map(|(from, _)| *from).min() else { return Vec::new() };
    let end = |to: &Option<NaiveDate>| to.unwrap_or(today).min(today);
    let last = jobs.iter().map(|(_, to)| end(to)).max().unwrap_or(today).max(today);
    let whole = (last - first).num_days().max(1);
    jobs.iter()
        .map(|(from, to)| {
            let begin = (*from - first).num_days() * 1000 / whole;
            let until = (end(to) - first).num_days() * 1000 / whole;
            (begin, (until - begin).max(4))
        })
        .collect()
}

/// The picture; what it shows is also written beside it.
pub fn picture(jobs: &[(NaiveDate, Option<NaiveDate>)], today: NaiveDate) -> El {
    let first = jobs.iter().map(|(from, _)| *from).min().unwrap_or(today);
    let bars = pieces(jobs, today).into_iter().map(|(begin, length)| {
        el("svg:rect")
            .attr("x", begin.to_string())
            .attr("y", "0")
            .attr("width", length.to_string())
            .attr("height", "16")
    });
    let words = format!("{} – {}", day(first), day(today));
    div("chart span")
        .child(
            el("svg:svg")
                .attr("viewBox", "0 0 1000 16")
                .attr("preserveAspectRatio", "none")
                .attr("role", "img")
                .attr("aria-label", words)
                .child(
                    el("svg:rect")
                        .attr("class", "ground")
                        .attr("x", "0")
                        .attr("y", "0")
                        .attr("width", "1000")
                        .attr("height", "16"),
                )
                .children(bars),
        )
        .child(
            div("ends")
                .child(el("span").child(first.year().to_string()))
                .child(el("span").child(today.year().to_string())),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_where_nothing_is_drawn() {
        let on = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap();
        let jobs = [(on("2000-01-01"), Some(on("2005-01-01"))), (on("2010-01-01"), None)];
        let found = pieces(&jobs, on("2020-01-01"));
        assert_eq!(found, [(0, 250), (500, 500)]);
        assert_eq!(pieces(&[], on("2020-01-01")), []);
        // A day that is still to come does not push the picture out of its frame.
        let later = pieces(&[(on("2019-01-01"), Some(on("2030-01-01")))], on("2020-01-01"));
        assert_eq!(later, [(0, 1000)]);
    }
}
