//! Exports with keys: asked for by one, approved by two others, each of whom has a half of the
//! password; and where a leaked text came from.

use domain::{
    account::permission::Permission,
    bank::{life::State, release::Format},
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use kit::bank::{choices, topic_options, word};

use super::ways;
use crate::{
    api::{self, Problem},
    browser,
    dom::{El, div, el, live, live_text, many, nothing},
    form::form,
    json::{self, Json, map},
    reactive::{AnyView, RwSignal},
    state::app,
    text::{fill, moment_at, number_of, t},
    ui::{
        self,
        errors::{self, Errors},
        field::field,
        load::{Loading, empty, load},
        page::{page as frame, section},
    },
};

/// The page.
pub fn page() -> AnyView {
    let all = load::<Json>("bank/exports");
    let asks = app().may(Permission::ItemExport);
    let guards = app().may(Permission::ItemGuard);
    frame("bank.exports", None)
        .child(ways())
        .child(el("p").class("soft").t("bank.exports_lead"))
        .maybe(asks.then(|| ask(all)))
        .child(all.view(move |page| {
            let items = page.list("items");
            if items.is_empty() {
                return empty("bank.no_exports", None);
            }
            el("ul")
                .class("plain cards")
                .children(items.iter().map(|one| el("li").child(card(one, all))))
                .done()
        }))
        .maybe(guards.then(leak))
        .done()
}

fn ask(all: Loading<Json>) -> El {
    let start = map([("format", "qti3".into()), ("purpose", "".into())]);
    let form = form(start);
    let topics = load::<Json>("bank/topics");
    let formats = choices("bank_format", Format::ALL.iter().map(|one| one.code()).collect(), None);
    let states =
        choices("bank_state", State::ALL.iter().map(|one| one.code()).collect(), Some("bank.any"));
    let send = move || {
        let mut body = form.whole.get_untracked();
        if body.is_empty("filter.state") {
            body.put("filter.state", Json::Null);
        }
        form.ask(api::call("POST", "bank/exports").body(&body), move |_| {
            app().say(t("bank.asked"), false);
            all.again();
        });
    };
    form.element("panel", send)
        .child(el("h2").t("bank.ask_export"))
        .child(
            div("row-fields")
                .child(form.one_of("format", "bank.format", formats))
                .child(
                    field("items", "bank.topic", form.errors)
                        .select(topic_options(topics, "bank.any"), form.text("filter.topic")),
                )
                .child(
                    field("state", "bank.state", form.errors)
                        .select(states, form.text("filter.state")),
                ),
        )
        .child(
            field("purpose", "bank.purpose", form.errors)
                .hint("bank.purpose_hint")
                .area(form.text("purpose")),
        )
        .child(div("buttons").child(form.submit("bank.ask_export_do")))
}

fn card(one: &Json, all: Loading<Json>) -> El {
    let n = one.int("items").unwrap_or_default();
    let class = match one.str("state") {
        "asked" => "tag wait",
        "approved" => "tag done",
        "refused" => "tag late",
        _ => "tag mute",
    };
    let (asked, until) = (one.clone(), one.clone());
    let names = [one.str("first_name"), one.str("second_name")];
    let names = names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ");
    let half = one.str("half").to_owned();
    div("card")
        .child(
            el("h2")
                .child(word("bank_format", one.str("format")))
                .child(live_text(move || {
                    format!(" · {} ", fill("bank.n_items", &[("n", &number_of(n))]))
                }))
                .child(el("span").class(class).child(word("bank_stage", one.str("state")))),
        )
        .child(el("p").class("prose").child(one.str("purpose").to_owned()))
        .child(div("small soft").child(live_text(move || {
            let (who, at) = (asked.str("asked_name"), moment_at(&asked, "asked_at"));
            fill("bank.asked_by", &[("who", who), ("at", &at)])
        })))
        .maybe((!names.is_empty()).then(|| {
            div("small soft").child(live_text(move || fill("bank.decided_by", &[("who", &names)])))
        }))
        .child(
            div("small soft").child(live_text(move || {
                fill("bank.until", &[("at", &moment_at(&until, "until"))])
            })),
        )
        .maybe((!half.is_empty()).then(|| {
            div("notice")
                .child(el("p").t("bank.half"))
                .child(el("p").class("big").child(el("code").class("half-code").child(half)))
        }))
        .child(buttons(one, all))
}

fn buttons(one: &Json, all: Loading<Json>) -> AnyView {
    let (id, version) = (one.str("id").to_owned(), one.int("version").unwrap_or_default());
    let decide = move |id: String, approve: bool| {
        let call = api::call("POST", format!("bank/exports/{id}/decision"))
            .body(&map([("approve", approve.into())]))
            .seen(version)
            .once(browser::uuid());
        api::run(async move {
            match call.send().await {
                Ok(_) => {
                    app().say(t("bank.done"), false);
                    all.again();
                }
                Err(problem) => {
                    app().say(problem.words(), true);
                    all.again();
                }
            }
        });
    };
    let (first, second, taken) = (id.clone(), id.clone(), id);
    many([
        if one.flag("may_decide") {
            div("buttons")
                .child(ui::button("button", "bank.approve", move |_| decide(first.clone(), true)))
                .child(ui::button("button danger", "bank.refuse", move |_| {
                    decide(second.clone(), false);
                }))
                .done()
        } else {
            nothing()
        },
        if one.flag("may_take") {
            div("buttons")
                .child(ui::button("button", "bank.take_file", move |_| take(taken.clone(), all)))
                .done()
        } else {
            nothing()
        },
    ])
}

/// Takes the sealed file: a post, because each time is written down.
fn take(id: String, all: Loading<Json>) {
    api::run(async move {
        match sealed(&id).await {
            Some(Ok(blob)) => {
                crate::browser::blur();
                kit::offline::build::save_file(&blob, &format!("bank-{id}.zip"));
                app().say(t("bank.taken_file"), false);
                all.again();
            }
            Some(Err(problem)) => app().say(problem.words(), true),
            None => app().say(Problem::network().words(), true),
        }
    });
}

async fn sealed(id: &str) -> Option<Result<Blob, Problem>> {
    let response = api::call("POST", format!("bank/exports/{id}/file")).response().await.ok()?;
    let of = |promise: Result<js_sys::Promise, JsValue>| async move {
        wasm_bindgen_futures::JsFuture::from(promise.ok()?).await.ok()
    };
    if response.ok() {
        let blob = of(response.blob()).await?;
        return blob.dyn_into::<Blob>().ok().map(Ok);
    }
    let text = of(response.text()).await?.as_string().unwrap_or_default();
    Some(Err(Problem::read(response.status(), &text)))
}

/// Where a text came from.
fn leak() -> El {
    let text = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Json>);
    let errors: Errors = errors::errors();
    section("bank.leak")
        .child(el("p").class("soft").t("bank.leak_hint"))
        .child(field("leak", "bank.leak_text", errors).area(text))
        .child(div("buttons").child(ui::button("button second", "bank.leak_find", move |_| {
            let body = map([("text", text.get_untracked().into())]);
            let call = api::call("POST", "bank/marks").body(&body);
            api::run(async move {
                match call.send().await {
                    Ok(text) => found.set(json::read(&text)),
                    Err(problem) => errors::show(&problem, errors),
                }
            });
        })))
        .child(live(move || {
            found.with(|found| match found {
                None => nothing(),
                Some(all) if all.list("exports").is_empty() => {
                    el("p").class("notice").attr("role", "status").t("bank.leak_none").done()
                }
                Some(all) => el("ul")
                    .class("rows")
                    .attr("role", "status")
                    .children(all.list("exports").iter().map(|one| {
                        let row = one.clone();
                        el("li").child(live_text(move || {
                            let (who, at) = (row.str("asked_name"), moment_at(&row, "asked_at"));
                            let names = [row.str("first_name"), row.str("second_name")].join(", ");
                            let asked = fill("bank.asked_by", &[("who", who), ("at", &at)]);
                            let by = fill("bank.decided_by", &[("who", &names)]);
                            format!("{} · {asked} · {by}", row.str("purpose"))
                        }))
                    }))
                    .done(),
            })
        }))
}
