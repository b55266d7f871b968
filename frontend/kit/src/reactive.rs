//! Signals of one type. Leptos makes a signal, and everything around it, anew for every type that
//! is kept in one: with thirty types that was the largest part of the first load. Here its graph
//! knows only that something has changed; the value stands beside it, and its type is known to
//! those who ask. Names and behaviour are those of Leptos.

use std::{any::Any, cell::RefCell, marker::PhantomData, rc::Rc};

use leptos::prelude::{
    ArcTrigger, LocalStorage, Notify, ReadValue, RenderEffect, StoredValue as Arena, Track,
};

pub use crate::dom::AnyView;

/// Anything that lives as long as the piece of the page that made it.
type Kept = Arena<Rc<dyn Any>, LocalStorage>;

fn keep(what: Rc<dyn Any>) -> Kept {
    Arena::new_local(what)
}

fn kept(place: Kept) -> Option<Rc<dyn Any>> {
    place.try_read_value().map(|what| Rc::clone(&what))
}

/// What a signal holds, and who is to be told.
struct Slot {
    value: Rc<dyn Any>,
    changed: ArcTrigger,
}

fn slot(place: Kept) -> Option<Rc<Slot>> {
    kept(place)?.downcast().ok()
}

#[cold]
fn gone() -> ! {
    wasm_bindgen::throw_str("a signal was read after its page had gone")
}

/// A value that is followed.
pub struct RwSignal<T> {
    place: Kept,
    what: PhantomData<fn() -> T>,
}

impl<T> Clone for RwSignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for RwSignal<T> {}

fn new_slot(value: Rc<dyn Any>) -> Kept {
    keep(Rc::new(Slot { value, changed: ArcTrigger::new() }))
}

// What does not know the type is written once.
#[inline(never)]
fn open(place: Kept, follow: bool) -> Option<Rc<dyn Any>> {
    let slot = slot(place)?;
    if follow {
        slot.changed.track();
    }
    Some(Rc::clone(&slot.value))
}

#[inline(never)]
fn told(place: Kept) {
    if let Some(slot) = slot(place) {
        slot.changed.notify();
    }
}

impl<T: 'static> RwSignal<T> {
    /// A signal with its first value.
    pub fn new(value: T) -> RwSignal<T> {
        RwSignal { place: new_slot(Rc::new(RefCell::new(value))), what: PhantomData }
    }

    // What knows the type but not the question is written once a type.
    #[inline(never)]
    fn cell(self, follow: bool) -> Option<Rc<RefCell<T>>> {
        open(self.place, follow)?.downcast().ok()
    }

    fn look<R>(self, follow: bool, look: impl FnOnce(&T) -> R) -> Option<R> {
        let cell = self.cell(follow)?;
        let value = cell.try_borrow().ok()?;
        Some(look(&value))
    }

    /// Looks at the value; the reader follows it.
    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.look(true, look).unwrap_or_else(|| gone())
    }

    /// Looks at the value.
    pub fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.look(false, look).unwrap_or_else(|| gone())
    }

    /// Changes the value, if its page is still there.
    pub fn try_update<R>(self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let cell = self.cell(false)?;
        let answer = change(&mut *cell.try_borrow_mut().ok()?);
        told(self.place);
        Some(answer)
    }

    /// Changes the value.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        self.try_update(change);
    }

    /// Puts in another value.
    pub fn set(self, value: T) {
        self.try_set(value);
    }

    /// Puts in another value; gives it back where the page has gone.
    pub fn try_set(self, value: T) -> Option<T> {
        let Some(cell) = self.cell(false) else { return Some(value) };
        let Ok(mut old) = cell.try_borrow_mut() else { return Some(value) };
        *old = value;
        drop(old);
        told(self.place);
        None
    }
}

impl<T: Clone + 'static> RwSignal<T> {
    /// The value; the reader follows it.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// The value.
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }

    /// The value, if its page is still there.
    pub fn try_get_untracked(self) -> Option<T> {
        self.look(false, T::clone)
    }
}

/// Does something now and whenever a signal that it reads changes, as long as the piece of the
/// page is there that it was made in.
pub fn follow(act: impl Fn() + 'static) {
    follow_boxed(Box::new(act));
}

fn follow_boxed(act: Box<dyn Make<()>>) {
    keep(Rc::new(RenderEffect::new(move |_: Option<()>| act.make())));
}

/// `Fn() -> T` with one way of being called. A `dyn Fn` carries the code of three ways, and there
/// are hundreds of these.
pub trait Make<T> {
    /// Makes it.
    fn make(&self) -> T;
}

impl<T, F: Fn() -> T> Make<T> for F {
    fn make(&self) -> T {
        self()
    }
}

/// A text made of signals that changes only when it really does.
pub fn settled(make: impl Fn() -> String + 'static) -> RwSignal<String> {
    let text = RwSignal::new(String::new());
    follow(move || {
        let now = make();
        if text.with_untracked(|was| *was != now) {
            text.set(now);
        }
    });
    text
}

/// Does something without following what it reads.
pub fn quietly<R>(act: impl FnOnce() -> R) -> R {
    leptos::prelude::untrack(act)
}
