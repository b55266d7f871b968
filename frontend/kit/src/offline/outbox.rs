//! Sending the queue. Every write of the cabinets that may happen without a connection goes
//! through it: it is on the device before it is on its way, and leaves the queue only by an
//! answer of the server or by the person's word.

use std::{cell::RefCell, rc::Rc};

use super::{
    files,
    queue::{self, Row, State, Verdict},
    store,
};
use crate::{
    api::{self, Problem, wire::FromJson},
    browser, form,
    json::{self, Json},
    state::app,
};

/// A write.
#[derive(Debug, Clone, Default)]
pub struct Write {
    /// Method.
    pub method: &'static str,
    /// Path below the cabinet's API.
    pub path: String,
    /// What it changes: `application/01k…`; writes of one object keep their order.
    pub object: String,
    /// The body.
    pub body: Option<Json>,
    /// The version that was seen.
    pub seen: Option<i64>,
    /// What it is, as a key of the texts.
    pub what: &'static str,
    /// What it is about, in words.
    pub name: String,
}

/// What became of a write.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The server has it: its answer.
    Sent(String),
    /// It waits on the device.
    Kept,
    /// Somebody changed it meanwhile: it waits in the queue for the person to choose.
    Differs,
    /// The server refused it; it is not in the queue, the form has what was written.
    Refused(Problem),
}

impl Outcome {
    /// The answer, read.
    pub fn read<T: FromJson>(&self) -> Option<T> {
        match self {
            Outcome::Sent(text) => api::wire::read(text),
            _ => None,
        }
    }
}

/// Who is signed in: the owner of what is written.
pub fn owner() -> String {
    app().me.with_untracked(|me| me.as_ref().map(|me| me.login.clone()).unwrap_or_default())
}

/// Queues a write and sends it at once if there is a connection.
pub async fn send(write: Write) -> Outcome {
    let row = Row {
        key: browser::uuid(),
        owner: owner(),
        method: write.method.to_owned(),
        path: write.path,
        object: write.object,
        body: write.body.as_ref().map(json::write),
        seen: write.seen,
        what: write.what.to_owned(),
        name: write.name,
        at: browser::now().millis(),
        ..Row::default()
    };
    let said: Rc<RefCell<Outcome>> = Rc::new(RefCell::new(Outcome::Kept));
    let says = Rc::clone(&said);
    store::exclusively(async move {
        let outcome = queued(row).await;
        *says.borrow_mut() = outcome;
    })
    .await;
    recount().await;
    let outcome = said.borrow().clone();
    if outcome == Outcome::Kept {
        api::run(store::wake_later());
    }
    outcome
}

async fn queued(mut row: Row) -> Outcome {
    let rows = store::rows().await;
    row.seen = moved_on(&row.object, row.seen);
    let join = queue::join(&rows, &row);
    row.chained = queue::chained(&rows, &row, join);
    if let queue::Join::Replace(seq) = join {
        row.seq = seq;
        // What it is based on is what the replaced one was based on.
        if let Some(was) = rows.iter().find(|was| was.seq == seq) {
            row.seen = was.seen;
            row.chained = was.chained;
        }
    }
    let Some(seq) = store::change(&[row.clone()], &[]).await.and_then(|all| all.first().copied())
    else {
        // No storage on this device: it is sent at once, or the person is told.
        return directly(&row).await;
    };
    if !app().online.get_untracked() && !browser::is_online() {
        return Outcome::Kept;
    }
    let object = row.object.clone();
    let (answers, _) = round(Some(&object)).await;
    match answers.into_iter().find(|(place, _)| *place == seq) {
        Some((_, Ok(text))) => Outcome::Sent(text),
        Some((_, Err(problem))) if problem.may_pass() || problem.status == 401 => Outcome::Kept,
        Some((_, Err(problem))) if problem.status == 412 && row.method == "PUT" => Outcome::Differs,
        Some((_, Err(problem))) => {
            // The person stands before the form: it is mended there, not in the queue.
            store::change(&[], &[seq]).await;
            Outcome::Refused(problem)
        }
        None => Outcome::Kept,
    }
}

async fn directly(row: &Row) -> Outcome {
    let (status, text) = request(row).await;
    match queue::verdict(status.into(), &row.method) {
        Verdict::Done => Outcome::Sent(text),
        _ => Outcome::Refused(Problem::read(status, &text)),
    }
}

