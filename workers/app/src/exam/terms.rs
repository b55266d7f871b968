//! What a form is made of: the rules in force and the topics of the bank, in one answer.

use domain::{
    account::permission::Permission::{ItemGuard, TestManage},
    bank::topic::{self, Topic},
    exam::rules::{Edition, edition_on},
    shared::refusal::{Kind, Refusal},
    sql,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{any_of, forms::PURPOSES};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::read,
    route,
    routes::Route,
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[route!(Get "/api/v1/cabinet/exam-terms", SignedIn, Cabinet, terms)];

/// How many items in use there are of a sort.
#[derive(Deserialize, Serialize)]
struct Stock {
    topic: String,
    level: String,
    kind: String,
    kk: i64,
    ru: i64,
}

fn groups(edition: &Edition) -> Vec<Value> {
    let group = |group: &domain::exam::rules::Group| {
        let blocks = group.blocks.iter().map(
            |block| json!({ "code": block.code, "title": block.title, "tasks": block.tasks.value }),
        );
        let marks = group
            .thresholds
            .iter()
            .map(|mark| json!({ "category": mark.category, "percent": mark.percent.value }));
        json!({
            "code": group.code, "title": group.title, "tasks": group.tasks.value,
            "minutes": group.minutes.value, "exact_sciences": group.exact_sciences,
            "blocks": blocks.collect::<Vec<_>>(), "marks": marks.collect::<Vec<_>>(),
        })
    };
    edition.groups.iter().map(group).collect()
}

async fn terms(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    any_of(cx, &[TestManage, ItemGuard])?;
    let edition =
        edition_on(cx.ports.now.day()).ok_or_else(|| Refusal::new(Kind::Conflict, "no_edition"))?;
    let topics: Vec<Topic> = read(cx.ports.db, topic::list()).await?.all()?;
    let stock: Vec<Stock> = read(
        cx.ports.db,
        sql!(
            "SELECT i.topic, i.level, i.kind, count(v.kk) AS kk, count(v.ru) AS ru
             FROM item i JOIN item_version v ON v.item = i.id AND v.version = i.live
             WHERE i.live IS NOT NULL AND v.state = 'active'
             GROUP BY i.topic, i.level, i.kind LIMIT 5000"
        ),
    )
    .await?
    .all()?;
    let answer = json!({
        "edition": edition.edition, "title": edition.title, "act": edition.act.number,
        "mark": edition.mark, "note": edition.note, "purposes": PURPOSES, "groups": groups(edition),
        "exact": { "subjects": edition.exact_sciences.subjects.value,
                   "minutes": edition.exact_sciences.minutes.value },
        "extra_minutes": edition.extra_minutes.value, "languages": edition.languages.value,
        "attempts": { "free": edition.attempts.free.value, "paid": edition.attempts.paid.value },
        "items": topics, "stock": stock,
    });
    Ok(Response::json(&answer)?)
}
