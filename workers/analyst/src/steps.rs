//! Gathering answers and calibrating, step by step.

use std::collections::BTreeMap;

use app::{error::Fault, ports::read};
use domain::{
    analysis::{Run, Stage, sql},
    bank::{
        answer::{Answer, share},
        key::{self, Answers},
    },
    shared::lang::Lang,
};
use psychometrics::{calibration::State, response::Responses};
use serde::{Deserialize, Serialize};

use crate::{
    Outcome, World, failed,
    pack::{Attempt, Line, WHOLE, pack, unpack},
    rules::{model, rules},
};

/// An item of the analysis: version and the options that somebody chose, by their place.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Known {
    pub item: String,
    pub version: i64,
    pub options: Vec<String>,
}

/// What goes from step to step.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Work {
    pub items: Vec<Known>,
    pub state: Option<State>,
}

impl Work {
    pub fn of(run: &Run) -> Result<Work, Fault> {
        serde_json::from_str(&run.work).map_err(|e| Fault::new(format!("work: {e}")))
    }

    fn text(&self) -> Result<String, Fault> {
        serde_json::to_string(self).map_err(|e| Fault::new(format!("work: {e}")))
    }
}

#[derive(Deserialize)]
struct Row {
    candidate: String,
    attempt: i64,
    lang: Lang,
    lines: String,
}

/// Item, version, points, most, answer.
type Response = (String, i64, i64, i64, Option<Answer>);

#[derive(Deserialize)]
struct KeyRow {
    item: String,
    version: i64,
    answers: String,
}

pub(crate) type Keys = BTreeMap<(String, i64), Answers>;

