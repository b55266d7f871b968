//! What the passing of time changes.

use domain::{
    journal::{Entry, Source},
    vacancy::{
        rules::passing,
        sql::{self as vacancy_sql, Row},
    },
};
use serde_json::json;

use crate::{
    error::Error,
    ports::{Ports, read},
    save::{Change, Event, refused},
};

/// Opens what is scheduled, closes what is over. Each vacancy
/// is its own batch; one that somebody changes at the same moment is left for the next sweep.
pub async fn pass_time(ports: &Ports<'_>) -> Result<usize, Error> {
    let due: Vec<Row> = read(ports.db, vacancy_sql::due(ports.now, 100)).await?.all()?;
    let mut done = 0;
    for row in due {
        let Some((next, action)) = passing(&row.vacancy, ports.now) else {
            continue;
        };
        let change = Change {
            statements: vacancy_sql::update(&next, "").into(),
            journal: vec![
                Entry::new(format!("vacancy.{action}"), "vacancy", &next.id)
                    .of(&next.organisation)
                    .before(json!({ "state": row.vacancy.state, "version": row.vacancy.version }))
                    .after(json!({ "state": next.state, "version": next.version })),
            ],
            events: vec![Event { topic: "vacancy.changed", key: next.id.clone() }],
        };
        let batch = change.into_batch(&Source::default(), ports);
        match ports.db.batch(batch).await.map_err(refused) {
            Ok(_) => done += 1,
            Err(Error::Refusal(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(done)
}
