//! The last step: all figures, from the answers and the calibration.

use std::collections::BTreeMap;

use app::{error::Fault, ports::read};
use domain::{
    analysis::{Run, sql},
    bank::key::Key,
};
use psychometrics::{
    calibration::{Calibration, ItemEstimate, State, estimate},
    classical::{self, Choice, ItemFigures, Marks, OptionFigures},
    dif::{Dif, Group, Matching, purify},
    equating::Distribution,
    exposure::exposure,
    fit::{Groups, Residuals, ScoreFit, residuals, score_fit},
    flag::{Facts, Flag, flags},
    information::{Point, abilities},
    model::{Item, Model},
    plot::{Observed, Share, observe},
    response::Responses,
    score,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Outcome, World,
    pack::{Attempt, WHOLE},
    rules::{Rules, model, rules},
    steps::{Keys, Known, Work, answers, keys, responses},
};

/// Rows of one statement.
const ROWS: usize = 100;

/// Everything that the figures are made of.
struct Material<'a> {
    rules: &'a Rules,
    attempts: Vec<Attempt>,
    data: Responses,
    abilities: Vec<Option<f64>>,
    calibration: Calibration,
}

/// Makes and writes the figures.
pub(crate) async fn finish(world: &World<'_>, run: &Run) -> Result<Outcome, Fault> {
    let rules = rules()?;
    let mut work = Work::of(run)?;
    let attempts = answers(world, run).await?;
    let keys = shown(world, &mut work.items).await?;
    let settings = rules.calibration.settings(model(&run.model)?);
    let data = responses(&attempts, work.items.len());
    let state = work.state.take().unwrap_or_else(|| State::start(&data, &settings));
    let calibration = estimate(&data, &settings, &state);
    let quadrature = settings.quadrature();
    let known = known(&calibration);
    let sd = calibration.population_sd();
    let able = |(cells, _)| score::eap(&known, cells, &quadrature, sd).map(|score| score.ability);
    let abilities = data.rows().map(able).collect();
    let parameters = if settings.model == Model::TwoParameter { 2.0 } else { 1.0 };
    let groups = Groups { least_expected: rules.fit.least_expected, parameters };
    let score_fits = score_fit(&data, &known, &quadrature, groups);
    let material = Material { rules, attempts, data, abilities, calibration };
    let (rows, raised, summary) = material.figures(&work.items, &keys, &known, &score_fits);

    let mut statements = Vec::new();
    for rows in rows.chunks(ROWS) {
        statements.push(sql::figures(&run.id, json!(rows).to_string()));
    }
    for rows in raised.chunks(ROWS) {
        statements.push(sql::flags(&run.id, json!(rows).to_string()));
    }
    statements.extend(sql::done(&run.id, summary.to_string(), (world.now)()));
    Ok(Outcome { statements, more: false })
}

/// Parameters, if the calibration came to an end.
fn known(calibration: &Calibration) -> Vec<Option<Item>> {
    let all = calibration.parameters_of();
    if calibration.converged { all } else { vec![None; all.len()] }
}

/// Adds the options that nobody chose, and reads the keys.
async fn shown(world: &World<'_>, items: &mut [Known]) -> Result<Keys, Fault> {
    #[derive(Deserialize)]
    struct Row {
        item: String,
        version: i64,
        options: String,
    }
    let pairs: Vec<(String, i64)> = items.iter().map(|k| (k.item.clone(), k.version)).collect();
    let places: BTreeMap<(String, i64), usize> =
        pairs.iter().cloned().enumerate().map(|(at, pair)| (pair, at)).collect();
    let mut all = Keys::new();
    for pairs in pairs.chunks(500) {
        all.extend(keys(world, pairs).await?);
        let text = serde_json::to_string(pairs).map_err(|e| Fault::new(e.to_string()))?;
        for row in read(world.db, sql::options(text)).await?.all::<Row>()? {
            let ids: Vec<String> = serde_json::from_str(&row.options).unwrap_or_default();
            let place = places.get(&(row.item, row.version));
            if let Some(known) = place.and_then(|at| items.get_mut(*at)) {
                for id in ids {
                    if !known.options.contains(&id) {
                        known.options.push(id);
                    }
                }
            }
        }
    }
    Ok(all)
}

