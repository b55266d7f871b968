//! Something that comes from the server: not yet, here, or not to be had.

use leptos::prelude::*;
use serde::de::DeserializeOwned;

use super::button;
use crate::{
    api::{self, Problem},
    dom::{div, el, live, nothing},
    text::fill,
};

/// How far it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Load<T> {
    /// On its way.
    Waiting,
    /// Here.
    Ready(T),
    /// Not to be had.
    Failed(Problem),
}

/// Something from an address of the cabinet's API.
pub struct Loading<T: Send + Sync + 'static> {
    /// How far it is.
    pub state: RwSignal<Load<T>>,
    path: RwSignal<String>,
}

impl<T: Send + Sync> Clone for Loading<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: Send + Sync> Copy for Loading<T> {}

/// Asks for it.
pub fn load<T: DeserializeOwned + Send + Sync + 'static>(path: impl Into<String>) -> Loading<T> {
    let loading = Loading { state: RwSignal::new(Load::Waiting), path: RwSignal::new(path.into()) };
    loading.again();
    loading
}

impl<T: DeserializeOwned + Send + Sync + 'static> Loading<T> {
    /// Asks once more; what is shown stays until the answer is here.
    pub fn again(self) {
        let path = self.path.get_untracked();
        api::run(async move {
            let answer = api::get::<T>(path.clone()).await;
            // An answer that is late for another question is not shown.
            if self.path.try_get_untracked() == Some(path) {
                let state = match answer {
                    Ok(value) => Load::Ready(value),
                    Err(problem) => Load::Failed(problem),
                };
                let _ = self.state.try_set(state);
            }
        });
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
        let _ = self.state.try_set(Load::Ready(value));
    }
}

impl<T: Clone + DeserializeOwned + Send + Sync + 'static> Loading<T> {
    /// Draws it once it is here.
    pub fn view(self, draw: impl Fn(T) -> AnyView + Send + 'static) -> AnyView {
        live(move || match self.state.get() {
            Load::Waiting => skeleton(4),
            Load::Ready(value) => untrack(|| draw(value)),
            Load::Failed(problem) => failed(&problem, move || self.again()),
        })
    }
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
pub fn failed(problem: &Problem, again: impl Fn() + 'static) -> AnyView {
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
