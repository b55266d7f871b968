//! What joins the page to the device and to the worker: first the store, then the line. Everything
//! may fail at any moment and is tried again; nothing is shown as saved that was not confirmed.

use std::cell::{Cell, OnceCell, RefCell};

use domain::exam::{seal, seed::unhex};
use js_sys::Uint8Array;
use kit::{
    api::run,
    browser,
    json::{self, Json, map},
    reactive::RwSignal,
    state::app,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use crate::{model::Model, store, text::t};

/// What is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// No link: practice, and what this page is.
    Start,
    /// It is being opened.
    Opening,
    /// It could not be opened; whether that is for the lack of a line.
    Closed(bool),
    /// Before the clock runs.
    CheckIn,
    /// A task.
    Task,
    /// All tasks at a glance.
    Review,
    /// It is over.
    Over,
    /// Another page has it.
    Replaced,
}

/// The signals of the page.
#[derive(Clone, Copy)]
pub struct Signals {
    /// What is on the screen.
    pub screen: RwSignal<Screen>,
    /// Which task.
    pub slot: RwSignal<usize>,
    /// Grows whenever the model has changed.
    pub rev: RwSignal<u32>,
    /// Our clock, once a second.
    pub tick: RwSignal<i64>,
    /// Whether something can be answered.
    pub open: RwSignal<bool>,
    /// Whether the worker was heard last time.
    pub online: RwSignal<bool>,
    /// What went wrong, in words.
    pub problem: RwSignal<String>,
    /// The worker was asked to begin and has not answered.
    pub asking: RwSignal<bool>,
    /// It is practice: nothing leaves the page.
    pub practice: RwSignal<bool>,
}

thread_local! {
    static SIGNALS: OnceCell<Signals> = const { OnceCell::new() };
    static MODEL: RefCell<Model> = RefCell::new(Model::default());
    static TASKS: RefCell<Vec<Option<Json>>> = const { RefCell::new(Vec::new()) };
    static PENDING: RefCell<Option<(usize, String)>> = const { RefCell::new(None) };
    static SOCKET: Cell<bool> = const { Cell::new(false) };
    static FAILS: Cell<u32> = const { Cell::new(0) };
    static NEXT: Cell<i64> = const { Cell::new(0) };
    static BUSY: Cell<bool> = const { Cell::new(false) };
}

/// Seconds until the line is tried again after the first, second … failure.
const BACKOFF: [i64; 5] = [1, 2, 4, 8, 15];
/// Seconds between looks while a result is waited for.
const LOOK: i64 = 3;

/// The signals. The first call is made under the owner that lives for ever.
pub fn page() -> Signals {
    SIGNALS.with(|cell| {
        *cell.get_or_init(|| Signals {
            screen: RwSignal::new(Screen::Opening),
            slot: RwSignal::new(0),
            rev: RwSignal::new(0),
            tick: RwSignal::new(ours()),
            open: RwSignal::new(false),
            online: RwSignal::new(browser::is_online()),
            problem: RwSignal::new(String::new()),
            asking: RwSignal::new(false),
            practice: RwSignal::new(false),
        })
    })
}

/// Looks at the model; whoever draws follows its changes.
pub fn model<R>(look: impl FnOnce(&Model) -> R) -> R {
    page().rev.get();
    MODEL.with_borrow(look)
}

fn quietly<R>(look: impl FnOnce(&mut Model) -> R) -> R {
    MODEL.with_borrow_mut(look)
}

fn change<R>(work: impl FnOnce(&mut Model) -> R) -> R {
    let answer = MODEL.with_borrow_mut(work);
    settle();
    answer
}

/// The page follows the model.
fn settle() {
    let page = page();
    let practice = page.practice.get_untracked();
    let (open, replaced, over, running) = MODEL.with_borrow(|model| {
        let over = matches!(model.status.as_str(), "submitted" | "expired" | "terminated");
        (model.open(ours()), model.replaced, over, model.status == "running")
    });
    let open = open || practice;
    if page.open.get_untracked() != open {
        page.open.set(open);
    }
    let screen = page.screen.get_untracked();
    let at_work = matches!(screen, Screen::Task | Screen::Review);
    let next = if replaced && screen != Screen::Closed(false) {
        Screen::Replaced
    } else if at_work && !practice && (over || (running && !open)) {
        Screen::Over
    } else if screen == Screen::Over && open {
        // The worker's clock says that there is time: ours was wrong.
        Screen::Task
    } else {
        screen
    };
    if next != screen {
        page.screen.set(next);
    }
    page.rev.update(|rev| *rev += 1);
}

/// Whether something can be answered; a control follows it.
pub fn can_answer() -> bool {
    page().open.get()
}

/// Our clock, milliseconds.
pub fn ours() -> i64 {
    browser::now().millis()
}

