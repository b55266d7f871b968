//! Talking to the server: JSON over fetch, problems as a type, commands that may be sent twice.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, Request, RequestInit, Response};

use crate::{browser, json, state::app};
use wire::{FromJson, ToJson};

pub mod attempt;
pub mod desk;
pub mod directory;
pub mod problem;
pub mod rows;
pub mod wire;

pub use attempt::Attempt;
pub use problem::{FieldProblem, Problem};

const ROOT: &str = "/api/v1/cabinet/";

/// A request that is being put together.
pub struct Call {
    method: String,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<JsValue>,
}

/// A request to the cabinet's API: `call("GET", "me")`.
pub fn call(method: &str, path: impl Into<String>) -> Call {
    let method = method.to_owned();
    Call { method, path: path.into(), headers: Vec::new(), body: None }
}

/// Reads something.
pub async fn get<T: FromJson>(path: impl Into<String>) -> Result<T, Problem> {
    call("GET", path).json().await
}

impl Call {
    /// Sends a body of JSON.
    pub fn body(mut self, body: &dyn ToJson) -> Call {
        let text = json::write(&body.to_json());
        self.headers.push(("Content-Type", "application/json".into()));
        self.body = Some(JsValue::from_str(&text));
        self
    }

    /// Sends JSON that is a text already.
    pub fn text(mut self, body: &str) -> Call {
        self.headers.push(("Content-Type", "application/json".into()));
        self.body = Some(JsValue::from_str(body));
        self
    }

    /// Sends a file as it is.
    pub fn file(self, file: &web_sys::File) -> Call {
        self.blob(file)
    }

    /// Sends bytes as they are.
    pub fn blob(mut self, bytes: &web_sys::Blob) -> Call {
        self.headers.push(("Content-Type", "application/octet-stream".into()));
        self.body = Some(bytes.into());
        self
    }

    /// Says which version was seen.
    pub fn seen(mut self, version: i64) -> Call {
        self.headers.push(("If-Match", format!("\"{version}\"")));
        self
    }

    /// The key of the attempt: a body that says the same as the last one is the same attempt.
    /// The body has to be given before.
    pub fn tried(self, attempt: &Attempt) -> Call {
        let body = self.body.as_ref().and_then(JsValue::as_string).unwrap_or_default();
        let key = attempt.key(&format!("{} {body}", self.path), browser::uuid);
        self.once(key)
    }

    /// Says which attempt it is: the server does the same attempt once.
    pub fn once(mut self, key: impl Into<String>) -> Call {
        self.headers.push(("Idempotency-Key", key.into()));
        self
    }

    /// Sends it and reads the answer.
    pub async fn json<T: FromJson>(self) -> Result<T, Problem> {
        let text = self.send().await?;
        wire::read(&text).ok_or_else(Problem::unreadable)
    }

    /// Sends it; an answer without a body is fine.
    pub async fn send(self) -> Result<String, Problem> {
        let (status, text) = self.answer().await;
        if matches!(status, 200..300) {
            return Ok(text);
        }
        if status == 401 {
            go_to_sign_in();
        }
        Err(Problem::read(status, &text))
    }

    /// Sends it; the status of the answer and its text, whatever it is. 0 = it did not get through.
    pub async fn answer(self) -> (u16, String) {
        let Ok(response) = self.fetch().await else { return (0, String::new()) };
        let online = app().online;
        if !online.get_untracked() {
            online.set(true);
        }
        let text = match response.text() {
            Ok(text) => JsFuture::from(text).await.ok().and_then(|text| text.as_string()),
            Err(_) => None,
        };
        match text {
            Some(text) => (response.status(), text),
            None => (0, String::new()),
        }
    }

    /// Sends it and gives the answer as it is, for bodies that are no text.
    pub async fn response(self) -> Result<Response, JsValue> {
        self.fetch().await
    }

    async fn fetch(self) -> Result<Response, JsValue> {
        let headers = Headers::new()?;
        headers.set("Accept", "application/json")?;
        headers.set("Accept-Language", app().lang.get_untracked().code())?;
        for (name, value) in &self.headers {
            headers.set(name, value)?;
        }
        let init = RequestInit::new();
        init.set_method(&self.method);
        init.set_headers(&headers);
        if let Some(body) = &self.body {
            init.set_body(body);
        }
        // What the page has begun to ask for before the program came; a write makes it old.
        let reads = self.method == "GET";
        if let Some(begun) = browser::early(if reads { &self.path } else { "" }) {
            return JsFuture::from(begun).await?.dyn_into();
        }
        let request = Request::new_with_str_and_init(&format!("{ROOT}{}", self.path), &init)?;
        let response = JsFuture::from(browser::window().fetch_with_request(&request)).await?;
        response.dyn_into()
    }
}

/// Nobody is signed in (any more): what was typed is mirrored, so the person signs in and
/// comes back to it.
pub fn go_to_sign_in() {
    crate::offline::unsure();
    let lang = app().lang.get_untracked();
    let next = crate::router::encode(&browser::address());
    // People sign in by a code; that page leads those with a password to theirs.
    let door = if app().area.is_mine() { "enter" } else { "sign-in" };
    browser::leave_to(&format!("/{}/{door}?next={next}", lang.code()));
}

/// Runs a future of the page.
pub fn run(future: impl Future<Output = ()> + 'static) {
    // Boxed: one way of spawning for all of them.
    let future: std::pin::Pin<Box<dyn Future<Output = ()>>> = Box::pin(future);
    wasm_bindgen_futures::spawn_local(future);
}
