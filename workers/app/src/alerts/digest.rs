//! What alerts tell, built by the sweep a slice at a time. A vacancy that an alert has told is
//! written down with the message that tells it, so it is never told twice, whatever happens.

use domain::{
    notice::{Arg, Channel, Event, Item, Letter, args, policy::policy},
    search::{
        api::Card,
        query::{Query, Sort},
    },
    shared::{format, lang::Lang, statement::guard, time::Timestamp},
    sql,
};
use serde::Deserialize;

use crate::{
    error::{Error, Fault},
    http::pairs,
    ports::{DbError, Ports, read},
    save::Change,
    search,
};

/// The most vacancies that one message counts: what is beyond comes with the next one.
const MOST: u32 = 100;

#[derive(Deserialize)]
struct Due {
    id: String,
    channel: Channel,
    address: String,
    lang: String,
    query: String,
    name: String,
    period: domain::notice::api::Period,
    secret: String,
    since: Timestamp,
    version: i64,
}

#[derive(Deserialize)]
struct Told {
    vacancy: i64,
}

/// Looks at the alerts that are due, at most a slice of them.
///
/// # Errors
/// A fault of a database; the alerts that were done are done.
pub async fn send(ports: &Ports<'_>) -> Result<(), Fault> {
    let due: Vec<Due> = read(
        ports.db,
        sql!(
            "SELECT id, channel, address, lang, query, name, period, secret, since, version FROM subscription
             WHERE state = 'active' AND next_at <= ?1 ORDER BY next_at LIMIT ?2",
            ports.now,
            policy().alert_slice
        ),
    )
    .await?
    .all()?;
    for one in due {
        look(ports, &one).await?;
    }
    Ok(())
}

async fn look(ports: &Ports<'_>, due: &Due) -> Result<(), Fault> {
    let lang = Lang::parse(&due.lang).unwrap_or_default();
    let mut change = Change {
        statements: vec![
            guard(
                "version",
                "SELECT version = ?2 AND state = 'active' FROM subscription WHERE id = ?1",
                vec![due.id.as_str().into(), due.version.into()],
            ),
            sql!(
                "UPDATE subscription SET next_at = ?2, version = version + 1 WHERE id = ?1",
                &due.id,
                policy().next_alert(ports.now, due.period)
            ),
        ],
        ..Change::default()
    };
    let fresh = fresh(ports, due, lang).await?;
    if !fresh.is_empty() {
        let numbers: Vec<i64> = fresh.iter().map(|card| card.number).collect();
        change.statements.push(sql!(
            "INSERT INTO subscription_told (subscription, vacancy, at) SELECT ?1, value, ?3 FROM json_each(?2) WHERE true
             ON CONFLICT DO NOTHING",
            &due.id,
            serde_json::json!(numbers).to_string(),
            ports.now
        ));
        crate::notice::write(ports, &mut change, &letter(ports, due, lang, &fresh));
    }
    let batch = change.into_batch(&domain::journal::Source::default(), ports);
    match ports.db.batch(batch).await {
        // Somebody else has looked, or the person has stopped it meanwhile.
        Ok(_) | Err(DbError::Check(_)) => Ok(()),
        Err(error) => Err(Fault::new(format!("alert: {error:?}"))),
    }
}

/// Vacancies of the search that were published since it began and that were not told.
async fn fresh(ports: &Ports<'_>, due: &Due, lang: Lang) -> Result<Vec<Card>, Fault> {
    let query = match Query::parse(&pairs(&due.query)) {
        Ok(query) => query.changed(|query| query.sort = Sort::Newest),
        // A filter that no longer exists finds nothing; the person sees why on the page.
        Err(_) => return Ok(Vec::new()),
    };
    let found = match search::list::<Card>(ports, lang, &query, MOST).await {
        Ok(list) => list.items,
        Err(Error::Refusal(_)) => return Ok(Vec::new()),
        Err(Error::Fault(fault)) => return Err(fault),
    };
    let told: Vec<Told> = read(
        ports.db,
        sql!("SELECT vacancy FROM subscription_told WHERE subscription = ?1 ORDER BY vacancy DESC LIMIT 5000", &due.id),
    )
    .await?
    .all()?;
    Ok(found
        .into_iter()
        .filter(|card| card.published_at >= due.since && card.closes_at > ports.now)
        .filter(|card| !told.iter().any(|told| told.vacancy == card.number))
        .collect())
}

fn letter(ports: &Ports<'_>, due: &Due, lang: Lang, fresh: &[Card]) -> Letter {
    let origin = &ports.config.origin;
    let own = |rest: String| format!("{origin}/{}{rest}", lang.code());
    let items: Vec<Item> = fresh
        .iter()
        .take(policy().alert_items as usize)
        .map(|card| Item {
            title: card.title.clone(),
            text: [
                card.organisation.clone(),
                card.place.clone(),
                format::date(lang, card.accept_to),
            ]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
            link: own(format!("/vacancies/{}", card.slug)),
        })
        .collect();
    let mark = if due.query.is_empty() { "" } else { "?" };
    Letter {
        channel: due.channel,
        address: due.address.clone(),
        lang,
        event: Event::SubscriptionDigest,
        key: format!("{}:{}", due.id, ports.now.day()),
        args: args([
            ("search", due.name.as_str().into()),
            ("count", Arg::Count(fresh.len() as i64)),
            ("list", Arg::List(items)),
            ("all", own(format!("/vacancies{mark}{}", due.query)).into()),
            ("manage", own(format!("/alerts/my/{}", due.secret)).into()),
        ]),
        stop: format!("/stop/{}", due.secret),
    }
}