impl Material<'_> {
    fn figures(
        &self,
        items: &[Known],
        keys: &Keys,
        known: &[Option<Item>],
        score_fits: &[ScoreFit],
    ) -> (Vec<Value>, Vec<Value>, Value) {
        let marks = self.marks(items.len());
        let classic = classical::items(&marks);
        let test = classical::test(&marks);
        let options = self.options(items);
        let squares = residuals(&self.data, known, &self.abilities);
        let difs = self.languages(known);
        let shown: Vec<u64> = classic.iter().map(|figures| figures.answered as u64).collect();
        let exposed = exposure(&shown, self.attempts.len() as u64);
        let observed = self.observed(items.len());
        let shares = self.shares(items.len());
        let (mut rows, mut raised) = (Vec::new(), Vec::new());
        for (at, item) in items.iter().enumerate() {
            let right = match keys.get(&(item.item.clone(), item.version)).map(|a| &a.key) {
                Some(Key::Options { right }) => right.as_slice(),
                _ => &[],
            };
            let place = |id: &String| item.options.iter().position(|have| have == id);
            let key: Vec<usize> = right.iter().filter_map(place).collect();
            let own = options[at].split_last().map_or(&[][..], |(_, own)| own);
            // Without a key nobody can say what a distractor is.
            let choices = if key.is_empty() { &[][..] } else { own };
            let facts =
                Facts { figures: &classic[at], options: choices, key: &key, dif: Some(&difs[at]) };
            let found = flags(&facts, &self.rules.flags);
            raised.extend(found.iter().map(|flag| flag_row(item, flag)));
            rows.push(row(
                item,
                &classic[at],
                &self.calibration.items[at],
                self.calibration.converged,
                &squares[at],
                &score_fits[at],
                &difs[at],
                json!({
                    "exposure": exposed.rates[at],
                    "flags": found.len(),
                    "more": {
                        "options": option_rows(item, &options[at], &key),
                        "total_correlation": classic[at].total_correlation,
                        "index": classic[at].discrimination_index,
                        "fit": score_fits[at], "residuals": squares[at], "dif": difs[at],
                        "observed": observed[at], "shares": shares[at],
                    },
                }),
            ));
        }
        let most = self.attempts.iter().map(|a| a.lines.len()).max().unwrap_or(0);
        let scores = Distribution::of(marks.totals(), most);
        let c = &self.calibration;
        let summary = json!({
            "test": test,
            "scores": scores.counts(),
            "calibration": {
                "converged": c.converged, "log_likelihood": c.log_likelihood, "parameters": c.parameters,
                "people": c.people, "evaluations": c.evaluations, "errors": c.errors,
                "variance": c.variance, "variance_se": c.variance_se,
            },
            "exposure": {
                "highest": exposed.highest, "length": exposed.length,
                "overlap": exposed.overlap, "overlap_pairs": exposed.overlap_pairs,
            },
            "information": information(known, &exposed.rates),
            "limits": { "moderate": self.rules.dif.limits.moderate, "large": self.rules.dif.limits.large },
            "languages": [self.rules.dif.reference, self.rules.dif.focal],
        });
        (rows, raised, summary)
    }

    /// Marks as parts of the whole: every item weighs as much as another.
    fn marks(&self, items: usize) -> Marks {
        let mut marks = Marks::new(vec![1.0; items]);
        for attempt in &self.attempts {
            let part = |mark: u32| f64::from(mark) / f64::from(WHOLE);
            marks.push(attempt.lines.iter().map(|l| (l.item as usize, part(l.mark))), 1.0);
        }
        marks
    }

    fn options(&self, items: &[Known]) -> Vec<Vec<OptionFigures>> {
        let mut chosen: Vec<Vec<(Vec<usize>, f64)>> = vec![Vec::new(); items.len()];
        for attempt in &self.attempts {
            let total: f64 = attempt.lines.iter().map(|l| f64::from(l.mark)).sum();
            for line in &attempt.lines {
                if let Some(own) = chosen.get_mut(line.item as usize) {
                    let places = line.chosen.iter().map(|at| *at as usize).collect();
                    own.push((places, (total - f64::from(line.mark)) / f64::from(WHOLE)));
                }
            }
        }
        let of = |(item, chosen): (&Known, &Vec<(Vec<usize>, f64)>)| {
            let choices: Vec<Choice<'_>> = chosen
                .iter()
                .map(|(options, rest)| Choice { options, rest: *rest, weight: 1.0 })
                .collect();
            if item.options.is_empty() {
                Vec::new()
            } else {
                classical::options(item.options.len(), &choices)
            }
        };
        items.iter().zip(&chosen).map(of).collect()
    }

    fn languages(&self, known: &[Option<Item>]) -> Vec<Dif> {
        let dif = &self.rules.dif;
        let group = |attempt: &Attempt| match attempt.group {
            0 => Group::Reference,
            1 => Group::Focal,
            _ => Group::Neither,
        };
        let groups: Vec<Group> = self.attempts.iter().map(group).collect();
        let matching = if self.data.is_complete() {
            Matching::NumberRight
        } else {
            Matching::Ability { items: known, groups: dif.groups }
        };
        purify(&self.data, &groups, matching, &dif.limits, dif.rounds).items
    }

    fn observed(&self, items: usize) -> Vec<Vec<Observed>> {
        let mut answers = vec![Vec::new(); items];
        for ((cells, weight), ability) in self.data.rows().zip(&self.abilities) {
            let Some(ability) = ability else { continue };
            for cell in cells {
                answers[cell.item()].push((*ability, cell.right(), weight));
            }
        }
        answers.iter().map(|answers| observe(answers, self.rules.observed_groups)).collect()
    }

    /// Shares right in both languages, by ability in halves.
    fn shares(&self, items: usize) -> Vec<Vec<Share>> {
        const LEVELS: usize = 13;
        let mut sums = vec![[[(0.0, 0.0); 2]; LEVELS]; items];
        for (at, ((cells, weight), ability)) in self.data.rows().zip(&self.abilities).enumerate() {
            let group = self.attempts.get(at).map_or(2, |attempt| attempt.group as usize);
            let Some(ability) = ability.filter(|_| group < 2) else { continue };
            let level = (((ability + 3.0) * 2.0).round().max(0.0) as usize).min(LEVELS - 1);
            for cell in cells {
                let (right, all) = &mut sums[cell.item()][level][group];
                *right += if cell.right() { weight } else { 0.0 };
                *all += weight;
            }
        }
        // The share of a handful says nothing and could point at somebody.
        let share = |(right, all): (f64, f64)| (all >= 5.0).then(|| right / all);
        let of = |levels: &[[(f64, f64); 2]; LEVELS]| {
            levels
                .iter()
                .enumerate()
                .map(|(at, [reference, focal])| Share {
                    level: at as f64 / 2.0 - 3.0,
                    reference: share(*reference),
                    focal: share(*focal),
                })
                .filter(|share| share.reference.is_some() || share.focal.is_some())
                .collect()
        };
        sums.iter().map(of).collect()
    }
}

