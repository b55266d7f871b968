//! Writes what was decided, batch by batch.

use domain::{
    import::{
        api::ImportReport,
        sql::{self as import_sql, By, Written},
    },
    vacancy::title::address,
};

use super::decide::Planned;
use crate::{cabinet::vacancies::take_numbers, cx::Cx, error::Error, facts, save::refused};

/// Rows of a batch.
const BATCH_ROWS: usize = 200;
/// Bytes of the announcements of a batch: the edge takes 2 MB in one value.
const BATCH_BYTES: usize = 1_000_000;

/// Writes the rows in batches and puts the numbers of new vacancies into the report.
pub(super) async fn write(
    cx: &Cx<'_>,
    planned: Planned,
    report: &mut ImportReport,
) -> Result<(), Error> {
    let actor = cx.actor()?;
    let by = By {
        account: actor.account.clone(),
        session: actor.session.clone(),
        request_id: cx.request_id.clone(),
    };
    let book = facts::load(cx.ports, vec![]).await?.0;
    let mut rest = planned.into_iter().peekable();
    while rest.peek().is_some() {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while let Some((_, row)) = rest.peek() {
            bytes += serde_json::to_string(&row.vacancy.content).unwrap_or_default().len() + 1000;
            if !batch.is_empty() && (batch.len() >= BATCH_ROWS || bytes > BATCH_BYTES) {
                break;
            }
            batch.extend(rest.next());
        }
        let new = batch.iter().filter(|(_, row)| row.new).count();
        let mut number = match u32::try_from(new) {
            Ok(n @ 1..) => take_numbers(cx.ports, n).await?,
            _ => 0,
        };
        for (place, row) in &mut batch {
            if row.new {
                row.vacancy.number = number;
                number += 1;
                if let Some(answer) = report.rows.get_mut(*place) {
                    answer.number = Some(row.vacancy.number);
                }
            }
            row.vacancy.slug = address(&book.title(&row.vacancy.content), row.vacancy.number);
        }
        let rows: Vec<Written> = batch.into_iter().map(|(_, row)| row).collect();
        cx.ports.db.batch(import_sql::write(&rows, &by, cx.ports.now)).await.map_err(refused)?;
    }
    Ok(())
}