/// A task, once its block is open.
pub fn task(slot: usize) -> Option<Json> {
    TASKS.with_borrow(|tasks| tasks.get(slot).cloned().flatten())
}

fn mono() -> i64 {
    thread_local!(static SINCE: i64 = ours());
    SINCE.with(|since| ours() - since)
}

// ------------------------------------------------------------------------------- what is done

fn act(what: &'static str, slot: Option<usize>, value: &str) {
    if page().practice.get_untracked() {
        quietly(|model| {
            let event = model.act(what, slot, value, 0);
            model.unsent.retain(|one| *one != event);
        });
        return settle();
    }
    let (attempt, event) =
        quietly(|model| (model.attempt.clone(), model.act(what, slot, value, mono())));
    settle();
    run(async move {
        let kept = store::keep_event(&attempt, event.epoch, event.n, &event.text()).await;
        if !store::done(&kept) {
            page().problem.set(t("store.broken").to_owned());
        }
        flush();
    });
}

/// An answer that holds from now on; an empty text takes it back.
pub fn answer_now(slot: usize, value: &str) {
    PENDING.with_borrow_mut(|pending| {
        if pending.as_ref().is_some_and(|(held, _)| *held == slot) {
            *pending = None;
        }
    });
    let same = quietly(|model| model.answers.get(slot).is_none_or(|held| held == value));
    if page().open.get_untracked() && !same {
        act("answer", Some(slot), value);
    }
}

/// An answer that is still being typed: it holds within a second.
pub fn act_soon(slot: usize, value: String) {
    PENDING.with_borrow_mut(|pending| *pending = Some((slot, value)));
}

/// What was typed holds.
pub fn commit() {
    let typed = PENDING.with_borrow_mut(Option::take);
    if let Some((slot, value)) = typed {
        answer_now(slot, &value);
    }
}

/// Marks a task for review, or takes the mark away.
pub fn mark(slot: usize) {
    if page().open.get_untracked() {
        let marked = quietly(|model| model.marks.get(slot).copied().unwrap_or_default());
        act("mark", Some(slot), if marked { "false" } else { "true" });
    }
}

/// Shows a task.
pub fn show(slot: usize) {
    commit();
    let page = page();
    page.slot.set(slot);
    page.screen.set(Screen::Task);
    if page.open.get_untracked() {
        act("show", Some(slot), "");
    }
    browser::soon(|| browser::focus("task"));
}

/// All tasks at a glance.
pub fn review() {
    commit();
    page().screen.set(Screen::Review);
    browser::soon(|| browser::focus("review"));
}

/// Hands in. Without a line it is handed in on the device, and here it is closed.
pub fn finish() {
    commit();
    if page().open.get_untracked() {
        act("finish", None, "");
        page().screen.set(Screen::Over);
    }
}

// -------------------------------------------------------------------------------------- line

async fn ask(word: &str, body: Option<String>) -> (u16, Json) {
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

async fn keep() {
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
fn flush() {
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
async fn post(old_only: bool) -> bool {
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
            _ => return false,
        }
    }
}

fn connect() {
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
    let fails = FAILS.get();
    FAILS.set(fails + 1);
    let wait = BACKOFF[(fails as usize).min(BACKOFF.len() - 1)];
    NEXT.set(ours() + wait * 1000);
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
fn beat() {
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
        if !settled && ours() >= NEXT.get() && !BUSY.get() {
            again(screen);
        }
    }
    browser::after(1000, beat);
}

/// The line is tried again, or the result is asked for.
fn again(screen: Screen) {
    if SOCKET.get() && screen != Screen::Over {
        return;
    }
    BUSY.set(true);
    NEXT.set(ours() + LOOK * 1000);
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

// ------------------------------------------------------------------------------------ opening

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

async fn open(attempt: String, token: String) {
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
    page.screen.set(match status.as_str() {
        "ready" => Screen::CheckIn,
        "running" | "paused" => Screen::Task,
        _ => Screen::Over,
    });
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
async fn unlock() {
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
        let Some(list) = open_block(&attempt, n, &key, bytes) else { continue };
        TASKS.with_borrow_mut(|tasks| {
            tasks.resize(slots.max(tasks.len()), None);
            for mut task in list {
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

fn open_block(attempt: &str, n: u32, key: &str, bytes: JsValue) -> Option<Vec<Json>> {
    let bytes: Uint8Array = bytes.dyn_into().ok()?;
    let key = unhex::<32>(key)?;
    let text = seal::open(&key, attempt, u16::try_from(n).ok()?, &bytes.to_vec())?;
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
    let body = json::write(&map([
        ("slot", (slot as i64).into()),
        ("ground", ground.into()),
        ("reason", reason.into()),
    ]));
    run(async move {
        let (status, said) = ask("appeal", Some(body)).await;
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
        NEXT.set(0);
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
