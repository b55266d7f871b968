//! Browsers that show messages although no page is open (web push).

use wasm_bindgen::prelude::*;

use crate::{
    api, browser,
    dom::{El, div, el, live_text},
    json::{self, Json},
    reactive::RwSignal,
    state::app,
    text::{fill, moment_at, t},
    ui::{self, load::Loading, page::section},
};

#[wasm_bindgen(module = "/js/push.js")]
extern "C" {
    #[wasm_bindgen(js_name = canPush)]
    fn can_push() -> bool;
    #[wasm_bindgen(js_name = allowed)]
    async fn allowed() -> JsValue;
    #[wasm_bindgen(js_name = subscribe)]
    async fn subscribe(key: &str) -> JsValue;
}

/// The browsers of the person, and this one.
pub fn browsers(now: &Json, again: Loading<Json>) -> El {
    let devices = now.list("devices").to_vec();
    let busy = RwSignal::new(false);
    section("push.title")
        .child(el("p").class("soft").t("push.lead"))
        .maybe((!devices.is_empty()).then(|| {
            el("ul").class("rows").children(devices.into_iter().map(|one| {
                let (id, since) = (one.str("id").to_owned(), moment_at(&one, "created_at"));
                el("li")
                    .child(
                        div("row-main")
                            .child(el("strong").child(one.str("device").to_owned()))
                            .child(
                                el("span").class("small soft").child(live_text(move || {
                                    fill("push.since", &[("at", &since)])
                                })),
                            ),
                    )
                    .child(ui::button("button quiet", "push.remove", move |_| {
                        api::run(remove(id.clone(), again));
                    }))
            }))
        }))
        .child(match can_push() {
            true => div("buttons").child(
                ui::button("button second", "push.on", move |_| {
                    if !busy.get_untracked() {
                        busy.set(true);
                        api::run(async move {
                            turn_on(again).await;
                            let _ = busy.try_set(false);
                        });
                    }
                })
                .flag("disabled", move || busy.get()),
            ),
            false => el("p").class("hint").t("push.cannot"),
        })
}

async fn remove(id: String, again: Loading<Json>) {
    match api::call("DELETE", format!("my/push/{id}")).once(browser::uuid()).send().await {
        Ok(_) => again.again(),
        Err(problem) => app().say(problem.words(), true),
    }
}

/// The person is asked first, while the press still counts as theirs; then the server's key.
async fn turn_on(again: Loading<Json>) {
    if allowed().await.as_bool() != Some(true) {
        return app().say(t("push.denied"), true);
    }
    let key = match api::call("GET", "my/push").send().await {
        Ok(text) => json::read(&text).unwrap_or_default().str("key").to_owned(),
        Err(problem) => return app().say(problem.words(), true),
    };
    let made = if key.is_empty() { None } else { subscribe(&key).await.as_string() };
    let Some(made) = made else { return app().say(t("push.failed"), true) };
    match api::call("POST", "my/push").text(&made).once(browser::uuid()).send().await {
        Ok(_) => {
            app().say(t("push.done"), false);
            again.again();
        }
        Err(problem) => app().say(problem.words(), true),
    }
}
