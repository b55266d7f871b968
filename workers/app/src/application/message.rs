//! A message of the organisation to many applicants of one competition: looked at first, sent
//! through the notices, kept with its recipients.

use domain::{
    account::permission::Permission,
    application::{
        api::{MessageAnswer, MessageCreate, MessageSample, MessageTemplate},
        model::State,
        rules::{Details, Party, Step},
        sql::{self as application_sql, Row, list::by_ids},
    },
    journal::Entry,
    notice::{Event, Notice, args},
    shared::{
        id::is_ulid,
        lang::{Lang, Text},
        locale::{APPLICATION, fill},
        refusal::{Check, Refusal},
    },
    sql,
};
use serde::Deserialize;
use serde_json::json;

use super::words;
use crate::{
    cx::Cx,
    error::Error,
    facts,
    http::{Request, Response},
    notice,
    save::{Change, Replay, once, save},
};

/// Recipients of one message at most: what fits well into one batch.
const RECIPIENTS: usize = 200;
/// Messages that are shown before the sending.
const SAMPLES: usize = 5;
/// Placeholders of the texts.
const PLACEHOLDERS: [&str; 4] = ["name", "number", "vacancy", "organisation"];
/// Codes of the texts to start from (`template.<code>.…` in `application.json`).
const TEMPLATES: [&str; 4] = ["interview", "originals", "postponed", "thanks"];

/// What the texts to start from have where a day or a place is to be written.
const BLANK: &str = "____";

/// Longest subject and body, characters.
const SUBJECT: usize = 150;
const BODY: usize = 3000;

pub(super) async fn templates(_: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let templates: Vec<MessageTemplate> = TEMPLATES
        .iter()
        .map(|code| MessageTemplate {
            code: (*code).to_owned(),
            name: words(&format!("template.{code}.name")),
            subject: words(&format!("template.{code}.subject")),
            body: words(&format!("template.{code}.body")),
        })
        .collect();
    Ok(Response::json(&templates)?)
}

#[derive(Deserialize)]
struct Recipient {
    #[serde(flatten)]
    row: Row,
    name: String,
    lang: String,
}

/// Names between braces that nothing fills.
fn strangers(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else { return true };
        if !PLACEHOLDERS.contains(&name) {
            return true;
        }
        rest = tail;
    }
    false
}

fn check(input: &MessageCreate) -> Result<(), Refusal> {
    let mut check = Check::default();
    for (name, text, max) in [("subject", &input.subject, SUBJECT), ("body", &input.body, BODY)] {
        for (lang, code, value) in
            [("kk", "required_kk", &text.kk), ("ru", "required_ru", &text.ru), ("en", "", &text.en)]
        {
            let field = format!("{name}.{lang}");
            if value.trim().is_empty() {
                if !code.is_empty() {
                    check.wrong(field, code);
                }
            } else if value.chars().count() > max {
                check.wrong_with(field, "too_long", "max", max);
            } else if strangers(value) {
                check.wrong(field, "placeholder");
            } else if value.contains(BLANK) {
                check.wrong(field, "blank_left");
            }
        }
    }
    if input.applications.is_empty() {
        check.wrong("applications", "required");
    } else if input.applications.len() > RECIPIENTS {
        check.wrong_with("applications", "too_many", "max", RECIPIENTS);
    } else if !input.applications.iter().all(|id| is_ulid(id)) {
        check.wrong("applications", "unknown");
    }
    check.done()
}

pub(super) async fn send(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let input: MessageCreate = request.json()?;
    check(&input)?;
    let mut ids = input.applications.clone();
    ids.sort();
    ids.dedup();
    let (book, _, rows) = facts::load(cx.ports, vec![by_ids(&ids)]).await?;
    let found: Vec<Recipient> =
        rows.first().map(|rows| rows.all()).transpose()?.unwrap_or_default();
    let actor = cx.actor()?;
    // One that is missing or out of reach spoils the list: it was not made from ours.
    let reach = |one: &Recipient| {
        one.row.application.sent > 0 && actor.may(Permission::ApplicationProcess, &one.row.path)
    };
    if found.len() != ids.len() || !found.iter().all(reach) {
        return Err(Refusal::not_found().into());
    }
    let organisation = found.first().map(|one| one.row.application.organisation.clone());
    let organisation = organisation.ok_or_else(Refusal::not_found)?;
    if found.iter().any(|one| one.row.application.organisation != organisation) {
        let mut check = Check::default();
        check.wrong("applications", "one_organisation");
        check.done()?;
    }
    let mut answer = MessageAnswer { recipients: 0, skipped: Vec::new(), samples: Vec::new() };
    let mut change = Change::default();
    let mut told = Vec::new();
    for one in &found {
        let application = &one.row.application;
        let skip = match application.state {
            _ if application.person == actor.person => Some("message.own"),
            State::Withdrawn | State::Cancelled => Some("message.over"),
            _ => None,
        };
        if let Some(why) = skip {
            answer.skipped.push((one.name.clone(), APPLICATION.get(cx.lang, why).to_owned()));
            continue;
        }
        answer.recipients += 1;
        let vacancy = book.title(&one.row.announcement);
        let filled = |text: &Text| -> Text {
            let of = |lang: Lang| {
                let number = application.number.clone().unwrap_or_default();
                let organisation = one.row.organisation().name;
                let values = [
                    ("name", one.name.as_str()),
                    ("number", number.as_str()),
                    ("vacancy", vacancy.get(lang)),
                    ("organisation", organisation.get(lang)),
                ];
                fill(text.get(lang), &values)
            };
            Text { kk: of(Lang::Kk), ru: of(Lang::Ru), en: of(Lang::En) }
        };
        let (subject, body) = (filled(&input.subject), filled(&input.body));
        let lang = Lang::parse(&one.lang).unwrap_or_default();
        if answer.samples.len() < SAMPLES {
            answer.samples.push(MessageSample {
                application: application.id.clone(),
                name: one.name.clone(),
                lang: lang.code().to_owned(),
                subject: subject.get(lang).to_owned(),
                body: body.get(lang).to_owned(),
            });
        }
        if input.preview {
            continue;
        }
        let message = Notice {
            account: application.account.clone(),
            event: Event::ApplicationMessage,
            object: ("application", application.id.clone()),
            key: format!("{}:{}", application.id, cx.request_id),
            args: args([
                ("number", application.number.clone().unwrap_or_default().into()),
                ("vacancy", vacancy.clone().into()),
                ("organisation", one.row.organisation().name.into()),
                ("subject", subject.clone().into()),
                ("text", body.into()),
            ]),
        };
        notice::tell(cx.ports, &mut change, &message);
        let step = Step {
            action: "message",
            party: Party::Organisation,
            state: application.state,
            details: Details { text: subject.get(lang).to_owned(), ..Details::default() },
        };
        change.statements.push(application_sql::step(
            &application.id,
            &step,
            &actor.account,
            cx.ports.now,
        ));
        told.push(application.id.clone());
    }
    let response = Response::json(&answer)?;
    if input.preview {
        return Ok(response);
    }
    let id = cx.ports.new_id();
    change.statements.push(sql!(
        "INSERT INTO application_message (id, organisation, account, at, subject, body, recipients)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &id,
        &organisation,
        &actor.account,
        cx.ports.now,
        json!(input.subject).to_string(),
        json!(input.body).to_string(),
        json!(told).to_string()
    ));
    change.journal.push(
        Entry::new("application.message", "application_message", &id)
            .of(&organisation)
            .after(json!({ "recipients": told.len() })),
    );
    save(cx, Some(once), change, response).await
}
