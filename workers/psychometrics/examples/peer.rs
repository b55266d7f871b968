//! Writes answers and what we make of them as JSON, for an independent package to check
//! (`tests/psychometrics`).

use psychometrics::{
    calibration::{Calibration, Settings, State, estimate},
    classical::{Marks, items as classical, test},
    dif::{Limits, Table, mantel_haenszel},
    equating::{Distribution, equipercentile},
    fit::{Groups, score_fit},
    model::{Item, Model},
    number::chi_square_above,
    response::Responses,
    score,
    simulate::{Plan, Random, answers, items},
};
use serde_json::{Value, json};

fn calibrate(data: &Responses, model: Model) -> Calibration {
    let settings = Settings { model, tolerance: 1e-6, error_work: 1e12, ..Settings::default() };
    let state = State::start(data, &settings).advance(data, &settings, u32::MAX);
    estimate(data, &settings, &state)
}

fn matrix(data: &Responses) -> Vec<Vec<i8>> {
    let row = |(cells, _): (&[psychometrics::response::Cell], f64)| {
        let mut row = vec![-1; data.items()];
        cells.iter().for_each(|cell| row[cell.item()] = i8::from(cell.right()));
        row
    };
    data.rows().map(row).collect()
}

fn case(items: &[Item], plan: Plan) -> Value {
    let (data, _) = answers(items, plan);
    let mut marks = Marks::new(vec![1.0; items.len()]);
    for (cells, weight) in data.rows() {
        marks.push(cells.iter().map(|c| (c.item(), f64::from(u8::from(c.right())))), weight);
    }
    let two = calibrate(&data, Model::TwoParameter);
    let known = two.parameters_of();
    let quadrature = Settings::default().quadrature();
    let scores: Vec<_> = data
        .rows()
        .take(50)
        .map(|(cells, _)| {
            (score::eap(&known, cells, &quadrature, 1.0), score::ml(&known, cells, 8.0))
        })
        .collect();
    json!({
        "answers": matrix(&data),
        "classical": classical(&marks),
        "test": test(&marks),
        "two": two,
        "one": calibrate(&data, Model::OneParameter),
        "scores": scores,
        "fit": score_fit(&data, &known, &quadrature, Groups { least_expected: 1.0, parameters: 2.0 }),
    })
}

fn main() {
    let mut random = Random::new(99);
    let mut count = |most: usize| random.below(most) as f64;
    let tables: Vec<Vec<Table>> = (0..5)
        .map(|_| {
            let table = |_| Table {
                reference_right: 5.0 + count(60),
                reference_wrong: 5.0 + count(40),
                focal_right: 5.0 + count(40),
                focal_wrong: 5.0 + count(60),
            };
            (0..12).map(table).collect()
        })
        .collect();
    let limits = Limits {
        moderate: 1.0,
        large: 1.5,
        quantile: 1.96,
        quantile_beyond: 1.645,
        least_people: 1.0,
    };
    let tails = [(0.3, 1.0), (3.0, 1.0), (40.0, 1.0), (7.5, 9.0), (80.0, 61.0), (2000.0, 1900.0)];
    let whole = Plan { people: 1500, shown: 12, spread: 1.0, mean: 0.0, seed: 31 };
    let sparse = Plan { people: 2500, shown: 10, spread: 1.0, mean: 0.0, seed: 32 };
    let forms = [[3.0, 8.0, 15.0, 22.0, 19.0, 9.0, 4.0], [2.0, 5.0, 11.0, 20.0, 24.0, 14.0, 6.0]];
    let [x, y] = forms.map(Distribution::new);
    let out = json!({
        "whole": case(&items(12, 71), whole),
        "sparse": case(&items(16, 72), sparse),
        "dif": tables.iter().map(|t| json!({"tables": t, "found": mantel_haenszel(t, &limits)})).collect::<Vec<_>>(),
        "tails": tails.map(|(x, df)| (x, df, chi_square_above(x, df))),
        "equating": { "x": forms[0], "y": forms[1], "found": equipercentile(&x, &y) },
    });
    println!("{out}");
}
