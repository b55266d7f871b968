//! Two forms on one scale. The scores are those of two analyses that are done; where different people of
//! about the same ability sat each form, a score of one goes to a score of the other by its mean and
//! spread (linear) and by the share of people below it (equipercentile). Nothing is written: what is
//! done with it is decided by people.

use domain::shared::{
    id::is_ulid,
    lang::Text,
    refusal::{Check, Refusal},
    row,
};
use psychometrics::{
    equating::{Distribution, equipercentile, linear},
    plot,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::plots;
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::read,
};

#[derive(Deserialize)]
struct Row {
    id: String,
    #[serde(deserialize_with = "row::json")]
    title: Text,
    state: String,
    #[serde(deserialize_with = "row::json")]
    summary: Value,
}

async fn analysis(cx: &Cx<'_>, id: &str) -> Result<Row, Error> {
    let found: Option<Row> = read(
        cx.ports.db,
        domain::sql!(
            "SELECT a.id, e.title, a.state, a.summary FROM analysis a JOIN exam e ON e.id = a.exam WHERE a.id = ?1",
            id
        ),
    )
    .await?
    .first()?;
    Ok(found.filter(|row| is_ulid(id) && row.state == "done").ok_or_else(Refusal::not_found)?)
}

/// `GET equatings?from=&to=`: scores of one analysis on the scale of another.
pub(super) async fn equate(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let pairs = request.query_pairs();
    let of = |name: &str| {
        pairs.iter().find(|(have, _)| have == name).map_or("", |(_, value)| value.as_str())
    };
    let mut wrong = Check::default();
    for name in ["from", "to"] {
        if !is_ulid(of(name)) {
            wrong.wrong(name, "required");
        }
    }
    if wrong.0.is_empty() && of("from") == of("to") {
        wrong.wrong("to", "same_form");
    }
    wrong.done()?;
    let (from, to) = (analysis(cx, of("from")).await?, analysis(cx, of("to")).await?);
    let scores = |row: &Row| {
        let counts: Vec<f64> =
            serde_json::from_value(row.summary["scores"].clone()).unwrap_or_default();
        Distribution::new(counts)
    };
    let (x, y) = (scores(&from), scores(&to));
    let (line, equal) = (linear(&x, &y), equipercentile(&x, &y));
    let words = plots::equating_words(cx, from.title.get(cx.lang), to.title.get(cx.lang));
    let about = |row: &Row, scores: &Distribution| {
        json!({ "id": row.id, "title": row.title, "people": scores.people(),
                "mean": scores.mean(), "sd": scores.sd(), "most": scores.counts().len().saturating_sub(1) })
    };
    Ok(Response::json(&json!({
        "from": about(&from, &x), "to": about(&to, &y),
        "linear": line.map(|line| json!({ "slope": line.slope, "intercept": line.intercept })),
        "plot": plot::equating(&x, line.as_ref(), &equal, &words),
    }))?)
}
