//! Who is told of what, in the batch of the change.

use domain::{
    account::permission::Permission,
    application::{model::Application, rules::Step, timeline::Names},
    notice::{Arg, Event, Notice, StaffNotice, args},
    shared::{
        format::date_time,
        lang::{Lang, Text},
    },
};

use super::{Case, CaseNames, words};
use crate::{notice, ports::Ports, save::Change};

/// A text made alike in the three languages.
fn each(of: impl Fn(Lang) -> String) -> Text {
    Text { kk: of(Lang::Kk), ru: of(Lang::Ru), en: of(Lang::En) }
}

/// Adds the notices of what happened.
pub(super) fn tell(
    ports: &Ports<'_>,
    case: &Case,
    application: &Application,
    steps: &[Step],
    change: &mut Change,
) {
    for step in steps {
        if let Some((event, more)) = to_applicant(case, application, step) {
            person(ports, case, application, event, more, change);
        }
        if let Some(event) = to_staff(step) {
            staff(ports, case, application, event, change);
        }
    }
}

fn base(case: &Case, application: &Application) -> [(&'static str, Arg); 3] {
    [
        ("number", application.number.clone().unwrap_or_default().into()),
        ("vacancy", case.title().into()),
        ("organisation", case.row.organisation().name.into()),
    ]
}

fn person(
    ports: &Ports<'_>,
    case: &Case,
    application: &Application,
    event: Event,
    more: Vec<(&'static str, Arg)>,
    change: &mut Change,
) {
    let mut values = args(base(case, application));
    values.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
    let (object, key) = match event {
        Event::VacancyChanged => (("vacancy", application.vacancy.clone()), &application.followed),
        _ => (("application", application.id.clone()), &application.id),
    };
    let told = Notice {
        account: application.account.clone(),
        event,
        object,
        key: format!("{}:{key}:{}", application.id, application.version),
        args: keep_known(event, values),
    };
    notice::tell(ports, change, &told);
}

fn staff(
    ports: &Ports<'_>,
    case: &Case,
    application: &Application,
    event: Event,
    change: &mut Change,
) {
    let told = StaffNotice {
        path: case.row.path.clone(),
        permission: Permission::ApplicationProcess,
        event,
        object: ("application", application.id.clone()),
        key: format!("{}:{}", application.id, application.version),
        args: keep_known(event, args(base(case, application))),
    };
    notice::tell_staff(ports, change, &told);
}

/// Only what the texts of the event speak of: a notice is not a copy of the case.
fn keep_known(event: Event, mut values: domain::notice::Args) -> domain::notice::Args {
    if let Some(spec) = domain::notice::spec(event) {
        values.retain(|name, _| spec.variables.contains_key(name));
    }
    values
}

/// What the applicant is told of a step.
fn to_applicant(
    case: &Case,
    application: &Application,
    step: &Step,
) -> Option<(Event, Vec<(&'static str, Arg)>)> {
    let details = &step.details;
    let names = CaseNames(case);
    let step_words = || words(&format!("step.{}", step.action));
    Some(match step.action {
        "submit" | "resubmit" | "complete" => {
            (Event::ApplicationSubmitted, vec![("moment", application.submitted_at?.into())])
        }
        "request" => {
            let what = each(|lang| {
                let one = |item: &domain::application::model::RequestItem| {
                    format!("{}: {}", names.target(&item.target).get(lang), item.text)
                };
                details.items.iter().map(one).collect::<Vec<_>>().join("; ")
            });
            let due = details.due_at?.day();
            (Event::ApplicationRequested, vec![("due", due.into()), ("what", what.into())])
        }
        "admit" => (Event::ApplicationAdmitted, vec![]),
        "refuse" => {
            let reason = each(|lang| {
                let mut lines: Vec<String> = details
                    .grounds
                    .iter()
                    .map(|code| names.ground(code).get(lang).to_owned())
                    .collect();
                lines.push(details.text.clone());
                lines.join(". ")
            });
            let ground = case.edition.application.grounds.value.refusal.clone();
            (Event::ApplicationRefused, vec![("reason", reason.into()), ("ground", ground.into())])
        }
        "selected" | "reserve" | "not_selected" | "reserve_over" => {
            (Event::ApplicationDecided, vec![("decision", step_words().into())])
        }
        "register" | "completion_missed" | "kept" | "reconsider" | "overdue" => {
            (Event::ApplicationProgress, vec![("what", step_words().into())])
        }
        "vacancy_cancelled"
        | "vacancy_paused"
        | "vacancy_resumed"
        | "vacancy_extended"
        | "vacancy_ended_early" => {
            let change = each(|lang| {
                let words = step_words();
                match details.closes_at {
                    Some(end) if step.action != "vacancy_resumed" => {
                        format!("{} ({})", words.get(lang), date_time(lang, end))
                    }
                    _ => words.get(lang).to_owned(),
                }
            });
            (Event::VacancyChanged, vec![("change", change.into())])
        }
        _ => return None,
    })
}

/// What the organisation is told of a step.
fn to_staff(step: &Step) -> Option<Event> {
    Some(match step.action {
        "submit" | "resubmit" => Event::ApplicationReceived,
        "complete" => Event::ApplicationCompleted,
        "withdraw" => Event::ApplicationWithdrawn,
        "overdue" => Event::ApplicationOverdue,
        _ => return None,
    })
}
