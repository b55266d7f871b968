//! The line to the worker: what is asked, what is heard, and what happens when it is lost.

use kit::{
    api::run,
    browser,
    json::{self, Json},
};
use wasm_bindgen::{JsCast, closure::Closure};

use super::{
    BUSY, FAILS, FULL, LOOK, NEXT, SETTLED, SOCKET, Screen, change, commit, files_all,
    opening::unlock, ours, page, quietly, settle, wait,
};
use crate::{files, model::Model, store, text::t};

/// The worker closes the line of a page that has said more than an attempt may hold.
const OVERFULL: u16 = 4013;

pub(super) async fn ask(word: &str, body: Option<String>) -> (u16, Json) {
    let (attempt, token) = quietly(|model| (model.attempt.clone(), model.token.clone()));
    let answer = store::text(&store::ask(&attempt, &token, word, body).await);
    let (status, text) = answer.split_once(' ').unwrap_or(("0", ""));
    let status = status.parse().unwrap_or(0);
    let page = page();
    let heard = status != 0;
    if page.online.get_untracked() != heard {
        page.online.set(heard);
    }
    (status, json::read(text).unwrap_or_default())
}

pub(super) async fn keep() {
    let kept = quietly(|model| {
        (!model.replaced).then(|| (model.attempt.clone(), model.record(), model.token.clone()))
    });
    if let Some((attempt, record, token)) = kept {
        store::keep_record(&attempt, &record, &token).await;
    }
}

async fn confirmed(said: &Json, asked: i64) {
    let done = change(|model| model.received(said, asked, ours()));
    if let Some((epoch, upto)) = done {
        keep().await;
        let attempt = quietly(|model| model.attempt.clone());
        store::drop_events(&attempt, epoch, upto).await;
    }
}

/// Says over the line what it has not taken yet.
pub(super) fn flush() {
    if !SOCKET.get() {
        return;
    }
    while let Some(message) = quietly(Model::message) {
        if !store::say(&message) {
            return;
        }
    }
}

/// By post, where there is no line: what was done under an earlier epoch, then all.
pub(super) async fn post(old_only: bool) -> bool {
    loop {
        let Some(body) = quietly(|model| model.post(old_only)) else { return true };
        let asked = ours();
        let (status, said) = ask("events", Some(body)).await;
        match status {
            200 => confirmed(&said, asked).await,
            // An epoch that nobody gave out: it can never be taken.
            409 if said.str("error") == "epoch" => {
                change(|model| model.unsent.retain(|event| event.epoch == model.epoch));
                return true;
            }
            413 => {
                full();
                return false;
            }
            _ => return false,
        }
    }
}

/// Nothing more is taken; what was confirmed stays, and the person is told.
fn full() {
    page().problem.set(t("line.full").to_owned());
    wait::about(FULL);
}

pub(super) fn connect() {
    let heard = Closure::<dyn Fn(String)>::new(|text: String| hear(&text)).into_js_value();
    let gone = Closure::<dyn Fn(u16)>::new(lost).into_js_value();
    let (attempt, token, epoch) =
        quietly(|model| (model.attempt.clone(), model.token.clone(), model.epoch));
    store::connect(&attempt, &token, epoch, heard.unchecked_ref(), gone.unchecked_ref());
}

fn hear(text: &str) {
    let asked = ours();
    if text == "open" {
        SOCKET.set(true);
        FAILS.set(0);
        page().online.set(true);
        quietly(Model::connected);
        files::prefetch(quietly(|model| files_all(model)));
        return flush();
    }
    let Some(said) = json::read(text) else { return };
    if let Some(received) = said.get("received") {
        let received = received.clone();
        run(async move { confirmed(&received, asked).await });
    } else if said.flag("replaced") || said.str("error") == "epoch" {
        change(|model| model.replaced = true);
    } else if said.get("view").is_some() {
        change(|model| {
            model.view(said.at("view"), asked, asked);
            model.learn_keys(&said);
        });
        run(async { unlock().await });
    }
    flush();
}

fn lost(code: u16) {
    SOCKET.set(false);
    if code == 4001 {
        return change(|model| model.replaced = true);
    }
    if code == OVERFULL {
        full();
    } else {
        let fails = FAILS.get();
        FAILS.set(fails + 1);
        wait::after_failure(fails);
    }
    if page().online.get_untracked() && !browser::is_online() {
        page().online.set(false);
    }
}

/// Asks how it stands; what is not confirmed goes out by post.
async fn look() {
    if !post(false).await {
        return;
    }
    let asked = ours();
    let (status, all) = ask("look", None).await;
    if status == 200 {
        let theirs = all.int("view.epoch").and_then(|epoch| u32::try_from(epoch).ok());
        change(|model| {
            if theirs.is_some_and(|theirs| theirs != model.epoch) {
                model.replaced = true;
            } else {
                model.known(&all, asked, ours());
            }
        });
        keep().await;
    }
}

/// Once a second.
pub(super) fn beat() {
    commit();
    let page = page();
    page.tick.set(ours());
    let opened = quietly(|model| !model.attempt.is_empty() && model.epoch > 0 && !model.replaced);
    let screen = page.screen.get_untracked();
    let wanted = opened && !matches!(screen, Screen::Start | Screen::Opening | Screen::Closed(_));
    if wanted {
        if page.open.get_untracked() != quietly(|model| model.open(ours())) {
            settle();
        }
        let settled = quietly(|model| model.report.is_some() && model.unsent.is_empty());
        // A decision on an appeal may change the result: whoever looks at it is told.
        let wanted = !settled || browser::is_seen();
        if wanted && ours() >= NEXT.get() && !BUSY.get() {
            again(screen, if settled { SETTLED } else { LOOK });
        }
    }
    browser::after(1000, beat);
}

/// The line is tried again, or the result is asked for.
fn again(screen: Screen, seconds: i64) {
    if SOCKET.get() && screen != Screen::Over {
        return;
    }
    BUSY.set(true);
    NEXT.set(ours() + seconds * 1000);
    run(async move {
        look().await;
        if page().online.get_untracked() {
            let connects = quietly(|model| {
                !model.replaced && matches!(model.status.as_str(), "running" | "paused" | "ready")
            });
            if connects && !SOCKET.get() {
                connect();
            }
        } else {
            lost(1006);
        }
        BUSY.set(false);
    });
}
