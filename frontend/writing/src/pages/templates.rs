//! Templates: announcements to start from.

use crate::reactive::{AnyView, RwSignal};
use domain::vacancy::api::Template;

use crate::{
    api, browser,
    dom::{div, el, live_text},
    nav::link,
    router::{Place, Route},
    state::app,
    text::t,
    ui::{
        self,
        load::{Loading, empty, load},
        page::page as frame,
        sheet,
        table::table,
    },
};

const HEADS: &[&str] = &["templates.name", "templates.position", "templates.what"];

/// The page.
pub fn page() -> AnyView {
    let all = load::<Vec<Template>>("templates");
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(None::<Template>);
    frame("nav.templates", None)
        .child(all.view(move |list| {
            if list.is_empty() {
                let to = link(Route::Vacancies).class("button second").t("nav.vacancies");
                return empty("templates.none", Some(to));
            }
            let rows = list.into_iter().map(|one| {
                let (position, of) = (one.content.position.clone(), one.clone());
                let start = Place::from(Route::NewVacancy)
                    .with("template", &one.id)
                    .with("organisation", &one.organisation);
                vec![
                    el("strong").child(one.name).done(),
                    live_text(move || app().name_of("position", &position)),
                    div("buttons-more")
                        .child(link(start).class("button quiet").t("templates.use"))
                        .child(ui::button("button quiet", "templates.delete", move |_| {
                            chosen.set(Some(of.clone()));
                            open.set(true);
                        }))
                        .done(),
                ]
            });
            table("nav.templates", HEADS, rows).done()
        }))
        .child(sheet::sheet(open, "templates.delete", move || delete(chosen, all)))
        .done()
}

fn delete(chosen: RwSignal<Option<Template>>, all: Loading<Vec<Template>>) -> AnyView {
    let Some(template) = chosen.get_untracked() else { return crate::dom::nothing() };
    let id = template.id;
    let act = move |_| {
        let path = format!("templates/{id}");
        api::run(async move {
            match api::call("DELETE", path).once(browser::uuid()).send().await {
                Ok(_) => {
                    sheet::close();
                    app().say(t("templates.deleted"), false);
                    all.again();
                }
                Err(problem) => app().say(problem.words(), true),
            }
        });
    };
    div("form")
        .child(el("p").child(el("strong").child(template.name)))
        .child(el("p").t("templates.delete_text"))
        .child(div("buttons").child(ui::button("button danger", "templates.delete", act)))
        .done()
}
