//! What joins the page to the device and to the worker: first the store, then the line. Everything
//! may fail at any moment and is tried again; nothing is shown as saved that was not confirmed.

use std::cell::{Cell, OnceCell, RefCell};

use kit::{api::run, browser, json::Json, reactive::RwSignal};

use crate::{model::Model, store, text::t};

mod opening;
mod wait;
mod wire;

pub use opening::{appeal, arrive, end_practice, next_block, practise, retry, start, take_back};
use wire::flush;

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
    /// Grows whenever a picture or a video has come, or could not be had.
    pub files: RwSignal<u32>,
    /// How many of them are on the device.
    pub files_here: RwSignal<u32>,
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

/// Seconds until the line is tried again after the first, second … failure, on the average.
const BACKOFF: [i64; 5] = [2, 3, 5, 9, 16];
/// Seconds over which pages of a room come back that hear of the line in the same moment.
const TOGETHER: i64 = 3;
/// Seconds until a page is heard again that has said more than an attempt may hold.
const FULL: i64 = 60;
/// Seconds between looks while a result is waited for.
const LOOK: i64 = 3;
/// Seconds between looks at a result that is there.
const SETTLED: i64 = 60;

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
            files: RwSignal::new(0),
            files_here: RwSignal::new(0),
        })
    })
}

/// Looks at the model; whoever draws follows its changes.
pub fn model<R>(look: impl FnOnce(&Model) -> R) -> R {
    page().rev.get();
    MODEL.with_borrow(look)
}

/// Attempt and token.
pub fn whose() -> (String, String) {
    MODEL.with_borrow(|model| (model.attempt.clone(), model.token.clone()))
}

/// How many pictures and videos the attempt has.
pub fn files_all(model: &Model) -> u32 {
    model.exam.int("files").and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
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
