//! How somebody signs in: phones and e-mails, and a password of one's own.

use domain::{
    account::{
        contact::{Contact, ContactRow, contacts, use_up},
        sign_in::check_password as check_policy,
        sql::{SignInRow, revoke_sessions, sign_in_row_of},
    },
    journal::Entry,
    notice::{Arg, Event, Notice, args},
    shared::{
        id::is_ulid,
        refusal::{Check, Kind, Refusal},
        statement::guard,
    },
    sql,
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    cx::Cx,
    enter::{check, send},
    error::Error,
    http::{Request, Response},
    notice::tell,
    ports::read,
    route,
    routes::Route,
    save::{Change, save},
    secret::{check_password, hash_password},
    sign_in::known_names_of,
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/my/contacts", SignedIn, Cabinet, list),
    route!(Post "/api/v1/cabinet/my/contacts", SignedIn, Cabinet, add),
    route!(Post "/api/v1/cabinet/my/contacts/confirm", SignedIn, Cabinet, confirm),
    route!(Delete "/api/v1/cabinet/my/contacts/{id}", SignedIn, Cabinet, remove),
    route!(Put "/api/v1/cabinet/my/password", SignedIn, Cabinet, password),
];

async fn list(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let rows: Vec<ContactRow> = read(cx.ports.db, contacts(&cx.actor()?.account)).await?.all()?;
    Ok(Response::json(&rows)?)
}

#[derive(Deserialize)]
struct Add {
    contact: String,
}

/// Sends a code to a new contact; the answer carries its token for `confirm`.
async fn add(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let add: Add = request.json()?;
    let contact = Contact::parse(&add.contact).map_err(|error| {
        let mut check = Check::default();
        check.wrong("contact", error.code());
        Refusal::fields(check.0)
    })?;
    let account = cx.actor()?.account.clone();
    let token = send(cx, request, &contact, Some(&account)).await?;
    Ok(Response::json(&json!({ "token": token, "to": contact.masked() }))?)
}

#[derive(Deserialize)]
struct Confirm {
    token: String,
    code: String,
}

async fn confirm(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let confirm: Confirm = request.json()?;
    let actor = cx.actor()?;
    let row = check(cx, &confirm.token, &confirm.code, Some(&actor.account)).await?;
    let contact = row.contact();
    let mut statements: Vec<_> = use_up(&row.id, cx.ports.now).into();
    statements.push(sql!(
        "INSERT INTO contact (id, account, kind, value, verified_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (kind, value) DO UPDATE SET verified_at = ?5 WHERE account = ?2",
        cx.ports.new_id(),
        &actor.account,
        contact.kind(),
        contact.value(),
        cx.ports.now
    ));
    // Somebody else's contact stays theirs: nothing was inserted then.
    statements.push(guard(
        "state",
        "SELECT account = ?3 FROM contact WHERE kind = ?1 AND value = ?2",
        vec![contact.kind().into(), contact.value().into(), actor.account.as_str().into()],
    ));
    let column = contact.kind();
    statements.push(sql!(
        format!("UPDATE person SET {column} = ?2 WHERE id = ?1 AND {column} = ''"),
        &actor.person,
        contact.value()
    ));
    let mut change = Change {
        statements,
        journal: vec![Entry::new("account.add_contact", "account", &actor.account)],
        events: vec![],
    };
    let added = ("contact", Arg::Text(contact.masked()));
    told(cx, &mut change, Event::AccountContactAdded, Some(added))?;
    match save(cx, None, change, Response::empty()).await {
        Err(Error::Refusal(refusal)) if refusal.code == "state" => {
            Err(Refusal::new(Kind::Conflict, "contact_taken").into())
        }
        other => other,
    }
}

/// Removes a contact, unless it is the last: without one nobody could sign in any more.
async fn remove(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (actor, id) = (cx.actor()?, cx.param("id"));
    let rows: Vec<ContactRow> = read(cx.ports.db, contacts(&actor.account)).await?.all()?;
    let row = rows.iter().find(|row| row.id == id).filter(|_| is_ulid(id));
    let row = row.ok_or_else(Refusal::not_found)?;
    let column = if row.kind == "phone" { "phone" } else { "email" };
    let mut change = Change {
        statements: vec![
            guard(
                "state",
                "SELECT count(*) > 1 FROM contact WHERE account = ?1",
                vec![actor.account.as_str().into()],
            ),
            sql!("DELETE FROM contact WHERE id = ?1 AND account = ?2", id, &actor.account),
            sql!(
                format!(
                    "UPDATE person SET {column} = coalesce((SELECT value FROM contact
                       WHERE account = ?2 AND kind = ?3 ORDER BY verified_at LIMIT 1), '') WHERE id = ?1"
                ),
                &actor.person,
                &actor.account,
                &row.kind
            ),
        ],
        journal: vec![Entry::new("account.remove_contact", "account", &actor.account)],
        events: vec![],
    };
    let masked = Contact::parse(&row.value).map_or_else(|_| String::new(), |one| one.masked());
    let removed = ("contact", Arg::Text(masked));
    told(cx, &mut change, Event::AccountContactRemoved, Some(removed))?;
    match save(cx, None, change, Response::empty()).await {
        Err(Error::Refusal(refusal)) if refusal.code == "state" => {
            Err(Refusal::new(Kind::Conflict, "last_contact").into())
        }
        other => other,
    }
}

#[derive(Deserialize)]
struct Password {
    /// The present one, where there is one.
    #[serde(default)]
    current: String,
    password: String,
}

/// Sets or changes the password and ends all other sessions. No idempotency key: its row would
/// keep a digest of the password, and doing it twice does no harm.
async fn password(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let wanted: Password = request.json()?;
    let actor = cx.actor()?;
    let row: Option<SignInRow> =
        read(cx.ports.db, sign_in_row_of(&actor.account)).await?.first()?;
    let row = row.ok_or_else(Refusal::not_found)?;
    let mut wrong = Check::default();
    if !row.password.is_empty() && !check_password(&wanted.current, &row.password)? {
        wrong.wrong("current", "password_wrong");
    }
    let own = known_names_of(cx, &row.id).await?;
    check_policy(&mut wrong, &wanted.password, &row.login, &own);
    wrong.done()?;
    let mut change = Change {
        statements: vec![
            sql!(
                "UPDATE account SET password = ?2, failures = 0, failed_at = NULL, version = version + 1 WHERE id = ?1",
                &actor.account,
                hash_password(cx.ports, &wanted.password)?
            ),
            revoke_sessions(&actor.account, cx.ports.now),
            // The one that asks goes on.
            sql!(
                "UPDATE session SET revoked_at = NULL WHERE id = ?1 AND revoked_at = ?2",
                &actor.session,
                cx.ports.now
            ),
        ],
        journal: vec![Entry::new("account.set_password", "account", &actor.account)],
        events: vec![],
    };
    told(cx, &mut change, Event::AccountPasswordSet, None)?;
    save(cx, None, change, Response::empty()).await
}

/// Tells the person in the batch of the change: it may not have been them.
fn told(
    cx: &Cx<'_>,
    change: &mut Change,
    event: Event,
    about: Option<(&str, Arg)>,
) -> Result<(), Error> {
    let actor = cx.actor()?;
    let mut values = args([("moment", Arg::Moment(cx.ports.now))]);
    values.extend(about.map(|(name, value)| (name.to_owned(), value)));
    let notice = Notice {
        account: actor.account.clone(),
        event,
        object: ("account", actor.account.clone()),
        key: cx.ports.new_id(),
        args: values,
    };
    tell(cx.ports, change, &notice);
    Ok(())
}
