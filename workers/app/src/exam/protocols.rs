//! Decisions as a list, the protocol as a file, and what a decision means for the bank: a task that was
//! asked wrongly is taken out of use until its author has mended it.

use domain::{
    bank::{
        life::{Command, State},
        sql::{move_to, withdraw},
    },
    exam::appeal::Decision,
    journal::Entry,
    shared::{lang::Text, refusal::Refusal, row, time::Timestamp},
    sql,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::id;
use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::{Request, Response},
    ports::read,
    route,
    routes::Route,
    save::{Change, Event},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/exam-rulings", May(TestAppeal), Cabinet, list),
    route!(Get "/api/v1/cabinet/exam-rulings/{id}/protocol", May(TestAppeal), Cabinet, paper),
];

/// Decisions, newest first: those that wait for a second signature and those that were signed.
async fn list(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    #[derive(Deserialize, Serialize)]
    struct Line {
        id: String,
        exam: String,
        #[serde(deserialize_with = "row::json")]
        title: Text,
        code: String,
        #[serde(deserialize_with = "row::json")]
        decision: Decision,
        state: String,
        proposed_at: Timestamp,
        signed_at: Option<Timestamp>,
        rescored: i64,
        changed: i64,
    }
    let rows: Vec<Line> = read(
        cx.ports.db,
        sql!(
            "SELECT r.id, r.exam, e.title, i.code, r.decision,
               CASE WHEN r.declined_at IS NULL THEN r.state ELSE 'declined' END AS state, r.proposed_at, r.signed_at,
               (SELECT count(*) FROM exam_rescored x WHERE x.ruling = r.id) AS rescored,
               (SELECT count(*) FROM exam_rescored x WHERE x.ruling = r.id
                AND (x.before <> x.after OR x.reached_before IS NOT x.reached_after)) AS changed
             FROM exam_ruling r JOIN exam e ON e.id = r.exam JOIN item i ON i.id = r.item
             ORDER BY r.id DESC LIMIT 200"
        ),
    )
    .await?
    .all()?;
    Ok(Response::json(&json!({ "items": rows }))?)
}

/// The protocol as it was signed, byte by byte: its SHA-256 is the digest that was journalled.
async fn paper(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Signed {
        protocol: Option<String>,
        digest: Option<String>,
    }
    let ruling = id(cx, "id")?;
    let found: Option<Signed> =
        read(cx.ports.db, sql!("SELECT protocol, digest FROM exam_ruling WHERE id = ?1", ruling))
            .await?
            .first()?;
    let found = found.ok_or_else(Refusal::not_found)?;
    let text = found.protocol.ok_or_else(Refusal::not_found)?;
    let name = format!("attachment; filename=\"protocol-{ruling}.json\"");
    Ok(Response::new(200, "application/json", text)
        .header("content-disposition", name)
        .header("x-sha256", found.digest.unwrap_or_default()))
}

/// Adds to a change that a version leaves use, where it is in use: nobody is given it any more.
pub(super) async fn out_of_use(
    cx: &Cx<'_>,
    item: &str,
    version: i64,
    words: &str,
    change: &mut Change,
) -> Result<(), Fault> {
    #[derive(Deserialize)]
    struct Live {
        head: i64,
        live: Option<i64>,
    }
    let found: Option<Live> =
        read(cx.ports.db, sql!("SELECT head, live FROM item WHERE id = ?1", item))
            .await?
            .first()?;
    let Some(found) = found.filter(|found| found.live == Some(version)) else { return Ok(()) };
    let now = cx.ports.now;
    if found.head == version {
        change.statements.extend(move_to(item, version, State::Active, State::Suspended, now));
    } else {
        change.statements.extend(withdraw(item, version));
    }
    let account = cx.actor.as_ref().map_or("", |actor| actor.account.as_str());
    change.statements.push(sql!(
        "INSERT INTO item_step (id, item, version, command, from_state, to_state, reason, text, account, at)
         VALUES (?1, ?2, ?3, ?4, 'active', 'suspended', '', ?5, ?6, ?7)",
        cx.ports.new_id(),
        item,
        version,
        Command::Suspend.code(),
        words,
        account,
        now
    ));
    change.journal.push(
        Entry::new("item.command", "item", item)
            .after(json!({ "command": "suspend", "version": version, "state": "suspended" })),
    );
    change.events.push(Event { topic: "item.changed", key: item.to_owned() });
    Ok(())
}
