//! Files that are chosen: kept on the device with their bytes, sent by parts, resumed where it
//! stopped. Until a file has arrived, what names it uses a name of this device (`local-…`); the
//! queue holds such writes back and puts the real identifier in.

use web_sys::Blob;

use super::{
    outbox,
    queue::{self, Row},
    store,
};
use crate::{
    api::{self, Problem},
    browser,
    json::{self, Json},
    kept, router, seek,
    state::app,
};

/// Names of files that have not arrived begin with this.
pub const LOCAL: &str = "local-";

/// Files larger than this come by parts; it is also the least part that the store takes.
const WHOLE: f64 = 5.0 * 1024.0 * 1024.0;

/// What is known of a file that was chosen here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Identifier: of this device, then of the server.
    pub id: String,
    /// Name.
    pub name: String,
    /// How much of it has been sent, percent.
    pub sent: u32,
    /// Why it was refused.
    pub wrong: Option<String>,
}

/// A name of this device for a file that was chosen: it can be written down before the bytes are
/// kept, so that who saves at once saves it too.
pub fn name(file: &web_sys::File) -> String {
    let id = format!("{LOCAL}{}", browser::uuid());
    let chosen = Chosen { id: id.clone(), name: file.name(), sent: 0, wrong: None };
    app().files.update(|all| all.push(chosen));
    id
}

/// Takes a file over: it is on the device when this returns, and on its way.
pub async fn take(id: &str, file: &web_sys::File, purpose: &str) -> Result<(), Problem> {
    let query = [("purpose".to_owned(), purpose.to_owned()), ("name".to_owned(), file.name())];
    let row = Row {
        key: browser::uuid(),
        owner: outbox::owner(),
        method: "POST".into(),
        path: format!("my/files?{}", router::write_query(&query)),
        object: object(id),
        what: "file".into(),
        name: file.name(),
        at: browser::now().millis(),
        file: true,
        ..Row::default()
    };
    if store::add_file(&row, file).await.is_none() {
        app().files.update(|all| all.retain(|one| one.id != id));
        return Err(Problem::no_room());
    }
    outbox::recount().await;
    outbox::send_all();
    Ok(())
}

fn object(id: &str) -> String {
    format!("file/{id}")
}

fn local_of(row: &Row) -> &str {
    row.object.strip_prefix("file/").unwrap_or_default()
}

fn tell(row: &Row, sent: u32, wrong: Option<String>) {
    let id = local_of(row).to_owned();
    app().files.update(|all| match all.iter_mut().find(|one| one.id == id) {
        Some(one) => (one.sent, one.wrong) = (sent, wrong),
        None => all.push(Chosen { id, name: row.name.clone(), sent, wrong }),
    });
}

/// Sends the bytes of a queued file; status and text of the last answer.
pub async fn upload(row: &Row) -> (u16, String) {
    let Some(blob) = store::bytes_of(row.seq).await else {
        return (410, String::new());
    };
    tell(row, 0, None);
    let (status, text) = if blob.size() <= WHOLE {
        api::call("POST", row.path.clone()).once(row.key.clone()).blob(&blob).answer().await
    } else {
        by_parts(row, &blob).await
    };
    let problem = Problem::read(status, &text);
    let wrong = (status >= 400 && !problem.may_pass()).then(|| problem.words());
    tell(row, if status < 300 && status > 0 { 100 } else { 0 }, wrong);
    (status, text)
}

