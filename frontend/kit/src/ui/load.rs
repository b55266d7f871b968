//! Something that comes from the server: not yet, here, or not to be had. Every answer is kept on
//! the device; where the server is slow or away, what was last seen is shown with its time.

use std::{any::Any, marker::PhantomData, rc::Rc};

use crate::reactive::{AnyView, RwSignal};

use super::button;
use crate::{
    api::{
        self, Problem,
        wire::{self, FromJson},
    },
    browser,
    dom::{div, el, live, nothing},
    offline::{self, differ, store},
    state::app,
    text::{fill, t},
};
use domain::shared::time::Timestamp;

/// How far it is.
#[derive(Debug, Clone)]
enum Load<T> {
    /// On its way.
    Waiting,
    /// Here.
    Ready(T),
    /// Not to be had.
    Failed(Problem),
}

/// Anything that came. The type is known to the one who asked for it; a signal of its own for
/// every type would be the largest part of the program.
type Came = Rc<dyn Any>;

/// Something from an address of the cabinet's API.
pub struct Loading<T: 'static> {
    asking: Asking,
    what: PhantomData<fn() -> T>,
}

impl<T> Clone for Loading<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Loading<T> {}

/// The part of it that does not know the type.
#[derive(Clone, Copy)]
struct Asking {
    state: RwSignal<Load<Came>>,
    path: RwSignal<String>,
    /// The text that is shown.
    text: RwSignal<String>,
    /// It is what was last seen; the server has not said it now.
    stale: RwSignal<bool>,
    read: fn(&str) -> Option<Came>,
}

/// Asks for it.
pub fn load<T: FromJson + 'static>(path: impl Into<String>) -> Loading<T> {
    let asking = Asking {
        state: RwSignal::new(Load::Waiting),
        path: RwSignal::new(path.into()),
        text: RwSignal::new(String::new()),
        stale: RwSignal::new(false),
        read: |text| Some(Rc::new(wire::read::<T>(text)?)),
    };
    asking.ask();
    Loading { asking, what: PhantomData }
}

/// Keys of test items stay on the server: no device keeps what the bank or those say who run tests.
fn is_secret(path: &str) -> bool {
    let first = path.split(['?', '/']).next().unwrap_or_default();
    ["bank", "analyses"].contains(&first) || first.starts_with("exam")
}

/// After so many milliseconds without an answer what was last seen is shown.
const PATIENCE: i32 = 1500;

impl Asking {
    fn ask(self) {
        // It may be asked for by what outlives its page.
        let Some(path) = self.path.try_get_untracked() else { return };
        if browser::is_online() {
            let asked = path.clone();
            browser::after(PATIENCE, move || self.recall(asked));
        } else {
            self.recall(path.clone());
        }
        api::run(async move {
            let answer = api::call("GET", path.clone()).send().await;
            // An answer that is late for another question is not shown.
            if self.path.try_get_untracked().as_ref() == Some(&path) {
                self.came(path, answer);
            }
        });
    }

    /// Shows what was last seen, where nothing is shown yet.
    fn recall(self, path: String) {
        let nothing_yet = move || {
            let waits = self.state.try_get_untracked();
            waits.is_some_and(|state| !matches!(state, Load::Ready(_)))
        };
        if !nothing_yet() || !offline::known_person() {
            return;
        }
        api::run(async move {
            let Some((at, text)) = store::recalled(&path).await else { return };
            let same = self.path.try_get_untracked() == Some(path);
            if same
                && nothing_yet()
                && let Some(value) = (self.read)(&text)
            {
                let _ = self.text.try_set(text);
                let _ = self.stale.try_set(true);
                app().as_of.set(Some(Timestamp::from_millis(at)));
                let _ = self.state.try_set(Load::Ready(value));
            }
        });
    }

