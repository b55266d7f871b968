//! A reminder before the acceptance of a saved vacancy ends, once a vacancy and person. (Drafts have
//! reminders of their own; an extension of the term is told by its own event.)

use domain::{
    notice::{Event, Notice, args, policy::policy},
    shared::{lang::Text, row, time::Timestamp},
    sql,
    vacancy::model::Content,
};
use serde::Deserialize;

use crate::{
    error::Fault,
    facts,
    ports::{Ports, read},
    save::Change,
};

/// Reminders written by one sweep.
const SLICE: u32 = 50;

#[derive(Deserialize)]
struct Near {
    account: String,
    vacancy: String,
    #[serde(deserialize_with = "row::json")]
    content: Content,
    kk: String,
    ru: String,
    en: String,
    closes_at: Timestamp,
}

/// Reminds those who saved a vacancy and have not begun to apply.
///
/// # Errors
/// A fault of the database.
pub async fn remind(ports: &Ports<'_>) -> Result<(), Fault> {
    let near: Vec<Near> = read(
        ports.db,
        sql!(
            "SELECT s.account, v.id AS vacancy, v.content, o.name_kk AS kk, o.name_ru AS ru, o.name_en AS en, v.closes_at
             FROM vacancy v JOIN saved_vacancy s ON s.vacancy = v.id
             JOIN account a ON a.id = s.account AND a.status = 'active'
             JOIN organisation o ON o.id = v.organisation
             WHERE v.state = 'published' AND v.closes_at > ?1 AND v.closes_at <= ?2
               AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.account = s.account AND n.event = ?3 AND n.key = v.id)
               AND NOT EXISTS (SELECT 1 FROM application p WHERE p.vacancy = v.id AND p.account = s.account)
             ORDER BY v.closes_at LIMIT ?4",
            ports.now,
            ports.now.plus_seconds(policy().nudge_hours * 3600),
            Event::VacancyDeadlineNear.code(),
            SLICE
        ),
    )
    .await?
    .all()?;
    if near.is_empty() {
        return Ok(());
    }
    let (book, _, _) = facts::load(ports, vec![]).await?;
    let mut change = Change::default();
    for one in near {
        let organisation = Text { kk: one.kk, ru: one.ru, en: one.en };
        let notice = Notice {
            account: one.account,
            event: Event::VacancyDeadlineNear,
            object: ("vacancy", one.vacancy.clone()),
            key: one.vacancy,
            args: args([
                ("vacancy", book.title(&one.content).into()),
                ("organisation", organisation.into()),
                ("until", one.closes_at.into()),
            ]),
        };
        crate::notice::tell(ports, &mut change, &notice);
    }
    let batch = change.into_batch(&domain::journal::Source::default(), ports);
    ports.db.batch(batch).await.map(drop).map_err(|e| Fault::new(format!("remind: {e:?}")))
}
