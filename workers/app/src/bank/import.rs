//! `POST import?mode=check|publish&name=…&texts=kk|ru`: a file of items becomes drafts. The file is
//! read whole before anything is written; what is in the bank word by word is not written again,
//! so that an import that was interrupted is finished by sending the file once more.

use std::collections::BTreeSet;

use domain::{
    bank::{
        api::{ImportAnswer, Remark},
        mark,
        parity::Content,
        rule::rule,
        sql::{create, digests_of, same, take_numbers},
    },
    import::{api::Mode, cell::Cell},
    journal::{Entry, Source},
    shared::{
        lang::Lang,
        locale::BANK,
        refusal::{Kind, Refusal},
        statement::Statement,
    },
    sql,
};
use item_exchange::{
    Format, Options, format_of,
    join::{Joined, join},
    model::Found,
    read as read_items,
    report::{Refused, Weight},
    table,
};
use serde::Deserialize;

use super::media;
use crate::{
    cx::Cx,
    entry::field_text,
    error::{Error, Fault},
    http::{After, Request, Response},
    import::sheet::{self, Limits},
    ports::read,
    save::{Change, Event, refused},
};

/// Items of a batch.
const BATCH: usize = 40;
/// Remarks of an answer.
const REMARKS: usize = 2000;

pub(super) async fn post(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let mut name = "file".to_owned();
    let (mut mode, mut lang) = (Mode::Check, Lang::Ru);
    for (key, value) in request.query_pairs() {
        match key.as_str() {
            "name" if !value.is_empty() => name = value.chars().take(200).collect(),
            "mode" if value == "publish" => mode = Mode::Publish,
            // Not `lang`: that is the language of what the reader is told.
            "texts" if value == "kk" => lang = Lang::Kk,
            _ => {}
        }
    }
    let bytes = request.body.as_slice();
    let (format, mut found) = parse(&name, bytes, Options { lang }).map_err(|bad| match bad {
        Bad::Refused(refused) => whole(cx, &refused),
        Bad::Refusal(refusal) => refusal,
    })?;
    let mut joined = join(&mut found);
    // What was exported under a mark and comes back is what it was.
    for one in &mut joined {
        mark::take(&mut one.content);
    }
    if joined.len() > rule().import_most {
        return Err(Refusal::new(Kind::TooLarge, "import_rows")
            .with("max", rule().import_most)
            .into());
    }
    let earlier = earlier(cx, &joined).await?;
    let mut answer = ImportAnswer {
        format: format.to_owned(),
        seen: found.seen,
        taken: 0,
        known: 0,
        refused: 0,
        done: mode != Mode::Check,
        items: Vec::new(),
        remarks: Vec::new(),
    };
    let mut fresh: Vec<&Joined> = Vec::new();
    for one in &joined {
        if !one.wrong.is_empty() {
            answer.refused += 1;
        } else if earlier.has(&one.content) {
            answer.known += 1;
        } else {
            answer.taken += 1;
            fresh.push(one);
        }
    }
    let items_of = |lost: &&item_exchange::report::Note| {
        lost.weight == Weight::Refused && lost.code != "unsound"
    };
    let lost: BTreeSet<(&str, &str)> = found
        .notes
        .list
        .iter()
        .filter(items_of)
        .map(|note| (note.file.as_str(), note.item.as_str()))
        .collect();
    answer.refused += u32::try_from(lost.len()).unwrap_or(u32::MAX);
    answer.remarks = remarks(cx, &found, &joined);
    if mode == Mode::Check {
        answer.items = fresh.iter().map(|one| (one.content.meta.code.clone(), None)).collect();
        return Ok(Response::json(&answer)?);
    }
    for one in std::mem::take(&mut found.media) {
        media::keep(cx, &one.hash, one.kind, one.bytes).await?;
    }
    write(cx, &fresh, &earlier.codes, &mut answer).await?;
    note_import(cx, &name, bytes, &answer).await?;
    Ok(Response::json(&answer)?.then(After::DrainOutbox))
}

/// The rows of a sheet as texts, at the places that the spreadsheet shows.
fn rows_of(sheet: &sheet::Sheet) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for row in &sheet.table.rows {
        let at = usize::try_from(row.number).unwrap_or(1).saturating_sub(1);
        while rows.len() < at {
            rows.push(Vec::new());
        }
        rows.push(row.cells.iter().map(cell_text).collect());
    }
    rows
}