async fn request(row: &Row) -> (u16, String) {
    let mut call = api::call(&row.method, row.path.clone()).once(row.key.clone());
    if let Some(seen) = row.seen {
        call = call.seen(seen);
    }
    if let Some(body) = &row.body {
        call = call.text(body);
    }
    call.answer().await
}

type Answers = Vec<(i64, Result<String, Problem>)>;

/// Sends what can be sent, each once; the answers, and whether something is left for later.
async fn round(object: Option<&str>) -> (Answers, bool) {
    let owner = owner();
    let (mut answers, mut tried, mut later) = (Vec::new(), Vec::new(), false);
    loop {
        let mut rows = store::rows().await;
        files::put_right(&mut rows);
        let Some(row) = queue::next(&rows, &owner, object, &tried, false).cloned() else { break };
        tried.push(row.seq);
        let trying = Row { tries: row.tries + 1, ..row };
        if store::change(std::slice::from_ref(&trying), &[]).await.is_none() {
            break;
        }
        let (status, text) = request(&trying).await;
        let refused = queue::after(&trying, status.into(), &text);
        match &refused {
            None => {
                store::change(&followers(&rows, &trying, &text), &[trying.seq]).await;
                note_own(&trying, &text);
                form::forget_same(&trying.object, trying.body.as_deref());
                answers.push((trying.seq, Ok(text)));
            }
            Some(row) => {
                store::change(std::slice::from_ref(row), &[]).await;
                let problem = Problem::read(status, &text);
                later |= problem.may_pass();
                answers.push((trying.seq, Err(problem)));
                // Without a connection or a session the rest would fare no better.
                if status == 0 || status == 401 {
                    break;
                }
            }
        }
    }
    (answers, later)
}

/// Sends the files that wait, each once: whether one has arrived, and whether one is left. A
/// photograph takes minutes on a slow line, and nobody waits for it to save a page: the queue is
/// held only while what became of it is written down.
async fn round_of_files() -> (bool, bool) {
    let owner = owner();
    let (mut came, mut tried, mut later) = (false, Vec::new(), false);
    loop {
        let rows = store::rows().await;
        let Some(row) = queue::next(&rows, &owner, None, &tried, true).cloned() else { break };
        tried.push(row.seq);
        let (status, text) = files::upload(&row).await;
        let refused = queue::after(&Row { tries: row.tries + 1, ..row }, status.into(), &text);
        came |= refused.is_none();
        later |= refused.as_ref().is_some_and(|row| row.state == State::Waiting);
        store::exclusively(note_file(row.seq, refused, text)).await;
        if status == 0 || status == 401 {
            break;
        }
    }
    (came, later)
}

/// Writes down what became of a file. The person may have taken it out meanwhile.
async fn note_file(seq: i64, refused: Option<Row>, text: String) {
    let rows = store::rows().await;
    let Some(row) = rows.iter().find(|row| row.seq == seq) else { return };
    match refused {
        None => store::change(&files::arrived(&rows, row, &text), &[seq]).await,
        Some(refused) => store::change(&[refused], &[]).await,
    };
}

thread_local! {
    /// What this page has changed itself: the object, the version before, the version after.
    static OWN: RefCell<Vec<(String, i64, i64)>> = const { RefCell::new(Vec::new()) };
}

fn note_own(done: &Row, answer: &str) {
    let version = json::read(answer).as_ref().and_then(queue::version);
    if let (Some(seen), Some(version)) = (done.seen, version) {
        OWN.with_borrow_mut(|all| all.push((done.object.clone(), seen, version)));
    }
}

/// The version that a page saw, moved on by what it has changed itself since: on a slow line the
/// person goes on before the answer is drawn, and nobody else has changed anything.
fn moved_on(object: &str, seen: Option<i64>) -> Option<i64> {
    OWN.with_borrow(|all| {
        let own = all.iter().filter(|(of, ..)| of == object);
        own.fold(seen, |seen, (_, from, to)| if seen == Some(*from) { Some(*to) } else { seen })
    })
}

/// The next write of the object goes on the version that this answer gave.
fn followers(rows: &[Row], done: &Row, answer: &str) -> Vec<Row> {
    let version = json::read(answer).as_ref().and_then(queue::version);
    let next = rows
        .iter()
        .filter(|row| row.object == done.object && row.seq > done.seq && row.owner == done.owner)
        .min_by_key(|row| row.seq);
    match (version, next) {
        (Some(version), Some(next)) if next.chained => {
            vec![Row { seen: Some(version), chained: false, ..next.clone() }]
        }
        _ => Vec::new(),
    }
}