/// Information that a test of this exam gives on average: items count as often as they are shown.
fn information(known: &[Option<Item>], rates: &[Option<f64>]) -> Vec<Point> {
    let at = |ability: f64| {
        let each = known.iter().zip(rates);
        let sum: f64 =
            each.filter_map(|(item, rate)| Some((*item)?.information(ability) * (*rate)?)).sum();
        let information = if sum.is_finite() { sum } else { 0.0 };
        let se = (information > 0.0).then(|| 1.0 / information.sqrt());
        Point { ability, information, se }
    };
    if known.iter().all(Option::is_none) {
        return Vec::new();
    }
    abilities(-4.0, 4.0, 81).into_iter().map(at).collect()
}

fn option_rows(item: &Known, figures: &[OptionFigures], key: &[usize]) -> Vec<Value> {
    let name = |at: usize| item.options.get(at).map_or("", String::as_str);
    let each = figures.iter().enumerate();
    each.map(|(at, figures)| {
        json!({ "option": name(at), "right": key.contains(&at), "figures": figures })
    })
    .collect()
}

fn flag_row(item: &Known, flag: &Flag) -> Value {
    let option = flag.option.and_then(|at| item.options.get(at)).map_or("", String::as_str);
    json!({
        "item": item.item, "version": item.version, "kind": flag.kind, "option": option,
        "value": flag.value, "bound": flag.limit,
    })
}

#[allow(clippy::too_many_arguments, reason = "a row has as many sources")]
fn row(
    item: &Known,
    classic: &ItemFigures,
    estimate: &ItemEstimate,
    converged: bool,
    squares: &Residuals,
    fit: &ScoreFit,
    dif: &Dif,
    rest: Value,
) -> Value {
    let parameters = estimate.item.ok().filter(|_| converged);
    let if_any = |value: Option<f64>| parameters.and(value);
    let why = match (estimate.item, converged) {
        (Err(why), _) => json!(why),
        (Ok(_), false) => json!("not_converged"),
        (Ok(_), true) => Value::Null,
    };
    let mut row = json!({
        "item": item.item, "version": item.version,
        "answered": classic.answered, "facility": classic.facility, "facility_se": classic.facility_se,
        "sd": classic.sd, "discrimination": classic.rest_correlation,
        "discrimination_se": classic.rest_correlation_se, "efficiency": classic.discriminative_efficiency,
        "a": parameters.map(|p| p.a), "a_se": if_any(estimate.a_se), "b": if_any(estimate.b),
        "b_se": if_any(estimate.b_se), "d": parameters.map(|p| p.d), "d_se": if_any(estimate.d_se),
        "why": why, "infit": squares.infit, "outfit": squares.outfit, "fit_p": fit.p,
        "delta": dif.delta, "delta_se": dif.delta_se, "dif_class": dif.class,
    });
    if let (Value::Object(row), Value::Object(rest)) = (&mut row, rest) {
        row.extend(rest);
    }
    row
}
