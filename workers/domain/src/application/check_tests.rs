use std::collections::BTreeMap;

use super::{Situation, issues, wanted};
use crate::{
    application::{
        api::FileRef,
        model::{Choice, Claim, Content, DocumentPart, Record, Section, StatementPart, TaskState},
        score::total,
        tasks::tasks,
    },
    rule::{Edition, editions},
};

fn edition(procedure: &str) -> &'static Edition {
    editions().iter().find(|edition| edition.procedure == procedure).unwrap()
}

fn files() -> BTreeMap<String, FileRef> {
    let file = FileRef {
        id: "f".into(),
        name: "f.pdf".into(),
        kind: "pdf".into(),
        size: 1,
        state: "clean".into(),
    };
    BTreeMap::from([("f".to_owned(), file)])
}

/// Which documents are obligatory, by edition and experience.
#[test]
fn obligatory_documents_are_those_of_the_edition() {
    let teacher = "identity education health_075 psychoneurological narcological criminal_record";
    let head = "identity education head_experience health_075 psychoneurological narcological criminal_record work_reference head_test_result development_plan essay";
    let teacher_new = format!("{teacher} video_presentation");
    let worker = "identity health_075 criminal_record medical_book";
    let official = "identity education health_075 criminal_record";
    for (procedure, new, by_position, expected) in [
        ("teachers-competition", false, "", teacher),
        ("teachers-competition", true, "", teacher_new.as_str()),
        ("heads-competition", false, "", head),
        ("civil-servant-competition", true, "", official),
        ("workers-hiring", true, "medical_book", worker),
    ] {
        let edition = edition(procedure);
        let by_position: Vec<String> = by_position.split_whitespace().map(Into::into).collect();
        let files = files();
        let situation = Situation {
            rules: &edition.application,
            asked: &edition.publishing.documents.value,
            by_position: &by_position,
            files: &files,
        };
        let mut content = Content { no_experience: new, ..Content::default() };
        if !new {
            content.records.push(Record {
                id: "e".into(),
                kind: "experience".into(),
                ..Record::default()
            });
        }
        let mut obligatory: Vec<&str> = wanted(&content, &situation)
            .iter()
            .filter(|document| document.required && !document.made_here())
            .map(|document| document.code)
            .collect();
        let mut expected: Vec<&str> = expected.split_whitespace().collect();
        obligatory.sort_unstable();
        expected.sort_unstable();
        assert_eq!(obligatory, expected, "{procedure}, new: {new}");
    }
}

/// An empty application names every section of its edition that needs something, and a full one
/// nothing; the tasks say the same.
#[test]
fn the_list_of_tasks_follows_the_content() {
    for edition in editions() {
        let files = files();
        let situation = Situation {
            rules: &edition.application,
            asked: &edition.publishing.documents.value,
            by_position: &[],
            files: &files,
        };
        let states = |content: &Content| -> Vec<(Section, TaskState)> {
            let wrong = issues(content, &situation);
            let tasks = tasks(content, &situation, &wrong, &[]);
            tasks.into_iter().map(|task| (task.section, task.state)).collect()
        };
        for (section, state) in states(&Content::default()) {
            let waits = matches!(section, Section::Check | Section::ScoreSheet);
            let expected = if waits { TaskState::CannotStart } else { TaskState::NotStarted };
            assert_eq!(state, expected, "{} {section:?}", edition.name());
        }
        let record = |kind: &str| Record {
            id: kind.into(),
            kind: kind.into(),
            files: vec!["f".into()],
            ..Record::default()
        };
        let mut content = Content {
            records: vec![record("education"), record("experience")],
            statement: StatementPart {
                has_relatives: Some(false),
                truthful: true,
                consent: true,
                ..StatementPart::default()
            },
            seen: vec![Section::ScoreSheet],
            ..Content::default()
        };
        content.person.name = "Мадина".into();
        content.person.citizenship = "KZ".into();
        content.person.iin = "840317400084".into();
        content.contacts.phone = "+77010000001".into();
        content.contacts.address = "Абай, 1".into();
        for document in wanted(&content, &situation) {
            if document.required && !document.made_here() {
                let part = DocumentPart {
                    code: document.code.into(),
                    files: vec!["f".into()],
                    ..DocumentPart::default()
                };
                content.documents.push(part);
            }
        }
        assert_eq!(issues(&content, &situation), [], "{}", edition.name());
        for (section, state) in states(&content) {
            let expected =
                if section == Section::Check { TaskState::NotStarted } else { TaskState::Done };
            assert_eq!(state, expected, "{} {section:?}", edition.name());
        }
        // Half of it is half of it.
        content.documents.pop();
        let documents = states(&content).into_iter().find(|(s, _)| *s == Section::Documents);
        assert_eq!(documents.map(|(_, state)| state), Some(TaskState::InProgress));
    }
}

/// Points of the evaluation sheet: one option, sums with counts and a cap, halves, below zero.
#[test]
fn points_are_counted_as_the_edition_says() {
    let rules = &edition("teachers-competition").application;
    let claim = |row: &str, options: &[(&str, u32)]| Claim {
        row: row.into(),
        choices: options
            .iter()
            .map(|(option, count)| Choice { option: (*option).into(), count: *count })
            .collect(),
        ..Claim::default()
    };
    for (new, claims, points) in [
        (false, vec![claim("category", &[("master", 1)])], 10.0),
        (false, vec![claim("category", &[("master", 9)])], 10.0),
        (false, vec![claim("education", &[("higher_distance", 1)])], -2.0),
        (false, vec![claim("achievements", &[("olympiad", 3), ("own_prize", 2)])], 7.5),
        (false, vec![claim("achievements", &[("olympiad", 4_000_000_000)])], 10.0),
        (true, vec![claim("test", &[("point", 10)])], 10.0),
        // A row for people without experience gives nothing to others, and the other way round.
        (false, vec![claim("test", &[("point", 10)])], 0.0),
        (true, vec![claim("experience", &[("from_10", 1)])], 0.0),
        // Nobody claims what the organisation obtains itself.
        (false, vec![claim("recommendation", &[("positive", 1)])], 0.0),
        (false, vec![claim("courses", &[("subject", 1), ("nothing", 1)])], 0.5),
    ] {
        let records = if new {
            vec![]
        } else {
            vec![Record { id: "e".into(), kind: "experience".into(), ..Record::default() }]
        };
        let content = Content { records, claims: claims.clone(), ..Content::default() };
        assert_eq!(total(&content, rules).value(), points, "{claims:?}");
    }
}
