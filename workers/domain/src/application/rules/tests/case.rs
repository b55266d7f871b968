//! An application, its vacancy and the moment, for the tests of the rules.

use crate::{
    application::{
        api::{MyCommand, StaffCommand},
        model::{Application, Content, RequestItem, State},
        rules::{Decision, Facts, VacancyFacts, decide_mine, decide_staff, pass},
    },
    rule::{Edition, editions},
    shared::{
        calendar::{Calendar, published_2026},
        time::Timestamp,
    },
    vacancy::model::State as VacancyState,
};

pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub fn calendar() -> Calendar {
    Calendar::new(published_2026().into_iter().map(|row| (row.day, row.week, row.kind)))
}

pub fn edition(procedure: &str) -> &'static Edition {
    editions().iter().find(|edition| edition.procedure == procedure).unwrap()
}

pub fn draft(edition: &Edition) -> Application {
    Application {
        id: "a".into(),
        number: None,
        vacancy: "v".into(),
        organisation: "o".into(),
        person: "p".into(),
        account: "c".into(),
        state: State::Draft,
        version: 1,
        content: Content::default(),
        procedure: edition.procedure.clone(),
        edition: edition.edition.clone(),
        sent: 0,
        submitted_at: None,
        registered_at: None,
        due_at: None,
        paused_at: None,
        left_days: None,
        completions: 0,
        completion: None,
        verdict: None,
        followed: String::new(),
        nudged: String::new(),
        created_at: at("2026-11-02T05:00:00Z"),
        changed_at: at("2026-11-02T05:00:00Z"),
    }
}

/// The vacancy of the tests: open until 11 November 2026, 18:00 in Astana.
pub struct Case {
    pub edition: &'static Edition,
    pub calendar: Calendar,
    pub vacancy: VacancyFacts,
    pub sent: Option<Content>,
    pub chosen: u32,
    pub now: Timestamp,
    pub application: Application,
}

impl Case {
    pub fn new(procedure: &str) -> Case {
        let edition = edition(procedure);
        Case {
            edition,
            calendar: calendar(),
            vacancy: VacancyFacts {
                state: VacancyState::Published,
                closes_at: Some(at("2026-11-11T13:00:00Z")),
                openings: 1,
            },
            sent: None,
            chosen: 0,
            now: at("2026-11-03T05:00:00Z"),
            application: draft(edition),
        }
    }

    pub fn facts(&self) -> Facts<'_> {
        let mut vacancy = self.vacancy;
        if vacancy.closes_at.is_some_and(|end| end <= self.now)
            && matches!(vacancy.state, VacancyState::Published | VacancyState::Paused)
        {
            vacancy.state = VacancyState::Closed;
        }
        Facts {
            edition: self.edition,
            calendar: &self.calendar,
            vacancy,
            sent: self.sent.as_ref(),
            chosen: self.chosen,
            now: self.now,
        }
    }

    pub fn take(&mut self, decision: Decision) -> Vec<&'static str> {
        if decision.application.sent > self.application.sent {
            self.sent = Some(decision.application.content.clone());
        }
        assert_eq!(decision.application.version, self.application.version + 1);
        self.application = decision.application;
        decision.steps.iter().map(|step| step.action).collect()
    }

    pub fn mine(&mut self, command: &MyCommand) -> Result<Vec<&'static str>, &'static str> {
        let decision = decide_mine(&self.application, command, &[], &self.facts());
        decision.map(|decision| self.take(decision)).map_err(|refusal| refusal.code)
    }

    pub fn staff(&mut self, command: &StaffCommand) -> Result<Vec<&'static str>, &'static str> {
        let decision = decide_staff(&self.application, command, &self.facts());
        decision.map(|decision| self.take(decision)).map_err(|refusal| refusal.code)
    }

    pub fn sweep(&mut self) -> Vec<&'static str> {
        match pass(&self.application, &self.facts()) {
            Some(decision) => self.take(decision),
            None => Vec::new(),
        }
    }
}

pub fn request() -> StaffCommand {
    let item =
        RequestItem { target: "document:education".into(), text: "Қосымша жоқ".into() };
    StaffCommand::Request { items: vec![item] }
}

pub fn refuse() -> StaffCommand {
    StaffCommand::Refuse { grounds: vec!["documents_incomplete".into()], text: "Жоқ".into() }
}

pub fn decide(outcome: State) -> StaffCommand {
    StaffCommand::Decide { outcome, text: String::new() }
}
