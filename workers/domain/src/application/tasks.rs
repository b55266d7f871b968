//! The applicant's list of tasks: computed from the content, never stored.

use super::{
    check::{Obstacle, Situation, sections},
    model::{Content, Section, TaskState},
};
use crate::shared::refusal::FieldError;

/// Whether anything of a section is written.
fn begun(section: Section, content: &Content) -> bool {
    if content.seen.contains(&section) {
        return true;
    }
    match section {
        Section::Person => content.person != Default::default(),
        Section::Contacts => {
            !content.contacts.phone.is_empty()
                || !content.contacts.email.is_empty()
                || !content.contacts.address.is_empty()
        }
        Section::Education => content.records.iter().any(|record| record.kind == "education"),
        Section::Experience => {
            content.no_experience || content.records.iter().any(|r| r.kind == "experience")
        }
        Section::Documents => content
            .documents
            .iter()
            .any(|part| part.absent || !part.files.is_empty() || !part.records.is_empty()),
        Section::ScoreSheet => content.claims.iter().any(|claim| !claim.choices.is_empty()),
        Section::Statement => content.statement != Default::default(),
        Section::Check => false,
    }
}

/// A task of the list and the reason of its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskOf {
    /// The section.
    pub section: Section,
    /// How far it is.
    pub state: TaskState,
    /// For [`TaskState::CannotStart`]: what comes first.
    pub first: Vec<Section>,
    /// For [`TaskState::Attention`]: what is wrong; empty where the clerk asked for something.
    pub wrong: Option<FieldError>,
}

/// The applicant's list of tasks. `requested` are sections in which the clerk asked for something
/// that has not been changed since.
pub fn tasks(
    content: &Content,
    situation: &Situation<'_>,
    issues: &[Obstacle],
    requested: &[Section],
) -> Vec<TaskOf> {
    let mut out: Vec<TaskOf> = Vec::new();
    for section in sections(situation.rules) {
        let of = || issues.iter().filter(move |issue| issue.section == section);
        let open = |wanted: &[Section]| -> Vec<Section> {
            out.iter()
                .filter(|task| task.state != TaskState::Done)
                .map(|task| task.section)
                .filter(|section| wanted.is_empty() || wanted.contains(section))
                .collect()
        };
        let first = match section {
            // Which rows apply depends on the experience.
            Section::ScoreSheet => open(&[Section::Education, Section::Experience]),
            Section::Check => open(&[]),
            _ => Vec::new(),
        };
        let wrong = of().find(|issue| !issue.is_missing()).map(|issue| issue.error.clone());
        let state = if !first.is_empty() {
            TaskState::CannotStart
        } else if wrong.is_some() || requested.contains(&section) {
            TaskState::Attention
        } else if section == Section::Check {
            TaskState::NotStarted
        } else if of().next().is_none() {
            TaskState::Done
        } else if begun(section, content) {
            TaskState::InProgress
        } else {
            TaskState::NotStarted
        };
        out.push(TaskOf { section, state, first, wrong });
    }
    out
}
