//! The texts of messages: seen with samples in three languages, edited with versions. A text with
//! an unknown variable, or without the one that it is for, is refused when it is saved.

use std::collections::BTreeMap;

use domain::{
    journal::Entry,
    notice::{
        Args, Event, PARTS, Part, Spec, all,
        api::{
            Preview, TemplateInput, TemplateRow, TemplateVersion, TemplateView, TextRow,
            VariableRow,
        },
        check_text,
        letter::{Frame, html, text as plain},
        render::{Edited, part, template},
        sms,
    },
    shared::{
        lang::{Lang, Text},
        refusal::{Check, FieldError, Kind, Refusal},
        time::Timestamp,
    },
    sql,
};
use serde::Deserialize;
use serde_json::json;

use super::inbox::{EDITED, EditedRow, edited};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::read,
    route,
    routes::Route,
    save::{Change, Replay, once, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/messages/templates", May(MessageManage), Cabinet, list),
    route!(Get "/api/v1/cabinet/messages/templates/{event}", May(MessageManage), Cabinet, show),
    route!(Post "/api/v1/cabinet/messages/templates/{event}/preview", May(MessageManage), Cabinet, preview),
    route!(Put "/api/v1/cabinet/messages/templates/{event}/{part}", May(MessageManage), Cabinet, change),
    route!(Get "/api/v1/cabinet/messages/templates/{event}/{part}/versions", May(MessageManage), Cabinet, versions),
];

/// The longest text, characters.
const LONGEST: usize = 4000;

