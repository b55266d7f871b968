//! What an attempt is worth: points by section and in total, the highest category reached, and what
//! a changed key or a voided task does to it.

use serde::{Deserialize, Serialize};

use super::rules::Group;
use crate::{
    bank::{
        answer::{Answer, share},
        key::{Answers, WHOLE},
    },
    shared::lang::Lang,
};

/// What a commission decided about a task that should not have been asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voided {
    /// Everybody who had it gets its points.
    Credit,
    /// It is taken out: it is not counted for anybody.
    Drop,
}

/// A task as it is scored.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// Number of its section, from 0.
    pub section: u16,
    /// Its key, in the version that is in force.
    pub key: &'a Answers,
    /// Whether it counts; tasks that are being tried out do not.
    pub scored: bool,
    /// What a commission decided.
    pub voided: Option<Voided>,
    /// The answer in the identifiers of the bank.
    pub answer: Option<&'a Answer>,
}

/// What one task brought. Points are millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Points.
    pub points: i64,
    /// Points that could be had; 0 for what does not count.
    pub most: i64,
    /// Whether it was answered at all.
    pub answered: bool,
}

/// What a section brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// Tasks that count.
    pub tasks: u32,
    /// Of them wholly right.
    pub right: u32,
    /// Points, millionths.
    pub points: i64,
    /// Points that could be had, millionths.
    pub most: i64,
}

impl Sum {
    fn add(&mut self, line: Line) {
        if line.most > 0 {
            self.tasks += 1;
            self.right += u32::from(line.points == line.most);
            self.points += line.points;
            self.most += line.most;
        }
    }

    /// Percent, hundredths, rounded down: for reading. Categories are decided on the points.
    pub fn percent(&self) -> i64 {
        if self.most > 0 { self.points * 10_000 / self.most } else { 0 }
    }
}

/// The whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Task by task.
    pub lines: Vec<Line>,
    /// Section by section.
    pub sections: Vec<Sum>,
    /// In total.
    pub total: Sum,
    /// The highest category reached.
    pub reached: Option<String>,
    /// Whether the claimed category was reached.
    pub passed: Option<bool>,
}

impl Report {
    /// The same attempt with another line for one task: every other line stays as it was scored, so
    /// that decisions add up in whatever order they are made. `sections` says for each line where
    /// it belongs.
    #[must_use]
    pub fn with_line(
        &self,
        at: usize,
        line: Line,
        sections: &[u16],
        group: &Group,
        claimed: Option<&str>,
    ) -> Report {
        let mut lines = self.lines.clone();
        if let Some(place) = lines.get_mut(at) {
            *place = line;
        }
        let mut sums = vec![Sum::default(); self.sections.len()];
        let mut total = Sum::default();
        for (line, section) in lines.iter().zip(sections) {
            if let Some(sum) = sums.get_mut(usize::from(*section)) {
                sum.add(*line);
            }
            total.add(*line);
        }
        let reached = group.reached(total.points, total.most);
        let mark = claimed.and_then(|category| group.threshold(category));
        Report {
            lines,
            sections: sums,
            total,
            reached: reached.map(|threshold| threshold.category.clone()),
            passed: mark.map(|threshold| threshold.reached(total.points, total.most)),
        }
    }
}

/// Scores one task.
pub fn line(task: &Task, lang: Lang) -> Line {
    let most = i64::from(WHOLE) * i64::from(task.key.scoring.points);
    let answered = task.answer.is_some();
    match (task.scored, task.voided) {
        (false, _) | (_, Some(Voided::Drop)) => Line { points: 0, most: 0, answered },
        (_, Some(Voided::Credit)) => Line { points: most, most, answered },
        _ => {
            let earned = task.answer.map_or(0, |answer| share(task.key, lang, answer));
            Line { points: i64::from(earned) * i64::from(task.key.scoring.points), most, answered }
        }
    }
}

/// Scores an attempt. `claimed` is the category that the person applies for.
pub fn report(tasks: &[Task], lang: Lang, group: &Group, claimed: Option<&str>) -> Report {
    let sections = tasks.iter().map(|task| usize::from(task.section) + 1).max().unwrap_or(0);
    let mut report = Report {
        lines: tasks.iter().map(|task| line(task, lang)).collect(),
        sections: vec![Sum::default(); sections],
        total: Sum::default(),
        reached: None,
        passed: None,
    };
    for (task, line) in tasks.iter().zip(&report.lines) {
        report.sections[usize::from(task.section)].add(*line);
        report.total.add(*line);
    }
    let Sum { points, most, .. } = report.total;
    report.reached = group.reached(points, most).map(|threshold| threshold.category.clone());
    let mark = claimed.and_then(|category| group.threshold(category));
    report.passed = mark.map(|threshold| threshold.reached(points, most));
    report
}

/// A row of the list that a new key makes: before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rescored {
    /// The attempt.
    pub attempt: String,
    /// Points before, millionths.
    pub before: i64,
    /// Points after.
    pub after: i64,
    /// Category before.
    pub reached_before: Option<String>,
    /// Category after.
    pub reached_after: Option<String>,
}

