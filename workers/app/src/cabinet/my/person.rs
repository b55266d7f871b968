//! The card of the person.

use domain::{
    journal::Entry,
    profile::{
        api::{Card, Contact, Person, Source},
        card::{check, complete, computed, differs},
        sql::{self as profile_sql, PersonRow, PlaceRow, own_files, place},
    },
    shared::{
        refusal::{Check, Kind, Refusal},
        statement::Statement,
    },
    sql,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{conflict, if_match, rules};
use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::{Request, Response},
    ports::{Rows, read, read_all},
    route,
    routes::Route,
    save::{Change, Once, Replay, once, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/my/person", SignedIn, Cabinet, show),
    route!(Put "/api/v1/cabinet/my/person", SignedIn, Cabinet, put),
];

/// The reads of [`of`].
pub(super) fn reads(cx: &Cx<'_>) -> Result<[Statement; 3], Refusal> {
    let actor = cx.actor()?;
    Ok(profile_sql::person(&actor.person, &actor.account))
}

/// The person as shown, from the rows of [`reads`].
pub(super) fn of(rows: &[Rows]) -> Result<(PersonRow, Person), Fault> {
    let missing = || Fault::new("the person of an account is missing");
    let row: PersonRow = rows.first().ok_or_else(missing)?.first()?.ok_or_else(missing)?;
    let contacts: Vec<Contact> = rows.get(1).ok_or_else(missing)?.all()?;
    let places: Vec<PlaceRow> = rows.get(2).ok_or_else(missing)?.all()?;
    let person = shown(&row, contacts, &places);
    Ok((row, person))
}

fn shown(row: &PersonRow, contacts: Vec<Contact>, places: &[PlaceRow]) -> Person {
    let mut card = row.card();
    complete(&mut card);
    let computed = computed(&card);
    let mut sources = row.marks();
    // A staff member's names and number were written by the organisation that opened the account.
    if sources.is_empty() && row.staff && !card.iin.is_empty() {
        sources = ["name", "iin"].map(|field| (field.to_owned(), Source::Organisation)).into();
    }
    sources.extend(computed.iter().map(|field| (field.clone(), Source::Auto)));
    Person {
        version: row.version,
        contacts,
        place: place(places),
        sources,
        computed,
        changed_at: row.changed_at,
        card,
    }
}

fn answer(person: &Person) -> Result<Response, Fault> {
    Ok(Response::json(person)?.header("etag", format!("\"{}\"", person.version)))
}

async fn show(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let rows = read_all(cx.ports.db, reads(cx)?.into()).await?;
    Ok(answer(&of(&rows)?.1)?)
}

#[derive(Deserialize)]
struct Facts {
    /// Somebody else states this number.
    taken: i64,
    /// Numbers of others that this person hit since yesterday.
    tries: u32,
    /// The place exists.
    place: i64,
}

async fn put(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let version = if_match(request)?;
    let settings = rules()?;
    let card: Card = request.json()?;
    let card = check(card, cx.ports.now.day(), settings.oldest_year.value)?;
    let actor = cx.actor()?;
    let mut statements: Vec<Statement> = reads(cx)?.into();
    let photos: Vec<String> = card.photo.iter().cloned().collect();
    statements.push(own_files(&photos, &actor.person));
    statements.push(sql!(
        "SELECT EXISTS (SELECT 1 FROM person WHERE iin = ?1 AND id <> ?2) AS taken,
           (SELECT count(*) FROM journal WHERE object_type = 'person' AND object_id = ?2
              AND action = 'person.iin_taken' AND at > ?3) AS tries,
           EXISTS (SELECT 1 FROM kato WHERE code = ?4 AND closed_on IS NULL) AS place",
        &card.iin,
        &actor.person,
        cx.ports.now.plus_seconds(-86_400),
        &card.address.kato
    ));
    let rows = read_all(cx.ports.db, statements).await?;
    let (_, before) = of(&rows)?;
    if before.version != version {
        let differs = differs(&card, &before.card);
        return Ok(conflict(cx, &to_value(&before)?, &differs));
    }
    let files = rows.get(3).map(Rows::all::<Value>).transpose()?.unwrap_or_default();
    let facts: Option<Facts> = rows.get(4).map(Rows::first).transpose()?.flatten();
    let facts = facts.ok_or_else(|| Fault::new("the facts of a card are missing"))?;
    let number_changes = card.iin != before.card.iin && !card.iin.is_empty();
    if number_changes && facts.tries >= settings.limits.iin_tries_a_day {
        return Err(Refusal::new(Kind::TooMany, "iin_tries").into());
    }
    let mut wrong = Check::default();
    if number_changes && facts.taken == 1 {
        wrong.wrong("iin", "iin_taken");
        // What was hit is not written down, only that something was: nobody may try out numbers.
        let change = Change {
            journal: vec![Entry::new("person.iin_taken", "person", &actor.person)],
            ..Change::default()
        };
        save(cx, None, change, Response::empty()).await?;
    }
    if !card.address.kato.is_empty() && facts.place == 0 {
        wrong.wrong("address.kato", "unknown");
    }
    if card.photo.is_some() && card.photo != before.card.photo && files.is_empty() {
        wrong.wrong("photo", "evidence");
    }
    for (field, source) in &before.sources {
        let changed = match field.as_str() {
            "name" => card.name != before.card.name,
            "iin" => card.iin != before.card.iin,
            _ => false,
        };
        if *source == Source::Organisation && changed {
            wrong.wrong(field.clone(), "by_organisation");
        }
    }
    wrong.done()?;
    write(cx, once, card, &before).await
}

fn to_value(person: &Person) -> Result<Value, Fault> {
    serde_json::to_value(person).map_err(|e| Fault::new(format!("person: {e}")))
}

async fn write(cx: &Cx<'_>, once: Once, card: Card, before: &Person) -> Result<Response, Error> {
    let actor = cx.actor()?;
    let changed = differs(&card, &before.card);
    let marks: Map<String, Value> = before
        .sources
        .iter()
        .filter(|(_, source)| *source == Source::Organisation)
        .map(|(field, _)| (field.clone(), json!("organisation")))
        .collect();
    let marks = Value::Object(marks);
    let version = before.version + 1;
    let now = cx.ports.now;
    let mut statements = profile_sql::save_person(&actor.person, &card, &marks, version, now);
    if card.photo != before.card.photo {
        statements.push(sql!(
            "DELETE FROM file_use WHERE object_type = 'person' AND object_id = ?1",
            &actor.person
        ));
        if let Some(photo) = &card.photo {
            statements.push(sql!(
                "INSERT OR IGNORE INTO file_use (file, object_type, object_id, created_at) VALUES (?1, 'person', ?2, ?3)",
                photo,
                &actor.person,
                now
            ));
        }
    }
    let place = if card.address.kato == before.card.address.kato {
        before.place.clone()
    } else {
        let rows = read(cx.ports.db, profile_sql::place_of(&card.address.kato)).await?;
        place(&rows.all::<PlaceRow>()?)
    };
    let mut sources: Vec<_> =
        before.sources.iter().filter(|(_, s)| *s == Source::Organisation).cloned().collect();
    let computed = computed(&card);
    sources.extend(computed.iter().map(|field| (field.clone(), Source::Auto)));
    let after = Person {
        version,
        contacts: before.contacts.clone(),
        place,
        sources,
        computed,
        changed_at: Some(now),
        card,
    };
    let change = Change {
        statements,
        // Which fields, never what they say: the journal outlives the account.
        journal: vec![
            Entry::new("person.save", "person", &actor.person)
                .after(json!({ "version": version, "changed": changed })),
        ],
        events: vec![],
    };
    let sent = after.card.clone();
    match save(cx, Some(once), change, answer(&after)?).await {
        Err(Error::Refusal(refusal)) if refusal.kind == Kind::Stale => {
            let rows = read_all(cx.ports.db, reads(cx)?.into()).await?;
            let (_, current) = of(&rows)?;
            Ok(conflict(cx, &to_value(&current)?, &differs(&sent, &current.card)))
        }
        other => other,
    }
}