async fn by_parts(row: &Row, blob: &Blob) -> (u16, String) {
    let query = row.path.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let place = router::Place::parse(&format!("/app/my/files?{query}"));
    let text = |name: &str| Json::Text(place.get(name).to_owned());
    let size = Json::Number(browser::number_text(blob.size()));
    let begin = Json::Map(vec![
        ("name".into(), text("name")),
        ("size".into(), size),
        ("purpose".into(), text("purpose")),
    ]);
    // The same key as last time gives the same upload: it goes on where it stopped.
    let call = api::call("POST", "my/files/uploads").once(row.key.clone());
    let (status, answer) = call.text(&json::write(&begin)).answer().await;
    if status >= 300 || status == 0 {
        return (status, answer);
    }
    let id = json::read(&answer).and_then(|all| Some(all.get("id")?.text().to_owned()));
    let Some(id) = id.filter(|id| !id.is_empty()) else { return (500, answer) };
    let root = format!("my/files/uploads/{id}");
    let (status, answer) = api::call("GET", root.clone()).answer().await;
    if status >= 300 || status == 0 {
        return (status, answer);
    }
    let state = json::read(&answer).unwrap_or_default();
    let number = |name: &str| match state.get(name) {
        Some(Json::Number(digits)) => browser::number_from(digits).unwrap_or_default(),
        _ => 0.0,
    };
    let here = match state.get("received") {
        Some(Json::List(all)) => all.clone(),
        _ => Vec::new(),
    };
    let (part_size, parts) = (number("part_size").max(1.0), number("parts") as u32);
    for part in 1..=parts {
        if here.contains(&Json::Number(part.to_string())) {
            continue;
        }
        let from = f64::from(part - 1) * part_size;
        let to = (from + part_size).min(blob.size());
        let Ok(bytes) = blob.slice_with_f64_and_f64(from, to) else { return (500, String::new()) };
        let call = api::call("PUT", format!("{root}/parts/{part}"));
        let (status, answer) = call.once(format!("{}-{part}", row.key)).blob(&bytes).answer().await;
        if status >= 300 || status == 0 {
            return (status, answer);
        }
        tell(row, part * 100 / parts.max(1), None);
    }
    api::call("POST", format!("{root}/complete")).once(format!("{}-end", row.key)).answer().await
}

/// Under this name the device keeps which files have arrived lately, as `local=id;` …
const ARRIVED: &str = "mansap.arrived";
/// How much of it is kept, characters: some hundred files.
const ARRIVALS: usize = 16_000;

fn note_arrival(local: &str, id: &str) {
    let mut all = browser::kept(ARRIVED).unwrap_or_default();
    all.push_str(&format!("{local}={id};"));
    let from = all.len().saturating_sub(ARRIVALS);
    let from = all.get(from..).and_then(|rest| rest.find(';')).map_or(0, |at| from + at + 1);
    let kept = if all.len() > ARRIVALS { all.get(from..).unwrap_or_default() } else { &all };
    browser::keep(ARRIVED, kept);
}

/// A write may be queued with a file's name of this device after the file has arrived: it was
/// filled in while the file was on its way, here or in another tab. Such names are put right.
pub fn put_right(rows: &mut [Row]) {
    let naming = |row: &Row| row.body.as_ref().is_some_and(|body| seek::has(body, LOCAL));
    if !rows.iter().any(naming) {
        return;
    }
    let all = browser::kept(ARRIVED).unwrap_or_default();
    let pairs = all.split(';').filter_map(|pair| pair.split_once('='));
    for (local, id) in pairs {
        for row in queue::renamed(rows, local, id) {
            if let Some(was) = rows.iter_mut().find(|was| was.seq == row.seq) {
                *was = row;
            }
        }
    }
}

/// A text with the names of files that have arrived put right.
pub fn text_put_right(text: String) -> String {
    if !seek::has(&text, LOCAL) {
        return text;
    }
    let all = browser::kept(ARRIVED).unwrap_or_default();
    let pairs = all.split(';').filter_map(|pair| pair.split_once('='));
    pairs.fold(text, |text, (local, id)| seek::replace(&text, local, id))
}

/// A file has arrived: what names it gets its identifier. The rows that change.
pub fn arrived(rows: &[Row], done: &Row, answer: &str) -> Vec<Row> {
    let local = local_of(done).to_owned();
    let id = json::read(answer).and_then(|file| Some(file.get("id")?.text().to_owned()));
    let Some(id) = id.filter(|id| !id.is_empty()) else { return Vec::new() };
    for key in browser::kept_keys().iter().filter(|key| key.starts_with(kept::PREFIX)) {
        if let Some(text) = browser::kept(key).filter(|text| seek::has(text, &local)) {
            browser::keep(key, &seek::replace(&text, &local, &id));
        }
    }
    app().files.update(|all| {
        for one in all.iter_mut().filter(|one| one.id == local) {
            (one.id, one.sent) = (id.clone(), 100);
        }
    });
    note_arrival(&local, &id);
    app().arrived.set(Some((local.clone(), id.clone())));
    queue::renamed(rows, &local, &id)
}
