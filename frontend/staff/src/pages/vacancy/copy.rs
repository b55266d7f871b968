//! A copy of a vacancy, and a template of it.

use crate::reactive::{AnyView, RwSignal};
use domain::vacancy::api::{CabinetVacancy, Create, Template, TemplateCreate};

use crate::{
    api, browser,
    dom::{El, div, el},
    nav,
    router::Route,
    state::app,
    text::t,
    ui::{
        self,
        errors::{self, summary},
        field::field,
        sheet,
    },
};

/// Both buttons, for those who may write.
pub fn view(now: &CabinetVacancy) -> El {
    if !app().may(domain::account::permission::Permission::VacancyEdit) {
        return div("none");
    }
    let open = RwSignal::new(false);
    let (for_copy, for_template) = (now.clone(), now.clone());
    div("buttons-more")
        .child(ui::button("button quiet", "vacancy.copy", move |_| copy(&for_copy)))
        .child(ui::button("button quiet", "vacancy.to_template", move |_| open.set(true)))
        .child(sheet::sheet(open, "vacancy.to_template", move || template(&for_template)))
}

fn copy(of: &CabinetVacancy) {
    let body = Create {
        organisation: of.organisation.id.clone(),
        copy_of: Some(of.id.clone()),
        ..Create::default()
    };
    api::run(async move {
        let key = browser::uuid();
        match api::call("POST", "vacancies").once(key).body(&body).json::<CabinetVacancy>().await {
            Ok(new) => {
                app().say(t("vacancy.copied"), false);
                nav::go(Route::Edit(new.id, String::new()));
            }
            Err(problem) => app().say(problem.words(), true),
        }
    });
}

fn template(of: &CabinetVacancy) -> AnyView {
    let name = RwSignal::new(of.title.get(app().lang.get_untracked()).to_owned());
    let wrong = errors::errors();
    let of = of.clone();
    let key = browser::uuid();
    let save = move |event: web_sys::Event| {
        event.prevent_default();
        let body = TemplateCreate {
            organisation: of.organisation.id.clone(),
            name: name.get_untracked(),
            content: of.content.clone(),
        };
        let key = key.clone();
        api::run(async move {
            match api::call("POST", "templates").once(key).body(&body).json::<Template>().await {
                Ok(_) => {
                    sheet::close();
                    app().say(t("templates.saved"), false);
                }
                Err(problem) => errors::show(&problem, wrong),
            }
        });
    };
    el("form")
        .on("submit", save)
        .child(summary(wrong))
        .child(field("name", "templates.name", wrong).input("text", name))
        .child(
            div("buttons")
                .child(el("button").attr("type", "submit").class("button").t("templates.save")),
        )
        .done()
}
