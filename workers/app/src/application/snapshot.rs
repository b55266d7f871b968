//! What was sent, word for word: the content, the vacancy, the files with their digests. It is
//! kept for ever as it is, so everything that it speaks of is named in it.

use domain::{
    application::{
        api::VacancyRef,
        model::{Application, Content},
        sql as application_sql,
    },
    shared::{lang::Text, statement::Statement, time::Timestamp},
};
use serde::Serialize;

use super::{
    Case,
    show::{act, form, vacancy_ref},
};
use crate::{error::Fault, ports::Ports, secret::digest};

#[derive(Serialize)]
struct Snapshot<'a> {
    /// Version of this format.
    format: u32,
    number: &'a str,
    n: u32,
    at: Timestamp,
    vacancy: VacancyRef,
    rules: String,
    act: Text,
    points: f64,
    content: &'a Content,
    documents: Vec<Named>,
    rows: Vec<Named>,
    files: Vec<Sent<'a>>,
}

#[derive(Serialize)]
struct Named {
    code: String,
    name: Text,
}

#[derive(Serialize)]
struct Sent<'a> {
    id: &'a str,
    name: &'a str,
    kind: &'a str,
    size: i64,
    sha256: &'a str,
}

/// The rows that keep what is sent now.
pub(super) fn keep(
    ports: &Ports<'_>,
    case: &Case,
    application: &Application,
) -> Result<Vec<Statement>, Fault> {
    let content = &application.content;
    let form = form(case, content);
    let named = |code: String, name: Text| Named { code, name };
    let ids = content.file_ids();
    let snapshot = Snapshot {
        format: 1,
        number: application.number.as_deref().unwrap_or_default(),
        n: application.sent,
        at: ports.now,
        vacancy: vacancy_ref(&case.row, &case.book, ports),
        rules: case.edition.name(),
        act: act(case.edition),
        points: form.points,
        content,
        documents: form.documents.into_iter().map(|d| named(d.code, d.name)).collect(),
        rows: form.rows.into_iter().map(|row| named(row.code, row.title)).collect(),
        files: case
            .files
            .iter()
            .filter(|row| ids.contains(&row.file.id))
            .map(|row| Sent {
                id: &row.file.id,
                name: &row.file.name,
                kind: &row.file.kind,
                size: row.file.size,
                sha256: &row.sha256,
            })
            .collect(),
    };
    let text =
        serde_json::to_string(&snapshot).map_err(|e| Fault::new(format!("snapshot: {e}")))?;
    let sheet = !case.edition.application.score_sheet.is_empty();
    Ok(vec![
        application_sql::insert_sent(
            &application.id,
            application.sent,
            ports.now,
            &text,
            &digest(&text),
        ),
        application_sql::note_sent(application, sheet.then_some(snapshot.points)),
    ])
}
