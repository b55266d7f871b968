//! Tasks of a published form that have left use since: the commission found their key wrong, a leak was
//! stopped. The pool of a form stays as it was committed to, so such a form takes no new session.

use std::collections::HashMap;

use domain::{
    exam::pool::ulid_text,
    shared::refusal::{Kind, Refusal},
    sql,
};
use serde::Deserialize;
use serde_json::json;

use super::forms::read_pool;
use crate::{
    error::{Error, Fault},
    ports::{Ports, read},
};

/// Codes that a refusal names at most.
const NAMED: usize = 10;

#[derive(Deserialize)]
struct PoolRow {
    blob: String,
}

#[derive(Deserialize)]
struct Gone {
    code: String,
}

/// Codes of the tasks in the pools of a form that are out of use now, or are in use as another version.
async fn left(ports: &Ports<'_>, exam: &str) -> Result<Vec<String>, Fault> {
    let pools: Vec<PoolRow> =
        read(ports.db, sql!("SELECT blob FROM exam_pool WHERE exam = ?1", exam)).await?.all()?;
    let mut versions: HashMap<String, i64> = HashMap::new();
    for row in &pools {
        let bytes = data_encoding::HEXLOWER
            .decode(row.blob.as_bytes())
            .map_err(|_| Fault::new("a pool is hexadecimal"))?;
        for item in read_pool(&bytes)?.items {
            versions.insert(ulid_text(item.id), i64::from(item.version));
        }
    }
    // Those that are in use as another version were mended: the old one is what people would be given.
    let found: Vec<Gone> = read(
        ports.db,
        sql!(
            "SELECT i.code FROM json_each(?1) p JOIN item i ON i.id = p.key
             WHERE i.live IS NULL OR i.live <> p.value ORDER BY i.code",
            json!(versions).to_string()
        ),
    )
    .await?
    .all()?;
    Ok(found.into_iter().map(|one| one.code).collect())
}

/// Refuses a form with a task that has left use.
///
/// # Errors
/// There is one: the refusal names them.
pub(super) async fn all_in_use(ports: &Ports<'_>, exam: &str) -> Result<(), Error> {
    let codes = left(ports, exam).await?;
    if codes.is_empty() {
        return Ok(());
    }
    let mut named = codes.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if codes.len() > NAMED {
        named.push_str(" …");
    }
    Err(Refusal::new(Kind::Conflict, "form_left").with("items", named).into())
}
