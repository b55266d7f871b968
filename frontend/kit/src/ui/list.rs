//! Lists whose address is their state: they are asked for anew when it changes, and what does not
//! fit on a page is behind a cursor.

use super::{
    button,
    load::{Loading, load},
    table::table,
};
use crate::{
    api::{self, wire::FromJson},
    dom::{El, div, follow, live, nothing},
    json::Json,
    nav::link,
    reactive::{AnyView, RwSignal},
    router::{Place, Route, write_query},
    state::app,
};

/// What a page asks of the API: the query is that of its own address.
pub fn asked(path: &str, place: &Place) -> String {
    match write_query(&place.query).as_str() {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// Asks for what the address says, and again when it says something else, as long as the page is
/// the one that asked first.
pub fn by_address<T: FromJson + 'static>(path: impl Fn(&Place) -> String + 'static) -> Loading<T> {
    let place = app().place;
    let (route, first) = place.with_untracked(|here| (here.route.clone(), path(here)));
    let list = load::<T>(first);
    follow(move || {
        let here = place.get();
        if here.route == route {
            list.ask(path(&here));
        }
    });
    list
}

/// The way to what comes after these, where the server has more: the same address behind a cursor.
pub fn older(all: &Json, key: &'static str) -> Option<El> {
    let next = all.str("next");
    (!next.is_empty()).then(|| {
        let to = app().place.with_untracked(|place| place.clone().with("cursor", next));
        link(to).class("button second").t(key)
    })
}

/// The way back to all of them, where the address leaves some out.
pub fn unfiltered(route: Route, key: &'static str) -> Option<El> {
    let filtered = app().place.with_untracked(|place| !place.query.is_empty());
    filtered.then(|| link(route).class("button second").t(key))
}

/// A table that grows at a press; what is there stays where it is.
pub struct Growing<P: 'static, R: 'static> {
    /// The key of its name.
    pub name: &'static str,
    /// Keys of its headings.
    pub heads: &'static [&'static str],
    /// What an address asks of the API.
    pub path: fn(&Place) -> String,
    /// The rows of an answer, and the cursor of the next one.
    pub parts: fn(P) -> (Vec<R>, Option<String>),
}

impl<P: FromJson + 'static, R: Clone + 'static> Growing<P, R> {
    /// Draws the first rows, and more of them as they come.
    pub fn view(self, first: P, cells: impl Fn(R) -> Vec<AnyView> + 'static) -> El {
        let Growing { name, heads, path, parts } = self;
        let (rows, next) = parts(first);
        let (rows, next, busy) = (RwSignal::new(rows), RwSignal::new(next), RwSignal::new(false));
        let more = move |_| {
            let Some(cursor) = next.get_untracked() else { return };
            busy.set(true);
            let path = path(&app().place.get_untracked().with("cursor", &cursor));
            api::run(async move {
                match api::get::<P>(path).await {
                    Ok(page) => {
                        let (more, cursor) = parts(page);
                        let _ = rows.try_update(|rows| rows.extend(more));
                        let _ = next.try_set(cursor);
                    }
                    Err(problem) => app().say(problem.words(), true),
                }
                let _ = busy.try_set(false);
            });
        };
        div("pages")
            .child(live(move || table(name, heads, rows.get().into_iter().map(&cells)).done()))
            .child(live(move || match next.with(Option::is_some) {
                false => nothing(),
                true => button("button second", "vacancies.more", more)
                    .flag("disabled", move || busy.get())
                    .done(),
            }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_of_the_address_is_that_of_the_question() {
        let place = Place::from(Route::Vacancies);
        assert_eq!(asked("exams", &place), "exams");
        let place = place.with("state", "draft").with("cursor", "a/b");
        assert_eq!(asked("exams", &place), "exams?state=draft&cursor=a%2Fb");
    }
}
