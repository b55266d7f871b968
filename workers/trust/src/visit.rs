//! What a request may do: it becomes one transaction, and the rows of that become its answer.
//!
//! Rights are proved by keys alone. A reporter signs with the key of the receipt; who opened a
//! report signs with the key of its case; who reads the lists is in the directory that the root
//! signed. The worker knows nobody.

use serde::Deserialize;
use trust_core::{
    Error,
    bucket::LENGTH,
    day::{Day, plus_months},
    directory::{Directory, Role},
    report::{ALL_SLOTS, Envelope, HEAD, Head},
    symmetric::sha256,
    wire::{Ask, CaseStep, DIRECTORY_PART, Heads, News, OneHead, Signer, Status},
};

use crate::{
    rules::Rules,
    sql::{self, Statement, hex, unhex},
};

/// What is known when a request comes.
pub struct Setting<'a> {
    /// The public half of the root key; `None` while there is none.
    pub root: Option<[u8; 32]>,
    /// The day.
    pub today: Day,
    /// The rule edition.
    pub rules: &'a Rules,
}

/// What to do: one transaction, and how to read its rows.
pub struct Plan {
    /// The transaction.
    pub statements: Vec<Statement>,
    then: Then,
}

/// How rows become an answer.
enum Then {
    /// The last statement says whether it is so.
    Yes(Status),
    /// Nothing to read.
    Done,
    /// The mailbox, then the letter.
    News,
    /// The part of the directory.
    Directory,
    /// The bytes of the last row.
    Bytes,
    /// Whether somebody is of the directory, then heads or the envelope.
    Heads,
    /// The same, then an envelope.
    Fetched,
}

/// An answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Said {
    /// A status and what it says.
    This(Status, Vec<u8>),
    /// Silence: there is no such mailbox.
    Nothing,
}

/// A row, as the glue hands it over.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Row {
    yes: u8,
    full: u8,
    id: String,
    bytes: String,
    whole: u32,
    letters: u32,
    released: Option<u8>,
    confirmed: Option<u8>,
    closed: Option<u8>,
    note: Option<String>,
    person: u8,
}

/// The rows of a transaction: a line of JSON a statement.
pub struct Rows(Vec<Vec<Row>>);

impl Rows {
    /// Reads the lines.
    ///
    /// # Errors
    /// [`Error::Malformed`]: a mistake in the glue.
    pub fn read(text: &str) -> Result<Rows, Error> {
        let lines = text.split('\n').map(serde_json::from_str);
        lines.collect::<Result<_, _>>().map(Rows).map_err(|_| Error::Malformed)
    }

    fn first(&self, statement: usize) -> Option<&Row> {
        self.0.get(statement).and_then(|rows| rows.first())
    }

    fn last(&self) -> Option<&Row> {
        self.0.last().and_then(|rows| rows.first())
    }
}