/// Keys of items.
pub(crate) async fn keys(world: &World<'_>, pairs: &[(String, i64)]) -> Result<Keys, Fault> {
    if pairs.is_empty() {
        return Ok(Keys::new());
    }
    let pairs = serde_json::to_string(pairs).map_err(|e| Fault::new(e.to_string()))?;
    let rows: Vec<KeyRow> = read(world.db, sql::keys(pairs)).await?.all()?;
    let read =
        |row: KeyRow| Some(((row.item, row.version), serde_json::from_str(&row.answers).ok()?));
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Reads the next attempts and packs their answers.
pub(crate) async fn gather(world: &World<'_>, run: &Run) -> Result<Outcome, Fault> {
    let rules = rules()?;
    let rows: Vec<Row> = read(world.db, sql::attempts(run, rules.step.attempts)).await?.all()?;
    let mut next = run.clone();
    let now = (world.now)();
    let Some(last) = rows.last() else {
        if run.answers == 0 {
            return Ok(failed(run, "none", world));
        }
        return Ok(Outcome {
            statements: vec![sql::advance(&next, Stage::Calibrate, now)],
            more: true,
        });
    };
    (next.after_candidate, next.after_attempt) = (last.candidate.clone(), last.attempt);
    let mut read_rows: Vec<(Lang, Vec<Response>)> = Vec::new();
    for row in &rows {
        let lines =
            serde_json::from_str(&row.lines).map_err(|e| Fault::new(format!("answers: {e}")))?;
        read_rows.push((row.lang, lines));
    }
    // What was only tried out has no points; its key says what it would have brought.
    let mut tried: Vec<(String, i64)> = read_rows
        .iter()
        .flat_map(|(_, lines)| lines)
        .filter(|(_, _, _, most, _)| *most <= 0)
        .map(|(item, version, ..)| (item.clone(), *version))
        .collect();
    tried.sort();
    tried.dedup();
    let keys = keys(world, &tried).await?;
    let mut work = Work::of(run)?;
    let mut places: BTreeMap<(String, i64), u32> = BTreeMap::new();
    for (at, known) in work.items.iter().enumerate() {
        places.insert((known.item.clone(), known.version), at as u32);
    }
    let mut packed = Vec::new();
    for (lang, lines) in read_rows {
        let group = match lang.code() {
            code if code == rules.dif.reference => 0,
            code if code == rules.dif.focal => 1,
            _ => 2,
        };
        let mut attempt = Attempt { group, lines: Vec::new() };
        for (item, version, points, most, answer) in lines {
            let id = (item, version);
            let Some(mark) = mark(points, most, lang, keys.get(&id), answer.as_ref()) else {
                continue;
            };
            let place = *places.entry(id).or_insert_with_key(|(item, version)| {
                work.items.push(Known {
                    item: item.clone(),
                    version: *version,
                    options: Vec::new(),
                });
                (work.items.len() - 1) as u32
            });
            let mut chosen = Vec::new();
            if let (Some(Answer::Options(ids)), Some(known)) =
                (&answer, work.items.get_mut(place as usize))
            {
                // More options than a screen can show are no answer of a person.
                for id in ids.iter().take(64) {
                    let at =
                        known.options.iter().position(|have| have == id).unwrap_or_else(|| {
                            known.options.push(id.clone());
                            known.options.len() - 1
                        });
                    chosen.push(at as u32);
                }
            }
            attempt.lines.push(Line { item: place, mark, chosen });
        }
        next.attempts += 1;
        next.answers += attempt.lines.len() as i64;
        packed.push(attempt);
    }
    if next.answers > rules.step.answers_most {
        return Ok(failed(run, "many", world));
    }
    next.work = work.text()?;
    let statements =
        vec![sql::keep(&run.id, run.step, &pack(&packed)), sql::advance(&next, Stage::Gather, now)];
    Ok(Outcome { statements, more: true })
}

/// The mark in thousandths; none if neither points nor key say what it is.
fn mark(
    points: i64,
    most: i64,
    lang: Lang,
    key: Option<&Answers>,
    answer: Option<&Answer>,
) -> Option<u32> {
    let whole = i64::from(WHOLE);
    let part = if most > 0 {
        points.saturating_mul(whole) / most
    } else {
        let earned = answer.map_or(0, |answer| key.map_or(0, |key| share(key, lang, answer)));
        key?;
        i64::from(earned) * whole / i64::from(key::WHOLE)
    };
    u32::try_from(part.clamp(0, whole)).ok()
}

/// All answers of an analysis, as they were packed.
pub(crate) async fn answers(world: &World<'_>, run: &Run) -> Result<Vec<Attempt>, Fault> {
    #[derive(Deserialize)]
    struct Part {
        number: i64,
        data: String,
    }
    let (mut out, mut after) = (Vec::new(), -1);
    loop {
        let parts: Vec<Part> = read(world.db, sql::parts(&run.id, after, 20)).await?.all()?;
        let Some(last) = parts.last() else { return Ok(out) };
        after = last.number;
        for part in &parts {
            let attempts = unpack(&part.data);
            out.extend(attempts.ok_or_else(|| Fault::new("packed answers cannot be read"))?);
        }
    }
}

/// Right and wrong answers: right is the whole mark.
pub(crate) fn responses(attempts: &[Attempt], items: usize) -> Responses {
    let mut out = Responses::new(items);
    for attempt in attempts {
        out.push(attempt.lines.iter().map(|line| (line.item as usize, line.mark >= WHOLE)), 1.0);
    }
    out
}

/// Calibrates for a while.
pub(crate) async fn calibrate(world: &World<'_>, run: &Run) -> Result<Outcome, Fault> {
    let rules = rules()?;
    let settings = rules.calibration.settings(model(&run.model)?);
    let mut work = Work::of(run)?;
    let data = responses(&answers(world, run).await?, work.items.len());
    let state = work.state.take().unwrap_or_else(|| State::start(&data, &settings));
    let each = (data.cells().max(1) * settings.points) as f64;
    let state = state.advance(&data, &settings, (rules.step.work / each).clamp(3.0, 1e6) as u32);
    let stage = if state.is_over(&settings) { Stage::Finish } else { Stage::Calibrate };
    work.state = Some(state);
    let next = Run { work: work.text()?, ..run.clone() };
    Ok(Outcome { statements: vec![sql::advance(&next, stage, (world.now)())], more: true })
}
