//! Complaints about items: those that wait first, and the decision.

use domain::account::permission::Permission;

use kit::bank::{at, item_at, word};

use super::ways;
use crate::{
    api,
    dom::{El, div, el, live, live_text},
    form::form,
    json::{Json, map},
    nav::link,
    reactive::{AnyView, RwSignal},
    router::Place,
    state::app,
    text::{moment_at, t},
    ui::{
        self,
        errors::summary,
        field::field,
        list::by_address,
        load::{Loading, empty},
        page::page as frame,
    },
};

fn path(place: &Place) -> String {
    let state = match place.get("state") {
        "" => "open",
        "all" => "",
        state => state,
    };
    format!("bank/complaints?state={state}")
}

/// The page.
pub fn page() -> AnyView {
    let all = by_address::<Json>(path);
    let states = ["", "upheld", "dismissed", "all"].map(|state| {
        let to = Place::from(at("complaints")).with("state", state);
        let here = move || app().place.with(|place| place.get("state") == state);
        el("li").child(
            link(to)
                .class("chip")
                .attr_live("aria-current", move || here().then(|| "true".into()))
                .child(word("bank_complaint", if state.is_empty() { "open" } else { state })),
        )
    });
    frame("bank.complaints", None)
        .child(ways())
        .child(el("ul").class("chips").children(states))
        .child(all.view(move |page| {
            let items = page.list("items");
            if items.is_empty() {
                return empty("bank.no_complaints", None);
            }
            let decides = app().may(Permission::ItemManage);
            el("ul")
                .class("rows")
                .children(items.iter().map(|one| {
                    let open = decides && one.str("state") == "open";
                    row(one).maybe(open.then(|| decision(one.str("id"), all)))
                }))
                .done()
        }))
        .done()
}

/// A complaint.
pub fn row(one: &Json) -> El {
    let (when, state) = (one.clone(), one.str("state").to_owned());
    let class = if state == "open" { "tag wait" } else { "tag mute" };
    let answer = one.str("answer").to_owned();
    el("li")
        .child(
            div("row-main")
                .child(
                    el("p")
                        .child(link(item_at(one.str("item"))).child(one.str("code").to_owned()))
                        .child(" · ")
                        .child(word("bank_ground", one.str("ground"))),
                )
                .child(el("p").class("prose").child(one.str("text").to_owned()))
                .maybe((!answer.is_empty()).then(|| el("p").class("prose inside").child(answer)))
                .child(div("small soft").child(live_text(move || moment_at(&when, "at")))),
        )
        .child(div("row-side").child(el("span").class(class).child(word("bank_complaint", &state))))
}

fn decision(id: &str, all: Loading<Json>) -> AnyView {
    let open = RwSignal::new(false);
    let id = id.to_owned();
    live(move || {
        if !open.get() {
            return ui::button("button second", "bank.decide", move |_| open.set(true)).done();
        }
        let form = form(map([("answer", "".into())]));
        let send = {
            let id = id.clone();
            move |upheld: bool| {
                let mut body = form.whole.get_untracked();
                body.put("upheld", upheld.into());
                let call = api::call("POST", format!("bank/complaints/{id}/decision")).body(&body);
                form.ask(call, move |_| {
                    app().say(t("bank.done"), false);
                    all.again();
                });
            }
        };
        let other = send.clone();
        div("group")
            .child(summary(form.errors))
            .child(field("answer", "bank.answer_why", form.errors).area(form.text("answer")))
            .child(
                div("buttons")
                    .child(ui::button("button", "bank.uphold", move |_| send(true)))
                    .child(ui::button("button second", "bank.dismiss", move |_| other(false))),
            )
            .done()
    })
}
