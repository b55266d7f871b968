//! Commands of the desk on the version that was seen. Where somebody was faster, the newer ticket
//! is shown with what changed, and what was typed stays.

use crate::reactive::RwSignal;
use domain::ticket::{
    api::{DeskCommand, TicketView},
    rules::{Severity, State},
};

use super::draft::{self, Draft};
use crate::{
    api::{self, Attempt, Problem},
    browser, nav,
    state::app,
    text::{fill, t, t_of},
    ui::{
        errors::{self, Errors},
        load::Loading,
    },
};

/// A ticket that is worked on. All of it is signals, so it is passed by copy.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The ticket.
    pub ticket: Loading<TicketView>,
    /// What is typed.
    pub draft: RwSignal<Draft>,
    /// What others changed since this page was opened.
    pub changed: RwSignal<Vec<Changed>>,
    /// Messages that were there when it was opened: the rest is new to the reader.
    pub known: RwSignal<usize>,
    /// What is wrong with what is typed.
    pub wrong: Errors,
    /// Whether a command is on its way.
    pub busy: RwSignal<bool>,
    attempt: RwSignal<Attempt>,
}

/// Something that somebody else changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// So many new messages.
    Messages(usize),
    /// The state, before and now.
    State(State, State),
    /// How bad it is, before and now.
    Severity(Severity, Severity),
    /// Who works on it, before and now.
    Assigned(String, String),
    /// Something else.
    Other,
}

impl Changed {
    /// In words.
    pub fn words(&self) -> String {
        let both = |was: &str, is: &str| [("was", was.to_owned()), ("is", is.to_owned())];
        let (key, values) = match self {
            Changed::Messages(n) => ("desk.changed.messages", vec![("n", n.to_string())]),
            Changed::State(was, is) => {
                let name = |state: &State| t_of("desk.state", state.code());
                ("desk.changed.state", both(&name(was), &name(is)).to_vec())
            }
            Changed::Severity(was, is) => {
                let name = |one: &Severity| t_of("desk.severity", one.code());
                ("desk.changed.severity", both(&name(was), &name(is)).to_vec())
            }
            Changed::Assigned(was, is) => {
                let name = |who: &String| match who.is_empty() {
                    true => t("desk.nobody").to_owned(),
                    false => who.clone(),
                };
                ("desk.changed.assigned", both(&name(was), &name(is)).to_vec())
            }
            Changed::Other => ("desk.changed.other", Vec::new()),
        };
        let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
        fill(key, &values)
    }
}

/// What differs between the ticket that was seen and the one that is there now.
pub fn difference(seen: &TicketView, now: &TicketView) -> Vec<Changed> {
    let mut out = Vec::new();
    let more = now.messages.len().saturating_sub(seen.messages.len());
    if more > 0 {
        out.push(Changed::Messages(more));
    }
    if seen.row.state != now.row.state {
        out.push(Changed::State(seen.row.state, now.row.state));
    }
    if seen.row.severity != now.row.severity {
        out.push(Changed::Severity(seen.row.severity, now.row.severity));
    }
    if seen.row.assigned != now.row.assigned {
        out.push(Changed::Assigned(seen.row.assigned.clone(), now.row.assigned.clone()));
    }
    if out.is_empty() && seen.version != now.version {
        out.push(Changed::Other);
    }
    out
}

impl Desk {
    /// A ticket whose page opens.
    pub fn new(id: &str, ticket: Loading<TicketView>) -> Desk {
        Desk {
            ticket,
            draft: RwSignal::new(draft::open(id)),
            changed: RwSignal::new(Vec::new()),
            known: RwSignal::new(usize::MAX),
            wrong: errors::errors(),
            busy: RwSignal::new(false),
            attempt: RwSignal::new(Attempt::default()),
        }
    }

    /// Changes what is typed, and keeps it.
    pub fn write(self, id: &str, change: impl FnOnce(&mut Draft)) {
        self.draft.update(change);
        if !self.draft.with_untracked(|draft| draft::keep(id, draft)) {
            app().say(t("desk.no_room"), true);
        }
    }

