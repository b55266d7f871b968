//! What a room says of itself: the worker of tests is asked for all attempts at once, and told what a
//! proctor does. It is at home at another address and knows a key, no cookie.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, Request, RequestInit, Response};

use crate::{
    api, browser,
    json::{self, Json, map},
    reactive::RwSignal,
    state::app,
};

/// A room that is watched.
#[derive(Clone, Copy)]
pub struct Room {
    session: RwSignal<String>,
    /// Key and address; empty before they are told.
    key: RwSignal<(String, String)>,
    etag: RwSignal<String>,
    /// All attempts as they were last heard of.
    pub seats: RwSignal<Vec<Json>>,
    /// The moment of the last answer, milliseconds of the server's clock; 0 = none yet.
    pub heard: RwSignal<i64>,
    /// The worker does not answer.
    pub lost: RwSignal<bool>,
    /// Another page of the same person watches now.
    pub taken: RwSignal<bool>,
    /// Whether a question is on its way.
    asking: RwSignal<bool>,
}

/// An answer: status, ETag, text.
struct Answer {
    status: u16,
    etag: String,
    text: String,
}

/// Between two looks, milliseconds.
const PACE: i32 = 4_000;
/// For how long a list that has not changed is called new.
const FRESH: i64 = 20_000;

impl Room {
    /// A room that is not watched: something is done there now and then.
    pub fn of(session: &str) -> Room {
        Room {
            session: RwSignal::new(session.to_owned()),
            key: RwSignal::new((String::new(), String::new())),
            etag: RwSignal::new(String::new()),
            seats: RwSignal::new(Vec::new()),
            heard: RwSignal::new(0),
            lost: RwSignal::new(false),
            taken: RwSignal::new(false),
            asking: RwSignal::new(false),
        }
    }

    /// Begins to watch: asks for a key, then looks every few seconds for as long as the page is there.
    pub fn watch(session: &str) -> Room {
        let room = Room::of(session);
        room.beat();
        room
    }

    fn beat(self) {
        // The page has gone: nobody looks any more.
        let Some(asking) = self.asking.try_get_untracked() else { return };
        if !asking && !self.taken.with_untracked(|taken| *taken) {
            self.look();
        }
        browser::after(PACE, move || self.beat());
    }

    /// Looks now.
    pub fn look(self) {
        if self.asking.try_set(true).is_some() {
            return;
        }
        api::run(async move {
            self.ask().await;
            let _ = self.asking.try_set(false);
        });
    }

    async fn ask(self) {
        if !self.let_in().await {
            let _ = self.lost.try_set(true);
            return;
        }
        let Some(session) = self.session.try_get_untracked() else { return };
        let answer = self.send("GET", &format!("/s/{session}/live"), None).await;
        match answer {
            Some(Answer { status: 200, etag, text }) => {
                let seats = json::read(&text).unwrap_or_default().list("seats").to_vec();
                let _ = self.etag.try_set(etag);
                let _ = self.seats.try_set(seats);
                self.came();
            }
            Some(Answer { status: 304, .. }) => self.came(),
            // Another page has asked for a key. Two that took it from each other would never end.
            Some(Answer { status: 404, .. }) => {
                let _ = self.taken.try_set(true);
            }
            _ => {
                let _ = self.lost.try_set(true);
            }
        }
    }

    /// Watches here again.
    pub fn take_back(self) {
        self.key.set((String::new(), String::new()));
        self.etag.set(String::new());
        self.taken.set(false);
        self.look();
    }

    fn came(self) {
        let _ = self.heard.try_set(app().now().millis());
        let _ = self.lost.try_set(false);
    }

    /// Whether what is shown is of now.
    pub fn is_fresh(self) -> bool {
        let heard = self.heard.get();
        heard > 0 && app().now().millis() - heard < FRESH
    }

    async fn let_in(self) -> bool {
        let Some((key, _)) = self.key.try_get_untracked() else { return false };
        if !key.is_empty() {
            return true;
        }
        let Some(session) = self.session.try_get_untracked() else { return false };
        match api::call("POST", format!("exam-sessions/{session}/watch")).send().await {
            Ok(text) => {
                let said = json::read(&text).unwrap_or_default();
                let pair = (said.str("token").to_owned(), said.str("address").to_owned());
                self.key.try_set(pair).is_none()
            }
            Err(problem) => {
                if problem.status != 0 {
                    app().say(problem.words(), true);
                }
                false
            }
        }
    }

    async fn send(self, method: &str, path: &str, body: Option<&Json>) -> Option<Answer> {
        let (key, address) = self.key.try_get_untracked()?;
        let etag = self.etag.try_get_untracked()?;
        fetch(method, &format!("{address}{path}"), &key, &etag, body).await.ok()
    }

    /// Does something to an attempt: `pause`, `resume`, `extend`, `terminate`. The word of the worker
    /// where it says no; empty where it was done.
    pub async fn act(self, attempt: &str, op: &str, minutes: i64, why: &str) -> Result<(), String> {
        if !self.let_in().await {
            return Err("network".to_owned());
        }
        let body = map([("op", op.into()), ("minutes", minutes.into()), ("why", why.into())]);
        let path = format!("/a/{attempt}/proctor");
        match self.send("POST", &path, Some(&body)).await {
            Some(Answer { status: 200, .. }) => {
                self.look();
                Ok(())
            }
            Some(Answer { text, .. }) => {
                let word = json::read(&text).unwrap_or_default().str("error").to_owned();
                Err(if word.is_empty() { "network".to_owned() } else { word })
            }
            None => Err("network".to_owned()),
        }
    }
}

async fn fetch(
    method: &str,
    address: &str,
    key: &str,
    etag: &str,
    body: Option<&Json>,
) -> Result<Answer, JsValue> {
    let headers = Headers::new()?;
    headers.set("Authorization", &format!("Bearer {key}"))?;
    let init = RequestInit::new();
    init.set_method(method);
    match body {
        Some(body) => {
            headers.set("Content-Type", "application/json")?;
            init.set_body(&JsValue::from_str(&json::write(body)));
        }
        None if !etag.is_empty() => headers.set("If-None-Match", etag)?,
        None => {}
    }
    init.set_headers(&headers);
    let request = Request::new_with_str_and_init(address, &init)?;
    let response = JsFuture::from(browser::window().fetch_with_request(&request)).await?;
    let response: Response = response.dyn_into()?;
    let etag = response.headers().get("etag")?.unwrap_or_default();
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    Ok(Answer { status: response.status(), etag, text })
}
