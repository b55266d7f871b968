//! The list of items: search and filters, which are in the address.

use domain::{
    account::permission::Permission,
    bank::{body::Kind, life::State, meta::Level},
};

use kit::bank::{at, choices, item_at, topic_name, topic_options, word};

use super::{state_tag, ways};
use crate::{
    dom::{El, div, el, live_text},
    form::filters,
    json::Json,
    nav::link,
    reactive::AnyView,
    state::app,
    text::{fill, moment_at, number_of},
    ui::{
        list::{asked, by_address, older, unfiltered},
        load::{Loading, empty, load},
        page::page as frame,
        table::table,
    },
};

const HEADS: &[&str] =
    &["bank.question", "bank.state", "bank.kind", "bank.topic", "bank.exposure", "bank.changed"];

/// The page.
pub fn page() -> AnyView {
    let list = by_address::<Json>(|place| asked("bank/items", place));
    let topics = load::<Json>("bank/topics");
    let action =
        app().may(Permission::ItemWrite).then(|| link(at("new")).class("button").t("bank.new"));
    frame("nav.bank", action)
        .child(ways())
        .child(filters(topics))
        .child(list.view(move |all| rows(&all, topics)))
        .done()
}

fn rows(all: &Json, topics: Loading<Json>) -> AnyView {
    let items = all.list("items");
    if items.is_empty() {
        let all = unfiltered(at(""), "bank.clear");
        return empty(if all.is_some() { "bank.none" } else { "bank.empty" }, all);
    }
    let total = all.int("total").unwrap_or_default();
    div("group")
        .child(el("p").class("soft small").attr("role", "status").child(live_text(move || {
            if total > 1000 {
                fill("bank.found_many", &[("n", &number_of(1000_i64))])
            } else {
                fill("bank.found", &[("n", &number_of(total))])
            }
        })))
        .child(table("nav.bank", HEADS, items.iter().map(|one| cells(one, topics))))
        .maybe(older(all, "bank.older"))
        .done()
}

fn cells(one: &Json, topics: Loading<Json>) -> Vec<AnyView> {
    let text = |name: &str| one.str(name).to_owned();
    let (when, topic) = (one.clone(), text("topic"));
    let question = |lang: &'static str| {
        let words = text(lang);
        (!words.is_empty())
            .then(|| el("div").class("excerpt small").attr("lang", lang).child(words))
    };
    vec![
        div("cell-title")
            .child(link(item_at(one.str("id"))).child(text("code")))
            .maybe(question("kk"))
            .maybe(question("ru"))
            .done(),
        state_tag(one.str("state")).done(),
        el("div")
            .child(word("bank_kind", one.str("kind")))
            .child(div("small soft").child(word("bank_level", one.str("level"))))
            .done(),
        live_text(move || topic_name(topics, &topic)),
        el("span").class("num").child(number_of(one.int("exposure").unwrap_or_default())).done(),
        live_text(move || moment_at(&when, "changed_at")),
    ]
}

fn filters(topics: Loading<Json>) -> El {
    let any = Some("bank.any");
    let states = choices("bank_state", State::ALL.iter().map(|one| one.code()).collect(), any);
    let kinds = choices("bank_kind", Kind::ALL.iter().map(|one| one.code()).collect(), any);
    let levels = choices("bank_level", Level::ALL.iter().map(|one| one.code()).collect(), any);
    filters::filters(at(""))
        .words("q", "bank.search")
        .one_of("state", "bank.state", states)
        .one_of("kind", "bank.kind", kinds)
        .one_of("level", "bank.level", levels)
        .one_of("topic", "bank.topic", topic_options(topics, "bank.any"))
        .keep("mine")
        .done("vacancies.find")
}
