//! The few things that are asked of the browser. Where it refuses (no storage in a private
//! window, no clipboard without a click), the page goes on without.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Document, Element, Event, HtmlElement, Storage, Window};

use domain::shared::time::Timestamp;

/// The window.
pub fn window() -> Window {
    leptos::prelude::window()
}

/// The document.
pub fn document() -> Document {
    leptos::prelude::document()
}

/// The clock of this machine; the server's is the one that counts.
pub fn now() -> Timestamp {
    Timestamp::from_millis(js_sys::Date::now() as i64)
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Reads what was kept.
pub fn kept(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps a text. `false` where the browser has no room or no storage.
pub fn keep(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// Forgets what was kept.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

/// A new key for a command: the same key twice is the same command once.
pub fn uuid() -> String {
    window()
        .crypto()
        .map(|crypto| crypto.random_uuid())
        .unwrap_or_else(|_| format!("t{}", js_sys::Date::now() as i64))
}

/// Moves the focus to an element, if it is there.
pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        focus_element(&element);
    }
}

/// Moves the focus to an element.
pub fn focus_element(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Whether the person is in the middle of a form.
pub fn is_typing() -> bool {
    let Some(active) = document().active_element() else { return false };
    let control = matches!(active.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT");
    control && active.closest("main form:not([role=search])").is_ok_and(|form| form.is_some())
}

/// Acts after some milliseconds.
pub fn after(milliseconds: i32, act: impl FnOnce() + 'static) {
    let act: Box<dyn FnOnce()> = Box::new(act);
    let act = Closure::once_into_js(act);
    let _ = window()
        .set_timeout_with_callback_and_timeout_and_arguments_0(act.unchecked_ref(), milliseconds);
}

/// Acts after the page has been drawn.
pub fn soon(act: impl FnOnce() + 'static) {
    after(0, act);
}

/// Listens at the window for as long as the app lives.
pub fn listen(name: &str, act: impl FnMut(Event) + 'static) {
    let act = Closure::<dyn FnMut(Event)>::new(act);
    let _ = window().add_event_listener_with_callback(name, act.as_ref().unchecked_ref());
    act.forget();
}

/// The text of the control that an event came from.
pub fn value_of(event: &Event) -> String {
    let value = event.target().map(|target| js_sys::Reflect::get(&target, &"value".into()));
    value.and_then(Result::ok).and_then(|value| value.as_string()).unwrap_or_default()
}

/// Whether the browser believes that it is connected.
pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// Takes the focus out of a form that is done, so that what is new may be drawn.
pub fn blur() {
    if let Some(active) = document().active_element()
        && let Some(active) = active.dyn_ref::<HtmlElement>()
    {
        let _ = active.blur();
    }
}

/// Whether the page is in front of the person.
pub fn is_seen() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

/// Leaves the app for a page of the server.
pub fn leave_to(address: &str) {
    let _ = window().location().assign(address);
}

/// The address of this page without the host.
pub fn address() -> String {
    let location = window().location();
    format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

/// A number as the browser writes it: its code for that is not in our load.
pub fn number_text(n: f64) -> String {
    js_sys::Number::from(n).to_string_with_radix(10).map(String::from).unwrap_or_default()
}

/// A promise of the script that comes before the program.
fn promise(function: &str, of: &str) -> Option<js_sys::Promise> {
    let get = js_sys::Reflect::get(&window(), &function.into()).ok()?;
    let get: js_sys::Function = get.dyn_into().ok()?;
    get.call1(&wasm_bindgen::JsValue::NULL, &of.into()).ok()?.dyn_into().ok()
}

/// The file with the texts of a language; the page's script knows its address.
pub async fn texts(lang: &str) -> Option<String> {
    let text = promise("mansapTexts", lang)?;
    wasm_bindgen_futures::JsFuture::from(text).await.ok()?.as_string()
}

/// The answer that was asked for before the program came, once; the empty path forgets them all.
pub fn early(path: &str) -> Option<js_sys::Promise> {
    promise("mansapEarly", path)
}

/// A number as people and machines write it, with a point. `None` where it is none.
pub fn number_from(text: &str) -> Option<f64> {
    let text = text.trim();
    let number = js_sys::Number::parse_float(text);
    (!text.is_empty() && number.is_finite()).then_some(number)
}

/// Small letters, by the browser's tables of letters.
pub fn lower(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

/// Names under which something is kept.
pub fn kept_keys() -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let count = storage.length().unwrap_or_default();
    (0..count).filter_map(|place| storage.key(place).ok().flatten()).collect()
}
