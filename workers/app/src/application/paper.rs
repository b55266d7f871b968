//! What was sent, as a PDF: word for word from the snapshot, with the digests that prove it.

use chrono::{Datelike, NaiveDate, Timelike};
use domain::{
    application::{
        model::{Content, Record},
        score::{points, without_experience},
        sql as application_sql,
    },
    rule::{Edition, application::How, edition},
    shared::{
        format::{date, date_time},
        id::is_ulid,
        lang::{Lang, Text},
        locale::{APPLICATION, PROFILE},
        refusal::Refusal,
        time::Timestamp,
    },
};
use papers::{Block, Item, Paper, render};
use serde::Deserialize;

use super::snapshot::Consented;
use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::Response,
    ports::read,
};

/// A snapshot, read back.
#[derive(Deserialize)]
struct Sent {
    number: String,
    n: u32,
    at: Timestamp,
    vacancy: Place,
    rules: String,
    act: Text,
    points: f64,
    content: Content,
    /// What was sent before places were named has only the code.
    #[serde(default)]
    place: Text,
    documents: Vec<Named>,
    rows: Vec<Named>,
    files: Vec<File>,
    #[serde(default)]
    consent: Option<Consented>,
}

#[derive(Deserialize)]
struct Place {
    number: i64,
    title: Text,
    organisation: Organisation,
    closes_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Organisation {
    name: Text,
}

#[derive(Deserialize)]
struct Named {
    code: String,
    name: Text,
}

#[derive(Deserialize)]
struct File {
    id: String,
    name: String,
    kind: String,
    size: i64,
    sha256: String,
}

#[derive(Deserialize)]
struct Stored {
    hash: String,
    snapshot: String,
}

/// The PDF of a version; none named = the last one.
pub(super) async fn pdf(cx: &Cx<'_>, id: &str, n: Option<&str>) -> Result<Response, Error> {
    if !is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    let n = match n {
        Some(n) => Some(n.parse::<u32>().map_err(|_| Refusal::not_found())?),
        None => None,
    };
    let statement = match n {
        Some(n) => application_sql::snapshot(id, n),
        None => application_sql::last_snapshot(id),
    };
    let found: Option<Stored> = read(cx.ports.db, statement).await?.first()?;
    let found = found.ok_or_else(Refusal::not_found)?;
    let mut sent: Sent = serde_json::from_str(&found.snapshot)
        .map_err(|e| Fault::new(format!("a snapshot of another form: {e}")))?;
    if sent.place == Text::default() {
        sent.place = super::place_of(cx.ports, &sent.content.contacts.kato).await?;
    }
    let name = format!("attachment; filename=\"{}\"", file_name(&sent));
    let body = render(&paper(&sent, &found.hash, cx.lang));
    Ok(Response::new(200, "application/pdf", body).header("content-disposition", name))
}

/// A name for every system: the number has Kazakh or Russian letters.
fn file_name(sent: &Sent) -> String {
    let digits: String = sent.number.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
    format!("mansap{digits}-{}.pdf", sent.n)
}

/// A moment for the head of a PDF.
pub(crate) fn made(at: Timestamp) -> (u16, u8, u8, u8, u8, u8) {
    let utc = at.local() - chrono::Duration::hours(5);
    let small = |n: u32| u8::try_from(n).unwrap_or_default();
    (
        u16::try_from(utc.year()).unwrap_or(1970),
        small(utc.month()),
        small(utc.day()),
        small(utc.hour()),
        small(utc.minute()),
        small(utc.second()),
    )
}

/// What a paper is written with.
struct Writer<'a> {
    sent: &'a Sent,
    lang: Lang,
    edition: Option<&'static Edition>,
}

