//! The queue of writes, as decisions: what is sent next, what an answer means, when two writes
//! become one. Pure: the browser's part is in [`super::outbox`].
//!
//! Order is kept per object: a write waits for the earlier writes of the same object, and for
//! nothing else. Nothing leaves the queue but by an answer of the server or by the person's word.

use crate::{json::Json, seek};

/// Where a write stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// Waits to be sent.
    #[default]
    Waiting,
    /// The person has to do something.
    Attention,
}

/// A write that waits.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Its place in the queue.
    pub seq: i64,
    /// The idempotency key, made when it was queued: the server does it once.
    pub key: String,
    /// Who wrote it: nobody else sends or sees it.
    pub owner: String,
    /// Method.
    pub method: String,
    /// Path below the cabinet's API.
    pub path: String,
    /// What it changes; writes of one object keep their order.
    pub object: String,
    /// The body, JSON. A file's bytes are kept beside.
    pub body: Option<String>,
    /// The version that was seen, for `If-Match`.
    pub seen: Option<i64>,
    /// The version comes from the answer to the write before it.
    pub chained: bool,
    /// What it is, as a key of the texts: `application`, from `waits.…`.
    pub what: String,
    /// What it is about, in words.
    pub name: String,
    /// Where it stands.
    pub state: State,
    /// Status of the last answer; 0 = there was none.
    pub status: i64,
    /// The last answer, where it was a refusal.
    pub problem: String,
    /// When it was queued, milliseconds.
    pub at: i64,
    /// How often it was tried.
    pub tries: i64,
    /// Whether its bytes are kept beside: a file.
    pub file: bool,
}

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Done: it leaves the queue.
    Done,
    /// Nobody knows or nobody could: later, under the same key.
    Later,
    /// The session is over: everything waits until the person has signed in.
    SignIn,
    /// The person has to look at it: both versions differ, a field is wrong, it is forbidden.
    Look,
}

/// What the status of an answer means. 0 = it did not get through.
pub fn verdict(status: i64, method: &str) -> Verdict {
    match status {
        200..=299 => Verdict::Done,
        // What is to be gone is gone.
        404 | 410 if method == "DELETE" => Verdict::Done,
        401 => Verdict::SignIn,
        0 | 408 | 425 | 429 | 500.. => Verdict::Later,
        _ => Verdict::Look,
    }
}

/// How a new write joins the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// At its end.
    Append,
    /// In the place of an earlier one that says the whole of the same thing and was never tried.
    Replace(i64),
}

/// Decides how `new` joins. Only a PUT says the whole of a thing, and only a write that was never
/// tried can be replaced: of one that was tried the server may have done it under its key.
pub fn join(rows: &[Row], new: &Row) -> Join {
    let last = rows.iter().filter(|row| row.object == new.object).max_by_key(|row| row.seq);
    match last {
        Some(last)
            if new.method == "PUT"
                && last.method == "PUT"
                && last.path == new.path
                && last.owner == new.owner
                && last.tries == 0
                && last.state == State::Waiting =>
        {
            Join::Replace(last.seq)
        }
        _ => Join::Append,
    }
}

/// Whether the version of a new write comes from the answer to an earlier one in the queue.
pub fn chained(rows: &[Row], new: &Row, join: Join) -> bool {
    rows.iter().any(|row| {
        row.object == new.object
            && row.owner == new.owner
            && !row.file
            && join != Join::Replace(row.seq)
    })
}

/// The next write to send: the earliest one of its object, of this owner, that waits. `object`
/// narrows it to one thing; `tried` was tried in this round. Files go out beside the other writes.
pub fn next<'a>(
    rows: &'a [Row],
    owner: &str,
    object: Option<&str>,
    tried: &[i64],
    files: bool,
) -> Option<&'a Row> {
    let mut mine: Vec<&Row> = rows.iter().filter(|row| row.owner == owner).collect();
    crate::text::sort_by(&mut mine, |a, b| a.seq <= b.seq);
    mine.iter()
        .enumerate()
        .find(|(place, row)| {
            row.state == State::Waiting
                && row.file == files
                && !names_a_local_file(row)
                && !tried.contains(&row.seq)
                && object.is_none_or(|object| row.object == object)
                && !mine[..*place].iter().any(|earlier| earlier.object == row.object)
        })
        .map(|(_, row)| *row)
}

/// Whether it names a file that has not arrived: it waits for it.
fn names_a_local_file(row: &Row) -> bool {
    row.body.as_ref().is_some_and(|body| seek::has(body, "\"local-"))
}