/// A cell; line ends of a text stay.
fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.trim().to_owned(),
        other => other.text(),
    }
}

enum Bad {
    Refused(Refused),
    Refusal(Refusal),
}

fn parse(name: &str, bytes: &[u8], options: Options) -> Result<(&'static str, Found), Bad> {
    let lower = name.to_lowercase();
    let csv = lower.ends_with(".csv") || lower.ends_with(".tsv");
    if let Some(format) = format_of(name, bytes).filter(|_| !csv) {
        let code = match format {
            Format::Qti => "qti",
            Format::Gift => "gift",
            Format::Moodle => "moodle",
        };
        let found = read_items(format, name, bytes, options).map_err(Bad::Refused)?;
        return Ok((code, found));
    }
    if !(csv || lower.ends_with(".xlsx")) {
        return Err(Bad::Refused(Refused::new("unknown_format", "")));
    }
    let limits = Limits::LIST;
    let sheet =
        sheet::read(bytes, &limits, &|_| true).map_err(|bad| Bad::Refusal(bad.refusal(&limits)))?;
    let rows = rows_of(&sheet);
    Ok(("table", table::read(name, &rows).map_err(Bad::Refused)?))
}

/// A file that is refused whole, in the reader's language.
fn whole(cx: &Cx<'_>, refused: &Refused) -> Refusal {
    let mut text = refused.text(cx.lang);
    if !refused.file.is_empty() {
        text = format!("{}:{}: {text}", refused.file, refused.line);
    }
    Refusal::new(Kind::Invalid, "bank_import").with("why", text)
}

fn remarks(cx: &Cx<'_>, found: &Found, joined: &[Joined]) -> Vec<Remark> {
    let mut out = Vec::new();
    for note in found.notes.list.iter().filter(|note| note.code != "unsound") {
        out.push(Remark {
            weight: note.weight.code().to_owned(),
            code: note.code.to_owned(),
            file: note.file.clone(),
            line: note.line,
            item: note.item.clone(),
            text: note.text(cx.lang),
        });
    }
    for one in joined.iter().filter(|one| !one.wrong.is_empty()) {
        if one.wrong.iter().any(|(_, code)| *code == "parity_key") {
            out.push(remark(one, "parity_key", field_text(cx.lang, "parity_key", &[])));
        }
        for error in one.content.check(false).0 {
            let text = field_text(cx.lang, error.code, &error.args);
            // Which of the two languages it is about; the rest of the name is ours.
            let side = error.field.split('.').next().filter(|side| matches!(*side, "kk" | "ru"));
            let text = side.map_or(text.clone(), |side| format!("{}: {text}", side.to_uppercase()));
            out.push(remark(one, error.code, text));
        }
    }
    for one in joined.iter().filter(|one| one.wrong.is_empty() && has_tex(&one.content)) {
        let hint = BANK.get(cx.lang, "note.tex").to_owned();
        let mut hint = remark(one, "tex", hint);
        hint.weight = Weight::Hint.code().to_owned();
        out.push(hint);
    }
    out.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    out.truncate(REMARKS);
    out
}

/// Whether formulas came as they are typed in TeX: `$$…$$`, `\(…\)`, `\[…\]`. They stay text until
/// somebody opens the editor, which makes formulas of them.
fn has_tex(content: &Content) -> bool {
    let marks = ["$$", r"\\(", r"\\["];
    [&content.kk, &content.ru].into_iter().flatten().any(|body| {
        let text = serde_json::to_string(body).unwrap_or_default();
        marks.iter().any(|mark| text.contains(mark))
    })
}

fn remark(one: &Joined, code: &str, text: String) -> Remark {
    Remark {
        weight: Weight::Refused.code().to_owned(),
        code: code.to_owned(),
        file: one.place.0.clone(),
        line: one.place.1,
        item: one.content.meta.code.clone(),
        text,
    }
}

/// What the bank has already: exact digests, codes, and the words under each code.
struct Earlier {
    exact: BTreeSet<String>,
    codes: BTreeSet<String>,
    words: BTreeSet<(String, String)>,
}

impl Earlier {
    /// Whether an item is there: the same texts, or the same words under the same code, because
    /// not every format keeps the names of options.
    fn has(&self, content: &Content) -> bool {
        let (exact, words) = digests_of(content);
        let code = content.meta.code.trim();
        exact.iter().all(|digest| self.exact.contains(digest))
            || words.into_iter().all(|digest| self.words.contains(&(code.to_owned(), digest)))
    }
}