fn paper(sent: &Sent, hash: &str, lang: Lang) -> Paper {
    let (procedure, of) = sent.rules.split_once('/').unwrap_or_default();
    let writer = Writer { sent, lang, edition: edition(procedure, of) };
    let t = |key: &str| writer.t(key);
    let title = format!("{} № {}", t("paper.title"), sent.number);
    let sent_at = date_time(lang, sent.at);
    let mut blocks = vec![
        Block::Title(title.clone()),
        Block::Soft(writer.fill("paper.sent", &[("at", &sent_at), ("n", &sent.n.to_string())])),
        Block::Heading(t("paper.vacancy")),
        Block::Facts(writer.vacancy()),
        Block::Heading(t("section.person")),
        Block::Facts(writer.person()),
        Block::Heading(t("section.contacts")),
        Block::Facts(writer.contacts()),
        Block::Heading(t("paper.records")),
    ];
    blocks.extend(writer.records());
    blocks.push(Block::Heading(t("section.documents")));
    blocks.push(Block::Items(writer.documents()));
    if !sent.rows.is_empty() {
        blocks.push(Block::Heading(t("section.score_sheet")));
        blocks.extend(writer.claims());
    }
    blocks.push(Block::Heading(t("section.statement")));
    blocks.push(Block::Facts(writer.statement()));
    blocks.push(Block::Heading(t("paper.consents")));
    blocks.push(Block::Facts(writer.consents()));
    blocks.push(Block::Heading(t("paper.proof")));
    blocks.push(Block::Facts(vec![
        (t("paper.hash"), hash.to_owned()),
        (t("paper.files"), sent.files.len().to_string()),
    ]));
    blocks.push(Block::Soft(t("paper.note")));
    Paper {
        title,
        lang: lang.code().to_owned(),
        foot: format!("Mansap · № {} · {sent_at}", sent.number),
        made: made(sent.at),
        blocks,
    }
}

fn number(points: f64) -> String {
    let text = format!("{points:.2}");
    text.trim_end_matches('0').trim_end_matches('.').replace('.', ",")
}