/// What goes out in a turn of its own.
#[derive(Clone, Copy)]
enum Turn {
    Writes,
    Files,
}

/// How a turn goes.
#[derive(Clone, Copy)]
struct Going {
    busy: bool,
    /// It was asked for once more while it went on.
    again: bool,
    /// How many rounds failed one after another.
    failed: u32,
}

thread_local! {
    static GOING: RefCell<[Going; 2]> =
        const { RefCell::new([Going { busy: false, again: false, failed: 0 }; 2]) };
}

fn going<R>(turn: Turn, act: impl FnOnce(&mut Going) -> R) -> R {
    GOING.with_borrow_mut(|all| act(&mut all[turn as usize]))
}

/// Sends all that waits: on start, when the connection is back, when the person asks.
pub fn send_all() {
    if !owner().is_empty() {
        begin(Turn::Writes);
        begin(Turn::Files);
    }
}

fn begin(turn: Turn) {
    let goes_on = going(turn, |now| {
        now.again = now.busy;
        std::mem::replace(&mut now.busy, true)
    });
    if goes_on {
        return;
    }
    let is_files = matches!(turn, Turn::Files);
    if !is_files {
        app().sending.set(true);
    }
    api::run(async move {
        let left: Rc<RefCell<(bool, bool)>> = Rc::default();
        let says = Rc::clone(&left);
        let name = if is_files { "files" } else { "queue" };
        store::in_turn(name, async move {
            let any = store::rows().await.iter().any(|row| row.file == is_files);
            if !any || !is_mine().await {
                return;
            }
            let (came, later) = match turn {
                Turn::Files => round_of_files().await,
                Turn::Writes => {
                    let (answers, later) = round(None).await;
                    (answers.iter().any(|(_, answer)| answer.is_ok()), later)
                }
            };
            *says.borrow_mut() = (came, later);
        })
        .await;
        let (came, later) = *left.borrow();
        recount().await;
        if came {
            store::tell("sent");
            app().sent.update(|n| *n += 1);
        }
        let again = going(turn, |now| {
            now.busy = false;
            now.failed = if later { now.failed + 1 } else { 0 };
            std::mem::take(&mut now.again)
        });
        if !is_files {
            app().sending.set(false);
        } else if came {
            // What names it was held back for it.
            begin(Turn::Writes);
        }
        if again {
            begin(turn);
        } else if later {
            let failed = going(turn, |now| now.failed);
            browser::after(queue::pause(failed - 1), send_all);
        }
    });
}

/// Whether the session still is that of the person on this page: another tab may have signed in
/// somebody else, and nobody's writes go out under another name.
async fn is_mine() -> bool {
    let (status, text) = api::call("GET", "me").answer().await;
    status == 200
        && json::read(&text)
            .and_then(|me| me.get("login").map(|login| login.text() == owner()))
            .unwrap_or_default()
}

/// Reads the queue again: the counter and the list follow.
pub async fn recount() {
    let mine = owner();
    let mut rows = store::rows().await;
    rows.retain(|row| row.owner == mine);
    if app().waiting.with_untracked(|was| *was != rows) {
        app().waiting.set(rows);
        store::tell("queue");
    }
}

/// Somebody has signed in: what waited for that goes on.
pub async fn signed_in() {
    let on = queue::signed_in(&store::rows().await, &owner());
    if !on.is_empty() {
        store::change(&on, &[]).await;
    }
    recount().await;
    send_all();
}

/// The person takes a write out of the queue.
pub fn discard(seq: i64) {
    api::run(async move {
        store::exclusively(async move {
            store::change(&[], &[seq]).await;
        })
        .await;
        recount().await;
    });
}

/// The person wants a write to be tried again.
pub fn retry(row: &Row) {
    let on = queue::again(row);
    api::run(async move {
        store::change(&[on], &[]).await;
        send_all();
    });
}

/// The person chose between both versions.
pub fn settle(row: &Row, body: &Json, seen: i64) {
    let on = queue::settled(row, json::write(body), seen, browser::uuid());
    api::run(async move {
        store::change(&[on], &[]).await;
        send_all();
    });
}

/// What of an object still waits, oldest first; the reader follows it.
pub fn of_object(object: &str) -> Vec<Row> {
    app().waiting.with(|all| all.iter().filter(|row| row.object == object).cloned().collect())
}