impl Plan {
    /// The plan of a request whose signature and work hold.
    ///
    /// # Errors
    /// The status to answer at once.
    pub fn of(ask: &Ask<'_>, setting: &Setting<'_>) -> Result<Plan, Status> {
        let rules = setting.rules;
        let open = plus_months(setting.today, setting.rules.open_months);
        let closed = plus_months(setting.today, setting.rules.closed_months);
        let plan = |statements: Vec<Statement>, then: Then| Ok(Plan { statements, then });
        match ask {
            Ask::Challenge => Err(Status::Malformed),
            Ask::Poll { mailbox, page, drop } => plan(
                vec![
                    sql::drop_letter(mailbox, drop),
                    sql::mailbox(mailbox),
                    sql::letter(mailbox, u32::from(*page)),
                ],
                Then::News,
            ),
            Ask::Submit(envelope, bytes, note) => {
                let (id, head) = (Envelope::id(bytes), &envelope.head);
                let days = (setting.today, open);
                let put = sql::put_item(
                    &id,
                    head.kind as u32,
                    &head.mailbox,
                    &head.case,
                    bytes,
                    days,
                    rules.most_items,
                );
                let note = sql::put_note(&head.mailbox, note);
                plan(
                    vec![put, note, sql::has_item(&id, rules.most_items)],
                    Then::Yes(Status::Unknown),
                )
            }
            Ask::Chunk(id, body) => plan(
                vec![
                    sql::put_chunk(id, body, open, rules.most_chunks),
                    sql::has_chunk(id, body, rules.most_chunks),
                ],
                Then::Yes(Status::Refused),
            ),
            Ask::FetchChunk(id) => plan(vec![sql::chunk(id)], Then::Bytes),
            Ask::Keep(ids) => {
                let ids: Vec<String> = ids.iter().map(|id| hex(id)).collect();
                let ids = serde_json::to_string(&ids).map_err(|_| Status::Fault)?;
                plan(vec![sql::keep_chunks(ids, closed)], Then::Done)
            }
            Ask::Directory(part) => {
                let from = u32::from(*part) * DIRECTORY_PART as u32;
                plan(vec![sql::directory(from, DIRECTORY_PART as u32)], Then::Directory)
            }
            Ask::Publish(file) => publish(file, setting),
            Ask::List { officer, day, page } => {
                let from = u32::from(*page) * Heads::PAGE as u32;
                let heads = sql::heads(*day, from, Heads::PAGE as u32 + 1);
                plan(vec![sql::has_person(officer), heads], Then::Heads)
            }
            Ask::Fetch { officer, id } => {
                plan(vec![sql::has_person(officer), sql::envelope(id)], Then::Fetched)
            }
            Ask::Letter { mailbox, signer, key, letter } => {
                let hash = sha256(&[b"TRUST-1|letter|", mailbox, letter]);
                let id = core::array::from_fn(|at| hash[at]);
                let put = match signer {
                    Signer::Case => sql::put_letter_of_case,
                    Signer::Person => sql::put_letter_of_person,
                };
                let put = put(&id, mailbox, key, letter, open);
                plan(vec![put, sql::has_letter(&id)], Then::Yes(Status::Refused))
            }
            Ask::Case(case, step) => {
                let mut statements = match step {
                    CaseStep::Confirmed => vec![sql::confirm(case)],
                    CaseStep::Closed => {
                        vec![sql::close(case, true, closed), sql::keep_letters(case, closed)]
                    }
                    CaseStep::Reopened => {
                        vec![sql::close(case, false, open), sql::keep_letters(case, open)]
                    }
                };
                statements.push(sql::has_case(case));
                plan(statements, Then::Yes(Status::Refused))
            }
        }
    }

    /// The answer, from the rows of the transaction.
    ///
    /// # Errors
    /// [`Error::Malformed`] if rows are not what they should be: a fault.
    pub fn answer(&self, rows: &Rows) -> Result<Said, Error> {
        let done = |payload: Vec<u8>| Ok(Said::This(Status::Done, payload));
        let no = |status: Status| Ok(Said::This(status, Vec::new()));
        let bytes = |row: &Row| unhex(&row.bytes).ok_or(Error::Malformed);
        match &self.then {
            Then::Done => done(Vec::new()),
            Then::Yes(otherwise) => match rows.last().ok_or(Error::Malformed)? {
                Row { yes: 1, .. } => done(Vec::new()),
                // What is there stays acknowledged; only what is new must wait.
                Row { full: 1, .. } => no(Status::Full),
                _ => no(*otherwise),
            },
            Then::Bytes => rows.last().map_or_else(|| no(Status::Unknown), |row| done(bytes(row)?)),
            Then::Directory => rows.last().map_or_else(
                || no(Status::Unknown),
                |row| done([&row.whole.to_be_bytes()[..], &bytes(row)?].concat()),
            ),
            Then::News => news(rows),
            Then::Heads | Then::Fetched if rows.first(0).is_none_or(|row| row.yes != 1) => {
                no(Status::Refused)
            }
            Then::Fetched => {
                rows.first(1).map_or_else(|| no(Status::Unknown), |row| done(bytes(row)?))
            }
            Then::Heads => {
                let found = rows.0.get(1).ok_or(Error::Malformed)?;
                let heads = found.iter().take(Heads::PAGE).map(head).collect::<Result<_, _>>()?;
                done(Heads { more: found.len() > Heads::PAGE, heads }.write())
            }
        }
    }
}