impl Writer<'_> {
    fn t(&self, key: &str) -> String {
        APPLICATION.find(self.lang, key).unwrap_or_default().to_owned()
    }

    fn fill(&self, key: &'static str, values: &[(&str, &str)]) -> String {
        APPLICATION.fill(self.lang, key, values)
    }

    /// Names and values; what is empty is left out.
    fn facts(&self, facts: &[(&str, &str)]) -> Vec<(String, String)> {
        let filled = facts.iter().filter(|(_, value)| !value.trim().is_empty());
        filled.map(|(key, value)| (self.t(key), (*value).to_owned())).collect()
    }

    fn yes_no(&self, yes: bool) -> &'static str {
        PROFILE.get(self.lang, if yes { "export.yes" } else { "export.no" })
    }

    fn day(&self, day: Option<NaiveDate>) -> String {
        day.map(|day| date(self.lang, day)).unwrap_or_default()
    }

    fn vacancy(&self) -> Vec<(String, String)> {
        let place = &self.sent.vacancy;
        let closes = place.closes_at.map(|at| date_time(self.lang, at)).unwrap_or_default();
        self.facts(&[
            ("paper.post", place.title.get(self.lang)),
            ("paper.organisation", place.organisation.name.get(self.lang)),
            ("paper.vacancy_number", &place.number.to_string()),
            ("paper.closes", &closes),
            ("paper.act", self.sent.act.get(self.lang)),
        ])
    }

    fn person(&self) -> Vec<(String, String)> {
        let person = &self.sent.content.person;
        let name = application_sql::shown_name(&self.sent.content);
        self.facts(&[
            ("export.name", &name),
            ("paper.iin", &person.iin),
            ("paper.birth_date", &self.day(person.birth_date)),
            ("paper.citizenship", self.country(&person.citizenship)),
        ])
    }

    /// A country by its code; one that is not in the list stays as it came.
    fn country<'a>(&self, code: &'a str) -> &'a str {
        PROFILE.find(self.lang, &format!("choice.country.{code}")).unwrap_or(code)
    }

    fn contacts(&self) -> Vec<(String, String)> {
        let contacts = &self.sent.content.contacts;
        self.facts(&[
            ("export.phone", &domain::shared::phone::shown(&contacts.phone)),
            ("export.email", &contacts.email),
            ("paper.place", self.sent.place.get(self.lang)),
            ("paper.address", &contacts.address),
        ])
    }

    /// A file in one line, with its digest in the next.
    fn file(&self, id: &str) -> Vec<String> {
        let Some(file) = self.sent.files.iter().find(|file| file.id == id) else {
            return vec![id.to_owned()];
        };
        let size = (file.size + 1023) / 1024;
        let kind = file.kind.to_uppercase();
        let mut lines = vec![format!("{} · {kind} · {size} KB", file.name)];
        if !file.sha256.is_empty() {
            lines.push(format!("SHA-256 {}", file.sha256));
        }
        lines
    }

    fn files(&self, ids: &[String]) -> Vec<String> {
        ids.iter().flat_map(|id| self.file(id)).collect()
    }

    fn record(&self, record: &Record) -> Item {
        let time = match (record.from, record.to) {
            (None, None) => String::new(),
            (Some(from), None) => format!("{} – …", self.day(Some(from))),
            (from, to) => format!("{} – {}", self.day(from), self.day(to)),
        };
        let mut lines = vec![time];
        lines.retain(|line| !line.is_empty());
        lines.extend(self.files(&record.files));
        let kind = PROFILE.find(self.lang, &format!("kind.{}", record.kind));
        Item { name: record.title.clone(), side: kind.unwrap_or_default().to_owned(), lines }
    }

    fn records(&self) -> Vec<Block> {
        let content = &self.sent.content;
        let mut out = vec![Block::Items(content.records.iter().map(|r| self.record(r)).collect())];
        if without_experience(content) {
            out.push(Block::Text(self.t("paper.no_experience")));
        }
        out
    }

    /// Names of records that prove something.
    fn proofs(&self, ids: &[String]) -> Vec<String> {
        let records = self.sent.content.records.iter().filter(|record| ids.contains(&record.id));
        records.map(|record| record.title.clone()).collect()
    }

    fn documents(&self) -> Vec<Item> {
        let one = |named: &Named| {
            let rule = self.edition.and_then(|e| e.application.document(&named.code));
            let parts = &self.sent.content.documents;
            let part = parts.iter().find(|part| part.code == named.code);
            let mut lines = Vec::new();
            match part {
                _ if rule.is_some_and(|rule| rule.made_here) => {
                    lines.push(self.t("paper.made_here"));
                }
                Some(part) if part.absent && part.files.is_empty() && part.records.is_empty() => {
                    lines.push(self.t("paper.absent"));
                }
                Some(part) => {
                    lines.extend(self.files(&part.files));
                    lines.extend(self.proofs(&part.records));
                }
                None => {}
            }
            if lines.is_empty() {
                lines.push(self.t("paper.not_attached"));
            }
            lines.extend(part.map(|part| part.note.clone()).filter(|note| !note.trim().is_empty()));
            Item { name: named.name.get(self.lang).to_owned(), side: String::new(), lines }
        };
        self.sent.documents.iter().map(one).collect()
    }

    fn claims(&self) -> Vec<Block> {
        let content = &self.sent.content;
        let without = without_experience(content);
        let mut items = Vec::new();
        for claim in content.claims.iter().filter(|claim| !claim.choices.is_empty()) {
            let row = self.edition.and_then(|edition| edition.application.row(&claim.row));
            if row.is_some_and(|row| !row.applies(without)) {
                continue;
            }
            let name = self.sent.rows.iter().find(|named| named.code == claim.row);
            let mut lines: Vec<String> = claim
                .choices
                .iter()
                .map(|choice| {
                    let options = row.map(|row| row.options.as_slice()).unwrap_or_default();
                    let option = options.iter().find(|option| option.code == choice.option);
                    let words = option.map_or(choice.option.as_str(), |o| o.title.get(self.lang));
                    match row.map(|row| row.how) {
                        Some(How::Sum) => format!("{words} × {}", choice.count),
                        _ => words.to_owned(),
                    }
                })
                .collect();
            lines.extend(self.files(&claim.files));
            lines.extend(self.proofs(&claim.records));
            lines.extend(Some(claim.note.clone()).filter(|note| !note.trim().is_empty()));
            items.push(Item {
                name: name.map_or(claim.row.as_str(), |n| n.name.get(self.lang)).to_owned(),
                side: row.map(|row| number(points(row, claim).value())).unwrap_or_default(),
                lines,
            });
        }
        let total = number(self.sent.points);
        vec![
            Block::Items(items),
            Block::Facts(vec![(self.t("paper.points"), total)]),
            Block::Soft(self.t("paper.points_note")),
        ]
    }

    fn statement(&self) -> Vec<(String, String)> {
        let statement = &self.sent.content.statement;
        let preferences =
            statement.preferences.iter().map(|code| self.t(&format!("preference.{code}")));
        let preferences: Vec<String> = preferences.collect();
        let relatives = statement.has_relatives.map(|has| self.yes_no(has)).unwrap_or_default();
        self.facts(&[
            ("paper.relatives", relatives),
            ("paper.relatives_who", &statement.relatives),
            ("paper.preferences", &preferences.join(", ")),
            ("paper.letter", &statement.letter),
            ("paper.truthful", self.yes_no(statement.truthful)),
        ])
    }

    fn consents(&self) -> Vec<(String, String)> {
        let given = self.yes_no(self.sent.content.statement.consent);
        let Some(consent) = &self.sent.consent else {
            return self.facts(&[("paper.consent", given)]);
        };
        self.facts(&[
            ("paper.consent", given),
            ("paper.consent_text", &consent.title(self.lang)),
            ("paper.consent_hash", &consent.digest),
            ("paper.consent_at", &date_time(self.lang, self.sent.at)),
        ])
    }
}
