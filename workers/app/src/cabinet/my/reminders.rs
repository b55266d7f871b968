//! Reminders of records that end soon.

use chrono::NaiveDate;
use domain::{
    journal,
    notice::{self, Arg, Notice},
    profile::{
        api::Item,
        item::remind_on,
        meter::name,
        sql::{self as profile_sql, DueRow},
    },
    shared::lang::{Lang, Text},
};

use super::rules;
use crate::{
    error::Fault,
    ports::{DbError, Ports, read},
    save::{Change, Event},
};

/// Reminders of one sweep.
const REMINDERS: u32 = 100;

/// The day of the next reminder of a record.
pub(crate) fn next_of(ports: &Ports<'_>, item: &Item) -> Result<Option<NaiveDate>, Fault> {
    Ok(remind_on(item.valid_to, ports.now.day(), rules()?))
}

/// Reminds people of records that end soon: once for each day of the settings. A record is told
/// and marked in one batch, so that a sweep that dies tells nothing twice.
pub async fn sweep(ports: &Ports<'_>) -> Result<(), Fault> {
    let (now, settings) = (ports.now, rules()?);
    let due: Vec<DueRow> = read(ports.db, profile_sql::due(now.day(), REMINDERS)).await?.all()?;
    for row in due {
        let words = |lang| name(row.kind, &row.record, lang);
        let text = Text { kk: words(Lang::Kk), ru: words(Lang::Ru), en: words(Lang::En) };
        let id = ports.new_id();
        let mut change = Change::default();
        let next = remind_on(Some(row.valid_to), now.day(), settings);
        change.statements.extend(profile_sql::reminded(&row.id, row.remind_on, next));
        // A record that has ended long ago (written late) is shown in the profile, not told.
        if row.valid_to >= now.day() {
            let notice = Notice {
                account: row.account.clone(),
                event: notice::Event::ProfileExpiring,
                object: ("record", row.id.clone()),
                key: format!("{}:{}:{}", row.id, row.valid_to, row.remind_on),
                args: notice::args([
                    ("record", Arg::Words(text)),
                    ("until", Arg::Day(row.valid_to)),
                ]),
            };
            change.statements.extend(notice.statements(now, &id));
            change.events.push(Event { topic: "notice.created", key: id });
        }
        let batch = change.into_batch(&journal::Source::default(), ports);
        match ports.db.batch(batch).await {
            // Another sweep was faster.
            Ok(_) | Err(DbError::Check(_)) => {}
            Err(error) => return Err(Fault::new(format!("reminder: {error:?}"))),
        }
    }
    Ok(())
}
