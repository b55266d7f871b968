//! The worker of tests. JavaScript (`js/`) keeps and carries: storage of the object, sockets,
//! alarms, D1. What is decided is here, pure: a text in, a text out, no clock, no storage, so that
//! everything that can go wrong with an attempt can be tried natively.

pub mod door;
pub mod prepare;
pub mod result;
pub mod step;

use serde::{Serialize, de::DeserializeOwned};

/// Why there is no answer: a word for the log and the status; never what was in the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum No {
    /// The input cannot be read: a mistake of ours.
    Input,
    /// The exam's secret does not open, or is not the one that was committed to.
    Secret,
    /// The pool cannot be read, or is another than the exam names.
    Pool,
    /// The blueprint cannot be filled from the pool.
    Form,
    /// A body of an item is missing or cannot be read.
    Body,
    /// The edition or the group of the rules is unknown.
    Rules,
}

/// A statement as D1 takes it: text and values.
pub type Sql = (String, Vec<serde_json::Value>);

fn with<I: DeserializeOwned, O: Serialize>(input: &str, work: fn(I) -> Result<O, No>) -> String {
    let done = serde_json::from_str(input).map_err(|_| No::Input).and_then(work);
    let answer = match done {
        Ok(answer) => serde_json::to_string(&answer),
        Err(no) => serde_json::to_string(&serde_json::json!({ "no": no })),
    };
    answer.unwrap_or_else(|_| r#"{"no":"input"}"#.to_owned())
}

/// Does `what` with a JSON text and answers with one; `{"no": …}` where it cannot be done.
pub fn act(what: &str, input: &str) -> String {
    match what {
        "door" => with(input, door::look),
        "paper" => with(input, door::paper),
        "room" => with(input, door::room),
        "check" => with(input, door::check),
        "draw" => with(input, prepare::draw),
        "blocks" => with(input, prepare::blocks),
        "step" => with(input, step::step),
        "glimpse" => with(input, step::glimpse),
        "key" => with(input, prepare::key),
        "mirror" => with(input, result::mirror),
        "ask" => with(input, result::ask),
        "result" => with(input, result::result),
        "appeal" => with(input, result::appeal),
        "until" => with(input, result::until),
        "standing" => with(input, result::standing),
        _ => r#"{"no":"input"}"#.to_owned(),
    }
}

#[cfg(target_arch = "wasm32")]
mod glue {
    use wasm_bindgen::prelude::*;

    /// See [`super::act`].
    #[wasm_bindgen]
    pub fn act(what: &str, input: &str) -> String {
        super::act(what, input)
    }

    /// See [`super::prepare::file`].
    #[wasm_bindgen]
    pub fn seal_file(key: &str, attempt: &str, block: u16, n: u16, bytes: &[u8]) -> Vec<u8> {
        super::prepare::file(key, attempt, block, n, bytes)
    }
}

#[cfg(test)]
mod tests;
