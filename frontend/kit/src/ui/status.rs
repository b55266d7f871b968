//! Where a vacancy stands: a word and a sign, never colour alone.

use domain::vacancy::model::State;

use crate::{
    dom::{El, el, live_text},
    text::t_of,
};

/// The tag of a state.
pub fn state_tag(state: State) -> El {
    let (class, sign) = match state {
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
    el("span")
        .class(class)
        .child(el("span").attr("aria-hidden", "true").child(sign))
        .child(live_text(move || t_of("state", state.code())))
}

/// A tag with a text of the interface.
pub fn tag(class: &'static str, key: &'static str) -> El {
    el("span").class(class).t(key)
}
