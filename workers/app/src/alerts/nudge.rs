//! A reminder before the acceptance ends, for what was saved or begun and not sent. Once a vacancy
//! and person: an extension of the term is told by its own event.

use domain::{notice::policy::policy, sql};

use crate::{error::Fault, ports::Ports};

/// Writes the reminders that are due: one statement for all of them.
///
/// # Errors
/// A fault of the database.
pub async fn remind(ports: &Ports<'_>) -> Result<(), Fault> {
    let batch = ports.new_id();
    let soon = ports.now.plus_seconds(policy().nudge_hours * 3600);
    let statements = vec![
        // The rest of the row's identifier is the account's, and of the vacancy what tells two of
        // one person apart.
        sql!(
            "INSERT INTO notice (id, batch, account, event, object_type, object_id, key, args, at)
             SELECT substr(?1, 1, 10) || substr(v.id, 19) || substr(a.id, 19), ?1, a.id, 'application.deadline_near', 'vacancy', v.id, v.id,
               json_object(
                 'vacancy', json_object('words', json_object('kk', coalesce(i.kk, ''), 'ru', coalesce(i.ru, ''), 'en', coalesce(i.en, ''))),
                 'organisation', json_object('words', json_object('kk', o.name_kk, 'ru', o.name_ru, 'en', o.name_en)),
                 'until', json_object('moment', v.closes_at)), ?2
             FROM vacancy v JOIN organisation o ON o.id = v.organisation
             LEFT JOIN directory_item i ON i.directory = 'position' AND i.code = v.position AND i.valid_to IS NULL
             JOIN (SELECT s.vacancy AS vacancy, s.account AS account FROM saved_vacancy s
                   UNION SELECT p.vacancy, p.account FROM application p WHERE p.state = 'draft') w ON w.vacancy = v.id
             JOIN account a ON a.id = w.account AND a.status = 'active'
             WHERE v.state = 'published' AND v.closes_at > ?2 AND v.closes_at <= ?3
               AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.account = a.id AND n.event = 'application.deadline_near' AND n.key = v.id)
               AND NOT EXISTS (SELECT 1 FROM application p WHERE p.vacancy = v.id AND p.account = a.id AND p.submitted_at IS NOT NULL)
             LIMIT 500
             ON CONFLICT DO NOTHING",
            &batch,
            ports.now,
            soon
        ),
        sql!(
            "INSERT INTO outbox (at, topic, key, next_at) SELECT ?2, 'notice.created', ?1, ?2
             WHERE EXISTS (SELECT 1 FROM notice WHERE batch = ?1)",
            &batch,
            ports.now
        ),
    ];
    ports.db.batch(statements).await.map(drop).map_err(|e| Fault::new(format!("remind: {e:?}")))
}