    /// Gives a command; `then` runs once it is done.
    pub fn send(
        self,
        seen: &TicketView,
        command: DeskCommand,
        done: &'static str,
        then: impl FnOnce() + 'static,
    ) {
        self.send_boxed(seen.clone(), command, done, Box::new(then));
    }

    fn send_boxed(
        self,
        seen: TicketView,
        command: DeskCommand,
        done: &'static str,
        then: Box<dyn FnOnce()>,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let path = format!("desk/tickets/{}", seen.row.id);
        api::run(async move {
            let call = api::call("POST", format!("{path}/commands"));
            let call = call.seen(seen.version).body(&command);
            let call = self.attempt.with_untracked(|attempt| call.tried(attempt));
            let answer = call.send().await;
            if answer.as_ref().err().is_none_or(|problem: &Problem| !problem.may_pass()) {
                let _ = self.attempt.try_update(|attempt| attempt.done());
            }
            let answer = match answer {
                // The next command is given on the version that this one made.
                Ok(_) => Ok(api::get::<TicketView>(path.clone()).await),
                Err(problem) => Err(problem),
            };
            let there = self.busy.try_set(false).is_none();
            if !there {
                if answer.is_ok() {
                    app().say(t(done), false);
                }
                return;
            }
            match answer {
                Ok(now) => {
                    self.wrong.set(Vec::new());
                    self.changed.set(Vec::new());
                    then();
                    self.show(now);
                    app().say(t(done), false);
                }
                // Somebody was faster, or has brought it to where this cannot be done any more.
                Err(problem) if matches!(problem.status, 409 | 412) => {
                    let now = api::get::<TicketView>(path).await;
                    let Ok(now) = now else {
                        app().say(problem.words(), true);
                        return;
                    };
                    let found = difference(&seen, &now);
                    if found.is_empty() {
                        app().say(problem.words(), true);
                        return;
                    }
                    let _ = self.known.try_set(seen.messages.len());
                    let _ = self.changed.try_set(found);
                    self.ticket.put(now);
                    nav::focus_soon("changed");
                }
                Err(problem) => errors::show(&problem, self.wrong),
            }
        });
    }

    fn show(self, now: Result<TicketView, Problem>) {
        match now {
            Ok(now) => {
                let _ = self.known.try_set(usize::MAX);
                self.ticket.put(now);
                browser::soon(|| browser::focus("page-title"));
            }
            Err(_) => self.ticket.again(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        shared::time::Timestamp,
        ticket::{
            api::{MessageRow, TicketRow},
            rules::Topic,
        },
    };

    fn ticket() -> TicketView {
        let at = Timestamp::from_millis(0);
        TicketView {
            row: TicketRow {
                id: "1".into(),
                number: 1001,
                topic: Topic::Question,
                severity: Severity::Usual,
                state: State::New,
                text: String::new(),
                created_at: at,
                due_at: at,
                answered_at: None,
                assigned: String::new(),
            },
            version: 1,
            lang: "kk".into(),
            reachable: true,
            screen: String::new(),
            role: String::new(),
            device: String::new(),
            file: None,
            page: String::new(),
            article: String::new(),
            merged_into: None,
            score: None,
            score_text: String::new(),
            messages: Vec::new(),
        }
    }

    #[test]
    fn what_others_did_is_named() {
        let seen = ticket();
        assert_eq!(difference(&seen, &seen), []);
        let mut now = seen.clone();
        now.version = 2;
        assert_eq!(difference(&seen, &now), [Changed::Other]);
        now.row.state = State::InWork;
        now.row.assigned = "Асхат".into();
        now.messages.push(MessageRow {
            at: seen.row.due_at,
            kind: "user".into(),
            who: String::new(),
            text: "Тағы бір сұрақ".into(),
        });
        let found = [
            Changed::Messages(1),
            Changed::State(State::New, State::InWork),
            Changed::Assigned(String::new(), "Асхат".into()),
        ];
        assert_eq!(difference(&seen, &now), found);
    }
}
