//! The crossings to the runtime: bytes in, bytes out, one text a transaction.

use std::{cell::RefCell, panic, rc::Rc};

use trust_core::{
    Error, Random,
    day::of_millis,
    wire::{Kind, Request, Status, silence},
    work::CHALLENGE,
};
use wasm_bindgen::prelude::*;

use crate::{
    clock,
    intake::{Intake, Use},
    rules::{self, Price, Rules},
    sql::{Statement, unhex},
    visit::{Plan, Rows, Said, Setting},
};

#[wasm_bindgen(module = "/js/glue.js")]
extern "C" {
    /// The settings: root key (hexadecimal digits) and bits of work, as `[root, bits]`.
    fn settings(env: &JsValue) -> Vec<JsValue>;

    /// One transaction on D1, as JSON; a line of rows a statement.
    #[wasm_bindgen(catch)]
    async fn batch(env: &JsValue, statements: &str) -> Result<JsValue, JsValue>;

    /// A new challenge.
    #[wasm_bindgen(catch)]
    async fn challenge(env: &JsValue) -> Result<JsValue, JsValue>;

    /// Uses a challenge up.
    #[wasm_bindgen(catch)]
    async fn spend(env: &JsValue, challenge: &[u8], send: bool) -> Result<JsValue, JsValue>;

    /// Tells the entry that the module is lost.
    fn panicked();
}

/// What is read once an instance.
struct Isolate {
    root: Option<[u8; 32]>,
    /// What stands for the prices of the edition: bits for handing in and for asking, then up to
    /// how many in ten minutes it is calm.
    work: Vec<u32>,
}

thread_local! {
    static ISOLATE: RefCell<Option<Rc<Isolate>>> = const { RefCell::new(None) };
}

fn isolate(env: &JsValue) -> Rc<Isolate> {
    ISOLATE.with_borrow_mut(|have| {
        let made = || {
            let all = settings(env);
            let text = |at: usize| all.get(at).and_then(JsValue::as_string).unwrap_or_default();
            let root = unhex(&text(0)).and_then(|root| root.try_into().ok());
            let work =
                text(1).split_whitespace().filter_map(|number| number.parse().ok()).collect();
            Rc::new(Isolate { root, work })
        };
        Rc::clone(have.get_or_insert_with(made))
    })
}

#[wasm_bindgen(start)]
fn start() {
    // Not a word: a message could carry somebody's data, and there is nobody to read it.
    panic::set_hook(Box::new(|_| panicked()));
    // Memory or stack that run out end the module without a panic.
    wasm_bindgen::handler::set_on_abort(panicked);
}

fn fill(out: &mut [u8]) -> bool {
    getrandom::fill(out).is_ok()
}

fn now() -> i64 {
    js_sys::Date::now() as i64
}

/// Answers a request: the bytes of its body in, those of the answer out.
#[wasm_bindgen]
pub async fn answer(body: Vec<u8>, env: JsValue) -> Result<Vec<u8>, JsValue> {
    let mut fill = fill;
    let mut random = Random::new(&mut fill);
    let Ok(request) = Request::read(&body) else {
        return silence(&mut random, Kind::Poll).map_err(fault);
    };
    let said = if request.kind == Kind::Challenge {
        let made = challenge(&env).await.map(|value| js_sys::Uint8Array::from(value).to_vec());
        made.map_or(Said::This(Status::Fault, Vec::new()), |made| Said::This(Status::Done, made))
    } else {
        visit(&request, &env).await.unwrap_or_else(|status| Said::This(status, Vec::new()))
    };
    match said {
        Said::This(status, payload) => request.answer(status, &payload).map_err(fault),
        Said::Nothing => request.silence(&mut random).map_err(fault),
    }
}

async fn visit(request: &Request<'_>, env: &JsValue) -> Result<Said, Status> {
    if !request.worked {
        return Err(Status::Work);
    }
    let ask = request.ask().map_err(|error| match error {
        Error::Signature => Status::Refused,
        _ => Status::Malformed,
    })?;
    let send = matches!(request.kind, Kind::Submit | Kind::Chunk | Kind::Letter);
    let fresh = spend(env, &request.once.challenge, send).await.map_err(|_| Status::Fault)?;
    if fresh.as_bool() != Some(true) {
        return Err(Status::Stale);
    }
    let today = of_millis(now());
    let rules = rules::on(today).ok_or(Status::Fault)?;
    let setting = Setting { root: isolate(env).root, today, rules: &rules };
    let plan = Plan::of(&ask, &setting)?;
    let rows = run(env, &plan.statements).await?;
    plan.answer(&rows).map_err(|_| Status::Fault)
}

async fn run(env: &JsValue, statements: &[Statement]) -> Result<Rows, Status> {
    let text = serde_json::to_string(statements).map_err(|_| Status::Fault)?;
    let rows = batch(env, &text).await.map_err(|error| {
        // All that a failure may say: whether trying later helps.
        let full = error.as_string().is_some_and(|text| text == "full");
        if full { Status::Full } else { Status::Fault }
    })?;
    Rows::read(&rows.as_string().unwrap_or_default()).map_err(|_| Status::Fault)
}

/// The clockwork, every hour; `now` is the moment for which it was wound.
#[wasm_bindgen]
pub async fn tick(now: f64, env: JsValue) -> Result<(), JsValue> {
    let rules = rules::on(of_millis(now as i64)).ok_or("no rules")?;
    run(&env, &clock::tick(now as i64, &rules)).await.map(drop).map_err(|_| "tick".into())
}

fn fault(error: Error) -> JsValue {
    error.code().into()
}

/// The durable object's part: challenges, in memory alone.
#[wasm_bindgen]
pub struct Challenges(Intake);

#[wasm_bindgen]
impl Challenges {
    /// With a new key.
    #[wasm_bindgen(constructor)]
    pub fn new(env: &JsValue) -> Result<Challenges, JsValue> {
        let mut fill = fill;
        let key = Random::new(&mut fill).bytes().map_err(fault)?;
        let Rules { send, ask, .. } = rules::on(of_millis(now())).ok_or("no rules")?;
        let work = &isolate(env).work;
        let price = |have: Price, at: usize| {
            let bits = work.get(at).map_or(have.bits, |bits| (*bits).min(64) as u8);
            let most = bits.saturating_add(have.most - have.bits);
            Price { bits, most, calm: work.get(at + 2).copied().unwrap_or(have.calm) }
        };
        let (send, ask) = (price(send, 0), price(ask, 1));
        Ok(Challenges(Intake::new(key, send, ask)))
    }

    /// A challenge.
    pub fn challenge(&mut self) -> Result<Vec<u8>, JsValue> {
        let mut fill = fill;
        let random = Random::new(&mut fill).bytes().map_err(fault)?;
        Ok(self.0.challenge(now(), random).to_vec())
    }

    /// Uses a challenge up.
    pub fn spend(&mut self, challenge: &[u8], send: bool) -> bool {
        let what = if send { Use::Send } else { Use::Ask };
        <&[u8; CHALLENGE]>::try_from(challenge)
            .is_ok_and(|challenge| self.0.spend(now(), challenge, what))
    }
}
