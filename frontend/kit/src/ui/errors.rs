//! What is wrong with a form: a list on top whose links lead to the fields.

use crate::reactive::{AnyView, RwSignal};

use crate::{
    api::{FieldProblem, Problem},
    browser,
    dom::{div, el, live, many, nothing},
    state::app,
};

/// Wrong fields of a form.
pub type Errors = RwSignal<Vec<FieldProblem>>;

/// No wrong fields yet.
pub fn errors() -> Errors {
    RwSignal::new(Vec::new())
}

/// Shows a problem where it belongs: wrong fields in the form, the rest as a notice.
pub fn show(problem: &Problem, errors: Errors) {
    errors.set(problem.errors.clone());
    if problem.errors.is_empty() {
        app().say(problem.words(), true);
    } else {
        browser::soon(|| browser::focus("errors"));
    }
}

/// The list on top of the form.
pub fn summary(errors: Errors) -> AnyView {
    live(move || {
        let all = errors.get();
        if all.is_empty() {
            return nothing();
        }
        div("errors")
            .id("errors")
            .attr("role", "alert")
            .attr("tabindex", "-1")
            .child(el("h2").t("form.errors"))
            .child(el("ul").child(many(all.into_iter().map(|one| {
                let target = format!("f-{}", one.field);
                el("li")
                    .child(el("a").attr("href", format!("#{target}")).child(one.detail).on(
                        "click",
                        move |event| {
                            event.prevent_default();
                            browser::focus(&target);
                        },
                    ))
                    .done()
            }))))
            .done()
    })
}
