//! What happens by itself: terms end, vacancies move on, drafts are reminded of and forgotten.

use chrono::Months;
use domain::{
    application::{
        rules::pass,
        sql::{self as application_sql, Row, due},
    },
    journal::{Entry, Source},
    notice::{Event, Notice, args},
    rule::editions,
    shared::statement::Statement,
};
use serde::Deserialize;
use serde_json::json;

use super::{
    case_of, case_reads, close,
    command::{entry, step_rows},
    tell,
};
use crate::{
    error::{Error, Fault},
    facts, notice,
    ports::{Ports, read},
    save::{Change, refused},
};

/// Applications handled in one go; the next sweep goes on.
const BATCH: u32 = 100;

/// Writes down what time has changed.
pub async fn pass_time(ports: &Ports<'_>) -> Result<(), Fault> {
    let rows: Vec<Row> = read(ports.db, due::due(ports.now, BATCH)).await?.all()?;
    settle(ports, rows).await
}

/// Takes over what became of vacancies. Reads the state anew, so a repetition changes nothing.
pub async fn follow(ports: &Ports<'_>, vacancies: &[String]) -> Result<(), Fault> {
    // A popular vacancy has thousands of applications; each go makes some of them follow.
    for _ in 0..50 {
        let behind = due::behind(vacancies, ports.now, BATCH);
        let rows: Vec<Row> = read(ports.db, behind).await?.all()?;
        let (seen, last) = (rows.len(), rows.len() < BATCH as usize);
        settle(ports, rows).await?;
        if last || seen == 0 {
            return Ok(());
        }
    }
    Err(Fault::new("follow: more applications than one go takes"))
}

/// Each application is its own batch; one that somebody changes at the same moment is left for
/// the next sweep.
async fn settle(ports: &Ports<'_>, rows: Vec<Row>) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    let (book, calendar, _) = facts::load(ports, vec![]).await?;
    for row in rows {
        let reads = case_reads(&row.application.id);
        let found = crate::ports::read_all(ports.db, reads).await?;
        let Some(case) = case_of(book.clone(), calendar.clone(), &found)? else { continue };
        let before = &case.row.application;
        let Some(decision) = pass(before, &case.facts(ports)) else { continue };
        let next = &decision.application;
        let mut statements: Vec<Statement> =
            application_sql::update(next, before.version, "").into();
        statements.extend(step_rows(ports, next, &decision.steps, ""));
        let journal = decision.steps.iter().map(|step| entry(before, next, step)).collect();
        let mut change = Change { statements, journal, events: vec![] };
        tell::tell(ports, &case, next, &decision.steps, &mut change);
        change.events.extend(close::event(before, next));
        write(ports, change).await?;
    }
    Ok(())
}

async fn write(ports: &Ports<'_>, change: Change) -> Result<(), Fault> {
    let batch = change.into_batch(&Source::default(), ports);
    match ports.db.batch(batch).await.map_err(refused) {
        Ok(_) | Err(Error::Refusal(_)) => Ok(()),
        Err(Error::Fault(fault)) => Err(fault),
    }
}

#[derive(Deserialize)]
struct Near {
    #[serde(flatten)]
    row: Row,
    hours: u32,
}

/// Reminds the owners of drafts before the deadline, once at each of the edition's hours.
pub async fn nudge(ports: &Ports<'_>) -> Result<(), Fault> {
    let hours: Vec<_> = editions()
        .iter()
        .flat_map(|edition| {
            edition.application.nudge_hours.value.iter().map(|hours| {
                let until = ports.now.plus_seconds(i64::from(*hours) * 3600);
                json!({ "edition": edition.name(), "hours": hours, "until": until })
            })
        })
        .collect();
    let near = due::near_deadline(ports.now, &json!(hours).to_string(), BATCH);
    let rows: Vec<Near> = read(ports.db, near).await?.all()?;
    if rows.is_empty() {
        return Ok(());
    }
    let (book, _, _) = facts::load(ports, vec![]).await?;
    for Near { row, hours } in rows {
        let Some(closes_at) = row.closes_at else { continue };
        let application = &row.application;
        let mark = format!("{closes_at}|{hours}");
        let told = Notice {
            account: application.account.clone(),
            event: Event::ApplicationDeadlineNear,
            object: ("application", application.id.clone()),
            key: format!("{}:{mark}", application.id),
            args: args([
                ("vacancy", book.title(&row.announcement).into()),
                ("organisation", row.organisation().name.into()),
                ("until", closes_at.into()),
            ]),
        };
        let mut change =
            Change { statements: vec![due::nudged(&application.id, &mark)], ..Change::default() };
        notice::tell(ports, &mut change, &told);
        write(ports, change).await?;
    }
    Ok(())
}

/// Removes drafts that nobody has touched for as long as their edition keeps them.
pub async fn forget(ports: &Ports<'_>) -> Result<(), Fault> {
    let months = |edition: &domain::rule::Edition| edition.application.draft_months.value;
    let least = editions().iter().map(months).min().unwrap_or(6);
    let ago = |months: u32| {
        let day = ports.now.day().checked_sub_months(Months::new(months));
        day.map(|day| domain::shared::time::Timestamp::from_local(day, chrono::NaiveTime::MIN))
    };
    let Some(before) = ago(least) else { return Ok(()) };
    let rows: Vec<Row> = read(ports.db, due::forgotten(before, BATCH)).await?.all()?;
    for row in rows {
        let application = &row.application;
        let kept = domain::rule::edition(&application.procedure, &application.edition).map(months);
        if ago(kept.unwrap_or(least)).is_none_or(|before| application.changed_at >= before) {
            continue;
        }
        let change = Change {
            statements: application_sql::discard(&application.id, application.version),
            // The act of removal: what and when, nothing of the person.
            journal: vec![
                Entry::new("application.forget", "application", &application.id)
                    .of(&application.organisation)
                    .before(
                        json!({ "state": application.state, "changed_at": application.changed_at }),
                    ),
            ],
            events: vec![],
        };
        write(ports, change).await?;
    }
    Ok(())
}
