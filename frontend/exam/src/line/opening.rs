//! How an attempt is opened on the page, its sealed blocks with it, and practice.

use domain::exam::{seal, seed::unhex};
use js_sys::Uint8Array;
use kit::{
    api::run,
    browser,
    json::{self, Json, map},
    state::app,
};
use wasm_bindgen::{JsCast, JsValue};

use super::{
    FAILS, Screen, TASKS, act, change, commit, files_all, ours, page, quietly, settle, show, task,
    wait,
    wire::{ask, beat, connect, keep, post},
};
use crate::{files, model::Model, store, text::t};

/// Opens what the address or the device names.
pub fn arrive() {
    listen();
    beat();
    run(async {
        store::keep_page().await;
        let mut named = store::take_token();
        if named.is_empty() {
            named = store::text(&store::last().await);
        }
        match named.split_once('.') {
            Some((attempt, token)) => open(attempt.to_owned(), token.to_owned()).await,
            None => page().screen.set(Screen::Start),
        }
    });
}

pub(super) async fn open(attempt: String, token: String) {
    let kept = store::text(&store::recall(&attempt).await);
    let mut model = Model::of(attempt, token);
    let known = json::read(&kept).filter(|_| !kept.is_empty());
    if let Some(kept) = &known {
        model.recall(kept);
    }
    // Another tab of this device may be the page that was kept: then this is a page of its own.
    let alone = !model.page.is_empty() && store::done(&store::alone(&model.page).await);
    if !alone {
        model.page = store::new_page();
        store::alone(&model.page).await;
    }
    quietly(|held| *held = model);
    enter(known.is_some() && alone).await;
}

/// Tells the worker that this page is here. `goes_on` where it could go on without a line.
async fn enter(goes_on: bool) {
    let page = page();
    let body = quietly(|model| {
        json::write(&map([("page", model.page.as_str().into()), ("device", device().into())]))
    });
    let asked = ours();
    let (status, all) = ask("open", Some(body)).await;
    match status {
        200 => {
            let epoch = all.int("view.epoch").and_then(|epoch| u32::try_from(epoch).ok());
            quietly(|model| {
                model.take_epoch(epoch.unwrap_or(model.epoch));
                model.known(&all, asked, ours());
            });
            keep().await;
            prefetch().await;
            route();
            unlock().await;
            post(true).await;
            connect();
            files::prefetch(quietly(|model| files_all(model)));
        }
        0 => {
            unlock().await;
            if goes_on && quietly(|model| model.status == "running") && task(0).is_some() {
                route();
            } else {
                page.screen.set(Screen::Closed(true));
            }
        }
        _ => page.screen.set(Screen::Closed(false)),
    }
}

/// Tries once more to open it.
pub fn retry() {
    page().screen.set(Screen::Opening);
    run(async { enter(false).await });
}

/// This page takes the attempt back from another.
pub fn take_back() {
    quietly(|model| {
        model.page = store::new_page();
        model.replaced = false;
    });
    let page_name = quietly(|model| model.page.clone());
    page().screen.set(Screen::Opening);
    run(async move {
        store::alone(&page_name).await;
        enter(false).await;
    });
}

fn route() {
    let page = page();
    let status = quietly(|model| model.status.clone());
    let next = match status.as_str() {
        "ready" => Screen::CheckIn,
        "running" | "paused" => Screen::Task,
        _ => Screen::Over,
    };
    // A screen that is drawn anew under somebody's finger loses the press.
    if page.screen.get_untracked() != next {
        page.screen.set(next);
    }
    settle();
}

async fn prefetch() {
    let (attempt, token, blocks) = quietly(|model| {
        (model.attempt.clone(), model.token.clone(), model.exam.int("blocks").unwrap_or(0))
    });
    for n in 0..u32::try_from(blocks).unwrap_or(0) {
        if store::recall_block(&attempt, n).await.is_undefined() {
            store::fetch_block(&attempt, &token, n).await;
        }
    }
}

/// Opens the blocks whose keys are here.
pub(super) async fn unlock() {
    let (attempt, token, keys, slots) = quietly(|model| {
        (model.attempt.clone(), model.token.clone(), model.keys.clone(), model.answers.len())
    });
    let mut changed = false;
    for (n, key) in keys {
        let opened = TASKS.with_borrow(|tasks| {
            tasks.iter().flatten().any(|task| task.int("block") == Some(i64::from(n)))
        });
        if opened {
            continue;
        }
        let mut bytes = store::recall_block(&attempt, n).await;
        if bytes.is_undefined() {
            bytes = store::fetch_block(&attempt, &token, n).await;
        }
        let Some(key) = unhex::<32>(&key) else { continue };
        let Some(list) = open_block(&attempt, n, &key, bytes) else { continue };
        TASKS.with_borrow_mut(|tasks| {
            tasks.resize(slots.max(tasks.len()), None);
            for mut task in list {
                files::learn(&task, &key);
                let slot = task.int("n").and_then(|slot| usize::try_from(slot).ok());
                task.put("block", i64::from(n).into());
                if let Some(place) = slot.and_then(|slot| tasks.get_mut(slot)) {
                    *place = Some(task);
                }
            }
        });
        changed = true;
    }
    if changed {
        settle();
    }
}

