//! Looks at answers so many times as a calibration does, for `scripts/bench`, which has the clock:
//! `cost PEOPLE SHOWN ITEMS LOOKS`. With `all` for LOOKS it calibrates to the end and says how many
//! looks that took.

use psychometrics::{
    calibration::{Settings, State},
    simulate::{Plan, answers, items},
};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| words.get(at).and_then(|word| word.parse().ok());
    let (Some(people), Some(shown), Some(count)) = (number(0), number(1), number(2)) else {
        eprintln!("cost PEOPLE SHOWN ITEMS LOOKS|all");
        std::process::exit(2);
    };
    let plan = Plan { people, shown, spread: 1.0, mean: 0.0, seed: 7 };
    let (data, _) = answers(&items(count, 3), plan);
    // Never satisfied, so that it looks as often as it is told.
    let whole = number(3).is_none();
    let settings = Settings {
        tolerance: if whole { 1e-4 } else { 0.0 },
        most_evaluations: number(3).map_or(3000, |looks| looks as u32),
        ..Settings::default()
    };
    let state = State::start(&data, &settings).advance(&data, &settings, u32::MAX);
    println!("{} {} {}", data.cells(), state.evaluations, state.converged);
}
