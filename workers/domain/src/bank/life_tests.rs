use super::*;

const ALL_PARTS: &[Part] = Part::ALL;

fn doer<'a>(account: &'a str, parts: &'a [Part]) -> Doer<'a> {
    Doer { account, parts }
}

/// A way from draft to use, each step by its own person.
#[test]
fn the_usual_way() {
    let mut past = Past { authors: vec!["author"], ..Past::default() };
    let mut state = State::Draft;
    for (command, account, part, to) in [
        (Command::Submit, "author", Part::Author, State::Review1),
        (Command::Pass, "first", Part::Reviewer, State::Review2),
        (Command::Pass, "second", Part::Reviewer, State::LanguageCheck),
        (Command::Pass, "editor", Part::Editor, State::Approved),
        (Command::Pilot, "admin", Part::Admin, State::Pilot),
        (Command::Calibrate, "figures", Part::Psychometrician, State::Calibrated),
        (Command::Activate, "admin", Part::Admin, State::Active),
        (Command::Suspend, "guard", Part::Security, State::Suspended),
    ] {
        state = decide(state, command, &past, doer(account, &[part]), true).unwrap();
        assert_eq!(state, to);
        if command == Command::Pass {
            past.reviewers.push(account);
        }
    }
    past.before = Some(State::Active);
    let resumed = decide(state, Command::Resume, &past, doer("admin", &[Part::Admin]), true);
    assert_eq!(resumed, Ok(State::Active));
}

/// Whatever the state: who wrote never judges, who passed once never passes again, and a part
/// never does another's work. Tried for every state, command, part and past.
#[test]
fn duties_stay_apart_everywhere() {
    for &state in State::ALL {
        for &command in Command::ALL {
            for pilot in [false, true] {
                let own = Past { authors: vec!["me"], ..Past::default() };
                let decided = decide(state, command, &own, doer("me", ALL_PARTS), pilot);
                let judges = !matches!(
                    command,
                    Command::Submit | Command::Pilot | Command::Suspend | Command::Retire
                );
                assert!(!(judges && decided.is_ok()), "{state:?} {command:?}");

                let again = Past { reviewers: vec!["me"], ..Past::default() };
                if command == Command::Pass {
                    assert!(decide(state, command, &again, doer("me", ALL_PARTS), pilot).is_err());
                }
                let nobody = decide(state, command, &Past::default(), doer("me", &[]), pilot);
                assert!(nobody.is_err());
            }
        }
    }
}

/// Nothing reaches use without two reviews, a language check and, where the rules want it, a
/// pilot: every path through the machine is walked.
#[test]
fn no_way_around() {
    fn walk(state: State, done: &[Command], pilot: bool, depth: usize, ways: &mut usize) {
        if state == State::Active {
            *ways += 1;
            let since = done.iter().rposition(|c| *c == Command::Submit).unwrap();
            let passes = done[since..].iter().filter(|c| **c == Command::Pass).count();
            assert!(passes == 3, "{done:?}");
            assert!(!pilot || done[since..].contains(&Command::Calibrate), "{done:?}");
            return;
        }
        if depth == 0 {
            return;
        }
        for &command in Command::ALL {
            // A suspension only ever leads back to where it began.
            if command == Command::Suspend {
                continue;
            }
            if let Some(to) = next(state, command, None, pilot) {
                let mut done = done.to_vec();
                done.push(command);
                walk(to, &done, pilot, depth - 1, ways);
            }
        }
    }
    for pilot in [false, true] {
        let mut ways = 0;
        walk(State::Draft, &[], pilot, 10, &mut ways);
        assert!(ways > 0);
    }
}

#[test]
fn suspension_leads_back_and_nowhere_further() {
    for &state in State::ALL {
        if next(state, Command::Suspend, None, true) == Some(State::Suspended) {
            assert_eq!(next(State::Suspended, Command::Resume, Some(state), true), Some(state));
        }
        // What the database might say by mistake must not make an item usable.
        let resumed = next(State::Suspended, Command::Resume, Some(state), true);
        assert!(resumed != Some(State::Active) || state == State::Active);
    }
    assert_eq!(next(State::Suspended, Command::Resume, None, true), Some(State::Approved));
}

#[test]
fn only_retired_is_final_and_every_state_is_reached() {
    let mut reached = vec![State::Draft];
    let mut at = 0;
    while at < reached.len() {
        for &command in Command::ALL {
            if let Some(to) = next(reached[at], command, None, true)
                && !reached.contains(&to)
            {
                reached.push(to);
            }
        }
        at += 1;
    }
    assert_eq!(reached.len(), State::ALL.len());
    for &state in State::ALL {
        let leaves = Command::ALL.iter().any(|c| next(state, *c, None, true).is_some());
        assert_eq!(leaves, state != State::Retired, "{state:?}");
    }
}