fn publish(file: &[u8], setting: &Setting<'_>) -> Result<Plan, Status> {
    let root = setting.root.ok_or(Status::Refused)?;
    let directory = Directory::verify(file, &root).map_err(|error| match error {
        Error::Signature => Status::Refused,
        _ => Status::Malformed,
    })?;
    let people: Vec<(String, u8)> = directory
        .people
        .iter()
        .map(|person| (hex(&person.sign), u8::from(person.role == Role::Custodian)))
        .collect();
    let people = serde_json::to_string(&people).map_err(|_| Status::Fault)?;
    let mut statements = sql::put_people(directory.version, people).to_vec();
    statements.push(sql::put_directory(directory.version, file));
    statements.push(sql::has_directory(file));
    Ok(Plan { statements, then: Then::Yes(Status::Refused) })
}

fn news(rows: &Rows) -> Result<Said, Error> {
    let mailbox = rows.first(1).ok_or(Error::Malformed)?;
    if mailbox.released.is_none() && mailbox.person != 1 {
        return Ok(Said::Nothing);
    }
    let letter = match rows.first(2) {
        None => None,
        Some(row) => {
            let id = unhex(&row.id).and_then(|id| id.try_into().ok()).ok_or(Error::Malformed)?;
            Some((id, unhex(&row.bytes).ok_or(Error::Malformed)?))
        }
    };
    let news = News {
        count: mailbox.letters.min(u32::from(u16::MAX)) as u16,
        released: mailbox.released == Some(1),
        confirmed: mailbox.confirmed == Some(1),
        closed: mailbox.closed == Some(1),
        note: mailbox.note.as_ref().and_then(|note| unhex(note)?.try_into().ok()),
        letter,
    };
    Ok(Said::This(Status::Done, news.write()))
}

fn head(row: &Row) -> Result<OneHead, Error> {
    let id = unhex(&row.id).and_then(|id| id.try_into().ok()).ok_or(Error::Malformed)?;
    let bytes = unhex(&row.bytes).ok_or(Error::Malformed)?;
    let (head, slots) = bytes.split_first_chunk::<HEAD>().ok_or(Error::Malformed)?;
    if slots.len() != ALL_SLOTS {
        return Err(Error::Malformed);
    }
    Ok(OneHead {
        id,
        confirmed: row.confirmed == Some(1),
        closed: row.closed == Some(1),
        head: Head::read(head)?,
        slots: slots.to_vec(),
    })
}

const _: () = assert!(LENGTH == 4 && HEAD + ALL_SLOTS == 9424);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;

    #[test]
    fn a_full_store_says_so_and_what_is_kept_stays_acknowledged() {
        let rules = rules::on(20_779).unwrap();
        let setting = Setting { root: None, today: 20_779, rules: &rules };
        let plan = Plan::of(&Ask::Chunk([1; 16], &[2; 3]), &setting).unwrap();
        for (row, status) in [
            (r#"{"yes":1,"full":1}"#, Status::Done),
            (r#"{"yes":0,"full":1}"#, Status::Full),
            (r#"{"yes":0,"full":0}"#, Status::Refused),
        ] {
            let rows = Rows::read(&format!("[]\n[{row}]")).unwrap();
            assert_eq!(plan.answer(&rows), Ok(Said::This(status, Vec::new())));
        }
    }
}
