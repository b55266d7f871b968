//! Known parameters come back, and whatever the answers are, nothing panics and nothing is NaN.

use proptest::prelude::*;

use super::{lsat::calibrate, methods::LIMITS};
use crate::{
    calibration::{
        ErrorKind, Settings, Why,
        prior::{Normal, Priors},
    },
    classical::{Marks, items as classical, test as figures},
    dif::{Group, Matching, purify},
    fit::{Groups, residuals, score_fit},
    model::{Item, Model},
    response::Responses,
    score,
    simulate::{Plan, answers, items},
};

/// Root of the mean squared difference.
fn distance(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    let squares: Vec<f64> = pairs.map(|(a, b)| (a - b) * (a - b)).collect();
    (squares.iter().sum::<f64>() / squares.len() as f64).sqrt()
}

#[test]
fn parameters_come_back_where_everybody_saw_other_items() {
    let truth = items(60, 77);
    let plan = Plan { people: 4000, shown: 30, spread: 1.0, mean: 0.0, seed: 5 };
    let (data, abilities) = answers(&truth, plan);
    let settings = Settings { error_work: 4e9, ..Settings::default() };
    let found = calibrate(&data, &settings);
    assert!(found.converged && found.errors == ErrorKind::Whole, "{:?}", found.errors);
    let each = || found.items.iter().zip(&truth);
    assert!(distance(each().map(|(f, t)| (f.item.unwrap().a, t.a))) < 0.1);
    assert!(distance(each().map(|(f, t)| (f.item.unwrap().d, t.d))) < 0.1);
    // Errors say how far off the estimates are: about two thirds lie within one.
    let within = |at: f64| {
        let inside = |(f, t): &(&crate::calibration::ItemEstimate, &Item)| {
            (f.item.unwrap().d - t.d).abs() < at * f.d_se.unwrap()
                && (f.item.unwrap().a - t.a).abs() < at * f.a_se.unwrap()
        };
        each().filter(inside).count()
    };
    assert!(within(1.0) < 50 && within(3.0) >= 58, "{} {}", within(1.0), within(3.0));
    let known = found.parameters_of();
    let quadrature = settings.quadrature();
    let score = |(cells, _)| score::eap(&known, cells, &quadrature, 1.0).unwrap();
    let scores: Vec<score::Score> = data.rows().map(score).collect();
    let off = distance(scores.iter().zip(&abilities).map(|(s, t)| (s.ability, *t)));
    let said = (scores.iter().map(|s| s.se * s.se).sum::<f64>() / scores.len() as f64).sqrt();
    assert!((off / said - 1.0).abs() < 0.05, "{off} {said}");
}

#[test]
fn the_variance_comes_back() {
    let truth: Vec<Item> = items(25, 9).iter().map(|item| Item { a: 1.0, d: item.d }).collect();
    let plan = Plan { people: 3000, shown: 25, spread: 1.6, mean: 0.0, seed: 6 };
    let (data, _) = answers(&truth, plan);
    let settings = Settings { model: Model::RaschFreeVariance, ..Settings::default() };
    let found = calibrate(&data, &settings);
    assert!((found.variance - 2.56).abs() < 3.0 * found.variance_se.unwrap(), "{}", found.variance);
}

#[test]
fn priors_hold_what_answers_do_not() {
    let mut data = Responses::new(3);
    for (row, weight) in
        [([true, true, false], 20.0), ([true, false, true], 15.0), ([true, true, true], 5.0)]
    {
        data.push(row.into_iter().enumerate(), weight);
    }
    let free = calibrate(&data, &Settings::default());
    assert_eq!(free.items[0].item, Err(Why::AllRight));
    let priors = Priors {
        slope: Some(Normal { mean: 0.0, sd: 0.5 }),
        intercept: Some(Normal { mean: 0.0, sd: 2.0 }),
    };
    let held = calibrate(&data, &Settings { priors, ..Settings::default() });
    assert!(held.converged, "{held:?}");
    assert!(held.items.iter().all(|i| i.item.is_ok_and(|i| i.a > 0.1 && i.a < 3.0)), "{held:?}");
    assert!(held.items[0].item.unwrap().d > held.items[1].item.unwrap().d);
}

#[test]
fn a_pool_without_answers_has_no_estimates() {
    let nobody = calibrate(&Responses::new(2), &Settings::default());
    assert!(!nobody.converged && nobody.errors == ErrorKind::None);
    assert!(nobody.items.iter().all(|i| i.item == Err(Why::TooFew)));
    let nothing = calibrate(&Responses::new(0), &Settings::default());
    assert!(nothing.items.is_empty());
}

