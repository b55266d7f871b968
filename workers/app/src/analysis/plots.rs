//! Drawings of an analysis: SVG with the same numbers as a table, in the reader's language.

use domain::{
    analysis::api::{Analysis, ItemRow},
    shared::{lang::Lang, locale::ANALYSIS, refusal::Refusal},
};
use psychometrics::{
    dif::Dif,
    equating::Distribution,
    information::Point,
    model::Item,
    plot::{self, Observed, Plot, Share, Words},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{load, load_item, sql};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::read,
};

/// Columns of the distribution of scores.
const COLUMNS: usize = 40;
/// Items on the drawing of differences between languages.
const DELTAS: i64 = 500;

fn comma(lang: Lang) -> bool {
    lang != Lang::En
}

/// A figure as the reader writes it, three places.
pub(super) fn number(cx: &Cx<'_>, value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if comma(cx.lang) { text.replace('.', ",") } else { text.to_owned() }
}

fn words(cx: &Cx<'_>, plot: &str, args: &[(&str, &str)], series: &[&str]) -> Words {
    let text = |part: &str| ANALYSIS.fill(cx.lang, &format!("plot.{plot}.{part}"), args);
    Words {
        id: format!("{plot}-{}", cx.param("item")),
        title: text("title"),
        description: text("description"),
        x: text("x"),
        y: text("y"),
        series: series.iter().map(|name| text(name)).collect(),
        comma: comma(cx.lang),
    }
}

/// Words of the drawing of two forms on one scale.
pub(super) fn equating_words(cx: &Cx<'_>, from: &str, to: &str) -> Words {
    let args = [("from", from), ("to", to)];
    words(cx, "equating", &args, &["people", "linear", "equipercentile", "same"])
}

/// A value that an analysis has stored; its default where it has none.
fn stored<T: DeserializeOwned + Default>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_default()
}

/// The drawing: as JSON with its table, or with `?as=svg` as a file.
fn answer(request: &Request, plot: &Plot) -> Result<Response, Error> {
    let svg = request.query_pairs().iter().any(|(name, value)| name == "as" && value == "svg");
    Ok(if svg {
        Response::new(200, "image/svg+xml", plot.svg.as_bytes())
    } else {
        Response::json(plot)?
    })
}

/// Drawings of the whole test: `scores`, `information`, `languages`.
pub(super) async fn of_test(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let analysis = load(cx).await?;
    if analysis.state != "done" {
        return Err(Refusal::not_found().into());
    }
    let summary = &analysis.summary;
    let plot = match cx.param("plot") {
        "scores" => {
            let scores = Distribution::new(stored::<Vec<f64>>(&summary["scores"]));
            let words = words(cx, "scores", &[], &["people", "share"]);
            plot::distribution(&scores, COLUMNS, &words)
        }
        "information" => {
            let points: Vec<Point> = stored(&summary["information"]);
            plot::information(&points, &words(cx, "information", &[], &["information", "error"]))
        }
        "languages" => languages(cx, &analysis).await?,
        _ => return Err(Refusal::not_found().into()),
    };
    answer(request, &plot)
}

async fn languages(cx: &Cx<'_>, analysis: &Analysis) -> Result<Plot, Error> {
    let rows: Vec<Value> =
        read(cx.ports.db, sql::items(&analysis.id, false, "", 0, DELTAS)).await?.all()?;
    let mut items = Vec::new();
    for row in rows {
        let row = super::item_row(cx, row)?;
        let name = if row.code.is_empty() { row.item } else { row.code };
        items.push((name, stored::<Dif>(&row.more["dif"])));
    }
    let limit = |name: &str, usual: f64| analysis.summary["limits"][name].as_f64().unwrap_or(usual);
    let words = words(cx, "languages", &[], &["delta", "error", "class"]);
    Ok(plot::deltas(&items, limit("moderate", 1.0), limit("large", 1.5), &words))
}

/// Drawings of an item: `curve`, `languages`.
pub(super) async fn of_item(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let row: ItemRow = load_item(cx).await?;
    let args = [("code", row.code.as_str())];
    let plot = match cx.param("plot") {
        "curve" => {
            let item = row.d.map(|d| Item { a: row.a.unwrap_or(1.0), d });
            let observed: Vec<Observed> = stored(&row.more["observed"]);
            let words = words(cx, "curve", &args, &["model", "observed", "people"]);
            plot::characteristic(item, &observed, &words)
        }
        "languages" => {
            let shares: Vec<Share> = stored(&row.more["shares"]);
            plot::language(&shares, &words(cx, "item_languages", &args, &["kk", "ru"]))
        }
        _ => return Err(Refusal::not_found().into()),
    };
    answer(request, &plot)
}
