//! What was sent, word for word: the content, the vacancy, the files with their digests. It is
//! kept for ever as it is, so everything that it speaks of is named in it.

use domain::{
    application::{
        api::{SentRef, VacancyRef},
        model::{Application, Content},
        sql as application_sql,
    },
    consent::{
        sql::give_along,
        text::{self, Wording, current},
    },
    shared::{
        lang::{Lang, Text},
        statement::Statement,
        time::Timestamp,
    },
};
use serde::{Deserialize, Serialize};

use super::{
    Case,
    show::{act, form, vacancy_ref},
};
use crate::{cabinet::my::consents::until, error::Fault, ports::Ports, secret::digest};

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
    place: &'a Text,
    documents: Vec<Named>,
    rows: Vec<Named>,
    files: Vec<Sent<'a>>,
    consent: Option<Consented>,
}

/// To which text the person agreed by sending.
#[derive(Serialize, Deserialize)]
pub(super) struct Consented {
    purpose: String,
    version: String,
    /// SHA-256 of the text as it was shown.
    pub digest: String,
    lang: Lang,
}

impl Consented {
    /// The title of the text with its version.
    pub fn title(&self, lang: Lang) -> String {
        let of =
            |one: &&Wording| one.text.purpose == self.purpose && one.text.version == self.version;
        let title = text::all().iter().find(of).map(|one| one.text.title.get(lang));
        format!("{} ({})", title.unwrap_or(self.purpose.as_str()), self.version)
    }
}

/// The consent that an application gives along with itself.
const PURPOSE: &str = "competition";

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

/// What is kept of what is sent now.
pub(super) struct Kept {
    /// The rows.
    pub statements: Vec<Statement>,
    /// How it is listed from now on.
    pub sent: SentRef,
}

/// Makes what is kept of what is sent now.
pub(super) fn keep(
    ports: &Ports<'_>,
    lang: Lang,
    case: &Case,
    application: &Application,
) -> Result<Kept, Fault> {
    let wording = current(PURPOSE).filter(|_| application.content.statement.consent);
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
        place: &case.place,
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
        consent: wording.map(|wording| Consented {
            purpose: wording.text.purpose.clone(),
            version: wording.text.version.clone(),
            digest: wording.digest(lang),
            lang,
        }),
    };
    let text =
        serde_json::to_string(&snapshot).map_err(|e| Fault::new(format!("snapshot: {e}")))?;
    let sheet = !case.edition.application.score_sheet.is_empty();
    let hash = digest(&text);
    let mut out = vec![
        application_sql::insert_sent(&application.id, application.sent, ports.now, &text, &hash),
        application_sql::note_sent(application, sheet.then_some(snapshot.points)),
    ];
    if let Some(wording) = wording {
        out.extend(give_along(
            &ports.new_id(),
            &application.person,
            wording,
            &wording.digest(lang),
            lang.code(),
            "sign_in",
            until(wording, ports.now)?,
            ports.now,
        ));
    }
    let sent = SentRef { n: application.sent, at: ports.now, hash };
    Ok(Kept { statements: out, sent })
}
