//! Forms for the printer: asked for with a reason, journalled, drawn anew each time they are opened.

use std::collections::BTreeMap;

use askama::Template;
use domain::{
    bank::{
        body::{Opt, Shape},
        rich::Image,
    },
    exam::{blueprint::Blueprint, paper::letter, rules::edition},
    journal::Entry,
    shared::{
        format,
        lang::Lang,
        locale::{EXAM, Table},
        refusal::{Check, Kind, Refusal},
        time::Timestamp,
    },
    sql,
};
use item_exchange::rich_out::{Style, blocks, escape, short};
use serde::Deserialize;
use serde_json::json;

use super::{Sheet, Task, room, sheet, tasks};
use crate::{
    cx::Cx,
    error::{Error, Fault},
    exam::{id, sessions::SessionRow},
    http::{Request, Response},
    ports::read,
    route,
    routes::Route,
    save::{Change, Replay, once, save},
    web::{assets, page::render, qr},
};

/// Routes of this part.
pub const ROUTES: &[Route] = &[
    route!(Post "/api/v1/cabinet/exam-sessions/{id}/prints", SignedIn, Cabinet, ask),
    route!(Get "/exam-papers/{id}", SignedIn, Page, show),
];

/// Texts of the form.
const T: &Table = &EXAM;
/// Shortest and longest reason, characters.
const REASON: (usize, usize) = (10, 500);
/// Forms of one page: two hundred at once would be too much for a browser.
const PART: usize = 25;
/// For how long the page of a print opens, seconds.
const OPENS: i64 = 12 * 3600;

#[derive(Deserialize)]
struct Asked {
    /// None = everybody who sits there.
    #[serde(default)]
    attempts: Vec<String>,
    reason: String,
}

async fn ask(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Seat {
        id: String,
        person: String,
    }
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let asked: Asked = request.json()?;
    let session = room(cx, id(cx, "id")?).await?;
    let mut wrong = Check::default();
    match asked.reason.trim().chars().count() {
        n if n < REASON.0 => wrong.wrong_with("reason", "too_short", "min", REASON.0),
        n if n > REASON.1 => wrong.wrong_with("reason", "too_long", "max", REASON.1),
        _ => {}
    }
    wrong.done()?;
    let rules = edition(&session.edition).ok_or_else(|| Fault::new("the edition is gone"))?;
    let early = i64::from(rules.session.print_minutes.value) * 60;
    if cx.ports.now.plus_seconds(early) < session.starts_at {
        return Err(Refusal::new(Kind::Conflict, "print_early")
            .with("minutes", rules.session.print_minutes.value)
            .into());
    }
    let seats: Vec<Seat> = read(
        cx.ports.db,
        sql!(
            "SELECT id, person FROM exam_attempt WHERE session = ?1 AND state <> 'annulled' ORDER BY seat, id",
            &session.id
        ),
    )
    .await?
    .all()?;
    let actor = cx.actor()?;
    if seats.iter().any(|seat| seat.person == actor.person) {
        return Err(Refusal::new(Kind::Conflict, "own_attempt").into());
    }
    let wanted = |seat: &&Seat| asked.attempts.is_empty() || asked.attempts.contains(&seat.id);
    let attempts: Vec<&str> = seats.iter().filter(wanted).map(|seat| seat.id.as_str()).collect();
    if attempts.is_empty() || attempts.len() < asked.attempts.len() {
        return Err(Refusal::not_found().into());
    }
    let print = cx.ports.new_id();
    let change = Change {
        statements: vec![sql!(
            "INSERT INTO exam_print (id, session, attempts, reason, account, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            &print,
            &session.id,
            json!(attempts).to_string(),
            asked.reason.trim(),
            &actor.account,
            cx.ports.now
        )],
        journal: vec![
            Entry::new("exam_session.print", "exam_session", &session.id)
                .of(&session.organisation)
                .after(json!({ "print": print, "attempts": attempts })),
        ],
        events: vec![],
    };
    let answer = json!({ "id": print, "address": format!("/exam-papers/{print}") });
    save(cx, Some(once), change, Response::json(&answer)?.status(201)).await
}

#[derive(Template)]
#[template(path = "exam_paper.html")]
struct Papers {
    styles: &'static str,
    papers: Vec<Paper>,
    /// Pages of forms by number, and whether it is this one.
    parts: Vec<(usize, bool)>,
}

