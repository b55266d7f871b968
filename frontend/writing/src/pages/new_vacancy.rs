//! Opens a draft: for which organisation, empty or from a template.

use std::rc::Rc;

use crate::reactive::{AnyView, RwSignal};
use domain::vacancy::api::{CabinetVacancy, Create, Template};

use crate::{
    api,
    dom::{div, el, live, nothing},
    nav,
    router::Route,
    state::app,
    text::t,
    ui::{
        errors::{self, summary},
        field::{Options, field},
        load::load,
        organisation::organisation_field,
        page::page_with,
    },
};

/// The page.
pub fn page() -> AnyView {
    let wrong = errors::errors();
    let place = app().place.get_untracked();
    let organisation = RwSignal::new(place.get("organisation").to_owned());
    let template = RwSignal::new(place.get("template").to_owned());
    let templates = load::<Vec<Template>>("templates");
    let busy = RwSignal::new(false);
    let attempt = RwSignal::new(api::Attempt::default());
    let create = move |event: web_sys::Event| {
        event.prevent_default();
        if organisation.with_untracked(String::is_empty) {
            let detail = t("need.organisation").to_owned();
            wrong.set(vec![api::FieldProblem { field: "organisation".into(), detail }]);
            nav::focus_soon("errors");
            return;
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let body = Create {
            organisation: organisation.get_untracked(),
            template: Some(template.get_untracked()).filter(|id| !id.is_empty()),
            ..Create::default()
        };
        api::run(async move {
            let call = api::call("POST", "vacancies").body(&body);
            let answer = attempt.with_untracked(|attempt| call.tried(attempt));
            match answer.json::<CabinetVacancy>().await {
                Ok(new) => nav::go(Route::Edit(new.id, "post".into())),
                Err(problem) => {
                    let _ = busy.try_set(false);
                    errors::show(&problem, wrong);
                }
            }
        });
    };
    let all = move || templates.get().map(|all| all.to_vec()).unwrap_or_default();
    let options: Options = Rc::new(move || {
        let mut out = vec![(String::new(), t("new.empty").to_owned())];
        out.extend(all().into_iter().map(|one| (one.id, one.name)));
        out
    });
    page_with(|| t("new.title").to_owned(), Some(Route::Vacancies), None)
        .child(summary(wrong))
        .child(
            el("form")
                .attr("novalidate", "")
                .on("submit", create)
                .child(organisation_field("organisation", "form.choose", organisation, wrong))
                .child(live(move || {
                    if all().is_empty() {
                        return nothing();
                    }
                    let options = Rc::clone(&options);
                    field("template", "new.template", wrong).select(options, template).done()
                }))
                .child(
                    div("buttons").child(
                        el("button")
                            .attr("type", "submit")
                            .class("button")
                            .flag("disabled", move || busy.get())
                            .t("new.create"),
                    ),
                ),
        )
        .done()
}
