//! Opening a ticket and telling its writer what happens.

use domain::{
    account::device::describe,
    file::sql::use_file,
    journal::Entry,
    notice::{Channel, Event as Told, Letter, Notice, args},
    shared::{
        lang::Lang,
        refusal::{Check, Refusal},
    },
    sql,
    ticket::{
        rules::{Severity, State, Topic, due_at, rule},
        sql as ticket_sql,
        sql::{Row, move_to, next_number, unchanged, write},
    },
};
use serde::Deserialize;

use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::Request,
    ports::{Ports, read, read_all},
    save::{Change, Event, refused},
    secret::{digest, mac},
};

/// What somebody writes.
pub(super) struct Wanted<'a> {
    pub topic: Topic,
    pub text: &'a str,
    pub screen: &'a str,
    pub role: String,
    pub account: Option<String>,
    pub email: String,
    /// A screenshot, and the person whose file it is.
    pub file: Option<(String, String)>,
    /// Digest of the proof of work.
    pub work: Option<String>,
}

/// A ticket that is to be written.
pub(super) struct Opened {
    pub change: Change,
    pub number: i64,
    pub due_at: domain::shared::time::Timestamp,
    /// Address of its page, without the language.
    pub rest: String,
}

/// The text of a message as it is kept: line ends of one kind, not empty, not too long.
pub(super) fn clean(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut check = Check::default();
    if text.trim().is_empty() {
        check.wrong(field, "required");
    } else if text.chars().count() > rule().text_most {
        check.wrong_with(field, "too_long", "max", rule().text_most);
    }
    check.done()?;
    Ok(text.trim().to_owned())
}

/// The number as people read it.
pub(super) fn shown(number: i64) -> String {
    format!("T-{number}")
}

/// The secret part of the address of a ticket's page: made anew from the identifier, so that it
/// need not be stored.
fn key(ports: &Ports<'_>, id: &str) -> Result<String, Fault> {
    mac(ports, "ticket", id)
}

/// Address of a ticket's page, without the language.
pub(super) fn rest_of(ports: &Ports<'_>, id: &str, number: i64) -> Result<String, Fault> {
    Ok(format!("/feedback/{}/{}", shown(number), key(ports, id)?))
}

/// The digest under which a ticket's page is found.
pub(super) fn secret_of(ports: &Ports<'_>, id: &str) -> Result<String, Fault> {
    Ok(digest(&key(ports, id)?))
}

/// A new ticket.
pub(super) async fn open(
    cx: &Cx<'_>,
    request: &Request,
    wanted: Wanted<'_>,
) -> Result<Opened, Error> {
    #[derive(Deserialize)]
    struct Number {
        value: i64,
    }
    let ports = cx.ports;
    let number: Option<Number> = read(ports.db, next_number()).await?.first()?;
    let number = number.ok_or_else(|| Fault::new("the counter of tickets is missing"))?.value;
    let (id, due_at) = (ports.new_id(), due_at(rule(), Severity::Usual, ports.now));
    let rest = rest_of(ports, &id, number)?;
    let mut statements = Vec::new();
    let mut file = None;
    if let Some((screenshot, person)) = wanted.file {
        // The desk may open it, and it stays as long as the ticket names it.
        statements.extend(use_file(&screenshot, &person, ("ticket", &id), ports.now));
        file = Some(screenshot);
    }
    statements.extend([
        sql!(
            "INSERT INTO ticket (id, number, secret, work, account, email, lang, topic, screen, role, device, file,
               state, due_at, since, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'new', ?13, ?14, ?14)",
            &id,
            number,
            secret_of(ports, &id)?,
            wanted.work,
            wanted.account.clone(),
            &wanted.email,
            cx.lang.code(),
            wanted.topic.code(),
            screen(wanted.screen),
            &wanted.role,
            describe(request.header("user-agent").unwrap_or_default()),
            file,
            due_at,
            ports.now
        ),
        write(&ports.new_id(), &id, "user", wanted.account.as_deref(), wanted.text, ports.now),
    ]);
    let to = To { account: wanted.account, email: wanted.email, lang: cx.lang };
    let journal = vec![Entry::new("ticket.open", "ticket", &id)];
    let mut change = Change { statements, journal, ..Change::default() };
    tell(ports, &to, Told::TicketOpened, (&id, number), "opened", &mut change)?;
    Ok(Opened { change, number, due_at, rest })
}

