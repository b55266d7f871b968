//! Section 6 of the Law School Admission Test: 1000 people, 5 items (Bock & Lieberman 1970,
//! Psychometrika 35), as in Rizopoulos 2006, Journal of Statistical Software 17(5).

use crate::{
    calibration::{Calibration, ErrorKind, Settings, State, estimate},
    model::Model,
    number::quadrature::Quadrature,
    response::{Cell, Responses},
    score,
};

pub fn patterns() -> Vec<(Vec<bool>, f64)> {
    let text = include_str!("lsat6.csv");
    let row = |line: &str| {
        let numbers: Vec<f64> = line.split(',').map(|n| n.trim().parse().unwrap()).collect();
        (numbers[..5].iter().map(|n| *n == 1.0).collect(), numbers[5])
    };
    text.lines().skip(1).filter(|line| !line.is_empty()).map(row).collect()
}

pub fn responses() -> Responses {
    let mut out = Responses::new(5);
    for (pattern, weight) in patterns() {
        out.push(pattern.into_iter().enumerate(), weight);
    }
    out
}

pub fn calibrate(data: &Responses, settings: &Settings) -> Calibration {
    let state = State::start(data, settings).advance(data, settings, u32::MAX);
    estimate(data, settings, &state)
}

fn close(found: &[f64], published: &[f64], within: f64) {
    assert_eq!(found.len(), published.len());
    for (found, published) in found.iter().zip(published) {
        assert!((found - published).abs() <= within, "{found} is not {published} ± {within}");
    }
}

fn slopes(c: &Calibration) -> Vec<f64> {
    c.items.iter().map(|i| i.item.unwrap().a).collect()
}

fn difficulties(c: &Calibration) -> Vec<f64> {
    c.items.iter().map(|i| i.b.unwrap()).collect()
}

fn hermite(model: Model, points: usize) -> Settings {
    Settings { model, points, bound: 0.0, ..Settings::default() }
}

#[test]
fn two_parameters_at_21_and_61_points() {
    let found = calibrate(&responses(), &hermite(Model::TwoParameter, 21));
    assert!(found.converged);
    let a = [0.8253715, 0.7229499, 0.8904748, 0.6885502, 0.6574516];
    let b = [-3.3597341, -1.3696497, -0.2798983, -1.8659189, -3.1235725];
    close(&slopes(&found), &a, 0.002);
    close(&difficulties(&found), &b, 0.005);
    close(&[found.log_likelihood.unwrap()], &[-2466.653385], 1e-4);
    let a = [0.8256595, 0.7227442, 0.8908745, 0.6883680, 0.6568559];
    let b = [-3.3588111, -1.3700576, -0.2796662, -1.8663810, -3.1259068];
    for settings in [hermite(Model::TwoParameter, 61), Settings::default()] {
        let found = calibrate(&responses(), &settings);
        close(&slopes(&found), &a, 0.002);
        close(&difficulties(&found), &b, 0.005);
        close(&[found.log_likelihood.unwrap()], &[-2466.65338], 1e-4);
        assert_eq!(found.errors, ErrorKind::Whole);
    }
}

#[test]
fn one_parameter_and_its_error() {
    let settings = Settings { model: Model::OneParameter, ..Settings::default() };
    let found = calibrate(&responses(), &settings);
    close(&slopes(&found), &[0.7551347; 5], 1e-4);
    let b = [-3.6152665, -1.3224208, -0.3176306, -1.7300903, -2.7801716];
    close(&difficulties(&found), &b, 1e-3);
    close(&[found.log_likelihood.unwrap()], &[-2466.9376], 1e-4);
    close(&[found.items[0].a_se.unwrap()], &[0.0694], 1e-4);
    assert_eq!(found.parameters, 6);
}

#[test]
fn rasch_with_fixed_and_with_free_variance() {
    let fixed = calibrate(&responses(), &Settings { model: Model::Rasch, ..Settings::default() });
    let b = [-2.8719712, -1.0630294, -0.2576109, -1.3880588, -2.2187785];
    close(&difficulties(&fixed), &b, 1e-4);
    close(&[fixed.log_likelihood.unwrap()], &[-2473.053847], 1e-4);
    let settings = Settings { model: Model::RaschFreeVariance, ..Settings::default() };
    let free = calibrate(&responses(), &settings);
    let d: Vec<f64> = free.items.iter().map(|i| i.item.unwrap().d).collect();
    close(&d, &[2.73, 0.999, 0.24, 1.306, 2.099], 1e-3);
    close(&[free.variance], &[0.57], 1e-3);
    assert!(free.variance_se.unwrap() > 0.0);
    let ratio = 2.0 * (free.log_likelihood.unwrap() - fixed.log_likelihood.unwrap());
    close(&[ratio], &[12.23], 0.01);
    assert_eq!(free.parameters - fixed.parameters, 1);
}

#[test]
fn cut_into_pieces_it_finds_the_same() {
    let (data, settings) = (responses(), Settings::default());
    let mut state = State::start(&data, &settings);
    let mut pieces = 0;
    while !state.is_over(&settings) {
        let text = serde_json::to_string(&state).unwrap();
        state = serde_json::from_str::<State>(&text).unwrap().advance(&data, &settings, 3);
        pieces += 1;
    }
    assert!(pieces > 3);
    let whole = calibrate(&data, &settings);
    close(&slopes(&estimate(&data, &settings, &state)), &slopes(&whole), 1e-6);
}

#[test]
fn scores_of_patterns() {
    let items = calibrate(&responses(), &hermite(Model::TwoParameter, 21)).parameters_of();
    let cells = |pattern: [bool; 5]| -> Vec<Cell> {
        pattern.into_iter().enumerate().map(|(item, right)| Cell::new(item, right)).collect()
    };
    let quadrature = Quadrature::hermite(21);
    for (pattern, mean, se, mode) in
        [([false; 5], -1.896902, 0.801245, -1.895344), ([true; 5], 0.645596, 0.859013, 0.606352)]
    {
        let eap = score::eap(&items, &cells(pattern), &quadrature, 1.0).unwrap();
        close(&[eap.ability, eap.se], &[mean, se], 1e-3);
        close(&[score::map(&items, &cells(pattern), 1.0).unwrap().ability], &[mode], 1e-3);
        assert_eq!(score::ml(&items, &cells(pattern), 6.0), None);
    }
    let middle = score::ml(&items, &cells([true, false, true, false, true]), 6.0).unwrap();
    let slope: f64 = [true, false, true, false, true]
        .into_iter()
        .zip(&items)
        .map(|(right, item)| {
            let item = item.unwrap();
            item.a * (f64::from(u8::from(right)) - item.probability(middle.ability))
        })
        .sum();
    close(&[slope], &[0.0], 1e-9);
}

#[test]
fn errors_of_blocks_are_near_those_of_the_whole() {
    for model in [Model::TwoParameter, Model::OneParameter, Model::Rasch] {
        let settings = Settings { model, ..Settings::default() };
        let whole = calibrate(&responses(), &settings);
        let blocks = calibrate(&responses(), &Settings { error_work: 0.0, ..settings });
        assert_eq!((whole.errors, blocks.errors), (ErrorKind::Whole, ErrorKind::Blocks));
        for (a, b) in whole.items.iter().zip(&blocks.items) {
            let ratio = b.d_se.unwrap() / a.d_se.unwrap();
            assert!((0.6..=1.001).contains(&ratio), "{model:?} {ratio}");
        }
    }
}