async fn earlier(cx: &Cx<'_>, joined: &[Joined]) -> Result<Earlier, Fault> {
    #[derive(Deserialize)]
    struct Same {
        code: String,
        normal_kk: Option<String>,
        normal_ru: Option<String>,
        exact_kk: Option<String>,
        exact_ru: Option<String>,
    }
    #[derive(Deserialize)]
    struct Code {
        code: String,
    }
    let mut out =
        Earlier { exact: BTreeSet::new(), codes: BTreeSet::new(), words: BTreeSet::new() };
    for part in joined.chunks(500) {
        let (mut exact, mut normal) = (Vec::new(), Vec::new());
        for one in part {
            let (texts, words) = digests_of(&one.content);
            exact.extend(texts);
            normal.extend(words);
        }
        for row in read(cx.ports.db, same(&exact, &normal)).await?.all::<Same>()? {
            out.exact.extend([row.exact_kk, row.exact_ru].into_iter().flatten());
            let words = [row.normal_kk, row.normal_ru].into_iter().flatten();
            out.words.extend(words.map(|digest| (row.code.clone(), digest)));
        }
        let codes: Vec<&str> = part.iter().map(|one| one.content.meta.code.trim()).collect();
        let taken = sql!(
            "SELECT code FROM item WHERE code IN (SELECT value FROM json_each(?1))",
            serde_json::json!(codes).to_string()
        );
        out.codes
            .extend(read(cx.ports.db, taken).await?.all::<Code>()?.into_iter().map(|row| row.code));
    }
    Ok(out)
}

async fn write(
    cx: &Cx<'_>,
    fresh: &[&Joined],
    taken: &BTreeSet<String>,
    answer: &mut ImportAnswer,
) -> Result<(), Error> {
    #[derive(Deserialize)]
    struct Number {
        value: i64,
    }
    if fresh.is_empty() {
        return Ok(());
    }
    let me = cx.actor()?.account.clone();
    let last: Option<Number> = read(cx.ports.db, take_numbers(fresh.len())).await?.first()?;
    let last = last.ok_or_else(|| Fault::new("the counter of items is missing"))?.value;
    let mut number = last - i64::try_from(fresh.len()).unwrap_or(0);
    let mut codes = taken.clone();
    for part in fresh.chunks(BATCH) {
        let mut change = Change::default();
        let mut written = Vec::new();
        for one in part {
            number += 1;
            let id = cx.ports.new_id();
            let mut content = one.content.clone();
            // Another item has this code already: people find both by it.
            let code = content.meta.code.trim().to_owned();
            if !codes.insert(code.clone()) {
                let short: String = code.chars().take(domain::bank::meta::SHORT_MAX - 12).collect();
                content.meta.code = format!("{short}~{number}");
                codes.insert(content.meta.code.clone());
            }
            change.statements.extend(create(&id, number, &content, &me, cx.ports.now));
            change.journal.push(Entry::new("item.import", "item", &id));
            change.events.push(Event { topic: "item.changed", key: id.clone() });
            written.push((content.meta.code, Some(id)));
        }
        let source = source(cx);
        cx.ports.db.batch(change.into_batch(&source, cx.ports)).await.map_err(refused)?;
        answer.items.extend(written);
    }
    Ok(())
}

fn source(cx: &Cx<'_>) -> Source {
    Source {
        account: cx.actor.as_ref().map(|actor| actor.account.clone()),
        session: cx.actor.as_ref().map(|actor| actor.session.clone()),
        request_id: cx.request_id.clone(),
    }
}

async fn note_import(
    cx: &Cx<'_>,
    name: &str,
    bytes: &[u8],
    answer: &ImportAnswer,
) -> Result<(), Error> {
    use sha2::{Digest, Sha256};
    let sum: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut report = answer.clone();
    report.items.clear();
    report.remarks.truncate(200);
    let row: Statement = sql!(
        "INSERT INTO item_import (id, name, sha256, format, taken, known, refused, report, account, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        cx.ports.new_id(),
        name,
        sum,
        &answer.format,
        answer.taken,
        answer.known,
        answer.refused,
        serde_json::to_string(&report).unwrap_or_default(),
        &cx.actor()?.account,
        cx.ports.now
    );
    cx.ports.db.batch(vec![row]).await.map_err(refused)?;
    Ok(())
}
