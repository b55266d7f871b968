//! The check of one file, from the queue's job to the row that says how it ended. Done twice or
//! cut off anywhere it does no harm: nothing counts before its one batch.

use app::{
    error::Fault,
    ports::{DbError, Local, Ports, StoreError, read},
    save::{Change, Event},
    secret::token,
};
use domain::{
    file::{
        FileKind, State,
        look::Bad,
        rules::{Purpose, Rules, rules},
        sql::{self as files, FileRow, VariantRow},
    },
    journal::{Entry, Source},
    notice::{Arg, Event as Told, Notice, args},
    shared::lang::{Lang, Text},
    sql,
};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    clamd::{ScanError, Verdict},
    inspect, mp4,
    picture::copies,
    strip,
};

/// Minutes for which a file belongs to the worker that checks it.
const LEASE: i64 = 10;
/// What stands in the row while a worker is at it: found there by the next one, it says that the
/// last one died.
const AT_WORK: &str = "at work";
/// Bytes that are hashed at once.
const PIECE: i64 = 8 * 1024 * 1024;

/// A scanner that looks at an object of the store.
pub trait Scanner {
    /// Scans; the bytes go from the store to the scanner without passing through memory.
    fn scan<'a>(&'a self, object: &'a str, size: i64) -> Local<'a, Result<Verdict, ScanError>>;
}

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// There is no such file, or it was checked already.
    Nothing,
    /// It is in this state now.
    Now(State),
    /// It waits and is checked again.
    Later(String),
}

/// Checks a file. A fault is ours (database, store): the queue hands the job out again.
pub async fn check(ports: &Ports<'_>, scanner: &dyn Scanner, id: &str) -> Result<Outcome, Fault> {
    let rules = rules().ok_or_else(|| Fault::new("the limits of files cannot be read"))?;
    let row: Option<FileRow> = read(ports.db, files::any(id)).await?.first()?;
    let Some(row) = row.filter(|row| row.state == State::Pending) else {
        return Ok(Outcome::Nothing);
    };
    let died = take(ports, &row).await?;
    match examine(ports, scanner, &row, rules, died).await {
        Ok(found) => settle(ports, &row, found).await,
        Err(Wait::Later(why)) => {
            let minutes = rules.retry_after(row.attempts);
            postpone(ports, &row, &why, minutes).await?;
            Ok(Outcome::Later(why))
        }
        Err(Wait::Fault(fault)) => {
            postpone(ports, &row, fault.text(), rules.retry_after(row.attempts)).await?;
            Err(fault)
        }
    }
}

/// Why there is no result yet.
enum Wait {
    Later(String),
    Fault(Fault),
}

impl From<Fault> for Wait {
    fn from(fault: Fault) -> Wait {
        Wait::Fault(fault)
    }
}

fn store(error: StoreError) -> Wait {
    Wait::Fault(Fault::new(format!("store: {error:?}")))
}

/// What was found.
enum Found {
    Bad(Bad),
    Infected(String),
    Good {
        scanned: bool,
        sha256: String,
        clean: Option<Vec<u8>>,
        copies: Vec<crate::picture::Copy>,
    },
}

/// Takes the file for some minutes; says whether the last who did so died over it.
async fn take(ports: &Ports<'_>, row: &FileRow) -> Result<bool, Fault> {
    #[derive(serde::Deserialize)]
    struct Before {
        error: Option<String>,
    }
    let before: Option<Before> =
        read(ports.db, sql!("SELECT error FROM file WHERE id = ?1", &row.id)).await?.first()?;
    postpone_to(ports, row, AT_WORK, LEASE, 0).await?;
    Ok(before.and_then(|row| row.error).as_deref() == Some(AT_WORK))
}

async fn postpone(ports: &Ports<'_>, row: &FileRow, why: &str, minutes: i64) -> Result<(), Fault> {
    postpone_to(ports, row, why, minutes, 1).await
}

async fn postpone_to(
    ports: &Ports<'_>,
    row: &FileRow,
    why: &str,
    minutes: i64,
    attempts: i64,
) -> Result<(), Fault> {
    let statement = sql!(
        "UPDATE file SET error = ?2, next_at = ?3, attempts = attempts + ?4
         WHERE id = ?1 AND state = 'pending'",
        &row.id,
        why,
        ports.now.plus_seconds(minutes * 60),
        attempts
    );
    ports.db.batch(vec![statement]).await.map(drop).map_err(|e| Fault::new(format!("file: {e:?}")))
}