fn open_block(attempt: &str, n: u32, key: &[u8; 32], bytes: JsValue) -> Option<Vec<Json>> {
    let bytes: Uint8Array = bytes.dyn_into().ok()?;
    let text = seal::open(key, attempt, u16::try_from(n).ok()?, &bytes.to_vec())?;
    match json::read(&String::from_utf8(text).ok()?)? {
        Json::List(all) => Some(all),
        _ => None,
    }
}

/// The clock begins to run.
pub fn start() {
    if page().asking.get_untracked() {
        return;
    }
    page().problem.set(String::new());
    page().asking.set(true);
    run(async {
        let asked = ours();
        let (status, all) = ask("start", Some("{}".to_owned())).await;
        let page = page();
        page.asking.set(false);
        match status {
            200 => {
                quietly(|model| model.known(&all, asked, ours()));
                keep().await;
                unlock().await;
                route();
                show(0);
            }
            0 => page.problem.set(t("line.none").to_owned()),
            409 if all.str("error") == "not_admitted" => {
                page.problem.set(t("check.not_admitted").to_owned());
            }
            _ => page.problem.set(t("line.failed").to_owned()),
        }
    });
}

/// Opens the next block; the one before is closed by that where one goes forward only.
pub fn next_block(block: u32, first: usize) {
    commit();
    page().problem.set(String::new());
    run(async move {
        if !post(false).await {
            return page().problem.set(t("line.none").to_owned());
        }
        let asked = ours();
        let (status, all) = ask(&format!("open-block/{block}"), Some("{}".to_owned())).await;
        if status == 200 {
            quietly(|model| model.known(&all, asked, ours()));
            keep().await;
            unlock().await;
            show(first);
        } else {
            page().problem.set(t("line.none").to_owned());
        }
    });
}

/// Sends an appeal; `then` hears whether it was taken and which words say why not.
pub fn appeal(
    slot: usize,
    ground: &str,
    reason: &str,
    then: impl FnOnce(Result<(), String>) + 'static,
) {
    // A second press while the first is on its way would be told that the appeal is there already.
    if page().asking.get_untracked() {
        return;
    }
    page().asking.set(true);
    let ground = ground.to_owned();
    let body = json::write(&map([
        ("slot", (slot as i64).into()),
        ("ground", ground.as_str().into()),
        ("reason", reason.into()),
    ]));
    run(async move {
        let (status, said) = ask("appeal", Some(body)).await;
        page().asking.set(false);
        if status == 201 {
            change(|model| model.appealed(slot, &ground));
        }
        let code = said.at("fields").fields().first().map(|(_, code)| code.text().to_owned());
        let code = code.unwrap_or_else(|| said.str("error").to_owned());
        then(match status {
            201 => Ok(()),
            0 => Err(t("line.none").to_owned()),
            _ => Err(crate::text::t_of("appeal_no", &code)),
        });
    });
}

/// Practice: tasks of the build, nothing is asked of anybody.
pub fn practise() {
    run(async {
        let lang =
            if app().lang.get_untracked() == domain::shared::lang::Lang::Ru { "ru" } else { "kk" };
        let text = store::text(&store::file(&format!("practice-{lang}")).await);
        let Some(Json::List(all)) = json::read(&text) else {
            return page().problem.set(t("line.none").to_owned());
        };
        let slots = all.len();
        TASKS.with_borrow_mut(|tasks| *tasks = all.into_iter().map(Some).collect());
        let page = page();
        page.practice.set(true);
        quietly(|model| *model = Model::practice(lang, slots));
        settle();
        show(0);
    });
}

/// Practice is over.
pub fn end_practice() {
    let page = page();
    page.practice.set(false);
    TASKS.with_borrow_mut(Vec::clear);
    quietly(|model| *model = Model::default());
    page.screen.set(Screen::Opening);
    settle();
    arrive_again();
}

fn arrive_again() {
    run(async {
        let named = store::text(&store::last().await);
        match named.split_once('.') {
            Some((attempt, token)) => open(attempt.to_owned(), token.to_owned()).await,
            None => page().screen.set(Screen::Start),
        }
    });
}

/// What happens to the page is noted as a fact, never judged.
fn listen() {
    let note = |what: &'static str| {
        if page().open.get_untracked() && !page().practice.get_untracked() {
            act(what, None, "");
        }
    };
    browser::listen("blur", move |_| note("blur"));
    browser::listen("focus", move |_| note("focus"));
    browser::listen("copy", move |_| note("copy"));
    browser::listen("paste", move |_| note("paste"));
    browser::listen("pagehide", |_| commit());
    browser::listen("offline", move |_| {
        page().online.set(false);
        note("offline");
    });
    browser::listen("online", move |_| {
        note("online");
        FAILS.set(0);
        wait::back();
    });
}

/// Browser and system in words.
fn device() -> String {
    let agent = browser::window().navigator().user_agent().unwrap_or_default();
    let of = |names: &[&'static str]| {
        names.iter().copied().find(|name| agent.contains(name)).unwrap_or("?")
    };
    let browser = of(&["Firefox", "YaBrowser", "OPR", "Edg", "SamsungBrowser", "Chrome", "Safari"]);
    format!("{browser}, {}", of(&["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"]))
}
