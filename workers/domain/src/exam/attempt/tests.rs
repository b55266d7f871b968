use std::collections::BTreeMap;

use super::*;
use crate::exam::seed::{Stream, mac};

const MINUTE: i64 = 60_000;
const T0: i64 = 1_800_000_000_000;

fn terms() -> Terms {
    Terms {
        length: 80 * MINUTE,
        grace: 30_000,
        gap: 20_000,
        quick: 2_000,
        slots: 50,
        blocks: vec![20, 40],
        forward: false,
    }
}

fn running() -> State {
    let mut state = State::new(terms());
    state.take_over(T0 - 1, "phone").unwrap();
    state.start(T0).unwrap();
    state
}

fn choice(letter: &str) -> String {
    format!(r#"{{"options":["{letter}"]}}"#)
}

fn answer(n: u32, slot: u16, letter: &str) -> Event {
    let value = if letter.is_empty() { String::new() } else { choice(letter) };
    Event { n, what: What::Answer, slot: Some(slot), value, mono: i64::from(n) * 5_000 }
}

fn event(n: u32, what: What) -> Event {
    Event { n, what, slot: None, value: String::new(), mono: i64::from(n) * 5_000 }
}

/// What a store would hold after these writes.
#[derive(Debug, Default, PartialEq, Clone)]
struct Store {
    answers: BTreeMap<u16, String>,
    rows: Vec<Row>,
    ended: u32,
}

impl Store {
    fn keep(&mut self, writes: Writes) {
        for put in writes.puts.into_iter().filter(|put| !put.mark) {
            match put.value {
                Some(value) => self.answers.insert(put.slot, value),
                None => self.answers.remove(&put.slot),
            };
        }
        self.rows.extend(writes.rows);
        self.ended += u32::from(writes.ended);
    }
}

#[test]
fn doubled_reordered_and_broken_off_messages_end_in_the_same_answers() {
    let mut dice = Stream::new(&[1; 32]);
    for round in 0..300_u32 {
        // A person answers, changes and takes back; in the end it is handed in.
        let count = 20 + dice.below(60);
        let mut events: Vec<Event> = (1..=count)
            .map(|n| {
                let letter = ["a", "b", "c", ""][dice.below(4) as usize];
                answer(n, dice.below(8) as u16, letter)
            })
            .collect();
        events.push(event(count + 1, What::Finish));
        let (mut straight, mut wanted) = (running(), Store::default());
        wanted.keep(straight.receive(T0 + MINUTE, 1, &events).unwrap().0);
        assert_eq!(straight.status, Status::Submitted);

        let (mut state, mut store) = (running(), Store::default());
        let mut now = T0;
        let mut confirmed = 0;
        // The page sends from what is not confirmed, pieces of it, in a wild order, more than once.
        while confirmed < count + 1 {
            now += i64::from(dice.below(3_000));
            let mut batch: Vec<Event> = events[confirmed as usize..]
                .iter()
                .take(1 + dice.below(20) as usize)
                .filter(|_| dice.below(4) > 0)
                .cloned()
                .collect();
            dice.shuffle(&mut batch);
            let (writes, received) = state.receive(now, 1, &batch).unwrap();
            store.keep(writes);
            // Half of the confirmations never arrive; the object is evicted at any time.
            if dice.below(2) == 0 {
                confirmed = received.upto;
            }
            if dice.below(3) == 0 {
                let kept = serde_json::to_string(&state).unwrap();
                state = serde_json::from_str(&kept).unwrap();
            }
        }
        assert_eq!(store.answers, wanted.answers, "round {round}");
        assert_eq!((store.ended, state.status), (1, Status::Submitted), "round {round}");
        // The chain holds and has every event once.
        let mut head = running().head;
        let mut seen = Vec::new();
        for row in &store.rows {
            assert_eq!(chained(&head, row), row.hash);
            head.clone_from(&row.hash);
            if row.cseq > 0 {
                seen.push(row.cseq);
            }
        }
        assert_eq!(head, state.head);
        seen.sort_unstable();
        assert_eq!(seen, (1..=count + 1).collect::<Vec<_>>());
    }
}

#[test]
fn the_deadline_is_exact_to_the_millisecond() {
    let deadline = T0 + 80 * MINUTE;
    for (at, fate, counts) in [
        (deadline - 1, Fate::Counted, true),
        (deadline, Fate::Counted, true),
        (deadline + 1, Fate::Late, true),
        (deadline + 30_000, Fate::Late, true),
        (deadline + 30_001, Fate::Evidence, false),
        (deadline + 600 * MINUTE, Fate::Evidence, false),
    ] {
        let (mut state, mut store) = (running(), Store::default());
        let (writes, received) = state.receive(at, 1, &[answer(1, 3, "a")]).unwrap();
        store.keep(writes);
        let row = store.rows.iter().find(|row| row.kind == "answer").unwrap();
        assert_eq!(row.fate, fate, "{}", at - deadline);
        assert_eq!(store.answers.contains_key(&3), counts, "{}", at - deadline);
        // Kept in any case: the page may forget it, and is told if it does not count.
        assert_eq!((received.upto, received.uncounted.is_empty()), (1, counts));
        assert_eq!(state.status.over(), at > deadline + 30_000);
    }
}

#[test]
fn an_alarm_that_comes_twice_or_never_ends_it_once_at_the_same_moment() {
    let due = running().due().unwrap();
    for looks in [vec![due, due + 1, due + 1, due + 2], vec![due + 7 * MINUTE], vec![due + 1; 5]] {
        let (mut state, mut ended) = (running(), 0);
        for now in looks {
            ended += u32::from(state.tick(now).ended);
        }
        assert_eq!((ended, state.status), (1, Status::Expired));
        assert_eq!(state.finished_at, Some(due));
    }
    // Nobody looked: the next message does it, and is too late itself.
    let mut state = running();
    let (writes, received) = state.receive(due + MINUTE, 1, &[answer(1, 0, "a")]).unwrap();
    assert!(writes.ended && writes.puts.is_empty());
    assert_eq!((received.status, received.uncounted), (Status::Expired, vec![1]));
}

#[test]
fn what_does_not_count_is_said_again_to_a_page_that_did_not_hear_it() {
    let mut state = running();
    let due = state.due().unwrap();
    state.receive(due - MINUTE, 1, &[answer(1, 0, "a")]).unwrap();
    let late = [answer(2, 0, "b"), answer(3, 1, "b")];
    let (_, first) = state.receive(due + 1, 1, &late).unwrap();
    assert_eq!((first.upto, &first.uncounted), (3, &vec![2, 3]));
    // The line broke before that was heard; the page sends everything that nobody has confirmed.
    let all = [answer(1, 0, "a"), late[0].clone(), late[1].clone(), answer(4, 2, "a")];
    let (writes, again) = state.receive(due + 2, 1, &all).unwrap();
    assert_eq!((again.upto, again.uncounted, writes.rows.len()), (4, vec![2, 3, 4], 1));
    // Answers to two messages may change places on their way: each of them tells all.
    let (_, other) = state.receive(due + 2, 1, &[answer(1, 0, "a")]).unwrap();
    assert_eq!((other.upto, other.uncounted), (4, vec![2, 3, 4]));
    // A page that floods costs itself its own remarks, and the state stays small.
    for n in (5..5_000).step_by(100) {
        let events: Vec<Event> = (n..n + 100).map(|n| answer(n, 0, "c")).collect();
        state.receive(due + 3, 1, &events).unwrap();
    }
    assert!(serde_json::to_string(&state).unwrap().len() < 20_000);
}

#[test]
fn a_second_page_takes_over_and_what_the_first_had_done_is_not_lost() {
    let (mut state, mut store) = (running(), Store::default());
    store.keep(state.receive(T0 + 1_000, 1, &[answer(1, 0, "a"), answer(2, 1, "a")]).unwrap().0);
    store.keep(state.take_over(T0 + 2_000, "laptop").unwrap());
    assert_eq!(state.epoch, 2);
    store.keep(state.receive(T0 + 3_000, 2, &[answer(1, 0, "b")]).unwrap().0);
    // The first page comes back with what it had not sent: an older answer does not win over a
    // newer one, but a task that the second page has not touched is answered.
    let (writes, received) =
        state.receive(T0 + 9_000, 1, &[answer(3, 0, "c"), answer(4, 2, "c")]).unwrap();
    store.keep(writes);
    assert!(received.replaced && received.upto == 4);
    assert_eq!(store.answers[&0], choice("b"));
    assert_eq!(store.answers[&2], choice("c"));
    // It cannot hand in what another page is working at.
    let (writes, _) = state.receive(T0 + 9_500, 1, &[event(5, What::Finish)]).unwrap();
    assert!(!writes.ended);
    assert_eq!(state.receive(T0, 3, &[]).map(|_| ()), Err(Refused::Epoch));
    assert_eq!(state.receive(T0, 0, &[]).map(|_| ()), Err(Refused::Epoch));
}

#[test]
fn time_stands_still_in_a_pause_and_a_proctor_can_give_more() {
    let mut state = running();
    assert_eq!(state.resume(T0, ""), Err(Cannot::Already));
    state.pause(T0 + 10 * MINUTE, "no light").unwrap();
    assert_eq!(state.pause(T0 + 11 * MINUTE, ""), Err(Cannot::Already));
    assert_eq!((state.due(), state.left(T0 + 50 * MINUTE)), (None, 70 * MINUTE));
    // On its way when the clock stopped: taken. Worked at during the break: kept, not counted.
    let on_way = state.receive(T0 + 10 * MINUTE + 29_000, 1, &[answer(1, 0, "a")]).unwrap().0;
    assert_eq!(on_way.puts.len(), 1);
    let worked = state.receive(T0 + 20 * MINUTE, 1, &[answer(2, 1, "a")]).unwrap();
    assert_eq!((worked.0.puts.len(), worked.1.uncounted), (0, vec![2]));
    assert!(!state.tick(T0 + 300 * MINUTE).ended, "a break does not end by itself");
    state.resume(T0 + 40 * MINUTE, "light").unwrap();
    assert_eq!(state.deadline, Some(T0 + 110 * MINUTE));
    state.extend(T0 + 109 * MINUTE, 40 * MINUTE, "needs").unwrap();
    assert_eq!(state.deadline, Some(T0 + 150 * MINUTE));
    let (_, received) = state.receive(T0 + 149 * MINUTE, 1, &[answer(3, 1, "b")]).unwrap();
    assert_eq!((received.uncounted, received.left), (vec![2], MINUTE));
    assert_eq!(state.extend(T0, 0, ""), Err(Cannot::TooMuch));
    assert_eq!(state.extend(T0, i64::MAX, ""), Err(Cannot::TooMuch));
    // Too late is too late, and the end that was found due is written.
    let late = state.extend(T0 + 200 * MINUTE, MINUTE, "").unwrap();
    assert!(late.ended && state.status == Status::Expired);
    assert_eq!(state.extend(T0 + 200 * MINUTE, MINUTE, ""), Err(Cannot::Over));
}

#[test]
fn who_goes_forward_only_cannot_answer_what_is_closed_or_not_yet_open() {
    let mut state = State::new(Terms { forward: true, ..terms() });
    state.take_over(T0, "").unwrap();
    assert_eq!(state.open_block(T0, 1), Err(Cannot::NotBegun));
    state.start(T0).unwrap();
    let uncounted = |state: &mut State, n, slot| {
        let (_, received) = state.receive(T0 + 1, 1, &[answer(n, slot, "a")]).unwrap();
        usize::from(received.uncounted.contains(&n))
    };
    assert_eq!((uncounted(&mut state, 1, 19), uncounted(&mut state, 2, 20)), (0, 1));
    assert_eq!(state.open_block(T0 + 1, 2), Err(Cannot::TooMuch));
    assert_eq!(state.open_block(T0 + 1, 1).unwrap().rows.len(), 1);
    assert_eq!(state.open_block(T0 + 1, 1).unwrap().rows.len(), 0);
    assert_eq!((uncounted(&mut state, 3, 19), uncounted(&mut state, 4, 39)), (1, 0));
    state.open_block(T0 + 1, 2).unwrap();
    assert_eq!(state.open_block(T0 + 1, 3), Err(Cannot::TooMuch));
    let mut free = running();
    assert_eq!((uncounted(&mut free, 1, 49), free.block), (0, 2));
}

#[test]
fn handing_in_waits_for_what_was_done_before_it() {
    let mut state = running();
    let (writes, _) = state.receive(T0 + 1, 1, &[event(3, What::Finish)]).unwrap();
    assert!(!writes.ended);
    let (writes, received) = state.receive(T0 + 2, 1, &[answer(1, 0, "a")]).unwrap();
    assert!(!writes.ended && received.upto == 1);
    let (writes, received) = state.receive(T0 + 3, 1, &[answer(2, 1, "a")]).unwrap();
    assert!(writes.ended && received.upto == 3 && received.status == Status::Submitted);
    assert_eq!(state.answered(), 2);
    assert_eq!(state.start(T0 + 4), Err(Cannot::Over));
    assert_eq!(state.terminate(T0 + 4, "act"), Err(Cannot::Over));
}

#[test]
fn what_makes_no_sense_is_kept_told_and_does_not_block_the_rest() {
    let mut state = running();
    let mut broken = answer(1, 0, "a");
    broken.value = "{".into();
    let foreign = answer(2, 50, "a");
    let mut marked = event(3, What::Mark);
    (marked.slot, marked.value) = (Some(1), "perhaps".into());
    let (writes, received) =
        state.receive(T0 + 1, 1, &[broken, foreign, marked, answer(4, 1, "a")]).unwrap();
    assert_eq!((received.upto, received.uncounted), (4, vec![1, 2, 3]));
    assert_eq!(writes.puts.len(), 1);
    let before = state.clone();
    let long = Event { value: "x".repeat(PAYLOAD_MAX + 1), ..answer(5, 0, "a") };
    let many = vec![answer(5, 0, "a"); EVENTS_MAX + 1];
    for batch in [vec![long], many, vec![answer(5_000, 0, "a")], vec![answer(0, 0, "a")]] {
        assert_eq!(state.receive(T0 + 2, 1, &batch).map(|_| ()), Err(Refused::TooMuch));
    }
    assert_eq!(state, before, "a refused message changes nothing");
    let mut fresh = State::new(terms());
    fresh.take_over(T0, "").unwrap();
    let early = fresh.receive(T0, 1, &[answer(1, 0, "a")]).map(|_| ());
    assert_eq!(early, Err(Refused::NotBegun));
}

#[test]
fn remarks_are_facts_with_times() {
    let mut state = running();
    let kinds = |writes: &Writes| {
        writes.rows.iter().map(|row| row.kind.clone()).collect::<Vec<_>>().join(" ")
    };
    let shown = Event { slot: Some(0), mono: 10_000, ..event(1, What::Show) };
    let (writes, _) = state.receive(T0 + 5_000, 1, &[shown]).unwrap();
    assert_eq!(kinds(&writes), "show");
    let quick = Event { mono: 11_999, ..answer(2, 0, "a") };
    let (writes, _) = state.receive(T0 + 6_000, 1, &[quick]).unwrap();
    assert_eq!(kinds(&writes), "answer quick");
    let later = Event { mono: 13_000, ..answer(3, 0, "b") };
    let (writes, _) = state.receive(T0 + 26_001, 1, &[later]).unwrap();
    assert_eq!(kinds(&writes), "gap answer");
    // A page that says that an hour has passed in a second.
    let ahead = Event { mono: 3_700_000, ..event(4, What::Blur) };
    let (writes, _) = state.receive(T0 + 27_000, 1, &[ahead]).unwrap();
    assert_eq!(kinds(&writes), "blur skew");
}

#[test]
fn a_flood_of_remarks_costs_the_remarks_and_no_answer() {
    let mut state = running();
    let mut n = 0;
    while state.rows < ROWS_MAX {
        let batch: Vec<Event> = (n + 1..=n + 200).map(|n| event(n, What::Blur)).collect();
        n += 200;
        state.receive(T0 + 1, 1, &batch).unwrap();
    }
    let (writes, received) =
        state.receive(T0 + 2, 1, &[event(n + 1, What::Blur), answer(n + 2, 0, "a")]).unwrap();
    assert_eq!((writes.rows.len(), writes.puts.len(), received.upto), (1, 1, n + 2));
    for _ in 1..EPOCHS_MAX {
        state.take_over(T0 + 3, "").unwrap();
    }
    assert_eq!(state.take_over(T0 + 3, ""), Err(Cannot::TooMuch));
}

#[test]
fn a_page_that_answers_without_an_end_is_refused_and_what_was_confirmed_stays() {
    let mut state = running();
    let mut n = 0;
    let refused = loop {
        let batch: Vec<Event> =
            (n + 1..=n + 200).map(|n| answer(n, 0, ["a", "b"][n as usize % 2])).collect();
        match state.receive(T0 + 1, 1, &batch) {
            Ok((_, received)) => n = received.upto,
            Err(refused) => break refused,
        }
    };
    assert_eq!((refused, n), (Refused::Full, GIVEN_MAX));
    let before = state.clone();
    // Refused whole: nothing has changed, and what is kept is confirmed once more.
    assert_eq!(state.receive(T0 + 2, 1, &[answer(n + 1, 0, "c")]), Err(Refused::Full));
    assert_eq!(state.receive(T0 + 2, 1, &[event(n + 1, What::Show)]), Err(Refused::Full));
    assert_eq!(state, before);
    assert_eq!(state.receive(T0 + 2, 1, &[answer(n, 0, "a")]).unwrap().1.upto, n);
    // Remarks cost nothing, and the person can still hand in.
    let (writes, _) = state.receive(T0 + 3, 1, &[event(n + 1, What::Blur)]).unwrap();
    assert_eq!(writes.rows.len(), 0);
    let (_, received) = state.receive(T0 + 3, 1, &[event(n + 2, What::Finish)]).unwrap();
    assert_eq!((received.upto, received.status), (n + 2, Status::Submitted));
    // Nor can it be handed in without an end.
    let again: Vec<Event> = (n + 3..n + 203).map(|n| event(n, What::Finish)).collect();
    state.receive(T0 + 4, 1, &again).unwrap();
    let again: Vec<Event> = (n + 203..n + 403).map(|n| event(n, What::Finish)).collect();
    assert_eq!(state.receive(T0 + 4, 1, &again), Err(Refused::Full));
}

#[test]
fn a_page_that_says_too_much_is_refused_before_it_fills_the_store() {
    let mut state = running();
    let long = |n: u32, what: What| Event {
        value: "x".repeat(PAYLOAD_MAX),
        slot: Some(0),
        ..event(n, what)
    };
    let mut written = 0;
    let mut n = 0;
    // Remarks are dropped long before, answers that cannot be read are kept as evidence up to a bound.
    let refused = loop {
        let what = if n < 1_000 { What::Blur } else { What::Answer };
        let batch: Vec<Event> = (n + 1..=n + 50).map(|n| long(n, what)).collect();
        let (writes, received) = match state.receive(T0 + 1, 1, &batch) {
            Ok(taken) => taken,
            Err(refused) => break refused,
        };
        n = received.upto;
        written += writes.rows.iter().map(|row| row.payload.len() as u64).sum::<u64>();
        assert!(n > 1_000 || written < REMARKS_MAX + PAYLOAD_MAX as u64);
    };
    assert_eq!(refused, Refused::Full);
    assert!((BYTES_MAX - 50 * PAYLOAD_MAX as u64..=BYTES_MAX).contains(&written), "{written}");
}

#[test]
fn a_row_that_was_changed_shows() {
    let mut state = running();
    let before = state.head.clone();
    let (writes, _) = state.receive(T0 + 1, 1, &[answer(1, 0, "a")]).unwrap();
    let row = writes.rows[0].clone();
    assert_eq!(chained(&before, &row), row.hash);
    for changed in [
        Row { at: row.at + 1, ..row.clone() },
        Row { fate: Fate::Late, ..row.clone() },
        Row { payload: choice("b"), ..row.clone() },
        Row { slot: None, ..row.clone() },
        Row { cseq: 2, ..row.clone() },
    ] {
        assert_ne!(chained(&before, &changed), row.hash);
    }
    assert_ne!(mac(b"", &["a", "b"]), mac(b"", &["ab"]));
}

#[test]
fn paper_holds_against_the_page_and_never_against_what_was_handed_in() {
    let paper = [(3, choice("b"))];
    // The device comes back with what it had: paper holds.
    let (mut state, mut store) = (running(), Store::default());
    store.keep(state.receive(T0 + MINUTE, 1, &[answer(1, 3, "a"), answer(2, 4, "c")]).unwrap().0);
    store.keep(state.paper(T0 + 5 * MINUTE, &paper, "12").unwrap());
    assert_eq!((state.status, store.ended), (Status::Submitted, 1));
    store.keep(state.receive(T0 + 6 * MINUTE, 1, &[answer(3, 3, "d")]).unwrap().0);
    assert_eq!(store.answers, BTreeMap::from([(3, choice("b")), (4, choice("c"))]));
    assert_eq!(state.paper(T0 + 7 * MINUTE, &paper, "12"), Err(Cannot::Over));
    // Nobody ever opened it.
    let mut state = State::new(terms());
    let writes = state.paper(T0, &paper, "12").unwrap();
    assert_eq!((state.status, writes.puts.len()), (Status::Submitted, 1));
    // The time ran out long ago: that stays, and the answers count.
    let mut state = running();
    let writes = state.paper(T0 + 600 * MINUTE, &paper, "12").unwrap();
    assert_eq!((state.status, writes.puts[0].late), (Status::Expired, false));
    let mut state = running();
    state.terminate(T0 + 1, "act").unwrap();
    assert_eq!(state.paper(T0 + 2, &paper, "12"), Err(Cannot::Over));
}