async fn examine(
    ports: &Ports<'_>,
    scanner: &dyn Scanner,
    row: &FileRow,
    rules: &Rules,
    died: bool,
) -> Result<Found, Wait> {
    let kind = row.kind().ok_or_else(|| Fault::new("a waiting file without a kind"))?;
    let purpose = rules.purpose(&row.purpose);
    let bytes = if kind == FileKind::Mp4 {
        match video(ports, row, purpose).await? {
            Ok(()) => None,
            Err(bad) => return Ok(Found::Bad(bad)),
        }
    } else {
        let read = ports.store.read(&row.object, 0, row.size).await.map_err(store)?;
        let bytes = read.ok_or_else(|| Fault::new("the object of a waiting file is missing"))?;
        if bytes.len() as i64 != row.size {
            return Err(Fault::new("the object of a waiting file has another size").into());
        }
        if let Err(bad) = inspect(kind, &bytes, rules) {
            return Ok(Found::Bad(bad));
        }
        Some(bytes)
    };
    let scanned = match scanner.scan(&row.object, row.size).await {
        Ok(Verdict::Clean) => true,
        Ok(Verdict::Found(name)) => return Ok(Found::Infected(name)),
        Ok(Verdict::Off) if ports.config.dev => false,
        Ok(Verdict::Off) => return Err(Wait::Later("no scanner is configured".into())),
        Err(ScanError::Down(why)) => return Err(Wait::Later(format!("scanner: {why}"))),
        Err(ScanError::TooLarge) => {
            return Err(Wait::Later("scanner: raise StreamMaxLength in clamd.conf".into()));
        }
    };
    let Some(bytes) = bytes else {
        let sha256 = hash(ports, row).await?;
        return Ok(Found::Good { scanned, sha256, clean: None, copies: Vec::new() });
    };
    // A picture over which a worker died is kept, without copies.
    let made = if kind.picture() && !died {
        copies(kind, &bytes, &rules.picture).and_then(|copies| Ok((copies, strip(kind, &bytes)?)))
    } else {
        strip(kind, &bytes).map(|clean| (Vec::new(), clean))
    };
    Ok(match made {
        Err(bad) => Found::Bad(bad),
        Ok((copies, clean)) => {
            let sha256 = hex(&Sha256::digest(clean.as_ref().unwrap_or(&bytes)));
            Found::Good { scanned, sha256, clean, copies }
        }
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn hash(ports: &Ports<'_>, row: &FileRow) -> Result<String, Wait> {
    let mut hasher = Sha256::new();
    let mut from = 0;
    while from < row.size {
        let length = PIECE.min(row.size - from);
        let piece = ports.store.read(&row.object, from, length).await.map_err(store)?;
        hasher.update(piece.ok_or_else(|| Fault::new("the object of a video is missing"))?);
        from += length;
    }
    Ok(hex(&hasher.finalize()))
}

/// Reads the boxes of a video, a few bytes at a time.
async fn video(
    ports: &Ports<'_>,
    row: &FileRow,
    purpose: Option<&Purpose>,
) -> Result<Result<(), Bad>, Wait> {
    let (size, mut at, mut found) = (row.size.unsigned_abs(), 0, None);
    for _ in 0..mp4::BOXES_MAX {
        if at == size {
            let Some(video) = found else { return Ok(Err(Bad::Cut)) };
            return Ok(purpose.map_or(Ok(()), |purpose| mp4::check(&video, purpose)));
        }
        let piece = async |from: u64, length: u64| {
            let read = ports.store.read(&row.object, from as i64, length as i64).await;
            read.map_err(store)?
                .ok_or_else(|| Wait::Fault(Fault::new("the object of a video is missing")))
        };
        let head: Vec<u8> = piece(at, 16.min(size - at)).await?;
        let top = match mp4::top_box(&head, at, size) {
            Ok(top) => top,
            Err(bad) => return Ok(Err(bad)),
        };
        if &top.name == b"moov" {
            if found.is_some() || top.end - top.start > mp4::MOOV_MAX || top.end - top.start <= 8 {
                return Ok(Err(Bad::Broken));
            }
            let moov: Vec<u8> = piece(at + 8, top.end - at - 8).await?;
            match mp4::read(&moov) {
                Ok(video) => found = Some(video),
                Err(bad) => return Ok(Err(bad)),
            }
        }
        at = top.end;
    }
    Ok(Err(Bad::Broken))
}

/// Writes what was found: new objects first, announced; then all in one batch.
async fn settle(ports: &Ports<'_>, row: &FileRow, found: Found) -> Result<Outcome, Fault> {
    let mut change = Change {
        statements: vec![files::still(&row.id, State::Pending, &row.object)],
        ..Change::default()
    };
    let state = match found {
        Found::Good { scanned, sha256, clean, copies } => {
            let state = if scanned { State::Clean } else { State::Unscanned };
            good(ports, row, &mut change, (state, sha256, clean, copies)).await?;
            state
        }
        Found::Bad(bad) => {
            gone(ports, row, &mut change, (State::Refused, bad.code())).await?;
            State::Refused
        }
        Found::Infected(name) => {
            gone(ports, row, &mut change, (State::Infected, &name)).await?;
            State::Infected
        }
    };
    match ports.db.batch(change.into_batch(&Source::default(), ports)).await {
        Ok(_) => Ok(Outcome::Now(state)),
        // Another worker was faster, or the person has removed it meanwhile.
        Err(DbError::Check(name)) if name == "state" => Ok(Outcome::Nothing),
        Err(error) => Err(Fault::new(format!("check: {error:?}"))),
    }
}

type Good = (State, String, Option<Vec<u8>>, Vec<crate::picture::Copy>);

async fn good(
    ports: &Ports<'_>,
    row: &FileRow,
    change: &mut Change,
    (state, sha256, clean, copies): Good,
) -> Result<(), Fault> {
    let now = ports.now;
    let mut object = row.object.clone();
    let mut size = row.size;
    if let Some(clean) = clean {
        size = clean.len() as i64;
        object = put(ports, change, clean).await?;
        change.statements.push(files::doom(&row.object, None, now));
    }
    let mut variants = Vec::new();
    for copy in copies {
        variants.push(VariantRow {
            name: copy.name,
            width: copy.width,
            height: copy.height,
            size: copy.bytes.len() as i64,
            object: put(ports, change, copy.bytes).await?,
        });
    }
    change.statements.push(sql!(
        "UPDATE file SET state = ?2, size = ?3, sha256 = ?4, object = ?5, variants = ?6,
           checked_at = ?7, error = NULL, next_at = NULL
         WHERE id = ?1",
        &row.id,
        state.code(),
        size,
        &sha256,
        &object,
        serde_json::to_string(&variants).map_err(|e| Fault::new(format!("variants: {e}")))?,
        now
    ));
    change.journal.push(
        Entry::new("file.check", "file", &row.id)
            .after(json!({ "state": state, "sha256": sha256, "size": size })),
    );
    Ok(())
}

/// Writes an object that the batch adopts.
async fn put(ports: &Ports<'_>, change: &mut Change, bytes: Vec<u8>) -> Result<String, Fault> {
    let object = format!("file/{}", token(ports));
    let announced = ports.db.batch(vec![files::announce(&object, ports.now)]).await;
    announced.map_err(|e| Fault::new(format!("announce: {e:?}")))?;
    let written = ports.store.write(&object, bytes).await;
    written.map_err(|e| Fault::new(format!("store: {e:?}")))?;
    change.statements.extend(files::adopt(&object));
    Ok(object)
}

/// The content goes; the row stays, so that the person learns why, and a notice says it.
async fn gone(
    ports: &Ports<'_>,
    row: &FileRow,
    change: &mut Change,
    (state, reason): (State, &str),
) -> Result<(), Fault> {
    change.statements.extend(files::doom_all(row, ports.now));
    change.statements.push(sql!(
        "UPDATE file SET state = ?2, reason = ?3, object = '', variants = '[]', checked_at = ?4,
           error = NULL, next_at = NULL
         WHERE id = ?1",
        &row.id,
        state.code(),
        reason,
        ports.now
    ));
    change.journal.push(
        Entry::new("file.check", "file", &row.id)
            .after(json!({ "state": state, "why": reason, "sha256": row.sha256 })),
    );
    tell(ports, row, (state, reason), change).await
}

/// Tells the person that a file will not do, in the words that its row shows.
async fn tell(
    ports: &Ports<'_>,
    row: &FileRow,
    (state, reason): (State, &str),
    change: &mut Change,
) -> Result<(), Fault> {
    #[derive(serde::Deserialize)]
    struct Sender {
        account: String,
    }
    let sender = read(ports.db, sql!("SELECT account FROM file WHERE id = ?1", &row.id)).await?;
    // A guest has no account: the desk sees what became of the screenshot.
    let sender: Option<Sender> = sender.first()?;
    let Some(Sender { account }) = sender.filter(|sender| !sender.account.is_empty()) else {
        return Ok(());
    };
    let ended = FileRow { state, reason: reason.to_owned(), ..row.clone() };
    let words = |lang| app::file::notice(lang, &ended).map(Option::unwrap_or_default);
    let why = Text { kk: words(Lang::Kk)?, ru: words(Lang::Ru)?, en: words(Lang::En)? };
    let notice = Notice {
        account,
        event: Told::FileRejected,
        object: ("file", row.id.clone()),
        key: row.id.clone(),
        args: args([("name", Arg::Text(row.name.clone())), ("why", Arg::Words(why))]),
    };
    let id = ports.new_id();
    change.statements.extend(notice.statements(ports.now, &id));
    change.events.push(Event { topic: "notice.created", key: id });
    Ok(())
}