fn no_nan<T: serde::Serialize>(value: &T) {
    // JSON has no NaN: it would be written as null where a number must stand.
    fn look(value: &serde_json::Value, keys: &str) {
        match value {
            serde_json::Value::Object(map) => map.iter().for_each(|(key, value)| {
                assert!(
                    !(value.is_null()
                        && ["a", "d", "variance", "people", "ability", "se"]
                            .contains(&key.as_str())),
                    "{keys}.{key}"
                );
                look(value, key);
            }),
            serde_json::Value::Array(list) => list.iter().for_each(|value| look(value, keys)),
            _ => {}
        }
    }
    look(&serde_json::to_value(value).unwrap(), "");
}

fn some_answers() -> impl Strategy<Value = Vec<(Vec<(usize, bool)>, f64)>> {
    let weight = prop_oneof![8 => Just(1.0), 2 => 0.5..40.0, 1 => Just(f64::NAN), 1 => Just(-1.0)];
    let row = prop::collection::vec((0usize..5, any::<bool>()), 0..6);
    prop::collection::vec((row, weight), 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_nothing_is_nan(rows in some_answers(), two in any::<bool>()) {
        let mut data = Responses::new(4);
        let mut marks = Marks::new(vec![1.0; 4]);
        for (row, weight) in &rows {
            data.push(row.iter().copied(), *weight);
            marks.push(row.iter().map(|(item, right)| (*item, f64::from(u8::from(*right)))), *weight);
        }
        let model = if two { Model::TwoParameter } else { Model::OneParameter };
        let settings = Settings { model, most_evaluations: 200, ..Settings::default() };
        let found = calibrate(&data, &settings);
        no_nan(&found);
        no_nan(&classical(&marks));
        no_nan(&figures(&marks));
        let known = found.parameters_of();
        let quadrature = settings.quadrature();
        let mut abilities = Vec::new();
        for (cells, _) in data.rows() {
            let score = score::eap(&known, cells, &quadrature, found.population_sd());
            no_nan(&score);
            no_nan(&score::ml(&known, cells, 6.0));
            no_nan(&score::map(&known, cells, 1.0));
            abilities.push(score.map(|s| s.ability));
        }
        no_nan(&residuals(&data, &known, &abilities));
        no_nan(&score_fit(&data, &known, &quadrature, Groups { least_expected: 1.0, parameters: 2.0 }));
        let groups: Vec<Group> = (0..data.len()).map(|at| [Group::Reference, Group::Focal, Group::Neither][at % 3]).collect();
        let limits = crate::dif::Limits { least_people: 0.0, ..LIMITS };
        no_nan(&purify(&data, &groups, Matching::NumberRight, &limits, 5));
        no_nan(&purify(&data, &groups, Matching::Ability { items: &known, groups: 4 }, &limits, 5));
    }

    #[test]
    fn the_order_of_people_is_nothing(seed in 0u64..1000) {
        order_is_nothing(seed);
    }
}

/// The order of people, and of the answers of each, changes nothing; two people are one of weight two.
fn order_is_nothing(seed: u64) {
    let (data, _) =
        answers(&items(6, seed), Plan { people: 80, shown: 5, spread: 1.0, mean: 0.0, seed });
    let rows: Vec<(Vec<(usize, bool)>, f64)> = data
        .rows()
        .map(|(cells, w)| (cells.iter().map(|c| (c.item(), c.right())).collect(), w))
        .collect();
    let mut turned = Responses::new(6);
    for (row, _) in rows.iter().rev() {
        // Also the order of one person's answers; and two people are one of weight two.
        turned.push(row.iter().rev().copied(), 2.0);
    }
    let settings = Settings { model: Model::OneParameter, tolerance: 1e-7, ..Settings::default() };
    let (a, b) = (calibrate(&data, &settings), calibrate(&turned, &settings));
    assert!(a.converged && b.converged);
    for (a, b) in a.items.iter().zip(&b.items) {
        assert_eq!(a.item.is_ok(), b.item.is_ok());
        if let (Ok(x), Ok(y)) = (a.item, b.item) {
            assert!((x.a - y.a).abs() < 1e-4 && (x.d - y.d).abs() < 1e-4);
        }
        if let (Some(x), Some(y)) = (a.d_se, b.d_se) {
            assert!((x / y - 2.0_f64.sqrt()).abs() < 1e-3);
        }
    }
}

/// Here the last steps raise the likelihood by less than rounding does.
#[test]
fn a_calibration_does_not_stand_still_before_its_end() {
    order_is_nothing(426);
}