/// An address of our own, without what may be secret in it.
fn screen(text: &str) -> String {
    let path = text.split('#').next().unwrap_or_default();
    if path.starts_with('/') { path.chars().take(300).collect() } else { String::new() }
}

/// Who is told.
struct To {
    account: Option<String>,
    email: String,
    lang: Lang,
}

impl To {
    fn of(row: &Row) -> To {
        To {
            account: row.account.clone(),
            email: row.email.clone(),
            lang: Lang::parse(&row.lang).unwrap_or_default(),
        }
    }
}

/// Tells the writer of a ticket: in the cabinet who has an account, by e-mail who left one.
fn tell(
    ports: &Ports<'_>,
    to: &To,
    event: Told,
    (id, number): (&str, i64),
    occurrence: &str,
    change: &mut Change,
) -> Result<(), Fault> {
    let page = format!("{}/{}{}", ports.config.origin, to.lang.code(), rest_of(ports, id, number)?);
    let args = args([("number", shown(number).into()), ("page", page.into())]);
    let key = format!("{id}:{occurrence}");
    let row = ports.new_id();
    if let Some(account) = &to.account {
        let object = ("ticket", id.to_owned());
        let notice = Notice { account: account.clone(), event, object, key, args };
        change.statements.extend(notice.statements(ports.now, &row));
        change.events.push(Event { topic: "notice.created", key: row });
    } else if !to.email.is_empty() {
        let (channel, address) = (Channel::Email, to.email.clone());
        let letter =
            Letter { channel, address, lang: to.lang, event, key, args, stop: String::new() };
        change.statements.extend(letter.statements(ports.now, &row));
        change.events.push(Event { topic: "message.created", key: row });
    }
    Ok(())
}

/// Tells whoever wrote a ticket that is kept.
pub(super) fn tell_of(
    ports: &Ports<'_>,
    row: &Row,
    event: Told,
    occurrence: &str,
    change: &mut Change,
) -> Result<(), Fault> {
    tell(ports, &To::of(row), event, (&row.id, row.number), occurrence, change)
}

/// The minute's work: who waits for long is reminded, then the ticket is closed.
pub async fn sweep(ports: &Ports<'_>) -> Result<(), Fault> {
    let rows = read_all(ports.db, ticket_sql::waiting(rule(), ports.now).into()).await?;
    let [remind, close] = rows.as_slice() else { return Err(Fault::new("tickets: no rows")) };
    let source = domain::journal::Source::default();
    for row in remind.all::<Row>()? {
        let mut change = Change::default();
        change.statements.push(unchanged(&row.id, row.version));
        change.statements.push(sql!(
            "UPDATE ticket SET reminded_at = ?2 WHERE id = ?1",
            &row.id,
            ports.now
        ));
        let occurrence = format!("remind:{}", row.version);
        tell_of(ports, &row, Told::TicketAnswered, &occurrence, &mut change)?;
        step(ports, change, &source).await?;
    }
    for row in close.all::<Row>()? {
        let mut change = Change::default();
        change.statements.push(unchanged(&row.id, row.version));
        change.statements.push(move_to(&row.id, State::Closed, false, ports.now));
        change.journal.push(Entry::new("ticket.close", "ticket", &row.id));
        let occurrence = format!("closed:{}", row.version);
        tell_of(ports, &row, Told::TicketClosed, &occurrence, &mut change)?;
        step(ports, change, &source).await?;
    }
    Ok(())
}

/// One ticket; whoever changed it meanwhile was first.
async fn step(
    ports: &Ports<'_>,
    change: Change,
    source: &domain::journal::Source,
) -> Result<(), Fault> {
    match ports.db.batch(change.into_batch(source, ports)).await {
        Ok(_) | Err(crate::ports::DbError::Check(_)) => Ok(()),
        Err(error) => match refused(error) {
            Error::Fault(fault) => Err(fault),
            Error::Refusal(_) => Ok(()),
        },
    }
}
