//! What the two cabinets of the bank of test items share: addresses, words of codes, topics, an
//! item as it is shown.

use crate::{
    dom::live_text,
    json::Json,
    reactive::AnyView,
    router::Route,
    text::{pick_json, t, t_of},
    ui::{field::Options, load::Loading},
};

pub mod show;

/// An address in the bank.
pub fn at(rest: impl Into<String>) -> Route {
    Route::Bank(rest.into())
}

/// An item.
pub fn item_at(id: &str) -> Route {
    at(format!("items/{id}"))
}

/// The name of a topic: the words of its path.
pub fn topic_name(topics: Loading<Json>, path: &str) -> String {
    let Some(all) = topics.get() else { return path.to_owned() };
    let name = |path: &str| {
        let found = all.list("items").iter().find(|one| one.str("path") == path);
        found.map(|one| pick_json(one.at("name")))
    };
    let mut out = Vec::new();
    let mut here = String::new();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if !here.is_empty() {
            here.push('/');
        }
        here.push_str(part);
        out.push(name(&here).unwrap_or_else(|| part.to_owned()));
    }
    if out.is_empty() { "—".to_owned() } else { out.join(" › ") }
}

/// Topics as options, deeper ones further in.
pub fn topic_options(topics: Loading<Json>, first: &'static str) -> Options {
    std::rc::Rc::new(move || {
        let mut out = vec![(String::new(), t(first).to_owned())];
        if let Some(all) = topics.get() {
            out.extend(all.list("items").iter().map(|one| {
                let path = one.str("path").to_owned();
                let deep = "– ".repeat(path.matches('/').count());
                (path, format!("{deep}{}", pick_json(one.at("name"))))
            }));
        }
        out
    })
}

/// A code as a word, in the language of the moment.
pub fn word(prefix: &'static str, code: &str) -> AnyView {
    let code = code.to_owned();
    live_text(move || if code.is_empty() { "—".to_owned() } else { t_of(prefix, &code) })
}

/// Codes with their words as options, the first one leaves all of them in.
pub fn choices(
    prefix: &'static str,
    codes: Vec<&'static str>,
    first: Option<&'static str>,
) -> Options {
    std::rc::Rc::new(move || {
        let any = first.map(|key| (String::new(), t(key).to_owned()));
        let rest = codes.iter().map(|code| ((*code).to_owned(), t_of(prefix, code)));
        any.into_iter().chain(rest).collect()
    })
}