    fn came(self, path: String, answer: Result<String, Problem>) {
        let shown = self.state.with_untracked(|state| matches!(state, Load::Ready(_)));
        let text = match answer {
            Ok(text) => text,
            Err(problem) if problem.status == 0 => {
                app().online.set(false);
                if !shown {
                    self.state.set(Load::Failed(problem));
                    self.recall(path);
                }
                return;
            }
            Err(problem) => {
                self.state.set(Load::Failed(problem));
                return;
            }
        };
        if !is_secret(&path) {
            store::remember(path, text.clone());
        }
        if self.stale.get_untracked() {
            self.stale.set(false);
            app().as_of.set(None);
        }
        if shown && self.text.with_untracked(|was| differ::same(was, &text)) {
            return;
        }
        // What is being typed is not drawn over; saving it meets the newer version.
        if shown && browser::is_typing() {
            app().say(t("load.changed"), false);
            return;
        }
        if shown && crate::form::is_sending() {
            return;
        }
        self.state.set(
            (self.read)(&text).map_or_else(|| Load::Failed(Problem::unreadable()), Load::Ready),
        );
        self.text.set(text);
    }
}

impl<T: FromJson + 'static> Loading<T> {
    /// Asks once more; what is shown stays until the answer is here.
    pub fn again(self) {
        self.asking.ask();
    }

    /// Asks for something else.
    pub fn ask(self, path: String) {
        if self.asking.path.get_untracked() != path {
            self.asking.path.set(path);
            // What was shown was the answer to another question.
            self.asking.text.set(String::new());
            self.again();
        }
    }

    /// Puts in what is known already.
    pub fn put(self, value: T) {
        let _ = self.asking.text.try_set(String::new());
        let _ = self.asking.state.try_set(Load::Ready(Rc::new(value)));
    }

    /// What came, if it did; the reader follows it.
    pub fn get(self) -> Option<Rc<T>> {
        match self.asking.state.get() {
            Load::Ready(value) => value.downcast().ok(),
            _ => None,
        }
    }

    /// Draws it once it is here.
    pub fn view(self, draw: impl Fn(T) -> AnyView + 'static) -> AnyView
    where
        T: Clone,
    {
        let draw = move |came: &Came| match came.downcast_ref::<T>() {
            Some(value) => draw(value.clone()),
            None => nothing(),
        };
        shown(self.asking.state, Box::new(draw), Rc::new(move || self.again()))
    }
}

/// The part of drawing that is the same for every type.
fn shown(
    state: RwSignal<Load<Came>>,
    draw: Box<dyn Fn(&Came) -> AnyView>,
    again: Rc<dyn Fn()>,
) -> AnyView {
    live(move || match state.get() {
        Load::Waiting => skeleton(4),
        Load::Ready(value) => crate::dom::quietly(|| draw(&value)),
        Load::Failed(problem) => failed(&problem, Rc::clone(&again)),
    })
}

/// Grey lines where something will be.
pub fn skeleton(lines: usize) -> AnyView {
    div("waiting")
        .attr("role", "status")
        .child(el("span").class("vh").t("load.waiting"))
        .children((0..lines).map(|_| div("skeleton")))
        .done()
}

/// It is not to be had: why, and what to do.
fn failed(problem: &Problem, again: Rc<dyn Fn()>) -> AnyView {
    // What is not there, or is somebody else's, is a page of its own with a way back, unless it is
    // only a part of one.
    if problem.status == 404 && browser::document().get_element_by_id("page-title").is_none() {
        return crate::pages::unknown::page();
    }
    let number = problem.request_id.clone();
    div("notice late")
        .attr("role", "alert")
        .child(el("p").child(problem.words()))
        .child(if number.is_empty() || !problem.may_pass() {
            nothing()
        } else {
            el("p").class("small").child(fill("load.number", &[("n", &number)])).done()
        })
        .maybe(problem.may_pass().then(|| button("button second", "load.again", move |_| again())))
        .done()
}

/// Nothing is there: what it means and what the next step is.
pub fn empty(key: &'static str, step: Option<crate::dom::El>) -> AnyView {
    div("empty").child(el("p").t(key)).maybe(step).done()
}