/// The rows that named a file by its name on this device, with its real identifier.
pub fn renamed(rows: &[Row], local: &str, id: &str) -> Vec<Row> {
    let naming = rows.iter().filter_map(|row| {
        let body = row.body.as_ref().filter(|body| seek::has(body, local))?;
        Some(Row { body: Some(seek::replace(body, local, id)), ..row.clone() })
    });
    naming.collect()
}

/// What a row becomes after an answer; `None` = it leaves the queue.
pub fn after(row: &Row, status: i64, body: &str) -> Option<Row> {
    let mut row = row.clone();
    row.status = status;
    match verdict(status, &row.method) {
        Verdict::Done => return None,
        Verdict::Later => {}
        Verdict::SignIn | Verdict::Look => {
            row.state = State::Attention;
            row.problem = body.to_owned();
        }
    }
    Some(row)
}

/// The version that the next write of the object is based on, from the answer to this one.
pub fn version(answer: &Json) -> Option<i64> {
    match answer.get("version") {
        Some(Json::Number(digits)) => digits.strip_suffix(".0").unwrap_or(digits).parse().ok(),
        _ => None,
    }
}

/// A row that waited for the person goes on: under the same key if the server has not done it
/// (it refused), because what it says is the same.
pub fn again(row: &Row) -> Row {
    Row { state: State::Waiting, problem: String::new(), ..row.clone() }
}

/// What the person chose goes on top of the newer version: another body, so another key.
pub fn settled(row: &Row, body: String, seen: i64, key: String) -> Row {
    Row {
        body: Some(body),
        seen: Some(seen),
        chained: false,
        key,
        tries: 0,
        status: 0,
        ..again(row)
    }
}

/// Rows that wait for a sign-in go on once the owner has signed in.
pub fn signed_in(rows: &[Row], owner: &str) -> Vec<Row> {
    rows.iter()
        .filter(|row| row.owner == owner && row.state == State::Attention && row.status == 401)
        .map(again)
        .collect()
}

