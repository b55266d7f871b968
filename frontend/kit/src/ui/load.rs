//! Something that comes from the server: not yet, here, or not to be had.

use std::{any::Any, marker::PhantomData, rc::Rc};

use crate::reactive::{AnyView, RwSignal};

use super::button;
use crate::{
    api::{
        self, Problem,
        wire::{self, FromJson},
    },
    dom::{div, el, live, nothing},
    text::fill,
};

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
    state: RwSignal<Load<Came>>,
    path: RwSignal<String>,
    what: PhantomData<fn() -> T>,
}

impl<T> Clone for Loading<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Loading<T> {}

/// Asks for it.
pub fn load<T: FromJson + 'static>(path: impl Into<String>) -> Loading<T> {
    let loading = Loading {
        state: RwSignal::new(Load::Waiting),
        path: RwSignal::new(path.into()),
        what: PhantomData,
    };
    loading.again();
    loading
}

fn ask(state: RwSignal<Load<Came>>, asked: RwSignal<String>, read: fn(&str) -> Option<Came>) {
    let path = asked.get_untracked();
    api::run(async move {
        let answer = api::call("GET", path.clone()).send().await;
        // An answer that is late for another question is not shown.
        if asked.try_get_untracked() == Some(path) {
            let answer = answer.and_then(|text| read(&text).ok_or_else(Problem::unreadable));
            let _ = state.try_set(match answer {
                Ok(value) => Load::Ready(value),
                Err(problem) => Load::Failed(problem),
            });
        }
    });
}

impl<T: FromJson + 'static> Loading<T> {
    /// Asks once more; what is shown stays until the answer is here.
    pub fn again(self) {
        ask(self.state, self.path, |text| Some(Rc::new(wire::read::<T>(text)?)));
    }

    /// Asks for something else.
    pub fn ask(self, path: String) {
        if self.path.get_untracked() != path {
            self.path.set(path);
            self.again();
        }
    }

    /// Puts in what is known already.
    pub fn put(self, value: T) {
        let _ = self.state.try_set(Load::Ready(Rc::new(value)));
    }

    /// What came, if it did; the reader follows it.
    pub fn get(self) -> Option<Rc<T>> {
        match self.state.get() {
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
        shown(self.state, Box::new(draw), Rc::new(move || self.again()))
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
