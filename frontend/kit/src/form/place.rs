//! Choosing a place or an organisation: a few letters of its name, in any spelling, then one of those
//! found.

use std::rc::Rc;

use super::Form;
use crate::{
    api,
    dom::{El, div, live, nothing},
    json::Json,
    reactive::RwSignal,
    router::encode,
    text::{pick_json, t},
    ui::field::{Options, field},
};

/// The field: the code goes to a path of the form; `known` is the name of the place that is chosen.
pub fn place(form: Form, path: &'static str, known: Json) -> El {
    let words = ["place.search", "place.hint", "place.none", "place.one"];
    one_of(form, path, known, "places", words)
}

/// The same for an organisation; its code is its identifier.
pub fn organisation(form: Form, path: &'static str) -> El {
    let words =
        ["organisation.search", "organisation.hint", "organisation.none", "organisation.one"];
    one_of(form, path, Json::Null, "places/organisations", words)
}

fn one_of(
    form: Form,
    path: &'static str,
    known: Json,
    from: &'static str,
    [search, hint, nothing_found, one]: [&'static str; 4],
) -> El {
    let text = RwSignal::new(String::new());
    let chosen = form.whole.with_untracked(|all| all.str(path).to_owned());
    let first = if chosen.is_empty() { Vec::new() } else { vec![(chosen, known)] };
    let found: RwSignal<Vec<(String, Json)>> = RwSignal::new(first);
    let none = RwSignal::new(false);
    crate::dom::follow(move || {
        let query = text.get();
        if query.chars().count() < 2 {
            return;
        }
        api::run(async move {
            let all = api::get::<Json>(format!("{from}?q={}", encode(&query))).await;
            if let Ok(Json::List(all)) = all
                && text.try_get_untracked() == Some(query)
            {
                let _ = none.try_set(all.is_empty());
                let places = all.into_iter().map(|one| (one.str("code").to_owned(), one));
                let places: Vec<_> = places.collect();
                // One that fits alone is the one.
                if let [(code, _)] = places.as_slice() {
                    let code = code.clone();
                    form.whole.update(|all| all.put(path, code.into()));
                }
                let _ = found.try_set(places);
            }
        });
    });
    let options: Options = Rc::new(move || {
        let mut out = vec![(String::new(), t("form.choose").to_owned())];
        out.extend(found.get().iter().map(|(code, name)| {
            let words = if name.get("name").is_some() {
                pick_json(name.at("name"))
            } else {
                pick_json(name)
            };
            let around = pick_json(name.at("around"));
            let words = if around.is_empty() { words } else { format!("{words}, {around}") };
            (code.clone(), if words.is_empty() { code.clone() } else { words })
        }));
        out
    });
    div("place")
        .child(field("place-search", search, form.errors).hint(hint).input("search", text))
        .child(live(move || match none.get() {
            true => {
                crate::dom::el("p").class("hint").attr("role", "status").t(nothing_found).done()
            }
            false => nothing(),
        }))
        .child(field(path, one, form.errors).select(options, form.text(path)))
}
