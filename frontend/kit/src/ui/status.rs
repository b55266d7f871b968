//! Where something stands: a word and a sign, never colour alone.

use domain::vacancy::model::State;

use crate::{
    dom::{El, el, live_text},
    text::t_of,
};

/// The tag of a state of a vacancy.
pub fn state_tag(state: State) -> El {
    let look = match state {
        State::Draft => ("tag mute", "✎"),
        State::Approval => ("tag wait", "…"),
        State::Scheduled => ("tag", "◷"),
        State::Published => ("tag done", "●"),
        State::Paused => ("tag wait", "❚❚"),
        State::Closed | State::InReview => ("tag", "◆"),
        State::Filled => ("tag done", "✓"),
        State::NotFilled => ("tag mute", "○"),
        State::Cancelled => ("tag late", "✕"),
        State::Archived => ("tag mute", "▣"),
    };
    marked(look, "state", state.code())
}

/// A state as a word, with its sign before it: the class and the sign, then the key of the word and
/// what follows in it.
pub fn marked((class, sign): (&'static str, &'static str), prefix: &'static str, code: &str) -> El {
    let code = code.to_owned();
    el("span")
        .class(class)
        .child(el("span").attr("aria-hidden", "true").child(sign))
        .child(live_text(move || t_of(prefix, &code)))
}

/// A tag with a text of the interface.
pub fn tag(class: &'static str, key: &'static str) -> El {
    el("span").class(class).t(key)
}
