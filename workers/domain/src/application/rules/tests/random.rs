//! Whatever is done in whatever order.

use std::collections::BTreeSet;

use super::case::{Case, at, decide, refuse, request};
use crate::{
    application::{
        api::{MyCommand, StaffCommand},
        model::State,
        rules::{effective, may_edit, my_commands, staff_commands, time::is_staff_turn},
    },
    vacancy::model::State as VacancyState,
};

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

fn any_command(case: &mut Case, dice: &mut Dice) -> Result<Vec<&'static str>, &'static str> {
    let text = || "себеп".to_owned();
    match dice.roll(17) {
        0 => case.mine(&MyCommand::Submit),
        1 => case.mine(&MyCommand::Reopen),
        2 => case.mine(&MyCommand::Keep),
        3 => case.mine(&MyCommand::Complete { note: text() }),
        4 if dice.roll(3) == 0 => case.mine(&MyCommand::Withdraw { reason: text() }),
        5 => case.staff(&StaffCommand::Check),
        6 => case.staff(&request()),
        7 => case.staff(&StaffCommand::Admit),
        8 if dice.roll(2) == 0 => case.staff(&refuse()),
        9 => case.staff(&decide(State::Reserve)),
        10 => case.staff(&decide(State::Selected)),
        11 => case.staff(&decide(State::NotSelected)),
        12 if dice.roll(3) == 0 => case.staff(&StaffCommand::Reconsider { reason: text() }),
        13 => {
            // Hours, days, sometimes a year: the calendar of the next year is not loaded.
            let hours = [1, 9, 30, 120, 300, 9000][dice.roll(6)];
            case.now = case.now.plus_seconds(3600 * hours);
            Ok(case.sweep())
        }
        14 if dice.roll(4) == 0 => {
            use VacancyState::{Cancelled, Closed, Filled, InReview, Paused, Published};
            let closed = case.vacancy.closes_at.is_some_and(|end| end <= case.now);
            let states: &[VacancyState] = if closed {
                &[Closed, InReview, Filled]
            } else {
                &[Published, Paused, Published, Cancelled]
            };
            case.vacancy.state = states[dice.roll(states.len())];
            Ok(case.sweep())
        }
        _ => case.staff(&StaffCommand::Register),
    }
}

/// Nobody is stuck, numbers only grow, and what was sent stays sent.
#[test]
fn random_commands_never_lead_astray() {
    let mut reached = BTreeSet::from([State::Draft]);
    let mut done = BTreeSet::new();
    for seed in 0..3000 {
        let mut dice = Dice(seed);
        let procedures = [
            "teachers-competition",
            "heads-competition",
            "workers-hiring",
            "civil-servant-competition",
        ];
        let mut case = Case::new(procedures[dice.roll(4)]);
        for _ in 0..60 {
            let before = case.application.clone();
            let outcome = any_command(&mut case, &mut dice);
            let (facts, after) = (case.facts(), &case.application);
            match outcome {
                Ok(steps) => done.extend(steps),
                Err(_) => assert_eq!(*after, before, "a refusal changes nothing"),
            }
            assert!(after.sent >= before.sent && after.version >= before.version);
            assert_eq!(after.state.was_sent(), after.sent > 0, "{:?}", after.state);
            assert!(
                !matches!(before.state, State::Withdrawn | State::Cancelled)
                    || after.state == before.state
            );
            reached.insert(after.state);
            // Somebody can always go on, by a command or by the passing of time.
            let (now, _) = effective(after, &facts);
            let commands =
                !my_commands(&now, &facts).is_empty() || !staff_commands(now.state).is_empty();
            assert!(now.state.is_settled() || commands, "stuck in {:?}", now.state);
            // A term runs wherever somebody has to act, and edits are open only where they are.
            if is_staff_turn(now.state) || matches!(now.state, State::Returned | State::Reserve) {
                let countable = case.now < at("2026-11-30T00:00:00Z");
                assert!(now.due_at.is_some() || !countable, "no term in {:?}", now.state);
            } else {
                assert_eq!(now.due_at, None, "a term in {:?}", now.state);
            }
            let open = may_edit(&now, &facts).is_some();
            assert_eq!(open, matches!(now.state, State::Draft | State::Reopened | State::Returned));
            // Looking twice shows the same.
            let (again, steps) = effective(&now, &facts);
            assert_eq!((again, steps.len()), (now, 0));
        }
    }
    assert_eq!(reached, State::ALL.iter().copied().collect(), "every state is reached");
    for action in [
        "completion_missed",
        "kept",
        "overdue",
        "reserve_over",
        "vacancy_paused",
        "vacancy_resumed",
        "resubmit",
        "complete",
    ] {
        assert!(done.contains(action), "{action} never happened");
    }
}
