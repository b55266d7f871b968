//! Components of the cabinet. Classes are those of the one stylesheet.

pub mod chart;
pub mod errors;
pub mod field;
pub mod list;
pub mod load;
pub mod notices;
pub mod organisation;
pub mod page;
pub mod sheet;
pub mod status;
pub mod table;
pub mod waiting;

use crate::dom::{El, el};
use web_sys::Event;

/// A button. What it says is what happens.
pub fn button(class: &'static str, key: &'static str, act: impl FnMut(Event) + 'static) -> El {
    boxed(class, key, Box::new(act))
}

fn boxed(class: &'static str, key: &'static str, act: Box<dyn FnMut(Event)>) -> El {
    el("button").attr("type", "button").class(class).t(key).on("click", act)
}