/// Milliseconds until the next round, by how many rounds failed: half a minute, doubling, at most
/// a quarter of an hour. The event `online` does not wait for it.
pub fn pause(failed: u32) -> i32 {
    let seconds = 30_i32.saturating_mul(1 << failed.min(5));
    seconds.min(900) * 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(seq: i64, object: &str, method: &str) -> Row {
        Row {
            seq,
            object: object.into(),
            method: method.into(),
            path: format!("my/{object}"),
            owner: "me".into(),
            key: format!("k{seq}"),
            ..Row::default()
        }
    }

    #[test]
    fn an_answer_means_one_thing() {
        let table = [
            (200, "PUT", Verdict::Done),
            (204, "DELETE", Verdict::Done),
            (404, "DELETE", Verdict::Done),
            (404, "PUT", Verdict::Look),
            (0, "PUT", Verdict::Later),
            (429, "POST", Verdict::Later),
            (503, "POST", Verdict::Later),
            (401, "PUT", Verdict::SignIn),
            (403, "PUT", Verdict::Look),
            (412, "PUT", Verdict::Look),
            (422, "PUT", Verdict::Look),
            (409, "POST", Verdict::Look),
            (413, "POST", Verdict::Look),
        ];
        for (status, method, meaning) in table {
            assert_eq!(verdict(status, method), meaning, "{status} {method}");
            let after = after(&row(1, "a", method), status, "why");
            assert_eq!(after.is_none(), meaning == Verdict::Done, "{status} {method}");
            let waits = after.is_some_and(|row| row.state == State::Waiting);
            assert_eq!(waits, meaning == Verdict::Later, "{status} {method}");
        }
    }

    #[test]
    fn order_is_kept_within_an_object_only() {
        let mut rows = vec![row(1, "a", "PUT"), row(2, "a", "POST"), row(3, "b", "PUT")];
        assert_eq!(next(&rows, "me", None, &[], false).unwrap().seq, 1);
        assert_eq!(next(&rows, "me", Some("b"), &[], false).unwrap().seq, 3);
        // What was tried in this round holds its object back, not the others.
        assert_eq!(next(&rows, "me", None, &[1], false).unwrap().seq, 3);
        rows[0].state = State::Attention;
        assert_eq!(next(&rows, "me", None, &[], false).unwrap().seq, 3);
        assert_eq!(next(&rows, "me", Some("a"), &[], false), None);
        assert_eq!(next(&rows, "somebody", None, &[], false), None);
    }

    #[test]
    fn the_order_of_any_queue_is_that_of_its_writing() {
        // All queues of five writes of two objects: each object is sent in its own order.
        for pattern in 0..32_u32 {
            let object = |n: u32| if pattern >> n & 1 == 1 { "a" } else { "b" };
            let mut rows: Vec<Row> =
                (0..5).map(|n| row(i64::from(n) + 1, object(n), "POST")).collect();
            rows.reverse();
            let mut sent: Vec<Row> = Vec::new();
            while let Some(one) = next(&rows, "me", None, &[], false).cloned() {
                rows.retain(|row| row.seq != one.seq);
                sent.push(one);
            }
            assert_eq!(sent.len(), 5);
            for object in ["a", "b"] {
                let seqs: Vec<_> =
                    sent.iter().filter(|row| row.object == object).map(|row| row.seq).collect();
                assert!(seqs.is_sorted(), "{pattern}: {seqs:?}");
            }
        }
    }

    #[test]
    fn only_a_whole_text_that_was_never_tried_is_replaced() {
        let new = row(0, "a", "PUT");
        let mut rows = vec![row(4, "a", "PUT"), row(5, "b", "PUT")];
        assert_eq!(join(&rows, &new), Join::Replace(4));
        assert!(!chained(&rows, &new, Join::Replace(4)));
        rows[0].tries = 1;
        assert_eq!(join(&rows, &new), Join::Append);
        assert!(chained(&rows, &new, Join::Append));
        rows[0] = Row { state: State::Attention, ..row(4, "a", "PUT") };
        assert_eq!(join(&rows, &new), Join::Append);
        // A command in between must see the text that was there when it was given.
        let rows =
            [row(4, "a", "PUT"), Row { path: "my/a/commands".into(), ..row(6, "a", "POST") }];
        assert_eq!(join(&rows, &new), Join::Append);
        assert_eq!(join(&rows, &row(0, "a", "POST")), Join::Append);
        assert_eq!(join(&[], &new), Join::Append);
        assert!(!chained(&[], &new, Join::Append));
    }

    #[test]
    fn what_waited_for_a_sign_in_goes_on_for_its_owner() {
        let refused = after(&row(1, "a", "PUT"), 401, "").unwrap();
        let wrong = after(&row(2, "b", "PUT"), 422, "{}").unwrap();
        let other = Row { owner: "other".into(), ..refused.clone() };
        let on = signed_in(&[refused, wrong, other], "me");
        assert_eq!(on.len(), 1);
        assert_eq!((on[0].seq, on[0].state, on[0].key.as_str()), (1, State::Waiting, "k1"));
    }

    #[test]
    fn a_write_waits_for_the_files_that_it_names() {
        let naming =
            Row { body: Some(r#"{"files":["local-1","x"]}"#.into()), ..row(2, "a", "PUT") };
        let rows = [Row { file: true, ..row(1, "file/local-1", "POST") }, naming];
        assert_eq!(next(&rows, "me", Some("a"), &[], false), None);
        let on = renamed(&rows, "local-1", "01k");
        assert_eq!(on.len(), 1);
        assert_eq!(on[0].body.as_deref(), Some(r#"{"files":["01k","x"]}"#));
        assert_eq!(next(&on, "me", Some("a"), &[], false).unwrap().seq, 2);
    }

    #[test]
    fn a_choice_is_another_command_on_the_newer_version() {
        let stale = after(&row(1, "a", "PUT"), 412, "{}").unwrap();
        let chosen = settled(&stale, "{}".into(), 7, "fresh".into());
        assert_eq!((chosen.state, chosen.seen, chosen.tries), (State::Waiting, Some(7), 0));
        assert_eq!((chosen.key.as_str(), chosen.problem.as_str()), ("fresh", ""));
        assert_eq!(again(&stale).key, "k1");
    }

    #[test]
    fn versions_are_read_from_answers() {
        let read = |text: &str| version(&crate::json::read(text).unwrap());
        assert_eq!(read(r#"{"version": 4}"#), Some(4));
        assert_eq!(read(r#"{"version": 4.0}"#), Some(4));
        assert_eq!(read("{}"), None);
        assert_eq!(read("[]"), None);
    }

    #[test]
    fn rounds_grow_rarer_but_never_stop() {
        assert_eq!(pause(0), 30_000);
        assert!((0..40).map(pause).is_sorted());
        assert_eq!(pause(40), 900_000);
    }
}