impl Rescored {
    /// Compares two reports.
    pub fn of(attempt: &str, before: &Report, after: &Report) -> Rescored {
        Rescored {
            attempt: attempt.to_owned(),
            before: before.total.points,
            after: after.total.points,
            reached_before: before.reached.clone(),
            reached_after: after.reached.clone(),
        }
    }

    /// Whether anything is different for the person.
    pub fn changed(&self) -> bool {
        self.before != self.after || self.reached_before != self.reached_after
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bank::key::{Key, Rule, Scoring},
        exam::rules::editions,
    };

    fn key(right: &str, points: u32) -> Answers {
        Answers {
            key: Key::Options { right: right.split_whitespace().map(str::to_owned).collect() },
            scoring: Scoring { points, rule: Rule::Part, table: Vec::new() },
        }
    }

    fn chosen(list: &str) -> Answer {
        Answer::Options(list.split_whitespace().map(str::to_owned).collect())
    }

    fn group() -> &'static Group {
        editions()[0].group("secondary").unwrap()
    }

    #[test]
    fn fifty_tasks_become_sections_a_total_and_a_category() {
        let (one, two) = (key("a", 1), key("a b", 2));
        let (right, half, wrong) = (chosen("a"), chosen("a"), chosen("z"));
        let mut tasks = Vec::new();
        for n in 0..40 {
            let answer = if n < 30 { Some(&right) } else { Some(&wrong) };
            tasks.push(Task { section: 0, key: &one, scored: true, voided: None, answer });
        }
        for n in 0..5 {
            let answer = (n < 4).then_some(&half);
            tasks.push(Task { section: 1, key: &two, scored: true, voided: None, answer });
        }
        // A task on trial counts for nothing, whatever was answered.
        tasks.push(Task { section: 1, key: &one, scored: false, voided: None, answer: None });
        let report = report(&tasks, Lang::Kk, group(), Some("researcher"));
        let millions = |sum: Sum| (sum.points / 1_000_000, sum.most / 1_000_000);
        assert_eq!(millions(report.sections[0]), (30, 40));
        assert_eq!(millions(report.sections[1]), (4, 10));
        assert_eq!((millions(report.total), report.total.tasks), ((34, 50), 45));
        assert_eq!((report.total.right, report.total.percent()), (30, 6800));
        assert_eq!(report.reached.as_deref(), Some("moderator"));
        assert_eq!(report.passed, Some(false));
        assert!(!report.lines[44].answered);
    }

    #[test]
    fn a_changed_key_a_credit_and_a_dropped_task_tell_before_and_after() {
        let (a, b) = (key("a", 1), key("b", 1));
        let answer = chosen("b");
        let of = |key, voided| {
            let mut tasks: Vec<_> = (0..50)
                .map(|n| Task {
                    section: 0,
                    key: &b,
                    scored: true,
                    voided: None,
                    answer: (n < 34).then_some(&answer),
                })
                .collect();
            tasks.push(Task { section: 0, key, scored: true, voided, answer: Some(&answer) });
            tasks.remove(49);
            report(&tasks, Lang::Ru, group(), None)
        };
        let before = of(&a, None);
        assert_eq!(before.reached.as_deref(), Some("moderator"));
        for (after, points, reached) in [
            (of(&b, None), 35, "expert"),
            (of(&a, Some(Voided::Credit)), 35, "expert"),
            (of(&a, Some(Voided::Drop)), 34, "moderator"),
        ] {
            let row = Rescored::of("attempt", &before, &after);
            assert_eq!((row.before, row.after), (34_000_000, points * 1_000_000));
            assert_eq!(row.reached_after.as_deref(), Some(reached));
            assert_eq!(row.changed(), points != 34);
        }
        // 34 of 49 is 69.4 %: dropping raised the percentage, but not to the next mark.
        assert_eq!(of(&a, Some(Voided::Drop)).total.percent(), 6938);
    }

    #[test]
    fn one_other_line_is_as_if_all_were_scored_anew() {
        let (a, b) = (key("a", 1), key("b", 2));
        let answer = chosen("a");
        let of = |last| {
            let tasks: Vec<_> = (0..6)
                .map(|n| Task {
                    section: n / 3,
                    key: if n == 5 { last } else { &a },
                    scored: true,
                    voided: None,
                    answer: (n != 1).then_some(&answer),
                })
                .collect();
            report(&tasks, Lang::Kk, group(), Some("expert"))
        };
        let (before, after) = (of(&b), of(&a));
        let sections = [0, 0, 0, 1, 1, 1];
        let changed = before.with_line(5, after.lines[5], &sections, group(), Some("expert"));
        assert_eq!(changed, after);
        assert_ne!(before, after);
    }

    #[test]
    fn nothing_to_score_is_no_pass() {
        let empty = report(&[], Lang::Kk, group(), Some("pedagogue"));
        assert_eq!((empty.passed, empty.reached), (Some(false), None));
    }
}
