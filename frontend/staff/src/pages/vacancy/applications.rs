//! How many applications a vacancy has; the list is another cabinet.

use crate::{
    dom::{El, div, el, live_text},
    json::Json,
    nav::link,
    reactive::AnyView,
    router::{Place, Route, write_query},
    text::{number_of, t_of},
    ui::load::load,
};

/// How many applications a vacancy has by state, for its page.
pub fn view(vacancy: &str) -> AnyView {
    let to = Place::from(Route::Applications).with("vacancy", vacancy);
    let list = load::<Json>(format!("applications?{}", write_query(&to.query)));
    kit::ui::page::section("applications.of_vacancy")
        .child(list.view(move |all| {
            let to = to.clone();
            div("group")
                .child(tabs_of(&all, &to))
                .child(el("p").child(link(to).t("applications.open")))
                .done()
        }))
        .done()
}

fn tabs_of(all: &Json, to: &Place) -> El {
    let to = to.clone();
    el("ul").class("counts").children(all.list("states").iter().filter_map(move |pair| {
        let Json::List(two) = pair else { return None };
        let state = two.first()?.text().to_owned();
        let n = kit::json::map([("n", two.get(1)?.clone())]).int("n").filter(|n| *n > 0)?;
        let place = to.clone().with("state", &state);
        Some(
            el("li").child(
                link(place)
                    .class("chip")
                    .child(live_text(move || t_of("app_state", &state)))
                    .child(" ")
                    .child(el("span").class("num").child(number_of(n))),
            ),
        )
    }))
}