struct Paper {
    lang: Lang,
    title: String,
    facts: Vec<(&'static str, String)>,
    parts: Vec<(String, Vec<Question>)>,
    qr: Option<qr::Qr>,
    candidate: String,
}

struct Question {
    n: usize,
    /// HTML that was made of the allowed tree alone, escaped where it was made.
    stem: String,
    how: &'static str,
    rows: Vec<(String, String)>,
    others: Vec<(String, String)>,
    boxes: bool,
    lines: usize,
    unit: String,
    picture: String,
}

impl Papers {
    fn t(&self, paper: &Paper, key: &'static str) -> &'static str {
        T.get(paper.lang, key)
    }

    /// How a task is answered, in words.
    fn how(&self, paper: &Paper, how: &str) -> &'static str {
        T.find(paper.lang, &format!("paper.how.{how}")).unwrap_or_default()
    }
}

async fn show(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Print {
        session: String,
        #[serde(deserialize_with = "domain::shared::row::json")]
        attempts: Vec<String>,
        account: String,
        at: Timestamp,
    }
    let found: Option<Print> = read(
        cx.ports.db,
        sql!("SELECT session, attempts, account, at FROM exam_print WHERE id = ?1", id(cx, "id")?),
    )
    .await?
    .first()?;
    let print = found
        .filter(|print| {
            cx.actor.as_ref().is_some_and(|actor| actor.account == print.account)
                && print.at.plus_seconds(OPENS) > cx.ports.now
        })
        .ok_or_else(Refusal::not_found)?;
    let session = room(cx, &print.session).await?;
    let mut images = BTreeMap::new();
    let mut papers = Vec::new();
    let part = request.query_pairs().into_iter().find(|(name, _)| name == "part");
    let part = part.and_then(|(_, n)| n.parse::<usize>().ok()).unwrap_or(1).max(1);
    let parts = (1..=print.attempts.len().div_ceil(PART)).map(|n| (n, n == part)).collect();
    for attempt in print.attempts.chunks(PART).nth(part - 1).unwrap_or_default() {
        let sheet = sheet(cx, &session, attempt).await?;
        let tasks = tasks(cx, &sheet).await?;
        for hash in tasks.iter().flat_map(|task| task.body.images()) {
            if !images.contains_key(hash) {
                images.insert(hash.to_owned(), crate::bank::inline(cx, hash).await?);
            }
        }
        papers.push(paper(cx, &session, &sheet, &tasks, &images)?);
    }
    render(&Papers { styles: assets::PAPER.0, papers, parts })
}

fn paper(
    cx: &Cx<'_>,
    session: &SessionRow,
    sheet: &Sheet,
    tasks: &[Task],
    images: &BTreeMap<String, String>,
) -> Result<Paper, Error> {
    let lang = Lang::parse(&sheet.lang).unwrap_or(Lang::Kk);
    let blueprint: Blueprint = serde_json::from_str(&sheet.blueprint)
        .map_err(|_| Fault::new("the blueprint cannot be read"))?;
    let mut parts: Vec<(String, Vec<Question>)> =
        blueprint.sections.iter().map(|one| (one.title.get(lang).to_owned(), Vec::new())).collect();
    for (n, task) in tasks.iter().enumerate() {
        if let Some((_, questions)) = parts.get_mut(usize::from(task.section)) {
            questions.push(question(n + 1, task, images));
        }
    }
    parts.retain(|(_, questions)| !questions.is_empty());
    let t = |key| T.get(lang, key);
    let address = format!(
        "{}/app/testing/sessions/{}/paper/{}",
        cx.ports.config.origin, session.id, sheet.id
    );
    Ok(Paper {
        lang,
        title: session.title.get(lang).to_owned(),
        facts: vec![
            (t("paper.name"), sheet.name.clone()),
            (t("paper.number"), sheet.candidate.clone()),
            (t("paper.seat"), sheet.seat.clone()),
            (t("paper.place"), session.where_it_is(lang)),
            (t("paper.day"), format::date(lang, session.starts_at.day())),
            (t("paper.tasks"), tasks.len().to_string()),
        ],
        parts,
        qr: qr::draw(&address),
        candidate: sheet.candidate.clone(),
    })
}

fn question(n: usize, task: &Task, images: &BTreeMap<String, String>) -> Question {
    use domain::bank::body::Task as Kind;
    let address = |hash: &str| images.get(hash).cloned().unwrap_or_default();
    let gap = |id: &str| format!("<span class=\"gap\">({}) ________</span>", escape(id));
    let style = Style { image: &address, gap: &gap };
    let letters = |list: &[Opt]| -> Vec<(String, String)> {
        list.iter().enumerate().map(|(at, one)| (letter(at), short(&one.text, &style))).collect()
    };
    let mut out = Question {
        n,
        stem: blocks(&task.body.stem, &style),
        how: domain::exam::paper::blank(&task.body.task).how,
        rows: Vec::new(),
        others: Vec::new(),
        boxes: false,
        lines: 0,
        unit: String::new(),
        picture: String::new(),
    };
    match &task.body.task {
        Kind::Single { options, .. } | Kind::Multiple { options, .. } => {
            out.rows = letters(options);
            out.boxes = true;
        }
        Kind::Ordering { options, .. } => {
            out.rows = letters(options);
            out.lines = 1;
        }
        Kind::Matching { left, right, .. } => {
            let number =
                |(at, one): (usize, &Opt)| ((at + 1).to_string(), short(&one.text, &style));
            out.rows = left.iter().enumerate().map(number).collect();
            out.others = letters(right);
        }
        Kind::Number { unit } => {
            out.lines = 1;
            out.unit.clone_from(unit);
        }
        Kind::Hotspot { image, areas, .. } => {
            let shapes = areas.iter().map(|area| &area.shape);
            out.picture = picture(image, &address(&image.hash), shapes);
            let name = |(at, area): (usize, &domain::bank::body::Area)| {
                ((at + 1).to_string(), escape(&area.name))
            };
            out.rows = areas.iter().enumerate().map(name).collect();
            out.boxes = true;
        }
        Kind::Text { gaps, .. } => {
            let all = gaps.iter().filter(|gap| !gap.options.is_empty());
            out.others = all.flat_map(|gap| letters(&gap.options)).collect();
            out.lines = gaps.len();
        }
    }
    out
}

/// The image with its numbered places, as one drawing.
fn picture<'a>(image: &Image, address: &str, shapes: impl Iterator<Item = &'a Shape>) -> String {
    let (width, height) = (image.width, image.height);
    if width == 0 || height == 0 {
        return format!(r#"<img src="{}" alt="{}"/>"#, escape(address), escape(&image.alt));
    }
    let mut out = format!(
        r#"<svg class="map" viewBox="0 0 {width} {height}" role="img" aria-label="{}"><image href="{}" width="{width}" height="{height}"/>"#,
        escape(&image.alt),
        escape(address)
    );
    for (at, shape) in shapes.enumerate() {
        let (drawn, (x, y)) = outline(shape, (width, height));
        let size = (width / 24).max(8);
        out.push_str(&format!(
            r#"<g class="area">{drawn}<text x="{x}" y="{y}" font-size="{size}">{}</text></g>"#,
            at + 1
        ));
    }
    out.push_str("</svg>");
    out
}

fn outline(shape: &Shape, (width, height): (u32, u32)) -> (String, (i32, i32)) {
    match shape {
        Shape::Rect([left, top, right, bottom]) => (
            format!(
                r#"<rect x="{}" y="{}" width="{}" height="{}"/>"#,
                left.min(right),
                top.min(bottom),
                left.abs_diff(*right),
                top.abs_diff(*bottom)
            ),
            (left.midpoint(*right), top.midpoint(*bottom)),
        ),
        Shape::Circle([x, y, r]) => (format!(r#"<circle cx="{x}" cy="{y}" r="{r}"/>"#), (*x, *y)),
        Shape::Ellipse([x, y, h, v]) => {
            (format!(r#"<ellipse cx="{x}" cy="{y}" rx="{h}" ry="{v}"/>"#), (*x, *y))
        }
        Shape::Poly(corners) => {
            let points: Vec<String> = corners.iter().map(|(x, y)| format!("{x},{y}")).collect();
            let n = i32::try_from(corners.len()).unwrap_or(1).max(1);
            let sum = corners.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
            (format!(r#"<polygon points="{}"/>"#, points.join(" ")), (sum.0 / n, sum.1 / n))
        }
        Shape::All => {
            let middle = |side: u32| i32::try_from(side / 2).unwrap_or(0);
            (
                format!(r#"<rect width="{width}" height="{height}"/>"#),
                (middle(width), middle(height)),
            )
        }
    }
}