fn spec_of(cx: &Cx<'_>) -> Result<&'static Spec, Error> {
    let event = Event::parse(cx.param("event")).ok_or_else(Refusal::not_found)?;
    domain::notice::spec(event).ok_or_else(|| Refusal::not_found().into())
}

async fn edits(cx: &Cx<'_>) -> Result<Vec<EditedRow>, Error> {
    Ok(read(cx.ports.db, sql!(EDITED)).await?.all()?)
}

fn in_all(of: impl Fn(Lang) -> String) -> Text {
    Text { kk: of(Lang::Kk), ru: of(Lang::Ru), en: of(Lang::En) }
}

async fn list(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let rows = edits(cx).await?;
    let answer: Vec<TemplateRow> = all()
        .values()
        .map(|spec| {
            let texts = edited(&rows, spec.event.code());
            let samples = spec.samples();
            TemplateRow {
                event: spec.event.code().to_owned(),
                group: spec.group.clone(),
                to: spec.to,
                significant: spec.significant,
                title: in_all(|lang| part(spec, &texts, Part::Title, lang, &samples)),
                edited: texts.len() as i64,
            }
        })
        .collect();
    Ok(Response::json(&answer)?)
}

fn seen(cx: &Cx<'_>, spec: &Spec, texts: &Edited, samples: &Args, lang: Lang) -> Preview {
    let words = |which| part(spec, texts, which, lang, samples);
    let origin = cx.ports.config.origin.as_str();
    let link = match spec.link.as_str() {
        "" => String::new(),
        path => format!("{origin}{}", path.replace("{object}", "…")),
    };
    let stop =
        if spec.significant { String::new() } else { format!("{origin}/off/{}/…", spec.group) };
    let subject = words(Part::Subject);
    let frame = Frame { lang, subject: &subject, link: &link, stop: &stop, origin };
    let sms = words(Part::Sms);
    let latin = sms::latin(&sms);
    Preview {
        lang,
        title: words(Part::Title),
        body: words(Part::Body),
        sms_size: sms::size(&sms),
        sms,
        sms_latin_size: sms::size(&latin),
        sms_latin: latin,
        email: plain(&words(Part::Email), frame),
        email_html: html(template(spec, texts, Part::Email, lang), samples, frame),
        push: words(Part::Push),
        subject: subject.clone(),
    }
}

#[derive(Deserialize)]
struct Stored {
    part: Part,
    version: i64,
    changed_at: Timestamp,
    changed_by: String,
    kk: String,
    ru: String,
    en: String,
}

fn history(event: &str, which: &str, limit: u32) -> domain::shared::statement::Statement {
    sql!(
        "SELECT t.part, t.version, t.changed_at, t.kk, t.ru, t.en,
           coalesce((SELECT trim(p.surname || ' ' || p.name) FROM account a JOIN person p ON p.id = a.person WHERE a.id = t.changed_by), '') AS changed_by
         FROM message_template t WHERE t.event = ?1 AND (?2 = '' OR t.part = ?2) ORDER BY t.version DESC LIMIT ?3",
        event,
        which,
        limit
    )
}

async fn show(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let spec = spec_of(cx)?;
    let code = spec.event.code();
    let stored: Vec<Stored> = read(cx.ports.db, history(code, "", 200)).await?.all()?;
    let texts = edited(&edits(cx).await?, code);
    let samples = spec.samples();
    let answer = TemplateView {
        event: code.to_owned(),
        variables: samples
            .iter()
            .filter_map(|(name, value)| {
                let kind = spec.variables.get(name)?.kind;
                Some(VariableRow {
                    name: name.clone(),
                    kind,
                    sample: in_all(|lang| value.show(lang)),
                })
            })
            .collect(),
        texts: PARTS
            .iter()
            .map(|which| {
                let last = stored.iter().find(|row| row.part == *which);
                TextRow {
                    part: *which,
                    text: in_all(|lang| template(spec, &texts, *which, lang).to_owned()),
                    shipped: spec.texts.get(which).cloned().unwrap_or_default(),
                    version: last.map_or(0, |row| row.version),
                    changed_at: last.map(|row| row.changed_at),
                    changed_by: last.map(|row| row.changed_by.clone()),
                }
            })
            .collect(),
        preview: Lang::ALL.into_iter().map(|lang| seen(cx, spec, &texts, &samples, lang)).collect(),
    };
    Ok(Response::json(&answer)?)
}

/// Everything that is wrong with texts, by part and language.
fn check(spec: &Spec, texts: &BTreeMap<Part, Text>) -> Result<(), Refusal> {
    let mut check = Check::default();
    for (which, text) in texts {
        for (lang, own) in [("kk", &text.kk), ("ru", &text.ru), ("en", &text.en)] {
            let field = format!("texts.{}.{lang}", which.code());
            if own.chars().count() > LONGEST {
                check.wrong_with(field, "too_long", "max", LONGEST);
            } else if let Err((code, word)) = check_text(spec, *which, own) {
                check.0.push(FieldError { field: field.into(), code, args: vec![("word", word)] });
            }
        }
    }
    check.done()
}

async fn preview(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let spec = spec_of(cx)?;
    let input: TemplateInput = request.json()?;
    check(spec, &input.texts)?;
    let mut texts = edited(&edits(cx).await?, spec.event.code());
    texts.extend(input.texts);
    let samples = spec.samples();
    let answer: Vec<Preview> =
        Lang::ALL.into_iter().map(|lang| seen(cx, spec, &texts, &samples, lang)).collect();
    Ok(Response::json(&answer)?)
}

/// Saves a text. An empty text in all languages goes back to the shipped one.
async fn change(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let spec = spec_of(cx)?;
    let which = Part::parse(cx.param("part")).ok_or_else(Refusal::not_found)?;
    let version: i64 = request
        .header("if-match")
        .and_then(|tag| tag.trim().trim_matches('"').parse().ok())
        .ok_or_else(|| Refusal::new(Kind::Precondition, "version_missing"))?;
    let mut input: TemplateInput = request.json()?;
    let text = input.texts.remove(&which).unwrap_or_default();
    if !text.is_empty() {
        check(spec, &BTreeMap::from([(which, text.clone())]))?;
    }
    let code = spec.event.code();
    let change = Change {
        statements: vec![
            domain::shared::statement::guard(
                "version",
                "SELECT coalesce(max(version), 0) = ?3 FROM message_template WHERE event = ?1 AND part = ?2",
                vec![code.into(), which.code().into(), version.into()],
            ),
            sql!(
                "INSERT INTO message_template (event, part, version, kk, ru, en, changed_by, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                code,
                which.code(),
                version + 1,
                &text.kk,
                &text.ru,
                &text.en,
                &cx.actor()?.account,
                cx.ports.now
            ),
        ],
        journal: vec![
            Entry::new("message.template", "message_template", format!("{code}/{}", which.code()))
                .after(json!({ "version": version + 1, "text": text })),
        ],
        events: vec![],
    };
    let row = TemplateVersion {
        version: version + 1,
        text,
        changed_at: cx.ports.now,
        changed_by: cx.actor()?.name.clone(),
    };
    save(cx, Some(once), change, Response::json(&row)?).await
}

async fn versions(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let spec = spec_of(cx)?;
    let which = Part::parse(cx.param("part")).ok_or_else(Refusal::not_found)?;
    let rows: Vec<Stored> =
        read(cx.ports.db, history(spec.event.code(), which.code(), 100)).await?.all()?;
    let answer: Vec<TemplateVersion> = rows
        .into_iter()
        .map(|row| TemplateVersion {
            version: row.version,
            text: Text { kk: row.kk, ru: row.ru, en: row.en },
            changed_at: row.changed_at,
            changed_by: row.changed_by,
        })
        .collect();
    Ok(Response::json(&answer)?)
}
