//! The way of a version of an item: draft, two reviews, language check, approval, pilot,
//! calibration, use, suspension, retirement (requirements C8; design of tests, section 6.13).

use super::codes;
use crate::shared::refusal::{Kind, Refusal};

codes! {
    /// Where a version stands.
    State {
        /// Being written.
        Draft = "draft",
        /// A first reviewer reads it.
        Review1 = "review1",
        /// A second reviewer reads it.
        Review2 = "review2",
        /// A bilingual editor compares the two languages.
        LanguageCheck = "language_check",
        /// It may be used.
        Approved = "approved",
        /// It is shown to candidates and not counted, to learn its figures.
        Pilot = "pilot",
        /// Its figures are known.
        Calibrated = "calibrated",
        /// Forms draw it.
        Active = "active",
        /// Forms do not draw it until somebody has decided.
        Suspended = "suspended",
        /// Over. It stays readable for the attempts that had it.
        Retired = "retired",
    }
}

codes! {
    /// What is done to a version.
    Command {
        /// The author hands it in.
        Submit = "submit",
        /// A reviewer or editor lets it pass to the next step.
        Pass = "pass",
        /// A reviewer or editor gives it back with a reason.
        Return = "return",
        /// It goes to the pilot.
        Pilot = "pilot",
        /// The psychometrician accepts its figures.
        Calibrate = "calibrate",
        /// Forms may draw it.
        Activate = "activate",
        /// Forms may not draw it for now; with a reason.
        Suspend = "suspend",
        /// The suspicion was unfounded.
        Resume = "resume",
        /// It is over; with a reason.
        Retire = "retire",
    }
}

codes! {
    /// Why an item is suspended or retired.
    Reason {
        /// Somebody complained.
        Complaint = "complaint",
        /// It became known outside.
        Leak = "leak",
        /// Its figures are bad.
        Statistics = "statistics",
        /// The law or the programme changed.
        Outdated = "outdated",
        /// There is another like it.
        Duplicate = "duplicate",
        /// A newer version took its place.
        Replaced = "replaced",
        /// Something else, said in words.
        Other = "other",
    }
}

codes! {
    /// What somebody does for the bank; a person may hold several, but not for one item.
    Part {
        /// Writes.
        Author = "author",
        /// Reads what others wrote.
        Reviewer = "reviewer",
        /// Compares the languages.
        Editor = "editor",
        /// Judges by figures.
        Psychometrician = "psychometrician",
        /// Decides about use.
        Admin = "admin",
        /// Watches over secrecy.
        Security = "security",
    }
}

/// Who acts, as far as the rules of an item need to know.
#[derive(Debug, Clone, Copy)]
pub struct Doer<'a> {
    /// Account.
    pub account: &'a str,
    /// What it may do in the bank.
    pub parts: &'a [Part],
}

/// What has happened to a version so far.
#[derive(Debug, Clone, Default)]
pub struct Past<'a> {
    /// Accounts that wrote on it.
    pub authors: Vec<&'a str>,
    /// Accounts that let it pass a review since it was handed in last.
    pub reviewers: Vec<&'a str>,
    /// Where it stood before it was suspended.
    pub before: Option<State>,
}

impl State {
    /// Whether the text may still change without a new version.
    pub const fn is_open(self) -> bool {
        matches!(self, State::Draft)
    }

    /// Whether candidates may have met it: then it is never changed, only followed by another.
    pub const fn was_used(self) -> bool {
        matches!(
            self,
            State::Pilot | State::Calibrated | State::Active | State::Suspended | State::Retired
        )
    }
}

impl Command {
    /// Whether a reason has to be given.
    pub const fn needs_reason(self) -> bool {
        matches!(self, Command::Return | Command::Suspend | Command::Retire)
    }
}

/// The state after a command, without regard to who gives it. `pilot` = the rules want a pilot
/// before use. `None` = it cannot be done.
pub fn next(state: State, command: Command, before: Option<State>, pilot: bool) -> Option<State> {
    use State::*;
    Some(match (command, state) {
        (Command::Submit, Draft) => Review1,
        (Command::Pass, Review1) => Review2,
        (Command::Pass, Review2) => LanguageCheck,
        (Command::Pass, LanguageCheck) => Approved,
        (Command::Return, Review1 | Review2 | LanguageCheck) => Draft,
        (Command::Pilot, Approved) => Pilot,
        (Command::Calibrate, Pilot) => Calibrated,
        (Command::Activate, Calibrated) => Active,
        (Command::Activate, Approved) if !pilot => Active,
        (Command::Suspend, Approved | Pilot | Calibrated | Active) => Suspended,
        (Command::Resume, Suspended) => match before {
            Some(before @ (Approved | Pilot | Calibrated | Active)) => before,
            _ => Approved,
        },
        (Command::Retire, Approved | Pilot | Calibrated | Active | Suspended) => Retired,
        (Command::Retire, Draft) => Retired,
        _ => return None,
    })
}

/// Who may give a command in a state.
const fn part_for(state: State, command: Command) -> &'static [Part] {
    match (command, state) {
        (Command::Submit, _) => &[Part::Author],
        (Command::Pass | Command::Return, State::LanguageCheck) => &[Part::Editor],
        (Command::Pass | Command::Return, _) => &[Part::Reviewer],
        (Command::Calibrate, _) => &[Part::Psychometrician],
        (Command::Pilot | Command::Activate, _) => &[Part::Admin],
        (Command::Suspend, _) => &[Part::Admin, Part::Psychometrician, Part::Security],
        (Command::Resume, _) => &[Part::Admin],
        (Command::Retire, State::Draft) => &[Part::Author, Part::Admin],
        (Command::Retire, _) => &[Part::Admin],
    }
}

/// Decides a command: may this person give it now, and where does it lead.
///
/// Errors: [`Kind::Conflict`] `bank_state`; [`Kind::Forbidden`] `forbidden` (another part's
/// command), `bank_own` (an author judges his own), `bank_twice` (the same person reviews twice).
pub fn decide(
    state: State,
    command: Command,
    past: &Past<'_>,
    doer: Doer<'_>,
    pilot: bool,
) -> Result<State, Refusal> {
    let refuse = |kind, code| Err(Refusal::new(kind, code));
    let Some(to) = next(state, command, past.before, pilot) else {
        return refuse(Kind::Conflict, "bank_state");
    };
    if !part_for(state, command).iter().any(|part| doer.parts.contains(part)) {
        return refuse(Kind::Forbidden, "forbidden");
    }
    let judges = matches!(
        command,
        Command::Pass | Command::Return | Command::Calibrate | Command::Activate | Command::Resume
    );
    if judges && past.authors.contains(&doer.account) {
        return refuse(Kind::Forbidden, "bank_own");
    }
    if command == Command::Pass && past.reviewers.contains(&doer.account) {
        return refuse(Kind::Forbidden, "bank_twice");
    }
    Ok(to)
}

/// The commands that somebody may give now.
pub fn commands(state: State, past: &Past<'_>, doer: Doer<'_>, pilot: bool) -> Vec<Command> {
    let may = |command: &Command| decide(state, *command, past, doer, pilot).is_ok();
    Command::ALL.iter().copied().filter(may).collect()
}

#[cfg(test)]
#[path = "life_tests.rs"]
mod tests;
